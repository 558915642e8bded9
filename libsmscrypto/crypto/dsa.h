/* dsa.h - is this DSS private key the one of that public key? */
#ifndef SMSC_CRYPTO_DSA_H
#define SMSC_CRYPTO_DSA_H

#include <stdbool.h>

#include "../smscrypto.h"
#include "key_state.h"

/* Little-endian, within what they were read from. */
typedef struct smsc_dsa {
	unsigned  bits;
	smsc_span p, q, g, y, x;
} smsc_dsa;

/* The two halves of a pair in a DSS container: the public part is a PRIVATEKEYBLOB of version
 * 3 that ends before x, and the private blob holds the bare x [capi-dpapi 2.7, one source].
 * False when they are none. */
bool smsc_dsa_of_container(smsc_span public_part, smsc_span plain, smsc_dsa *out);

/* 0 < x < q, g^q = 1 and y = g^x mod p.  A wrong x and an x of another key look alike:
 * SMSC_KEY_MISMATCH. */
smsc_key_state smsc_dsa_check(const smsc_dsa *k);

#endif
