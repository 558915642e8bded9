/* Clocks to ticks and back, against Python's datetime (the constants), the C library's calendar
 * and a calendar that only counts days. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <time.h>

#include "base/time.h"

/* Ticks as Python's datetime counts them from 1601-01-01. */
static const struct {
	smsc_civil civil;
	smsc_time  ticks;
	int        weekday;
	const char *text;
} known[] = {
	{ { 1601, 1, 1, 0, 0, 0, 1 }, INT64_C(1), 1, "1601-01-01T00:00:00.0000001Z" },
	{ { 1601, 1, 2, 0, 0, 0, 0 }, INT64_C(864000000000), 2, "1601-01-02T00:00:00.0000000Z" },
	{ { 1969, 12, 31, 23, 59, 59, 9999999 }, INT64_C(116444735999999999), 3, "1969-12-31T23:59:59.9999999Z" },
	{ { 1970, 1, 1, 0, 0, 0, 0 }, INT64_C(116444736000000000), 4, "1970-01-01T00:00:00.0000000Z" },
	{ { 1980, 1, 1, 0, 0, 0, 0 }, INT64_C(119600064000000000), 2, "1980-01-01T00:00:00.0000000Z" },
	{ { 2000, 2, 29, 0, 0, 0, 0 }, INT64_C(125962560000000000), 2, "2000-02-29T00:00:00.0000000Z" },
	{ { 2000, 3, 1, 0, 0, 0, 0 }, INT64_C(125963424000000000), 3, "2000-03-01T00:00:00.0000000Z" },
	{ { 2005, 1, 7, 22, 59, 38, 0 }, INT64_C(127496123780000000), 5, "2005-01-07T22:59:38.0000000Z" },
	{ { 2100, 2, 28, 23, 59, 59, 0 }, INT64_C(157520159990000000), 0, "2100-02-28T23:59:59.0000000Z" },
	{ { 2100, 3, 1, 0, 0, 0, 0 }, INT64_C(157520160000000000), 1, "2100-03-01T00:00:00.0000000Z" },
	{ { 2400, 2, 29, 0, 0, 0, 0 }, INT64_C(252190368000000000), 2, "2400-02-29T00:00:00.0000000Z" },
	{ { 9999, 12, 31, 23, 59, 59, 9999999 }, INT64_C(2650467743999999999), 5, "9999-12-31T23:59:59.9999999Z" },
};
#define KNOWN (sizeof known / sizeof *known)

static void assert_civil(smsc_civil got, smsc_civil want, smsc_time at)
{
	cr_assert(got.year == want.year && got.month == want.month && got.day == want.day &&
	          got.hour == want.hour && got.minute == want.minute && got.second == want.second &&
	          got.tick == want.tick, "%lld gave %d-%d-%d %d:%d:%d.%d", (long long)at, got.year,
	          got.month, got.day, got.hour, got.minute, got.second, got.tick);
}

Test(time, known_both_ways)
{
	char text[29];
	for (size_t i = 0; i < KNOWN; i++) {
		cr_assert_eq(smsc_time_of_civil(known[i].civil), known[i].ticks, "%s", known[i].text);
		assert_civil(smsc_civil_of_time(known[i].ticks), known[i].civil, known[i].ticks);
		cr_assert_eq(smsc_time_weekday(known[i].ticks), known[i].weekday, "%s", known[i].text);
		smsc_time_format(known[i].ticks, text);
		cr_assert_str_eq(text, known[i].text);
		cr_assert_eq(smsc_time_parse(text), known[i].ticks, "%s", text);
	}
}

static bool leap(int year)
{
	return year % 400 == 0 || (year % 100 != 0 && year % 4 == 0);
}

static int month_days(int year, int month)
{
	if (month == 2)
		return leap(year) ? 29 : 28;
	return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

/* All 3,067,671 days, counted one by one; and no 30th of February in any year. */
Test(time, every_day)
{
	smsc_time t = SMSC_TICKS_DAY / 2;
	for (int year = 1601; year <= 9999; year++) {
		for (int month = 1; month <= 12; month++) {
			int days = month_days(year, month);
			for (int day = 1; day <= days; day++, t += SMSC_TICKS_DAY) {
				smsc_civil c = { year, month, day, 12, 0, 0, 0 };
				cr_assert_eq(smsc_time_of_civil(c), t, "%d-%d-%d", year, month, day);
				assert_civil(smsc_civil_of_time(t), c, t);
			}
			smsc_civil none = { year, month, days + 1, 12, 0, 0, 0 };
			cr_assert_eq(smsc_time_of_civil(none), SMSC_NEVER, "%d-%d-%d", year, month, days + 1);
		}
	}
	cr_assert_eq(t, INT64_C(2650467744000000000) + SMSC_TICKS_DAY / 2);
}

/* The C library as a second opinion, at instants that fall on every second of the day. */
Test(time, agrees_with_gmtime)
{
	for (int64_t s = -11644473599; s < 253402300800; s += 86399 * 13 + 7) {
		struct tm tm;
		time_t unix_time = (time_t)s;
		cr_assert_not_null(gmtime_r(&unix_time, &tm));
		smsc_time t = smsc_time_of_unix(s, 123456789);
		smsc_civil c = { tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday,
		                 tm.tm_hour, tm.tm_min, tm.tm_sec, 1234567 };
		assert_civil(smsc_civil_of_time(t), c, t);
		cr_assert_eq(smsc_time_of_civil(c), t);
		cr_assert_eq(smsc_time_weekday(t), tm.tm_wday);
	}
}

Test(time, civil_times_that_are_none)
{
	static const smsc_civil rows[] = {
		{ 1600, 12, 31, 23, 59, 59, 0 }, { 10000, 1, 1, 0, 0, 0, 0 }, { 0, 1, 1, 0, 0, 0, 0 },
		{ -5, 1, 1, 0, 0, 0, 0 }, { 2005, 0, 1, 0, 0, 0, 0 }, { 2005, 13, 1, 0, 0, 0, 0 },
		{ 2005, 1, 0, 0, 0, 0, 0 }, { 2005, 1, 32, 0, 0, 0, 0 }, { 2005, 2, 29, 0, 0, 0, 0 },
		{ 2100, 2, 29, 0, 0, 0, 0 }, { 2005, 1, 1, 24, 0, 0, 0 }, { 2005, 1, 1, -1, 0, 0, 0 },
		{ 2005, 1, 1, 0, 60, 0, 0 }, { 2005, 1, 1, 0, 0, 61, 0 }, { 2005, 1, 1, 0, 0, 0, 10000000 },
		{ 2005, 1, 1, 0, 0, 0, -1 }, { INT32_MAX, INT32_MAX, INT32_MAX, 0, 0, 0, 0 },
		{ INT32_MIN, INT32_MIN, INT32_MIN, 0, 0, 0, 0 }, { 9999, 12, 31, 23, 59, 60, 0 },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		cr_assert_eq(smsc_time_of_civil(rows[i]), SMSC_NEVER, "row %zu", i);
}

/* 2005 ended with one: 23:59:60 UTC. */
Test(time, leap_second_is_the_next_minute)
{
	smsc_time got = smsc_time_of_civil((smsc_civil){ 2005, 12, 31, 23, 59, 60, 0 });
	cr_assert_eq(got, smsc_time_of_civil((smsc_civil){ 2006, 1, 1, 0, 0, 0, 0 }));
}

Test(time, civil_of_what_is_out_of_range)
{
	assert_civil(smsc_civil_of_time(INT64_MIN), (smsc_civil){ 1601, 1, 1, 0, 0, 0, 0 }, INT64_MIN);
	assert_civil(smsc_civil_of_time(INT64_MAX), known[KNOWN - 1].civil, INT64_MAX);
}

Test(time, unix_time)
{
	cr_assert_eq(smsc_time_of_unix(0, 0), SMSC_UNIX_EPOCH);
	cr_assert_eq(smsc_time_of_unix(-1, 999999900), SMSC_UNIX_EPOCH - 1);
	cr_assert_eq(smsc_time_of_unix(1105138778, 0), INT64_C(127496123780000000));
	cr_assert_eq(smsc_time_of_unix(-INT64_C(11644473600), 0), SMSC_NEVER);
	static const int64_t far[] = { INT64_MIN, INT64_MAX, -INT64_C(11644473601), INT64_C(253402300800) };
	for (size_t i = 0; i < 4; i++)
		cr_assert_eq(smsc_time_of_unix(far[i], 0), SMSC_NEVER, "%lld", (long long)far[i]);
	cr_assert_eq(smsc_time_of_unix(0, -1), SMSC_NEVER);
	cr_assert_eq(smsc_time_of_unix(0, 1000000000), SMSC_NEVER);
}

Test(time, dos_time)
{
	cr_assert_eq(smsc_time_of_dos(0x0021, 0), INT64_C(119600064000000000));
	/* 2005-01-07 is 25 << 9 | 1 << 5 | 7, 22:59:38 is 22 << 11 | 59 << 5 | 19. */
	cr_assert_eq(smsc_time_of_dos(0x3227, 0xb773), INT64_C(127496123780000000));
	/* 2107-12-31 23:59:58 is the last there is (zip's limit). */
	cr_assert_eq(smsc_time_of_dos(0xff9f, 0xbf7d), smsc_time_parse("2107-12-31 23:59:58"));
	static const uint16_t none[][2] = {
		{ 0, 0 }, { 0, 0xbf7d }, { 0x0020, 0 }, { 0x0001, 0 }, { 0x01a1, 0 }, { 0xffff, 0xffff },
		{ 0x0021, 0xc000 }, { 0x0021, 0x0780 }, { 0x0021, 0x001f }, { 0x345d, 0 }, /* 2006-02-29 */
	};
	for (size_t i = 0; i < sizeof none / sizeof *none; i++)
		cr_assert_eq(smsc_time_of_dos(none[i][0], none[i][1]), SMSC_NEVER, "row %zu", i);
}

Test(time, filetime)
{
	cr_assert_eq(smsc_time_of_filetime(0), SMSC_NEVER);
	cr_assert_eq(smsc_time_of_filetime(1), 1);
	cr_assert_eq(smsc_time_of_filetime(UINT64_C(2650467743999999999)), INT64_C(2650467743999999999));
	cr_assert_eq(smsc_time_of_filetime(UINT64_C(2650467744000000000)), SMSC_NEVER);
	cr_assert_eq(smsc_time_of_filetime(UINT64_C(0x7fffffffffffffff)), SMSC_NEVER);
	cr_assert_eq(smsc_time_of_filetime(UINT64_MAX), SMSC_NEVER);
}

/* sms-logs.md 1.3: 2013-09-12 03:07:04+300 is 08:07:04 UTC. */
Test(time, utc_is_local_plus_bias)
{
	smsc_time local = smsc_time_parse("2013-09-12 03:07:04.351");
	cr_assert_eq(smsc_time_utc(local, 300), smsc_time_parse("2013-09-12 08:07:04.351"));
	cr_assert_eq(smsc_time_utc(local, -330), smsc_time_parse("2013-09-11 21:37:04.351"));
	cr_assert_eq(smsc_time_utc(local, 0), local);
	cr_assert_eq(smsc_time_utc(local, SMSC_NO_BIAS), SMSC_NEVER);
	cr_assert_eq(smsc_time_utc(SMSC_NEVER, 300), SMSC_NEVER);
	cr_assert_eq(smsc_time_utc(1, -60), SMSC_NEVER);
	cr_assert_eq(smsc_time_utc(INT64_C(2650467743999999999), 1), SMSC_NEVER);
	cr_assert_eq(smsc_time_utc(local, INT32_MAX), smsc_time_utc(local, INT32_MAX));
	cr_assert_eq(smsc_time_utc(INT64_MAX, INT32_MAX), SMSC_NEVER);
	cr_assert_eq(smsc_time_utc(INT64_MIN, -INT32_MAX), SMSC_NEVER);
}

Test(time, text_forms)
{
	static const struct { const char *text, *same; } rows[] = {
		{ "2005-01-07", "2005-01-07T00:00:00.0000000Z" },
		{ "2005-01-07T22:59", "2005-01-07T22:59:00.0000000Z" },
		{ "2005-01-07T22:59Z", "2005-01-07T22:59:00.0000000Z" },
		{ "2005-01-07 22:59:38", "2005-01-07T22:59:38.0000000Z" },
		{ "2005-01-07T22:59:38.5", "2005-01-07T22:59:38.5000000Z" },
		{ "2005-01-07T22:59:38.1234567", "2005-01-07T22:59:38.1234567Z" },
		{ "2005-01-07T22:59:38.123456789Z", "2005-01-07T22:59:38.1234567Z" },
		{ "2005-01-07T17:59:38-05:00", "2005-01-07T22:59:38.0000000Z" },
		{ "2005-01-08T00:59:38+0200", "2005-01-07T22:59:38.0000000Z" },
		{ "2005-01-07T22:59:38z", "2005-01-07T22:59:38.0000000Z" },
		{ "2005-01-07Z", "2005-01-07T00:00:00.0000000Z" },
		{ "2005-12-31T23:59:60Z", "2006-01-01T00:00:00.0000000Z" },
	};
	char text[29];
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		smsc_time_format(smsc_time_parse(rows[i].text), text);
		cr_assert_str_eq(text, rows[i].same, "%s", rows[i].text);
	}
}

Test(time, text_that_is_none)
{
	static const char *const rows[] = {
		"", "2005", "2005-01", "2005-1-7", "05-01-07", "2005-01-07T", "2005-01-07T2", "2005-01-07T22",
		"2005-01-07T22:", "2005-01-07T22:5", "2005-01-07T22:59:", "2005-01-07T22:59:38.",
		"2005-01-07T22:59:38.Z", "2005-01-07T22:59:38 ", " 2005-01-07", "2005-01-07T22:59:38Q",
		"2005-02-29", "2005-13-01", "2005-01-07T25:00", "1600-01-01", "+005-01-07", "2005-01-07x",
		"2005-01-07T22:59:38+99:00", "20050107", "9999-12-31T23:59:59-00:01",
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		cr_assert_eq(smsc_time_parse(rows[i]), SMSC_NEVER, "%s", rows[i]);
	cr_assert_eq(smsc_time_parse(NULL), SMSC_NEVER);
	char text[29] = "x";
	smsc_time_format(SMSC_NEVER, text);
	cr_assert_str_eq(text, "");
	smsc_time_format(INT64_MAX, text);
	cr_assert_str_eq(text, "");
	smsc_time_format(INT64_MIN, text);
	cr_assert_str_eq(text, "");
}

Test(time, months)
{
	cr_assert_eq(smsc_month_of("Jan"), 1);
	cr_assert_eq(smsc_month_of("dec 7"), 12);
	cr_assert_eq(smsc_month_of("MAR"), 3);
	cr_assert_eq(smsc_month_of("Ma"), 0);
	cr_assert_eq(smsc_month_of("M"), 0);
	cr_assert_eq(smsc_month_of(""), 0);
	cr_assert_eq(smsc_month_of("Foo"), 0);
}

Test(zone, forms)
{
	static const struct { const char *text; int bias; } rows[] = {
		{ "UTC", 0 }, { "utc", 0 }, { "GMT", 0 }, { "Z", 0 }, { "+00:00", 0 }, { "-00:00", 0 },
		{ "+01:00", -60 }, { "-05:00", 300 }, { "-0500", 300 }, { "+1", -60 }, { "+01", -60 },
		{ "-5", 300 }, { "+5:30", -330 }, { "+05:45", -345 }, { "-03:30", 210 }, { "+14:00", -840 },
		{ "-12", 720 },
	};
	int32_t bias;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		bias = 12345;
		cr_assert(smsc_zone_bias(rows[i].text, &bias), "%s", rows[i].text);
		cr_assert_eq(bias, rows[i].bias, "%s gave %d", rows[i].text, (int)bias);
	}
}

Test(zone, what_is_none)
{
	static const char *const rows[] = {
		"", "+", "-", "1", "01:00", "+001", "+530", "+5:3", "+05:", "+05:3", "+05:60", "+05:300",
		"+14:01", "+15", "-24:00", "+1 ", " +1", "UTC+1", "CET", "Europe/Berlin", "+:30", "+05:30Z",
		"+05.30", "+05300", "+123456789", "++1",
	};
	int32_t bias;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		cr_assert(!smsc_zone_bias(rows[i], &bias), "%s", rows[i]);
}

static bool name_bias(const char *words, const char *rest, int32_t *bias)
{
	char name[64];
	int n = snprintf(name, sizeof name, "%s%s", words, rest);
	return smsc_zone_name_bias((smsc_span){ name, (size_t)n }, bias);
}

/* What the Date/Time control panel of Windows 2000 showed before each place, "(GMT-08:00)", by
 * the name it gave the zone; collected from public tables of 2003 to 2007. */
static const struct { const char *offset, *words; } panel[] = {
	{ "-12:00", "Dateline" }, { "-11:00", "Samoa" }, { "-10:00", "Hawaiian" }, { "-09:00", "Alaskan" },
	{ "-08:00", "Pacific" }, { "-07:00", "Mountain" }, { "-07:00", "US Mountain" },
	{ "-06:00", "Canada Central" }, { "-06:00", "Mexico" }, { "-06:00", "Central" },
	{ "-06:00", "Central America" }, { "-05:00", "US Eastern" }, { "-05:00", "Eastern" },
	{ "-05:00", "SA Pacific" }, { "-04:00", "Pacific SA" }, { "-04:00", "SA Western" },
	{ "-04:00", "Atlantic" }, { "-03:30", "Newfoundland" }, { "-03:00", "Greenland" },
	{ "-03:00", "SA Eastern" }, { "-03:00", "E. South America" }, { "-02:00", "Mid-Atlantic" },
	{ "-01:00", "Cape Verde" }, { "-01:00", "Azores" }, { "+00:00", "Greenwich" }, { "+00:00", "GMT" },
	{ "+01:00", "W. Europe" }, { "+01:00", "Central Europe" }, { "+01:00", "Romance" },
	{ "+01:00", "Central European" }, { "+01:00", "W. Central Africa" }, { "+02:00", "GTB" },
	{ "+02:00", "E. Europe" }, { "+02:00", "Egypt" }, { "+02:00", "South Africa" }, { "+02:00", "FLE" },
	{ "+02:00", "Jerusalem" }, { "+03:00", "Arabic" }, { "+03:00", "Arab" }, { "+03:00", "Russian" },
	{ "+03:00", "E. Africa" }, { "+03:30", "Iran" }, { "+04:00", "Arabian" }, { "+04:00", "Caucasus" },
	{ "+04:30", "Afghanistan" }, { "+05:00", "Ekaterinburg" }, { "+05:00", "West Asia" },
	{ "+05:30", "India" }, { "+05:45", "Nepal" }, { "+06:00", "N. Central Asia" },
	{ "+06:00", "Central Asia" }, { "+06:00", "Sri Lanka" }, { "+06:30", "Myanmar" },
	{ "+07:00", "SE Asia" }, { "+07:00", "North Asia" }, { "+08:00", "China" },
	{ "+08:00", "North Asia East" }, { "+08:00", "Malay Peninsula" }, { "+08:00", "W. Australia" },
	{ "+08:00", "Taipei" }, { "+09:00", "Tokyo" }, { "+09:00", "Korea" }, { "+09:00", "Yakutsk" },
	{ "+09:30", "Cen. Australia" }, { "+09:30", "AUS Central" }, { "+10:00", "E. Australia" },
	{ "+10:00", "AUS Eastern" }, { "+10:00", "West Pacific" }, { "+10:00", "Tasmania" },
	{ "+10:00", "Vladivostok" }, { "+11:00", "Central Pacific" }, { "+12:00", "New Zealand" },
	{ "+12:00", "Fiji" }, { "+13:00", "Tonga" },
};

Test(zone, names_of_windows)
{
	for (size_t i = 0; i < sizeof panel / sizeof *panel; i++) {
		int32_t want, got = 0;
		cr_assert(smsc_zone_bias(panel[i].offset, &want));
		cr_assert(name_bias(panel[i].words, " Standard Time", &got), "%s", panel[i].words);
		cr_assert_eq(got, want, "%s gave %d", panel[i].words, (int)got);
		cr_assert(name_bias(panel[i].words, " Daylight Time", &got), "%s", panel[i].words);
		cr_assert_eq(got, want - 60, "%s gave %d", panel[i].words, (int)got);
	}
}

/* As sms-logs.md 2.1 quotes them out of logs, and Chihuahua, whose name has a tail. */
Test(zone, names_out_of_logs)
{
	static const struct { const char *name; int bias; } rows[] = {
		{ "Eastern Standard Time", 300 }, { "Pacific Daylight Time", 420 },
		{ "GMT Daylight Time", -60 }, { "Central Standard Time", 360 },
		{ "W. Europe Standard Time", -60 }, { "W. Europe Daylight Time", -120 },
		{ "Mexico Standard Time 2", 420 }, { "Mexico Daylight Time 2", 360 },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		int32_t bias = 0;
		cr_assert(name_bias(rows[i].name, "", &bias), "%s", rows[i].name);
		cr_assert_eq(bias, rows[i].bias, "%s gave %d", rows[i].name, (int)bias);
	}
}

Test(zone, names_that_are_none)
{
	static const char *const rows[] = {
		"", "Standard Time", " Standard Time", "Eastern", "Eastern Time", "eastern standard time",
		"Eastern Standard Time ", " Eastern Standard Time", "Eastern Standard Time 2", "Atlantis Standard Time",
		"Eastern  Standard Time", "Eastern Standard Tim", "Easter Standard Time",
	};
	int32_t bias;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		cr_assert(!name_bias(rows[i], "", &bias), "%s", rows[i]);
	cr_assert(!smsc_zone_name_bias((smsc_span){ NULL, 0 }, &bias));
}
