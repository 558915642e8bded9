/* logs.c - operands to logs, generations of one log in the order of what is in them. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"

/* So many rows are looked at for the first one with a time. */
enum { LOOK = 1000 };
enum { STAMP = 16 };  /* "-20050107-175943" */

struct log_file {
	char       *name;
	smsc_entry *entry;      /* of a source of many files; NULL: an operand of its own */
	size_t      place;      /* before it is put in order */
	size_t      set_size;   /* bytes of the name that all generations share */
	smsc_time   first, stamp;
};

const char *log_name(const log_file *f)
{
	return f->name;
}

/* A file is opened by its path, which then stands in the rows; ARCHIVE!/ENTRY by its entry. */
static smsc_log *open_operand(const char *operand, const request *q, smsc_error **err)
{
	struct stat st;
	if (strcmp(operand, "-") == 0)
		return smsc_log_open_fd(STDIN_FILENO, operand, &q->options, err);
	bool alone = stat(operand, &st) == 0;
	smsc_entry *e = entry_open(operand, q, err);
	smsc_log *l = NULL;
	if (e)
		l = alone ? smsc_log_open(operand, &q->options, err)
		          : smsc_log_open_entry(e, &q->options, err);
	smsc_entry_unref(e);
	return l;
}

smsc_log *log_open(const log_file *f, const request *q, smsc_error **err)
{
	return f->entry ? smsc_log_open_entry(f->entry, &q->options, err) : open_operand(f->name, q, err);
}

/* ---- names ----------------------------------------------------------------------------------- */

static bool ends(const char *text, size_t size, const char *with)
{
	size_t n = strlen(with);
	return size > n && strncasecmp(text + size - n, with, n) == 0;
}

/* A log packed alone is named by its file: of "x-20050107-175943.log.gz!/x.log", what stands before "!/". */
static size_t outer_size(const char *name)
{
	size_t size = strlen(name);
	for (const char *mark = strstr(name, "!/"); mark; mark = strstr(mark + 2, "!/")) {
		size_t outer = (size_t)(mark - name);
		if (!strchr(mark + 2, '/') && ends(name, outer, ".gz") && !ends(name, outer, ".tar.gz"))
			size = outer;
	}
	return size;
}

static bool is_stamp(const char *text)
{
	static const char form[] = "-00000000-000000";
	for (size_t i = 0; i < STAMP; i++)
		if (form[i] == '-' ? text[i] != '-' : text[i] < '0' || text[i] > '9')
			return false;
	return true;
}

/* What a log gets when it is full or packed is no part of its set: "CcmExec" of
 * "CcmExec-20050105-193713.log.gz", "hman" of "hman.lo_". */
static void read_name(log_file *f)
{
	char time[24];
	size_t n = outer_size(f->name);
	if (ends(f->name, n, ".gz"))
		n -= 3;
	if (ends(f->name, n, ".log") || ends(f->name, n, ".lo_"))
		n -= 4;
	f->set_size = n;
	if (n <= STAMP || !is_stamp(f->name + n - STAMP))
		return;
	const char *at = f->name + n - STAMP + 1;
	f->set_size = n - STAMP;
	snprintf(time, sizeof time, "%.4s-%.2s-%.2sT%.2s:%.2s:%.2sZ", at, at + 4, at + 6, at + 9, at + 11, at + 13);
	f->stamp = smsc_time_parse(time);
}

/* ---- order ----------------------------------------------------------------------------------- */

static int compare_sets(const log_file *a, const log_file *b)
{
	size_t n = a->set_size < b->set_size ? a->set_size : b->set_size;
	int d = strncasecmp(a->name, b->name, n);
	return d ? d : (a->set_size > b->set_size) - (a->set_size < b->set_size);
}

static int by_place(const void *left, const void *right)
{
	const log_file *a = left, *b = right;
	int d = compare_sets(a, b);
	return d ? d : (a->place > b->place) - (a->place < b->place);
}

static int compare_times(smsc_time a, smsc_time b)
{
	/* What has none is still written to. */
	int d = (a == SMSC_NEVER) - (b == SMSC_NEVER);
	return d ? d : (a > b) - (a < b);
}

/* Where content tells no order, the stamps in the names do. */
static int by_content(const void *left, const void *right)
{
	const log_file *a = left, *b = right;
	int d = compare_sets(a, b);
	if (!d)
		d = compare_times(a->first != SMSC_NEVER ? a->first : a->stamp, b->first != SMSC_NEVER ? b->first : b->stamp);
	if (!d)
		d = compare_times(a->stamp, b->stamp);
	return d ? d : (a->place > b->place) - (a->place < b->place);
}

/* Of its first row with a time; SMSC_NEVER when there is none near its beginning. */
static smsc_time first_time(const log_file *f, const request *q)
{
	smsc_row row = SMSC_ROW_INIT;
	smsc_error *err = NULL;
	smsc_time t = SMSC_NEVER;
	smsc_log *l = log_open(f, q, &err);
	for (int i = 0; i < LOOK && t == SMSC_NEVER && l && smsc_log_next(l, &row, &err); i++)
		t = row.time != SMSC_NEVER ? row.time : row.local;
	smsc_log_unref(l);
	smsc_error_free(err);
	return t;
}

/* Generations change places among themselves until each goes on where the one before ends. */
static bool put_in_order(logs *all, const request *q)
{
	size_t n = all->count;
	if (n < 2)
		return true;
	size_t *places = calloc(n, sizeof *places);
	log_file *ordered = calloc(n, sizeof *ordered);
	if (places && ordered) {
		qsort(all->at, n, sizeof *all->at, by_place);
		for (size_t i = 0; i < n; i++) {
			log_file *f = &all->at[i];
			places[i] = f->place;
			bool alone = (!i || compare_sets(f - 1, f)) && (i + 1 == n || compare_sets(f, f + 1));
			if (!alone && strcmp(f->name, "-") && !interrupted())
				f->first = first_time(f, q);
		}
		qsort(all->at, n, sizeof *all->at, by_content);
		for (size_t i = 0; i < n; i++)
			ordered[places[i]] = all->at[i];
		memcpy(all->at, ordered, n * sizeof *ordered);
	}
	bool done = places && ordered;
	free(places);
	free(ordered);
	return done;
}

/* ---- operands -------------------------------------------------------------------------------- */

/* Takes `name`. */
static bool add(logs *all, char *name, smsc_entry *e)
{
	if (name && all->count == all->room) {
		size_t room = all->room ? all->room * 2 : 16;
		log_file *at = realloc(all->at, room * sizeof *at);
		if (at) {
			all->at = at;
			all->room = room;
		}
	}
	if (!name || all->count == all->room) {
		free(name);
		return false;
	}
	log_file *f = &all->at[all->count];
	*f = (log_file){ .name = name, .entry = smsc_entry_ref(e), .place = all->count };
	read_name(f);
	all->count++;
	return true;
}

/* As an operand names it. */
static char *name_in(const char *operand, const smsc_source *s, const char *path)
{
	bool folder = strcmp(smsc_source_kind(s), "directory") == 0;
	size_t size = strlen(operand);
	while (folder && size > 1 && operand[size - 1] == '/')
		size--;
	size_t room = size + strlen(path) + 3;
	char *name = malloc(room);
	if (name)
		snprintf(name, room, "%.*s%s%s", (int)size, operand, folder ? "/" : "!/", path);
	return name;
}

/* The bytes of an archive whose entries follow look like the logs in it, where they are not packed. */
static void leave_out(logs *all, size_t before, const char *path)
{
	log_file *last = all->count > before ? &all->at[all->count - 1] : NULL;
	const char *outer = last ? smsc_entry_path(last->entry) : "";
	size_t size = strlen(outer);
	if (!last || strncmp(path, outer, size) || strncmp(path + size, "!/", 2))
		return;
	all->count--;
	free(last->name);
	smsc_entry_unref(last->entry);
}

/* What is in it decides; a file that is no log is left out.  -1: the evidence could not be read. */
static int add_if_log(logs *all, const char *operand, const smsc_source *s, smsc_entry *e, const request *q)
{
	smsc_error *wrong = NULL;
	smsc_log *l = strcmp(smsc_entry_kind(e), "file") ? NULL : smsc_log_open_entry(e, &q->options, &wrong);
	bool is = l != NULL, failed = wrong && smsc_error_code(wrong) != SMSC_EFORMAT;
	smsc_log_unref(l);
	if (failed)
		say_error(wrong, smsc_entry_path(e));
	smsc_error_free(wrong);
	if (is && !add(all, name_in(operand, s, smsc_entry_path(e)), e)) {
		say(NULL, -1, "no memory");
		failed = true;
	}
	return failed ? -1 : 0;
}

static int add_all(logs *all, const char *operand, smsc_source *s, const request *q)
{
	smsc_error *wrong = NULL;
	smsc_entry *e;
	size_t before = all->count;
	int status = STATUS_DONE;
	progress bar;
	progress_start(&bar, q, true);
	while (!progress_step(&bar, operand, 0, 0) && (e = smsc_source_next(s, &wrong))) {
		leave_out(all, before, smsc_entry_path(e));
		if (add_if_log(all, operand, s, e, q) < 0)
			status = STATUS_FAILED;
		smsc_entry_unref(e);
	}
	progress_end(&bar);
	for (size_t i = 0; i < smsc_source_finding_count(s) && !q->quiet; i++)
		say_finding(smsc_source_finding_at(s, i));
	if (wrong)
		say_error(wrong, operand);
	else if (all->count == before && status == STATUS_DONE && !interrupted())
		say(operand, -1, "there is no log in it");
	smsc_error_free(wrong);
	return all->count == before || wrong ? STATUS_FAILED : status;
}

int logs_find(logs *all, const request *q)
{
	int status = STATUS_DONE;
	*all = (logs){ .at = NULL };
	for (size_t i = 0; i < q->operand_count && !interrupted(); i++) {
		smsc_source *s = many_open(q->operands[i], q);
		if (s ? add_all(all, q->operands[i], s, q) : !add(all, strdup(q->operands[i]), NULL))
			status = STATUS_FAILED;
		smsc_source_unref(s);
	}
	if (q->count || put_in_order(all, q))
		return status;
	say(NULL, -1, "no memory");
	return STATUS_FAILED;
}

void logs_free(logs *all)
{
	for (size_t i = 0; i < all->count; i++) {
		free(all->at[i].name);
		smsc_entry_unref(all->at[i].entry);
	}
	free(all->at);
}

log_file *logs_at(const logs *all, size_t i)
{
	return &all->at[i];
}
