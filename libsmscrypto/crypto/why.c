/* why.c - why a secret or a key does not open. */
#include "why.h"

#include <stdio.h>
#include <string.h>

const char smsc_no_memory[] = "no memory";

smsc_secret *smsc_because(smsc_why why, const char *reason)
{
	snprintf(why, SMSC_WHY, "%s", reason);
	return NULL;
}

bool smsc_ran_out(const char *why)
{
	return !strcmp(why, smsc_no_memory);
}
