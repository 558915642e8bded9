/* test_crypto_dpapi.c - blobs, slots and LSA values that somebody made to hurt.  That the right
 * ones open is for the peers' tests. */
#include "crypto_test.h"

#include <openssl/evp.h>

#include "crypto/cipher.h"
#include "crypto/dpapi.h"
#include "crypto/lsa.h"
#include "crypto/mac.h"

static smsc_why why;

static void expect_why(smsc_secret *got, const char *reason)
{
	cr_assert_null(got);
	cr_assert(strstr(why, reason), "\"%s\", not \"%s\"", why, reason);
	why[0] = '\0';
}

/* ---- slots ---- */

static const uint8_t bytes[1 << 16];

static smsc_slot slot(uint32_t rounds, uint32_t hash, uint32_t cipher, size_t size)
{
	return (smsc_slot){ rounds, hash, cipher, { bytes, 16 }, { bytes, size } };
}

static void expect_slot(smsc_slot s, size_t size, const char *reason)
{
	expect_why(smsc_slot_open(&s, (smsc_span){ bytes, 20 }, size, 1000, why), reason);
}

Test(crypto_dpapi, slots)
{
	expect_slot(slot(0, 0x8009, 0x6603, 104), 64, "rounds");
	expect_slot(slot(1001, 0x8009, 0x6603, 104), 64, "rounds");
	expect_slot(slot(UINT32_MAX, 0x8009, 0x6603, 104), 64, "rounds");
	expect_slot(slot(1, 0x8009, 0x6699, 104), 64, "cipher 0x6699 unknown");
	expect_slot(slot(1, 0x8009, 0x6801, 104), 64, "cipher 0x6801 unknown");
	expect_slot(slot(1, 0x8009, 0, 104), 64, "cipher 0x0000 unknown");
	expect_slot(slot(1, 0x6603, 0x6603, 104), 64, "hash 0x6603 unknown");
	expect_slot(slot(1, 0x8009, 0x6603, 0), 64, "size");
	expect_slot(slot(1, 0x8009, 0x6603, 99), 64, "size");
	expect_slot(slot(1, 0x8009, 0x6603, 65536), 64, "size");
	expect_slot(slot(1, 0x8009, 0x6603, SIZE_MAX), 64, "size");
	expect_slot(slot(1, 0x8009, 0x6603, 101), 64, "length");
	expect_slot(slot(1, 0x8009, 0x6603, 104), 64, "does not open it");
	expect_slot(slot(1, 0x800e, 0x6610, 144), 64, "does not open it");
	/* An empty pre-key is a key like any other. */
	smsc_slot s = slot(1, 0x8009, 0x6603, 104);
	expect_why(smsc_slot_open(&s, (smsc_span){ NULL, 0 }, 64, 1000, why), "does not open it");
}

/* ---- blobs ---- */

static uint8_t room[256];
static const uint8_t key_sha1[20] = { 1, 2, 3 };

static void sha1(smsc_span a, smsc_span b, smsc_span c, uint8_t *out)
{
	EVP_MD_CTX *x = EVP_MD_CTX_new();
	cr_assert(EVP_DigestInit_ex(x, EVP_sha1(), NULL) && EVP_DigestUpdate(x, a.data, a.size) &&
	          EVP_DigestUpdate(x, b.data, b.size) && EVP_DigestUpdate(x, c.data, c.size) &&
	          EVP_DigestFinal_ex(x, out, NULL));
	EVP_MD_CTX_free(x);
}

/* Signs as Windows 2000 did, so that what follows the signature is reached. */
static smsc_blob signed_blob(uint32_t cipher, uint32_t key_bits, size_t size)
{
	static uint8_t sign[20];
	uint8_t in[64] = { 0 }, over[64] = { 0 }, inner[20];
	smsc_blob b = { .cipher = cipher, .key_bits = key_bits, .hash = 0x8004, .salt = { bytes, 16 },
	                .nonce = { bytes, 16 }, .data = { room, size }, .sign = { sign, 20 }, .signed_part = { room, size } };
	for (size_t i = 0; i < 64; i++) {
		in[i] = (uint8_t)((i < 20 ? key_sha1[i] : 0) ^ 0x36);
		over[i] = (uint8_t)((i < 20 ? key_sha1[i] : 0) ^ 0x5c);
	}
	sha1((smsc_span){ in, 64 }, b.nonce, (smsc_span){ NULL, 0 }, inner);
	sha1((smsc_span){ over, 64 }, (smsc_span){ inner, 20 }, b.signed_part, sign);
	return b;
}

static bool anything(smsc_span plain)
{
	(void)plain;
	return true;
}

static void expect_blob(smsc_blob b, smsc_plausible_fn *plausible, const char *reason, bool damaged)
{
	smsc_span key = { key_sha1, 20 }, none = { NULL, 0 };
	smsc_secret *got = smsc_blob_open(&b, key, none, plausible, why);
	cr_assert_eq(smsc_why_is_damage(why), damaged, "%s", reason);
	expect_why(got, reason);
}

Test(crypto_dpapi, blobs)
{
	static const uint32_t lengths[] = { 0, 1, 7, 41, 136, 512, 0x80000000u, UINT32_MAX, UINT32_MAX - 7 };
	for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++)
		expect_blob(signed_blob(0x6801, lengths[i], 16), anything, "key length that RC4 cannot have", false);
	expect_blob(signed_blob(0x6801, 40, 16), NULL, "no known form", false);
	expect_blob(signed_blob(0x6699, 40, 16), anything, "cipher 0x6699 unknown", false);
	expect_blob(signed_blob(0x6603, 168, 15), NULL, "length", false);
	expect_blob(signed_blob(0x6603, 168, 0), NULL, "password of its own", false);
	smsc_blob b = signed_blob(0x6603, 168, 16);
	b.hash = 0x8002;
	expect_blob(b, NULL, "hash 0x8002 unknown", false);
	b = signed_blob(0x6603, 168, 16);
	b.sign.size = 0;
	expect_blob(b, NULL, "signature is wrong", true);
	b.sign.size = 19;
	expect_blob(b, NULL, "signature is wrong", true);
	b.sign = (smsc_span){ NULL, 0 };
	expect_blob(b, NULL, "signature is wrong", true);
}

/* The length of the key is the evidence's for RC4 alone: for 3DES Windows writes 168 or 192,
 * and whatever else stands there, the cipher decides. */
Test(crypto_dpapi, rc4_of_every_length)
{
	for (uint32_t bits = 8; bits <= 128; bits += 8) {
		smsc_blob b = signed_blob(0x6801, bits, 16);
		smsc_secret *plain = smsc_blob_open(&b, (smsc_span){ key_sha1, 20 }, (smsc_span){ NULL, 0 }, anything, why);
		cr_assert_not_null(plain, "%u bits: %s", bits, why);
		cr_assert_eq(smsc_secret_size(plain), 16);
		smsc_secret_free(plain);
	}
}

Test(crypto_dpapi, aux_of_every_length)
{
	for (size_t size = 0; size < 40; size++) {
		smsc_blob b = signed_blob(0x6801, 40, 16);
		b.aux = (smsc_span){ bytes, size };
		smsc_secret *plain = smsc_blob_open(&b, (smsc_span){ key_sha1, 20 }, (smsc_span){ NULL, 0 }, anything, why);
		cr_assert_not_null(plain);
		smsc_secret_free(plain);
	}
}

/* ---- LSA ---- */

Test(crypto_dpapi, boot_keys)
{
	uint8_t classes[64];
	for (size_t i = 0; i < 64; i++)
		classes[i] = i % 2 ? 0 : '0';
	smsc_secret *key = smsc_boot_key((smsc_span){ classes, 64 }, why);
	cr_assert_not_null(key);
	smsc_secret_free(key);
	for (size_t size = 0; size < 64; size++)
		expect_why(smsc_boot_key((smsc_span){ classes, size }, why), "not 32 digits");
	for (size_t i = 0; i < 64; i++) {
		uint8_t kept = classes[i];
		classes[i] = i % 2 ? 1 : 'g';
		expect_why(smsc_boot_key((smsc_span){ classes, 64 }, why), "not hex digits");
		classes[i] = kept;
	}
}

typedef smsc_secret *open_fn(smsc_span, const smsc_secret *, smsc_why);

Test(crypto_dpapi, lsa_values_of_every_length)
{
	open_fn *const all[] = { smsc_lsa_key_nt5, smsc_lsa_key_nt6, smsc_lsa_secret_nt5, smsc_lsa_secret_nt6 };
	static const size_t keys[] = { 0, 16, 32 };
	for (size_t k = 0; k < 3; k++) {
		smsc_secret *key = smsc_secret_copy(bytes, keys[k]);
		for (size_t size = 0; size < 300; size++)
			for (size_t i = 0; i < 4; i++) {
				uint8_t *value = malloc(size ? size : 1);
				memset(value, 3, size);
				smsc_secret *got = all[i]((smsc_span){ size ? value : NULL, size }, key, why);
				cr_assert(!got && why[0], "value %zu of %zu bytes", i, size);
				why[0] = '\0';
				free(value);
			}
		smsc_secret_free(key);
	}
}

Test(crypto_dpapi, lsa_secret_that_says_it_is_huge)
{
	static uint8_t value[1 << 20];
	smsc_secret *key = smsc_secret_copy(bytes, 16);
	const uint32_t sizes[] = { (1 << 20) - 12, 0xfffffff8u, 0x7ffffff8, (1 << 20) - 8, 70000 };
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		for (int j = 0; j < 4; j++)
			value[j] = (uint8_t)(sizes[i] >> 8 * j);
		expect_why(smsc_lsa_secret_nt5((smsc_span){ value, sizeof value }, key, why), "contradicts");
	}
	smsc_secret_free(key);
}

/* A list that says it has four thousand million keys. */
Test(crypto_dpapi, lsa_key_list_without_end)
{
	uint8_t value[60 + 256] = { 0 }, aes[32];
	static smsc_span parts[1001];
	smsc_secret *boot = smsc_secret_copy(bytes, 16);
	parts[0] = of(boot);
	for (int i = 1; i <= 1000; i++)
		parts[i] = (smsc_span){ value + 28, 32 };
	cr_assert(smsc_digest_parts("SHA2-256", parts, 1001, aes));
	uint8_t plain[256] = { 0 };
	memset(plain + 40, 0xff, 4);
	value[20] = 3;
	cr_assert_null(smsc_cipher_encrypt(smsc_cipher_named("AES-256-ECB"), (smsc_span){ aes, 32 }, NULL,
	                                   (smsc_span){ plain, 256 }, value + 60));
	expect_why(smsc_lsa_key_nt6((smsc_span){ value, sizeof value }, boot, why), "not of one machine");
	smsc_secret_free(boot);
}
