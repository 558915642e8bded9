/* code.c - Windows codes in any spelling, found in the texts of logs. */
#include <stdbool.h>
#include <string.h>

#include "../base/lanes.h"
#include "../base/text.h"
#include "code.h"

/* ---- finding them in a text ------------------------------------------------------- */

static bool is_word(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* The digits of `s` in `base`; false when another character is among them. */
static bool number_of(smsc_span s, int base, uint64_t *value)
{
	const char *p = s.data;

	*value = 0;
	for (size_t i = 0; i < s.size; i++) {
		int digit = smsc_hex_digit(p[i]);
		if (digit < 0 || digit >= base)
			return false;
		*value = *value * (unsigned)base + (unsigned)digit;
	}
	return s.size > 0;
}

static char char_at(smsc_span text, size_t at)
{
	return at < text.size ? ((const char *)text.data)[at] : '\0';
}

/* "-2146885621": the same bits, signed.  Not the tail of "a-2146885621". */
static bool is_signed(smsc_span text, size_t at)
{
	return at && char_at(text, at - 1) == '-' && (at < 2 || !is_word(char_at(text, at - 2)));
}

/* The first group of a GUID looks like a bare code. */
static bool is_in_guid(smsc_span text, size_t at, size_t size)
{
	return (at && memchr("-{", char_at(text, at - 1), 2)) || char_at(text, at + size) == '-';
}

static size_t skip_back(smsc_span text, size_t at)
{
	for (int i = 0; i < 3 && at && memchr(" :=(#", char_at(text, at - 1), 5); i++)
		at--;
	return at;
}

static bool ends_in(smsc_span text, size_t at, const char *word)
{
	size_t size = strlen(word);

	for (size_t i = 0; i < size && at >= size; i++)
		if (smsc_ascii_lower(char_at(text, at - size + i)) != word[i])
			return false;
	return at >= size;
}

/* "Error 1008", "error: 0x5", "error code = 3", "GetLastError() = 2": what small numbers need to be
 * codes. */
static bool follows_error(smsc_span text, size_t at)
{
	at = skip_back(text, at);
	if (ends_in(text, at, "code"))
		at = skip_back(text, at - 4);
	else if (ends_in(text, at, "()"))
		at -= 2;
	return ends_in(text, at, "error");
}

#define SMALL 0x10000u

static uint32_t small_code(smsc_span text, size_t at, uint64_t value)
{
	return value < SMALL && follows_error(text, at) ? (uint32_t)value : 0;
}

/* The code that the word at `at` spells, or 0. */
static uint32_t code_of(smsc_span text, size_t at, size_t size)
{
	smsc_span word = smsc_span_cut(text, at, size);
	const char *p = word.data;
	uint64_t value;

	if (size > 2 && size <= 10 && p[0] == '0' && (p[1] | 0x20) == 'x')
		return !number_of(smsc_span_cut(word, 2, size), 16, &value) ? 0 :
		       value < SMALL ? small_code(text, at, value) : (uint32_t)value;
	if (size == 8 && !is_in_guid(text, at, size) && number_of(word, 16, &value) && value >= SMALL)
		return (uint32_t)value;
	if (size == 10 && number_of(word, 10, &value) && value <= UINT32_MAX)
		return is_signed(text, at) ? (uint32_t)-(int64_t)value : (uint32_t)value;
	return size <= 5 && number_of(word, 10, &value) ? small_code(text, at, value) : 0;
}

static bool has_code(const uint32_t *found, size_t count, uint32_t code)
{
	for (size_t i = 0; i < count; i++)
		if (found[i] == code)
			return true;
	return false;
}

/* The next place from `at` on where a code may begin: a digit at the start of a word.  Nearly no
 * row has one, and every row of every log is asked. */
static size_t next_start(const char *p, size_t at, size_t size)
{
	for (; at < size; at++)
		if ((unsigned char)(p[at] - '0') <= 8 && (!at || !is_word(p[at - 1])))
			break;
	return at;
}

/* ---- is there one at all --------------------------------------------------------- */

#define REACH (SMSC_LANES + 2)

/* Sixteen places at once: in every spelling is a "009", a "03f" or a "214" ("8009....",
 * "800703f0", "2148......", "2146......"). */
static bool holds_part(const char *p)
{
	smsc_lanes a = smsc_lanes_load(p), b = smsc_lanes_load(p + 1), c = smsc_lanes_load(p + 2);
	smsc_lanes hits = (smsc_lanes)((a == '0') & (((b == '0') & (c == '9')) | ((b == '3') & ((c | 0x20) == 'f')))) |
	             (smsc_lanes)((a == '2') & (b == '1') & (c == '4'));
	return smsc_lanes_bits(hits);
}

bool smsc_codes_likely(smsc_span text)
{
	const char *p = text.data;
	char room[REACH] = "";

	if (text.size < 4)
		return false;
	if (text.size < REACH) {
		memcpy(room, p, text.size);
		return holds_part(room);
	}
	/* The last step may look at some places again. */
	for (size_t i = 0; i + REACH < text.size; i += SMSC_LANES)
		if (holds_part(p + i))
			return true;
	return holds_part(p + text.size - REACH);
}

int smsc_code_in_row(const smsc_row *row, uint32_t code)
{
	smsc_span text = row ? row->text : smsc_span_of(NULL, 0);
	const char *p = text.data;

	for (size_t at = 0; at < text.size; at++) {
		size_t size = 0;
		if (!is_word(p[at]) || (at && is_word(p[at - 1])))
			continue;
		while (is_word(char_at(text, at + size)))
			size++;
		if (code && code_of(text, at, size) == code)
			return 1;
		at += size;
	}
	return 0;
}

uint32_t smsc_code_parse(const char *text)
{
	smsc_span s = smsc_span_of(text ? text : "", text ? strlen(text) : 0);
	uint64_t value;

	uint32_t named = text ? smsc_code_of_name(text) : 0;
	if (named)
		return named;
	const char *p = s.data;
	bool prefixed = s.size > 2 && s.size <= 10 && p[0] == '0' && (p[1] | 0x20) == 'x';
	if ((prefixed || s.size == 8) && number_of(smsc_span_cut(s, prefixed ? 2 : 0, s.size), 16, &value))
		return (uint32_t)value;
	bool minus = s.size && *p == '-';
	if (!number_of(smsc_span_cut(s, minus, s.size), 10, &value) || s.size > 11 ||
	    value > (minus ? UINT64_C(0x80000000) : UINT32_MAX))
		return 0;
	return minus ? (uint32_t)-(int64_t)value : (uint32_t)value;
}

size_t smsc_codes_find(smsc_span text, uint32_t *found, size_t room)
{
	size_t count = 0, at = 0;

	while (count < room && (at = next_start(text.data, at, text.size)) < text.size) {
		size_t size = 0;
		while (is_word(char_at(text, at + size)))
			size++;
		uint32_t code = code_of(text, at, size);
		if (code && smsc_code_name(code) && !has_code(found, count, code))
			found[count++] = code;
		at += size;
	}
	return count;
}
