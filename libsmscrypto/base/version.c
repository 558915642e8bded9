/* version.c - the version that is running, not the one compiled against. */
#include "../smscrypto.h"

#define TEXT_OF(n) TEXT(n)
#define TEXT(n) #n

const char *smsc_version(void)
{
	return TEXT_OF(SMSC_VERSION_MAJOR) "." TEXT_OF(SMSC_VERSION_MINOR) "."
	       TEXT_OF(SMSC_VERSION_PATCH);
}
