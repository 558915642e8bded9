/* unlock.c - from the boot key down to the master keys [capi-dpapi 4 to 6], then to the keys.
 *
 * Which secret opens what is never assumed: all are tried, and the check value, tag or
 * signature of each layer decides.  Backups of different days may be mixed. */
#include "unlock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../crypto/lsa.h"
#include "keyring.h"
#include "machine.h"
#include "metabase.h"

/* Hives made by the thousand must not be tried each with each. */
enum { MAX_LSA_TRIES = 65536 };

/* ---- LSA secrets ---- */

static smsc_secret *try_boot_keys(smsc_case *c, const smsc_security *s, bool same, unsigned *tries, smsc_why why)
{
	for (size_t i = 0; i < c->system_count && *tries < MAX_LSA_TRIES; i++) {
		const smsc_system *system = c->systems[i];
		if ((system->snapshot == s->snapshot) != same)
			continue;
		if (!system->boot_key) {
			if (same && system->why)
				snprintf(why, SMSC_WHY, "%s", system->why);
			continue;
		}
		++*tries;
		smsc_secret *key = s->nt6 ? smsc_lsa_key_nt6(s->policy_key, system->boot_key, why)
		                          : smsc_lsa_key_nt5(s->policy_key, system->boot_key, why);
		if (key || smsc_ran_out(why))
			return key;
	}
	return NULL;
}

/* The boot key of the same snapshot first, then every other, since a restored SECURITY may
 * stand beside a SYSTEM of another day. */
static smsc_secret *lsa_key(smsc_case *c, const smsc_security *s, unsigned *tries, smsc_why why)
{
	snprintf(why, SMSC_WHY, "no SYSTEM hive gives a boot key");
	if (!s->policy_key.size) {
		snprintf(why, SMSC_WHY, "SECURITY holds no LSA key");
		return NULL;
	}
	smsc_secret *key = try_boot_keys(c, s, true, tries, why);
	return key || smsc_ran_out(why) ? key : try_boot_keys(c, s, false, tries, why);
}

/* u32 1, machine half, user half. */
static bool add_dpapi_system(smsc_keyring *ring, smsc_secret *secret)
{
	const uint8_t *p = smsc_secret_data(secret);
	if (smsc_secret_size(secret) == 44)
		return smsc_keyring_add_prekey(ring, p + 4) && smsc_keyring_add_prekey(ring, p + 24);
	return smsc_keyring_lacks(ring, "DPAPI_SYSTEM has a size that none has");
}

static bool open_secret(smsc_keyring *ring, const smsc_security *s, const smsc_lsa_secret *secret,
                        const smsc_secret *key)
{
	bool good = true;
	for (int which = 0; which < 2 && good; which++) {
		smsc_why why;
		if (!secret->sealed[which].size)
			continue;
		smsc_secret *data = s->nt6 ? smsc_lsa_secret_nt6(secret->sealed[which], key, why)
		                           : smsc_lsa_secret_nt5(secret->sealed[which], key, why);
		/* An OldVal may be empty. */
		if (data && smsc_secret_size(data))
			good = add_dpapi_system(ring, data);
		else if (!data)
			good = smsc_keyring_lacks(ring, why);
		smsc_secret_free(data);
	}
	return good;
}

static const smsc_lsa_secret *dpapi_system(const smsc_security *s)
{
	for (size_t i = 0; i < s->count; i++)
		if (!strcmp(s->secrets[i].name, SMSC_DPAPI_SYSTEM))
			return &s->secrets[i];
	return NULL;
}

static bool open_secrets(smsc_case *c, smsc_security *s, smsc_keyring *ring, unsigned *tries)
{
	const smsc_lsa_secret *secret = dpapi_system(s);
	smsc_why why;
	if (!secret)
		return smsc_keyring_lacks(ring, "SECURITY holds no DPAPI_SYSTEM");
	smsc_secret *key = lsa_key(c, s, tries, why);
	bool good = true;
	if (key) {
		good = open_secret(ring, s, secret, key);
	} else {
		s->why = smsc_arena_text(c->arena, why, strlen(why));
		good = smsc_keyring_lacks(ring, why);
	}
	smsc_secret_free(key);
	return good;
}

/* ---- the phase ---- */

static bool fill_ring(smsc_case *c, smsc_keyring *ring)
{
	bool good = true;
	unsigned tries = 0;
	for (size_t i = 0; good && i < c->security_count; i++)
		good = open_secrets(c, c->securities[i], ring, &tries);
	for (size_t i = 0; good && i < c->given_count; i++)
		good = smsc_keyring_add_given(ring, &c->given[i]);
	return good;
}

static int compare_contents(const void *left, const void *right)
{
	const smsc_key_file *a = *(smsc_key_file *const *)left, *b = *(smsc_key_file *const *)right;
	return memcmp(a->content, b->content, SMSC_SHA256_SIZE);
}

/* Most files lie unchanged in every snapshot; each content is opened once. */
static int open_files(smsc_case *c, const smsc_keyring *ring, smsc_progress *progress, smsc_error **err)
{
	size_t count = c->file_count;
	smsc_key_file **list = malloc((count + 1) * sizeof *list);
	int done = list ? 0 : smsc_fail_nomem(err);
	if (list && count) {
		memcpy(list, c->files, count * sizeof *list);
		qsort(list, count, sizeof *list, compare_contents);
	}
	for (size_t i = 0; i < count && !done; i++) {
		if (i && !compare_contents(&list[i - 1], &list[i])) {
			list[i]->keys[SMSC_SIGNATURE] = list[i - 1]->keys[SMSC_SIGNATURE];
			list[i]->keys[SMSC_EXCHANGE] = list[i - 1]->keys[SMSC_EXCHANGE];
		} else if (!smsc_key_file_open(c, list[i], ring)) {
			done = smsc_fail_nomem(err);
		}
		if (!done)
			done = smsc_progress_entry(progress, "unlocking", err);
	}
	free(list);
	return done;
}

static int open_cngs(smsc_case *c, const smsc_keyring *ring, smsc_progress *progress, smsc_error **err)
{
	int done = 0;
	for (size_t i = 0; i < c->cng_count && !done; i++)
		done = smsc_cng_file_open(c, &c->cngs[i], ring) ? smsc_progress_entry(progress, "unlocking", err)
		                                                : smsc_fail_nomem(err);
	return done;
}

int smsc_case_open_keys(smsc_case *c, smsc_progress *progress, smsc_error **err)
{
	smsc_keyring *ring = smsc_keyring_new(c->settings.max_rounds);
	int done = ring && fill_ring(c, ring) ? 0 : smsc_fail_nomem(err);
	c->tried = c->security_count || c->given_count;
	if (!done)
		smsc_metabases_find_signers(c);
	if (!done)
		done = smsc_keyring_open(ring, c->records, c->record_count, progress, err);
	if (!done)
		done = open_files(c, ring, progress, err);
	if (!done)
		done = open_cngs(c, ring, progress, err);
	smsc_keyring_free(ring);
	smsc_machine_forget(c);
	smsc_given_forget(c);
	return done;
}

void smsc_given_forget(smsc_case *c)
{
	while (c->given_count)
		smsc_secret_free(c->given[--c->given_count].data);
}

void smsc_keys_forget(smsc_case *c)
{
	for (size_t i = 0; i < c->file_count; i++)
		for (int which = 0; which < 2; which++) {
			smsc_key *k = c->files[i]->keys[which];
			if (k) {
				smsc_secret_free(k->plain);
				k->plain = NULL;
			}
		}
}
