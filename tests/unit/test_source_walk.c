/* test_source_walk.c - directories, files and memory, and what an entry promises. */
#include <fcntl.h>

#include "source_made.h"

TestSuite(source_walk, .init = made_begin, .fini = made_end);

/* ---- directories ------------------------------------------------------------------- */

/* Byte order within each folder: '.' < 'A' < 'a' < 0xc3; a folder is walked at its place. */
Test(source_walk, order)
{
	made_run("mkdir -p t/b/sub t/empty && cd t && echo 1 >b.txt && echo 12 >B && echo 123 >b/z && "
	         "echo 1234 >b/sub/a && echo 12345 >'\xc3\xa4' && : >.hidden");
	made_expect("t", NULL,
	            "file 0 .hidden\nfile 3 B\nfolder 0 b\nfolder 0 b/sub\nfile 5 b/sub/a\nfile 4 b/z\n"
	            "file 2 b.txt\nfolder 0 empty\nfile 6 \xc3\xa4\n");
}

Test(source_walk, links_and_devices)
{
	made_run("mkdir -p t/d out && echo secret >out/x && cd t && ln -s . d/loop && ln -s ../out away && "
	         "ln -s nowhere dead && mkfifo pipe && echo 1 >a");
	made_expect("t", NULL,
	            "file 2 a\nlink 0 away\nfolder 0 d\nlink 0 d/loop\nlink 0 dead\nother 0 pipe\n");
}

/* What is not UTF-8 is escaped in the path, and found again by its bytes. */
Test(source_walk, odd_names)
{
	made_run("mkdir t && cd t && printf abc >\"$(printf 'x\\377\\ny')\"");
	smsc_source *s = made_open("t", NULL);
	smsc_error *err = NULL;
	smsc_entry *e = smsc_source_next(s, &err);
	cr_assert_str_eq(smsc_entry_path(e), "x\\xff\ny");
	cr_assert_str_eq(smsc_entry_safe_path(e), "x_xff_y");
	cr_assert_null(smsc_source_next(s, &err));
	smsc_span all = smsc_entry_bytes(e, &err);
	cr_assert_null(err);
	cr_assert_eq(all.size, 3);
	smsc_entry_unref(e);
	smsc_source_unref(s);
}

/* As root nothing is unreadable, so the test becomes nobody. */
Test(source_walk, unreadable)
{
	made_run("mkdir -p t/closed t/open && cd t && echo 1 >a && echo 1 >closed/x && echo 12 >locked && "
	         "echo 123 >open/b && chmod 000 locked && chmod 000 closed");
	if (geteuid() == 0)
		cr_assert_eq(setresuid(65534, 65534, 0), 0);
	smsc_source *s = made_open("t", NULL);
	char *list = made_list(s);
	cr_assert_str_eq(list, "file 2 a\nfolder 0 closed\nfile 0 locked !\nfolder 0 open\nfile 4 open/b\nD007 closed\nD007 locked\n",
	                 "%s", list);
	const smsc_finding *f = smsc_source_finding_at(s, 1);
	cr_assert_str_eq(smsc_finding_text(f), "cannot open the file: Permission denied");
	free(list);
	smsc_source_unref(s);
	smsc_error *err = NULL;
	cr_assert_null(smsc_source_open(made_path("t/closed"), NULL, &err));
	cr_assert_eq(smsc_error_code(err), SMSC_EIO);
	cr_assert_str_eq(smsc_error_path(err), made_path("t/closed"));
	smsc_error_free(err);
	cr_assert_eq(seteuid(getuid()), 0);
	if (getuid() == 65534)
		cr_assert_eq(setresuid(0, 0, 0), 0);
}

/* Deeper than any Windows path: refused with a finding, and no descriptor is left open. */
Test(source_walk, deep)
{
	made_run("mkdir t && cd t && for i in $(seq 200); do mkdir d && echo 1 >f && cd d || exit 1; done");
	smsc_source *s = made_open("t", NULL);
	smsc_error *err = NULL;
	size_t entries = 0;
	for (smsc_entry *e; (e = smsc_source_next(s, &err)); entries++)
		smsc_entry_unref(e);
	cr_assert_null(err);
	cr_assert_eq(entries, 2 * 130);
	cr_assert_eq(smsc_source_finding_count(s), 1);
	cr_assert_str_eq(smsc_finding_rule(smsc_source_finding_at(s, 0)), "D008");
	smsc_source_unref(s);
}

/* Reading leaves no trace, and a birth on the analyst's own disk is no evidence. */
Test(source_walk, times)
{
	made_run("mkdir t && echo 1 >t/a && touch -m -d '2005-01-07 17:59:39.1234567 UTC' t/a && "
	         "touch -a -d '2005-01-08 01:02:03 UTC' t/a");
	for (int i = 0; i < 2; i++) {
		smsc_source *s = made_open("t", NULL);
		smsc_error *err = NULL;
		smsc_entry *e = smsc_source_next(s, &err);
		smsc_entry_bytes(e, &err);
		cr_assert_eq(smsc_entry_modified(e), smsc_time_parse("2005-01-07T17:59:39.1234567Z"));
		cr_assert_eq(smsc_entry_accessed(e), smsc_time_parse("2005-01-08T01:02:03Z"));
		cr_assert_eq(smsc_entry_created(e), SMSC_NEVER);
		cr_assert_str_eq(smsc_entry_clock(e), "file-system");
		cr_assert_eq(smsc_entry_slack(e), 0);
		smsc_entry_unref(e);
		smsc_source_unref(s);
	}
}

/* ---- single files, memory, and what is neither --------------------------------------- */

Test(source_walk, single)
{
	made_run("mkdir d && printf hello >d/one.txt && : >empty && printf 'PK\\003' >short");
	made_expect("d/one.txt", NULL, "file 5 one.txt\n");
	made_expect("empty", NULL, "file 0 empty\n");
	made_expect("short", NULL, "file 3 short\n");
	smsc_source *s = made_open("d/one.txt", NULL);
	cr_assert_str_eq(smsc_source_kind(s), "file");
	cr_assert_str_eq(smsc_source_label(s), "one.txt");
	smsc_source_unref(s);
	s = made_open("d/", NULL);
	cr_assert_str_eq(smsc_source_kind(s), "directory");
	cr_assert_str_eq(smsc_source_label(s), "d");
	smsc_source_unref(s);
}

static void refused(const char *path, smsc_code code)
{
	smsc_error *err = NULL;
	cr_assert_null(smsc_source_open(path, NULL, &err));
	cr_assert_eq(smsc_error_code(err), code);
	smsc_error_free(err);
	cr_assert_null(smsc_source_open(path, NULL, NULL));
	cr_assert_eq(smsc_live_objects(), 0);
}

Test(source_walk, refused)
{
	refused(made_path("missing"), SMSC_EIO);
	refused("/dev/null", SMSC_EIO);
	refused("", SMSC_EARG);
	refused(NULL, SMSC_EARG);
}

static void count_close(void *user)
{
	++*(int *)user;
}

Test(source_walk, memory)
{
	static const char text[] = "some bytes";
	smsc_error *err = NULL;
	int closed = 0;
	smsc_source *s = smsc_source_memory("a/b.txt", text, sizeof text, NULL, &err);
	smsc_source_on_close(s, count_close, &closed);
	cr_assert_str_eq(smsc_source_kind(s), "memory");
	smsc_entry *e = smsc_source_next(s, &err);
	cr_assert_str_eq(smsc_entry_path(e), "b.txt");
	cr_assert_str_eq(smsc_entry_clock(e), "none");
	cr_assert_eq(smsc_entry_size(e), (int64_t)sizeof text);
	cr_assert_null(smsc_source_next(s, &err));
	smsc_source_unref(s);
	/* The entry keeps its source, and with it what was borrowed. */
	cr_assert_eq(closed, 0);
	smsc_span all = smsc_entry_bytes(e, &err);
	cr_assert(all.size == sizeof text && memcmp(all.data, text, sizeof text) == 0);
	smsc_entry_unref(e);
	cr_assert_eq(closed, 1);
	cr_assert_null(err);
	cr_assert_null(smsc_source_memory("x", NULL, 1, NULL, &err));
	cr_assert_eq(smsc_error_code(err), SMSC_EARG);
	smsc_error_free(err);
}

/* ---- entries ------------------------------------------------------------------------ */

enum { FILES = 12 };

static smsc_buf truth[FILES];

static void make_many(void)
{
	made_run("mkdir t");
	for (unsigned i = 0; i < FILES; i++) {
		char name[32];
		snprintf(name, sizeof name, "t/f%02u.log", i);
		/* Around the size of the head that is kept, and beyond it. */
		truth[i] = made_log(i, i % 3 == 0 ? 65536 + i : i % 3 == 1 ? 300000 + i : 100 + i);
		made_file(name, truth[i].data, truth[i].size);
	}
	made_run("tar -cf t.tar -C t $(cd t && ls) && gzip -c t.tar >t.tar.gz && mkdir n && cp t.tar.gz n/");
}

static void check_bytes(smsc_entry *e, unsigned i)
{
	smsc_error *err = NULL;
	smsc_buf got = made_drain(e, 7001, &err);
	cr_assert_null(err, "%s", smsc_error_message(err));
	cr_assert(got.size == truth[i].size && memcmp(got.data, truth[i].data, got.size) == 0,
	          "%u: %zu of %zu bytes", i, got.size, truth[i].size);
	smsc_buf_free(&got);
}

/* All entries are taken first and read later, in order and backwards. */
static void check_kept(const char *name, size_t skip)
{
	smsc_source *s = made_open(name, NULL);
	smsc_error *err = NULL;
	smsc_entry *e[FILES] = { NULL };
	for (size_t i = 0; i < skip; i++)
		smsc_entry_unref(smsc_source_next(s, &err));
	for (unsigned i = 0; i < FILES; i++)
		cr_assert_not_null(e[i] = smsc_source_next(s, &err));
	cr_assert_null(smsc_source_next(s, &err));
	for (unsigned i = 0; i < FILES; i++)
		check_bytes(e[i], i);
	for (unsigned i = FILES; i-- > 0;) {
		cr_assert_eq(smsc_entry_rewind(e[i], &err), 0);
		check_bytes(e[i], i);
	}
	cr_assert_null(err);
	smsc_source_unref(s);
	for (unsigned i = 0; i < FILES; i++)
		smsc_entry_unref(e[i]);
	cr_assert_eq(smsc_live_objects(), 0);
}

Test(source_walk, kept)
{
	make_many();
	check_kept("t", 0);
	check_kept("t.tar", 0);
	check_kept("t.tar.gz", 0);
	check_kept("n", 1);
}

/* Two entries read in turns, piece by piece, both past their heads. */
static void check_turns(const char *name)
{
	smsc_source *s = made_open(name, NULL);
	smsc_error *err = NULL;
	smsc_entry *one = made_find(s, "f01.log"), *four = made_find(s, "f04.log");
	smsc_buf got[2] = { SMSC_BUF_INIT, SMSC_BUF_INIT };
	static char piece[50000];
	for (size_t n = 1; n;) {
		n = smsc_entry_read(one, piece, sizeof piece, &err);
		smsc_buf_add(&got[0], piece, n);
		size_t m = smsc_entry_read(four, piece, sizeof piece, &err);
		smsc_buf_add(&got[1], piece, m);
		n += m;
	}
	cr_assert_null(err);
	cr_assert(got[0].size == truth[1].size && memcmp(got[0].data, truth[1].data, got[0].size) == 0);
	cr_assert(got[1].size == truth[4].size && memcmp(got[1].data, truth[4].data, got[1].size) == 0);
	smsc_buf_free(&got[0]);
	smsc_buf_free(&got[1]);
	smsc_entry_unref(one);
	smsc_entry_unref(four);
	smsc_source_unref(s);
}

Test(source_walk, turns)
{
	make_many();
	check_turns("t");
	check_turns("t.tar");
	check_turns("t.tar.gz");
}

/* Read in part, left behind, taken up again where it stopped; the walk goes on unharmed. */
static void check_partly(const char *name)
{
	smsc_source *s = made_open(name, NULL);
	smsc_error *err = NULL;
	static char piece[90000];
	smsc_entry *kept = NULL;
	for (unsigned i = 0; i < FILES; i++) {
		smsc_entry *e = smsc_source_next(s, &err);
		if (i == 1) {
			cr_assert_geq(smsc_entry_read(e, piece, 10, &err), 10);
			while (smsc_entry_read(e, piece, 4096, &err) == 4096)
				;
			smsc_entry_rewind(e, &err);
			cr_assert_eq(smsc_entry_read(e, piece, 100, &err), 100);
			kept = smsc_entry_ref(e);
		} else if (i % 2) {
			check_bytes(e, i);
		} else {
			smsc_entry_read(e, piece, 1000 * i, &err);
		}
		smsc_entry_unref(e);
	}
	smsc_buf rest = made_drain(kept, 4096, &err);
	cr_assert_eq(rest.size, truth[1].size - 100);
	cr_assert_eq(memcmp(rest.data, truth[1].data + 100, rest.size), 0);
	smsc_buf_free(&rest);
	smsc_span all = smsc_entry_bytes(kept, &err);
	cr_assert(all.size == truth[1].size && memcmp(all.data, truth[1].data, all.size) == 0);
	smsc_entry_unref(kept);
	smsc_source_unref(s);
}

Test(source_walk, partly)
{
	make_many();
	check_partly("t");
	check_partly("t.tar");
	check_partly("t.tar.gz");
}

/* The head is kept, so that telling a format and then reading costs no second pass. */
Test(source_walk, rewind)
{
	make_many();
	smsc_source *s = made_open("t.tar.gz", NULL);
	smsc_error *err = NULL;
	static char head[65536];
	for (unsigned i = 0; i < FILES; i++) {
		smsc_entry *e = smsc_source_next(s, &err);
		cr_assert_gt(smsc_entry_read(e, head, sizeof head, &err), 0);
		cr_assert_eq(smsc_entry_rewind(e, &err), 0);
		check_bytes(e, i);
		smsc_entry_unref(e);
	}
	cr_assert_eq(smsc_source_rewind(s, &err), 0);
	smsc_entry *e = made_find(s, "f07.log");
	check_bytes(e, 7);
	smsc_entry_unref(e);
	smsc_source_unref(s);
}

/* Two walks over the same evidence, one step each, do not disturb each other. */
Test(source_walk, two_walks)
{
	make_many();
	smsc_source *a = made_open("t.tar.gz", NULL), *b = made_open("t.tar.gz", NULL);
	smsc_error *err = NULL;
	for (unsigned i = 0; i < FILES; i++) {
		smsc_entry *x = smsc_source_next(a, &err), *y = smsc_source_next(b, &err);
		cr_assert_str_eq(smsc_entry_path(x), smsc_entry_path(y));
		check_bytes(y, i);
		check_bytes(x, i);
		smsc_entry_unref(x);
		smsc_entry_unref(y);
	}
	smsc_source_unref(a);
	smsc_source_unref(b);
}

/* An error that was there before stops everything; the caller's own is not overwritten. */
Test(source_walk, sticky)
{
	made_run("mkdir t && echo 1 >t/a");
	smsc_source *s = made_open("t", NULL);
	smsc_error *err = NULL, *old = NULL;
	smsc_entry *e = smsc_source_next(s, &err);
	char c;
	cr_assert_null(smsc_source_open(made_path("missing"), NULL, &old));
	const smsc_error *same = old;
	cr_assert_null(smsc_source_next(s, &old));
	cr_assert_eq(smsc_entry_read(e, &c, 1, &old), 0);
	cr_assert_eq(smsc_entry_rewind(e, &old), -1);
	cr_assert_eq(smsc_source_rewind(s, &old), -1);
	cr_assert_null(smsc_entry_bytes(e, &old).data);
	cr_assert_eq(old, same);
	cr_assert_eq(smsc_entry_read(e, &c, 1, &err), 1);
	smsc_error_free(old);
	smsc_entry_unref(e);
	smsc_source_unref(s);
}

/* A file that was cut or replaced since the walk gives an error or less, never other bytes. */
Test(source_walk, changed)
{
	made_run("mkdir t && echo first >t/a && echo second >t/b");
	smsc_source *s = made_open("t", NULL);
	smsc_error *err = NULL;
	smsc_entry *e = smsc_source_next(s, &err);
	smsc_entry_unref(smsc_source_next(s, &err));
	made_run("rm t/a && ln -s b t/a");
	cr_assert_null(smsc_entry_bytes(e, &err).data);
	cr_assert_eq(smsc_error_code(err), SMSC_EIO);
	smsc_error_free(err);
	smsc_entry_unref(e);
	smsc_source_unref(s);
}
