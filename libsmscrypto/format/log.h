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

/* A record's bytes never grow past this: what is longer is torn and reported. */
#define SMSC_LOG_MAX_RECORD (4u << 20)

#endif
