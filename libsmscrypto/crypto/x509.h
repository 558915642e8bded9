/* x509.h - what a certificate says, by OpenSSL.  Nothing here is a decision of trust: evidence
 * is described, also when it is expired, weak, forged or nonsense. */
#ifndef SMSC_CRYPTO_X509_H
#define SMSC_CRYPTO_X509_H

#include <stdbool.h>
#include <stdint.h>

#include "../base/arena.h"
#include "../smscrypto.h"
#include "spki.h"

/* Longer ones are not looked into: no store has them. */
#define SMSC_X509_MAX (64u << 10)

typedef struct smsc_x509_facts {
	const char *subject, *issuer;  /* "CN=SMS, CN=SERVER", the last part first; "" when not readable */
	const char *serial;            /* lower-case hex */
	smsc_time   not_before, not_after; /* SMSC_NEVER: not from 1601 to 9999 */
	const char *algorithm;         /* of the key: "RSA"; "" when OpenSSL cannot use it */
	unsigned    bits;
	const char *signed_with;       /* "sha1WithRSAEncryption", or an OID */
	const char *usages;            /* OIDs of the extended key usage, ", " between; "" */
	int         self_signed;       /* 1: by the key in it; 0: not; -1: names say so, not checked */
	smsc_fingerprint print;        /* of the SubjectPublicKeyInfo */
	smsc_span   serial_bytes;      /* content of the INTEGER, as it stands */
	smsc_span   subject_der, issuer_der;
	smsc_span   key_id;            /* extension subject key identifier; empty: none */
	smsc_span   key_bits;          /* content of the BIT STRING in SubjectPublicKeyInfo */
	smsc_span   spki;              /* DER of the SubjectPublicKeyInfo */
	uint8_t     sha1[SMSC_SHA1_SIZE];
} smsc_x509_facts;

/* 1; 0 when OpenSSL reads no certificate at the beginning of `der`; -1 without memory.  All of
 * `out` is in the arena.  Bytes behind the certificate are left alone; `size` is without them. */
int  smsc_x509_read(smsc_arena *arena, smsc_span der, smsc_x509_facts *out, size_t *size);
/* Is `hash` one of `in`?  By its size: MD5, SHA-1 or one of SHA-2. */
bool smsc_x509_is_hash(smsc_span in, smsc_span hash);
/* Appends the DER in a PEM block, from its BEGIN to its END; what is no base64 ends it. */
void smsc_x509_of_pem(smsc_span block, smsc_buf *der);

#endif
