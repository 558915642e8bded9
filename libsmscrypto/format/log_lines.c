/* log_lines.c - framing of logs that are made of lines. */
#include "log_stream.h"

size_t smsc_log_line(smsc_log *l, size_t from)
{
	for (;;) {
		size_t left = smsc_log_left(l);
		const char *p = smsc_log_bytes(l);
		const char *end = from < left ? memchr(p + from, '\n', left - from) : NULL;
		if (end)
			return (size_t)(end - p) + 1;
		from = left;
		if (!smsc_window_more(&l->w))
			return left;
	}
}

void smsc_log_skip_void(smsc_log *l)
{
	size_t n = 0;

	do {
		const char *p = smsc_log_bytes(l);
		while (n < smsc_log_left(l) && (smsc_is_blank(p[n]) || !p[n]))
			n++;
		if (n < smsc_log_left(l))
			break;
		smsc_log_junk(l, n, "no record");
		n = 0;
	} while (smsc_window_more(&l->w));
	smsc_log_junk(l, n, "no record");
}

/* What of a line or record counts: nothing from its first zero on. */
static smsc_span visible(const smsc_log *l, size_t from, size_t to)
{
	const char *p = smsc_log_bytes(l) + from, *zero = memchr(p, 0, to - from);

	return smsc_span_trim(smsc_span_of(p, zero ? (size_t)(zero - p) : to - from));
}

/* False at the end. */
static bool find_first(smsc_log *l, smsc_begins_fn *begins)
{
	for (;;) {
		smsc_log_skip_void(l);
		size_t size = smsc_log_line(l, 0);
		if (!size || begins(visible(l, 0, size)))
			return size;
		/* A writer that goes on after a crash does so behind zeros, not on a new line. */
		const char *zero = memchr(smsc_log_bytes(l), 0, size);
		smsc_log_junk(l, zero ? (size_t)(zero - smsc_log_bytes(l)) : size, "no record");
	}
}

size_t smsc_log_stamped(smsc_log *l, smsc_begins_fn *begins)
{
	if (!find_first(l, begins))
		return 0;
	size_t size = smsc_log_line(l, 0), next;
	while (size <= SMSC_LOG_MAX_RECORD && (next = smsc_log_line(l, size)) > size &&
	       !begins(visible(l, size, next)))
		size = next;
	return visible(l, 0, size).size;
}

/* Less than this back and lines are out of order, or damaged, or summer time ended. */
#define HALF_A_DAY (SMSC_TICKS_DAY / 2)

smsc_time smsc_log_roll(smsc_log *l, const smsc_clock *clock)
{
	if (l->rolled == SMSC_NEVER || clock->hour > 23 || clock->minute > 59 || clock->second > 60)
		return SMSC_NEVER;
	int64_t seconds = clock->hour * 3600 + clock->minute * 60 + clock->second;
	smsc_time t = l->rolled - l->rolled % SMSC_TICKS_DAY + seconds * SMSC_TICKS_A_SECOND + clock->tick;
	if (t + HALF_A_DAY < l->rolled)
		t += SMSC_TICKS_DAY;
	l->rolled = smsc_time_of_filetime((uint64_t)(t > l->rolled ? t : l->rolled));
	return l->rolled == SMSC_NEVER ? SMSC_NEVER : t;
}
