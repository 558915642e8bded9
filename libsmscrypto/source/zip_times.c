/* zip_times.c - names and times out of a zip's own directory (APPNOTE.TXT 4.3 and 4.5). */
#include <zlib.h>

#include "../base/time.h"
#include "member.h"

#define RECORD 46   /* bytes of a central directory record before its name */
#define LOCAL  30   /* bytes of a local header before its name             */
#define TAIL   16384 /* how far from its end libarchive looks for that      */

/* Headers of extra fields. */
enum { X_ZIP64 = 0x0001, X_NTFS = 0x000a, X_UT = 0x5455, X_UX = 0x5855, X_NAME = 0x7075 };

/* ---- extra fields -------------------------------------------------------------- */

static smsc_time unix_time(smsc_cur *c)
{
	uint32_t raw = smsc_cur_u32(c);
	return smsc_cur_ok(c) ? smsc_time_of_unix((int32_t)raw, 0) : SMSC_NEVER;
}

/* Attribute 1 of the NTFS field: three FILETIMEs. */
static void take_ntfs(smsc_cur c, smsc_member *out)
{
	smsc_cur_u32(&c);
	while (smsc_cur_left(&c) >= 4) {
		uint16_t tag = smsc_cur_u16(&c), size = smsc_cur_u16(&c);
		smsc_cur body = smsc_cur_of(smsc_cur_take(&c, size), 0);
		if (tag != 1 || smsc_cur_left(&body) < 24)
			continue;
		out->modified = smsc_time_of_filetime(smsc_cur_u64(&body));
		out->accessed = smsc_time_of_filetime(smsc_cur_u64(&body));
		out->created = smsc_time_of_filetime(smsc_cur_u64(&body));
		out->seconds = false;
	}
}

/* Its flags speak of the local header; the central copy has the first time only. */
static void take_ut(smsc_cur c, smsc_member *out)
{
	uint8_t flags = smsc_cur_u8(&c);
	smsc_time *const times[] = { &out->modified, &out->accessed, &out->created };
	for (int i = 0; i < 3; i++)
		if ((flags & 1 << i) && smsc_cur_left(&c) >= 4)
			*times[i] = unix_time(&c);
	out->seconds = true;
}

static void take_ux(smsc_cur c, smsc_member *out)
{
	out->accessed = unix_time(&c);
	out->modified = unix_time(&c);
	out->seconds = true;
}

/* The name in UTF-8, good only while its checksum fits the name it stands for. */
static void take_name(smsc_cur c, smsc_member *out)
{
	uint8_t version = smsc_cur_u8(&c);
	uint32_t sum = smsc_cur_u32(&c);
	smsc_span name = smsc_cur_take(&c, smsc_cur_left(&c));
	if (version != 1 || !name.size)
		return;
	if (crc32(crc32(0, NULL, 0), out->name.data, (uInt)out->name.size) != sum)
		return;
	out->name = name;
	out->utf8 = true;
}

/* Each field is taken by its length, so the loop moves on by 4 bytes at least.  NTFS times
 * are the finest: they win wherever they stand. */
static void take_extra(smsc_span extra, smsc_member *out)
{
	smsc_cur c = smsc_cur_of(extra, 0), ntfs = smsc_cur_of(smsc_span_of(NULL, 0), 0);
	while (smsc_cur_left(&c) >= 4) {
		uint16_t id = smsc_cur_u16(&c), size = smsc_cur_u16(&c);
		smsc_cur body = smsc_cur_of(smsc_cur_take(&c, size), 0);
		if (id == X_NTFS)
			ntfs = body;
		else if (id == X_UT)
			take_ut(body, out);
		else if (id == X_UX && !out->modified)
			take_ux(body, out);
		else if (id == X_NAME)
			take_name(body, out);
	}
	take_ntfs(ntfs, out);
}

/* ---- records ------------------------------------------------------------------- */

/* Systems whose names part folders with '\': FAT, OS/2, NTFS, VFAT. */
static bool is_windows(uint8_t system)
{
	return system == 0 || system == 6 || system == 10 || system == 14;
}

/* What record and local header have in common, from the flags on. */
static void take_common(smsc_cur *c, smsc_member *out)
{
	out->utf8 = smsc_cur_u16(c) & 0x0800;
	smsc_cur_u16(c);                               /* method */
	uint16_t time = smsc_cur_u16(c), date = smsc_cur_u16(c);
	out->local = smsc_time_of_dos(date, time);
	smsc_cur_take(c, 12);                          /* checksum, both sizes */
}

static bool parse_record(smsc_span bytes, size_t at, smsc_member *out)
{
	smsc_cur c = smsc_cur_of(smsc_span_cut(bytes, at, bytes.size), at);
	out->at = at;
	smsc_cur_u32(&c);
	smsc_cur_u8(&c);
	out->windows = is_windows(smsc_cur_u8(&c));
	smsc_cur_u16(&c);
	take_common(&c, out);
	uint16_t name = smsc_cur_u16(&c), extra = smsc_cur_u16(&c);
	smsc_cur_take(&c, RECORD - 32);
	out->name = smsc_cur_take(&c, name);
	take_extra(smsc_cur_take(&c, extra), out);
	return smsc_cur_ok(&c);
}

bool smsc_zip_local(smsc_span bytes, smsc_member *out)
{
	const void *found = bytes.size ? memmem(bytes.data, bytes.size, "PK\3\4", 4) : NULL;
	*out = (smsc_member){ .local = SMSC_NEVER };
	if (!found)
		return false;
	size_t at = (size_t)((const char *)found - (const char *)bytes.data);
	out->at = at;
	smsc_cur c = smsc_cur_of(smsc_span_cut(bytes, at, bytes.size), at);
	smsc_cur_u32(&c);
	smsc_cur_u8(&c);
	out->windows = is_windows(smsc_cur_u8(&c));
	take_common(&c, out);
	uint16_t name = smsc_cur_u16(&c), extra = smsc_cur_u16(&c);
	out->name = smsc_cur_take(&c, name);
	take_extra(smsc_cur_take(&c, extra), out);
	return smsc_cur_ok(&c);
}

/* Where the entry lies; past 4 GiB that stands in a field that holds only the values whose
 * own place is all ones. */
static uint64_t local_offset(const uint8_t *record, smsc_span extra)
{
	uint32_t at = smsc_le32(record + 42);
	smsc_cur c = smsc_cur_of(extra, 0);
	while (at == UINT32_MAX && smsc_cur_left(&c) >= 4) {
		uint16_t id = smsc_cur_u16(&c), size = smsc_cur_u16(&c);
		smsc_cur body = smsc_cur_of(smsc_cur_take(&c, size), 0);
		if (id != X_ZIP64)
			continue;
		if (smsc_le32(record + 24) == UINT32_MAX)
			smsc_cur_u64(&body);
		if (smsc_le32(record + 20) == UINT32_MAX)
			smsc_cur_u64(&body);
		uint64_t far = smsc_cur_u64(&body);
		return smsc_cur_ok(&body) ? far : at;
	}
	return at;
}

/* ---- the directory ------------------------------------------------------------- */

typedef struct directory {
	uint64_t at, size;
	uint64_t shift;  /* bytes put before the zip, which its offsets do not count */
} directory;

/* The 64-bit end record, which a locator right before the plain one points to. */
static bool find_end64(smsc_walk *w, uint64_t end, directory *out)
{
	uint8_t locator[20], p[56];
	if (end < sizeof locator || !smsc_input_exact(w, end - sizeof locator, locator, sizeof locator) ||
	    memcmp(locator, "PK\6\7", 4) != 0)
		return false;
	uint64_t at = smsc_le64(locator + 8);
	if (at > end || !smsc_input_exact(w, at, p, sizeof p) || memcmp(p, "PK\6\6", 4) != 0)
		return false;
	out->size = smsc_le64(p + 40);
	out->at = smsc_le64(p + 48);
	out->shift = 0;
	return true;
}

uint64_t smsc_zip_before(const uint8_t end[SMSC_ZIP_END], uint64_t size)
{
	uint64_t bytes = smsc_le32(end + 12), from = smsc_le32(end + 16);
	/* Numbers of this volume and of the one the directory is on: 0 unless split. */
	if (memcmp(end, "PK\5\6\0\0\0\0", 8) != 0 || smsc_le16(end + 20) || !smsc_le16(end + 10))
		return 0;
	return bytes + from <= size - SMSC_ZIP_END ? size - SMSC_ZIP_END - bytes : 0;
}

static bool find_directory(smsc_walk *w, directory *out)
{
	uint8_t tail[TAIL];
	uint64_t size = (uint64_t)smsc_input_size(w);
	size_t n = size < TAIL ? (size_t)size : TAIL;
	if (n < SMSC_ZIP_END || !smsc_input_exact(w, size - n, tail, n))
		return false;
	for (size_t i = n - SMSC_ZIP_END + 1; i--;) {
		if (memcmp(tail + i, "PK\5\6", 4) != 0)
			continue;
		uint64_t end = size - n + i, from = smsc_le32(tail + i + 16);
		out->size = smsc_le32(tail + i + 12);
		if (find_end64(w, end, out))
			return out->at <= end && out->size <= end - out->at;
		if (out->size > end || from > end - out->size)
			return false;
		/* Counted from the end, since something may have been put before the zip. */
		out->at = end - out->size;
		out->shift = out->at - from;
		return true;
	}
	return false;
}

/* Lists the records: 1, 0 at bytes that are none with *at where, -1 without memory.  Each
 * record is at least 46 bytes, so the loop moves on. */
static int list_records(smsc_members *list, smsc_span bytes, uint64_t shift, uint64_t *at)
{
	size_t i = 0;
	while (i < bytes.size) {
		const uint8_t *p = (const uint8_t *)bytes.data + i;
		*at = i;
		if (bytes.size - i < RECORD || memcmp(p, "PK\1\2", 4) != 0)
			return 0;
		size_t name = smsc_le16(p + 28), extra = smsc_le16(p + 30);
		size_t all = RECORD + name + extra + smsc_le16(p + 32);
		if (all > bytes.size - i)
			return 0;
		smsc_span fields = smsc_span_cut(bytes, i + RECORD + name, extra);
		if (!smsc_members_add(list, local_offset(p, fields) + shift, i))
			return -1;
		i += all;
	}
	smsc_members_sort(list);
	return 1;
}

static smsc_members *read_directory(smsc_walk *w, directory d, const char **why, uint64_t *at)
{
	smsc_buf bytes = SMSC_BUF_INIT;
	uint64_t bad = 0;
	*why = NULL;
	if (!smsc_buf_reserve(&bytes, (size_t)d.size))
		return NULL;
	bytes.size = (size_t)d.size;
	bool there = smsc_input_exact(w, d.at, bytes.data, bytes.size);
	smsc_span all = smsc_span_of(bytes.data, bytes.size);
	smsc_members *list = smsc_members_new(&bytes, parse_record);
	if (!list)
		return NULL;
	int r = there ? list_records(list, all, d.shift, &bad) : 0;
	if (r > 0)
		return list;
	if (r == 0)
		*why = "the directory at the end of the zip is damaged";
	*at = d.at + bad;
	smsc_members_free(list);
	return NULL;
}

smsc_members *smsc_zip_members(smsc_walk *w, const char **why, uint64_t *at)
{
	directory d = { 0, 0, 0 };
	*at = (uint64_t)smsc_input_size(w);
	*why = "the directory at the end of the zip is missing or damaged: the file may be cut";
	if (!find_directory(w, &d))
		return NULL;
	*at = d.at;
	*why = "the directory of the zip is larger than max_stream";
	if (d.size > w->source->settings.max_stream)
		return NULL;
	return read_directory(w, d, why, at);
}
