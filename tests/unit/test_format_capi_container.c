/* test_format_capi_container.c - key containers: real, synthetic, and made here from
 * [capi-dpapi 2] to be damaged one byte at a time. */
#include "format_test.h"

/* ---- evidence with known answers ---------------------------------------------------- */

static smsc_record *container(smsc_span s)
{
	return decode(&smsc_capi_container, "file", s);
}

struct real {
	const char *rel, *name, *description, *master_key, *cipher;
	unsigned size, private, flag;
};

Test(container, real_ones_are_read_to_the_last_byte)
{
	static const struct real real[] = {
		{ "capi/mimikatz-wiki-efs/79e1ac78150e8bea8ad238e14d63145b_4f8e7ec6-a506-4d31-9d5a-1e4cbed4997b",
		  "ffb75517-bc6c-4a40-8f8b-e2c555e30e34", "Cl\xc3\xa9 priv\xc3\xa9" "e CryptoAPI",
		  "1eccdbd2-4771-4360-8b19-9d6060a061dc", "AES-256", 2247, 1614, 252 },
		{ "capi/dsinternals/701577141985b6923998dcca035c007a_f8b7bbef-d227-4ac7-badd-3a238a7f741e",
		  "472576b9-14d6-44c3-bfaf-bccd074d4695", "CryptoAPI Private Key",
		  "47070660-c259-4d90-8bc9-187605323450", "3DES", 2081, 1532, 168 },
	};
	for (size_t i = 0; i < sizeof real / sizeof *real; i++) {
		smsc_span s = sample_shared(real[i].rel);
		if (!s.data)
			continue;
		cr_assert_eq(s.size, real[i].size);
		smsc_record *r = container(s);
		assert_explained(r, s.size, real[i].rel);
		cr_assert_str_eq(text(r, "name"), real[i].name);
		cr_assert_null(smsc_record_get(r, "signature"));
		cr_assert_eq(number(r, "exchange.public.bits"), 2048);
		cr_assert_eq(number(r, "exchange.public.exponent"), 65537);
		cr_assert_eq(extent(r, "exchange.public"), 284);
		cr_assert_eq(extent(r, "exchange.private"), real[i].private);
		cr_assert_eq(extent(r, "exchange.export_flag"), real[i].flag);
		cr_assert_str_eq(text(r, "exchange.private.description"), real[i].description);
		cr_assert_str_eq(text(r, "exchange.export_flag.description"), "Export Flag");
		cr_assert_str_eq(text(r, "exchange.private.master_key"), real[i].master_key);
		cr_assert_str_eq(note(r, "exchange.private.cipher"), real[i].cipher);
		cr_assert_eq(smsc_record_finding_count(r), 1);
		cr_assert_str_eq(smsc_finding_rule(smsc_record_finding_at(r, 0)), "D009");
		cr_assert_eq(smsc_finding_offset(smsc_record_finding_at(r, 0)), 12);
		smsc_record_unref(r);
		sample_free(s);
	}
}

/* The certificate that belongs to the container holds the same modulus, big-endian. */
Test(container, a_modulus_is_that_of_the_certificate)
{
	smsc_span s = sample_shared("capi/mimikatz-wiki-efs/"
		"79e1ac78150e8bea8ad238e14d63145b_4f8e7ec6-a506-4d31-9d5a-1e4cbed4997b");
	smsc_span cert = sample_shared("capi/mimikatz-wiki-efs/cert.der");
	if (!s.data || !cert.data)
		cr_skip_test("no shared evidence");
	smsc_record *r = container(s);
	smsc_span n = smsc_record_get(r, "exchange.public.modulus")->as.span;
	uint8_t big[256];
	cr_assert_eq(n.size, sizeof big);
	for (size_t i = 0; i < n.size; i++)
		big[i] = ((const uint8_t *)n.data)[n.size - 1 - i];
	cr_assert_not_null(memmem(cert.data, cert.size, big, sizeof big));
	smsc_record_unref(r);
	sample_free(s);
	sample_free(cert);
}

static void assert_modulus(const smsc_record *r, const char *set, const char *pair, const char *blob)
{
	char rel[256], field[64];
	snprintf(rel, sizeof rel, "capi/generated/%s/expected/%s.publickeyblob", set, blob);
	snprintf(field, sizeof field, "%s.public.modulus", pair);
	smsc_span expected = sample_shared(rel), n = smsc_record_get(r, field)->as.span;
	cr_assert_eq(expected.size, 20 + n.size, "%s", rel);
	cr_assert(!memcmp((const char *)expected.data + 20, n.data, n.size), "%s", rel);
	sample_free(expected);
}

static const char *cipher_of(const char *style)
{
	return !strcmp(style, "rc4") ? "RC4" : !strcmp(style, "aes") ? "AES-256" : "3DES";
}

static void assert_pair(const smsc_record *r, const char *json, const char *pair)
{
	char field[64];
	snprintf(field, sizeof field, "%s.public.bits", pair);
	cr_assert_eq(number(r, field), known_number(json, "bits"));
	cr_assert_eq(extent(r, pair), (uint64_t)known_number(json, "pair_size"));
	snprintf(field, sizeof field, "%s.private.master_key", pair);
	const char *machine_mk = strstr(json, "\"machine_mk\"");
	cr_assert_str_eq(text(r, field), known_text(machine_mk, "guid"));
	snprintf(field, sizeof field, "%s.private.cipher", pair);
	cr_assert_str_eq(smsc_record_get(r, field)->note, cipher_of(known_text(json, "style")));
}

static smsc_span load_set(const char *set, const char *folder, const char *json)
{
	char rel[512];
	snprintf(rel, sizeof rel, "capi/generated/%s/%s/%s", set, folder, known_text(json, "file"));
	return sample_shared(rel);
}

static void assert_set(const char *set, const char *json)
{
	smsc_span s = load_set(set, "Crypto/RSA/MachineKeys", json);
	smsc_record *r = container(s);
	assert_whole(r, s.size, set);
	cr_assert_eq(s.size, (size_t)known_number(json, "size"));
	cr_assert_str_eq(text(r, "name"), known_text(json, "container"));
	assert_pair(r, json, "signature");
	assert_pair(r, json, "exchange");
	assert_modulus(r, set, "signature", "sig");
	assert_modulus(r, set, "exchange", "xch");
	smsc_record_unref(r);
	sample_free(s);
}

Test(container, all_synthetic_ones_are_read_to_the_last_byte)
{
	each_set(assert_set);
}

static void assert_twin(const char *set, const char *json)
{
	smsc_span s = load_set(set, "damaged-one-pair", json);
	smsc_record *r = container(s);
	assert_explained(r, s.size, set);
	cr_assert_eq(s.size, (size_t)known_number(json, "size_one_pair_missing"));
	cr_assert_null(smsc_record_get(r, "signature"));
	cr_assert_eq(smsc_record_finding_count(r), 1);
	cr_assert_str_eq(smsc_finding_rule(smsc_record_finding_at(r, 0)), "D009");
	assert_pair(r, json, "exchange");
	assert_modulus(r, set, "exchange", "xch");
	smsc_record_unref(r);
	sample_free(s);
}

Test(container, twins_lack_one_pair_and_nothing_else)
{
	each_set(assert_twin);
}

static void assert_corpus_key(const smsc_record *r, const char *answers, const char *pair)
{
	char name[32];
	const char *key = known_at(answers, pair);
	snprintf(name, sizeof name, "%s.public.bits", pair);
	if (key && *key == '{')
		cr_assert_eq(number(r, name), known_number(key, "bits"), "%s", smsc_record_path(r));
	else if (key)
		cr_assert_null(smsc_record_get(r, pair), "%s", smsc_record_path(r));
}

/* The answers of one sample alone; free it. */
static char *answers_of(const char *json, const char *path)
{
	char name[128];
	snprintf(name, sizeof name, "capi-container/%s", strrchr(path, '/') + 1);
	const char *from = known_at(json, name), *to = from ? strstr(from, "\n  }") : NULL;
	return to ? strndup(from, (size_t)(to - from)) : NULL;
}

/* SAMPLES.json tells the name and the keys of samples that are not damaged. */
static void assert_corpus_sample(const char *path, void *user)
{
	char *answers = answers_of(user, path);
	smsc_span s = sample_load(path);
	if (answers) {
		const char *name = known_text(answers, "container");
		smsc_record *r = decode(&smsc_capi_container, path, s);
		if (*name)
			cr_assert_str_eq(text(r, "name"), name);
		assert_corpus_key(r, answers, "signature");
		assert_corpus_key(r, answers, "exchange");
		smsc_record_unref(r);
	}
	free(answers);
	sample_free(s);
}

Test(container, samples_of_the_corpus_have_the_keys_they_were_given)
{
	const char *path = sample_path("SMSC_CORPUS", "SAMPLES.json");
	smsc_span answers = path ? sample_load(path) : (smsc_span){ NULL, 0 };
	if (!answers.data)
		cr_skip_test("no corpus");
	char *json = calloc(1, answers.size + 1), *folder;
	memcpy(json, answers.data, answers.size);
	folder = strdup(sample_path("SMSC_CORPUS", "capi-container"));
	sample_walk(folder, assert_corpus_sample, json);
	free(folder);
	free(json);
	sample_free(answers);
}

/* ---- containers made here -------------------------------------------------------------- */

/* [capi-dpapi 4] with 3DES and SHA-1: 136 bytes and the parts. */
static size_t put_blob(struct made *m, const char *utf16, size_t description, size_t data)
{
	static const uint8_t provider[16] = { 0xd0, 0x8c, 0x9d, 0xdf, 0x01, 0x15, 0xd1, 0x11,
	                                      0x8c, 0x7a, 0x00, 0xc0, 0x4f, 0xc2, 0x97, 0xeb };
	size_t start = m->size;
	put32(m, 1);
	put(m, provider, 16);
	put32(m, 1);
	fill(m, 0x4d, 16);                            /* master key */
	put32(m, 4);
	put32(m, (uint32_t)description);
	put(m, utf16, description);
	put32(m, 0x6603);
	put32(m, 168);
	put32(m, 16);
	fill(m, 0x5a, 16);                            /* salt */
	put32(m, 0);
	put32(m, 0x8004);
	put32(m, 160);
	put32(m, 16);
	fill(m, 0x4e, 16);                            /* nonce */
	put32(m, (uint32_t)data);
	fill(m, 0xc1, data);
	put32(m, 20);
	fill(m, 0x51, 20);
	return m->size - start;
}

/* [capi-dpapi 2.4] with 512 bits: 92 bytes. */
static size_t put_rsa(struct made *m, uint8_t byte)
{
	size_t start = m->size;
	put(m, "RSA1", 4);
	put32(m, 0x48);
	put32(m, 0x200);
	put32(m, 0x3f);
	put32(m, 65537);
	fill(m, byte, 64);
	fill(m, 0, 8);
	return m->size - start;
}

enum { VERSION = 0, NAME = 8, SIG_PUBLIC = 12, SIG_PRIVATE = 16, XCH_PUBLIC = 20,
       XCH_PRIVATE = 24, HASH = 28, SIG_FLAG = 32, XCH_FLAG = 36, BODY = 40 };

/* A container "SMS" of two 512-bit pairs of 92 + 528 + 168 bytes. */
static void make(struct made *m)
{
	m->size = BODY;
	memset(m->data, 0, BODY);
	set32(m, VERSION, 2);
	set32(m, NAME, 4);
	set32(m, HASH, 20);
	put(m, "SMS", 4);
	fill(m, 0, 20);
	set32(m, SIG_PUBLIC, (uint32_t)put_rsa(m, 0xa1));
	set32(m, SIG_PRIVATE, (uint32_t)put_blob(m, "\0", 2, 384));
	set32(m, SIG_FLAG, (uint32_t)put_blob(m, "E\0x\0p\0o\0r\0t\0 \0F\0l\0a\0g\0\0", 24, 8));
	set32(m, XCH_PUBLIC, (uint32_t)put_rsa(m, 0xb3));
	set32(m, XCH_PRIVATE, (uint32_t)put_blob(m, "\0", 2, 384));
	set32(m, XCH_FLAG, (uint32_t)put_blob(m, "E\0x\0p\0o\0r\0t\0 \0F\0l\0a\0g\0\0", 24, 8));
}

static void assert_both_keys(const smsc_record *r, const char *why)
{
	static const char *const pair[] = { "signature", "exchange" };
	static const uint8_t byte[] = { 0xa1, 0xb3 };
	char field[64];
	for (int i = 0; i < 2; i++) {
		snprintf(field, sizeof field, "%s.public.modulus", pair[i]);
		const smsc_field *n = smsc_record_get(r, field);
		cr_assert(n && n->as.span.size == 64, "%s: %s", why, field);
		for (size_t k = 0; k < 64; k++)
			cr_assert_eq(((const uint8_t *)n->as.span.data)[k], byte[i], "%s: %s", why, field);
		snprintf(field, sizeof field, "%s.private.sign", pair[i]);
		cr_assert_not_null(smsc_record_get(r, field), "%s: %s", why, field);
		snprintf(field, sizeof field, "%s.export_flag.sign", pair[i]);
		cr_assert_not_null(smsc_record_get(r, field), "%s: %s", why, field);
	}
}

Test(container, a_whole_one_has_no_finding)
{
	struct made m;
	make(&m);
	cr_assert_eq(m.size, 40 + 4 + 20 + 2 * (92 + (136 + 2 + 384) + 168));
	smsc_record *r = container(span(&m));
	assert_explained(r, m.size, "made");
	assert_both_keys(r, "made");
	cr_assert_eq(smsc_record_finding_count(r), 0);
	cr_assert_str_eq(text(r, "name"), "SMS");
	cr_assert_str_eq(smsc_record_get(r, "signature.private.description")->note, "empty");
	smsc_record_unref(r);
}

/* One wrong size costs nothing: each part knows its own. */
Test(container, one_wrong_size_is_named_and_costs_no_key)
{
	static const size_t fields[] = { NAME, SIG_PUBLIC, SIG_PRIVATE, SIG_FLAG,
	                                 XCH_PUBLIC, XCH_PRIVATE, XCH_FLAG, HASH };
	static const uint32_t wrong[] = { 1, 3, 100, 0x10000, 0x7fffffff, 0xffffffff };
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
		for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
			struct made m;
			char why[64];
			make(&m);
			set32(&m, fields[i], wrong[k]);
			snprintf(why, sizeof why, "size at %zu is %u", fields[i], wrong[k]);
			smsc_record *r = container(span(&m));
			assert_explained(r, m.size, why);
			assert_both_keys(r, why);
			cr_assert(has_finding(r, "D003", fields[i]), "%s", why);
			cr_assert_eq(smsc_format_probe(span(&m), m.size, ""), &smsc_capi_container, "%s", why);
			smsc_record_unref(r);
		}
}

Test(container, sizes_beyond_the_file_are_cut_and_told)
{
	struct made m;
	make(&m);
	m.size -= 100;
	smsc_record *r = container(span(&m));
	cr_assert_null(cover(r, m.size, NULL));
	cr_assert(has_finding(r, "D001", m.size));
	cr_assert_not_null(smsc_record_get(r, "exchange.private.sign"));
	cr_assert_not_null(smsc_record_get(r, "exchange.export_flag.master_key"));
	cr_assert_null(smsc_record_get(r, "exchange.export_flag.sign"));
	smsc_record_unref(r);
}

Test(container, trailing_bytes_are_kept)
{
	struct made m;
	make(&m);
	size_t end = m.size;
	fill(&m, 0x77, 5);
	smsc_record *r = container(span(&m));
	uint64_t unexplained;
	cr_assert_null(cover(r, m.size, &unexplained));
	cr_assert_eq(unexplained, 5);
	cr_assert(has_finding(r, "D002", end));
	assert_both_keys(r, "trailing");
	smsc_record_unref(r);
}

Test(container, an_unknown_version_is_read_all_the_same)
{
	struct made m;
	make(&m);
	set32(&m, VERSION, 3);
	smsc_record *r = container(span(&m));
	assert_explained(r, m.size, "version 3");
	assert_both_keys(r, "version 3");
	cr_assert(has_finding(r, "D004", 0));
	cr_assert_eq(smsc_format_probe(span(&m), m.size, ""), &smsc_capi_container);
	smsc_record_unref(r);
}

/* Takes `n` bytes at `at` out, and sets the size field that told of them to 0. */
static void take_out(struct made *m, size_t at, size_t n, size_t field)
{
	memmove(m->data + at, m->data + at + n, m->size - at - n);
	m->size -= n;
	set32(m, field, 0);
}

Test(container, half_a_pair_is_damage_and_no_pair_a_note)
{
	struct made m;
	make(&m);
	take_out(&m, 64 + 92, 522, SIG_PRIVATE);
	smsc_record *r = container(span(&m));
	assert_explained(r, m.size, "half a pair");
	cr_assert(has_finding(r, "D003", SIG_PRIVATE));
	cr_assert_str_eq(smsc_record_get(r, "signature")->note, "no private key");
	cr_assert_not_null(smsc_record_get(r, "signature.public.modulus"));
	cr_assert_null(smsc_record_get(r, "signature.private"));
	smsc_record_unref(r);

	take_out(&m, 64, 92, SIG_PUBLIC);
	take_out(&m, 64, 168, SIG_FLAG);
	r = container(span(&m));
	assert_explained(r, m.size, "no pair");
	cr_assert_eq(smsc_record_finding_count(r), 1);
	cr_assert(has_finding(r, "D009", SIG_PUBLIC));
	cr_assert_null(smsc_record_get(r, "signature"));
	cr_assert_str_eq(smsc_record_get(r, "exchange")->note, "complete");
	smsc_record_unref(r);
}

Test(container, no_name_and_no_hash_are_odd)
{
	struct made m;
	make(&m);
	take_out(&m, 44, 20, HASH);
	take_out(&m, 40, 4, NAME);
	smsc_record *r = container(span(&m));
	assert_explained(r, m.size, "no name");
	assert_both_keys(r, "no name");
	cr_assert(has_finding(r, "D003", NAME));
	cr_assert(has_finding(r, "D004", HASH));
	smsc_record_unref(r);
}

Test(container, a_name_is_in_the_code_page)
{
	struct made m;
	make(&m);
	m.data[40] = 0xc4;
	smsc_record *r = smsc_format_decode(&smsc_capi_container, "", span(&m), 1251);
	cr_assert_str_eq(text(r, "name"), "\xd0\x94MS");
	smsc_record_unref(r);
	r = smsc_format_decode(&smsc_capi_container, "", span(&m), 850);
	cr_assert_str_eq(text(r, "name"), "\xe2\x94\x80MS");
	smsc_record_unref(r);
}

Test(container, a_private_key_in_the_clear_is_not_shown)
{
	struct made m;
	make(&m);
	m.data[64 + 3] = '2';
	smsc_record *r = container(span(&m));
	assert_explained(r, m.size, "RSA2");
	cr_assert_null(smsc_record_get(r, "signature.public.modulus"));
	cr_assert_eq(number(r, "signature.public.private_key"), 88);
	cr_assert(has_finding(r, "D004", 64));
	smsc_record_unref(r);
}

/* What was read before the cut is the same as in the whole file. */
static void assert_prefix(const smsc_record *whole, const smsc_record *cut, size_t size)
{
	const smsc_field *w, *c;
	for (size_t i = 0; (w = smsc_record_at(whole, i)) && w->at + w->bytes <= size && w->bytes; i++) {
		c = smsc_record_at(cut, i);
		cr_assert(c && !strcmp(w->name, c->name) && w->at == c->at && w->type == c->type,
		          "%s in %zu bytes", w->name, size);
		if (w->type == SMSC_RECORD)
			assert_prefix(w->as.record, c->as.record, size);
		else if (w->type == SMSC_INT)
			cr_assert_eq(w->as.number, c->as.number);
		else if (w->type == SMSC_TEXT)
			cr_assert_str_eq(w->as.text, c->as.text);
	}
}

Test(container, cut_at_each_byte)
{
	struct made m;
	make(&m);
	smsc_record *whole = container(span(&m));
	for (size_t size = 0; size < m.size; size++) {
		uint8_t *exact = malloc(size ? size : 1);
		memcpy(exact, m.data, size);
		smsc_record *cut = container((smsc_span){ exact, size });
		cr_assert_null(cover(cut, size, NULL), "%zu bytes", size);
		cr_assert_null(check_record(cut, size), "%zu bytes", size);
		cr_assert(has_finding(cut, "D001", size), "%zu bytes", size);
		assert_prefix(whole, cut, size);
		smsc_record_unref(cut);
		free(exact);
	}
	smsc_record_unref(whole);
}

Test(container, a_cut_one_is_known_by_its_file_name)
{
	static const char name[] = "MachineKeys\\19c5cf9c7b5dc9de3e548adb70398402_"
		"fb0a7a85-f5a7-467f-9063-bff05f4e15a6";
	struct made m;
	make(&m);
	for (size_t size = 4; size < m.size; size++) {
		smsc_span cut = { m.data, size };
		cr_assert_eq(smsc_format_probe(cut, size, name), &smsc_capi_container, "%zu bytes", size);
		const smsc_format *f = smsc_format_probe(cut, size, "x");
		cr_assert(!f || f == &smsc_capi_container, "%zu bytes", size);
		cr_assert(f || size < 200, "%zu bytes", size);
	}
}

/* [capi-dpapi 2.7], one source only: a DSS4 key blob that ends before X. */
static size_t put_dss(struct made *m)
{
	size_t start = m->size;
	put(m, "\x07\x03\0\0\0\x22\0\0" "DSS4", 12);
	put32(m, 512);
	put32(m, 160);
	put32(m, 0);
	put32(m, 0);
	put32(m, 0xffffffff);
	fill(m, 0x5e, 20);
	fill(m, 0xd1, 64);
	fill(m, 0xd2, 20);
	fill(m, 0xd3, 64);
	fill(m, 0xd4, 64);
	return m->size - start;
}

Test(container, dss_keys)
{
	struct made m;
	m.size = BODY;
	memset(m.data, 0, BODY);
	set32(&m, VERSION, 2);
	set32(&m, NAME, 4);
	set32(&m, HASH, 20);
	put(&m, "DSS", 4);
	fill(&m, 0, 20);
	set32(&m, SIG_PUBLIC, (uint32_t)put_dss(&m));
	set32(&m, SIG_PRIVATE, (uint32_t)put_blob(&m, "\0", 2, 24));
	set32(&m, SIG_FLAG, (uint32_t)put_blob(&m, "\0", 2, 8));
	smsc_record *r = container(span(&m));
	assert_explained(r, m.size, "DSS");
	cr_assert_eq(smsc_record_finding_count(r), 1);
	cr_assert(has_finding(r, "D009", XCH_PUBLIC));
	cr_assert_eq(number(r, "signature.public.bits"), 512);
	cr_assert_eq(extent(r, "signature.public.y"), 64);
	cr_assert_eq(*(const uint8_t *)smsc_record_get(r, "signature.public.y")->as.span.data, 0xd4);
	cr_assert_str_eq(smsc_record_get(r, "signature.public.counter")->note, "not known");
	smsc_record_unref(r);
}
