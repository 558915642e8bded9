/* case.c - sources in, answers out: building a case, and its sequences. */
#include "case.h"

#include <string.h>

#include "../source/source.h"
#include "absent.h"
#include "certificate.h"
#include "event.h"
#include "machine.h"
#include "metabase.h"
#include "trust.h"
#include "unlock.h"

#define TELL_BYTES   (8u << 20)
#define TELL_ENTRIES 64u

static void let_go(void *arg)
{
	smsc_case *c = arg;
	smsc_machine_forget(c);
	smsc_given_forget(c);
	smsc_keys_forget(c);
	for (size_t i = 0; i < c->record_count; i++)
		smsc_record_unref(c->records[i]);
	for (size_t i = 0; i < c->snapshot_count; i++)
		smsc_source_unref(c->snapshots[i]->source);
}

/* The options an older program passes are shorter; what they lack is 0, the default. */
static bool keep_options(smsc_case *c, const smsc_options *options)
{
	if (options)
		memcpy(&c->options, options,
		       options->size < sizeof(c->options) ? options->size : sizeof(c->options));
	c->options.size = sizeof(c->options);
	if (!c->options.zone)
		return true;
	c->options.zone = smsc_arena_text(c->arena, c->options.zone, strlen(c->options.zone));
	return c->options.zone != NULL;
}

smsc_case *smsc_case_new(const smsc_options *options, smsc_error **err)
{
	smsc_settings settings;
	if (smsc_failed(err) || smsc_settings_of(&settings, options, err) < 0)
		return NULL;
	smsc_arena *arena = smsc_arena_new();
	smsc_case *c = arena ? smsc_arena_alloc(arena, sizeof(*c)) : NULL;
	if (c) {
		c->arena = arena;
		c->settings = settings;
		c->findings.limit = (size_t)smsc_case_share(c);
	}
	if (c && keep_options(c, options) && smsc_arena_on_free(arena, let_go, c))
		return c;
	smsc_arena_unref(arena);
	smsc_fail_nomem(err);
	return NULL;
}

smsc_case *smsc_case_ref(const smsc_case *c)
{
	if (c)
		smsc_arena_ref(c->arena);
	return (smsc_case *)c;
}

void smsc_case_unref(const smsc_case *c)
{
	if (c)
		smsc_arena_unref(c->arena);
}

smsc_snapshot *smsc_case_insert(smsc_case *c, smsc_source *source, size_t order, smsc_error **err)
{
	const char *name = smsc_source_label(source);
	smsc_snapshot *s = smsc_arena_alloc(c->arena, sizeof(*s));
	char *copy = smsc_arena_text(c->arena, name, strlen(name));
	if (!s || !copy || !smsc_arena_grow(c->arena, &c->snapshots, c->snapshot_count,
	                                    &c->snapshot_room, sizeof(*c->snapshots))) {
		smsc_fail_nomem(err);
		return NULL;
	}
	*s = (smsc_snapshot){ .source = smsc_source_ref(source), .label = copy, .order = order, .clock = "none" };
	for (size_t i = c->snapshot_count++; i > order; i--) {
		c->snapshots[i] = c->snapshots[i - 1];
		c->snapshots[i]->order = i;
	}
	c->snapshots[order] = s;
	return s;
}

int smsc_case_add_source(smsc_case *c, smsc_source *source, const char *label, smsc_error **err)
{
	if (smsc_failed(err))
		return -1;
	if (c->final || !source)
		return smsc_fail(err, SMSC_EARG, NULL, -1, source ? "a source was added after the analysis" :
		                 "smsc_case_add_source: no source");
	for (size_t i = 0; i < c->snapshot_count; i++)
		if (smsc_source_join(c->snapshots[i]->source, source, err) || smsc_failed(err))
			return smsc_failed(err) ? -1 : 0;
	if (label && *label && smsc_source_set_label(source, label, err) < 0)
		return -1;
	return smsc_case_insert(c, source, c->snapshot_count, err) ? 0 : -1;
}

int smsc_case_add(smsc_case *c, const char *path, const char *label, smsc_error **err)
{
	if (smsc_failed(err))
		return -1;
	if (c->final)
		return smsc_fail(err, SMSC_EARG, path, -1, "a source was added after the analysis");
	smsc_source *source = smsc_source_open(path, &c->options, err);
	if (!source)
		return -1;
	int done = smsc_case_add_source(c, source, label, err);
	smsc_source_unref(source);
	return done;
}

/* ---- the analysis ---------------------------------------------------------- */

static int tell(smsc_progress *p, const char *stage, smsc_error **err)
{
	p->told = p->done;
	p->entries = 0;
	if (p->fn && p->fn(p->user, stage, p->done, 0))
		return smsc_fail(err, SMSC_ECANCELLED, NULL, -1, "the analysis was cancelled");
	return 0;
}

uint64_t smsc_case_share(const smsc_case *c)
{
	return c->settings.max_events - c->settings.max_events / 4;
}

int smsc_progress_add(smsc_progress *p, const char *stage, uint64_t more, smsc_error **err)
{
	p->done += more;
	return p->done - p->told < TELL_BYTES ? 0 : tell(p, stage, err);
}

int smsc_progress_entry(smsc_progress *p, const char *stage, smsc_error **err)
{
	return ++p->entries < TELL_ENTRIES ? 0 : tell(p, stage, err);
}

/* A single file is its own label, and would else be said twice. */
const char *smsc_case_place(smsc_case *c, const smsc_snapshot *s, const char *path)
{
	if (!path || !*path || !strcmp(path, s->label))
		return s->label;
	const char *place = smsc_arena_printf(c->arena, "%s/%s", s->label, path);
	return place ? place : s->label;
}

/* Half an answer would be taken for a whole one: a case whose analysis failed is empty. */
static int give_up(smsc_case *c)
{
	while (c->record_count)
		smsc_record_unref(c->records[--c->record_count]);
	c->generation_count = c->holder_count = c->event_count = c->certificate_count = c->trust_count = c->step_count = c->metabase_count = 0;
	c->findings.count = 0;
	smsc_machine_forget(c);
	smsc_given_forget(c);
	smsc_keys_forget(c);
	return -1;
}

/* What was read belongs together in many ways. */
static int relate(smsc_case *c, smsc_error **err)
{
	if (smsc_case_generations(c, err) < 0 || smsc_case_hosts(c, err) < 0 || smsc_case_lineages(c, err) < 0 ||
	    smsc_case_certificates(c, err) < 0)
		return -1;
	smsc_case_metabases(c);
	return smsc_case_trusts(c, err) < 0 || smsc_case_standings(c, err) < 0 ? -1 : smsc_case_absent(c, err);
}

int smsc_case_analyze(smsc_case *c, smsc_progress_fn *fn, void *user, smsc_error **err)
{
	if (smsc_failed(err))
		return -1;
	if (c->final)
		return smsc_fail(err, SMSC_EARG, NULL, -1, "the case was analyzed before");
	c->final = true;
	smsc_progress progress = { .fn = fn, .user = user };
	if (smsc_case_walk(c, &progress, err) < 0 || smsc_case_open_keys(c, &progress, err) < 0 ||
	    tell(&progress, "relating", err) < 0 || relate(c, err) < 0 || smsc_case_timeline(c, err) < 0 ||
	    smsc_machine_facts(c, err) < 0 || smsc_case_rules(c, err) < 0 || smsc_case_plan(c, err) < 0)
		return give_up(c);
	if (!smsc_arena_failed(c->arena))
		return 0;
	smsc_fail_nomem(err);
	return give_up(c);
}

/* ---- the sequences --------------------------------------------------------- */

#define SEQUENCE(noun, list, type)                                             \
	size_t smsc_case_##noun##_count(const smsc_case *c) { return c->noun##_count; } \
	const type *smsc_case_##noun##_at(const smsc_case *c, size_t i)        \
	{                                                                      \
		return i < c->noun##_count ? c->list[i] : NULL;                \
	}

SEQUENCE(record, records, smsc_record)
SEQUENCE(generation, generations, smsc_generation)
SEQUENCE(event, events, smsc_event)
SEQUENCE(step, steps, smsc_step)

size_t smsc_case_source_count(const smsc_case *c)
{
	return c->snapshot_count;
}

const smsc_source *smsc_case_source_at(const smsc_case *c, size_t i)
{
	return i < c->snapshot_count ? c->snapshots[i]->source : NULL;
}

size_t smsc_case_finding_count(const smsc_case *c)
{
	return c->findings.count;
}

const smsc_finding *smsc_case_finding_at(const smsc_case *c, size_t i)
{
	return i < c->findings.count ? c->findings.at[i] : NULL;
}
