/* log_times.h - what the times of the rows of a log, or of a piece of it, tell of the clock. */
#ifndef SMSC_ANALYSIS_LOG_TIMES_H
#define SMSC_ANALYSIS_LOG_TIMES_H

#include "clock.h"
#include "clock_utc.h"
#include "days.h"
#include "log_sets.h"

typedef struct smsc_log_times {
	const char     *path;       /* kept by the case */
	bool            zone_given;
	smsc_days       days;
	smsc_clock_run  clock;
	smsc_utc_doubt  doubt;
	smsc_log_part   part;
	smsc_row        first;      /* of the run, without its texts; no time: there is none */
	smsc_time       day_end;    /* local, of the run */
} smsc_log_times;

/* Looks at a row. */
void smsc_times_row(smsc_log_times *t, const smsc_row *row);
/* There are no more rows; before smsc_times_join(). */
void smsc_times_end(smsc_log_times *t);
/* `next` is of the piece of the same log behind. */
void smsc_times_join(smsc_log_times *t, const smsc_log_times *next);

#endif
