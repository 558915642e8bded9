/* sms_log.c - trace logs of the site server: text, then "$$<component><date><thread=...>".
 *
 * Only the end of a record is marked, so a record is what stands since the end of the one
 * before: normally one line, several when a text of SQL Server has line ends in it.
 */
#include "log_stream.h"

#define RENAMED "<MAXIMUM LOG FILE SIZE REACHED - FILE RENAMED>"

static bool is_mark(char c)
{
	return c == ' ' || c == '~' || (c < ' ' && smsc_is_blank(c));
}

/* The writer marks line ends with '~', at the start, at the end, both or twice. */
static smsc_span trim_marks(smsc_span s)
{
	const char *p = s.data, *end = p + s.size;

	while (end > p && is_mark(end[-1]))
		end--;
	while (p < end && is_mark(*p))
		p++;
	return smsc_span_of(p, (size_t)(end - p));
}

/* A '$' that may begin a trailer.  "$<" (one article's misprint) needs a blank before it,
 * for "$$<" holds it too. */
static bool is_dollar_mark(const smsc_log *l, size_t at)
{
	const char *p = smsc_log_bytes(l) + at;
	size_t left = smsc_log_left(l) - at;

	if (left >= 3 && !memcmp(p, "$$<", 3))
		return true;
	return left >= 2 && !memcmp(p, "$<", 2) && (!at || smsc_is_blank(p[-1]));
}

/* The last line of a log that was renamed to .lo_ because it was full: no record, no damage. */
static void skip_renamed(smsc_log *l)
{
	size_t size = sizeof RENAMED - 1;

	smsc_log_want(l, size);
	if (smsc_log_left(l) < size || memcmp(smsc_log_bytes(l), RENAMED, size))
		return;
	l->renamed = true;
	l->renamed_at = l->w.offset;
	smsc_window_skip(&l->w, size);
	smsc_log_skip_void(l);
}

/* Bytes up to and with the last line in `text` that ends like a record: its "$$<" is damaged,
 * and it is no part of the record that follows. */
static size_t damaged_lines(const char *text, size_t size)
{
	static const char mark[] = "<thread=";
	const char *p = text, *end = text + size, *last = text;

	/* A '<' is rare, and to look for one byte costs less. */
	if (!size || !memchr(text, '\n', size) || !memchr(text, *mark, size))
		return 0;
	while ((p = memmem(p, (size_t)(end - p), mark, sizeof mark - 1))) {
		const char *line_end = memchr(p, '\n', (size_t)(end - p));
		if (!line_end)
			break;
		p = line_end + 1;
		last = p;
	}
	return (size_t)(last - text);
}

static void note_doubts(smsc_log *l, const smsc_trailer *t)
{
	if (t->bad_time)
		smsc_log_note(l, SMSC_RULE_D003, l->w.offset, "the date of this record is none");
	if (t->bad_thread)
		smsc_log_note(l, SMSC_RULE_D003, l->w.offset,
		              "the thread is %u and another number in hex", (unsigned)t->thread);
}

static bool has_line_end(smsc_span s)
{
	return s.size && memchr(s.data, '\n', s.size);
}

static void fill_row(smsc_log *l, size_t text, const smsc_trailer *t, smsc_row *row)
{
	note_doubts(l, t);
	row->form = t->form;
	row->local = t->local;
	row->bias = t->bias;
	row->thread = t->thread;
	row->text = trim_marks(smsc_span_of(smsc_log_bytes(l), text));
	row->component = t->component;
	if (has_line_end(t->component)) {
		smsc_buf_clear(&l->joined);
		row->component = smsc_log_join(l, t->component);
	}
	const char *behind = smsc_log_bytes(l) + text + t->size;
	bool more = smsc_log_left(l) > text + t->size;
	/* The writer ends its line there; an article may go on behind a blank. */
	l->rest_of_line_is_junk = t->torn || (t->whole && more && !smsc_is_blank(*behind) && *behind);
	size_t size = text + t->size;
	smsc_log_claim_line(l, row, size, smsc_window_look(&l->w, size));
}

/* The trailer at `at`, if it is one. */
static bool take_record(smsc_log *l, size_t at, smsc_row *row)
{
	smsc_trailer t;

	smsc_log_want(l, at + SMSC_TRAILER_MOST);
	smsc_span s = smsc_span_cut(smsc_span_of(smsc_log_bytes(l), smsc_log_left(l)), at,
	                            SMSC_TRAILER_MOST);
	if (!smsc_take_trailer(s, &l->day, &l->zone, &t))
		return false;
	smsc_sms_plain_learn(s.data, &t, &l->day, &l->named);
	size_t damaged = damaged_lines(smsc_log_bytes(l), at);
	if (damaged)
		smsc_log_junk(l, damaged, "a damaged end of a record");
	at -= damaged;
	fill_row(l, at, &t, row);
	return true;
}

/* A "$$<" that is no trailer may stand in a text, if the line goes on to one. */
static bool is_in_text(smsc_log *l, size_t at)
{
	size_t size = smsc_log_line(l, at);

	return memmem(smsc_log_bytes(l) + at + 3, size - at - 3, "$$<", 3);
}

/* Where the end of a record may be, as is_dollar_mark() has it. */
static size_t find_dollar(const smsc_log *l, smsc_look *look)
{
	const char *p = smsc_log_bytes(l);
	size_t at = smsc_window_find(&l->w, 0, '$', look);

	/* Shares have a '$' in their names. */
	while (at < SIZE_MAX && p[at + 1] != '<' && memcmp(p + at, "$$<", 3))
		at = smsc_window_find(&l->w, at + 1, '$', look);
	return at;
}

/* A record of the plain form, right here and whole: nearly all are.  False leaves everything but
 * the row as it is, for the search below. */
static bool take_plain_record(smsc_log *l, smsc_row *row)
{
	smsc_span seen = smsc_span_of(smsc_log_bytes(l), smsc_log_left(l));
	smsc_look look = { true, 0 };
	size_t text = find_dollar(l, &look);
	const char *p = seen.data;

	/* Zeros, and what may be the mark of a log that was renamed, are for the others. */
	if (l->rest_of_line_is_junk || text > SMSC_LOG_MAX_RECORD || !*p || smsc_is_blank(*p) || *p == '<')
		return false;
	size_t trailer = smsc_sms_plain_trailer(smsc_span_cut(seen, text, SIZE_MAX), &l->day, &l->named, row), size = text + trailer;
	if (!trailer || (p[size] != '\r' && p[size] != '\n') || (look.lines && damaged_lines(p, text)))
		return false;
	row->text = trim_marks(smsc_span_of(p, text));
	smsc_log_claim_line(l, row, size, look);
	return true;
}

static bool sms_next(smsc_log *l, smsc_row *row)
{
	size_t scan = 0;

	if (take_plain_record(l, row))
		return true;
	smsc_log_clear(row);
	if (l->rest_of_line_is_junk)
		smsc_log_junk(l, smsc_log_line(l, 0), "a torn end of a record");
	l->rest_of_line_is_junk = false;
	smsc_log_skip_void(l);
	skip_renamed(l);
	for (;;) {
		size_t left = smsc_log_left(l);
		const char *p = smsc_log_bytes(l);
		const char *dollar = memchr(p + scan, '$', left - scan);
		scan = dollar ? (size_t)(dollar - p) : left;
		if (left - scan < 3 && smsc_window_more(&l->w))
			continue;
		if (scan > SMSC_LOG_MAX_RECORD) {
			smsc_log_junk(l, scan, "text without its end");
			scan = 0;
		} else if (scan >= smsc_log_left(l)) {
			break;
		} else if (!is_dollar_mark(l, scan)) {
			scan++;
		} else if (take_record(l, scan, row)) {
			return true;
		} else if (memcmp(smsc_log_bytes(l) + scan, "$$<", 3) || is_in_text(l, scan)) {
			scan++;
		} else {
			smsc_log_junk(l, smsc_log_line(l, scan), "a torn end of a record");
			scan = 0;
		}
	}
	if (!l->w.error)
		smsc_log_junk(l, smsc_log_left(l), "text without its end");
	return false;
}

/* Behind the last line that has the end of a record. */
static size_t sms_cut(smsc_span text)
{
	const char *p = text.data, *end = p + text.size;

	while ((end = memrchr(p, '\n', (size_t)(end - p)))) {
		const char *before = memrchr(p, '\n', (size_t)(end - p)), *line = before ? before + 1 : p;
		if (memmem(line, (size_t)(end - line), "$$<", 3))
			return (size_t)(end + 1 - p);
	}
	return 0;
}

/* How much one trailer says: a date makes it one, a component alone may be anything. */
static int weigh(const smsc_trailer *t)
{
	if (t->local != SMSC_NEVER)
		return 90;
	return t->component.size > 4 && !memcmp(t->component.data, "SMS_", 4) ? 40 : 20;
}

static int sms_probe(smsc_span head, uint64_t size, const char *name)
{
	char room[SMSC_PROBE_TEXT];
	smsc_text_at t = smsc_text_of(smsc_probe_text(head, room));
	smsc_day day = { 0 };
	smsc_zone zone = { 0 };
	smsc_trailer trailer;
	int sure = 0;

	(void)size;
	(void)name;
	while (sure < 90 && (t.p = memmem(t.p, (size_t)(t.end - t.p), "$$<", 3))) {
		if (smsc_take_trailer(smsc_span_of(t.p, (size_t)(t.end - t.p)), &day, &zone, &trailer))
			sure += weigh(&trailer);
		t.p += 3;
	}
	return sure < 40 ? 0 : sure < 90 ? sure : 90;
}

const smsc_log_kind smsc_sms_log = {
	{ "sms-log", "trace log of an SMS site server or a Legacy Client",
	  sms_probe, smsc_log_summary },
	NULL, sms_next, sms_cut,
};
