/* cursor.h - read little-endian fields out of bytes you do not trust.
 *
 * A cursor fails once and stays failed: every later read gives zeros and empty
 * spans, so a decoder reads straight through and asks smsc_cur_ok() at the end.
 * `fail` keeps the absolute offset of the first read that did not fit.  Two duties
 * stay with the decoder: never use a number just read as an allocation or loop
 * bound without a limit, and ask smsc_cur_ok() before acting on a value.
 */
#ifndef SMSC_BASE_CURSOR_H
#define SMSC_BASE_CURSOR_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "../smscrypto.h"

#define SMSC_CUR_FINE UINT64_MAX

typedef struct smsc_cur {
	const uint8_t *data;
	size_t         size;
	size_t         at;
	uint64_t       base;  /* offset in the stream of data[0] */
	uint64_t       fail;
} smsc_cur;

static inline smsc_span smsc_span_of(const void *data, size_t size)
{
	return (smsc_span){ data, size };
}

/* The part of `s` from `at`, `size` bytes, cut to what is there. */
static inline smsc_span smsc_span_cut(smsc_span s, size_t at, size_t size)
{
	if (at > s.size)
		at = s.size;
	if (size > s.size - at)
		size = s.size - at;
	return (smsc_span){ s.data ? (const uint8_t *)s.data + at : NULL, size };
}

static inline smsc_cur smsc_cur_of(smsc_span s, uint64_t base)
{
	return (smsc_cur){ s.data, s.size, 0, base, SMSC_CUR_FINE };
}
static inline bool     smsc_cur_ok(const smsc_cur *c)    { return c->fail == SMSC_CUR_FINE; }
static inline size_t   smsc_cur_left(const smsc_cur *c)  { return smsc_cur_ok(c) ? c->size - c->at : 0; }
static inline uint64_t smsc_cur_where(const smsc_cur *c) { return c->base + c->at; }

static inline smsc_span smsc_cur_take(smsc_cur *c, size_t n)
{
	if (n > smsc_cur_left(c) || !smsc_cur_ok(c)) {
		if (smsc_cur_ok(c))
			c->fail = smsc_cur_where(c);
		return (smsc_span){ NULL, 0 };
	}
	smsc_span s = { c->data ? c->data + c->at : NULL, n };
	c->at += n;
	return s;
}

/* One load each: a compiler does not always see it in shifted bytes. */
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define SMSC_LITTLE(bits, v) __builtin_bswap##bits(v)
#else
#define SMSC_LITTLE(bits, v) (v)
#endif

static inline uint16_t smsc_le16(const void *p)
{
	uint16_t v;
	memcpy(&v, p, sizeof v);
	return SMSC_LITTLE(16, v);
}
static inline uint32_t smsc_le32(const void *p)
{
	uint32_t v;
	memcpy(&v, p, sizeof v);
	return SMSC_LITTLE(32, v);
}
static inline uint64_t smsc_le64(const void *p)
{
	uint64_t v;
	memcpy(&v, p, sizeof v);
	return SMSC_LITTLE(64, v);
}

static inline uint8_t smsc_cur_u8(smsc_cur *c)
{
	smsc_span s = smsc_cur_take(c, 1);
	return s.data ? *(const uint8_t *)s.data : 0;
}
static inline uint16_t smsc_cur_u16(smsc_cur *c)
{
	smsc_span s = smsc_cur_take(c, 2);
	return s.data ? smsc_le16(s.data) : 0;
}
static inline uint32_t smsc_cur_u32(smsc_cur *c)
{
	smsc_span s = smsc_cur_take(c, 4);
	return s.data ? smsc_le32(s.data) : 0;
}
static inline uint64_t smsc_cur_u64(smsc_cur *c)
{
	smsc_span s = smsc_cur_take(c, 8);
	return s.data ? smsc_le64(s.data) : 0;
}
/* A length-prefixed run as its own span: it cannot be read past its end. */
static inline smsc_span smsc_cur_run32(smsc_cur *c)
{
	uint32_t n = smsc_cur_u32(c);
	return smsc_cur_take(c, n);
}

#endif
