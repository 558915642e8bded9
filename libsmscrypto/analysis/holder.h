/* holder.h - the keys of all generations by their digest: who has this one? */
#ifndef SMSC_ANALYSIS_HOLDER_H
#define SMSC_ANALYSIS_HOLDER_H

#include "case.h"

/* The keys of one digest, by container, number and use. */
typedef struct smsc_holders {
	const smsc_key_holder *at;
	size_t count;
} smsc_holders;

/* Lists them in the case.  False without memory. */
bool smsc_holders_list(smsc_case *c);
/* All that have the key with this SHA-256 of its SubjectPublicKeyInfo. */
smsc_holders smsc_holders_of(const smsc_case *c, const uint8_t sha256[SMSC_SHA256_SIZE]);
const smsc_key *smsc_holder_key(const smsc_key_holder *h);

#endif
