/* signed.c - a signature against a public key, by arithmetic: OpenSSL refuses some keys of the
 * evidence (small ones), and nothing here is secret. */
#include "signed.h"

#include <stdbool.h>
#include <string.h>

#include <openssl/bn.h>

#include "hash.h"
#include "library.h"

enum { MAX_BYTES = 2048 };

static const uint8_t sha1_name[] = {
	0x30, 0x21, 0x30, 0x09, 0x06, 0x05, 0x2b, 0x0e, 0x03, 0x02, 0x1a, 0x05, 0x00, 0x04, 0x14,
};

static int recover(BN_CTX *x, smsc_span modulus, uint32_t exponent, smsc_span signature, uint8_t *out)
{
	BIGNUM *n = BN_CTX_get(x), *s = BN_CTX_get(x), *e = BN_CTX_get(x), *m = BN_CTX_get(x);
	if (!m || !BN_lebin2bn(modulus.data, (int)modulus.size, n) ||
	    !BN_lebin2bn(signature.data, (int)signature.size, s) || BN_set_word(e, exponent) != 1)
		return -1;
	if (!BN_is_odd(n) || BN_cmp(s, n) >= 0)
		return 0;
	return BN_mod_exp(m, s, e, n, x) == 1 && BN_bn2binpad(m, out, (int)modulus.size) >= 0 ? 1 : -1;
}

int smsc_rsa_recover(smsc_span modulus, uint32_t exponent, smsc_span signature, uint8_t *out)
{
	OSSL_LIB_CTX *library = smsc_crypto_library();
	int done = -1;
	smsc_crypto_enter();
	BN_CTX *x = library ? BN_CTX_new_ex(library) : NULL;
	if (x) {
		BN_CTX_start(x);
		done = recover(x, modulus, exponent, signature, out);
		BN_CTX_end(x);
	}
	BN_CTX_free(x);
	smsc_crypto_leave();
	return done;
}

/* 00 01 FF... 00, then the digest with or without its name; all of it, so that nothing can hide. */
static bool holds(const uint8_t *m, size_t size, smsc_span digest)
{
	size_t tail = SMSC_SHA1_SIZE, at = 2;
	while (at < size && m[at] == 0xff)
		at++;
	if (m[0] || m[1] != 1 || at < 10 || at == size || m[at])
		return false;
	at++;
	if (size - at == sizeof sha1_name + tail && !memcmp(m + at, sha1_name, sizeof sha1_name))
		at += sizeof sha1_name;
	return size - at == tail && !memcmp(m + at, digest.data, tail);
}

int smsc_rsa_signed(smsc_span modulus, uint32_t exponent, smsc_span signature, smsc_span digest)
{
	uint8_t m[MAX_BYTES];
	if (modulus.size < 64 || modulus.size > MAX_BYTES || signature.size != modulus.size ||
	    digest.size != SMSC_SHA1_SIZE)
		return 0;
	int done = smsc_rsa_recover(modulus, exponent, signature, m);
	return done > 0 ? holds(m, modulus.size, digest) : done;
}
