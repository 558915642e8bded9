/* test_source_times.c - whose clock, how exact, and the same on any analyst's machine.
 *
 * The times of this test lie where zones jump: 2005-04-03 02:30 does not exist in New York,
 * 2005-10-30 02:30 exists twice in Berlin.
 */
#include <time.h>

#include "base/time.h"
#include "source_made.h"

TestSuite(source_times, .init = made_begin, .fini = made_end);

static const char *const zones[] = { "UTC", "Asia/Tokyo", "America/New_York", "Europe/Berlin" };

typedef struct times {
	smsc_time modified, created, accessed;
	const char *clock;
	int64_t slack;
} times;

static times times_in(const char *file, const char *entry, const smsc_options *options)
{
	smsc_source *s = made_open(file, options);
	smsc_entry *e = made_find(s, entry);
	times t = { smsc_entry_modified(e), smsc_entry_created(e), smsc_entry_accessed(e),
	            smsc_entry_clock(e), smsc_entry_slack(e) };
	smsc_entry_unref(e);
	smsc_source_unref(s);
	return t;
}

/* Each time as ISO 8601, "" for none; the same under every TZ of the analyst. */
static void check(const char *file, const char *entry, const char *zone, const char *modified,
                  const char *created, const char *clock, int64_t slack)
{
	smsc_options options = SMSC_OPTIONS_INIT;
	options.zone = zone;
	for (size_t i = 0; i < sizeof zones / sizeof *zones; i++) {
		setenv("TZ", zones[i], 1);
		tzset();
		times t = times_in(file, entry, &options);
		char text[29];
		smsc_time_format(t.modified, text);
		cr_assert_str_eq(text, modified, "%s under %s: %s", file, zones[i], text);
		smsc_time_format(t.created, text);
		cr_assert_str_eq(text, created, "%s under %s: %s", file, zones[i], text);
		cr_assert_str_eq(t.clock, clock);
		cr_assert_eq(t.slack, slack, "%s: %lld", file, (long long)t.slack);
	}
	unsetenv("TZ");
	tzset();
}

#define SECOND  SMSC_TICKS_A_SECOND
#define NO_ZONE (14 * 3600 * SECOND)

/* ---- zip ---------------------------------------------------------------------------------- */

static const char *const jumps[] = { "2005-04-03 02:30:04", "2005-10-30 02:30:04", "2005-03-27 02:30:04" };

/* "2005-04-03 02:30:04" as "2005-04-03T02:30:04.0000000Z". */
static const char *iso(const char *when)
{
	static char text[32];
	snprintf(text, sizeof text, "%.10sT%sZ", when, when + 11);
	snprintf(text + 19, sizeof text - 19, ".0000000Z");
	return text;
}

Test(source_times, zip_dos)
{
	made_need("zip");
	for (size_t i = 0; i < sizeof jumps / sizeof *jumps; i++) {
		made_run("rm -f d.zip && echo 1 >a && touch -d '%s UTC' a && TZ=UTC zip -X d.zip a", jumps[i]);
		check("d.zip", "a", NULL, iso(jumps[i]), "", "archive-local", 2 * SECOND + NO_ZONE);
	}
	check("d.zip", "a", "+01:00", "2005-03-27T01:30:04.0000000Z", "", "archive-local", 2 * SECOND);
	check("d.zip", "a", "-05:00", "2005-03-27T07:30:04.0000000Z", "", "archive-local", 2 * SECOND);
}

/* Without the directory at the end, the local headers tell. */
Test(source_times, zip_cut)
{
	made_need("zip");
	made_run("echo 1 >a && touch -d '2005-04-03 02:30:05 UTC' a && TZ=UTC zip -X d.zip a && zip u.zip a && "
	         "head -c 32 d.zip >cut.zip && printf 'x' >>cut.zip && head -c 70 u.zip >ucut.zip");
	check("cut.zip", "a", NULL, "2005-04-03T02:30:06.0000000Z", "", "archive-local", 2 * SECOND + NO_ZONE);
	check("ucut.zip", "a", NULL, "2005-04-03T02:30:05.0000000Z", "", "archive", SECOND);
}

Test(source_times, zip_unix)
{
	made_need("zip");
	made_run("echo 1 >a && touch -d '2005-04-03 02:30:05 UTC' a && "
	         "touch -a -d '2005-05-01 00:00:01 UTC' a && TZ=Asia/Tokyo zip u.zip a");
	check("u.zip", "a", "+09:00", "2005-04-03T02:30:05.0000000Z", "", "archive", SECOND);
	times t = times_in("u.zip", "a", NULL);
	cr_assert_eq(t.accessed, smsc_time_parse("2005-05-01T00:00:01Z"));
}

/* 7z writes zips as WinZip and Explorer do: NTFS times in the directory alone. */
Test(source_times, zip_ntfs)
{
	made_need("7z");
	made_run("echo 1 >a && touch -m -d '2005-01-07 17:59:39.1234567 UTC' a && 7z a -tzip -mtc=on n.zip a");
	times t = times_in("n.zip", "a", NULL);
	cr_assert_eq(t.modified, smsc_time_parse("2005-01-07T17:59:39.1234567Z"));
	cr_assert_str_eq(t.clock, "archive");
	cr_assert_eq(t.slack, 0);
}

/* The samples' times as their maker's manifest says them; creation from two fields. */
Test(source_times, corpus)
{
	static const struct { const char *file, *modified, *created, *clock; int64_t slack; } rows[] = {
		{ "dos-times.zip", "2004-05-06T03:08:08.0000000Z", "", "archive-local", 2 * SECOND + NO_ZONE },
		{ "unix-times.zip", "2004-05-06T07:08:09.0000000Z", "2004-03-02T09:41:17.0000000Z", "archive", SECOND },
		{ "ntfs-times.zip", "2004-05-06T07:08:09.1250000Z", "2004-03-02T09:41:17.5000000Z", "archive", 0 },
		{ "both-times.zip", "2004-05-06T07:08:09.1250000Z", "2004-03-02T09:41:17.5000000Z", "archive", 0 },
		{ "times.tar.gz", "2004-05-06T07:08:09.1250000Z", "2004-03-02T09:41:17.5000000Z", "archive", 0 },
	};
	const char *corpus = getenv("SMSC_CORPUS");
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		made_try("cp '%s/archives/%s' .", corpus ? corpus : "", rows[i].file);
		if (access(made_path(rows[i].file), R_OK) != 0)
			cr_skip_test("no corpus");
		check(rows[i].file, "file.txt", NULL, rows[i].modified, rows[i].created, rows[i].clock,
		      rows[i].slack);
	}
}

/* ---- the other formats ---------------------------------------------------------------------- */

Test(source_times, cab)
{
	made_need("gcab");
	for (size_t i = 0; i < sizeof jumps / sizeof *jumps; i++) {
		made_run("rm -f c.cab && echo 1 >a && echo 22 >b && touch -d '%s UTC' a b && TZ=UTC gcab -c c.cab a b",
		         jumps[i]);
		check("c.cab", "b", NULL, iso(jumps[i]), "", "archive-local", 2 * SECOND + NO_ZONE);
	}
	check("c.cab", "a", "+02:00", "2005-03-27T00:30:04.0000000Z", "", "archive-local", 2 * SECOND);
}

Test(source_times, utc)
{
	made_run("echo 1 >a && touch -d '2005-04-03 02:30:05.25 UTC' a && touch -d '2005-04-03 02:30:05 UTC' b && "
	         "tar -cf t.tar a && tar --format=pax -cf p.tar a && gzip -kc a >a.gz && gzip -n -c a >n.gz");
	check("t.tar", "a", "+05:00", "2005-04-03T02:30:05.0000000Z", "", "archive", SECOND);
	check("p.tar", "a", "+05:00", "2005-04-03T02:30:05.2500000Z", "", "archive", 0);
	check("a.gz", "a", "+05:00", "2005-04-03T02:30:05.0000000Z", "", "archive", SECOND);
	check("n.gz", "n", "+05:00", "", "", "none", 0);
	if (made_has("7z")) {
		made_run("7z a s.7z a");
		check("s.7z", "a", "+05:00", "2005-04-03T02:30:05.2500000Z", "", "archive", 0);
	}
	if (made_has("genisoimage")) {
		made_run("mkdir i && cp -p a i && TZ=America/New_York genisoimage -R -o i.iso i");
		check("i.iso", "a", "+05:00", "2005-04-03T02:30:05.0000000Z", "", "archive", SECOND);
	}
}

/* In a 7z "ctime" is the creation: here the birth of a file that was made just now. */
Test(source_times, creation)
{
	made_need("bsdtar");
	made_run("echo 1 >a && touch -d '2005-01-07 17:59:39 UTC' a && bsdtar -cf c.7z --format=7zip a");
	time_t now = time(NULL);
	times t = times_in("c.7z", "a", NULL);
	cr_assert_eq(t.modified, smsc_time_parse("2005-01-07T17:59:39Z"));
	int64_t age = smsc_time_of_unix(now, 0) - t.created;
	cr_assert(age > -60 * SECOND && age < 600 * SECOND);
}
