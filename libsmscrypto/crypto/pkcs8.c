/* pkcs8.c - private keys in DER, written by hand: OpenSSL's encoder leaves a copy of the key in
 * freed memory, and takes fewer keys than the evidence has. */
#include "pkcs8.h"

#include "library.h"
#include "mac.h"

enum { ROUNDS = 600000, SALT = 16, AES_KEY = 32, AES_IV = 16 };

static const uint8_t rsa_algorithm[] = {  /* SEQUENCE { rsaEncryption, NULL } */
	0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00,
};
static const uint8_t dsa_oid[] = { 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x38, 0x04, 0x01 };
static const uint8_t pbes2_oid[] = { 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0d };
static const uint8_t pbkdf2_oid[] = { 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0c };
static const uint8_t hmac_sha256[] = {  /* SEQUENCE { hmacWithSHA256, NULL } */
	0x30, 0x0c, 0x06, 0x08, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 0x09, 0x05, 0x00,
};
static const uint8_t aes256_cbc_oid[] = { 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x2a };
/* [0] { SEQUENCE { keyUsage, SET { BIT STRING } } }: digitalSignature is AT_SIGNATURE,
 * dataEncipherment AT_KEYEXCHANGE. */
static const uint8_t for_signature[] = {
	0xa0, 0x0d, 0x30, 0x0b, 0x06, 0x03, 0x55, 0x1d, 0x0f, 0x31, 0x04, 0x03, 0x02, 0x07, 0x80,
};
static const uint8_t for_exchange[] = {
	0xa0, 0x0d, 0x30, 0x0b, 0x06, 0x03, 0x55, 0x1d, 0x0f, 0x31, 0x04, 0x03, 0x02, 0x04, 0x10,
};

size_t smsc_pkcs8_room(const smsc_private_key *k)
{
	size_t numbers = k->rsa ? 2 * k->rsa->n.size + 5 * k->rsa->p.size : 4 * k->dsa->p.size;
	return numbers + 512;
}

/* RSAPrivateKey (RFC 8017) */
static void put_rsa(smsc_der *d, const smsc_rsa *k)
{
	const smsc_span last_first[] = { k->qinv, k->dq, k->dp, k->q, k->p, k->d };
	size_t end = d->at;
	for (size_t i = 0; i < sizeof last_first / sizeof *last_first; i++)
		smsc_der_number(d, last_first[i]);
	smsc_der_small(d, k->exponent);
	smsc_der_number(d, k->n);
	smsc_der_small(d, 0);
	smsc_der_wrap(d, SMSC_DER_SEQUENCE, end);
}

static void put_dsa_algorithm(smsc_der *d, const smsc_dsa *k)
{
	size_t end = d->at;
	smsc_der_number(d, k->g);
	smsc_der_number(d, k->q);
	smsc_der_number(d, k->p);
	smsc_der_wrap(d, SMSC_DER_SEQUENCE, end);
	smsc_der_bytes(d, dsa_oid, sizeof dsa_oid);
	smsc_der_wrap(d, SMSC_DER_SEQUENCE, end);
}

void smsc_pkcs8_put(smsc_der *d, const smsc_private_key *k, bool with_usage)
{
	size_t end = d->at;
	if (with_usage)
		smsc_der_bytes(d, k->exchange ? for_exchange : for_signature, sizeof for_exchange);
	size_t key = d->at;
	if (k->rsa)
		put_rsa(d, k->rsa);
	else
		smsc_der_number(d, k->dsa->x);
	smsc_der_wrap(d, SMSC_DER_OCTETS, key);
	if (k->rsa)
		smsc_der_bytes(d, rsa_algorithm, sizeof rsa_algorithm);
	else
		put_dsa_algorithm(d, k->dsa);
	smsc_der_small(d, 0);
	smsc_der_wrap(d, SMSC_DER_SEQUENCE, end);
}

/* SEQUENCE { PBES2, SEQUENCE { SEQUENCE { PBKDF2, ... }, SEQUENCE { aes256-CBC, IV } } } */
static void put_pbes2(smsc_der *d, const uint8_t salt[SALT], const uint8_t iv[AES_IV])
{
	size_t end = d->at;
	smsc_der_bytes(d, iv, AES_IV);
	smsc_der_wrap(d, SMSC_DER_OCTETS, end);
	smsc_der_bytes(d, aes256_cbc_oid, sizeof aes256_cbc_oid);
	smsc_der_wrap(d, SMSC_DER_SEQUENCE, end);
	size_t derivation = d->at;
	smsc_der_bytes(d, hmac_sha256, sizeof hmac_sha256);
	smsc_der_small(d, ROUNDS);
	size_t salt_end = d->at;
	smsc_der_bytes(d, salt, SALT);
	smsc_der_wrap(d, SMSC_DER_OCTETS, salt_end);
	smsc_der_wrap(d, SMSC_DER_SEQUENCE, derivation);
	smsc_der_bytes(d, pbkdf2_oid, sizeof pbkdf2_oid);
	smsc_der_wrap(d, SMSC_DER_SEQUENCE, derivation);
	smsc_der_wrap(d, SMSC_DER_SEQUENCE, end);
	smsc_der_bytes(d, pbes2_oid, sizeof pbes2_oid);
	smsc_der_wrap(d, SMSC_DER_SEQUENCE, end);
}

void smsc_pkcs8_put_encrypted(smsc_der *d, const smsc_private_key *k, smsc_span passphrase)
{
	uint8_t salt[SALT], iv[AES_IV], key[AES_KEY];
	size_t end = d->at;
	smsc_pkcs8_put(d, k, false);
	d->failed |= !smsc_crypto_random(salt, sizeof salt) || !smsc_crypto_random(iv, sizeof iv) ||
	             !smsc_pbkdf2_sha256(passphrase, (smsc_span){ salt, sizeof salt }, ROUNDS, key, sizeof key);
	smsc_der_encrypt(d, "AES-256-CBC", (smsc_span){ key, sizeof key }, iv, end);
	smsc_wipe(key, sizeof key);
	smsc_der_wrap(d, SMSC_DER_OCTETS, end);
	put_pbes2(d, salt, iv);
	smsc_der_wrap(d, SMSC_DER_SEQUENCE, end);
}
