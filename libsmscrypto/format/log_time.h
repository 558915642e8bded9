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

/* The date read last: rows come in runs of one day, and its ticks need a calendar. */
typedef struct smsc_day {
	int       year, month, day;
	smsc_time ticks;
	char      plain[10];   /* as smsc_plain_time() read it; "" when it did not */
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
 * "MM-dd-yyyy".  These read both without a branch for each digit, and nothing else: what has
 * another form is for the takers above. */
#define SMSC_PLAIN_CLOCK 12
#define SMSC_PLAIN_DAY   10
/* Ticks of the local time; SMSC_NEVER when one of them is not of that form, or is none. */
smsc_time smsc_plain_time(smsc_day *cache, const char *day, const char *clock);
/* "+300" or "-60", all of the `size` bytes, with eight before them that may be read. */
bool smsc_plain_bias(const char *p, size_t size, int32_t *bias);

/* The first '"' or control character from `p` on; `end` when there is none.  Eight bytes in one
 * step; each of the two tests is exact up to its first hit, and only the first counts. */
static inline const char *smsc_find_quote(const char *p, const char *end)
{
	for (; end - p >= 8; p += 8) {
		uint64_t v = smsc_le64(p), quote = v ^ SMSC_EACH('"');
		uint64_t hits = ((quote - SMSC_EACH(1)) & ~quote & SMSC_EACH(0x80)) |
		                ((v - SMSC_EACH(' ')) & ~v & SMSC_EACH(0x80));
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
