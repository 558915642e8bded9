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

/* The plan of one machine, while it is made. */
typedef struct smsc_plan {
	smsc_case *c;
	const smsc_host *host;
	const smsc_standing **taken;   /* what it brings back; what others rely on comes first */
	size_t count, needed;
} smsc_plan;

/* Adds a step; members that are not set become "". */
void smsc_plan_add(const smsc_plan *p, smsc_step step);
/* Has the plan to bring back the machine's container of that name? */
bool smsc_plan_restores(const smsc_plan *p, const char *container);

/* plan_files.c: which files go where. */
void smsc_plan_files(const smsc_plan *p);
/* The folder that CryptoAPI looks for the container of `s` in, with its '/', as the newest
 * snapshot spells it. */
const char *smsc_plan_folder(smsc_case *c, const smsc_standing *s);

/* plan_after.c: what has to follow, and what is not needed. */
void smsc_plan_after(const smsc_plan *p);
void smsc_plan_skip(const smsc_plan *p);

#endif
