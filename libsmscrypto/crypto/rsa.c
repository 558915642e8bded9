/* rsa.c - arithmetic proof of a private key. */
#include "rsa.h"

#include <string.h>

#include <openssl/bn.h>

#include "../base/cursor.h"
#include "library.h"

enum { MAX_BITS = 16384, MAX_BYTES = MAX_BITS / 8, PAD = 8, PARTS = 7 };

/* ---- forms ---- */

/* The numbers in the order of all of CryptoAPI's forms; n and d are long, the others half. */
static void fields_of(smsc_rsa *k, smsc_span *fields[PARTS])
{
	smsc_span *order[PARTS] = { &k->n, &k->p, &k->q, &k->dp, &k->dq, &k->qinv, &k->d };
	memcpy(fields, order, sizeof order);
}

static bool read_numbers(smsc_cur *c, smsc_rsa *out, size_t pad, size_t half_pad)
{
	if (!smsc_cur_ok(c) || out->bits == 0 || out->bits > MAX_BITS || out->bits % 16)
		return false;
	size_t m = out->bits / 8;
	smsc_span *fields[PARTS];
	fields_of(out, fields);
	for (size_t i = 0; i < PARTS; i++) {
		bool full = i == 0 || i == PARTS - 1;
		*fields[i] = smsc_span_cut(smsc_cur_take(c, full ? m + pad : m / 2 + half_pad), 0, full ? m : m / 2);
	}
	return smsc_cur_ok(c);
}

static bool is(smsc_span s, const char *magic)
{
	return s.size == 4 && !memcmp(s.data, magic, 4);
}

bool smsc_rsa_of_bsafe(smsc_span plain, smsc_rsa *out)
{
	smsc_cur c = smsc_cur_of(plain, 0);
	smsc_span magic = smsc_cur_take(&c, 4);
	smsc_cur_u32(&c);
	uint32_t bits = smsc_cur_u32(&c);
	smsc_cur_u32(&c);
	*out = (smsc_rsa){ .bits = bits, .exponent = smsc_cur_u32(&c) };
	return is(magic, "RSA2") && read_numbers(&c, out, PAD, PAD / 2);
}

bool smsc_rsa_of_blob(smsc_span blob, smsc_rsa *out)
{
	smsc_cur c = smsc_cur_of(blob, 0);
	uint32_t head = smsc_cur_u32(&c);
	smsc_cur_u32(&c);  /* the algorithm, which tells only what the key is for */
	smsc_span magic = smsc_cur_take(&c, 4);
	uint32_t bits = smsc_cur_u32(&c);
	*out = (smsc_rsa){ .bits = bits, .exponent = smsc_cur_u32(&c) };
	return head == 0x0207 && is(magic, "RSA2") && read_numbers(&c, out, 0, 0);
}

/* ---- numbers ---- */

/* One calculation.  `failed`: OpenSSL had no memory, so that nothing can be said of the key. */
typedef struct work {
	BN_CTX *x;
	bool    failed;
} work;

static BIGNUM *fresh(work *w)
{
	BIGNUM *b = BN_CTX_get(w->x);
	w->failed |= !b;
	return b;
}

static BIGNUM *number(work *w, smsc_span little)
{
	BIGNUM *b = fresh(w);
	if (!b)
		return NULL;
	BN_set_flags(b, BN_FLG_CONSTTIME);
	w->failed |= little.size > MAX_BYTES + PAD ||
	             !BN_lebin2bn(little.data ? little.data : (const unsigned char *)"", (int)little.size, b);
	return b;
}

static bool done(work *w, int result)
{
	w->failed |= result != 1;
	return !w->failed;
}

typedef struct numbers {
	BIGNUM *n, *p, *q, *dp, *dq, *qinv, *d, *e;
	BIGNUM *p1, *q1;  /* p - 1, q - 1 */
} numbers;

/* False when there is no memory, or a prime is even or less than three. */
static bool load(work *w, const smsc_rsa *k, numbers *z)
{
	*z = (numbers){ number(w, k->n), number(w, k->p), number(w, k->q), number(w, k->dp), number(w, k->dq),
	                number(w, k->qinv), number(w, k->d), fresh(w), fresh(w), fresh(w) };
	return !w->failed && done(w, BN_set_word(z->e, k->exponent)) &&
	       BN_is_odd(z->p) && BN_is_odd(z->q) && !BN_is_one(z->p) && !BN_is_one(z->q) &&
	       done(w, BN_sub(z->p1, z->p, BN_value_one())) && done(w, BN_sub(z->q1, z->q, BN_value_one()));
}

/* a*b = c mod m; b NULL stands for 1.  m is not zero. */
static bool congruent(work *w, const BIGNUM *a, const BIGNUM *b, const BIGNUM *c, const BIGNUM *m)
{
	BIGNUM *left = fresh(w), *right = fresh(w);
	return !w->failed && done(w, b ? BN_mul(left, a, b, w->x) : BN_copy(left, a) != NULL) &&
	       done(w, BN_nnmod(left, left, m, w->x)) && done(w, BN_nnmod(right, c, m, w->x)) &&
	       BN_cmp(left, right) == 0;
}

/* out = in^exponent mod m, which is odd. */
static bool power(work *w, BIGNUM *out, const BIGNUM *in, const BIGNUM *exponent, const BIGNUM *m)
{
	return done(w, BN_nnmod(out, in, m, w->x)) &&
	       done(w, BN_mod_exp_mont_consttime(out, out, exponent, m, w->x, NULL));
}

/* out = in^d mod n by way of p and q. */
static bool private_operation(work *w, const numbers *z, const BIGNUM *in, BIGNUM *out)
{
	BIGNUM *a = fresh(w), *b = fresh(w);
	return !w->failed && power(w, a, in, z->dp, z->p) && power(w, b, in, z->dq, z->q) &&
	       done(w, BN_mod_sub(a, a, b, z->p, w->x)) && done(w, BN_mod_mul(a, a, z->qinv, z->p, w->x)) &&
	       done(w, BN_mul(a, a, z->q, w->x)) && done(w, BN_add(out, a, b));
}

/* ---- proof ---- */

static bool is_product(work *w, const numbers *z)
{
	BIGNUM *product = fresh(w);
	return product && done(w, BN_mul(product, z->p, z->q, w->x)) && BN_cmp(product, z->n) == 0;
}

/* e*d = 1 modulo p-1 and q-1, which is what makes decryption undo encryption; and the three
 * CRT parts are what they should be. */
static bool parts_are_right(work *w, const numbers *z)
{
	return congruent(w, z->e, z->d, BN_value_one(), z->p1) && congruent(w, z->e, z->d, BN_value_one(), z->q1) &&
	       congruent(w, z->d, NULL, z->dp, z->p1) && congruent(w, z->d, NULL, z->dq, z->q1) &&
	       congruent(w, z->q, z->qinv, BN_value_one(), z->p);
}

/* All of the above would hold for factors that are no primes, too. */
static bool two_comes_back(work *w, const numbers *z)
{
	BIGNUM *two = fresh(w), *out = fresh(w);
	return !w->failed && done(w, BN_set_word(two, 2)) && power(w, out, two, z->e, z->n) &&
	       private_operation(w, z, out, out) && BN_is_word(out, 2);
}

static smsc_key_state check(work *w, const smsc_rsa *k, smsc_span public_n, uint32_t public_e)
{
	numbers z;
	bool sound = load(w, k, &z) && is_product(w, &z) && parts_are_right(w, &z) && two_comes_back(w, &z);
	BIGNUM *other = number(w, public_n);
	if (w->failed)
		return SMSC_KEY_NO_MEMORY;
	if (!sound)
		return SMSC_KEY_DAMAGED;
	return !public_n.size || (BN_cmp(z.n, other) == 0 && k->exponent == public_e) ? SMSC_KEY_VERIFIED
	                                                                             : SMSC_KEY_MISMATCH;
}

static bool begin(work *w)
{
	OSSL_LIB_CTX *library = smsc_crypto_library();
	smsc_crypto_enter();
	*w = (work){ library ? BN_CTX_secure_new_ex(library) : NULL, false };
	if (w->x)
		BN_CTX_start(w->x);
	return w->x != NULL;
}

static void end(work *w)
{
	if (w->x)
		BN_CTX_end(w->x);
	BN_CTX_free(w->x);  /* wipes its numbers */
	smsc_crypto_leave();
}

smsc_key_state smsc_rsa_check(const smsc_rsa *k, smsc_span public_n, uint32_t public_e)
{
	work w;
	smsc_key_state state = SMSC_KEY_NO_MEMORY;
	smsc_span n = smsc_span_cut(public_n, 0, MAX_BYTES + PAD);
	if (begin(&w))
		state = check(&w, k, n, public_e);
	end(&w);
	/* What is longer than any key is not the modulus. */
	return state == SMSC_KEY_VERIFIED && n.size < public_n.size ? SMSC_KEY_MISMATCH : state;
}

static int decrypt(work *w, const smsc_rsa *k, smsc_span in, uint8_t *out)
{
	numbers z;
	BIGNUM *c = number(w, in), *result = fresh(w);
	bool good = load(w, k, &z) && !w->failed && private_operation(w, &z, c, result) &&
	            BN_bn2lebinpad(result, out, (int)k->n.size) >= 0;
	return w->failed ? -1 : good;
}

int smsc_rsa_decrypt(const smsc_rsa *k, smsc_span in, uint8_t *out)
{
	work w;
	int good = begin(&w) ? decrypt(&w, k, in, out) : -1;
	end(&w);
	return good;
}

/* ---- CNG ---- */

static void reverse(uint8_t *to, smsc_span from)
{
	for (size_t i = 0; i < from.size; i++)
		to[i] = ((const uint8_t *)from.data)[from.size - 1 - i];
}

/* Into the place of `out`; where there is no inverse it stays zero, and the check tells. */
static bool put_inverse(work *w, const BIGNUM *of, const BIGNUM *modulus, smsc_span out)
{
	BIGNUM *divisor = fresh(w), *inverse = fresh(w);
	if (w->failed || !done(w, BN_gcd(divisor, of, modulus, w->x)))
		return false;
	return !BN_is_one(divisor) || (done(w, BN_mod_inverse(inverse, of, modulus, w->x) != NULL) &&
	       BN_bn2lebinpad(inverse, (uint8_t *)(uintptr_t)out.data, (int)out.size) >= 0);
}

static bool compute_rest(work *w, const smsc_rsa *k)
{
	numbers z;
	BIGNUM *both = fresh(w);
	if (!load(w, k, &z))
		return !w->failed;
	return done(w, BN_mul(both, z.p1, z.q1, w->x)) && put_inverse(w, z.e, z.p1, k->dp) &&
	       put_inverse(w, z.e, z.q1, k->dq) && put_inverse(w, z.q, z.p, k->qinv) && put_inverse(w, z.e, both, k->d);
}

static bool complete(const smsc_rsa *k)
{
	work w;
	bool good = begin(&w) && compute_rest(&w, k);
	end(&w);
	return good;
}

/* The parts of `c` that are there, reversed, into `room`, which has place for all. */
static void take_numbers(smsc_cur *c, smsc_rsa *out, size_t there, uint8_t *room)
{
	smsc_span *fields[PARTS];
	fields_of(out, fields);
	for (size_t i = 0; i < PARTS; i++) {
		size_t size = out->bits / (i == 0 || i == PARTS - 1 ? 8 : 16);
		if (i < there)
			reverse(room, smsc_cur_take(c, size));
		*fields[i] = smsc_span_of(room, size);
		room += size;
	}
}

/* magic, bits, bytes of e, n, p and q; then e.  CNG's keys have primes of one length. */
static bool read_bcrypt_head(smsc_cur *c, smsc_rsa *out, bool *full)
{
	smsc_span magic = smsc_cur_take(c, 4);
	uint32_t bits = smsc_cur_u32(c), e_size = smsc_cur_u32(c), n_size = smsc_cur_u32(c);
	uint32_t p_size = smsc_cur_u32(c), q_size = smsc_cur_u32(c);
	smsc_span e = smsc_cur_take(c, e_size);
	*full = is(magic, "RSA3");
	*out = (smsc_rsa){ .bits = bits };
	for (size_t i = 0; i < e.size && i < 4; i++)
		out->exponent = out->exponent << 8 | ((const uint8_t *)e.data)[i];
	return smsc_cur_ok(c) && (*full || is(magic, "RSA2")) && e.size <= 4 && bits && bits <= MAX_BITS &&
	       bits % 16 == 0 && n_size == bits / 8 && p_size == bits / 16 && q_size == p_size;
}

int smsc_rsa_of_bcrypt(smsc_span plain, smsc_rsa *out, smsc_secret **room)
{
	smsc_cur c = smsc_cur_of(plain, 0);
	bool full;
	*room = NULL;
	if (!read_bcrypt_head(&c, out, &full))
		return 0;
	size_t m = out->bits / 8, all = 2 * m + 5 * (m / 2);
	if (smsc_cur_left(&c) < (full ? all : 2 * m))
		return 0;
	if (!(*room = smsc_secret_new(all)))
		return -1;
	take_numbers(&c, out, full ? PARTS : 3, smsc_secret_data(*room));
	if (full || complete(out))
		return 1;
	smsc_secret_free(*room);
	*room = NULL;
	return -1;
}
