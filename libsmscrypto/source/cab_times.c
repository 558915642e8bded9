/* cab_times.c - names and times out of a cabinet's CFFILE records ([MS-CAB] 2.3). */
#include "../base/time.h"
#include "member.h"

#define HEADER 36   /* bytes of a CFHEADER without its optional part */
#define RECORD 16   /* bytes of a CFFILE before its name             */
#define NAME   256  /* bytes a name may have, with NUL               */

#define NAME_IS_UTF 0x80

static bool parse_record(smsc_span bytes, size_t at, smsc_member *out)
{
	smsc_cur c = smsc_cur_of(smsc_span_cut(bytes, at, bytes.size), at);
	smsc_cur_take(&c, 10);
	uint16_t date = smsc_cur_u16(&c), time = smsc_cur_u16(&c);
	out->local = smsc_time_of_dos(date, time);
	out->utf8 = smsc_cur_u16(&c) & NAME_IS_UTF;
	out->windows = true;
	size_t left = smsc_cur_left(&c);
	smsc_span rest = smsc_cur_take(&c, left);
	if (!rest.size)
		return false;
	out->name = smsc_span_of(rest.data, strnlen(rest.data, rest.size));
	return true;
}

/* 1, 0 at a name without end, -1 without memory. */
static int list_records(smsc_members *list, smsc_span bytes, unsigned count, uint64_t *at)
{
	size_t i = 0;
	for (unsigned n = 0; n < count; n++) {
		smsc_span name = smsc_span_cut(bytes, i + RECORD, NAME);
		*at = i;
		const char *end = name.size ? memchr(name.data, 0, name.size) : NULL;
		if (!end)
			return 0;
		if (!smsc_members_add(list, n, i))
			return -1;
		i += RECORD + (size_t)(end - (const char *)name.data) + 1;
	}
	return 1;
}

smsc_members *smsc_cab_members(smsc_walk *w, const char **why, uint64_t *at)
{
	uint8_t header[HEADER];
	smsc_buf bytes = SMSC_BUF_INIT;
	uint64_t size = (uint64_t)smsc_input_size(w), bad = 0;
	*at = 0;
	*why = "the header of the cabinet is damaged";
	if (!smsc_input_exact(w, 0, header, sizeof header))
		return NULL;
	uint64_t from = smsc_le32(header + 16);
	unsigned count = smsc_le16(header + 28);
	if (from > size)
		return NULL;
	uint64_t most = (uint64_t)count * (RECORD + NAME);
	*why = NULL;
	if (!smsc_buf_reserve(&bytes, (size_t)(most < size - from ? most : size - from)))
		return NULL;
	bytes.size = (size_t)(most < size - from ? most : size - from);
	bool there = smsc_input_exact(w, from, bytes.data, bytes.size);
	smsc_span all = smsc_span_of(bytes.data, bytes.size);
	smsc_members *list = smsc_members_new(&bytes, parse_record);
	if (!list)
		return NULL;
	int r = there ? list_records(list, all, count, &bad) : 0;
	if (r > 0)
		return list;
	if (r == 0)
		*why = "the list of files of the cabinet is damaged";
	*at = from + bad;
	smsc_members_free(list);
	return NULL;
}
