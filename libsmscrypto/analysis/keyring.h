/* keyring.h - every pre-key known, every master key of the evidence, and which opens which. */
#ifndef SMSC_ANALYSIS_KEYRING_H
#define SMSC_ANALYSIS_KEYRING_H

#include "../crypto/dpapi.h"
#include "../format/record.h"
#include "unlock.h"

typedef struct smsc_keyring smsc_keyring;

smsc_keyring *smsc_keyring_new(void);
/* Wipes all. */
void smsc_keyring_free(smsc_keyring *ring);

/* All pre-keys come before the first master key.  Each is false without memory. */
bool smsc_keyring_add_prekey(smsc_keyring *ring, smsc_span prekey);
bool smsc_keyring_add_given(smsc_keyring *ring, const smsc_given *given);
/* Tries to open the key in a decoded master-key file; a key that was opened before, or given,
 * is not tried again. */
bool smsc_keyring_add_master(smsc_keyring *ring, const smsc_record *record);

/* SHA-1 of the master key of that GUID, which is all that blobs need; empty and `why` when it
 * is not there or did not open. */
smsc_span smsc_keyring_master(const smsc_keyring *ring, const char *guid, smsc_why why);

#endif
