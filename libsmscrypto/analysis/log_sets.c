/* log_sets.c - which logs are generations of one, and whether they follow each other.
 *
 * A log that is full gets another name: "CcmExec-20050105-193713.log", "hman.lo_".  The stamp is the
 * local time of some write before that: in real logs none of it is before the first row, nor more than a
 * second behind the last one, which may be two days later [sms-logs 1.5].  So what is in the logs tells
 * their order, and the stamp only that of logs without times.
 */
#include "log_sets.h"

#include <stdlib.h>
#include <string.h>

#include "../base/error.h"
#include "../base/text.h"
#include "../base/time.h"
#include "copies.h"
#include "event.h"
#include "keep.h"

/* Threads that write one log are out of order by so much. */
#define DISORDER (60 * SMSC_TICKS_A_SECOND)
/* A pause between two logs is strange when it is longer than a day, and many times the longest
 * within them. */
#define MANY 10
/* A stamp may lie so far outside of its rows: a day, and the zone, which it does not tell. */
#define LOOSE (SMSC_TICKS_DAY + SMSC_SLACK_NO_ZONE)
/* So many are named in one event. */
#define MOST_NAMED 20

void smsc_log_sets_row(smsc_log_part *part, const smsc_row *row)
{
	smsc_time t = row->time != SMSC_NEVER ? row->time : row->local;
	if (t == SMSC_NEVER)
		return;
	if (part->first == SMSC_NEVER) {
		part->first = t;
		part->offset = row->offset;
	} else if (t - part->before > part->pause) {
		part->pause = t - part->before;
	}
	part->before = t;
	if (t > part->last)
		part->last = t;
}

void smsc_log_sets_join(smsc_log_part *part, const smsc_log_part *next)
{
	if (next->first == SMSC_NEVER)
		return;
	if (part->first == SMSC_NEVER) {
		*part = *next;
		return;
	}
	int64_t between = next->first - part->before, pause = between > next->pause ? between : next->pause;
	if (pause > part->pause)
		part->pause = pause;
	if (next->last > part->last)
		part->last = next->last;
	part->before = next->before;
}

bool smsc_log_sets_add(smsc_log_sets *all, smsc_log_part *part, const smsc_snapshot *s, const char *path)
{
	part->stamp = smsc_log_stamp(path);
	part->undated = part->first == SMSC_NEVER;
	if (part->undated && part->stamp == SMSC_NEVER)
		return true;
	if (!smsc_grow(&all->at, all->count, &all->room, sizeof(*all->at)))
		return false;
	part->snapshot = s;
	part->path = path;
	part->set = smsc_log_set_name(path);
	all->at[all->count++] = *part;
	return true;
}

void smsc_log_sets_free(smsc_log_sets *all)
{
	free(all->at);
	*all = (smsc_log_sets){ 0 };
}

/* ---- order ------------------------------------------------------------------------------- */

static int compare_names(smsc_span a, smsc_span b)
{
	const char *x = a.data, *y = b.data;
	for (size_t i = 0; i < a.size && i < b.size; i++) {
		int d = smsc_ascii_lower(x[i]) - smsc_ascii_lower(y[i]);
		if (d)
			return d;
	}
	return (a.size > b.size) - (a.size < b.size);
}

static int compare_sets(const smsc_log_part *a, const smsc_log_part *b)
{
	int d = (a->snapshot->order > b->snapshot->order) - (a->snapshot->order < b->snapshot->order);
	return d ? d : compare_names(a->set, b->set);
}

static int compare_times(smsc_time a, smsc_time b)
{
	return (a > b) - (a < b);
}

/* A log whose name has none is still written to. */
static int compare_stamps(const smsc_log_part *a, const smsc_log_part *b)
{
	int d = (a->stamp == SMSC_NEVER) - (b->stamp == SMSC_NEVER);
	if (!d)
		d = compare_times(a->stamp, b->stamp);
	return d ? d : strcmp(a->path, b->path);
}

static int by_stamp(const void *left, const void *right)
{
	int d = compare_sets(left, right);
	return d ? d : compare_stamps(left, right);
}

static int by_content(const void *left, const void *right)
{
	const smsc_log_part *a = left, *b = right;
	int d = compare_sets(a, b);
	if (!d)
		d = compare_times(a->first, b->first);
	if (!d)
		d = compare_times(a->last, b->last);
	if (!d)
		d = a->undated - b->undated;
	return d ? d : compare_stamps(a, b);
}

/* A log without times belongs behind all that has an older name. */
static void order(smsc_log_sets *all)
{
	smsc_time behind = SMSC_NEVER;
	qsort(all->at, all->count, sizeof(*all->at), by_stamp);
	for (size_t i = 0; i < all->count; i++) {
		smsc_log_part *part = &all->at[i];
		if (i && compare_sets(part - 1, part))
			behind = SMSC_NEVER;
		if (part->undated)
			part->first = part->last = behind;
		else if (part->last > behind)
			behind = part->last;
	}
	qsort(all->at, all->count, sizeof(*all->at), by_content);
}

/* ---- telling ------------------------------------------------------------------------------ */

static void put_part(smsc_buf *out, const smsc_log_part *part)
{
	char from[29], to[29];
	smsc_time_format(part->first, from);
	smsc_time_format(part->last, to);
	smsc_buf_str(out, smsc_last_part(part->path));
	if (part->undated)
		smsc_buf_str(out, " (its rows have no times: by its name)");
	else
		smsc_buf_printf(out, " (%.19s to %.19s)", from, to);
}

static void tell_set(smsc_case *c, const smsc_log_part *parts, size_t count, bool follow)
{
	smsc_buf text = SMSC_BUF_INIT;
	const smsc_log_part *first = parts;
	while (first < parts + count && first->undated)
		first++;
	smsc_event *e = first < parts + count ? smsc_event_new(c, SMSC_KIND_LOG_SET, 0) : NULL;
	if (!e)
		return;
	smsc_buf_printf(&text, "%zu logs are one, in this order: ", count);
	for (size_t i = 0; i < count && i < MOST_NAMED; i++) {
		smsc_buf_str(&text, i ? ", " : "");
		put_part(&text, &parts[i]);
	}
	if (count > MOST_NAMED)
		smsc_buf_printf(&text, " and %zu more", count - MOST_NAMED);
	e->text = smsc_keep_text(c->arena, &text);
	e->meaning = follow ? "Each goes on where the one before ends." : "They do not follow each other: see K028.";
	smsc_event_row(e, first->snapshot, first->path, first->offset, first->first);
}

/* NULL when `b` goes on where `a` ends. */
static const char *misfit(const smsc_log_part *a, const smsc_log_part *b)
{
	int64_t gap = b->first - a->last, longest = a->pause > b->pause ? a->pause : b->pause;
	if (a->undated || b->undated)
		return NULL;
	if (gap < -DISORDER)
		return "begins before the other ends: the clock was set back, or they are of two machines, or one is a copy";
	if (gap > SMSC_TICKS_DAY && gap / MANY > longest)
		return "begins long after the other ends, longer than any pause within them: a log between them may be lost";
	return NULL;
}

static void tell(smsc_case *c, const smsc_log_part *part, const smsc_log_part *before, const char *why)
{
	smsc_buf text = SMSC_BUF_INIT;
	put_part(&text, part);
	smsc_buf_str(&text, before ? " behind " : "");
	if (before)
		put_part(&text, before);
	smsc_buf_printf(&text, ": it %s", why);
	smsc_finding *f = smsc_findings_add(&c->findings, c->arena, SMSC_RULE_K028,
	                                    smsc_case_place(c, part->snapshot, part->path), part->offset, "%s",
	                                    smsc_keep_text(c->arena, &text));
	if (f)
		f->confidence = "possible";
}

static bool tell_misfit(smsc_case *c, const smsc_log_part *a, const smsc_log_part *b)
{
	const char *why = misfit(a, b);
	if (why)
		tell(c, b, a, why);
	return why;
}

static void tell_name(smsc_case *c, const smsc_log_part *part)
{
	if (part->undated || part->stamp == SMSC_NEVER)
		return;
	if (part->stamp < part->first - LOOSE)
		tell(c, part, NULL, "begins days after the time in its name: the clock was set, or somebody renamed it");
	else if (part->stamp > part->last + LOOSE)
		tell(c, part, NULL, "ends days before the time in its name: the clock was set, somebody renamed it, or rows are lost");
}

void smsc_log_sets_tell(smsc_case *c, smsc_log_sets *all)
{
	if (all->count)
		order(all);
	for (size_t i = 0; i < all->count; i++)
		tell_name(c, &all->at[i]);
	for (size_t i = 0, end; i < all->count; i = end) {
		bool follow = true;
		for (end = i + 1; end < all->count && !compare_sets(&all->at[i], &all->at[end]); end++)
			follow &= !tell_misfit(c, &all->at[end - 1], &all->at[end]);
		if (end > i + 1)
			tell_set(c, &all->at[i], end - i, follow);
	}
}
