/* test_crypto_cipher.c - ciphers against published vectors, and RC4 of odd key lengths against
 * an RC4 of our own: a fetched cipher hides that its key length may vary. */
#include "crypto_test.h"

#include <limits.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include "crypto/cipher.h"
#include "crypto/library.h"

static void rc4(smsc_span key, smsc_span in, uint8_t *out)
{
	const uint8_t *k = key.data, *p = in.data;
	uint8_t s[256], i = 0, j = 0;
	for (int n = 0; n < 256; n++)
		s[n] = (uint8_t)n;
	for (int n = 0; n < 256; n++) {
		j = (uint8_t)(j + s[n] + k[(size_t)n % key.size]);
		uint8_t t = s[n];
		s[n] = s[j];
		s[j] = t;
	}
	j = 0;
	for (size_t n = 0; n < in.size; n++) {
		uint8_t t = s[++i];
		j = (uint8_t)(j + t);
		s[i] = s[j];
		s[j] = t;
		out[n] = p[n] ^ s[(uint8_t)(s[i] + t)];
	}
}

Test(crypto_cipher, own_rc4_is_rc4)
{
	/* RFC 6229, key 0x0102030405 */
	uint8_t out[16];
	rc4(hex("0102030405"), hex("00000000000000000000000000000000"), out);
	expect_bytes((smsc_span){ out, 16 }, hex("b2396305f03dc027ccc3524a0a1118a8"), "RFC 6229");
}

Test(crypto_cipher, rc4_takes_the_key_length_it_is_given)
{
	uint8_t key[64], in[100], want[100], got[100];
	for (size_t i = 0; i < sizeof in; i++)
		in[i] = (uint8_t)(7 * i);
	for (size_t i = 0; i < sizeof key; i++)
		key[i] = (uint8_t)(0xa5 ^ 31 * i);
	for (size_t size = 1; size <= sizeof key; size++) {
		smsc_span k = { key, size }, whole = { in, sizeof in };
		rc4(k, whole, want);
		/* Twice: the second time the cipher has been fetched before. */
		for (int again = 0; again < 2; again++) {
			cr_assert_null(smsc_cipher_decrypt(smsc_cipher_named("RC4"), k, NULL, whole, got));
			cr_assert_arr_eq(got, want, sizeof got, "%zu bytes of key", size);
		}
	}
}

/* FIPS 197, SP 800-38A, SP 800-67; DES from SP 800-17. */
static const struct {
	uint32_t algid;
	const char *name, *key, *iv, *plain, *sealed;
} vectors[] = {
	{ 0x660e, "AES-128-CBC", "2b7e151628aed2a6abf7158809cf4f3c", "000102030405060708090a0b0c0d0e0f",
	  "6bc1bee22e409f96e93d7e117393172a", "7649abac8119b246cee98e9b12e9197d" },
	{ 0x660f, "AES-192-CBC", "8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b",
	  "000102030405060708090a0b0c0d0e0f", "6bc1bee22e409f96e93d7e117393172a", "4f021db243bc633d7178183a9fa071e8" },
	{ 0x6610, "AES-256-CBC", "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4",
	  "000102030405060708090a0b0c0d0e0f", "6bc1bee22e409f96e93d7e117393172a", "f58c4c04d6e5f1ba779eabfb5f7bfbd6" },
	{ 0, "AES-256-ECB", "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4", NULL,
	  "6bc1bee22e409f96e93d7e117393172a", "f3eed1bdb5d2a03c064b5a7e3db181f8" },
	{ 0x6603, "DES-EDE3-CBC", "0123456789abcdef23456789abcdef01456789abcdef0123", NULL,
	  "5468652071756663", "a826fd8ce53b855f" },
	{ 0x6601, "DES-CBC", "0101010101010101", NULL, "8000000000000000", "95f8a5e5dd31d900" },
	{ 0, "DES-ECB", "8001010101010101", NULL, "0000000000000000", "95a8d72813daa94d" },
};

Test(crypto_cipher, published_vectors)
{
	uint8_t out[16];
	for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
		const smsc_cipher *c = smsc_cipher_named(vectors[i].name);
		smsc_span sealed = hex(vectors[i].sealed), plain = hex(vectors[i].plain);
		const uint8_t *iv = vectors[i].iv ? hex(vectors[i].iv).data : NULL;
		if (vectors[i].algid)
			cr_assert_eq(smsc_cipher_of(vectors[i].algid), c);
		cr_assert_null(smsc_cipher_decrypt(c, hex(vectors[i].key), iv, sealed, out));
		expect_bytes((smsc_span){ out, sealed.size }, plain, vectors[i].name);
		cr_assert_null(smsc_cipher_encrypt(c, hex(vectors[i].key), iv, plain, out));
		expect_bytes((smsc_span){ out, plain.size }, sealed, vectors[i].name);
	}
}

/* A refused call touches neither the input nor the output, so that both may be nonsense. */
static void expect_refused(const char *name, size_t key, size_t in)
{
	uint8_t byte = 0;
	const smsc_cipher *c = smsc_cipher_named(name);
	const char *why = smsc_cipher_decrypt(c, (smsc_span){ &byte, key }, NULL, (smsc_span){ &byte, in }, &byte);
	cr_assert(why && strstr(why, "length"), "%s, %zu bytes of key, %zu of text: %s", name, key, in, why ? why : "taken");
}

Test(crypto_cipher, impossible_lengths)
{
	static const size_t texts[] = { 1, 15, 17, (size_t)INT_MAX + 1, SIZE_MAX, SIZE_MAX - 15 };
	static const size_t keys[] = { 0, 16, 31, 33, 65, (size_t)INT_MAX + 33, SIZE_MAX };
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		expect_refused("AES-256-CBC", 32, texts[i]);
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		expect_refused("AES-256-CBC", keys[i], 16);
	expect_refused("RC4", 0, 16);
	expect_refused("RC4", 65, 16);
	expect_refused("RC4", SIZE_MAX, 16);
	expect_refused("RC4", 5, (size_t)INT_MAX + 1);
}

Test(crypto_cipher, nothing_to_do)
{
	uint8_t untouched = 0x5a;
	for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++)
		cr_assert_null(smsc_cipher_decrypt(smsc_cipher_named(vectors[i].name), hex(vectors[i].key), NULL,
		                                   (smsc_span){ NULL, 0 }, &untouched));
	cr_assert_eq(untouched, 0x5a);
}

Test(crypto_cipher, unknown_ids)
{
	cr_assert_null(smsc_cipher_of(0));
	cr_assert_null(smsc_cipher_of(0x6699));
	cr_assert_null(smsc_cipher_of(0x8004));
	cr_assert_null(smsc_cipher_named("ROT13"));
}

Test(crypto_cipher, the_embedding_program_sees_nothing)
{
	uint8_t out[16];
	ERR_raise_data(ERR_LIB_USER, 1, "of the embedding program");
	cr_assert_null(smsc_cipher_decrypt(smsc_cipher_named("RC4"), hex("0102030405"), NULL, hex("00"), out));
	cr_assert_eq(ERR_GET_REASON(ERR_get_error()), 1);
	cr_assert_eq(ERR_peek_error(), 0);
	cr_assert_null(EVP_CIPHER_fetch(NULL, "RC4", NULL), "the default context got our legacy provider");
}
