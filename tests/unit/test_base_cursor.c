/* Reads of bytes that are not to be trusted: what fits, what does not, and that a failure
 * stays. */
#include <criterion/criterion.h>

#include "base/cursor.h"

static const uint8_t bytes[] = { 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x88,
                                 0x03, 0x00, 0x00, 0x00, 'a', 'b', 'c' };

static smsc_cur cursor(size_t size)
{
	return smsc_cur_of(smsc_span_of(bytes, size), 1000);
}

Test(cursor, reads_little_endian)
{
	smsc_cur c = cursor(sizeof bytes);
	cr_assert_eq(smsc_cur_u8(&c), 0x01);
	cr_assert_eq(smsc_cur_u16(&c), 0x0302);
	cr_assert_eq(smsc_cur_u32(&c), UINT32_C(0x07060504));
	cr_assert_eq(smsc_cur_where(&c), 1007);
	c = cursor(sizeof bytes);
	cr_assert_eq(smsc_cur_u64(&c), UINT64_C(0x8807060504030201));
	smsc_span run = smsc_cur_run32(&c);
	cr_assert_eq(run.size, 3);
	cr_assert_arr_eq(run.data, "abc", 3);
	cr_assert(smsc_cur_ok(&c));
	cr_assert_eq(smsc_cur_left(&c), 0);
}

/* At every length that is too short: zero, the offset of the read, and nothing more. */
Test(cursor, a_read_that_does_not_fit_fails_once)
{
	for (size_t size = 0; size < 8; size++) {
		smsc_cur c = cursor(size);
		cr_assert_eq(smsc_cur_u64(&c), 0);
		cr_assert(!smsc_cur_ok(&c));
		cr_assert_eq(c.fail, 1000);
		cr_assert_eq(smsc_cur_left(&c), 0);
		cr_assert_eq(smsc_cur_u8(&c), 0, "a failed cursor reads on, size %zu", size);
		cr_assert_null(smsc_cur_take(&c, 0).data);
		cr_assert_eq(c.fail, 1000, "the first place is kept");
	}
}

Test(cursor, failure_tells_the_place_of_the_read)
{
	smsc_cur c = cursor(6);
	smsc_cur_u32(&c);
	smsc_cur_u32(&c);
	cr_assert_eq(c.fail, 1004);
}

Test(cursor, exact_fit_is_no_failure)
{
	smsc_cur c = cursor(8);
	smsc_cur_u64(&c);
	cr_assert(smsc_cur_ok(&c));
	smsc_span nothing = smsc_cur_take(&c, 0);
	cr_assert_eq(nothing.size, 0);
	cr_assert(smsc_cur_ok(&c));
}

/* The length that would wrap a pointer when added to it. */
Test(cursor, a_run_longer_than_memory_fails)
{
	static const uint8_t evil[] = { 0xff, 0xff, 0xff, 0xff, 'x' };
	smsc_cur c = smsc_cur_of(smsc_span_of(evil, sizeof evil), 0);
	cr_assert_eq(smsc_cur_run32(&c).size, 0);
	cr_assert_eq(c.fail, 4);
	c = smsc_cur_of(smsc_span_of(evil, sizeof evil), 0);
	cr_assert_null(smsc_cur_take(&c, SIZE_MAX).data);
	cr_assert_eq(c.fail, 0);
}

Test(cursor, empty_input)
{
	smsc_cur c = smsc_cur_of(smsc_span_of(NULL, 0), 7);
	cr_assert_eq(smsc_cur_take(&c, 0).size, 0);
	cr_assert(smsc_cur_ok(&c));
	cr_assert_eq(smsc_cur_u16(&c), 0);
	cr_assert_eq(c.fail, 7);
}

Test(cursor, span_cut_never_leaves_the_span)
{
	smsc_span s = smsc_span_of(bytes, 10);
	static const struct { size_t at, size, got_at, got; } rows[] = {
		{ 0, 10, 0, 10 }, { 3, 4, 3, 4 }, { 3, 100, 3, 7 }, { 10, 1, 10, 0 },
		{ 11, 1, 10, 0 }, { SIZE_MAX, SIZE_MAX, 10, 0 }, { 1, SIZE_MAX, 1, 9 },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		smsc_span cut = smsc_span_cut(s, rows[i].at, rows[i].size);
		cr_assert_eq(cut.size, rows[i].got, "row %zu", i);
		cr_assert_eq((const uint8_t *)cut.data, bytes + rows[i].got_at, "row %zu", i);
	}
	cr_assert_null(smsc_span_cut(smsc_span_of(NULL, 0), 5, 5).data);
}
