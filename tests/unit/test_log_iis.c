/* test_log_iis.c - logs in the extended format of the W3C. */
#include "log_rows.h"

#define FIELDS "#Fields: date time c-ip cs-method cs-uri-stem cs-uri-query sc-status cs(User-Agent)\r\n"
#define HEAD   "#Software: Microsoft Internet Information Services 5.0\r\n#Version: 1.0\r\n"

static void check_line(const char *line, const want *w)
{
	char log[800];
	snprintf(log, sizeof log, HEAD FIELDS "%s\r\n", line);
	want all = *w;
	all.offset = sizeof(HEAD FIELDS) - 1;
	all.line = 4;
	all.form = "iis";
	all.length = strlen(line);
	check_only(log, &all);
}

Test(log_iis, requests)
{
	check_line("2004-12-28 13:04:11 192.0.2.79 GET /SMS_MP/.sms_aut MPLIST 200 ccmhttp",
	           &(want){ .local = "2004-12-28T13:04:11.0000000Z", .time = "2004-12-28T13:04:11.0000000Z", .component = "IIS",
	                    .context = "192.0.2.79", .text = "GET /SMS_MP/.sms_aut?MPLIST: status 200, ccmhttp" });
	check_line("2004-12-28 13:04:11 192.0.2.79 CCM_POST /ccm_system/request - 500 -",
	           &(want){ .local = "2004-12-28T13:04:11.0000000Z", .time = "2004-12-28T13:04:11.0000000Z", .severity = 3,
	                    .text = "CCM_POST /ccm_system/request: status 500" });
	/* A line that was cut has what it has. */
	check_line("2004-12-28 13:04:11 192.0.2.79 GET", &(want){ .local = "2004-12-28T13:04:11.0000000Z",
	                    .time = "2004-12-28T13:04:11.0000000Z", .text = "GET" });
}

/* Two blanks are what some servers leave where a column is empty. */
Test(log_iis, other_columns)
{
	check_outcome("#Fields: time date sc-win32-status sc-substatus sc-status cs-uri-stem cs-method s-sitename\n"
	              "13:04:11 2004-12-28 2148073494 2 403 /a  POST W3SVC1\n"
	              "13:04:11 2004-12-28 0 0 200 /b GET W3SVC1\n",
	              "POST /a: status 403.2, error 2148073494|GET /b: status 200|", "");
	/* What HTTP itself refuses. */
	check_outcome("#Software: Microsoft HTTP API 1.0\n#Fields: date time c-ip cs-method cs-uri sc-status s-reason\n"
	              "2005-01-07 22:59:41 192.0.2.79 GET /SMS_MP/.sms_aut?MPLIST 503 AppOffline\n",
	              "GET /SMS_MP/.sms_aut?MPLIST: status 503|", "");
	/* Another #Fields, and one that is no log of a web server. */
	check_outcome(HEAD FIELDS "2004-12-28 13:04:11 192.0.2.79 GET /a - 200 x\n#Fields: cs-method date time\nPUT 2004-12-28 13:04:12\n",
	              "GET /a: status 200, x|PUT|", "");
	check_outcome("#Version: 1.5\n#Fields: date time action protocol\n2005-01-07 17:59:38 DROP TCP\n",
	              "2005-01-07 17:59:38 DROP TCP|", "");
}

static void check_times(const char *log, const char *const *times, size_t count)
{
	feed f = { .left = span_of_text(log) };
	smsc_error *err = NULL;
	smsc_row row = SMSC_ROW_INIT;
	smsc_log *l = feed_open(&f, NULL, &err);
	for (size_t i = 0; i < count; i++) {
		cr_assert_eq(smsc_log_next(l, &row, &err), 1);
		check_time("time", row.time, times[i]);
		check_time("local", row.local, times[i]);
	}
	cr_assert_eq(smsc_log_next(l, &row, &err), 0);
	cr_assert_eq(smsc_log_finding_count(l), 0);
	smsc_log_unref(l);
}

/* IIS 5 without dates: the day is that of #Date, and the next when the clock goes back. */
Test(log_iis, days)
{
	static const char *const times[] = {
		"2005-01-07T22:59:38.0000000Z", "2005-01-07T22:59:41.0000000Z", "2005-01-07T22:59:40.0000000Z",
		"2005-01-08T00:00:01.0000000Z", "2005-01-09T00:00:00.0000000Z",
		"2005-01-12T06:00:00.0000000Z", "2005-01-12T06:00:01.0000000Z",
	};
	check_times(HEAD "#Date: 2005-01-07 22:59:38\n#Fields: time c-ip cs-method cs-uri-stem sc-status\n"
	            "22:59:41 192.0.2.79 GET /a 200\n22:59:40 192.0.2.79 GET /b 200\n00:00:01 192.0.2.79 GET /c 200\n"
	            "#Date: 2005-01-09 00:00:00\n#Date: 2005-01-12 06:00:00\n06:00:01 192.0.2.79 GET /d 200\n", times, 7);
}

Test(log_iis, pings)
{
	check_outcome(HEAD FIELDS
	              "2005-01-07 22:59:41 192.0.2.79 GET /wutrack.bin V=1&U=0af2&C=iu&A=n&I=&D=&P=5.1.a28.2&L=en-US&S=s&E=00000000&M=&X=050107175941111 200 -\n"
	              "2005-01-07 22:59:42 192.0.2.79 GET /autoupdate/WuTrack.bin V=1&C=au&A=i&S=f&E=8024402c&Z=1&loose 200 -\n"
	              "2005-01-07 22:59:43 192.0.2.79 GET /wutrack.bin PUID=1&PLAT=a&LOCALE=en&STATUS=s&RID=r 200 -\n"
	              "2005-01-07 22:59:44 192.0.2.79 GET /wutrack.bin - 200 -\n",
	              "ping: version 1, id 0af2, client iu, activity n, platform 5.1.a28.2, language en-US, status s, time 050107175941111|"
	              "ping: version 1, client au, activity i, status f, error 0x8024402c, Z 1, loose|"
	              "ping: id 1, platform a, language en, status s, request r|GET /wutrack.bin: status 200|", "");
}

Test(log_iis, damage)
{
	check_outcome(HEAD FIELDS "x\n2004-12-28 25:04:11 192.0.2.79 GET /a - 200 -\n2004-12-28 13:04:11 192.0.2.79 GET /b - 200 -\n",
	              "GET /b: status 200|",
	              "D005@156 47 bytes are no line of the columns that #Fields names: x;");
	/* The head is lost: what is seen is a date and a time. */
	check_outcome("2004-12-28 13:04:11 192.0.2.79 GET /a 200\n" HEAD FIELDS "2004-12-28 13:04:11 192.0.2.79 GET /b - 200 -\n",
	              "2004-12-28 13:04:11 192.0.2.79 GET /a 200|GET /b: status 200|", "");
	/* Without a day a line has no time, and is a line all the same. */
	check_outcome("#Fields: time cs-method\n13:04:11 GET\n", "GET|", "");
}

Test(log_iis, not_this_format)
{
	static const char *const others[] = {
		"#Version: 1.0\n", "#Fields: a b\n1 2\n", "# Fields: date time\n", "2004-12-28 13:04:11 192.0.2.79 GET /a 200\n",
	};
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		feed f = { .left = span_of_text(others[i]) };
		smsc_error *err = NULL;
		cr_assert_null(feed_open(&f, NULL, &err), "%s", others[i]);
		cr_assert_eq(smsc_error_code(err), SMSC_EFORMAT);
		smsc_error_free(err);
	}
}
