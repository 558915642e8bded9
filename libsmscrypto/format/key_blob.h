/* key_blob.h - the key blobs of wincrypt.h, also within PVK files and DSS containers. */
#ifndef SMSC_FORMAT_KEY_BLOB_H
#define SMSC_FORMAT_KEY_BLOB_H

#include <stdbool.h>

#include "record.h"

/* True when the eight bytes of a BLOBHEADER stand here. */
bool smsc_key_blob_starts(smsc_span in);
/* True when a private key in the clear follows the header. */
bool smsc_key_blob_is_private(smsc_span in);
/* The BLOBHEADER alone; the blob's type. */
uint8_t smsc_key_blob_header(smsc_record *r, smsc_cur *c);
/* All of `in`, which stands at `base` and should have `whole` bytes, into `r`.  Of private
 * keys only the public half is shown. */
void smsc_key_blob_decode(smsc_span in, uint64_t whole, uint64_t base, smsc_record *r);
/* The public key of a container: of a DSS key it is a DSS4 blob that ends before X. */
void smsc_key_blob_public(smsc_span in, uint64_t base, smsc_record *r);

#endif
