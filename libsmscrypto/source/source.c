/* source.c - a source: opened, walked, let go. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../base/ident.h"
#include "../base/text.h"
#include "file.h"
#include "source.h"

/* Zips without the UTF-8 flag hold names in the OEM code page of the machine that packed
 * them; 437 is what the format's specification says. */
#define ZIP_CODEPAGE 437

/* Found by content, in this order; a new carrier is one row. */
static const smsc_carrier *const carriers[] = { &smsc_archive_carrier, &smsc_bkf_carrier };

const smsc_carrier *smsc_carrier_probe(smsc_walk *w)
{
	for (size_t i = 0; i < sizeof carriers / sizeof *carriers; i++)
		if (carriers[i]->probe(w))
			return carriers[i];
	return NULL;
}

/* ---- open and close ------------------------------------------------------------ */

static char *copy_text(const char *text, size_t size)
{
	smsc_buf b = SMSC_BUF_INIT;
	smsc_text_utf8(&b, smsc_span_of(text, size));
	smsc_buf_add(&b, "", 0);
	if (b.failed)
		smsc_buf_free(&b);
	return b.data;
}

/* The last part; "a/b/" is "b", and "/" stays. */
static char *copy_last(const char *path)
{
	size_t end = strlen(path);
	while (end > 1 && path[end - 1] == '/')
		end--;
	size_t from = end;
	while (from && path[from - 1] != '/')
		from--;
	return from < end ? copy_text(path + from, end - from) : copy_text(path, end);
}

static void source_free(smsc_source *s)
{
	smsc_close_fn *tell = s->on_close;
	void *user = s->close_user;
	smsc_walk_free(s->walk);
	smsc_walk_free(s->side);
	smsc_arena_unref(s->arena);
	for (size_t i = 0; i < s->set_count; i++)
		smsc_record_unref(s->sets[i]);
	smsc_arena_unref(s->kept);
	smsc_source_unref(s->whole);
	smsc_media_free(s);
	if (s->fd >= 0)
		close(s->fd);
	free(s->path);
	free(s->label);
	free(s->name);
	free(s);
	smsc_live_add(-1);
	if (tell)
		tell(user);
}

static smsc_source *source_of(const char *path, const smsc_settings *settings,
                              uint32_t zip_codepage, smsc_error **err)
{
	smsc_source *s = calloc(1, sizeof *s);
	if (!s) {
		smsc_fail_nomem(err);
		return NULL;
	}
	smsc_live_add(1);
	atomic_init(&s->refs, 1);
	s->fd = -1;
	s->settings = *settings;
	s->zip_codepage = zip_codepage;
	s->path = copy_text(path, strlen(path));
	s->name = copy_last(path);
	s->label = copy_last(path);
	s->arena = smsc_arena_new();
	s->findings.limit = (size_t)settings->max_events;
	if (s->path && s->name && s->label && s->arena)
		return s;
	smsc_fail_nomem(err);
	source_free(s);
	return NULL;
}

static smsc_source *source_new(const char *path, const smsc_options *options, smsc_error **err)
{
	smsc_settings settings;
	if (smsc_failed(err) || smsc_settings_of(&settings, options, err) < 0)
		return NULL;
	return source_of(path, &settings, options && options->codepage ? options->codepage : ZIP_CODEPAGE,
	                 err);
}

/* "x" and 2 to "x#2", in place of what is there. */
static bool add_set(char **text, const char *from, uint32_t set)
{
	smsc_buf b = SMSC_BUF_INIT;
	smsc_buf_printf(&b, "%s#%u", from, (unsigned)set);
	free(*text);
	*text = b.data;
	return !b.failed;
}

smsc_source *smsc_source_of_set(const smsc_source *s, uint32_t set, smsc_error **err)
{
	smsc_source *v = source_of(s->name, &s->settings, s->zip_codepage, err);
	if (!v)
		return NULL;
	v->root = s->root;
	v->kind = s->kind;
	v->whole = smsc_source_ref(s->whole ? s->whole : s);
	v->only = set;
	if (add_set(&v->path, s->path, set) && add_set(&v->label, s->label, set))
		return v;
	smsc_fail_nomem(err);
	source_free(v);
	return NULL;
}

/* Whether a single file or memory is an archive decides what the source is. */
static int probe_root(smsc_source *s, smsc_error **err)
{
	smsc_walk *w = smsc_walk_open(s, NULL, s->root, false, err);
	int r = w ? smsc_walk_step(w, err) : -1;
	if (r > 0 && w->inner)
		s->kind = w->inner->kind;
	smsc_walk_free(w);
	return r < 0 ? -1 : 0;
}

static int set_root(smsc_source *s, const smsc_carrier *root, smsc_error **err)
{
	s->root = root;
	s->kind = root->kind;
	if (root == &smsc_pipe_carrier)
		return smsc_pipe_begin(s, err);
	return root == &smsc_dir_carrier ? 0 : probe_root(s, err);
}

static int open_root(smsc_source *s, const char *path, smsc_error **err)
{
	struct stat st;
	bool input = strcmp(path, "-") == 0;
	/* Asked before it is opened: to open a tape or a terminal already does something. */
	if ((input ? fstat(STDIN_FILENO, &st) : stat(path, &st)) < 0)
		return smsc_fail_errno(err, errno, path, -1, "cannot open");
	if (!input && !S_ISDIR(st.st_mode) && !S_ISREG(st.st_mode) && !S_ISFIFO(st.st_mode))
		return smsc_fail(err, SMSC_EIO, path, -1,
		                 "cannot open: neither a file, a directory nor a pipe");
	if (input)
		s->fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0);
	else if (S_ISFIFO(st.st_mode))
		s->fd = open(path, O_RDONLY | O_CLOEXEC);  /* waits for who writes */
	else
		s->fd = smsc_file_open(AT_FDCWD, path, 0);
	if (s->fd < 0 || fstat(s->fd, &st) < 0)
		return smsc_fail_errno(err, errno, path, -1, "cannot open");
	return set_root(s, S_ISDIR(st.st_mode) ? &smsc_dir_carrier :
	                   S_ISREG(st.st_mode) ? &smsc_file_carrier : &smsc_pipe_carrier, err);
}

/* "a.bkf#2" is the second backup set of that file, unless a file has just that name.  The
 * number, and the file, to be freed; 0: `path` is all there is. */
static uint32_t set_of_path(const char *path, char **file)
{
	struct stat st;
	uint32_t set = 0;
	const char *mark = strrchr(path, '#'), *p = mark ? mark + 1 : "";
	while (*p >= '0' && *p <= '9' && set < 10000)
		set = set * 10 + (uint32_t)(*p++ - '0');
	if (!set || *p || mark == path || stat(path, &st) == 0)
		return 0;
	*file = strndup(path, (size_t)(mark - path));
	return *file ? set : 0;
}

static smsc_source *narrow(smsc_source *s, uint32_t set, smsc_error **err)
{
	smsc_source *v = NULL;
	if (s && s->kind != smsc_bkf_carrier.kind)
		smsc_fail(err, SMSC_EARG, s->path, -1, "this is no backup and has no sets");
	else if (s)
		v = smsc_source_of_set(s, set, err);
	smsc_source_unref(s);
	return v;
}

smsc_source *smsc_source_open(const char *path, const smsc_options *options, smsc_error **err)
{
	if (smsc_failed(err))
		return NULL;
	if (!path || !*path) {
		smsc_fail(err, SMSC_EARG, NULL, -1, "smsc_source_open: no path");
		return NULL;
	}
	char *file = NULL;
	uint32_t set = set_of_path(path, &file);
	smsc_source *s = source_new(set ? file : path, options, err);
	if (s && open_root(s, set ? file : path, err) < 0) {
		source_free(s);
		s = NULL;
	}
	free(file);
	return set ? narrow(s, set, err) : s;
}

smsc_source *smsc_source_memory(const char *name, const void *data, size_t size,
                                const smsc_options *options, smsc_error **err)
{
	if (smsc_failed(err))
		return NULL;
	if (!data && size) {
		smsc_fail(err, SMSC_EARG, NULL, -1, "smsc_source_memory: no data");
		return NULL;
	}
	smsc_source *s = source_new(name && *name ? name : "memory", options, err);
	if (!s)
		return NULL;
	s->memory = smsc_span_of(data ? data : "", size);
	if (set_root(s, &smsc_memory_carrier, err) == 0)
		return s;
	source_free(s);
	return NULL;
}

void smsc_source_on_close(smsc_source *s, smsc_close_fn *close_fn, void *user)
{
	s->on_close = close_fn;
	s->close_user = user;
}

int smsc_source_set_label(smsc_source *s, const char *label, smsc_error **err)
{
	char *copy = copy_text(label, strlen(label));
	if (!copy)
		return smsc_fail_nomem(err);
	free(s->label);
	s->label = copy;
	return 0;
}

smsc_source *smsc_source_ref(const smsc_source *s)
{
	smsc_source *mine = (smsc_source *)s;
	if (mine)
		atomic_fetch_add_explicit(&mine->refs, 1, memory_order_relaxed);
	return mine;
}

void smsc_source_unref(const smsc_source *s)
{
	smsc_source *mine = (smsc_source *)s;
	if (mine && atomic_fetch_sub_explicit(&mine->refs, 1, memory_order_acq_rel) == 1)
		source_free(mine);
}

const char *smsc_source_kind(const smsc_source *s)  { return s->kind; }
const char *smsc_source_path(const smsc_source *s)  { return s->path; }
const char *smsc_source_label(const smsc_source *s) { return s->label; }

size_t smsc_source_finding_count(const smsc_source *s)
{
	return s->findings.count;
}

const smsc_finding *smsc_source_finding_at(const smsc_source *s, size_t i)
{
	return i < s->findings.count ? s->findings.at[i] : NULL;
}

/* ---- the walk ------------------------------------------------------------------ */

int smsc_source_rewind(smsc_source *s, smsc_error **err)
{
	if (smsc_failed(err))
		return -1;
	if (smsc_source_is_pipe(s))
		return smsc_pipe_rewind(s, err);
	smsc_arena *arena = smsc_arena_new();
	if (!arena)
		return smsc_fail_nomem(err);
	smsc_walk_free(s->walk);
	smsc_walk_free(s->side);
	s->walk = s->side = NULL;
	s->ended = false;
	s->count = 0;
	/* Findings that somebody holds keep the old arena. */
	smsc_arena_unref(s->arena);
	s->arena = arena;
	s->findings = (smsc_findings){ .limit = s->findings.limit };
	return 0;
}

static bool too_many(smsc_source *s, const smsc_walk *w)
{
	if (++s->count <= s->settings.max_entries)
		return false;
	smsc_walk_tell(s->walk, SMSC_RULE_D008, w->item ? w->item->path : NULL, 0,
	               "limit max_entries of %llu reached: the walk ends here",
	               (unsigned long long)s->settings.max_entries);
	return true;
}

/* 1 when s->walk stands on a new item, 0 at the end, -1 on failure.  What is no entry is
 * counted like one: an archive of nothing else must end, too. */
static int next_item(smsc_source *s, smsc_error **err)
{
	if (!s->walk && !(s->walk = smsc_walk_open(s, NULL, s->root, false, err)))
		return -1;
	bool primed = s->primed;
	s->primed = false;
	if (primed && !s->walk->inner)
		return !too_many(s, s->walk);
	while (s->walk) {
		smsc_walk *w = s->walk;
		if (w->inner && !w->entered) {
			if (smsc_walk_enter(s, &s->walk, err) < 0)
				return -1;
			continue;
		}
		int r = smsc_walk_step(w, err);
		if (r < 0)
			return -1;
		if (r == 0)
			s->walk = smsc_walk_pop(w);
		else if (w->item && (w->item->hidden || (s->only && w->item->part != s->only)))
			continue;
		else if (too_many(s, w))
			return 0;
		else if (w->item)
			return 1;
	}
	return 0;
}

smsc_entry *smsc_source_next(smsc_source *s, smsc_error **err)
{
	smsc_error *why = NULL;
	if (smsc_failed(err) || s->ended)
		return NULL;
	int r = next_item(s, &why);
	/* A finding that could not be kept must not be lost in silence. */
	if (smsc_arena_failed(s->arena))
		r = smsc_fail_nomem(&why);
	smsc_entry *e = r > 0 ? smsc_entry_new(s, s->walk, &why) : NULL;
	s->ended = r == 0;
	smsc_hand_over(err, why);
	return e;
}
