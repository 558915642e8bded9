/* clock.h - what logs tell of the clock that dated them: when it was set back, and the bias
 * where a text tells UTC beside the local time of its row. */
#ifndef SMSC_ANALYSIS_CLOCK_H
#define SMSC_ANALYSIS_CLOCK_H

#include "case.h"

/* In one log, the newest time before and the first one after the clock went back. */
typedef struct smsc_clock_jump {
	const smsc_snapshot *snapshot;
	const char *path;
	uint64_t    offset;   /* of the row after */
	smsc_time   before, after;
	unsigned    logs;     /* that show it; 0: told with another */
} smsc_clock_jump;

#define SMSC_CLOCK_JUMPS 64

typedef struct smsc_clock_jumps {
	smsc_clock_jump at[SMSC_CLOCK_JUMPS];
	size_t count, dropped;
} smsc_clock_jumps;

/* The row before, within one log. */
typedef struct smsc_clock_last {
	smsc_time time;
	uint64_t  number;     /* of an event */
} smsc_clock_last;

/* Looks at a row; `path` is kept. */
void smsc_clock_row(smsc_clock_jumps *jumps, smsc_clock_last *last, const smsc_row *row,
                    const smsc_snapshot *s, const char *path, bool zone_given);
/* A finding and an event for each time that a clock went back. */
void smsc_clock_tell(smsc_case *c, smsc_clock_jumps *jumps);

#endif
