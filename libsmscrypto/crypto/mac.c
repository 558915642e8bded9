/* mac.c - message authentication and key derivation. */
#include "mac.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include "library.h"

enum { MAX_BLOCK = 128 };

struct smsc_mac_key {
	EVP_MD     *method;
	EVP_MD_CTX *inner, *outer, *work;
	size_t      size;
};

static const struct {
	uint32_t algid;
	const char *name;
	size_t size, block;
} digests[] = {
	{ 0x8004, "SHA1", 20, 64 },      { 0x8009, "SHA1", 20, 64 },  /* CALG_HMAC stands for HMAC-SHA1 */
	{ 0x8003, "MD5", 16, 64 },       { 0x800c, "SHA2-256", 32, 64 },
	{ 0x800d, "SHA2-384", 48, 128 }, { 0x800e, "SHA2-512", 64, 128 },
};

const char *smsc_digest_of(uint32_t algid)
{
	for (size_t i = 0; i < sizeof digests / sizeof *digests; i++)
		if (digests[i].algid == algid)
			return digests[i].name;
	return NULL;
}

static size_t row_of(const char *digest)
{
	size_t i = 0;
	while (i < sizeof digests / sizeof *digests && strcmp(digests[i].name, digest))
		i++;
	return i;
}

size_t smsc_digest_size(const char *digest)
{
	size_t i = row_of(digest);
	return i < sizeof digests / sizeof *digests ? digests[i].size : 0;
}

size_t smsc_digest_block(const char *digest)
{
	size_t i = row_of(digest);
	return i < sizeof digests / sizeof *digests ? digests[i].block : 0;
}

static EVP_MD *fetch(const char *digest)
{
	OSSL_LIB_CTX *library = smsc_crypto_library();
	smsc_crypto_enter();
	EVP_MD *method = library ? EVP_MD_fetch(library, digest, NULL) : NULL;
	smsc_crypto_leave();
	return method;
}

bool smsc_digest_parts(const char *digest, const smsc_span *parts, size_t count, uint8_t *out)
{
	EVP_MD *method = fetch(digest);
	EVP_MD_CTX *x = method ? EVP_MD_CTX_new() : NULL;
	bool good = x && EVP_DigestInit_ex2(x, method, NULL) == 1;
	for (size_t i = 0; good && i < count; i++)
		good = !parts[i].size || EVP_DigestUpdate(x, parts[i].data, parts[i].size) == 1;
	good = good && EVP_DigestFinal_ex(x, out, NULL) == 1;
	EVP_MD_CTX_free(x);
	EVP_MD_free(method);
	return good;
}

/* Begins `x` with the key XORed with HMAC's pad byte. */
static bool begin(smsc_mac_key *k, EVP_MD_CTX *x, const uint8_t *key, size_t block, uint8_t pad)
{
	uint8_t padded[MAX_BLOCK];
	for (size_t i = 0; i < block; i++)
		padded[i] = key[i] ^ pad;
	bool good = EVP_DigestInit_ex2(x, k->method, NULL) == 1 && EVP_DigestUpdate(x, padded, block) == 1;
	OPENSSL_cleanse(padded, sizeof padded);
	return good;
}

static bool make_ready(smsc_mac_key *k, const char *digest, smsc_span key)
{
	uint8_t whole[MAX_BLOCK] = { 0 };
	size_t block = (size_t)EVP_MD_get_block_size(k->method);
	k->size = (size_t)EVP_MD_get_size(k->method);
	bool good = k->inner && k->outer && k->work && block <= MAX_BLOCK && k->size <= SMSC_MAC_MAX;
	if (good && key.size > block)
		good = smsc_digest_parts(digest, &key, 1, whole);
	else if (good && key.size)
		memcpy(whole, key.data, key.size);
	good = good && begin(k, k->inner, whole, block, 0x36) && begin(k, k->outer, whole, block, 0x5c);
	OPENSSL_cleanse(whole, sizeof whole);
	return good;
}

smsc_mac_key *smsc_mac_key_new(const char *digest, smsc_span key)
{
	smsc_mac_key *k = calloc(1, sizeof *k);
	if (!k)
		return NULL;
	k->method = fetch(digest);
	k->inner = EVP_MD_CTX_new();
	k->outer = EVP_MD_CTX_new();
	k->work  = EVP_MD_CTX_new();
	if (k->method && make_ready(k, digest, key))
		return k;
	smsc_mac_key_free(k);
	return NULL;
}

void smsc_mac_key_free(smsc_mac_key *k)
{
	if (!k)
		return;
	EVP_MD_CTX_free(k->inner);
	EVP_MD_CTX_free(k->outer);
	EVP_MD_CTX_free(k->work);
	EVP_MD_free(k->method);
	free(k);
}

bool smsc_mac(smsc_mac_key *k, const smsc_span *parts, size_t count, uint8_t *out)
{
	bool good = EVP_MD_CTX_copy_ex(k->work, k->inner) == 1;
	for (size_t i = 0; good && i < count; i++)
		good = !parts[i].size || EVP_DigestUpdate(k->work, parts[i].data, parts[i].size) == 1;
	return good && EVP_DigestFinal_ex(k->work, out, NULL) == 1 &&
	       EVP_MD_CTX_copy_ex(k->work, k->outer) == 1 &&
	       EVP_DigestUpdate(k->work, out, k->size) == 1 &&
	       EVP_DigestFinal_ex(k->work, out, NULL) == 1;
}

bool smsc_hmac(const char *digest, smsc_span key, smsc_span in, uint8_t *out)
{
	smsc_mac_key *k = smsc_mac_key_new(digest, key);
	bool good = k && smsc_mac(k, &in, 1, out);
	smsc_mac_key_free(k);
	return good;
}

/* One block of the derivation: T = HMAC(salt, number), then T ^= HMAC(T) round by round. */
static bool derive_block(smsc_mac_key *k, smsc_span salt, uint32_t number, uint32_t rounds,
                         uint8_t sum[SMSC_MAC_MAX])
{
	uint8_t big[4] = { (uint8_t)(number >> 24), (uint8_t)(number >> 16), (uint8_t)(number >> 8), (uint8_t)number };
	uint8_t next[SMSC_MAC_MAX];
	smsc_span first[2] = { salt, { big, sizeof big } }, running = { sum, k->size };
	bool good = smsc_mac(k, first, 2, sum);
	for (uint32_t i = 1; good && i < rounds; i++) {
		good = smsc_mac(k, &running, 1, next);
		for (size_t j = 0; j < k->size; j++)
			sum[j] ^= next[j];
	}
	OPENSSL_cleanse(next, sizeof next);
	return good;
}

bool smsc_dpapi_derive(const char *digest, smsc_span password, smsc_span salt, uint32_t rounds,
                       uint8_t *out, size_t size)
{
	uint8_t sum[SMSC_MAC_MAX] = { 0 };
	smsc_mac_key *k = smsc_mac_key_new(digest, password);
	bool good = k != NULL;
	for (uint32_t number = 1; good && size; number++) {
		good = derive_block(k, salt, number, rounds, sum);
		size_t part = size < k->size ? size : k->size;
		memcpy(out, sum, part);
		out += part;
		size -= part;
	}
	smsc_mac_key_free(k);
	OPENSSL_cleanse(sum, sizeof sum);
	return good;
}

bool smsc_md4(smsc_span in, uint8_t *out)
{
	OSSL_LIB_CTX *library = smsc_crypto_legacy();
	size_t size = 0;
	return library && EVP_Q_digest(library, "MD4", NULL, in.data ? in.data : "", in.size, out, &size) == 1;
}

static bool kdf(const char *name, uint8_t *out, size_t size, const OSSL_PARAM *params)
{
	OSSL_LIB_CTX *library = smsc_crypto_library();
	smsc_crypto_enter();
	EVP_KDF *method = library ? EVP_KDF_fetch(library, name, NULL) : NULL;
	EVP_KDF_CTX *x = method ? EVP_KDF_CTX_new(method) : NULL;
	bool good = x && EVP_KDF_derive(x, out, size, params) == 1;
	EVP_KDF_CTX_free(x);
	EVP_KDF_free(method);
	smsc_crypto_leave();
	return good;
}

/* OSSL_PARAM has no const, and no room for a span without data. */
static OSSL_PARAM octets(const char *name, smsc_span s)
{
	static uint8_t nothing[1];
	return OSSL_PARAM_construct_octet_string(name, s.data ? (void *)(uintptr_t)s.data : nothing, s.size);
}

bool smsc_pbkdf2_sha256(smsc_span password, smsc_span salt, uint32_t rounds, uint8_t *out, size_t size)
{
	int any_length = 1;  /* the second round has a salt that OpenSSL would else refuse */
	OSSL_PARAM params[] = {
		octets("pass", password), octets("salt", salt),
		OSSL_PARAM_construct_uint32("iter", &rounds),
		OSSL_PARAM_construct_utf8_string("digest", (char *)(uintptr_t)"SHA2-256", 0),
		OSSL_PARAM_construct_int("pkcs5", &any_length),
		OSSL_PARAM_construct_end(),
	};
	return kdf("PBKDF2", out, size, params);
}

bool smsc_pkcs12_derive(smsc_span password, smsc_span salt, int purpose, uint32_t rounds,
                        uint8_t *out, size_t size)
{
	OSSL_PARAM params[] = {
		octets("pass", password), octets("salt", salt),
		OSSL_PARAM_construct_int("id", &purpose),
		OSSL_PARAM_construct_uint32("iter", &rounds),
		OSSL_PARAM_construct_utf8_string("digest", (char *)(uintptr_t)"SHA1", 0),
		OSSL_PARAM_construct_end(),
	};
	return kdf("PKCS12KDF", out, size, params);
}
