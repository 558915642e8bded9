/* generation.c - the generations of a container in their order, and what each of them is. */
#include "generation.h"

#include <stdlib.h>
#include <string.h>

#include "../base/error.h"

bool smsc_key_same(const smsc_key *a, const smsc_key *b)
{
	if (!a || !b)
		return !a && !b;
	return a->named && b->named && !memcmp(&a->print, &b->print, sizeof(a->print));
}

bool smsc_generation_same_keys(const smsc_generation *a, const smsc_generation *b)
{
	return smsc_key_same(a->keys[SMSC_SIGNATURE], b->keys[SMSC_SIGNATURE]) &&
		smsc_key_same(a->keys[SMSC_EXCHANGE], b->keys[SMSC_EXCHANGE]);
}

int smsc_generation_pairs(const smsc_generation *g)
{
	return (g->keys[SMSC_SIGNATURE] != NULL) + (g->keys[SMSC_EXCHANGE] != NULL);
}

bool smsc_generation_is_on(const smsc_generation *g, const struct smsc_host *h)
{
	for (size_t i = 0; i < g->host_count; i++)
		if (g->hosts[i] == h)
			return true;
	return false;
}

bool smsc_container_same(const smsc_generation *a, const smsc_generation *b)
{
	return !strcmp(a->hash, b->hash) && !strcmp(a->owner, b->owner);
}

size_t smsc_container_end(const smsc_case *c, size_t first)
{
	size_t i = first;
	while (i < c->generation_count && smsc_container_same(c->generations[i], c->generations[first]))
		i++;
	return i;
}

/* ---- when it came ---------------------------------------------------------------- */

/* Files of a generation stand in the order of the snapshots. */
const smsc_key_file *smsc_generation_file_in(const smsc_generation *g, const smsc_snapshot *s)
{
	size_t low = 0, high = g->file_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (g->files[middle]->snapshot->order < s->order)
			low = middle + 1;
		else
			high = middle;
	}
	return low < g->file_count && g->files[low]->snapshot == s ? g->files[low] : NULL;
}

/* A machine that has it and did not have it then; before the machines are known, all are one. */
static bool was_without(const smsc_generation *g, const smsc_snapshot *s)
{
	return (!g->host_count || smsc_generation_is_on(g, s->host)) && !smsc_generation_file_in(g, s);
}

/* A copy may keep its old times.  A snapshot that has the container but not yet this
 * content proves that it was put there later than that. */
static void date(smsc_generation *g, const smsc_snapshot *const *having, size_t count)
{
	g->appeared = g->stamp.created > g->stamp.modified ? g->stamp.created : g->stamp.modified;
	g->absent = NULL;
	for (size_t i = 0; i < count; i++) {
		const smsc_snapshot *s = having[i];
		bool later = s->time > g->appeared || (g->absent && s->time == g->appeared && s->order < g->absent->order);
		if (s->time == SMSC_NEVER || s->time >= g->first_seen || !later || !was_without(g, s))
			continue;
		g->appeared = s->time;
		g->absent = s;
	}
}

/* Dates one container: `list` has room for all snapshots, and `listed` says which are in it. */
static void date_container(smsc_case *c, size_t first, size_t end, const smsc_snapshot **list, bool *listed)
{
	size_t count = 0;
	for (size_t i = first; i < end; i++)
		for (size_t j = 0; j < c->generations[i]->file_count; j++) {
			const smsc_snapshot *s = c->generations[i]->files[j]->snapshot;
			if (!listed[s->order])
				list[count++] = s;
			listed[s->order] = true;
		}
	for (size_t i = first; i < end; i++)
		date(c->generations[i], list, count);
	while (count)
		listed[list[--count]->order] = false;
}

/* ---- order ----------------------------------------------------------------------- */

static int compare_times(smsc_time a, smsc_time b)
{
	if (a == SMSC_NEVER || b == SMSC_NEVER)
		return (a == SMSC_NEVER) - (b == SMSC_NEVER);
	return (a > b) - (a < b);
}

static int compare_containers(const smsc_generation *a, const smsc_generation *b)
{
	int d = strcmp(a->container, b->container);
	if (!d)
		d = strcmp(a->hash, b->hash);
	return d ? d : strcmp(a->owner, b->owner);
}

static int compare_generations(const void *left, const void *right)
{
	const smsc_generation *a = *(smsc_generation *const *)left;
	const smsc_generation *b = *(smsc_generation *const *)right;
	int d = compare_containers(a, b);
	if (!d)
		d = compare_times(a->appeared, b->appeared);
	if (!d)
		d = compare_times(a->first_seen, b->first_seen);
	if (!d)
		d = (a->first_order > b->first_order) - (a->first_order < b->first_order);
	if (!d)
		d = smsc_generation_pairs(b) - smsc_generation_pairs(a);
	if (!d)
		d = strcmp(a->guid, b->guid);
	return d ? d : memcmp(a->files[0]->content, b->files[0]->content, SMSC_SHA256_SIZE);
}

/* ---- all ------------------------------------------------------------------------- */

bool smsc_generations_order(smsc_case *c)
{
	const smsc_snapshot **list = malloc((c->snapshot_count + 1) * sizeof(*list));
	bool *listed = calloc(c->snapshot_count + 1, sizeof(*listed)), done = list && listed;
	for (size_t i = 0, end; done && i < c->generation_count; i = end) {
		end = smsc_container_end(c, i);
		date_container(c, i, end, list, listed);
	}
	if (done && c->generation_count)
		qsort(c->generations, c->generation_count, sizeof(*c->generations), compare_generations);
	free(list);
	free(listed);
	return done;
}

int smsc_case_generations(smsc_case *c, smsc_error **err)
{
	return smsc_generations_group(c) && smsc_generations_order(c) ? 0 : smsc_fail_nomem(err);
}

/* The latest that had come by then; one without any time is not known to have come. */
const smsc_generation *smsc_case_key_when(const smsc_case *c, const char *container,
                                          smsc_time when)
{
	const smsc_generation *found = NULL;
	for (size_t i = 0; container && i < c->generation_count; i++) {
		const smsc_generation *g = c->generations[i];
		smsc_time came = g->appeared != SMSC_NEVER ? g->appeared : g->first_seen;
		bool named = !strcmp(g->container, container) || !strcmp(g->hash, container);
		if (named && came != SMSC_NEVER && came <= when)
			found = g;
	}
	return found;
}
