/* log_reading.h - one log while a case reads it, piece by piece. */
#ifndef SMSC_ANALYSIS_LOG_READING_H
#define SMSC_ANALYSIS_LOG_READING_H

#include "log_digest.h"
#include "read.h"

/* How often a rule was broken, and where first. */
typedef struct smsc_rule_sum {
	size_t      count;
	uint64_t    offset;
	const char *text;
} smsc_rule_sum;

typedef struct smsc_log_reading {
	const char    *path;         /* kept by the case */
	const smsc_settings *settings;
	uint32_t       file;         /* number of its entry in the walk */
	/* Not all of it is in a piece yet. */
	smsc_entry    *entry;
	smsc_log_start start;        /* of the next piece */
	bool           divides;
	smsc_buf       tail;         /* what was read before, of which the first `given` bytes are in pieces */
	size_t         given;
	/* Of the pieces that the case took. */
	smsc_log_times times;
	smsc_rule_sum  sums[SMSC_RULE_COUNT];
} smsc_log_reading;

/* The case takes what the next rows of a log said.  False without memory. */
bool smsc_log_take(smsc_reading *r, smsc_log_reading *log, smsc_log_digest *d);
/* And what was wrong in them.  False without memory. */
bool smsc_log_take_findings(smsc_reading *r, smsc_log_reading *log, const smsc_log *rows);
/* The log is at its end.  Takes `wrong`, which is why, and may be NULL.  0, or -1. */
int  smsc_log_end(smsc_reading *r, smsc_log_reading *log, smsc_error *wrong, smsc_error **err);

#endif
