/* test_unlock_image.c - after the analysis of the whole incident no secret of it is left in the
 * process: no boot key, LSA key, DPAPI_SYSTEM, master key, no number of a private key.
 *
 * What is looked for is kept with every bit turned, so that it does not find itself. */
#include <inttypes.h>

#include "unlock_files.h"

enum { NEEDLE = 12, NEEDLES = 512, MAX_DER = 4096 };

static uint8_t needles[NEEDLES][NEEDLE];
static char names[NEEDLES][48];
static size_t count;

static uint8_t *new_needle(const char *name)
{
	cr_assert_lt(count, NEEDLES);
	snprintf(names[count], sizeof names[0], "%s", name);
	return needles[count++];
}

/* ---- answers -------------------------------------------------------------------------------- */

static void seek_hex(const char *name, const char *hex)
{
	uint8_t *n = new_needle(name);
	for (int i = 0; i < NEEDLE; i++)
		n[i] = (uint8_t)~(smsc_hex_digit(hex[2 * i]) << 4 | smsc_hex_digit(hex[2 * i + 1]));
}

/* Every value of that name in the answers, from its byte `skip` on. */
static void seek_all(smsc_span json, const char *name, size_t skip)
{
	char quoted[64];
	const char *at = json.data, *end = at + json.size;
	size_t before = count;
	snprintf(quoted, sizeof quoted, "\"%s\": \"", name);
	while ((at = memmem(at, (size_t)(end - at), quoted, strlen(quoted)))) {
		at += strlen(quoted);
		if (strcspn(at, "\"") >= 2 * (skip + NEEDLE) && strspn(at, "0123456789abcdef") == strcspn(at, "\""))
			seek_hex(name, at + 2 * skip);
	}
	cr_assert_gt(count, before, "%s", name);
}

/* ---- keys, which stand in PEM files ----------------------------------------------------------- */

static int base64(char c)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *p = c ? strchr(digits, c) : NULL;
	return p ? (int)(p - digits) : -1;
}

/* The DER in a PEM file, every bit turned. */
static size_t turned_der(smsc_span pem, uint8_t *out)
{
	const char *at = strchr(pem.data, '\n'), *end = (const char *)pem.data + pem.size;
	uint32_t bits = 0;
	size_t size = 0;
	int have = 0;
	for (; at < end && *at != '-'; at++) {
		int digit = base64(*at);
		if (digit < 0)
			continue;
		bits = bits << 6 | (uint32_t)digit;
		have += 6;
		if (have >= 8 && size < MAX_DER) {
			have -= 8;
			out[size++] = (uint8_t)~(bits >> have);
		}
	}
	return size;
}

static size_t der_head(const uint8_t *turned, size_t at, size_t *length)
{
	uint8_t first = (uint8_t)~turned[at + 1];
	size_t bytes = first < 0x80 ? 0 : first & 0x7f;
	*length = first;
	if (bytes)
		*length = 0;
	for (size_t i = 0; i < bytes; i++)
		*length = *length << 8 | (uint8_t)~turned[at + 2 + i];
	return at + 2 + bytes;
}

/* Both orders: OpenSSL's numbers and those of Windows lie the other way round. */
static void seek_number(const uint8_t *turned, size_t size, const char *name)
{
	uint8_t *big = new_needle(name), *little = new_needle(name);
	cr_assert_geq(size, 2 * NEEDLE);
	for (size_t i = 0; i < NEEDLE; i++) {
		big[i] = turned[4 + i];
		little[i] = turned[size - 5 - i];
	}
}

/* PrivateKeyInfo { 0, algorithm, OCTET STRING { 0, n, e, d, p, q, ... } } */
static void seek_key(const char *path)
{
	static uint8_t turned[MAX_DER];
	smsc_span pem = sample_load(path);
	size_t length, at, inner;
	cr_assert(pem.data && turned_der(pem, turned) > 100, "%s", path);
	at = der_head(turned, 0, &length);
	for (int i = 0; i < 2; i++)  /* version, algorithm */
		at = der_head(turned, at, &length) + length;
	inner = der_head(turned, der_head(turned, at, &length), &length);
	for (int i = 0; i < 6; i++) {
		inner = der_head(turned, inner, &length);
		if (i >= 3)
			seek_number(turned + inner, length, i == 3 ? "d" : i == 4 ? "p" : "q");
		inner += length;
	}
	sample_free(pem);
}

static void seek_keys(void)
{
	const char *folder = sample_path("SMSC_CORPUS", "incident-2005/keys");
	char path[4608];
	DIR *d = folder ? opendir(folder) : NULL;
	cr_assert_not_null(d);
	for (struct dirent *e; (e = readdir(d));) {
		if (!strstr(e->d_name, ".pem"))
			continue;
		snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
		seek_key(path);
	}
	closedir(d);
}

/* ---- the process -------------------------------------------------------------------------------- */

static int search(uintptr_t from, uintptr_t to, const char *where, bool loud)
{
	int found = 0;
	for (uintptr_t at = from; at + NEEDLE <= to; at++) {
		const volatile uint8_t *p = (const volatile uint8_t *)at;
		for (size_t i = 0; i < count; i++) {
			size_t n = 0;
			while (n < NEEDLE && (uint8_t)(p[n] ^ needles[i][n]) == 0xff)
				n++;
			if (n == NEEDLE && found++ < 10 && loud)
				fprintf(stderr, "# %s is left at %#" PRIxPTR " in %s", names[i], at, where);
		}
	}
	return found;
}

static int search_process(bool loud)
{
	char line[512];
	FILE *maps = fopen("/proc/self/maps", "r");
	int found = 0;
	cr_assert_not_null(maps);
	while (fgets(line, sizeof line, maps)) {
		uintptr_t from, to;
		char mode[8];
		if (sscanf(line, "%" SCNxPTR "-%" SCNxPTR " %7s", &from, &to, mode) == 3 && !strncmp(mode, "rw-p", 4))
			found += search(from, to, line, loud);
	}
	fclose(maps);
	return found;
}

static smsc_case *incident(unsigned allow)
{
	static const char *const days[] = { "2004-12-28", "2005-01-07", "2005-01-09", "2005-01-12" };
	smsc_options o = SMSC_OPTIONS_INIT;
	const char *paths[4];
	static char rooms[4][4096];
	for (int i = 0; i < 4; i++) {
		char rel[64];
		snprintf(rel, sizeof rel, "incident-2005/%s", days[i]);
		snprintf(rooms[i], sizeof rooms[i], "%s", sample_path("SMSC_CORPUS", rel));
		paths[i] = rooms[i];
	}
	o.allow = allow;
	return analyzed(&o, paths, 4);
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

Test(image, holds_no_secret)
{
	skip_with_sanitizer();
	const char *path = sample_path("SMSC_CORPUS", "incident-2005/ANSWERS.json");
	smsc_span json = sample_load(path);
	cr_assert_not_null(json.data);
	seek_all(json, "boot_key", 0);
	seek_all(json, "lsa_key", 0);
	seek_all(json, "dpapi_system", 6);
	seek_all(json, "dpapi_system", 26);
	seek_all(json, "dpapi_system_old", 6);
	seek_all(json, "dpapi_system_old", 26);
	seek_all(json, "key", 8);
	seek_all(json, "sha1", 4);
	seek_keys();
	sample_free(json);
	cr_assert_eq(search_process(true), 0, "before anything was opened");
	smsc_case *c = incident(0);
	cr_assert_gt(smsc_case_generation_count(c), 0);
	for (size_t i = 0; i < smsc_case_generation_count(c); i++)
		cr_assert_str_eq(smsc_key_proof(smsc_generation_exchange(smsc_case_generation_at(c, i)) ?
			smsc_generation_exchange(smsc_case_generation_at(c, i)) :
			smsc_generation_signature(smsc_case_generation_at(c, i))), "private-verified");
	cr_expect_eq(search_process(true), 0, "while the case lives");
	smsc_case_unref(c);
	cr_expect_eq(search_process(true), 0, "when the case is gone");
	fprintf(stderr, "# %zu secrets were looked for\n", count);
	/* The search would find them: keys that may be exported are there until the case is gone. */
	c = incident(SMSC_ALLOW_EXPORT);
	cr_expect_gt(search_process(false), 0, "kept for export");
	smsc_case_unref(c);
	cr_expect_eq(search_process(true), 0, "when a case that allows export is gone");
}
