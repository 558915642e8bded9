/* iis_log.c - the extended log format of the W3C, as IIS writes it:
 *
 *   #Date: 2005-01-07 22:59:38
 *   #Fields: date time c-ip cs-method cs-uri-stem cs-uri-query sc-status
 *   2005-01-07 22:59:41 192.0.2.79 GET /SMS_MP/.sms_aut MPLIST 500
 *
 * #Fields names the columns of the lines behind it and may come again.  IIS 5 leaves the date
 * out; then it is that of #Date, one day later whenever the clock goes back by
 * half a day.  #Date is written
 * when the service begins to log, so it is a row of its own.  Times of IIS are UTC.
 *
 * The columns differ from server to server; the text of a row does not:
 * "GET /SMS_MP/.sms_aut?MPLIST: status 500".
 */
#include "../base/text.h"
#include "log_stream.h"

typedef enum column {
	C_OTHER, C_DATE, C_TIME, C_SITE, C_METHOD, C_STEM, C_QUERY, C_CLIENT, C_AGENT, C_STATUS,
	C_SUBSTATUS, C_WIN32, COLUMN_COUNT
} column;

static const char *const column_names[COLUMN_COUNT] = {
	"", "date", "time", "s-sitename", "cs-method", "cs-uri-stem", "cs-uri-query", "c-ip",
	"cs(User-Agent)", "sc-status", "sc-substatus", "sc-win32-status",
};

#define MOST_COLUMNS 64

struct smsc_columns {
	uint8_t  role[MOST_COLUMNS];  /* a column */
	unsigned count;
	bool     http;                /* of a web server: UTC */
};

/* ---- lines of words ------------------------------------------------------------------ */

static bool span_is(smsc_span s, const char *text)
{
	return s.size == strlen(text) && !memcmp(s.data, text, s.size);
}

static smsc_span take_word(smsc_text_at *t)
{
	while (t->p < t->end && *t->p == ' ')
		t->p++;
	const char *start = t->p, *end = start == t->end ? NULL : memchr(start, ' ', (size_t)(t->end - start));
	t->p = end ? end : t->end;
	return smsc_span_of(start, (size_t)(t->p - start));
}

/* "-" is how the writer leaves a column empty. */
static bool is_filled(smsc_span s)
{
	return s.size && !span_is(s, "-");
}

static column column_of(smsc_span name)
{
	column c = C_DATE;

	/* As the log of errors of HTTP itself has it. */
	if (span_is(name, "cs-uri"))
		return C_STEM;
	while (c < COLUMN_COUNT && !span_is(name, column_names[c]))
		c++;
	return c < COLUMN_COUNT ? c : C_OTHER;
}

static void read_fields(smsc_columns *columns, smsc_text_at t)
{
	smsc_span name;

	*columns = (smsc_columns){ .count = 0 };
	while (columns->count < MOST_COLUMNS && (name = take_word(&t)).size) {
		column c = column_of(name);
		columns->role[columns->count++] = (uint8_t)c;
		columns->http |= c >= C_METHOD && c != C_CLIENT;
	}
}

static bool take_day(smsc_text_at *t, smsc_date *d)
{
	return smsc_take_number(t, 4, 4, &d->year) && smsc_take(t, '-') &&
	       smsc_take_number(t, 2, 2, &d->month) && smsc_take(t, '-') &&
	       smsc_take_number(t, 2, 2, &d->day);
}

/* ---- text ---------------------------------------------------------------------------- */

static void add_span(smsc_buf *out, const char *before, smsc_span s)
{
	if (!is_filled(s))
		return;
	smsc_buf_str(out, before);
	smsc_buf_add(out, s.data, s.size);
}

static unsigned number_of(smsc_span s)
{
	smsc_text_at t = smsc_text_of(s);
	unsigned value = 0;

	return smsc_take_number(&t, 1, 9, &value) && t.p == t.end ? value : 0;
}

static void put_request(smsc_log *l, const smsc_span *words, smsc_row *row)
{
	smsc_buf *out = &l->joined;
	unsigned status = number_of(words[C_STATUS]);

	add_span(out, "", words[C_METHOD]);
	add_span(out, " ", words[C_STEM]);
	add_span(out, "?", words[C_QUERY]);
	add_span(out, ": status ", words[C_STATUS]);
	if (!span_is(words[C_SUBSTATUS], "0"))
		add_span(out, ".", words[C_SUBSTATUS]);
	if (!span_is(words[C_WIN32], "0"))
		add_span(out, ", error ", words[C_WIN32]);
	add_span(out, ", ", words[C_AGENT]);
	/* The first answer to each client that must log on is 401. */
	row->severity = status >= 500 ? 3 : status >= 400 && status != 401 ? 2 : 0;
}

/* What a client of Software Update Services reports, by the letters of the request. */
static const char *ping_name(smsc_span key)
{
	static const struct { const char *key, *name; } names[] = {
		{ "V", "version" }, { "U", "id" }, { "PUID", "id" }, { "C", "client" },
		{ "A", "activity" }, { "I", "item" }, { "D", "device" }, { "P", "platform" },
		{ "PLAT", "platform" }, { "L", "language" }, { "LOCALE", "language" },
		{ "S", "status" }, { "STATUS", "status" }, { "E", "error" }, { "M", "message" },
		{ "X", "time" }, { "RID", "request" },
	};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (span_is(key, names[i].key))
			return names[i].name;
	return NULL;
}

static bool is_zero(smsc_span s)
{
	const char *p = s.data;

	for (size_t i = 0; i < s.size; i++)
		if (p[i] != '0')
			return false;
	return true;
}

static void put_ping(smsc_log *l, smsc_span query, smsc_row *row)
{
	smsc_text_at t = smsc_text_of(query);
	const char *before = "ping: ";

	row->component = smsc_span_of("SUS", 3);
	while (t.p < t.end) {
		const char *end = memchr(t.p, '&', (size_t)(t.end - t.p));
		end = end ? end : t.end;
		const char *equal = memchr(t.p, '=', (size_t)(end - t.p));
		smsc_span key = smsc_span_of(t.p, (size_t)((equal ? equal : end) - t.p));
		smsc_span value = equal ? smsc_span_of(equal + 1, (size_t)(end - equal) - 1) : key;
		const char *name = equal ? ping_name(key) : NULL;
		bool error = name && !strcmp(name, "error");
		t.p = end < t.end ? end + 1 : end;
		if (!value.size || (error && is_zero(value)))
			continue;
		smsc_buf_str(&l->joined, before);
		if (name)
			smsc_buf_str(&l->joined, name);
		else if (equal)
			smsc_buf_add(&l->joined, key.data, key.size);
		if (equal)
			smsc_buf_char(&l->joined, ' ');
		smsc_buf_str(&l->joined, error ? "0x" : "");
		smsc_buf_add(&l->joined, value.data, value.size);
		before = ", ";
		row->severity = error ? 3 : row->severity;
	}
}

static bool is_ping(smsc_span stem)
{
	static const char name[] = "/wutrack.bin";
	size_t size = sizeof name - 1;

	if (stem.size < size)
		return false;
	for (size_t i = 0; i < size; i++)
		if (smsc_ascii_lower(((const char *)stem.data)[stem.size - size + i]) != name[i])
			return false;
	return true;
}

/* ---- rows ---------------------------------------------------------------------------- */

/* The columns of a line whose #Fields is lost, as far as they can be seen. */
static const smsc_columns unknown = { .role = { C_DATE, C_TIME }, .count = 2, .http = true };

static smsc_time time_of(smsc_log *l, const smsc_span *words)
{
	smsc_text_at day = smsc_text_of(words[C_DATE]), clock = smsc_text_of(words[C_TIME]);
	smsc_date d = { 0 };

	if (!smsc_take_clock(&clock, &d.clock) || clock.p < clock.end)
		return SMSC_NEVER;
	if (!words[C_DATE].data)
		return smsc_log_roll(l, &d.clock);
	if (!take_day(&day, &d) || day.p < day.end)
		return SMSC_NEVER;
	return smsc_log_time(&l->day, (int)d.year, (int)d.month, (int)d.day, &d.clock);
}

/* False when it is no line of these columns.  Some servers leave two blanks where a column is
 * empty and put one more into another, so a number of words alone proves nothing. */
static bool fill_request(smsc_log *l, smsc_span line, smsc_row *row)
{
	const smsc_columns *columns = l->columns->count ? l->columns : &unknown;
	smsc_span words[COLUMN_COUNT] = { { NULL, 0 } }, word;
	smsc_text_at t = smsc_text_of(line);

	for (unsigned i = 0; i < columns->count && (word = take_word(&t)).size; i++)
		words[columns->role[i]] = word;
	row->local = words[C_TIME].data ? time_of(l, words) : SMSC_NEVER;
	if (row->local == SMSC_NEVER && (!words[C_TIME].data || l->rolled != SMSC_NEVER || words[C_DATE].data))
		return false;
	row->bias = columns->http ? 0 : SMSC_NO_BIAS;
	row->component = is_filled(words[C_SITE]) ? words[C_SITE] : smsc_span_of("IIS", columns->http ? 3 : 0);
	if (is_filled(words[C_CLIENT]))
		row->context = words[C_CLIENT];
	row->text = line;
	if (!words[C_METHOD].data && !words[C_STEM].data)
		return true;
	smsc_buf_clear(&l->joined);
	if (is_ping(words[C_STEM]) && is_filled(words[C_QUERY]))
		put_ping(l, words[C_QUERY], row);
	else
		put_request(l, words, row);
	row->text = smsc_span_of(l->joined.data, l->joined.size);
	return true;
}

/* True for #Date, which is a row. */
static bool read_directive(smsc_log *l, smsc_span line, smsc_row *row)
{
	smsc_text_at t = smsc_text_of(line);
	smsc_date d = { 0 };

	if (smsc_take_text(&t, "#Fields:"))
		read_fields(l->columns, t);
	if (!smsc_take_text(&t, "#Date: ") || !take_day(&t, &d) || !smsc_take(&t, ' ') ||
	    !smsc_take_clock(&t, &d.clock))
		return false;
	row->local = l->rolled = smsc_log_time(&l->day, (int)d.year, (int)d.month, (int)d.day, &d.clock);
	row->bias = 0;
	row->component = smsc_span_of("IIS", 3);
	row->text = line;
	return row->local != SMSC_NEVER;
}

static bool iis_next(smsc_log *l, smsc_row *row)
{
	for (;;) {
		smsc_log_skip_void(l);
		size_t size = smsc_log_line(l, 0);
		if (!size || !l->columns)
			return false;
		const char *p = smsc_log_bytes(l), *zero = memchr(p, 0, size);
		smsc_span line = smsc_span_trim(smsc_span_of(p, zero ? (size_t)(zero - p) : size));
		bool directive = *p == '#';
		row->form = "iis";
		if (directive ? read_directive(l, line, row) : fill_request(l, line, row)) {
			smsc_log_claim(l, row, line.size);
			return true;
		}
		*row = (smsc_row)SMSC_ROW_INIT;
		if (directive) {
			smsc_log_end_junk(l);
			smsc_window_skip(&l->w, line.size);
		} else {
			smsc_log_junk(l, zero ? (size_t)(zero - p) : size, "no line of the columns that #Fields names");
		}
	}
}

static void iis_start(smsc_log *l)
{
	l->columns = smsc_arena_alloc(l->arena, sizeof *l->columns);
	if (l->columns)
		*l->columns = (smsc_columns){ .count = 0 };
}

/* ---- probe ---------------------------------------------------------------------------- */

static int weigh(smsc_span line)
{
	static const char maker[] = "#Software: Microsoft Internet Information Services";
	smsc_text_at t = smsc_text_of(smsc_span_trim(line));
	smsc_columns columns;
	bool time = false;

	if (smsc_take_text(&t, maker))
		return 90;
	if (!smsc_take_text(&t, "#Fields:"))
		return 0;
	read_fields(&columns, t);
	for (unsigned i = 0; i < columns.count; i++)
		time |= columns.role[i] == C_TIME;
	return !time ? 0 : columns.http ? 90 : 70;
}

/* #Fields stands near the beginning, and in a log whose beginning is lost, further on. */
static int iis_probe(smsc_span head, uint64_t size, const char *name)
{
	char room[SMSC_PROBE_TEXT];
	smsc_span text = smsc_span_trim(smsc_probe_text(head, room)), line;
	bool first = text.size && *(const char *)text.data == '#';
	int sure = 0;

	(void)size;
	(void)name;
	while (!sure && (line = smsc_span_take_line(&text)).size)
		sure = *(const char *)line.data == '#' ? weigh(line) : 0;
	return first ? sure : sure ? 60 : 0;
}

const smsc_log_kind smsc_iis_log = {
	{ "iis-log", "log of IIS or another program in the extended format of the W3C",
	  iis_probe, smsc_log_summary },
	iis_start, iis_next, NULL,
};
