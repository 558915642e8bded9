/* read.h - the walk over the evidence: every entry once, its head first. */
#ifndef SMSC_ANALYSIS_READ_H
#define SMSC_ANALYSIS_READ_H

#include "../format/format.h"
#include "case.h"
#include "clock.h"
#include "clock_bias.h"
#include "clock_utc.h"
#include "copies.h"
#include "days.h"
#include "log_pieces.h"
#include "log_sets.h"

typedef struct smsc_reading {
	smsc_case     *c;
	smsc_snapshot *snapshot;
	smsc_progress *progress;
	uint8_t       *head;        /* SMSC_PROBE_BYTES of the current entry */
	uint32_t       file;        /* number of the entry in the whole walk, from 1 */
	smsc_entry    *archive;     /* the entry before, that is not read yet; or NULL */
	smsc_days      days;        /* of the current snapshot */
	uint32_t       part;        /* set of the backup that is the source; 0: none yet */
	bool           dated;       /* which says when it was begun */
	size_t         findings;    /* of the source that were taken */
	size_t         first_file, first_master; /* of the current snapshot */
	smsc_time      newest_local; /* of its entries whose zone is not known */
	smsc_copies    copies;      /* log events so far, by content */
	smsc_clock_jumps jumps;     /* of all snapshots */
	smsc_utc_doubts  doubts;    /* of all snapshots */
	smsc_biases      biases;    /* of the snapshots that were read */
	smsc_log_sets    sets;      /* of all snapshots */
	smsc_log_pieces  pieces;
	smsc_findings    log_findings; /* of the logs of the current snapshot */
} smsc_reading;

/* What one entry could not give becomes a finding about `path` in `into`, unless the caller's own wish
 * or lack of memory stopped it: then -1 with *err.  Frees `wrong`, which may be NULL. */
int smsc_read_failed(smsc_reading *r, smsc_findings *into, const char *path, smsc_error *wrong, smsc_error **err);
/* The next bytes of an entry, counted; 0 at the end and on failure. */
size_t smsc_read_more(smsc_reading *r, smsc_entry *e, void *buffer, size_t size, smsc_error **err);

/* Files without a zone get theirs, now that all of the snapshot is read. */
void smsc_read_settle_files(smsc_reading *r);
/* Rows without a bias get theirs, now that all is read. */
int  smsc_read_settle_rows(smsc_reading *r, smsc_error **err);

#endif
