/* bkf_lzs.c - unpacks LZS: a bit tells a byte from a copy of what came before. */
#include "bkf_lzs.h"

#include "bkf.h"

#define MARK 0x4846  /* "FH" */

bool smsc_lzs_frame_read(smsc_span bytes, smsc_lzs_frame *out)
{
	if (bytes.size < SMSC_LZS_HEADER || smsc_bkf_u16(bytes, 0) != MARK ||
	    smsc_bkf_sum(bytes.data, SMSC_LZS_HEADER) != 0)
		return false;
	out->size = smsc_bkf_u32(bytes, 12);
	out->packed = smsc_bkf_u32(bytes, 16);
	/* What does not shrink is stored as it is. */
	out->stored = out->packed == out->size;
	return out->size <= SMSC_LZS_MOST && out->packed <= SMSC_LZS_MOST;
}

/* Bits, the highest of each byte first. */
typedef struct bits {
	const uint8_t *data;
	size_t         size, at;
	uint32_t       held;
	unsigned       count;
	bool           over;
} bits;

static unsigned take(bits *b, unsigned n)
{
	while (b->count < n) {
		b->over |= b->at >= b->size;
		b->held = b->held << 8 | (b->at < b->size ? b->data[b->at] : 0);
		b->at++;
		b->count += 8;
	}
	b->count -= n;
	return b->held >> b->count & ((1u << n) - 1);
}

/* 00 01 10 are 2 3 4, 1100 1101 1110 are 5 6 7, then 15 more for each 1111. */
static size_t take_length(bits *b, size_t room)
{
	unsigned two = take(b, 2);
	if (two < 3)
		return two + 2;
	two = take(b, 2);
	if (two < 3)
		return two + 5;
	size_t length = 8;
	unsigned four = take(b, 4);
	/* Ends with the bytes, or with what may be written. */
	for (; four == 15 && !b->over && length < room; four = take(b, 4))
		length += 15;
	return length + four;
}

size_t smsc_lzs_unpack(smsc_span packed, uint8_t *out, size_t at, size_t room)
{
	bits b = { .data = packed.data, .size = packed.size };
	while (at < room) {
		if (!take(&b, 1)) {
			uint8_t byte = (uint8_t)take(&b, 8);
			if (b.over)
				break;
			out[at++] = byte;
			continue;
		}
		bool near = take(&b, 1);
		size_t back = take(&b, near ? 7 : 11);
		if (!back || back > at || b.over)
			break;              /* the mark of the end, or damage */
		for (size_t n = take_length(&b, room); n && at < room && !b.over; n--, at++)
			out[at] = out[at - back];
	}
	return at;
}
