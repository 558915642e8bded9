/* pfx.c - PKCS #12 (RFC 7292).
 *
 * Triple DES with SHA-1 and 2000 rounds is what Windows writes itself up to Windows 10 and all
 * that a server of 2000 or 2003 can import.  Against a guessed passphrase it is weak: the file
 * is for the way to that server. */
#include "../base/text.h"
#include "hash.h"
#include "library.h"
#include "mac.h"
#include "password.h"
#include "pkcs8.h"

enum { ROUNDS = 2000, SALT = 8, KEY = 24, IV = 8 };

#define PKCS 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01
static const uint8_t data_oid[] = { 0x06, 0x09, PKCS, 0x07, 0x01 };
static const uint8_t encrypted_data_oid[] = { 0x06, 0x09, PKCS, 0x07, 0x06 };
static const uint8_t local_key_id_oid[] = { 0x06, 0x09, PKCS, 0x09, 0x15 };
static const uint8_t x509_oid[] = { 0x06, 0x0a, PKCS, 0x09, 0x16, 0x01 };
static const uint8_t sha1_3des_oid[] = { 0x06, 0x0a, PKCS, 0x0c, 0x01, 0x03 };
static const uint8_t key_bag_oid[] = { 0x06, 0x0b, PKCS, 0x0c, 0x0a, 0x01, 0x02 };
static const uint8_t certificate_bag_oid[] = { 0x06, 0x0b, PKCS, 0x0c, 0x0a, 0x01, 0x03 };
static const uint8_t sha1_algorithm[] = { 0x30, 0x09, 0x06, 0x05, 0x2b, 0x0e, 0x03, 0x02, 0x1a, 0x05, 0x00 };
static const uint8_t version_3[] = { 0x02, 0x01, 0x03 };

/* ---- encryption ---- */

/* Encrypts what was written since `end`; `salt` is made. */
static void encrypt(smsc_der *d, smsc_span password, uint8_t salt[SALT], size_t end)
{
	uint8_t key[KEY], iv[IV];
	smsc_span made = { salt, SALT };
	d->failed |= !smsc_crypto_random(salt, SALT) ||
	             !smsc_pkcs12_derive(password, made, 1, ROUNDS, key, sizeof key) ||
	             !smsc_pkcs12_derive(password, made, 2, ROUNDS, iv, sizeof iv);
	smsc_der_encrypt(d, "DES-EDE3-CBC", (smsc_span){ key, sizeof key }, iv, end);
	smsc_wipe(key, sizeof key);
	smsc_wipe(iv, sizeof iv);
}

/* SEQUENCE { pbeWithSHAAnd3-KeyTripleDES-CBC, SEQUENCE { salt, rounds } } */
static void put_algorithm(smsc_der *d, const uint8_t salt[SALT])
{
	size_t end = d->at;
	smsc_der_small(d, ROUNDS);
	size_t salt_end = d->at;
	smsc_der_bytes(d, salt, SALT);
	smsc_der_wrap(d, SMSC_DER_OCTETS, salt_end);
	smsc_der_wrap(d, SMSC_DER_SEQUENCE, end);
	smsc_der_bytes(d, sha1_3des_oid, sizeof sha1_3des_oid);
	smsc_der_wrap(d, SMSC_DER_SEQUENCE, end);
}

/* ---- bags ---- */

/* SET { SEQUENCE { localKeyID, SET { OCTET STRING } } }: by this Windows finds which key is
 * the certificate's. */
static void put_id(smsc_der *d, const uint8_t id[SMSC_SHA1_SIZE])
{
	size_t end = d->at;
	smsc_der_bytes(d, id, SMSC_SHA1_SIZE);
	smsc_der_wrap(d, SMSC_DER_OCTETS, end);
	smsc_der_wrap(d, SMSC_DER_SET, end);
	smsc_der_bytes(d, local_key_id_oid, sizeof local_key_id_oid);
	smsc_der_wrap(d, SMSC_DER_SEQUENCE, end);
	smsc_der_wrap(d, SMSC_DER_SET, end);
}

/* The two wrappings of a bag's content, which was written since `content`; and of the bag, as
 * the only one of its SafeContents. */
static void end_bag(smsc_der *d, const uint8_t *oid, size_t oid_size, size_t content, size_t end)
{
	smsc_der_wrap(d, SMSC_DER_CONTEXT_0, content);
	smsc_der_bytes(d, oid, oid_size);
	smsc_der_wrap(d, SMSC_DER_SEQUENCE, end);
	smsc_der_wrap(d, SMSC_DER_SEQUENCE, end);
}

/* ContentInfo of type data around what was written since `end`. */
static void end_data(smsc_der *d, size_t end)
{
	smsc_der_wrap(d, SMSC_DER_OCTETS, end);
	smsc_der_wrap(d, SMSC_DER_CONTEXT_0, end);
	smsc_der_bytes(d, data_oid, sizeof data_oid);
	smsc_der_wrap(d, SMSC_DER_SEQUENCE, end);
}

static void put_key(smsc_der *d, const smsc_private_key *k, const uint8_t id[SMSC_SHA1_SIZE], smsc_span password)
{
	uint8_t salt[SALT] = { 0 };
	size_t end = d->at;
	put_id(d, id);
	size_t content = d->at;
	smsc_pkcs8_put(d, k, true);
	encrypt(d, password, salt, content);
	smsc_der_wrap(d, SMSC_DER_OCTETS, content);
	put_algorithm(d, salt);
	smsc_der_wrap(d, SMSC_DER_SEQUENCE, content);
	end_bag(d, key_bag_oid, sizeof key_bag_oid, content, end);
	end_data(d, end);
}

static void put_certificate(smsc_der *d, smsc_span certificate, const uint8_t id[SMSC_SHA1_SIZE], smsc_span password)
{
	enum { IMPLICIT_OCTETS = 0x80 };
	uint8_t salt[SALT] = { 0 };
	size_t end = d->at;
	put_id(d, id);
	size_t content = d->at;
	smsc_der_span(d, certificate);
	smsc_der_wrap(d, SMSC_DER_OCTETS, content);
	smsc_der_wrap(d, SMSC_DER_CONTEXT_0, content);
	smsc_der_bytes(d, x509_oid, sizeof x509_oid);
	smsc_der_wrap(d, SMSC_DER_SEQUENCE, content);
	end_bag(d, certificate_bag_oid, sizeof certificate_bag_oid, content, end);
	/* EncryptedData */
	encrypt(d, password, salt, end);
	smsc_der_wrap(d, IMPLICIT_OCTETS, end);
	put_algorithm(d, salt);
	smsc_der_bytes(d, data_oid, sizeof data_oid);
	smsc_der_wrap(d, SMSC_DER_SEQUENCE, end);
	smsc_der_small(d, 0);
	smsc_der_wrap(d, SMSC_DER_SEQUENCE, end);
	smsc_der_wrap(d, SMSC_DER_CONTEXT_0, end);
	smsc_der_bytes(d, encrypted_data_oid, sizeof encrypted_data_oid);
	smsc_der_wrap(d, SMSC_DER_SEQUENCE, end);
}

/* ---- the file ---- */

/* MacData: SEQUENCE { SEQUENCE { sha1, MAC }, salt, rounds } over the contents. */
static void put_mac(smsc_der *d, smsc_span contents, smsc_span password)
{
	uint8_t salt[SALT], key[SMSC_SHA1_SIZE], mac[SMSC_MAC_MAX];
	size_t end = d->at;
	d->failed |= !smsc_crypto_random(salt, sizeof salt) ||
	             !smsc_pkcs12_derive(password, (smsc_span){ salt, sizeof salt }, 3, ROUNDS, key, sizeof key) ||
	             !smsc_hmac("SHA1", (smsc_span){ key, sizeof key }, contents, mac);
	smsc_wipe(key, sizeof key);
	smsc_der_small(d, ROUNDS);
	size_t part = d->at;
	smsc_der_bytes(d, salt, d->failed ? 0 : sizeof salt);
	smsc_der_wrap(d, SMSC_DER_OCTETS, part);
	part = d->at;
	smsc_der_bytes(d, mac, d->failed ? 0 : SMSC_SHA1_SIZE);
	smsc_der_wrap(d, SMSC_DER_OCTETS, part);
	smsc_der_bytes(d, sha1_algorithm, sizeof sha1_algorithm);
	smsc_der_wrap(d, SMSC_DER_SEQUENCE, part);
	smsc_der_wrap(d, SMSC_DER_SEQUENCE, end);
}

static smsc_secret *file(smsc_span contents, smsc_span password)
{
	smsc_der d = smsc_der_new(contents.size + 512);
	size_t end = d.at;
	put_mac(&d, contents, password);
	size_t part = d.at;
	smsc_der_span(&d, contents);
	end_data(&d, part);
	smsc_der_bytes(&d, version_3, sizeof version_3);
	smsc_der_wrap(&d, SMSC_DER_SEQUENCE, end);
	return smsc_der_take(&d);
}

static smsc_secret *contents(const smsc_private_key *k, smsc_span certificate, smsc_span password)
{
	uint8_t id[SMSC_SHA1_SIZE];
	smsc_der d = smsc_der_new(smsc_pkcs8_room(k) + certificate.size + 1024);
	size_t end = d.at;
	d.failed |= !smsc_hash(SMSC_SHA1, certificate, id);
	put_key(&d, k, id, password);
	put_certificate(&d, certificate, id, password);
	smsc_der_wrap(&d, SMSC_DER_SEQUENCE, end);
	return smsc_der_take(&d);
}

/* UTF-16, big-endian, with its NUL. */
static smsc_secret *password_of(smsc_span passphrase)
{
	smsc_secret *text = smsc_password_utf16(passphrase, true);
	smsc_secret *out = text ? smsc_secret_new(smsc_secret_size(text) + 2) : NULL;
	for (size_t i = 0; out && i < smsc_secret_size(text); i++)
		smsc_secret_data(out)[i] = smsc_secret_data(text)[i];
	smsc_secret_free(text);
	return out;
}

static smsc_span span_of(smsc_secret *s)
{
	return s ? (smsc_span){ smsc_secret_data(s), smsc_secret_size(s) } : (smsc_span){ NULL, 0 };
}

smsc_secret *smsc_export_pfx(const smsc_private_key *k, smsc_span certificate, smsc_span passphrase,
                             smsc_why why)
{
	smsc_secret *password = passphrase.size ? password_of(passphrase) : NULL;
	smsc_secret *safe = password ? contents(k, certificate, span_of(password)) : NULL;
	smsc_secret *out = safe ? file(span_of(safe), span_of(password)) : NULL;
	if (!out)
		smsc_because(why, !passphrase.size ? "a PFX needs a passphrase" :
		             smsc_utf8_valid(passphrase) != passphrase.size ? "the passphrase is no UTF-8" : smsc_no_memory);
	smsc_secret_free(safe);
	smsc_secret_free(password);
	return out;
}
