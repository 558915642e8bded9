/* inflate.h - deflate and gzip up to the very bit that is damaged.
 *
 * libarchive gives whole buffers or nothing: up to 256 KiB before the damage, the last hours
 * of a log, would be lost.
 */
#ifndef SMSC_SOURCE_INFLATE_H
#define SMSC_SOURCE_INFLATE_H

#include <zlib.h>

#include "source.h"

typedef struct smsc_inflate {
	smsc_walk  *walk;
	uint64_t    position;  /* in the packed bytes, past what is in `in` */
	z_stream    z;
	uint8_t    *in;
	bool        gzip, over;
	const char *damage;    /* why it ended before its end, or NULL */
} smsc_inflate;

/* Unpacks what `w` is opened on, from byte `at`.  False without memory. */
bool     smsc_inflate_open(smsc_inflate *f, smsc_walk *w, uint64_t at, bool gzip);
/* Fills `buffer` (1 GiB of it at most) unless the data ends before that. */
size_t   smsc_inflate_read(smsc_inflate *f, void *buffer, size_t size, smsc_error **err);
/* Where it stands in the packed bytes. */
uint64_t smsc_inflate_where(const smsc_inflate *f);
void     smsc_inflate_close(smsc_inflate *f);

#endif
