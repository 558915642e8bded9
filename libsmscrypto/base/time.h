/* time.h - every clock of the evidence to FILETIME ticks; no mktime, no TZ, no locale. */
#ifndef SMSC_BASE_TIME_H
#define SMSC_BASE_TIME_H

#include <stdbool.h>
#include <stdint.h>

#include "../smscrypto.h"

#define SMSC_TICKS_MINUTE  (60 * SMSC_TICKS_A_SECOND)
#define SMSC_TICKS_DAY     (86400 * SMSC_TICKS_A_SECOND)
#define SMSC_LAST_TICK     INT64_C(2650467743999999999)  /* 9999-12-31T23:59:59.9999999 */
#define SMSC_UNIX_EPOCH    INT64_C(116444736000000000)  /* 1970-01-01 in ticks */
#define SMSC_SLACK_NO_ZONE (14 * 60 * SMSC_TICKS_MINUTE) /* the widest zone offset */

typedef struct smsc_civil {
	int year, month, day;          /* month 1-12 */
	int hour, minute, second;
	int tick;                      /* 100 ns within the second */
} smsc_civil;

/* SMSC_NEVER when no such day or time exists (leap second 60 is taken as the next :00) or
 * it lies before 1601 or past 9999; the first tick of 1601 is SMSC_NEVER itself. */
smsc_time  smsc_time_of_civil(smsc_civil c);
/* Times before 1601 or past 9999 give the first or last there is. */
smsc_civil smsc_civil_of_time(smsc_time t);
smsc_time  smsc_time_of_unix(int64_t seconds, int32_t nanoseconds);
/* MS-DOS date and time words: local civil time, two-second steps. */
smsc_time  smsc_time_of_dos(uint16_t date, uint16_t time);
/* A 64-bit FILETIME from disk; values past year 9999 or negative give SMSC_NEVER. */
smsc_time  smsc_time_of_filetime(uint64_t filetime);
/* 0 = Sunday. */
int        smsc_time_weekday(smsc_time t);
/* "UTC", "GMT", "Z", "+01:00", "-0500", "+1" (east is +, at most 14 hours) to a Windows bias
 * in minutes (west is +); false if it is none. */
bool       smsc_zone_bias(const char *zone, int32_t *bias);
/* Long Windows zone name as SMS 2.0 logs print it ("Eastern Standard Time", "GMT Daylight
 * Time"; the name tells standard or daylight) to its bias; false when not in the table. */
bool       smsc_zone_name_bias(smsc_span name, int32_t *bias);
/* "Jan", "feb"... at the start of `three` to 1-12; 0 if it is none. */
int        smsc_month_of(const char *three);

static inline smsc_time smsc_time_in_range(int64_t ticks)
{
	return ticks > 0 && ticks <= SMSC_LAST_TICK ? ticks : SMSC_NEVER;
}

/* UTC from local civil time and Windows bias: UTC = local + bias minutes.  SMSC_NEVER when
 * either is not known. */
static inline smsc_time smsc_time_utc(smsc_time local, int32_t bias)
{
	if (bias == SMSC_NO_BIAS || smsc_time_in_range(local) == SMSC_NEVER)
		return SMSC_NEVER;
	return smsc_time_in_range(local + bias * SMSC_TICKS_MINUTE);
}

#endif
