/* source_made.h - for tests of sources: evidence made on the spot, by other programs where
 * they are installed, in a folder that goes when the test ends. */
#ifndef TESTS_SOURCE_MADE_H
#define TESTS_SOURCE_MADE_H

#include <criterion/criterion.h>
#include <dirent.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "smscrypto.h"

static char made_root[256];

static void made_begin(void)
{
	const char *tmp = getenv("TMPDIR");
	snprintf(made_root, sizeof made_root, "%s/smsc-source-XXXXXX", tmp && *tmp ? tmp : "/tmp");
	cr_assert_not_null(mkdtemp(made_root));
	chmod(made_root, 0755);
}

/* Runs a command in the folder; its exit status. */
__attribute__((format(printf, 1, 2)))
static int made_try(const char *format, ...)
{
	char command[2048], all[2560];
	va_list args;
	va_start(args, format);
	vsnprintf(command, sizeof command, format, args);
	va_end(args);
	snprintf(all, sizeof all, "cd '%s' && { %s ; } >/dev/null 2>&1", made_root, command);
	return system(all);
}

#define made_run(...) cr_assert_eq(made_try(__VA_ARGS__), 0)

static void made_end(void)
{
	made_try("chmod -R u+rwx . ; rm -rf '%s'", made_root);
}

static inline bool made_has(const char *program)
{
	return made_try("command -v %s", program) == 0;
}

#define made_need(program) \
	do { if (!made_has(program)) cr_skip_test("%s is not installed", program); } while (0)

/* The path of something in the folder, in one of four static buffers. */
static const char *made_path(const char *name)
{
	static char paths[4][512];
	static int at;
	at = (at + 1) % 4;
	snprintf(paths[at], sizeof paths[at], "%s/%s", made_root, name);
	return paths[at];
}

static inline void made_file(const char *name, const void *data, size_t size)
{
	FILE *f = fopen(made_path(name), "wb");
	cr_assert_not_null(f, "%s", name);
	cr_assert_eq(fwrite(data, 1, size, f), size);
	fclose(f);
}

static inline smsc_buf made_read(const char *name)
{
	smsc_buf b = SMSC_BUF_INIT;
	char piece[65536];
	FILE *f = fopen(made_path(name), "rb");
	cr_assert_not_null(f, "%s", name);
	for (size_t n; (n = fread(piece, 1, sizeof piece, f)) > 0;)
		smsc_buf_add(&b, piece, n);
	fclose(f);
	return b;
}

/* `size` bytes of text that compresses like a log does: the same for the same `seed`. */
static inline smsc_buf made_log(unsigned seed, size_t size)
{
	smsc_buf b = SMSC_BUF_INIT;
	for (unsigned i = 0; b.size < size; i++) {
		seed = seed * 1103515245u + 12345u;
		smsc_buf_printf(&b, "<![LOG[Message %u of task %08x]LOG]!><time=\"17:%02u:38.123+300\" "
		                "date=\"01-07-2005\" component=\"CcmExec\">\r\n", i, seed, i % 60);
	}
	b.size = size;
	return b;
}

/* ---- walking ---------------------------------------------------------------------- */

static inline smsc_source *made_open(const char *name, const smsc_options *options)
{
	smsc_error *err = NULL;
	smsc_source *s = smsc_source_open(made_path(name), options, &err);
	cr_assert_not_null(s, "%s: %s", name, smsc_error_message(err));
	return s;
}

/* Everything an entry still has to give. */
static inline smsc_buf made_drain(smsc_entry *e, size_t piece, smsc_error **err)
{
	smsc_buf b = SMSC_BUF_INIT;
	char *buffer = malloc(piece);
	for (size_t n; (n = smsc_entry_read(e, buffer, piece, err)) > 0;)
		smsc_buf_add(&b, buffer, n);
	free(buffer);
	return b;
}

/* Walks all of `s`: a line "<kind> <size read> <path>" for each entry, then "<rule> <path>"
 * for each finding. */
static inline char *made_list(smsc_source *s)
{
	smsc_buf b = SMSC_BUF_INIT;
	smsc_error *err = NULL;
	for (smsc_entry *e; (e = smsc_source_next(s, &err)); smsc_entry_unref(e)) {
		smsc_error *why = NULL;
		smsc_buf data = made_drain(e, 5000, &why);
		smsc_buf_printf(&b, "%s %zu %s", smsc_entry_kind(e), data.size, smsc_entry_path(e));
		smsc_buf_str(&b, why ? " !\n" : "\n");
		smsc_buf_free(&data);
		smsc_error_free(why);
	}
	cr_assert_null(err, "%s", smsc_error_message(err));
	for (size_t i = 0; i < smsc_source_finding_count(s); i++) {
		const smsc_finding *f = smsc_source_finding_at(s, i);
		smsc_buf_printf(&b, "%s %s\n", smsc_finding_rule(f), smsc_finding_path(f));
	}
	smsc_buf_str(&b, "");
	return b.data;
}

/* Opens, walks and compares with such lines. */
static inline void made_expect(const char *name, const smsc_options *options, const char *lines)
{
	smsc_source *s = made_open(name, options);
	char *list = made_list(s);
	cr_assert_str_eq(list, lines, "%s:\n%s", name, list);
	free(list);
	smsc_source_unref(s);
	cr_assert_eq(smsc_live_objects(), 0);
}

/* The entry of that path, yours; the walk stands on it. */
static inline smsc_entry *made_find(smsc_source *s, const char *path)
{
	smsc_error *err = NULL;
	for (smsc_entry *e; (e = smsc_source_next(s, &err)); smsc_entry_unref(e))
		if (strcmp(smsc_entry_path(e), path) == 0)
			return e;
	cr_assert_fail("%s is not there: %s", path, smsc_error_message(err));
	return NULL;
}

#endif
