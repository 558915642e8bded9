/* log_time.c - numbers, dates and threads as the writers of SMS logs print them. */
#include "../base/text.h"
#include "log_stream.h"

bool smsc_take_number(smsc_text_at *t, unsigned least, unsigned most, unsigned *value)
{
	const char *p = t->p;
	unsigned n = 0, v = 0;

	while (p < t->end && smsc_is_digit(*p)) {
		if (++n > most)
			return false;
		v = v * 10 + (unsigned)(*p++ - '0');
	}
	if (n < least)
		return false;
	*value = v;
	t->p = p;
	return true;
}

void smsc_take_blanks(smsc_text_at *t)
{
	while (t->p < t->end && smsc_is_blank(*t->p))
		t->p++;
}

bool smsc_take_text(smsc_text_at *t, const char *text)
{
	size_t size = strlen(text);

	if ((size_t)(t->end - t->p) < size || memcmp(t->p, text, size))
		return false;
	t->p += size;
	return true;
}

bool smsc_take_clock(smsc_text_at *t, smsc_clock *clock)
{
	smsc_text_at at = *t;

	*clock = (smsc_clock){ 0 };
	if (!smsc_take_number(&at, 1, 2, &clock->hour) || !smsc_take(&at, ':') ||
	    !smsc_take_number(&at, 2, 2, &clock->minute) || !smsc_take(&at, ':') ||
	    !smsc_take_number(&at, 2, 2, &clock->second))
		return false;
	*t = at;
	return true;
}

bool smsc_take_fraction(smsc_text_at *t, char point, smsc_clock *clock)
{
	static const unsigned scale[] = { 0, 1000000, 100000, 10000, 1000, 100, 10, 1 };
	smsc_text_at at = *t;
	unsigned value;

	if (!smsc_take(&at, point))
		return false;
	const char *digits = at.p;
	if (!smsc_take_number(&at, 1, 7, &value))
		return false;
	clock->fraction = (unsigned)(at.p - digits);
	clock->tick = value * scale[clock->fraction];
	*t = at;
	return true;
}

bool smsc_take_millis(smsc_text_at *t, smsc_clock *clock)
{
	smsc_text_at at = *t;
	unsigned value;

	if (!smsc_take(&at, ':') || !smsc_take_number(&at, 3, 3, &value))
		return false;
	clock->fraction = 3;
	clock->tick = value * 10000;
	*t = at;
	return true;
}

bool smsc_take_numbered_date(smsc_text_at *t, smsc_date *d)
{
	if (!smsc_take_number(t, 1, 2, &d->month) || !smsc_take(t, '-') ||
	    !smsc_take_number(t, 1, 2, &d->day) || !smsc_take(t, '-') ||
	    !smsc_take_number(t, 4, 4, &d->year))
		return false;
	smsc_take_blanks(t);
	return smsc_take_clock(t, &d->clock);
}

bool smsc_take_day_name(smsc_text_at *t, smsc_span *word)
{
	const char *start = t->p;

	while (t->p < t->end && ((*t->p | 0x20) >= 'a' && (*t->p | 0x20) <= 'z'))
		t->p++;
	*word = smsc_span_of(start, (size_t)(t->p - start));
	smsc_take_blanks(t);
	return word->size == 3;
}

bool smsc_take_named_date(smsc_text_at *t, smsc_date *d)
{
	smsc_span week, month;

	if (!smsc_take_day_name(t, &week) || !smsc_take_day_name(t, &month))
		return false;
	d->month = (unsigned)smsc_month_of(month.data);
	if (!d->month || !smsc_take_number(t, 1, 2, &d->day))
		return false;
	smsc_take_blanks(t);
	if (!smsc_take_clock(t, &d->clock))
		return false;
	smsc_take_fraction(t, '.', &d->clock);
	smsc_take_blanks(t);
	return smsc_take_number(t, 4, 4, &d->year);
}

bool smsc_take_bias(smsc_text_at *t, int32_t *bias)
{
	smsc_text_at at = *t;
	bool minus = smsc_take(&at, '-');
	unsigned minutes;

	if (!minus && !smsc_take(&at, '+'))
		return false;
	if (!smsc_take_number(&at, 1, 4, &minutes))
		return false;
	*bias = minutes > 24 * 60 ? SMSC_NO_BIAS : minus ? -(int32_t)minutes : (int32_t)minutes;
	*t = at;
	return true;
}

bool smsc_take_hex(smsc_text_at *t, uint64_t *value)
{
	const char *p = t->p;
	uint64_t v = 0;

	for (int digit; p < t->end && (digit = smsc_hex_digit(*p)) >= 0; p++) {
		if (p - t->p == 16)
			return false;
		v = v << 4 | (unsigned)digit;
	}
	if (p == t->p)
		return false;
	*value = v;
	t->p = p;
	return true;
}

static bool take_decimal(smsc_text_at *t, uint32_t *value)
{
	const char *p = t->p;
	uint64_t v = 0;

	while (p < t->end && smsc_is_digit(*p) && p - t->p <= 10)
		v = v * 10 + (unsigned)(*p++ - '0');
	if (p == t->p || v > UINT32_MAX || (p < t->end && smsc_is_digit(*p)))
		return false;
	*value = (uint32_t)v;
	t->p = p;
	return true;
}

bool smsc_take_thread(smsc_text_at *t, uint32_t *thread, bool *same)
{
	smsc_text_at at = *t;
	uint64_t hex;

	if (!take_decimal(&at, thread))
		return false;
	smsc_take_blanks(&at);
	if (!smsc_take_text(&at, "(0x") || !smsc_take_hex(&at, &hex) || !smsc_take(&at, ')'))
		return false;
	*same = hex == *thread;
	*t = at;
	return true;
}

smsc_time smsc_log_time(smsc_day *cache, int year, int month, int day, const smsc_clock *clock)
{
	if (year != cache->year || month != cache->month || day != cache->day)
		*cache = (smsc_day){ .year = year, .month = month, .day = day,
			.ticks = smsc_time_of_civil((smsc_civil){ .year = year, .month = month, .day = day }) };
	/* 60 is a leap second: the next :00, as in smsc_time_of_civil(). */
	if (cache->ticks == SMSC_NEVER || clock->hour > 23 || clock->minute > 59 || clock->second > 60)
		return SMSC_NEVER;
	int64_t seconds = clock->hour * 3600 + clock->minute * 60 + clock->second;
	return cache->ticks + seconds * SMSC_TICKS_A_SECOND + clock->tick;
}

/* ---- the plain form -------------------------------------------------------------------- */

/* Eight bytes that must be digits where `shape` has '0', and be equal to it elsewhere: the
 * values of the digits, one a byte; UINT64_MAX when they are not. */
static inline uint64_t digits_of(const char *p, const char *shape)
{
	uint64_t form = smsc_le64(shape), v = smsc_le64(p) ^ form;
	/* 0xff where a digit is wanted: '0' is 0x30, the others have no 0x10 beside 0x20. */
	uint64_t digit = (form >> 4 & form >> 5 & ~(form >> 3) & SMSC_EACH(1)) * 0xff;
	uint64_t bad = (v & ~digit) | (v & SMSC_EACH(0xf0)) | ((v + SMSC_EACH(6)) & SMSC_EACH(0xf0));

	return bad ? UINT64_MAX : v;
}

static unsigned two_digits(uint64_t digits, unsigned at)
{
	return (unsigned)(digits >> 8 * at & 15) * 10 + (unsigned)(digits >> 8 * (at + 1) & 15);
}

bool smsc_plain_day(smsc_day *last, const char *p)
{
	smsc_clock none = { 0 };
	unsigned year;

	uint64_t digits = digits_of(p, "00-00-00");
	smsc_text_at t = { p + 6, p + SMSC_PLAIN_DAY };
	if (digits == UINT64_MAX || !smsc_take_number(&t, 4, 4, &year) ||
	    smsc_log_time(last, (int)year, (int)two_digits(digits, 0), (int)two_digits(digits, 3), &none) == SMSC_NEVER)
		return false;
	memcpy(last->plain, p, SMSC_PLAIN_DAY);
	return true;
}

bool smsc_plain_second(smsc_day *last, const char *clock)
{
	uint64_t time = digits_of(clock, "00:00:00");

	if (time == UINT64_MAX)
		return false;
	unsigned hour = two_digits(time, 0), minute = two_digits(time, 3), second = two_digits(time, 6);
	if (hour > 23 || minute > 59 || second > 59)
		return false;
	last->second = smsc_le64(clock);
	last->second_ticks = (hour * 3600 + minute * 60 + second) * SMSC_TICKS_A_SECOND;
	return true;
}

size_t smsc_plain_new_bias(smsc_day *last, const char *p, char stop)
{
	uint64_t others = smsc_no_digits(smsc_le64(p + 1));
	size_t digits = others ? (size_t)__builtin_ctzll(others) / 8 : 8;
	uint32_t minutes;

	if ((*p != '+' && *p != '-') || digits > 4 || p[1 + digits] != stop || !digits ||
	    !smsc_decimal_before(p + 1 + digits, digits, &minutes) || minutes > 24 * 60)
		return 0;
	last->bias_text = smsc_le64(p);
	last->bias_size = 1 + digits;
	last->bias = *p == '-' ? -(int32_t)minutes : (int32_t)minutes;
	return last->bias_size;
}
