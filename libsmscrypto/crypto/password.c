/* password.c - UTF-8 to UTF-16 that leaves no copy behind. */
#include "password.h"

#include "../base/text.h"

static size_t put_unit(uint8_t *out, size_t at, uint32_t unit, bool big_endian)
{
	out[at + big_endian] = (uint8_t)unit;
	out[at + !big_endian] = (uint8_t)(unit >> 8);
	return at + 2;
}

static size_t put_code(uint8_t *out, size_t at, uint32_t code, bool big_endian)
{
	if (code <= 0xffff)
		return put_unit(out, at, code, big_endian);
	at = put_unit(out, at, 0xd800 | (code - 0x10000) >> 10, big_endian);
	return put_unit(out, at, 0xdc00 | ((code - 0x10000) & 0x3ff), big_endian);
}

/* The character at `p`, which is valid UTF-8, and its bytes. */
static uint32_t code_at(const uint8_t *p, size_t *bytes)
{
	size_t n = p[0] < 0x80 ? 1 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
	uint32_t code = n == 1 ? p[0] : p[0] & (0x7fu >> n);
	for (size_t i = 1; i < n; i++)
		code = code << 6 | (p[i] & 0x3f);
	*bytes = n;
	return code;
}

smsc_secret *smsc_password_utf16(smsc_span utf8, bool big_endian)
{
	const uint8_t *p = utf8.data;
	if (utf8.size > SIZE_MAX / 2 || smsc_utf8_valid(utf8) != utf8.size)
		return NULL;
	smsc_secret *out = smsc_secret_new(2 * utf8.size);
	size_t at = 0, bytes;
	if (!out)
		return NULL;
	for (size_t i = 0; i < utf8.size; i += bytes)
		at = put_code(smsc_secret_data(out), at, code_at(p + i, &bytes), big_endian);
	smsc_secret_cut(out, at);
	return out;
}
