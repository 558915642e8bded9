/* evt.c - event logs of NT 4 to 2003: a file header, records in a ring, and behind the newest
 * one a record that marks the end.
 *
 * The header is brought up to date only when the service stops, so of a log that was copied
 * while it was written ("dirty") the end record is believed.  Remnants of older end records
 * may lie about: one is believed only if it says of itself where it stands.  Rows come in the
 * order of the file; where the log has gone round, the newest stand before the oldest.  Whole
 * records outside of the ring's live part are what was left when the log was cleared.
 */
#include <inttypes.h>

#include "log_stream.h"

#define MARK_SIZE   4       /* "LfLe", 4 bytes behind the start of a record */
#define END_MARK    20
#define DIRTY       1u
#define FILL        0x27u   /* at the end of the file, where no record fits */
/* What is not consumed while a mark is looked for: half of one. */
#define HALF_MARK   (END_MARK - 1)
#define MOST_AHEAD  (64u << 10)

static const char end_mark[END_MARK + 1] =
	"\x28\0\0\0\x11\x11\x11\x11\x22\x22\x22\x22\x33\x33\x33\x33\x44\x44\x44\x44";

static bool is_header(smsc_span s)
{
	const uint8_t *p = s.data;
	return s.size >= SMSC_EVT_HEADER && smsc_le32(p) == SMSC_EVT_HEADER &&
	       !memcmp(p + 4, "LfLe", MARK_SIZE) && smsc_le32(p + 0x2c) == SMSC_EVT_HEADER;
}

static bool is_end(smsc_span s)
{
	return s.size >= END_MARK && !memcmp(s.data, end_mark, END_MARK);
}

/* Could a record begin here?  Its length, or 0. */
static size_t length_at(smsc_span s)
{
	const uint8_t *p = s.data;
	if (s.size < 8 || memcmp(p + 4, "LfLe", MARK_SIZE))
		return 0;
	uint32_t size = smsc_le32(p);
	return size >= SMSC_EVT_LEAST && size <= SMSC_EVT_MOST && size % 4 == 0 ? size : 0;
}

/* The length stands again at the end. */
static bool is_whole(smsc_span s, size_t size)
{
	return size && s.size >= size && smsc_le32((const uint8_t *)s.data + size - 4) == size;
}

/* ---- what lies between records ------------------------------------------------------ */

static bool is_live(const smsc_evt *v, uint64_t at)
{
	if (!v->bounds)
		return true;
	return v->start <= v->end ? at >= v->start && at < v->end : at >= v->start || at < v->end;
}

static bool is_fill(smsc_span s)
{
	const uint8_t *p = s.data;
	bool fill = s.size < SMSC_EVT_LEAST && s.size % 4 == 0;
	for (size_t i = 0; fill && i < s.size; i += 4)
		fill = smsc_le32(p + i) == FILL;
	return fill;
}

/* Bytes up to the next bound, where what is junk and what is free room changes. */
static size_t up_to_bound(const smsc_evt *v, uint64_t at, size_t n)
{
	if (v->bounds && v->start > at && v->start - at < n)
		n = (size_t)(v->start - at);
	if (v->bounds && v->end > at && v->end - at < n)
		n = (size_t)(v->end - at);
	return n;
}

static void keep_rest(smsc_evt *v, uint64_t at, smsc_span s)
{
	if (!v->rest_size)
		v->rest_at = at;
	v->rest_size += s.size;
	if (v->rest.size + s.size <= SMSC_EVT_MOST)
		smsc_buf_add(&v->rest, s.data, s.size);
}

/* Passes over `n` bytes that are no record. */
static void pass(smsc_log *l, size_t n, const char *reason)
{
	smsc_evt *v = &l->evt;
	while (n) {
		size_t part = up_to_bound(v, l->w.offset, n);
		smsc_span s = smsc_span_of(smsc_log_bytes(l), part);
		bool live = is_live(v, l->w.offset);
		if (live && !v->first)
			keep_rest(v, l->w.offset, s);
		if (!live || !v->first || is_fill(s))
			smsc_window_skip(&l->w, part);
		else
			smsc_log_junk(l, part, reason);
		n -= part;
	}
}

/* ---- header and end record ------------------------------------------------------------- */

static void read_header(smsc_log *l)
{
	smsc_evt *v = &l->evt;
	v->begun = true;
	smsc_log_want(l, SMSC_EVT_HEADER);
	const uint8_t *p = (const uint8_t *)smsc_log_bytes(l);
	if (!is_header(smsc_span_of(p, smsc_log_left(l))))
		return;
	v->header = true;
	v->dirty = smsc_le32(p + 0x24) & DIRTY;
	v->start = smsc_le32(p + 0x10);
	v->end = smsc_le32(p + 0x14);
	v->bounds = !v->dirty && v->start >= SMSC_EVT_HEADER && v->end >= SMSC_EVT_HEADER;
	smsc_window_skip(&l->w, SMSC_EVT_HEADER);
}

static void believe_end(smsc_log *l, const uint8_t *p)
{
	smsc_evt *v = &l->evt;
	if (v->bounds && v->end != l->w.offset)
		smsc_log_note(l, SMSC_RULE_D003, l->w.offset,
		              "the log ends here, not at %" PRIu64 " as its header says", v->end);
	v->ended = v->bounds = true;
	v->start = smsc_le32(p + 0x14);
	v->end = l->w.offset;
}

static void take_end(smsc_log *l)
{
	smsc_evt *v = &l->evt;
	smsc_log_want(l, SMSC_EVT_END);
	size_t left = smsc_log_left(l), size = left < SMSC_EVT_END ? left : SMSC_EVT_END;
	const uint8_t *p = (const uint8_t *)smsc_log_bytes(l);
	bool whole = size == SMSC_EVT_END;
	if (whole && !v->ended && smsc_le32(p + 0x18) == l->w.offset)
		believe_end(l, p);
	else if (v->bounds && l->w.offset == v->end)
		v->old_end = true;
	else if (is_live(v, l->w.offset)) {
		pass(l, size, "an old end record");
		size = 0;
	}
	v->first = true;
	v->next_number = 0;
	smsc_log_end_junk(l);
	smsc_window_skip(&l->w, size);
}

/* ---- records -------------------------------------------------------------------------------- */

static void check_number(smsc_log *l, uint64_t number)
{
	smsc_evt *v = &l->evt;
	if (v->next_number && number > v->next_number)
		smsc_log_note(l, SMSC_RULE_D001, l->w.offset,
		              "events %" PRIu64 " to %" PRIu64 " are missing before this one",
		              v->next_number, number - 1);
	else if (v->next_number && number < v->next_number)
		smsc_log_note(l, SMSC_RULE_D003, l->w.offset,
		              "event %" PRIu64 " stands where %" PRIu64 " should", number, v->next_number);
	v->next_number = number + 1;
}

/* The row is `record`, of which `n` bytes stand here. */
static void take_record(smsc_log *l, smsc_span record, size_t n, smsc_row *row)
{
	bool live = is_live(&l->evt, l->w.offset);
	smsc_log_end_junk(l);
	l->evt.first = true;
	smsc_evt_row(l, record, l->w.offset, row);
	if (live)
		check_number(l, row->number);
	row->form = live ? "evt" : "evt-old";
	row->offset = l->w.offset;
	row->length = n;
	l->pending = n;
}

/* The length at the end of a record whose last `rest` bytes stand behind the header; asked
 * before they are put together, for a damaged log may have many such beginnings. */
static bool rest_fits(const smsc_log *l, size_t here, size_t rest, size_t size)
{
	const uint8_t *p = (const uint8_t *)smsc_log_bytes(l);
	uint8_t length[4];
	for (size_t i = 0; i < sizeof length; i++) {
		size_t at = here + rest - sizeof length + i;
		length[i] = at < here ? p[at] : (uint8_t)l->evt.rest.data[at - here];
	}
	return smsc_le32(length) == size;
}

/* The record goes past the end of the file and on behind the header. */
static bool go_round(smsc_log *l, size_t size)
{
	smsc_evt *v = &l->evt;
	size_t here = smsc_log_left(l), rest = size - here;
	if (here >= size || v->rest_at != SMSC_EVT_HEADER || v->rest.size < rest ||
	    !rest_fits(l, here, rest, size))
		return false;
	smsc_buf_clear(&v->round);
	smsc_buf_add(&v->round, smsc_log_bytes(l), here);
	smsc_buf_add(&v->round, v->rest.data, rest);
	if (v->round.failed)
		return false;
	v->rest_at += rest;
	v->rest_size -= rest;
	return true;
}

static bool take_candidate(smsc_log *l, smsc_row *row)
{
	size_t size = length_at(smsc_span_of(smsc_log_bytes(l), smsc_log_left(l)));
	if (size)
		smsc_log_want(l, size);
	smsc_span here = smsc_span_of(smsc_log_bytes(l), smsc_log_left(l));
	if (is_whole(here, size))
		take_record(l, smsc_span_cut(here, 0, size), size, row);
	else if (size && here.size >= SMSC_EVT_LEAST && go_round(l, size))
		take_record(l, smsc_span_of(l->evt.round.data, size), here.size, row);
	else
		return false;
	return true;
}

/* Where the next record or end record may begin; all that is there when none does. */
static size_t next_mark(smsc_span s)
{
	const char *p = s.data;
	for (size_t i = 0; i + 8 <= s.size; i++) {
		if (p[i + 4] == 'L' && !memcmp(p + i + 4, "LfLe", MARK_SIZE))
			return i;
		if (p[i] == end_mark[0] && p[i + 4] == end_mark[4] && is_end(smsc_span_cut(s, i, END_MARK)))
			return i;
	}
	return s.size;
}

/* What stood before the first record and did not turn out to be the rest of the last one. */
static void tell_rest(smsc_log *l)
{
	smsc_evt *v = &l->evt;
	if (v->rest_size)
		smsc_log_note(l, SMSC_RULE_D005, v->rest_at,
		              "%" PRIu64 " bytes before the first event are none", v->rest_size);
	if (v->header && !v->ended && !v->old_end)
		smsc_log_note(l, SMSC_RULE_D001, l->w.offset, "the end record of the log is missing");
}

static bool evt_next(smsc_log *l, smsc_row *row)
{
	if (!l->evt.begun)
		read_header(l);
	for (;;) {
		smsc_log_want(l, SMSC_EVT_LEAST);
		smsc_span s = smsc_span_of(smsc_log_bytes(l), smsc_log_left(l));
		size_t mark = next_mark(s);
		if (mark == s.size && s.size > MOST_AHEAD)
			pass(l, s.size - HALF_MARK, "no event");
		else if (mark == s.size && !smsc_window_more(&l->w))
			break;
		if (mark == s.size)
			continue;
		pass(l, mark, "no event");
		if (is_end(smsc_span_of(smsc_log_bytes(l), smsc_log_left(l))))
			take_end(l);
		else if (take_candidate(l, row))
			return true;
		else
			pass(l, 1, "a damaged event");
	}
	if (!l->w.error) {
		pass(l, smsc_log_left(l), "no event");
		tell_rest(l);
	}
	return false;
}

/* ---- as a format ----------------------------------------------------------------------------- */

static int evt_probe(smsc_span head, uint64_t size, const char *name)
{
	const char *p = head.data;
	(void)size;
	(void)name;
	if (head.size >= 8 && smsc_le32(p) == SMSC_EVT_HEADER && !memcmp(p + 4, "LfLe", MARK_SIZE))
		return 98;
	/* A piece of a log: one whole record will do. */
	for (size_t at = 0; at < head.size; at++) {
		smsc_span s = smsc_span_cut(head, at, head.size);
		at += next_mark(s);
		s = smsc_span_cut(head, at, head.size);
		if (is_whole(s, length_at(s)))
			return 85;
	}
	return 0;
}

void smsc_evt_put_header(smsc_span in, smsc_record *out)
{
	smsc_cur at = smsc_cur_of(smsc_span_cut(in, 0, SMSC_EVT_HEADER), 0), *c = &at;
	if (!is_header(in))
		return;
	smsc_read_u32(out, c, "header_size", "bytes of the file header");
	smsc_read_bytes(out, c, 4, "signature", "LfLe");
	smsc_read_u32(out, c, "major_version", "1");
	smsc_read_u32(out, c, "minor_version", "1");
	smsc_read_u32(out, c, "start", "offset of the oldest event");
	smsc_read_u32(out, c, "end", "offset of the end record");
	smsc_read_u32(out, c, "next_number", "number that the next event gets");
	smsc_read_u32(out, c, "oldest_number", "number of the oldest event; 0 when there is none");
	smsc_read_u32(out, c, "maximum_size", "bytes that the file may have");
	uint32_t flags = smsc_read_u32(out, c, "flags", "state of the log");
	smsc_note(out, "%s%s%s%s", flags & DIRTY ? "in use: this header is out of date" : "closed in order",
	          flags & 2 ? ", gone round" : "", flags & 4 ? ", full" : "", flags & 8 ? ", archive" : "");
	smsc_read_u32(out, c, "retention", "seconds that an event is kept");
	smsc_read_u32(out, c, "header_size_again", "as at the start");
}

const smsc_log_kind smsc_evt_log = {
	{ "evt", "event log of Windows NT 4 to Server 2003", evt_probe, smsc_log_summary },
	NULL, evt_next, NULL,
};
