/* clock_bias.c - which bias the clock of each machine had when.
 *
 * Rows with a bias tell the zone of the process that wrote them.  All snapshots of one computer are
 * put together; where its rows of one bias end and those of another begin, summer time began or
 * ended, or somebody set another zone.  Rows of two biases that lie among each other are of two
 * machines: then nothing is told.
 */
#include "clock_bias.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../base/error.h"
#include "../base/time.h"
#include "event.h"
#include "keep.h"
#include "machine.h"

/* Threads that write one log are out of order by so much. */
#define DISORDER (60 * SMSC_TICKS_A_SECOND)
#define A_MONTH     (31 * SMSC_TICKS_DAY)
#define HALF_A_YEAR (183 * SMSC_TICKS_DAY)

typedef struct bias_run {
	const smsc_snapshot *snapshot;
	smsc_day day;            /* its first, with the `last` of all */
} bias_run;

typedef struct bias_runs {
	bias_run *at;
	size_t count;
	const smsc_zone_rules *zone;   /* of the registry, or NULL */
	const char *computer;          /* "" when no registry tells */
} bias_runs;

/* ---- days ------------------------------------------------------------------------------- */

static smsc_bias_days *add(smsc_biases *all, smsc_bias_days **at, size_t *count, size_t *room, const smsc_snapshot *s)
{
	if (!smsc_grow(at, *count, room, sizeof(**at))) {
		all->failed = true;
		return NULL;
	}
	smsc_bias_days *added = &(*at)[(*count)++];
	*added = (smsc_bias_days){ .snapshot = s };
	return added;
}

void smsc_biases_take(smsc_biases *all, const smsc_snapshot *s, smsc_days *days)
{
	smsc_bias_days *to = days->count || days->full ? add(all, &all->at, &all->count, &all->room, s) : NULL;
	all->failed |= days->failed;
	if (to)
		to->days = *days;
	else
		smsc_days_free(days);
	*days = (smsc_days){ 0 };
}

static void free_days(smsc_bias_days *at, size_t count)
{
	for (size_t i = 0; i < count; i++)
		smsc_days_free(&at[i].days);
	free(at);
}

void smsc_biases_free(smsc_biases *all)
{
	free_days(all->at, all->count);
	free_days(all->computers, all->computer_count);
	*all = (smsc_biases){ 0 };
}

int32_t smsc_biases_own(const smsc_biases *all, const smsc_snapshot *s, smsc_time local)
{
	size_t low = 0, high = all->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (all->at[middle].snapshot->order < s->order)
			low = middle + 1;
		else
			high = middle;
	}
	return low < all->count && all->at[low].snapshot == s ? smsc_days_bias(&all->at[low].days, local) : SMSC_NO_BIAS;
}

/* Of all snapshots with the name of this one, which has one. */
static smsc_bias_days *computer_of(smsc_biases *all, const smsc_snapshot *s)
{
	for (size_t i = 0; i < all->computer_count; i++)
		if (smsc_machine_is_same(all->computers[i].snapshot, s))
			return &all->computers[i];
	smsc_bias_days *computer = add(all, &all->computers, &all->computer_count, &all->computer_room, s);
	for (size_t i = 0; i < all->count && computer; i++)
		if (smsc_machine_is_same(all->at[i].snapshot, s))
			smsc_days_merge(&computer->days, &all->at[i].days);
	all->failed |= computer && computer->days.failed;
	return computer;
}

int32_t smsc_biases_computer(smsc_biases *all, const smsc_snapshot *s, smsc_time local)
{
	smsc_bias_days *computer = smsc_machine_computer(s) ? computer_of(all, s) : NULL;
	return computer ? smsc_days_bias(&computer->days, local) : SMSC_NO_BIAS;
}

/* ---- the runs of one machine ------------------------------------------------------------ */

static int compare_runs(const void *left, const void *right)
{
	const smsc_day *a = &((const bias_run *)left)->day, *b = &((const bias_run *)right)->day;
	int d = (a->first > b->first) - (a->first < b->first);
	if (!d)
		d = (a->bias > b->bias) - (a->bias < b->bias);
	if (!d)
		d = (a->last > b->last) - (a->last < b->last);
	return d ? d : strcmp(a->path, b->path);
}

/* Days that follow each other become one run.  False when there are two machines in them. */
static bool join_runs(bias_runs *runs)
{
	size_t kept = 0;
	qsort(runs->at, runs->count, sizeof(*runs->at), compare_runs);
	for (size_t i = 1; i < runs->count; i++) {
		bias_run *last = &runs->at[kept], *next = &runs->at[i];
		if (next->day.bias != last->day.bias) {
			if (next->day.first < last->day.last - DISORDER)
				return false;
			runs->at[++kept] = *next;
		} else if (next->day.last > last->day.last) {
			last->day.last = next->day.last;
		}
	}
	runs->count = runs->count ? kept + 1 : 0;
	return true;
}

/* ---- summer time ------------------------------------------------------------------------- */

/* No registry tells the rules, but everywhere the turn is on a Sunday in spring or autumn. */
static bool has_sunday(smsc_time from, smsc_time to)
{
	if (to - from > HALF_A_YEAR)
		return true;
	for (smsc_time t = from - from % SMSC_TICKS_DAY; t <= to; t += SMSC_TICKS_DAY) {
		int month = smsc_civil_of_time(t).month;
		if (!smsc_time_weekday(t) && ((month >= 3 && month <= 5) || (month >= 8 && month <= 11)))
			return true;
	}
	return false;
}

/* Within an hour of a turn one local time may mean two moments. */
static bool may_have(const smsc_zone_rules *zone, smsc_time local, int32_t bias)
{
	bool unsure = false;
	return smsc_zone_bias_at(zone, local, &unsure) == bias ||
	       (unsure && (bias == zone->bias + zone->standard_bias || bias == zone->bias + zone->daylight_bias));
}

static bool is_summer_time(const smsc_zone_rules *zone, const smsc_day *before, const smsc_day *after)
{
	smsc_time from = smsc_time_utc(before->last, -before->bias), to = smsc_time_utc(after->first, -after->bias);
	if (zone)
		return may_have(zone, from, before->bias) && may_have(zone, to, after->bias);
	return abs(before->bias - after->bias) == 60 && has_sunday(from, to);
}

/* ---- events ------------------------------------------------------------------------------ */

/* "+300 (UTC-05:00)" */
static void put_bias(smsc_buf *out, int32_t bias)
{
	int east = -bias;
	smsc_buf_printf(out, "%+" PRId32 " (UTC%c%02d:%02d)", bias, east < 0 ? '-' : '+', abs(east) / 60, abs(east) % 60);
}

static void put_change(smsc_buf *out, const smsc_day *before, const smsc_day *after, bool summer)
{
	char from[29], to[29];
	smsc_time_format(before->last, from);
	smsc_time_format(after->first, to);
	put_bias(out, before->bias);
	smsc_buf_str(out, " became ");
	put_bias(out, after->bias);
	smsc_buf_printf(out, " between %.19sZ and %.19sZ", from, to);
	if (summer)
		smsc_buf_printf(out, ": summer time %s", after->bias < before->bias ? "began" : "ended");
}

static void tell_run(smsc_case *c, const bias_runs *runs, size_t i)
{
	const bias_run *run = &runs->at[i];
	const smsc_day *before = i ? &runs->at[i - 1].day : NULL;
	bool summer = before && is_summer_time(runs->zone, before, &run->day);
	const char *kind = !before ? SMSC_KIND_CLOCK_BIAS : summer ? SMSC_KIND_SUMMER_TIME : SMSC_KIND_ZONE_CHANGED;
	smsc_event *e = smsc_event_new(c, kind, !before ? 0 : summer ? 1 : 2);
	smsc_buf text = SMSC_BUF_INIT;
	if (!e)
		return;
	smsc_buf_printf(&text, "the clock%s%s: bias ", *runs->computer ? " of " : "", runs->computer);
	if (before)
		put_change(&text, before, &run->day, summer);
	else
		put_bias(&text, run->day.bias);
	e->text = smsc_keep_text(c->arena, &text);
	e->meaning = !before ? "UTC is the local time of its logs plus these minutes." :
		summer ? "Local times of its logs go on an hour later or earlier; UTC does not." :
		"Somebody set another zone; UTC goes on.";
	smsc_event_row(e, run->snapshot, run->day.path, run->day.offset, run->day.first);
}

/* Another zone, and at once the first again: days of two machines. */
static bool goes_back(const bias_runs *runs)
{
	for (size_t i = 2; i < runs->count; i++)
		if (runs->at[i].day.bias == runs->at[i - 2].day.bias &&
		    !is_summer_time(runs->zone, &runs->at[i - 1].day, &runs->at[i].day))
			return true;
	return false;
}

/* Logs of nobody knows whom may be of many machines: only summer time that came within a month is
 * told. */
static bool is_of_one(const bias_runs *runs, size_t i)
{
	if (*runs->computer)
		return true;
	const smsc_day *before = i ? &runs->at[i - 1].day : NULL, *after = &runs->at[i].day;
	return before && after->first - before->last < A_MONTH && is_summer_time(runs->zone, before, after);
}

/* All snapshots of the machine of the first one that is not told yet. */
static bool gather(smsc_biases *all, size_t first, bias_runs *runs)
{
	const char *computer = smsc_machine_computer(all->at[first].snapshot);
	size_t room = 0;
	*runs = (bias_runs){ .computer = computer ? computer : "" };
	for (size_t i = first; i < all->count; i++)
		room += all->at[i].days.count;
	runs->at = malloc(room * sizeof(*runs->at));
	for (size_t i = first; runs->at && i < all->count; i++) {
		smsc_bias_days *b = &all->at[i];
		const smsc_system *system = b->snapshot->system;
		if (i > first && !smsc_machine_is_same(all->at[first].snapshot, b->snapshot))
			continue;
		for (size_t k = 0; k < b->days.count; k++)
			runs->at[runs->count++] = (bias_run){ b->snapshot, b->days.at[k] };
		if (computer && system->zone_known)
			runs->zone = &system->zone;
		smsc_days_free(&b->days);
	}
	return runs->at;
}

int smsc_biases_tell(smsc_case *c, smsc_biases *all, smsc_error **err)
{
	for (size_t i = 0; i < all->count; i++) {
		bias_runs runs;
		if (!all->at[i].days.count)
			continue;
		if (!gather(all, i, &runs))
			return smsc_fail_nomem(err);
		bool one = join_runs(&runs) && !goes_back(&runs);
		for (size_t k = 0; one && k < runs.count; k++)
			if (is_of_one(&runs, k))
				tell_run(c, &runs, k);
		free(runs.at);
	}
	smsc_biases_free(all);
	return 0;
}
