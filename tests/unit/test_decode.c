/* test_decode.c - what smsc_decode() adds to the fields that stand in the bytes. */
#include "../sample.h"
#include "case_files.h"

static smsc_record *decode(const char *path, const smsc_buf *b)
{
	smsc_error *err = NULL;
	smsc_record *r = smsc_decode(path, b->data, b->size, NULL, &err);
	cr_assert_null(err, "%s", smsc_error_message(err));
	return r;
}

static const char *text_of(const smsc_record *r, const char *name)
{
	const smsc_field *f = smsc_record_get(r, name);
	cr_assert(f && f->type == SMSC_TEXT, "%s", name);
	return f->as.text;
}

static bool has_rule(const smsc_record *r, const char *rule)
{
	const smsc_finding *f;
	for (size_t i = 0; (f = smsc_record_finding_at(r, i)); i++)
		if (!strcmp(smsc_finding_rule(f), rule))
			return true;
	return false;
}

Test(decode, container_gets_hash_and_fingerprints)
{
	smsc_buf b = SMSC_BUF_INIT;
	put_container(&b, "SMS", 'a', 'b');
	smsc_record *r = decode("x/" SMS_HASH "_" OLD_GUID, &b);
	cr_assert_str_eq(text_of(r, "file_hash"), SMS_HASH);
	cr_assert_str_eq(text_of(r, "known_as"), "SMS");
	const smsc_field *sign = smsc_record_get(r, "signature.spki_sha256");
	const smsc_field *exchange = smsc_record_get(r, "exchange.spki_sha256");
	cr_assert(sign && exchange);
	cr_assert_eq(sign->as.span.size, 32);
	cr_assert_eq(sign->bytes, 0, "it stands nowhere in the file");
	cr_assert(memcmp(sign->as.span.data, exchange->as.span.data, 32));
	cr_assert(!has_rule(r, "K015"));
	smsc_record_unref(r);
	smsc_buf_free(&b);
}

Test(decode, renamed_container_is_said)
{
	smsc_buf b = SMSC_BUF_INIT;
	put_container(&b, "SMS", 'a', 0);
	smsc_record *r = decode(SITE_HASH "_" OLD_GUID, &b);
	cr_assert(has_rule(r, "K015"));
	smsc_record_unref(r);
	r = decode("saved.bin", &b);
	cr_assert(!has_rule(r, "K015"), "such a name claims nothing");
	smsc_record_unref(r);
	/* A torn name is not the name. */
	b.size = 43;
	r = decode(SMS_HASH "_" OLD_GUID, &b);
	cr_assert(!has_rule(r, "K015"));
	smsc_record_unref(r);
	smsc_buf_free(&b);
}

Test(decode, letters_beyond_ascii_prove_nothing)
{
	smsc_buf b = SMSC_BUF_INIT;
	put_container(&b, "\xc4pfel", 'a', 0);
	smsc_record *r = decode(SMS_HASH "_" OLD_GUID, &b);
	cr_assert(!has_rule(r, "K015"));
	smsc_record_unref(r);
	smsc_buf_free(&b);
}

Test(decode, unknown_bytes_are_an_error)
{
	smsc_error *err = NULL;
	cr_assert_null(smsc_decode("x", "hello", 5, NULL, &err));
	cr_assert_eq(smsc_error_code(err), SMSC_EFORMAT);
	cr_assert_str_eq(smsc_error_path(err), "x");
	/* And errors stick. */
	cr_assert_null(smsc_decode("y", "hello", 5, NULL, &err));
	cr_assert_str_eq(smsc_error_path(err), "x");
	smsc_error_free(err);
	cr_assert_null(smsc_decode(NULL, NULL, 0, NULL, NULL));
}

/* ---- the shared evidence: hashes and keys that other programs computed ------------------- */

struct seen {
	size_t count;
};

static void check_public_blob(const char *path, const char *expected, const char *which)
{
	smsc_span file = sample_load(path), blob = sample_shared(expected);
	if (!file.data || !blob.data)
		return;
	smsc_error *err = NULL;
	smsc_record *r = smsc_decode(path, file.data, file.size, NULL, &err);
	smsc_record *b = smsc_decode("blob", blob.data, blob.size, NULL, &err);
	cr_assert_null(err);
	char name[64];
	snprintf(name, sizeof name, "%s.spki_sha256", which);
	const smsc_field *one = smsc_record_get(r, name), *two = smsc_record_get(b, "spki_sha256");
	cr_assert(one && two, "%s", path);
	cr_assert(!memcmp(one->as.span.data, two->as.span.data, 32), "%s %s", path, which);
	cr_assert(!has_rule(r, "K015"), "%s", path);
	smsc_record_unref(r);
	smsc_record_unref(b);
	sample_free(file);
	sample_free(blob);
}

static void check_set(const char *path, void *user)
{
	struct seen *seen = user;
	const char *in = strstr(path, "/generated/"), *tail = strstr(path, "/MachineKeys/");
	if (!in || !tail)
		return;
	char expected[512];
	size_t set = strcspn(in + 11, "/");
	snprintf(expected, sizeof expected, "capi/generated/%.*s/expected/sig.publickeyblob", (int)set, in + 11);
	check_public_blob(path, expected, "signature");
	snprintf(expected, sizeof expected, "capi/generated/%.*s/expected/xch.publickeyblob", (int)set, in + 11);
	check_public_blob(path, expected, "exchange");
	seen->count++;
}

Test(decode, generated_containers_hold_the_expected_keys)
{
	struct seen seen = { 0 };
	const char *root = sample_path("SMSC_SHARED", "capi/generated");
	if (!root)
		return;
	char *path = strdup(root);
	sample_walk(path, check_set, &seen);
	cr_assert_eq(seen.count, 20);
	free(path);
}
