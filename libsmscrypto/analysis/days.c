/* days.c - which biases the rows of a local day have, and from when to when. */
#include "days.h"

#include <stdlib.h>
#include <string.h>

#include "../base/time.h"

/* 45 years of logs; who invents more days gets no neighbours for any of them. */
#define MAX_DAYS 16384u

/* Where the pair is, or where it belongs. */
static size_t place_of(const smsc_days *d, int64_t day, int32_t bias)
{
	size_t low = 0, high = d->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const smsc_day *at = &d->at[middle];
		if (at->day < day || (at->day == day && at->bias < bias))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool make_room(smsc_days *d)
{
	if (d->count < d->room)
		return true;
	size_t room = d->room ? d->room * 2 : 64;
	if (room > MAX_DAYS)
		return !(d->full = true);
	smsc_day *at = realloc(d->at, room * sizeof(*at));
	if (!at)
		return !(d->failed = true);
	d->at = at;
	d->room = room;
	return true;
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
		if (!make_room(d))
			return;
		smsc_day *here = &d->at[d->last];
		memmove(here + 1, here, (d->count - d->last) * sizeof(*here));
		*here = (smsc_day){ day, bias, when, when, path, offset };
		d->count++;
		return;
	}
	smsc_day *here = &d->at[d->last];
	if (when > here->last)
		here->last = when;
	if (when >= here->first)
		return;
	here->first = when;
	here->path = path;
	here->offset = offset;
}

int32_t smsc_days_bias(const smsc_days *d, smsc_time local)
{
	int64_t day = local / SMSC_TICKS_DAY;
	size_t i = d->full ? d->count : place_of(d, day, INT32_MIN);
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
