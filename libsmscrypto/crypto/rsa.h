/* rsa.h - is this RSA private key whole, and does it fit that public key? */
#ifndef SMSC_CRYPTO_RSA_H
#define SMSC_CRYPTO_RSA_H

#include <stdbool.h>
#include <stdint.h>

#include "../base/secret.h"
#include "../smscrypto.h"
#include "key_state.h"

/* Numbers of a private key, little-endian, within the secret they were read from. */
typedef struct smsc_rsa {
	unsigned  bits;
	uint32_t  exponent;
	smsc_span n, p, q, dp, dq, qinv, d;
} smsc_rsa;

/* The BSAFE structure of a container ("RSA2", padded fields, a tail that is ignored)
 * [capi-dpapi 2.5].  False when it is none. */
bool smsc_rsa_of_bsafe(smsc_span plain, smsc_rsa *out);
/* A PRIVATEKEYBLOB (wincrypt.h). */
bool smsc_rsa_of_blob(smsc_span blob, smsc_rsa *out);
/* A CNG private key ("RSA2": big-endian e, n, p, q; "RSA3" has the other numbers as well) into
 * `room`, which the spans point into and the caller frees.  What "RSA2" leaves out is computed.
 * 1; 0 when it is none, -1 without memory, and then there is no room. */
int smsc_rsa_of_bcrypt(smsc_span plain, smsc_rsa *out, smsc_secret **room);

/* p*q = n, e*d = 1, the CRT parts are right, a number encrypted comes back, and n and e are
 * those of the public key.  `public_n` is little-endian and may be padded with zeros; empty:
 * only the key itself. */
smsc_key_state smsc_rsa_check(const smsc_rsa *k, smsc_span public_n, uint32_t public_e);
/* in^d mod n, both little-endian; `out` has room for k->n.size bytes.  1; 0 when the key is
 * damaged, -1 without memory. */
int  smsc_rsa_decrypt(const smsc_rsa *k, smsc_span in, uint8_t *out);

#endif
