/* regf_log.h - the log beside a hive: the pages that Windows was about to write into it.
 *
 * Logs of Windows NT 4 to 7 ("DIRT") hold a bitmap of the 512-byte pages of the bins and those
 * pages; newer ones ("HvLE") are another format and are only told apart [registry-certs 2.8].
 */
#ifndef SMSC_FORMAT_REGF_LOG_H
#define SMSC_FORMAT_REGF_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include "../base/buf.h"
#include "../base/cursor.h"

#define SMSC_HIVE_PAGE 512u

typedef struct smsc_hive_log {
	uint32_t  sequence[2];
	uint32_t  bins_size;      /* bytes of the bins of its hive */
	bool      checksum_good;
	bool      newer;          /* HvLE */
	bool      marked;         /* "DIRT" or "HvLE" is there */
	smsc_span bitmap;         /* cut to the file */
	size_t    pages_at;       /* byte of the first page */
	uint64_t  pages;          /* how many the bitmap names */
} smsc_hive_log;

/* Is this a log and not a hive?  Both begin with a base block. */
bool smsc_hive_is_log(smsc_span bytes);
/* Reads the header of a log; false when it is none. */
bool smsc_hive_log_open(smsc_hive_log *l, smsc_span bytes);

/* Told of each run of pages: its byte in the hive, its bytes, and how many of those differ. */
typedef void smsc_hive_run_fn(void *user, uint64_t at, uint64_t size, uint64_t changed);
/* Puts into `out` the hive as it is with the pages of its log, no longer dirty.  NULL when done,
 * else why not, with `out` empty ("no memory" when out->failed).  `fn` may be NULL. */
const char *smsc_hive_replay(smsc_span hive, smsc_span log, smsc_buf *out, smsc_hive_run_fn *fn,
                             void *user);

#endif
