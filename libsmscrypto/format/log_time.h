/* log_time.h - numbers, dates and threads as the writers of SMS logs print them. */
#ifndef SMSC_FORMAT_LOG_TIME_H
#define SMSC_FORMAT_LOG_TIME_H

#include <stdbool.h>
#include <string.h>

#include "../base/lanes.h"
#include "../base/time.h"

/* A place in text that moves; every take_ leaves it alone when it fails. */
typedef struct smsc_text_at {
	const char *p, *end;
} smsc_text_at;

#define SMSC_PLAIN_CLOCK 12
#define SMSC_PLAIN_DAY   10

/* The date read last: rows come in runs of one day, and its ticks need a calendar. */
typedef struct smsc_day {
	int       year, month, day;
	smsc_time ticks;
	/* Of the plain form below, the bytes that were read last and what they say. */
	char      plain[SMSC_PLAIN_DAY];   /* the date; "" when it had another form */
	uint64_t  second;                  /* "HH:mm:ss"; 0: none yet */
	int64_t   second_ticks;            /* since midnight */
	uint64_t  bias_text;               /* the bias and what stands behind it; 0: none yet */
	size_t    bias_size;
	int32_t   bias;
} smsc_day;

/* The zone name read last, for the same reason. */
typedef struct smsc_zone {
	char    name[64];
	size_t  size;
	int32_t bias;
} smsc_zone;

typedef struct smsc_clock {
	unsigned hour, minute, second, tick;
	unsigned fraction;    /* digits it was written with */
} smsc_clock;

typedef struct smsc_date {
	unsigned   year, month, day;
	smsc_clock clock;
} smsc_date;

static inline smsc_text_at smsc_text_of(smsc_span s)
{
	const char *p = s.data;
	return (smsc_text_at){ p, p + s.size };
}

static inline bool smsc_take(smsc_text_at *t, char c)
{
	if (t->p == t->end || *t->p != c)
		return false;
	t->p++;
	return true;
}

/* `least` to `most` digits; more of them fail. */
bool smsc_take_number(smsc_text_at *t, unsigned least, unsigned most, unsigned *value);
/* Blanks and line ends, if any. */
void smsc_take_blanks(smsc_text_at *t);
/* "HH:mm:ss", with "." and 1 to 7 digits if `fraction` allows them. */
bool smsc_take_clock(smsc_text_at *t, smsc_clock *clock);
bool smsc_take_fraction(smsc_text_at *t, char point, smsc_clock *clock);
/* ":444" behind the seconds. */
bool smsc_take_millis(smsc_text_at *t, smsc_clock *clock);
/* "05-21-1997 17:09:02": the month first. */
bool smsc_take_numbered_date(smsc_text_at *t, smsc_date *d);
/* "Wed May 21 17:09:02 1997", maybe with ".547" behind the seconds. */
bool smsc_take_named_date(smsc_text_at *t, smsc_date *d);
/* "Wed" or "May", with the blanks behind it. */
bool smsc_take_day_name(smsc_text_at *t, smsc_span *word);
/* "+300", "-60", "+00": minutes; SMSC_NO_BIAS when no zone is that far off. */
bool smsc_take_bias(smsc_text_at *t, int32_t *bias);
/* "4844 (0x12EC)", blanks as a wrapping mailer leaves them.  *same tells whether the two
 * numbers agree. */
bool smsc_take_thread(smsc_text_at *t, uint32_t *thread, bool *same);
/* 1 to 16 hex digits. */
bool smsc_take_hex(smsc_text_at *t, uint64_t *value);
/* Exactly `text`. */
bool smsc_take_text(smsc_text_at *t, const char *text);

/* Nearly all records have their time in the one form "HH:mm:ss.fff" and their date as
 * "MM-dd-yyyy", and their second, date and bias in common with the record before.  These read that
 * form, what is the same without reading it again, and nothing else: what has another form is for
 * the takers above. */

/* Read a date or a second, without a branch for each digit; false when it is none. */
bool   smsc_plain_day(smsc_day *last, const char *day);
bool   smsc_plain_second(smsc_day *last, const char *clock);
/* Reads a bias of which `stop` is the end; its size, 0 when it is none.  12 bytes are looked at. */
size_t smsc_plain_new_bias(smsc_day *last, const char *p, char stop);

/* Ticks since midnight; -1 when it is not of that form, or is none. */
static inline int64_t smsc_plain_clock(smsc_day *last, const char *clock)
{
	uint32_t v = smsc_le32(clock + 8) ^ smsc_le32(".000");
	bool same = last->second && smsc_le64(clock) == last->second;

	/* No high half, and none that comes of adding 6: a digit. */
	if ((v & 0xf0f0f0ff) || ((v + 0x06060600) & 0xf0f0f000) || (!same && !smsc_plain_second(last, clock)))
		return -1;
	uint32_t millis = (v >> 8 & 15) * 100 + (v >> 16 & 15) * 10 + (v >> 24);
	return last->second_ticks + millis * 10000;
}

/* Ticks of the local time; SMSC_NEVER when one of them is not of that form, or is none. */
static inline smsc_time smsc_plain_time(smsc_day *last, const char *day, const char *clock)
{
	bool same = *day && !memcmp(day, last->plain, SMSC_PLAIN_DAY);
	if (!same && !smsc_plain_day(last, day))
		return SMSC_NEVER;
	int64_t ticks = smsc_plain_clock(last, clock);
	return ticks < 0 ? SMSC_NEVER : last->ticks + ticks;
}

/* "+300" or "-60" in last->bias: its size, 0 when no such thing ends at the first `stop`. */
static inline size_t smsc_plain_bias(smsc_day *last, const char *p, char stop)
{
	return smsc_le64(p) == last->bias_text ? last->bias_size : smsc_plain_new_bias(last, p, stop);
}

/* The first '"' or control character from `p` on; `end` when there is none.  Eight bytes in one
 * step; each of the two tests is exact up to its first hit, and only the first counts. */
static inline const char *smsc_find_quote(const char *p, const char *end)
{
	for (; end - p >= 8; p += 8) {
		uint64_t v = smsc_le64(p), hits = smsc_where(v, '"') | ((v - SMSC_EACH(' ')) & ~v & SMSC_EACH(0x80));
		if (hits)
			return p + (__builtin_ctzll(hits) >> 3);
	}
	while (p < end && *p != '"' && (unsigned char)*p >= ' ')
		p++;
	return p;
}

/* Ticks of a local time; SMSC_NEVER when there is no such day or time. */
smsc_time smsc_log_time(smsc_day *cache, int year, int month, int day, const smsc_clock *clock);

#endif
