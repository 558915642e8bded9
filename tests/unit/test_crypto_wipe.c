/* test_crypto_wipe.c - when all is given back, no secret is left anywhere in the process.
 *
 * The secrets are known from the corpus.  They are kept with every bit turned, here too, and
 * each page that can be written is searched for them. */
#include "crypto_test.h"

#include <inttypes.h>
#include <stdio.h>

#include "../sample.h"
#include "base/cursor.h"
#include "crypto/domain_key.h"
#include "crypto/dpapi.h"
#include "crypto/export.h"
#include "crypto/lsa.h"

enum { NEEDLE = 12, NEEDLES = 40 };
static struct {
	uint8_t turned[NEEDLE];
	const char *name;
} needles[NEEDLES];
static size_t needle_count;
static char first[256];  /* what was found, and where */
static smsc_why why;

/* The part of a secret at `at`; it is not looked for when it is all zeros. */
static void seek(smsc_span s, size_t at, const char *name)
{
	cr_assert(needle_count < NEEDLES && s.size >= at + NEEDLE, "%s", name);
	for (size_t i = 0; i < NEEDLE; i++)
		needles[needle_count].turned[i] = (uint8_t)~((const uint8_t *)s.data)[at + i];
	needles[needle_count++].name = name;
}

static void seek_backwards(smsc_span s, const char *name)
{
	uint8_t big[NEEDLE];
	for (size_t i = 0; i < NEEDLE; i++)
		big[i] = ((const uint8_t *)s.data)[s.size - 1 - i];
	seek((smsc_span){ big, NEEDLE }, 0, name);
	smsc_wipe(big, sizeof big);
}

static bool is_here(const volatile uint8_t *p, size_t needle)
{
	size_t i = 0;
	while (i < NEEDLE && p[i] + needles[needle].turned[i] == 0xff)
		i++;
	return i == NEEDLE;
}

static int search(uintptr_t from, uintptr_t to, const char *where)
{
	int found = 0;
	for (uintptr_t at = from; at + NEEDLE <= to; at++)
		for (size_t i = 0; i < needle_count; i++)
			if (is_here((const volatile uint8_t *)at, i)) {
				if (!found++)
					snprintf(first, sizeof first, "%s at %#" PRIxPTR " in %s", needles[i].name, at, where);
			}
	return found;
}

/* A sanitizer has shadows of terabytes, and takes the search for an overrun. */
static void skip_with_sanitizer(void)
{
#ifdef __SANITIZE_ADDRESS__
	cr_skip_test("not with AddressSanitizer");
#elif defined(__has_feature)
#  if __has_feature(address_sanitizer)
	cr_skip_test("not with AddressSanitizer");
#  endif
#endif
}

static int search_process(void)
{
	static char line[512];
	FILE *maps = fopen("/proc/self/maps", "r");
	int found = 0;
	cr_assert_not_null(maps);
	while (fgets(line, sizeof line, maps)) {
		uintptr_t from, to;
		char mode[8], *name = strchr(line, '/') ? strrchr(line, '/') : strchr(line, '[');
		if (sscanf(line, "%" SCNxPTR "-%" SCNxPTR " %7s", &from, &to, mode) == 3 && !strncmp(mode, "rw", 2))
			found += search(from, to, name ? strtok(name, "\n") : "memory of its own");
	}
	fclose(maps);
	return found;
}

static smsc_span corpus(const char *rel)
{
	const char *path = sample_path("SMSC_CORPUS", rel);
	smsc_span s = path ? sample_load(path) : (smsc_span){ NULL, 0 };
	cr_assert_not_null(s.data, "%s", rel);
	return s;
}

/* The text of the first `key` behind `section`; the files of answers are written by one
 * program, and end with a brace. */
static const char *known_text(smsc_span json, const char *section, const char *key)
{
	char quoted[64];
	snprintf(quoted, sizeof quoted, "\"%s\": ", section);
	const char *p = memmem(json.data, json.size, quoted, strlen(quoted));
	snprintf(quoted, sizeof quoted, "\"%s\": \"", key);
	p = p ? memmem(p, json.size - (size_t)(p - (const char *)json.data), quoted, strlen(quoted)) : NULL;
	cr_assert_not_null(p, "%s", key);
	return p + strlen(quoted);
}

static smsc_secret *known(smsc_span json, const char *section, const char *key)
{
	const char *p = known_text(json, section, key);
	smsc_secret *out = smsc_secret_new(strcspn(p, "\"") / 2);
	for (size_t i = 0; i < smsc_secret_size(out); i++)
		smsc_secret_data(out)[i] = (uint8_t)(smsc_hex_digit(p[2 * i]) << 4 | smsc_hex_digit(p[2 * i + 1]));
	return out;
}

/* ---- the way from the secret to the exported key, which is wiped at its end ---- */

static smsc_secret *open_master(smsc_span prekey)
{
	smsc_span file = corpus("dpapi-masterkey/3des-machine");
	const uint8_t *p = (const uint8_t *)file.data + 128;
	smsc_slot slot = { smsc_le32(p + 20), smsc_le32(p + 24), smsc_le32(p + 28), { p + 4, 16 },
	                   { p + 32, smsc_le32((const uint8_t *)file.data + 96) - 32 } };
	smsc_secret *key = smsc_slot_open(&slot, prekey, 64, 100000, why);
	cr_assert_not_null(key, "%s", why);
	sample_free(file);
	return key;
}

static smsc_blob blob_of(smsc_span in)
{
	smsc_blob b = { .cipher = 0 };
	smsc_cur c = smsc_cur_of(in, 0);
	smsc_cur_take(&c, 44);
	smsc_cur_run32(&c);
	b.cipher = smsc_cur_u32(&c);
	b.key_bits = smsc_cur_u32(&c);
	b.salt = smsc_cur_run32(&c);
	b.aux = smsc_cur_run32(&c);
	b.hash = smsc_cur_u32(&c);
	smsc_cur_u32(&c);
	b.nonce = smsc_cur_run32(&c);
	b.data = smsc_cur_run32(&c);
	b.signed_part = (smsc_span){ (const uint8_t *)in.data + 20, c.at - 20 };
	b.sign = smsc_cur_run32(&c);
	cr_assert(smsc_cur_ok(&c));
	return b;
}

/* The private key of the exchange pair, which is the only one. */
static smsc_secret *open_private(smsc_span sha1, smsc_rsa *k)
{
	smsc_span file = corpus("capi-container/exchange-only");
	const uint8_t *p = file.data;
	size_t at = 40 + smsc_le32(p + 8) + smsc_le32(p + 28);
	smsc_span public_part = smsc_span_cut(file, at, smsc_le32(p + 20));
	smsc_blob b = blob_of(smsc_span_cut(file, at + public_part.size, smsc_le32(p + 24)));
	smsc_secret *plain = smsc_blob_open(&b, sha1, (smsc_span){ NULL, 0 }, NULL, why);
	cr_assert_not_null(plain, "%s", why);
	cr_assert(smsc_rsa_of_bsafe(of(plain), k));
	cr_assert_eq(smsc_rsa_check(k, smsc_span_cut(public_part, 20, public_part.size), 65537), SMSC_KEY_VERIFIED);
	sample_free(file);
	return plain;
}

static void export_all(const smsc_rsa *k)
{
	static const char certificate[] = "not a certificate";
	const smsc_private_key key = { k, NULL, true };
	smsc_span pass = { "passphrase", 10 }, none = { NULL, 0 };
	smsc_secret *all[] = {
		smsc_export_pem(&key, none, why), smsc_export_pem(&key, pass, why), smsc_export_blob(&key, why),
		smsc_export_pvk(&key, none, why), smsc_export_pvk(&key, pass, why),
		smsc_export_pfx(&key, text(certificate), pass, why),
	};
	seek(of(all[0]), 28 + 65 * 4, "a line of the PEM file");
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		cr_assert_not_null(all[i], "%s", why);
		smsc_secret_free(all[i]);
	}
}

static void use_key(smsc_span sha1)
{
	smsc_rsa k;
	smsc_secret *plain = open_private(sha1, &k);
	seek(k.p, 4, "p");
	seek_backwards(k.p, "p, big-endian");
	seek(k.q, 4, "q");
	seek(k.dp, 4, "d mod p-1");
	seek(k.qinv, 4, "the coefficient");
	seek_backwards(k.qinv, "the coefficient, big-endian");
	seek(k.d, 4, "d");
	seek_backwards(k.d, "d, big-endian");
	export_all(&k);
	smsc_secret_free(plain);
}

static void whole_way(void)
{
	smsc_span json = corpus("SAMPLES.json");
	smsc_secret *half = known(json, "shared", "machine_half"), *sha1 = known(json, "master_key", "sha1");
	sample_free(json);
	smsc_secret *master = open_master(of(half));
	seek(of(half), 4, "DPAPI_SYSTEM");
	seek(of(master), 0, "master key");
	seek(of(master), 52, "end of the master key");
	seek(of(sha1), 0, "SHA-1 of the master key");
	use_key(of(sha1));
	smsc_secret_free(master);
	smsc_secret_free(sha1);
	smsc_secret_free(half);
}

static void domain_way(void)
{
	smsc_span pvk = corpus("pvk/domain-backup.pvk"), file = corpus("dpapi-masterkey/domain-3des");
	const uint8_t *p = file.data;
	smsc_span slot = smsc_span_cut(file, 128 + smsc_le32(p + 96) + smsc_le32(p + 104) + smsc_le32(p + 112), file.size);
	smsc_secret *given = smsc_secret_copy(pvk.data, pvk.size);
	smsc_wipe((void *)(uintptr_t)pvk.data, pvk.size);
	smsc_domain_slot s = { 2, smsc_span_cut(slot, 28, 256), smsc_span_cut(slot, 284, 88) };
	smsc_rsa backup;
	cr_assert(smsc_backup_key_read(of(given), &backup, why));
	smsc_secret *key = smsc_domain_slot_open(&s, &backup, why);
	cr_assert_not_null(key, "%s", why);
	seek(of(key), 0, "master key of the domain slot");
	seek(backup.p, 4, "p of the backup key");
	seek(backup.d, 4, "d of the backup key");
	smsc_secret_free(key);
	smsc_secret_free(given);
	sample_free(pvk);
	sample_free(file);
}

static void lsa_way(void)
{
	smsc_span json = corpus("incident-2005/ANSWERS.json");
	char classes[64] = "";
	static const char *const names[] = { "JD", "Skew1", "GBG", "Data" };
	for (int i = 0; i < 4; i++)
		for (int j = 0; j < 8; j++)
			classes[16 * i + 2 * j] = known_text(json, "class_names", names[i])[j];
	smsc_secret *boot = smsc_boot_key((smsc_span){ classes, 64 }, why);
	cr_assert_not_null(boot, "%s", why);
	seek(of(boot), 0, "boot key");
	uint8_t value[76] = { 1 };
	cr_assert_null(smsc_lsa_key_nt5((smsc_span){ value, 76 }, boot, why));
	smsc_secret_free(boot);
	sample_free(json);
}

Test(crypto_wipe, the_search_finds)
{
	skip_with_sanitizer();
	static uint8_t kept[64] = "a secret that is still there";
	uint8_t *heap = malloc(64);
	memcpy(heap, kept, 64);
	seek((smsc_span){ kept, 64 }, 0, "a secret");
	cr_assert_geq(search_process(), 2);
	smsc_wipe(kept, sizeof kept);
	smsc_wipe(heap, 64);
	cr_assert_eq(search_process(), 0, "%s", first);
	free(heap);
}

Test(crypto_wipe, nothing_is_left)
{
	skip_with_sanitizer();
	whole_way();
	domain_way();
	lsa_way();
	cr_assert_geq(needle_count, 17);
	int found = search_process();
	cr_assert_eq(found, 0, "%d times, %s", found, first);
}
