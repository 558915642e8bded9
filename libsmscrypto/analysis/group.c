/* group.c - the files of one content of one container become one generation.
 *
 * By sorting, not by searching: a MachineKeys folder with hundreds of thousands of files is
 * a known ailment of web servers.
 */
#include <stdlib.h>
#include <string.h>

#include "../base/time.h"
#include "container_names.h"
#include "generation.h"

/* Archives keep whole seconds, FAT and zip even ones: times this close are one time. */
#define SAME_TIME (2 * SMSC_TICKS_A_SECOND)

/* How far a pair goes belongs to its identity: a file whose private half is torn, or of
 * another key, is not the generation that could bring the key back.  Not having been opened
 * is no difference. */
static int worth(const smsc_key *k)
{
	static const char *const bad[] = { "public-only", "private-damaged", "private-mismatch" };
	for (int i = 0; i < 3; i++)
		if (!strcmp(k->proof, bad[i]))
			return i;
	return 3;
}

static int compare_pairs(const smsc_key *a, const smsc_key *b)
{
	if (!a || !b)
		return (a != NULL) - (b != NULL);
	int d = memcmp(a->print.sha256, b->print.sha256, SMSC_SHA256_SIZE);
	if (!d)
		d = a->refused - b->refused;
	return d ? d : worth(a) - worth(b);
}

static int compare_identity(const smsc_key_file *a, const smsc_key_file *b)
{
	int d = strcmp(a->hash, b->hash);
	if (!d)
		d = strcmp(a->owner, b->owner);
	if (!d)
		d = strcmp(a->guid, b->guid);
	if (!d)
		d = a->damaged - b->damaged;
	if (!d && a->damaged)
		return memcmp(a->content, b->content, SMSC_SHA256_SIZE);
	if (!d)
		d = compare_pairs(a->keys[SMSC_SIGNATURE], b->keys[SMSC_SIGNATURE]);
	if (!d)
		d = compare_pairs(a->keys[SMSC_EXCHANGE], b->keys[SMSC_EXCHANGE]);
	return d;
}

static int compare_files(const void *left, const void *right)
{
	const smsc_key_file *a = *(smsc_key_file *const *)left, *b = *(smsc_key_file *const *)right;
	int d = compare_identity(a, b);
	if (!d)
		d = (a->snapshot->order > b->snapshot->order) - (a->snapshot->order < b->snapshot->order);
	return d ? d : strcmp(a->path, b->path);
}

static bool has_fraction(smsc_time t)
{
	return t % SMSC_TICKS_A_SECOND != 0;
}

/* The earlier time; of two that mean the same moment the more exact one. */
static smsc_time earlier(smsc_time a, smsc_time b)
{
	if (a == SMSC_NEVER || b == SMSC_NEVER)
		return a == SMSC_NEVER ? b : a;
	smsc_time low = a < b ? a : b, high = a < b ? b : a;
	return high - low <= SAME_TIME && has_fraction(high) && !has_fraction(low) ? high : low;
}

static bool stamp_known(const smsc_stamp *s)
{
	return s->created != SMSC_NEVER || s->modified != SMSC_NEVER;
}

/* Of a clock without a zone only where there is no better one. */
void smsc_stamp_merge(smsc_stamp *into, const smsc_stamp *from)
{
	bool loose = from->slack >= SMSC_SLACK_NO_ZONE, was = into->slack >= SMSC_SLACK_NO_ZONE;
	if (!stamp_known(from) || (stamp_known(into) && loose && !was))
		return;
	if (!stamp_known(into) || (was && !loose)) {
		*into = *from;
		return;
	}
	smsc_time modified = earlier(into->modified, from->modified);
	if (modified != into->modified) {
		into->slack = from->slack;
		into->clock = from->clock;
	}
	into->modified = modified;
	into->created = earlier(into->created, from->created);
}

static void see(smsc_generation *g, const smsc_snapshot *s)
{
	if (s->time != SMSC_NEVER && (g->first_seen == SMSC_NEVER || s->time < g->first_seen))
		g->first_seen = s->time;
	if (s->time > g->last_seen)
		g->last_seen = s->time;
}

static smsc_generation *new_generation(smsc_case *c, smsc_key_file **files, const char *name)
{
	smsc_generation *g = smsc_arena_alloc(c->arena, sizeof(*g));
	if (!g || !smsc_arena_grow(c->arena, &c->generations, c->generation_count,
	                           &c->generation_room, sizeof(*c->generations)))
		return NULL;
	const smsc_key_file *f = files[0];
	const smsc_container_name *known = smsc_container_name_of(f->hash);
	*g = (smsc_generation){
		.arena = c->arena, .hash = f->hash, .guid = f->guid, .owner = f->owner,
		.container = name ? name : known ? known->name : f->hash,
		.product = known ? known->product : NULL,
		.state = "", .change = "", .size = f->size, .first_order = f->snapshot->order,
		.may_export = c->settings.allow & SMSC_ALLOW_EXPORT,
		.stamp = { .clock = "none" }, .keys = { f->keys[0], f->keys[1] }, .files = files,
	};
	c->generations[c->generation_count++] = g;
	return g;
}

/* One copy that was opened speaks for all that hold the same key. */
static void keep_best(smsc_generation *g, const smsc_key_file *f)
{
	for (int which = 0; which < 2; which++)
		if (f->keys[which] && !strcmp(f->keys[which]->proof, "private-verified") &&
		    strcmp(g->keys[which]->proof, "private-verified"))
			g->keys[which] = f->keys[which];
}

static bool same_container(const smsc_key_file *a, const smsc_key_file *b)
{
	return !strcmp(a->hash, b->hash) && !strcmp(a->owner, b->owner);
}

/* One name for all of a container, whose files may spell it in other letters or be torn. */
static const char *name_from(const smsc_case *c, size_t first)
{
	for (size_t i = first; i < c->file_count && same_container(c->files[i], c->files[first]); i++)
		if (c->files[i]->name)
			return c->files[i]->name;
	return NULL;
}

bool smsc_generations_group(smsc_case *c)
{
	const char *name = NULL;
	smsc_generation *g = NULL;
	if (c->file_count)
		qsort(c->files, c->file_count, sizeof(*c->files), compare_files);
	for (size_t i = 0; i < c->file_count; i++) {
		smsc_key_file *f = c->files[i];
		if (!i || !same_container(c->files[i - 1], f))
			name = name_from(c, i);
		if (!i || compare_identity(c->files[i - 1], f))
			g = new_generation(c, &c->files[i], name);
		if (!g)
			return false;
		g->file_count++;
		f->generation = g;
		keep_best(g, f);
		smsc_stamp_merge(&g->stamp, &f->stamp);
		see(g, f->snapshot);
	}
	return true;
}
