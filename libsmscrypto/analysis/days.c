/* days.c - which biases the rows of a local day have, and from when to when. */
#include "days.h"

#include <stdlib.h>
#include <string.h>

#include "../base/arena.h"
#include "../base/time.h"

/* 45 years of logs; who invents more days gets no neighbours for any of them. */
#define MAX_DAYS 16384u

static int compare(const smsc_day *a, const smsc_day *b)
{
	int d = (a->day > b->day) - (a->day < b->day);
	return d ? d : (a->bias > b->bias) - (a->bias < b->bias);
}

/* Where the pair is, or where it belongs. */
static size_t place_of(const smsc_days *d, int64_t day, int32_t bias)
{
	size_t low = 0, high = d->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (compare(&d->at[middle], &(smsc_day){ .day = day, .bias = bias }) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* What is known then depends on the days alone, not on their order. */
static void fill(smsc_days *d)
{
	d->full = true;
	d->count = 0;
}

static bool make_room(smsc_days *d, size_t more)
{
	if (d->count + more > MAX_DAYS) {
		fill(d);
		return false;
	}
	while (d->room < d->count + more && !d->failed)
		d->failed = !smsc_grow(&d->at, d->room, &d->room, sizeof(*d->at));
	return !d->failed;
}

static void widen(smsc_day *here, const smsc_day *with)
{
	if (with->last > here->last)
		here->last = with->last;
	if (with->first >= here->first)
		return;
	here->first = with->first;
	here->path = with->path;
	here->offset = with->offset;
}

static bool is_at(const smsc_days *d, size_t i, int64_t day, int32_t bias)
{
	return i < d->count && d->at[i].day == day && d->at[i].bias == bias;
}

void smsc_days_add(smsc_days *d, smsc_time local, int32_t bias, const char *path, uint64_t offset)
{
	int64_t day = local / SMSC_TICKS_DAY;
	smsc_time when = smsc_time_utc(local, bias);
	if (d->failed || d->full || when == SMSC_NEVER)
		return;
	if (!is_at(d, d->last, day, bias))
		d->last = place_of(d, day, bias);
	if (!is_at(d, d->last, day, bias)) {
		if (!make_room(d, 1))
			return;
		smsc_day *here = &d->at[d->last];
		memmove(here + 1, here, (d->count - d->last) * sizeof(*here));
		*here = (smsc_day){ day, bias, when, when, path, offset };
		d->count++;
		return;
	}
	widen(&d->at[d->last], &(smsc_day){ day, bias, when, when, path, offset });
}

void smsc_days_merge(smsc_days *d, const smsc_days *from)
{
	size_t fresh = 0, old = d->count, more = from->count;
	d->failed |= from->failed;
	if (from->full)
		fill(d);
	for (size_t i = 0; i < more && !d->full; i++)
		fresh += !is_at(d, place_of(d, from->at[i].day, from->at[i].bias), from->at[i].day, from->at[i].bias);
	if (d->failed || d->full || !make_room(d, fresh))
		return;
	/* From behind, nothing is overwritten that is still needed. */
	for (size_t at = d->count += fresh; more; at--) {
		const smsc_day *with = &from->at[more - 1];
		int order = old ? compare(&d->at[old - 1], with) : -1;
		d->at[at - 1] = order < 0 ? *with : d->at[old - 1];
		if (!order)
			widen(&d->at[at - 1], with);
		old -= order >= 0;
		more -= order <= 0;
	}
}

int32_t smsc_days_bias(const smsc_days *d, smsc_time local)
{
	int64_t day = local / SMSC_TICKS_DAY;
	size_t i = place_of(d, day, INT32_MIN);
	if (i >= d->count || d->at[i].day != day)
		return SMSC_NO_BIAS;
	bool one = i + 1 == d->count || d->at[i + 1].day != day;
	return one ? d->at[i].bias : SMSC_NO_BIAS;
}

void smsc_days_free(smsc_days *d)
{
	free(d->at);
	*d = (smsc_days){ 0 };
}
