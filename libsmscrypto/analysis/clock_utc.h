/* clock_utc.h - rows whose text tells UTC: status messages and events of WMI. */
#ifndef SMSC_ANALYSIS_CLOCK_UTC_H
#define SMSC_ANALYSIS_CLOCK_UTC_H

#include "../base/cursor.h"
#include "case.h"

/* The rows of one log whose own time and the one in their text are not the same moment. */
typedef struct smsc_utc_doubt {
	const smsc_snapshot *snapshot;
	const char *path;
	uint64_t    offset;         /* of the first of them */
	smsc_time   row, told;      /* its two times */
	unsigned    wrong, all;     /* how many, of how many that tell UTC */
} smsc_utc_doubt;

#define SMSC_UTC_DOUBTS 64

typedef struct smsc_utc_doubts {
	smsc_utc_doubt at[SMSC_UTC_DOUBTS];
	size_t count, dropped;
} smsc_utc_doubts;

/* False when this is surely no text that tells UTC: nearly all are none. */
static inline bool smsc_utc_may_tell(smsc_span text)
{
	uint64_t head = text.size > 8 ? smsc_le64(text.data) : 0;
	return head == smsc_le64("STATMSG:") || head == smsc_le64("Raising ");
}

/* The moment that the text of a row tells in UTC, as that in which it was written; SMSC_NEVER when
 * it tells none. */
smsc_time smsc_utc_told(const smsc_row *row);
/* The bias of a row that has none, by that; SMSC_NO_BIAS when it does not fit. */
int32_t   smsc_utc_bias(const smsc_row *row);
/* Compares the times of one row; `doubt` is that of its log and begins with zeros. */
void      smsc_utc_row(smsc_utc_doubt *doubt, const smsc_row *row);
/* `next` is of the piece of the same log behind. */
void      smsc_utc_join(smsc_utc_doubt *doubt, const smsc_utc_doubt *next);
/* The log is at its end. */
void      smsc_utc_keep(smsc_utc_doubts *all, const smsc_utc_doubt *doubt, const smsc_snapshot *s, const char *path);
/* A finding and an event for each log with a doubt; copies of one log are one. */
void      smsc_utc_tell(smsc_case *c, const smsc_utc_doubts *all);

#endif
