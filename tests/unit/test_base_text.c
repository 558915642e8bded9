/* Bytes to valid UTF-8: against iconv where it is there, against the definition of UTF-8, and
 * back again by the rule in base/text.h. */
#include <criterion/criterion.h>
#include <iconv.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"

typedef void text_fn(smsc_buf *out, smsc_span s);

static void as_1252(smsc_buf *out, smsc_span s) { smsc_text_ansi(out, s, 1252); }

static void assert_text(text_fn *fn, const void *bytes, size_t size, const char *expected)
{
	smsc_buf b = SMSC_BUF_INIT;
	smsc_buf_str(&b, "before\\ ");  /* is no part of the text and stays as it is */
	fn(&b, (smsc_span){ bytes, size });
	cr_assert_str_eq(b.data + 8, expected);
	cr_assert_arr_eq(b.data, "before\\ ", 8);
	smsc_buf_free(&b);
}

/* ---- UTF-8 ------------------------------------------------------------------------ */

static size_t valid(const void *p, size_t size)
{
	return smsc_utf8_valid((smsc_span){ p, size });
}

/* Every code point goes out as UTF-8, every surrogate as U+FFFD, and comes back as valid. */
Test(utf8, every_code_point)
{
	smsc_buf b = SMSC_BUF_INIT;
	for (uint32_t code = 0; code <= 0x110000; code++) {
		bool none = code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff);
		smsc_buf_clear(&b);
		smsc_text_code(&b, code);
		if (none)
			cr_assert_str_eq(b.data, "\xef\xbf\xbd", "%06x", (unsigned)code);
		size_t want = none ? 3 : code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
		cr_assert_eq(b.size, want, "%06x", (unsigned)code);
		cr_assert_eq(valid(b.data, b.size), b.size, "%06x", (unsigned)code);
		cr_assert_lt(valid(b.data, b.size - 1), b.size, "%06x", (unsigned)code);
	}
	smsc_buf_free(&b);
}

/* There are 0x800 - 0x80 = 1,920 characters of two bytes and 0x10000 - 0x800 - 2,048 surrogates
 * = 61,440 of three, and no more than these may pass. */
Test(utf8, counts_of_two_and_three_bytes)
{
	unsigned two = 0, three = 0;
	for (uint32_t n = 0x800000; n <= 0xffffff; n++) {
		uint8_t p[3] = { (uint8_t)(n >> 16), (uint8_t)(n >> 8), (uint8_t)n };
		size_t length = valid(p, 3);
		three += length == 3 && p[2] >= 0x80 && valid(p, 2) == 0;
		two += p[2] == 0 && valid(p, 2) == 2;
	}
	cr_assert_eq(two, 1920, "%u", two);
	cr_assert_eq(three, 61440, "%u", three);
}

/* 0x110000 - 0x10000 of four bytes: all leads and second bytes, with the edges of the rest. */
Test(utf8, counts_of_four_bytes)
{
	static const uint8_t edge[] = { 0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xff };
	unsigned count = 0;
	for (unsigned n = 0xe000; n <= 0xffff; n++)
		for (size_t i = 0; i < sizeof edge; i++)
			for (size_t k = 0; k < sizeof edge; k++) {
				uint8_t p[4] = { (uint8_t)(n >> 8), (uint8_t)n, edge[i], edge[k] };
				count += valid(p, 4) == 4 && valid(p, 3) == 0;
			}
	/* f0 90..bf, f1..f3 80..bf, f4 80..8f; six of the edges are tails. */
	cr_assert_eq(count, (48 + 3 * 64 + 16) * 6 * 6, "%u", count);
}

/* A bad byte at every place of a long run: the fast path must not step over it. */
Test(utf8, finds_the_bad_byte_anywhere)
{
	char text[200];
	for (size_t size = 1; size <= sizeof text; size++) {
		memset(text, 'a', sizeof text);
		cr_assert_eq(valid(text, size), size);
		for (size_t at = 0; at < size; at++) {
			text[at] = '\xff';
			cr_assert_eq(valid(text, size), at);
			text[at] = 'a';
		}
	}
	cr_assert_eq(valid("", 0), 0);
	cr_assert_eq(valid(NULL, 0), 0);
	cr_assert_eq(valid("a\0b", 3), 3, "NUL is a character");
}

Test(utf8, escapes_what_is_none)
{
	assert_text(smsc_text_utf8, "gr\xc3\xbc\xc3\x9f", 6, "gr\xc3\xbc\xc3\x9f");
	assert_text(smsc_text_utf8, "\xff", 1, "\\xff");
	assert_text(smsc_text_utf8, "a\xe2\x82", 3, "a\\xe2\\x82");
	assert_text(smsc_text_utf8, "\xe2\x82\xac\xe2\x82", 5, "\xe2\x82\xac\\xe2\\x82");
	assert_text(smsc_text_utf8, "\xc0\x80", 2, "\\xc0\\x80");
	assert_text(smsc_text_utf8, "\xed\xa0\x80z", 4, "\\xed\\xa0\\x80z");
	assert_text(smsc_text_utf8, "C:\\x\xff", 5, "C:\\\\x\\xff");
	assert_text(smsc_text_utf8, "", 0, "");
}

Test(utf8, mends_what_was_cut)
{
	char text[] = "caf\xc3\xa9 \xe2\x82";
	smsc_text_mend(text);
	cr_assert_str_eq(text, "caf\xc3\xa9 ??");
	char good[] = "D:\\x86";
	smsc_text_mend(good);
	cr_assert_str_eq(good, "D:\\x86");
	char none[] = "";
	smsc_text_mend(none);
	cr_assert_str_eq(none, "");
}

/* ---- UTF-16 ----------------------------------------------------------------------- */

Test(utf16, pairs_and_lone_halves)
{
	assert_text(smsc_text_utf16, "A\0\xe9\0\xac\x20", 6, "A\xc3\xa9\xe2\x82\xac");
	assert_text(smsc_text_utf16, "\x3d\xd8\x00\xde", 4, "\xf0\x9f\x98\x80");
	assert_text(smsc_text_utf16, "\x3d\xd8", 2, "\\ud83d");
	assert_text(smsc_text_utf16, "\x00\xde\x3d\xd8", 4, "\\ude00\\ud83d");
	assert_text(smsc_text_utf16, "\x3d\xd8\x3d\xd8\x00\xde", 6, "\\ud83d\xf0\x9f\x98\x80");
	assert_text(smsc_text_utf16, "\x3d\xd8" "A\0", 4, "\\ud83d" "A");
	assert_text(smsc_text_utf16, "", 0, "");
}

Test(utf16, odd_last_byte)
{
	assert_text(smsc_text_utf16, "A\0B", 3, "A\\x42");
	assert_text(smsc_text_utf16, "\x5c", 1, "\\x5c");
	assert_text(smsc_text_utf16, "\\\0A", 3, "\\\\\\x41");
	assert_text(smsc_text_utf16, "\x3d\xd8\x00", 3, "\\ud83d\\x00");
}

Test(utf16, every_character_as_iconv_has_it)
{
	iconv_t cd = iconv_open("UTF-8", "UTF-16LE");
	if (cd == (iconv_t)-1)
		cr_skip_test("iconv has no UTF-16LE");
	smsc_buf b = SMSC_BUF_INIT;
	for (uint32_t code = 1; code <= 0x10ffff; code += code < 0x10000 ? 1 : 77) {
		if (code >= 0xd800 && code <= 0xdfff)
			continue;
		uint32_t off = code - 0x10000;
		uint16_t unit[2] = { (uint16_t)code, 0 };
		if (code >= 0x10000) {
			unit[0] = (uint16_t)(0xd800 | off >> 10);
			unit[1] = (uint16_t)(0xdc00 | (off & 0x3ff));
		}
		char in[4] = { (char)unit[0], (char)(unit[0] >> 8), (char)unit[1], (char)(unit[1] >> 8) };
		char out[8] = "", *from = in, *to = out;
		size_t size = code < 0x10000 ? 2 : 4, left = size, room = sizeof out;
		cr_assert_neq(iconv(cd, &from, &left, &to, &room), (size_t)-1, "%06x", (unsigned)code);
		smsc_buf_clear(&b);
		smsc_text_utf16(&b, (smsc_span){ in, size });
		cr_assert_eq(b.size, (size_t)(to - out), "%06x", (unsigned)code);
		cr_assert_arr_eq(b.data, out, b.size, "%06x", (unsigned)code);
	}
	smsc_buf_free(&b);
	iconv_close(cd);
}

/* ---- code pages ------------------------------------------------------------------- */

static const uint32_t pages[] = { 437, 850, 1250, 1251, 1252 };
#define PAGES (sizeof pages / sizeof *pages)

/* Points that anyone can look up in the charts of Unicode or Microsoft. */
Test(codepage, known_points)
{
	static const struct { uint32_t page; uint8_t byte; const char *text; } rows[] = {
		{ 437, 0x80, "\u00c7" }, { 437, 0x81, "\u00fc" }, { 437, 0x9b, "\u00a2" }, { 437, 0xb0, "\u2591" },
		{ 437, 0xc4, "\u2500" }, { 437, 0xe1, "\u00df" }, { 437, 0xe3, "\u03c0" }, { 437, 0xff, "\u00a0" },
		{ 850, 0x80, "\u00c7" }, { 850, 0x9b, "\u00f8" }, { 850, 0xd5, "\u0131" }, { 850, 0xe1, "\u00df" },
		{ 850, 0xfe, "\u25a0" }, { 850, 0xff, "\u00a0" },
		{ 1250, 0x80, "\u20ac" }, { 1250, 0x8a, "\u0160" }, { 1250, 0xb9, "\u0105" }, { 1250, 0xff, "\u02d9" },
		{ 1250, 0x81, "\\x81" }, { 1250, 0x83, "\\x83" }, { 1250, 0x98, "\\x98" },
		{ 1251, 0x80, "\u0402" }, { 1251, 0xa8, "\u0401" }, { 1251, 0xc0, "\u0410" }, { 1251, 0xff, "\u044f" },
		{ 1251, 0x88, "\u20ac" }, { 1251, 0x98, "\\x98" },
		{ 1252, 0x80, "\u20ac" }, { 1252, 0x92, "\u2019" }, { 1252, 0x99, "\u2122" }, { 1252, 0xe9, "\u00e9" },
		{ 1252, 0xff, "\u00ff" }, { 1252, 0x81, "\\x81" }, { 1252, 0x8d, "\\x8d" }, { 1252, 0x9d, "\\x9d" },
		{ 65001, 0xe9, "\\xe9" }, { 932, 0xe9, "\\xe9" },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		smsc_buf b = SMSC_BUF_INIT;
		smsc_text_ansi(&b, (smsc_span){ &rows[i].byte, 1 }, rows[i].page);
		cr_assert_str_eq(b.data, rows[i].text, "%u %02x", (unsigned)rows[i].page, rows[i].byte);
		smsc_buf_free(&b);
	}
}

/* Each byte stands for something of its own; what iconv knows, it knows the same. */
static void check_page(uint32_t page)
{
	static const uint8_t undefined[] = { 0, 0, 5, 1, 5 };  /* in the order of `pages` */
	char name[16], all[256][8];
	unsigned escaped = 0;
	snprintf(name, sizeof name, "CP%u", (unsigned)page);
	iconv_t cd = iconv_open("UTF-8", name);
	for (int byte = 0; byte < 256; byte++) {
		char in[1] = { (char)byte }, out[8] = "", *from = in, *to = out;
		size_t left = 1, room = sizeof out;
		smsc_buf b = SMSC_BUF_INIT;
		smsc_text_ansi(&b, (smsc_span){ in, 1 }, page);
		snprintf(all[byte], sizeof all[byte], "%s", b.data);
		bool known = cd != (iconv_t)-1 && iconv(cd, &from, &left, &to, &room) != (size_t)-1;
		if (known)
			cr_assert_arr_eq(out, b.data, b.size + 1, "%u %02x", (unsigned)page, (unsigned)byte);
		bool is_escape = b.size == 4 && b.data[0] == '\\';
		cr_assert(!(known && is_escape), "%u %02x", (unsigned)page, (unsigned)byte);
		escaped += is_escape;
		for (int other = 0; other < byte; other++)
			cr_assert_str_neq(all[other], all[byte], "%u %02x %02x", (unsigned)page, (unsigned)other, (unsigned)byte);
		smsc_buf_free(&b);
	}
	if (cd != (iconv_t)-1)
		iconv_close(cd);
	for (size_t i = 0; i < PAGES; i++)
		if (pages[i] == page)
			cr_assert_eq(escaped, undefined[i], "%u has %u undefined bytes", (unsigned)page, escaped);
}

Test(codepage, every_byte)
{
	for (size_t i = 0; i < PAGES; i++)
		check_page(pages[i]);
}

Test(codepage, which_are_known)
{
	for (size_t i = 0; i < PAGES; i++)
		cr_assert(smsc_codepage_known(pages[i]));
	cr_assert(smsc_codepage_known(65001));
	cr_assert(!smsc_codepage_known(0));
	cr_assert(!smsc_codepage_known(932));
}

Test(codepage, mixed_runs)
{
	assert_text(as_1252, "na\xefve \x80 5", 9, "na\u00efve \u20ac 5");
	assert_text(as_1252, "\xe9\xe8", 2, "\u00e9\u00e8");
	assert_text(as_1252, "", 0, "");
}

Test(codepage, empty_text_is_a_text)
{
	smsc_buf b = SMSC_BUF_INIT;
	smsc_text_guess(&b, (smsc_span){ NULL, 0 }, 1252);
	cr_assert_str_eq(b.data, "");
	smsc_buf_free(&b);
}

Test(codepage, guess)
{
	smsc_buf b = SMSC_BUF_INIT;
	smsc_text_guess(&b, (smsc_span){ "\xc3\xa9", 2 }, 1252);
	cr_assert_str_eq(b.data, "\u00e9");
	smsc_buf_clear(&b);
	smsc_text_guess(&b, (smsc_span){ "\xc3\xa9\xe9", 3 }, 1252);
	cr_assert_str_eq(b.data, "\u00c3\u00a9\u00e9");
	smsc_buf_clear(&b);
	smsc_text_guess(&b, (smsc_span){ "\xcf\xf0\xe8", 3 }, 1251);
	cr_assert_str_eq(b.data, "\u041f\u0440\u0438");
	smsc_buf_free(&b);
}

/* ---- the escape rule --------------------------------------------------------------- */

Test(escape, ordinary_paths_stay_as_they_are)
{
	static const char *const rows[] = {
		"C:\\WINDOWS\\system32\\CCM\\Logs\\ccmexec.log", "\\\\SERVER\\SMS_ABC\\bin\\i386",
		"C:\\WINDOWS\\Driver Cache\\x86\\sp1.cab", "D:\\SMS\\x64\\u2029", "\\", "\\\\", "\\\\\\", "a\\",
		"\\xg1", "\\x8", "\\u12", "\\x8G", "\\xFF", "\\uD800", "C:\\x", "\\\\?\\C:\\x86", "x86", "\\n\\x41",
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_text(as_1252, rows[i], strlen(rows[i]), rows[i]);
}

Test(escape, what_would_read_as_escaped_is_doubled)
{
	assert_text(as_1252, "D:\\x86", 6, "D:\\\\x86");
	assert_text(as_1252, "\\\\x86", 5, "\\\\\\\\x86");
	assert_text(as_1252, "\\x41\\\\", 6, "\\\\x41\\\\\\\\");
	assert_text(as_1252, "\\ud800", 6, "\\\\ud800");
	assert_text(as_1252, "C:\\a\x81", 5, "C:\\\\a\\x81");
	assert_text(as_1252, "\\\x81", 2, "\\\\\\x81");
	assert_text(as_1252, "D:\\x86\\x", 8, "D:\\x86\\x");
}

static bool is_hex(const char *p, int n)
{
	for (int i = 0; i < n; i++)
		if (!strchr("0123456789abcdef", p[i]) || !p[i])
			return false;
	return true;
}

/* Bytes after a backslash that look like the body of an escape. */
static int body(const char *p)
{
	return *p == 'x' && is_hex(p + 1, 2) ? 3 : *p == 'u' && is_hex(p + 1, 4) ? 5 : 0;
}

/* The rule of base/text.h, written down a second time. */
static bool in_escaped_form(const char *text)
{
	bool seen = false;
	for (const char *p = text; *p; p++)
		seen |= *p == '\\' && body(p + 1);
	for (const char *p = text; *p; p++) {
		if (*p != '\\')
			continue;
		int n = body(p + 1) ? body(p + 1) : p[1] == '\\' ? 1 : 0;
		if (!n)
			return false;
		p += n;
	}
	return seen;
}

/* Text back to the units it came from; 0x10000 is added to the odd byte of UTF-16. */
static size_t read_back(const char *text, uint32_t *unit)
{
	bool escaped = in_escaped_form(text);
	size_t n = 0;
	for (const char *p = text; *p; p++) {
		int b = *p == '\\' && escaped ? body(p + 1) : 0;
		char digits[5] = "";
		if (b)
			memcpy(digits, p + 2, (size_t)b - 1);
		unit[n++] = b ? (uint32_t)strtoul(digits, NULL, 16) + (b == 3 ? 0x10000 : 0) : (uint8_t)*p;
		p += b ? b : *p == '\\' && escaped ? 1 : 0;
	}
	return n;
}

/* Every text of up to `length` units out of `alphabet`, there and back again. */
static void check_round_trip(const uint32_t *alphabet, size_t letters, size_t length, bool wide)
{
	for (size_t n = 0; n <= length; n++) {
		size_t total = 1;
		for (size_t i = 0; i < n; i++)
			total *= letters;
		for (size_t which = 0; which < total; which++) {
			uint8_t in[32];
			uint32_t want[16], got[64];
			size_t rest = which, size = 0;
			for (size_t i = 0; i < n; i++, rest /= letters) {
				uint32_t u = alphabet[rest % letters];
				want[i] = u == 0x81 ? 0x10081 : u;
				in[size++] = (uint8_t)u;
				if (wide)
					in[size++] = (uint8_t)(u >> 8);
			}
			smsc_buf b = SMSC_BUF_INIT;
			smsc_buf_add(&b, "", 0);
			wide ? smsc_text_utf16(&b, (smsc_span){ in, size }) : as_1252(&b, (smsc_span){ in, size });
			size_t back = read_back(b.data, got);
			cr_assert(back == n && memcmp(got, want, n * sizeof *got) == 0, "%s", b.data);
			smsc_buf_free(&b);
		}
	}
}

Test(escape, loses_nothing_in_a_code_page)
{
	static const uint32_t letters[] = { '\\', 'x', '8', '1', 0x81, 'q' };
	check_round_trip(letters, 6, 7, false);
}

Test(escape, loses_nothing_in_utf16)
{
	static const uint32_t letters[] = { '\\', 'u', 'd', '8', 0xd8d8 };
	check_round_trip(letters, 5, 7, true);
}

/* ---- ASCII ------------------------------------------------------------------------- */

Test(ascii, lower_and_compare)
{
	for (int c = 0; c < 256; c++) {
		char want = c >= 'A' && c <= 'Z' ? (char)(c + 32) : (char)c;
		cr_assert_eq(smsc_ascii_lower((char)c), want);
	}
	cr_assert_eq(smsc_ascii_casecmp("MachineKeys", "machinekeys"), 0);
	cr_assert_eq(smsc_ascii_casecmp("", ""), 0);
	cr_assert_lt(smsc_ascii_casecmp("a", "B"), 0);
	cr_assert_gt(smsc_ascii_casecmp("ab", "A"), 0);
	cr_assert_lt(smsc_ascii_casecmp("", "A"), 0);
	cr_assert_gt(smsc_ascii_casecmp("\xe9", "Z"), 0, "bytes compare unsigned");
	cr_assert_neq(smsc_ascii_casecmp("\xe9", "\xc9"), 0, "only ASCII has case here");
}

Test(ascii, hex_digits)
{
	for (int c = 0; c < 256; c++) {
		const char *all = "0123456789abcdef0123456789ABCDEF", *at = c ? strchr(all, c) : NULL;
		cr_assert_eq(smsc_hex_digit((char)c), at ? (at - all) % 16 : -1, "%02x", (unsigned)c);
	}
}
