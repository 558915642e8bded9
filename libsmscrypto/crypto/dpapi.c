/* dpapi.c - master keys and blobs.  The tag or signature is checked before any plaintext is
 * believed, and before padding. */
#include "dpapi.h"

#include <stdio.h>
#include <string.h>

#include "../base/cursor.h"
#include "cipher.h"
#include "library.h"
#include "mac.h"

/* A slot is decrypted once for every secret there is: a hostile one must not be megabytes. */
enum { MAX_KEY = 32, MAX_IV = 16, SLOT_SALT = 16, MAX_SLOT = 4096 };

static smsc_secret *unknown(smsc_why why, const char *what, uint32_t algid)
{
	snprintf(why, SMSC_WHY, "%s 0x%04x unknown", what, (unsigned)algid);
	return NULL;
}

/* ---- master keys ---- */

/* tag = HMAC(HMAC(prekey, salt), key), all within the plaintext.  NULL when it is right. */
static const char *check_tag(const char *digest, smsc_span prekey, smsc_span plain, size_t size)
{
	uint8_t inner[SMSC_MAC_MAX], tag[SMSC_MAC_MAX];
	size_t n = smsc_digest_size(digest);
	const uint8_t *p = plain.data;
	const char *wrong = smsc_no_memory;
	if (smsc_hmac(digest, prekey, smsc_span_cut(plain, 0, SLOT_SALT), inner) &&
	    smsc_hmac(digest, smsc_span_of(inner, n), smsc_span_cut(plain, plain.size - size, size), tag))
		wrong = smsc_secret_equal(tag, p + SLOT_SALT, n) ? NULL : "the secret does not open it";
	smsc_wipe(inner, sizeof inner);
	smsc_wipe(tag, sizeof tag);
	return wrong;
}

static smsc_secret *slot_decrypt(const smsc_slot *slot, const smsc_cipher *cipher, const char *digest,
                                 smsc_span prekey, smsc_why why)
{
	uint8_t derived[MAX_KEY + MAX_IV];
	smsc_secret *plain = smsc_secret_new(slot->data.size);
	if (!plain)
		return smsc_because(why, smsc_no_memory);
	const char *refused = smsc_no_memory;
	if (smsc_dpapi_derive(digest, prekey, slot->salt, slot->rounds, derived, cipher->key + cipher->block))
		refused = smsc_cipher_decrypt(cipher, smsc_span_of(derived, cipher->key), derived + cipher->key,
		                              slot->data, smsc_secret_data(plain));
	smsc_wipe(derived, sizeof derived);
	if (!refused)
		return plain;
	smsc_secret_free(plain);
	return smsc_because(why, refused);
}

smsc_secret *smsc_slot_open(const smsc_slot *slot, smsc_span prekey, size_t size,
                            uint32_t max_rounds, smsc_why why)
{
	const smsc_cipher *cipher = smsc_cipher_of(slot->cipher);
	const char *digest = smsc_digest_of(slot->hash);
	if (!cipher || !cipher->key)
		return unknown(why, "cipher", slot->cipher);
	if (!digest)
		return unknown(why, "hash", slot->hash);
	if (slot->rounds == 0 || slot->rounds > max_rounds)
		return smsc_because(why, "the number of rounds is out of the limit");
	if (slot->data.size > MAX_SLOT || slot->data.size < SLOT_SALT + smsc_digest_size(digest) + size)
		return smsc_because(why, "the slot has a size that no key has");
	smsc_secret *plain = slot_decrypt(slot, cipher, digest, prekey, why);
	if (!plain)
		return NULL;
	smsc_span all = smsc_span_of(smsc_secret_data(plain), slot->data.size);
	const char *wrong = check_tag(digest, prekey, all, size);
	smsc_secret *key = wrong ? NULL : smsc_secret_copy(smsc_secret_data(plain) + all.size - size, size);
	smsc_secret_free(plain);
	return key ? key : smsc_because(why, wrong ? wrong : smsc_no_memory);
}

/* ---- pre-keys of users ---- */

enum { NT_HASH = 16 };

/* NULL, or why there is no hash. */
static const char *password_hash(smsc_user_form form, smsc_span password, smsc_span sid, uint8_t hash[20])
{
	uint8_t long_form[32];
	if (form == SMSC_USER_SHA1)
		return smsc_digest_parts("SHA1", &password, 1, hash) ? NULL : smsc_no_memory;
	if (!smsc_md4(password, hash))
		return smsc_crypto_legacy() ? smsc_no_memory : smsc_no_legacy;
	if (form == SMSC_USER_NTLM)
		return NULL;
	bool good = smsc_pbkdf2_sha256(smsc_span_of(hash, NT_HASH), sid, 10000, long_form, sizeof long_form) &&
	            smsc_pbkdf2_sha256(smsc_span_of(long_form, sizeof long_form), sid, 1, hash, NT_HASH);
	smsc_wipe(long_form, sizeof long_form);
	return good ? NULL : smsc_no_memory;
}

static bool prekey_of(smsc_span hash, smsc_span sid, uint8_t *out)
{
	static const uint8_t nul[2];
	smsc_mac_key *k = smsc_mac_key_new("SHA1", hash);
	bool good = k && smsc_mac(k, (smsc_span[]){ sid, { nul, sizeof nul } }, 2, out);
	smsc_mac_key_free(k);
	return good;
}

smsc_secret *smsc_user_prekey(smsc_user_form form, smsc_span password, smsc_span sid, smsc_why why)
{
	uint8_t hash[20];
	smsc_secret *prekey = smsc_secret_new(20);
	if (!prekey)
		return smsc_because(why, smsc_no_memory);
	const char *refused = password_hash(form, password, sid, hash);
	smsc_span hashed = { hash, form == SMSC_USER_SHA1 ? 20 : NT_HASH };
	if (!refused && !prekey_of(hashed, sid, smsc_secret_data(prekey)))
		refused = smsc_no_memory;
	smsc_wipe(hash, sizeof hash);
	if (!refused)
		return prekey;
	smsc_secret_free(prekey);
	return smsc_because(why, refused);
}

/* ---- blobs ---- */

enum { MAX_PAD = 128, RC4_KEY = 16 };

/* H(H(key ^ 0x36.. | head) ^ 0x5c.. | tail): the tail goes into the *outer* digest. */
static bool legacy_mac(const char *digest, smsc_span key, smsc_span head, const smsc_span tail[2], uint8_t *out)
{
	uint8_t in[MAX_PAD], over[MAX_PAD], inner[SMSC_MAC_MAX];
	size_t pad = smsc_digest_block(digest);
	memset(in, 0x36, sizeof in);
	memset(over, 0x5c, sizeof over);
	for (size_t i = 0; i < key.size && i < pad; i++) {
		in[i] ^= ((const uint8_t *)key.data)[i];
		over[i] ^= ((const uint8_t *)key.data)[i];
	}
	bool good = smsc_digest_parts(digest, (smsc_span[]){ { in, pad }, head }, 2, inner) &&
	            smsc_digest_parts(digest, (smsc_span[]){ { over, pad },
	                              { inner, smsc_digest_size(digest) }, tail[0], tail[1] }, 4, out);
	smsc_wipe(in, sizeof in);
	smsc_wipe(over, sizeof over);
	smsc_wipe(inner, sizeof inner);
	return good;
}

/* The two forms of the MAC [capi-dpapi 4.1].  With no tail both are the plain HMAC. */
static bool blob_mac(bool legacy, const char *digest, smsc_span key, smsc_span head,
                     const smsc_span tail[2], uint8_t *out)
{
	if (legacy)
		return legacy_mac(digest, key, head, tail, out);
	smsc_mac_key *k = smsc_mac_key_new(digest, key);
	bool good = k && smsc_mac(k, (smsc_span[]){ head, tail[0], tail[1] }, 3, out);
	smsc_mac_key_free(k);
	return good;
}

typedef enum verdict { WRONG, STANDARD, LEGACY, UNTOLD } verdict;

static verdict check_signature(const smsc_blob *b, const char *digest, smsc_span key_sha1, smsc_span entropy)
{
	uint8_t sign[SMSC_MAC_MAX];
	const smsc_span tail[] = { entropy, b->signed_part };
	for (int form = LEGACY; form >= STANDARD; form--) {
		if (!blob_mac(form == LEGACY, digest, key_sha1, b->nonce, tail, sign))
			return UNTOLD;
		if (b->sign.size == smsc_digest_size(digest) && smsc_secret_equal(sign, b->sign.data, b->sign.size))
			return (verdict)form;
	}
	return WRONG;
}

static const char wrong_signature[] = "the signature is wrong";

bool smsc_why_is_damage(const smsc_why why)
{
	return !strcmp(why, wrong_signature);
}

/* CryptDeriveKey: a digest too short for the key, of which two are long enough, is stretched over
 * both pads.  `session` has room for two digests. */
static bool stretch(const char *digest, uint8_t *session, size_t want)
{
	size_t n = smsc_digest_size(digest), pad = smsc_digest_block(digest);
	uint8_t in[MAX_PAD], over[MAX_PAD];
	if (n >= want)
		return true;
	for (size_t i = 0; i < pad; i++) {
		in[i] = (uint8_t)((i < n ? session[i] : 0) ^ 0x36);
		over[i] = (uint8_t)((i < n ? session[i] : 0) ^ 0x5c);
	}
	bool good = smsc_digest_parts(digest, &(smsc_span){ in, pad }, 1, session) &&
	            smsc_digest_parts(digest, &(smsc_span){ over, pad }, 1, session + n);
	smsc_wipe(in, sizeof in);
	smsc_wipe(over, sizeof over);
	return good;
}

static bool unpad(smsc_secret *plain, size_t block)
{
	size_t size = smsc_secret_size(plain);
	const uint8_t *p = smsc_secret_data(plain);
	size_t pad = size ? p[size - 1] : 0;
	if (pad == 0 || pad > block || pad > size)
		return false;
	for (size_t i = size - pad; i < size; i++)
		if (p[i] != pad)
			return false;
	smsc_secret_cut(plain, size - pad);
	return true;
}

static smsc_secret *decrypt(const smsc_blob *b, const smsc_cipher *cipher, smsc_span key, smsc_why why)
{
	smsc_secret *plain = smsc_secret_new(b->data.size);
	if (!plain)
		return smsc_because(why, smsc_no_memory);
	const char *refused = smsc_cipher_decrypt(cipher, key, NULL, b->data, smsc_secret_data(plain));
	/* The signature does not cover the strong password, so this is how its lack shows. */
	if (!refused && cipher->block > 1 && !unpad(plain, cipher->block))
		refused = "its signature is right, but it needs a password of its own, or is damaged";
	if (!refused)
		return plain;
	smsc_secret_free(plain);
	return smsc_because(why, refused);
}

/* RC4 with 40 bits, Windows 2000 [capi-dpapi 4.3, unproven]: five derived bytes, followed by
 * the 11 auxiliary bytes, by 11 zeros, or by nothing.  The signature covers the ciphertext and
 * says nothing of the key, so the plaintext must look right. */
static smsc_secret *decrypt_rc4(const smsc_blob *b, const smsc_cipher *cipher, const uint8_t *session,
                                size_t bytes, smsc_plausible_fn *plausible, smsc_why why)
{
	uint8_t key[RC4_KEY] = { 0 };
	smsc_secret *plain = NULL;
	memcpy(key, session, bytes);
	for (int form = 0; form < 3 && !plain; form++) {
		if (form == 0 && bytes + b->aux.size != sizeof key)
			continue;
		memset(key + bytes, 0, sizeof key - bytes);
		if (form == 0 && b->aux.size)
			memcpy(key + bytes, b->aux.data, b->aux.size);
		plain = decrypt(b, cipher, smsc_span_of(key, form == 2 ? bytes : sizeof key), why);
		if (!plain)
			break;
		if (plausible && plausible(smsc_span_of(smsc_secret_data(plain), smsc_secret_size(plain))))
			continue;
		smsc_secret_free(plain);
		plain = smsc_because(why, "no known form of the RC4 key gives what is expected");
	}
	smsc_wipe(key, sizeof key);
	return plain;
}

static bool session_key(const smsc_blob *b, bool legacy, const char *digest, smsc_span key_sha1,
                        smsc_span entropy, uint8_t *session, size_t want)
{
	uint8_t password[SMSC_MAC_MAX];
	smsc_span hashed = { password, b->password.size ? smsc_digest_size(digest) : 0 };
	bool good = (!hashed.size || smsc_digest_parts(digest, &b->password, 1, password)) &&
	            blob_mac(legacy, digest, key_sha1, b->salt, (smsc_span[]){ entropy, hashed }, session) &&
	            stretch(digest, session, want);
	smsc_wipe(password, sizeof password);
	return good;
}

static smsc_secret *open_form(const smsc_blob *b, bool legacy, const smsc_cipher *cipher, const char *digest,
                              smsc_span key_sha1, smsc_span entropy, smsc_plausible_fn *plausible, smsc_why why)
{
	uint8_t session[2 * SMSC_MAC_MAX];
	smsc_secret *plain = NULL;
	size_t want = cipher->key;
	if (!want) {
		want = b->key_bits / 8;
		if (want == 0 || want > RC4_KEY || b->key_bits % 8)
			return smsc_because(why, "a key length that RC4 cannot have");
	}
	if (2 * smsc_digest_size(digest) < want)
		smsc_because(why, "its hash is too short for the key of its cipher");
	else if (!session_key(b, legacy, digest, key_sha1, entropy, session, want))
		smsc_because(why, smsc_no_memory);
	else if (cipher->block == 1)
		plain = decrypt_rc4(b, cipher, session, want, plausible, why);
	else
		plain = decrypt(b, cipher, smsc_span_of(session, want), why);
	smsc_wipe(session, sizeof session);
	return plain;
}

smsc_secret *smsc_blob_open(const smsc_blob *b, smsc_span key_sha1, smsc_span entropy,
                            smsc_plausible_fn *plausible, smsc_why why)
{
	const smsc_cipher *cipher = smsc_cipher_of(b->cipher);
	const char *digest = smsc_digest_of(b->hash);
	if (!digest)
		return unknown(why, "hash", b->hash);
	verdict signature = check_signature(b, digest, key_sha1, entropy);
	if (signature == UNTOLD || signature == WRONG)
		return smsc_because(why, signature == WRONG ? wrong_signature : smsc_no_memory);
	if (!cipher)
		return unknown(why, "cipher", b->cipher);
	return open_form(b, signature == LEGACY, cipher, digest, key_sha1, entropy, plausible, why);
}
