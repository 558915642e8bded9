/* days.h - which biases the rows of a local day have, and from when to when. */
#ifndef SMSC_ANALYSIS_DAYS_H
#define SMSC_ANALYSIS_DAYS_H

#include <stdbool.h>

#include "../smscrypto.h"

typedef struct smsc_day {
	int64_t     day;          /* local, counted from 1601 */
	int32_t     bias;
	smsc_time   first, last;  /* of its rows, UTC */
	const char *path;         /* of the first one; kept by whoever adds it */
	uint64_t    offset;
} smsc_day;

typedef struct smsc_days {
	smsc_day *at;     /* in order of day and bias */
	size_t    room, count;
	size_t    last;   /* of the previous row: logs run through their days in order */
	bool      full;   /* too many days: then it holds none, which the clock says */
	bool      failed; /* no memory */
} smsc_days;

void    smsc_days_add(smsc_days *d, smsc_time local, int32_t bias, const char *path, uint64_t offset);
/* Adds all that `from` holds, as if its rows had been added one by one behind those of `d`. */
void    smsc_days_merge(smsc_days *d, const smsc_days *from);
/* SMSC_NO_BIAS when no row of that day had one, or two had different ones. */
int32_t smsc_days_bias(const smsc_days *d, smsc_time local);
void    smsc_days_free(smsc_days *d);

#endif
