/* clock_bias.h - which bias the clock of each machine had when. */
#ifndef SMSC_ANALYSIS_CLOCK_BIAS_H
#define SMSC_ANALYSIS_CLOCK_BIAS_H

#include "case.h"
#include "days.h"

/* The days of one snapshot. */
typedef struct smsc_bias_days {
	const smsc_snapshot *snapshot;
	smsc_days days;
} smsc_bias_days;

typedef struct smsc_biases {
	smsc_bias_days *at;
	size_t count, room;
} smsc_biases;

/* Takes what `days` holds; false without memory. */
bool smsc_biases_take(smsc_biases *all, const smsc_snapshot *s, smsc_days *days);
/* An event for the first bias of each machine that has a name, and for each change of it: summer
 * time, or another zone.  Then all of it is let go.  -1 without memory. */
int  smsc_biases_tell(smsc_case *c, smsc_biases *all, smsc_error **err);
void smsc_biases_free(smsc_biases *all);

#endif
