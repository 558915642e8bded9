/* host.c - which snapshots are of one machine, which of them is the newest, and which MachineGuid
 * is in force there. */
#include "host.h"

#include <stdlib.h>
#include <string.h>

#include "../base/error.h"

/* ---- which snapshots belong together ---- */

/* A forest over the snapshots: the root stands for the machine. */
typedef struct forest {
	size_t *up;
	bool   *shows;          /* keys or hives: others tell nothing of a machine */
	bool   *keyed;          /* key files where CryptoAPI looks */
	bool   *newer;          /* no registry, but keys that came after all that have one */
	bool    assumed;        /* key files that share no MachineGuid were joined */
} forest;

static size_t root_of(const forest *f, size_t i)
{
	while (f->up[i] != i)
		i = f->up[i] = f->up[f->up[i]];
	return i;
}

static void join(forest *f, size_t a, size_t b)
{
	a = root_of(f, a);
	b = root_of(f, b);
	if (a != b)
		f->up[a > b ? a : b] = a > b ? b : a;
}

static const char *guid_of(const smsc_case *c, size_t i)
{
	const smsc_software *s = c->snapshots[i]->software;
	return s ? s->machine_guid : NULL;
}

/* Two names are two machines, whatever else they share; a name that is not known is no name. */
static bool may_join(const smsc_case *c, size_t a, size_t b)
{
	const smsc_snapshot *x = c->snapshots[a], *y = c->snapshots[b];
	return !smsc_machine_computer(x) || !smsc_machine_computer(y) || smsc_machine_is_same(x, y);
}

static void join_by_names(const smsc_case *c, forest *f, size_t a, size_t b)
{
	if (smsc_machine_is_same(c->snapshots[a], c->snapshots[b]))
		join(f, a, b);
}

/* A MachineGuid, and who shows it. */
typedef struct shown {
	const char *guid;
	size_t      snapshot;
} shown;

static int compare_shown(const void *left, const void *right)
{
	const shown *a = left, *b = right;
	int d = strcmp(a->guid, b->guid);
	return d ? d : (a->snapshot > b->snapshot) - (a->snapshot < b->snapshot);
}

/* In its registry, or at the end of a key file's name: no two machines have the same. */
static bool join_by_guids(const smsc_case *c, forest *f)
{
	shown *list = malloc((c->file_count + c->software_count + 1) * sizeof *list);
	size_t count = 0;
	if (!list)
		return false;
	for (size_t i = 0; i < c->file_count; i++) {
		f->shows[c->files[i]->snapshot->order] = true;
		f->keyed[c->files[i]->snapshot->order] |= c->files[i]->in_store;
		if (*c->files[i]->guid)
			list[count++] = (shown){ c->files[i]->guid, c->files[i]->snapshot->order };
	}
	for (size_t i = 0; i < c->software_count; i++)
		if (c->softwares[i]->machine_guid)
			list[count++] = (shown){ c->softwares[i]->machine_guid, c->softwares[i]->snapshot->order };
	qsort(list, count, sizeof *list, compare_shown);
	for (size_t i = 1; i < count; i++)
		if (list[i].snapshot != list[i - 1].snapshot && !strcmp(list[i].guid, list[i - 1].guid) &&
		    may_join(c, list[i].snapshot, list[i - 1].snapshot))
			join(f, list[i].snapshot, list[i - 1].snapshot);
	free(list);
	return true;
}

/* Where no registry names any machine, nothing speaks for two. */
static void join_nameless(const smsc_case *c, forest *f)
{
	size_t first = SIZE_MAX, keyed = SIZE_MAX;
	for (size_t i = 0; i < c->snapshot_count; i++)
		if (smsc_machine_computer(c->snapshots[i]))
			return;
	for (size_t i = 0; i < c->snapshot_count; i++)
		if (f->keyed[i] && keyed == SIZE_MAX)
			keyed = i;
		else if (f->keyed[i])
			f->assumed |= root_of(f, i) != root_of(f, keyed);
	for (size_t i = 0; i < c->snapshot_count; i++)
		if (f->shows[i] && first == SIZE_MAX)
			first = i;
		else if (f->shows[i])
			join(f, first, i);
}

/* Past this many, pairs of hives are not compared: then MachineGuids must do. */
#define MAX_PAIRED 512

static bool join_all(const smsc_case *c, forest *f)
{
	size_t count = c->snapshot_count < MAX_PAIRED ? c->snapshot_count : MAX_PAIRED;
	for (size_t i = 0; i < c->snapshot_count; i++) {
		f->up[i] = i;
		f->shows[i] = smsc_machine_computer(c->snapshots[i]) || guid_of(c, i);
	}
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < i; j++)
			join_by_names(c, f, i, j);
	bool good = join_by_guids(c, f);
	join_nameless(c, f);
	return good;
}

/* ---- the newest ---- */

/* Hives carry the time of their last write within, which no copying loses. */
static smsc_time hive_time(const smsc_snapshot *s)
{
	smsc_time a = s->software ? s->software->written : SMSC_NEVER, b = s->system ? s->system->written : SMSC_NEVER;
	return a > b ? a : b;
}

int smsc_snapshot_compare(const smsc_snapshot *a, const smsc_snapshot *b)
{
	if (a->rank != b->rank)
		return a->rank < b->rank ? -1 : 1;
	return (a->order > b->order) - (a->order < b->order);
}

static int compare(const void *left, const void *right)
{
	return smsc_snapshot_compare(*(const smsc_snapshot *const *)left, *(const smsc_snapshot *const *)right);
}

/* The registry of the newest snapshot, or of one after it that shows no keys. */
static const char *registry_guid(const smsc_host *h)
{
	for (size_t i = h->count; i-- > 0;) {
		const smsc_software *s = h->snapshots[i]->software;
		if (s && s->machine_guid)
			return s->machine_guid;
		if (h->snapshots[i] == h->now)
			return NULL;
	}
	return NULL;
}

/* Without a registry: whatever was made last was made under the value in force. */
static const char *newest_suffix(const smsc_case *c, const smsc_host *h)
{
	const smsc_generation *best = NULL;
	for (size_t i = 0; i < c->file_count; i++) {
		const smsc_generation *g = c->files[i]->generation;
		if (c->files[i]->snapshot == h->now && c->files[i]->in_store && *g->guid &&
		    (!best || g->appeared > best->appeared))
			best = g;
	}
	return best ? best->guid : NULL;
}

static void find_reset(const smsc_case *c, smsc_host *h)
{
	for (size_t i = 0; i < h->count; i++) {
		const smsc_software *s = h->snapshots[i]->software;
		if (!s || !s->machine_guid)
			continue;
		const smsc_software *old = smsc_machine_before(c, s);
		if (old && strcmp(old->machine_guid, s->machine_guid)) {
			h->reset = s;
			h->before = old;
		}
	}
}

/* A loose file or a folder of old ones that was given beside whole backups is none of them. */
static bool may_be_now(const smsc_case *c, const forest *f, const smsc_host *h, const smsc_snapshot *s)
{
	bool registry = false;
	for (size_t i = 0; i < h->count && !registry; i++)
		registry = f->keyed[h->snapshots[i]->order] && guid_of(c, h->snapshots[i]->order);
	return f->keyed[s->order] && (!registry || guid_of(c, s->order) || f->newer[s->order]);
}

static void describe(const smsc_case *c, const forest *f, smsc_host *h)
{
	qsort(h->snapshots, h->count, sizeof *h->snapshots, compare);
	for (size_t i = 0; i < h->count; i++) {
		const char *name = smsc_machine_computer(h->snapshots[i]);
		if (name)
			h->name = name;
		if (may_be_now(c, f, h, h->snapshots[i]))
			h->now = h->snapshots[i];
	}
	if (h->now)
		h->guid = registry_guid(h);
	h->guid_read = h->guid != NULL;
	h->assumed = f->assumed;
	if (h->now && !h->guid)
		h->guid = newest_suffix(c, h);
	find_reset(c, h);
}

/* ---- all ---- */

static bool add_host(smsc_case *c, forest *f, size_t root)
{
	smsc_host *h = smsc_arena_alloc(c->arena, sizeof *h);
	size_t count = 0;
	for (size_t i = 0; i < c->snapshot_count; i++)
		count += f->shows[i] && root_of(f, i) == root;
	if (!h || !(h->snapshots = smsc_arena_alloc(c->arena, count * sizeof *h->snapshots)) ||
	    !smsc_arena_grow(c->arena, &c->hosts, c->host_count, &c->host_room, sizeof *c->hosts))
		return false;
	for (size_t i = 0; i < c->snapshot_count; i++)
		if (f->shows[i] && root_of(f, i) == root) {
			c->snapshots[i]->host = h;
			h->snapshots[h->count++] = c->snapshots[i];
		}
	describe(c, f, h);
	h->order = c->host_count;
	c->hosts[c->host_count++] = h;
	return true;
}

/* Marks the snapshots without a registry that hold keys which came later than all those that
 * have one, and that are in none of them. */
static void mark_newer(const smsc_case *c, const forest *f)
{
	smsc_time last = SMSC_NEVER;
	for (size_t i = 0; i < c->snapshot_count; i++)
		if (f->keyed[i] && guid_of(c, i) && c->snapshots[i]->rank > last)
			last = c->snapshots[i]->rank;
	for (size_t i = 0; i < c->generation_count; i++) {
		const smsc_generation *g = c->generations[i];
		bool known = g->appeared <= last;
		for (size_t j = 0; j < g->file_count && !known; j++)
			known = guid_of(c, g->files[j]->snapshot->order) != NULL;
		for (size_t j = 0; j < g->file_count && !known; j++)
			f->newer[g->files[j]->snapshot->order] = true;
	}
}

int smsc_case_hosts(smsc_case *c, smsc_error **err)
{
	size_t count = c->snapshot_count + 1;
	forest f = { malloc(count * sizeof *f.up), calloc(count, sizeof *f.shows), calloc(count, sizeof *f.keyed),
	             calloc(count, sizeof *f.newer), false };
	for (size_t i = 0; i < c->snapshot_count; i++) {
		smsc_time hive = hive_time(c->snapshots[i]);
		c->snapshots[i]->rank = hive != SMSC_NEVER ? hive : c->snapshots[i]->time;
	}
	bool good = f.up && f.shows && f.keyed && f.newer && join_all(c, &f);
	if (good)
		mark_newer(c, &f);
	for (size_t i = 0; i < c->snapshot_count && good; i++)
		if (f.shows[i] && root_of(&f, i) == i)
			good = add_host(c, &f, i);
	free(f.up);
	free(f.shows);
	free(f.keyed);
	free(f.newer);
	return good ? 0 : smsc_fail_nomem(err);
}

/* ---- what CryptoAPI finds ---- */

const smsc_key_file *smsc_host_live_file(const smsc_host *h, smsc_generation *const *list, size_t count)
{
	const smsc_key_file *best = NULL;
	for (size_t i = 0; i < count && h->now && h->guid; i++)
		for (size_t j = 0; j < list[i]->file_count && !strcmp(list[i]->guid, h->guid); j++) {
			const smsc_key_file *f = list[i]->files[j];
			if (f->snapshot == h->now && f->in_store &&
			    (!best || list[i]->appeared > best->generation->appeared))
				best = f;
		}
	return best;
}
