/* log_rows.h - for tests: a log over bytes in memory that come in pieces. */
#ifndef TESTS_LOG_ROWS_H
#define TESTS_LOG_ROWS_H

#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cursor.h"
#include "base/text.h"
#include "format/log.h"

typedef struct feed {
	smsc_span left;
	size_t    piece;      /* bytes at a time; 0: as many as are asked for */
	size_t    fail_after; /* pulls that go well before one fails; 0: all */
	size_t    pulls;
	int       closed;
} feed;

static inline size_t feed_pull(void *user, void *buffer, size_t size, smsc_error **err)
{
	feed *f = user;
	if (f->fail_after && f->pulls++ == f->fail_after) {
		smsc_fail(err, SMSC_EIO, NULL, -1, "the disk is gone");
		return 0;
	}
	smsc_span part = smsc_span_cut(f->left, 0, f->piece && f->piece < size ? f->piece : size);
	if (part.size)
		memcpy(buffer, part.data, part.size);
	f->left = smsc_span_cut(f->left, part.size, f->left.size);
	return part.size;
}

static inline void feed_close(void *user)
{
	((feed *)user)->closed++;
}

static inline smsc_span span_of_text(const char *text)
{
	return smsc_span_of(text, strlen(text));
}

static inline bool span_is(smsc_span s, const char *text)
{
	return s.size == strlen(text) && (!s.size || !memcmp(s.data, text, s.size));
}

/* As UTF-16, with its mark: 2 + 2 * s.size bytes of ASCII, or of the code page where that is the same
 * in Unicode. */
static inline size_t put_wide(char *out, smsc_span s, bool big)
{
	memcpy(out, big ? "\xfe\xff" : "\xff\xfe", 2);
	for (size_t i = 0; i < s.size; i++) {
		out[2 + 2 * i + big] = ((const char *)s.data)[i];
		out[2 + 2 * i + !big] = 0;
	}
	return 2 + 2 * s.size;
}

/* Opens a log on `f`; options may be NULL. */
static inline smsc_log *feed_open(feed *f, const smsc_options *options, smsc_error **err)
{
	smsc_settings settings;
	cr_assert_eq(smsc_settings_of(&settings, options, err), 0);
	return smsc_log_new(feed_pull, feed_close, f, "a.log", &settings, err);
}

/* What is checked of a row; NULL texts are not.  For check_only() length 0 is all there is up
 * to the last line end. */
typedef struct want {
	const char *local, *time;  /* "2005-01-07T17:59:38.1230000Z"; "" for none */
	int32_t  bias;
	int32_t  severity;
	uint32_t thread, source_line;
	uint64_t offset, length, line;
	const char *text, *component, *context, *file, *form;
} want;

static inline void check_time(const char *what, smsc_time t, const char *text)
{
	char out[29];
	smsc_time_format(t, out);
	if (text)
		cr_assert_str_eq(out, text, "%s is %s, not %s", what, out, text);
}

static inline void check_span(const char *what, smsc_span s, const char *text)
{
	if (text)
		cr_assert(span_is(s, text), "%s is '%.*s', not '%s'", what, (int)s.size,
		          (const char *)s.data, text);
}

static inline void check_row(const smsc_row *row, const want *w)
{
	check_time("local", row->local, w->local);
	check_time("time", row->time, w->time);
	cr_assert_eq(row->bias, w->bias, "bias is %d", row->bias);
	cr_assert_eq(row->severity, w->severity, "severity is %d", row->severity);
	cr_assert_eq(row->thread, w->thread, "thread is %u", row->thread);
	cr_assert_eq(row->source_line, w->source_line);
	cr_assert_eq(row->offset, w->offset, "offset is %" PRIu64, row->offset);
	cr_assert_eq(row->length, w->length, "length is %" PRIu64, row->length);
	cr_assert_eq(row->line, w->line, "line is %" PRIu64, row->line);
	check_span("text", row->text, w->text);
	check_span("component", row->component, w->component);
	check_span("context", row->context, w->context);
	check_span("file", row->file, w->file);
	if (w->form)
		cr_assert_str_eq(row->form, w->form);
}

/* The one row of `text`, which must be all of it. */
static inline void check_only(const char *text, const want *w)
{
	feed f = { .left = span_of_text(text) };
	smsc_error *err = NULL;
	smsc_row row = SMSC_ROW_INIT;
	smsc_log *l = feed_open(&f, NULL, &err);
	want all = *w;
	all.length = strlen(text);
	while (strchr(" \t\r\n", text[all.length - 1]))
		all.length--;
	all.length = w->length ? w->length : all.length - w->offset;
	cr_assert(l, "not a log: %s", text);
	cr_assert_eq(smsc_log_next(l, &row, &err), 1);
	check_row(&row, &all);
	cr_assert_eq(smsc_log_next(l, &row, &err), 0);
	cr_assert_null(err);
	cr_assert_eq(smsc_log_finding_count(l), 0);
	smsc_log_unref(l);
	cr_assert_eq(f.closed, 1);
}

/* All rows as text ("text|text|...", zeros as '0') and all findings as "rule@offset text;...", to compare. */
typedef struct outcome {
	size_t rows, findings;
	char  *texts, *found;
	smsc_code code;
} outcome;

static inline void outcome_free(outcome *o)
{
	free(o->texts);
	free(o->found);
}

static inline void add_found(smsc_buf *out, const smsc_log *l)
{
	const smsc_finding *f;
	for (size_t i = 0; (f = smsc_log_finding_at(l, i)); i++)
		smsc_buf_printf(out, "%s@%" PRIu64 " %s;", smsc_finding_rule(f),
		                smsc_finding_offset(f), smsc_finding_text(f));
}

/* Reads all of it; every span must be valid UTF-8 and every row lie behind the one before. */
static inline outcome read_all(feed *f, const smsc_options *options)
{
	smsc_buf texts = SMSC_BUF_INIT, found = SMSC_BUF_INIT;
	smsc_error *err = NULL;
	smsc_row row = SMSC_ROW_INIT;
	outcome o = { 0 };
	uint64_t end = 0, size = f->left.size;
	smsc_log *l = feed_open(f, options, &err);
	while (smsc_log_next(l, &row, &err)) {
		smsc_span all[] = { row.text, row.component, row.context, row.file };
		for (size_t i = 0; i < 4; i++)
			cr_assert_eq(smsc_utf8_valid(all[i]), all[i].size);
		cr_assert_geq(row.offset, end);
		end = row.offset + row.length;
		cr_assert_leq(end, size);
		for (size_t i = 0; i < row.text.size; i++) {
			char c = ((const char *)row.text.data)[i];
			smsc_buf_char(&texts, c ? c : '0');
		}
		smsc_buf_char(&texts, '|');
		o.rows++;
	}
	if (l) {
		o.findings = smsc_log_finding_count(l);
		add_found(&found, l);
	}
	o.code = smsc_error_code(err);
	smsc_buf_char(&texts, '\0');
	smsc_buf_char(&found, '\0');
	o.texts = texts.data;
	o.found = found.data;
	smsc_log_unref(l);
	smsc_error_free(err);
	return o;
}

static inline void check_outcome(const char *log, const char *texts, const char *found)
{
	feed f = { .left = span_of_text(log) };
	outcome o = read_all(&f, NULL);
	cr_assert_str_eq(o.texts, texts, "rows are %s", o.texts);
	cr_assert_str_eq(o.found, found, "findings are %s", o.found);
	outcome_free(&o);
}

#endif
