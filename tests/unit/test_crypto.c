/* test_crypto.c - digests and SubjectPublicKeyInfo against published vectors and against what
 * the openssl program says of keys it made. */
#include <criterion/criterion.h>

#include "../sample.h"
#include "analysis/container_names.h"
#include "analysis/decode.h"
#include "base/buf.h"
#include "base/text.h"
#include "crypto/hash.h"
#include "crypto/spki.h"

static smsc_span span(const char *text)
{
	return (smsc_span){ text, strlen(text) };
}

static void expect_hex(const void *bytes, size_t size, const char *hex)
{
	smsc_buf b = SMSC_BUF_INIT;
	smsc_buf_hex(&b, bytes, size);
	cr_assert_str_eq(b.data, hex);
	smsc_buf_free(&b);
}

static smsc_span from_hex(const char *hex, uint8_t *out)
{
	size_t size = strlen(hex) / 2;
	for (size_t i = 0; i < size; i++)
		out[i] = (uint8_t)(smsc_hex_digit(hex[2 * i]) << 4 | smsc_hex_digit(hex[2 * i + 1]));
	return (smsc_span){ out, size };
}

/* RFC 1321, FIPS 180. */
static const struct {
	smsc_digest digest;
	size_t size;
	const char *in, *out;
} vectors[] = {
	{ SMSC_MD5, 16, "", "d41d8cd98f00b204e9800998ecf8427e" },
	{ SMSC_MD5, 16, "message digest", "f96b697d7cb7938d525a2f31aaf161d0" },
	{ SMSC_SHA1, 20, "abc", "a9993e364706816aba3e25717850c26c9cd0d89d" },
	{ SMSC_SHA256, 32, "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
	{ SMSC_SHA256, 32, "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
	  "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
};

Test(crypto, digests_at_once)
{
	uint8_t out[32];
	for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
		cr_assert(smsc_hash(vectors[i].digest, span(vectors[i].in), out));
		expect_hex(out, vectors[i].size, vectors[i].out);
	}
}

Test(crypto, digests_byte_by_byte)
{
	smsc_error *err = NULL;
	uint8_t out[32];
	for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
		smsc_hasher *h = smsc_hasher_new(vectors[i].digest, &err);
		for (const char *p = vectors[i].in; *p; p++)
			smsc_hasher_add(h, p, 1);
		cr_assert_eq(smsc_hasher_end(h, out, &err), 0);
		expect_hex(out, vectors[i].size, vectors[i].out);
		smsc_hasher_free(h);
	}
	cr_assert_null(err);
}

static void expect_print(const smsc_buf *der, const char *sha256)
{
	smsc_fingerprint print;
	cr_assert(smsc_spki_fingerprint(der, &print));
	expect_hex(print.sha256, 32, sha256);
}

/* openssl genrsa 512; openssl rsa -pubout -outform der | sha256sum */
Test(crypto, rsa_key)
{
	uint8_t n[72];
	smsc_fingerprint print;
	smsc_span modulus = from_hex(
		"53586255dfe296c2f5e8b23a7b723d0b8e375423c37ab8083d1993fe99caa3b4"
		"2912620413cdd54c004af230698f1ba49d41e66c4864c1dafc47978e8d98bdd2"
		"0000000000000000", n);
	smsc_buf der = SMSC_BUF_INIT;
	smsc_spki_rsa(&der, modulus, 65537);
	cr_assert_eq(der.size, 94);
	expect_print(&der, "93452219e2c459a75bd0fdcc9c733e824e1003367d1114b3daf58bbb1d182c51");
	cr_assert(smsc_spki_fingerprint(&der, &print));
	expect_hex(print.sha1, 20, "12c43a19c1ebf9327b7df75a0c4bfa9832d02abb");
	smsc_buf_free(&der);
}

/* openssl dsaparam 1024; openssl gendsa; openssl pkey -pubout -outform der | sha256sum */
Test(crypto, dsa_key)
{
	uint8_t p[128], q[28], g[128], y[128];
	from_hex("c5bad124de3a001c5193d8c4489d8ca074d7870580cf02d9a8b4d2fd130ef8c3"
	         "25539a9bba46a1ccab7b0dedc404b72cee813b5d0edcb1767a13ef7b8f70c986"
	         "86e80882133be4ed49dfedadd93a3b2d6e37d77902f26c12c48054e7edb217bc"
	         "62e2e23eaa7ee9bc5b65fced0d75d06c8d6b8868c5f1774a4d3aeb4b788674e7", p);
	from_hex("b7765afb76f1c2847ef5e906b0d6e3c2aac77ff183fa468a5fadecdf", q);
	from_hex("58b53e7dea2f1cb918e50abf986e32e3c6b68672a22b0895c7a7e13694feaa72"
	         "8c18d73f581748414f6864212144f9798ed82677be6de32e047eeb8ea38a695d"
	         "db9269c5facc79fb363d2ad5ab3ff46f4fbb1ce43ce60d35b4a049dfb9f87aae"
	         "18a148b64164c6fa2a5dd5c4f9b57cb8148e282789408f0d6b5fa9b5ab7d6584", g);
	from_hex("472f8a45c5e927657a4b5a82fc5c1989dd05d6e8de7b4597de9ab5487d1270ad"
	         "88b1c31d36c5f6da7f73ac6c6e665153d491788318400711acf29e91be68a060"
	         "267d7204ec871f07811bd25f20c6c3689edc0357aa0632dd3a04de37a989e83e"
	         "1399c4495a83f1ded7e506f5166a6d3ad5ed97f9d614e774a06e7ef4979b1f07", y);
	smsc_buf der = SMSC_BUF_INIT;
	smsc_spki_dsa(&der, (smsc_span){ p, 128 }, (smsc_span){ q, 28 }, (smsc_span){ g, 128 },
	              (smsc_span){ y, 128 });
	expect_print(&der, "ff0e343e4895762cb1452442452be01a02036eebf3b34ec34222854db1cdb919");
	smsc_buf_free(&der);
}

/* Lengths at which DER changes the form of its own lengths. */
Test(crypto, der_lengths)
{
	static const size_t sizes[] = { 0, 1, 100, 127, 128, 255, 256, 2048, 65536 };
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		uint8_t *n = malloc(sizes[i] + 1);
		memset(n, 0x55, sizes[i] + 1);
		smsc_buf der = SMSC_BUF_INIT;
		smsc_spki_rsa(&der, (smsc_span){ n, sizes[i] }, 3);
		const uint8_t *b = (const uint8_t *)der.data;
		size_t head = b[1] < 0x80 ? 2 : 2 + (b[1] & 0x7f), length = b[1] & 0x7f;
		if (b[1] >= 0x80)
			for (length = 0, head = 2; head < 2u + (b[1] & 0x7f); head++)
				length = length << 8 | b[head];
		cr_assert_eq(head + length, der.size, "%zu", sizes[i]);
		smsc_buf_free(&der);
		free(n);
	}
}

/* The published check of an independent tool, and every name of the table [capi-dpapi 1]. */
Test(crypto, container_hashes)
{
	char hash[33];
	const smsc_container_name *known;
	smsc_container_hash(span("MyCoolContainer"), false, hash);
	cr_assert_str_eq(hash, "52ab417621a9d74c73e3e0f1bc374e0a");
	smsc_container_hash(span("MYCOOLcontainer"), false, hash);
	cr_assert_str_eq(hash, "52ab417621a9d74c73e3e0f1bc374e0a");
	for (unsigned i = 0; (known = smsc_container_name_at(i)); i++) {
		char wide[256];
		size_t size = strlen(known->name);
		for (size_t k = 0; k < size; k++) {
			wide[2 * k] = known->name[k];
			wide[2 * k + 1] = 0;
		}
		smsc_container_hash(span(known->name), false, hash);
		if (strcmp(hash, known->hash))
			smsc_container_hash((smsc_span){ wide, 2 * size }, true, hash);
		cr_assert_str_eq(hash, known->hash, "%s", known->name);
		cr_assert_eq(smsc_container_name_of(hash), known);
	}
	cr_assert_null(smsc_container_name_of("00000000000000000000000000000000"));
}
