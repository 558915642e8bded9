/* log_events.c - what logs say of keys and clocks comes into the case, in the order of the walk. */
#include <stdio.h>
#include <string.h>

#include "event.h"
#include "keep.h"
#include "log_reading.h"

/* ---- events ------------------------------------------------------------------------------ */

static bool keep(smsc_reading *r, const smsc_log_reading *log, const smsc_log_event *told)
{
	smsc_case *c = r->c;
	smsc_buf meaning = SMSC_BUF_INIT;
	if (c->event_count >= smsc_case_share(c)) {
		c->events_dropped += told->event.times;
		return true;
	}
	smsc_event *e = smsc_event_new(c, told->event.kind, told->event.severity);
	if (!e)
		return !smsc_arena_failed(c->arena);
	uint64_t serial = e->serial;
	*e = told->event;
	e->serial = serial;
	e->arena = c->arena;
	e->text = smsc_arena_text(c->arena, told->event.text, strlen(told->event.text));
	smsc_known_meaning(&meaning, &told->hit);
	e->meaning = smsc_keep_text(c->arena, &meaning);
	bool done = !smsc_arena_failed(c->arena);
	if (done)
		smsc_copies_keep(&r->copies, e, log->file, (uint32_t)r->snapshot->order);
	return done;
}

bool smsc_log_take(smsc_reading *r, smsc_log_reading *log, smsc_log_digest *d)
{
	bool memory = true;
	smsc_times_end(&d->times);
	for (size_t i = 0; i < d->count && memory; i++) {
		smsc_log_event *e = d->events[i];
		e->event.snapshot = r->snapshot;
		memory = smsc_copies_seen(&r->copies, &e->event, log->file, (uint32_t)r->snapshot->order) ||
		         keep(r, log, e);
	}
	smsc_times_join(&log->times, &d->times);
	return memory;
}

/* ---- findings ------------------------------------------------------------------------------ */

bool smsc_log_take_findings(smsc_reading *r, smsc_log_reading *log, const smsc_log *rows)
{
	const smsc_finding *f;
	for (size_t i = 0; (f = smsc_log_finding_at(rows, i)); i++) {
		smsc_rule_sum *sum = &log->sums[f->rule];
		if (sum->count++)
			continue;
		sum->offset = f->offset;
		sum->text = smsc_arena_text(r->c->arena, f->text, strlen(f->text));
		if (!sum->text)
			return false;
	}
	return true;
}

/* One finding for each rule: how often, and the first of them. */
static void tell_sums(smsc_reading *r, const smsc_log_reading *log)
{
	for (size_t rule = 0; rule < SMSC_RULE_COUNT; rule++) {
		const smsc_rule_sum *sum = &log->sums[rule];
		char lead[64] = "";
		if (!sum->count)
			continue;
		if (sum->count > 1)
			snprintf(lead, sizeof(lead), "%zu places, the first: ", sum->count);
		smsc_findings_add(&r->log_findings, r->c->arena, (smsc_rule_id)rule,
		                  smsc_case_place(r->c, r->snapshot, log->path), sum->offset, "%s%s", lead, sum->text);
	}
}

int smsc_log_end(smsc_reading *r, smsc_log_reading *log, smsc_error *wrong, smsc_error **err)
{
	smsc_log_times *t = &log->times;
	smsc_days_merge(&r->days, &t->days);
	smsc_clock_keep(&r->jumps, &t->clock, r->snapshot, log->path);
	smsc_utc_keep(&r->doubts, &t->doubt, r->snapshot, log->path);
	bool memory = smsc_log_sets_add(&r->sets, &t->part, r->snapshot, log->path);
	tell_sums(r, log);
	int done = smsc_read_failed(r, &r->log_findings, log->path, wrong, err);
	return memory ? done : smsc_fail_nomem(err);
}
