/* prop_same_tree.c - the same tree, however it is carried: as a directory, in every archive
 * that can be made here, in archives within archives, and in memory.
 *
 *   - equal paths, kinds and bytes; each path once; folders too
 *   - times equal as far as the format keeps them: within the slack that the entry states
 *   - all of it the same under another TZ of the analyst, and on a second walk
 *
 * Archives are made by other programs, never by the library.
 */
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../sample.h"
#include "base/buf.h"

static int number, failed;
static char root[256];

static void result(bool good, const char *carrier, const char *what)
{
	number++;
	failed += !good;
	printf("%sok %d - %s%s%s\n", good ? "" : "not ", number, carrier, good ? "" : " # ",
	       good ? "" : what);
}

__attribute__((format(printf, 1, 2)))
static bool run(const char *format, ...)
{
	char command[2048], all[2560];
	va_list args;
	va_start(args, format);
	vsnprintf(command, sizeof command, format, args);
	va_end(args);
	snprintf(all, sizeof all, "cd '%s' && { %s ; } >/dev/null 2>&1", root, command);
	return system(all) == 0;
}

/* ---- a tree that was read ------------------------------------------------------------ */

typedef struct file {
	char     *path;
	bool      folder;
	uint64_t  size, sum;   /* FNV-1a of the bytes */
	smsc_time modified;
	int64_t   slack;
	const char *clock;
} file;

typedef struct tree {
	file  *files;
	size_t count, folders, findings;
	bool   broken;
} tree;

static void read_file(smsc_entry *e, file *out)
{
	char buffer[10000];
	smsc_error *err = NULL;
	out->sum = UINT64_C(0xcbf29ce484222325);
	for (size_t n; (n = smsc_entry_read(e, buffer, sizeof buffer, &err)) > 0; out->size += n)
		for (size_t i = 0; i < n; i++)
			out->sum = (out->sum ^ (unsigned char)buffer[i]) * UINT64_C(0x100000001b3);
	if (err || (smsc_entry_size(e) >= 0 && (uint64_t)smsc_entry_size(e) != out->size))
		out->sum = 0;
	smsc_error_free(err);
}

static int by_path(const void *a, const void *b)
{
	return strcmp(((const file *)a)->path, ((const file *)b)->path);
}

/* Files and folders below `prefix` (cut off), sorted; archives on the way are left out. */
static tree read_tree(smsc_source *s, const char *prefix)
{
	tree t = { .files = NULL };
	smsc_error *err = NULL;
	for (smsc_entry *e; (e = smsc_source_next(s, &err)); smsc_entry_unref(e)) {
		const char *path = smsc_entry_path(e);
		bool folder = strcmp(smsc_entry_kind(e), "folder") == 0;
		if (strncmp(path, prefix, strlen(prefix)) != 0 || (!folder && strcmp(smsc_entry_kind(e), "file") != 0))
			continue;
		t.files = realloc(t.files, (t.count + 1) * sizeof *t.files);
		file *f = &t.files[t.count++];
		*f = (file){ .path = strdup(path + strlen(prefix)), .folder = folder };
		t.folders += folder;
		f->modified = smsc_entry_modified(e);
		f->slack = smsc_entry_slack(e);
		f->clock = smsc_entry_clock(e);
		read_file(e, f);
	}
	t.broken = err != NULL;
	smsc_error_free(err);
	t.findings = smsc_source_finding_count(s);
	if (t.count)
		qsort(t.files, t.count, sizeof *t.files, by_path);
	return t;
}

static void tree_free(tree *t)
{
	for (size_t i = 0; i < t->count; i++)
		free(t->files[i].path);
	free(t->files);
}

static tree open_tree(const char *name, const char *prefix, const char *zone, bool memory)
{
	char path[512];
	smsc_options options = SMSC_OPTIONS_INIT;
	smsc_error *err = NULL;
	options.zone = zone;
	snprintf(path, sizeof path, "%s/%s", root, name);
	smsc_span data = memory ? sample_load(path) : (smsc_span){ NULL, 0 };
	smsc_source *s = memory ? smsc_source_memory(name, data.data, data.size, &options, &err) :
	                          smsc_source_open(path, &options, &err);
	tree t = { .broken = true };
	if (s)
		t = read_tree(s, prefix);
	smsc_error_free(err);
	smsc_source_unref(s);
	sample_free(data);
	return t;
}

/* ---- compared ------------------------------------------------------------------------ */

static const char *differs(const tree *truth, const tree *t, bool exactly)
{
	if (t->broken || t->findings)
		return "it could not be read without a finding";
	if (t->count != truth->count)
		return "another number of files";
	for (size_t i = 0; i < t->count; i++) {
		const file *a = &truth->files[i], *b = &t->files[i];
		int64_t apart = a->modified > b->modified ? a->modified - b->modified : b->modified - a->modified;
		if (strcmp(a->path, b->path) != 0 || a->folder != b->folder)
			return "another path, or another kind";
		if (a->size != b->size || a->sum != b->sum)
			return "other bytes";
		if (apart > (exactly ? 0 : b->slack))
			return "another time";
		if (exactly && (a->slack != b->slack || strcmp(a->clock, b->clock) != 0))
			return "another clock";
	}
	return NULL;
}

static tree truth;

/* One carrier: the truth under TZ=UTC, the same exactly under TZ=Asia/Tokyo and from memory. */
static void check(const char *name, const char *prefix, const char *zone, bool made)
{
	if (!made) {
		printf("ok %d - %s # SKIP cannot be made here\n", ++number, name);
		return;
	}
	setenv("TZ", "UTC", 1);
	tzset();
	tree first = open_tree(name, prefix, zone, false);
	const char *why = differs(&truth, &first, false);
	setenv("TZ", "Asia/Tokyo", 1);
	tzset();
	/* A directory cannot be held in memory. */
	for (int memory = 0; memory < (strchr(name, '.') ? 2 : 1) && !why; memory++) {
		tree other = open_tree(name, prefix, zone, memory);
		why = differs(&first, &other, true);
		tree_free(&other);
	}
	tree_free(&first);
	result(!why, name, why);
}

/* ---- made ---------------------------------------------------------------------------- */

/* Sizes around the pieces of every reader; names and folders as evidence has them. */
static bool make_tree(void)
{
	return run("mkdir -p 'tree/Documents and Settings/All Users' tree/WINNT/system32/config tree/a/b/c/d/e/f && "
	           "cd tree && : >empty && printf x >one && head -c 65535 /dev/zero >'a/65535' && "
	           "seq 1 20000 | head -c 65536 >a/b/65536 && seq 1 30000 | head -c 65537 >a/b/c/65537 && "
	           "seq 1 400000 >a/b/c/d/e/f/long.log && printf 'g\303\274n' >'WINNT/gr\303\274n.txt' && "
	           "seq 5 9999 >WINNT/system32/config/SYSTEM && printf 'ini' >'Documents and Settings/All Users/ntuser.ini' && "
	           "printf 'a' >a.b && printf 'A' >B && "
	           "find . -type f | sort | { n=0; while read -r f; do n=$((n+1)); "
	           "touch -d \"2005-01-$(printf %%02d $n) 17:59:$((40+n)).1234567 UTC\" \"$f\"; done; }");
}

static void check_zips(void)
{
	check("i.zip", "", NULL, run("cd tree && TZ=UTC zip -r ../i.zip ."));
	/* Only DOS times: local to the packer, here five hours west. */
	check("x.zip", "", "-05:00", run("cd tree && TZ=America/New_York zip -X -r ../x.zip ."));
	check("x-zone.zip", "", NULL, run("cp x.zip x-zone.zip"));
	check("s.zip", "", NULL, run("cd tree && zip -0 -r ../s.zip ."));
	check("7.zip", "", NULL, run("cd tree && 7z a -tzip ../7.zip ."));
	check("n.zip", "i.zip!/", NULL, run("zip n.zip i.zip"));
}

/* By the maker of the corpus: the backup's clock goes by seconds. */
static void check_backups(void)
{
	check("t.bkf", "C/", NULL, run("/usr/bin/python3 '%s/tree_to_bkf.py' tree t.bkf", getenv("SMSC_PROP")));
	check("b.tar", "t.bkf!/C/", NULL, run("tar -cf b.tar t.bkf"));
}

static void check_tars(void)
{
	check("t.tar", "", NULL, run("cd tree && tar -cf ../t.tar ."));
	check("p.tar", "", NULL, run("cd tree && tar --format=pax -cf ../p.tar *"));
	check("v7.tar", "", NULL, run("cd tree && tar --format=v7 -cf ../v7.tar ."));
	check("t.tar.gz", "", NULL, run("gzip -k t.tar"));
	check("t.tar.bz2", "", NULL, run("bzip2 -k t.tar"));
	check("t.tar.xz", "", NULL, run("xz -k t.tar"));
	check("t.tar.zst", "", NULL, run("zstd -q t.tar"));
	check("n.tar", "t.tar.gz!/", NULL, run("tar -cf n.tar t.tar.gz"));
	check("nn.zip", "n.tar!/t.tar.gz!/", NULL, run("zip nn.zip n.tar"));
	check("n.tar.gz.gz", "n.tar.gz!/t.tar.gz!/", NULL, run("gzip -c n.tar >n.tar.gz && gzip -c n.tar.gz >n.tar.gz.gz"));
}

static void check_others(void)
{
	check("t.7z", "", NULL, run("cd tree && 7z a ../t.7z ."));
	check("b.7z", "", NULL, run("cd tree && bsdtar -cf ../b.7z --format=7zip ."));
	check("r.iso", "", NULL, run("genisoimage -R -o r.iso tree"));
	check("j.iso", "", NULL, run("genisoimage -J -joliet-long -input-charset utf-8 -o j.iso tree"));
	check("n7.zip", "t.7z!/", NULL, run("zip -0 n7.zip t.7z"));
	check("nest", "t.tar.gz!/", NULL, run("mkdir nest && cp t.tar.gz nest"));
	check("tree", "", NULL, true);
}

/* gcab leaves out the folders of what it packs: a cabinet of the top folder's files. */
static void check_cab(void)
{
	tree all = truth;
	bool made = run("mkdir flat && find tree -maxdepth 1 -type f -exec cp -p {} flat \\; && "
	                "cd flat && TZ=UTC gcab -c -z ../t.cab *");
	truth = open_tree("flat", "", NULL, false);
	check("t.cab", "", "UTC", made);
	tree_free(&truth);
	truth = all;
}

int main(void)
{
	const char *tmp = getenv("TMPDIR");
	snprintf(root, sizeof root, "%s/smsc-same-XXXXXX", tmp && *tmp ? tmp : "/tmp");
	if (!mkdtemp(root) || !make_tree()) {
		printf("1..0 # SKIP the tree cannot be made here\n");
		return 0;
	}
	truth = open_tree("tree", "", NULL, false);
	result(truth.count == 11 + 11 && truth.folders == 11 && !truth.broken && !truth.findings, "directory", "wrong number of files");
	check_zips();
	check_tars();
	check_backups();
	check_others();
	check_cab();
	tree_free(&truth);
	result(smsc_live_objects() == 0, "nothing leaks", "objects are left");
	run("cd / && rm -rf '%s'", root);
	printf("1..%d\n", number);
	return failed != 0;
}
