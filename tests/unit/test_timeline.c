/* test_timeline.c - events: whose clock, in which order, each once. */
#include <zlib.h>

#include "analysis/days.h"
#include "case_files.h"

/* One record of a CCM log; `bias` "" when it tells none. */
static void put_row(smsc_buf *b, const char *text, const char *time, const char *bias)
{
	smsc_buf_printf(b, "<![LOG[%s]LOG]!><time=\"%s%s\" date=\"01-07-2005\" component=\"CcmExec\" "
	                "context=\"\" type=\"3\" thread=\"2724\" file=\"ccmexec.cpp:1\">\r\n", text, time, bias);
}

#define SIGN "CCMSignData failed (0x8009200b)."

static void put_log(const char *folder, const char *name, smsc_buf *b)
{
	put_file(folder, name, b->data, b->size, "2005-01-08T01:30Z");
	smsc_buf_free(b);
	*b = (smsc_buf)SMSC_BUF_INIT;
}

static void put_packed(const char *folder, const char *name, smsc_buf *b)
{
	char packed[1000];
	z_stream z = { .next_in = (Bytef *)b->data, .avail_in = (uInt)b->size, .next_out = (Bytef *)packed,
	               .avail_out = sizeof packed };
	smsc_buf gz = SMSC_BUF_INIT;
	cr_assert_eq(deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
	cr_assert_eq(deflate(&z, Z_FINISH), Z_STREAM_END);
	smsc_buf_add(&gz, packed, z.total_out);
	put_log(folder, name, &gz);
	deflateEnd(&z);
	smsc_buf_free(b);
	*b = (smsc_buf)SMSC_BUF_INIT;
}

static const smsc_event *only(const smsc_case *c)
{
	cr_assert_eq(smsc_case_event_count(c), 1);
	return smsc_case_event_at(c, 0);
}

static smsc_case *case_of(const char *folder)
{
	const char *paths[] = { folder };
	return analyzed(NULL, paths, 1);
}

Test(timeline, a_row_with_a_bias)
{
	char *folder = new_folder();
	smsc_buf b = SMSC_BUF_INIT;
	put_row(&b, "nothing to do with it", "17:59:39.000", "+300");
	uint64_t second = b.size;
	put_row(&b, "CCMSignData failed\r\n\t(0x8009200b).  ", "17:59:40.234", "+300");
	put_log(folder, "logs/ccmexec.log", &b);
	smsc_case *c = case_of(folder);
	const smsc_event *e = only(c);
	cr_assert_eq(smsc_event_time(e), smsc_time_parse("2005-01-07T22:59:40.234Z"));
	cr_assert_eq(smsc_event_local(e), smsc_time_parse("2005-01-07T17:59:40.234Z"));
	cr_assert_eq(smsc_event_bias(e), 300);
	cr_assert_eq(smsc_event_slack(e), 0);
	cr_assert_str_eq(smsc_event_clock(e), "log");
	cr_assert_str_eq(smsc_event_kind(e), "signing-failed");
	cr_assert_eq(smsc_event_severity(e), 3);
	cr_assert_str_eq(smsc_event_text(e), SIGN);
	cr_assert(strstr(smsc_event_meaning(e), "CRYPT_E_NO_KEY_PROPERTY"), "%s", smsc_event_meaning(e));
	cr_assert_str_eq(smsc_event_path(e), "logs/ccmexec.log");
	cr_assert_eq(smsc_event_offset(e), second);
	cr_assert_eq(smsc_event_source(e), smsc_case_source_at(c, 0));
	cr_assert_null(smsc_event_generation(e));
	smsc_case_unref(c);
	drop_folder(folder);
}

Test(timeline, a_row_without_a_bias)
{
	char *folder = new_folder();
	smsc_buf b = SMSC_BUF_INIT;
	put_row(&b, SIGN, "17:59:40.234", "");
	put_log(folder, "ccmexec.log", &b);
	smsc_case *c = case_of(folder);
	const smsc_event *e = only(c);
	cr_assert_eq(smsc_event_time(e), SMSC_NEVER);
	cr_assert_eq(smsc_event_local(e), smsc_time_parse("2005-01-07T17:59:40.234Z"));
	cr_assert_eq(smsc_event_bias(e), SMSC_NO_BIAS);
	cr_assert_eq(smsc_event_slack(e), SMSC_SLACK_NO_ZONE);
	cr_assert_str_eq(smsc_event_clock(e), "log-local");
	smsc_case_unref(c);
	drop_folder(folder);
}

Test(timeline, neighbours_tell_the_bias)
{
	char *folder = new_folder();
	smsc_buf b = SMSC_BUF_INIT;
	put_row(&b, SIGN, "17:59:40.234", "");
	put_log(folder, "a.log", &b);
	put_row(&b, "an ordinary row", "10:00:00.000", "+300");
	put_log(folder, "b.log", &b);
	smsc_case *c = case_of(folder);
	const smsc_event *e = only(c);
	cr_assert_str_eq(smsc_event_clock(e), "log-neighbour");
	cr_assert_eq(smsc_event_time(e), smsc_time_parse("2005-01-07T22:59:40.234Z"));
	cr_assert_eq(smsc_event_bias(e), 300);
	smsc_case_unref(c);

	/* One that says otherwise, and nothing is known. */
	put_row(&b, "an ordinary row", "10:00:00.000", "-60");
	put_log(folder, "c.log", &b);
	c = case_of(folder);
	cr_assert_str_eq(smsc_event_clock(only(c)), "log-local");
	smsc_case_unref(c);
	drop_folder(folder);
}

Test(timeline, neighbours_are_of_the_same_source)
{
	char *folder = new_folder();
	smsc_buf b = SMSC_BUF_INIT;
	put_row(&b, SIGN, "17:59:40.234", "");
	put_log(folder, "1/a.log", &b);
	put_row(&b, "an ordinary row", "10:00:00.000", "+300");
	put_log(folder, "2/b.log", &b);
	const char *paths[] = { below(folder, "1"), below(folder, "2") };
	smsc_case *c = analyzed(NULL, paths, 2);
	cr_assert_str_eq(smsc_event_clock(only(c)), "log-local");
	smsc_case_unref(c);
	drop_folder(folder);
}

Test(timeline, days)
{
	smsc_days d = { 0 };
	const smsc_time noon = smsc_time_parse("2005-01-07T12:00Z");
	cr_assert_eq(smsc_days_bias(&d, noon), SMSC_NO_BIAS);
	for (int i = 0; i < 1000; i++)
		smsc_days_add(&d, noon + (i * 7919 % 1000) * SMSC_TICKS_DAY, i * 7919 % 1000, "", 0);
	for (int i = 0; i < 1000; i++)
		cr_assert_eq(smsc_days_bias(&d, noon + i * SMSC_TICKS_DAY), i);
	smsc_days_add(&d, noon + 5 * SMSC_TICKS_DAY, 5, "", 0);
	smsc_days_add(&d, noon + 6 * SMSC_TICKS_DAY, 5, "", 0);
	cr_assert_eq(smsc_days_bias(&d, noon + 5 * SMSC_TICKS_DAY), 5);
	cr_assert_eq(smsc_days_bias(&d, noon + 6 * SMSC_TICKS_DAY), SMSC_NO_BIAS);
	cr_assert_eq(smsc_days_bias(&d, noon - SMSC_TICKS_DAY), SMSC_NO_BIAS);
	/* More days than any evidence has: nothing is known any more, and memory is bounded. */
	for (int i = 0; i < 100000; i++)
		smsc_days_add(&d, noon + i * SMSC_TICKS_DAY, 0, "", 0);
	cr_assert_leq(d.room, 16384);
	cr_assert_eq(smsc_days_bias(&d, noon + 5 * SMSC_TICKS_DAY), SMSC_NO_BIAS);
	smsc_days_free(&d);
}

static bool same_days(const smsc_days *a, const smsc_days *b)
{
	bool same = a->count == b->count && a->full == b->full;
	for (size_t i = 0; i < a->count && same; i++)
		same = a->at[i].day == b->at[i].day && a->at[i].bias == b->at[i].bias && a->at[i].first == b->at[i].first &&
			a->at[i].last == b->at[i].last && a->at[i].path == b->at[i].path && a->at[i].offset == b->at[i].offset;
	return same;
}

/* Rows in any number of parts give what they give in one. */
Test(timeline, days_in_parts)
{
	static const char *const paths[] = { "a", "b", "c" };
	const smsc_time noon = smsc_time_parse("2005-01-07T12:00Z");
	uint32_t seed = 1;
	smsc_days one = { 0 }, all = { 0 }, none = { 0 };
	for (int part = 0; part < 40; part++) {
		smsc_days d = { 0 };
		for (int i = 0; i < part * 3; i++) {
			seed = seed * 1664525 + 1013904223;
			smsc_time t = noon + (seed >> 16) % 90 * SMSC_TICKS_DAY + (seed >> 10) % 4 * SMSC_TICKS_A_SECOND;
			int32_t bias = (int32_t)(seed >> 8) % 3 * 60;
			smsc_days_add(&d, t, bias, paths[part % 3], seed);
			smsc_days_add(&one, t, bias, paths[part % 3], seed);
		}
		smsc_days_merge(&all, &d);
		smsc_days_merge(&all, &none);
		cr_assert(same_days(&all, &one), "part %d", part);
		smsc_days_free(&d);
	}
	cr_assert_gt(all.count, 200);
	/* Too many together, though not in any part. */
	smsc_days many[2] = { { 0 }, { 0 } };
	for (int i = 0; i < 20000; i++)
		smsc_days_add(&many[i & 1], noon + i * SMSC_TICKS_DAY, 0, "", 0);
	cr_assert(!many[0].full && !many[1].full);
	smsc_days_merge(&many[0], &many[1]);
	cr_assert(many[0].full && !many[0].count);
	smsc_days_merge(&many[1], &many[0]);
	cr_assert(many[1].full && !many[1].count);
	smsc_days_free(&many[0]);
	smsc_days_free(&many[1]);
	smsc_days_free(&one);
	smsc_days_free(&all);
}

/* ---- each thing once -------------------------------------------------------------------- */

/* A log that was renamed, and packed, between the backups: `x.log` of one is `x.lo_` or
 * `x-STAMP.log.gz` of the others. */
Test(timeline, copies_in_later_backups_are_counted)
{
	char *folder = new_folder();
	smsc_buf b = SMSC_BUF_INIT;
	static const char *const names[] = { "1/Logs/CcmExec.log", "2/Logs/CcmExec-20050108-171122.log.gz",
	                        "3/Logs/ccmexec.lo_" };
	for (int i = 0; i < 3; i++) {
		put_row(&b, "filler", "00:00:00.000", "+300");
		for (int k = 0; k < i; k++)
			put_row(&b, "older", "00:00:00.000", "+300");
		put_row(&b, SIGN, "17:59:40.234", "+300");
		(i == 1 ? put_packed : put_log)(folder, names[i], &b);
	}
	const char *paths[] = { below(folder, "1"), below(folder, "2"), below(folder, "3") };
	smsc_case *c = analyzed(NULL, paths, 3);
	const smsc_event *e = only(c);
	cr_assert_eq(smsc_event_source(e), smsc_case_source_at(c, 0), "the first one");
	cr_assert(strstr(smsc_event_meaning(e), "Also in 2 other sources."), "%s", smsc_event_meaning(e));
	cr_assert_eq(smsc_event_source_count(e), 3);
	for (size_t i = 0; i < 4; i++)
		cr_assert_eq(smsc_event_source_at(e, i), smsc_case_source_at(c, i));
	smsc_case_unref(c);
	drop_folder(folder);
}

/* A file in a tape archive, not packed. */
static void put_tar(smsc_buf *b, const char *name, const smsc_buf *data)
{
	char head[512] = "";
	unsigned sum = 0;
	snprintf(head, 100, "%s", name);
	snprintf(head + 100, 8, "%07o", 0644);
	snprintf(head + 124, 12, "%011zo", data->size);
	snprintf(head + 136, 12, "%011o", 1105144780);
	memset(head + 148, ' ', 8);
	memcpy(head + 156, "0", 1);
	memcpy(head + 257, "ustar\00000", 8);
	for (size_t i = 0; i < sizeof head; i++)
		sum += (unsigned char)head[i];
	snprintf(head + 148, 8, "%06o", sum);
	smsc_buf_add(b, head, sizeof head);
	smsc_buf_add(b, data->data, data->size);
	put_fill(b, 0, 512 - data->size % 512 + 1024);
}

/* The bytes of an archive hold the row as well, where its entries are not packed. */
Test(timeline, a_row_in_an_archive_is_told_once)
{
	char *folder = new_folder();
	smsc_buf row = SMSC_BUF_INIT, tar = SMSC_BUF_INIT;
	put_row(&row, SIGN, "17:59:40.234", "+300");
	put_tar(&tar, "logs/ccmexec.log", &row);
	put_log(folder, "a.tar", &tar);
	smsc_case *c = case_of(folder);
	cr_assert_str_eq(smsc_event_path(only(c)), "a.tar!/logs/ccmexec.log");
	cr_assert_null(find_rule(c, "D005"));  /* bytes that are no row */
	smsc_case_unref(c);
	/* An archive that only begins like one is still evidence. */
	put_file(folder, "a.tar", "PK\3\4\r\n", 6, "2005-01-08T01:30Z");
	smsc_buf_str(&tar, "PK\3\4\r\n");
	smsc_buf_add(&tar, row.data, row.size);
	put_log(folder, "b.zip", &tar);
	c = case_of(folder);
	cr_assert_eq(count_kind(c, "signing-failed"), 1);
	cr_assert_str_eq(smsc_event_path(find_kind(c, "signing-failed")), "b.zip");
	smsc_case_unref(c);
	smsc_buf_free(&row);
	drop_folder(folder);
}

Test(timeline, other_logs_are_no_copies)
{
	char *folder = new_folder();
	smsc_buf b = SMSC_BUF_INIT;
	put_row(&b, SIGN, "17:59:40.234", "+300");
	put_log(folder, "1/server/ccmexec.log", &b);
	put_row(&b, SIGN, "17:59:40.234", "+300");
	put_log(folder, "1/client/ccmexec.log", &b);
	put_row(&b, SIGN, "17:59:40.235", "+300");
	put_log(folder, "2/server/ccmexec.log", &b);
	const char *paths[] = { below(folder, "1"), below(folder, "2") };
	smsc_case *c = analyzed(NULL, paths, 2);
	cr_assert_eq(smsc_case_event_count(c), 3);
	smsc_case_unref(c);
	drop_folder(folder);
}

Test(timeline, a_loop_of_equal_rows_is_one_event)
{
	char *folder = new_folder();
	smsc_buf b = SMSC_BUF_INIT;
	for (int i = 0; i < 5000; i++)
		put_row(&b, SIGN, "17:59:40.234", "+300");
	put_log(folder, "ccmexec.log", &b);
	smsc_case *c = case_of(folder);
	cr_assert(strstr(smsc_event_meaning(only(c)), "Said 5000 times."));
	smsc_case_unref(c);
	drop_folder(folder);
}

/* ---- unknown wording, long texts ------------------------------------------------------------ */

Test(timeline, an_unknown_line_with_a_key_code)
{
	char *folder = new_folder();
	smsc_buf b = SMSC_BUF_INIT;
	put_row(&b, "Something new went wrong: -2146893802", "17:59:40.234", "+300");
	put_row(&b, "Something else went wrong: 0x80004005", "17:59:41.234", "+300");
	put_log(folder, "ccmexec.log", &b);
	smsc_case *c = case_of(folder);
	const smsc_event *e = only(c);
	cr_assert_str_eq(smsc_event_kind(e), "key-error");
	cr_assert(strstr(smsc_event_meaning(e), "NTE_BAD_KEYSET"), "%s", smsc_event_meaning(e));
	smsc_case_unref(c);
	drop_folder(folder);
}

Test(timeline, long_texts_are_cut_between_characters)
{
	char *folder = new_folder();
	smsc_buf b = SMSC_BUF_INIT, text = SMSC_BUF_INIT;
	smsc_buf_str(&b, "\xef\xbb\xbf");
	smsc_buf_str(&text, SIGN "x");
	for (int i = 0; i < 1000; i++)
		smsc_buf_str(&text, "\xc3\xa4");
	put_row(&b, text.data, "17:59:40.234", "+300");
	put_log(folder, "ccmexec.log", &b);
	smsc_case *c = case_of(folder);
	const char *told = smsc_event_text(only(c));
	size_t size = strlen(told);
	cr_assert_leq(size, 503);
	cr_assert_str_eq(told + size - 5, "\xc3\xa4...");
	smsc_case_unref(c);
	smsc_buf_free(&text);
	drop_folder(folder);
}

/* ---- files -------------------------------------------------------------------------------------- */

static const char *const evening[] = { "key-file-written", "key-pair-missing", "key-replaced",
                                       "machine-guid-new" };

Test(timeline, files_of_the_evening)
{
	char *folder = new_folder();
	const char *paths[] = { below(folder, "1"), below(folder, "2") };
	for (int i = 0; i < 2; i++)
		put_key_file(paths[i], SMS_HASH, OLD_GUID, "SMS", 'a', 'b', "2004-11-09T15:03Z");
	put_key_file(paths[1], SMS_HASH, NEW_GUID, "SMS", 'c', 0, "2005-01-07T22:59:43Z");
	smsc_case *c = analyzed(NULL, paths, 2);
	cr_assert_eq(smsc_case_event_count(c), 5);
	cr_assert_str_eq(smsc_event_kind(smsc_case_event_at(c, 0)), "key-file-written");
	for (size_t i = 0; i < 4; i++) {
		const smsc_event *e = smsc_case_event_at(c, i + 1);
		cr_assert_str_eq(smsc_event_kind(e), evening[i]);
		cr_assert_eq(smsc_event_time(e), smsc_time_parse("2005-01-07T22:59:43Z"));
		cr_assert_str_eq(smsc_event_clock(e), "file-system");
		cr_assert_eq(smsc_event_generation(e), smsc_case_generation_at(c, 1));
		cr_assert_eq(smsc_event_source(e), smsc_case_source_at(c, 1));
	}
	const smsc_event *replaced = find_kind(c, "key-replaced");
	cr_assert(strstr(smsc_event_text(replaced), "not yet in the backup of 2004-11-09T15:03Z, in that of "
	                 "2005-01-07T22:59Z"), "%s", smsc_event_text(replaced));
	smsc_case_unref(c);
	drop_folder(folder);
}

Test(timeline, a_copy_that_kept_its_times_is_dated_by_the_backups)
{
	char *folder = new_folder();
	const char *paths[] = { below(folder, "1"), below(folder, "2") };
	for (int i = 0; i < 2; i++)
		put_key_file(paths[i], SMS_HASH, OLD_GUID, "SMS", 'a', 'b', "2004-11-09T15:03Z");
	put_key_file(paths[1], SMS_HASH, NEW_GUID, "SMS", 'a', 'b', "2004-11-09T15:03Z");
	put_text(paths[0], "taken", "", "2005-01-10T00:15Z");
	put_text(paths[1], "taken", "", "2005-01-12T12:00Z");
	smsc_case *c = analyzed(NULL, paths, 2);
	const smsc_event *e = find_kind(c, "container-restored");
	cr_assert_not_null(e);
	cr_assert_eq(smsc_event_time(e), smsc_time_parse("2005-01-12T12:00Z"));
	cr_assert_eq(smsc_event_slack(e), smsc_time_parse("2005-01-12T12:00Z") -
	             smsc_time_parse("2005-01-10T00:15Z"), "it reaches back to the backup without it");
	smsc_case_unref(c);
	drop_folder(folder);
}

Test(timeline, a_container_goes_and_comes_back)
{
	char *folder = new_folder();
	const char *paths[] = { below(folder, "1"), below(folder, "2"), below(folder, "3"), below(folder, "4") };
	static const char *const taken[] = { "2005-01-01", "2005-01-02", "2005-01-03", "2005-01-04" };
	for (int i = 0; i < 4; i++) {
		put_key_file(paths[i], SITE_HASH, OLD_GUID, "Microsoft Systems Management Server", 'e', 'f',
		             "2004-03-16");
		put_text(paths[i], "taken", "", taken[i]);
		if (i == 0 || i == 3)
			put_key_file(paths[i], SMS_HASH, OLD_GUID, "SMS", 'a', 'b', "2004-11-09");
	}
	smsc_case *c = analyzed(NULL, paths, 4);
	cr_assert_eq(count_kind(c, "container-missing"), 1);
	cr_assert_eq(count_kind(c, "container-restored"), 1);
	const smsc_event *gone = find_kind(c, "container-missing"), *back = find_kind(c, "container-restored");
	cr_assert_eq(smsc_event_time(gone), smsc_time_parse("2005-01-02"));
	cr_assert_eq(smsc_event_time(back), smsc_time_parse("2005-01-04"));
	cr_assert_eq(smsc_event_slack(back), SMSC_TICKS_DAY);
	smsc_case_unref(c);

	/* A backup without that folder says nothing. */
	const char *others[] = { paths[0], below(folder, "5") };
	put_text(others[1], "taken", "", "2005-01-05");
	c = analyzed(NULL, others, 2);
	cr_assert_eq(count_kind(c, "container-missing"), 0);
	smsc_case_unref(c);
	drop_folder(folder);
}

Test(timeline, preferred_tells_when_a_master_key_is_due)
{
	/* Of a real XP [capi-dpapi 5.7]: 2014-09-06 06:36:54. */
	static const char preferred[24] = "\x56\xf7\x49\x9d\xaa\xbb\xcc\x4d\x8e\xee\x01\x02\x03\x04\x05\x06"
	                                  "\x00\x8d\x8f\x66\x9a\xc9\xcf\x01";
	char *folder = new_folder();
	put_file(folder, "Protect/S-1-5-18/Preferred", preferred, 24, "2014-06-08");
	put_file(folder, "Protect/S-1-5-18/other", preferred, 24, "2014-06-08");
	smsc_case *c = case_of(folder);
	cr_assert_eq(count_kind(c, "master-key-expires"), 1, "the name must agree");
	const smsc_event *e = find_kind(c, "master-key-expires");
	cr_assert_str_eq(smsc_event_clock(e), "content");
	cr_assert_eq(smsc_event_offset(e), 16);
	cr_assert_str_eq(smsc_event_path(e), "Protect/S-1-5-18/Preferred");
	smsc_case_unref(c);
	drop_folder(folder);
}

Test(timeline, order_is_total_and_the_same_each_time)
{
	char *folder = new_folder();
	smsc_buf b = SMSC_BUF_INIT;
	for (int i = 0; i < 40; i++) {
		char name[32];
		put_row(&b, SIGN, "17:59:40.234", "+300");
		put_row(&b, "CCMSignData failed (0x8009200b): other", "17:59:40.234", "+300");
		snprintf(name, sizeof name, "%d/ccmexec.log", i * 7 % 40);
		put_log(folder, name, &b);
	}
	smsc_case *c = case_of(folder);
	cr_assert_eq(smsc_case_event_count(c), 80);
	for (size_t i = 1; i < 80; i++) {
		const smsc_event *x = smsc_case_event_at(c, i - 1), *y = smsc_case_event_at(c, i);
		int d = strcmp(smsc_event_path(x), smsc_event_path(y));
		cr_assert(d < 0 || (!d && smsc_event_offset(x) < smsc_event_offset(y)));
	}
	smsc_case_unref(c);
	drop_folder(folder);
}
