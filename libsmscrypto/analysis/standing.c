/* standing.c - what became of each container, and which keys it ought to hold.
 *
 * Evidence that names a key decides: what clients trust, whom messages are encrypted to, which
 * key the metabase was made with.  Without any, the order of events does: the keys that were
 * live longest before the live ones.
 */
#include "standing.h"

#include <stdlib.h>
#include <string.h>

#include "../base/error.h"
#include "container_names.h"
#include "generation.h"
#include "witness.h"

/* ---- keys ---- */

const smsc_generation *smsc_generation_root(const smsc_generation *g)
{
	return g && g->twin ? g->twin : g;
}

static int key_worth(const smsc_key *k)
{
	return k->refused ? 0 : !strcmp(k->proof, "private-verified") ? 2 : !strcmp(k->proof, "locked");
}

int smsc_key_file_worth(const smsc_key_file *f)
{
	int worth = 2;
	for (int which = 0; which < 2; which++)
		if (f->keys[which] && key_worth(f->keys[which]) < worth)
			worth = key_worth(f->keys[which]);
	return f->keys[0] || f->keys[1] ? worth : 0;
}

/* One container of one host, while its standing is found. */
typedef struct container {
	const smsc_case *c;
	const smsc_host *host;
	smsc_generation *const *list;
	size_t count;
	const smsc_generation *live;   /* or NULL */
	bool outside;                  /* all of its files are */
} container;

static bool is_on(const smsc_generation *g, const smsc_host *h)
{
	for (size_t i = 0; i < g->file_count; i++)
		if (g->files[i]->snapshot->host == h && g->files[i]->in_store)
			return true;
	return false;
}

/* Keys whose loss others notice by themselves; of the rest nobody can tell from here. */
static bool is_valued(const container *k)
{
	const char *name = k->list[0]->container;
	return !*k->list[0]->owner && (!strcmp(name, SMSC_SITE_SERVER) || !strcmp(name, SMSC_AGENT) ||
	                               !strcmp(name, SMSC_IIS));
}

static bool is_iis(const container *k)
{
	return !*k->list[0]->owner && !strcmp(k->list[0]->container, SMSC_IIS);
}

/* ---- which keys it ought to hold ---- */

/* Of no use to anybody: the keys of a better file are meant. */
static bool is_broken(const smsc_generation *g)
{
	for (size_t i = 0; i < g->file_count; i++)
		if (smsc_key_file_worth(g->files[i]))
			return false;
	return true;
}

/* What was live before: of the keys that ended one MachineGuid's time, or that were live just
 * before these, those that served longest.  NULL also when that were the live keys themselves,
 * which somebody has brought back then. */
static const smsc_generation *predecessor(const container *k)
{
	const smsc_generation *best = NULL, *next = k->live;
	int64_t longest = -1;
	size_t i = k->count;
	while (k->live && i && k->list[i - 1] != k->live)
		i--;
	while (i-- > 0) {
		const smsc_generation *g = k->list[i];
		if (!is_on(g, k->host) || is_broken(g))
			continue;
		bool last = !next || next == k->live || strcmp(next->guid, g->guid);
		int64_t served = (next ? next->appeared : k->host->now->time) - g->appeared;
		next = g;
		if (last && g != k->live && (!best || served > longest)) {
			best = g;
			longest = served;
		}
	}
	return smsc_generation_root(best) == smsc_generation_root(k->live) ? NULL : best;
}

/* The same public keys in a file whose private halves are of use. */
static const smsc_generation *whole_twin(const container *k)
{
	for (size_t i = 0; i < k->count; i++)
		if (k->list[i] != k->live && !is_broken(k->list[i]) && smsc_generation_same_keys(k->list[i], k->live))
			return k->list[i];
	return NULL;
}

/* A pair more is no loss. */
static bool covers(const smsc_generation *live, const smsc_generation *old)
{
	for (int which = 0; which < 2; which++)
		if (old->keys[which] && !smsc_key_same(old->keys[which], live->keys[which]))
			return false;
	return true;
}

/* The nearest earlier one that has a pair which the live file lacks. */
static const smsc_generation *lost_pair(const container *k)
{
	const smsc_generation *best = NULL;
	for (int which = 0; which < 2; which++) {
		const smsc_generation *old = smsc_generation_lost(k->live, which);
		while (old && is_broken(old))
			old = smsc_generation_earlier(old, which);
		if (old && (!best || old->number > best->number))
			best = old;
	}
	return best;
}

/* Other keys with one pair less are another program's, or another life of the same. */
static bool is_remade(const smsc_generation *live, const smsc_generation *old)
{
	for (int which = 0; which < 2; which++)
		if (live->keys[which] && old->keys[which] && !smsc_key_same(live->keys[which], old->keys[which]))
			return true;
	return false;
}

/* Whatever the clocks say of their order: the live file lacks a pair, and these have both. */
static const smsc_generation *more_complete(const container *k)
{
	for (size_t i = 0; smsc_generation_pairs(k->live) == 1 && i < k->count; i++)
		if (smsc_generation_pairs(k->list[i]) == 2 && strcmp(k->list[i]->guid, k->live->guid) &&
		    is_on(k->list[i], k->host) && !is_broken(k->list[i]))
			return k->list[i];
	return NULL;
}

/* Only people give the same keys another MachineGuid: they wanted these. */
static bool is_brought_back(const container *k)
{
	for (size_t i = 0; i < k->count; i++)
		if (strcmp(k->list[i]->guid, k->live->guid) && smsc_generation_same_keys(k->list[i], k->live))
			return true;
	return false;
}

static void choose(smsc_standing *s, const smsc_generation *wanted, bool needed, const char *why)
{
	s->wanted = wanted;
	s->needed = needed;
	s->why = why;
}

static void choose_by_history(const container *k, smsc_standing *s)
{
	const smsc_generation *live = k->live, *old = predecessor(k), *lost = live ? lost_pair(k) : NULL;
	const smsc_generation *fuller = live && is_valued(k) ? more_complete(k) : NULL;
	bool replaced = live && old && is_valued(k) && !is_iis(k) && !covers(live, old);
	if (k->outside)
		choose(s, k->list[k->count - 1], false, "its folder holds no other file of the container");
	else if (!live)
		choose(s, old, is_valued(k) || (!old && k->list[0]->product), "no other keys have taken their place");
	else if (s->brought_back)
		choose(s, live, false, "somebody has copied them to this MachineGuid");
	else if (is_broken(live) && whole_twin(k) && !replaced)
		choose(s, whole_twin(k), true, "the live file holds the same public keys, and no private key of use");
	else if (is_broken(live) && !replaced)
		choose(s, old, true, "the live file holds no private key of use");
	else if (replaced)
		choose(s, old, true, strcmp(old->guid, live->guid) ?
		       "they were in use until the MachineGuid changed" :
		       "they were in use before, and SMS makes its keys but once");
	else if (lost && (is_valued(k) || !is_remade(live, lost)))
		choose(s, lost, true, "they have the pair that the live file lacks");
	else if (fuller)
		choose(s, fuller, true, "they have the pair that the live file lacks");
	else
		choose(s, live, false, "nothing in the evidence asks for other keys");
}

/* ---- which file ---- */

static bool is_better(const smsc_key_file *a, const smsc_key_file *b, const smsc_host *h)
{
	int d = smsc_key_file_worth(a) - smsc_key_file_worth(b);
	if (!d)
		d = (a->snapshot == h->now) - (b->snapshot == h->now);  /* no backup is needed for these */
	if (!d)
		d = a->in_store - b->in_store;
	return (d ? d : smsc_snapshot_compare(a->snapshot, b->snapshot)) > 0;
}

/* The best file of these keys, whichever name it has; never the live one of a lost container. */
static const smsc_key_file *best_file(const container *k, const smsc_generation *wanted)
{
	const smsc_key_file *best = NULL;
	for (size_t i = 0; wanted && i < k->count; i++)
		for (size_t j = 0; smsc_generation_same_keys(k->list[i], wanted) && j < k->list[i]->file_count; j++) {
			const smsc_key_file *f = k->list[i]->files[j];
			if (f->snapshot->host == k->host && smsc_key_file_worth(f) && (!best || is_better(f, best, k->host)))
				best = f;
		}
	return best;
}

/* ---- what became of it ---- */

static bool is_in_now(const container *k, const smsc_generation *g)
{
	for (size_t i = 0; g && i < k->count; i++)
		for (size_t j = 0; smsc_generation_same_keys(k->list[i], g) && j < k->list[i]->file_count; j++)
			if (k->list[i]->files[j]->snapshot == k->host->now)
				return true;
	return false;
}

static smsc_fate fate_of(const container *k, const smsc_standing *s)
{
	const smsc_generation *live = k->live, *w = s->wanted;
	if (!k->host->guid)
		return SMSC_FATE_UNKNOWN;
	if (k->outside)
		return SMSC_FATE_OUTSIDE;
	if (!live)
		return is_in_now(k, w) ? SMSC_FATE_ORPHANED : SMSC_FATE_GONE;
	if (is_broken(live))
		return SMSC_FATE_DAMAGED;
	if (!w && s->proved)
		return SMSC_FATE_REPLACED;
	if (w && !covers(live, w))
		return lost_pair(k) ? SMSC_FATE_REDUCED : SMSC_FATE_REPLACED;
	if (live->twin && strcmp(live->twin->guid, live->guid))
		return SMSC_FATE_BACK;
	return predecessor(k) ? SMSC_FATE_RENEWED : SMSC_FATE_SAME;
}

const smsc_standing *smsc_host_standing(const smsc_host *h, const char *name)
{
	for (size_t i = 0; i < h->standing_count; i++)
		if (!*h->standings[i]->any->owner && !strcmp(h->standings[i]->any->container, name))
			return h->standings[i];
	return NULL;
}

bool smsc_standing_lost(const smsc_standing *s)
{
	bool lost = s->fate >= SMSC_FATE_ORPHANED && s->fate != SMSC_FATE_UNKNOWN;
	return s->wanted && (lost || (s->fate == SMSC_FATE_OUTSIDE && s->needed));
}

bool smsc_standing_is_missing(const smsc_standing *s)
{
	return !s->file && (s->fate == SMSC_FATE_DAMAGED || s->needed);
}

const char *smsc_fate_text(smsc_fate fate)
{
	static const char *const texts[] = {
		"the keys that others rely on are live", "its keys were brought back",
		"other keys are live, and nothing asks for the old ones", "its file lies outside of its folder",
		"its file is intact, but not under the MachineGuid in force", "its file is gone",
		"other keys are live", "its live file lacks a key pair", "its live file is of no use",
		"which file is live is not known",
	};
	return texts[fate];
}

/* ---- all ---- */

/* `list` has room for all generations; what other machines have is none of this one's. */
static bool stand(smsc_case *c, smsc_host *h, size_t first, size_t end, smsc_generation **list)
{
	container k = { .c = c, .host = h, .list = list, .outside = true };
	for (size_t i = first; i < end; i++) {
		k.outside &= !is_on(c->generations[i], h);
		if (smsc_generation_is_on(c->generations[i], h))
			list[k.count++] = c->generations[i];
	}
	if (!k.count || !h->now)
		return true;
	smsc_standing *s = smsc_arena_alloc(c->arena, sizeof *s);
	if (!s || !smsc_arena_grow(c->arena, &h->standings, h->standing_count, &h->standing_room,
	                           sizeof *h->standings))
		return false;
	*s = (smsc_standing){ .host = h, .any = list[0], .why = "" };
	s->live = smsc_host_live_file(h, k.list, k.count);
	k.live = s->live ? s->live->generation : NULL;
	s->brought_back = k.live && !is_broken(k.live) && is_brought_back(&k);
	if (smsc_witness_of(c, k.list, k.count, s))
		s->needed = s->proved = true;
	else
		choose_by_history(&k, s);
	s->fate = fate_of(&k, s);
	s->needed = s->needed && (smsc_standing_lost(s) || !s->wanted);
	s->file = best_file(&k, s->wanted);
	h->standings[h->standing_count++] = s;
	for (size_t i = 0; i < k.count; i++)
		if (!list[i]->standing)
			list[i]->standing = s;
	return true;
}

int smsc_case_standings(smsc_case *c, smsc_error **err)
{
	smsc_generation **list = malloc((c->generation_count + 1) * sizeof *list);
	bool good = list != NULL;
	smsc_witness_count(c);
	for (size_t h = 0; h < c->host_count && good; h++)
		for (size_t i = 0, end; i < c->generation_count && good; i = end) {
			end = smsc_container_end(c, i);
			good = stand(c, c->hosts[h], i, end, list);
		}
	free(list);
	return good ? 0 : smsc_fail_nomem(err);
}
