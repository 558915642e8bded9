/* test_case.c - a case from its first source to its last getter. */
#include "../sample.h"
#include "case_files.h"

Test(case, empty)
{
	smsc_error *err = NULL;
	long before = smsc_live_objects();
	smsc_case *c = smsc_case_new(NULL, &err);
	cr_assert_eq(smsc_case_analyze(c, NULL, NULL, &err), 0);
	cr_assert_eq(smsc_case_source_count(c), 0);
	cr_assert_eq(smsc_case_event_count(c), 0);
	cr_assert_eq(smsc_case_generation_count(c), 0);
	cr_assert_eq(smsc_case_finding_count(c), 0);
	cr_assert_eq(smsc_case_record_count(c), 0);
	cr_assert_null(smsc_case_event_at(c, 0));
	cr_assert_null(smsc_case_source_at(c, 0));
	cr_assert_null(smsc_case_key_when(c, "SMS", 1));
	smsc_case_unref(c);
	cr_assert_null(err);
	cr_assert_eq(smsc_live_objects(), before);
}

Test(case, one_container_in_memory)
{
	smsc_error *err = NULL;
	long before = smsc_live_objects();
	smsc_buf b = SMSC_BUF_INIT;
	put_container(&b, "SMS", 'a', 'b');
	smsc_source *s = smsc_source_memory(SMS_HASH "_" OLD_GUID, b.data, b.size, NULL, &err);
	smsc_case *c = smsc_case_new(NULL, &err);
	smsc_case_add_source(c, s, "mine", &err);
	smsc_source_unref(s);
	cr_assert_eq(smsc_case_analyze(c, NULL, NULL, &err), 0);
	cr_assert_null(err);
	cr_assert_eq(smsc_case_source_count(c), 1);
	cr_assert_str_eq(smsc_source_label(smsc_case_source_at(c, 0)), "mine");
	cr_assert_eq(smsc_case_record_count(c), 1);
	cr_assert_str_eq(smsc_record_format(smsc_case_record_at(c, 0)), "capi-container");
	cr_assert_eq(smsc_case_generation_count(c), 1);
	const smsc_generation *g = smsc_case_generation_at(c, 0);
	cr_assert_str_eq(smsc_generation_container(g), "SMS");
	cr_assert_str_eq(smsc_generation_file_hash(g), SMS_HASH);
	cr_assert_str_eq(smsc_generation_machine_guid(g), OLD_GUID);
	cr_assert_str_eq(smsc_generation_state(g), "complete");
	cr_assert_str_eq(smsc_generation_change(g), "");
	cr_assert_eq(smsc_generation_size(g), (int64_t)b.size);
	cr_assert_eq(smsc_generation_modified(g), SMSC_NEVER);
	cr_assert_eq(smsc_generation_first_seen(g), SMSC_NEVER);
	cr_assert_eq(smsc_generation_file_count(g), 1);
	cr_assert_null(smsc_generation_file_path(g, 1));
	cr_assert_eq(smsc_case_event_count(c), 0, "a file without times tells no time");
	/* A part holds the whole. */
	smsc_key *k = smsc_key_ref(smsc_generation_signature(g));
	smsc_case_unref(c);
	cr_assert_str_eq(smsc_key_algorithm(k), "RSA");
	cr_assert_eq(smsc_key_bits(k), 512);
	cr_assert_eq(smsc_key_size(k), PUBLIC_SIZE + PRIVATE_SIZE + FLAG_SIZE);
	cr_assert_str_eq(smsc_key_proof(k), "locked");
	cr_assert_eq(smsc_key_exportable(k), -1);
	cr_assert_str_eq(smsc_key_master_key(k), "4b4b4b4b-4b4b-4b4b-4b4b-4b4b4b4b4b4b");
	smsc_span blob = smsc_key_public_blob(k);
	cr_assert_eq(blob.size, 20 + 64);
	cr_assert(!memcmp(blob.data, "\6\2\0\0\0\x24\0\0RSA1\0\2\0\0\1\0\1\0\1aaaa", 25));
	smsc_key_unref(k);
	smsc_buf_free(&b);
	cr_assert_eq(smsc_live_objects(), before);
}

Test(case, rules_of_use)
{
	smsc_error *err = NULL;
	smsc_case *c = smsc_case_new(NULL, &err);
	cr_assert_eq(smsc_case_analyze(c, NULL, NULL, &err), 0);
	cr_assert_eq(smsc_case_analyze(c, NULL, NULL, &err), -1);
	cr_assert_eq(smsc_error_code(err), SMSC_EARG);
	smsc_error_free(err);
	err = NULL;
	cr_assert_eq(smsc_case_add(c, "/", NULL, &err), -1);
	cr_assert_eq(smsc_error_code(err), SMSC_EARG);
	smsc_error_free(err);
	err = NULL;
	cr_assert_eq(smsc_case_add_source(c, NULL, NULL, &err), -1);
	cr_assert_eq(smsc_error_code(err), SMSC_EARG);
	cr_assert_null(smsc_case_key_when(c, NULL, 1));
	smsc_error_free(err);
	smsc_case_unref(c);
	smsc_case_unref(NULL);
	err = NULL;
	smsc_options bad = SMSC_OPTIONS_INIT;
	bad.codepage = 12;
	cr_assert_null(smsc_case_new(&bad, &err));
	cr_assert_eq(smsc_error_code(err), SMSC_EARG);
	smsc_error_free(err);
}

Test(case, a_source_that_is_not_there)
{
	smsc_error *err = NULL;
	smsc_case *c = smsc_case_new(NULL, &err);
	cr_assert_eq(smsc_case_add(c, "/nonexistent/x", NULL, &err), -1);
	cr_assert_eq(smsc_error_code(err), SMSC_EIO);
	/* Errors stick: nothing runs after this. */
	cr_assert_eq(smsc_case_analyze(c, NULL, NULL, &err), -1);
	smsc_error_free(err);
	smsc_case_unref(c);
}

/* ---- progress and cancelling ------------------------------------------------------------ */

struct watch {
	unsigned calls, stop_at;
	uint64_t last;
};

static int watch(void *user, const char *stage, uint64_t done, uint64_t total)
{
	struct watch *w = user;
	cr_assert(stage && *stage);
	cr_assert_eq(total, 0);
	cr_assert_geq(done, w->last);
	w->last = done;
	return ++w->calls == w->stop_at;
}

Test(case, progress_and_cancel)
{
	char *folder = new_folder();
	for (int i = 0; i < 300; i++) {
		char name[32];
		snprintf(name, sizeof name, "many/%03d.txt", i);
		put_text(folder, name, "text", "2005-01-07");
	}
	put_key_file(folder, SMS_HASH, OLD_GUID, "SMS", 'a', 'b', "2004-03-16");
	smsc_error *err = NULL;
	struct watch w = { 0, 0, 0 };
	smsc_case *c = smsc_case_new(NULL, &err);
	smsc_case_add(c, folder, NULL, &err);
	cr_assert_eq(smsc_case_analyze(c, watch, &w, &err), 0);
	cr_assert_geq(w.calls, 300 / 64);
	cr_assert_geq(w.last, 1200);
	smsc_case_unref(c);
	for (unsigned stop = 1; stop <= w.calls; stop++) {
		struct watch s = { 0, stop, 0 };
		c = smsc_case_new(NULL, NULL);
		smsc_case_add(c, folder, NULL, NULL);
		err = NULL;
		cr_assert_eq(smsc_case_analyze(c, watch, &s, &err), -1);
		cr_assert_eq(smsc_error_code(err), SMSC_ECANCELLED);
		cr_assert_eq(s.calls, stop);
		cr_assert_eq(smsc_case_generation_count(c), 0, "half an answer is none");
		cr_assert_eq(smsc_case_event_count(c), 0);
		cr_assert_eq(smsc_case_record_count(c), 0);
		cr_assert_eq(smsc_case_source_count(c), 1);
		smsc_error_free(err);
		smsc_case_unref(c);
	}
	drop_folder(folder);
}

/* ---- limits ------------------------------------------------------------------------------- */

Test(case, limit_of_events)
{
	char *folder = new_folder();
	smsc_buf log = SMSC_BUF_INIT;
	for (int i = 0; i < 50; i++)
		smsc_buf_printf(&log, "<![LOG[CCMSignData failed (0x8009200b).]LOG]!><time=\"17:59:%02d.000+300\" "
		                "date=\"01-07-2005\" component=\"CcmExec\" context=\"\" type=\"3\" thread=\"1\" "
		                "file=\"a.cpp:1\">\r\n", i);
	put_file(folder, "ccmexec.log", log.data, log.size, "2005-01-08");
	smsc_options options = SMSC_OPTIONS_INIT;
	options.max_events = 10;
	const char *paths[] = { folder };
	smsc_case *c = analyzed(&options, paths, 1);
	cr_assert_eq(smsc_case_event_count(c), 8, "the rest is kept for what the analysis concludes");
	const smsc_finding *f = find_rule(c, "D008");
	cr_assert_not_null(f);
	cr_assert(strstr(smsc_finding_text(f), "42 events"), "%s", smsc_finding_text(f));
	smsc_case_unref(c);
	smsc_buf_free(&log);
	drop_folder(folder);
}

/* ---- damage -------------------------------------------------------------------------------- */

Test(case, a_torn_container_is_kept_and_said)
{
	char *folder = new_folder();
	smsc_buf b = SMSC_BUF_INIT;
	put_container(&b, "SMS", 'a', 'b');
	for (size_t size = 0; size < b.size; size += 7) {
		put_file(folder, "MachineKeys/" SMS_HASH "_" OLD_GUID, b.data, size, "2004-03-16");
		const char *paths[] = { folder };
		smsc_case *c = analyzed(NULL, paths, 1);
		if (size >= 48)
			cr_assert_eq(smsc_case_generation_count(c), 1, "%zu bytes", size);
		const smsc_generation *g = smsc_case_generation_at(c, 0);
		if (g) {
			cr_assert_str_eq(smsc_generation_state(g), "damaged", "%zu bytes", size);
			cr_assert_str_eq(smsc_generation_container(g), "SMS");
			cr_assert(find_rule(c, "D001"), "%zu bytes", size);
			cr_assert_null(find_rule(c, "K003"));
		}
		smsc_case_unref(c);
	}
	smsc_buf_free(&b);
	drop_folder(folder);
}

Test(case, an_archive_that_is_torn_does_not_hide_the_rest)
{
	char *folder = new_folder();
	put_text(folder, "a.zip", "PK\3\4torn", "2005-01-07");
	put_key_file(folder, SMS_HASH, OLD_GUID, "SMS", 'a', 'b', "2004-03-16");
	const char *paths[] = { folder };
	smsc_case *c = analyzed(NULL, paths, 1);
	cr_assert_eq(smsc_case_generation_count(c), 1);
	cr_assert_not_null(find_rule(c, "D006"));
	smsc_case_unref(c);
	drop_folder(folder);
}

Test(case, evidence_of_a_finding_names_its_source)
{
	char *folder = new_folder();
	smsc_error *err = NULL;
	put_key_file(folder, SITE_HASH, OLD_GUID, "SMS", 'a', 'b', "2004-03-16");
	smsc_case *c = smsc_case_new(NULL, &err);
	smsc_case_add(c, folder, "tape 7", &err);
	smsc_case_analyze(c, NULL, NULL, &err);
	cr_assert_null(err);
	const smsc_finding *f = find_rule(c, "K015");
	cr_assert_not_null(f);
	cr_assert_str_eq(smsc_finding_path(f), "tape 7/Crypto/RSA/MachineKeys/" SITE_HASH "_" OLD_GUID);
	cr_assert_eq(smsc_finding_offset(f), 40, "where the name stands");
	/* The container is what its content says. */
	cr_assert_str_eq(smsc_generation_file_hash(smsc_case_generation_at(c, 0)), SMS_HASH);
	smsc_case_unref(c);
	drop_folder(folder);
}

Test(case, things_that_are_no_evidence)
{
	char *folder = new_folder();
	put_text(folder, "empty", "", "2005-01-07");
	put_text(folder, "text", "nothing about keys", "2005-01-07");
	cr_assert_eq(symlink("/etc/passwd", below(folder, "link")), 0);
	cr_assert_eq(mkfifo(below(folder, "pipe"), 0600), 0);
	const char *paths[] = { folder };
	smsc_case *c = analyzed(NULL, paths, 1);
	cr_assert_eq(smsc_case_record_count(c), 0);
	cr_assert_eq(smsc_case_event_count(c), 0);
	smsc_case_unref(c);
	drop_folder(folder);
}
