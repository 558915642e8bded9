/* why.h - why a secret or a key does not open: one reason for people.
 *
 * That memory ran out says nothing of the evidence: who calls must not take it for an answer.
 */
#ifndef SMSC_CRYPTO_WHY_H
#define SMSC_CRYPTO_WHY_H

#include <stdbool.h>

#include "../base/secret.h"

#define SMSC_WHY 160  /* bytes of a reason with NUL */
typedef char smsc_why[SMSC_WHY];

extern const char smsc_no_memory[];

/* NULL, for what returns a secret. */
smsc_secret *smsc_because(smsc_why why, const char *reason);
/* Is "no memory" the reason? */
bool smsc_ran_out(const char *why);

#endif
