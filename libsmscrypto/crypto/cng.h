/* cng.h - what a CNG private key is once its DPAPI blob is open [capi-dpapi 3]. */
#ifndef SMSC_CRYPTO_CNG_H
#define SMSC_CRYPTO_CNG_H

#include <stdbool.h>

#include "../smscrypto.h"
#include "key_state.h"

typedef struct smsc_cng {
	const char *algorithm;  /* "RSA", "ECDSA", "ECDH", "symmetric" */
	unsigned    bits;
	smsc_span   key;        /* the bytes of a symmetric key, within the plaintext; else empty */
} smsc_cng;

/* What both DPAPI blobs of a CNG key file are protected with besides the master key. */
extern const smsc_span smsc_cng_key_entropy, smsc_cng_properties_entropy;

/* The BCRYPT blob of a private or symmetric key.  False when it is none that is known. */
bool smsc_cng_read(smsc_span plain, smsc_cng *out);

/* RSA as smsc_rsa_check(); on an elliptic curve d*G = Q.  `public_blob` is the public key in the
 * clear, as BCryptExportKey writes it; empty: only the key itself.  Of a symmetric key there is
 * nothing to check: it is verified by the signature of its DPAPI blob. */
smsc_key_state smsc_cng_check(smsc_span plain, smsc_span public_blob);

#endif
