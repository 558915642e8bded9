/* plan.h - the recovery plan: steps in order, each with its reason and its check. */
#ifndef SMSC_ANALYSIS_PLAN_H
#define SMSC_ANALYSIS_PLAN_H

#include "standing.h"

struct smsc_step {
	smsc_arena *arena;
	unsigned    number;
	const char *action, *what, *to, *reason, *check;
	const char *proof;             /* of the keys in `what`, or "" */
	const smsc_generation *generation;
	const smsc_source *source;     /* that `what` lies in, or NULL */
};

/* What the steps do, in the order in which they are done. */
#define SMSC_STEP_WARN      "warn"
#define SMSC_STEP_CONFIRM   "confirm"
#define SMSC_STEP_BACKUP    "backup"
#define SMSC_STEP_STOP      "stop"
#define SMSC_STEP_SET_ASIDE "set-aside"
#define SMSC_STEP_COPY      "copy"
#define SMSC_STEP_OR_SET    "or-set"
#define SMSC_STEP_START     "start"
#define SMSC_STEP_REINSTALL "reinstall"
#define SMSC_STEP_VALUE     "value"
#define SMSC_STEP_CLIENTS   "clients"
#define SMSC_STEP_VERIFY    "verify"
#define SMSC_STEP_SEARCH    "search"
#define SMSC_STEP_SKIP      "skip"

/* A blank step at the end of the plan, all of it NULL-free; NULL without memory. */
smsc_step *smsc_step_new(smsc_case *c, const char *action);
/* The folder that CryptoAPI looks for the container of `s` in, with its '/', as the newest
 * snapshot spells it. */
const char *smsc_plan_folder(smsc_case *c, const smsc_standing *s);

/* plan_files.c: which files go where. */
void smsc_plan_files(smsc_case *c, const smsc_host *h);
/* How far the proof goes of what the plan brings back: its weakest file. */
int  smsc_plan_worth(const smsc_case *c, const smsc_host *h);
/* plan_after.c: what has to follow, and what is not needed. */
void smsc_plan_after(smsc_case *c, const smsc_host *h);
void smsc_plan_skip(smsc_case *c, const smsc_host *h);

/* Has the plan to bring back the container of that name? */
bool smsc_plan_restores(const smsc_case *c, const smsc_host *h, const char *container);
/* Is it one that the plan brings back: lost, and there is a file of it? */
bool smsc_plan_takes(const smsc_standing *s);

#endif
