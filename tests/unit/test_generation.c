/* test_generation.c - contents of containers over time: which are the same, which came when,
 * and how they differ. */
#include "case_files.h"

static const smsc_generation *generation(const smsc_case *c, const char *container, unsigned number)
{
	const smsc_generation *g;
	for (size_t i = 0; (g = smsc_case_generation_at(c, i)); i++)
		if (!strcmp(smsc_generation_container(g), container) && smsc_generation_number(g) == number)
			return g;
	return NULL;
}

static size_t count_rule(const smsc_case *c, const char *rule)
{
	size_t count = 0;
	const smsc_finding *f;
	for (size_t i = 0; (f = smsc_case_finding_at(c, i)); i++)
		count += !strcmp(smsc_finding_rule(f), rule);
	return count;
}

/* The course of the incident in three backups: healthy, after the reset, after the repair. */
struct world {
	char *folder;
	const char *paths[3];
};

static struct world incident(void)
{
	struct world w = { new_folder(), { NULL } };
	w.paths[0] = below(w.folder, "1");
	w.paths[1] = below(w.folder, "2");
	w.paths[2] = below(w.folder, "3");
	for (int i = 0; i < 3; i++)
		put_key_file(w.paths[i], SMS_HASH, OLD_GUID, "SMS", 'a', 'b', "2004-11-09T15:03Z");
	put_key_file(w.paths[1], SMS_HASH, NEW_GUID, "SMS", 'c', 0, "2005-01-07T22:59:43Z");
	put_key_file(w.paths[2], SMS_HASH, NEW_GUID, "SMS", 'a', 'b', "2004-11-09T15:03Z");
	put_text(w.paths[0], "taken", "", "2004-12-29T03:00Z");
	put_text(w.paths[1], "taken", "", "2005-01-08T01:30Z");
	put_text(w.paths[2], "taken", "", "2005-01-12T12:00Z");
	return w;
}

Test(generation, course_of_the_incident)
{
	struct world w = incident();
	smsc_case *c = analyzed(NULL, w.paths, 3);
	cr_assert_eq(smsc_case_generation_count(c), 3);
	const smsc_generation *first = generation(c, "SMS", 1), *second = generation(c, "SMS", 2),
		*third = generation(c, "SMS", 3);
	cr_assert_str_eq(smsc_generation_machine_guid(first), OLD_GUID);
	cr_assert_eq(smsc_generation_file_count(first), 3);
	cr_assert_str_eq(smsc_generation_state(first), "complete");
	cr_assert_eq(smsc_generation_first_seen(first), smsc_time_parse("2004-12-29T03:00Z"));
	cr_assert_eq(smsc_generation_last_seen(first), smsc_time_parse("2005-01-12T12:00Z"));

	cr_assert_str_eq(smsc_generation_machine_guid(second), NEW_GUID);
	cr_assert_str_eq(smsc_generation_state(second), "incomplete");
	cr_assert_null(smsc_generation_exchange(second));
	cr_assert_str_eq(smsc_generation_change(second), "782 bytes smaller than generation 1: one 512-bit "
	                 "AT_KEYEXCHANGE pair is missing: 92 + 522 + 168; the signature key pair is new");
	cr_assert_eq(smsc_generation_modified(second), smsc_time_parse("2005-01-07T22:59:43Z"));

	/* Its file is as old as that of the first, yet it came last. */
	cr_assert_str_eq(smsc_generation_machine_guid(third), NEW_GUID);
	cr_assert_str_eq(smsc_generation_state(third), "complete");
	cr_assert_str_eq(smsc_generation_change(third), "the keys of generation 1 under another MachineGuid");
	smsc_case_unref(c);
	drop_folder(w.folder);
}

Test(generation, order_of_the_sources_does_not_matter)
{
	struct world w = incident();
	const char *turned[] = { w.paths[2], w.paths[0], w.paths[1] };
	smsc_case *c = analyzed(NULL, turned, 3);
	cr_assert_str_eq(smsc_generation_machine_guid(generation(c, "SMS", 1)), OLD_GUID);
	cr_assert_str_eq(smsc_generation_state(generation(c, "SMS", 2)), "incomplete");
	cr_assert_str_eq(smsc_generation_change(generation(c, "SMS", 3)),
	                 "the keys of generation 1 under another MachineGuid");
	smsc_case_unref(c);
	drop_folder(w.folder);
}

Test(generation, rules_of_the_incident)
{
	struct world w = incident();
	smsc_case *c = analyzed(NULL, w.paths, 3);
	cr_assert_eq(count_rule(c, "K002"), 0, "the old keys are back: K016 tells it");
	cr_assert_eq(count_rule(c, "K003"), 1);
	cr_assert_eq(count_rule(c, "K014"), 1);
	cr_assert_eq(count_rule(c, "K016"), 1);
	const smsc_finding *f = find_rule(c, "K003");
	cr_assert_str_eq(smsc_finding_confidence(f), "proved");
	cr_assert_eq(smsc_finding_generation(f), generation(c, "SMS", 2));
	cr_assert_eq(smsc_finding_offset(f), 20);
	cr_assert(strstr(smsc_finding_text(f), "782 bytes: 92 + 522 + 168"), "%s", smsc_finding_text(f));
	for (size_t i = 1; i < smsc_case_finding_count(c); i++)
		cr_assert_leq(smsc_finding_severity(smsc_case_finding_at(c, i)),
		              smsc_finding_severity(smsc_case_finding_at(c, i - 1)), "worst first");
	smsc_case_unref(c);
	drop_folder(w.folder);
}

Test(generation, healthy_ones_break_no_rule)
{
	struct world w = incident();
	put_key_file(w.paths[0], SITE_HASH, OLD_GUID, "Microsoft Systems Management Server", 'e', 'f',
	             "2004-03-16");
	put_key_file(w.paths[0], "7a436fe806e483969f48a894af2fe9a1", OLD_GUID, "MS IIS DCOM Server", 0, 'g',
	             "2004-03-02");
	const char *twice[] = { w.paths[0], w.paths[0] };
	smsc_case *c = analyzed(NULL, twice, 2);
	cr_assert_eq(smsc_case_generation_count(c), 3);
	cr_assert_eq(smsc_case_finding_count(c), 0);
	cr_assert_str_eq(smsc_generation_state(generation(c, "MS IIS DCOM Server", 1)), "complete",
	                 "one pair is all it ever had");
	smsc_case_unref(c);
	drop_folder(w.folder);
}

Test(generation, key_in_use_at_a_time)
{
	static const struct { const char *when; unsigned number; } uses[] = {
		{ "2004-01-01", 0 }, { "2004-11-10", 1 }, { "2005-01-07T22:59:42Z", 1 },
		{ "2005-01-07T22:59:43Z", 2 }, { "2005-01-13", 3 },
	};
	struct world w = incident();
	smsc_case *c = analyzed(NULL, w.paths, 3);
	for (size_t i = 0; i < sizeof uses / sizeof *uses; i++) {
		smsc_time when = smsc_time_parse(uses[i].when);
		const smsc_generation *g = smsc_case_key_when(c, "SMS", when);
		cr_assert_eq(g ? smsc_generation_number(g) : 0, uses[i].number, "%s", uses[i].when);
		cr_assert_eq(smsc_case_key_when(c, SMS_HASH, when), g);
	}
	cr_assert_null(smsc_case_key_when(c, "SMSX", smsc_time_parse("2005-01-13")));
	smsc_case_unref(c);
	drop_folder(w.folder);
}

/* ---- differences ---------------------------------------------------------------------------- */

struct pairs {
	char signature, exchange;
};

static void expect_change(struct pairs old, struct pairs now, const char *change)
{
	char *folder = new_folder();
	const char *paths[] = { below(folder, "1"), below(folder, "2") };
	put_key_file(paths[0], SMS_HASH, OLD_GUID, "SMS", old.signature, old.exchange, "2004-11-09");
	put_key_file(paths[1], SMS_HASH, OLD_GUID, "SMS", now.signature, now.exchange, "2005-01-07");
	smsc_case *c = analyzed(NULL, paths, 2);
	const smsc_generation *g = generation(c, "SMS", 2);
	cr_assert_not_null(g);
	cr_assert_str_eq(smsc_generation_change(g), change);
	smsc_case_unref(c);
	drop_folder(folder);
}

Test(generation, differences_in_words)
{
	expect_change((struct pairs){ 'a', 'b' }, (struct pairs){ 'c', 'd' },
	              "both key pairs are new; the size is the same");
	expect_change((struct pairs){ 'a', 'b' }, (struct pairs){ 'c', 'b' },
	              "the size is the same; the signature key pair is new");
	expect_change((struct pairs){ 'a', 'b' }, (struct pairs){ 'a', 0 },
	              "782 bytes smaller than generation 1: one 512-bit AT_KEYEXCHANGE pair is missing: "
	              "92 + 522 + 168");
	expect_change((struct pairs){ 0, 'b' }, (struct pairs){ 'a', 'b' },
	              "782 bytes larger than generation 1: one 512-bit AT_SIGNATURE pair more: 92 + 522 + 168");
	expect_change((struct pairs){ 'a', 'b' }, (struct pairs){ 0, 0 },
	              "1,564 bytes smaller than generation 1: one 512-bit AT_SIGNATURE pair is missing: "
	              "92 + 522 + 168; one 512-bit AT_KEYEXCHANGE pair is missing: 92 + 522 + 168");
	expect_change((struct pairs){ 'a', 0 }, (struct pairs){ 0, 'b' },
	              "the size is the same: one 512-bit AT_SIGNATURE pair is missing: 92 + 522 + 168; "
	              "one 512-bit AT_KEYEXCHANGE pair more: 92 + 522 + 168");
}

/* A container gets its second pair when a program first asks for it: nothing is lost. */
Test(generation, growth_is_no_loss)
{
	char *folder = new_folder();
	const char *paths[] = { below(folder, "1"), below(folder, "2") };
	put_key_file(paths[0], SMS_HASH, OLD_GUID, "SMS", 'a', 0, "2004-11-09");
	put_key_file(paths[1], SMS_HASH, OLD_GUID, "SMS", 'a', 'b', "2005-01-07");
	smsc_case *c = analyzed(NULL, paths, 2);
	cr_assert_eq(smsc_case_generation_count(c), 2);
	cr_assert_eq(smsc_case_finding_count(c), 0);
	smsc_case_unref(c);
	drop_folder(folder);
}

/* ---- what belongs together -------------------------------------------------------------------- */

Test(generation, stores_are_told_apart)
{
	char *folder = new_folder();
	smsc_buf a = SMSC_BUF_INIT, b = SMSC_BUF_INIT;
	put_container(&a, "SMS", 'a', 'b');
	put_container(&b, "SMS", 'c', 'd');
	put_file(folder, "RSA/MachineKeys/" SMS_HASH "_" OLD_GUID, a.data, a.size, "2004-03-16");
	put_file(folder, "RSA/S-1-5-18/" SMS_HASH "_" OLD_GUID, b.data, b.size, "2004-03-16");
	put_file(folder, "RSA/S-1-5-21-1-2-3-500/" SMS_HASH "_" OLD_GUID, a.data, a.size, "2004-03-16");
	put_file(folder, "DSS/MachineKeys/" SMS_HASH "_" OLD_GUID, b.data, b.size, "2004-03-16");
	const char *paths[] = { folder };
	smsc_case *c = analyzed(NULL, paths, 1);
	cr_assert_eq(smsc_case_generation_count(c), 4);
	for (size_t i = 0; i < 4; i++)
		cr_assert_eq(smsc_generation_number(smsc_case_generation_at(c, i)), 1);
	cr_assert_eq(smsc_case_finding_count(c), 0);
	smsc_case_unref(c);
	smsc_buf_free(&a);
	smsc_buf_free(&b);
	drop_folder(folder);
}

Test(generation, spelling_of_the_name_does_not_part_a_container)
{
	char *folder = new_folder();
	const char *paths[] = { below(folder, "1"), below(folder, "2") };
	put_key_file(paths[0], SMS_HASH, OLD_GUID, "SMS", 'a', 'b', "2004-11-09");
	put_key_file(paths[1], SMS_HASH, OLD_GUID, "sms", 'c', 'd', "2005-01-07");
	put_key_file(paths[1], SITE_HASH, OLD_GUID, "Microsoft Systems Management Server", 'e', 'f',
	             "2005-01-07");
	smsc_case *c = analyzed(NULL, paths, 2);
	cr_assert_eq(smsc_case_generation_count(c), 3);
	const smsc_generation *g = smsc_case_generation_at(c, 2);
	cr_assert_eq(smsc_generation_number(g), 2);
	cr_assert_str_eq(smsc_generation_container(g),
	                 smsc_generation_container(smsc_case_generation_at(c, 1)));
	smsc_case_unref(c);
	drop_folder(folder);
}

Test(generation, two_machines_are_possible)
{
	char *folder = new_folder();
	const char *paths[] = { below(folder, "1"), below(folder, "2") };
	put_key_file(paths[0], SMS_HASH, OLD_GUID, "SMS", 'a', 'b', "2004-11-09");
	put_key_file(paths[1], SMS_HASH, NEW_GUID, "SMS", 'c', 'd', "2005-01-07");
	smsc_case *c = analyzed(NULL, paths, 2);
	cr_assert_str_eq(smsc_finding_confidence(find_rule(c, "K002")), "possible");
	cr_assert_str_eq(smsc_finding_confidence(find_rule(c, "K014")), "possible");
	smsc_case_unref(c);
	drop_folder(folder);
}

/* 20,000 containers: an ailing web server. */
Test(generation, many_containers)
{
	enum { MANY = 6000 };
	smsc_error *err = NULL;
	char *folder = new_folder();
	smsc_buf b = SMSC_BUF_INIT;
	put_container(&b, "{x}", 'a', 'b');
	for (int i = 0; i < MANY; i++) {
		char name[96], inner[4];
		snprintf(name, sizeof name, "MachineKeys/%032x_" OLD_GUID, i);
		snprintf(inner, sizeof inner, "%03x", i & 0xfff);
		memcpy(b.data + 40, inner, 3);
		put_file(folder, name, b.data, b.size, "2004-11-09");
	}
	smsc_case *c = smsc_case_new(NULL, &err);
	smsc_case_add(c, folder, NULL, &err);
	cr_assert_eq(smsc_case_analyze(c, NULL, NULL, &err), 0);
	cr_assert_eq(smsc_case_generation_count(c), 4096, "as many names");
	smsc_case_unref(c);
	smsc_buf_free(&b);
	drop_folder(folder);
}
