/* log_digest.h - what the rows of a log, or of a piece of it, say of keys and of clocks: of
 * millions of rows all that a case keeps.  Made without the case, so that other threads can. */
#ifndef SMSC_ANALYSIS_LOG_DIGEST_H
#define SMSC_ANALYSIS_LOG_DIGEST_H

#include "../format/log.h"
#include "copies.h"
#include "knowledge.h"
#include "log_times.h"

typedef struct smsc_log_event {
	smsc_event     event;        /* text and `times` only until the case takes it */
	smsc_known_hit hit;
} smsc_log_event;

typedef struct smsc_log_digest {
	const char   *path;          /* kept by the case */
	smsc_arena   *arena;         /* of what follows */
	smsc_log_event **events;     /* each once */
	size_t        count, room;
	smsc_copies   copies;        /* of these */
	smsc_log_times times;
	smsc_buf      text;          /* room for one event */
} smsc_log_digest;

/* False without memory; it is to be freed in both cases. */
bool smsc_digest_begin(smsc_log_digest *d, const smsc_settings *settings, const char *path);
/* Looks at a row.  False without memory. */
bool smsc_digest_row(smsc_log_digest *d, const smsc_row *row);
void smsc_digest_free(smsc_log_digest *d);

#endif
