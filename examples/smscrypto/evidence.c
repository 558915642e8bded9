/* evidence.c - operands to sources and entries. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "command.h"

static bool exists(const char *path)
{
	struct stat st;
	return lstat(path, &st) == 0;
}

const char *operand_path(const char *operand, char **label)
{
	const char *equals = strchr(operand, '=');
	*label = NULL;
	/* "a/b=c" is a path: a name holds no slash. */
	if (!equals || equals == operand || memchr(operand, '/', (size_t)(equals - operand)) ||
	    exists(operand))
		return operand;
	*label = strndup(operand, (size_t)(equals - operand));
	return *label ? equals + 1 : operand;
}

smsc_source *source_open(const char *operand, const request *q, smsc_error **err)
{
	char *label;
	smsc_source *s = smsc_source_open(operand_path(operand, &label), &q->options, err);
	if (s && label) {
		/* A source is named by the case it belongs to. */
		smsc_case *c = smsc_case_new(&q->options, err);
		smsc_case_add_source(c, s, label, err);
		smsc_case_unref(c);
	}
	free(label);
	return s;
}

bool is_source(const char *path)
{
	const char *mark = strrchr(path, '#');
	bool numbered = mark && mark[1] && strspn(mark + 1, "0123456789") == strlen(mark + 1);
	char *file = numbered && !exists(path) ? strndup(path, (size_t)(mark - path)) : NULL;
	bool is = strcmp(path, "-") == 0 || exists(file ? file : path);
	free(file);
	return is;
}

/* The first "!/" before which a source exists; NULL when there is none. */
static char *outer_path(const char *operand)
{
	for (const char *at = strstr(operand, "!/"); at; at = strstr(at + 1, "!/")) {
		char *outer = strndup(operand, (size_t)(at - operand));
		if (!outer || is_source(outer))
			return outer;
		free(outer);
	}
	return NULL;
}

/* The entry of that path, or the first when `path` is NULL. */
static smsc_entry *find_entry(smsc_source *s, const char *path, smsc_error **err)
{
	smsc_entry *e;
	while (!interrupted() && (e = smsc_source_next(s, err))) {
		if (!path || strcmp(smsc_entry_path(e), path) == 0)
			return e;
		smsc_entry_unref(e);
	}
	return NULL;
}

/* A file, or what is packed alone (.gz): its size is not known before its end. */
static bool is_one_stream(const smsc_source *s, const smsc_entry *e)
{
	return strcmp(smsc_source_kind(s), "file") == 0 ||
	       (strcmp(smsc_source_kind(s), "archive") == 0 && smsc_entry_size(e) < 0);
}

static bool is_folder_or_file(const char *path)
{
	struct stat st;
	bool alone = stat(path, &st) == 0;
	/* What a pipe gives is gone when it is opened twice. */
	return alone ? S_ISDIR(st.st_mode) || S_ISREG(st.st_mode) : strcmp(path, "-") && is_source(path);
}

smsc_source *many_open(const char *operand, const request *q)
{
	smsc_source *s = is_folder_or_file(operand) ? smsc_source_open(operand, &q->options, NULL) : NULL;
	if (!s || strcmp(smsc_source_kind(s), "directory") == 0 || strcmp(smsc_source_kind(s), "bkf") == 0)
		return s;
	smsc_entry *first = smsc_source_next(s, NULL);
	bool many = first && !is_one_stream(s, first) && smsc_source_rewind(s, NULL) == 0;
	smsc_entry_unref(first);
	if (many)
		return s;
	smsc_source_unref(s);
	return NULL;
}

static smsc_entry *find_in(smsc_source *s, const char *operand, const char *inner,
                           smsc_error **err)
{
	bool folder = !inner && strcmp(smsc_source_kind(s), "directory") == 0;
	smsc_entry *e = folder ? NULL : find_entry(s, inner, err);
	if (*err || interrupted())
		return e;
	if (folder || (e && !inner && !is_one_stream(s, e))) {
		say(operand, -1, "holds many files; name one as %s!/ENTRY", operand);
		smsc_entry_unref(e);
		return NULL;
	}
	if (!e)
		say(operand, -1, inner ? "there is no such entry" : "there is nothing in it");
	else if (strcmp(smsc_entry_kind(e), "folder") == 0) {
		say(operand, -1, "is a folder; name a file in it as %s/ENTRY", operand);
		smsc_entry_unref(e);
		return NULL;
	}
	return e;
}

smsc_entry *entry_open(const char *operand, const request *q, smsc_error **err)
{
	char *outer = is_source(operand) ? NULL : outer_path(operand);
	const char *inner = outer ? operand + strlen(outer) + 2 : NULL;
	smsc_source *s = smsc_source_open(outer ? outer : operand, &q->options, err);
	smsc_entry *e = s ? find_in(s, operand, inner, err) : NULL;
	for (size_t i = 0; s && i < smsc_source_finding_count(s) && !q->quiet; i++)
		say_finding(smsc_source_finding_at(s, i));
	smsc_source_unref(s);
	free(outer);
	return e;
}

/* True when `inner` is `outer` or below it; both absolute without links. */
static bool holds(const char *outer, const char *inner)
{
	size_t size = strlen(outer);
	return strncmp(outer, inner, size) == 0 &&
	       (inner[size] == 0 || inner[size] == '/' || (size && outer[size - 1] == '/'));
}

static bool same_file(const char *a, const char *b)
{
	struct stat one, two;
	return stat(a, &one) == 0 && stat(b, &two) == 0 && one.st_dev == two.st_dev &&
	       one.st_ino == two.st_ino;
}

/* The folder that `path` stands in, without links; NULL when there is none. */
static char *folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *folder = slash ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
	char *real = folder ? realpath(folder, NULL) : NULL;
	free(folder);
	return real;
}

static bool is_operand(const char *path, const char *folder, const char *operand)
{
	char *label;
	const char *named = operand_path(operand, &label);
	char *outer = exists(named) ? NULL : outer_path(named);
	const char *evidence = outer ? outer : named;
	char *real = realpath(evidence, NULL);
	struct stat st;
	bool below = real && folder && stat(real, &st) == 0 && S_ISDIR(st.st_mode) &&
	             holds(real, folder);
	bool is = same_file(path, evidence) || below;
	free(real);
	free(outer);
	free(label);
	return is;
}

bool is_evidence(const char *path, const request *q)
{
	char *real = realpath(path, NULL);  /* a link elsewhere may lead into the evidence */
	char *folder = folder_of(real ? real : path);
	bool is = false;
	for (size_t i = 0; i < q->operand_count && !is; i++)
		is = is_operand(path, folder, q->operands[i]);
	for (size_t i = 0; i < q->asked_count && !is; i++)
		is = is_operand(path, folder, q->asked[i]);
	for (size_t i = 0; i < q->with_count && !is; i++)
		is = is_operand(path, folder, q->with[i]);
	free(folder);
	free(real);
	return is;
}

/* ---- all sources of a request ------------------------------------------------------ */

static void add_source(sources *all, const char *operand, smsc_source *s, smsc_error **err)
{
	for (size_t i = 0; i < all->count; i++)
		if (smsc_source_join(all->at[i], s, err) || *err) {
			smsc_source_unref(s);
			return;
		}
	all->operands[all->count] = operand;
	all->at[all->count++] = s;
}

int sources_open(sources *all, const request *q)
{
	int status = STATUS_DONE;
	all->count = 0;
	all->at = calloc(q->operand_count, sizeof(*all->at));
	all->operands = calloc(q->operand_count, sizeof(*all->operands));
	for (size_t i = 0; i < q->operand_count && all->at && all->operands; i++) {
		smsc_error *err = NULL;
		smsc_source *s = source_open(q->operands[i], q, &err);
		if (s)
			add_source(all, q->operands[i], s, &err);
		if (err) {
			say_error(err, q->operands[i]);
			status = STATUS_FAILED;
		}
		smsc_error_free(err);
	}
	return all->at && all->operands ? status : STATUS_FAILED;
}

void sources_close(sources *all)
{
	for (size_t i = 0; i < all->count; i++)
		smsc_source_unref(all->at[i]);
	free(all->at);
	free(all->operands);
}
