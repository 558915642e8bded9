/* cipher.c - ciphers through the private library context. */
#include "cipher.h"

#include <limits.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include "library.h"
#include "why.h"

static const smsc_cipher ciphers[] = {
	{ 0x6601, "DES-CBC", 8, 8, true },
	{ 0x6603, "DES-EDE3-CBC", 24, 8, false },
	{ 0x660e, "AES-128-CBC", 16, 16, false },
	{ 0x660f, "AES-192-CBC", 24, 16, false },
	{ 0x6610, "AES-256-CBC", 32, 16, false },
	{ 0x6801, "RC4", 0, 1, true },
	{ 0x6602, "RC2-CBC", 0, 8, true },
	{ 0, "DES-ECB", 8, 8, true },
	{ 0, "AES-256-ECB", 32, 16, false },
};

const smsc_cipher *smsc_cipher_of(uint32_t algid)
{
	for (size_t i = 0; i < sizeof ciphers / sizeof *ciphers; i++)
		if (ciphers[i].algid && ciphers[i].algid == algid)
			return &ciphers[i];
	return NULL;
}

const smsc_cipher *smsc_cipher_named(const char *name)
{
	for (size_t i = 0; i < sizeof ciphers / sizeof *ciphers; i++)
		if (!strcmp(ciphers[i].name, name))
			return &ciphers[i];
	return NULL;
}

/* A fetched cipher does not tell that its key length may vary, so the length is set whenever
 * it differs: else RC4 with 5 bytes would read 16 and decrypt to noise. */
static bool set_key(EVP_CIPHER_CTX *x, EVP_CIPHER *method, bool encrypt, smsc_span key, const uint8_t *iv)
{
	static const uint8_t zeros[EVP_MAX_IV_LENGTH];
	if (EVP_CipherInit_ex2(x, method, NULL, NULL, encrypt, NULL) != 1)
		return false;
	if ((size_t)EVP_CIPHER_CTX_get_key_length(x) != key.size &&
	    EVP_CIPHER_CTX_set_key_length(x, (int)key.size) != 1)
		return false;
	/* All bits of RC2's key count; without being told, only 128 do. */
	size_t bits = key.size * 8;
	const OSSL_PARAM rc2[] = { OSSL_PARAM_construct_size_t(OSSL_CIPHER_PARAM_RC2_KEYBITS, &bits), OSSL_PARAM_END };
	if (EVP_CIPHER_is_a(method, "RC2-CBC") && EVP_CIPHER_CTX_set_params(x, rc2) != 1)
		return false;
	return EVP_CipherInit_ex2(x, NULL, key.data, iv ? iv : zeros, encrypt, NULL) == 1 &&
	       EVP_CIPHER_CTX_set_padding(x, 0) == 1;
}

static bool run(OSSL_LIB_CTX *library, const smsc_cipher *c, bool encrypt, smsc_span key, const uint8_t *iv,
                smsc_span in, uint8_t *out)
{
	EVP_CIPHER *method = EVP_CIPHER_fetch(library, c->name, NULL);
	EVP_CIPHER_CTX *x = method ? EVP_CIPHER_CTX_new() : NULL;
	int part = 0, rest = 0;
	bool good = x && set_key(x, method, encrypt, key, iv) &&
	            EVP_CipherUpdate(x, out, &part, in.data, (int)in.size) == 1 &&
	            EVP_CipherFinal_ex(x, out + part, &rest) == 1 && (size_t)(part + rest) == in.size;
	EVP_CIPHER_CTX_free(x);
	EVP_CIPHER_free(method);
	return good;
}

static const char *apply(const smsc_cipher *c, bool encrypt, smsc_span key, const uint8_t *iv,
                         smsc_span in, uint8_t *out)
{
	if (in.size > INT_MAX || in.size % c->block)
		return "the ciphertext has a length that its cipher cannot give";
	if (key.size == 0 || key.size > EVP_MAX_KEY_LENGTH || (c->key && c->key != key.size))
		return "the key has a length that the cipher cannot have";
	OSSL_LIB_CTX *library = c->legacy ? smsc_crypto_legacy() : smsc_crypto_library();
	if (!library)
		return c->legacy ? smsc_no_legacy : "OpenSSL has no default provider";
	if (in.size == 0)
		return NULL;
	smsc_crypto_enter();
	bool good = run(library, c, encrypt, key, iv, in, out);
	/* Key and length fit: what else fails lacks memory. */
	bool unknown = ERR_GET_REASON(ERR_peek_last_error()) == EVP_R_UNSUPPORTED_ALGORITHM;
	smsc_crypto_leave();
	return good ? NULL : unknown ? "OpenSSL does not have the cipher" : smsc_no_memory;
}

const char *smsc_cipher_decrypt(const smsc_cipher *c, smsc_span key, const uint8_t *iv,
                                smsc_span in, uint8_t *out)
{
	return apply(c, false, key, iv, in, out);
}

const char *smsc_cipher_encrypt(const smsc_cipher *c, smsc_span key, const uint8_t *iv,
                                smsc_span in, uint8_t *out)
{
	return apply(c, true, key, iv, in, out);
}
