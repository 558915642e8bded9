/* log_times.c - what the times of the rows of a log, or of a piece of it, tell of the clock. */
#include "log_times.h"

#include <string.h>

#include "../base/time.h"

/* IIS writes UTC, which says nothing of the host's zone. */
static void note_bias(smsc_log_times *t, const smsc_row *row)
{
	int32_t bias = row->bias != SMSC_NO_BIAS ? row->bias : smsc_utc_bias(row);
	if (bias != SMSC_NO_BIAS && strcmp(row->form, "iis"))
		smsc_days_add(&t->days, row->local, bias, t->path, row->offset);
}

static void note_time(smsc_log_times *t, const smsc_row *row)
{
	note_bias(t, row);
	smsc_clock_row(&t->clock, row, t->zone_given);
	smsc_log_sets_row(&t->part, row);
}

/* ---- runs ------------------------------------------------------------------------------- */

/* Nearly all rows are of the day, bias and form of the one before, not older than that, and no longer
 * after it than others were: a run.  Its first and its last row tell all that those between do. */
static bool goes_on(const smsc_log_times *t, const smsc_row *row)
{
	uint64_t later = (uint64_t)row->time - (uint64_t)t->part.before;
	return t->first.time != SMSC_NEVER && row->form == t->first.form && row->bias == t->first.bias &&
	       later <= (uint64_t)t->part.pause && row->local < t->day_end;
}

void smsc_times_end(smsc_log_times *t)
{
	smsc_row last = t->first;
	if (last.time == SMSC_NEVER)
		return;
	last.local += t->part.before - last.time;
	last.time = t->part.before;
	note_time(t, &last);
	t->first.time = SMSC_NEVER;
}

static void begin_run(smsc_log_times *t, const smsc_row *row)
{
	t->first = (smsc_row){
		.size = sizeof t->first, .time = row->local == SMSC_NEVER ? SMSC_NEVER : row->time, .local = row->local,
		.bias = row->bias, .offset = row->offset, .number = row->number, .form = row->form,
	};
	t->day_end = (row->local / SMSC_TICKS_DAY + 1) * SMSC_TICKS_DAY;
}

void smsc_times_row(smsc_log_times *t, const smsc_row *row)
{
	if (smsc_utc_may_tell(row->text))
		smsc_utc_row(&t->doubt, row);
	if (goes_on(t, row)) {
		t->part.before = row->time;
		return;
	}
	smsc_times_end(t);
	note_time(t, row);
	begin_run(t, row);
}

/* ---- pieces ------------------------------------------------------------------------------ */

void smsc_times_join(smsc_log_times *t, const smsc_log_times *next)
{
	smsc_days_merge(&t->days, &next->days);
	smsc_clock_join(&t->clock, &next->clock);
	smsc_utc_join(&t->doubt, &next->doubt);
	smsc_log_sets_join(&t->part, &next->part);
}
