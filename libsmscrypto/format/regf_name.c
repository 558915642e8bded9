/* regf_name.c - names of keys and values: as text, and found again by that text. */
#include "regf_cell.h"

#include "../base/text.h"

/* ---- units ------------------------------------------------------------------------------- */

static size_t units_of(smsc_span name, bool latin)
{
	return latin ? name.size : name.size / 2;
}

static uint32_t unit_at(smsc_span name, bool latin, size_t i)
{
	const uint8_t *p = name.data;
	return latin ? p[i] : smsc_le16(p + 2 * i);
}

static bool is_control(uint32_t c)
{
	return c < 32 || c == 127;
}

static bool is_high(uint32_t c) { return c >> 10 == 0x36; }
static bool is_low(uint32_t c)  { return c >> 10 == 0x37; }

/* The code point at `*i`, which moves past it; a lone surrogate comes as itself. */
static uint32_t code_at(smsc_span name, bool latin, size_t *i)
{
	uint32_t c = unit_at(name, latin, (*i)++);
	if (latin || !is_high(c) || *i >= units_of(name, latin))
		return c;
	uint32_t low = unit_at(name, latin, *i);
	if (!is_low(low))
		return c;
	++*i;
	return 0x10000 + ((c & 0x3ff) << 10) + (low & 0x3ff);
}

static bool needs_escape(smsc_span name, bool latin)
{
	bool odd = !latin && name.size % 2;
	for (size_t i = 0, n = units_of(name, latin); !odd && i < n; ) {
		uint32_t c = code_at(name, latin, &i);
		odd = is_control(c) || (!latin && (is_high(c) || is_low(c)));
	}
	return odd;
}

/* ---- to text ------------------------------------------------------------------------------ */

static void put_escaped(smsc_buf *out, smsc_span name, bool latin)
{
	for (size_t i = 0, n = units_of(name, latin); i < n; ) {
		uint32_t c = code_at(name, latin, &i);
		if (c == '\\')
			smsc_buf_str(out, "\\\\");
		else if (is_control(c))
			smsc_buf_printf(out, "\\x%02x", (unsigned)c);
		else if (is_high(c) || is_low(c))
			smsc_buf_printf(out, "\\u%04x", (unsigned)c);
		else
			smsc_text_code(out, c);
	}
	if (!latin && name.size % 2)
		smsc_buf_printf(out, "\\x%02x", ((const uint8_t *)name.data)[name.size - 1]);
}

/* Latin-1 is the first 256 characters of Unicode. */
static void put_latin(smsc_buf *out, smsc_span name)
{
	smsc_buf wide = SMSC_BUF_INIT;
	for (size_t i = 0; i < name.size; i++) {
		const char unit[2] = { ((const char *)name.data)[i], 0 };
		smsc_buf_add(&wide, unit, 2);
	}
	smsc_text_utf16(out, smsc_span_of(wide.data, wide.size));
	out->failed |= wide.failed;
	smsc_buf_free(&wide);
}

#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

/* Eight characters of ASCII, none a control character or a backslash?  With no high bit set, no
 * byte borrows from or carries into another but where one is odd. */
static bool plain8(uint64_t x)
{
	uint64_t slash = x ^ EACH('\\');
	return !((x | (x - EACH(32)) | (x + EACH(1)) | (slash - EACH(1))) & EACH(0x80));
}

/* The usual name, in as few steps as most of the time of a walk deserves: the last eight bytes,
 * or four, may overlap those before. */
static bool is_plain(smsc_span name)
{
	const uint8_t *p = name.data;
	size_t n = name.size, i = 0;
	if (n >= 8) {
		while (n - i > 8 && plain8(smsc_le64(p + i)))
			i += 8;
		return n - i <= 8 && plain8(smsc_le64(p + n - 8));
	}
	if (n >= 4)
		return plain8(smsc_le32(p) | (uint64_t)smsc_le32(p + n - 4) << 32);
	while (i < n && p[i] < 0x80 && p[i] != '\\' && !is_control(p[i]))
		i++;
	return i == n;
}

void smsc_hive_name(smsc_buf *out, smsc_span name, bool latin)
{
	if (latin && is_plain(name))
		smsc_buf_add(out, name.data, name.size);
	else if (needs_escape(name, latin))
		put_escaped(out, name, latin);
	else if (latin)
		put_latin(out, name);
	else
		smsc_text_utf16(out, name);
}

/* ---- upper case ------------------------------------------------------------------------------ */

/* Lower-case letters that have an upper-case one `down` below; in rows of step 2 every second
 * character from `first` on is one.  The scripts that Windows 2000 had names in. */
static const struct {
	uint32_t first, last;
	int32_t  down;
	uint32_t step;
} lower[] = {
	{ 'a', 'z', 32, 1 }, { 0xe0, 0xf6, 32, 1 }, { 0xf8, 0xfe, 32, 1 }, { 0xff, 0xff, -121, 1 },
	{ 0x101, 0x12f, 1, 2 }, { 0x133, 0x137, 1, 2 }, { 0x13a, 0x148, 1, 2 }, { 0x14b, 0x177, 1, 2 },
	{ 0x17a, 0x17e, 1, 2 }, { 0x3ac, 0x3ac, 38, 1 }, { 0x3ad, 0x3af, 37, 1 }, { 0x3b1, 0x3c1, 32, 1 },
	{ 0x3c3, 0x3cb, 32, 1 }, { 0x3cc, 0x3cc, 64, 1 }, { 0x3cd, 0x3ce, 63, 1 }, { 0x430, 0x44f, 32, 1 },
	{ 0x450, 0x45f, 80, 1 }, { 0x461, 0x481, 1, 2 }, { 0x491, 0x4bf, 1, 2 }, { 0x561, 0x586, 48, 1 },
	{ 0x1e01, 0x1e95, 1, 2 }, { 0x1ea1, 0x1ef9, 1, 2 }, { 0xff41, 0xff5a, 32, 1 },
};

static uint32_t upper(uint32_t c)
{
	for (size_t i = 0; i < sizeof lower / sizeof *lower && c >= lower[i].first; i++)
		if (c <= lower[i].last && (c - lower[i].first) % lower[i].step == 0)
			return (uint32_t)((int32_t)c - lower[i].down);
	return c;
}

/* ---- from text ---------------------------------------------------------------------------- */

/* The code point at `*p`, which moves past it; bytes that are no UTF-8 match no name. */
static uint32_t next_code(const char **p)
{
	size_t n = strnlen(*p, 4);
	uint8_t b = (uint8_t)**p;
	size_t size = b < 0x80 ? 1 : b < 0xe0 ? 2 : b < 0xf0 ? 3 : 4;
	if (size > n || smsc_utf8_valid(smsc_span_of(*p, size)) != size)
		return UINT32_MAX;
	uint32_t c = size == 1 ? b : b & (0x7fu >> size);
	for (size_t i = 1; i < size; i++)
		c = c << 6 | ((uint8_t)(*p)[i] & 0x3f);
	*p += size;
	return c;
}

/* Moves `*p` past "\x00" or "\ud800" with the value `c`; false when that does not stand there. */
static bool skip_escape(const char **p, char kind, unsigned digits, uint32_t c)
{
	const char *q = *p;
	if (q[0] != '\\' || q[1] != kind)
		return false;
	q += 2;
	for (unsigned i = 0; i < digits; i++, q++)
		if (smsc_hex_digit(*q) != (int)(c >> 4 * (digits - 1 - i) & 15))
			return false;
	*p = q;
	return true;
}

static bool skip_code(const char **p, uint32_t c, bool escaped)
{
	if (is_control(c))
		return skip_escape(p, 'x', 2, c);
	if (is_high(c) || is_low(c))
		return skip_escape(p, 'u', 4, c);
	if (c == '\\' && escaped && *(*p)++ != '\\')
		return false;
	return **p && upper(next_code(p)) == upper(c);
}

size_t smsc_hive_name_said(const char *path, smsc_span name, bool latin)
{
	const char *p = path;
	bool escaped = needs_escape(name, latin);
	for (size_t i = 0, n = units_of(name, latin); i < n; )
		if (!skip_code(&p, code_at(name, latin, &i), escaped))
			return SIZE_MAX;
	if (!latin && name.size % 2 &&
	    !skip_escape(&p, 'x', 2, ((const uint8_t *)name.data)[name.size - 1]))
		return SIZE_MAX;
	return !*p || *p == '\\' ? (size_t)(p - path) : SIZE_MAX;
}

/* ---- looking things up --------------------------------------------------------------------- */

typedef struct search {
	const char    *path;
	size_t         said;
	bool           found;
	smsc_hive_key *out;
} search;

/* "SAI\x00" may be the key SAI with a key below it, or one key with a NUL: the longest name
 * wins.  Of equal names the first is taken. */
static bool is_wanted(void *user, const smsc_hive_key *k, unsigned depth)
{
	search *s = user;
	(void)depth;
	size_t said = smsc_hive_name_said(s->path, k->name, k->latin);
	if (!said || said == SIZE_MAX || (s->found && said <= s->said))
		return true;
	s->found = true;
	s->said = said;
	*s->out = *k;
	const char *rest = s->path + said;
	return *rest && (rest[1] == 'x' || rest[1] == 'u');
}

bool smsc_hive_find(smsc_hive *h, const smsc_hive_key *from, const char *path, smsc_hive_key *out)
{
	smsc_hive_key here, below;
	if (from)
		here = *from;
	else if (!smsc_hive_root_key(h, &here))
		return false;
	while (*path) {
		search s = { path, 0, false, &below };
		smsc_hive_subkeys(h, &here, is_wanted, &s);
		if (s.found)
			here = below;
		else if (*path != '\\')
			return false;
		path += s.found ? s.said : 1;
	}
	*out = here;
	return true;
}

typedef struct value_search {
	const char      *name;
	size_t           size;
	bool             found;
	smsc_hive_value *out;
} value_search;

static bool is_wanted_value(void *user, const smsc_hive_key *k, const smsc_hive_value *v)
{
	value_search *s = user;
	(void)k;
	s->found = smsc_hive_name_said(s->name, v->name, v->latin) == s->size;
	if (s->found)
		*s->out = *v;
	return !s->found;
}

bool smsc_hive_value_find(smsc_hive *h, const smsc_hive_key *k, const char *name,
                          smsc_hive_value *out)
{
	value_search s = { name, strlen(name), false, out };
	smsc_hive_values(h, k, is_wanted_value, &s);
	return s.found;
}
