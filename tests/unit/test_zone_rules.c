/* Zones of the registry: which bias was in force on a local date. */
#include <criterion/criterion.h>

#include "base/time.h"
#include "base/zone_rules.h"

static smsc_zone_turn turn(const uint8_t bytes[16])
{
	smsc_zone_turn t;
	cr_assert(smsc_zone_turn_read((smsc_span){ bytes, 16 }, &t));
	return t;
}

/* As the SYSTEM hive of an American Windows XP of 2010 holds them: second Sunday of March,
 * first Sunday of November, both at 2:00. */
static smsc_zone_rules eastern(void)
{
	static const uint8_t standard[16] = { 0, 0, 11, 0, 1, 0, 2 }, daylight[16] = { 0, 0, 3, 0, 2, 0, 2 };
	return (smsc_zone_rules){ 300, 0, -60, turn(standard), turn(daylight) };
}

static smsc_time at(int year, int month, int day, int hour, int minute)
{
	return smsc_time_of_civil((smsc_civil){ year, month, day, hour, minute, 0, 0 });
}

Test(zone_rules, north)
{
	smsc_zone_rules z = eastern();
	bool unsure;
	cr_assert_eq(smsc_zone_bias_at(&z, at(2010, 1, 7, 17, 59), &unsure), 300);
	cr_assert_not(unsure);
	cr_assert_eq(smsc_zone_bias_at(&z, at(2010, 7, 1, 12, 0), &unsure), 240);
	cr_assert_eq(smsc_zone_bias_at(&z, at(2010, 3, 14, 0, 59), &unsure), 300);
	cr_assert_not(unsure);
	cr_assert_eq(smsc_zone_bias_at(&z, at(2010, 3, 14, 3, 1), &unsure), 240, "14 March 2010 was the second Sunday");
	cr_assert_eq(smsc_zone_bias_at(&z, at(2010, 11, 7, 3, 1), &unsure), 300, "7 November 2010 was the first Sunday");
	smsc_zone_bias_at(&z, at(2010, 11, 7, 1, 30), &unsure);
	cr_assert(unsure, "1:30 happened twice");
}

/* Sydney in 2004: last Sunday of October to last Sunday of March. */
Test(zone_rules, south)
{
	static const uint8_t standard[16] = { 0, 0, 3, 0, 5, 0, 3 }, daylight[16] = { 0, 0, 10, 0, 5, 0, 2 };
	smsc_zone_rules z = { -600, 0, -60, turn(standard), turn(daylight) };
	bool unsure;
	cr_assert_eq(smsc_zone_bias_at(&z, at(2004, 1, 15, 0, 0), &unsure), -660);
	cr_assert_eq(smsc_zone_bias_at(&z, at(2004, 7, 15, 0, 0), &unsure), -600);
	cr_assert_eq(smsc_zone_bias_at(&z, at(2004, 3, 28, 5, 0), &unsure), -600, "28 March 2004 was the last Sunday");
	cr_assert_eq(smsc_zone_bias_at(&z, at(2004, 12, 31, 23, 0), &unsure), -660);
}

Test(zone_rules, no_summer_time)
{
	smsc_zone_rules z = { -540, 0, -60, { 0 }, { 0 } };
	bool unsure;
	cr_assert_eq(smsc_zone_bias_at(&z, at(2004, 7, 1, 0, 0), &unsure), -540);
	cr_assert_not(unsure);
}

Test(zone_rules, no_turn_at_all)
{
	static const uint8_t bad_month[16] = { 0, 0, 13, 0, 1 }, bad_week[16] = { 0, 0, 3, 0, 6, 0, 2 };
	smsc_zone_turn t;
	cr_assert_not(smsc_zone_turn_read((smsc_span){ bad_month, 16 }, &t));
	cr_assert_not(smsc_zone_turn_read((smsc_span){ bad_week, 16 }, &t));
	cr_assert_not(smsc_zone_turn_read((smsc_span){ bad_month, 15 }, &t));
}
