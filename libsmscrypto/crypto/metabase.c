/* metabase.c - signatures and the session key of an IIS metabase. */
#include "metabase.h"

#include <string.h>

#include "cipher.h"
#include "signed.h"
#include "why.h"

enum { MAX_MODULUS = 2048, MIN_PADDING = 8, WEAK_KEY = 5, STRONG_KEY = 16 };

/* DigestInfo of MD5, before its 16 bytes. */
static const uint8_t md5_info[] = {
	0x30, 0x20, 0x30, 0x0c, 0x06, 0x08, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 0x05, 0x05, 0x00, 0x04, 0x10,
};

int smsc_metabase_signed(smsc_span modulus, uint32_t exponent, smsc_span sign, uint8_t md5[SMSC_MD5_SIZE])
{
	uint8_t block[MAX_MODULUS];
	size_t tail = sizeof md5_info + SMSC_MD5_SIZE;
	if (modulus.size != sign.size || modulus.size > sizeof block || modulus.size < tail + 3 + MIN_PADDING)
		return 0;
	int done = smsc_rsa_recover(modulus, exponent, sign, block);
	if (done < 1)
		return done;
	/* 00 01 FF ... 00, DigestInfo */
	size_t end = modulus.size - tail;
	if (block[0] || block[1] != 1 || block[end - 1] || memcmp(block + end, md5_info, sizeof md5_info))
		return 0;
	for (size_t i = 2; i < end - 1; i++)
		if (block[i] != 0xff)
			return 0;
	memcpy(md5, block + end + sizeof md5_info, SMSC_MD5_SIZE);
	return 1;
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

/* 1 when `md5` is the digest of `in`, 0 when not, -1 without memory. */
static int has_digest(smsc_span in, const uint8_t md5[SMSC_MD5_SIZE])
{
	uint8_t digest[SMSC_MD5_SIZE];
	return smsc_hash(SMSC_MD5, in, digest) ? !memcmp(digest, md5, sizeof digest) : -1;
}

int smsc_metabase_unwrap(const smsc_rsa *exchange, smsc_span block, const uint8_t md5[SMSC_MD5_SIZE],
                          smsc_secret **key)
{
	*key = NULL;
	if (block.size != exchange->bits / 8 || exchange->n.size < block.size)
		return 0;
	smsc_secret *plain = smsc_secret_new(exchange->n.size);
	int done = plain ? smsc_rsa_decrypt(exchange, block, smsc_secret_data(plain)) : -1;
	smsc_span found = done > 0 ? key_in(smsc_secret_data(plain), block.size) : (smsc_span){ NULL, 0 };
	if (done > 0)
		done = found.size == WEAK_KEY || found.size == STRONG_KEY ? has_digest(found, md5) : 0;
	if (done > 0 && !(*key = smsc_secret_copy(found.data, found.size)))
		done = -1;
	smsc_secret_free(plain);
	return done;
}

/* 40-bit keys of the base provider have eleven zero bytes behind them, unless they were
 * imported without that salt. */
int smsc_metabase_opens(smsc_span session_key, smsc_span data, const uint8_t md5[SMSC_MD5_SIZE])
{
	static const uint8_t zeros[4];
	uint8_t salted[STRONG_KEY] = { 0 };
	if (session_key.size > sizeof salted || data.size < sizeof zeros)
		return 0;
	smsc_secret *clear = smsc_secret_new(data.size);
	int done = clear ? 0 : -1;
	memcpy(salted, session_key.data, session_key.size);
	const smsc_span keys[2] = { { salted, sizeof salted }, session_key };
	for (int i = 0; i < 2 && !done; i++) {
		const char *refused = smsc_cipher_decrypt(smsc_cipher_named("RC4"), keys[i], NULL, data, smsc_secret_data(clear));
		if (refused)
			done = smsc_ran_out(refused) ? -1 : 0;
		else if (!memcmp(smsc_secret_data(clear), zeros, sizeof zeros))
			done = has_digest((smsc_span){ smsc_secret_data(clear), data.size }, md5);
	}
	smsc_wipe(salted, sizeof salted);
	smsc_secret_free(clear);
	return done;
}
