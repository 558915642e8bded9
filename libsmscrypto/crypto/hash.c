/* hash.c - digests through the private library context. */
#include "hash.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "../base/error.h"
#include "library.h"

struct smsc_hasher {
	EVP_MD_CTX *context;
	bool failed;
};

static const struct {
	const char *name;
	size_t size;
} digests[] = {
	[SMSC_MD5]    = { "MD5", SMSC_MD5_SIZE },
	[SMSC_SHA1]   = { "SHA1", SMSC_SHA1_SIZE },
	[SMSC_SHA256] = { "SHA2-256", SMSC_SHA256_SIZE },
};

bool smsc_hash(smsc_digest digest, smsc_span in, uint8_t *out)
{
	OSSL_LIB_CTX *library = smsc_crypto_library();
	size_t size = 0;
	smsc_crypto_enter();
	bool done = library && EVP_Q_digest(library, digests[digest].name, NULL, in.data ? in.data : "",
	                                    in.size, out, &size) == 1;
	smsc_crypto_leave();
	if (!done)
		memset(out, 0, digests[digest].size);
	return done;
}

static bool begin(smsc_hasher *h, smsc_digest digest)
{
	OSSL_LIB_CTX *library = smsc_crypto_library();
	smsc_crypto_enter();
	EVP_MD *method = library ? EVP_MD_fetch(library, digests[digest].name, NULL) : NULL;
	h->context = method ? EVP_MD_CTX_new() : NULL;
	bool good = h->context && EVP_DigestInit_ex2(h->context, method, NULL) == 1;
	EVP_MD_free(method);
	smsc_crypto_leave();
	return good;
}

smsc_hasher *smsc_hasher_new(smsc_digest digest, smsc_error **err)
{
	if (smsc_failed(err))
		return NULL;
	smsc_hasher *h = calloc(1, sizeof(*h));
	if (!h) {
		smsc_fail_nomem(err);
		return NULL;
	}
	if (begin(h, digest))
		return h;
	smsc_hasher_free(h);
	smsc_fail(err, SMSC_ECRYPTO, NULL, -1, "OpenSSL has no %s", digests[digest].name);
	return NULL;
}

void smsc_hasher_add(smsc_hasher *h, const void *data, size_t size)
{
	smsc_crypto_enter();
	if (size && EVP_DigestUpdate(h->context, data, size) != 1)
		h->failed = true;
	smsc_crypto_leave();
}

int smsc_hasher_end(smsc_hasher *h, uint8_t *out, smsc_error **err)
{
	if (smsc_failed(err))
		return -1;
	smsc_crypto_enter();
	bool done = !h->failed && EVP_DigestFinal_ex(h->context, out, NULL) == 1;
	smsc_crypto_leave();
	if (!done)
		return smsc_fail(err, SMSC_ECRYPTO, NULL, -1, "OpenSSL could not finish a digest");
	return 0;
}

void smsc_hasher_free(smsc_hasher *h)
{
	if (!h)
		return;
	EVP_MD_CTX_free(h->context);
	free(h);
}
