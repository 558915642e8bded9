/* file.c - a single file, and bytes in memory: carriers of one item. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "../base/time.h"
#include "file.h"

/* statfs() magics of the systems whose time of birth came with the evidence. */
enum { MAGIC_FAT = 0x4d44, MAGIC_EXFAT = 0x2011bab0, MAGIC_NTFS = 0x5346544e, MAGIC_NTFS3 = 0x7366746e };

#define SLACK_FAT (2 * SMSC_TICKS_A_SECOND)

int smsc_file_open(int dir, const char *path, int flags)
{
	flags |= O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
	int fd = openat(dir, path, flags | O_NOATIME);
	/* Only the owner may leave the access time alone. */
	if (fd < 0 && errno == EPERM)
		fd = openat(dir, path, flags);
	return fd;
}

ssize_t smsc_file_read(int fd, void *buffer, size_t size, uint64_t at)
{
	size_t done = 0;
	while (done < size) {
		ssize_t n = pread(fd, (char *)buffer + done, size - done, (off_t)(at + done));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && !done)
			return -1;
		if (n <= 0)
			break;
		done += (size_t)n;
	}
	return (ssize_t)done;
}

bool smsc_file_windows(int fd, int64_t *slack)
{
	struct statfs fs;
	*slack = 0;
	if (fstatfs(fd, &fs) < 0)
		return false;
	unsigned long magic = (unsigned long)fs.f_type & 0xffffffff;
	if (magic == MAGIC_FAT)
		*slack = SLACK_FAT;
	return magic == MAGIC_FAT || magic == MAGIC_EXFAT || magic == MAGIC_NTFS ||
	       magic == MAGIC_NTFS3;
}

static smsc_time time_of(struct statx_timestamp t)
{
	return smsc_time_of_unix(t.tv_sec, (int32_t)t.tv_nsec);
}

unsigned smsc_file_describe(int dir, const char *path, bool windows, smsc_draft *out)
{
	struct statx st;
	if (statx(dir, path, AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT,
	          STATX_BASIC_STATS | STATX_BTIME, &st) < 0)
		return 0;
	out->kind = S_ISREG(st.stx_mode) ? "file" : S_ISDIR(st.stx_mode) ? "folder" :
	            S_ISLNK(st.stx_mode) ? "link" : "other";
	out->size = S_ISREG(st.stx_mode) ? (int64_t)st.stx_size : 0;
	out->modified = time_of(st.stx_mtime);
	out->accessed = time_of(st.stx_atime);
	if (windows && (st.stx_mask & STATX_BTIME))
		out->created = time_of(st.stx_btime);
	out->clock = "file-system";
	return st.stx_mode;
}

/* ---- a single file ------------------------------------------------------------- */

/* The walk itself is all the state there is. */
static void *file_open(smsc_walk *w, smsc_error **err)
{
	(void)err;
	return w;
}

/* Whose file or memory it is: one set of a backup has the bytes of the whole. */
static const smsc_source *holder(const void *state)
{
	const smsc_source *s = ((const smsc_walk *)state)->source;
	return s->whole ? s->whole : s;
}

static int file_next(void *state, smsc_draft *out, smsc_error **err)
{
	smsc_walk *w = state;
	const smsc_source *s = holder(w);
	if (w->seen)
		return 0;
	out->path = s->name;
	bool windows = smsc_file_windows(s->fd, &out->slack);
	if (!smsc_file_describe(s->fd, "", windows, out))
		return smsc_fail_errno(err, errno, s->path, -1, "cannot open");
	if (s->media_count)
		out->size = (int64_t)smsc_media_size(s);
	return 1;
}

static int file_find(void *state, const smsc_item *item, smsc_error **err)
{
	(void)state;
	(void)item;
	(void)err;
	return 0;
}

static size_t file_read(void *state, uint64_t at, void *buffer, size_t size, smsc_error **err)
{
	return smsc_media_read(holder(state), at, buffer, size, err);
}

static void file_close(void *state)
{
	(void)state;
}

const smsc_carrier smsc_file_carrier = {
	"file", true, NULL, file_open, file_next, file_find, file_read, file_close, NULL,
};

/* ---- memory -------------------------------------------------------------------- */

static int memory_next(void *state, smsc_draft *out, smsc_error **err)
{
	const smsc_walk *w = state;
	(void)err;
	if (w->seen)
		return 0;
	out->path = w->source->name;
	out->kind = "file";
	const smsc_source *s = holder(w);
	out->size = (int64_t)(s->media_count ? smsc_media_size(s) : s->memory.size);
	return 1;
}

const smsc_carrier smsc_memory_carrier = {
	"memory", true, NULL, file_open, memory_next, file_find, file_read, file_close, NULL,
};
