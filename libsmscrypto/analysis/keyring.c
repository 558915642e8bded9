/* keyring.c - the secrets of an analysis, while it lasts. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../base/text.h"
#include "../crypto/domain_key.h"
#include "../crypto/password.h"
#include "keyring_store.h"

/* ---- slabs ---- */

bool smsc_slab_add(smsc_slab *slab, const uint8_t *secret)
{
	size_t used = slab->count * SMSC_SHA1_SIZE, room = slab->room ? smsc_secret_size(slab->room) : 0;
	if (used + SMSC_SHA1_SIZE > room) {
		smsc_secret *more = smsc_secret_new(room ? 2 * room : 4096);
		if (!more)
			return false;
		if (used)
			memcpy(smsc_secret_data(more), smsc_secret_data(slab->room), used);
		smsc_secret_free(slab->room);
		slab->room = more;
	}
	memcpy(smsc_secret_data(slab->room) + used, secret, SMSC_SHA1_SIZE);
	slab->count++;
	return true;
}

const uint8_t *smsc_slab_at(const smsc_slab *slab, size_t i)
{
	return smsc_secret_data(slab->room) + i * SMSC_SHA1_SIZE;
}

/* ---- the ring ---- */

smsc_keyring *smsc_keyring_new(uint32_t max_rounds)
{
	smsc_keyring *ring = calloc(1, sizeof *ring);
	if (!ring)
		return NULL;
	ring->max_rounds = max_rounds;
	ring->work = (uint64_t)max_rounds * SMSC_KEYRING_WORK;
	return ring;
}

void smsc_keyring_free(smsc_keyring *ring)
{
	if (!ring)
		return;
	smsc_secret_free(ring->prekeys.room);
	smsc_secret_free(ring->keys.room);
	free(ring->masters);
	free(ring->backups);
	free(ring);
}

bool smsc_keyring_add_prekey(smsc_keyring *ring, const uint8_t prekey[SMSC_SHA1_SIZE])
{
	/* Each snapshot brings the same one again, and each costs a derivation per master key. */
	for (size_t i = 0; i < ring->prekeys.count; i++)
		if (smsc_secret_equal(smsc_slab_at(&ring->prekeys, i), prekey, SMSC_SHA1_SIZE))
			return true;
	return smsc_slab_add(&ring->prekeys, prekey);
}

bool smsc_keyring_lacks(smsc_keyring *ring, const char *why)
{
	if (!*ring->lack)
		snprintf(ring->lack, sizeof ring->lack, "%s", why);
	return !smsc_ran_out(why);
}

smsc_master *smsc_keyring_put(smsc_keyring *ring, const char *guid)
{
	if (!smsc_grow(&ring->masters, ring->master_count, &ring->master_room, sizeof *ring->masters))
		return NULL;
	smsc_master *m = &ring->masters[ring->master_count++];
	*m = (smsc_master){ .key = SMSC_NOT_OPENED };
	snprintf(m->guid, sizeof m->guid, "%s", guid);
	return m;
}

bool smsc_master_set(smsc_keyring *ring, smsc_master *m, smsc_span key)
{
	uint8_t sha1[SMSC_SHA1_SIZE];
	bool good = true;
	if (key.size == sizeof sha1)
		memcpy(sha1, key.data, sizeof sha1);
	else
		good = smsc_hash(SMSC_SHA1, key, sha1);
	if (good && (good = smsc_slab_add(&ring->keys, sha1)))
		m->key = ring->keys.count - 1;
	smsc_wipe(sha1, sizeof sha1);
	return good;
}

smsc_master *smsc_keyring_find(const smsc_keyring *ring, const char *guid)
{
	size_t low = 0, high = ring->master_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int d = smsc_ascii_casecmp(ring->masters[middle].guid, guid);
		if (!d)
			return &ring->masters[middle];
		if (d < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

smsc_span smsc_keyring_master(const smsc_keyring *ring, const char *guid, bool *proved, smsc_why why)
{
	const smsc_master *m = smsc_keyring_find(ring, guid);
	*proved = m && !m->given;
	if (m && m->key != SMSC_NOT_OPENED)
		return smsc_span_of(smsc_slab_at(&ring->keys, m->key), SMSC_SHA1_SIZE);
	if (m)
		memcpy(why, m->why, sizeof m->why);
	else
		snprintf(why, SMSC_WHY, "no master key %s in the evidence", guid);
	return smsc_span_of(NULL, 0);
}

/* ---- what the caller gave ---- */

static smsc_span span_of(smsc_secret *s)
{
	return smsc_span_of(smsc_secret_data(s), smsc_secret_size(s));
}

/* A password opens by three forms, depending on the account; the tag decides. */
static bool add_password(smsc_keyring *ring, const smsc_given *given)
{
	smsc_secret *password = smsc_password_utf16(span_of(given->data), false);
	smsc_secret *sid = smsc_password_utf16(smsc_span_of(given->name, strlen(given->name)), false);
	bool good = password && sid;
	for (int form = 0; good && form < SMSC_USER_FORMS; form++) {
		smsc_why why;
		smsc_secret *prekey = smsc_user_prekey((smsc_user_form)form, span_of(password), span_of(sid), why);
		good = prekey ? smsc_keyring_add_prekey(ring, smsc_secret_data(prekey)) : smsc_keyring_lacks(ring, why);
		smsc_secret_free(prekey);
	}
	smsc_secret_free(password);
	smsc_secret_free(sid);
	return good;
}

static bool add_backup_key(smsc_keyring *ring, const smsc_given *given)
{
	smsc_rsa key;
	smsc_why why;
	if (!smsc_backup_key_read(span_of(given->data), &key, why))
		return smsc_keyring_lacks(ring, why);
	smsc_rsa *more = realloc(ring->backups, (ring->backup_count + 1) * sizeof *more);
	if (!more)
		return false;
	ring->backups = more;
	ring->backups[ring->backup_count++] = key;
	return true;
}

static bool add_master_key(smsc_keyring *ring, const smsc_given *given)
{
	smsc_master *m = smsc_keyring_put(ring, given->name);
	if (!m)
		return false;
	m->given = true;
	return smsc_master_set(ring, m, span_of(given->data));
}

bool smsc_keyring_add_given(smsc_keyring *ring, const smsc_given *given)
{
	const uint8_t *p = smsc_secret_data(given->data);
	bool good = true;
	switch (given->kind) {
	case SMSC_SECRET_DPAPI_SYSTEM:
		for (size_t at = 0; good && at + SMSC_SHA1_SIZE <= smsc_secret_size(given->data); at += SMSC_SHA1_SIZE)
			good = smsc_keyring_add_prekey(ring, p + at);
		return good;
	case SMSC_SECRET_PASSWORD:
		return add_password(ring, given);
	case SMSC_SECRET_MASTER_KEY:
		return add_master_key(ring, given);
	case SMSC_SECRET_DOMAIN_BACKUP_KEY:
		return add_backup_key(ring, given);
	}
	return true;
}
