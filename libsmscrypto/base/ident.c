/* ident.c - GUIDs, SIDs and the names of key-container files. */
#include <string.h>

#include "cursor.h"
#include "ident.h"
#include "text.h"

#define GUID_CHARS (SMSC_GUID_TEXT - 1)
#define HASH_CHARS ((size_t)32)

/* Bytes of a GUID in the order of its text: the first three parts are little-endian numbers. */
static const uint8_t text_order[16] = { 3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15 };

static bool is_dash_place(size_t i)
{
	return i == 8 || i == 13 || i == 18 || i == 23;
}

void smsc_guid_text(const uint8_t guid[16], char out[SMSC_GUID_TEXT])
{
	static const char digits[] = "0123456789abcdef";
	size_t at = 0;
	for (size_t i = 0; i < 16; i++) {
		if (is_dash_place(at))
			out[at++] = '-';
		out[at++] = digits[guid[text_order[i]] >> 4];
		out[at++] = digits[guid[text_order[i]] & 15];
	}
	out[at] = '\0';
}

bool smsc_guid_is(const char *text, size_t size)
{
	if (size != GUID_CHARS)
		return false;
	for (size_t i = 0; i < size; i++)
		if (is_dash_place(i) ? text[i] != '-' : smsc_hex_digit(text[i]) < 0)
			return false;
	return true;
}

bool smsc_guid_parse(const char *text, size_t size, uint8_t guid[16])
{
	if (size == GUID_CHARS + 2 && text[0] == '{' && text[size - 1] == '}') {
		text++;
		size -= 2;
	}
	if (!smsc_guid_is(text, size))
		return false;
	for (size_t i = 0, at = 0; i < 16; i++, at += 2) {
		at += is_dash_place(at);
		guid[text_order[i]] = (uint8_t)(smsc_hex_digit(text[at]) << 4 | smsc_hex_digit(text[at + 1]));
	}
	return true;
}

/* Six bytes, big-endian: unlike all else in a SID. */
static uint64_t sid_authority(smsc_span six)
{
	const uint8_t *p = six.data;
	uint64_t value = 0;
	for (size_t i = 0; i < six.size; i++)
		value = value << 8 | p[i];
	return value;
}

bool smsc_sid_text(smsc_buf *out, smsc_span sid)
{
	smsc_cur c = smsc_cur_of(sid, 0);
	unsigned revision = smsc_cur_u8(&c), count = smsc_cur_u8(&c);
	uint64_t authority = sid_authority(smsc_cur_take(&c, 6));
	if (!smsc_cur_ok(&c) || revision != 1 || count > 15 || smsc_cur_left(&c) < count * 4)
		return false;
	/* An authority of more than 32 bits is written in hex (MS-DTYP 2.4.2.1). */
	smsc_buf_printf(out, authority >> 32 ? "S-1-0x%012llx" : "S-1-%llu",
	                (unsigned long long)authority);
	for (unsigned i = 0; i < count; i++)
		smsc_buf_printf(out, "-%lu", (unsigned long)smsc_cur_u32(&c));
	return true;
}

static void lower_copy(char *out, const char *text, size_t size)
{
	for (size_t i = 0; i < size; i++)
		out[i] = smsc_ascii_lower(text[i]);
	out[size] = '\0';
}

static bool is_hash(const char *name, size_t size)
{
	for (size_t i = 0; i < HASH_CHARS; i++)
		if (i >= size || smsc_hex_digit(name[i]) < 0)
			return false;
	return true;
}

bool smsc_container_name_parse(const char *path, char hash[33], char guid[SMSC_GUID_TEXT])
{
	const char *name = smsc_path_last(path);
	size_t size = strlen(name);
	if (!is_hash(name, size))
		return false;
	const char *suffix = name + HASH_CHARS;
	size_t left = size - HASH_CHARS;
	if (left && (*suffix != '_' || !smsc_guid_is(suffix + 1, left - 1)))
		return false;
	lower_copy(hash, name, HASH_CHARS);
	lower_copy(guid, left ? suffix + 1 : "", left ? left - 1 : 0);
	return true;
}

const char *smsc_path_last(const char *path)
{
	const char *last = path;
	for (const char *p = path; *p; p++)
		if (*p == '/' || *p == '\\')
			last = p + 1;
	return last;
}
