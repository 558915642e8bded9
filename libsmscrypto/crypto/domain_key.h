/* domain_key.h - a domain user's master key by way of the domain's RSA backup key
 * [capi-dpapi 5.6; MS-BKRP 2.2.2]. */
#ifndef SMSC_CRYPTO_DOMAIN_KEY_H
#define SMSC_CRYPTO_DOMAIN_KEY_H

#include "dpapi.h"
#include "rsa.h"

/* The private backup key: a PVK file without password, the value of the LSA secret
 * G$BCKUPKEY_<GUID> of a domain controller, or a bare PRIVATEKEYBLOB.  The numbers lie within
 * `given`. */
bool smsc_backup_key_read(smsc_span given, smsc_rsa *out, smsc_why why);

/* The domain slot of a master-key file. */
typedef struct smsc_domain_slot {
	uint32_t  version;
	smsc_span secret, access;
} smsc_domain_slot;

/* The master key (64 bytes), when the backup key opens the slot and the access check in it is
 * right: its digest is what tells a damaged slot. */
smsc_secret *smsc_domain_slot_open(const smsc_domain_slot *slot, const smsc_rsa *backup, smsc_why why);

#endif
