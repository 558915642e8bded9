/* absent.h - containers that the newest backup of a machine itself asks for, and of which no
 * backup has a file. */
#ifndef SMSC_ANALYSIS_ABSENT_H
#define SMSC_ANALYSIS_ABSENT_H

#include "host.h"

struct smsc_absent {
	const char *container, *hash;
	const char *why;               /* in words, of what stands at: */
	const smsc_snapshot *snapshot;
	const char *path;
	uint64_t    at;
};

/* Lists them for each machine, once its standings are known.  0, or -1. */
int smsc_case_absent(smsc_case *c, smsc_error **err);

#endif
