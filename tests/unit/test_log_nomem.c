/* test_log_nomem.c - logs when memory runs out: told, no crash, no leak. */
#include "../sample.h"
#include "failing.h"
#include "format/log_stream.h"
#include "log_rows.h"

#define CCM(text) "<![LOG[" text "]LOG]!><time=\"17:59:38.123+300\" date=\"01-07-2005\" component=\"C\">\r\n"

static const char sms[] = "x\n $$<Hardware Inventory\n Agent><05-21-2005 17:09:02.123+300><thread=2040 (0x7F8)>\r\njunk\n";
static const char trace[] = "a message SMS_A\n12/20/1999 10:23:49\nAM 472 (0x1D8)\nb SMS_B 12/20/1999 10:23:49 AM 472 (0x1D9)\n";
static const char iis[] = "#Fields: time cs-method cs-uri-stem\n#Date: 2005-01-07 22:59:38\n22:59:41 GET /\xfc\njunk\n";
static const char setup[] = "<01-07-2005 12:00:00> gr\xfc\xdf\n<13-07-2005 12:00:00> x\n";
static const char update[] = "2005-01-07\t12:44:33:444\t 940\t3ec\tAgent\tgr\xfc\xdf\njunk\n2005-13-07\t12:44:33:444\t 940\t3ec\tAgent\tx\n";
static smsc_span input;

static bool read_it(void)
{
	feed f = { .left = input };
	smsc_error *err = NULL;
	smsc_row row = SMSC_ROW_INIT;
	smsc_log *l = feed_open(&f, NULL, &err);
	while (smsc_log_next(l, &row, &err))
		;
	bool good = !err;
	cr_assert(good || smsc_error_code(err) == SMSC_ENOMEM);
	smsc_log_unref(l);
	smsc_error_free(err);
	cr_assert_eq(f.closed, 1);
	return good;
}

static bool sum_it_up(void)
{
	smsc_record *r = smsc_record_new("ccm-log", "a.log", 1252);
	if (!r)
		return false;
	smsc_log_summary(input, r);
	bool good = !r->failed && !smsc_arena_failed(r->arena);
	smsc_record_unref(r);
	return good;
}

static void run_out(smsc_span log)
{
	long before = smsc_live_objects();
	input = log;
	cr_assert_geq(failing_run(read_it, false), 4);
	cr_assert_geq(failing_run(read_it, true), 4);
	cr_assert_geq(failing_run(sum_it_up, false), 4);
	cr_assert_eq(smsc_live_objects(), before);
}

Test(log_nomem, each_format)
{
	static const char ccm[] = CCM("gr\xfc\xdf") "junk" CCM("\x81");
	run_out(span_of_text(ccm));
	run_out(span_of_text(sms));
	run_out(span_of_text(trace));
	run_out(span_of_text(iis));
	run_out(span_of_text(setup));
	run_out(span_of_text(update));
}

Test(log_nomem, event_log)
{
	const char *path = sample_path("SMSC_CORPUS", "evt/ring-split.Evt");
	cr_assert(path);
	smsc_span s = sample_load(path);
	run_out(s);
	sample_free(s);
}

Test(log_nomem, utf16)
{
	static const char wide[] = "\xff\xfe<\0!\0[\0L\0O\0G\0[\0\0\xdc\0]\0L\0O\0G\0]\0!\0>\0<\0t\0i\0m\0e\0=\0\"\0x";
	run_out(smsc_span_of(wide, sizeof wide - 1));
}

/* The window grows. */
Test(log_nomem, long_record)
{
	smsc_buf log = SMSC_BUF_INIT;
	smsc_buf_str(&log, CCM("a") "<![LOG[");
	for (int i = 0; i < 60000; i++)
		smsc_buf_str(&log, "0123456789");
	smsc_buf_str(&log, "]LOG]!><time=\"17:59:38.123+300\" date=\"01-07-2005\">");
	run_out(smsc_span_of(log.data, log.size));
	smsc_buf_free(&log);
}
