/* event.c - rows of the timeline, and their total order. */
#include "event.h"

#include <stdlib.h>
#include <string.h>

#include "../base/time.h"

/* In the order in which equal times are told: what files say, then what logs say. */
static const char *const clocks[] = {
	"registry", "file-system", "archive", "backup-set", "archive-local", "archive-registry", "content",
	"log", "log-neighbour", "log-computer", "log-registry", "log-local",
	"none",
};
#define CLOCKS (sizeof(clocks) / sizeof(*clocks))

static size_t rank_of(const char *clock)
{
	size_t i = 0;
	while (i < CLOCKS - 1 && strcmp(clocks[i], clock))
		i++;
	return i;
}

const char *smsc_clock_literal(const char *clock)
{
	return clocks[rank_of(clock)];
}

smsc_event *smsc_event_new(smsc_case *c, const char *kind, int severity)
{
	if (c->event_count >= c->settings.max_events) {
		c->events_dropped++;
		return NULL;
	}
	smsc_event *e = smsc_arena_alloc(c->arena, sizeof(*e));
	if (!e || !smsc_arena_grow(c->arena, &c->events, c->event_count, &c->event_room,
	                           sizeof(*c->events)))
		return NULL;
	*e = (smsc_event){
		.arena = c->arena, .bias = SMSC_NO_BIAS, .clock = "none", .kind = kind,
		.text = "", .meaning = "", .severity = severity, .path = "",
		.serial = c->event_count,
	};
	c->events[c->event_count++] = e;
	return e;
}

void smsc_event_row(smsc_event *e, const smsc_snapshot *s, const char *path, uint64_t offset, smsc_time when)
{
	e->snapshot = s;
	e->path = path;
	e->offset = offset;
	e->time = when;
	e->clock = "log";
}

void smsc_event_when(smsc_event *e, smsc_time when, int64_t slack, const char *clock)
{
	e->clock = smsc_clock_literal(clock);
	e->slack = slack;
	if (slack >= SMSC_SLACK_NO_ZONE &&
	    (!strcmp(e->clock, "archive-local") || !strcmp(e->clock, "backup-set")))
		e->local = when;
	else
		e->time = when;
}

static int compare_numbers(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

static smsc_time sort_time(const smsc_event *e)
{
	return e->time != SMSC_NEVER ? e->time : e->local;
}

static int compare(const void *left, const void *right)
{
	const smsc_event *a = *(smsc_event *const *)left, *b = *(smsc_event *const *)right;
	int d = compare_numbers(sort_time(a), sort_time(b));
	if (!d)
		d = compare_numbers((int64_t)rank_of(a->clock), (int64_t)rank_of(b->clock));
	if (!d && a->snapshot && b->snapshot)
		d = compare_numbers((int64_t)a->snapshot->order, (int64_t)b->snapshot->order);
	if (!d)
		d = strcmp(a->path, b->path);
	if (!d)
		d = (a->offset > b->offset) - (a->offset < b->offset);
	if (!d)
		d = strcmp(a->kind, b->kind);
	return d ? d : (a->serial > b->serial) - (a->serial < b->serial);
}

void smsc_event_sort(smsc_event **events, size_t count)
{
	if (count)
		qsort(events, count, sizeof(*events), compare);
}

smsc_time   smsc_event_time(const smsc_event *e)     { return e->time; }
smsc_time   smsc_event_local(const smsc_event *e)    { return e->local; }
int32_t     smsc_event_bias(const smsc_event *e)     { return e->bias; }
int64_t     smsc_event_slack(const smsc_event *e)    { return e->slack; }
const char *smsc_event_clock(const smsc_event *e)    { return e->clock; }
const char *smsc_event_kind(const smsc_event *e)     { return e->kind; }
int         smsc_event_severity(const smsc_event *e) { return e->severity; }
const char *smsc_event_text(const smsc_event *e)     { return e->text; }
const char *smsc_event_meaning(const smsc_event *e)  { return e->meaning; }
const char *smsc_event_path(const smsc_event *e)     { return e->path; }
uint64_t    smsc_event_offset(const smsc_event *e)   { return e->offset; }

const smsc_source *smsc_event_source(const smsc_event *e)
{
	return e->snapshot ? e->snapshot->source : NULL;
}

size_t smsc_event_source_count(const smsc_event *e)
{
	return (smsc_event_source(e) != NULL) + e->also_count;
}

const smsc_source *smsc_event_source_at(const smsc_event *e, size_t i)
{
	if (!i)
		return smsc_event_source(e);
	return i <= e->also_count ? e->also[i - 1]->source : NULL;
}

const smsc_generation *smsc_event_generation(const smsc_event *e)
{
	return e->generation;
}

smsc_event *smsc_event_ref(const smsc_event *e)
{
	if (e)
		smsc_arena_ref(e->arena);
	return (smsc_event *)e;
}

void smsc_event_unref(const smsc_event *e)
{
	if (e)
		smsc_arena_unref(e->arena);
}
