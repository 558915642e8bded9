/* metabase.c - signatures and the session key of an IIS metabase. */
#include "metabase.h"

#include <string.h>

#include <openssl/bn.h>

#include "cipher.h"
#include "library.h"

enum { MAX_MODULUS = 2048, MIN_PADDING = 8, WEAK_KEY = 5, STRONG_KEY = 16 };

/* DigestInfo of MD5, before its 16 bytes. */
static const uint8_t md5_info[] = {
	0x30, 0x20, 0x30, 0x0c, 0x06, 0x08, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 0x05, 0x05, 0x00, 0x04, 0x10,
};

/* sign^e mod n, big-endian, in n.size bytes. */
static bool public_operation(smsc_span n, uint32_t e, smsc_span in, uint8_t *out)
{
	OSSL_LIB_CTX *library = smsc_crypto_library();
	smsc_crypto_enter();
	BN_CTX *x = library ? BN_CTX_new_ex(library) : NULL;
	BIGNUM *modulus = BN_lebin2bn(n.data, (int)n.size, NULL), *exponent = BN_new();
	BIGNUM *number = BN_lebin2bn(in.data, (int)in.size, NULL);
	bool good = x && modulus && exponent && number && BN_is_odd(modulus) && BN_cmp(number, modulus) < 0 &&
		BN_set_word(exponent, e) && BN_mod_exp(number, number, exponent, modulus, x) &&
		BN_bn2binpad(number, out, (int)n.size) >= 0;
	BN_free(number);
	BN_free(exponent);
	BN_free(modulus);
	BN_CTX_free(x);
	smsc_crypto_leave();
	return good;
}

bool smsc_metabase_signed(smsc_span modulus, uint32_t exponent, smsc_span sign, uint8_t md5[SMSC_MD5_SIZE])
{
	uint8_t block[MAX_MODULUS];
	size_t tail = sizeof md5_info + SMSC_MD5_SIZE;
	if (modulus.size != sign.size || modulus.size > sizeof block || modulus.size < tail + 3 + MIN_PADDING ||
	    !public_operation(modulus, exponent, sign, block))
		return false;
	/* 00 01 FF ... 00, DigestInfo */
	size_t end = modulus.size - tail;
	if (block[0] || block[1] != 1 || block[end - 1] || memcmp(block + end, md5_info, sizeof md5_info))
		return false;
	for (size_t i = 2; i < end - 1; i++)
		if (block[i] != 0xff)
			return false;
	memcpy(md5, block + end + sizeof md5_info, SMSC_MD5_SIZE);
	return true;
}

/* 00 02, eight or more bytes that are not 0, 00, the key with its last byte first; in the
 * little-endian block the key comes first, as it is. */
static smsc_span key_in(const uint8_t *little, size_t size)
{
	size_t n;
	if (size < 3 + MIN_PADDING || little[size - 1] || little[size - 2] != 2)
		return (smsc_span){ NULL, 0 };
	for (n = size - 3; n && little[n]; n--)
		;
	return size - 3 - n < MIN_PADDING ? (smsc_span){ NULL, 0 } : (smsc_span){ little, n };
}

static bool is_key(smsc_span key, const uint8_t md5[SMSC_MD5_SIZE])
{
	uint8_t digest[SMSC_MD5_SIZE];
	return (key.size == WEAK_KEY || key.size == STRONG_KEY) && smsc_hash(SMSC_MD5, key, digest) &&
		!memcmp(digest, md5, sizeof digest);
}

bool smsc_metabase_unwrap(const smsc_rsa *exchange, smsc_span block, const uint8_t md5[SMSC_MD5_SIZE],
                          smsc_secret **key)
{
	*key = NULL;
	if (block.size != exchange->bits / 8 || exchange->n.size < block.size)
		return false;
	smsc_secret *plain = smsc_secret_new(exchange->n.size);
	if (plain && smsc_rsa_decrypt(exchange, block, smsc_secret_data(plain))) {
		smsc_span found = key_in(smsc_secret_data(plain), block.size);
		if (is_key(found, md5))
			*key = smsc_secret_copy(found.data, found.size);
	}
	smsc_secret_free(plain);
	return *key != NULL;
}

/* 40-bit keys of the base provider have eleven zero bytes behind them, unless they were
 * imported without that salt. */
bool smsc_metabase_opens(smsc_span session_key, smsc_span data, const uint8_t md5[SMSC_MD5_SIZE])
{
	static const uint8_t zeros[4];
	uint8_t digest[SMSC_MD5_SIZE], salted[STRONG_KEY] = { 0 };
	bool good = false;
	smsc_secret *clear = session_key.size <= sizeof salted && data.size >= sizeof zeros ? smsc_secret_new(data.size) : NULL;
	if (!clear)
		return false;
	memcpy(salted, session_key.data, session_key.size);
	const smsc_span keys[2] = { { salted, sizeof salted }, session_key };
	for (int i = 0; i < 2 && !good; i++)
		good = !smsc_cipher_decrypt(smsc_cipher_named("RC4"), keys[i], NULL, data, smsc_secret_data(clear)) &&
			!memcmp(smsc_secret_data(clear), zeros, sizeof zeros) &&
			smsc_hash(SMSC_MD5, (smsc_span){ smsc_secret_data(clear), data.size }, digest) &&
			!memcmp(digest, md5, sizeof digest);
	smsc_wipe(salted, sizeof salted);
	smsc_secret_free(clear);
	return good;
}
