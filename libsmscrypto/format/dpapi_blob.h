/* dpapi_blob.h - DPAPI blobs, also within containers and CNG keys. */
#ifndef SMSC_FORMAT_DPAPI_BLOB_H
#define SMSC_FORMAT_DPAPI_BLOB_H

#include <stdbool.h>

#include "record.h"

/* True when a blob starts here: its version and provider, 20 bytes. */
bool     smsc_dpapi_blob_starts(smsc_span in);
/* Bytes the blob has by its own lengths, which may be more than there are; 0 when it does
 * not start here or is torn before the last length. */
uint64_t smsc_dpapi_blob_size(smsc_span in);
/* All of `in`, which stands at `base` in the stream, into `r`. */
void     smsc_dpapi_blob_decode(smsc_span in, uint64_t base, smsc_record *r);

#endif
