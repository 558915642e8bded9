/* test_trust_nomem.c - decoders of what names keys, and matches, when memory runs out: an error,
 * no crash, no leak, and never an answer that lacks something. */
#include "case_files.h"
#include "../sample.h"
#include "failing.h"
#include "format/format.h"

static smsc_span bytes;
static const smsc_format *format;
static size_t fields;

static size_t count(const smsc_record *r)
{
	size_t n = 0;
	const smsc_field *f;
	for (size_t i = 0; (f = smsc_record_at(r, i)); i++)
		n += 1 + (f->type == SMSC_RECORD ? count(f->as.record) : 0);
	return n;
}

static bool decode_one(void)
{
	smsc_record *r = smsc_format_decode(format, "a\x81/b", bytes, 1252);
	size_t n = r ? count(r) + smsc_record_finding_count(r) : 0;
	smsc_record_unref(r);
	cr_assert(!r || !fields || n == fields, "a record lacks something");
	if (r)
		fields = n;
	return r != NULL;
}

static void run_out(const char *path, void *user)
{
	(void)user;
	bytes = sample_load(path);
	format = bytes.data ? smsc_format_probe(bytes, bytes.size, path) : NULL;
	fields = 0;
	if (format && decode_one()) {
		failing_run(decode_one, false);
		failing_run(decode_one, true);
	}
	sample_free(bytes);
}

Test(trust_nomem, decoders)
{
	static const char *const folders[] = {
		"sms-aut", "smscfg", "tcf", "site-key", "trust-text", "wmi-carve", "client-key-data", "cms", "ccm-message",
	};
	long before = smsc_live_objects();
	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
		const char *found = sample_path("SMSC_CORPUS", folders[i]);
		cr_assert(found, "%s", folders[i]);
		char *path = strdup(found);
		sample_walk(path, run_out, NULL);
		free(path);
	}
	cr_assert_eq(smsc_live_objects(), before);
}

static smsc_case *whole;
static size_t matches;

static bool match_one(void)
{
	smsc_error *err = NULL;
	smsc_matches *m = smsc_case_match(whole, "evidence", bytes.data, bytes.size, &err);
	cr_assert(m || smsc_error_code(err) == SMSC_ENOMEM, "%s", smsc_error_message(err));
	cr_assert(!m || !matches || smsc_matches_count(m) == matches);
	matches = m ? smsc_matches_count(m) : matches;
	smsc_matches_unref(m);
	bool good = !err;
	smsc_error_free(err);
	return good;
}

Test(trust_nomem, matches)
{
	static const char *const samples[] = {
		"sms-aut/mpkeyinformation.xml", "sms-aut/mpcert2-utf16.xml", "cms/plain.p7m", "cms/pem.p7m",
		"x509/signing.der", "key-blob/public.hex", "trust-text/dump.txt", "capi-container/two-pairs",
	};
	smsc_error *err = NULL;
	whole = smsc_case_new(NULL, &err);
	smsc_case_add(whole, sample_path("SMSC_CORPUS", "capi-container/two-pairs"), NULL, &err);
	smsc_case_analyze(whole, NULL, NULL, &err);
	cr_assert_null(err);
	long before = smsc_live_objects();
	for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
		bytes = sample_load(sample_path("SMSC_CORPUS", samples[i]));
		matches = 0;
		cr_assert_gt(failing_run(match_one, false), 3, "%s", samples[i]);
		cr_assert_gt(failing_run(match_one, true), 3, "%s", samples[i]);
		sample_free(bytes);
	}
	cr_assert_eq(smsc_live_objects(), before);
	smsc_case_unref(whole);
}
