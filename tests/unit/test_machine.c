/* test_machine.c - what the hives of a snapshot say, and the rules that rest on it: each with
 * evidence where it holds and the same evidence where it does not. */
#include "unlock_files.h"

#define NEW_DAY "incident-2005/2005-01-07"
#define NEW "4cb61e09-8215-4fc4-9501-911290a11b4d"

static smsc_case *two(const char *a, const char *b)
{
	return analyzed(NULL, (const char *const[]){ a, b }, 2);
}

/* ---- K001 -------------------------------------------------------------------------------- */

static char *software_folder(const char *day)
{
	char *folder = new_folder();
	take_file(folder, day, CONFIG "SYSTEM");
	take_file(folder, day, CONFIG "SOFTWARE");
	return folder;
}

Test(machine, guid_reset)
{
	char *before = software_folder(HEALTHY), *after = software_folder(NEW_DAY);
	take_file(after, HEALTHY, SMS_KEY);
	smsc_case *c = two(before, after);
	const smsc_finding *f = find_rule(c, "K001");
	cr_assert_not_null(f);
	cr_assert_not_null(strstr(smsc_finding_text(f), "MachineGuid was " OLD), "%s", smsc_finding_text(f));
	cr_assert_not_null(strstr(smsc_finding_text(f), "it is " NEW), "%s", smsc_finding_text(f));
	cr_assert_not_null(strstr(smsc_finding_text(f), "2005-01-07T22:57:46.9062500Z"), "%s", smsc_finding_text(f));
	cr_assert_not_null(strstr(smsc_finding_text(f), "1 container file under the old value is not found"));
	cr_assert_str_eq(smsc_finding_confidence(f), "proved");
	cr_assert_str_eq(smsc_source_machine_guid(smsc_case_source_at(c, 0)), OLD);
	cr_assert_str_eq(smsc_source_machine_guid(smsc_case_source_at(c, 1)), NEW);
	cr_assert_str_eq(smsc_source_computer(smsc_case_source_at(c, 1)), "SMSSRV01");
	smsc_case_unref(c);
	c = two(before, before);
	cr_assert_null(find_rule(c, "K001"));
	smsc_case_unref(c);
	drop_folder(before);
	drop_folder(after);
}

/* ---- K010 --------------------------------------------------------------------------------- */

static void put32_at(smsc_span s, size_t at, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		((uint8_t *)(uintptr_t)s.data)[at + (size_t)i] = (uint8_t)(v >> 8 * i);
}

static uint32_t get32_at(smsc_span s, size_t at)
{
	const uint8_t *p = (const uint8_t *)s.data + at;
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/* Another sequence number, and the checksum of the base block that goes with it. */
static void make_dirty(smsc_span hive)
{
	uint32_t sum = 0;
	put32_at(hive, 4, get32_at(hive, 4) + 1);
	for (size_t at = 0; at < 508; at += 4)
		sum ^= get32_at(hive, at);
	put32_at(hive, 508, sum);
}

Test(machine, dirty_hive)
{
	char *folder = machine_folder();
	smsc_case *c = analyze_folder(folder, NULL);
	cr_assert_null(find_rule(c, "K010"));
	smsc_case_unref(c);
	smsc_span s = corpus_file(HEALTHY, CONFIG "SECURITY");
	make_dirty(s);
	write_file(folder, CONFIG "SECURITY", s);
	c = analyze_folder(folder, NULL);
	const smsc_finding *f = find_rule(c, "K010");
	cr_assert_not_null(f);
	cr_assert_not_null(strstr(smsc_finding_path(f), CONFIG "SECURITY"));
	assert_key(smsc_generation_exchange(only_generation(c)), "private-verified", "");
	smsc_case_unref(c);
	sample_free(s);
	drop_folder(folder);
}

/* ---- K017 --------------------------------------------------------------------------------- */

/* The class name of JD in both control sets [ANSWERS.json class_names]. */
static uint8_t *class_of_jd(smsc_span hive, int which)
{
	static const char jd[] = "a\0b\0009\0003\0e\0003\0009\0e";
	uint8_t *p = (uint8_t *)(uintptr_t)hive.data;
	for (int i = 0; p && i <= which; i++)
		p = memmem(p + (i > 0), hive.size - (size_t)(p + (i > 0) - (const uint8_t *)hive.data), jd, sizeof jd - 1);
	return p;
}

Test(machine, boot_keys_differ)
{
	smsc_span s = corpus_file(HEALTHY, CONFIG "SYSTEM");
	char *folder = machine_folder();
	smsc_case *c = analyze_folder(folder, NULL);
	cr_assert_null(find_rule(c, "K017"));
	smsc_case_unref(c);
	bool found = false;
	for (int which = 0; which < 3 && !found; which++) {
		uint8_t *p = class_of_jd(s, which);
		if (!p)
			continue;
		*p = 'c';
		write_file(folder, CONFIG "SYSTEM", s);
		c = analyze_folder(folder, NULL);
		found = find_rule(c, "K017") != NULL;
		smsc_case_unref(c);
		*p = 'a';
	}
	cr_assert(found);
	sample_free(s);
	drop_folder(folder);
}

/* ---- torn hives ---------------------------------------------------------------------------- */

/* Wherever it ends: no crash, and what is verified is whole. */
static void cut(const char *rel)
{
	char *folder = machine_folder();
	smsc_span s = corpus_file(HEALTHY, rel);
	unsigned verified = 0;
	for (size_t size = 0; size < s.size; size += size < 4096 ? 512 : s.size / 60) {
		write_file(folder, rel, (smsc_span){ s.data, size });
		smsc_case *c = analyze_folder(folder, NULL);
		const smsc_generation *g = smsc_case_generation_at(c, 0);
		const smsc_key *k = g ? smsc_generation_exchange(g) : NULL;  /* its own file may be the one cut */
		bool good = k && !strcmp(smsc_key_proof(k), "private-verified");
		verified += good;
		cr_assert(good || !k || *smsc_key_reason(k) || smsc_case_finding_count(c), "%s, %zu bytes", rel, size);
		smsc_case_unref(c);
	}
	fprintf(stderr, "# %s: still verified with %u of the cuts\n", rel, verified);
	sample_free(s);
	drop_folder(folder);
}

Test(machine, torn_hives)
{
	cut(CONFIG "SYSTEM");
	cut(CONFIG "SECURITY");
	cut(SMS_KEY);
	cut(master_path());
}
