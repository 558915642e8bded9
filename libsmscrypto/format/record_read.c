/* record_read.c - a cursor's bytes into a record's fields, one step each. */
#include "record.h"

#include "../base/buf.h"
#include "../base/ident.h"
#include "../base/text.h"
#include "../base/time.h"

static void put_withheld(smsc_record *r, const char *name, const char *meaning, size_t bytes,
                         uint64_t at)
{
	smsc_put_int(r, name, meaning, (int64_t)bytes, at, bytes);
	smsc_note(r, "bytes of a private key, not shown");
}

/* False when `n` bytes do not fit: all that is left is put under the same name. */
static bool fits_or(smsc_record *r, smsc_cur *c, uint64_t n, const char *name,
                    const char *meaning, bool withhold)
{
	if (!smsc_cur_ok(c))
		return false;
	size_t left = smsc_cur_left(c);
	if (n <= left)
		return true;
	uint64_t at = smsc_cur_where(c);
	smsc_span rest = smsc_cur_take(c, left);
	if (left && withhold)
		put_withheld(r, name, meaning, left, at);
	else if (left)
		smsc_put_bytes(r, name, meaning, rest, at);
	smsc_damage(r, SMSC_RULE_D001, at + left, "%s: %llu bytes wanted, %zu left", name,
	            (unsigned long long)n, left);
	c->fail = at;
	return false;
}

static bool fits(smsc_record *r, smsc_cur *c, uint64_t n, const char *name, const char *meaning)
{
	return fits_or(r, c, n, name, meaning, false);
}

/* A little-endian number of `n` bytes. */
static uint64_t read_number(smsc_record *r, smsc_cur *c, size_t n, const char *name,
                            const char *meaning)
{
	uint64_t v = 0;
	if (!fits(r, c, n, name, meaning))
		return 0;
	uint64_t at = smsc_cur_where(c);
	for (size_t i = 0; i < n; i++)
		v |= (uint64_t)smsc_cur_u8(c) << 8 * i;
	smsc_put_int(r, name, meaning, (int64_t)v, at, n);
	if (v > INT64_MAX)
		smsc_note(r, "unsigned: %llu", (unsigned long long)v);
	return v;
}

uint8_t smsc_read_u8(smsc_record *r, smsc_cur *c, const char *name, const char *meaning)
{
	return (uint8_t)read_number(r, c, 1, name, meaning);
}

uint16_t smsc_read_u16(smsc_record *r, smsc_cur *c, const char *name, const char *meaning)
{
	return (uint16_t)read_number(r, c, 2, name, meaning);
}

uint32_t smsc_read_u32(smsc_record *r, smsc_cur *c, const char *name, const char *meaning)
{
	return (uint32_t)read_number(r, c, 4, name, meaning);
}

uint64_t smsc_read_u64(smsc_record *r, smsc_cur *c, const char *name, const char *meaning)
{
	return read_number(r, c, 8, name, meaning);
}

smsc_time smsc_read_filetime(smsc_record *r, smsc_cur *c, const char *name, const char *meaning)
{
	if (!fits(r, c, 8, name, meaning))
		return SMSC_NEVER;
	uint64_t raw = smsc_cur_u64(c);
	smsc_time t = smsc_time_of_filetime(raw);
	smsc_put_time(r, name, meaning, t, smsc_cur_where(c) - 8, 8);
	if (t == SMSC_NEVER && raw)
		smsc_note(r, "no time: 0x%016llx", (unsigned long long)raw);
	return t;
}

smsc_span smsc_read_bytes(smsc_record *r, smsc_cur *c, size_t n, const char *name,
                          const char *meaning)
{
	if (!n || !fits(r, c, n, name, meaning))
		return (smsc_span){ NULL, 0 };
	uint64_t at = smsc_cur_where(c);
	smsc_span s = smsc_cur_take(c, n);
	smsc_put_bytes(r, name, meaning, s, at);
	return s;
}

void smsc_read_withheld(smsc_record *r, smsc_cur *c, uint64_t n, const char *name,
                        const char *meaning)
{
	if (!n || !fits_or(r, c, n, name, meaning, true))
		return;
	put_withheld(r, name, meaning, (size_t)n, smsc_cur_where(c));
	smsc_cur_take(c, (size_t)n);
}

smsc_span smsc_read_guid(smsc_record *r, smsc_cur *c, const char *name, const char *meaning)
{
	if (!fits(r, c, 16, name, meaning))
		return (smsc_span){ NULL, 0 };
	uint64_t at = smsc_cur_where(c);
	smsc_span s = smsc_cur_take(c, 16);
	char text[SMSC_GUID_TEXT];
	smsc_guid_text(s.data, text);
	smsc_put_text(r, name, meaning, text, SMSC_GUID_TEXT - 1, at, 16);
	return s;
}

typedef void to_text_fn(smsc_buf *out, smsc_span s, uint32_t codepage);

static void utf16_to_text(smsc_buf *out, smsc_span s, uint32_t codepage)
{
	(void)codepage;
	smsc_text_utf16(out, s);
}

static void put_converted(smsc_record *r, to_text_fn *to_text, smsc_span s, uint64_t at,
                          uint64_t bytes, const char *name, const char *meaning)
{
	smsc_buf b = SMSC_BUF_INIT;
	to_text(&b, s, r->codepage);
	if (b.failed)
		r->root->failed = true;
	else
		smsc_put_text(r, name, meaning, b.data, b.size, at, bytes);
	smsc_buf_free(&b);
}

/* Bytes before the first NUL of `unit` bytes, or all. */
static size_t before_nul(smsc_span s, size_t unit)
{
	const uint8_t *p = s.data;
	for (size_t i = 0; i + unit <= s.size; i += unit)
		if (!p[i] && !p[i + unit - 1])
			return i;
	return s.size;
}

static bool all_nul(smsc_span s)
{
	const uint8_t *p = s.data;
	while (s.size && !p[s.size - 1])
		s.size--;
	return !s.size;
}

/* A text ends at its first NUL, as it does for Windows; what is hidden behind is kept as
 * bytes under the same name. */
static void put_string(smsc_record *r, to_text_fn *to_text, smsc_span s, size_t unit, uint64_t at,
                       const char *name, const char *meaning)
{
	size_t n = before_nul(s, unit);
	smsc_span behind = smsc_span_cut(s, n, s.size);
	if (all_nul(behind)) {
		put_converted(r, to_text, smsc_span_cut(s, 0, n), at, s.size, name, meaning);
		return;
	}
	put_converted(r, to_text, smsc_span_cut(s, 0, n), at, n, name, meaning);
	smsc_put_bytes(r, name, meaning, behind, at + n);
	smsc_damage(r, SMSC_RULE_D002, at + n, "%s: %zu bytes after its end", name, behind.size);
}

static smsc_span read_string(smsc_record *r, smsc_cur *c, size_t n, to_text_fn *to_text,
                             size_t unit, const char *name, const char *meaning)
{
	if (!n || !fits(r, c, n, name, meaning))
		return (smsc_span){ NULL, 0 };
	uint64_t at = smsc_cur_where(c);
	smsc_span s = smsc_cur_take(c, n);
	put_string(r, to_text, s, unit, at, name, meaning);
	return s;
}

smsc_span smsc_read_utf16(smsc_record *r, smsc_cur *c, size_t n, const char *name,
                          const char *meaning)
{
	return read_string(r, c, n, utf16_to_text, 2, name, meaning);
}

smsc_span smsc_read_ansi(smsc_record *r, smsc_cur *c, size_t n, const char *name,
                         const char *meaning)
{
	return read_string(r, c, n, smsc_text_ansi, 1, name, meaning);
}

bool smsc_holds_private_key(smsc_span s)
{
	static const char magic[][5] = { "RSA2", "DSS2", "DSS4" };
	for (size_t i = 0; i < sizeof magic / sizeof *magic; i++)
		if (memmem(s.data, s.size, magic[i], 4))
			return true;
	return false;
}

/* What nobody can explain may be a private key in the clear that damage has moved; such
 * bytes are counted but never shown. */
static void put_unexplained(smsc_record *r, smsc_span s, uint64_t at)
{
	static const char name[] = "unexplained", meaning[] = "bytes that belong to no field";
	if (smsc_holds_private_key(s))
		put_withheld(r, name, meaning, s.size, at);
	else
		smsc_put_bytes(r, name, meaning, s, at);
	smsc_damage(r, SMSC_RULE_D002, at, "%zu bytes that belong to nothing", s.size);
}

void smsc_read_rest(smsc_record *r, smsc_cur *c)
{
	size_t left = smsc_cur_left(c);
	uint64_t at = smsc_cur_where(c);
	if (left)
		put_unexplained(r, smsc_cur_take(c, left), at);
}

void smsc_check_end(smsc_record *r, uint64_t needed, uint64_t size)
{
	if (needed > size)
		smsc_damage(r, SMSC_RULE_D001, size, "the file ends early, bytes missing: %llu",
		            (unsigned long long)(needed - size));
}
