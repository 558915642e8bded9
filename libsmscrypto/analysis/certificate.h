/* certificate.h - the certificates of a case: out of the registry, file stores, serialized
 * stores and loose files; each once, with all its places, linked to the keys it is about. */
#ifndef SMSC_ANALYSIS_CERTIFICATE_H
#define SMSC_ANALYSIS_CERTIFICATE_H

#include "../format/record.h"
#include "case.h"

/* Where a record's certificates were found. */
typedef struct smsc_certificate_found {
	const smsc_snapshot *snapshot;
	const char *path, *store;
	bool        machine;
	uint64_t    at;                /* of the record's first byte in `path` */
} smsc_certificate_found;

/* Takes the certificates of `bytes`, decoded as `r`.  False without memory. */
bool smsc_certificates_of_record(smsc_case *c, const smsc_certificate_found *where, const smsc_record *r,
                                 smsc_span bytes);
/* The form of an entry whose bytes were seen before, or NULL. */
const smsc_certificate_form *smsc_certificate_seen(const smsc_case *c, const uint8_t content[SMSC_SHA256_SIZE]);
/* One more place of a form.  False without memory. */
bool smsc_certificate_place_add(smsc_case *c, const smsc_certificate_found *where,
                                const smsc_certificate_form *form);

/* A hive with stores of its own that is not one of the machine's (machine.h)? */
bool smsc_certificate_wants(smsc_span head, const char *path);
/* Takes the certificates of a hive.  0, or -1. */
int  smsc_certificates_read_hive(smsc_case *c, const smsc_snapshot *s, const char *path, smsc_span bytes,
                                 smsc_error **err);
/* Takes those of a decoded file.  False without memory. */
bool smsc_certificates_read_file(smsc_case *c, const smsc_snapshot *s, const smsc_record *r, smsc_span bytes);

/* Sorts places and certificates, and links them to the generations.  0, or -1. */
int  smsc_case_certificates(smsc_case *c, smsc_error **err);
void smsc_certificate_events(smsc_case *c);
/* K006. */
void smsc_certificate_rules(smsc_case *c);

#endif
