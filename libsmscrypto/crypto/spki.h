/* spki.h - the one name a public key has here: the digests of its SubjectPublicKeyInfo. */
#ifndef SMSC_CRYPTO_SPKI_H
#define SMSC_CRYPTO_SPKI_H

#include <stdbool.h>
#include <stdint.h>

#include "../base/buf.h"
#include "../smscrypto.h"
#include "hash.h"

typedef struct smsc_fingerprint {
	uint8_t sha256[SMSC_SHA256_SIZE];
	uint8_t sha1[SMSC_SHA1_SIZE];
} smsc_fingerprint;

/* Appends the DER of SubjectPublicKeyInfo (RFC 3279).  Numbers are little-endian as CryptoAPI
 * keeps them; zero bytes at their high end do not matter. */
void smsc_spki_rsa(smsc_buf *der, smsc_span modulus, uint32_t exponent);
void smsc_spki_dsa(smsc_buf *der, smsc_span p, smsc_span q, smsc_span g, smsc_span y);

/* False without memory or when OpenSSL refuses. */
bool smsc_spki_fingerprint(const smsc_buf *der, smsc_fingerprint *out);
/* The identifier that certificates usually give an RSA key: SHA-1 of its bits (RFC 5280,
 * 4.2.1.2).  False likewise. */
bool smsc_spki_rsa_key_id(smsc_span modulus, uint32_t exponent, uint8_t out[SMSC_SHA1_SIZE]);

#endif
