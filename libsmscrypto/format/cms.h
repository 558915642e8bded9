/* cms.h - an encrypted message: for whom, how, and the bytes (RFC 5652, EnvelopedData). */
#ifndef SMSC_FORMAT_CMS_H
#define SMSC_FORMAT_CMS_H

#include "asn1.h"
#include "record.h"

/* True when an EnvelopedData begins here. */
bool smsc_cms_starts(smsc_span in);
/* Where the first one begins in `in`; SIZE_MAX: none. */
size_t smsc_cms_find(smsc_span in);
/* Puts its parts into `r`.  `in` stands at byte `at` of the stream, or, when it was made of other
 * bytes (`derived`), has no bytes of its own there. */
void smsc_cms_put(smsc_record *r, smsc_span in, uint64_t at, bool derived);

#endif
