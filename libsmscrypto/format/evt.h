/* evt.h - inside of the event logs of NT 4 to 2003. */
#ifndef SMSC_FORMAT_EVT_H
#define SMSC_FORMAT_EVT_H

#include "../base/buf.h"
#include "../base/cursor.h"

#define SMSC_EVT_HEADER 0x30u        /* bytes of the file header */
#define SMSC_EVT_END    0x28u        /* of the record that marks the end */
#define SMSC_EVT_LEAST  0x38u        /* of a record without texts */
#define SMSC_EVT_MOST   (1u << 20)   /* no service takes an event of this size */

/* What the file header and the end record tell of one log while it is streamed. */
typedef struct smsc_evt {
	bool     begun, header, dirty;
	bool     bounds;         /* `start` and `end` tell which records are the log's own */
	bool     ended;          /* the end record was seen */
	bool     old_end;        /* one was seen that stands where the header says, but not by itself */
	uint64_t start, end;     /* of the oldest record, of the end record */
	bool     first;          /* a record or end record was seen */
	smsc_buf rest;           /* bytes before that: the rest of the last record, if it goes round */
	uint64_t rest_at, rest_size;
	uint64_t next_number;    /* of the record behind the one before; 0 not known */
	smsc_buf round;          /* the record that goes round the end of the file */
} smsc_evt;

struct smsc_log;

/* Fills the row with what the record says; `at` is its place in the stream. */
void smsc_evt_row(struct smsc_log *l, smsc_span record, uint64_t at, smsc_row *row);
/* The file header, if there is one, as fields. */
void smsc_evt_put_header(smsc_span in, smsc_record *out);

#endif
