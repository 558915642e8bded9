/* copies.h - the same row of the same log lies in every backup taken after it was written,
 * and a service in a loop writes one row a million times.
 *
 * Rows are the same when log, written time, bias, kind and text are.  The first of them is
 * the event; it counts in how many other sources they are, and how often in one file.
 */
#ifndef SMSC_ANALYSIS_COPIES_H
#define SMSC_ANALYSIS_COPIES_H

#include "case.h"

typedef struct smsc_copies {
	smsc_event **at;     /* open hash table */
	size_t room, count;
	bool   failed;       /* no memory */
} smsc_copies;

/* What the generations of one log have in common: the path within the innermost archive, without what
 * a log gets when it is full or packed: "Logs/CcmExec" of "Logs/CcmExec-20050105-193713.log.gz" and
 * of what is in it, "hman" of "hman.lo_". */
smsc_span smsc_log_set_name(const char *path);
/* The local time in that name, SMSC_NEVER when there is none. */
smsc_time smsc_log_stamp(const char *path);
/* True when `draft`, said draft->times in a run in entry number `file` of source number `source`,
 * is the same row as an event that was kept; that one counts it. */
bool smsc_copies_seen(smsc_copies *copies, smsc_event *draft, uint32_t file, uint32_t source);
/* Remembers an event that was not seen before. */
void smsc_copies_keep(smsc_copies *copies, smsc_event *e, uint32_t file, uint32_t source);
/* Appends what was counted to the meaning of `e`; nothing when there is nothing to say. */
void smsc_copies_tell(smsc_event *e);
void smsc_copies_free(smsc_copies *copies);

#endif
