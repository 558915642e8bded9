/* public_key.h - a public key out of the fields of a record. */
#ifndef SMSC_ANALYSIS_PUBLIC_KEY_H
#define SMSC_ANALYSIS_PUBLIC_KEY_H

#include "../base/buf.h"
#include "../crypto/spki.h"
#include "../format/record.h"

/* `public` holds modulus and exponent, or p, q, g and y, as the decoders name them: 1, or 0
 * when it does not, or not all of it; -1 without memory. */
int  smsc_public_key_print(const smsc_record *public, smsc_fingerprint *out);
/* "RSA" or "DSS"; "" when it is neither. */
const char *smsc_public_key_algorithm(const smsc_record *public);
/* Appends the PUBLICKEYBLOB of wincrypt.h for the use AT_SIGNATURE or AT_KEYEXCHANGE. */
void smsc_public_key_blob(smsc_buf *out, const smsc_record *public, bool signature);

/* Value of a number field; `otherwise` when there is none. */
int64_t     smsc_record_number(const smsc_record *r, const char *name, int64_t otherwise);
/* Text of a text field, or NULL. */
const char *smsc_record_text(const smsc_record *r, const char *name);
/* Bytes of a bytes field; empty when there is none. */
smsc_span   smsc_record_span(const smsc_record *r, const char *name);
/* The record in a field, or NULL. */
smsc_record *smsc_record_part(const smsc_record *r, const char *name);

#endif
