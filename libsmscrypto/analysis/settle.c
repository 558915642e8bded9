/* settle.c - local times become UTC: those of files once all of their snapshot was read, and those of
 * rows once all snapshots were, for what tells the zone may lie behind what needs it. */
#include "../base/error.h"
#include "../base/time.h"
#include "event.h"
#include "machine.h"
#include "read.h"

/* DOS times of archives stand in steps of two seconds. */
#define DOS_SLACK (2 * SMSC_TICKS_A_SECOND)
#define TURN_SLACK (60 * SMSC_TICKS_MINUTE)

static const smsc_zone_rules *zone_of(const smsc_snapshot *s)
{
	return s->system && s->system->zone_known ? &s->system->zone : NULL;
}

/* ---- times of files ---- */

static bool is_local(int64_t slack)
{
	return slack >= SMSC_SLACK_NO_ZONE;
}

static int64_t to_utc(const smsc_zone_rules *zone, smsc_time *t)
{
	bool unsure = false;
	if (*t != SMSC_NEVER)
		*t = smsc_time_utc(*t, smsc_zone_bias_at(zone, *t, &unsure));
	return unsure ? TURN_SLACK : DOS_SLACK;
}

static void settle_stamp(smsc_stamp *s, const smsc_zone_rules *zone)
{
	if (!is_local(s->slack))
		return;
	int64_t created = to_utc(zone, &s->created), modified = to_utc(zone, &s->modified);
	s->slack = created > modified ? created : modified;
	s->clock = smsc_clock_literal("archive-registry");
}

void smsc_read_settle_files(smsc_reading *r)
{
	smsc_case *c = r->c;
	smsc_snapshot *s = r->snapshot;
	const smsc_zone_rules *zone = zone_of(s);
	if (!zone)
		return;
	for (size_t i = r->first_file; i < c->file_count; i++)
		settle_stamp(&c->files[i]->stamp, zone);
	for (size_t i = r->first_master; i < c->master_count; i++)
		settle_stamp(&c->masters[i]->stamp, zone);
	smsc_time newest = r->newest_local;
	int64_t slack = to_utc(zone, &newest);
	if (newest <= s->time && !is_local(s->slack))
		return;
	s->time = newest;
	s->slack = slack;
	s->clock = smsc_clock_literal("archive-registry");
}

/* ---- rows of logs ---- */

static void settle_row(smsc_event *e, int32_t bias, const char *clock, int64_t slack)
{
	e->time = smsc_time_utc(e->local, bias);
	e->bias = bias;
	e->clock = smsc_clock_literal(clock);
	e->slack = slack;
}

/* Other rows of the same host and day are the better witness: they were written with the
 * bias that was in force, while the registry tells only the rules. */
static void settle_event(smsc_event *e, smsc_biases *all)
{
	const smsc_zone_rules *zone = zone_of(e->snapshot);
	bool unsure = false;
	int32_t bias = smsc_biases_own(all, e->snapshot, e->local);
	if (bias != SMSC_NO_BIAS) {
		settle_row(e, bias, "log-neighbour", e->row_slack);
		return;
	}
	bias = smsc_biases_computer(all, e->snapshot, e->local);
	if (bias != SMSC_NO_BIAS) {
		settle_row(e, bias, "log-computer", e->row_slack);
	} else if (zone) {
		bias = smsc_zone_bias_at(zone, e->local, &unsure);
		settle_row(e, bias, "log-registry", unsure ? TURN_SLACK : e->row_slack);
	}
}

int smsc_read_settle_rows(smsc_reading *r, smsc_error **err)
{
	for (size_t i = 0; i < r->c->event_count; i++) {
		smsc_event *e = r->c->events[i];
		if (e->time == SMSC_NEVER && e->row_bias == SMSC_NO_BIAS && e->local != SMSC_NEVER)
			settle_event(e, &r->biases);
	}
	return r->biases.failed ? smsc_fail_nomem(err) : 0;
}
