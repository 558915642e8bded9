/* test_log_ccm.c - client logs: the grammar of sms-logs 1.1 to 1.3, and what damages it. */
#include "log_rows.h"

#define HEAD   " component=\"CcmExec\" context=\"\" type=\"1\" thread=\"3944\" file=\"init.cpp:231\">"
#define STAMP  "<time=\"17:59:38.123+300\" date=\"01-07-2005\""
#define RECORD(text) "<![LOG[" text "]LOG]!>" STAMP HEAD "\r\n"

Test(log_ccm, all_fields)
{
	check_only("<![LOG[Entering Certificate Maintenance]LOG]!><time=\"17:59:38.123+300\" "
	           "date=\"01-07-2005\" component=\"CcmExec\" context=\"D\\u\" type=\"2\" "
	           "thread=\"3944\" file=\"init.cpp:231\">\r\n",
	           &(want){ .local = "2005-01-07T17:59:38.1230000Z",
	                    .time = "2005-01-07T22:59:38.1230000Z", .bias = 300, .severity = 2,
	                    .thread = 3944, .source_line = 231, .offset = 0, .line = 1,
	                    .text = "Entering Certificate Maintenance", .component = "CcmExec",
	                    .context = "D\\u", .file = "init.cpp", .form = "ccm" });
}

static void check_stamp(const char *time, const char *date, const char *local, const char *utc,
                        int32_t bias)
{
	char log[200];
	snprintf(log, sizeof log, "<![LOG[x]LOG]!><time=\"%s\" date=\"%s\">", time, date);
	check_only(log, &(want){ .local = local, .time = utc, .bias = bias,
	                         .line = 1, .text = "x", .component = "", .file = "" });
}

/* UTC = local + bias; the first pair is from a real record whose message tells UTC. */
Test(log_ccm, times)
{
	check_stamp("12:46:25.939+300", "10-14-2013", "2013-10-14T12:46:25.9390000Z",
	            "2013-10-14T17:46:25.9390000Z", 300);
	check_stamp("10:22:50.000-330", "01-02-2015", "2015-01-02T10:22:50.0000000Z",
	            "2015-01-02T04:52:50.0000000Z", -330);
	check_stamp("00:00:00.001-60", "1-1-2005", "2005-01-01T00:00:00.0010000Z",
	            "2004-12-31T23:00:00.0010000Z", -60);
	check_stamp("23:59:59.999+00", "12-31-2004", "2004-12-31T23:59:59.9990000Z",
	            "2004-12-31T23:59:59.9990000Z", 0);
	check_stamp("1:02:03.5-780", "02-29-2004", "2004-02-29T01:02:03.5000000Z",
	            "2004-02-28T12:02:03.5000000Z", -780);
	/* .NET writers: seven digits, no bias, nothing padded. */
	check_stamp("17:59:38.1234567", "1-7-2005", "2005-01-07T17:59:38.1234567Z", "", SMSC_NO_BIAS);
	/* Scripts of MDT: a bias that tells nothing. */
	check_stamp("17:59:38.000+000", "01-07-2005", "2005-01-07T17:59:38.0000000Z", "", SMSC_NO_BIAS);
}

/* The caller's zone is for rows that have none of their own. */
Test(log_ccm, zone_of_the_caller)
{
	feed f = { .left = span_of_text("<![LOG[a]LOG]!><time=\"12:00:00.000+300\" date=\"01-07-2005\">\n"
	                                "<![LOG[b]LOG]!><time=\"12:00:00.0000001\" date=\"01-07-2005\">\n") };
	smsc_options options = SMSC_OPTIONS_INIT;
	smsc_error *err = NULL;
	smsc_row row = SMSC_ROW_INIT;
	options.zone = "+01:00";
	smsc_log *l = feed_open(&f, &options, &err);
	cr_assert_eq(smsc_log_next(l, &row, &err), 1);
	cr_assert_eq(row.bias, 300);
	check_time("time", row.time, "2005-01-07T17:00:00.0000000Z");
	cr_assert_eq(smsc_log_next(l, &row, &err), 1);
	cr_assert_eq(row.bias, -60);
	check_time("time", row.time, "2005-01-07T11:00:00.0000001Z");
	smsc_log_unref(l);
}

/* A log of one row with these attributes, of which one thing is wrong. */
static smsc_log *wrong_row(const char *when, smsc_row *row)
{
	static char log[200];
	static feed f;
	smsc_error *err = NULL;
	snprintf(log, sizeof log, "<![LOG[x]LOG]!><time=\"%s\" type=\"3\">", when);
	f = (feed){ .left = span_of_text(log) };
	smsc_log *l = feed_open(&f, NULL, &err);
	cr_assert_eq(smsc_log_next(l, row, &err), 1, "%s", when);
	cr_assert_eq(row->bias, SMSC_NO_BIAS, "%s", when);
	cr_assert_eq(smsc_log_finding_count(l), 1, "%s", when);
	return l;
}

/* What is no time is said, and the rest of the record delivered. */
Test(log_ccm, impossible_times)
{
	static const char *const bad[] = {
		"24:00:00.000+300\" date=\"01-07-2005", "12:60:00.000+300\" date=\"01-07-2005",
		"12:00:00.000+300\" date=\"13-07-2005", "12:00:00.000+300\" date=\"02-29-2005",
		"12:00:00.12345678\" date=\"01-07-2005", "noon\" date=\"01-07-2005",
		"12:00:00.000+300\" date=\"01/07/2005", "12:00:00.000+300\" date=\"2005-1-07",
		"12:00:00.\" date=\"01-07-2005", "12:00:00.000+300\" date=\"01-07-05", "\" date=\"",
	};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		smsc_row row = SMSC_ROW_INIT;
		smsc_log *l = wrong_row(bad[i], &row);
		cr_assert_eq(row.local, SMSC_NEVER, "%s", bad[i]);
		cr_assert_eq(row.severity, 3);
		cr_assert_str_eq(smsc_finding_rule(smsc_log_finding_at(l, 0)), "D003");
		smsc_log_unref(l);
	}
}

/* As scripts write it: another decimal point, none, the year first, two signs. */
Test(log_ccm, times_of_scripts)
{
	check_stamp("12:00:00,500+300", "01-07-2005", "2005-01-07T12:00:00.5000000Z", "2005-01-07T17:00:00.5000000Z", 300);
	check_stamp("12:00:00+300", "01-07-2005", "2005-01-07T12:00:00.0000000Z", "2005-01-07T17:00:00.0000000Z", 300);
	check_stamp("12:00:00", "01-07-2005", "2005-01-07T12:00:00.0000000Z", "", SMSC_NO_BIAS);
	check_stamp("12:00:00.500+0300", "2005-01-07", "2005-01-07T12:00:00.5000000Z", "2005-01-07T17:00:00.5000000Z", 300);
	check_stamp("12:00:00.500+-60", "01-07-2005", "2005-01-07T12:00:00.5000000Z", "", SMSC_NO_BIAS);
	check_stamp("12:00:00.500-000", "01-07-2005", "2005-01-07T12:00:00.5000000Z", "2005-01-07T12:00:00.5000000Z", 0);
}

/* The local time stays where only the bias is none. */
Test(log_ccm, impossible_bias)
{
#define AT_NOON(bias) "12:00:00.000" bias "\" date=\"01-07-2005"
	static const char *const bad[] = {
		AT_NOON("+300x"), AT_NOON("+05:30"), AT_NOON("+300+2"), AT_NOON("+"), AT_NOON(" PM"),
	};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		smsc_row row = SMSC_ROW_INIT;
		smsc_log *l = wrong_row(bad[i], &row);
		check_time(bad[i], row.local, "2005-01-07T12:00:00.0000000Z");
		cr_assert_eq(row.time, SMSC_NEVER);
		smsc_log_unref(l);
	}
}

static void check_thread(const char *text, uint32_t thread, size_t findings)
{
	char log[200];
	snprintf(log, sizeof log, "<![LOG[x]LOG]!>" STAMP " thread=\"%s\">", text);
	feed f = { .left = span_of_text(log) };
	smsc_error *err = NULL;
	smsc_row row = SMSC_ROW_INIT;
	smsc_log *l = feed_open(&f, NULL, &err);
	cr_assert_eq(smsc_log_next(l, &row, &err), 1);
	cr_assert_eq(row.thread, thread, "%s: %u", text, row.thread);
	cr_assert_eq(smsc_log_finding_count(l), findings, "%s", text);
	smsc_log_unref(l);
}

Test(log_ccm, threads)
{
	check_thread("4294967295", UINT32_MAX, 0);
	check_thread("0x1F8", 504, 0);
	check_thread("504 (0x1F8)", 504, 0);
	check_thread("504 (0x1F9)", 0, 1);
	check_thread("0x1FFFFFFFF", 0, 1);
	check_thread("0x", 0, 1);
	check_thread("one", 0, 1);
}

/* A bias that no zone has is not used. */
Test(log_ccm, absurd_bias)
{
	check_stamp("12:00:00.500+1441", "01-07-2005", "2005-01-07T12:00:00.5000000Z", "", SMSC_NO_BIAS);
}

Test(log_ccm, message_may_hold_anything)
{
	check_outcome(RECORD("component=\"x\" type=\"3\">"), "component=\"x\" type=\"3\">|", "");
	check_outcome(RECORD("a\r\nb\tc\n\nd"), "a\r\nb\tc\n\nd|", "");
	check_outcome(RECORD("[x] <![LOG[ !! ]LOG]!> <time="), "[x] <![LOG[ !! ]LOG]!> <time=|", "");
	check_outcome(RECORD("]LOG]!>"), "]LOG]!>|", "");
	check_outcome(RECORD("]LOG]!><time=\""), "]LOG]!><time=\"|", "");
	check_outcome(RECORD(""), "|", "");
	check_outcome(RECORD("one") RECORD("two"), "one|two|", "");
}

Test(log_ccm, line_ends)
{
	check_outcome("<![LOG[a]LOG]!>" STAMP HEAD "\n<![LOG[b]LOG]!>" STAMP HEAD "\r"
	              "<![LOG[c]LOG]!>" STAMP HEAD "<![LOG[d]LOG]!>" STAMP HEAD, "a|b|c|d|", "");
	check_outcome("\xef\xbb\xbf" RECORD("a"), "a|", "");
}

Test(log_ccm, attributes_in_any_order)
{
	check_only("<![LOG[x]LOG]!><time=\"17:59:38.123+300\" date=\"01-07-2005\"  file=\"a:b.cpp:7\" "
	           "colour=\"red\" thread=\"4294967295\" type=\"0\" component=\"A_1\" component=\"B\" >",
	           &(want){ .local = "2005-01-07T17:59:38.1230000Z", .bias = 300, .thread = UINT32_MAX,
	                    .source_line = 7, .line = 1, .text = "x", .component = "A_1",
	                    .file = "a:b.cpp" });
}

static void check_file(const char *file, const char *name, uint32_t line)
{
	char log[300];
	snprintf(log, sizeof log, "<![LOG[x]LOG]!>" STAMP " file=\"%s\">", file);
	feed f = { .left = span_of_text(log) };
	smsc_row row = SMSC_ROW_INIT;
	smsc_error *err = NULL;
	smsc_log *l = feed_open(&f, NULL, &err);
	cr_assert_eq(smsc_log_next(l, &row, &err), 1);
	check_span("file", row.file, name);
	cr_assert_eq(row.source_line, line, "%s", file);
	smsc_log_unref(l);
}

Test(log_ccm, files)
{
	check_file("systemtask.cpp:122", "systemtask.cpp", 122);
	check_file("ZTIUtility.vbs", "ZTIUtility.vbs", 0);
	check_file("C:\\x\\y.ps1", "C:\\x\\y.ps1", 0);
	check_file("", "", 0);
	check_file("12", "12", 0);
	check_file(":12", "", 12);
	check_file("a:", "a:", 0);
	check_file("a:99999999999", "a", 0);
}

static void check_numbers(const char *type, const char *thread, int32_t severity, uint32_t number,
                          size_t findings)
{
	char log[300];
	snprintf(log, sizeof log, "<![LOG[x]LOG]!>" STAMP " type=\"%s\" thread=\"%s\">", type, thread);
	feed f = { .left = span_of_text(log) };
	smsc_row row = SMSC_ROW_INIT;
	smsc_error *err = NULL;
	smsc_log *l = feed_open(&f, NULL, &err);
	cr_assert_eq(smsc_log_next(l, &row, &err), 1);
	cr_assert_eq(row.severity, severity, "%s", type);
	cr_assert_eq(row.thread, number, "%s", thread);
	cr_assert_eq(smsc_log_finding_count(l), findings, "%s %s", type, thread);
	smsc_log_unref(l);
}

Test(log_ccm, severities_and_threads)
{
	check_numbers("0", "0", 0, 0, 0);
	check_numbers("1", "1", 1, 1, 0);
	check_numbers("2", "99999", 2, 99999, 0);
	check_numbers("3", "", 3, 0, 0);
	check_numbers("", "4294967295", 0, UINT32_MAX, 0);
	check_numbers("4", "4294967296", 0, 0, 2);
	check_numbers("x", "12a", 0, 0, 2);
	check_numbers("-1", "00000000001", 0, 0, 2);
}

/* ---- damage ------------------------------------------------------------------------ */

/* A record is never lost, and what is no record is told with its place. */
Test(log_ccm, torn_records)
{
	check_outcome(RECORD("a") "<![LOG[torn\r\n" RECORD("b"), "a|b|",
	              "D005@134 11 bytes are a record without its end: <![LOG[torn;");
	check_outcome(RECORD("a") "<![LOG[torn]LOG]!><time=\"12:00\r\n" RECORD("b"), "a|b|",
	              "D005@134 30 bytes are a record whose header is cut: <![LOG[torn]LOG]!><time=\"12:00;");
	check_outcome(RECORD("a") "<![LOG[torn]LOG]!><time=\"12:00" RECORD("b"), "a|b|",
	              "D005@134 30 bytes are a record whose header is cut: <![LOG[torn]LOG]!><time=\"12:00;");
	check_outcome(RECORD("a") "<![LOG[torn", "a|",
	              "D005@134 11 bytes are a record without its end: <![LOG[torn;");
	check_outcome(RECORD("a") "the tail]LOG]!>" STAMP HEAD "\r\n" RECORD("b"), "a|the tail|b|",
	              "D005@134 the head of this record is missing;");
	check_outcome(RECORD("a") "]LOG]!>" STAMP HEAD "\r\n" RECORD("b"), "a||b|",
	              "D005@134 the head of this record is missing;");
	check_outcome(RECORD("a") "junk\r\n\r\nmore junk\r\n" RECORD("b"), "a|b|",
	              "D005@134 17 bytes are no record: junk....more junk;");
	check_outcome(RECORD("a") "<![LOG[one\n<![LOG[two\n" RECORD("b"), "a|b|",
	              "D005@134 21 bytes are a record without its end: <![LOG[one;");
}

Test(log_ccm, zeros)
{
	static const char log[] = RECORD("a") "\0\0\0\0\0\0\0\0\0\0" RECORD("b") "\0\0\0\0x\0\0";
	feed f = { .left = { log, sizeof log - 1 } };
	outcome o = read_all(&f, NULL);
	cr_assert_str_eq(o.texts, "a|b|");
	cr_assert_str_eq(o.found, "D005@134 10 zeros: room of the file that was never written;"
	                 "D005@278 7 bytes are no record: 4 zeros, then x..;", "%s", o.found);
	outcome_free(&o);
	/* Zeros where a record was torn: the next one begins without a line end. */
	static const char hole[] = RECORD("a") "<![LOG[to\0\0\0\0\0\0\0" RECORD("b");
	feed g = { .left = { hole, sizeof hole - 1 } };
	o = read_all(&g, NULL);
	cr_assert_str_eq(o.texts, "a|b|");
	cr_assert_eq(o.findings, 1);
	outcome_free(&o);
}

Test(log_ccm, not_this_format)
{
	static const char *const others[] = {
		"", "x", "\xef\xbb\xbf", "printf(\"]LOG]!><time=\\\"%s\");",
		"the record ends in `]LOG]!><time=\"` and then", "<![LOG", "LOG[x]LOG]",
	};
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		feed f = { .left = span_of_text(others[i]) };
		smsc_error *err = NULL;
		cr_assert_null(feed_open(&f, NULL, &err), "%s", others[i]);
		cr_assert_eq(smsc_error_code(err), SMSC_EFORMAT);
		cr_assert_str_eq(smsc_error_path(err), "a.log");
		cr_assert_eq(f.closed, 1);
		smsc_error_free(err);
	}
}
