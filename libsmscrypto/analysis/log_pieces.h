/* log_pieces.h - logs are read in pieces, which other threads digest; the case takes them in order. */
#ifndef SMSC_ANALYSIS_LOG_PIECES_H
#define SMSC_ANALYSIS_LOG_PIECES_H

#include "../base/pool.h"
#include "../base/options.h"
#include "../smscrypto.h"

struct smsc_reading;
typedef struct smsc_log_piece smsc_log_piece;

/* Pieces that were read and not taken, in the order of the walk. */
typedef struct smsc_log_pieces {
	smsc_pool       *pool;
	size_t           bytes;     /* of one */
	size_t           most;      /* that wait to be taken: no thread is idle meanwhile */
	smsc_log_piece  *first, *last;
	size_t           count;
	smsc_log_piece  *spare;     /* for the next ones */
	struct smsc_log_reading *open; /* of which there is more to read, or NULL */
} smsc_log_pieces;

/* False without memory. */
bool smsc_log_pieces_begin(smsc_log_pieces *q, const smsc_settings *settings);
void smsc_log_pieces_free(smsc_log_pieces *q);

/* Reads a log of which `head` bytes are in r->head already.  0, or -1. */
int  smsc_read_log(struct smsc_reading *r, smsc_entry *e, size_t head, smsc_error **err);
/* The case takes all that was read.  0, or -1. */
int  smsc_read_logs_end(struct smsc_reading *r, smsc_error **err);

#endif
