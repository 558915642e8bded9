/* lsa.h - boot key, LSA key and LSA secrets [capi-dpapi 6, registry-certs 2.9]. */
#ifndef SMSC_CRYPTO_LSA_H
#define SMSC_CRYPTO_LSA_H

#include "dpapi.h"

/* The boot key out of the class names of JD, Skew1, GBG and Data, put one after the other:
 * 32 hex digits in UTF-16LE (64 bytes).  NULL when they are none. */
smsc_secret *smsc_boot_key(smsc_span classes, smsc_why why);
/* The LSA key out of Policy\PolSecretEncryptionKey (NT 5) or Policy\PolEKList (NT 6). */
smsc_secret *smsc_lsa_key_nt5(smsc_span value, const smsc_secret *boot_key, smsc_why why);
smsc_secret *smsc_lsa_key_nt6(smsc_span value, const smsc_secret *boot_key, smsc_why why);
/* A secret's data out of its CurrVal or OldVal. */
smsc_secret *smsc_lsa_secret_nt5(smsc_span value, const smsc_secret *lsa_key, smsc_why why);
smsc_secret *smsc_lsa_secret_nt6(smsc_span value, const smsc_secret *lsa_key, smsc_why why);

#endif
