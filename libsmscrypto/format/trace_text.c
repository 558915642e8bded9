/* trace_text.c - the columns of a log viewer, as people paste them into mail and forums:
 *
 *   message TAB component TAB date time TAB 3944 (0x0F68)       the clipboard itself
 *   message component date time 3944 (0x0F68)                   tabs become blanks
 *   date time TAB message TAB component 3944 (0x0F68)           some articles
 *
 * Lines may be wrapped anywhere.  The viewer shows local time and no zone.
 */
#include "log_stream.h"
#include "trace_stamp.h"

/* A line this long together with the next word may have been wrapped: mailers do it at 60
 * to 80.  A shorter one ended because its writer ended it. */
#define WRAP_WIDTH 58

/* Component names that hold blanks; of all others the last word is the name. */
static const char *const wide_names[] = {
	"Client Configuration Installation Manager", "Configuration Manager Setup",
	"Hardware Inventory Agent", "NT Logon Discovery Agent", "ODP\\WNet User Groups",
	"ODP\\WNet User Accounts", "Software Inventory Agent",
};

/* How names begin that only SMS gives; what is pasted without threads must show one. */
static const char *const known_starts[] = {
	"SMS_", "MP_", "Ccm", "CCM", "ccm", "PolicyAgent", "LocationServices", "ClientIDManager",
	"CertificateMaintenance", "InventoryAgent", "Execmgr", "execmgr", "DataTransferService",
	"StatusAgent", "smscliui", "SMSCliUI", "Scheduler", "mtrmgr", "CliEx32",
};

static bool is_wide_name(smsc_span name)
{
	for (size_t i = 0; i < sizeof wide_names / sizeof *wide_names; i++)
		if (strlen(wide_names[i]) == name.size && !memcmp(wide_names[i], name.data, name.size))
			return true;
	return false;
}

static bool is_known_start(smsc_span name)
{
	for (size_t i = 0; i < sizeof known_starts / sizeof *known_starts; i++) {
		size_t size = strlen(known_starts[i]);
		if (name.size >= size && !memcmp(known_starts[i], name.data, size))
			return true;
	}
	return is_wide_name(name);
}

/* ---- message and component --------------------------------------------------------- */

/* Bytes of `text` that the wide name ends it with, or 0; the blanks may be wrapped. */
static size_t wide_name_at_end(smsc_span text, const char *name)
{
	const char *start = text.data, *p = start + text.size, *n = name + strlen(name);

	while (n > name && p > start) {
		if (n[-1] == ' ' && smsc_is_blank(p[-1])) {
			while (p > start && smsc_is_blank(p[-1]))
				p--;
			n--;
		} else if (*--p != *--n) {
			return 0;
		}
	}
	bool whole = n == name && (p == start || smsc_is_blank(p[-1]));
	return whole ? (size_t)(start + text.size - p) : 0;
}

static size_t name_at_end(smsc_span text)
{
	const char *p = text.data;
	size_t most = 0;

	for (size_t i = 0; i < sizeof wide_names / sizeof *wide_names; i++) {
		size_t size = wide_name_at_end(text, wide_names[i]);
		most = size > most ? size : most;
	}
	if (most)
		return most;
	while (most < text.size && !smsc_is_blank(p[text.size - 1 - most]))
		most++;
	return most;
}

/* Behind the last tab, unless that is plainly more than a name. */
static size_t name_behind_tab(smsc_span text, bool tabbed)
{
	const char *p = text.data, *tab = memrchr(p, '\t', text.size);

	if (!tab)
		return 0;
	smsc_span name = smsc_span_of(tab + 1, (size_t)(p + text.size - tab) - 1);
	if (!tabbed && memchr(name.data, ' ', name.size) && !is_wide_name(name))
		return 0;
	return name.size;
}

static void split(smsc_span both, bool tabbed, smsc_row *row)
{
	smsc_span text = smsc_span_trim(both);
	size_t size = name_behind_tab(text, tabbed);

	if (!size)
		size = name_at_end(text);
	row->component = smsc_span_trim(smsc_span_cut(text, text.size - size, size));
	row->text = smsc_span_trim(smsc_span_cut(text, 0, text.size - size));
}

/* ---- where a record begins --------------------------------------------------------- */

static size_t line_start(const char *p, size_t at)
{
	const char *end = at ? memrchr(p, '\n', at) : NULL;
	return end ? (size_t)(end - p) + 1 : 0;
}

static bool is_blank_run(const char *p, size_t from, size_t to)
{
	while (from < to && smsc_is_blank(p[from]))
		from++;
	return from == to;
}

static size_t word_size(const char *p, size_t size)
{
	size_t n = 0;

	while (n < size && !smsc_is_blank(p[n]))
		n++;
	return n;
}

static bool has_two_words(const char *p, size_t size)
{
	smsc_span s = smsc_span_trim(smsc_span_of(p, size));
	return word_size(s.data, s.size) < s.size;
}

/* Walks up from the line of the stamp over the lines that belong to its record. */
static size_t record_start(const char *p, size_t stamp, bool tabbed)
{
	size_t least = stamp > SMSC_LOG_KEEP ? stamp - SMSC_LOG_KEEP : 0;
	size_t start = line_start(p, stamp);

	while (start > least) {
		size_t above = line_start(p, start - 1);
		if (above < least || is_blank_run(p, above, start))
			break;
		size_t width = start - above + word_size(p + start, stamp - start);
		if (!tabbed && has_two_words(p + start, stamp - start) && width < WRAP_WIDTH)
			break;
		start = above;
	}
	if (start < least)
		start = least;
	while (start < stamp && smsc_is_blank(p[start]))
		start++;
	return start;
}

/* "> " of a quoted mail. */
static size_t quote_size(const char *p, size_t size)
{
	size_t n = 0;

	while (size - n >= 2 && p[n] == '>' && p[n + 1] == ' ')
		n += 2;
	while (n < size && smsc_is_blank(p[n]))
		n++;
	return n;
}

/* ---- rows ----------------------------------------------------------------------------- */

static void unwrap(smsc_log *l, smsc_row *row)
{
	smsc_buf_clear(&l->joined);
	smsc_buf_reserve(&l->joined, row->text.size + row->component.size);
	row->text = smsc_log_join(l, row->text);
	row->component = smsc_log_join(l, row->component);
}

static void fill_row(smsc_log *l, smsc_span both, bool tabbed, const smsc_shape *shape, smsc_row *row)
{
	split(both, tabbed, row);
	if (!tabbed && memchr(both.data, '\n', both.size))
		unwrap(l, row);
	row->form = "viewer";
	row->local = smsc_view_stamp_time(&shape->stamp, l->day_first, &l->day);
	if (shape->has_thread)
		row->thread = shape->thread;
	if (row->local == SMSC_NEVER)
		smsc_log_note(l, SMSC_RULE_D003, l->w.offset, "the date of this record is none");
	if (shape->has_thread && !shape->same_thread)
		smsc_log_note(l, SMSC_RULE_D003, l->w.offset,
		              "the thread is %u and another number in hex", (unsigned)row->thread);
}

/* False when there is nothing but a stamp. */
static bool take_record(smsc_log *l, const smsc_shape *shape, smsc_row *row)
{
	const char *p = smsc_log_bytes(l);
	size_t stamp = shape->stamp.at;
	bool tabbed = !shape->leads && stamp && p[stamp - 1] == '\t';
	size_t start = shape->leads ? stamp : record_start(p, stamp, tabbed);
	size_t text = shape->leads ? shape->stamp.end : start + quote_size(p + start, stamp - start);
	size_t text_end = shape->leads ? shape->text_end : stamp;

	if (is_blank_run(p, text, text_end))
		return false;
	smsc_log_junk(l, start, "no record");
	fill_row(l, smsc_span_of(p + text, text_end - text), tabbed, shape, row);
	smsc_log_claim(l, row, shape->end - start);
	return true;
}

static bool trace_next(smsc_log *l, smsc_row *row)
{
	size_t scan = 0;
	smsc_shape shape;

	for (;;) {
		smsc_span seen = smsc_span_of(smsc_log_bytes(l), smsc_log_left(l));
		if (smsc_find_shape(seen, scan, &shape)) {
			if (seen.size - shape.stamp.end < SMSC_SHAPE_AHEAD && smsc_window_more(&l->w))
				continue;
			if (take_record(l, &shape, row))
				return true;
			scan = shape.end;
			continue;
		}
		/* Half a stamp at the end of what is seen may become a whole one. */
		if (seen.size > SMSC_SHAPE_AHEAD && seen.size - SMSC_SHAPE_AHEAD > scan)
			scan = seen.size - SMSC_SHAPE_AHEAD;
		if (scan > SMSC_LOG_KEEP) {
			smsc_log_junk(l, scan - SMSC_LOG_KEEP, "no record");
			scan = SMSC_LOG_KEEP;
		}
		if (!smsc_window_more(&l->w))
			break;
	}
	if (!l->w.error)
		smsc_log_junk(l, smsc_log_left(l), "no record");
	return false;
}

/* Day or month first: what the first stamp says that can be read one way only; nothing said,
 * month first, as the viewer shows it where most of these texts come from. */
static void trace_start(smsc_log *l)
{
	smsc_span seen = smsc_span_of(smsc_log_bytes(l), smsc_log_left(l));
	smsc_shape shape = { .end = 0 };
	int order = 0;

	for (size_t from = 0; !order && smsc_find_shape(seen, from, &shape); from = shape.end)
		order = smsc_view_stamp_order(&shape.stamp);
	l->day_first = order > 0;
	l->order_told = order;
}

/* ---- probe ------------------------------------------------------------------------------ */

/* The name before a stamp that has no thread: 1 when SMS gives such names. */
static bool names_component(smsc_span text, const smsc_shape *shape)
{
	smsc_row row = SMSC_ROW_INIT;
	const char *p = text.data;
	size_t start = record_start(p, shape->stamp.at, false);

	split(smsc_span_of(p + start, shape->stamp.at - start), p[shape->stamp.at - 1] == '\t', &row);
	return row.text.size && is_known_start(row.component);
}

static int trace_probe(smsc_span head, uint64_t size, const char *name)
{
	char room[SMSC_PROBE_TEXT];
	smsc_span text = smsc_probe_text(head, room);
	smsc_shape shape;
	unsigned named = 0, other = 0;

	(void)size;
	(void)name;
	for (size_t from = 0; smsc_find_shape(text, from, &shape); from = shape.end) {
		if (shape.has_thread && shape.same_thread)
			return 80;
		if (!shape.leads && shape.stamp.at && names_component(text, &shape))
			named++;
		else
			other++;
	}
	return named && named >= other ? 60 : 0;
}

const smsc_log_kind smsc_trace_text = {
	{ "trace-text", "lines of an SMS log viewer, pasted as text",
	  trace_probe, smsc_log_summary },
	trace_start, trace_next, NULL,
};
