/* ccm_log.c - logs of the Advanced Client and the management point:
 *
 *   <![LOG[message]LOG]!><time="HH:mm:ss.fff+bias" date="MM-dd-yyyy" component="..."
 *   context="..." type="n" thread="n" file="name.cpp:line">
 *
 * The message may hold anything, also text that looks like this.  It ends at the first
 * "]LOG]!>" with a complete header behind it; a line that starts with "<![LOG[" before that
 * means that the writer was cut off.  Both marks have a '!', which is rare in messages, so
 * one search for that byte finds everything.
 */
#include "ccm_plain.h"
#include "log_stream.h"

#define OPEN        "<![LOG["
#define CLOSE       "]LOG]!><time=\""
#define OPEN_SIZE   (sizeof OPEN - 1)
#define CLOSE_SIZE  (sizeof CLOSE - 1)
#define OPEN_BANG   1   /* place of the '!' in each */
#define CLOSE_BANG  5
#define TIME_IN     7   /* of "<time" in CLOSE */
/* What stays when more was seen than a record may have: a tail's text, and half its mark. */
#define KEEP        (SMSC_LOG_KEEP + CLOSE_BANG)
/* Six values; the longest one seen is a path of 120 bytes. */
#define MOST_HEADER 4096

typedef struct ccm_header {
	smsc_span time, date, component, context, type, thread, file;
	size_t size;
} ccm_header;

typedef struct ccm_search {
	size_t scan;   /* bytes before it hold no mark */
	bool   open;   /* the first byte is a "<![LOG[" */
	bool   cut;    /* a header was broken off since then */
} ccm_search;

static smsc_span *slot_of(ccm_header *h, const char *name, size_t size)
{
	switch (size) {
	case 4:
		return !memcmp(name, "time", 4) ? &h->time : !memcmp(name, "date", 4) ? &h->date :
		       !memcmp(name, "type", 4) ? &h->type : !memcmp(name, "file", 4) ? &h->file : NULL;
	case 6:
		return !memcmp(name, "thread", 6) ? &h->thread : NULL;
	case 7:
		return !memcmp(name, "context", 7) ? &h->context : NULL;
	case 9:
		return !memcmp(name, "component", 9) ? &h->component : NULL;
	default:
		return NULL;
	}
}

/* One name="value".  No real value has a control character: at a line end, the header was
 * torn there. */
static bool take_attribute(smsc_text_at *t, ccm_header *h)
{
	const char *name = t->p, *p = name;
	while (p < t->end && *p >= 'a' && *p <= 'z')
		p++;
	smsc_span *slot = slot_of(h, name, (size_t)(p - name)), other = { NULL, 0 };
	if (p == name || t->end - p < 2 || p[0] != '=' || p[1] != '"')
		return false;
	const char *value = p + 2;
	p = smsc_find_quote(value, t->end);
	if (p == t->end || *p != '"')
		return false;
	if (!slot || slot->data)
		slot = &other;
	*slot = smsc_span_of(value, (size_t)(p - value));
	t->p = p + 1;
	return true;
}

static bool take_header(smsc_text_at *t, ccm_header *h)
{
	const char *start = t->p;

	*h = (ccm_header){ .size = 0 };
	if (!smsc_take(t, '<') || !take_attribute(t, h))
		return false;
	while (!smsc_take(t, '>')) {
		if (!smsc_take(t, ' '))
			return false;
		while (smsc_take(t, ' '))
			;
		if (t->p < t->end && *t->p != '>' && !take_attribute(t, h))
			return false;
	}
	h->size = (size_t)(t->p - start);
	return h->date.data;
}

/* ---- values ------------------------------------------------------------------- */

/* "+000" behind whole seconds is what scripts of MDT write in every zone; the product's own
 * zero is "+00". */
static bool is_dummy_bias(smsc_span bias, const smsc_clock *clock)
{
	return clock->tick == 0 && bias.size == 4 && !memcmp(bias.data, "+000", 4);
}

static void note_value(smsc_log *l, const char *name, smsc_span value)
{
	smsc_log_note(l, SMSC_RULE_D003, l->w.offset, "the %s of this record is none: %.*s", name,
	              (int)(value.size < 40 ? value.size : 40), (const char *)value.data);
}

/* Scripts write "12:00:00,123" where the locale says so, and whole seconds. */
static bool take_time(smsc_text_at *t, smsc_clock *clock)
{
	if (!smsc_take_clock(t, clock))
		return false;
	if (!smsc_take_fraction(t, '.', clock))
		smsc_take_fraction(t, ',', clock);
	return t->p == t->end || !memchr(".,0123456789", *t->p, 12);
}

/* Month-day-year; a script may write year-month-day, which cannot be mistaken for it. */
static bool read_date(smsc_span date, unsigned *year, unsigned *month, unsigned *day)
{
	smsc_text_at t = smsc_text_of(date);

	if (smsc_take_number(&t, 4, 4, year))
		return smsc_take(&t, '-') && smsc_take_number(&t, 2, 2, month) && smsc_take(&t, '-') &&
		       smsc_take_number(&t, 2, 2, day) && t.p == t.end;
	return smsc_take_number(&t, 1, 2, month) && smsc_take(&t, '-') &&
	       smsc_take_number(&t, 1, 2, day) && smsc_take(&t, '-') &&
	       smsc_take_number(&t, 4, 4, year) && t.p == t.end;
}

/* Scripts put a "+" before any number, taken from one of two sources of opposite signs. */
static bool is_signed_twice(smsc_span bias)
{
	return bias.size > 2 && !memcmp(bias.data, "+-", 2);
}

/* A bias that is none leaves the local time as it is. */
static void read_bias(smsc_log *l, smsc_text_at t, const smsc_clock *clock, smsc_row *row)
{
	smsc_span bias = smsc_span_of(t.p, (size_t)(t.end - t.p));

	if (!bias.size || is_signed_twice(bias))
		return;
	if (!smsc_take_bias(&t, &row->bias) || t.p < t.end) {
		row->bias = SMSC_NO_BIAS;
		note_value(l, "bias", bias);
	} else if (is_dummy_bias(bias, clock)) {
		row->bias = SMSC_NO_BIAS;
	}
}

static bool read_time(smsc_log *l, const ccm_header *h, smsc_row *row)
{
	smsc_text_at time = smsc_text_of(h->time);
	unsigned month, day, year;
	smsc_clock clock;

	if (!take_time(&time, &clock) || !read_date(h->date, &year, &month, &day))
		return false;
	row->local = smsc_log_time(&l->day, (int)year, (int)month, (int)day, &clock);
	if (row->local != SMSC_NEVER)
		read_bias(l, time, &clock, row);
	return row->local != SMSC_NEVER;
}

/* False when it is none, or too large; true and 0 when it is empty. */
static bool read_number(smsc_span s, uint32_t most, uint32_t *out)
{
	const char *p = s.data;
	uint64_t value = 0;

	*out = 0;
	if (s.size > 10)
		return false;
	for (size_t i = 0; i < s.size; i++) {
		if (!smsc_is_digit(p[i]))
			return false;
		value = value * 10 + (unsigned)(p[i] - '0');
	}
	*out = value <= most ? (uint32_t)value : 0;
	return value <= most;
}

/* "systemtask.cpp:122": the last colon, if only digits follow it. */
static void read_file(smsc_span file, smsc_row *row)
{
	const char *start = file.data, *p = start + file.size;

	row->file = file;
	while (p > start && smsc_is_digit(p[-1]))
		p--;
	size_t digits = file.size - (size_t)(p - start);
	if (!digits || p == start || p[-1] != ':')
		return;
	row->file.size -= digits + 1;
	read_number(smsc_span_of(p, digits), UINT32_MAX, &row->source_line);
}

/* Decimal; scripts also write "0x1F8", and what the viewer shows: "504 (0x1F8)". */
static bool read_thread(smsc_span s, uint32_t *thread)
{
	smsc_text_at t = smsc_text_of(s), hex = t;
	uint64_t value;
	bool same;

	if (read_number(s, UINT32_MAX, thread))
		return true;
	if (smsc_take_thread(&t, thread, &same) && same && t.p == t.end)
		return true;
	bool good = smsc_take_text(&hex, "0x") && smsc_take_hex(&hex, &value) && hex.p == hex.end && value <= UINT32_MAX;
	*thread = good ? (uint32_t)value : 0;
	return good;
}

static void read_values(smsc_log *l, const ccm_header *h, smsc_row *row)
{
	uint32_t type;

	row->form = "ccm";
	row->component = h->component;
	row->context = h->context;
	if (!read_number(h->type, 3, &type))
		note_value(l, "type", h->type);
	row->severity = (int32_t)type;
	if (!read_thread(h->thread, &row->thread))
		note_value(l, "thread", h->thread);
	if (h->file.size)
		read_file(h->file, row);
	if (read_time(l, h, row))
		return;
	row->bias = SMSC_NO_BIAS;
	smsc_log_note(l, SMSC_RULE_D003, l->w.offset, "the time of this record is none: %.*s %.*s",
	              (int)(h->time.size < 40 ? h->time.size : 40), (const char *)h->time.data,
	              (int)(h->date.size < 40 ? h->date.size : 40), (const char *)h->date.data);
}

/* ---- framing ------------------------------------------------------------------- */

static bool mark_at(const smsc_log *l, size_t at, const char *mark, size_t size)
{
	return smsc_log_left(l) - at >= size && !memcmp(smsc_log_bytes(l) + at, mark, size);
}

static bool opens_at(const smsc_log *l, const ccm_search *s, size_t bang)
{
	if (bang < OPEN_BANG || !mark_at(l, bang - OPEN_BANG, OPEN, OPEN_SIZE))
		return false;
	if (!s->open || s->cut || bang == OPEN_BANG)
		return true;
	/* Zeros: what a crash leaves where the end of the torn record should be. */
	char before = smsc_log_bytes(l)[bang - OPEN_BANG - 1];
	return before == '\n' || before == '\r' || !before;
}

static bool closes_at(const smsc_log *l, const ccm_search *s, size_t bang)
{
	size_t text = s->open ? OPEN_SIZE : 0;
	return bang >= text + CLOSE_BANG && mark_at(l, bang - CLOSE_BANG, CLOSE, CLOSE_SIZE);
}

/* Drops `n` bytes from the front. */
static void drop(smsc_log *l, ccm_search *s, size_t n)
{
	smsc_log_junk(l, n, s->cut ? "a record whose header is cut" :
	                    s->open ? "a record without its end" : "no record");
	s->scan -= n;
	s->open = s->cut = false;
}

/* A record whose head is lost: its text is what stands before its end, without zeros. */
static size_t drop_before_tail(smsc_log *l, ccm_search *s, size_t close)
{
	size_t zeros = 0;

	if (close > SMSC_LOG_KEEP) {
		drop(l, s, close - SMSC_LOG_KEEP);
		close = SMSC_LOG_KEEP;
	}
	while (zeros < close && (!smsc_log_bytes(l)[zeros] || smsc_is_blank(smsc_log_bytes(l)[zeros])))
		zeros++;
	drop(l, s, zeros);
	smsc_log_note(l, SMSC_RULE_D005, l->w.offset, "the head of this record is missing");
	return close - zeros;
}

/* The record that ends at `close`; false when its header is torn. */
static bool take_record(smsc_log *l, ccm_search *s, size_t close, smsc_row *row)
{
	ccm_header h;

	smsc_log_want(l, close + TIME_IN + MOST_HEADER);
	smsc_span header = smsc_span_cut(smsc_span_of(smsc_log_bytes(l), smsc_log_left(l)),
	                                 close + TIME_IN, MOST_HEADER);
	smsc_text_at t = smsc_text_of(header);
	size_t text = OPEN_SIZE;
	if (!take_header(&t, &h))
		return false;
	if (!s->open) {
		close = drop_before_tail(l, s, close);
		text = 0;
	}
	row->text = smsc_span_of(smsc_log_bytes(l) + text, close - text);
	read_values(l, &h, row);
	size_t size = close + TIME_IN + h.size;
	smsc_log_claim_line(l, row, size, smsc_window_look(&l->w, size));
	return true;
}

/* A record of the plain form, right here and whole: nearly all are.  False leaves everything as
 * it is, for the search below. */
static bool take_plain_record(smsc_log *l, smsc_row *row)
{
	smsc_span seen = smsc_span_of(smsc_log_bytes(l), smsc_log_left(l));
	const char *p = seen.data;
	smsc_look look = { true, 0 };
	size_t bang = OPEN_SIZE - 1, close = 0;

	if (seen.size < OPEN_SIZE || memcmp(p, OPEN, OPEN_SIZE))
		return false;
	while (!close) {
		bang = smsc_window_find(&l->w, bang + 1, '!', &look);
		if (bang > SMSC_LOG_MAX_RECORD || seen.size - bang < CLOSE_SIZE || !memcmp(p + bang - OPEN_BANG, OPEN, OPEN_SIZE))
			return false;
		if (bang >= OPEN_SIZE + CLOSE_BANG && !memcmp(p + bang - CLOSE_BANG, CLOSE, CLOSE_SIZE))
			close = bang - CLOSE_BANG;
	}
	smsc_span header = smsc_span_cut(seen, close + TIME_IN, MOST_HEADER);
	size_t size = smsc_ccm_plain_header(header, &l->day, row);
	if (!size)
		return false;
	/* What was looked at is the text; the header is one line of ASCII. */
	row->text = smsc_span_of(p + OPEN_SIZE, close - OPEN_SIZE);
	smsc_log_claim_line(l, row, close + TIME_IN + size, look);
	return true;
}

/* More bytes, or room for them.  False at the end. */
static bool advance(smsc_log *l, ccm_search *s)
{
	size_t left = smsc_log_left(l);

	if (!s->open && s->scan > KEEP)
		drop(l, s, s->scan - KEEP);
	return smsc_window_more(&l->w) || smsc_log_left(l) != left;
}

static bool ccm_next(smsc_log *l, smsc_row *row)
{
	ccm_search s = { 0 };

	if (take_plain_record(l, row))
		return true;
	smsc_log_clear(row);
	for (;;) {
		size_t left = smsc_log_left(l);
		const char *p = smsc_log_bytes(l);
		const char *bang = memchr(p + s.scan, '!', left - s.scan);
		s.scan = bang ? (size_t)(bang - p) : left;
		if (s.scan > SMSC_LOG_MAX_RECORD) {
			drop(l, &s, s.scan - KEEP);
			continue;
		}
		if (left - s.scan < CLOSE_SIZE && advance(l, &s))
			continue;
		if (s.scan >= smsc_log_left(l))
			break;
		if (opens_at(l, &s, s.scan)) {
			drop(l, &s, s.scan - OPEN_BANG);
			s.open = true;
		} else if (closes_at(l, &s, s.scan)) {
			if (take_record(l, &s, s.scan - CLOSE_BANG, row))
				return true;
			s.cut = true;
		}
		s.scan++;
	}
	if (!l->w.error)
		drop(l, &s, smsc_log_left(l));
	return false;
}

/* Before the last line that opens a record. */
static size_t ccm_cut(smsc_span text)
{
	const char *p = text.data, *line = p + text.size;

	while ((line = memrchr(p, '\n', (size_t)(line - p)))) {
		size_t at = (size_t)(line + 1 - p);
		if (text.size - at >= OPEN_SIZE && !memcmp(line + 1, OPEN, OPEN_SIZE))
			return at;
	}
	return 0;
}

static int ccm_probe(smsc_span head, uint64_t size, const char *name)
{
	char room[SMSC_PROBE_TEXT];
	smsc_span text = smsc_span_trim(smsc_probe_text(head, room));
	const char *p = text.data, *end = p + text.size;

	(void)size;
	(void)name;
	if (text.size >= OPEN_SIZE && !memcmp(p, OPEN, OPEN_SIZE))
		return 95;
	/* A digit: not the pattern of a program or a page that describes this format. */
	while (p < end && (p = memmem(p, (size_t)(end - p), CLOSE, CLOSE_SIZE))) {
		p += CLOSE_SIZE;
		if (p < end && smsc_is_digit(*p))
			return 90;
	}
	return 0;
}

const smsc_log_kind smsc_ccm_log = {
	{ "ccm-log", "log of an SMS or Configuration Manager client or management point",
	  ccm_probe, smsc_log_summary },
	NULL, ccm_next, ccm_cut,
};
