/* test_crypto_mac.c - HMAC and key derivation against published vectors, and DPAPI's variant
 * of PBKDF2 against one written down plainly. */
#include "crypto_test.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "crypto/mac.h"
#include "crypto/password.h"

/* RFC 2202, RFC 4231. */
static const struct {
	const char *digest, *key, *in, *out;
} vectors[] = {
	{ "SHA1", "4a656665", "what do ya want for nothing?", "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79" },
	{ "MD5", "4a656665", "what do ya want for nothing?", "750c783e6ab0b503eaa86e310a5db738" },
	{ "SHA2-256", "4a656665", "what do ya want for nothing?",
	  "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843" },
	{ "SHA2-384", "4a656665", "what do ya want for nothing?",
	  "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649" },
	{ "SHA2-512", "4a656665", "what do ya want for nothing?",
	  "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fd"
	  "caeab1a34d4a6b4b636e070a38bce737" },
};

Test(crypto_mac, published_vectors)
{
	uint8_t out[SMSC_MAC_MAX];
	for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
		cr_assert(smsc_hmac(vectors[i].digest, hex(vectors[i].key), text(vectors[i].in), out));
		expect_bytes((smsc_span){ out, smsc_digest_size(vectors[i].digest) }, hex(vectors[i].out), vectors[i].digest);
	}
}

Test(crypto_mac, keys_of_every_length)
{
	uint8_t key[300], got[SMSC_MAC_MAX], want[EVP_MAX_MD_SIZE];
	unsigned size = 0;
	for (size_t i = 0; i < sizeof key; i++)
		key[i] = (uint8_t)(i * 13);
	for (size_t n = 0; n <= sizeof key; n++) {
		cr_assert(smsc_hmac("SHA1", (smsc_span){ key, n }, text("x"), got));
		cr_assert(HMAC(EVP_sha1(), key, (int)n, (const uint8_t *)"x", 1, want, &size));
		cr_assert_arr_eq(got, want, 20, "SHA-1, %zu bytes", n);
		cr_assert(smsc_hmac("SHA2-512", (smsc_span){ key, n }, text("x"), got));
		cr_assert(HMAC(EVP_sha512(), key, (int)n, (const uint8_t *)"x", 1, want, &size));
		cr_assert_arr_eq(got, want, 64, "SHA-512, %zu bytes", n);
	}
}

Test(crypto_mac, parts_are_one_message)
{
	uint8_t whole[20], parts[20];
	smsc_mac_key *k = smsc_mac_key_new("SHA1", text("key"));
	cr_assert(k && smsc_mac(k, (smsc_span[]){ text("ab"), { NULL, 0 }, text("c") }, 3, parts));
	cr_assert(smsc_mac(k, (smsc_span[]){ text("abc") }, 1, whole));
	cr_assert_arr_eq(whole, parts, 20);
	smsc_mac_key_free(k);
	smsc_mac_key_free(NULL);
}

Test(crypto_mac, ids)
{
	static const uint32_t ids[] = { 0x8003, 0x8004, 0x8009, 0x800c, 0x800d, 0x800e };
	for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
		const char *name = smsc_digest_of(ids[i]);
		EVP_MD *md = name ? EVP_MD_fetch(NULL, name, NULL) : NULL;
		cr_assert_not_null(md);
		cr_assert_eq(smsc_digest_size(name), (size_t)EVP_MD_get_size(md), "%s", name);
		cr_assert_eq(smsc_digest_block(name), (size_t)EVP_MD_get_block_size(md), "%s", name);
		EVP_MD_free(md);
	}
	cr_assert_null(smsc_digest_of(0));
	cr_assert_null(smsc_digest_of(0x8002));
	cr_assert_eq(smsc_digest_size("ROT13"), 0);
	cr_assert_eq(smsc_digest_block("ROT13"), 0);
	cr_assert_null(smsc_mac_key_new("ROT13", text("key")));
	cr_assert_eq(ERR_peek_error(), 0);
}

/* [capi-dpapi 5.2], word by word. */
static void plain_derive(const EVP_MD *md, const char *password, const char *salt, unsigned rounds,
                         uint8_t *out, size_t size)
{
	unsigned n = 0;
	for (uint32_t block = 1; size; block++) {
		uint8_t first[64], sum[EVP_MAX_MD_SIZE], next[EVP_MAX_MD_SIZE];
		size_t length = strlen(salt);
		memcpy(first, salt, length);
		first[length] = first[length + 1] = first[length + 2] = 0;
		first[length + 3] = (uint8_t)block;
		HMAC(md, password, (int)strlen(password), first, length + 4, sum, &n);
		for (unsigned i = 1; i < rounds; i++) {
			HMAC(md, password, (int)strlen(password), sum, n, next, &n);
			for (unsigned j = 0; j < n; j++)
				sum[j] ^= next[j];
		}
		size_t part = size < n ? size : n;
		memcpy(out, sum, part);
		out += part;
		size -= part;
	}
}

Test(crypto_mac, dpapi_derivation)
{
	uint8_t got[200], want[200];
	for (unsigned rounds = 1; rounds < 9; rounds++)
		for (size_t size = 1; size <= sizeof got; size += 13) {
			cr_assert(smsc_dpapi_derive("SHA1", text("password"), text("0123456789abcdef"), rounds, got, size));
			plain_derive(EVP_sha1(), "password", "0123456789abcdef", rounds, want, size);
			cr_assert_arr_eq(got, want, size, "SHA-1, %u rounds, %zu bytes", rounds, size);
			cr_assert(smsc_dpapi_derive("SHA2-512", text("password"), text("0123456789abcdef"), rounds, got, size));
			plain_derive(EVP_sha512(), "password", "0123456789abcdef", rounds, want, size);
			cr_assert_arr_eq(got, want, size, "SHA-512, %u rounds, %zu bytes", rounds, size);
		}
}

/* The two agree for one and two rounds, and for no more. */
Test(crypto_mac, dpapi_derivation_is_not_pbkdf2)
{
	uint8_t got[20], standard[20];
	for (int rounds = 1; rounds < 5; rounds++) {
		cr_assert(smsc_dpapi_derive("SHA1", text("pw"), text("salt"), (uint32_t)rounds, got, 20));
		cr_assert(PKCS5_PBKDF2_HMAC("pw", 2, (const uint8_t *)"salt", 4, rounds, EVP_sha1(), 20, standard));
		cr_assert_eq(!memcmp(got, standard, 20), rounds < 3, "%d rounds", rounds);
	}
}

Test(crypto_mac, ordinary_derivations)
{
	uint8_t out[64];
	/* RFC 7914, section 11 */
	cr_assert(smsc_pbkdf2_sha256(text("passwd"), text("salt"), 1, out, 64));
	expect_bytes((smsc_span){ out, 64 }, hex("55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc"
	             "49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783"), "PBKDF2");
	/* An empty password and salt are no error: the protected form salts with the SID as given. */
	cr_assert(smsc_pbkdf2_sha256((smsc_span){ NULL, 0 }, (smsc_span){ NULL, 0 }, 1, out, 16));
	/* The test vectors of the PKCS #12 authors: "smeg" */
	smsc_span smeg = hex("0073006d006500670000"), salt = hex("0a58cf64530d823f");
	cr_assert(smsc_pkcs12_derive(smeg, salt, 1, 1, out, 24));
	expect_bytes((smsc_span){ out, 24 }, hex("8aaae6297b6cb04642ab5b077851284eb7128f1a2a7fbca3"), "key");
	cr_assert(smsc_pkcs12_derive(smeg, salt, 2, 1, out, 8));
	expect_bytes((smsc_span){ out, 8 }, hex("79993dfe048d3b76"), "IV");
}

Test(crypto_mac, md4)
{
	/* RFC 1320 */
	uint8_t out[16];
	cr_assert(smsc_md4(text("message digest"), out));
	expect_bytes((smsc_span){ out, 16 }, hex("d9130a8164549fe818874806e1c7014b"), "MD4");
	cr_assert(smsc_md4((smsc_span){ NULL, 0 }, out));
	expect_bytes((smsc_span){ out, 16 }, hex("31d6cfe0d16ae931b73c59d7e0c089c0"), "MD4 of nothing");
}

static void expect_utf16(const char *utf8, bool big_endian, const char *want)
{
	smsc_secret *s = smsc_password_utf16(text(utf8), big_endian);
	cr_assert_not_null(s);
	expect_bytes(of(s), hex(want), utf8);
	smsc_secret_free(s);
}

Test(crypto_mac, passwords)
{
	expect_utf16("", false, "");
	expect_utf16("aÄ", false, "6100c400");
	expect_utf16("aÄ", true, "006100c4");
	expect_utf16("鍵𝛑", false, "759335d8d1de");
	expect_utf16("鍵𝛑", true, "9375d835ded1");
	expect_utf16("\xf4\x8f\xbf\xbf", true, "dbffdfff");
	cr_assert_null(smsc_password_utf16(text("\xff"), false));
	cr_assert_null(smsc_password_utf16(text("\xc3"), false));
	cr_assert_null(smsc_password_utf16(text("\xed\xa0\x80"), false));
}
