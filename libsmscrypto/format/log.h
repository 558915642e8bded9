/* log.h - logs as streams: a pull of bytes in, rows out, memory bounded. */
#ifndef SMSC_FORMAT_LOG_H
#define SMSC_FORMAT_LOG_H

#include "../base/options.h"
#include "format.h"

/* The next bytes, at most `size`; 0 at the end or on failure. */
typedef size_t smsc_pull_fn(void *user, void *buffer, size_t size, smsc_error **err);

/* A log over `pull`; `close` (may be NULL) gets `user` when the log goes, also when opening
 * fails.  SMSC_EFORMAT when the first bytes are no log. */
smsc_log *smsc_log_new(smsc_pull_fn *pull, void (*close)(void *user), void *user,
                       const char *path, const smsc_settings *settings, smsc_error **err);

extern const struct smsc_log_kind smsc_ccm_log, smsc_sms_log, smsc_trace_text, smsc_setup_log,
	smsc_update_log, smsc_iis_log, smsc_evt_log;

/* `f` as a log; NULL when it is none. */
const struct smsc_log_kind *smsc_log_kind_of(const smsc_format *f);

/* A pull out of memory: `span` is a smsc_span, which becomes what is left. */
size_t smsc_pull_span(void *span, void *buffer, size_t size, smsc_error **err);

/* ---- pieces of a log, each read alone ---------------------------------------------- */

/* How to read on from a place where a record begins. */
typedef struct smsc_log_start {
	const struct smsc_log_kind *kind;
	uint64_t at;         /* that place, in the log */
	bool     utf8;       /* the log began with a mark that says so */
} smsc_log_start;

/* True when records of the log that begins with `head` do not depend on those before; *start is
 * then that of its first byte. */
bool smsc_log_divides(smsc_span head, const char *path, smsc_log_start *start);
/* Bytes of `piece` up to where, by all appearances, a record ends; 0: nowhere.  Whether it does is
 * seen by whoever reads it: see smsc_log_reached(). */
size_t smsc_log_cut(const smsc_log_start *start, smsc_span piece);

/* The log from there on. */
smsc_log *smsc_log_resume(const smsc_log_start *start, smsc_pull_fn *pull, void *user,
                          const char *path, const smsc_settings *settings, smsc_error **err);
/* A piece that is in memory, stays there, and has SMSC_WINDOW_BEHIND zeros behind it.  Takes
 * `wrong`, which may be NULL: why the log has no more than that. */
smsc_log *smsc_log_of_piece(const smsc_log_start *start, smsc_span piece, smsc_error *wrong,
                            const char *path, const smsc_settings *settings, smsc_error **err);
/* Where the row that was read last ends, with its line end; UINT64_MAX when it has a say in how the
 * next bytes are read. */
uint64_t smsc_log_reached(const smsc_log *l);
/* No byte before this one is looked at again. */
uint64_t smsc_log_passed(const smsc_log *l);

/* A record's bytes never grow past this: what is longer is torn and reported. */
#define SMSC_LOG_MAX_RECORD (4u << 20)

#endif
