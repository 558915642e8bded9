/* test_crypto_nomem.c - out of memory in OpenSSL and in us.  The danger is not only a crash: a
 * key must not be called damaged, nor a signature wrong, because there was no memory to see. */
#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"
#include "crypto/cipher.h"
#include "crypto/cng.h"
#include "crypto/domain_key.h"
#include "crypto/dpapi.h"
#include "crypto/export.h"
#include "crypto/library.h"
#include "crypto/lsa.h"
#include "crypto/mac.h"
#include "crypto/x509.h"
#include "../sample.h"

/* ---- memory that runs out ---- */

static struct {
	bool armed, forever, failed;
	long left;
} memory;

static bool runs_out(void)
{
	if (!memory.armed || (memory.failed && !memory.forever) || memory.left-- > 0)
		return false;
	return memory.failed = true;
}

/* The library's own, by the linker's --wrap. */
void *__real_calloc(size_t n, size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__real_mmap64(void *at, size_t size, int prot, int flags, int fd, int64_t offset);
void *__wrap_mmap64(void *at, size_t size, int prot, int flags, int fd, int64_t offset);

void *__wrap_calloc(size_t n, size_t size)
{
	return runs_out() ? NULL : __real_calloc(n, size);
}

void *__wrap_mmap64(void *at, size_t size, int prot, int flags, int fd, int64_t offset)
{
	return runs_out() ? MAP_FAILED : __real_mmap64(at, size, prot, flags, fd, offset);
}

/* All but the first `left` allocations fail, or only the one after them. */
static void begin_failing(long left, bool forever)
{
	memory.left = left;
	memory.forever = forever;
	memory.failed = false;
	memory.armed = true;
}

/* OpenSSL's, by its hooks. */
static void *get(size_t size, const char *file, int line)
{
	(void)file, (void)line;
	return runs_out() ? NULL : malloc(size);
}

static void *again(void *p, size_t size, const char *file, int line)
{
	(void)file, (void)line;
	return runs_out() ? NULL : realloc(p, size);
}

static void give_back(void *p, const char *file, int line)
{
	(void)file, (void)line;
	free(p);
}

/* ---- TAP ---- */

static int tests, failures;
static const char *wrong;  /* what went wrong in the test that runs */

static void expect(bool good, const char *otherwise)
{
	if (!good && !wrong)
		wrong = otherwise;
}

static void tell(const char *name, long allocations)
{
	printf("%sok %d - %s, %ld allocations%s%s\n", wrong ? "not " : "", ++tests, name, allocations,
	       wrong ? ": " : "", wrong ? wrong : "");
	failures += wrong != NULL;
	wrong = NULL;
}

/* ---- what is done: true when the answer is right, false when it says that it could not ---- */

static const uint8_t zeros[512];
static smsc_why why;

/* The reasons that lack of memory may have; the legacy provider cannot be loaded without it. */
static bool tells_of_memory(void)
{
	static const char *const fair[] = { "random", "not installed", "no default provider" };
	bool told = smsc_ran_out(why);
	for (size_t i = 0; i < sizeof fair / sizeof *fair; i++)
		told |= strstr(why, fair[i]) != NULL;
	return told;
}

static bool is_there(smsc_secret *got)
{
	expect(got || tells_of_memory(), why);
	smsc_secret_free(got);
	return got != NULL;
}

/* Refused for `reason`, or for lack of memory. */
static bool is_refused(smsc_secret *got, const char *reason)
{
	expect(!got, "was opened");
	expect(strstr(why, reason) || tells_of_memory(), why);
	return strstr(why, reason);
}

/* A slot of three rounds, made once with all the memory there is. */
static uint8_t slot_salt[16], slot_data[104];

static void make_slot(void)
{
	uint8_t derived[32], plain[104] = { 0 }, inner[64], tag[64];
	smsc_span key = { zeros, 20 };
	bool good = smsc_dpapi_derive("SHA1", key, (smsc_span){ slot_salt, 16 }, 3, derived, 32) &&
	            smsc_hmac("SHA1", key, (smsc_span){ plain, 16 }, inner) &&
	            smsc_hmac("SHA1", (smsc_span){ inner, 20 }, (smsc_span){ plain + 40, 64 }, tag);
	memcpy(plain + 16, tag, 20);
	expect(good && !smsc_cipher_encrypt(smsc_cipher_of(0x6603), (smsc_span){ derived, 24 }, derived + 24,
	                                    (smsc_span){ plain, 104 }, slot_data), "no slot");
}

static bool open_slot(void)
{
	smsc_slot s = { 3, 0x8009, 0x6603, { slot_salt, 16 }, { slot_data, 104 } };
	return is_there(smsc_slot_open(&s, (smsc_span){ zeros, 20 }, 64, 100, why));
}

static smsc_span text(const char *s)
{
	return (smsc_span){ s, strlen(s) };
}

static bool make_prekey(void)
{
	return is_there(smsc_user_prekey(SMSC_USER_NTLM, text("password"), text("S"), why));
}

/* A blob of SHA-1 and RC4, signed in the newer form. */
static bool anything(smsc_span plain)
{
	return plain.size > 0;
}

static uint8_t blob_sign[20];

static smsc_blob blob(void)
{
	return (smsc_blob){ .cipher = 0x6801, .key_bits = 40, .hash = 0x8004, .salt = { zeros, 16 }, .nonce = { zeros, 16 },
	                    .data = { zeros, 40 }, .signed_part = { zeros, 40 }, .sign = { blob_sign, 20 },
	                    .password = { zeros, 8 } };
}

static void make_blob(void)
{
	expect(smsc_hmac("SHA1", (smsc_span){ zeros, 20 }, (smsc_span){ zeros, 16 + 40 }, blob_sign), "no blob");
}

static bool open_blob(void)
{
	smsc_blob b = blob();
	return is_there(smsc_blob_open(&b, (smsc_span){ zeros, 20 }, (smsc_span){ NULL, 0 }, anything, why));
}

/* p = 61, q = 53, e = 17, d = 413 */
static const smsc_rsa toy = { 16, 17, { "\xa1\x0c", 2 }, { "\x3d", 1 }, { "\x35", 1 }, { "\x35", 1 },
                              { "\x31", 1 }, { "\x26", 1 }, { "\x9d\x01", 2 } };

static bool is_state(smsc_key_state state, smsc_key_state right)
{
	expect(state == right || state == SMSC_KEY_NO_MEMORY, "the key is called what it is not");
	return state == right;
}

static bool check_rsa(void)
{
	return is_state(smsc_rsa_check(&toy, toy.n, 17), SMSC_KEY_VERIFIED);
}

static bool check_other_rsa(void)
{
	return is_state(smsc_rsa_check(&toy, toy.n, 3), SMSC_KEY_MISMATCH);
}

static bool check_dsa(void)
{
	static const smsc_dsa small = { 8, { "\x17", 1 }, { "\x0b", 1 }, { "\x04", 1 }, { "\x08", 1 }, { "\x07", 1 } };
	return is_state(smsc_dsa_check(&small), SMSC_KEY_VERIFIED);
}

static bool check_cng(void)
{
	static const char rsa[] = "RSA2\x10\0\0\0\1\0\0\0\2\0\0\0\1\0\0\0\1\0\0\0\x11\x0c\xa1\x3d\x35";
	return is_state(smsc_cng_check((smsc_span){ rsa, sizeof rsa - 1 }, (smsc_span){ NULL, 0 }), SMSC_KEY_VERIFIED);
}

/* d = 1, so that Q = G [SEC 2]. */
static bool check_curve(void)
{
	uint8_t point[104] = "ECS2\x20";
	static const char g[] = "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
	                        "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5";
	for (size_t i = 0; i < 64; i++)
		point[8 + i] = (uint8_t)(smsc_hex_digit(g[2 * i]) << 4 | smsc_hex_digit(g[2 * i + 1]));
	point[103] = 1;
	return is_state(smsc_cng_check((smsc_span){ point, 104 }, (smsc_span){ NULL, 0 }), SMSC_KEY_VERIFIED);
}

static const smsc_private_key key = { &toy, NULL, true };

static bool export_pem(void) { return is_there(smsc_export_pem(&key, (smsc_span){ NULL, 0 }, why)); }
static bool export_pvk(void) { return is_there(smsc_export_pvk(&key, text("passphrase"), why)); }
static bool export_pfx(void) { return is_there(smsc_export_pfx(&key, text("certificate"), text("pass"), why)); }

/* The backup key opens nothing here, and for lack of memory it must not say so otherwise. */
static bool open_domain_slot(void)
{
	smsc_domain_slot s = { 2, { "\1\0", 2 }, { zeros, 88 } };
	return is_refused(smsc_domain_slot_open(&s, &toy, why), "does not open it");
}

static bool open_lsa(void)
{
	uint8_t value[76] = { 0 };
	smsc_secret *boot = smsc_secret_copy(zeros, 16);
	bool right = boot && is_refused(smsc_lsa_key_nt5((smsc_span){ value, 76 }, boot, why), "not of one machine");
	smsc_secret_free(boot);
	return right;
}

/* The first certificate of the incident: corpus/incident-2005/ANSWERS.json. */
static smsc_span certificate;

static bool read_certificate(void)
{
	smsc_x509_facts x;
	size_t size = 0;
	smsc_arena *arena = smsc_arena_new();
	int known = arena ? smsc_x509_read(arena, certificate, &x, &size) : -1;
	if (known >= 0) {
		expect(known == 1 && size == certificate.size, "the certificate is called none");
		expect(known != 1 || (!strcmp(x.subject, "CN=SMS, CN=SMSSRV01") && !strcmp(x.issuer, x.subject)), "other names");
		expect(known != 1 || !strcmp(x.serial, "093ff4e47c53c44cc74c7543f8c198eb"), "another serial number");
		expect(known != 1 || !strcmp(x.usages, "1.3.6.1.4.1.311.101"), "other usages");
		expect(known != 1 || (x.bits == 1024 && !strcmp(x.algorithm, "RSA")), "another key");
		expect(known != 1 || x.self_signed, "the signature is called wrong");
		expect(known != 1 || (x.print.sha256[0] == 0x32 && x.print.sha256[1] == 0xd5), "another fingerprint");
	}
	smsc_arena_unref(arena);
	return known == 1;
}

/* ---- each with one allocation after the other failing ---- */

static const struct {
	const char *name;
	bool (*run)(void);
} all[] = {
	{ "slot", open_slot }, { "pre-key", make_prekey }, { "blob", open_blob }, { "RSA", check_rsa },
	{ "another RSA key", check_other_rsa }, { "DSS", check_dsa }, { "CNG", check_cng }, { "curve", check_curve },
	{ "PEM", export_pem }, { "PVK", export_pvk }, { "PFX", export_pfx }, { "domain slot", open_domain_slot },
	{ "LSA key", open_lsa }, { "certificate", read_certificate },
};

/* OpenSSL does without some of its memory, such as room for a cache: then the answer is right
 * all the same. */
static void fail_each(const char *name, bool (*run)(void), bool forever)
{
	long n = 0;
	bool right = false;
	/* The first one by one; a derivation of 2000 rounds has thousands that are all alike. */
	for (; !wrong && (!right || memory.failed); n += 1 + n / 100) {
		begin_failing(n, forever);
		right = run();
		memory.armed = false;
		expect(right || memory.failed, "wrong with all the memory there is");
		expect(n < 100000, "does not end");
	}
	tell(name, n);
}

/* In a child each, for the library context is kept once it is made. */
static void fail_beginning(void)
{
	int status = 0;
	for (long n = 0; n < 20000 && !wrong && status != 0xff00; n += 1 + n / 50) {
		pid_t child = fork();
		if (child == 0) {
			begin_failing(n, false);
			bool first = smsc_crypto_legacy() != NULL;
			memory.armed = false;
			bool second = smsc_crypto_legacy() != NULL;
			_exit(!second ? 1 : first && !memory.failed ? 255 : 0);
		}
		expect(waitpid(child, &status, 0) == child && (status == 0 || status == 0xff00),
		       "OpenSSL does not come back, or crashes");
	}
	tell("beginning", 0);
}

int main(void)
{
	if (CRYPTO_set_mem_functions(get, again, give_back) != 1) {
		printf("1..0 # SKIP OpenSSL does not let us in\n");
		return 0;
	}
	fail_beginning();
	expect(smsc_crypto_legacy() != NULL, "no legacy provider");
	make_slot();
	make_blob();
	const char *path = sample_path("SMSC_CORPUS", "x509/signing.der");
	certificate = path ? sample_load(path) : text("");
	expect(certificate.size > 0, "no certificate");
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		for (int forever = 0; forever < 2; forever++)
			fail_each(all[i].name, all[i].run, forever);
	printf("1..%d\n", tests);
	return failures != 0;
}
