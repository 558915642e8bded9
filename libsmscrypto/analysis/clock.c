/* clock.c - what logs tell of the clock that dated them.
 *
 * The order of the rows in a log is the order in which they were written.  So a row that is
 * older than the one before it was written after the clock had been set back.  Threads that
 * write one log are out of order by a second at most in real logs.
 */
#include "clock.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../base/error.h"
#include "../base/text.h"
#include "../base/time.h"
#include "event.h"
#include "keep.h"
#include "machine.h"

#define LEAST_JUMP (60 * SMSC_TICKS_A_SECOND)

/* ---- set back ------------------------------------------------------------------------- */

static bool starts(const char *text, const char *with)
{
	return !strncmp(text, with, strlen(with));
}

/* Rows with the bias they were written with; a zone that was given knows of no summer, so its
 * end would look like a jump.  IIS writes what it has done when it finds the time. */
static bool is_dated(const smsc_row *row, bool zone_given)
{
	if (row->time == SMSC_NEVER)
		return false;
	return starts(row->form, "evt") || (!zone_given && (starts(row->form, "ccm") || starts(row->form, "sms")));
}

static void note(smsc_clock_jumps *jumps, const smsc_clock_jump *j)
{
	if (jumps->count < SMSC_CLOCK_JUMPS)
		jumps->at[jumps->count++] = *j;
	else
		jumps->dropped++;
}

/* The clock went from run->time to `time`, in the row at `offset`. */
static void compare_times(smsc_clock_run *run, smsc_time time, uint64_t offset)
{
	if (run->time != SMSC_NEVER && time < run->time - LEAST_JUMP)
		note(&run->jumps, &(smsc_clock_jump){ NULL, NULL, offset, run->time, time, 1 });
}

void smsc_clock_row(smsc_clock_run *run, const smsc_row *row, bool zone_given)
{
	if (!is_dated(row, zone_given))
		return;
	if (run->first == SMSC_NEVER) {
		run->first = row->time;
		run->offset = row->offset;
	}
	/* A ring goes on with its oldest event behind its newest. */
	if (!starts(row->form, "evt") || row->number == run->number + 1)
		compare_times(run, row->time, row->offset);
	run->time = row->time;
	run->number = row->number;
}

static void note_all(smsc_clock_jumps *into, const smsc_clock_jumps *from)
{
	for (size_t i = 0; i < from->count; i++)
		note(into, &from->at[i]);
	into->dropped += from->dropped;
}

void smsc_clock_join(smsc_clock_run *run, const smsc_clock_run *next)
{
	if (next->first == SMSC_NEVER)
		return;
	if (run->first == SMSC_NEVER) {
		run->first = next->first;
		run->offset = next->offset;
	}
	compare_times(run, next->first, next->offset);
	note_all(&run->jumps, &next->jumps);
	run->time = next->time;
	run->number = next->number;
}

void smsc_clock_keep(smsc_clock_jumps *all, const smsc_clock_run *run, const smsc_snapshot *s, const char *path)
{
	size_t first = all->count;
	note_all(all, &run->jumps);
	for (size_t i = first; i < all->count; i++) {
		all->at[i].snapshot = s;
		all->at[i].path = path;
	}
}

/* ---- findings and events ------------------------------------------------------------------ */

/* Each log shows the jump between two of its rows, so the same jump is where both overlap.  Sources
 * that tell no name are taken as of one machine. */
static bool is_same(const smsc_clock_jump *a, const smsc_clock_jump *b)
{
	bool nameless = !smsc_machine_computer(a->snapshot) && !smsc_machine_computer(b->snapshot);
	smsc_time from = a->after > b->after ? a->after : b->after;
	smsc_time to = a->before < b->before ? a->before : b->before;
	return from < to && (nameless || smsc_machine_is_same(a->snapshot, b->snapshot));
}

/* The widest of them comes nearest to how far the clock went. */
static void gather(smsc_clock_jumps *jumps, size_t first)
{
	smsc_clock_jump *a = &jumps->at[first];

	for (size_t i = first + 1; i < jumps->count; i++) {
		smsc_clock_jump *b = &jumps->at[i];
		if (!b->logs || !is_same(a, b))
			continue;
		bool copy = !strcmp(smsc_last_part(a->path), smsc_last_part(b->path));
		unsigned logs = copy ? a->logs : a->logs + b->logs;
		if (b->before - b->after > a->before - a->after)
			*a = *b;
		a->logs = logs;
		b->logs = 0;
	}
}

void smsc_clock_put_span(smsc_buf *out, int64_t seconds)
{
	smsc_buf_printf(out, "%" PRId64 ":%02d:%02d", seconds / 3600, (int)(seconds / 60 % 60), (int)(seconds % 60));
}

void smsc_clock_say(smsc_case *c, const smsc_clock_fact *fact, smsc_buf *text)
{
	const char *kept = smsc_keep_text(c->arena, text);
	smsc_finding *f = smsc_findings_add(&c->findings, c->arena, fact->rule,
	                                    smsc_case_place(c, fact->snapshot, fact->path), fact->offset, "%s", kept);
	if (f)
		f->confidence = fact->likely ? "likely" : "possible";
	smsc_event *e = smsc_event_new(c, fact->kind, 2);
	if (!e)
		return;
	e->text = kept;
	e->meaning = fact->meaning;
	smsc_event_row(e, fact->snapshot, fact->path, fact->offset, fact->when);
}

static void put_jump(smsc_buf *out, const smsc_clock_jump *j)
{
	char from[29], to[29];
	smsc_time_format(j->before, from);
	smsc_time_format(j->after, to);
	smsc_buf_str(out, "the clock went back by ");
	smsc_clock_put_span(out, (j->before - j->after) / SMSC_TICKS_A_SECOND);
	smsc_buf_printf(out, " or more: this row of %.19sZ stands behind one of %.19sZ", to, from);
	if (j->logs > 1)
		smsc_buf_printf(out, "; %u logs show it", j->logs);
}

static void tell(smsc_case *c, const smsc_clock_jump *j)
{
	smsc_buf text = SMSC_BUF_INIT;
	put_jump(&text, j);
	smsc_clock_say(c, &(smsc_clock_fact){ j->snapshot, j->path, j->offset, j->after, SMSC_RULE_K019, j->logs > 1,
	               SMSC_KIND_CLOCK_BACK, "Times before this row and after it do not compare." }, &text);
}

void smsc_clock_tell(smsc_case *c, smsc_clock_jumps *jumps)
{
	for (size_t i = 0; i < jumps->count; i++) {
		if (!jumps->at[i].logs)
			continue;
		gather(jumps, i);
		tell(c, &jumps->at[i]);
	}
}
