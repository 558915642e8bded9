/* test_log_sets.c - generations of one log: their order, and whether they follow each other and fit
 * their names. */
#include "../sample.h"
#include "analysis/copies.h"
#include "dated_logs.h"

static smsc_case *case_of(const char *path)
{
	return analyzed(NULL, &path, 1);
}

/* By their names they would be in another order; the stamp says when one was written last, or nothing. */
Test(log_sets, generations_of_a_log)
{
	char *folder = new_folder();
	put_dated_log(folder, "a-20050103-120000.log", (dated[]){ { "01-01-2005", "12:00:00.000", "+300" }, { "01-02-2005", "12:00:00.000", "+300" } }, 2);
	put_dated_log(folder, "a-20050102-120000.log", (dated[]){ { "01-02-2005", "12:00:01.000", "+300" }, { "01-03-2005", "12:00:00.000", "+300" } }, 2);
	put_dated_log(folder, "A.log", (dated[]){ { "01-03-2005", "12:00:01.000", "+300" }, { "01-04-2005", "12:00:00.000", "+300" } }, 2);
	put_dated_log(folder, "b.log", (dated[]){ { "01-01-2005", "12:00:00.000", "+300" } }, 1);
	put_dated_log(folder, "sub/a.log", (dated[]){ { "01-01-2005", "12:00:00.000", "+300" } }, 1);
	smsc_case *c = case_of(folder);
	cr_assert_eq(count_kind(c, "log-set"), 1);
	cr_assert_str_eq(smsc_event_text(find_kind(c, "log-set")), "3 logs are one, in this order: "
	                 "a-20050103-120000.log (2005-01-01T17:00:00 to 2005-01-02T17:00:00), "
	                 "a-20050102-120000.log (2005-01-02T17:00:01 to 2005-01-03T17:00:00), "
	                 "A.log (2005-01-03T17:00:01 to 2005-01-04T17:00:00)");
	cr_assert_null(find_rule(c, "K028"));
	smsc_case_unref(c);
	drop_folder(folder);
}

/* Packed alone, a log stays where it was. */
Test(log_sets, names)
{
	static const char *const names[][2] = {
		{ "logs/a-20050103-120000.log.gz!/a-20050103-120000.log", "logs/a" },
		{ "b.zip!/logs/a.log.gz!/a.log", "logs/a" }, { "b.zip!/logs/a.lo_", "logs/a" },
		{ "b.tar.gz!/a.log", "a" }, { "a.log", "a" }, { "logs.gz!/logs", "logs" }, { "x.y/a", "x.y/a" },
	};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		smsc_span name = smsc_log_set_name(names[i][0]);
		cr_assert(name.size == strlen(names[i][1]) && !memcmp(name.data, names[i][1], name.size), "%s: %.*s",
		          names[i][0], (int)name.size, (const char *)name.data);
	}
	cr_assert_eq(smsc_log_stamp(names[0][0]), smsc_time_parse("2005-01-03T12:00:00Z"));
	cr_assert_eq(smsc_log_stamp(names[1][0]), SMSC_NEVER);
	cr_assert_eq(smsc_log_stamp("-20050103-120000.log"), SMSC_NEVER);
}

static void check_misfit(dated *old, size_t count, dated *new, size_t new_count, const char *says)
{
	char *folder = new_folder();
	put_dated_log(folder, "a.lo_", old, count);
	put_dated_log(folder, "a.log", new, new_count);
	smsc_case *c = case_of(folder);
	const smsc_finding *f = find_rule(c, "K028");
	cr_assert_eq(count_kind(c, "log-set"), 1);
	cr_assert(says ? f && strstr(smsc_finding_text(f), says) : !f, "%s", f ? smsc_finding_text(f) : "no finding");
	smsc_case_unref(c);
	drop_folder(folder);
}

Test(log_sets, generations_that_do_not_follow)
{
	dated first[] = { { "01-01-2005", "12:00:00.000", "+300" }, { "01-01-2005", "13:00:00.000", "+300" } };
	dated within[] = { { "01-01-2005", "12:30:00.000", "+300" }, { "01-01-2005", "14:00:00.000", "+300" } };
	dated later[] = { { "01-05-2005", "12:00:00.000", "+300" }, { "01-05-2005", "13:00:00.000", "+300" } };
	dated rare[] = { { "01-05-2005", "12:00:00.000", "+300" }, { "01-09-2005", "12:00:00.000", "+300" } };
	check_misfit(first, 2, within, 2, "begins before the other ends");
	check_misfit(first, 2, later, 2, "may be lost");
	check_misfit(first, 2, rare, 2, NULL);  /* pauses of four days are its habit */
}

/* Rows of a site server of which somebody cut the times: their names tell the order. */
Test(log_sets, generations_without_times)
{
	static const char row[] = "Cannot open the file.  $$<SMS_DESPOOLER>\r\nRetry.  $$<SMS_DESPOOLER>\r\n";
	char *folder = new_folder();
	put_file(folder, "a-20050101-090000.log", row, sizeof row - 1, "2005-11-08T01:30Z");
	put_file(folder, "a-20050104-090000.log", row, sizeof row - 1, "2005-11-08T01:30Z");
	put_dated_log(folder, "a-20050103-120000.log", (dated[]){ { "01-03-2005", "10:00:00.000", "+300" }, { "01-03-2005", "12:00:00.000", "+300" } }, 2);
	put_dated_log(folder, "a.log", (dated[]){ { "01-05-2005", "12:00:00.000", "+300" } }, 1);
	/* Rows of one moment: the names again, and one without a stamp is the last. */
	put_dated_log(folder, "b.log", (dated[]){ { "01-03-2005", "12:00:00.000", "+300" } }, 1);
	put_dated_log(folder, "b-20050103-120001.log", (dated[]){ { "01-03-2005", "12:00:00.000", "+300" } }, 1);
	put_dated_log(folder, "b-20050103-120000.log", (dated[]){ { "01-03-2005", "12:00:00.000", "+300" } }, 1);
	/* Nothing tells when these were. */
	put_file(folder, "c-20050104-090000.log", row, sizeof row - 1, "2005-11-08T01:30Z");
	put_file(folder, "c.log", row, sizeof row - 1, "2005-11-08T01:30Z");
	smsc_case *c = case_of(folder);
	cr_assert_eq(count_kind(c, "log-set"), 2);
	for (size_t i = 0, k = 0; k < 2; i++) {
		static const char *const texts[] = {
			"4 logs are one, in this order: a-20050101-090000.log (its rows have no times: by its name), "
			"a-20050103-120000.log (2005-01-03T15:00:00 to 2005-01-03T17:00:00), "
			"a-20050104-090000.log (its rows have no times: by its name), a.log (2005-01-05T17:00:00 to 2005-01-05T17:00:00)",
			"3 logs are one, in this order: b-20050103-120000.log (2005-01-03T17:00:00 to 2005-01-03T17:00:00), "
			"b-20050103-120001.log (2005-01-03T17:00:00 to 2005-01-03T17:00:00), b.log (2005-01-03T17:00:00 to 2005-01-03T17:00:00)",
		};
		const smsc_event *e = smsc_case_event_at(c, i);
		cr_assert_not_null(e);
		if (!strcmp(smsc_event_kind(e), "log-set"))
			cr_assert_str_eq(smsc_event_text(e), texts[k++]);
	}
	cr_assert_null(find_rule(c, "K028"));
	smsc_case_unref(c);
	drop_folder(folder);
}

static void check_name(const char *name, const char *says)
{
	char *folder = new_folder();
	put_dated_log(folder, name, (dated[]){ { "01-05-2005", "12:00:00.000", "+300" }, { "01-07-2005", "12:00:00.000", "+300" } }, 2);
	smsc_case *c = case_of(folder);
	const smsc_finding *f = find_rule(c, "K028");
	cr_assert(says ? f && strstr(smsc_finding_text(f), says) : !f, "%s: %s", name, f ? smsc_finding_text(f) : "no finding");
	cr_assert(!f || !strcmp(smsc_finding_confidence(f), "possible"));
	smsc_case_unref(c);
	drop_folder(folder);
}

/* The stamp is a loose bound; days outside of the rows it is told. */
Test(log_sets, names_of_generations)
{
	check_name("a-20050105-120000.log", NULL);
	check_name("a-20050107-120001.log", NULL);
	check_name("a-20050104-130000.log", NULL);
	check_name("a-20050108-130000.log", NULL);
	check_name("a-20050103-120000.log", "begins days after the time in its name");
	check_name("a-20050109-230000.log.gz", "ends days before the time in its name");
	check_name("a-20059999-999999.log", NULL);  /* no time at all */
}

/* Of all real logs that have a stamp, none is outside of its rows. */
Test(log_sets, names_of_real_generations)
{
	const char *path = sample_path("SMSC_SHARED", "logs/ccm");
	if (!path)
		cr_skip_test("no shared logs");
	smsc_case *c = case_of(path);
	const smsc_finding *f;
	for (size_t i = 0; (f = smsc_case_finding_at(c, i)); i++)
		cr_assert(strcmp(smsc_finding_rule(f), "K028") || !strstr(smsc_finding_text(f), "in its name"), "%s", smsc_finding_text(f));
	smsc_case_unref(c);
}
