/* unzlib.h - a zlib stream (RFC 1950) in memory, unpacked up to a limit. */
#ifndef SMSC_FORMAT_UNZLIB_H
#define SMSC_FORMAT_UNZLIB_H

#include "../base/buf.h"
#include "../base/cursor.h"

typedef enum smsc_unzlib_state {
	SMSC_UNZLIB_DONE, SMSC_UNZLIB_CUT, SMSC_UNZLIB_DAMAGED, SMSC_UNZLIB_LIMIT, SMSC_UNZLIB_NOMEM
} smsc_unzlib_state;

/* Do the two bytes of a zlib head stand here? */
bool smsc_unzlib_starts(smsc_span in);
/* Appends what could be unpacked, at most `limit` bytes; `used` is how many packed bytes that were. */
smsc_unzlib_state smsc_unzlib(smsc_span in, size_t limit, smsc_buf *out, size_t *used);

#endif
