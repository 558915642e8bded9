/* cause.h - what happened, in one finding a machine. */
#ifndef SMSC_ANALYSIS_CAUSE_H
#define SMSC_ANALYSIS_CAUSE_H

#include "host.h"

/* Adds K020 and K021. */
void smsc_cause_rules(smsc_case *c);
/* Is a key that somebody relies on not live on this machine? */
bool smsc_host_harmed(const smsc_host *h);

#endif
