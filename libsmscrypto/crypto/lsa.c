/* lsa.c - what the SYSTEM and SECURITY hives of one machine open together. */
#include "lsa.h"

#include <stdio.h>
#include <string.h>

#include "../base/cursor.h"
#include "../base/text.h"
#include "cipher.h"
#include "mac.h"

enum { BOOT_KEY = 16, LSA_NT5 = 16, LSA_NT6 = 32, STRETCH = 1000 };
/* LsaStorePrivateData takes no more; a hostile hive could make megabytes of single DES of it. */
enum { MAX_SECRET = 65536 + 64 };

static const char other_machine[] = "the boot key does not open it: SYSTEM and SECURITY are not of one machine";

static smsc_span span_of(const smsc_secret *s)
{
	return smsc_span_of(smsc_secret_data((smsc_secret *)(uintptr_t)s), smsc_secret_size(s));
}

smsc_secret *smsc_boot_key(smsc_span classes, smsc_why why)
{
	static const uint8_t order[BOOT_KEY] = { 8, 5, 4, 2, 11, 9, 13, 3, 0, 6, 1, 12, 14, 10, 15, 7 };
	const uint8_t *p = classes.data;
	uint8_t raw[BOOT_KEY];
	if (classes.size != 4 * BOOT_KEY)
		return smsc_because(why, "the class names of JD, Skew1, GBG and Data are not 32 digits");
	for (size_t i = 0; i < BOOT_KEY; i++) {
		int high = p[4 * i + 1] ? -1 : smsc_hex_digit((char)p[4 * i]);
		int low = p[4 * i + 3] ? -1 : smsc_hex_digit((char)p[4 * i + 2]);
		if (high < 0 || low < 0)
			return smsc_because(why, "the class names of JD, Skew1, GBG and Data are not hex digits");
		raw[i] = (uint8_t)(high << 4 | low);
	}
	smsc_secret *key = smsc_secret_new(BOOT_KEY);
	for (size_t i = 0; key && i < BOOT_KEY; i++)
		smsc_secret_data(key)[i] = raw[order[i]];
	smsc_wipe(raw, sizeof raw);
	return key ? key : smsc_because(why, smsc_no_memory);
}

/* H(key, salt repeated 1000 times): how both generations make a key of a key. */
static bool stretched(const char *digest, smsc_span key, smsc_span salt, uint8_t *out)
{
	smsc_span parts[1 + STRETCH] = { key };
	for (int i = 1; i <= STRETCH; i++)
		parts[i] = salt;
	return smsc_digest_parts(digest, parts, 1 + STRETCH, out);
}

/* ---- NT 5.0 to 5.2 ---- */

smsc_secret *smsc_lsa_key_nt5(smsc_span value, const smsc_secret *boot_key, smsc_why why)
{
	/* The same 16 bytes on every machine seen, and a GUID of May 1999, when Windows 2000 was
	 * made: they tell that the two hives belong together. */
	static const uint8_t constant[16] = { 0x80, 0x3a, 0xce, 0xf0, 0x5f, 0x15, 0xd3, 0x11,
	                                      0xb7, 0xe6, 0x00, 0x80, 0x5f, 0x48, 0xca, 0xeb };
	uint8_t rc4[16], plain[48];
	if (value.size != 76)
		return smsc_because(why, "PolSecretEncryptionKey is not 76 bytes");
	if (!stretched("MD5", span_of(boot_key), smsc_span_cut(value, 60, 16), rc4))
		return smsc_because(why, smsc_no_memory);
	const char *refused = smsc_cipher_decrypt(smsc_cipher_named("RC4"), smsc_span_of(rc4, 16), NULL,
	                                          smsc_span_cut(value, 12, 48), plain);
	smsc_wipe(rc4, sizeof rc4);
	if (!refused && memcmp(plain, constant, sizeof constant))
		refused = other_machine;
	smsc_secret *key = refused ? NULL : smsc_secret_copy(plain + 16, LSA_NT5);
	smsc_wipe(plain, sizeof plain);
	return key ? key : smsc_because(why, refused ? refused : smsc_no_memory);
}

/* Seven bytes to the eight that DES wants: seven bits in each, the low one is parity. */
static void spread(const uint8_t in[7], uint8_t out[8])
{
	uint64_t bits = 0;
	for (int i = 0; i < 7; i++)
		bits = bits << 8 | in[i];
	for (int i = 0; i < 8; i++)
		out[i] = (uint8_t)((bits >> (49 - 7 * i) & 0x7f) << 1);
}

/* DES-ECB with a key that moves seven bytes on through the LSA key after each block; where
 * fewer than seven are left, it begins again at as many bytes as are left. */
static const char *rolling_des(smsc_span key, smsc_span in, uint8_t *out)
{
	const smsc_cipher *des = smsc_cipher_named("DES-ECB");
	const char *refused = NULL;
	uint8_t key8[8];
	size_t at = 0;
	for (size_t i = 0; !refused && i + 8 <= in.size; i += 8) {
		spread((const uint8_t *)key.data + at, key8);
		refused = smsc_cipher_decrypt(des, smsc_span_of(key8, 8), NULL, smsc_span_cut(in, i, 8), out + i);
		at += 7;
		if (at + 7 > key.size)
			at = key.size - at;
	}
	smsc_wipe(key8, sizeof key8);
	return refused;
}

/* u32 length, u32 version 1, data. */
static smsc_secret *take_out(smsc_secret *plain, smsc_why why)
{
	const uint8_t *p = smsc_secret_data(plain);
	size_t size = smsc_secret_size(plain);
	smsc_secret *data = NULL;
	if (size < 8 || smsc_le32(p + 4) != 1 || smsc_le32(p) > size - 8)
		smsc_because(why, "the LSA key does not open it");
	else if (!(data = smsc_secret_copy(p + 8, smsc_le32(p))))
		smsc_because(why, smsc_no_memory);
	smsc_secret_free(plain);
	return data;
}

smsc_secret *smsc_lsa_secret_nt5(smsc_span value, const smsc_secret *lsa_key, smsc_why why)
{
	/* The header holds a pointer: 12 bytes on x86, 16 on x64.  So count from the end. */
	uint32_t n = value.size >= 4 ? smsc_le32(value.data) : 0;
	if (value.size < 12 || n > value.size - 12 || n % 8 || n > MAX_SECRET)
		return smsc_because(why, "its length contradicts the value");
	if (smsc_secret_size(lsa_key) != LSA_NT5)
		return smsc_because(why, "this is no LSA key of NT 5");
	smsc_secret *plain = smsc_secret_new(n);
	if (!plain)
		return smsc_because(why, smsc_no_memory);
	const char *refused = rolling_des(span_of(lsa_key), smsc_span_cut(value, value.size - n, n),
	                                  smsc_secret_data(plain));
	if (!refused)
		return take_out(plain, why);
	smsc_secret_free(plain);
	return smsc_because(why, refused);
}

/* ---- NT 6 and later ---- */

/* version, GUID of the key, algorithm 3, flags, salt (32 bytes), AES-256 with each block alone. */
static smsc_secret *open_sealed(smsc_span value, smsc_span key, smsc_why why)
{
	uint8_t aes[32];
	smsc_span salt = smsc_span_cut(value, 28, 32), in = smsc_span_cut(value, 60, value.size);
	if (value.size < 76 || in.size % 16 || smsc_le32((const uint8_t *)value.data + 20) != 3)
		return smsc_because(why, "it is not sealed with AES-256 as NT 6 does");
	smsc_secret *plain = smsc_secret_new(in.size);
	if (!plain)
		return smsc_because(why, smsc_no_memory);
	const char *refused = smsc_no_memory;
	if (stretched("SHA2-256", key, salt, aes))
		refused = smsc_cipher_decrypt(smsc_cipher_named("AES-256-ECB"), smsc_span_of(aes, 32), NULL, in,
		                              smsc_secret_data(plain));
	smsc_wipe(aes, sizeof aes);
	if (!refused)
		return plain;
	smsc_secret_free(plain);
	return smsc_because(why, refused);
}

/* After the 16-byte head: 3, GUID of the current key, 3, count; then for each key its GUID,
 * type 3, length 32 and itself.  The current one, or NULL. */
static const uint8_t *current_key(smsc_span plain)
{
	smsc_cur c = smsc_cur_of(plain, 0);
	smsc_cur_take(&c, 16 + 4);
	smsc_span current = smsc_cur_take(&c, 16);
	smsc_cur_take(&c, 4);
	uint32_t count = smsc_cur_u32(&c);
	/* Ends with the bytes, whatever the count says. */
	for (uint32_t i = 0; i < count && smsc_cur_ok(&c); i++) {
		smsc_span guid = smsc_cur_take(&c, 16);
		smsc_cur_take(&c, 4);
		smsc_span key = smsc_cur_run32(&c);
		if (smsc_cur_ok(&c) && key.size == LSA_NT6 && !memcmp(guid.data, current.data, 16))
			return key.data;
	}
	return NULL;
}

smsc_secret *smsc_lsa_key_nt6(smsc_span value, const smsc_secret *boot_key, smsc_why why)
{
	smsc_secret *plain = open_sealed(value, span_of(boot_key), why);
	if (!plain)
		return NULL;
	const uint8_t *found = current_key(span_of(plain));
	smsc_secret *key = found ? smsc_secret_copy(found, LSA_NT6) : NULL;
	smsc_secret_free(plain);
	return key ? key : smsc_because(why, found ? smsc_no_memory : other_machine);
}

smsc_secret *smsc_lsa_secret_nt6(smsc_span value, const smsc_secret *lsa_key, smsc_why why)
{
	smsc_secret *plain = open_sealed(value, span_of(lsa_key), why);
	if (!plain)
		return NULL;
	/* u32 length, 12 bytes, data */
	const uint8_t *p = smsc_secret_data(plain);
	bool fits = smsc_le32(p) <= smsc_secret_size(plain) - 16;
	smsc_secret *data = fits ? smsc_secret_copy(p + 16, smsc_le32(p)) : NULL;
	smsc_secret_free(plain);
	return data ? data : smsc_because(why, fits ? smsc_no_memory : "the LSA key does not open it");
}
