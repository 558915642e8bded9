/* test_report_axis.c - the order of time is kept, whatever the times are. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>


#include "report/axis.h"

#define SECOND SMSC_TICKS_A_SECOND

static smsc_axis made(const smsc_time *times, size_t count)
{
	smsc_axis a;
	smsc_time *copy = calloc(count + 1, sizeof *copy);
	memcpy(copy, times, count * sizeof *times);
	cr_assert(smsc_axis_make(&a, copy, count, 100, 900));
	return a;
}

Test(axis, ends_and_order)
{
	const smsc_time times[] = { 5000 * SECOND, SECOND, 10 * SECOND, 11 * SECOND, 10 * SECOND, 90000000 * SECOND };
	smsc_axis a = made(times, 6);
	cr_assert_eq(a.count, 5u);
	cr_assert_eq(smsc_axis_x(&a, SECOND), 100);
	cr_assert_eq(smsc_axis_x(&a, 90000000 * SECOND), 1000);
	cr_assert_eq(smsc_axis_x(&a, 0), 100);
	cr_assert_eq(smsc_axis_x(&a, INT64_MAX), 1000);
	int32_t last = 0;
	for (smsc_time t = 0; t < 90000001 * SECOND; t += 9999 * SECOND) {
		cr_assert(smsc_axis_x(&a, t) >= last);
		last = smsc_axis_x(&a, t);
	}
	smsc_axis_free(&a);
}

/* log2(1 + 1) : log2(63 + 1) is 1 : 6, plus a sixteenth for each. */
Test(axis, room_is_the_logarithm)
{
	const smsc_time times[] = { SECOND, 2 * SECOND, 65 * SECOND };
	smsc_axis a = made(times, 3);
	cr_assert_eq(smsc_axis_x(&a, 2 * SECOND), 100 + 900 * 17 / (17 + 97));
	smsc_axis_free(&a);
}

Test(axis, few_points_and_far_ones)
{
	const smsc_time far[] = { INT64_MIN, INT64_MAX }, one[] = { 7 * SECOND };
	smsc_axis none = made(one, 0), single = made(one, 1), wide = made(far, 2);
	cr_assert_eq(smsc_axis_x(&none, SECOND), 100);
	cr_assert_eq(smsc_axis_x(&single, 0), 100);
	cr_assert_eq(smsc_axis_x(&single, 8 * SECOND), 100);
	cr_assert(abs(smsc_axis_x(&wide, 0) - 550) <= 1);
	cr_assert_eq(smsc_axis_x(&wide, INT64_MAX), 1000);
	smsc_axis_free(&none);
	smsc_axis_free(&single);
	smsc_axis_free(&wide);
}
