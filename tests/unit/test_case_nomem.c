/* test_case_nomem.c - a case and its reports when memory runs out: an error, no crash, no leak,
 * and never half an answer that looks whole. */
#include "analysis/case.h"
#include "case_files.h"
#include "failing.h"

#include "../sample.h"

static char *folder, *client;

static int drop(void *user, const void *data, size_t size)
{
	(void)user;
	(void)data;
	(void)size;
	return 0;
}

/* A file of the corpus. */
static void put_sample(const char *to, const char *name, const char *rel)
{
	const char *path = sample_path("SMSC_CORPUS", rel);
	smsc_span s = path ? sample_load(path) : (smsc_span){ NULL, 0 };
	cr_assert(s.data, "%s", rel);
	put_file(to, name, s.data, s.size, "2004-12-28");
	sample_free(s);
}

static void put_evidence(void)
{
	smsc_buf b = SMSC_BUF_INIT;
	folder = new_folder();
	put_key_file(folder, SMS_HASH, OLD_GUID, "SMS", 'a', 'b', "2004-11-09");
	put_key_file(folder, SMS_HASH, NEW_GUID, "SMS", 'c', 0, "2005-01-07");
	put_key_file(folder, SITE_HASH, NEW_GUID, "SMS", 'a', 'b', "2005-01-07");
	for (int i = 0; i < 3; i++)
		smsc_buf_printf(&b, "<![LOG[CCMSignData failed (0x8009200b).]LOG]!><time=\"17:59:40.234%s\" "
		                "date=\"01-07-2005\" component=\"CcmExec\" context=\"\" type=\"3\" thread=\"1\" "
		                "file=\"a.cpp:1\">\r\n", i ? "+300" : "");
	smsc_buf_str(&b, "torn");
	put_file(folder, "ccmexec.log", b.data, b.size, "2005-01-08");
	put_file(folder, "copy/ccmexec.log", b.data, b.size, "2005-01-08");
	put_file(folder, "Preferred", "\x56\xf7\x49\x9d\xaa\xbb\xcc\x4d\x8e\xee\x01\x02\x03\x04\x05\x06"
	         "\x00\x8d\x8f\x66\x9a\xc9\xcf\x01", 24, "2004-11-09");
	put_sample(folder, "config/SOFTWARE", "incident-2005/2004-12-28/C/WINNT/system32/config/SOFTWARE");
	put_sample(folder, "two.pem", "x509/two.pem");
	put_sample(folder, "one.sst", "cert-store/one.sst");
	put_sample(folder, "inetsrv/MetaBase.bin", "metabase/plain.bin");
	put_sample(folder, "inetsrv/MetaBase.xml", "metabase/plain.xml");
	smsc_buf_free(&b);
}

/* Lets go of both; true when nothing was wrong, and nothing but memory may be. */
static bool end_case(smsc_case *c, smsc_error *err)
{
	cr_assert(!err || smsc_error_code(err) == SMSC_ENOMEM, "%s", smsc_error_message(err));
	smsc_case_unref(c);
	bool good = !err;
	smsc_error_free(err);
	return good;
}

static bool analyze(void)
{
	smsc_error *err = NULL;
	smsc_case *c = smsc_case_new(NULL, &err);
	if (c) {
		smsc_case_add(c, folder, "label", &err);
		smsc_case_analyze(c, NULL, NULL, &err);
		cr_assert(!err || smsc_case_generation_count(c) == 0);
		cr_assert(err || smsc_case_generation_count(c) == 3);
		cr_assert(err || smsc_case_finding_count(c) >= 4);
		cr_assert(err || smsc_case_certificate_count(c) == 3);
	}
	return end_case(c, err);
}

Test(case_nomem, analysis)
{
	long before = smsc_live_objects();
	put_evidence();
	cr_assert_gt(failing_run(analyze, false), 100);
	cr_assert_gt(failing_run(analyze, true), 100);
	cr_assert_eq(smsc_live_objects(), before);
	drop_folder(folder);
}

/* What clients hold, beside a backup: other formats, two more sources, and links between all. */
static bool analyze_client(void)
{
	smsc_error *err = NULL;
	smsc_case *c = smsc_case_new(NULL, &err);
	if (c) {
		smsc_case_add(c, folder, "server", &err);
		smsc_case_add(c, client, "client", &err);
		smsc_case_add(c, sample_path("SMSC_CORPUS", "bkf/old-layout.bkf"), "tape", &err);
		smsc_case_analyze(c, NULL, NULL, &err);
		cr_assert(err || smsc_case_source_count(c) == 3);
		cr_assert(err || smsc_case_certificate_count(c) == 2);
		size_t trusted = 0;
		for (size_t i = 0; i < smsc_case_finding_count(c); i++)
			trusted += !strcmp(smsc_finding_rule(smsc_case_finding_at(c, i)), "K007");
		cr_assert(err || trusted, "nothing of what clients trust");
	}
	return end_case(c, err);
}

Test(case_nomem, clients)
{
	long before = smsc_live_objects();
	folder = new_folder();
	client = new_folder();
	put_key_file(folder, SMS_HASH, NEW_GUID, "SMS", 'a', 'b', "2005-01-07");
	put_sample(folder, "two.pem", "x509/two.pem");
	put_sample(client, "TrustedRootKey.mof", "incident-2005/client-CL01/TrustedRootKey.mof");
	put_sample(client, "discarded.p7m", "incident-2005/evidence/discarded-message.p7m");
	put_sample(client, "page.xml", "incident-2005/evidence/mpkeyinformation-2004-12-20.xml");
	cr_assert_gt(failing_run(analyze_client, false), 100);
	cr_assert_gt(failing_run(analyze_client, true), 100);
	cr_assert_eq(smsc_live_objects(), before);
	drop_folder(folder);
	drop_folder(client);
}

/* A row without a bias gets that of the other snapshot, or the analysis fails. */
static bool analyze_logs(void)
{
	smsc_error *err = NULL;
	smsc_case *c = smsc_case_new(NULL, &err);
	if (c) {
		smsc_case_add(c, folder, "first", &err);
		smsc_case_add(c, client, "second", &err);
		smsc_case_analyze(c, NULL, NULL, &err);
		const smsc_event *e = find_kind(c, "signing-failed");
		cr_assert(err || (e && !strcmp(smsc_event_clock(e), "log-computer")));
	}
	return end_case(c, err);
}

Test(case_nomem, neighbours)
{
	static const char system[] = "incident-2005/2005-01-07/C/WINNT/system32/config/SYSTEM";
	static const char row[] = "<![LOG[%s]LOG]!><time=\"17:59:40.234%s\" date=\"01-07-2005\" component=\"C\" "
	                          "context=\"\" type=\"3\" thread=\"1\" file=\"\">\r\n";
	long before = smsc_live_objects();
	folder = new_folder();
	client = new_folder();
	for (int i = 0; i < 2; i++) {
		smsc_buf b = SMSC_BUF_INIT;
		smsc_buf_printf(&b, row, i ? "a" : "CCMSignData failed (0x8009200b).", i ? "+300" : "");
		put_file(i ? client : folder, "ccmexec.log", b.data, b.size, "2005-01-08");
		put_sample(i ? client : folder, "config/SYSTEM", system);
		smsc_buf_free(&b);
	}
	cr_assert_gt(failing_run(analyze_logs, false), 30);
	cr_assert_gt(failing_run(analyze_logs, true), 30);
	cr_assert_eq(smsc_live_objects(), before);
	drop_folder(folder);
	drop_folder(client);
}

static smsc_case *whole;
static const char *format;

static bool write_report(void)
{
	smsc_error *err = NULL;
	smsc_report *r = smsc_report_new(format, SMSC_COLOR, drop, NULL, &err);
	if (r) {
		if (strcmp(format, "svg"))
			smsc_report_timeline(r, whole, SMSC_NEVER, SMSC_NEVER, &err);
		if (!strcmp(format, "html") || !strcmp(format, "svg")) {
			smsc_report_case(r, whole, &err);
		} else if (!strcmp(format, "text") || !strcmp(format, "jsonl") || !strcmp(format, "csv")) {
			smsc_report_sources(r, whole, &err);
			smsc_report_generations(r, whole, &err);
			smsc_report_certificates(r, whole, &err);
			smsc_report_findings(r, whole, &err);
			smsc_report_record(r, smsc_case_record_at(whole, 0), &err);
		}
		smsc_report_end(r, &err);
	}
	smsc_report_free(r);
	bool good = !err;
	smsc_error_free(err);
	return good;
}

Test(case_nomem, reports)
{
	static const char *const formats[] = { "text", "jsonl", "csv", "bodyfile", "timesketch", "l2tcsv", "html", "svg" };
	put_evidence();
	const char *paths[] = { folder };
	whole = analyzed(NULL, paths, 1);
	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
		format = formats[i];
		cr_assert_gt(failing_run(write_report, false), 1, "%s", format);
	}
	smsc_case_unref(whole);
	drop_folder(folder);
}

/* A log in pieces, of which one must be read on with the next. */
static bool analyze_pieces(void)
{
	smsc_error *err = NULL;
	smsc_case *c = smsc_case_new(NULL, &err);
	if (c) {
		c->settings.log_piece = 300;
		smsc_case_add(c, folder, "label", &err);
		smsc_case_analyze(c, NULL, NULL, &err);
		cr_assert(err || smsc_case_event_count(c) == 3);
	}
	return end_case(c, err);
}

Test(case_nomem, pieces_of_logs)
{
	long before = smsc_live_objects();
	smsc_buf b = SMSC_BUF_INIT;
	folder = new_folder();
	for (int i = 0; i < 3; i++)
		smsc_buf_printf(&b, "CCMSignData failed (0x8009200%d).%s  $$<SMS_A><01-07-2005 12:00:00.000+300><thread=1 (0x1)>\r\n"
		                "%*s  $$<SMS_A><01-07-2005 12:00:00.000+300><thread=1 (0x1)>\r\n", i, i == 1 ? "\r\n" : "", i * 200, "x");
	put_file(folder, "a.log", b.data, b.size, "2005-01-08");
	smsc_buf_free(&b);
	cr_assert_gt(failing_run(analyze_pieces, false), 50);
	cr_assert_gt(failing_run(analyze_pieces, true), 50);
	cr_assert_eq(smsc_live_objects(), before);
	drop_folder(folder);
}
