/* days.c - which bias the rows of a local day agree on. */
#include "days.h"

#include <stdlib.h>
#include <string.h>

#include "../base/time.h"

/* 45 years of logs; who invents more days gets no neighbours for any of them. */
#define MAX_DAYS 16384u

/* Where `day` is, or where it belongs. */
static size_t place_of(const smsc_days *d, int64_t day)
{
	size_t low = 0, high = d->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (d->at[middle].day < day)
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

void smsc_days_add(smsc_days *d, smsc_time local, int32_t bias)
{
	int64_t day = local / SMSC_TICKS_DAY;
	if (d->failed || d->full)
		return;
	if (d->last >= d->count || d->at[d->last].day != day)
		d->last = place_of(d, day);
	if (d->last < d->count && d->at[d->last].day == day) {
		if (d->at[d->last].bias != bias)
			d->at[d->last].bias = SMSC_NO_BIAS;
		return;
	}
	if (!make_room(d))
		return;
	smsc_day *here = &d->at[d->last];
	memmove(here + 1, here, (d->count - d->last) * sizeof(*here));
	*here = (smsc_day){ day, bias };
	d->count++;
}

int32_t smsc_days_bias(const smsc_days *d, smsc_time local)
{
	int64_t day = local / SMSC_TICKS_DAY;
	size_t i = d->full ? d->count : place_of(d, day);
	return i < d->count && d->at[i].day == day ? d->at[i].bias : SMSC_NO_BIAS;
}

void smsc_days_free(smsc_days *d)
{
	free(d->at);
	*d = (smsc_days){ 0 };
}
