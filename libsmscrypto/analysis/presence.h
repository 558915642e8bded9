/* presence.h - containers that vanish from one snapshot to the next, and come back. */
#ifndef SMSC_ANALYSIS_PRESENCE_H
#define SMSC_ANALYSIS_PRESENCE_H

#include "case.h"

/* 0, or -1 without memory. */
int smsc_presence_events(smsc_case *c, smsc_error **err);

#endif
