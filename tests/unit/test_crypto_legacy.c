/* test_crypto_legacy.c - an OpenSSL without its legacy provider: what needs it says so, and the
 * rest works.  Criterion runs each test in a process of its own, so that the variable counts
 * before OpenSSL is first called. */
#include "crypto_test.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/provider.h>

#include "crypto/cipher.h"
#include "crypto/dpapi.h"
#include "crypto/library.h"
#include "crypto/lsa.h"
#include "crypto/mac.h"

static smsc_why why;

static void hide_legacy(void)
{
	cr_assert_eq(setenv("OPENSSL_MODULES", "/nonexistent", 1), 0);
}

static void expect_missing(smsc_secret *got, const char *what)
{
	cr_assert_null(got, "%s", what);
	cr_assert(strstr(why, "legacy provider") && strstr(why, "not installed"), "%s: %s", what, why);
	why[0] = '\0';
}

Test(crypto_legacy, what_needs_it_says_so, .init = hide_legacy)
{
	static const char *const names[] = { "RC4", "DES-CBC", "DES-ECB" };
	uint8_t key[16] = { 0 }, value[76] = { 0 }, out[16];
	for (int i = 0; i < 3; i++)
		cr_assert_eq(smsc_cipher_decrypt(smsc_cipher_named(names[i]), (smsc_span){ key, 8 }, NULL,
		                                 (smsc_span){ value, 8 }, out), smsc_no_legacy);
	cr_assert_null(smsc_crypto_legacy());
	cr_assert_not(smsc_md4(text("x"), out));
	expect_missing(smsc_user_prekey(SMSC_USER_NTLM, text("p"), text("s"), why), "NTLM");
	expect_missing(smsc_user_prekey(SMSC_USER_PROTECTED, text("p"), text("s"), why), "protected");
	smsc_secret *boot = smsc_secret_copy(key, 16);
	expect_missing(smsc_lsa_key_nt5((smsc_span){ value, 76 }, boot, why), "LSA key");
	value[0] = 16;
	expect_missing(smsc_lsa_secret_nt5((smsc_span){ value, 28 }, boot, why), "LSA secret");
	smsc_secret_free(boot);
	cr_assert_eq(ERR_peek_error(), 0, "what OpenSSL said of it is left for the embedding program to find");
}

Test(crypto_legacy, the_rest_works, .init = hide_legacy)
{
	uint8_t key[32] = { 0 }, out[64];
	cr_assert_null(smsc_crypto_legacy());
	cr_assert_null(smsc_cipher_decrypt(smsc_cipher_named("DES-EDE3-CBC"), (smsc_span){ key, 24 }, NULL,
	                                   (smsc_span){ key, 8 }, out));
	cr_assert_null(smsc_cipher_decrypt(smsc_cipher_named("AES-256-ECB"), (smsc_span){ key, 32 }, NULL,
	                                   (smsc_span){ key, 16 }, out));
	cr_assert(smsc_dpapi_derive("SHA1", text("p"), text("s"), 3, out, 32));
	cr_assert(smsc_dpapi_derive("SHA2-512", text("p"), text("s"), 3, out, 48));
	smsc_secret *prekey = smsc_user_prekey(SMSC_USER_SHA1, text("p"), text("s"), why);
	cr_assert_not_null(prekey);
	smsc_secret_free(prekey);
}

/* A failure is not for life: the program may not have been able to open files just then. */
Test(crypto_legacy, comes_back, .init = hide_legacy)
{
	uint8_t out[16];
	cr_assert_not(smsc_md4(text("x"), out));
	unsetenv("OPENSSL_MODULES");
	cr_assert(smsc_md4(text("x"), out));
	cr_assert_eq(smsc_crypto_legacy(), smsc_crypto_library());
}

Test(crypto_legacy, configuration_of_the_embedding_program_does_not_matter)
{
	uint8_t out[16];
	setenv("OPENSSL_CONF", "/nonexistent", 1);
	cr_assert(smsc_md4(text("x"), out));
	cr_assert_null(EVP_MD_fetch(NULL, "MD4", NULL));
	cr_assert_eq(OSSL_PROVIDER_available(NULL, "legacy"), 0);
	ERR_clear_error();
}
