/* metabase.h - which keys made the protected values of an IIS metabase [registry-certs 4]. */
#ifndef SMSC_CRYPTO_METABASE_H
#define SMSC_CRYPTO_METABASE_H

#include "hash.h"
#include "rsa.h"

/* Each is 1 for yes, 0 for no, and -1 without memory.
 *
 * Did the private half of this RSA key sign?  Then `md5` is the digest that it signed.  No
 * secret is needed: sign^e mod n has 48 bytes that are always the same (of 512 bits), which
 * no other key gives.  All little-endian. */
int smsc_metabase_signed(smsc_span modulus, uint32_t exponent, smsc_span sign, uint8_t md5[SMSC_MD5_SIZE]);

/* The session key in the RSA block of a SIMPLEBLOB, when it is that of which `md5` is the
 * digest: then the caller frees it. */
int smsc_metabase_unwrap(const smsc_rsa *exchange, smsc_span block, const uint8_t md5[SMSC_MD5_SIZE],
                          smsc_secret **key);

/* Does the session key open `data`?  Clear values begin with four zero bytes, and `md5` is the
 * digest that their signature has. */
int smsc_metabase_opens(smsc_span session_key, smsc_span data, const uint8_t md5[SMSC_MD5_SIZE]);

#endif
