/* cert_blob.h - the elements that certificate stores are made of. */
#ifndef SMSC_FORMAT_CERT_BLOB_H
#define SMSC_FORMAT_CERT_BLOB_H

#include "record.h"

enum {
	SMSC_CERT_KEY = 2, SMSC_CERT_SHA1 = 3, SMSC_CERT_MD5 = 4, SMSC_CERT_FRIENDLY = 11,
	SMSC_CERT_SIGNATURE_HASH = 15, SMSC_CERT_ARCHIVED = 19, SMSC_CERT_KEY_ID = 20,
	SMSC_CERT_ISSUER_KEY_MD5 = 24, SMSC_CERT_SUBJECT_KEY_MD5 = 25, SMSC_CERT_DATE = 27,
	SMSC_CERT_ISSUER_SERIAL_MD5 = 28, SMSC_CERT_SUBJECT_MD5 = 29,
	SMSC_CERT_CERTIFICATE = 32, SMSC_CERT_CRL = 33, SMSC_CERT_CTL = 34
};

#define SMSC_CERT_HEAD 12         /* id, encoding, size */
#define SMSC_CERT_ELEMENTS 20000  /* of one stream that are read */

/* Is this the id of a certificate, a CRL or a CTL, the last element of its entry? */
static inline bool smsc_cert_is_object(uint32_t id)
{
	return id >= SMSC_CERT_CERTIFICATE && id <= SMSC_CERT_CTL;
}

/* The element at the cursor, as a record named for its id, which is returned. */
uint32_t smsc_cert_element(smsc_record *r, smsc_cur *c);
/* How sure that elements stand here: how many are well formed and known up to the end of
 * `in`, of which more may follow; `whole`: they end where it ends, with an object. */
unsigned smsc_cert_count(smsc_span in, bool *whole);

#endif
