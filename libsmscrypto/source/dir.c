/* dir.c - a directory tree: every folder before what is in it, that in byte order of the names;
 * links not followed. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../base/text.h"
#include "file.h"

/* Windows paths end at 260 characters, so at 130 folders; each level holds a descriptor. */
#define LEVELS 130

typedef struct level {
	int      fd;
	char    *names;         /* NUL after each */
	char   **sorted;
	size_t   count, next;
	size_t   path_size;     /* of the folder's own path in dir_state.path, with its '/' */
	bool     windows;       /* the file system keeps creation times */
	int64_t  slack;
} level;

typedef struct dir_state {
	smsc_walk *walk;
	bool       started;
	bool       outside;     /* the current item is a folder that is still to be entered */
	size_t     depth;
	level      levels[LEVELS];
	smsc_buf   path, text;  /* of the current item: raw bytes, and as UTF-8 */
	int        fd;          /* of the current file, or -1 and why */
	int        number;      /* that errno */
	smsc_error *reason;     /* and its text */
} dir_state;

/* ---- one folder ---------------------------------------------------------------- */

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The names of a folder, one after the other; their number, or -1 with errno.  When the
 * disk fails midway *number says so and the names before it are kept. */
static ssize_t read_names(int fd, smsc_buf *names, int *number)
{
	int own = smsc_file_open(fd, ".", O_DIRECTORY);
	DIR *dir = own < 0 ? NULL : fdopendir(own);
	ssize_t count = 0;
	*number = errno;
	if (!dir && own >= 0)
		close(own);
	if (!dir)
		return -1;
	/* All of them, whatever max_entries is: which ones come first must not depend on the
	 * order on disk.  Only readdir() itself can tell its end from a failure. */
	for (struct dirent *d; errno = 0, (d = readdir(dir));) {
		if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0)
			continue;
		smsc_buf_add(names, d->d_name, strlen(d->d_name) + 1);
		count++;
	}
	*number = errno;
	if (names->failed)
		*number = ENOMEM;
	closedir(dir);
	return *number && (names->failed || !count) ? -1 : count;
}

static void level_close(level *l)
{
	close(l->fd);
	free(l->names);
	free(l->sorted);
}

/* Takes over `fd`.  False when there is nothing to go through; *number is an errno, also
 * when only a part could be listed. */
static bool level_open(level *l, int fd, int *number)
{
	smsc_buf names = SMSC_BUF_INIT;
	ssize_t count = read_names(fd, &names, number);
	*l = (level){ .fd = fd, .names = names.data, .count = count > 0 ? (size_t)count : 0 };
	if (count >= 0 && !(l->sorted = calloc(l->count + 1, sizeof *l->sorted)))
		*number = ENOMEM;
	if (!l->sorted) {
		level_close(l);
		return false;
	}
	char *p = l->names;
	for (size_t i = 0; i < l->count; i++, p += strlen(p) + 1)
		l->sorted[i] = p;
	qsort(l->sorted, l->count, sizeof *l->sorted, by_bytes);
	l->windows = smsc_file_windows(fd, &l->slack);
	return true;
}

/* ---- the tree ------------------------------------------------------------------ */

static const char *utf8_path(dir_state *st, size_t size)
{
	smsc_buf_clear(&st->text);
	smsc_text_utf8(&st->text, smsc_span_of(st->path.data, size));
	return st->text.data ? st->text.data : "";
}

static void tell(dir_state *st, int number)
{
	smsc_error *why = NULL;
	smsc_fail_errno(&why, number, NULL, -1, "cannot list the folder");
	smsc_walk_tell(st->walk, SMSC_RULE_D007, utf8_path(st, st->path.size), 0, "%s",
	               smsc_error_message(why));
	smsc_error_free(why);
}

/* Goes into the folder at st->path, named `name` in its parent. */
static int push(dir_state *st, int parent, const char *name, smsc_error **err)
{
	if (st->depth == LEVELS) {
		smsc_walk_tell(st->walk, SMSC_RULE_D008, utf8_path(st, st->path.size), 0,
		               "limit of %d folders within each other reached: not entered", LEVELS);
		return 0;
	}
	int fd = smsc_file_open(parent, name, O_DIRECTORY | O_NOFOLLOW), number = errno;
	level *l = &st->levels[st->depth];
	bool open = fd >= 0 && level_open(l, fd, &number);
	if (!open && number == ENOMEM)
		return smsc_fail_nomem(err);
	if (!open || number)
		tell(st, number);
	if (!open)
		return 0;
	if (st->path.size)
		smsc_buf_char(&st->path, '/');
	l->path_size = st->path.size;
	st->depth++;
	return 0;
}

static void drop_file(dir_state *st)
{
	if (st->fd >= 0)
		close(st->fd);
	st->fd = -1;
	st->number = 0;
	smsc_error_free(st->reason);
	st->reason = NULL;
}

static void take_file(dir_state *st, int dir, const char *name)
{
	struct stat s;
	st->fd = smsc_file_open(dir, name, O_NOFOLLOW);
	st->number = st->fd < 0 ? errno : 0;
	/* It may have become a device since it was looked at. */
	if (st->fd >= 0 && (fstat(st->fd, &s) < 0 || !S_ISREG(s.st_mode))) {
		drop_file(st);
		st->number = EINVAL;
	}
}

/* The item `name` of the top level. */
static int visit(dir_state *st, const char *name, smsc_draft *out, smsc_error **err)
{
	level *l = &st->levels[st->depth - 1];
	st->path.size = l->path_size;
	smsc_buf_str(&st->path, name);
	unsigned mode = smsc_file_describe(l->fd, name, l->windows, out);
	st->outside = S_ISDIR(mode);
	if (!mode) {
		out->kind = "file";
		st->number = errno;
	} else if (S_ISREG(mode)) {
		take_file(st, l->fd, name);
	}
	out->slack = l->slack;
	out->raw = smsc_span_of(st->path.data, st->path.size);
	out->path = utf8_path(st, st->path.size);
	if (st->number) {
		smsc_fail_errno(&st->reason, st->number, NULL, -1, "cannot open the file");
		out->unreadable = smsc_error_message(st->reason);
	}
	return st->path.failed || st->text.failed ? smsc_fail_nomem(err) : 1;
}

/* Goes into the folder that the walk begins with, or that it gave last. */
static int enter(dir_state *st, smsc_error **err)
{
	bool first = !st->started, into = st->outside;
	st->started = true;
	st->outside = false;
	if (first)
		return push(st, st->walk->source->fd, ".", err);
	const level *l = &st->levels[st->depth - 1];
	return into ? push(st, l->fd, l->sorted[l->next - 1], err) : 0;
}

static int dir_next(void *state, smsc_draft *out, smsc_error **err)
{
	dir_state *st = state;
	drop_file(st);
	if (enter(st, err) < 0)
		return -1;
	while (st->depth) {
		level *l = &st->levels[st->depth - 1];
		if (l->next < l->count)
			return visit(st, l->sorted[l->next++], out, err);
		level_close(&st->levels[--st->depth]);
	}
	return 0;
}

/* Part by part, since O_NOFOLLOW looks at the last part only and a folder could have been
 * replaced by a link that leads out of the evidence. */
static int dir_find(void *state, const smsc_item *item, smsc_error **err)
{
	dir_state *st = state;
	smsc_buf path = SMSC_BUF_INIT;
	smsc_buf_add(&path, item->raw.data, item->raw.size);
	if (path.failed)
		return smsc_fail_nomem(err);
	int dir = st->walk->source->fd;
	char *part = path.data, *slash;
	drop_file(st);
	while (dir >= 0 && (slash = strchr(part, '/'))) {
		*slash = '\0';
		int next = smsc_file_open(dir, part, O_DIRECTORY | O_NOFOLLOW);
		int number = errno;
		if (dir != st->walk->source->fd)
			close(dir);
		errno = number;
		dir = next;
		part = slash + 1;
	}
	st->number = errno;
	if (dir >= 0)
		take_file(st, dir, part);
	if (dir >= 0 && dir != st->walk->source->fd)
		close(dir);
	smsc_buf_free(&path);
	return 0;
}

static size_t dir_read(void *state, uint64_t at, void *buffer, size_t size, smsc_error **err)
{
	dir_state *st = state;
	const smsc_item *item = st->walk->item;
	ssize_t n = st->fd < 0 ? -1 : smsc_file_read(st->fd, buffer, size, at);
	if (n >= 0)
		return (size_t)n;
	if (st->fd < 0)
		smsc_fail_errno(err, st->number, item->path, -1, "cannot open");
	else
		smsc_fail_errno(err, errno, item->path, (int64_t)at, "cannot read");
	return 0;
}

static void dir_close(void *state)
{
	dir_state *st = state;
	drop_file(st);
	while (st->depth)
		level_close(&st->levels[--st->depth]);
	smsc_buf_free(&st->path);
	smsc_buf_free(&st->text);
	free(st);
}

static void *dir_open(smsc_walk *w, smsc_error **err)
{
	dir_state *st = calloc(1, sizeof *st);
	if (!st) {
		smsc_fail_nomem(err);
		return NULL;
	}
	st->walk = w;
	st->fd = -1;
	return st;
}

const smsc_carrier smsc_dir_carrier = {
	"directory", true, NULL, dir_open, dir_next, dir_find, dir_read, dir_close, NULL,
};
