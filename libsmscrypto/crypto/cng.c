/* cng.c - private keys as BCryptExportKey writes them; numbers are big-endian. */
#include "cng.h"

#include <string.h>

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/obj_mac.h>

#include "../base/cursor.h"
#include "library.h"
#include "rsa.h"

static const char key_entropy[] = "xT5rZW5qVVbrvpuA", properties_entropy[] = "6jnkd5J3ZdQDtrsu";
const smsc_span smsc_cng_key_entropy = { key_entropy, sizeof key_entropy };
const smsc_span smsc_cng_properties_entropy = { properties_entropy, sizeof properties_entropy };

/* Magics of the private forms; the public one is that with the number before it. */
static const struct curve {
	char        magic[5];
	const char *algorithm;
	unsigned    bits;
	int         nid;
} curves[] = {
	{ "ECS2", "ECDSA", 256, NID_X9_62_prime256v1 }, { "ECK2", "ECDH", 256, NID_X9_62_prime256v1 },
	{ "ECS4", "ECDSA", 384, NID_secp384r1 },        { "ECK4", "ECDH", 384, NID_secp384r1 },
	{ "ECS6", "ECDSA", 521, NID_secp521r1 },        { "ECK6", "ECDH", 521, NID_secp521r1 },
};

/* u32 magic, u32 bytes of a number, x, y and in the private form d. */
typedef struct point {
	const struct curve *curve;
	smsc_span x, y, d;
} point;

static bool is(smsc_span s, const char *magic)
{
	return s.size >= 4 && !memcmp(s.data, magic, 4);
}

static bool read_point(smsc_span blob, point *out)
{
	const struct curve *curve = NULL;
	for (size_t i = 0; i < sizeof curves / sizeof *curves; i++)
		if (is(blob, curves[i].magic))
			curve = &curves[i];
	smsc_cur c = smsc_cur_of(blob, 0);
	smsc_cur_u32(&c);
	uint32_t size = smsc_cur_u32(&c);
	if (!curve || !smsc_cur_ok(&c) || size != (curve->bits + 7) / 8)
		return false;
	*out = (point){ .curve = curve };
	out->x = smsc_cur_take(&c, size);
	out->y = smsc_cur_take(&c, size);
	out->d = smsc_cur_take(&c, size);
	return smsc_cur_ok(&c);
}

/* u32 magic, u32 version 1, u32 bytes, key */
static bool read_symmetric(smsc_span blob, smsc_span *key)
{
	smsc_cur c = smsc_cur_of(blob, 0);
	smsc_cur_u32(&c);
	uint32_t version = smsc_cur_u32(&c);
	*key = smsc_cur_run32(&c);
	return is(blob, "KDBM") && smsc_cur_ok(&c) && version == 1 && key->size && key->size <= 4096;
}

/* Named like the BSAFE form, but laid out in another way. */
static bool is_rsa(smsc_span blob)
{
	return blob.size >= 8 && (is(blob, "RSA2") || is(blob, "RSA3"));
}

bool smsc_cng_read(smsc_span plain, smsc_cng *out)
{
	point p;
	smsc_span key;
	if (is_rsa(plain)) {
		*out = (smsc_cng){ "RSA", smsc_le32((const uint8_t *)plain.data + 4), { NULL, 0 } };
		return true;
	}
	if (read_point(plain, &p)) {
		*out = (smsc_cng){ p.curve->algorithm, p.curve->bits, { NULL, 0 } };
		return true;
	}
	if (!read_symmetric(plain, &key))
		return false;
	*out = (smsc_cng){ "symmetric", (unsigned)(8 * key.size), key };
	return true;
}

/* ---- elliptic curves ---- */

static BIGNUM *number(BN_CTX *c, smsc_span big)
{
	BIGNUM *b = BN_CTX_get(c);
	return b ? BN_bin2bn(big.data, (int)big.size, b) : NULL;
}

/* d*G into x and y; 0 < d < order. */
static smsc_key_state multiply(BN_CTX *c, const EC_GROUP *g, const BIGNUM *d, BIGNUM *x, BIGNUM *y)
{
	EC_POINT *q = EC_POINT_new(g);
	smsc_key_state state = SMSC_KEY_NO_MEMORY;
	if (BN_is_zero(d) || BN_cmp(d, EC_GROUP_get0_order(g)) >= 0)
		state = SMSC_KEY_DAMAGED;
	else if (q && EC_POINT_mul(g, q, d, NULL, NULL, c) == 1 && EC_POINT_get_affine_coordinates(g, q, x, y, c) == 1)
		state = SMSC_KEY_VERIFIED;
	EC_POINT_clear_free(q);
	return state;
}

static smsc_key_state check_point(BN_CTX *c, const EC_GROUP *g, const point *p)
{
	BIGNUM *d = number(c, p->d), *px = number(c, p->x), *py = number(c, p->y);
	BIGNUM *x = BN_CTX_get(c), *y = BN_CTX_get(c);
	if (!d || !px || !py || !y)
		return SMSC_KEY_NO_MEMORY;
	smsc_key_state state = multiply(c, g, d, x, y);
	return state == SMSC_KEY_VERIFIED && (BN_cmp(x, px) || BN_cmp(y, py)) ? SMSC_KEY_DAMAGED : state;
}

/* The public form says the same numbers, under the magic before ours ("ECS1" of "ECS2"). */
static bool is_public_of(smsc_span public_blob, smsc_span plain, const point *p)
{
	size_t size = 8 + 2 * p->x.size;
	const uint8_t *a = public_blob.data, *b = plain.data;
	return public_blob.size >= size && !memcmp(a, b, 3) && a[3] == b[3] - 1 && !memcmp(a + 4, b + 4, size - 4);
}

static smsc_key_state check_curve(smsc_span plain, smsc_span public_blob, const point *p)
{
	OSSL_LIB_CTX *library = smsc_crypto_library();
	smsc_key_state state = SMSC_KEY_NO_MEMORY;
	smsc_crypto_enter();
	BN_CTX *c = library ? BN_CTX_secure_new_ex(library) : NULL;
	EC_GROUP *g = c ? EC_GROUP_new_by_curve_name_ex(library, NULL, p->curve->nid) : NULL;
	if (g) {
		BN_CTX_start(c);
		state = check_point(c, g, p);
		BN_CTX_end(c);
	}
	EC_GROUP_free(g);
	BN_CTX_free(c);  /* wipes its numbers */
	smsc_crypto_leave();
	if (state == SMSC_KEY_VERIFIED && public_blob.size && !is_public_of(public_blob, plain, p))
		state = SMSC_KEY_MISMATCH;
	return state;
}

/* ---- RSA ---- */

/* "RSA1", bits, bytes of e and n, 0, 0, e, n: the modulus, little-endian, into `n`. */
static bool read_public_rsa(smsc_span blob, uint8_t *n, size_t size, uint32_t *e)
{
	smsc_cur c = smsc_cur_of(blob, 0);
	smsc_cur_take(&c, 8);
	uint32_t e_size = smsc_cur_u32(&c), n_size = smsc_cur_u32(&c);
	smsc_cur_take(&c, 8);
	smsc_span exponent = smsc_cur_take(&c, e_size), modulus = smsc_cur_take(&c, n_size);
	if (!is(blob, "RSA1") || !smsc_cur_ok(&c) || exponent.size > 4 || modulus.size != size)
		return false;
	*e = 0;
	for (size_t i = 0; i < exponent.size; i++)
		*e = *e << 8 | ((const uint8_t *)exponent.data)[i];
	for (size_t i = 0; i < size; i++)
		n[i] = ((const uint8_t *)modulus.data)[size - 1 - i];
	return true;
}

static smsc_key_state check_rsa(smsc_span plain, smsc_span public_blob)
{
	enum { MAX_MODULUS = 2048 };
	smsc_rsa k;
	smsc_secret *room;
	uint8_t n[MAX_MODULUS];
	uint32_t e = 0;
	int read = smsc_rsa_of_bcrypt(plain, &k, &room);
	if (read < 1)
		return read ? SMSC_KEY_NO_MEMORY : SMSC_KEY_DAMAGED;
	bool known = public_blob.size && read_public_rsa(public_blob, n, k.n.size, &e);
	smsc_key_state state = smsc_rsa_check(&k, smsc_span_of(n, known ? k.n.size : 0), e);
	smsc_secret_free(room);
	return state == SMSC_KEY_VERIFIED && public_blob.size && !known ? SMSC_KEY_MISMATCH : state;
}

smsc_key_state smsc_cng_check(smsc_span plain, smsc_span public_blob)
{
	point p;
	smsc_span key;
	if (is_rsa(plain))
		return check_rsa(plain, public_blob);
	if (read_point(plain, &p))
		return check_curve(plain, public_blob, &p);
	return read_symmetric(plain, &key) ? SMSC_KEY_VERIFIED : SMSC_KEY_UNCHECKED;
}
