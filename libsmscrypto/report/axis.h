/* axis.h - time along a line, where seconds need room beside months.
 *
 * Between two turning points the room is the logarithm of what lies between them; within, time
 * runs evenly.  So the order is always true, and a night of work is as wide as a quiet year.
 */
#ifndef SMSC_REPORT_AXIS_H
#define SMSC_REPORT_AXIS_H

#include "report.h"

typedef struct smsc_axis {
	smsc_time *at;      /* turning points, oldest first, each once */
	uint64_t  *sum;     /* room from the first one to each */
	size_t     count;
	int32_t    left, width;
} smsc_axis;

/* Takes `times` (malloc'ed, in any order); false without memory. */
bool smsc_axis_make(smsc_axis *a, smsc_time *times, size_t count, int32_t left, int32_t width);
/* What is older or newer than all turning points is drawn at the end. */
int32_t smsc_axis_x(const smsc_axis *a, smsc_time t);
void smsc_axis_free(smsc_axis *a);

#endif
