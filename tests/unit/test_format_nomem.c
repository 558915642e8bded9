/* test_format_nomem.c - decoders when memory runs out: no record, no crash, no leak. */
#include <criterion/criterion.h>

#include "../sample.h"
#include "failing.h"
#include "format/format.h"

/* A name that is no ASCII, a text with more behind its NUL, and many findings. */
static const uint8_t container[] = {
	3, 0, 0, 0, 0, 0, 0, 0, 6, 0, 0, 0, 40, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 30, 0, 0, 0,
	21, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80, 0xc4, 0x81, 0, 'x', 'y', 0,
	1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
	'R', 'S', 'A', '1', 0x20, 0, 0, 0, 0x40, 0, 0, 0, 9, 0, 0, 0, 3, 0, 0, 0, 1, 2, 3, 4, 5, 6,
	1, 0, 0, 0, 0xd0, 0x8c, 0x9d, 0xdf, 0x01, 0x15, 0xd1, 0x11, 0x8c, 0x7a, 0x00, 0xc0,
	0x4f, 0xc2, 0x97, 0xeb, 1, 0, 0, 0,
};

static bool decode_all(void)
{
	const smsc_format *f;
	bool good = true;
	for (size_t i = 0; (f = smsc_format_row(i)); i++) {
		smsc_record *r = smsc_format_decode(f, "a\x81/b", (smsc_span){ container, sizeof container },
		                                    1252);
		good = good && r;
		smsc_record_unref(r);
	}
	return good;
}

Test(format_nomem, one_allocation_fails)
{
	long before = smsc_live_objects();
	cr_assert_gt(failing_run(decode_all, false), 20);
	cr_assert_eq(smsc_live_objects(), before);
}

Test(format_nomem, all_allocations_fail_from_one_on)
{
	long before = smsc_live_objects();
	cr_assert_gt(failing_run(decode_all, true), 20);
	cr_assert_eq(smsc_live_objects(), before);
}
