/* test_source_nomem.c - every allocation of a walk fails once: nothing crashes or leaks (run it
 * under ASan), and no failure goes unnoticed. */
#include "failing.h"
#include "source_made.h"

TestSuite(source_nomem, .init = made_begin, .fini = made_end, .timeout = 200);

static char path[512];

/* Walks, reads, reads one entry again later; true when all went well. */
static bool walk(void)
{
	smsc_error *err = NULL;
	smsc_entry *first = NULL;
	char piece[5000];
	smsc_source *s = smsc_source_open(path, NULL, &err);
	for (smsc_entry *e; s && (e = smsc_source_next(s, &err));) {
		while (smsc_entry_read(e, piece, sizeof piece, &err))
			;
		if (!first)
			first = smsc_entry_ref(e);
		smsc_entry_unref(e);
	}
	if (first)
		smsc_entry_bytes(first, &err);
	if (s)
		smsc_source_rewind(s, &err);
	smsc_entry_unref(first);
	smsc_source_unref(s);
	bool good = !err;
	cr_assert(good || smsc_error_code(err) == SMSC_ENOMEM, "%s", smsc_error_message(err));
	smsc_error_free(err);
	return good;
}

static void check(const char *name, long at_least)
{
	snprintf(path, sizeof path, "%s", made_path(name));
	cr_assert(walk(), "%s", name);
	long before = smsc_live_objects();
	long tried = failing_run(walk, false);
	cr_assert_geq(tried, at_least, "%s: only %ld allocations were tried", name, tried);
	cr_assert_eq(failing_run(walk, true), tried);
	cr_assert_eq(smsc_live_objects(), before);
}

Test(source_nomem, directory)
{
	made_run("mkdir -p t/a && echo 1 >t/a/b && mkfifo t/p && echo 2 >t/c");
	check("t", 10);
}

/* The corpus stands beside the folder it is copied to. */
Test(source_nomem, backups)
{
	const char *corpus = getenv("SMSC_CORPUS");
	made_run("cp '%s'/bkf/plain.bkf '%s'/bkf/bad-cut.bkf . && tar -cf b.tar plain.bkf", corpus, corpus);
	check("plain.bkf", 20);
	check("bad-cut.bkf", 20);
	check("b.tar", 20);
}

/* What a backup may hold besides: sets, rights, holes, parts, packed data. */
Test(source_nomem, streams_of_backups)
{
	const char *corpus = getenv("SMSC_CORPUS");
	made_run("cp '%s'/bkf/streams.bkf '%s'/bkf/two-sets.bkf .", corpus, corpus);
	check("streams.bkf", 40);
	check("two-sets.bkf", 20);
	check("two-sets.bkf#2", 20);
}

/* Two media in the wrong order, joined. */
static bool walk_joined(void)
{
	char piece[5000], one[600], two[600];
	smsc_error *err = NULL;
	snprintf(one, sizeof one, "%s-2.bkf", path);
	snprintf(two, sizeof two, "%s-1.bkf", path);
	smsc_source *s = smsc_source_open(one, NULL, &err), *other = smsc_source_open(two, NULL, &err);
	bool joined = s && other && smsc_source_join(s, other, &err);
	cr_assert(joined || err);
	for (smsc_entry *e; s && (e = smsc_source_next(s, &err)); smsc_entry_unref(e))
		while (smsc_entry_read(e, piece, sizeof piece, &err))
			;
	smsc_source_unref(other);
	smsc_source_unref(s);
	bool good = !err;
	cr_assert(good || smsc_error_code(err) == SMSC_ENOMEM, "%s", smsc_error_message(err));
	smsc_error_free(err);
	return good;
}

Test(source_nomem, two_media)
{
	snprintf(path, sizeof path, "%s/bkf/spanned", getenv("SMSC_CORPUS"));
	cr_assert(walk_joined());
	cr_assert_geq(failing_run(walk_joined, false), 20);
	failing_run(walk_joined, true);
	cr_assert_eq(smsc_live_objects(), 0);
}

Test(source_nomem, archives)
{
	made_run("mkdir t && seq 9999 >t/a && echo 2 >t/b && tar -cf t.tar -C t a b && gzip -k t.tar && "
	         "tar -cf n.tar t.tar.gz");
	check("t.tar", 10);
	check("n.tar", 20);
	if (made_try("cd t && zip ../t.zip a b") == 0)
		check("t.zip", 20);
	if (made_try("cd t && gcab -c ../t.cab a b") == 0)
		check("t.cab", 20);
	if (made_try("cd t && 7z a ../t.7z a b") == 0)
		check("t.7z", 10);
}

/* Damage must be told, or the lack of memory for telling it. */
Test(source_nomem, damaged)
{
	made_run("mkdir t && seq 9999 >t/a && echo 2 >t/b && tar -czf t.tgz -C t a b && head -c 9000 t.tgz >cut.tgz");
	check("cut.tgz", 10);
	if (made_try("cd t && zip ../t.zip a b && cd .. && head -c 9000 t.zip >cut.zip") == 0)
		check("cut.zip", 10);
}
