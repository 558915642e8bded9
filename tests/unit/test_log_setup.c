/* test_log_setup.c - logs of SMS setup, of Windows Installer and of Windows Update. */
#include "log_rows.h"

Test(log_setup, brackets)
{
	check_only("<11-22-1996 13:42:14> Executing upgrade script\r\n",
	           &(want){ .local = "1996-11-22T13:42:14.0000000Z", .time = "", .bias = SMSC_NO_BIAS,
	                    .line = 1, .form = "setup", .text = "Executing upgrade script", .component = "" });
	check_only("<01-07-2005 12:00:00>no blank\r\n",
	           &(want){ .local = "2005-01-07T12:00:00.0000000Z", .time = "", .bias = SMSC_NO_BIAS,
	                    .line = 1, .text = "no blank" });
	check_only("<01-07-2005 12:00:00.123> ms",
	           &(want){ .local = "2005-01-07T12:00:00.1230000Z", .time = "", .bias = SMSC_NO_BIAS,
	                    .line = 1, .text = "ms" });
	check_only("<Tue Jan 11 16:22:33 2005> asctime",
	           &(want){ .local = "2005-01-11T16:22:33.0000000Z", .time = "", .bias = SMSC_NO_BIAS,
	                    .line = 1, .text = "asctime" });
	check_only("<[Tue Jan  4 16:22:33 2005]> inner bracket",
	           &(want){ .local = "2005-01-04T16:22:33.0000000Z", .time = "", .bias = SMSC_NO_BIAS,
	                    .line = 1, .text = "inner bracket" });
}

Test(log_setup, lines_go_on)
{
	check_outcome("  <11-22-1996 13:42:14> one\n   SITE.SRV\\X.SQL\n<11-22-1996 13:42:18> two\nSMS SETUP Log > three\n",
	              "one\n   SITE.SRV\\X.SQL|two\nSMS SETUP Log > three|", "");
	check_outcome("<13-40-2005 12:00:00> one\n<01-07-2005 12:00:00>\n<01-07-2005 12:00:61> b\n", "one||b|",
	              "D003@0 the date of this record is none;D003@48 the date of this record is none;");
	check_outcome("junk\n<01-07-2005 12:00:00> one\n", "one|", "D005@0 4 bytes are no record: junk;");
}

/* A file made longer than its text, and a writer that went on behind the zeros of a crash. */
Test(log_setup, zeros)
{
	static const char log[] = "<01-07-2005 12:00:00> one\r\n\0\0\0\0<01-07-2005 12:00:01> two\r\n\0\0\0\0\0\0";
	feed f = { .left = { log, sizeof log - 1 } };
	outcome o = read_all(&f, NULL);
	cr_assert_str_eq(o.texts, "one|two|");
	cr_assert_str_eq(o.found, "D005@27 4 zeros: room of the file that was never written;"
	                          "D005@58 6 zeros: room of the file that was never written;");
	outcome_free(&o);
}

/* ---- Windows Installer ---------------------------------------------------------------- */

#define HEADER "=== Verbose logging started: 1/7/2005  23:59:58  Build type: SHIP UNICODE 2.00 ===\r\n"

static void check_rows(const char *log, size_t count, const want *wants)
{
	feed f = { .left = span_of_text(log) };
	smsc_error *err = NULL;
	smsc_row row = SMSC_ROW_INIT;
	smsc_log *l = feed_open(&f, NULL, &err);
	cr_assert(l, "not a log: %s", log);
	for (size_t i = 0; i < count; i++) {
		cr_assert_eq(smsc_log_next(l, &row, &err), 1, "row %zu is missing", i);
		check_time("local", row.local, wants[i].local);
		check_time("time", row.time, wants[i].time);
		check_span("text", row.text, wants[i].text);
		check_span("component", row.component, wants[i].component);
		check_span("context", row.context, wants[i].context);
		cr_assert_eq(row.thread, wants[i].thread, "row %zu: thread %u", i, row.thread);
		cr_assert_eq(row.severity, wants[i].severity, "row %zu: severity %d", i, row.severity);
	}
	cr_assert_eq(smsc_log_next(l, &row, &err), 0);
	cr_assert_null(err);
	cr_assert_eq(smsc_log_finding_count(l), 0);
	smsc_log_unref(l);
}

/* The clock has no date: the day is that of the header, and the next after midnight. */
Test(log_setup, installer)
{
	static const want wants[] = {
		{ .local = "2005-01-07T23:59:58.0000000Z", .time = "" },
		{ .local = "2005-01-07T23:59:59.4440000Z", .text = "one\r\n  and more", .component = "MSI (s)", .thread = 0xa8 },
		{ .local = "2005-01-07T23:59:59.0000000Z", .text = "earlier", .component = "MSI (c)", .thread = 1 },
		{ .local = "2005-01-08T00:00:01.0000000Z", .text = "Action start 0:00:01: INSTALL." },
		{ .local = "", .text = "Property(S): A = b" },
		{ .local = "2005-01-08T00:00:02.0000000Z", .text = "@@ERR:25006" },
		{ .local = "2005-01-08T00:00:03.0000000Z", .text = "Action ended 0:00:03: INSTALL. Return value 3.", .severity = 3 },
		{ .local = "2005-01-08T00:00:04.0000000Z", .text = "=== Logging stopped: 1/8/2005  0:00:04 ===" },
	};
	check_rows(HEADER "MSI (s) (74:A8) [23:59:59:444]: one\r\n  and more\r\nMSI (c) (74:01) [23:59:59:000]: earlier\r\n"
	           "Action start 0:00:01: INSTALL.\r\nProperty(S): A = b\r\n[00:00:02] @@ERR:25006\r\n"
	           "Action ended 0:00:03: INSTALL. Return value 3.\r\n=== Logging stopped: 1/8/2005  0:00:04 ===\r\n",
	           8, wants);
}

Test(log_setup, installer_dates)
{
	check_rows("=== Logging started: 07.01.2005  12:00:00 ===\r\nAction start 12:00:01: A.\r\n", 2, (want[]){
		{ .local = "2005-01-07T12:00:00.0000000Z" }, { .local = "2005-01-07T12:00:01.0000000Z" } });
	/* The footer tells what the header cannot. */
	check_rows("=== Logging started: 7/1/2005  23:59:00 ===\r\n=== Logging stopped: 13/1/2005  0:00:04 ===\r\n", 2, (want[]){
		{ .local = "2005-01-07T23:59:00.0000000Z" }, { .local = "2005-01-13T00:00:04.0000000Z" } });
	/* Its head is lost. */
	check_rows("MSI (s) (74:A8) [23:59:59:444]: one\r\n", 1, (want[]){
		{ .local = "", .time = "", .text = "one", .component = "MSI (s)", .thread = 0xa8 } });
}

/* Windows Installer writes UTF-16. */
Test(log_setup, wide)
{
	static const char head[] = HEADER "MSI (s) (74:A8) [23:59:59:444]: one\r\n";
	char wide[2 * sizeof head + 2] = "\xff\xfe";
	for (size_t i = 0; i < sizeof head - 1; i++)
		wide[2 + 2 * i] = head[i];
	feed f = { .left = { wide, 2 * sizeof head } };
	smsc_error *err = NULL;
	smsc_row row = SMSC_ROW_INIT;
	smsc_log *l = feed_open(&f, NULL, &err);
	cr_assert(smsc_log_next(l, &row, &err) && smsc_log_next(l, &row, &err));
	check_row(&row, &(want){ .local = "2005-01-07T23:59:59.4440000Z", .time = "", .bias = SMSC_NO_BIAS,
	                         .thread = 0xa8, .offset = 2 + 2 * (sizeof HEADER - 1), .length = 70, .line = 2,
	                         .text = "one", .component = "MSI (s)", .form = "msi" });
	smsc_log_unref(l);
}

/* Packages speak with a '!', early engines without a clock, short logs of actions without their end. */
Test(log_setup, other_installer_lines)
{
	check_rows(HEADER "MSI (s) (74!A8) [23:59:59:444]: one\r\nMSI (c) (74:A8): two\r\nAction 0:00:01: three.\r\n", 4, (want[]){
		{ .local = "2005-01-07T23:59:58.0000000Z" },
		{ .local = "2005-01-07T23:59:59.4440000Z", .thread = 0xa8, .text = "one", .component = "MSI (s)" },
		{ .local = "", .thread = 0xa8, .text = "two", .component = "MSI (c)" },
		{ .local = "2005-01-08T00:00:01.0000000Z", .text = "Action 0:00:01: three." } });
}

/* ---- Windows Update -------------------------------------------------------------------- */

Test(log_setup, update)
{
	check_only("2021/07/13 10:22:58.9553434 3696  8172  Shared          InitializeSus\r\n",
	           &(want){ .local = "2021-07-13T10:22:58.9553434Z", .time = "", .bias = SMSC_NO_BIAS, .thread = 8172,
	                    .line = 1, .form = "update", .text = "InitializeSus", .component = "Shared", .context = "3696" });
	check_rows("2005-01-07\t12:44:33:444\t 940\t3ec\tMisc\t=  Logging initialized (build: 5.4.3790.2182, tz: -0500)  =\r\n"
	           "2005-01-07\t12:44:33:445\t 940\t3ec\tAgent\tWARNING: no\r\n more of it\r\n", 2, (want[]){
		{ .local = "2005-01-07T12:44:33.4440000Z", .time = "2005-01-07T17:44:33.4440000Z", .component = "Misc", .context = "940", .thread = 0x3ec },
		{ .local = "2005-01-07T12:44:33.4450000Z", .time = "2005-01-07T17:44:33.4450000Z", .component = "Agent", .thread = 0x3ec,
		  .text = "WARNING: no\r\n more of it", .severity = 2 } });
}

/* The forerunner has the time of day twice, local and UTC; which day UTC has is not told. */
static void check_forerunner(const char *local, const char *utc, int32_t bias)
{
	char log[200];
	snprintf(log, sizeof log, "2004-02-19 %s\t%s\tSuccess\tIUENGINE\tStarting\r\n", local, utc);
	check_only(log, &(want){ .bias = bias, .severity = 1, .line = 1, .form = "update",
	                         .text = "Starting", .component = "IUENGINE", .context = "Success" });
}

Test(log_setup, update_forerunner)
{
	check_only("2004-02-19 00:50:21\t07:50:21\tError\tIUENGINE\tcannot query (Error 0x80072EE7)\r\n",
	           &(want){ .local = "2004-02-19T00:50:21.0000000Z", .time = "2004-02-19T07:50:21.0000000Z", .bias = 420,
	                    .severity = 3, .line = 1, .form = "update", .component = "IUENGINE", .context = "Error",
	                    .text = "cannot query (Error 0x80072EE7)" });
	check_forerunner("23:50:20", "07:50:20", 480);
	check_forerunner("00:50:20", "23:50:20", -60);
	check_forerunner("05:20:20", "23:50:20", -330);
	check_forerunner("12:00:00", "12:00:00", 0);
	check_forerunner("00:00:00", "10:00:00", 600);
	check_forerunner("12:00:00", "01:00:00", -660);
	check_forerunner("12:00:00", "23:00:00", SMSC_NO_BIAS);  /* 11 hours behind UTC, or 13 before it */
	check_forerunner("12:00:00", "00:00:00", SMSC_NO_BIAS);
	check_forerunner("12:00:00", "12:07:00", SMSC_NO_BIAS);
}

Test(log_setup, other_update_lines)
{
	check_only("2005-01-07\t12:44:33-0500\t 940\t3ec\tAgent\t  * WARNING: one\r\n",
	           &(want){ .time = "2005-01-07T17:44:33.0000000Z", .bias = 300, .thread = 0x3ec, .severity = 2, .line = 1,
	                    .text = "* WARNING: one", .component = "Agent", .context = "940" });
	check_only("2005-06-01 18:30:03 992 58c Agent ** START **\r\n",
	           &(want){ .local = "2005-06-01T18:30:03.0000000Z", .bias = SMSC_NO_BIAS, .thread = 0x58c, .line = 1,
	                    .text = "** START **", .component = "Agent", .context = "992" });
}

Test(log_setup, not_this_format)
{
	static const char *const others[] = {
		"", "<01-07-2005> x\n", "<01-07-2005 12:00:00 x\n", "<Foo Jan 07 x>\n", "MSI (s) no\n", "Action started\n",
		"=== Logging started ===\n", "Property(S): A = b\n", "[12:00:00] x\n", "2005-01-07 12:44:33 text\n",
		"2005-01-07\t12:44:33:444\tAgent\ttext\n", "say <01-07-2005 12:00:00> x\n",
	};
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		feed f = { .left = span_of_text(others[i]) };
		smsc_error *err = NULL;
		cr_assert_null(feed_open(&f, NULL, &err), "%s", others[i]);
		cr_assert_eq(smsc_error_code(err), SMSC_EFORMAT);
		smsc_error_free(err);
	}
}
