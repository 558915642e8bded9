/* export.c - PEM, PRIVATEKEYBLOB and PVK. */
#include "export.h"

#include <stdio.h>
#include <string.h>

#include <openssl/evp.h>

#include "../base/cursor.h"
#include "cipher.h"
#include "library.h"
#include "mac.h"
#include "pkcs8.h"

/* ---- PEM ---- */

enum { LINE_BYTES = 48, LINE = 64 };

static size_t put_text(smsc_secret *out, size_t at, const char *text)
{
	memcpy(smsc_secret_data(out) + at, text, strlen(text));
	return at + strlen(text);
}

/* EVP_EncodeBlock() ends with a NUL, for which there is room: a line or more follows. */
static size_t put_base64(smsc_secret *out, size_t at, smsc_span der)
{
	for (size_t i = 0; i < der.size; i += LINE_BYTES) {
		smsc_span part = smsc_span_cut(der, i, LINE_BYTES);
		at += (size_t)EVP_EncodeBlock(smsc_secret_data(out) + at, part.data, (int)part.size);
		at = put_text(out, at, "\n");
	}
	return at;
}

static smsc_secret *pem(smsc_secret *der, const char *label)
{
	char line[64];
	smsc_span in = { smsc_secret_data(der), smsc_secret_size(der) };
	size_t at = 0, lines = in.size / LINE_BYTES + 1;
	smsc_secret *out = smsc_secret_new(lines * (LINE + 1) + 2 * sizeof line);
	if (!out)
		return NULL;
	snprintf(line, sizeof line, "-----BEGIN %s-----\n", label);
	at = put_text(out, at, line);
	at = put_base64(out, at, in);
	snprintf(line, sizeof line, "-----END %s-----\n", label);
	smsc_secret_cut(out, put_text(out, at, line));
	return out;
}

static bool refuses(smsc_span passphrase, smsc_why why)
{
	if (!passphrase.data || passphrase.size)
		return false;
	smsc_because(why, "an empty passphrase protects nothing");
	return true;
}

smsc_secret *smsc_export_pem(const smsc_private_key *k, smsc_span passphrase, smsc_why why)
{
	if (refuses(passphrase, why))
		return NULL;
	smsc_der d = smsc_der_new(smsc_pkcs8_room(k));
	if (passphrase.data)
		smsc_pkcs8_put_encrypted(&d, k, passphrase);
	else
		smsc_pkcs8_put(&d, k, false);
	smsc_secret *der = smsc_der_take(&d);
	smsc_secret *out = der ? pem(der, passphrase.data ? "ENCRYPTED PRIVATE KEY" : "PRIVATE KEY") : NULL;
	smsc_secret_free(der);
	return out ? out : smsc_because(why, smsc_no_memory);
}

/* ---- PRIVATEKEYBLOB ---- */

enum { BLOB_HEAD = 8, DSS_Q = 20, DSS_SEED = 24 };
enum { CALG_RSA_SIGN = 0x2400, CALG_RSA_KEYX = 0xa400, CALG_DSS_SIGN = 0x2200 };

static uint8_t *put_u32(uint8_t *at, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		*at++ = (uint8_t)(v >> 8 * i);
	return at;
}

/* A number in exactly `size` bytes; those it has more are zero, as fits() made sure. */
static uint8_t *put_number(uint8_t *at, smsc_span little, size_t size)
{
	memcpy(at, little.data, little.size < size ? little.size : size);
	return at + size;
}

static bool fits(smsc_span little, size_t size)
{
	for (size_t i = size; i < little.size; i++)
		if (((const uint8_t *)little.data)[i])
			return false;
	return little.data != NULL;
}

static uint8_t *put_head(uint8_t *at, uint32_t algorithm, const char *magic, uint32_t bits)
{
	at = put_u32(at, 0x0207);
	at = put_u32(at, algorithm);
	memcpy(at, magic, 4);
	return put_u32(at + 4, bits);
}

static smsc_secret *rsa_blob(const smsc_rsa *k, bool exchange, smsc_why why)
{
	const smsc_span parts[] = { k->n, k->p, k->q, k->dp, k->dq, k->qinv, k->d };
	size_t m = k->bits / 8;
	for (size_t i = 0; i < 7; i++)
		if (!fits(parts[i], i % 6 ? m / 2 : m))
			return smsc_because(why, "a number of the key is longer than the key");
	smsc_secret *out = smsc_secret_new(BLOB_HEAD + 12 + 2 * m + 5 * (m / 2));
	if (!out)
		return smsc_because(why, smsc_no_memory);
	uint8_t *at = put_head(smsc_secret_data(out), exchange ? CALG_RSA_KEYX : CALG_RSA_SIGN, "RSA2", k->bits);
	at = put_u32(at, k->exponent);
	for (size_t i = 0; i < 7; i++)
		at = put_number(at, parts[i], i % 6 ? m / 2 : m);
	return out;
}

static smsc_secret *dsa_blob(const smsc_dsa *k, smsc_why why)
{
	size_t m = k->bits / 8;
	if (k->bits % 8 || !fits(k->q, DSS_Q) || !fits(k->x, DSS_Q))
		return smsc_because(why, "a PRIVATEKEYBLOB holds DSS keys with a q of 160 bits only");
	smsc_secret *out = smsc_secret_new(BLOB_HEAD + 8 + 2 * m + 2 * DSS_Q + DSS_SEED);
	if (!out)
		return smsc_because(why, smsc_no_memory);
	uint8_t *at = put_head(smsc_secret_data(out), CALG_DSS_SIGN, "DSS2", k->bits);
	at = put_number(at, k->p, m);
	at = put_number(at, k->q, DSS_Q);
	at = put_number(at, k->g, m);
	at = put_number(at, k->x, DSS_Q);
	memset(at, 0xff, DSS_SEED);  /* not known */
	return out;
}

smsc_secret *smsc_export_blob(const smsc_private_key *k, smsc_why why)
{
	return k->rsa ? rsa_blob(k->rsa, k->exchange, why) : dsa_blob(k->dsa, why);
}

/* ---- PVK ---- */

enum { PVK_HEAD = 24, PVK_SALT = 16, RC4_KEY = 16 };

/* RC4 with SHA1(salt | passphrase) over all but the BLOBHEADER. */
static const char *lock(smsc_span salt, smsc_span passphrase, smsc_span blob, uint8_t *out)
{
	uint8_t key[SMSC_MAC_MAX];
	const char *refused = smsc_no_memory;
	if (smsc_digest_parts("SHA1", (smsc_span[]){ salt, passphrase }, 2, key))
		refused = smsc_cipher_encrypt(smsc_cipher_named("RC4"), (smsc_span){ key, RC4_KEY }, NULL, blob, out);
	smsc_wipe(key, sizeof key);
	return refused;
}

static smsc_secret *pvk(const smsc_private_key *k, smsc_secret *blob, smsc_span passphrase, smsc_why why)
{
	size_t size = smsc_secret_size(blob), salt_size = passphrase.data ? PVK_SALT : 0;
	smsc_secret *out = smsc_secret_new(PVK_HEAD + salt_size + size);
	if (!out)
		return smsc_because(why, smsc_no_memory);
	const uint32_t head[] = { 0xb0b5f11e, 0, k->exchange ? 1 : 2, passphrase.data != NULL,
	                          (uint32_t)salt_size, (uint32_t)size };
	uint8_t *salt = smsc_secret_data(out);
	for (size_t i = 0; i < sizeof head / sizeof *head; i++)
		salt = put_u32(salt, head[i]);
	uint8_t *to = salt + salt_size, *from = smsc_secret_data(blob);
	memcpy(to, from, size);
	const char *refused = NULL;
	if (passphrase.data && !smsc_crypto_random(salt, salt_size))
		refused = "OpenSSL has no random bytes";
	else if (passphrase.data)
		refused = lock((smsc_span){ salt, salt_size }, passphrase,
		               (smsc_span){ from + BLOB_HEAD, size - BLOB_HEAD }, to + BLOB_HEAD);
	if (!refused)
		return out;
	smsc_secret_free(out);
	return smsc_because(why, refused);
}

smsc_secret *smsc_export_pvk(const smsc_private_key *k, smsc_span passphrase, smsc_why why)
{
	smsc_secret *blob = refuses(passphrase, why) ? NULL : smsc_export_blob(k, why);
	smsc_secret *out = blob ? pvk(k, blob, passphrase, why) : NULL;
	smsc_secret_free(blob);
	return out;
}
