/* test_format_key_blob.c - key blobs and PVK files; above all, that no private key is shown. */
#include "format_test.h"

static size_t from_hex(const char *hex, uint8_t *out)
{
	size_t n = 0;
	for (; hex[0] && smsc_hex_digit(hex[0]) >= 0; hex += 2)
		out[n++] = (uint8_t)(smsc_hex_digit(hex[0]) << 4 | smsc_hex_digit(hex[1]));
	return n;
}

/* ---- what a record shows ------------------------------------------------------------- */

/* True when bytes or text of the record come from [from, to) of the stream. */
static bool shows(const smsc_record *r, uint64_t from, uint64_t to)
{
	const smsc_field *f;
	for (size_t i = 0; (f = smsc_record_at(r, i)); i++) {
		if (f->type == SMSC_RECORD && shows(f->as.record, from, to))
			return true;
		if ((f->type == SMSC_BYTES || f->type == SMSC_TEXT) && f->at < to && f->at + f->bytes > from)
			return true;
	}
	return false;
}

static void assert_cut_hidden(const smsc_format *f, const struct made *m, size_t from, size_t to)
{
	for (size_t size = from; size < m->size; size++) {
		smsc_record *r = decode(f, "file", (smsc_span){ m->data, size });
		cr_assert(!shows(r, from, to), "cut to %zu", size);
		smsc_record_unref(r);
	}
}

/* Any one bit wrong, and any cut: the bytes [from, to) stay hidden. */
static void assert_hidden(const smsc_format *f, struct made *m, size_t from, size_t to)
{
	for (size_t bit = 0; bit < 8 * m->size; bit++) {
		m->data[bit / 8] ^= (uint8_t)(1 << bit % 8);
		smsc_record *r = decode(f, "file", span(m));
		cr_assert(!shows(r, from, to), "bit %zu", bit);
		assert_sound(r, m->size, "a bit");
		smsc_record_unref(r);
		m->data[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	assert_cut_hidden(f, m, from, to);
}

/* ---- RSA ---------------------------------------------------------------------------- */

static smsc_span load_expected(const char *set, const char *name)
{
	char rel[128];
	snprintf(rel, sizeof rel, "capi/generated/%s/expected/%s", set, name);
	return sample_shared(rel);
}

static void assert_rsa_set(const char *set, const char *json)
{
	size_t bits = (size_t)known_number(json, "bits");
	smsc_span public = load_expected(set, "sig.publickeyblob");
	smsc_span private = load_expected(set, "sig.privatekeyblob");
	smsc_record *p = decode(&smsc_key_blob, "p", public), *r = decode(&smsc_key_blob, "r", private);
	assert_whole(p, public.size, set);
	assert_whole(r, private.size, set);
	cr_assert_eq(public.size, 20 + bits / 8);
	cr_assert_eq(private.size, 20 + bits / 8 * 9 / 2);
	cr_assert_eq(number(p, "bits"), (int64_t)bits);
	cr_assert_eq(number(p, "exponent"), 65537);
	cr_assert_eq(number(p, "algorithm"), 0x2400);
	cr_assert_eq(number(r, "type"), 7);
	cr_assert_eq(number(r, "private_exponent"), (int64_t)bits / 8, "the length, not the value");
	smsc_span n = raw(p, "modulus"), n2 = raw(r, "modulus");
	cr_assert(n.size == n2.size && !memcmp(n.data, n2.data, n.size));
	cr_assert(!shows(r, 20 + bits / 8, private.size));
	smsc_record_unref(p);
	smsc_record_unref(r);
	sample_free(public);
	sample_free(private);
}

Test(key_blob, rsa_pairs)
{
	each_set(assert_rsa_set);
}

enum { MAGIC = 8, BITS = 12, MODULUS = 20, SECRET = MODULUS + 64 };

/* [capi-dpapi 2.6] with 512 bits; every byte of the private half is 0xee. */
static void put_private(struct made *m)
{
	put(m, "\x07\x02\0\0\0\x24\0\0RSA2", 12);
	put32(m, 512);
	put32(m, 65537);
	fill(m, 0x81, 64);
	fill(m, 0xee, 64 / 2 * 7);
}

Test(key_blob, no_damage_shows_a_private_rsa_key)
{
	struct made m = { .size = 0 };
	put_private(&m);
	smsc_record *r = decode(&smsc_key_blob, "file", span(&m));
	assert_whole(r, m.size, "made");
	cr_assert_eq(raw(r, "modulus").size, 64);
	smsc_record_unref(r);
	assert_hidden(&smsc_key_blob, &m, SECRET, m.size);
}

Test(key_blob, two_wrong_lengths_show_none_either)
{
	struct made m = { .size = 0 };
	put_private(&m);
	m.data[0] = 6;
	struct wrong bits = { BITS, 1024, "D003", MODULUS };
	assert_told(&smsc_key_blob, &m, &bits, false);
	set32(&m, BITS, 1024);
	smsc_record *r = decode(&smsc_key_blob, "file", span(&m));
	cr_assert(!shows(r, SECRET, m.size));
	smsc_record_unref(r);
}

Test(key_blob, an_encrypted_or_unknown_key_is_not_shown)
{
	struct made m = { .size = 0 };
	put_private(&m);
	set32(&m, MAGIC, 0x78563412);
	smsc_record *r = decode(&smsc_key_blob, "file", span(&m));
	cr_assert(!shows(r, MAGIC + 4, m.size));
	cr_assert(has_finding(r, "D004", MAGIC));
	smsc_record_unref(r);
}

Test(key_blob, a_public_key_keeps_what_follows_it)
{
	struct made m = { .size = 0 };
	put_private(&m);
	memcpy(m.data, "\x06\x02\0\0\0\xa4\0\0RSA1", 12);
	m.size = SECRET + 3;
	smsc_record *r = decode(&smsc_key_blob, "file", span(&m));
	assert_sound(r, m.size, "longer");
	cr_assert_eq(extent(r, "unexplained"), 3);
	cr_assert(has_finding(r, "D002", SECRET));
	cr_assert_eq(raw(r, "modulus").size, 64);
	smsc_record_unref(r);
	m.size = 50;
	r = decode(&smsc_key_blob, "file", span(&m));
	cr_assert(has_finding(r, "D001", 50));
	cr_assert_eq(raw(r, "modulus").size, 30);
	smsc_record_unref(r);
}

/* ---- session keys ------------------------------------------------------------------------ */

/* [capi-dpapi 7]: the account field holds a SIMPLEBLOB after two lengths. */
static void assert_session_key(const char *set, const char *json)
{
	uint8_t bytes[512];
	char rel[128];
	(void)json;
	snprintf(rel, sizeof rel, "capi/generated/%s/expected/account.hex", set);
	char *hex = known_load(rel);
	from_hex(hex, bytes);
	free(hex);
	smsc_span s = { bytes + 8, bytes[0] | (size_t)bytes[1] << 8 };
	smsc_record *r = decode(&smsc_key_blob, rel, s);
	assert_whole(r, s.size, rel);
	cr_assert_str_eq(note(r, "wrapping"), "RSA key exchange");
	cr_assert_eq(raw(r, "encrypted_key").size, s.size - 12);
	cr_assert(s.size - 12 == 128 || s.size - 12 == 256);
	cr_assert_eq(smsc_format_probe(s, s.size, "x"), &smsc_key_blob);
	smsc_record_unref(r);
}

Test(key_blob, session_keys)
{
	each_set(assert_session_key);
}

/* ---- DSS ------------------------------------------------------------------------------------ */

/* A 1024-bit key as OpenSSL 3.0 writes it (dsa -pubout -outform MSBLOB), and how the same key
 * begins and ends in `dsa -text` (big-endian). */
static const char dss_public[] =
	"0602000000220000445353310004000077f84e45d517c1ced459eaaf"
	"f56bd332ed02eabb9fa4a6209164c240dd2a02d78597a3bd1691807e"
	"893d0509230148366221bddbe2a7dffbf7a41fc20b789de28017442e"
	"505d07753b00b59223c9c4a4a2051523fcebce91d47b56fa0d8453c3"
	"50f40d4e028508c8f10e08ab2551091a3310d07016f7b0512eefe22f"
	"f620bf9c5d7ec45c534984d4924c421fed04cb115f80f88f203b042b"
	"ae2ef2876a02210d066c94de606fc84d2dbff102544cd977d29aa757"
	"f5b4062ff6ebcba3e01c1284fd9eeed26edcad02823f3a7d28bd9f3e"
	"e6a31dffac5afada8133e725ecfc8b5405f3a27be5d947186b811a1c"
	"01e11e2c076ba01d48bc90f83a1b510864c7ccd688b41a26b014734f"
	"709c1e7781da8b8db7961f24658e3acc74d5b24d631ed721b8355951"
	"3e3340fa7636a7c29fa56dbd2b8c9ce814e9bc7cd3ee9bedba47c4ca"
	"d4f8e268bf15d14aa01165041a3b72afd1ef579c82002f2c099ae182"
	"926a4671d05200e1c137a580f92ec5e8cef089ab58a547f2df02e95b"
	"2b6915cb391f5ffd263ab4a02fe011f6fe608021ea7d9c37d0b08b6d"
	"ffffffffffffffffffffffffffffffffffffffffffffffff";

static bool ends_as(smsc_span little, const char *first_big, const char *last_big)
{
	uint8_t first[8], last[8];
	size_t n = from_hex(first_big, first), k = from_hex(last_big, last);
	const uint8_t *b = little.data;
	for (size_t i = 0; i < n; i++)
		if (b[little.size - 1 - i] != first[i])
			return false;
	for (size_t i = 0; i < k; i++)
		if (b[k - 1 - i] != last[i])
			return false;
	return true;
}

Test(key_blob, a_dss_public_key)
{
	struct made m = { .size = 0 };
	m.size = from_hex(dss_public, m.data);
	cr_assert_eq(m.size, 444);
	smsc_record *r = decode(&smsc_key_blob, "file", span(&m));
	assert_whole(r, m.size, "DSS1");
	cr_assert_eq(number(r, "bits"), 1024);
	cr_assert(ends_as(raw(r, "p"), "9cbf20f6", "454ef877"));
	cr_assert(ends_as(raw(r, "q"), "8ff8805f", "5cc47e5d"));
	cr_assert(ends_as(raw(r, "g"), "241f96b7", "2b043b20"));
	cr_assert(ends_as(raw(r, "y"), "6d8bb0d0", "cc3a8e65"));
	cr_assert_eq(smsc_format_probe(span(&m), m.size, "x"), &smsc_key_blob);
	smsc_record_unref(r);
}

/* The private half of the same: x takes the place of y. */
Test(key_blob, no_damage_shows_a_private_dss_key)
{
	struct made m = { .size = 0 };
	size_t x = 16 + 128 + 20 + 128;
	from_hex(dss_public, m.data);
	m.data[0] = 7;
	m.data[MAGIC + 3] = '2';
	m.size = x;
	fill(&m, 0xee, 20);
	fill(&m, 0xff, 24);
	cr_assert_eq(m.size, 336, "as OpenSSL writes it");
	smsc_record *r = decode(&smsc_key_blob, "file", span(&m));
	assert_whole(r, m.size, "DSS2");
	cr_assert_eq(number(r, "x"), 20);
	smsc_record_unref(r);
	assert_hidden(&smsc_key_blob, &m, x, x + 20);
}

/* DSSPUBKEY_VER3 and DSSPRIVKEY_VER3 of wincrypt.h. */
static void put_dss3(struct made *m, bool private)
{
	static const size_t size[] = { 64, 20, 64, 44, 64 };  /* p q g j y */
	put(m, private ? "\x07\x03\0\0\0\x22\0\0DSS4" : "\x06\x03\0\0\0\x22\0\0DSS3", 12);
	put32(m, 512);
	put32(m, 160);
	put32(m, 352);
	if (private)
		put32(m, 160);
	put32(m, 7);
	fill(m, 0x5e, 20);
	for (size_t i = 0; i < 5; i++)
		fill(m, (uint8_t)(0xd1 + i), size[i]);
	if (private)
		fill(m, 0xee, 20);
}

Test(key_blob, dss_keys_of_version_3)
{
	struct made m = { .size = 0 };
	put_dss3(&m, false);
	smsc_record *r = decode(&smsc_key_blob, "file", span(&m));
	assert_whole(r, m.size, "DSS3");
	cr_assert_eq(raw(r, "j").size, 44);
	cr_assert_eq(*(const uint8_t *)raw(r, "y").data, 0xd5);
	cr_assert_eq(number(r, "counter"), 7);
	smsc_record_unref(r);

	m.size = 0;
	put_dss3(&m, true);
	r = decode(&smsc_key_blob, "file", span(&m));
	assert_whole(r, m.size, "DSS4");
	cr_assert_eq(number(r, "x"), 20);
	cr_assert_eq(*(const uint8_t *)raw(r, "y").data, 0xd5);
	smsc_record_unref(r);
	assert_hidden(&smsc_key_blob, &m, m.size - 20, m.size);
}

/* ---- PVK ------------------------------------------------------------------------------------- */

enum { PVK_ENCRYPTION = 12, PVK_SALT = 16, PVK_KEY = 20, PVK_HEAD = 24 };

static void make_pvk(struct made *m)
{
	m->size = 0;
	put32(m, 0xb0b5f11e);
	put32(m, 0);
	put32(m, 2);
	fill(m, 0, 12);
	put_private(m);
	set32(m, PVK_KEY, (uint32_t)m->size - PVK_HEAD);
}

Test(pvk, a_key_in_the_clear_is_described_not_shown)
{
	struct made m;
	make_pvk(&m);
	smsc_record *r = decode(&smsc_pvk, "file", span(&m));
	assert_whole(r, m.size, "PVK");
	cr_assert_str_eq(note(r, "key_spec"), "AT_SIGNATURE");
	cr_assert_eq(raw(r, "key.modulus").size, 64);
	cr_assert_eq(number(r, "key.prime1"), 32);
	cr_assert_eq(smsc_format_probe(span(&m), m.size, "x"), &smsc_pvk);
	smsc_record_unref(r);
	assert_hidden(&smsc_pvk, &m, PVK_HEAD + SECRET, m.size);
}

Test(pvk, an_encrypted_key_is_kept_as_it_is)
{
	struct made m;
	make_pvk(&m);
	set32(&m, PVK_ENCRYPTION, 1);
	set32(&m, PVK_SALT, 16);
	set32(&m, PVK_KEY, 308);
	m.size = PVK_HEAD;
	fill(&m, 0x5a, 16);
	put(&m, "\x07\x02\0\0\0\x24\0\0", 8);
	fill(&m, 0xc1, 300);
	smsc_record *r = decode(&smsc_pvk, "file", span(&m));
	assert_whole(r, m.size, "PVK, encrypted");
	cr_assert_str_eq(note(r, "encryption"), "RC4");
	cr_assert_eq(raw(r, "salt").size, 16);
	cr_assert_eq(raw(r, "key.encrypted_key").size, 300);
	smsc_record_unref(r);
}

Test(pvk, real_and_synthetic_ones)
{
	static const struct { const char *rel; int bits, spec; } files[] = {
		{ "capi/dsinternals/domain_backupkey_efe756ec.pvk", 2048, 1 },
		{ "capi/generated/aes-2048-ca6f/expected/xch.pvk", 2048, 1 },
		{ "capi/generated/w2k-1024-19c5/expected/sig.pvk", 1024, 2 },
	};
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		smsc_span s = sample_shared(files[i].rel);
		if (!s.data)
			continue;
		smsc_record *r = decode(&smsc_pvk, files[i].rel, s);
		assert_whole(r, s.size, files[i].rel);
		cr_assert_eq(number(r, "key.bits"), files[i].bits, "%s", files[i].rel);
		cr_assert_eq(number(r, "key_spec"), files[i].spec, "%s", files[i].rel);
		cr_assert(!shows(r, 44 + (uint64_t)files[i].bits / 8, s.size), "%s", files[i].rel);
		smsc_record_unref(r);
		sample_free(s);
	}
}
