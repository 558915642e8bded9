/* export.h - a private key in the forms that other programs read.
 *
 * What comes out is a secret that the caller frees, NULL with the reason in `why`.  Where a
 * passphrase is taken, one without data (NULL) means in the clear; an empty one is refused.
 */
#ifndef SMSC_CRYPTO_EXPORT_H
#define SMSC_CRYPTO_EXPORT_H

#include <stdbool.h>

#include "dpapi.h"
#include "dsa.h"
#include "rsa.h"

typedef struct smsc_private_key {
	const smsc_rsa *rsa;  /* one of the two */
	const smsc_dsa *dsa;
	bool exchange;        /* AT_KEYEXCHANGE, else AT_SIGNATURE */
} smsc_private_key;

/* PKCS #8: "PRIVATE KEY", or "ENCRYPTED PRIVATE KEY" by PBES2 with PBKDF2-HMAC-SHA256 and
 * AES-256-CBC. */
smsc_secret *smsc_export_pem(const smsc_private_key *k, smsc_span passphrase, smsc_why why);
/* PRIVATEKEYBLOB (wincrypt.h), always in the clear. */
smsc_secret *smsc_export_blob(const smsc_private_key *k, smsc_why why);
/* PVK; with a passphrase RC4 of 128 bits, which is all that the format has. */
smsc_secret *smsc_export_pvk(const smsc_private_key *k, smsc_span passphrase, smsc_why why);
/* PKCS #12 with the certificate (DER) that belongs to the key, as Windows 2000 reads it:
 * triple DES and SHA-1.  Always with a passphrase, in UTF-8. */
smsc_secret *smsc_export_pfx(const smsc_private_key *k, smsc_span certificate, smsc_span passphrase,
                             smsc_why why);

#endif
