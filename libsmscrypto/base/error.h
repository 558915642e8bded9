/* error.h - the sticky error of the public rules. */
#ifndef SMSC_BASE_ERROR_H
#define SMSC_BASE_ERROR_H

#include <stdarg.h>
#include <stdbool.h>

#include "../smscrypto.h"

#if defined(__GNUC__)
#  define SMSC_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#else
#  define SMSC_PRINTF(fmt, args)
#endif

/* True when an earlier call with the same `err` failed: then do nothing. */
static inline bool smsc_failed(smsc_error **err) { return err && *err; }

/* Sets *err unless it is set already (the first reason is the true one) or err is NULL.
 * `path` may be NULL, `offset` -1.  Always returns -1, so `return smsc_fail(...)`. */
int smsc_fail(smsc_error **err, smsc_code code, const char *path, int64_t offset,
              const char *format, ...) SMSC_PRINTF(5, 6);
/* The same for out of memory: needs no memory itself. */
int smsc_fail_nomem(smsc_error **err);
/* SMSC_EIO with the text of `number` (an errno) in English: "cannot open: Permission denied"
 * for `doing` "cannot open". */
int smsc_fail_errno(smsc_error **err, int number, const char *path, int64_t offset,
                    const char *doing);

#endif
