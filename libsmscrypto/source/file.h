/* file.h - files of the evidence: opened and read without leaving a trace. */
#ifndef SMSC_SOURCE_FILE_H
#define SMSC_SOURCE_FILE_H

#include <stdbool.h>
#include <sys/types.h>

#include "source.h"

/* Read-only; `flags` may add O_NOFOLLOW or O_DIRECTORY.  Never waits (a FIFO), never becomes
 * the terminal, and leaves the time of the last access alone where the system allows. */
int     smsc_file_open(int dir, const char *path, int flags);
/* As many bytes as there are, up to `size`; -1 with errno. */
ssize_t smsc_file_read(int fd, void *buffer, size_t size, uint64_t at);
/* Size, times, clock and slack of `path` in `dir` ("": of `dir` itself), links not followed.
 * The mode; 0 with errno when that fails. */
unsigned smsc_file_describe(int dir, const char *path, bool windows, smsc_draft *out);
/* Is it NTFS or FAT?  Elsewhere the time of birth is that of the analyst's own copy. */
bool    smsc_file_windows(int fd, int64_t *slack);

#endif
