/* cms.c - encrypted messages: the key of the message by RSA, its content by a block cipher
 * (RFC 5652, RFC 2268 for RC2). */
#include "cms.h"

#include <string.h>

#include "../base/cursor.h"
#include "cipher.h"

static const struct content_cipher {
	const char *oid, *name;
	size_t key, block;       /* key 0: as long as the message's key is */
} ciphers[] = {
	{ "1.2.840.113549.3.7", "DES-EDE3-CBC", 24, 8 },
	{ "1.2.840.113549.3.2", "RC2-CBC", 0, 8 },
	{ "1.3.14.3.2.7", "DES-CBC", 8, 8 },
	{ "2.16.840.1.101.3.4.1.2", "AES-128-CBC", 16, 16 },
	{ "2.16.840.1.101.3.4.1.22", "AES-192-CBC", 24, 16 },
	{ "2.16.840.1.101.3.4.1.42", "AES-256-CBC", 32, 16 },
};

static const struct content_cipher *cipher_of(const char *oid)
{
	for (size_t i = 0; i < sizeof ciphers / sizeof *ciphers; i++)
		if (!strcmp(ciphers[i].oid, oid))
			return &ciphers[i];
	return NULL;
}

/* 00 02, eight or more bytes that are not 0, 00, the key: where it begins, or 0. */
static size_t key_begin(const uint8_t *m, size_t size)
{
	size_t at = 2;
	if (m[0] || m[1] != 2)
		return 0;
	while (at < size && m[at])
		at++;
	return at >= 10 && at < size ? at + 1 : 0;
}

static void reverse(uint8_t *to, const uint8_t *from, size_t size)
{
	for (size_t i = 0; i < size; i++)
		to[i] = from[size - 1 - i];
}

/* The key of the message, within a secret; `begin` is where, 0 when there is none.  NULL without
 * memory. */
static smsc_secret *unwrap(const smsc_envelope *e, const smsc_rsa *key, size_t *begin)
{
	size_t m = key->n.size;
	smsc_secret *room = smsc_secret_new(3 * m);
	if (!room)
		return NULL;
	uint8_t *in = smsc_secret_data(room), *out = in + m, *big = out + m;
	memset(in, 0, m);
	reverse(in, e->encrypted_key.data, e->encrypted_key.size);
	int done = smsc_rsa_decrypt(key, smsc_span_of(in, m), out);
	if (done > 0) {
		reverse(big, out, m);
		*begin = key_begin(big, m);
	}
	if (*begin)
		*begin += 2 * m;
	if (done >= 0)
		return room;
	smsc_secret_free(room);
	return NULL;
}

static bool unpad(smsc_secret *s, size_t block)
{
	const uint8_t *p = smsc_secret_data(s);
	size_t size = smsc_secret_size(s), pad = size ? p[size - 1] : 0;
	if (!pad || pad > block || pad > size)
		return false;
	for (size_t i = size - pad; i < size; i++)
		if (p[i] != pad)
			return false;
	smsc_secret_cut(s, size - pad);
	return true;
}

/* RC2's effective bits are as many as its key has, unless the parameters say another number. */
static bool rc2_fits(const smsc_envelope *e, size_t bytes)
{
	static const struct { int64_t version; size_t bytes; } known[] = { { 160, 5 }, { 120, 8 }, { 58, 16 } };
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (known[i].version == e->rc2_version)
			return known[i].bytes == bytes;
	return e->rc2_version == -1 || (e->rc2_version >= 256 && (size_t)e->rc2_version == bytes * 8);
}

static smsc_secret *decrypt(const smsc_envelope *e, const struct content_cipher *c, smsc_span key, smsc_why why)
{
	static const char not_this_key[] = "the private key does not open it";
	if ((c->key && key.size != c->key) || key.size > 64 || (!c->key && !rc2_fits(e, key.size)))
		return smsc_because(why, not_this_key);
	smsc_secret *out = smsc_secret_new(e->content.size);
	const char *wrong = out ? smsc_cipher_decrypt(smsc_cipher_named(c->name), key, e->iv.data, e->content,
	                                              smsc_secret_data(out)) : smsc_no_memory;
	if (!wrong && unpad(out, c->block))
		return out;
	smsc_because(why, wrong ? wrong : not_this_key);
	smsc_secret_free(out);
	return NULL;
}

smsc_secret *smsc_envelope_open(const smsc_envelope *e, const smsc_rsa *key, smsc_why why)
{
	const struct content_cipher *c = cipher_of(e->content_algorithm);
	size_t begin = 0;
	if (strcmp(e->key_algorithm, "1.2.840.113549.1.1.1"))
		return smsc_because(why, "its key is not encrypted with RSA PKCS #1 v1.5");
	if (!c || e->iv.size != c->block || !e->content.size || e->content.size % c->block)
		return smsc_because(why, c ? "its content is torn" : "its content is encrypted with a cipher that is not known");
	if (e->encrypted_key.size > key->n.size)
		return smsc_because(why, "its encrypted key is longer than the private key");
	smsc_secret *room = unwrap(e, key, &begin), *out = NULL;
	if (begin)
		out = decrypt(e, c, smsc_span_of(smsc_secret_data(room) + begin, smsc_secret_size(room) - begin), why);
	else
		smsc_because(why, room ? "the private key does not open it" : smsc_no_memory);
	smsc_secret_free(room);
	return out;
}
