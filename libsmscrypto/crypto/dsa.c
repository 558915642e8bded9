/* dsa.c - arithmetic proof of a DSS private key. */
#include "dsa.h"

#include <stdint.h>
#include <string.h>

#include <openssl/bn.h>

#include "../base/cursor.h"
#include "library.h"

enum { MAX_BITS = 16384 };

/* A length in bits, as bytes; 0 when no number has it. */
static size_t bytes_of(uint32_t bits)
{
	return bits > MAX_BITS ? 0 : (bits + 7) / 8;
}

bool smsc_dsa_of_container(smsc_span public_part, smsc_span plain, smsc_dsa *out)
{
	smsc_cur c = smsc_cur_of(public_part, 0);
	uint32_t head = smsc_cur_u32(&c);
	smsc_cur_u32(&c);
	smsc_span magic = smsc_cur_take(&c, 4);
	uint32_t bits = smsc_cur_u32(&c), q_bits = smsc_cur_u32(&c), j_bits = smsc_cur_u32(&c);
	smsc_cur_u32(&c);      /* bits of x, which is not here */
	smsc_cur_take(&c, 24); /* counter and seed             */
	size_t p = bytes_of(bits), q = bytes_of(q_bits);
	if (!smsc_cur_ok(&c) || head != 0x0307 || memcmp(magic.data, "DSS4", 4) || !p || !q || j_bits > MAX_BITS)
		return false;
	*out = (smsc_dsa){ .bits = bits, .x = plain };
	out->p = smsc_cur_take(&c, p);
	out->q = smsc_cur_take(&c, q);
	out->g = smsc_cur_take(&c, p);
	smsc_cur_take(&c, bytes_of(j_bits));
	out->y = smsc_cur_take(&c, p);
	return smsc_cur_ok(&c) && plain.size > 0 && plain.size <= p;
}

static BIGNUM *number(BN_CTX *c, smsc_span little)
{
	BIGNUM *b = BN_CTX_get(c);
	if (!b)
		return NULL;
	BN_set_flags(b, BN_FLG_CONSTTIME);
	return BN_lebin2bn(little.data, (int)little.size, b);
}

/* out = g^exponent mod p; p is odd. */
static bool power(BN_CTX *c, BIGNUM *out, const BIGNUM *g, const BIGNUM *exponent, const BIGNUM *p)
{
	return BN_mod_exp_mont_consttime(out, g, exponent, p, c, NULL) == 1;
}

static smsc_key_state check(BN_CTX *c, const smsc_dsa *k)
{
	BIGNUM *p = number(c, k->p), *q = number(c, k->q), *g = number(c, k->g);
	BIGNUM *y = number(c, k->y), *x = number(c, k->x), *out = BN_CTX_get(c);
	if (!p || !q || !g || !y || !x || !out)
		return SMSC_KEY_NO_MEMORY;
	if (!BN_is_odd(p) || BN_is_one(p) || BN_is_zero(q) || BN_is_zero(x) || BN_cmp(x, q) >= 0 || BN_cmp(g, p) >= 0)
		return SMSC_KEY_DAMAGED;
	if (!power(c, out, g, q, p))
		return SMSC_KEY_NO_MEMORY;
	if (!BN_is_one(out) || BN_is_one(g))
		return SMSC_KEY_DAMAGED;
	if (!power(c, out, g, x, p))
		return SMSC_KEY_NO_MEMORY;
	return BN_cmp(out, y) ? SMSC_KEY_MISMATCH : SMSC_KEY_VERIFIED;
}

smsc_key_state smsc_dsa_check(const smsc_dsa *k)
{
	OSSL_LIB_CTX *library = smsc_crypto_library();
	smsc_key_state state = SMSC_KEY_NO_MEMORY;
	smsc_crypto_enter();
	BN_CTX *c = library ? BN_CTX_secure_new_ex(library) : NULL;
	if (c) {
		BN_CTX_start(c);
		state = check(c, k);
		BN_CTX_end(c);
	}
	BN_CTX_free(c);  /* wipes its numbers */
	smsc_crypto_leave();
	return state;
}
