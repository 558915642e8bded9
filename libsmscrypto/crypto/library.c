/* library.c - a private OSSL_LIB_CTX: the embedding program's global one is never touched,
 * neither its providers nor its configuration file change an answer of ours. */
#include "library.h"

#include <pthread.h>

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/provider.h>
#include <openssl/rand.h>

const char smsc_no_legacy[] = "OpenSSL's legacy provider (RC4, DES, MD4) is not installed";

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
/* Never freed: OpenSSL takes itself down in an atexit handler whose place among those of the
 * embedding program we do not know. */
static OSSL_LIB_CTX *library;
static bool has_legacy;

void smsc_crypto_enter(void)
{
	ERR_set_mark();
}

void smsc_crypto_leave(void)
{
	ERR_pop_to_mark();
}

static OSSL_LIB_CTX *make(void)
{
	OSSL_LIB_CTX *made = OSSL_LIB_CTX_new();
	if (made && OSSL_PROVIDER_load(made, "default"))
		return made;
	OSSL_LIB_CTX_free(made);
	return NULL;
}

static OSSL_LIB_CTX *get(bool with_legacy)
{
	pthread_mutex_lock(&lock);
	smsc_crypto_enter();
	if (!library)
		library = make();
	if (library && with_legacy && !has_legacy)
		has_legacy = OSSL_PROVIDER_load(library, "legacy") != NULL;
	OSSL_LIB_CTX *got = !with_legacy || has_legacy ? library : NULL;
	smsc_crypto_leave();
	pthread_mutex_unlock(&lock);
	return got;
}

OSSL_LIB_CTX *smsc_crypto_library(void)
{
	return get(false);
}

OSSL_LIB_CTX *smsc_crypto_legacy(void)
{
	return get(true);
}

bool smsc_crypto_random(uint8_t *out, size_t size)
{
	OSSL_LIB_CTX *context = smsc_crypto_library();
	smsc_crypto_enter();
	bool good = context && RAND_bytes_ex(context, out, size, 0) == 1;
	smsc_crypto_leave();
	return good;
}
