/* test_log_forms.c - every form of text log, stored in every way that copies of logs are: with a
 * byte order mark, as UTF-16 (which PowerShell and Windows Installer write), with other line ends, in
 * a file that is longer than its text, packed.  The rows stay the same. */
#include <unistd.h>
#include <zlib.h>

#include "../sample.h"
#include "log_rows.h"

static const char *const samples[] = {
	"ccm-log/plain.log", "ccm-log/multi-line.log", "ccm-log/script.log", "ccm-log/no-bias.log",
	"sms-log/form-a.log", "sms-log/form-b.log", "sms-log/form-c.log", "sms-log/statmsg.log",
	"sms-log/embedded-newline.log", "sms-log/renamed.lo_", "sms-log/short-no-thread.log",
	"trace-text/tabbed.txt", "trace-text/collapsed.txt", "trace-text/wrapped.txt", "trace-text/german.txt",
	"setup-log/plain.log", "setup-log/asctime.log", "setup-log/continued.log", "setup-log/installer.log",
	"update-log/plain.log", "update-log/forerunner.log", "update-log/printed.log",
	"iis-log/plain.log", "iis-log/no-date.log", "iis-log/ping.log",
};
#define SAMPLES (sizeof samples / sizeof *samples)

static smsc_span load(size_t i)
{
	const char *path = sample_path("SMSC_CORPUS", samples[i]);
	cr_assert(path, "%s", samples[i]);
	return sample_load(path);
}

/* Text without its carriage returns. */
static void put_text(smsc_buf *out, smsc_span s)
{
	for (size_t i = 0; i < s.size; i++)
		if (((const char *)s.data)[i] != '\r')
			smsc_buf_char(out, ((const char *)s.data)[i]);
	smsc_buf_char(out, '|');
}

/* All that a row says, but not where its bytes are. */
static void put_row(smsc_buf *out, const smsc_row *row)
{
	smsc_buf_printf(out, "%s %" PRId64 " %" PRId64 " %" PRId32 " %" PRId32 " %u %u %" PRIu64 " ", row->form, row->local,
	                row->time, row->bias, row->severity, (unsigned)row->thread, (unsigned)row->source_line, row->line);
	put_text(out, row->component);
	put_text(out, row->context);
	put_text(out, row->file);
	put_text(out, row->text);
	smsc_buf_char(out, '\n');
}

typedef struct told {
	char    *rows;
	size_t   count, findings;
	uint64_t offset[100];
} told;

static told tell(smsc_log *l)
{
	smsc_buf out = SMSC_BUF_INIT;
	smsc_error *err = NULL;
	smsc_row row = SMSC_ROW_INIT;
	told t = { .count = 0 };
	while (smsc_log_next(l, &row, &err)) {
		put_row(&out, &row);
		t.offset[t.count++ % 100] = row.offset;
	}
	cr_assert_null(err);
	t.findings = smsc_log_finding_count(l);
	smsc_buf_char(&out, '\0');
	t.rows = out.data;
	smsc_log_unref(l);
	return t;
}

static told tell_bytes(const void *data, size_t size, const char *name)
{
	feed f = { .left = { data, size } };
	smsc_error *err = NULL;
	smsc_log *l = feed_open(&f, NULL, &err);
	cr_assert(l, "%s is no log: %s", name, smsc_error_message(err));
	return tell(l);
}

static void check_same(const told *as, const told *is, const char *name, const char *how, size_t findings)
{
	cr_assert_str_eq(is->rows, as->rows, "%s %s: %s not %s", name, how, is->rows, as->rows);
	cr_assert_eq(is->findings, as->findings + findings, "%s %s: %zu findings", name, how, is->findings);
	free(is->rows);
}

static void check_wide(size_t i, smsc_span plain, const told *as, bool big)
{
	char *wide = malloc(2 + 2 * plain.size);
	told is = tell_bytes(wide, put_wide(wide, plain, big), samples[i]);
	for (size_t row = 0; row < is.count && row < 100; row++)
		cr_assert_eq(is.offset[row], 2 + 2 * as->offset[row], "%s", samples[i]);
	check_same(as, &is, samples[i], big ? "UTF-16BE" : "UTF-16LE", 0);
	free(wide);
}

static void check_marked(size_t i, smsc_span plain, const told *as)
{
	char *marked = malloc(3 + plain.size);
	memcpy(marked, "\xef\xbb\xbf", 3);
	memcpy(marked + 3, plain.data, plain.size);
	told is = tell_bytes(marked, 3 + plain.size, samples[i]);
	check_same(as, &is, samples[i], "UTF-8 with BOM", 0);
	free(marked);
}

/* LF becomes CR LF, or the other way round. */
static void check_line_ends(size_t i, smsc_span plain, const told *as)
{
	char *other = malloc(2 * plain.size);
	const char *p = plain.data;
	bool crlf = memchr(p, '\r', plain.size);
	size_t size = 0;
	for (size_t at = 0; at < plain.size; at++) {
		if (p[at] == '\r')
			continue;
		if (p[at] == '\n' && !crlf)
			other[size++] = '\r';
		other[size++] = p[at];
	}
	told is = tell_bytes(other, size, samples[i]);
	check_same(as, &is, samples[i], "other line ends", 0);
	free(other);
}

/* Room that was never written, and in the middle what a crash leaves. */
static void check_zeros(size_t i, smsc_span plain, const told *as)
{
	size_t zeros = 70000;
	char *longer = calloc(1, plain.size + zeros);
	memcpy(longer, plain.data, plain.size);
	told is = tell_bytes(longer, plain.size + zeros, samples[i]);
	check_same(as, &is, samples[i], "zeros behind it", 1);
	free(longer);
}

static void check_packed(size_t i, smsc_span plain, const told *as)
{
	char path[] = "/tmp/smsc-forms-XXXXXX";
	smsc_error *err = NULL;
	int fd = mkstemp(path);
	cr_assert(fd >= 0);
	gzFile z = gzdopen(fd, "wb");
	cr_assert(z && gzwrite(z, plain.data, (unsigned)plain.size) == (int)plain.size && gzclose(z) == Z_OK);
	smsc_log *l = smsc_log_open(path, NULL, &err);
	unlink(path);
	cr_assert(l, "%s: %s", samples[i], smsc_error_message(err));
	told is = tell(l);
	check_same(as, &is, samples[i], "packed", 0);
}

Test(log_forms, all)
{
	if (!sample_path("SMSC_CORPUS", samples[0]))
		cr_skip_test("no corpus");
	for (size_t i = 0; i < SAMPLES; i++) {
		smsc_span plain = load(i);
		told as = tell_bytes(plain.data, plain.size, samples[i]);
		cr_assert_gt(as.count, 0, "%s", samples[i]);
		check_marked(i, plain, &as);
		check_wide(i, plain, &as, false);
		check_wide(i, plain, &as, true);
		check_line_ends(i, plain, &as);
		check_zeros(i, plain, &as);
		check_packed(i, plain, &as);
		free(as.rows);
		sample_free(plain);
	}
}
