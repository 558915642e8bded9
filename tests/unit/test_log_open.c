/* test_log_open.c - logs by path and out of sources. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "smscrypto.h"

static const char log_text[] =
	"<![LOG[one]LOG]!><time=\"17:59:38.123+300\" date=\"01-07-2005\" component=\"C\">\r\n"
	"<![LOG[two]LOG]!><time=\"17:59:39.123+300\" date=\"01-07-2005\" component=\"C\">\r\n";

static char folder[] = "/tmp/smsc-log-XXXXXX";

static const char *place(const char *name)
{
	static char path[100];
	snprintf(path, sizeof path, "%s/%s", folder, name);
	return path;
}

static void write_file(const char *name, const char *text)
{
	FILE *f = fopen(place(name), "wb");
	cr_assert(f && fputs(text, f) >= 0 && !fclose(f));
}

static void set_up(void)
{
	cr_assert(mkdtemp(folder));
	write_file("a.log", log_text);
	write_file("b.txt", "nothing of interest");
	gzFile z = gzopen(place("c.log.gz"), "wb");
	cr_assert(z && gzputs(z, log_text) > 0 && gzclose(z) == Z_OK);
}

static void tear_down(void)
{
	unlink(place("a.log"));
	unlink(place("b.txt"));
	unlink(place("c.log.gz"));
	rmdir(folder);
}

static size_t rows_of(smsc_log *l, smsc_error **err)
{
	smsc_row row = SMSC_ROW_INIT;
	size_t rows = 0;
	while (smsc_log_next(l, &row, err))
		rows++;
	smsc_log_unref(l);
	return rows;
}

Test(log_open, by_path, .init = set_up, .fini = tear_down)
{
	static const char *const logs[] = { "a.log", "c.log.gz" };
	long before = smsc_live_objects();
	for (size_t i = 0; i < 2; i++) {
		smsc_error *err = NULL;
		smsc_log *l = smsc_log_open(place(logs[i]), NULL, &err);
		cr_assert(l, "%s: %s", logs[i], smsc_error_message(err));
		cr_assert_str_eq(smsc_log_format(l), "ccm-log");
		cr_assert_str_eq(smsc_log_path(l), place(logs[i]));
		cr_assert_eq(rows_of(l, &err), 2);
		cr_assert_null(err);
	}
	cr_assert_eq(smsc_live_objects(), before);
}

Test(log_open, failures, .init = set_up, .fini = tear_down)
{
	smsc_options options = SMSC_OPTIONS_INIT;
	smsc_error *err = NULL;
	cr_assert_null(smsc_log_open(place("b.txt"), NULL, &err));
	cr_assert_eq(smsc_error_code(err), SMSC_EFORMAT);
	cr_assert_null(smsc_log_open(place("a.log"), NULL, &err), "errors stick");
	smsc_error_free(err);
	err = NULL;
	cr_assert_null(smsc_log_open(place("missing"), NULL, &err));
	cr_assert_eq(smsc_error_code(err), SMSC_EIO);
	smsc_error_free(err);
	err = NULL;
	cr_assert_null(smsc_log_open(NULL, NULL, &err));
	cr_assert_eq(smsc_error_code(err), SMSC_EARG);
	smsc_error_free(err);
	err = NULL;
	options.zone = "somewhere";
	cr_assert_null(smsc_log_open(place("a.log"), &options, &err));
	cr_assert_eq(smsc_error_code(err), SMSC_EARG);
	smsc_error_free(err);
	cr_assert_null(smsc_log_open(place("missing"), NULL, NULL));
	cr_assert_null(smsc_log_open_entry(NULL, NULL, NULL));
}

/* The log keeps its entry, and that its source. */
Test(log_open, from_a_source, .init = set_up, .fini = tear_down)
{
	long before = smsc_live_objects();
	smsc_error *err = NULL;
	char byte[5];
	size_t logs = 0;
	smsc_source *s = smsc_source_open(folder, NULL, &err);
	for (smsc_entry *e; (e = smsc_source_next(s, &err)); smsc_entry_unref(e)) {
		smsc_entry_read(e, byte, sizeof byte, &err);
		smsc_log *l = smsc_log_open_entry(e, NULL, &err);
		if (!l) {
			cr_assert_eq(smsc_error_code(err), SMSC_EFORMAT);
			smsc_error_free(err);
			err = NULL;
			continue;
		}
		cr_assert_str_eq(smsc_log_path(l), smsc_entry_path(e));
		cr_assert_eq(rows_of(l, &err), 2);
		logs++;
	}
	smsc_source_unref(s);
	cr_assert_null(err);
	cr_assert_eq(logs, 2);
	s = smsc_source_memory("x.log", log_text, sizeof log_text - 1, NULL, &err);
	smsc_entry *e = smsc_source_next(s, &err);
	smsc_log *l = smsc_log_open_entry(e, NULL, &err);
	smsc_entry_unref(e);
	smsc_source_unref(s);
	cr_assert_eq(rows_of(l, &err), 2);
	cr_assert_eq(smsc_live_objects(), before);
}
