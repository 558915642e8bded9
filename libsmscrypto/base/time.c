/* time.c - clocks to ticks, by arithmetic alone. */
#include <stddef.h>

#include "text.h"
#include "time.h"

#define DAYS_400   146097                        /* the calendar repeats after 400 years */

static bool is_leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int days_of_month(int year, int month)
{
	static const int days[12] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	return days[month - 1] + (month == 2 && is_leap(year));
}

/* Days since 1601-01-01.  Years count from March, so that the leap day is the last of one. */
static int64_t days_of_civil(int year, int month, int day)
{
	int64_t y = year - (month <= 2) - 1600;
	int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	return y * 365 + y / 4 - y / 100 + y / 400 + of_year - 306;
}

static bool is_civil(smsc_civil c)
{
	return c.year >= 1601 && c.year <= 9999 && c.month >= 1 && c.month <= 12 &&
	       c.day >= 1 && c.day <= days_of_month(c.year, c.month) &&
	       c.hour >= 0 && c.hour <= 23 && c.minute >= 0 && c.minute <= 59 &&
	       c.second >= 0 && c.second <= 60 && c.tick >= 0 && c.tick < SMSC_TICKS_A_SECOND;
}

smsc_time smsc_time_of_civil(smsc_civil c)
{
	if (!is_civil(c))
		return SMSC_NEVER;
	int64_t seconds = days_of_civil(c.year, c.month, c.day) * 86400 +
	                  c.hour * 3600 + c.minute * 60 + c.second;
	return smsc_time_in_range(seconds * SMSC_TICKS_A_SECOND + c.tick);
}

smsc_civil smsc_civil_of_time(smsc_time t)
{
	int64_t ticks = t < 0 ? 0 : t > SMSC_LAST_TICK ? SMSC_LAST_TICK : t;
	int64_t day = ticks / SMSC_TICKS_DAY + 306;  /* since 1600-03-01 */
	int seconds = (int)(ticks % SMSC_TICKS_DAY / SMSC_TICKS_A_SECOND);
	int era = (int)(day / DAYS_400), of_era = (int)(day % DAYS_400);
	int year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int of_year = of_era - (365 * year + year / 4 - year / 100);
	int m = (5 * of_year + 2) / 153;  /* from March */
	int month = m < 10 ? m + 3 : m - 9;
	return (smsc_civil){
		1600 + era * 400 + year + (month <= 2), month, of_year - (153 * m + 2) / 5 + 1,
		seconds / 3600, seconds / 60 % 60, seconds % 60,
		(int)(ticks % SMSC_TICKS_A_SECOND),
	};
}

smsc_time smsc_time_of_unix(int64_t seconds, int32_t nanoseconds)
{
	const int64_t limit = SMSC_LAST_TICK / SMSC_TICKS_A_SECOND;
	if (seconds < -limit || seconds > limit || nanoseconds < 0 || nanoseconds > 999999999)
		return SMSC_NEVER;
	return smsc_time_in_range(SMSC_UNIX_EPOCH + seconds * SMSC_TICKS_A_SECOND + nanoseconds / 100);
}

smsc_time smsc_time_of_dos(uint16_t date, uint16_t time)
{
	return smsc_time_of_civil((smsc_civil){
		1980 + (date >> 9), date >> 5 & 15, date & 31,
		time >> 11, time >> 5 & 63, (time & 31) * 2, 0,
	});
}

smsc_time smsc_time_of_filetime(uint64_t filetime)
{
	return filetime <= (uint64_t)SMSC_LAST_TICK ? (smsc_time)filetime : SMSC_NEVER;
}

int smsc_time_weekday(smsc_time t)
{
	return (int)((t / SMSC_TICKS_DAY + 1) % 7);  /* 1601-01-01 was a Monday */
}

int smsc_month_of(const char *three)
{
	static const char names[12][4] = { "jan", "feb", "mar", "apr", "may", "jun",
	                                   "jul", "aug", "sep", "oct", "nov", "dec" };
	for (int m = 0; m < 12; m++) {
		size_t i = 0;
		while (i < 3 && smsc_ascii_lower(three[i]) == names[m][i])
			i++;
		if (i == 3)
			return m + 1;
	}
	return 0;
}

/* ---- text -------------------------------------------------------------------- */

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

static void put_digits(char *at, int width, int value)
{
	for (int i = width; i-- > 0; value /= 10)
		at[i] = (char)('0' + value % 10);
}

void smsc_time_format(smsc_time when, char out[29])
{
	static const char shape[29] = "0000-00-00T00:00:00.0000000Z";
	smsc_civil c = smsc_civil_of_time(when);
	for (size_t i = 0; i < sizeof shape; i++)
		out[i] = shape[i];
	put_digits(out, 4, c.year);
	put_digits(out + 5, 2, c.month);
	put_digits(out + 8, 2, c.day);
	put_digits(out + 11, 2, c.hour);
	put_digits(out + 14, 2, c.minute);
	put_digits(out + 17, 2, c.second);
	put_digits(out + 20, 7, c.tick);
	if (smsc_time_in_range(when) == SMSC_NEVER)
		out[0] = '\0';
}

/* Reads exactly `width` digits at *p and moves past them. */
static bool take_number(const char **p, int width, int *value)
{
	*value = 0;
	for (int i = 0; i < width; i++, (*p)++) {
		if (!is_digit(**p))
			return false;
		*value = *value * 10 + (**p - '0');
	}
	return true;
}

static bool take_char(const char **p, char c)
{
	if (**p != c)
		return false;
	(*p)++;
	return true;
}

/* Digits past the seventh are less than a tick. */
static bool take_fraction(const char **p, int *tick)
{
	int width = 0;
	*tick = 0;
	for (; is_digit(**p); (*p)++, width++)
		if (width < 7)
			*tick = *tick * 10 + (**p - '0');
	for (int i = width; i < 7; i++)
		*tick *= 10;
	return width > 0;
}

static bool take_clock(const char **p, smsc_civil *c)
{
	if (!take_number(p, 2, &c->hour) || !take_char(p, ':') || !take_number(p, 2, &c->minute))
		return false;
	if (!take_char(p, ':'))
		return true;
	if (!take_number(p, 2, &c->second))
		return false;
	return !take_char(p, '.') || take_fraction(p, &c->tick);
}

static bool take_date(const char **p, smsc_civil *c)
{
	return take_number(p, 4, &c->year) && take_char(p, '-') && take_number(p, 2, &c->month) &&
	       take_char(p, '-') && take_number(p, 2, &c->day);
}

smsc_time smsc_time_parse(const char *text)
{
	smsc_civil c = { 0 };
	int32_t bias = 0;
	if (!text || !take_date(&text, &c))
		return SMSC_NEVER;
	if ((take_char(&text, 'T') || take_char(&text, ' ')) && !take_clock(&text, &c))
		return SMSC_NEVER;
	if (*text && !smsc_zone_bias(text, &bias))
		return SMSC_NEVER;
	return smsc_time_utc(smsc_time_of_civil(c), bias);
}
