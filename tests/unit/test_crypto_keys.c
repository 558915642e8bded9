/* test_crypto_keys.c - private keys of impossible forms, and exports that cannot be.  Numbers:
 * a key of 512 bits made by `openssl genrsa`, and toys that fit on paper. */
#include "crypto_test.h"

#include <stdio.h>
#include <stdlib.h>

#include "crypto/cng.h"
#include "crypto/domain_key.h"
#include "crypto/export.h"

static smsc_why why;

/* p = 61, q = 53, e = 17, d = 413 */
static const smsc_rsa toy = { 16, 17, { "\xa1\x0c", 2 }, { "\x3d", 1 }, { "\x35", 1 }, { "\x35", 1 },
                              { "\x31", 1 }, { "\x26", 1 }, { "\x9d\x01", 2 } };

Test(crypto_keys, rsa_on_paper)
{
	smsc_span n = { "\xa1\x0c\0\0\0\0", 6 };
	uint8_t out[2];
	cr_assert_eq(smsc_rsa_check(&toy, n, 17), SMSC_KEY_VERIFIED);
	cr_assert_eq(smsc_rsa_check(&toy, (smsc_span){ NULL, 0 }, 0), SMSC_KEY_VERIFIED);
	cr_assert_eq(smsc_rsa_check(&toy, n, 3), SMSC_KEY_MISMATCH);
	cr_assert_eq(smsc_rsa_check(&toy, (smsc_span){ "\xa3\x0c", 2 }, 17), SMSC_KEY_MISMATCH);
	/* 65^17 mod 3233 = 2790, the example of the textbooks. */
	cr_assert(smsc_rsa_decrypt(&toy, (smsc_span){ "\xe6\x0a", 2 }, out));
	expect_bytes((smsc_span){ out, 2 }, hex("4100"), "decrypted");
}

Test(crypto_keys, public_modulus_longer_than_any_key)
{
	static uint8_t long_one[5000];
	memcpy(long_one, "\xa1\x0c", 2);
	cr_assert_eq(smsc_rsa_check(&toy, (smsc_span){ long_one, sizeof long_one }, 17), SMSC_KEY_MISMATCH);
	cr_assert_eq(smsc_rsa_check(&toy, (smsc_span){ long_one, 2056 }, 17), SMSC_KEY_VERIFIED);
}

/* Any part of the toy replaced by any byte: sound only as it was, or with the same meaning
 * (d and d + lcm(p-1, q-1) do the same). */
Test(crypto_keys, rsa_with_one_wrong_part)
{
	for (int part = 0; part < 5; part++)
		for (int value = 0; value < 256; value++) {
			uint8_t byte = (uint8_t)value;
			smsc_rsa k = toy;
			smsc_span *parts[] = { &k.p, &k.q, &k.dp, &k.dq, &k.qinv };
			bool same = byte == *(const uint8_t *)parts[part]->data;
			*parts[part] = (smsc_span){ &byte, 1 };
			bool whole = smsc_rsa_check(&k, k.n, 17) == SMSC_KEY_VERIFIED;
			/* dp, dq and the coefficient are right modulo p-1, q-1 and p. */
			static const int modulus[] = { 0, 0, 60, 52, 61 }, right[] = { 0, 0, 53, 49, 38 };
			bool as_good = part > 1 && value % modulus[part] == right[part];
			cr_assert_eq(whole, same || as_good, "part %d is %d", part, value);
		}
}

Test(crypto_keys, rsa_of_nothing)
{
	smsc_rsa k = toy;
	smsc_span *parts[] = { &k.n, &k.p, &k.q, &k.dp, &k.dq, &k.qinv, &k.d };
	for (int i = 0; i < 7; i++) {
		smsc_span kept = *parts[i];
		*parts[i] = (smsc_span){ NULL, 0 };
		cr_assert_eq(smsc_rsa_check(&k, (smsc_span){ NULL, 0 }, 0), SMSC_KEY_DAMAGED, "without part %d", i);
		*parts[i] = kept;
	}
	k.exponent = 0;
	cr_assert_eq(smsc_rsa_check(&k, (smsc_span){ NULL, 0 }, 0), SMSC_KEY_DAMAGED);
}

/* Three factors: all congruences can hold modulo a p that is no prime, but the key is useless. */
Test(crypto_keys, factors_that_are_no_primes)
{
	/* p = 9, q = 11, n = 99, e = 3: dp = 3 (3*3 = 1 mod 8), dq = 7, qinv = 5, d = 27 */
	smsc_rsa k = { 8, 3, { "\x63", 1 }, { "\x09", 1 }, { "\x0b", 1 }, { "\x03", 1 }, { "\x07", 1 },
	               { "\x05", 1 }, { "\x1b", 1 } };
	cr_assert_eq(smsc_rsa_check(&k, (smsc_span){ NULL, 0 }, 0), SMSC_KEY_DAMAGED);
}

/* ---- forms ---- */

static uint8_t form[70000];

static void put32(size_t at, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		form[at + (size_t)i] = (uint8_t)(v >> 8 * i);
}

static const uint32_t odd_bits[] = { 0, 1, 8, 15, 17, 1000, 16385, 16400, 1 << 19, 0x7fffffff, 0x80000000u, UINT32_MAX,
                                     UINT32_MAX - 15 };

Test(crypto_keys, bsafe_and_blob_headers)
{
	smsc_rsa k;
	for (size_t i = 0; i < sizeof odd_bits / sizeof *odd_bits; i++) {
		memcpy(form, "RSA2", 4);
		put32(8, odd_bits[i]);
		cr_assert_not(smsc_rsa_of_bsafe((smsc_span){ form, sizeof form }, &k), "%u bits", odd_bits[i]);
		put32(0, 0x0207);
		memcpy(form + 8, "RSA2", 4);
		put32(12, odd_bits[i]);
		cr_assert_not(smsc_rsa_of_blob((smsc_span){ form, sizeof form }, &k), "%u bits", odd_bits[i]);
	}
	for (size_t size = 0; size < 344; size++) {
		memcpy(form, "RSA2", 4);
		put32(8, 512);
		uint8_t *exact = malloc(size ? size : 1);
		memcpy(exact, form, size);
		cr_assert_not(smsc_rsa_of_bsafe((smsc_span){ exact, size }, &k), "%zu bytes", size);
		free(exact);
	}
	put32(8, 512);
	cr_assert(smsc_rsa_of_bsafe((smsc_span){ form, 344 }, &k));
	cr_assert_eq((size_t)((const uint8_t *)k.d.data - form) + k.d.size + 8, 344);
	put32(8, 16384);
	cr_assert(smsc_rsa_of_bsafe((smsc_span){ form, sizeof form }, &k));
}

Test(crypto_keys, bcrypt_headers)
{
	smsc_rsa k;
	smsc_secret *kept;
	for (size_t i = 0; i < sizeof odd_bits / sizeof *odd_bits; i++) {
		memcpy(form, "RSA2", 4);
		put32(4, odd_bits[i]);
		for (size_t at = 8; at < 24; at += 4)
			put32(at, odd_bits[i] / (at == 12 ? 8 : 16));
		cr_assert_eq(smsc_rsa_of_bcrypt((smsc_span){ form, sizeof form }, &k, &kept), 0, "%u bits", odd_bits[i]);
		cr_assert_null(kept);
	}
	/* Lengths that contradict the bits, or overrun. */
	static const uint32_t right[] = { 512, 3, 64, 32, 32 };
	for (int field = 1; field < 5; field++)
		for (uint32_t size = 0; size < 300; size++) {
			for (size_t i = 0; i < 5; i++)
				put32(4 + 4 * i, right[i]);
			put32(4 + 4 * (size_t)field, size == 299 ? UINT32_MAX : size);
			bool fits = size == right[field] || (field == 1 && size < 5);
			int got = smsc_rsa_of_bcrypt((smsc_span){ form, sizeof form }, &k, &kept);
			cr_assert_eq(got, fits, "field %d is %u", field, size);
			smsc_secret_free(kept);
		}
}

/* The toy in CNG's form would have 16 bits; all that "RSA2" leaves out is computed. */
Test(crypto_keys, bcrypt_on_paper)
{
	smsc_rsa k;
	smsc_secret *kept = NULL;
	smsc_span blob = hex("52534132" "10000000" "01000000" "02000000" "01000000" "01000000" "11" "0ca1" "3d" "35");
	cr_assert_eq(smsc_rsa_of_bcrypt(blob, &k, &kept), 1);
	expect_bytes(k.dp, hex("35"), "dp");
	expect_bytes(k.dq, hex("31"), "dq");
	expect_bytes(k.qinv, hex("26"), "coefficient");
	/* e^-1 mod (p-1)(q-1) = 2753 */
	expect_bytes(k.d, hex("c10a"), "d");
	cr_assert_eq(smsc_rsa_check(&k, toy.n, 17), SMSC_KEY_VERIFIED);
	smsc_secret_free(kept);
	/* "RSA3" has them all, and its d is believed no more than any. */
	static const char head[] = "52534133" "10000000" "01000000" "02000000" "01000000" "01000000" "11" "0ca1" "3d" "35" "35" "31" "26";
	char full[128];
	snprintf(full, sizeof full, "%s019d", head);
	cr_assert_eq(smsc_cng_check(hex(full), (smsc_span){ NULL, 0 }), SMSC_KEY_VERIFIED);
	snprintf(full, sizeof full, "%s019f", head);
	cr_assert_eq(smsc_cng_check(hex(full), (smsc_span){ NULL, 0 }), SMSC_KEY_DAMAGED);
	/* e = 15 has no inverse: it is a key, and a damaged one. */
	blob = hex("52534132" "10000000" "01000000" "02000000" "01000000" "01000000" "0f" "0ca1" "3d" "35");
	cr_assert_eq(smsc_cng_check(blob, (smsc_span){ NULL, 0 }), SMSC_KEY_DAMAGED);
}

Test(crypto_keys, cng_blobs_of_every_length)
{
	static const char *const magics[] = { "RSA2", "RSA3", "ECS2", "ECS6", "ECK4", "KDBM", "DSPV" };
	smsc_cng k;
	for (size_t m = 0; m < sizeof magics / sizeof *magics; m++)
		for (size_t size = 0; size < 260; size++) {
			uint8_t *exact = calloc(1, size ? size : 1);
			memcpy(exact, magics[m], size < 4 ? size : 4);
			if (size > 4)
				exact[4] = m == 5 ? 1 : 66;
			smsc_span blob = { exact, size };
			if (smsc_cng_read(blob, &k))
				cr_assert_neq(smsc_cng_check(blob, blob), SMSC_KEY_VERIFIED, "%s, %zu bytes", magics[m], size);
			else
				cr_assert_eq(smsc_cng_check(blob, blob), SMSC_KEY_UNCHECKED);
			free(exact);
		}
}

Test(crypto_keys, symmetric_cng_keys)
{
	smsc_cng k;
	smsc_span whole = hex("4b44424d" "01000000" "04000000" "00112233");
	cr_assert(smsc_cng_read(whole, &k));
	cr_assert_str_eq(k.algorithm, "symmetric");
	cr_assert_eq(k.bits, 32);
	expect_bytes(k.key, hex("00112233"), "key");
	static const char *const wrong[] = { "4b44424d020000000400000000112233", "4b44424d010000000500000000112233",
	                                     "4b44424d0100000000000000", "4b44424d01000000ffffffff00" };
	for (size_t i = 0; i < 4; i++)
		cr_assert_not(smsc_cng_read(hex(wrong[i]), &k), "%s", wrong[i]);
}

/* ---- DSS ---- */

/* p = 23, q = 11, g = 4 of order 11, x = 7, y = 4^7 mod 23 = 8 */
static const smsc_dsa small = { 8, { "\x17", 1 }, { "\x0b", 1 }, { "\x04", 1 }, { "\x08", 1 }, { "\x07", 1 } };

static int power(int base, int exponent, int modulus)
{
	int out = 1;
	while (exponent--)
		out = out * base % modulus;
	return out;
}

Test(crypto_keys, dss_on_paper)
{
	for (int value = 0; value < 256; value++) {
		uint8_t byte = (uint8_t)value;
		smsc_dsa k = small;
		k.x = (smsc_span){ &byte, 1 };
		smsc_key_state want = value == 7 ? SMSC_KEY_VERIFIED : value == 0 || value > 10 ? SMSC_KEY_DAMAGED : SMSC_KEY_MISMATCH;
		cr_assert_eq(smsc_dsa_check(&k), want, "x = %d", value);
		k = small;
		k.g = (smsc_span){ &byte, 1 };
		cr_assert_eq(smsc_dsa_check(&k) == SMSC_KEY_VERIFIED, value == 4, "g = %d", value);
		k = small;
		k.p = (smsc_span){ &byte, 1 };
		/* 4^11 = 1 and 4^7 = 8 modulo 89, too. */
		bool whole = value % 2 && value > 4 && power(4, 11, value) == 1 && power(4, 7, value) == 8;
		cr_assert_eq(smsc_dsa_check(&k) == SMSC_KEY_VERIFIED, whole, "p = %d", value);
	}
}

Test(crypto_keys, dss_headers)
{
	smsc_dsa k;
	smsc_span x = { form, 20 };
	for (size_t i = 0; i < sizeof odd_bits / sizeof *odd_bits; i++)
		for (size_t field = 12; field < 24; field += 4) {
			memset(form, 0, 64);
			put32(0, 0x0307);
			memcpy(form + 8, "DSS4", 4);
			put32(12, 512);
			put32(16, 160);
			put32(field, odd_bits[i]);
			if (smsc_dsa_of_container((smsc_span){ form, 600 }, x, &k))
				cr_assert_leq((size_t)((const uint8_t *)k.y.data - form) + k.y.size, 600);
		}
	put32(12, 512);
	put32(16, 160);
	put32(20, 0);
	cr_assert(smsc_dsa_of_container((smsc_span){ form, 52 + 64 * 3 + 20 }, x, &k));
	cr_assert_not(smsc_dsa_of_container((smsc_span){ form, 52 + 64 * 3 + 19 }, x, &k));
	cr_assert_not(smsc_dsa_of_container((smsc_span){ form, 600 }, (smsc_span){ form, 65 }, &k));
	cr_assert_not(smsc_dsa_of_container((smsc_span){ form, 600 }, (smsc_span){ NULL, 0 }, &k));
}

/* ---- exports ---- */

static void expect_why(smsc_secret *got, const char *reason)
{
	cr_assert_null(got);
	cr_assert(strstr(why, reason), "\"%s\", not \"%s\"", why, reason);
	why[0] = '\0';
}

Test(crypto_keys, exports_that_cannot_be)
{
	const smsc_private_key k = { &toy, NULL, true }, dss = { NULL, &small, false };
	smsc_span none = { NULL, 0 }, empty = { "", 0 };
	expect_why(smsc_export_pem(&k, empty, why), "empty passphrase");
	expect_why(smsc_export_pvk(&k, empty, why), "empty passphrase");
	expect_why(smsc_export_pfx(&k, text("certificate"), none, why), "needs a passphrase");
	expect_why(smsc_export_pfx(&k, text("certificate"), empty, why), "needs a passphrase");
	expect_why(smsc_export_pfx(&k, text("certificate"), text("\xff"), why), "no UTF-8");
	smsc_rsa wide = toy;
	wide.qinv = (smsc_span){ "\1\1", 2 };
	const smsc_private_key bad = { &wide, NULL, true };
	expect_why(smsc_export_blob(&bad, why), "longer than the key");
	smsc_dsa large = small;
	large.x = (smsc_span){ "123456789012345678901", 21 };
	const smsc_private_key big = { NULL, &large, false };
	expect_why(smsc_export_blob(&big, why), "160 bits");
	smsc_secret *out = smsc_export_blob(&dss, why);
	cr_assert_not_null(out);
	expect_bytes((smsc_span){ smsc_secret_data(out), 16 }, hex("0702000000220000" "44535332" "08000000"), "DSS2");
	smsc_secret_free(out);
}

/* Put together by hand. */
Test(crypto_keys, smallest_pem)
{
	const smsc_private_key k = { &toy, NULL, true };
	smsc_secret *out = smsc_export_pem(&k, (smsc_span){ NULL, 0 }, why);
	cr_assert_not_null(out);
	static const char want[] = "-----BEGIN PRIVATE KEY-----\n"
		"MDMCAQAwDQYJKoZIhvcNAQEBBQAEHzAdAgEAAgIMoQIBEQICAZ0CAT0CATUCATUC\n"
		"ATECASY=\n-----END PRIVATE KEY-----\n";
	cr_assert_eq(smsc_secret_size(out), sizeof want - 1);
	cr_assert_arr_eq(smsc_secret_data(out), want, sizeof want - 1);
	smsc_secret_free(out);
}

Test(crypto_keys, backup_keys_of_every_length)
{
	smsc_rsa k;
	for (size_t size = 0; size < 200; size++)
		for (uint32_t first = 0; first < 3; first++) {
			uint8_t *exact = calloc(1, size ? size : 1);
			memcpy(exact, first == 0 ? "\x1e\xf1\xb5\xb0" : first == 1 ? "\2\0\0\0" : "\7\2\0\0", size < 4 ? size : 4);
			cr_assert_not(smsc_backup_key_read((smsc_span){ exact, size }, &k, why));
			cr_assert(why[0]);
			free(exact);
		}
}
