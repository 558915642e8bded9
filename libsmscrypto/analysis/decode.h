/* decode.h - decoding, and what follows from the bytes together with the name. */
#ifndef SMSC_ANALYSIS_DECODE_H
#define SMSC_ANALYSIS_DECODE_H

#include "../format/format.h"

/* Decodes `in` as `format` and adds the derived fields.  NULL without memory. */
smsc_record *smsc_decode_as(const smsc_format *format, const char *path, smsc_span in,
                            uint32_t codepage, smsc_error **err);

/* The 32 hex digits that begin the file name of a container (or, `wide`, a CNG key) whose
 * name has the bytes `name`, without its NUL; "" when OpenSSL refuses.  False without memory. */
bool smsc_container_hash(smsc_span name, bool wide, char out[33]);

#endif
