/* trace_stamp.c - the date, time and thread that a log viewer shows beside each record. */
#include "log_stream.h"
#include "trace_stamp.h"

/* Bytes from the start of a date to the first colon of its time, blanks included. */
#define DATE_REACH 32

/* Blanks with at most one line end: a wrapped line, not a new paragraph. */
static void take_wrap(smsc_text_at *t)
{
	int line_ends = 0;

	while (t->p < t->end && smsc_is_blank(*t->p)) {
		if (*t->p == '\n' && ++line_ends > 1)
			return;
		t->p++;
	}
}

static bool ends_word(const smsc_text_at *t)
{
	return t->p == t->end || smsc_is_blank(*t->p);
}

static bool take_calendar_date(smsc_text_at *t, smsc_view_stamp *s)
{
	unsigned a, b, c;
	const char *start = t->p;

	if (!smsc_take_number(t, 1, 4, &a) || t->p == t->end)
		return false;
	size_t width = (size_t)(t->p - start);
	s->separator = *t->p;
	if (!memchr("/.-", s->separator, 3) || !smsc_take(t, s->separator) ||
	    !smsc_take_number(t, 1, 2, &b) || !smsc_take(t, s->separator))
		return false;
	s->year_first = width == 4;
	if (width == 3 || !smsc_take_number(t, s->year_first ? 1 : 4, s->year_first ? 2 : 4, &c))
		return false;
	s->first = s->year_first ? b : a;
	s->second = s->year_first ? c : b;
	s->year = s->year_first ? a : c;
	return s->first >= 1 && s->first <= 31 && s->second >= 1 && s->second <= 31 &&
	       (s->first <= 12 || s->second <= 12);
}

/* " PM" behind a clock of twelve hours; true also when there is none. */
static bool take_half_of_day(smsc_text_at *t, smsc_clock *clock)
{
	smsc_text_at at = *t;

	take_wrap(&at);
	if (at.end - at.p < 2 || (at.p[1] | 0x20) != 'm')
		return clock->hour < 24;
	bool pm = (*at.p | 0x20) == 'p';
	if (!pm && (*at.p | 0x20) != 'a')
		return clock->hour < 24;
	at.p += 2;
	if (!ends_word(&at) || clock->hour < 1 || clock->hour > 12)
		return false;
	clock->hour = clock->hour % 12 + (pm ? 12 : 0);
	*t = at;
	return true;
}

bool smsc_take_view_stamp(smsc_text_at *t, smsc_view_stamp *s)
{
	if (!take_calendar_date(t, s) || t->p == t->end || !smsc_is_blank(*t->p))
		return false;
	take_wrap(t);
	return smsc_take_clock(t, &s->clock) && ends_word(t) &&
	       take_half_of_day(t, &s->clock) && s->clock.minute < 60 && s->clock.second < 60;
}

/* Steps back from the colon over the hour, blanks and the word before. */
static const char *date_before(const char *start, const char *colon)
{
	const char *p = colon;
	const char *limit = colon - start > DATE_REACH ? colon - DATE_REACH : start;

	while (p > limit && smsc_is_digit(p[-1]))
		p--;
	while (p > limit && smsc_is_blank(p[-1]))
		p--;
	while (p > limit && !smsc_is_blank(p[-1]))
		p--;
	return p > start && p == limit ? NULL : p;
}

static bool find_stamp(smsc_span text, size_t from, smsc_view_stamp *s)
{
	const char *start = text.data, *end = start + text.size, *p = start + from;

	while (p < end && (p = memchr(p, ':', (size_t)(end - p)))) {
		smsc_text_at t = { date_before(start + from, p++), end };
		if (!t.p)
			continue;
		s->at = (size_t)(t.p - start);
		if (smsc_take_view_stamp(&t, s)) {
			s->end = (size_t)(t.p - start);
			return true;
		}
	}
	return false;
}

/* ---- the record around it ----------------------------------------------------- */

static bool rest_of_line_is_blank(const smsc_text_at *t)
{
	const char *p = t->p;

	while (p < t->end && *p != '\n' && smsc_is_blank(*p))
		p++;
	return p == t->end || *p == '\n';
}

static bool is_at_line_start(const char *start, const char *p)
{
	while (p > start && (p[-1] == ' ' || p[-1] == '\t'))
		p--;
	return p == start || p[-1] == '\n' || p[-1] == '\r';
}

/* A thread and, as one viewer copies it, a stray number behind it. */
static bool take_thread(smsc_text_at *t, smsc_shape *shape)
{
	smsc_text_at at = *t;
	unsigned stray;

	take_wrap(&at);
	if (!smsc_take_thread(&at, &shape->thread, &shape->same_thread) || !ends_word(&at))
		return false;
	*t = at;
	while (at.p < at.end && (*at.p == ' ' || *at.p == '\t'))
		at.p++;
	if (smsc_take_number(&at, 1, 3, &stray) && rest_of_line_is_blank(&at))
		*t = at;
	return true;
}

/* How far the text behind a leading stamp may go: to the next stamp or blank line. */
static const char *paragraph_end(smsc_span text, size_t from)
{
	const char *start = text.data;
	smsc_span part = smsc_span_cut(text, 0, from + SMSC_SHAPE_AHEAD);
	const char *p = start + from, *end = start + part.size;
	smsc_view_stamp next;

	if (find_stamp(part, from, &next))
		end = start + next.at;
	while (p < end && (p = memchr(p, '\n', (size_t)(end - p)))) {
		smsc_text_at t = { ++p, end };
		if (rest_of_line_is_blank(&t))
			return p;
	}
	return end;
}

static const char *number_before(const char *start, const char *p)
{
	while (p > start && smsc_is_blank(p[-1]))
		p--;
	while (p > start && smsc_is_digit(p[-1]))
		p--;
	return p;
}

/* Stamp, text, component, thread: the order in some articles. */
static void find_end_behind(smsc_span text, smsc_shape *shape)
{
	const char *base = text.data, *start = base + shape->stamp.end;
	const char *end = paragraph_end(text, shape->stamp.end), *p = start;

	while (p < end && (p = memmem(p, (size_t)(end - p), "(0x", 3))) {
		smsc_text_at t = { number_before(start, p), base + text.size };
		shape->text_end = (size_t)(t.p - base);
		if (take_thread(&t, shape)) {
			shape->has_thread = true;
			shape->end = (size_t)(t.p - base);
			return;
		}
		p += 3;
	}
	const char *line_end = memchr(start, '\n', (size_t)(end - start));
	shape->text_end = shape->end = (size_t)((line_end ? line_end : end) - base);
}

bool smsc_find_shape(smsc_span text, size_t from, smsc_shape *shape)
{
	const char *base = text.data;

	for (; find_stamp(text, from, &shape->stamp); from = shape->stamp.end) {
		smsc_text_at t = { base + shape->stamp.end, base + text.size };
		shape->leads = false;
		shape->has_thread = take_thread(&t, shape);
		shape->end = (size_t)(t.p - base);
		if (shape->has_thread || rest_of_line_is_blank(&t))
			return true;
		shape->leads = is_at_line_start(base, base + shape->stamp.at);
		if (shape->leads) {
			find_end_behind(text, shape);
			return true;
		}
	}
	return false;
}

int smsc_view_stamp_order(const smsc_view_stamp *s)
{
	if (s->year_first)
		return 0;
	if (s->separator == '.' || s->first > 12)
		return 1;
	return s->second > 12 ? -1 : 0;
}

smsc_time smsc_view_stamp_time(const smsc_view_stamp *s, bool day_first, smsc_day *day)
{
	int order = smsc_view_stamp_order(s);
	bool swap = !s->year_first && (order ? order > 0 : day_first);
	unsigned month = swap ? s->second : s->first, of_month = swap ? s->first : s->second;

	return smsc_log_time(day, (int)s->year, (int)month, (int)of_month, &s->clock);
}
