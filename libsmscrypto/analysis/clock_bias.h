/* clock_bias.h - which bias the clock of each machine had when, by the rows of its logs. */
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
	smsc_bias_days *at;          /* in the order of the snapshots */
	size_t count, room;
	smsc_bias_days *computers;   /* all days of each computer that was asked for, by one of its snapshots */
	size_t computer_count, computer_room;
	bool   failed;               /* no memory */
} smsc_biases;

/* Takes all that `days` holds, of a snapshot behind those that were taken. */
void smsc_biases_take(smsc_biases *all, const smsc_snapshot *s, smsc_days *days);
/* The bias of all rows of that local day in the snapshot itself, or in all snapshots of its
 * computer; SMSC_NO_BIAS when there is none, or not just one. */
int32_t smsc_biases_own(const smsc_biases *all, const smsc_snapshot *s, smsc_time local);
int32_t smsc_biases_computer(smsc_biases *all, const smsc_snapshot *s, smsc_time local);
/* An event for the first bias of each machine that has a name, and for each change of it: summer
 * time, or another zone.  Then all of it is let go.  -1 without memory. */
int  smsc_biases_tell(smsc_case *c, smsc_biases *all, smsc_error **err);
void smsc_biases_free(smsc_biases *all);

#endif
