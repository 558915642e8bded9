/* trust_value.h - what names a public key, as a record of its own within the record of the
 * evidence: format "public-key" (a PUBLICKEYBLOB), "certificate" or "thumbprint".  Its role
 * says what it is for whoever wrote it down.
 */
#ifndef SMSC_FORMAT_TRUST_VALUE_H
#define SMSC_FORMAT_TRUST_VALUE_H

#include "asn1.h"
#include "plain.h"

#define SMSC_ROLE_ROOT_KEY       "trusted-root-key"
#define SMSC_ROLE_MP             "mp-certificate"
#define SMSC_ROLE_MP_ENCRYPTION  "mp-encryption-certificate"
#define SMSC_ROLE_SITE_SIGNING   "site-signing-certificate"
#define SMSC_ROLE_RECIPIENT      "message-recipient"
#define SMSC_ROLE_CLIENT         "client-certificate"
#define SMSC_ROLE_SITE_KEY       "site-public-key"
#define SMSC_ROLE_CERTIFICATE    "certificate"
#define SMSC_ROLE_KEY            "public-key"

/* An RSA PUBLICKEYBLOB. */
typedef struct smsc_public_blob {
	uint32_t  algorithm, bits, exponent;
	smsc_span modulus;
	size_t    size;          /* of the whole blob */
} smsc_public_blob;

/* The head of one at the front of `in`; the modulus is cut to what is there. */
bool smsc_public_blob_read(smsc_span in, smsc_public_blob *out);

/* Bytes that were made of others - digits, mostly: they have a place, but no bytes of their own. */
void smsc_put_derived(smsc_record *r, const char *name, const char *meaning, smsc_span bytes, uint64_t at);
void smsc_put_derived_text(smsc_record *r, const char *name, const char *meaning, const char *text,
                           uint64_t at);
/* A DER Name as bytes, and as text under `text_name`. */
void smsc_put_derived_name(smsc_record *r, const char *name, const char *text_name,
                           const char *meaning, smsc_span der, uint64_t at);

/* `bytes` begin with a PUBLICKEYBLOB or a certificate, which stands, in whatever form, in `extent`
 * bytes at `at`.  What is neither is put as bytes, with D004.  NULL then. */
smsc_record *smsc_put_trust(smsc_record *r, const char *name, const char *meaning, const char *role,
                            smsc_span bytes, uint64_t at, uint64_t extent);
/* The same of hexadecimal digits.  An empty text puts nothing. */
smsc_record *smsc_put_trust_hex(smsc_record *r, const char *name, const char *meaning,
                                const char *role, const smsc_plain *p, size_t from, size_t to);
/* 40 hexadecimal digits: the SHA-1 of a certificate. */
smsc_record *smsc_put_thumbprint(smsc_record *r, const char *name, const char *meaning,
                                 const char *role, const smsc_plain *p, size_t from, size_t to);

#endif
