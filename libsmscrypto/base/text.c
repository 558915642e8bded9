/* text.c - UTF-8, UTF-16 and code pages to valid UTF-8, losing nothing. */
#include <string.h>

#include "codepages.h"
#include "cursor.h"
#include "text.h"

/* Writes `s` to `out`, each backslash twice if `twice`; without `twice` it stops at the first
 * thing that needs an escape and returns false. */
typedef bool emit_fn(smsc_buf *out, smsc_span s, const uint16_t *high, bool twice);

static size_t ascii_run(const uint8_t *p, size_t size)
{
	const uint64_t high = UINT64_C(0x8080808080808080);
	size_t at = 0;
	for (; size - at >= 32; at += 32) {
		uint64_t w[4];
		memcpy(w, p + at, 32);
		if ((w[0] | w[1] | w[2] | w[3]) & high)
			break;
	}
	while (at < size && p[at] < 0x80)
		at++;
	return at;
}

static bool is_tail(uint8_t b)
{
	return (b & 0xc0) == 0x80;
}

/* Bytes of the valid UTF-8 character at `p` that is not ASCII, 0 when it is none.  The second byte decides
 * overlong forms (e0 80.., f0 80..), surrogates (ed a0..) and what lies past U+10FFFF (f4 90..). */
static size_t utf8_character(const uint8_t *p, size_t left)
{
	if (p[0] < 0xc2 || p[0] > 0xf4 || left < 2 || !is_tail(p[1]))
		return 0;
	if (p[0] < 0xe0)
		return 2;
	if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f) ||
	    (p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f))
		return 0;
	if (left < 3 || !is_tail(p[2]))
		return 0;
	if (p[0] < 0xf0)
		return 3;
	return left >= 4 && is_tail(p[3]) ? 4 : 0;
}

size_t smsc_utf8_valid(smsc_span s)
{
	const uint8_t *p = s.data;
	size_t at = 0;
	while (at < s.size) {
		at += ascii_run(p + at, s.size - at);
		if (at == s.size)
			break;
		size_t n = utf8_character(p + at, s.size - at);
		if (!n)
			break;
		at += n;
	}
	return at;
}

void smsc_text_code(smsc_buf *out, uint32_t code)
{
	char c[4];
	size_t n = 0;
	if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
		code = 0xfffd;
	if (code < 0x80) {
		c[n++] = (char)code;
	} else if (code < 0x800) {
		c[n++] = (char)(0xc0 | code >> 6);
	} else if (code < 0x10000) {
		c[n++] = (char)(0xe0 | code >> 12);
		c[n++] = (char)(0x80 | (code >> 6 & 0x3f));
	} else {
		c[n++] = (char)(0xf0 | code >> 18);
		c[n++] = (char)(0x80 | (code >> 12 & 0x3f));
		c[n++] = (char)(0x80 | (code >> 6 & 0x3f));
	}
	if (code >= 0x80)
		c[n++] = (char)(0x80 | (code & 0x3f));
	smsc_buf_add(out, c, n);
}

static bool all_hex(const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (smsc_hex_digit(p[i]) < 0 || (p[i] >= 'A' && p[i] <= 'F'))
			return false;
	return true;
}

/* Bytes after the backslash of what reads as an escape ("x81", "ud800"), or 0. */
static size_t escape_body(const char *p, size_t left)
{
	if (left >= 3 && p[0] == 'x' && all_hex(p + 1, 2))
		return 3;
	if (left >= 5 && p[0] == 'u' && all_hex(p + 1, 4))
		return 5;
	return 0;
}

/* The question of text.h whether a text is in escaped form. */
static bool reads_escaped(const char *p, size_t size)
{
	const char *end = p + size;
	bool seen = false;
	while (size && (p = memchr(p, '\\', (size_t)(end - p))) != NULL) {
		size_t body = escape_body(p + 1, (size_t)(end - p - 1));
		bool pair = !body && end - p > 1 && p[1] == '\\';
		if (!body && !pair)
			return false;
		if (pair)
			body = 1 + escape_body(p + 2, (size_t)(end - p - 2));
		seen |= body > 1;
		p += 1 + body;
		size = (size_t)(end - p);
	}
	return seen;
}

static void add_text(smsc_buf *out, smsc_span s, bool twice)
{
	const char *p = s.data;
	size_t left = s.size;
	const char *slash;
	while (twice && left && (slash = memchr(p, '\\', left)) != NULL) {
		size_t n = (size_t)(slash - p) + 1;
		smsc_buf_add(out, p, n);
		smsc_buf_char(out, '\\');
		p += n;
		left -= n;
	}
	smsc_buf_add(out, p, left);
}

static void text_add(smsc_buf *out, emit_fn *emit, smsc_span s, const uint16_t *high)
{
	size_t start = out->size;
	smsc_buf_add(out, "", 0);  /* an empty text is a text: data is not NULL */
	if (!s.size || out->failed)
		return;
	if (emit(out, s, high, false) && !out->failed &&
	    !reads_escaped(out->data + start, out->size - start))
		return;
	out->size = start;
	emit(out, s, high, true);
}

static bool emit_utf8(smsc_buf *out, smsc_span s, const uint16_t *high, bool twice)
{
	(void)high;
	for (size_t at = 0; at < s.size; at++) {
		smsc_span rest = smsc_span_cut(s, at, s.size);
		size_t n = smsc_utf8_valid(rest);
		if (n < rest.size && !twice)
			return false;
		add_text(out, smsc_span_cut(rest, 0, n), twice);
		at += n;
		if (at < s.size)
			smsc_buf_printf(out, "\\x%02x", ((const uint8_t *)s.data)[at]);
	}
	return true;
}

static bool emit_ansi(smsc_buf *out, smsc_span s, const uint16_t *high, bool twice)
{
	const uint8_t *p = s.data;
	for (size_t at = 0; at < s.size; at++) {
		size_t n = ascii_run(p + at, s.size - at);
		add_text(out, smsc_span_cut(s, at, n), twice);
		at += n;
		if (at == s.size)
			break;
		uint16_t code = high ? high[p[at] - 0x80] : 0;
		if (!code && !twice)
			return false;
		if (code)
			smsc_text_code(out, code);
		else
			smsc_buf_printf(out, "\\x%02x", p[at]);
	}
	return true;
}

static bool is_high_surrogate(uint32_t unit) { return (unit & 0xfc00) == 0xd800; }
static bool is_low_surrogate(uint32_t unit)  { return (unit & 0xfc00) == 0xdc00; }

/* The code point at `*at`, which moves past it; a lone surrogate comes as itself. */
static uint32_t utf16_code(const uint8_t *p, size_t size, size_t *at)
{
	uint32_t unit = smsc_le16(p + *at);
	*at += 2;
	if (!is_high_surrogate(unit) || size - *at < 2)
		return unit;
	uint32_t low = smsc_le16(p + *at);
	if (!is_low_surrogate(low))
		return unit;
	*at += 2;
	return 0x10000 + ((unit & 0x3ff) << 10) + (low & 0x3ff);
}

/* Units at `p` that are ASCII, the usual case. */
static size_t wide_ascii_run(const uint8_t *p, size_t units)
{
	size_t n = 0;
	while (n < units && p[2 * n] < 0x80 && p[2 * n + 1] == 0)
		n++;
	return n;
}

static void add_wide_ascii(smsc_buf *out, const uint8_t *p, size_t units)
{
	if (!smsc_buf_reserve(out, units))
		return;
	for (size_t i = 0; i < units; i++)
		out->data[out->size + i] = (char)p[2 * i];
	out->size += units;
	out->data[out->size] = '\0';
}

static bool emit_utf16(smsc_buf *out, smsc_span s, const uint16_t *high, bool twice)
{
	const uint8_t *p = s.data;
	(void)high;
	if (s.size % 2 && !twice)
		return false;
	for (size_t at = 0; s.size - at >= 2; ) {
		size_t run = twice ? 0 : wide_ascii_run(p + at, (s.size - at) / 2);
		if (run)
			add_wide_ascii(out, p + at, run);
		at += run * 2;
		if (s.size - at < 2)
			break;
		uint32_t code = utf16_code(p, s.size, &at);
		bool lone = code >= 0xd800 && code <= 0xdfff;
		if (lone && !twice)
			return false;
		if (lone)
			smsc_buf_printf(out, "\\u%04x", (unsigned)code);
		else
			smsc_text_code(out, code);
		if (code == '\\' && twice)
			smsc_buf_char(out, '\\');
	}
	if (s.size % 2)
		smsc_buf_printf(out, "\\x%02x", p[s.size - 1]);
	return true;
}

static const uint16_t *high_half(uint32_t codepage)
{
	switch (codepage) {
	case 437:  return codepage_437;
	case 850:  return codepage_850;
	case 1250: return codepage_1250;
	case 1251: return codepage_1251;
	case 1252: return codepage_1252;
	default:   return NULL;
	}
}

bool smsc_codepage_known(uint32_t codepage)
{
	return codepage == 65001 || high_half(codepage);
}

void smsc_text_utf16(smsc_buf *out, smsc_span s)
{
	text_add(out, emit_utf16, s, NULL);
}

void smsc_text_utf8(smsc_buf *out, smsc_span s)
{
	text_add(out, emit_utf8, s, NULL);
}

void smsc_text_mend(char *text)
{
	size_t size = strlen(text);
	for (size_t at = 0; (at += smsc_utf8_valid((smsc_span){ text + at, size - at })) < size; )
		text[at] = '?';
}

void smsc_text_ansi(smsc_buf *out, smsc_span s, uint32_t codepage)
{
	text_add(out, codepage == 65001 ? emit_utf8 : emit_ansi, s, high_half(codepage));
}

void smsc_text_guess(smsc_buf *out, smsc_span s, uint32_t codepage)
{
	bool utf8 = smsc_utf8_valid(s) == s.size;
	smsc_text_ansi(out, s, utf8 ? 65001 : codepage);
}

char smsc_ascii_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

int smsc_ascii_casecmp(const char *a, const char *b)
{
	while (*a && smsc_ascii_lower(*a) == smsc_ascii_lower(*b)) {
		a++;
		b++;
	}
	return (unsigned char)smsc_ascii_lower(*a) - (unsigned char)smsc_ascii_lower(*b);
}

int smsc_hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = smsc_ascii_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}
