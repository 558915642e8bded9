/* packing.c - archives known by their first bytes.
 *
 * Each test asks for more than a magic number where that is short: a hive or a log that is
 * taken for an archive would be evidence lost.
 */
#include "../base/text.h"
#include "../base/time.h"
#include "packing.h"

static bool starts(smsc_span head, const char *magic, size_t size)
{
	return head.size >= size && memcmp(head.data, magic, size) == 0;
}

#define STARTS(head, magic) starts(head, magic, sizeof magic - 1)

static bool is_zip(smsc_span head)
{
	/* An empty zip, and the marks of one that was split and joined again (APPNOTE 8.5). */
	return STARTS(head, "PK\3\4") || STARTS(head, "PK\5\6\0\0\0\0") ||
	       STARTS(head, "PK\7\bPK\3\4") || STARTS(head, "PK00PK\3\4");
}

static bool is_cab(smsc_span head)
{
	const uint8_t *p = head.data;
	return STARTS(head, "MSCF\0\0\0\0") && head.size >= 36 && p[24] == 3 && p[25] == 1;
}

static bool is_iso(smsc_span head)
{
	const uint8_t *p = head.data;
	return head.size >= 0x8006 && memcmp(p + 0x8001, "CD001", 5) == 0 &&
	       (p[0x8000] <= 2 || p[0x8000] == 255);
}

static bool is_bzip2(smsc_span head)
{
	const uint8_t *p = head.data;
	return head.size >= 10 && memcmp(p, "BZh", 3) == 0 && p[3] >= '1' && p[3] <= '9' &&
	       (memcmp(p + 4, "\x31\x41\x59\x26\x53\x59", 6) == 0 ||
	        memcmp(p + 4, "\x17\x72\x45\x38\x50\x90", 6) == 0);
}

static bool is_gzip(smsc_span head)
{
	const uint8_t *p = head.data;
	return head.size >= 10 && STARTS(head, "\x1f\x8b\x08") && (p[3] & 0xe0) == 0;
}

static bool is_compress(smsc_span head)
{
	const uint8_t *p = head.data;
	return head.size >= 3 && STARTS(head, "\x1f\x9d") && (p[2] & 0x60) == 0 &&
	       (p[2] & 0x1f) >= 9 && (p[2] & 0x1f) <= 16;
}

/* A numeric field of a tar header; -1 when it is none.  Old writers pad with spaces. */
static int64_t octal(const uint8_t *p, size_t size)
{
	int64_t value = 0;
	size_t i = 0, digits = 0;
	while (i < size && p[i] == ' ')
		i++;
	for (; i < size && p[i] >= '0' && p[i] <= '7'; i++, digits++)
		value = value * 8 + (p[i] - '0');
	for (; i < size; i++)
		if (p[i] != ' ' && p[i] != 0)
			return -1;
	return digits ? value : -1;
}

/* The checksum counts its own field as spaces; early writers summed signed characters. */
static bool is_tar(smsc_span head)
{
	const uint8_t *p = head.data;
	int64_t plain = 0, with_sign = 0;
	if (head.size < 512 || !p[0] || octal(p + 100, 8) < 0)
		return false;
	for (size_t i = 0; i < 512; i++) {
		uint8_t c = i >= 148 && i < 156 ? ' ' : p[i];
		plain += c;
		with_sign += (int8_t)c;
	}
	int64_t sum = octal(p + 148, 8);
	return sum == plain || sum == with_sign;
}

smsc_packing smsc_packing_of(smsc_span head)
{
	if (is_zip(head))
		return SMSC_ZIP;
	if (STARTS(head, "7z\xbc\xaf\x27\x1c"))
		return SMSC_7Z;
	if (is_cab(head))
		return SMSC_CAB;
	if (is_gzip(head))
		return SMSC_GZIP;
	if (is_bzip2(head))
		return SMSC_BZIP2;
	if (STARTS(head, "\xfd" "7zXZ\0"))
		return SMSC_XZ;
	if (STARTS(head, "\x28\xb5\x2f\xfd"))
		return SMSC_ZSTD;
	if (is_compress(head))
		return SMSC_COMPRESS;
	if (is_iso(head))
		return SMSC_ISO;
	return is_tar(head) ? SMSC_TAR : SMSC_NOT_PACKED;
}

bool smsc_packing_is_filter(smsc_packing p)
{
	return p >= SMSC_GZIP;
}

/* ---- one packed file ------------------------------------------------------------- */

#define GZ_EXTRA 0x04
#define GZ_NAME  0x08

/* The name in a gzip header (RFC 1952 2.3.1); empty when there is none. */
static smsc_span gzip_name(smsc_span head)
{
	smsc_cur c = smsc_cur_of(head, 0);
	smsc_cur_take(&c, 3);
	uint8_t flags = smsc_cur_u8(&c);
	smsc_cur_take(&c, 6);
	if (flags & GZ_EXTRA)
		smsc_cur_take(&c, smsc_cur_u16(&c));
	size_t left = smsc_cur_left(&c);
	smsc_span rest = smsc_cur_take(&c, left);
	if (!(flags & GZ_NAME) || !rest.size)
		return smsc_span_of(NULL, 0);
	return smsc_span_of(rest.data, strnlen(rest.data, rest.size));
}

/* Bytes of `name` without the ending that packers add. */
static size_t stem(const char *name)
{
	static const char *const endings[] = { ".gz", ".bz2", ".xz", ".zst", ".z" };
	size_t size = strlen(name);
	for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
		size_t n = strlen(endings[i]);
		if (size > n && smsc_ascii_casecmp(name + size - n, endings[i]) == 0)
			return size - n;
	}
	return size;
}

void smsc_packing_single(smsc_packing p, smsc_span head, const char *path, smsc_buf *out)
{
	const char *slash = strrchr(path, '/'), *last = slash ? slash + 1 : path;
	smsc_span name = p == SMSC_GZIP ? gzip_name(head) : smsc_span_of(NULL, 0);
	if (name.size)
		smsc_text_guess(out, name, 1252);
	else
		smsc_buf_add(out, last, stem(last));
}

smsc_time smsc_packing_time(smsc_packing p, smsc_span head)
{
	uint32_t seconds = p == SMSC_GZIP ? smsc_le32((const uint8_t *)head.data + 4) : 0;
	return seconds ? smsc_time_of_unix(seconds, 0) : SMSC_NEVER;
}
