/* test_unlock.c - from the hives down to the private keys, and what stops it.  The expected
 * states come from how the evidence was changed. */
#include "unlock_files.h"

/* ---- it opens ------------------------------------------------------------------------- */

Test(unlock, opens)
{
	char *folder = machine_folder();
	smsc_case *c = analyze_folder(folder, NULL);
	const smsc_generation *g = only_generation(c);
	assert_key(smsc_generation_signature(g), "private-verified", "p*q = n");
	assert_key(smsc_generation_exchange(g), "private-verified", "p*q = n");
	cr_assert_eq(smsc_key_exportable(smsc_generation_exchange(g)), 0);
	cr_assert_null(find_rule(c, "K004"));
	cr_assert_null(find_rule(c, "K005"));
	cr_assert_null(find_rule(c, "K018"));
	smsc_case_unref(c);
	drop_folder(folder);
}

/* ---- what is not there ----------------------------------------------------------------- */

static void without(const char *rel, const char *reason, bool told)
{
	char *folder = machine_folder();
	unlink(below(folder, rel));
	smsc_case *c = analyze_folder(folder, NULL);
	assert_key(smsc_generation_exchange(only_generation(c)), "locked", reason);
	const smsc_finding *f = find_rule(c, "K005");
	cr_assert_eq(f != NULL, told, "%s", rel);
	cr_assert(!told || strstr(smsc_finding_text(f), reason), "%s", smsc_finding_text(f));
	smsc_case_unref(c);
	drop_folder(folder);
}

Test(unlock, what_is_missing_is_said)
{
	without(CONFIG "SYSTEM", "no SYSTEM hive gives a boot key", true);
	without(CONFIG "SECURITY", "nothing to open master key", false);
	without(master_path(), "no master key", true);
}

Test(unlock, system_of_another_machine)
{
	char *folder = machine_folder();
	smsc_span s = corpus_file(HEALTHY, CONFIG "SYSTEM");
	/* The class name of JD, in UTF-16: another digit is another boot key. */
	uint8_t *p = memmem(s.data, s.size, "a\0b\0009\0003\0e\0003\0009\0e", 15);
	cr_assert_not_null(p);
	*p = 'b';
	write_file(folder, CONFIG "SYSTEM", s);
	smsc_case *c = analyze_folder(folder, NULL);
	assert_key(smsc_generation_exchange(only_generation(c)), "locked", "SYSTEM and SECURITY are not of one machine");
	smsc_case_unref(c);
	sample_free(s);
	drop_folder(folder);
}

Test(unlock, without_the_legacy_provider)
{
	cr_assert_eq(setenv("OPENSSL_MODULES", "/nonexistent", 1), 0);
	char *folder = machine_folder();
	smsc_case *c = analyze_folder(folder, NULL);
	assert_key(smsc_generation_exchange(only_generation(c)), "locked", "legacy");
	smsc_case_unref(c);
	drop_folder(folder);
}

/* A key that the caller gave is not known to be right: then nothing is called damaged. */
Test(unlock, a_wrong_master_key_is_not_damage)
{
	char *folder = machine_folder(), secret[128];
	const char *guid = strrchr(master_path(), '/') + 1;
	smsc_error *err = NULL;
	unlink(below(folder, CONFIG "SYSTEM"));
	snprintf(secret, sizeof secret, "master-key=%s:%s", guid, "00112233445566778899aabbccddeeff00112233");
	smsc_case *c = smsc_case_new(NULL, &err);
	smsc_case_add(c, folder, NULL, &err);
	cr_assert_eq(smsc_case_unlock(c, secret, &err), 0);
	cr_assert_eq(smsc_case_analyze(c, NULL, NULL, &err), 0);
	assert_key(smsc_generation_exchange(only_generation(c)), "locked", "that was given does not open it");
	smsc_case_unref(c);
	/* Where the evidence can tell, it is believed. */
	take_file(folder, HEALTHY, CONFIG "SYSTEM");
	c = smsc_case_new(NULL, &err);
	smsc_case_add(c, folder, NULL, &err);
	smsc_case_unlock(c, secret, &err);
	cr_assert_eq(smsc_case_analyze(c, NULL, NULL, &err), 0);
	assert_key(smsc_generation_exchange(only_generation(c)), "private-verified", "");
	smsc_case_unref(c);
	drop_folder(folder);
}

/* ---- limits ------------------------------------------------------------------------------ */

enum { ROUNDS_AT = 128 + 20, DATA_AT = 128 + 32 };

static void put_rounds(smsc_span file, uint32_t rounds)
{
	uint8_t *p = (uint8_t *)(uintptr_t)file.data + ROUNDS_AT;
	for (int i = 0; i < 4; i++)
		p[i] = (uint8_t)(rounds >> 8 * i);
}

Test(unlock, rounds_past_the_limit)
{
	char *folder = machine_folder();
	smsc_options o = SMSC_OPTIONS_INIT;
	o.max_rounds = 1000;
	smsc_case *c = analyze_folder(folder, &o);
	assert_key(smsc_generation_exchange(only_generation(c)), "locked", "rounds are past max_rounds (1000)");
	smsc_case_unref(c);
	smsc_span s = corpus_file(HEALTHY, master_path());
	put_rounds(s, 9999999);
	write_file(folder, master_path(), s);
	c = analyze_folder(folder, NULL);
	assert_key(smsc_generation_exchange(only_generation(c)), "locked", "9999999 rounds are past max_rounds (1000000)");
	smsc_case_unref(c);
	sample_free(s);
	drop_folder(folder);
}

/* 40 copies that all differ and all do not open: 40 * 4 * 4000 rounds and more.  The dear
 * ones come last, so that they cannot keep the honest one from being tried. */
Test(unlock, work_in_all_is_limited)
{
	char *folder = machine_folder(), rel[256];
	smsc_options o = SMSC_OPTIONS_INIT;
	smsc_span s = corpus_file(HEALTHY, master_path());
	o.max_rounds = 4001;
	put_rounds(s, 4001);
	for (int i = 0; i < 40; i++) {
		((uint8_t *)(uintptr_t)s.data)[DATA_AT] ^= (uint8_t)(i + 1);
		snprintf(rel, sizeof rel, "a/%02d/%s", i, strrchr(master_path(), '/') + 1);
		write_file(folder, rel, s);
	}
	smsc_case *c = analyze_folder(folder, &o);
	assert_key(smsc_generation_exchange(only_generation(c)), "private-verified", "");
	smsc_case_unref(c);
	unlink(below(folder, master_path()));
	c = analyze_folder(folder, &o);
	assert_key(smsc_generation_exchange(only_generation(c)), "locked", "more than 64 times max_rounds");
	smsc_case_unref(c);
	sample_free(s);
	drop_folder(folder);
}

static int stop_unlocking(void *user, const char *stage, uint64_t done, uint64_t total)
{
	(void)user, (void)done, (void)total;
	return !strcmp(stage, "unlocking");
}

Test(unlock, can_be_cancelled)
{
	char *folder = machine_folder();
	smsc_error *err = NULL;
	smsc_options o = SMSC_OPTIONS_INIT;
	o.allow = SMSC_ALLOW_EXPORT;
	smsc_span s = corpus_file(HEALTHY, master_path());
	put_rounds(s, 300000);
	write_file(folder, master_path(), s);
	smsc_case *c = smsc_case_new(&o, &err);
	smsc_case_add(c, folder, NULL, &err);
	cr_assert_eq(smsc_case_analyze(c, stop_unlocking, NULL, &err), -1);
	cr_assert_eq(smsc_error_code(err), SMSC_ECANCELLED);
	cr_assert_eq(smsc_case_generation_count(c), 0);
	smsc_error_free(err);
	smsc_case_unref(c);
	sample_free(s);
	drop_folder(folder);
}

/* ---- export ------------------------------------------------------------------------------- */

static int gather(void *user, const void *data, size_t size)
{
	smsc_buf_add(user, data, size);
	return 0;
}

static int refuse(void *user, const void *data, size_t size)
{
	(void)user, (void)data, (void)size;
	return 1;
}

static void refused(const smsc_generation *g, const char *key, const char *format, const char *passphrase,
                    smsc_code code, const char *because)
{
	smsc_error *err = NULL;
	smsc_buf out = SMSC_BUF_INIT;
	cr_assert_eq(smsc_generation_export(g, key, format, passphrase, gather, &out, &err), -1);
	cr_assert_eq(smsc_error_code(err), code, "%s", smsc_error_message(err));
	cr_assert_not_null(strstr(smsc_error_message(err), because), "%s", smsc_error_message(err));
	cr_assert_eq(out.size, 0);
	smsc_error_free(err);
}

Test(export, only_what_was_allowed_and_is_proved)
{
	char *folder = machine_folder();
	smsc_options o = SMSC_OPTIONS_INIT;
	smsc_case *c = analyze_folder(folder, &o);
	refused(only_generation(c), "exchange", "pem", "x", SMSC_EARG, "not allowed before the analysis");
	smsc_case_unref(c);
	o.allow = SMSC_ALLOW_EXPORT;
	unlink(below(folder, CONFIG "SYSTEM"));
	c = analyze_folder(folder, &o);
	refused(only_generation(c), "exchange", "pem", "x", SMSC_ECRYPTO, "no SYSTEM hive gives a boot key");
	smsc_case_unref(c);
	drop_folder(folder);
}

Test(export, wrong_use)
{
	char *folder = machine_folder();
	smsc_options o = SMSC_OPTIONS_INIT;
	smsc_error *err = NULL;
	o.allow = SMSC_ALLOW_EXPORT;
	smsc_case *c = analyze_folder(folder, &o);
	const smsc_generation *g = only_generation(c);
	refused(g, "both", "pem", "x", SMSC_EARG, "signature and exchange");
	refused(g, NULL, "pem", "x", SMSC_EARG, "signature and exchange");
	refused(g, "exchange", "der", "x", SMSC_EARG, "pem, pvk, blob");
	refused(g, "exchange", NULL, "x", SMSC_EARG, "pem, pvk, blob");
	refused(g, "exchange", "pfx", "x", SMSC_EARG, "certificate");
	refused(g, "exchange", "pem", NULL, SMSC_EARG, "passphrase");
	refused(g, "exchange", "blob", "x", SMSC_EARG, "cannot be encrypted");
	cr_assert_eq(smsc_generation_export(g, "exchange", "pem", "", refuse, NULL, &err), -1);
	cr_assert_eq(smsc_error_code(err), SMSC_ECANCELLED);
	smsc_error_free(err);
	o.allow = ~(SMSC_ALLOW_EXPORT | SMSC_ALLOW_RECOVERY);
	err = NULL;
	cr_assert_null(smsc_case_new(&o, &err));
	cr_assert_eq(smsc_error_code(err), SMSC_EARG);
	smsc_error_free(err);
	smsc_case_unref(c);
	drop_folder(folder);
}

/* A generation outlives its case, and its keys with it. */
Test(export, lives_as_long_as_the_generation)
{
	char *folder = machine_folder();
	smsc_options o = SMSC_OPTIONS_INIT;
	smsc_buf out = SMSC_BUF_INIT;
	o.allow = SMSC_ALLOW_EXPORT;
	smsc_case *c = analyze_folder(folder, &o);
	smsc_generation *g = smsc_generation_ref(only_generation(c));
	smsc_case_unref(c);
	cr_assert_eq(smsc_generation_export(g, "signature", "pem", "", gather, &out, NULL), 0);
	cr_assert(out.size > 100 && !memcmp(out.data, "-----BEGIN PRIVATE KEY-----", 27));
	smsc_generation_unref(g);
	smsc_buf_free(&out);
	drop_folder(folder);
}

/* ---- one bit ------------------------------------------------------------------------------- */

typedef struct outcome {
	unsigned tried, same, reported, silent;
} outcome;

static bool any_finding(const smsc_case *c)
{
	for (size_t i = 0; i < smsc_case_finding_count(c); i++)
		if (smsc_finding_severity(smsc_case_finding_at(c, i)) > 0)
			return true;
	return false;
}

/* What is verified is the key that it was before, to the last byte; what is not has a reason. */
static void look(const char *folder, const smsc_buf right[2], outcome *o, const char *where, size_t at)
{
	static const char *const uses[2] = { "signature", "exchange" };
	smsc_options options = SMSC_OPTIONS_INIT;
	options.allow = SMSC_ALLOW_EXPORT;
	smsc_case *c = analyze_folder(folder, &options);
	const smsc_generation *g = smsc_case_generation_at(c, 0);
	unsigned same = 0;
	o->tried++;
	for (int i = 0; g && i < 2; i++) {
		const smsc_key *k = i ? smsc_generation_exchange(g) : smsc_generation_signature(g);
		if (!k)
			continue;
		if (strcmp(smsc_key_proof(k), "private-verified")) {
			cr_assert(*smsc_key_reason(k) || any_finding(c), "%s, bit of byte %zu: %s without a reason", where, at,
			          smsc_key_proof(k));
			continue;
		}
		smsc_buf out = SMSC_BUF_INIT;
		cr_assert_eq(smsc_generation_export(g, uses[i], "blob", "", gather, &out, NULL), 0);
		cr_assert(out.size == right[i].size && !memcmp(out.data, right[i].data, out.size),
		          "%s, bit of byte %zu: a wrong key is verified", where, at);
		smsc_buf_free(&out);
		same++;
	}
	bool reported = any_finding(c) || (g && same < 2) ||
	                (g && (strstr(smsc_key_reason(smsc_generation_signature(g)), "flag") ||
	                       strstr(smsc_key_reason(smsc_generation_exchange(g)), "flag")));
	o->same += same == 2;
	o->reported += reported;
	o->silent += same < 2 && !reported;
	smsc_case_unref(c);
}

static void flip(const char *rel, size_t from, size_t to, size_t steps)
{
	char *folder = machine_folder();
	smsc_options options = SMSC_OPTIONS_INIT;
	smsc_buf right[2] = { SMSC_BUF_INIT, SMSC_BUF_INIT };
	outcome o = { 0 };
	options.allow = SMSC_ALLOW_EXPORT;
	smsc_case *c = analyze_folder(folder, &options);
	smsc_generation_export(only_generation(c), "signature", "blob", "", gather, &right[0], NULL);
	smsc_generation_export(only_generation(c), "exchange", "blob", "", gather, &right[1], NULL);
	cr_assert(right[0].size && right[1].size);
	smsc_case_unref(c);
	smsc_span s = corpus_file(HEALTHY, rel);
	uint8_t *p = (uint8_t *)(uintptr_t)s.data;
	if (to > s.size)
		to = s.size;
	size_t step = (to - from) / steps ? (to - from) / steps : 1;
	for (size_t at = from, n = 0; at < to; at += step, n++) {
		p[at] ^= (uint8_t)(1u << (n % 8));
		write_file(folder, rel, s);
		look(folder, right, &o, rel, at);
		p[at] ^= (uint8_t)(1u << (n % 8));
	}
	fprintf(stderr, "# %s: %u bits, %u leave both keys, %u reported, %u lost without a word\n", rel, o.tried,
	        o.same, o.reported, o.silent);
	cr_assert_eq(o.silent, 0);
	smsc_buf_free(&right[0]);
	smsc_buf_free(&right[1]);
	sample_free(s);
	drop_folder(folder);
}

static void flip_value(const char *key)
{
	smsc_span s = corpus_file(HEALTHY, CONFIG "SECURITY");
	smsc_record *r = smsc_decode_path("SECURITY", s.data, s.size, key, NULL, NULL);
	const smsc_field *data = smsc_record_get(r, "values.value.data");
	cr_assert(data && data->bytes > 40, "%s", key);
	size_t at = data->at, bytes = data->bytes;
	smsc_record_unref(r);
	sample_free(s);
	flip(CONFIG "SECURITY", at, at + bytes, sample_damages((unsigned)bytes));
}

Test(flips, values_of_security)
{
	flip_value("Policy\\PolSecretEncryptionKey");
	flip_value("Policy\\Secrets\\DPAPI_SYSTEM\\CurrVal");
}

Test(flips, container) { flip(SMS_KEY, 0, SIZE_MAX, sample_damages(400)); }
Test(flips, master_key) { flip(master_path(), 0, SIZE_MAX, sample_damages(300)); }
Test(flips, security) { flip(CONFIG "SECURITY", 4096, SIZE_MAX, sample_damages(300)); }
Test(flips, system) { flip(CONFIG "SYSTEM", 4096, SIZE_MAX, sample_damages(200)); }

/* ---- CNG ------------------------------------------------------------------------------------ */

/* The record of the only CNG key in a folder, or NULL. */
static const smsc_record *cng_record(const smsc_case *c)
{
	for (size_t i = 0; i < smsc_case_record_count(c); i++)
		if (!strcmp(smsc_record_format(smsc_case_record_at(c, i)), "cng-key"))
			return smsc_case_record_at(c, i);
	return NULL;
}

static smsc_case *analyze_with(const char *folder, const char *secret)
{
	smsc_error *err = NULL;
	smsc_case *c = smsc_case_new(NULL, &err);
	smsc_case_add(c, folder, NULL, &err);
	smsc_case_unlock(c, secret, &err);
	smsc_case_analyze(c, NULL, NULL, &err);
	cr_assert_null(err, "%s", smsc_error_message(err));
	return c;
}

static void assert_text(const smsc_record *r, const char *name, const char *text)
{
	const smsc_field *f = r ? smsc_record_get(r, name) : NULL;
	cr_assert(f && f->type == SMSC_TEXT && !f->bytes, "%s", name);
	cr_assert_not_null(strstr(f->as.text, text), "%s: %s", name, f->as.text);
}

/* "master-key=GUID:KEY" of the samples. */
static const char *sample_secret(void)
{
	static char secret[256];
	smsc_span json = sample_load(sample_path("SMSC_CORPUS", "SAMPLES.json"));
	const char *p = memmem(json.data, json.size, "\"master_key\"", 12), *guid = strstr(p, "\"guid\": \"") + 9;
	const char *key = strstr(p, "\"key\": \"") + 8;
	snprintf(secret, sizeof secret, "master-key=%.36s:%.*s", guid, (int)strcspn(key, "\""), key);
	sample_free(json);
	return secret;
}

Test(cng, rsa_and_symmetric)
{
	static const struct { const char *name, *algorithm; } keys[] = { { "rsa-2048", "RSA" }, { "aes", "symmetric" } };
	for (int i = 0; i < 2; i++) {
		char *folder = new_folder();
		smsc_span s = corpus_file("cng-key", keys[i].name);
		write_file(folder, keys[i].name, s);
		smsc_case *c = analyze_with(folder, sample_secret());
		assert_text(cng_record(c), "proof", "private-verified");
		assert_text(cng_record(c), "algorithm", keys[i].algorithm);
		cr_assert_null(find_rule(c, "K018"));
		smsc_case_unref(c);
		/* One bit of the protected key. */
		smsc_record *r = smsc_decode(keys[i].name, s.data, s.size, NULL, NULL);
		const smsc_field *data = smsc_record_get(r, "private_key.data");
		cr_assert_not_null(data);
		((uint8_t *)(uintptr_t)s.data)[data->at + 5] ^= 1;
		smsc_record_unref(r);
		write_file(folder, keys[i].name, s);
		c = analyze_with(folder, sample_secret());
		assert_text(cng_record(c), "proof", "locked");
		assert_text(cng_record(c), "reason", "the signature is wrong");
		cr_assert_not_null(find_rule(c, "K005"));
		smsc_case_unref(c);
		sample_free(s);
		drop_folder(folder);
	}
}

/* [shared capi/README.txt, nemesis]: KDBM, 32 bytes. */
Test(cng, of_a_real_machine)
{
	const char *folder = sample_path("SMSC_SHARED", "capi/nemesis/v137after");
	if (!folder || access(folder, R_OK))
		cr_skip_test("the shared evidence is not there");
	smsc_case *c = analyze_with(folder, "dpapi-system=dcfd03644f501805c189e15e9367b01415dea75a"
	                            "4e25d96d26879ded571f5d48a6887455d28f66f5");
	assert_text(cng_record(c), "proof", "private-verified");
	assert_text(cng_record(c), "algorithm", "symmetric");
	cr_assert_eq(smsc_record_get(cng_record(c), "bits")->as.number, 256);
	smsc_case_unref(c);
}

/* ---- DSS -------------------------------------------------------------------------------------- */

Test(unlock, dss)
{
	char *folder = new_folder();
	smsc_span s = corpus_file("capi-container", "dss");
	write_file(folder, "dss", s);
	smsc_case *c = analyze_with(folder, sample_secret());
	assert_key(smsc_generation_signature(only_generation(c)), "private-verified", "g^x");
	smsc_case_unref(c);
	sample_free(s);
	drop_folder(folder);
}

/* ---- rules ------------------------------------------------------------------------------------ */

static void sample_rule(const char *name, const char *rule, const char *proof)
{
	char *folder = new_folder();
	smsc_span s = corpus_file("capi-container", name);
	write_file(folder, name, s);
	smsc_case *c = analyze_with(folder, sample_secret());
	const smsc_key *k = smsc_generation_signature(smsc_case_generation_at(c, 0));
	cr_assert_str_eq(smsc_key_proof(k), proof, "%s: %s", name, smsc_key_reason(k));
	for (int i = 0; i < 3; i++) {
		static const char *const all[] = { "K004", "K005", "K018" };
		cr_assert_eq(find_rule(c, all[i]) != NULL, rule && !strcmp(rule, all[i]), "%s: %s", name, all[i]);
	}
	smsc_case_unref(c);
	sample_free(s);
	drop_folder(folder);
}

Test(rules, private_keys)
{
	sample_rule("two-pairs", NULL, "private-verified");
	sample_rule("bad-mismatch", "K004", "private-mismatch");
	sample_rule("locked", "K005", "locked");
}

/* The master key was proved by its tag, so a wrong signature is damage of the container. */
Test(rules, damaged_private_key)
{
	char *folder = machine_folder();
	smsc_span s = corpus_file(HEALTHY, SMS_KEY);
	smsc_record *r = smsc_decode(SMS_KEY, s.data, s.size, NULL, NULL);
	((uint8_t *)(uintptr_t)s.data)[smsc_record_get(r, "exchange.private.data")->at + 9] ^= 4;
	smsc_record_unref(r);
	write_file(folder, SMS_KEY, s);
	smsc_case *c = analyze_folder(folder, NULL);
	assert_key(smsc_generation_exchange(only_generation(c)), "private-damaged", "the signature is wrong");
	assert_key(smsc_generation_signature(only_generation(c)), "private-verified", "");
	cr_assert_not_null(find_rule(c, "K018"));
	cr_assert_null(find_rule(c, "K004"));
	smsc_case_unref(c);
	sample_free(s);
	drop_folder(folder);
}
