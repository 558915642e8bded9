/* zone_rules.h - a time zone as Windows keeps it in the registry (TimeZoneInformation). */
#ifndef SMSC_BASE_ZONE_RULES_H
#define SMSC_BASE_ZONE_RULES_H

#include <stdbool.h>

#include "../smscrypto.h"

/* When a half of the year begins, in the local time that is in force until then.  `week` is
 * the n-th such weekday of the month, 5 the last; with a year it is a day of the month. */
typedef struct smsc_zone_turn {
	int year, month, week, weekday, hour, minute;
} smsc_zone_turn;

typedef struct smsc_zone_rules {
	int32_t        bias, standard_bias, daylight_bias;  /* minutes: UTC = local + bias */
	smsc_zone_turn standard, daylight;                  /* month 0: there is no summer time */
} smsc_zone_rules;

/* 16 bytes in the order of TIME_FIELDS, which is how the registry of NT 5 holds them: year,
 * month, day, hour, minute, second, millisecond, weekday.  False when they are no such turn. */
bool    smsc_zone_turn_read(smsc_span bytes, smsc_zone_turn *out);
/* The bias in force at a local time.  `unsure` is set within an hour of a turn, where one
 * local time may mean two moments. */
int32_t smsc_zone_bias_at(const smsc_zone_rules *z, smsc_time local, bool *unsure);

#endif
