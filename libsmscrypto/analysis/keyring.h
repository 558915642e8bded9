/* keyring.h - every pre-key known, every master key of the evidence, and which opens which. */
#ifndef SMSC_ANALYSIS_KEYRING_H
#define SMSC_ANALYSIS_KEYRING_H

#include "../crypto/dpapi.h"
#include "../format/record.h"
#include "unlock.h"

typedef struct smsc_keyring smsc_keyring;

/* `max_rounds` of one derivation; all of them together may take KEYRING_WORK times as many, so
 * that files made to hang the analysis do not. */
enum { SMSC_KEYRING_WORK = 64 };
smsc_keyring *smsc_keyring_new(uint32_t max_rounds);
/* Wipes all. */
void smsc_keyring_free(smsc_keyring *ring);

/* Pre-keys and what was given come before the master keys.  Each is false without memory. */
bool smsc_keyring_add_prekey(smsc_keyring *ring, const uint8_t prekey[20]);
bool smsc_keyring_add_given(smsc_keyring *ring, const smsc_given *given);
/* Why the evidence gave no DPAPI_SYSTEM: the first such reason is part of the master keys'. */
bool smsc_keyring_lacks(smsc_keyring *ring, const char *why);
/* Opens what can be opened of the master-key files among these records, those with the fewest
 * rounds first.  0, or -1: no memory, or cancelled. */
int  smsc_keyring_open(smsc_keyring *ring, smsc_record *const *records, size_t count,
                       smsc_progress *progress, smsc_error **err);

/* SHA-1 of the master key of that GUID, which is all that blobs need; empty and `why` when it
 * is not there or did not open.  `proved`: its tag was right; else the caller gave it. */
smsc_span smsc_keyring_master(const smsc_keyring *ring, const char *guid, bool *proved, smsc_why why);

#endif
