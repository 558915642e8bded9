/* pkcs8.h - PrivateKeyInfo and its encrypted form (RFC 5208, RFC 8018). */
#ifndef SMSC_CRYPTO_PKCS8_H
#define SMSC_CRYPTO_PKCS8_H

#include "der.h"
#include "export.h"

/* Bytes that are more than enough for the key and its wrappings. */
size_t smsc_pkcs8_room(const smsc_private_key *k);
/* `with_usage`: with the attribute that tells Windows what the key is for. */
void smsc_pkcs8_put(smsc_der *d, const smsc_private_key *k, bool with_usage);
/* EncryptedPrivateKeyInfo by PBES2. */
void smsc_pkcs8_put_encrypted(smsc_der *d, const smsc_private_key *k, smsc_span passphrase);

#endif
