/* lineage.c - how the generations of one container follow each other on one machine. */
#include <stdlib.h>
#include <string.h>

#include "../base/error.h"
#include "generation.h"
#include "holder.h"
#include "host.h"

typedef struct lineage {
	smsc_case *c;
	const smsc_generation **near;  /* of each machine, the nearest so far */
	size_t *marks;                 /* of each machine, the generation it was last noted for */
	smsc_generation **list;        /* room for all generations */
} lineage;

/* ---- machines ---- */

static bool find_hosts(const lineage *l, smsc_generation *g, size_t mark)
{
	size_t count = 0;
	for (size_t i = 0; i < g->file_count; i++) {
		size_t *noted = &l->marks[g->files[i]->snapshot->host->order];
		count += *noted != mark;
		*noted = mark;
	}
	g->hosts = smsc_arena_alloc(g->arena, count * sizeof(*g->hosts));
	for (size_t i = 0; g->hosts && i < g->file_count; i++) {
		const smsc_host *h = g->files[i]->snapshot->host;
		if (l->marks[h->order] == mark)
			g->hosts[g->host_count++] = h;
		l->marks[h->order] = 0;
	}
	return g->hosts != NULL;
}

static void note(const lineage *l, const smsc_generation *g, const smsc_generation *near)
{
	for (size_t i = 0; i < g->host_count; i++)
		l->near[g->hosts[i]->order] = near;
}

static void forget(const lineage *l, size_t first, size_t end)
{
	for (size_t i = first; i < end; i++)
		note(l, l->c->generations[i], NULL);
}

/* On the way up the greatest number is the nearest, on the way down the least. */
static const smsc_generation *nearest(const lineage *l, const smsc_generation *g, bool down)
{
	const smsc_generation *best = NULL;
	for (size_t i = 0; i < g->host_count; i++) {
		const smsc_generation *x = l->near[g->hosts[i]->order];
		if (x && (!best || (x->number > best->number) != down))
			best = x;
	}
	return best;
}

/* ---- who came before ---- */

/* Each step goes back beyond all of one MachineGuid. */
static const smsc_generation *moved_from(const smsc_generation *g)
{
	const smsc_generation *old = g->before;
	while (old && (!*old->guid || !strcmp(old->guid, g->guid)))
		old = old->moved;
	return old;
}

static void link_before(const lineage *l, size_t first, size_t end)
{
	for (size_t i = first; i < end; i++) {
		smsc_generation *g = l->c->generations[i];
		g->before = nearest(l, g, false);
		g->moved = moved_from(g);
		note(l, g, g);
	}
	for (size_t i = first; i < end; i++) {
		smsc_generation *g = l->c->generations[i];
		for (size_t j = 0; j < g->host_count; j++)
			g->newest |= l->near[g->hosts[j]->order] == g;
	}
	forget(l, first, end);
}

static void link_pair(const lineage *l, size_t first, size_t end, int which)
{
	for (size_t i = first; i < end; i++) {
		smsc_generation *g = l->c->generations[i];
		g->having[which] = nearest(l, g, false);
		if (g->keys[which])
			note(l, g, g);
	}
	forget(l, first, end);
	for (size_t i = end; i-- > first;) {
		smsc_generation *g = l->c->generations[i];
		if (!g->having[which])
			g->having[which] = nearest(l, g, true);
		if (g->keys[which])
			note(l, g, g);
	}
	forget(l, first, end);
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

static void link_twins(const lineage *l, size_t first, size_t end)
{
	smsc_generation **list = l->list;
	size_t count = end - first, head = 0;
	memcpy(list, &l->c->generations[first], count * sizeof(*list));
	qsort(list, count, sizeof(*list), compare_keys);
	for (size_t i = 1; i < count; i++)
		if (smsc_generation_pairs(list[i]) && smsc_generation_same_keys(list[head], list[i]))
			list[i]->twin = list[head];
		else
			head = i;
}

const smsc_generation *smsc_generation_earlier(const smsc_generation *g, int which)
{
	const smsc_generation *old = g->having[which];
	return old && old->number < g->number ? old : NULL;
}

const smsc_generation *smsc_generation_replaces(const smsc_generation *g)
{
	for (int which = 0; which < 2 && !g->twin; which++) {
		const smsc_generation *old = smsc_generation_earlier(g, which);
		if (old && g->keys[which] && !smsc_key_same(old->keys[which], g->keys[which]))
			return old;
	}
	return NULL;
}

const smsc_generation *smsc_generation_lost(const smsc_generation *g, int which)
{
	return g->keys[which] ? NULL : smsc_generation_earlier(g, which);
}

/* ---- all ---- */

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

static void relate(const lineage *l, size_t first, size_t end)
{
	smsc_generation **at = l->c->generations;
	for (size_t i = first; i < end; i++)
		at[i]->number = (unsigned)(i - first + 1);
	link_before(l, first, end);
	link_pair(l, first, end, SMSC_SIGNATURE);
	link_pair(l, first, end, SMSC_EXCHANGE);
	link_twins(l, first, end);
	for (size_t i = first; i < end; i++) {
		at[i]->state = state_of(at[i]);
		if (at[i]->before)
			smsc_generation_describe(at[i]);
	}
}

static bool relate_all(const lineage *l)
{
	smsc_case *c = l->c;
	for (size_t i = 0; i < c->generation_count; i++)
		if (!find_hosts(l, c->generations[i], i + 1))
			return false;
	if (!smsc_generations_order(c))
		return false;
	for (size_t i = 0, end; i < c->generation_count; i = end) {
		end = smsc_container_end(c, i);
		relate(l, i, end);
	}
	return smsc_holders_list(c);
}

int smsc_case_lineages(smsc_case *c, smsc_error **err)
{
	lineage l = { c, calloc(c->host_count + 1, sizeof(*l.near)), calloc(c->host_count + 1, sizeof(*l.marks)),
	              malloc((c->generation_count + 1) * sizeof(*l.list)) };
	bool done = l.near && l.marks && l.list && relate_all(&l);
	free(l.near);
	free(l.marks);
	free(l.list);
	return done ? 0 : smsc_fail_nomem(err);
}
