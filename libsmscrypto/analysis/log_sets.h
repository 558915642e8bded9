/* log_sets.h - which logs are generations of one, and whether they follow each other. */
#ifndef SMSC_ANALYSIS_LOG_SETS_H
#define SMSC_ANALYSIS_LOG_SETS_H

#include "case.h"

/* One log: when it begins and ends by its rows, and the longest time between two of them. */
typedef struct smsc_log_part {
	const smsc_snapshot *snapshot;
	const char *path;
	smsc_span   set;             /* the part of its path that all generations share */
	uint64_t    offset;          /* of its first row with a time */
	smsc_time   first, last, before;
	int64_t     pause;
	smsc_time   stamp;           /* in its name, local */
	bool        undated;         /* no row has a time: only its name tells when it was */
} smsc_log_part;

typedef struct smsc_log_sets {
	smsc_log_part *at;
	size_t count, room;
} smsc_log_sets;

/* Looks at a row; `part` is that of its log and begins with zeros. */
void smsc_log_sets_row(smsc_log_part *part, const smsc_row *row);
/* `next` is the piece of the same log behind `part`. */
void smsc_log_sets_join(smsc_log_part *part, const smsc_log_part *next);
/* The log is at its end; `path` is kept.  False without memory. */
bool smsc_log_sets_add(smsc_log_sets *all, smsc_log_part *part, const smsc_snapshot *s, const char *path);
/* An event for each set of two logs or more of one snapshot, in the order of what is in them, and a
 * finding where two do not follow each other, or one does not fit its name. */
void smsc_log_sets_tell(smsc_case *c, smsc_log_sets *all);
void smsc_log_sets_free(smsc_log_sets *all);

#endif
