/* test_log_stream.c - what all logs share: the window, the encodings, limits and failures. */
#include "format/log_stream.h"
#include "log_rows.h"

#define CCM(text) "<![LOG[" text "]LOG]!><time=\"17:59:38.123+300\" date=\"01-07-2005\" component=\"C\">\r\n"
#define CCM_SIZE  73   /* of CCM("") */

/* Wherever the stream is cut into pieces, the rows are the same. */
Test(log_stream, pieces)
{
	static const char log[] = "junk" CCM("one") CCM("t\r\nwo") "<![LOG[torn\r\n" CCM("three")
		"tail]LOG]!><time=\"17:59:38.123+300\" date=\"01-07-2005\">\n\0\0\0\0";
	feed whole = { .left = { log, sizeof log - 1 } };
	outcome all = read_all(&whole, NULL);
	cr_assert_eq(all.rows, 4);
	for (size_t piece = 1; piece < 40; piece++) {
		feed f = { .left = { log, sizeof log - 1 }, .piece = piece };
		outcome o = read_all(&f, NULL);
		cr_assert_str_eq(o.texts, all.texts);
		cr_assert_str_eq(o.found, all.found);
		outcome_free(&o);
	}
	outcome_free(&all);
}

/* Rows that lie across every seam of the window; places and lines are counted by hand. */
Test(log_stream, many_rows)
{
	enum { ROWS = 20000 };
	smsc_buf log = SMSC_BUF_INIT;
	for (int i = 0; i < ROWS; i++)
		smsc_buf_printf(&log, CCM("row %d%*s"), i, i % 300, "\n");
	feed f = { .left = { log.data, log.size }, .piece = 4093 };
	smsc_error *err = NULL;
	smsc_row row = SMSC_ROW_INIT;
	smsc_log *l = feed_open(&f, NULL, &err);
	uint64_t offset = 0;
	for (int i = 0; i < ROWS; i++) {
		char text[16];
		int size = snprintf(text, sizeof text, "row %d", i);
		cr_assert_eq(smsc_log_next(l, &row, &err), 1);
		cr_assert(!memcmp(row.text.data, text, (size_t)size));
		cr_assert_eq(row.offset, offset);
		cr_assert_eq(row.line, (uint64_t)i * 2 + 1);
		offset += row.length + 2;
	}
	cr_assert_eq(smsc_log_next(l, &row, &err), 0);
	cr_assert_null(err);
	cr_assert_eq(offset, log.size);
	smsc_log_unref(l);
	smsc_buf_free(&log);
}

/* ---- encodings ------------------------------------------------------------------------ */

static void check_texts(smsc_span log, uint32_t codepage, const char *texts)
{
	smsc_options options = SMSC_OPTIONS_INIT;
	options.codepage = codepage;
	feed f = { .left = log };
	outcome o = read_all(&f, &options);
	cr_assert_str_eq(o.texts, texts, "rows are %s", o.texts);
	outcome_free(&o);
}

Test(log_stream, eight_bit_text)
{
	check_texts(span_of_text(CCM("gr\xfc\xdf")), 0, "gr\xc3\xbc\xc3\x9f|");
	check_texts(span_of_text(CCM("gr\xe1\x81")), 850, "gr\xc3\x9f\xc3\xbc|");
	check_texts(span_of_text(CCM("\xcf\xf0\xe8")), 1251, "\xd0\x9f\xd1\x80\xd0\xb8|");
	/* Valid UTF-8 is UTF-8, with or without BOM; 0x81 is nothing in 1252. */
	check_texts(span_of_text(CCM("gr\xc3\xbc")), 0, "gr\xc3\xbc|");
	check_texts(span_of_text(CCM("a\x81")), 0, "a\\x81|");
	check_texts(span_of_text("\xef\xbb\xbf" CCM("gr\xc3\xbc") CCM("\xfc") CCM("ok")), 0,
	            "gr\xc3\xbc|\\xfc|ok|");
}

static size_t widen(const char *text, bool big, uint8_t *out)
{
	size_t n = 0;
	out[n++] = big ? 0xfe : 0xff;
	out[n++] = big ? 0xff : 0xfe;
	for (; *text; text++) {
		out[n + big] = (uint8_t)*text;
		out[n + !big] = 0;
		n += 2;
	}
	return n;
}

/* UTF-16 has true byte offsets: two bytes a character, four beyond the first plane. */
Test(log_stream, utf16)
{
	for (int big = 0; big < 2; big++)
		for (size_t piece = 1; piece < 9; piece++) {
			uint8_t wide[1000];
			size_t size = widen(CCM("one") CCM("AB") "\x01\x02\x03" CCM("xy"), big, wide);
			uint8_t *a = wide + 2 + 2 * (CCM_SIZE + 3 + 7);
			/* U+1F511 in place of "AB"; a lone surrogate in place of "x". */
			const uint8_t pair[2][4] = { { 0x3d, 0xd8, 0x11, 0xdd }, { 0xd8, 0x3d, 0xdd, 0x11 } };
			memcpy(a, pair[big], 4);
			uint8_t *x = wide + 2 + 2 * (CCM_SIZE * 2 + 3 + 2 + 3 + 7);
			x[big] = 0x00;
			x[!big] = 0xdc;
			feed f = { .left = { wide, size }, .piece = piece };
			smsc_error *err = NULL;
			smsc_row row = SMSC_ROW_INIT;
			smsc_log *l = feed_open(&f, NULL, &err);
			cr_assert_eq(smsc_log_next(l, &row, &err), 1);
			cr_assert_eq(row.offset, 2);
			cr_assert_eq(row.length, 2 * (CCM_SIZE + 3 - 2));
			cr_assert_eq(smsc_log_next(l, &row, &err), 1);
			cr_assert(span_is(row.text, "\xf0\x9f\x94\x91"));
			cr_assert_eq(row.offset, 2 + 2 * (CCM_SIZE + 3));
			cr_assert_eq(row.length, 2 * CCM_SIZE);
			cr_assert_eq(smsc_log_next(l, &row, &err), 1);
			cr_assert(span_is(row.text, "\\udc00y"), "%.*s", (int)row.text.size, (const char *)row.text.data);
			cr_assert_eq(row.offset, 2 + 2 * (CCM_SIZE * 2 + 3 + 2 + 3));
			cr_assert_eq(row.line, 3);
			cr_assert_eq(smsc_log_next(l, &row, &err), 0);
			cr_assert_eq(smsc_log_finding_count(l), 1);
			cr_assert_eq(smsc_finding_offset(smsc_log_finding_at(l, 0)), 2 + 2 * (CCM_SIZE * 2 + 5));
			smsc_log_unref(l);
		}
}

Test(log_stream, half_a_character)
{
	uint8_t wide[400];
	size_t size = widen(CCM("one"), false, wide);
	wide[size] = 'x';
	feed f = { .left = { wide, size + 1 } };
	outcome o = read_all(&f, NULL);
	cr_assert_str_eq(o.texts, "one|");
	cr_assert_str_eq(o.found, "D001@154 the last character has one byte of two;");
	outcome_free(&o);
}

/* ---- limits ------------------------------------------------------------------------------ */

/* The greatest record is delivered, a greater one is torn, and the next is whole. */
Test(log_stream, greatest_record)
{
	for (size_t over = 0; over < 2; over++) {
		size_t fill = SMSC_LOG_MAX_RECORD - 200 + over * 400;
		smsc_buf log = SMSC_BUF_INIT;
		smsc_buf_str(&log, CCM("a") "<![LOG[");
		cr_assert(smsc_buf_reserve(&log, fill));
		memset(log.data + log.size, 'x', fill);
		log.size += fill;
		smsc_buf_str(&log, "]LOG]!><time=\"17:59:38.123+300\" date=\"01-07-2005\">\r\n" CCM("b"));
		feed f = { .left = { log.data, log.size }, .piece = 100000 };
		outcome o = read_all(&f, NULL);
		size_t kept = over ? SMSC_LOG_KEEP : fill;
		cr_assert_eq(o.rows, 3);
		cr_assert_eq(strlen(o.texts), 2 + kept + 1 + 2);
		cr_assert_eq(o.findings, over ? 2 : 0);
		outcome_free(&o);
		smsc_buf_free(&log);
	}
}

typedef struct endless {
	smsc_span head, tail;
	char   fill;
	size_t size;   /* of the fill */
} endless;

static size_t take_span(smsc_span *s, void *buffer, size_t size)
{
	smsc_span part = smsc_span_cut(*s, 0, size);
	memcpy(buffer, part.data, part.size);
	*s = smsc_span_cut(*s, part.size, s->size);
	return part.size;
}

static size_t pull_endless(void *user, void *buffer, size_t size, smsc_error **err)
{
	endless *e = user;
	(void)err;
	if (e->head.size || !e->size)
		return take_span(e->head.size ? &e->head : &e->tail, buffer, size);
	if (size > e->size)
		size = e->size;
	memset(buffer, e->fill, size);
	e->size -= size;
	return size;
}

/* Half a gigabyte without a mark, and 32 MiB of the byte that marks have: one finding, little
 * memory, linear time (a test that takes minutes has failed). */
Test(log_stream, endless_line, .timeout = 120)
{
	static const char *const heads[] = {
		"<![LOG[", CCM("a"), "a $$<SMS_A><11-30-2022 01:03:34.174-60><thread=4844 (0x12EC)>\n",
		"a SMS_A 1/7/2005 5:59:38 PM 472 (0x1D8)\n",
	};
	static const char fills[] = { 'x', '\0', '!', '$', ':', ' ', '(' };
	for (size_t h = 0; h < sizeof heads / sizeof *heads; h++)
		for (size_t i = 0; i < sizeof fills; i++) {
			endless e = { .head = span_of_text(heads[h]),
			              .tail = span_of_text("\n" CCM("b")), .fill = fills[i],
			              .size = i < 2 ? 512u << 20 : 32u << 20 };
			smsc_settings settings;
			smsc_error *err = NULL;
			smsc_row row = SMSC_ROW_INIT;
			smsc_settings_of(&settings, NULL, &err);
			smsc_log *l = smsc_log_new(pull_endless, NULL, &e, "a", &settings, &err);
			size_t rows = 0;
			cr_assert_not_null(l);
			while (smsc_log_next(l, &row, &err))
				rows++;
			cr_assert_eq(rows, (size_t)(h > 0) + (h < 2), "%zu %zu: %zu", h, i, rows);
			cr_assert_leq(smsc_log_finding_count(l), 2);
			cr_assert_leq(l->w.room, 4 * SMSC_LOG_MAX_RECORD);
			smsc_log_unref(l);
		}
}

/* Findings are counted past the thousand that are kept. */
Test(log_stream, many_findings)
{
	smsc_buf log = SMSC_BUF_INIT;
	for (int i = 0; i < 1500; i++)
		smsc_buf_str(&log, CCM("a") "junk\r\n");
	feed f = { .left = { log.data, log.size } };
	smsc_error *err = NULL;
	smsc_row row = SMSC_ROW_INIT;
	smsc_log *l = feed_open(&f, NULL, &err);
	while (smsc_log_next(l, &row, &err))
		;
	cr_assert_eq(smsc_log_finding_count(l), 1500);
	cr_assert_not_null(smsc_log_finding_at(l, 999));
	cr_assert_null(smsc_log_finding_at(l, 1000));
	smsc_log_unref(l);
	smsc_buf_free(&log);
}

/* ---- failures ------------------------------------------------------------------------------ */

/* What was read before the disk failed is delivered, then the failure is told, each time. */
Test(log_stream, read_error)
{
	static const char log[] = CCM("one") CCM("two") CCM("three");
	feed f = { .left = { log, sizeof log - 1 }, .piece = 100, .fail_after = 2 };
	smsc_error *err = NULL;
	smsc_row row = SMSC_ROW_INIT;
	smsc_log *l = feed_open(&f, NULL, &err);
	cr_assert_eq(smsc_log_next(l, &row, &err), 1);
	cr_assert_eq(smsc_log_next(l, &row, &err), 1);
	for (int i = 0; i < 2; i++) {
		cr_assert_eq(smsc_log_next(l, &row, &err), 0);
		cr_assert_eq(smsc_error_code(err), SMSC_EIO);
		cr_assert_str_eq(smsc_error_path(err), "a.log");
		smsc_error_free(err);
		err = NULL;
	}
	cr_assert_eq(smsc_log_next(l, &row, NULL), 0);
	cr_assert_eq(smsc_log_finding_count(l), 0);
	smsc_log_unref(l);

	feed at_once = { .left = { log, 0 }, .piece = 1, .fail_after = 1 };
	at_once.pulls = 1;
	cr_assert_null(feed_open(&at_once, NULL, &err));
	cr_assert_eq(smsc_error_code(err), SMSC_EIO);
	cr_assert_eq(at_once.closed, 1);
	smsc_error_free(err);
}

Test(log_stream, wrong_use)
{
	feed f = { .left = span_of_text(CCM("one")) };
	smsc_error *err = NULL;
	smsc_row row = SMSC_ROW_INIT;
	smsc_log *l = feed_open(&f, NULL, &err);
	row.size = 0;
	cr_assert_eq(smsc_log_next(l, &row, &err), 0);
	cr_assert_eq(smsc_error_code(err), SMSC_EARG);
	/* Errors stick: nothing is done, nothing is consumed. */
	row.size = sizeof row;
	cr_assert_eq(smsc_log_next(l, &row, &err), 0);
	smsc_error_free(err);
	err = NULL;
	cr_assert_eq(smsc_log_next(l, NULL, &err), 0);
	smsc_error_free(err);
	err = NULL;
	cr_assert_eq(smsc_log_next(NULL, &row, &err), 0);
	smsc_error_free(err);
	err = NULL;
	cr_assert_eq(smsc_log_next(l, &row, &err), 1);
	smsc_log_unref(l);
	smsc_log_unref(NULL);
	cr_assert_null(smsc_log_ref(NULL));
}

/* An older caller's struct ends earlier: nothing is written behind it. */
Test(log_stream, older_row)
{
	feed f = { .left = span_of_text(CCM("one")) };
	smsc_error *err = NULL;
	smsc_row row = SMSC_ROW_INIT;
	row.size = offsetof(smsc_row, text);
	row.form = "untouched";
	smsc_log *l = feed_open(&f, NULL, &err);
	cr_assert_eq(smsc_log_next(l, &row, &err), 1);
	cr_assert_eq(row.size, offsetof(smsc_row, text));
	cr_assert_eq(row.bias, 300);
	cr_assert_str_eq(row.form, "untouched");
	smsc_log_unref(l);
}

/* A finding holds the log it came from. */
Test(log_stream, lifetime)
{
	long before = smsc_live_objects();
	feed f = { .left = span_of_text("junk" CCM("one")) };
	smsc_error *err = NULL;
	smsc_row row = SMSC_ROW_INIT;
	smsc_log *l = feed_open(&f, NULL, &err);
	cr_assert_eq(smsc_log_next(l, &row, &err), 1);
	smsc_finding *kept = smsc_finding_ref(smsc_log_finding_at(l, 0));
	smsc_log *again = smsc_log_ref(l);
	smsc_log_unref(l);
	smsc_log_unref(again);
	cr_assert_str_eq(smsc_finding_path(kept), "a.log");
	smsc_finding_unref(kept);
	cr_assert_eq(smsc_live_objects(), before);
}

/* ---- a log as a record -------------------------------------------------------------------- */

static void check_field(const smsc_record *r, const char *name, int64_t number)
{
	const smsc_field *f = smsc_record_get(r, name);
	cr_assert(f, "%s", name);
	cr_assert_eq(f->as.number, number, "%s is %" PRId64, name, f->as.number);
}

Test(log_stream, summary)
{
	smsc_span log = span_of_text("junk\n<![LOG[b]LOG]!><time=\"12:00:00.000+300\" date=\"01-08-2005\" type=\"3\">\n"
		"<![LOG[a]LOG]!><time=\"12:00:00.000+240\" date=\"01-07-2005\" type=\"2\">\n");
	smsc_record *r = smsc_record_new("ccm-log", "a.log", 1252);
	smsc_log_summary(log, r);
	check_field(r, "rows", 2);
	check_field(r, "errors", 1);
	check_field(r, "warnings", 1);
	check_field(r, "damage", 1);
	cr_assert_str_eq(smsc_record_get(r, "encoding")->as.text, "ANSI");
	cr_assert_str_eq(smsc_record_get(r, "biases")->as.text, "+300, +240");
	check_time("first", smsc_record_get(r, "first_time")->as.time, "2005-01-07T16:00:00.0000000Z");
	check_time("last", smsc_record_get(r, "last_local")->as.time, "2005-01-08T12:00:00.0000000Z");
	cr_assert_eq(smsc_record_get(r, "last_time")->at, 5);
	cr_assert_eq(smsc_record_finding_count(r), 1);
	cr_assert_str_eq(smsc_finding_path(smsc_record_finding_at(r, 0)), "a.log");
	smsc_record_unref(r);
}
