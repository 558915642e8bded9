/* test_log_quick.c - what makes logs fast must change nothing: a row read between others is the
 * row that is read alone, and no row about keys is let go early. */
#include "../sample.h"
#include "analysis/knowledge.h"
#include "analysis/knowledge_marks.h"
#include "log_rows.h"

static void over_all_logs(void (*check)(const char *path, void *sum), void *sum)
{
	static const char *const folders[] = { "ccm-log", "sms-log", "setup-log", "iis-log", "update-log", "trace-text", "incident-2005" };

	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
		const char *folder = sample_path("SMSC_CORPUS", folders[i]);
		cr_assert(folder, "%s", folders[i]);
		sample_walk(folder, check, sum);
	}
	const char *shared = sample_path("SMSC_SHARED", "logs");
	if (shared)
		sample_walk(shared, check, sum);
}

/* ---- alone and among others ------------------------------------------------------------ */

static bool same_span(smsc_span a, smsc_span b)
{
	return a.size == b.size && (!a.size || !memcmp(a.data, b.data, a.size));
}

static bool same_row(const smsc_row *a, const smsc_row *b)
{
	return a->time == b->time && a->local == b->local && a->bias == b->bias && a->severity == b->severity &&
	       a->thread == b->thread && a->source_line == b->source_line && a->length == b->length &&
	       same_span(a->text, b->text) && same_span(a->component, b->component) &&
	       same_span(a->context, b->context) && same_span(a->file, b->file) && !strcmp(a->form, b->form);
}

static size_t lines_before(smsc_span s, uint64_t offset)
{
	size_t lines = 1;
	for (const char *p = s.data; (p = memchr(p, '\n', (size_t)((const char *)s.data + offset - p))); p++)
		lines++;
	return lines;
}

/* A record that ends with the stream is read step by step; one with enough behind it is not. */
static bool check_alone(smsc_span s, const smsc_row *row)
{
	feed f = { .left = smsc_span_cut(s, row->offset, row->length) };
	smsc_error *err = NULL;
	smsc_row alone = SMSC_ROW_INIT;
	smsc_log *l = feed_open(&f, NULL, &err);
	/* One record with an odd component is not enough to be a log. */
	if (smsc_error_code(err) == SMSC_EFORMAT) {
		smsc_error_free(err);
		return false;
	}
	cr_assert(smsc_log_next(l, &alone, &err), "%" PRIu64, row->offset);
	cr_assert(same_row(row, &alone), "%s at %" PRIu64 ": %.*s", row->form, row->offset, (int)row->text.size, (const char *)row->text.data);
	cr_assert_not(smsc_log_next(l, &alone, &err));
	smsc_log_unref(l);
	return true;
}

static void check_rows_alone(const char *path, void *sum)
{
	smsc_span s = sample_load(path);
	feed f = { .left = s };
	smsc_error *err = NULL;
	smsc_row row = SMSC_ROW_INIT;
	smsc_log *l = feed_open(&f, NULL, &err);
	for (size_t i = 0; smsc_log_next(l, &row, &err); i++) {
		bool ccm = !strcmp(row.form, "ccm") && !memcmp((const char *)s.data + row.offset, "<![LOG[", 7);
		if (i % 8 || (!ccm && strcmp(row.form, "sms-c") && strcmp(row.form, "sms-b")))
			continue;
		*(size_t *)sum += check_alone(s, &row);
		cr_assert_eq(row.line, lines_before(s, row.offset), "%s: %" PRIu64, path, row.offset);
	}
	smsc_log_unref(l);
	smsc_error_free(err);
	sample_free(s);
}

Test(log_quick, a_row_is_the_same_alone)
{
	size_t rows = 0;
	over_all_logs(check_rows_alone, &rows);
	cr_assert_geq(rows, 100);
}

/* Each value of a record one by one made something that the product does not write: behind a plain row,
 * and before others, its row is the same as in a log that has no other. */
typedef struct odd_value {
	const char *from, *to;
} odd_value;

static void check_odd_value(const char *plain, const odd_value *odd)
{
	smsc_buf log = SMSC_BUF_INIT;
	const char *at = strstr(plain, odd->from);
	smsc_buf_printf(&log, "%s\r\n", plain);
	size_t lead = log.size;
	smsc_buf_add(&log, plain, (size_t)(at - plain));
	smsc_buf_str(&log, odd->to);
	smsc_buf_str(&log, at + strlen(odd->from));
	size_t size = log.size - lead;
	for (int k = 0; k < 4; k++)
		smsc_buf_printf(&log, "\r\n%s", plain);
	feed f = { .left = smsc_span_of(log.data, log.size) }, one = { .left = smsc_span_of(log.data + lead, size) };
	smsc_error *err = NULL, *none = NULL;
	smsc_row row = SMSC_ROW_INIT, alone = SMSC_ROW_INIT;
	smsc_log *l = feed_open(&f, NULL, &err), *m = feed_open(&one, NULL, &none);
	cr_assert(smsc_log_next(l, &row, &err) && row.offset == 0, "%s", odd->to);
	bool more = smsc_log_next(l, &row, &err) && row.offset < lead + size;
	cr_assert(smsc_log_next(m, &alone, &none) == more, "%s", odd->to);
	cr_assert(!more || (row.offset == lead + alone.offset && same_row(&row, &alone)), "%s", odd->to);
	smsc_error_free(none);
	smsc_log_unref(l);
	smsc_log_unref(m);
	smsc_buf_free(&log);
}

Test(log_quick, an_odd_value_of_a_client_is_read_all_the_same)
{
	static const odd_value odd[] = {
		{ "thread=\"3944\"", "thread=\"123456789\"" }, { "thread=\"3944\"", "thread=\"\"" },
		{ "thread=\"3944\"", "thread=\"4294967295\"" }, { "thread=\"3944\"", "thread=\"12345678\"" },
		{ "thread=\"3944\"", "thread=\"39:4\"" }, { "file=\"a.cpp:12\"", "file=\"\"" },
		{ "file=\"a.cpp:12\"", "file=\"12345678\"" }, { "file=\"a.cpp:12\"", "file=\"a.cpp:1234567\"" },
		{ "file=\"a.cpp:12\"", "file=\"a.cpp:12345678\"" }, { "file=\"a.cpp:12\"", "file=\":7\"" },
		{ "file=\"a.cpp:12\"", "file=\"a.cpp:\"" }, { "type=\"1\"", "type=\"3\"" }, { "type=\"1\"", "type=\"4\"" },
		{ "type=\"1\"", "type=\"\"" }, { "+300\"", "+1440\"" }, { "+300\"", "+1441\"" }, { "+300\"", "-5\"" },
		{ "+300\"", "+00\"" }, { "+300\"", "+000\"" }, { "+300\"", "\"" }, { "+300\"", "+3:0\"" },
		{ "+300\"", "+\"" }, { "+300\"", "+00300\"" },
		{ "context=\"\"", "context=\"LAB\\user\"" }, { "component=\"C\"", "component=\"\"" },
		{ "component=\"C\"", "component=\"A very long name of a component that goes on and on and does not end before the 64th byte\"" },
		{ "component=\"C\"", "component=\"\xc3\xa4\"" }, { "component=\"C\"", "component=\"\xe4\"" },
		{ "component=\"C\"", "component=\"\tC\"" }, { "component=\"C\"", "c\x01mponent=\"C\"" },
		{ "date=\"01-07-2005\"", "date=\"1-7-2005\"" }, { "date=\"01-07-2005\"", "date=\"13-07-2005\"" },
		{ "11:59:38.123", "11:59:38.1234567" }, { "11:59:38.123", "24:59:38.123" }, { "11:59:38.123", "11:59:60.123" },
		{ "11:59:38.123", "11:59:38.12:" }, { "11:59:38.123", "11:59:38,123" },
		{ "\" type=", "\"  type=" }, { "\">", "\" >" },
	};
	for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
		check_odd_value("<![LOG[Hello!]LOG]!><time=\"11:59:38.123+300\" date=\"01-07-2005\" component=\"C\" "
		                "context=\"\" type=\"1\" thread=\"3944\" file=\"a.cpp:12\">", &odd[i]);
}

Test(log_quick, an_odd_value_of_a_server_is_read_all_the_same)
{
	static const odd_value odd[] = {
		{ "Hello", "\\\\S\\SMS_A$\\x" }, { "Hello", "a $$$<b> c" }, { "Hello", "a $<b> c" }, { "Hello", "x$<b> c" },
		{ "Hello", "a\r\nb" }, { "Hello", "a <thread=1>\r\nb" }, { "Hello", "\xe4\r\n\xc3\xa4" }, { "Hello", " ~Hello~" },
		{ "Hello", "<Hello" }, { "Hello", "~" }, { "Hello~  $$", "$$" },
		{ "<SMS_A>", "<SMS A-1.x:/\\()&~>" }, { "<SMS_A>", "< SMS_A>" }, { "<SMS_A>", "<SMS_A >" }, { "<SMS_A>", "<>" },
		{ "<SMS_A>", "<SMS\tA>" }, { "<SMS_A>", "<SMS\r\nA>" }, { "<SMS_A>", "<SM\xc3\xa4>" }, { "<SMS_A>", "<SM\xe4>" },
		{ "<SMS_A>", "<S<A>" }, { "<SMS_A>", "<\x7f!>" }, { "<SMS_A>", "<SMS_A12345678901234567890123456789012345678901>" },
		{ "<SMS_A>", "<SMS_A123456789012345678901234567890123456789012>" },
		{ "<SMS_A>", "<SMS_A1234567890123456789012345678901234567890123>" },
		{ "><01", "> <01" }, { "2005 11", "2005  11" }, { "01-07-2005", "1-7-2005" }, { "01-07-2005", "02-29-2005" },
		{ "01-07-2005", "01-07-1601" }, { "11:59:38.123", "24:59:38.123" }, { "11:59:38.123", "11:59:60.123" },
		{ "11:59:38.123", "11:59:38.12" }, { "11:59:38.123", "11:59:38.12a" }, { "+300", "-60" }, { "+300", "+0" }, { "+300", "" },
		{ "+300", "+1440" }, { "+300", "+1441" }, { "+300", "+00300" }, { "+300", "+3a0" }, { "+300>", "+300~>" },
		{ "4844 (0x12EC)", "4844" }, { "4844 (0x12EC)", "4844 (0x12ec)" }, { "4844 (0x12EC)", "4844 (0x012EC)" },
		{ "4844 (0x12EC)", "4844 (0x12ED)" }, { "4844 (0x12EC)", "0 (0x0)" }, { "4844 (0x12EC)", "16 (0x10)" },
		{ "4844 (0x12EC)", "9999999 (0x98967F)" }, { "4844 (0x12EC)", "12345678 (0xBC614E)" },
		{ "4844 (0x12EC)", "4294967295 (0xFFFFFFFF)" }, { "4844 (0x12EC)", "4844  (0x12EC)" }, { "4844 (0x12EC)", "4844 (0x12EC) " },
		{ "(0x12EC)>", "(0x12EC)" }, { "(0x12EC)>", "(0x12EC)> " }, { "(0x12EC)>", "(0x12EC)>x" },
	};
	for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
		check_odd_value("Hello~  $$<SMS_A><01-07-2005 11:59:38.123+300><thread=4844 (0x12EC)>", &odd[i]);
}

Test(log_quick, an_odd_value_of_an_older_server_is_read_all_the_same)
{
	static const odd_value odd[] = {
		{ "Hello", "Hello" }, { "Fri", "Sat" }, { "Fri", "F\xe4i" }, { "Jan 07", "Jan 08" }, { "Jan 07", "Jan  7" }, { "Jan 07", "Jan 7" },
		{ "Jan 07", "Jan 32" }, { "11:59:38.123", "00:00:00.000" }, { "11:59:38.123", "24:59:38.123" }, { "11:59:38.123", "11:59:60.123" },
		{ "11:59:38.123", "11:59:38" }, { "11:59:38.123", "11:59:38.1234" }, { "11:59:38.123", "11:59:38.12" }, { "2005", "2004" }, { "2005", "1601" },
		{ "2005 ", "2005  " }, { "Eastern Standard", "Pacific Daylight" }, { "Eastern Standard Time", "" }, { " Eastern Standard Time", "~" },
		{ "Eastern Standard", "Eastern\r\nStandard" }, { "Eastern Standard", "No Such" }, { "Time>", "Time >" }, { "><thread", "> <thread" },
		{ "4844 (0x12EC)", "4844" }, { "4844 (0x12EC)", "4844 (0x12ED)" }, { "(0x12EC)>", "(0x12EC)" },
		{ "Fri Jan 07 11:59:38.123 2005 Eastern Standard Time", "01-07-2005 11:59:38.123+300" },
	};
	for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
		check_odd_value("Hello~  $$<SMS_A><Fri Jan 07 11:59:38.123 2005 Eastern Standard Time><thread=4844 (0x12EC)>", &odd[i]);
}

/* ---- marks ------------------------------------------------------------------------------- */

static void check_likely(const char *path, void *sum)
{
	smsc_span s = sample_load(path);
	feed f = { .left = s };
	smsc_error *err = NULL;
	smsc_row row = SMSC_ROW_INIT;
	smsc_known_hit hit;
	smsc_log *l = feed_open(&f, NULL, &err);
	while (smsc_log_next(l, &row, &err)) {
		if (!smsc_known_match(&row, &hit) && !smsc_known_code(&row, &hit))
			continue;
		cr_assert(smsc_known_likely(&row), "%s: %s: %.*s", path, hit.known->id, (int)row.text.size, (const char *)row.text.data);
		++*(size_t *)sum;
	}
	smsc_log_unref(l);
	smsc_error_free(err);
	sample_free(s);
}

Test(log_quick, no_row_about_keys_is_let_go)
{
	size_t rows = 0;
	over_all_logs(check_likely, &rows);
	cr_assert_geq(rows, 100);
}

Test(log_quick, every_pattern_has_a_mark)
{
	const smsc_known *k;
	smsc_row row = SMSC_ROW_INIT;
	smsc_known_likely(&row);
	for (size_t i = 0; (k = smsc_known_at(i)); i++)
		cr_assert(*k->id == 'V' || smsc_marks_cover(k->text), "%s needs a mark: %s", k->id, k->text);
}

/* A code in each spelling, at every place of texts of every length. */
Test(log_quick, a_mark_is_found_at_every_place)
{
	static const char *const codes[] = { "0x8009200B", "8009200b", "800703f0", "0x800703F0", "2148081675", "-2146885621", "2147943408", "-2147023888" };
	char text[140];
	bool lets_go = false;

	for (size_t size = 12; size < sizeof text; size++) {
		smsc_row row = SMSC_ROW_INIT;
		row.text = smsc_span_of(text, size);
		memset(text, 'x', size);
		lets_go |= !smsc_known_likely(&row);
		for (size_t at = 0; at + 11 <= size; at++) {
			const char *code = codes[(size + at) % (sizeof codes / sizeof *codes)];
			smsc_known_hit hit;
			memset(text, at % 2 ? ' ' : '\xe4', size);
			memcpy(text + at, code, strlen(code));
			cr_assert(smsc_known_likely(&row), "%s at %zu of %zu", code, at, size);
			cr_assert(smsc_known_code(&row, &hit), "%s at %zu of %zu", code, at, size);
		}
	}
#ifdef __x86_64__
	cr_assert(lets_go || !__builtin_cpu_supports("avx2"));
#endif
}
