/* test_log_trace.c - viewer text as people paste it: the incident's lines exactly as quoted. */
#include "log_rows.h"

static const char incident[] =
	"Entering Certificate Maintenance CcmExec 1/7/2005 5:59:38 PM\n"
	"CCMSignData failed (0x8009200b). CcmExec 1/7/2005 5:59:40 PM\n"
	"Creating Signing Certificate... CcmExec 1/7/2005 5:59:40 PM\n"
	"Successfully created certifcate CcmExec 1/7/2005 5:59:43 PM\n"
	"EndpointMessage(Queue='MP_HinvEndpoint', ID={CC96DB74-AD08-48DD-B422-0E06EC5A243C}): "
	"Will be discarded (0x8009000d). CcmExec 1/11/2005 10:12:16 AM 3944 (0x0F68)\n";

static const want incident_rows[] = {
	{ .local = "2005-01-07T17:59:38.0000000Z", .offset = 0, .length = 60, .line = 1,
	  .text = "Entering Certificate Maintenance" },
	{ .local = "2005-01-07T17:59:40.0000000Z", .offset = 61, .length = 60, .line = 2,
	  .text = "CCMSignData failed (0x8009200b)." },
	{ .local = "2005-01-07T17:59:40.0000000Z", .offset = 122, .length = 59, .line = 3,
	  .text = "Creating Signing Certificate..." },
	{ .local = "2005-01-07T17:59:43.0000000Z", .offset = 182, .length = 59, .line = 4,
	  .text = "Successfully created certifcate" },
	{ .local = "2005-01-11T10:12:16.0000000Z", .offset = 242, .length = 160, .line = 5, .thread = 3944,
	  .text = "EndpointMessage(Queue='MP_HinvEndpoint', ID={CC96DB74-AD08-48DD-B422-0E06EC5A243C}): "
	          "Will be discarded (0x8009000d)." },
};

static void check_incident(size_t size, size_t rows)
{
	feed f = { .left = { incident, size } };
	smsc_error *err = NULL;
	smsc_row row = SMSC_ROW_INIT;
	smsc_log *l = feed_open(&f, NULL, &err);
	cr_assert_not_null(l);
	cr_assert_str_eq(smsc_log_format(l), "trace-text");
	for (size_t i = 0; i < rows; i++) {
		want w = incident_rows[i];
		w.time = "";
		w.bias = SMSC_NO_BIAS;
		w.component = "CcmExec";
		w.form = "viewer";
		cr_assert_eq(smsc_log_next(l, &row, &err), 1);
		check_row(&row, &w);
	}
	cr_assert_eq(smsc_log_next(l, &row, &err), 0);
	cr_assert_eq(smsc_log_finding_count(l), 0);
	smsc_log_unref(l);
}

Test(log_trace, incident)
{
	check_incident(sizeof incident - 1, 5);
	check_incident(242, 4);  /* no line with a thread */
	check_incident(60, 1);
}

/* Wrapped by a mailer at any width that keeps the words whole. */
Test(log_trace, incident_wrapped)
{
	feed whole = { .left = span_of_text(incident) };
	outcome all = read_all(&whole, NULL);
	for (size_t width = 70; width < 170; width++) {
		char text[sizeof incident];
		size_t column = 0, blank = 0;
		memcpy(text, incident, sizeof incident);
		for (size_t i = 0; text[i]; i++) {
			column = text[i] == '\n' ? 0 : column + 1;
			if (text[i] == ' ')
				blank = i;
			if (column > width && text[blank] == ' ') {
				text[blank] = '\n';
				column = i - blank;
			}
		}
		feed f = { .left = span_of_text(text) };
		outcome o = read_all(&f, NULL);
		cr_assert_str_eq(o.texts, all.texts, "width %zu: %s", width, o.texts);
		cr_assert_eq(o.findings, 0);
		outcome_free(&o);
	}
	outcome_free(&all);
}

Test(log_trace, tabs)
{
	check_only("MP Reg: Registration failed.\tMP_RegistrationManager\t03.07.2019 14:17:54\t5780 (0x1694)\r\n",
	           &(want){ .local = "2019-07-03T14:17:54.0000000Z", .time = "", .bias = SMSC_NO_BIAS,
	                    .thread = 5780, .length = 85, .line = 1, .form = "viewer",
	                    .text = "MP Reg: Registration failed.", .component = "MP_RegistrationManager" });
	/* A message of several lines stays as it is; a component of two words is one field. */
	check_only("Raising event:\n\tx = 1;\tMy Component\t1/7/2005 12:00:00 AM\t472 (0x1D8)",
	           &(want){ .local = "2005-01-07T00:00:00.0000000Z", .bias = SMSC_NO_BIAS, .thread = 472,
	                    .line = 1, .text = "Raising event:\n\tx = 1;",
	                    .component = "My Component" });
}

/* Date first, as in Q288218. */
Test(log_trace, date_first)
{
	check_only("1/16/2001 2:27:39 PM\tNo IPX Address  \tCliEx32.dll 4294896193 (0xFFFEEA41)\t\n",
	           &(want){ .local = "2001-01-16T14:27:39.0000000Z", .bias = SMSC_NO_BIAS,
	                    .thread = 4294896193u, .line = 1,
	                    .text = "No IPX Address", .component = "CliEx32.dll" });
}

Test(log_trace, breaks)
{
	check_only("x SMS_DISCOVERY_DATA_MANAGER\n12/20/1999 10:23:49 AM\n472 (0x1D8) 3\n",
	           &(want){ .local = "1999-12-20T10:23:49.0000000Z", .bias = SMSC_NO_BIAS, .thread = 472,
	                    .line = 1, .text = "x", .component = "SMS_DISCOVERY_DATA_MANAGER" });
	check_only("TATMSG: x SMS_A 12/20/1999\n10:23:49\nAM 472\n(0x1D8)",
	           &(want){ .local = "1999-12-20T10:23:49.0000000Z", .bias = SMSC_NO_BIAS, .thread = 472,
	                    .line = 1, .text = "TATMSG: x", .component = "SMS_A" });
	check_only("Process Class: y Hardware Inventory\nAgent 12/20/1999 10:23:49 AM 472 (0x1D8)",
	           &(want){ .local = "1999-12-20T10:23:49.0000000Z", .bias = SMSC_NO_BIAS, .thread = 472,
	                    .line = 1, .text = "Process Class: y",
	                    .component = "Hardware Inventory Agent" });
	check_only("> x ODP\\WNet User Groups 12/20/1999 10:23:49 AM 472 (0x1D8)",
	           &(want){ .local = "1999-12-20T10:23:49.0000000Z", .bias = SMSC_NO_BIAS, .thread = 472,
	                    .line = 1, .text = "x",
	                    .component = "ODP\\WNet User Groups" });
}

/* Prose around the lines is told, a blank line separates. */
Test(log_trace, prose)
{
	check_outcome("Hello,\nthis is in ccmexec.log:\nmessage CcmExec 1/7/2005 5:59:38 PM 472 (0x1D8)\n\n"
	              "and on 1/8/2005 5:59:38 PM there was more.\nThanks\n\nother CcmExec 1/9/2005 5:59:38 PM\n",
	              "message|other|", "D005@0 30 bytes are no record: Hello,.this is in ccmexec.log:;"
	              "D005@80 49 bytes are no record: and on 1/8/2005 5:59:38 PM there was more..Thanks;");
}

static void check_order(const char *first, const char *second, const char *local)
{
	char log[300];
	snprintf(log, sizeof log, "a CcmExec %s\nb CcmExec %s\n", first, second);
	feed f = { .left = span_of_text(log) };
	smsc_error *err = NULL;
	smsc_row row = SMSC_ROW_INIT;
	smsc_log *l = feed_open(&f, NULL, &err);
	cr_assert_not_null(l);
	cr_assert_eq(smsc_log_next(l, &row, &err), 1);
	check_time(first, row.local, local);
	smsc_log_unref(l);
}

/* Month first, unless a number above 12 anywhere says otherwise; dots are day first. */
Test(log_trace, day_and_month)
{
	check_order("1/2/2005 5:59:38 PM", "1/3/2005 5:59:38 PM", "2005-01-02T17:59:38.0000000Z");
	check_order("1/2/2005 17:59:38", "13/2/2005 17:59:38", "2005-02-01T17:59:38.0000000Z");
	check_order("1/2/2005 17:59:38", "2/13/2005 17:59:38", "2005-01-02T17:59:38.0000000Z");
	check_order("31/1/2005 17:59:38", "1/31/2005 17:59:38", "2005-01-31T17:59:38.0000000Z");
	check_order("01-02-2005 17:59:38", "31-01-2005 17:59:38", "2005-02-01T17:59:38.0000000Z");
	check_order("01.02.2005 17:59:38", "01.03.2005 17:59:38", "2005-02-01T17:59:38.0000000Z");
	check_order("2005-01-02 17:59:38", "2005-01-31 17:59:38", "2005-01-02T17:59:38.0000000Z");
	check_order("1/2/2005 12:00:00 am", "1/3/2005 12:00:00 AM", "2005-01-02T00:00:00.0000000Z");
	check_order("1/2/2005 12:00:00 pm", "1/3/2005 12:00:00 AM", "2005-01-02T12:00:00.0000000Z");
}

Test(log_trace, doubts)
{
	check_outcome("a SMS_A 2/28/2005 1:00:00 AM 1 (0x1)\nb SMS_A 2/30/2005 1:00:00 AM 1 (0x1)\n"
	              "c SMS_A 3/1/2005 1:00:00 AM 1 (0x2)\n", "a|b|c|",
	              "D003@37 the date of this record is none;"
	              "D003@74 the thread is 1 and another number in hex;");
}

/* Dates are everywhere: only what a viewer shows is taken. */
Test(log_trace, not_this_format)
{
	static const char *const others[] = {
		"2005-01-07 17:59:38 CcmExec started\n", "Modified by Bob 1/7/2005 5:59:38 PM\n",
		"x = \"CcmExec 1/7/2005 5:59:38 PM 472 (0x1D8)\";\n", "1/7/2005 5:59:38 PM\n",
		"#Date: 2005-01-07 17:59:38\n", "thread 472 (0x1D8)\n", "CcmExec 1/7/2005 13:59:38 PM\n",
		"a CcmExec 1/7/05 5:59:38 PM\n", "a CcmExec 17/17/2005 5:59:38 PM\n",
	};
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		feed f = { .left = span_of_text(others[i]) };
		smsc_error *err = NULL;
		cr_assert_null(feed_open(&f, NULL, &err), "%s", others[i]);
		cr_assert_eq(smsc_error_code(err), SMSC_EFORMAT);
		smsc_error_free(err);
	}
}
