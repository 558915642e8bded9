/* test_metabase.c - protected values of an IIS metabase, and the keys they belong to. */
#include "crypto/metabase.h"
#include "format_test.h"

static smsc_span unhex(const char *text, size_t digits)
{
	static uint8_t room[8][512];
	static unsigned turn;
	uint8_t *out = room[turn++ % 8];
	for (size_t i = 0; i < digits / 2; i++)
		out[i] = (uint8_t)(smsc_hex_digit(text[2 * i]) << 4 | smsc_hex_digit(text[2 * i + 1]));
	return (smsc_span){ out, digits / 2 };
}

/* A number of JSON in big-endian digits, as the bytes CryptoAPI keeps. */
static smsc_span little(const char *digits)
{
	smsc_span s = unhex(digits, strcspn(digits, "\""));
	uint8_t *b = (uint8_t *)(uintptr_t)s.data;
	for (size_t i = 0; i < s.size / 2; i++) {
		uint8_t x = b[i];
		b[i] = b[s.size - 1 - i];
		b[s.size - 1 - i] = x;
	}
	return s;
}

/* The value of "n" behind the first `name` of the description. */
static smsc_span modulus(const char *json, const char *name)
{
	const char *p = strstr(json, name), *n = p ? strstr(p, "\"n\": \"") : NULL;
	cr_assert_not_null(n, "%s", name);
	return little(n + 6);
}

/* [registry-certs 4]: made by another program from the specification of the protocol. */
Test(metabase, synthetic_with_known_keys)
{
	smsc_span s = sample_shared("hives/metabase/synthetic-metabase.bin");
	char *json = known_load("hives/metabase/synthetic-metabase.json");
	if (!s.data || !*json)
		cr_skip_test("no shared evidence");
	smsc_record *r = decode(&smsc_metabase_format, "x.bin", s);
	uint8_t md5[16], value_md5[16], want[16];
	cr_assert_eq(smsc_record_get(r, "session_key")->at, 333);
	cr_assert_eq(smsc_record_get(r, "encrypted_data")->at, 570);
	smsc_span right = modulus(json, "\"signature\""), wrong = modulus(json, "\"other_signature\"");
	smsc_span sign = raw(r, "session_key.sign"), data = raw(r, "encrypted_data.data");
	cr_assert(smsc_metabase_signed(right, 65537, sign, md5));
	cr_assert_not(smsc_metabase_signed(wrong, 65537, sign, value_md5));
	cr_assert_not(smsc_metabase_signed(right, 3, sign, value_md5));
	cr_assert(smsc_metabase_signed(right, 65537, raw(r, "encrypted_data.sign"), value_md5));
	smsc_span session = unhex(known_text(json, "session_key"), 10);
	cr_assert(smsc_hash(SMSC_MD5, session, want));
	cr_assert_eq(memcmp(md5, want, 16), 0, "the signature is over the session key");
	cr_assert(smsc_metabase_opens(session, data, value_md5));
	cr_assert_not(smsc_metabase_opens(session, data, md5));
	uint8_t copy[64];
	for (size_t bit = 0; bit < 512; bit++) {
		memcpy(copy, sign.data, sizeof copy);
		copy[bit / 8] ^= (uint8_t)(1 << bit % 8);
		cr_assert_not(smsc_metabase_signed(right, 65537, (smsc_span){ copy, 64 }, value_md5), "bit %zu", bit);
	}
	smsc_record_unref(r);
	sample_free(s);
	free(json);
}

/* The session key of a fresh IIS 6, as printed in a book. */
Test(metabase, printed_in_a_book)
{
	smsc_span s = sample_shared("hives/metabase/iis6-sessionkey-sample.hex");
	if (!s.data)
		cr_skip_test("no shared evidence");
	smsc_buf xml = SMSC_BUF_INIT;
	size_t digits = 0;
	while (digits < s.size && smsc_hex_digit(((const char *)s.data)[digits]) >= 0)
		digits++;
	smsc_buf_printf(&xml, "<IIS_Global SessionKey=\"%.*s\"/>", (int)digits, (const char *)s.data);
	smsc_record *r = decode(&smsc_metabase_format, "MetaBase.xml", (smsc_span){ xml.data, xml.size });
	assert_sound(r, xml.size, "xml");
	cr_assert_eq(smsc_record_finding_count(r), 0);
	cr_assert_eq(extent(r, "session_key"), 320);
	smsc_record_unref(r);
	smsc_span bytes = unhex(s.data, digits);
	r = decode(&smsc_metabase_format, "x", bytes);
	assert_sound(r, bytes.size, "bytes");
	cr_assert_eq(number(r, "session_key.size"), 152);
	cr_assert_eq(number(r, "session_key.value_size"), 76);
	cr_assert_eq(raw(r, "session_key.key.encrypted_key").size, 64);
	cr_assert_eq(raw(r, "session_key.sign").size, 64);
	smsc_record_unref(r);
	smsc_buf_free(&xml);
	sample_free(s);
}

/* ---- made here --------------------------------------------------------------------------- */

Test(metabase, hostile_lengths)
{
	static const struct { uint32_t size, value, sign; bool good; } lengths[] = {
		{ 8 + 8 + 4, 8, 4, true }, { 8 + 8 + 4, 5, 4, true }, { 8 + 8 + 4, 9, 4, false },
		{ 0, 0, 0, false }, { 0xffffffff, 0xfffffff0, 7, false }, { 8, 0xfffffff8, 0xfffffff8, false },
		{ 0x7fffffff, 0x7ffffff0, 7, false }, { 8 + 0x10000 + 4, 0x10000, 4, true },
	};
	for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
		struct made m = { .size = 0 };
		put(&m, "xxIcIcIcDb", 10);
		put32(&m, lengths[i].size);
		put32(&m, lengths[i].value);
		put32(&m, lengths[i].sign);
		fill(&m, 0xaa, 12);
		smsc_record *r = decode(&smsc_metabase_format, "x", span(&m));
		assert_sound(r, m.size, "made");
		cr_assert_eq(smsc_record_get(r, "encrypted_data") != NULL, lengths[i].good, "%zu", i);
		cr_assert_eq(has_finding(r, "D003", 6), !lengths[i].good, "%zu", i);
		smsc_record_unref(r);
	}
}

/* A value in the clear may be a password. */
Test(metabase, clear_text_is_not_shown)
{
	struct made m = { .size = 0 };
	put(&m, "IcCb", 4);
	put32(&m, 8);
	put(&m, "password", 8);
	smsc_record *r = decode(&smsc_metabase_format, "x", span(&m));
	assert_sound(r, m.size, "made");
	cr_assert_eq(number(r, "clear_text.value"), 8);
	smsc_record_unref(r);
	static const char xml[] = "<x AdminPass=\"49634362080000000102030405060708\"/>";
	r = decode(&smsc_metabase_format, "x", (smsc_span){ xml, sizeof xml - 1 });
	cr_assert_eq(number(r, "clear_text.hex"), 32);
	smsc_record_unref(r);
}

Test(metabase, many_marks_end)
{
	size_t count = 200000, size = 4 * count;
	char *bytes = malloc(size);
	for (size_t i = 0; i < count; i++)
		memcpy(bytes + 4 * i, "IcKb", 4);
	smsc_record *r = decode(&smsc_metabase_format, "x", (smsc_span){ bytes, size });
	cr_assert_null(cover(r, size, NULL));
	cr_assert_leq(smsc_record_finding_count(r), 1000);
	smsc_record_unref(r);
	free(bytes);
}

Test(metabase, impossible_keys)
{
	static const uint8_t zeros[64], big[4096] = { 1 };
	uint8_t md5[16];
	cr_assert_not(smsc_metabase_signed((smsc_span){ zeros, 64 }, 65537, (smsc_span){ zeros, 64 }, md5), "n is 0");
	cr_assert_not(smsc_metabase_signed((smsc_span){ big, 4096 }, 65537, (smsc_span){ big, 4096 }, md5), "too long");
	cr_assert_not(smsc_metabase_signed((smsc_span){ big, 8 }, 65537, (smsc_span){ big, 8 }, md5), "too short");
	cr_assert_not(smsc_metabase_opens((smsc_span){ zeros, 5 }, (smsc_span){ zeros, 3 }, md5), "no room for zeros");
}
