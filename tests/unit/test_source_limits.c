/* test_source_limits.c - bombs and depth: each limit has its finding and its error. */
#include <archive.h>
#include <archive_entry.h>
#include <sys/resource.h>

#include "source_made.h"

TestSuite(source_limits, .init = made_begin, .fini = made_end, .timeout = 120);

/* ---- made by libarchive -------------------------------------------------------------------- */

typedef struct writer {
	struct archive *a;
	struct archive_entry *e;
} writer;

static writer write_begin(const char *file, int (*format)(struct archive *), int gzip)
{
	writer w = { archive_write_new(), archive_entry_new() };
	cr_assert_eq(format(w.a), ARCHIVE_OK);
	if (gzip)
		cr_assert_eq(archive_write_add_filter_gzip(w.a), ARCHIVE_OK);
	cr_assert_eq(archive_write_open_filename(w.a, made_path(file)), ARCHIVE_OK);
	return w;
}

static void write_head(writer *w, const char *name, int64_t size)
{
	archive_entry_clear(w->e);
	archive_entry_set_pathname(w->e, name);
	archive_entry_set_filetype(w->e, AE_IFREG);
	archive_entry_set_perm(w->e, 0644);
	archive_entry_set_size(w->e, size);
	cr_assert_eq(archive_write_header(w->a, w->e), ARCHIVE_OK);
}

static void write_data(writer *w, const char *name, const void *data, size_t size)
{
	write_head(w, name, (int64_t)size);
	cr_assert_eq(archive_write_data(w->a, data, size), (la_ssize_t)size);
}

static void write_zeros(writer *w, const char *name, int64_t size)
{
	static const char zeros[1 << 20];
	write_head(w, name, size);
	for (; size > 0; size -= (int64_t)sizeof zeros)
		archive_write_data(w->a, zeros, sizeof zeros);
}

static void write_end(writer *w)
{
	archive_entry_free(w->e);
	cr_assert_eq(archive_write_free(w->a), ARCHIVE_OK);
}

/* ---- reading to the limit -------------------------------------------------------------------- */

static void check_limit(smsc_source *s, size_t i, const char *path, const char *words)
{
	const smsc_finding *f = smsc_source_finding_at(s, i);
	cr_assert_not_null(f);
	cr_assert_str_eq(smsc_finding_rule(f), "D008");
	cr_assert_str_eq(smsc_finding_path(f), path);
	cr_assert_not_null(strstr(smsc_finding_text(f), words), "%s", smsc_finding_text(f));
}

/* Reads `path` in `file`: SMSC_ELIMIT after at most `most` bytes, again when asked again; the
 * walk goes on behind the archive. */
static void check_bomb(const char *file, const smsc_options *options, const char *path,
                       const char *words, size_t most)
{
	smsc_source *s = made_open(file, options);
	smsc_error *err = NULL;
	smsc_entry *e = made_find(s, path);
	smsc_buf got = made_drain(e, 60000, &err);
	cr_assert_eq(smsc_error_code(err), SMSC_ELIMIT);
	cr_assert_str_eq(smsc_error_path(err), path);
	cr_assert_leq(got.size, most);
	check_limit(s, 0, path, words);
	smsc_error_free(err);
	err = NULL;
	char c;
	cr_assert_eq(smsc_entry_read(e, &c, 1, &err), 0);
	cr_assert_eq(smsc_error_code(err), SMSC_ELIMIT);
	smsc_error_free(err);
	err = NULL;
	while (smsc_source_next(s, &err))
		cr_assert_fail("the archive was walked past its limit");
	cr_assert_null(err);
	smsc_buf_free(&got);
	smsc_entry_unref(e);
	smsc_source_unref(s);
	cr_assert_eq(smsc_live_objects(), 0);
}

Test(source_limits, ratio)
{
	smsc_options options = SMSC_OPTIONS_INIT;
	writer w = write_begin("bomb.zip", archive_write_set_format_zip, 0);
	write_zeros(&w, "zeros", 80 << 20);
	write_data(&w, "after", "x", 1);
	write_end(&w);
	options.max_ratio = 100;
	check_bomb("bomb.zip", &options, "zeros", "max_ratio of 100", 65 << 20);
	w = write_begin("bomb.tgz", archive_write_set_format_ustar, 1);
	write_zeros(&w, "zeros", 80 << 20);
	write_data(&w, "after", "x", 1);
	write_end(&w);
	check_bomb("bomb.tgz", &options, "zeros", "max_ratio of 100", 65 << 20);
	/* Asked to go further it does. */
	options.max_ratio = 2000;
	made_expect("bomb.tgz", &options, "file 83886080 zeros\nfile 1 after\n");
}

/* Nobody reads the entry, yet the bomb before the next header goes off no further. */
Test(source_limits, passed_over)
{
	writer w = write_begin("bomb.tgz", archive_write_set_format_ustar, 1);
	write_zeros(&w, "zeros", 80 << 20);
	write_data(&w, "after", "x", 1);
	write_end(&w);
	made_run("mkdir t && mv bomb.tgz t && echo 1 >t/z");
	smsc_source *s = made_open("t", NULL);
	smsc_error *err = NULL;
	smsc_buf list = SMSC_BUF_INIT;
	for (smsc_entry *e; (e = smsc_source_next(s, &err)); smsc_entry_unref(e))
		smsc_buf_printf(&list, "%s,", smsc_entry_path(e));
	cr_assert_null(err);
	cr_assert_str_eq(list.data, "bomb.tgz,bomb.tgz!/zeros,z,");
	check_limit(s, 0, "bomb.tgz!/zeros", "max_ratio of 1000");
	smsc_buf_free(&list);
	smsc_source_unref(s);
}

/* A file of holes: a few bytes of a tar say that it is huge. */
Test(source_limits, holes)
{
	made_need("bsdtar");
	made_run("truncate -s 1T holes && printf x >>holes && bsdtar -cf holes.tar holes");
	check_bomb("holes.tar", NULL, "holes", "max_ratio", 65 << 20);
	made_run("truncate -s 1M small && printf x >>small && truncate -s 3M small && printf y >>small && "
	         "bsdtar -cf small.tar small");
	smsc_source *s = made_open("small.tar", NULL);
	smsc_error *err = NULL;
	smsc_entry *e = smsc_source_next(s, &err);
	smsc_span all = smsc_entry_bytes(e, &err);
	smsc_buf wanted = made_read("small");
	cr_assert(all.size == wanted.size && memcmp(all.data, wanted.data, all.size) == 0);
	smsc_buf_free(&wanted);
	smsc_entry_unref(e);
	smsc_source_unref(s);
}

/* What is sought over in a plain tar was not unpacked; in a tar.gz it was. */
Test(source_limits, total)
{
	smsc_options options = SMSC_OPTIONS_INIT;
	smsc_buf log = made_log(1, 300000);
	writer w = write_begin("t.tar.gz", archive_write_set_format_ustar, 1);
	write_data(&w, "one", log.data, log.size);
	write_data(&w, "two", log.data, log.size);
	write_end(&w);
	smsc_buf_free(&log);
	options.max_total = 400000;
	check_bomb("t.tar.gz", &options, "two", "max_total of 400000", 100000);
	/* Two archives have a budget each. */
	made_run("mkdir d && gzip -dc t.tar.gz >d/a.tar && cp d/a.tar d/b.tar");
	options.max_total = 600000;
	made_expect("d", &options, "file 602112 a.tar\nfile 300000 a.tar!/one\nfile 300000 a.tar!/two\n"
	            "file 602112 b.tar\nfile 300000 b.tar!/one\nfile 300000 b.tar!/two\n");
}

Test(source_limits, entries)
{
	smsc_options options = SMSC_OPTIONS_INIT;
	made_run("mkdir t && cd t && for i in 1 2 3 4 5; do echo $i >$i; done && tar -cf ../t.tar *");
	options.max_entries = 3;
	made_expect("t", &options, "file 2 1\nfile 2 2\nfile 2 3\nD008 4\n");
	made_expect("t.tar", &options, "file 2 1\nfile 2 2\nfile 2 3\nD008 4\n");
	options.max_entries = 5;
	made_expect("t.tar", &options, "file 2 1\nfile 2 2\nfile 2 3\nfile 2 4\nfile 2 5\n");
}

Test(source_limits, depth)
{
	made_run("echo 1 >0 && for i in 1 2 3 4 5 6; do tar -cf $i.tar $(ls -t | head -1) && rm -f $((i-1)).tar 0; done");
	smsc_source *s = made_open("6.tar", NULL);
	char *list = made_list(s);
	cr_assert_not_null(strstr(list, "5.tar!/4.tar!/3.tar!/2.tar\nD008 5.tar!/4.tar!/3.tar!/2.tar\n"), "%s", list);
	check_limit(s, 0, "5.tar!/4.tar!/3.tar!/2.tar", "max_depth of 4");
	free(list);
	smsc_source_unref(s);
	smsc_options options = SMSC_OPTIONS_INIT;
	options.max_depth = 6;
	s = made_open("6.tar", &options);
	list = made_list(s);
	cr_assert_not_null(strstr(list, "file 2 5.tar!/4.tar!/3.tar!/2.tar!/1.tar!/0\n"), "%s", list);
	cr_assert_null(strstr(list, "D008"));
	free(list);
	smsc_source_unref(s);
}

Test(source_limits, bytes)
{
	smsc_options options = SMSC_OPTIONS_INIT;
	smsc_error *err = NULL;
	made_run("mkdir t && head -c 100001 /dev/zero >t/a && gzip -c t/a >a.gz");
	options.max_stream = 100000;
	const char *const names[] = { "t", "a.gz" };
	for (int i = 0; i < 2; i++) {
		smsc_source *s = made_open(names[i], &options);
		smsc_entry *e = smsc_source_next(s, &err);
		cr_assert_null(smsc_entry_bytes(e, &err).data);
		cr_assert_eq(smsc_error_code(err), SMSC_ELIMIT);
		smsc_error_free(err);
		err = NULL;
		smsc_buf all = made_drain(e, 4096, &err);
		cr_assert_eq(all.size, 100001u);
		smsc_buf_free(&all);
		smsc_entry_unref(e);
		smsc_source_unref(s);
	}
	options.max_stream = 100001;
	smsc_source *s = made_open("a.gz", &options);
	smsc_entry *e = smsc_source_next(s, &err);
	cr_assert_eq(smsc_entry_bytes(e, &err).size, 100001u);
	smsc_entry_unref(e);
	smsc_source_unref(s);
}

/* An inner archive that is too large to hold is streamed, even after its bytes were read as an
 * entry; one that must be sought in is refused in words. */
Test(source_limits, large_inner)
{
	smsc_options options = SMSC_OPTIONS_INIT;
	smsc_buf log = made_log(7, 400000);
	made_run("mkdir t");
	made_file("t/a.log", log.data, log.size);
	smsc_buf_free(&log);
	made_run("printf b >t/b && cd t && tar -cf ../i.tar a.log b && cd .. && tar -cf o.tar i.tar");
	options.max_stream = 200000;
	made_expect("o.tar", &options, "file 409600 i.tar\nfile 400000 i.tar!/a.log\nfile 1 i.tar!/b\n");
	if (made_has("zip")) {
		made_run("rm -f i.zip z.tar && cd t && zip -0 ../i.zip a.log b && cd .. && tar -cf z.tar i.zip");
		smsc_source *s = made_open("z.tar", &options);
		char *list = made_list(s);
		cr_assert_not_null(strstr(list, "\nfile 400000 i.zip!/a.log\nfile 1 i.zip!/b\n"), "%s", list);
		free(list);
		smsc_source_unref(s);
	}
	if (made_has("7z")) {
		made_run("cd t && 7z a -mx0 ../i.7z a.log b && cd .. && tar -cf s.tar i.7z");
		smsc_source *s = made_open("s.tar", &options);
		char *list = made_list(s);
		cr_assert_not_null(strstr(list, " i.7z\nD008 i.7z\n"), "%s", list);
		check_limit(s, 0, "i.7z", "max_stream of 200000");
		free(list);
		smsc_source_unref(s);
	}
}

/* ---- memory ------------------------------------------------------------------------------- */

/* 96 MiB of log in a zip and in a tar.gz, walked and read: the process stays small. */
Test(source_limits, memory)
{
	smsc_buf log = made_log(3, 16 << 20);
	struct rusage before, after;
	writer w = write_begin("log.zip", archive_write_set_format_zip, 0);
	write_head(&w, "big.log", 6 * (int64_t)log.size);
	for (int i = 0; i < 6; i++)
		archive_write_data(w.a, log.data, log.size);
	write_end(&w);
	smsc_buf_free(&log);
	getrusage(RUSAGE_SELF, &before);
	smsc_source *s = made_open("log.zip", NULL);
	smsc_error *err = NULL;
	smsc_entry *e = smsc_source_next(s, &err);
	static char piece[1 << 20];
	uint64_t total = 0;
	for (size_t n; (n = smsc_entry_read(e, piece, sizeof piece, &err)) > 0;)
		total += n;
	getrusage(RUSAGE_SELF, &after);
	cr_assert_eq(total, 6ull * (16 << 20));
	cr_assert_lt(after.ru_maxrss - before.ru_maxrss, 32 << 10, "%ld KiB more", after.ru_maxrss - before.ru_maxrss);
	smsc_entry_unref(e);
	smsc_source_unref(s);
}
