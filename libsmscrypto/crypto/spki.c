/* spki.c - SubjectPublicKeyInfo in DER, written by hand: the input is evidence, and OpenSSL
 * rightly refuses some keys (even moduli, odd sizes) whose fingerprint is wanted all the same. */
#include "spki.h"

enum { DER_INTEGER = 0x02, DER_BITS = 0x03, DER_SEQUENCE = 0x30 };

static const uint8_t rsa_algorithm[] = {  /* SEQUENCE { rsaEncryption, NULL } */
	0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00,
};
static const uint8_t dsa_oid[] = { 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x38, 0x04, 0x01 };

static void put_head(smsc_buf *der, int tag, size_t size)
{
	smsc_buf_char(der, (char)tag);
	if (size < 0x80) {
		smsc_buf_char(der, (char)size);
		return;
	}
	int bytes = 1;
	while (bytes < 8 && size >> (8 * bytes))
		bytes++;
	smsc_buf_char(der, (char)(0x80 | bytes));
	while (bytes-- > 0)
		smsc_buf_char(der, (char)(size >> (8 * bytes) & 0xff));
}

static void put_wrapped(smsc_buf *der, int tag, const smsc_buf *content)
{
	put_head(der, tag, content->size);
	smsc_buf_add(der, content->data, content->size);
	der->failed |= content->failed;
}

static void put_number(smsc_buf *der, smsc_span little)
{
	const uint8_t *bytes = little.data;
	size_t size = little.size;
	while (size && !bytes[size - 1])
		size--;
	/* The top bit is a sign; zero itself is one byte. */
	bool pad = !size || bytes[size - 1] & 0x80;
	put_head(der, DER_INTEGER, size + pad);
	if (pad)
		smsc_buf_char(der, 0);
	while (size)
		smsc_buf_char(der, (char)bytes[--size]);
}

static void put_spki(smsc_buf *der, const smsc_buf *algorithm, const smsc_buf *key)
{
	smsc_buf bits = SMSC_BUF_INIT, whole = SMSC_BUF_INIT;
	smsc_buf_char(&bits, 0);  /* no unused bits */
	smsc_buf_add(&bits, key->data, key->size);
	smsc_buf_add(&whole, algorithm->data, algorithm->size);
	put_wrapped(&whole, DER_BITS, &bits);
	whole.failed |= algorithm->failed | key->failed;
	put_wrapped(der, DER_SEQUENCE, &whole);
	smsc_buf_free(&whole);
	smsc_buf_free(&bits);
}

static void put_rsa_key(smsc_buf *der, smsc_span modulus, uint32_t exponent)
{
	smsc_buf numbers = SMSC_BUF_INIT;
	const uint8_t e[4] = { exponent & 0xff, exponent >> 8 & 0xff, exponent >> 16 & 0xff,
	                       exponent >> 24 & 0xff };
	put_number(&numbers, modulus);
	put_number(&numbers, (smsc_span){ e, sizeof(e) });
	put_wrapped(der, DER_SEQUENCE, &numbers);
	smsc_buf_free(&numbers);
}

void smsc_spki_rsa(smsc_buf *der, smsc_span modulus, uint32_t exponent)
{
	smsc_buf algorithm = SMSC_BUF_INIT, key = SMSC_BUF_INIT;
	smsc_buf_add(&algorithm, rsa_algorithm, sizeof(rsa_algorithm));
	put_rsa_key(&key, modulus, exponent);
	put_spki(der, &algorithm, &key);
	smsc_buf_free(&key);
	smsc_buf_free(&algorithm);
}

bool smsc_spki_rsa_key_id(smsc_span modulus, uint32_t exponent, uint8_t out[SMSC_SHA1_SIZE])
{
	smsc_buf key = SMSC_BUF_INIT;
	put_rsa_key(&key, modulus, exponent);
	bool good = !key.failed && smsc_hash(SMSC_SHA1, (smsc_span){ key.data, key.size }, out);
	smsc_buf_free(&key);
	return good;
}

void smsc_spki_dsa(smsc_buf *der, smsc_span p, smsc_span q, smsc_span g, smsc_span y)
{
	smsc_buf domain = SMSC_BUF_INIT, inner = SMSC_BUF_INIT, algorithm = SMSC_BUF_INIT,
		key = SMSC_BUF_INIT;
	put_number(&domain, p);
	put_number(&domain, q);
	put_number(&domain, g);
	smsc_buf_add(&inner, dsa_oid, sizeof(dsa_oid));
	put_wrapped(&inner, DER_SEQUENCE, &domain);
	put_wrapped(&algorithm, DER_SEQUENCE, &inner);
	put_number(&key, y);
	put_spki(der, &algorithm, &key);
	smsc_buf_free(&key);
	smsc_buf_free(&algorithm);
	smsc_buf_free(&inner);
	smsc_buf_free(&domain);
}

bool smsc_spki_fingerprint(const smsc_buf *der, smsc_fingerprint *out)
{
	smsc_span bytes = { der->data, der->size };
	return !der->failed && smsc_hash(SMSC_SHA256, bytes, out->sha256) &&
		smsc_hash(SMSC_SHA1, bytes, out->sha1);
}
