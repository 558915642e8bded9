/* timeline.c - what key-container files tell of the past, each thing once. */
#include <stdlib.h>
#include <string.h>

#include "../base/error.h"
#include "../base/time.h"
#include "certificate.h"
#include "copies.h"
#include "event.h"
#include "generation.h"
#include "keep.h"
#include "machine.h"
#include "master_key.h"
#include "presence.h"

/* A file is made and written in one go; what takes longer are two events. */
#define ONE_GO (2 * SMSC_TICKS_A_SECOND)
#define SHORT_GUID 8

/* ---- where and when -------------------------------------------------------------------- */

/* The file that says what the generation's stamp says. */
static const smsc_key_file *witness(const smsc_generation *g)
{
	for (size_t i = 0; i < g->file_count; i++)
		if (g->files[i]->stamp.modified == g->stamp.modified &&
		    g->files[i]->stamp.created == g->stamp.created)
			return g->files[i];
	return g->files[0];
}

static smsc_event *begin(smsc_case *c, const smsc_generation *g, const char *kind, int severity)
{
	smsc_event *e = smsc_event_new(c, kind, severity);
	if (!e)
		return NULL;
	const smsc_key_file *f = witness(g);
	e->snapshot = f->snapshot;
	e->path = f->path;
	e->generation = g;
	return e;
}

/* When the generation came: its own time, or "by the first snapshot that has it", with a
 * slack that reaches back to the last one that has not. */
static void when_it_came(smsc_event *e, const smsc_generation *g)
{
	if (!g->absent && g->appeared != SMSC_NEVER)
		smsc_event_when(e, g->appeared, g->stamp.slack, g->stamp.clock);
	else if (g->first_seen != SMSC_NEVER)
		smsc_event_when(e, g->first_seen,
		                g->absent ? g->first_seen - g->absent->time : 0, g->files[0]->snapshot->clock);
}

static const char *said(const char *text)
{
	return text ? text : "";
}

/* ---- the file's own times ---------------------------------------------------------------- */

static const char *contents(smsc_case *c, const smsc_generation *g)
{
	const smsc_key *s = g->keys[SMSC_SIGNATURE], *x = g->keys[SMSC_EXCHANGE];
	if (s && x)
		return said(smsc_arena_printf(c->arena, "%s: %u-bit AT_SIGNATURE and %u-bit AT_KEYEXCHANGE",
		                              g->state, s->bits, x->bits));
	if (s || x)
		return said(smsc_arena_printf(c->arena, "%s: %u-bit %s only", g->state, s ? s->bits : x->bits,
		                              smsc_pair_name(s ? SMSC_SIGNATURE : SMSC_EXCHANGE)));
	return g->state;
}

static void tell_file(smsc_case *c, const smsc_generation *g, const char *kind, smsc_time when,
                      const char *verb)
{
	smsc_event *e = begin(c, g, kind, 1);
	if (!e)
		return;
	e->text = said(smsc_arena_printf(c->arena, "%s: container file of generation %u %s",
	                                 g->container, g->number, verb));
	e->meaning = contents(c, g);
	smsc_event_when(e, when, g->stamp.slack, g->stamp.clock);
}

static void tell_files(smsc_case *c, const smsc_generation *g)
{
	smsc_time created = g->stamp.created, modified = g->stamp.modified;
	/* A copy of another generation's file: its content's times are told there. */
	if (g->twin)
		return;
	if (created != SMSC_NEVER && modified != SMSC_NEVER && created > modified + ONE_GO)
		tell_file(c, g, SMSC_KIND_KEY_COPIED, created, "put here as a copy of an older file");
	else if (created != SMSC_NEVER)
		tell_file(c, g, SMSC_KIND_KEY_CREATED, created, "created");
	if (modified != SMSC_NEVER && (created == SMSC_NEVER || modified > created + ONE_GO ||
	                               created > modified + ONE_GO))
		tell_file(c, g, SMSC_KIND_KEY_WRITTEN, modified, "written");
}

/* ---- against the generations before ------------------------------------------------------ */

static smsc_time last_without(const smsc_generation *old, const smsc_generation *g)
{
	smsc_time last = SMSC_NEVER;
	for (size_t i = 0; i < old->file_count; i++) {
		smsc_time t = old->files[i]->snapshot->time;
		if (t < g->first_seen && t > last)
			last = t;
	}
	return last;
}

/* "2005-01-07T22:59" is enough to say between which backups it happened. */
static const char *between(smsc_case *c, const smsc_generation *old, const smsc_generation *g)
{
	char from[29], to[29];
	smsc_time last = last_without(old, g);
	if (last == SMSC_NEVER)
		return "";
	smsc_time_format(last, from);
	smsc_time_format(g->first_seen, to);
	return said(smsc_arena_printf(c->arena, "; not yet in the backup of %.16sZ, in that of %.16sZ",
	                              from, to));
}

static void tell_replaced(smsc_case *c, const smsc_generation *g)
{
	const smsc_generation *old = smsc_generation_replaces(g);
	smsc_event *e = old ? begin(c, g, SMSC_KIND_KEY_REPLACED, 2) : NULL;
	if (!e)
		return;
	e->text = said(smsc_arena_printf(c->arena, "%s: generation %u has other keys than generation %u%s",
	                                 g->container, g->number, old->number, between(c, old, g)));
	e->meaning = g->change;
	when_it_came(e, g);
}

static void tell_missing(smsc_case *c, const smsc_generation *g, int which)
{
	const smsc_generation *old = smsc_generation_lost(g, which);
	smsc_event *e = old ? begin(c, g, SMSC_KIND_PAIR_MISSING, 3) : NULL;
	if (!e)
		return;
	smsc_buf sizes = SMSC_BUF_INIT;
	smsc_pair_sizes(&sizes, old->keys[which]);
	e->text = said(smsc_arena_printf(c->arena, "%s: generation %u lacks the %s pair of generation %u",
	                                 g->container, g->number, smsc_pair_name(which), old->number));
	smsc_buf_printf(&sizes, " bytes: %s", smsc_pair_loss(which));
	e->meaning = smsc_keep_text(c->arena, &sizes);
	when_it_came(e, g);
}

static void tell_restored(smsc_case *c, const smsc_generation *g)
{
	if (!g->twin)
		return;
	smsc_event *e = begin(c, g, SMSC_KIND_CONTAINER_RESTORED, 1);
	if (!e)
		return;
	bool moved = strcmp(g->guid, g->twin->guid) != 0;
	e->text = said(smsc_arena_printf(c->arena, "%s: the keys of generation %u %s%.*s%s", g->container,
	                                 g->twin->number, moved ? "are there under MachineGuid " : "are there again",
	                                 SHORT_GUID, moved ? g->guid : "",
	                                 g->absent ? between(c, g->before, g) : ""));
	e->meaning = g->change;
	when_it_came(e, g);
}

/* ---- a new MachineGuid --------------------------------------------------------------------- */

static int compare_guids(const void *left, const void *right)
{
	const smsc_generation *a = *(smsc_generation *const *)left;
	const smsc_generation *b = *(smsc_generation *const *)right;
	int d = strcmp(a->guid, b->guid);
	if (!d)
		d = (a->appeared > b->appeared) - (a->appeared < b->appeared);
	if (!d)
		d = strcmp(a->container, b->container);
	return d ? d : (a->number > b->number) - (a->number < b->number);
}

static void tell_guid(smsc_case *c, const smsc_generation *g)
{
	smsc_event *e = begin(c, g, SMSC_KIND_GUID_NEW, 3);
	if (!e)
		return;
	e->text = said(smsc_arena_printf(c->arena, "first container under MachineGuid %s: %s",
	                                 g->guid, g->container));
	e->meaning = said(smsc_arena_printf(c->arena, "the MachineGuid was %s; every container under that "
	                                    "name became invisible at once, though its file is intact "
	                                    "(KB 884872)", g->moved->guid));
	when_it_came(e, g);
}

static int tell_guids(smsc_case *c, smsc_error **err)
{
	smsc_generation **list = malloc((c->generation_count + 1) * sizeof(*list));
	if (!list)
		return smsc_fail_nomem(err);
	size_t count = 0;
	for (size_t i = 0; i < c->generation_count; i++)
		if (c->generations[i]->moved && *c->generations[i]->guid)
			list[count++] = c->generations[i];
	qsort(list, count, sizeof(*list), compare_guids);
	for (size_t i = 0; i < count; i++)
		if (!i || strcmp(list[i - 1]->guid, list[i]->guid))
			tell_guid(c, list[i]);
	free(list);
	return 0;
}

/* ---- all -------------------------------------------------------------------------------------- */

int smsc_case_timeline(smsc_case *c, smsc_error **err)
{
	for (size_t i = 0; i < c->event_count; i++)
		smsc_copies_tell(c->events[i]);
	smsc_master_key_events(c);
	smsc_machine_events(c);
	smsc_certificate_events(c);
	for (size_t i = 0; i < c->generation_count; i++) {
		const smsc_generation *g = c->generations[i];
		tell_files(c, g);
		tell_replaced(c, g);
		tell_missing(c, g, SMSC_SIGNATURE);
		tell_missing(c, g, SMSC_EXCHANGE);
		tell_restored(c, g);
	}
	if (tell_guids(c, err) < 0 || smsc_presence_events(c, err) < 0)
		return -1;
	smsc_event_sort(c->events, c->event_count);
	return 0;
}
