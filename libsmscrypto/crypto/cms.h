/* cms.h - the content of an encrypted message, with the private key of a recipient. */
#ifndef SMSC_CRYPTO_CMS_H
#define SMSC_CRYPTO_CMS_H

#include "dpapi.h"
#include "rsa.h"

typedef struct smsc_envelope {
	const char *key_algorithm, *content_algorithm; /* OIDs */
	smsc_span   encrypted_key;                     /* high byte first */
	smsc_span   iv, content;
	int64_t     rc2_version;                       /* -1: none */
} smsc_envelope;

/* RSA PKCS #1 v1.5, then 3DES, RC2, DES or AES in CBC mode.  NULL and `why`; a padding that is not
 * right says only that, and not which of the two it was: then the key is not the message's. */
smsc_secret *smsc_envelope_open(const smsc_envelope *e, const smsc_rsa *key, smsc_why why);

#endif
