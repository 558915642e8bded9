/* clock.h - what logs tell of the clock that dated them: when it was set back, and the bias
 * where a text tells UTC beside the local time of its row. */
#ifndef SMSC_ANALYSIS_CLOCK_H
#define SMSC_ANALYSIS_CLOCK_H

#include "../base/buf.h"
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

/* Within one log, or a piece of it; begins with zeros. */
typedef struct smsc_clock_run {
	smsc_time first;      /* of its rows with a time that counts, and where that row is */
	uint64_t  offset;
	smsc_time time;       /* of the row before */
	uint64_t  number;     /* of an event */
	smsc_clock_jumps jumps;
} smsc_clock_run;

/* Looks at a row. */
void smsc_clock_row(smsc_clock_run *run, const smsc_row *row, bool zone_given);
/* `next` is the piece of the same log behind `run`, of records that have no numbers. */
void smsc_clock_join(smsc_clock_run *run, const smsc_clock_run *next);
/* The log is at its end; `path` is kept. */
void smsc_clock_keep(smsc_clock_jumps *all, const smsc_clock_run *run, const smsc_snapshot *s, const char *path);
/* What a row of a log tells of a clock: one text, as a finding and as an event. */
typedef struct smsc_clock_fact {
	const smsc_snapshot *snapshot;
	const char  *path;
	uint64_t     offset;
	smsc_time    when;
	smsc_rule_id rule;
	bool         likely;         /* more than possible */
	const char  *kind, *meaning;
} smsc_clock_fact;
/* Takes `text`. */
void smsc_clock_say(smsc_case *c, const smsc_clock_fact *fact, smsc_buf *text);
/* "1:00:30" */
void smsc_clock_put_span(smsc_buf *out, int64_t seconds);
/* A finding and an event for each time that a clock went back. */
void smsc_clock_tell(smsc_case *c, smsc_clock_jumps *jumps);

#endif
