/* event.h - rows of the timeline, and their total order. */
#ifndef SMSC_ANALYSIS_EVENT_H
#define SMSC_ANALYSIS_EVENT_H

#include "case.h"

/* What the rules and the timeline call things; these words go into reports. */
#define SMSC_KIND_KEY_CREATED        "key-created"
#define SMSC_KIND_KEY_WRITTEN        "key-file-written"
#define SMSC_KIND_KEY_COPIED         "key-file-copied"
#define SMSC_KIND_KEY_REPLACED       "key-replaced"
#define SMSC_KIND_PAIR_MISSING       "key-pair-missing"
#define SMSC_KIND_GUID_NEW           "machine-guid-new"
#define SMSC_KIND_GUID_SET           "machine-guid"
#define SMSC_KIND_GUID_RESET         "machine-guid-reset"
#define SMSC_KIND_SHUTDOWN           "shutdown"
#define SMSC_KIND_CLOCK_BACK         "clock-back"
#define SMSC_KIND_CLOCK_BIAS         "clock-bias"
#define SMSC_KIND_CLOCK_WRONG        "clock-wrong"
#define SMSC_KIND_LOG_SET            "log-set"
#define SMSC_KIND_SUMMER_TIME        "summer-time"
#define SMSC_KIND_ZONE_CHANGED       "time-zone-changed"
#define SMSC_KIND_SECRET_SET         "secret-set"
#define SMSC_KIND_CONTAINER_MISSING  "container-missing"
#define SMSC_KIND_CONTAINER_RESTORED "container-restored"
#define SMSC_KIND_CERTIFICATE        "certificate-made"
#define SMSC_KIND_MASTER_KEY_CREATED "master-key-created"
#define SMSC_KIND_MASTER_KEY_WRITTEN "master-key-written"
#define SMSC_KIND_MASTER_KEY_EXPIRES "master-key-expires"

/* A blank event at the end of the list, all of it NULL-free; NULL without memory and past
 * smsc_options.max_events, which is counted. */
smsc_event *smsc_event_new(smsc_case *c, const char *kind, int severity);
/* It is told by the row of a log at `offset` of `path`, which is kept; at `when`, by that log's clock. */
void smsc_event_row(smsc_event *e, const smsc_snapshot *s, const char *path, uint64_t offset, smsc_time when);

/* Sets time, or local time when a clock without a zone told it, from a file's stamp. */
void smsc_event_when(smsc_event *e, smsc_time when, int64_t slack, const char *clock);

/* Puts the list into its order, which depends on the evidence alone. */
void smsc_event_sort(smsc_event **events, size_t count);

/* "log", "file-system"...: the literal for a word that may go away; "none" if it is none. */
const char *smsc_clock_literal(const char *clock);

#endif
