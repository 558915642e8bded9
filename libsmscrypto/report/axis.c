/* axis.c - time along a line, where seconds need room beside months. */
#include "axis.h"

#include <stdlib.h>

#define PARTS 16  /* of each power of two: integers, so that every machine draws the same */

static int compare(const void *a, const void *b)
{
	smsc_time x = *(const smsc_time *)a, y = *(const smsc_time *)b;
	return (x > y) - (x < y);
}

/* In seconds, since a product of ticks would not fit; hostile times may lie any ticks apart. */
static uint64_t between(smsc_time from, smsc_time to)
{
	return ((uint64_t)to - (uint64_t)from) / (uint64_t)SMSC_TICKS_A_SECOND;
}

/* PARTS * log2(seconds + 1), in straight lines between the powers of two. */
static uint64_t room(uint64_t seconds)
{
	uint64_t n = seconds + 1, power = 1;
	uint64_t whole = 0;
	while (power <= n / 2) {
		power *= 2;
		whole++;
	}
	return whole * PARTS + (n - power) * PARTS / power + 1;
}

bool smsc_axis_make(smsc_axis *a, smsc_time *times, size_t count, int32_t left, int32_t width)
{
	*a = (smsc_axis){ .at = times, .left = left, .width = width };
	a->sum = calloc(count + 1, sizeof *a->sum);
	if (!a->sum) {
		smsc_axis_free(a);
		return false;
	}
	if (count)
		qsort(times, count, sizeof *times, compare);
	for (size_t i = 0; i < count; i++) {
		if (a->count && times[a->count - 1] == times[i])
			continue;
		if (a->count)
			a->sum[a->count] = a->sum[a->count - 1] + room(between(times[a->count - 1], times[i]));
		a->at[a->count++] = times[i];
	}
	return true;
}

/* The last turning point that is not after `t`, which is not before the first. */
static size_t find(const smsc_axis *a, smsc_time t)
{
	size_t low = 0, high = a->count;
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;
		*(a->at[middle] <= t ? &low : &high) = middle;
	}
	return low;
}

int32_t smsc_axis_x(const smsc_axis *a, smsc_time t)
{
	if (!a->count || t <= a->at[0])
		return a->left;
	size_t i = find(a, t);
	if (i + 1 == a->count)
		return a->left + (a->count > 1 ? a->width : 0);
	uint64_t all = between(a->at[i], a->at[i + 1]) + 1;
	uint64_t here = a->sum[i] + (a->sum[i + 1] - a->sum[i]) * between(a->at[i], t) / all;
	return a->left + (int32_t)(here * (uint64_t)a->width / a->sum[a->count - 1]);
}

void smsc_axis_free(smsc_axis *a)
{
	free(a->at);
	free(a->sum);
	*a = (smsc_axis){ 0 };
}
