/* generation.c - the generations of a container in their order, and what each of them is. */
#include "generation.h"

#include <stdlib.h>
#include <string.h>

#include "../base/error.h"
#include "holder.h"

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

static bool same_container(const smsc_generation *a, const smsc_generation *b)
{
	return !strcmp(a->hash, b->hash) && !strcmp(a->owner, b->owner);
}

size_t smsc_container_end(const smsc_case *c, size_t first)
{
	size_t i = first;
	while (i < c->generation_count && same_container(c->generations[i], c->generations[first]))
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

static bool seen_in(const smsc_generation *g, const smsc_snapshot *s)
{
	return smsc_generation_file_in(g, s) != NULL;
}

/* A copy may keep its old times.  A snapshot that has the container but not yet this
 * content proves that it was put there later than that. */
static void date(smsc_generation *g, const smsc_snapshot *const *having, size_t count)
{
	g->appeared = g->stamp.created > g->stamp.modified ? g->stamp.created : g->stamp.modified;
	for (size_t i = 0; i < count; i++) {
		const smsc_snapshot *s = having[i];
		if (s->time == SMSC_NEVER || s->time >= g->first_seen || s->time <= g->appeared ||
		    seen_in(g, s))
			continue;
		g->appeared = s->time;
		g->absent = s;
	}
}

/* Dates one container: `list` has room for all snapshots. */
static void date_container(smsc_case *c, size_t first, size_t end, const smsc_snapshot **list)
{
	size_t count = 0;
	for (size_t s = 0; s < c->snapshot_count; s++)
		for (size_t i = first; i < end; i++)
			if (seen_in(c->generations[i], c->snapshots[s])) {
				list[count++] = c->snapshots[s];
				break;
			}
	for (size_t i = first; i < end; i++)
		date(c->generations[i], list, count);
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

/* ---- relations within one container ------------------------------------------------- */

static void link_pairs(smsc_case *c, size_t first, size_t end, int which)
{
	const smsc_generation *near = NULL;
	for (size_t i = first; i < end; i++) {
		c->generations[i]->having[which] = near;
		if (c->generations[i]->keys[which])
			near = c->generations[i];
	}
	near = NULL;
	for (size_t i = end; i-- > first;) {
		if (!c->generations[i]->having[which])
			c->generations[i]->having[which] = near;
		if (c->generations[i]->keys[which])
			near = c->generations[i];
	}
}

static int compare_key(const smsc_key *a, const smsc_key *b)
{
	if (!a || !b)
		return (a != NULL) - (b != NULL);
	return memcmp(a->print.sha256, b->print.sha256, SMSC_SHA256_SIZE);
}

static int compare_keys(const void *left, const void *right)
{
	const smsc_generation *a = *(smsc_generation *const *)left;
	const smsc_generation *b = *(smsc_generation *const *)right;
	int d = compare_key(a->keys[SMSC_SIGNATURE], b->keys[SMSC_SIGNATURE]);
	if (!d)
		d = compare_key(a->keys[SMSC_EXCHANGE], b->keys[SMSC_EXCHANGE]);
	return d ? d : (a->number > b->number) - (a->number < b->number);
}

/* `list` has room for all generations. */
static void link_twins(smsc_case *c, size_t first, size_t end, smsc_generation **list)
{
	size_t count = end - first, head = 0;
	memcpy(list, &c->generations[first], count * sizeof(*list));
	qsort(list, count, sizeof(*list), compare_keys);
	for (size_t i = 1; i < count; i++)
		if (smsc_generation_pairs(list[i]) && smsc_generation_same_keys(list[head], list[i]))
			list[i]->twin = list[head];
		else
			head = i;
}

static bool is_earlier(const smsc_generation *old, const smsc_generation *g)
{
	return old && old->number < g->number;
}

const smsc_generation *smsc_generation_replaces(const smsc_generation *g)
{
	if (g->twin)
		return NULL;
	for (int which = 0; which < 2; which++) {
		const smsc_generation *old = g->having[which];
		if (g->keys[which] && is_earlier(old, g) &&
		    !smsc_key_same(old->keys[which], g->keys[which]))
			return old;
	}
	return NULL;
}

const smsc_generation *smsc_generation_lost(const smsc_generation *g, int which)
{
	const smsc_generation *old = g->having[which];
	return !g->keys[which] && is_earlier(old, g) ? old : NULL;
}

static const char *state_of(const smsc_generation *g)
{
	if (g->files[0]->damaged)
		return "damaged";
	if (!smsc_generation_pairs(g))
		return "empty";
	for (int which = 0; which < 2; which++) {
		const smsc_key *k = g->keys[which];
		/* Many containers have one pair by design; one is missing where another
		 * generation proves that there was one. */
		if (k ? !strcmp(k->proof, "public-only") : g->having[which] != NULL)
			return "incomplete";
	}
	return "complete";
}

static void relate(smsc_case *c, size_t first, size_t end, smsc_generation **list)
{
	for (size_t i = first; i < end; i++) {
		c->generations[i]->number = (unsigned)(i - first + 1);
		c->generations[i]->before = i > first ? c->generations[i - 1] : NULL;
	}
	link_pairs(c, first, end, SMSC_SIGNATURE);
	link_pairs(c, first, end, SMSC_EXCHANGE);
	link_twins(c, first, end, list);
	for (size_t i = first; i < end; i++) {
		c->generations[i]->state = state_of(c->generations[i]);
		if (i > first)
			smsc_generation_describe(c->generations[i]);
	}
}

int smsc_case_generations(smsc_case *c, smsc_error **err)
{
	if (!smsc_generations_group(c))
		return smsc_fail_nomem(err);
	if (!c->generation_count)
		return 0;
	smsc_generation **list = malloc(c->generation_count * sizeof(*list));
	const smsc_snapshot **snapshots = malloc(c->snapshot_count * sizeof(*snapshots));
	if (list && snapshots) {
		for (size_t i = 0, end; i < c->generation_count; i = end) {
			end = smsc_container_end(c, i);
			date_container(c, i, end, snapshots);
		}
		qsort(c->generations, c->generation_count, sizeof(*c->generations),
		      compare_generations);
		for (size_t i = 0, end; i < c->generation_count; i = end) {
			end = smsc_container_end(c, i);
			relate(c, i, end, list);
		}
	}
	bool done = list && snapshots && smsc_holders_list(c);
	free(list);
	free(snapshots);
	return done ? 0 : smsc_fail_nomem(err);
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
