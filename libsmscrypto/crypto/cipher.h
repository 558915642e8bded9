/* cipher.h - Windows algorithm ids to OpenSSL's ciphers. */
#ifndef SMSC_CRYPTO_CIPHER_H
#define SMSC_CRYPTO_CIPHER_H

#include <stdbool.h>
#include <stdint.h>

#include "../smscrypto.h"

typedef struct smsc_cipher {
	uint32_t    algid;    /* CALG_...                                         */
	const char *name;     /* OpenSSL's                                        */
	size_t      key;      /* bytes; 0: as the evidence says (RC4)             */
	size_t      block;    /* bytes; 1: a stream                               */
	bool        legacy;   /* lives in OpenSSL's legacy provider               */
} smsc_cipher;

/* NULL when the id is none of ours. */
const smsc_cipher *smsc_cipher_of(uint32_t algid);
/* A cipher that no ALG_ID of DPAPI names but LSA secrets need: "DES-ECB", "AES-256-ECB", "RC4". */
const smsc_cipher *smsc_cipher_named(const char *name);

/* Decrypts `in` (whole blocks) into `out`, which has room for as many bytes; no padding is
 * taken off.  `iv` NULL is all zeros.  NULL, or why not: a literal for people. */
const char *smsc_cipher_decrypt(const smsc_cipher *c, smsc_span key, const uint8_t *iv,
                                smsc_span in, uint8_t *out);
/* The other way; adds no padding. */
const char *smsc_cipher_encrypt(const smsc_cipher *c, smsc_span key, const uint8_t *iv,
                                smsc_span in, uint8_t *out);

#endif
