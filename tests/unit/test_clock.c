/* test_clock.c - when a clock was set back, and texts that tell UTC beside the local time. */
#include "../sample.h"
#include "analysis/clock_utc.h"
#include "case_files.h"
#include "dated_logs.h"

static void put_row(smsc_buf *b, const char *time, const char *bias)
{
	smsc_buf_printf(b, "<![LOG[a]LOG]!><time=\"%s%s\" date=\"01-07-2005\" component=\"C\" context=\"\" "
	                "type=\"1\" thread=\"1\" file=\"\">\r\n", time, bias);
}

/* A log of two rows, at these times. */
static void put_log(const char *folder, const char *name, const char *first, const char *second,
                    const char *bias)
{
	smsc_buf b = SMSC_BUF_INIT;
	put_row(&b, first, bias);
	put_row(&b, second, bias);
	put_file(folder, name, b.data, b.size, "2005-01-08T01:30Z");
	smsc_buf_free(&b);
}

static size_t count_rule(const smsc_case *c, const char *rule)
{
	const smsc_finding *f;
	size_t n = 0;
	for (size_t i = 0; (f = smsc_case_finding_at(c, i)); i++)
		n += !strcmp(smsc_finding_rule(f), rule);
	return n;
}

static smsc_case *case_of(const char *path, const smsc_options *options)
{
	return analyzed(options, &path, 1);
}

Test(clock, one_log)
{
	char *folder = new_folder();
	put_log(folder, "a.log", "12:00:00.000", "10:59:30.000", "+300");
	smsc_case *c = case_of(folder, NULL);
	const smsc_finding *f = find_rule(c, "K019");
	cr_assert_not_null(f);
	cr_assert_str_eq(smsc_finding_text(f), "the clock went back by 1:00:30 or more: this row of "
	                 "2005-01-07T15:59:30Z stands behind one of 2005-01-07T17:00:00Z");
	cr_assert_str_eq(smsc_finding_confidence(f), "possible");
	const smsc_event *e = find_kind(c, "clock-back");
	cr_assert_not_null(e);
	cr_assert_eq(smsc_event_time(e), smsc_time_parse("2005-01-07T15:59:30Z"));
	cr_assert_eq(smsc_event_offset(e), smsc_finding_offset(f));
	smsc_case_unref(c);
	drop_folder(folder);
}

/* Each shows the same jump between other rows; the widest comes nearest to it. */
Test(clock, logs_that_agree)
{
	char *folder = new_folder();
	put_log(folder, "a.log", "11:59:00.000", "11:10:00.000", "+300");
	put_log(folder, "b.log", "12:00:00.000", "11:01:00.000", "+300");
	put_log(folder, "c.log", "09:00:00.000", "08:00:00.000", "+300");
	smsc_case *c = case_of(folder, NULL);
	const smsc_finding *f = find_rule(c, "K019");
	cr_assert_eq(count_rule(c, "K019"), 2);
	cr_assert_eq(count_kind(c, "clock-back"), 2);
	for (size_t i = 0; f && !strstr(smsc_finding_text(f), "2 logs"); i++)
		f = smsc_case_finding_at(c, i);
	cr_assert_not_null(f);
	cr_assert_not_null(strstr(smsc_finding_text(f), "0:59:00"));
	cr_assert_str_eq(smsc_finding_confidence(f), "likely");
	smsc_case_unref(c);
	drop_folder(folder);
}

/* The same log in two backups is one witness. */
Test(clock, copies)
{
	char *folder = new_folder();
	put_log(folder, "1/a.log", "12:00:00.000", "11:00:00.000", "+300");
	put_log(folder, "2/a.log", "12:00:00.000", "11:00:00.000", "+300");
	const char *paths[] = { below(folder, "1"), below(folder, "2") };
	smsc_case *c = analyzed(NULL, paths, 2);
	cr_assert_eq(count_rule(c, "K019"), 1);
	cr_assert_null(strstr(smsc_finding_text(find_rule(c, "K019")), "logs"));
	smsc_case_unref(c);
	drop_folder(folder);
}

/* Threads out of order, the end of summer time, and local times of no known zone. */
Test(clock, no_jump)
{
	char *folder = new_folder();
	smsc_options options = SMSC_OPTIONS_INIT;
	smsc_buf b = SMSC_BUF_INIT;
	put_log(folder, "a.log", "12:00:00.000", "11:59:59.000", "+300");
	put_log(folder, "b.log", "12:00:00.000", "11:00:00.000", "");
	put_row(&b, "01:59:00.000", "+240");
	put_row(&b, "01:01:00.000", "+300");
	put_file(folder, "c.log", b.data, b.size, "2005-01-08T01:30Z");
	smsc_buf_free(&b);
	smsc_case *c = case_of(folder, NULL);
	cr_assert_null(find_rule(c, "K019"));
	smsc_case_unref(c);
	/* A zone that was given has no summer: an hour back may be its end. */
	options.zone = "-0500";
	c = case_of(folder, &options);
	cr_assert_null(find_rule(c, "K019"));
	smsc_case_unref(c);
	drop_folder(folder);
}

/* Rows that go on evenly are looked at as one run: what comes behind is held against its last row,
 * and a bias ends with that. */
Test(clock, behind_an_even_run)
{
	static const char *const times[] = { "08:00:00.000", "09:00:00.000", "10:00:00.000", "11:00:00.000", "12:00:00.000" };
	char *folder = new_folder();
	smsc_buf b = SMSC_BUF_INIT;
	for (size_t i = 0; i < sizeof times / sizeof *times; i++)
		put_row(&b, times[i], "+300");
	put_row(&b, "11:50:00.000", "+300");
	put_row(&b, "12:00:00.000", "+240");
	put_file(folder, "a.log", b.data, b.size, "2005-01-08T01:30Z");
	smsc_buf_free(&b);
	smsc_case *c = case_of(folder, NULL);
	cr_assert_eq(count_rule(c, "K019"), 2);
	cr_assert_str_eq(smsc_finding_text(find_rule(c, "K019")), "the clock went back by 0:10:00 or more: this row of "
	                 "2005-01-07T16:50:00Z stands behind one of 2005-01-07T17:00:00Z");
	smsc_case_unref(c);
	drop_folder(folder);
}

/* As many jumps as a hostile log likes; the first are told. */
Test(clock, many)
{
	char *folder = new_folder();
	smsc_buf b = SMSC_BUF_INIT;
	for (int i = 0; i < 3000; i++)
		put_row(&b, i % 2 ? "12:00:00.000" : "10:00:00.000", "+300");
	put_file(folder, "a.log", b.data, b.size, "2005-01-08T01:30Z");
	smsc_buf_free(&b);
	smsc_case *c = case_of(folder, NULL);
	cr_assert_eq(count_rule(c, "K019"), 1);
	smsc_case_unref(c);
	drop_folder(folder);
}

Test(clock, corpus)
{
	static const char *const days[] = { "2004-12-28", "2005-01-07", "2005-01-09", "2005-01-12" };
	const char *path = sample_path("SMSC_CORPUS", "ccm-log/clock-jump.log");
	cr_assert(path);
	smsc_case *c = case_of(path, NULL);
	cr_assert_eq(count_rule(c, "K019"), 1);
	smsc_case_unref(c);
	for (size_t i = 0; i < 4; i++) {
		char rel[64];
		snprintf(rel, sizeof rel, "incident-2005/%s", days[i]);
		c = case_of(sample_path("SMSC_CORPUS", rel), NULL);
		cr_assert_null(find_rule(c, "K019"), "%s", rel);
		smsc_case_unref(c);
	}
}

/* The time service of this machine says in its event 52 that it set the clock by -43198 seconds. */
Test(clock, real_machine)
{
	const char *path = sample_path("SMSC_SHARED", "hives/nt52-x64-winxp/evt");
	if (!path)
		cr_skip_test("no shared evidence");
	smsc_case *c = case_of(path, NULL);
	cr_assert_eq(count_rule(c, "K019"), 1);
	const char *text = smsc_finding_text(find_rule(c, "K019"));
	cr_assert_not_null(strstr(text, "by 11:59:38 or more"), "%s", text);
	cr_assert_not_null(strstr(text, "3 logs"), "%s", text);
	smsc_case_unref(c);
}

/* Of all real logs one is out of order: an article that quotes 14 July below 18 July. */
Test(clock, real_logs)
{
	const char *path = sample_path("SMSC_SHARED", "logs");
	if (!path)
		cr_skip_test("no shared evidence");
	smsc_case *c = case_of(path, NULL);
	const smsc_finding *f;
	for (size_t i = 0; (f = smsc_case_finding_at(c, i)); i++) {
		if (strcmp(smsc_finding_rule(f), "K019"))
			continue;
		cr_assert_not_null(strstr(smsc_finding_path(f), "kb__Q271181.txt"), "%s", smsc_finding_path(f));
		cr_assert_str_eq(smsc_finding_confidence(f), "possible");
	}
	cr_assert_leq(count_rule(c, "K019"), 1);
	smsc_case_unref(c);
}

/* ---- the bias of each machine -------------------------------------------------------------- */

/* The hive of the incident's server, SMSSRV01, which gives the machine its name and the rules of its
 * zone; with another digit at the end of the name. */
static void put_hive_of(const char *folder, char digit)
{
	static const char name[] = "S\0M\0S\0S\0R\0V\0" "0\0" "1";
	smsc_span hive = sample_load(sample_path("SMSC_CORPUS", "incident-2005/2005-01-07/C/WINNT/system32/config/SYSTEM"));
	char *copy = malloc(hive.size), *at = copy;
	memcpy(copy, hive.data, hive.size);
	while ((at = memmem(at, hive.size - (size_t)(at - copy), name, sizeof name - 1))) {
		at += sizeof name - 2;
		*at = digit;
	}
	put_file(folder, "WINNT/system32/config/SYSTEM", copy, hive.size, "2005-01-08T01:30Z");
	free(copy);
	sample_free(hive);
}

static void put_hive(const char *folder)
{
	put_hive_of(folder, '1');
}

static const char *const spring[][3] = {
	{ "04-03-2005", "01:59:00.000", "+300" }, { "04-03-2005", "03:01:00.000", "+240" },
};
static const char *const autumn[][3] = {
	{ "10-30-2005", "01:58:00.000", "+240" }, { "10-30-2005", "01:01:00.000", "+300" },
};
static const char *const moved[][3] = {
	{ "06-01-2005", "12:00:00.000", "+240" }, { "06-02-2005", "12:00:00.000", "-120" },
};

/* No registry: one log shows it, and an hour on a Sunday in spring is no jump of the clock. */
Test(clock, summer_time)
{
	char *folder = new_folder();
	put_dated_log(folder, "a.log", spring, 2);
	smsc_case *c = case_of(folder, NULL);
	const smsc_event *e = find_kind(c, "summer-time");
	cr_assert_not_null(e);
	cr_assert_str_eq(smsc_event_text(e), "the clock: bias +300 (UTC-05:00) became +240 (UTC-04:00) between "
	                 "2005-04-03T06:59:00Z and 2005-04-03T07:01:00Z: summer time began");
	cr_assert_eq(smsc_event_time(e), smsc_time_parse("2005-04-03T07:01Z"));
	cr_assert_null(find_rule(c, "K019"));
	cr_assert_null(find_kind(c, "clock-bias"));
	smsc_case_unref(c);
	drop_folder(folder);
}

/* Logs of a machine with a name: its first bias, and all that came, in two backups once. */
Test(clock, biases_of_a_machine)
{
	char *folder = new_folder();
	put_hive(below(folder, "1"));
	put_hive(below(folder, "2"));
	put_dated_log(folder, "1/a.log", spring, 2);
	put_dated_log(folder, "2/a.log", spring, 2);
	put_dated_log(folder, "2/b.log", autumn, 2);
	const char *paths[] = { below(folder, "1"), below(folder, "2") };
	smsc_case *c = analyzed(NULL, paths, 2);
	cr_assert_eq(count_kind(c, "clock-bias"), 1);
	cr_assert_str_eq(smsc_event_text(find_kind(c, "clock-bias")), "the clock of SMSSRV01: bias +300 (UTC-05:00)");
	cr_assert_eq(count_kind(c, "summer-time"), 2);
	cr_assert_eq(count_kind(c, "time-zone-changed"), 0);
	cr_assert_null(find_rule(c, "K019"));
	smsc_case_unref(c);
	drop_folder(folder);
}

/* Another zone on an ordinary Wednesday; of logs of nobody knows whom that is two machines. */
Test(clock, another_zone)
{
	char *folder = new_folder();
	put_dated_log(folder, "a.log", moved, 2);
	smsc_case *c = case_of(folder, NULL);
	cr_assert_eq(count_kind(c, "time-zone-changed") + count_kind(c, "summer-time"), 0);
	smsc_case_unref(c);
	put_hive(folder);
	c = case_of(folder, NULL);
	const smsc_event *e = find_kind(c, "time-zone-changed");
	cr_assert_not_null(e);
	cr_assert_eq(smsc_event_severity(e), 2);
	cr_assert_not_null(strstr(smsc_event_text(e), "of SMSSRV01: bias +240 (UTC-04:00) became -120 (UTC+02:00)"), "%s", smsc_event_text(e));
	smsc_case_unref(c);
	drop_folder(folder);
}

/* Rows of two zones among each other: nothing can be said. */
Test(clock, two_machines)
{
	char *folder = new_folder();
	put_hive(folder);
	put_dated_log(folder, "a.log", (const char *const[][3]){ { "06-01-2005", "12:00:00.000", "+240" }, { "06-03-2005", "12:00:00.000", "+240" } }, 2);
	put_dated_log(folder, "b.log", (const char *const[][3]){ { "06-02-2005", "12:00:00.000", "-60" } }, 1);
	smsc_case *c = case_of(folder, NULL);
	cr_assert_eq(count_kind(c, "clock-bias") + count_kind(c, "time-zone-changed") + count_kind(c, "summer-time"), 0);
	smsc_case_unref(c);
	drop_folder(folder);
}

/* ---- rows without a bias --------------------------------------------------------------------- */

static void put_unbiased(const char *folder, const char *date)
{
	smsc_buf b = SMSC_BUF_INIT;
	smsc_buf_printf(&b, "<![LOG[CCMSignData failed (0x8009200b).]LOG]!><time=\"17:59:40.234\" date=\"%s\" "
	                "component=\"CcmExec\" context=\"\" type=\"3\" thread=\"1\" file=\"\">\r\n", date);
	put_file(folder, "signs.log", b.data, b.size, "2005-11-08T01:30Z");
	smsc_buf_free(&b);
}

/* Of the row in three snapshots, "1" to "3": whose clock dates it, and with which bias. */
static void check_neighbours(const char *folder, const char *clock, int32_t bias)
{
	const char *paths[] = { below(folder, "1"), below(folder, "2"), below(folder, "3") };
	for (int turn = 0; turn < 3; turn++) {
		smsc_case *c = analyzed(NULL, paths, 3);
		const smsc_event *e = find_kind(c, "signing-failed");
		cr_assert_not_null(e);
		cr_assert_str_eq(smsc_event_clock(e), clock);
		cr_assert_eq(smsc_event_bias(e), bias);
		cr_assert_eq(smsc_event_time(e), bias == SMSC_NO_BIAS ? SMSC_NEVER :
		             smsc_time_parse("2005-01-07T17:59:40.234Z") + bias * SMSC_TICKS_MINUTE);
		smsc_case_unref(c);
		/* The order in which sources are given changes nothing. */
		const char *first = paths[0];
		paths[0] = paths[1];
		paths[1] = paths[2];
		paths[2] = first;
	}
}

/* The bias is that of other snapshots of this computer, by its name, on this day. */
Test(clock, neighbours_in_other_snapshots)
{
	dated same[] = { { "01-07-2005", "12:00:00.000", "+240" } }, other[] = { { "01-07-2005", "13:00:00.000", "-120" } },
	      day_before[] = { { "01-06-2005", "12:00:00.000", "+240" } };
	char *folder = new_folder();
	for (char i = '1'; i <= '3'; i++)
		put_hive_of(below(folder, (char[]){ i, 0 }), i == '3' ? '2' : '1');
	put_unbiased(below(folder, "1"), "01-07-2005");
	put_dated_log(folder, "2/a.log", day_before, 1);
	put_dated_log(folder, "3/a.log", other, 1);
	check_neighbours(folder, "log-registry", 300);   /* another day, another computer */
	put_dated_log(folder, "2/b.log", same, 1);
	check_neighbours(folder, "log-computer", 240);
	put_hive_of(below(folder, "3"), '1');
	check_neighbours(folder, "log-registry", 300);   /* two biases */
	put_dated_log(folder, "1/c.log", other, 1);
	check_neighbours(folder, "log-neighbour", -120); /* its own snapshot goes first */
	drop_folder(folder);
}

/* Where a registry tells no name, there are no other snapshots of it. */
Test(clock, neighbours_of_nobody)
{
	char *folder = new_folder();
	put_unbiased(below(folder, "1"), "01-07-2005");
	put_dated_log(folder, "2/a.log", (dated[]){ { "01-07-2005", "12:00:00.000", "+240" } }, 1);
	put_hive(below(folder, "3"));
	put_dated_log(folder, "3/a.log", (dated[]){ { "01-07-2005", "12:00:00.000", "+240" } }, 1);
	check_neighbours(folder, "log-local", SMSC_NO_BIAS);
	drop_folder(folder);
}

/* ---- UTC in a text -------------------------------------------------------------------------- */

#define STATUS_OF(gmtdate) "STATMSG: ID=500 SEV=I LEV=M TID=2040 GMTDATE=" gmtdate " ISTR0=\"\""
#define EVENT_OF(stamp)    "Raising event:\ninstance of X\n{\n\tDateTime = \"" stamp "\";\n};\n"

static int32_t told(const char *local, const char *text)
{
	smsc_row row = SMSC_ROW_INIT;
	row.text = (smsc_span){ text, strlen(text) };
	row.local = smsc_time_parse(local);
	return smsc_utc_bias(&row);
}

Test(clock, gmtdate)
{
	cr_assert_eq(told("2005-01-07T12:00:00.250Z", STATUS_OF("Fri Jan 07 17:00:00.250 2005")), 300);
	cr_assert_eq(told("2005-01-07T22:29:58Z", STATUS_OF("Fri Jan 07 17:00:00.250 2005")), -330);
	cr_assert_eq(told("2005-01-07T17:00:01Z", STATUS_OF("Fri Jan 07 17:00:00.250 2005")), 0);
	/* Not a bias: 3 minutes off; another day; no date; cut. */
	cr_assert_eq(told("2005-01-07T12:03:00Z", STATUS_OF("Fri Jan 07 17:00:00.250 2005")), SMSC_NO_BIAS);
	cr_assert_eq(told("2005-01-09T12:00:00Z", STATUS_OF("Fri Jan 07 17:00:00.250 2005")), SMSC_NO_BIAS);
	cr_assert_eq(told("2005-01-07T12:00:00Z", STATUS_OF("Fri Foo 07 17:00:00.250 2005")), SMSC_NO_BIAS);
	smsc_row row = SMSC_ROW_INIT;
	row.text = (smsc_span){ "STATMSG: GMTDATE=Fri", 20 };
	row.local = 1;
	cr_assert_eq(smsc_utc_bias(&row), SMSC_NO_BIAS);
	row.text.size = 0;
	cr_assert_eq(smsc_utc_bias(&row), SMSC_NO_BIAS);
}

/* A log of SMS 1.x has no bias, but one of its rows is a status message. */
Test(clock, bias_from_a_status_message)
{
	static const char log[] =
		"STATMSG: ID=500 SEV=I LEV=M SOURCE=\"SMS Server\" TID=4 GMTDATE=Fri Jan 07 17:00:00.250 2005 ISTR0=\"\"  "
		"$$<SMS_DESPOOLER><Fri Jan 07 12:00:00 2005~><thread=DB>\r\n"
		"Cannot find valid public key for key exchange instruction coming from site ABC  "
		"$$<SMS_DESPOOLER><Fri Jan 07 12:10:00 2005~><thread=DB>\r\n";
	char *folder = new_folder();
	put_text(folder, "despool.log", log, "2005-01-08T01:30Z");
	smsc_case *c = case_of(folder, NULL);
	const smsc_event *e = find_kind(c, "public-key-missing");
	cr_assert_not_null(e);
	cr_assert_str_eq(smsc_event_clock(e), "log-neighbour");
	cr_assert_eq(smsc_event_time(e), smsc_time_parse("2005-01-07T17:10:00Z"));
	smsc_case_unref(c);
	drop_folder(folder);
}

Test(clock, wmi_times)
{
	cr_assert_eq(told("2013-10-14T12:46:25.939Z", EVENT_OF("20131014174625.939000+000")), 300);
	cr_assert_eq(told("2013-10-14T12:46:25.939Z", EVENT_OF("20131014134625.939000-240")), 300);
	cr_assert_eq(told("2013-10-14T12:46:25.939Z", EVENT_OF("20131014104625.939000+000")), -120);
	static const char *const wrong[] = {
		EVENT_OF(""), EVENT_OF("20131014174625.939000"),
		EVENT_OF("2013101417462.5939000+000"), EVENT_OF("20131314174625.939000+000"),
		EVENT_OF("20131014174625.939000*000"), EVENT_OF("********174625.939000+000"),
		EVENT_OF("20131014174625.939000+00x"),
	};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		cr_assert_eq(told("2013-10-14T12:46:25.939Z", wrong[i]), i == 6 ? 300 : SMSC_NO_BIAS, "%s", wrong[i]);
}

static const char utc_row[] =
	"<![LOG[Raising event:\r\n\r\ninstance of CCM_X\r\n{\r\n\tDateTime = \"20050107%s.000000+000\";\r\n};\r\n]LOG]!>"
	"<time=\"12:00:00.500+300\" date=\"01-07-2005\" component=\"C\" context=\"\" type=\"1\" thread=\"1\" file=\"\">\r\n";

/* One row that raises an event at that time of day, UTC; the row itself is of 17:00:00. */
static void put_utc(const char *folder, const char *name, const char *clock)
{
	char text[400];
	snprintf(text, sizeof text, utc_row, clock);
	put_text(folder, name, text, "2005-01-08T01:30Z");
}

Test(clock, utc_agrees)
{
	char *folder = new_folder();
	put_utc(folder, "a.log", "170000");
	put_utc(folder, "b.log", "165500");  /* it may have waited */
	smsc_case *c = case_of(folder, NULL);
	cr_assert_null(find_rule(c, "K027"));
	cr_assert_null(find_kind(c, "clock-wrong"));
	smsc_case_unref(c);
	drop_folder(folder);
}

Test(clock, utc_disagrees)
{
	char *folder = new_folder();
	put_utc(folder, "1/a.log", "150000");
	put_utc(folder, "2/a.log", "150000");
	put_utc(folder, "2/b.log", "170730");
	smsc_case *c = case_of(folder, NULL);
	cr_assert_eq(count_rule(c, "K027"), 2);
	cr_assert_eq(count_kind(c, "clock-wrong"), 2);
	const char *bias = NULL, *clock = NULL;
	const smsc_finding *f;
	for (size_t i = 0; (f = smsc_case_finding_at(c, i)); i++)
		if (!strcmp(smsc_finding_rule(f), "K027"))
			*(strstr(smsc_finding_text(f), "bias") ? &bias : &clock) = smsc_finding_text(f);
	cr_assert_str_eq(bias, "this row of 2005-01-07T17:00:00Z says in its text that it is 2005-01-07T15:00:00Z, 2:00:00 earlier: "
	                 "the bias it was written with is wrong; so are 1 of 1 such rows");
	cr_assert_str_eq(clock, "this row of 2005-01-07T17:00:00Z says in its text that it is 2005-01-07T17:07:30Z, 0:07:29 later: "
	                 "one of two clocks is wrong; so are 1 of 1 such rows");
	smsc_case_unref(c);
	drop_folder(folder);
}

/* 641 rows of real clients tell UTC: none is far off, not even in files that were damaged. */
Test(clock, utc_of_real_logs)
{
	const char *path = sample_path("SMSC_SHARED", "logs/ccm");
	if (!path)
		cr_skip_test("no shared evidence");
	smsc_case *c = case_of(path, NULL);
	cr_assert_null(find_rule(c, "K027"));
	smsc_case_unref(c);
}
