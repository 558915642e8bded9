/* keyring.c - pre-keys against master keys. */
#include "keyring.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../base/ident.h"
#include "../base/text.h"
#include "../crypto/hash.h"
#include "public_key.h"

enum { MASTER_KEY = 64, MAX_ROUNDS = 10000000 };

typedef struct master {
	char         guid[SMSC_GUID_TEXT];
	smsc_secret *sha1;             /* NULL: not opened */
	smsc_why     why;
} master;

struct smsc_keyring {
	smsc_secret **prekeys;
	master       *masters;
	size_t prekey_count, master_count;
};

smsc_keyring *smsc_keyring_new(void)
{
	return calloc(1, sizeof(smsc_keyring));
}

void smsc_keyring_free(smsc_keyring *ring)
{
	if (!ring)
		return;
	for (size_t i = 0; i < ring->prekey_count; i++)
		smsc_secret_free(ring->prekeys[i]);
	for (size_t i = 0; i < ring->master_count; i++)
		smsc_secret_free(ring->masters[i].sha1);
	free(ring->prekeys);
	free(ring->masters);
	free(ring);
}

static bool take_prekey(smsc_keyring *ring, smsc_secret *key)
{
	smsc_secret **more = key ? realloc(ring->prekeys, (ring->prekey_count + 1) * sizeof *more) : NULL;
	if (!more) {
		smsc_secret_free(key);
		return false;
	}
	ring->prekeys = more;
	ring->prekeys[ring->prekey_count++] = key;
	return true;
}

bool smsc_keyring_add_prekey(smsc_keyring *ring, smsc_span prekey)
{
	/* Each snapshot brings the same one again, and each costs a derivation per master key. */
	for (size_t i = 0; i < ring->prekey_count; i++)
		if (smsc_secret_size(ring->prekeys[i]) == prekey.size &&
		    smsc_secret_equal(smsc_secret_data(ring->prekeys[i]), prekey.data, prekey.size))
			return true;
	return take_prekey(ring, smsc_secret_copy(prekey.data, prekey.size));
}

static master *find(const smsc_keyring *ring, const char *guid)
{
	for (size_t i = 0; i < ring->master_count; i++)
		if (!smsc_ascii_casecmp(ring->masters[i].guid, guid))
			return &ring->masters[i];
	return NULL;
}

static master *master_new(smsc_keyring *ring, const char *guid)
{
	master *more = realloc(ring->masters, (ring->master_count + 1) * sizeof *more);
	if (!more)
		return NULL;
	ring->masters = more;
	master *m = &more[ring->master_count++];
	*m = (master){ .sha1 = NULL };
	snprintf(m->guid, sizeof m->guid, "%s", guid);
	return m;
}

static bool set_key(master *m, smsc_span key)
{
	uint8_t sha1[SMSC_SHA1_SIZE];
	if (key.size == SMSC_SHA1_SIZE)
		m->sha1 = smsc_secret_copy(key.data, key.size);
	else if (smsc_hash(SMSC_SHA1, key, sha1))
		m->sha1 = smsc_secret_copy(sha1, sizeof sha1);
	smsc_wipe(sha1, sizeof sha1);
	return m->sha1 != NULL;
}

/* ---- what the caller gave ---- */

static void utf16_of(smsc_buf *out, smsc_span utf8)
{
	const uint8_t *p = utf8.data;
	for (size_t i = 0; i < utf8.size;) {
		size_t n = p[i] < 0x80 ? 1 : p[i] < 0xe0 ? 2 : p[i] < 0xf0 ? 3 : 4;
		uint32_t code = n == 1 ? p[i] : p[i] & (0xffu >> (n + 1));
		for (size_t j = 1; j < n && i + j < utf8.size; j++)
			code = code << 6 | (p[i + j] & 0x3f);
		i += n;
		uint32_t units[2] = { code, 0 };
		if (code > 0xffff) {
			units[0] = 0xd800 | ((code - 0x10000) >> 10);
			units[1] = 0xdc00 | ((code - 0x10000) & 0x3ff);
		}
		for (int u = 0; u < (code > 0xffff ? 2 : 1); u++) {
			smsc_buf_char(out, (char)(units[u] & 0xff));
			smsc_buf_char(out, (char)(units[u] >> 8));
		}
	}
}

/* A password opens by three forms, depending on the account; the tag decides. */
static bool add_password(smsc_keyring *ring, const smsc_given *given)
{
	smsc_span text = smsc_span_of(smsc_secret_data(given->data), smsc_secret_size(given->data));
	smsc_buf password = SMSC_BUF_INIT, sid = SMSC_BUF_INIT;
	bool good = smsc_buf_reserve(&password, 2 * text.size + 2);  /* never moved: no copy stays behind */
	utf16_of(&password, text);
	utf16_of(&sid, smsc_span_of(given->name, strlen(given->name)));
	for (int form = 0; good && form < SMSC_USER_FORMS; form++) {
		smsc_why why;
		smsc_secret *prekey = smsc_user_prekey((smsc_user_form)form, smsc_span_of(password.data, password.size),
		                                       smsc_span_of(sid.data, sid.size), why);
		if (prekey)
			good = take_prekey(ring, prekey);
	}
	if (password.data)
		smsc_wipe(password.data, password.size);
	smsc_buf_free(&password);
	smsc_buf_free(&sid);
	return good;
}

bool smsc_keyring_add_given(smsc_keyring *ring, const smsc_given *given)
{
	const uint8_t *p = smsc_secret_data(given->data);
	size_t size = smsc_secret_size(given->data);
	switch (given->kind) {
	case SMSC_SECRET_DPAPI_SYSTEM:
		for (size_t at = 0; at + 20 <= size; at += 20)
			if (!smsc_keyring_add_prekey(ring, smsc_span_of(p + at, 20)))
				return false;
		return true;
	case SMSC_SECRET_PASSWORD:
		return add_password(ring, given);
	case SMSC_SECRET_MASTER_KEY: {
		master *m = master_new(ring, given->name);
		return m && set_key(m, smsc_span_of(p, size));
	}
	default:
		return true;
	}
}

/* ---- master keys of the evidence ---- */

static bool slot_of(const smsc_record *record, smsc_slot *out)
{
	const smsc_record *slot = smsc_record_part(record, "master_key");
	if (!slot || !smsc_record_get(slot, "data"))
		return false;
	*out = (smsc_slot){
		.rounds = (uint32_t)smsc_record_number(slot, "rounds", 0),
		.hash = (uint32_t)smsc_record_number(slot, "hash", 0),
		.cipher = (uint32_t)smsc_record_number(slot, "cipher", 0),
		.salt = smsc_record_span(slot, "salt"), .data = smsc_record_span(slot, "data"),
	};
	return true;
}

static bool try_prekeys(const smsc_keyring *ring, master *m, const smsc_slot *slot)
{
	snprintf(m->why, sizeof m->why, "nothing to open master key %s with", m->guid);
	for (size_t i = 0; i < ring->prekey_count && !m->sha1; i++) {
		smsc_why why;
		smsc_span prekey = smsc_span_of(smsc_secret_data(ring->prekeys[i]), smsc_secret_size(ring->prekeys[i]));
		smsc_secret *key = smsc_slot_open(slot, prekey, MASTER_KEY, MAX_ROUNDS, why);
		bool good = !key || set_key(m, smsc_span_of(smsc_secret_data(key), MASTER_KEY));
		smsc_secret_free(key);
		if (!good)
			return false;
		if (!m->sha1)
			snprintf(m->why, sizeof m->why, "master key %s: %.50s", m->guid, why);
	}
	return true;
}

bool smsc_keyring_add_master(smsc_keyring *ring, const smsc_record *record)
{
	const char *guid = smsc_record_text(record, "guid");
	smsc_slot slot;
	if (!guid || !smsc_guid_is(guid, strlen(guid)))
		return true;
	master *m = find(ring, guid);
	if (m && m->sha1)
		return true;
	if (!m && !(m = master_new(ring, guid)))
		return false;
	if (slot_of(record, &slot))
		return try_prekeys(ring, m, &slot);
	snprintf(m->why, sizeof m->why, "the file of master key %s is torn", guid);
	return true;
}

smsc_span smsc_keyring_master(const smsc_keyring *ring, const char *guid, smsc_why why)
{
	const master *m = find(ring, guid);
	if (m && m->sha1)
		return smsc_span_of(smsc_secret_data(m->sha1), SMSC_SHA1_SIZE);
	if (m)
		memcpy(why, m->why, SMSC_WHY);
	else
		snprintf(why, SMSC_WHY, "no master key %s in the evidence", guid);
	return smsc_span_of(NULL, 0);
}
