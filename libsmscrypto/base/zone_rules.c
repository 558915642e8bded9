/* zone_rules.c - which bias was in force on a local date. */
#include "zone_rules.h"

#include "cursor.h"
#include "time.h"

bool smsc_zone_turn_read(smsc_span bytes, smsc_zone_turn *out)
{
	*out = (smsc_zone_turn){ 0 };
	if (bytes.size != 16)
		return false;
	int f[8];
	for (int i = 0; i < 8; i++)
		f[i] = smsc_le16((const uint8_t *)bytes.data + 2 * i);
	if (f[1] > 12 || f[3] > 23 || f[4] > 59 || f[7] > 6 || (f[1] && (f[2] < 1 || f[2] > (f[0] ? 31 : 5))))
		return false;
	*out = (smsc_zone_turn){ f[0], f[1], f[2], f[7], f[3], f[4] };
	return true;
}

static int days_in(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	return days[month - 1] + (month == 2 && leap);
}

/* The moment of a turn in one year, as local time; SMSC_NEVER when it is none. */
static smsc_time turn_in(const smsc_zone_turn *t, int year)
{
	smsc_civil c = { .year = year, .month = t->month, .day = t->week, .hour = t->hour, .minute = t->minute };
	if (!t->month || (t->year && t->year != year))
		return SMSC_NEVER;
	if (!t->year) {
		c.day = 1;
		int first = smsc_time_weekday(smsc_time_of_civil(c));
		c.day = 1 + (t->weekday - first + 7) % 7 + 7 * (t->week - 1);
		while (c.day > days_in(year, t->month))
			c.day -= 7;
	}
	return smsc_time_of_civil(c);
}

static bool near(smsc_time a, smsc_time b)
{
	return (a > b ? a - b : b - a) < 60 * SMSC_TICKS_MINUTE;
}

int32_t smsc_zone_bias_at(const smsc_zone_rules *z, smsc_time local, bool *unsure)
{
	int year = smsc_civil_of_time(local).year;
	smsc_time on = turn_in(&z->daylight, year), off = turn_in(&z->standard, year);
	*unsure = false;
	if (on == SMSC_NEVER || off == SMSC_NEVER)
		return z->bias + z->standard_bias;
	*unsure = near(local, on) || near(local, off);
	/* South of the equator summer time runs over the turn of the year. */
	bool summer = on < off ? local >= on && local < off : local >= on || local < off;
	return z->bias + (summer ? z->daylight_bias : z->standard_bias);
}
