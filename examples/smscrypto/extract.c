/* extract.c - entries of a source to files and folders below a folder.
 *
 * The names are those the library made safe; every folder on the way is opened for itself and
 * without following links, so nothing is ever written outside.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "command.h"

#define PIECE (1u << 20)
#define HOLE  4096u

/* What a file or folder has besides its bytes. */
typedef struct object {
	const char *path;        /* below the root; of a folder with a '/' at its end */
	smsc_time   modified, accessed;
	int64_t     attributes;
} object;

/* Where files go: the folder of the last one stays open, as the next is mostly in it. */
typedef struct target {
	const request *q;
	int    root, folder;
	char   path[PATH_MAX];   /* of `folder`, below the root */
	char  *buffer;
	object *folders;         /* to be finished when nothing more is put into them */
	size_t folder_count, folder_room;
	bool   plain;            /* attributes cannot be kept here, and that was said */
	int    status;
} target;

static void failed(target *t, const char *path, const char *what)
{
	say(path, -1, "%s: %s", what, strerror(errno));
	t->status = STATUS_FAILED;
}

/* ---- folders ---------------------------------------------------------------------- */

static int make_folders(const char *path)
{
	char part[PATH_MAX];
	size_t size = strlen(path);
	if (size >= sizeof part) {
		errno = ENAMETOOLONG;
		return -1;
	}
	for (size_t i = 1; i <= size; i++)
		if (path[i] == '/' || i == size) {
			memcpy(part, path, i);
			part[i] = '\0';
			if (mkdir(part, 0777) < 0 && errno != EEXIST)
				return -1;
		}
	return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static int enter(int folder, const char *name)
{
	if (mkdirat(folder, name, 0777) < 0 && errno != EEXIST)
		return -1;
	return openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

static void leave(target *t)
{
	if (t->folder >= 0 && t->folder != t->root)
		close(t->folder);
	t->folder = -1;
}

/* Opens the folder of `path`, made where it is missing; the file's own name, or NULL. */
static const char *go_to(target *t, const char *path)
{
	const char *slash = strrchr(path, '/');
	size_t size = slash ? (size_t)(slash - path) : 0;
	if (t->folder >= 0 && strlen(t->path) == size && memcmp(t->path, path, size) == 0)
		return slash ? slash + 1 : path;
	leave(t);
	if (size >= sizeof t->path) {
		errno = ENAMETOOLONG;
		return NULL;
	}
	memcpy(t->path, path, size);
	t->path[size] = '\0';
	t->folder = t->root;
	for (char *part = t->path; *part;) {
		size_t length = strcspn(part, "/");
		char kept = part[length];
		part[length] = '\0';
		int next = enter(t->folder, part);
		part[length] = kept;
		if (t->folder != t->root)
			close(t->folder);
		t->folder = next;
		if (next < 0)
			return NULL;
		part += length + (kept == '/');
	}
	return slash ? slash + 1 : path;
}

/* ---- one file --------------------------------------------------------------------- */

static bool is_zero(const char *data, size_t size)
{
	return !*data && memcmp(data, data + 1, size - 1) == 0;
}

static int write_all(int fd, const char *data, size_t size, uint64_t at)
{
	while (size) {
		ssize_t n = pwrite(fd, data, size, (off_t)at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		data += n;
		size -= (size_t)n;
		at += (uint64_t)n;
	}
	return 0;
}

/* Runs of zeros stay holes. */
static int write_piece(int fd, const char *data, size_t size, uint64_t at)
{
	size_t from = 0, i = 0;
	while (i < size) {
		size_t step = HOLE - (size_t)((at + i) % HOLE);
		if (step > size - i)
			step = size - i;
		if (is_zero(data + i, step)) {
			if (write_all(fd, data + from, i - from, at + from) < 0)
				return -1;
			from = i + step;
		}
		i += step;
	}
	return write_all(fd, data + from, size - from, at + from);
}

static int copy(target *t, smsc_entry *e, int fd, smsc_error **err)
{
	uint64_t at = 0;
	size_t n;
	while (!interrupted() && (n = smsc_entry_read(e, t->buffer, PIECE, err)) > 0) {
		if (write_piece(fd, t->buffer, n, at) < 0)
			return -1;
		at += n;
	}
	return ftruncate(fd, (off_t)at);
}

static struct timespec time_of(smsc_time ticks)
{
	const int64_t epoch = INT64_C(116444736000000000);
	int64_t second = SMSC_TICKS_A_SECOND, since = ticks - epoch;
	if (ticks == SMSC_NEVER)
		return (struct timespec){ 0, UTIME_OMIT };
	int64_t part = (since % second + second) % second;
	return (struct timespec){ (time_t)((since - part) / second), (long)part * 100 };
}

/* What is no file or folder of every day is kept as Samba keeps it; what the system refuses is
 * said once. */
static void keep_attributes(target *t, int64_t attributes, int fd)
{
	const int64_t folder = 0x10, archive = 0x20, normal = 0x80;
	char text[24];
	if (attributes <= 0 || !(attributes & ~(folder | archive)) || attributes == normal || t->plain)
		return;
	int size = snprintf(text, sizeof text, "0x%llx", (unsigned long long)attributes);
	if (fsetxattr(fd, "user.DOSATTRIB", text, (size_t)size, 0) == 0)
		return;
	t->plain = true;
	if (!t->q->quiet)
		say(t->q->folder, -1, "Windows attributes cannot be kept here: %s", strerror(errno));
}

static object object_of(const char *path, const smsc_entry *e)
{
	return (object){ path, smsc_entry_modified(e), smsc_entry_accessed(e), smsc_entry_attributes(e) };
}

static void finish(target *t, object o, int fd)
{
	const struct timespec times[] = { time_of(o.accessed), time_of(o.modified) };
	keep_attributes(t, o.attributes, fd);
	if (futimens(fd, times) < 0)
		failed(t, o.path, "its times cannot be set");
}

static int create(target *t, const char *name)
{
	const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
	int fd = openat(t->folder, name, flags, 0666);
	/* Replaced, not written into: it may be a link, or have other names. */
	if (fd < 0 && errno == EEXIST && t->q->force && unlinkat(t->folder, name, 0) == 0)
		fd = openat(t->folder, name, flags, 0666);
	return fd;
}

static void extract(target *t, smsc_entry *e, const char *path)
{
	smsc_error *err = NULL;
	const char *name = go_to(t, path);
	int fd = name ? create(t, name) : -1;
	if (fd < 0) {
		failed(t, path, errno == EEXIST ? "not written over without --force" : "cannot be made");
		return;
	}
	if (copy(t, e, fd, &err) < 0)
		failed(t, path, "cannot be written");
	else if (!interrupted())
		finish(t, object_of(path, e), fd);
	if (close(fd) < 0)
		failed(t, path, "cannot be written");
	if (err) {
		say_error(err, path);
		t->status = STATUS_FAILED;
	}
	smsc_error_free(err);
}

/* ---- folders of the source -------------------------------------------------------- */

/* Makes it at once, so that it is there if it is empty, too. */
static void extract_folder(target *t, const smsc_entry *e, const char *path)
{
	if (t->folder_count == t->folder_room) {
		size_t room = t->folder_room ? t->folder_room * 2 : 64;
		object *more = realloc(t->folders, room * sizeof *more);
		if (!more) {
			failed(t, path, "cannot be remembered");
			return;
		}
		t->folders = more;
		t->folder_room = room;
	}
	size_t size = strlen(path) + 2;
	char *copy = malloc(size);
	if (copy)
		snprintf(copy, size, "%s/", path);
	if (!copy || !go_to(t, copy)) {
		failed(t, path, "cannot be made");
		free(copy);
		return;
	}
	t->folders[t->folder_count++] = object_of(copy, e);
}

/* What was put into a folder has changed its times. */
static void finish_folders(target *t)
{
	for (size_t i = 0; i < t->folder_count; i++) {
		object o = t->folders[i];
		if (!interrupted() && go_to(t, o.path))
			finish(t, o, t->folder);
		else if (!interrupted())
			failed(t, o.path, "its times cannot be set");
		free((char *)o.path);
	}
	free(t->folders);
}

/* ---- all of them ------------------------------------------------------------------ */

/* Several sources get a folder each, by their labels, whose '/' and leading '.' are no part. */
static void path_below(char *out, size_t room, const smsc_source *s, const smsc_entry *e, bool many)
{
	char label[256];
	snprintf(label, sizeof label, "%s", smsc_source_label(s));
	for (char *p = label; *p; p++)
		if (*p == '/' || (*p == '.' && p == label))
			*p = '_';
	snprintf(out, room, "%s%s%s", many ? label : "", many ? "/" : "", smsc_entry_safe_path(e));
}

/* What the walk found out about the evidence since the last call; damage is a failure. */
static size_t tell_findings(target *t, const smsc_source *s, size_t told)
{
	for (; told < smsc_source_finding_count(s); told++) {
		const smsc_finding *f = smsc_source_finding_at(s, told);
		if (!t->q->quiet)
			say_finding(f);
		if (smsc_finding_severity(f) >= 2)
			t->status = STATUS_FAILED;
	}
	return told;
}

static void extract_source(target *t, const char *operand, smsc_source *s, bool many)
{
	smsc_error *err = NULL;
	progress bar;
	uint64_t bytes = 0;
	size_t told = 0;
	char path[PATH_MAX];
	progress_start(&bar, t->q, false);
	for (smsc_entry *e; !progress_step(&bar, operand, bytes, 0) && (e = smsc_source_next(s, &err));
	     smsc_entry_unref(e)) {
		bytes += smsc_entry_size(e) > 0 ? (uint64_t)smsc_entry_size(e) : 0;
		if (!is_asked_for(t->q, smsc_entry_path(e)))
			continue;
		path_below(path, sizeof path, s, e, many);
		if (strcmp(smsc_entry_kind(e), "file") == 0)
			extract(t, e, path);
		else if (strcmp(smsc_entry_kind(e), "folder") == 0)
			extract_folder(t, e, path);
		else if (!t->q->quiet)
			say(smsc_entry_path(e), -1, "is no file (%s) and was left out", smsc_entry_kind(e));
		told = tell_findings(t, s, told);
	}
	progress_end(&bar);
	tell_findings(t, s, told);
	if (err) {
		say_error(err, operand);
		t->status = STATUS_FAILED;
	}
	smsc_error_free(err);
}

static int open_target(target *t, const request *q)
{
	char inside[PATH_MAX];
	*t = (target){ .q = q, .root = -1, .folder = -1, .status = STATUS_DONE };
	if (!q->folder) {
		say(NULL, -1, "extract needs a folder to write to: -C DIR");
		return STATUS_USAGE;
	}
	snprintf(inside, sizeof inside, "%s/.", q->folder);
	if (is_evidence(inside, q) || is_evidence(q->folder, q)) {
		say(q->folder, -1, "is evidence, or stands in it; nothing is written there");
		return STATUS_USAGE;
	}
	t->root = make_folders(q->folder);
	t->buffer = malloc(PIECE);
	if (t->root >= 0 && t->buffer)
		return STATUS_DONE;
	failed(t, q->folder, "cannot be opened");
	return STATUS_FAILED;
}

int run_extract(const request *q)
{
	target t;
	sources all;
	int status = open_target(&t, q);
	if (status == STATUS_DONE) {
		t.status = sources_open(&all, q);
		for (size_t i = 0; i < all.count && !interrupted(); i++)
			extract_source(&t, all.operands[i], all.at[i], all.count > 1);
		sources_close(&all);
		finish_folders(&t);
		status = interrupted() ? STATUS_FAILED : patterns_end(q, t.status);
	}
	leave(&t);
	if (t.root >= 0)
		close(t.root);
	free(t.buffer);
	return status;
}
