/* certificate_facts.h - what a certificate says, as derived fields of its record. */
#ifndef SMSC_ANALYSIS_CERTIFICATE_FACTS_H
#define SMSC_ANALYSIS_CERTIFICATE_FACTS_H

#include "../crypto/x509.h"
#include "../format/record.h"

/* Fills in every certificate of a decoded x509, cert-blob or cert-store, and checks the
 * properties that can be computed again. */
void smsc_certificate_facts(smsc_record *r, smsc_span in);

/* The certificates of such a record, with its properties where it has some. */
typedef struct smsc_certificate_part {
	const smsc_record *properties;  /* the record of the elements, or NULL */
	smsc_span whole;                /* the certificate with its properties */
	smsc_span der;                  /* within `in`, or in the record's arena (PEM) */
	uint64_t  at;                   /* where it begins in `in` */
} smsc_certificate_part;
typedef bool smsc_certificate_part_fn(void *user, const smsc_certificate_part *part);
/* Calls `fn` for each until it returns false; false when stopped. */
bool smsc_certificate_parts(const smsc_record *r, smsc_span in, smsc_certificate_part_fn *fn, void *user);

#endif
