/* lanes.h - sixteen bytes at once, and eight in a number, for what is asked of every byte. */
#ifndef SMSC_BASE_LANES_H
#define SMSC_BASE_LANES_H

#include <stdbool.h>
#include <string.h>

#include "cursor.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define SMSC_LANES 16

typedef uint8_t smsc_lanes __attribute__((vector_size(SMSC_LANES)));

static inline smsc_lanes smsc_lanes_load(const char *p)
{
	smsc_lanes v;
	memcpy(&v, p, sizeof v);
	return v;
}

/* The highest bit of each lane; that of the first is the lowest. */
static inline uint64_t smsc_lanes_bits(smsc_lanes v)
{
#ifdef __SSE2__
	return (uint16_t)_mm_movemask_epi8((__m128i)v);
#else
	char bytes[SMSC_LANES];
	memcpy(bytes, &v, sizeof v);
	uint64_t bits = 0;
	for (int i = 0; i < 2; i++)
		bits |= ((smsc_le64(bytes + 8 * i) & UINT64_C(0x8080808080808080)) >> 7) *
		        UINT64_C(0x0102040810204080) >> 56 << 8 * i;
	return bits;
#endif
}

/* Control characters and what is not ASCII: as numbers with a sign, all are below a blank. */
static inline smsc_lanes smsc_lanes_odd(smsc_lanes v)
{
	typedef int8_t with_sign __attribute__((vector_size(SMSC_LANES)));
	return (smsc_lanes)((with_sign)v < ' ');
}

/* What a test says of 64 bytes. */
static inline uint64_t smsc_bits_where(const char *p, smsc_lanes (*test)(smsc_lanes))
{
	return smsc_lanes_bits(test(smsc_lanes_load(p))) | smsc_lanes_bits(test(smsc_lanes_load(p + 16))) << 16 |
	       smsc_lanes_bits(test(smsc_lanes_load(p + 32))) << 32 | smsc_lanes_bits(test(smsc_lanes_load(p + 48))) << 48;
}

#define SMSC_EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

/* The high bit of the first byte that is `c`, and maybe of others behind it. */
static inline uint64_t smsc_where(uint64_t v, char c)
{
	uint64_t x = v ^ SMSC_EACH((uint8_t)c);
	return (x - SMSC_EACH(1)) & ~x & SMSC_EACH(0x80);
}

/* The high bit of each byte that is no decimal digit. */
static inline uint64_t smsc_no_digits(uint64_t v)
{
	uint64_t x = v ^ SMSC_EACH('0');
	return (((x & SMSC_EACH(0x7f)) + SMSC_EACH(0x80 - 10)) | x) & SMSC_EACH(0x80);
}

/* The last `size` bytes, 1 to 8, before `end`, with zeros as digits before them; eight bytes
 * before `end` are read. */
static inline uint64_t smsc_digits_before(const char *end, size_t size)
{
	unsigned shift = 8 * (8 - (unsigned)size);
	uint64_t keep = ~UINT64_C(0) << shift;
	return (smsc_le64(end - 8) & keep) | (SMSC_EACH('0') & ~keep);
}

/* The number that eight digits are, the first of them in the lowest byte. */
static inline uint32_t smsc_number_of(uint64_t digits)
{
	uint64_t x = digits & SMSC_EACH(15);
	x = x * 10 + (x >> 8);
	uint64_t first = x & UINT64_C(0x000000ff000000ff), second = x >> 16 & UINT64_C(0x000000ff000000ff);
	return (uint32_t)((first * UINT64_C(0x000f424000000064) + second * UINT64_C(0x0000271000000001)) >> 32);
}

/* The same of decimal digits; false when they are none. */
static inline bool smsc_decimal_before(const char *end, size_t size, uint32_t *value)
{
	uint64_t digits = smsc_digits_before(end, size);
	*value = smsc_number_of(digits);
	return !smsc_no_digits(digits);
}

/* Of hex digits, small or capital. */
static inline bool smsc_hex_before(const char *end, size_t size, uint32_t *value)
{
	uint64_t v = smsc_digits_before(end, size), letter = (v | SMSC_EACH(0x20)) ^ SMSC_EACH('a' - 1);
	uint64_t low = letter & SMSC_EACH(0x7f);
	/* 1 to 6 is a letter: what is 0, or more than 6, is none. */
	uint64_t no_letter = (low + SMSC_EACH(0x80 - 7)) | ~(low + SMSC_EACH(0x80 - 1)) | letter;
	uint64_t x = (v & SMSC_EACH(15)) + 9 * (v >> 6 & SMSC_EACH(1));
	x = x << 4 | x >> 8;
	x &= UINT64_C(0x00ff00ff00ff00ff);
	x = (x << 8 | x >> 16) & UINT64_C(0x0000ffff0000ffff);
	*value = (uint32_t)(x << 16 | x >> 32);
	return !(smsc_no_digits(v) & no_letter);
}

#endif
