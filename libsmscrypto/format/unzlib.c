/* unzlib.c - a zlib stream in memory. */
#include "unzlib.h"

#include <zlib.h>

#define STEP 65536u

bool smsc_unzlib_starts(smsc_span in)
{
	const uint8_t *b = in.data;
	return in.size >= 8 && (b[0] & 15) == 8 && b[0] >> 4 <= 7 && (b[0] << 8 | b[1]) % 31 == 0 && !(b[1] & 0x20);
}

static int step(z_stream *z, size_t limit, smsc_buf *out)
{
	size_t room = limit - out->size < STEP ? limit - out->size : STEP;
	if (!smsc_buf_reserve(out, room))
		return Z_MEM_ERROR;
	z->next_out = (Bytef *)out->data + out->size;
	z->avail_out = (uInt)room;
	int r = inflate(z, Z_NO_FLUSH);
	out->size += room - z->avail_out;
	return r;
}

smsc_unzlib_state smsc_unzlib(smsc_span in, size_t limit, smsc_buf *out, size_t *used)
{
	z_stream z = { .next_in = (Bytef *)(uintptr_t)in.data, .avail_in = in.size > UINT32_MAX ? UINT32_MAX : (uInt)in.size };
	int r = inflateInit(&z);
	*used = 0;
	if (r != Z_OK)
		return SMSC_UNZLIB_NOMEM;
	limit += out->size;
	while (r == Z_OK && out->size < limit)
		r = step(&z, limit, out);
	*used = (size_t)z.total_in;
	inflateEnd(&z);
	switch (r) {
	case Z_STREAM_END: return SMSC_UNZLIB_DONE;
	case Z_MEM_ERROR:  return SMSC_UNZLIB_NOMEM;
	case Z_OK:         return SMSC_UNZLIB_LIMIT;
	case Z_BUF_ERROR:  return SMSC_UNZLIB_CUT;
	default:           return SMSC_UNZLIB_DAMAGED;
	}
}
