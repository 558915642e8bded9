/* update_log.c - WindowsUpdate.log: as the service writes it, as a later Windows prints it, and
 * its forerunner "Windows Update.log", which has the time of day twice, local and UTC:
 *
 *   2005-01-07 TAB 12:44:33:444 TAB  940 TAB 3ec TAB Agent TAB text
 *   2021/07/13 10:22:58.9553434 3696  8172  Shared          text
 *   2004-02-19 00:50:21 TAB 07:50:21 TAB Success TAB IUENGINE TAB text
 *
 * Local times.  The first line of each start of the service may tell the zone; some versions
 * put it behind each time ("12:44:33-0500").
 */
#include "../base/text.h"
#include "log_stream.h"

typedef struct update_line {
	smsc_date date;
	smsc_span process, thread;
	smsc_span outcome;  /* "Success", of the forerunner, which has no process and thread */
	bool      hex;      /* the thread, in the older form */
	int32_t   bias;
} update_line;

static smsc_span take_word(smsc_text_at *t)
{
	smsc_take_blanks(t);
	const char *start = t->p;
	while (t->p < t->end && !smsc_is_blank(*t->p))
		t->p++;
	return smsc_span_of(start, (size_t)(t->p - start));
}

static bool number_of(smsc_span s, unsigned base, uint32_t *value)
{
	const char *p = s.data;

	*value = 0;
	for (size_t i = 0; i < s.size && i < 9; i++) {
		int digit = smsc_hex_digit(p[i]);
		if (digit < 0 || digit >= (int)base)
			return false;
		*value = *value * base + (unsigned)digit;
	}
	return s.size > 0 && s.size < 9;
}

static bool take_date(smsc_text_at *t, smsc_date *d)
{
	char between;

	if (!smsc_take_number(t, 4, 4, &d->year) || t->p == t->end)
		return false;
	between = *t->p;
	if ((between != '-' && between != '/') || !smsc_take(t, between) ||
	    !smsc_take_number(t, 2, 2, &d->month) || !smsc_take(t, between) ||
	    !smsc_take_number(t, 2, 2, &d->day) || t->p == t->end || !smsc_is_blank(*t->p))
		return false;
	smsc_take_blanks(t);
	return smsc_take_clock(t, &d->clock);
}

/* "-0500" */
static void take_zone(smsc_text_at *t, int32_t *bias)
{
	char zone[6] = "";

	if (t->end - t->p < 5 || (*t->p != '+' && *t->p != '-'))
		return;
	memcpy(zone, t->p, 5);
	if (smsc_zone_bias(zone, bias))
		t->p += 5;
}

#define DAY     (24 * 60)
#define QUARTER 15

/* From the same moment on two clocks.  Eleven hours behind UTC and thirteen before it show the
 * same, and so do twelve and twelve. */
static int32_t bias_between(const smsc_clock *local, const smsc_clock *utc)
{
	int apart = ((int)utc->hour - (int)local->hour) * 60 + (int)utc->minute - (int)local->minute;
	int bias = (apart + DAY + DAY / 2) % DAY - DAY / 2;

	return bias % QUARTER || bias >= 11 * 60 || bias == -DAY / 2 ? SMSC_NO_BIAS : bias;
}

/* The second time, which is UTC, and what came of it. */
static bool take_forerunner(smsc_text_at *t, update_line *u)
{
	smsc_text_at at = *t;
	smsc_clock utc;

	smsc_take_blanks(&at);
	if (!smsc_take_clock(&at, &utc) || at.p == at.end || !smsc_is_blank(*at.p))
		return false;
	u->bias = bias_between(&u->date.clock, &utc);
	u->outcome = take_word(&at);
	*t = at;
	return true;
}

static bool take_head(smsc_text_at *t, update_line *u)
{
	uint32_t number;

	*u = (update_line){ .bias = SMSC_NO_BIAS };
	if (!take_date(t, &u->date))
		return false;
	u->hex = !smsc_take_fraction(t, '.', &u->date.clock);
	if (u->hex && !smsc_take_millis(t, &u->date.clock) && take_forerunner(t, u))
		return true;
	take_zone(t, &u->bias);
	u->process = take_word(t);
	u->thread = take_word(t);
	return number_of(u->process, 10, &number) && number_of(u->thread, u->hex ? 16 : 10, &number);
}

static bool begins(smsc_span line)
{
	smsc_text_at t = smsc_text_of(line);
	update_line u;

	smsc_take_blanks(&t);
	return take_head(&t, &u);
}

/* "Logging initialized (build: 5.4.3790.2182, tz: -0500)": the zone from here on. */
static void read_zone(smsc_log *l, smsc_span text)
{
	static const char mark[] = "tz: ";
	char zone[6] = "";
	const char *end = (const char *)text.data + text.size, *p;

	if (!memmem(text.data, text.size, "Logging initialized", 19) ||
	    !(p = memmem(text.data, text.size, mark, sizeof mark - 1)) || end - p < 9)
		return;
	memcpy(zone, p + sizeof mark - 1, 5);
	if (!smsc_zone_bias(zone, &l->zone.bias))
		l->zone.bias = SMSC_NO_BIAS;
}

/* "WARNING: " may stand behind the marks of a list: "  * WARNING: ". */
static int32_t severity_of(const update_line *u, smsc_span text)
{
	smsc_text_at t = smsc_text_of(text), outcome = smsc_text_of(u->outcome);

	if (u->outcome.size)
		return smsc_take_text(&outcome, "Error") ? 3 : smsc_take_text(&outcome, "Warning") ? 2 : 1;
	while (t.p < t.end && (*t.p == ' ' || *t.p == '*'))
		t.p++;
	if (smsc_take_text(&t, "FATAL: "))
		return 3;
	return smsc_take_text(&t, "WARNING: ") ? 2 : 0;
}

static bool update_next(smsc_log *l, smsc_row *row)
{
	size_t size = smsc_log_stamped(l, begins);
	smsc_text_at t = { smsc_log_bytes(l), smsc_log_bytes(l) + size };
	update_line u;

	if (!size || !take_head(&t, &u))
		return false;
	const smsc_date *d = &u.date;
	row->form = "update";
	row->context = u.process.size ? u.process : u.outcome;
	number_of(u.thread, u.hex ? 16 : 10, &row->thread);
	row->component = take_word(&t);
	row->text = smsc_span_trim(smsc_span_of(t.p, (size_t)(t.end - t.p)));
	row->severity = severity_of(&u, row->text);
	read_zone(l, row->text);
	row->bias = u.bias != SMSC_NO_BIAS ? u.bias : l->zone.bias;
	row->local = smsc_log_time(&l->day, (int)d->year, (int)d->month, (int)d->day, &d->clock);
	if (row->local == SMSC_NEVER)
		smsc_log_note(l, SMSC_RULE_D003, l->w.offset, "the date of this record is none");
	smsc_log_claim(l, row, size);
	return true;
}

static void update_start(smsc_log *l)
{
	l->zone.bias = SMSC_NO_BIAS;
}

/* The first lines may be cut, or those of a message. */
static int update_probe(smsc_span head, uint64_t size, const char *name)
{
	char room[SMSC_PROBE_TEXT];
	smsc_span text = smsc_span_trim(smsc_probe_text(head, room)), line;

	(void)size;
	(void)name;
	if (begins(text))
		return 85;
	while ((line = smsc_span_take_line(&text)).size)
		if (begins(line))
			return 50;
	return 0;
}

const smsc_log_kind smsc_update_log = {
	{ "update-log", "WindowsUpdate.log",
	  update_probe, smsc_log_summary },
	update_start, update_next, NULL,
};
