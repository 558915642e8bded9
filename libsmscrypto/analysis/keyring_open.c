/* keyring_open.c - pre-keys and backup keys against the master-key files of the evidence. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../base/text.h"
#include "../crypto/domain_key.h"
#include "keyring_store.h"
#include "public_key.h"

enum { MASTER_KEY = 64, PARTS = 100, ROUNDS_A_TELL = 4096 };

/* One master-key file; a key may lie in many. */
typedef struct attempt {
	const smsc_record *record;
	const char *guid;
	smsc_slot   slot;
	size_t      order;
	bool        torn;
} attempt;

/* ---- one file ---- */

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

/* What the caller gave may be wrong: a file of the evidence that opens says better. */
static bool is_proved(const smsc_master *m)
{
	return m->key != SMSC_NOT_OPENED && !m->given;
}

/* Takes `key`, which is NULL when nothing opened. */
static bool settle(smsc_keyring *ring, smsc_master *m, smsc_secret *key)
{
	bool good = !key || smsc_master_set(ring, m, smsc_span_of(smsc_secret_data(key), MASTER_KEY));
	if (key)
		m->given = false;
	smsc_secret_free(key);
	return good;
}

/* Tells the caller about every 64 such steps, so that it can stop a long derivation. */
static int step(smsc_progress *progress, uint32_t rounds, smsc_error **err)
{
	progress->entries += rounds / ROUNDS_A_TELL;
	return smsc_progress_entry(progress, "unlocking", err);
}

static int try_prekeys(smsc_keyring *ring, smsc_master *m, const smsc_slot *slot, smsc_progress *progress,
                       smsc_error **err)
{
	for (size_t i = 0; i < ring->prekeys.count && !is_proved(m); i++) {
		smsc_why why;
		if (slot->rounds > ring->work) {
			snprintf(m->why, sizeof m->why, "master key %s was not tried any more: all together would take "
			         "more than %d times max_rounds (%u)", m->guid, SMSC_KEYRING_WORK, (unsigned)ring->max_rounds);
			return 0;
		}
		ring->work -= slot->rounds;
		smsc_secret *key = smsc_slot_open(slot, smsc_span_of(smsc_slab_at(&ring->prekeys, i), SMSC_SHA1_SIZE),
		                                  MASTER_KEY, ring->max_rounds, why);
		if (!key)
			snprintf(m->why, sizeof m->why, "master key %s: %.*s", m->guid, PARTS, why);
		if ((!key && smsc_ran_out(why)) || !settle(ring, m, key))
			return smsc_fail_nomem(err);
		if (step(progress, slot->rounds, err) < 0)
			return -1;
	}
	return 0;
}

static bool try_backups(smsc_keyring *ring, smsc_master *m, const smsc_record *record)
{
	const smsc_record *part = smsc_record_part(record, "domain_key");
	for (size_t i = 0; part && i < ring->backup_count && !is_proved(m); i++) {
		smsc_why why;
		smsc_domain_slot slot = { (uint32_t)smsc_record_number(part, "version", 0),
		                          smsc_record_span(part, "secret"), smsc_record_span(part, "access_check") };
		smsc_secret *key = smsc_domain_slot_open(&slot, &ring->backups[i], why);
		if (!key)
			snprintf(m->why, sizeof m->why, "master key %s: %.*s", m->guid, PARTS, why);
		if ((!key && smsc_ran_out(why)) || !settle(ring, m, key))
			return false;
	}
	return true;
}

static bool same_slot(smsc_span a, smsc_span b)
{
	return a.size && a.size == b.size && !memcmp(a.data, b.data, a.size);
}

static int open_file(smsc_keyring *ring, const attempt *a, smsc_progress *progress, smsc_error **err)
{
	smsc_master *m = smsc_keyring_find(ring, a->guid);
	/* The copy in the next snapshot would cost as much again, and no more come of it. */
	if (is_proved(m) || same_slot(m->tried, a->slot.data))
		return 0;
	m->tried = a->slot.data;
	if (a->torn)
		snprintf(m->why, sizeof m->why, "the file of master key %s is torn", m->guid);
	else if (!ring->prekeys.count)
		snprintf(m->why, sizeof m->why, "nothing to open master key %s with%s%.*s", m->guid,
		         *ring->lack ? ": " : "", 80, ring->lack);
	else if (a->slot.rounds > ring->max_rounds)
		snprintf(m->why, sizeof m->why, "master key %s: %u rounds are past max_rounds (%u)", m->guid,
		         (unsigned)a->slot.rounds, (unsigned)ring->max_rounds);
	else if (try_prekeys(ring, m, &a->slot, progress, err) < 0)
		return -1;
	return try_backups(ring, m, a->record) ? 0 : smsc_fail_nomem(err);
}

/* ---- all files ---- */

/* What was given comes before what is still closed. */
static int compare_masters(const void *left, const void *right)
{
	const smsc_master *a = left, *b = right;
	int d = smsc_ascii_casecmp(a->guid, b->guid);
	return d ? d : (a->key == SMSC_NOT_OPENED) - (b->key == SMSC_NOT_OPENED);
}

static void sort_masters(smsc_keyring *ring)
{
	size_t kept = 0;
	if (ring->master_count)
		qsort(ring->masters, ring->master_count, sizeof *ring->masters, compare_masters);
	for (size_t i = 0; i < ring->master_count; i++)
		if (!kept || smsc_ascii_casecmp(ring->masters[kept - 1].guid, ring->masters[i].guid))
			ring->masters[kept++] = ring->masters[i];
	ring->master_count = kept;
}

/* The cheap ones first: files made to be dear cannot then keep honest ones from being tried. */
static int compare_attempts(const void *left, const void *right)
{
	const attempt *a = left, *b = right;
	int d = (a->slot.rounds > b->slot.rounds) - (a->slot.rounds < b->slot.rounds);
	return d ? d : (a->order > b->order) - (a->order < b->order);
}

/* The master-key files among the records; each GUID is put into the ring. */
static bool gather(smsc_keyring *ring, smsc_record *const *records, size_t count, attempt *list, size_t *found)
{
	for (size_t i = 0; i < count; i++) {
		const char *guid = smsc_record_text(records[i], "guid");
		if (strcmp(records[i]->format, "dpapi-masterkey") || !guid || !smsc_guid_is(guid, strlen(guid)))
			continue;
		attempt *a = &list[(*found)++];
		*a = (attempt){ .record = records[i], .guid = guid, .order = i };
		a->torn = !slot_of(records[i], &a->slot);
		if (!smsc_keyring_put(ring, guid))
			return false;
	}
	return true;
}

int smsc_keyring_open(smsc_keyring *ring, smsc_record *const *records, size_t count,
                      smsc_progress *progress, smsc_error **err)
{
	size_t found = 0;
	attempt *list = calloc(count + 1, sizeof *list);
	if (!list || !gather(ring, records, count, list, &found)) {
		free(list);
		return smsc_fail_nomem(err);
	}
	sort_masters(ring);
	qsort(list, found, sizeof *list, compare_attempts);
	int done = 0;
	for (size_t i = 0; i < found && !done; i++)
		done = open_file(ring, &list[i], progress, err);
	free(list);
	return done;
}
