/* signed.h - did this public key sign that digest? */
#ifndef SMSC_CRYPTO_SIGNED_H
#define SMSC_CRYPTO_SIGNED_H

#include <stdint.h>

#include "../smscrypto.h"

/* signature^exponent mod modulus, which are little-endian, into `out`, its high byte first, of as
 * many bytes.  Each here is 1 for yes, 0 for no, and -1 without memory. */
int smsc_rsa_recover(smsc_span modulus, uint32_t exponent, smsc_span signature, uint8_t *out);
/* RSASSA-PKCS1-v1_5 as CryptSignHash makes it: key and signature are little-endian.  `digest` is
 * a SHA-1; it may stand in the signature with the name of its algorithm, or bare
 * (CRYPT_NOHASHOID). */
int smsc_rsa_signed(smsc_span modulus, uint32_t exponent, smsc_span signature, smsc_span digest);

#endif
