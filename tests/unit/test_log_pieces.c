/* test_log_pieces.c - a log read in pieces, by any number of threads, says what it says when it is
 * read from its first byte to its last. */
#include <sys/resource.h>

#include "../sample.h"
#include "analysis/case.h"
#include "case_files.h"

#define WHOLE (1u << 20)

static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

static int collect(void *user, const void *data, size_t size)
{
	smsc_buf_add(user, data, size);
	return 0;
}

/* All that a case of one log says; with what it holds, which is more than a report tells. */
static smsc_buf said(const char *path, uint32_t piece, uint32_t threads)
{
	smsc_options o = SMSC_OPTIONS_INIT;
	smsc_error *err = NULL;
	smsc_buf out = SMSC_BUF_INIT;
	const smsc_event *e;
	o.threads = threads;
	smsc_case *c = smsc_case_new(&o, &err);
	c->settings.log_piece = piece;
	cr_assert_eq(smsc_case_add(c, path, "a", &err), 0);
	cr_assert_eq(smsc_case_analyze(c, NULL, NULL, &err), 0);
	smsc_report *r = smsc_report_new("jsonl", 0, collect, &out, &err);
	smsc_report_case(r, c, &err);
	cr_assert_eq(smsc_report_end(r, &err), 0);
	smsc_report_free(r);
	for (size_t i = 0; (e = smsc_case_event_at(c, i)); i++)
		smsc_buf_printf(&out, "%u %u %lld %lld\n", e->times, e->run, (long long)e->row_local, (long long)e->slack);
	smsc_case_unref(c);
	cr_assert_null(err);
	smsc_buf_char(&out, '\0');
	return out;
}

static void same_in_pieces(const char *path, uint32_t seed)
{
	static const uint32_t pieces[] = { 150, 700, 1024, 5000 };
	smsc_buf whole = said(path, WHOLE, 1);
	for (size_t i = 0; i < 4; i++) {
		smsc_buf parts = said(path, pieces[i], 1 + (uint32_t)i);
		cr_assert_str_eq(parts.data, whole.data, "seed %u, pieces of %u", seed, pieces[i]);
		smsc_buf_free(&parts);
	}
	smsc_buf_free(&whole);
}

/* ---- logs with everything in them ------------------------------------------------------------- */

/* Rows about keys and others, of more than one line, with other rows in them, torn, not UTF-8. */
static const char *const texts[] = {
	"CCMCreateCert: Creating Signing Certificate", "Failed to open the key, error 0x8009000d", "ok",
	"Both the trusted key and the mp certificate have changed on server A. The client cannot validate",
	"two\r\nlines", "five\r\n\r\nlines\n\r\n", "gr\xfc\xdf", "a $$<b> c", "<![LOG[within]LOG]!>", "~~", "a\r\n<![LOG[b",
	"STATMSG: ID=2847 SEV=E LEV=M SOURCE=\"SMS Server\" COMP=\"A\" GMTDATE=Fri Jan 07 17:00:00.250 2005 ISTR0=\"\"",
};
#define TEXTS (sizeof texts / sizeof *texts)

static void put_ccm(smsc_buf *b, const char *text, unsigned hour, unsigned second)
{
	smsc_buf_printf(b, "<![LOG[%s]LOG]!><time=\"%02u:00:%02u.000+300\" date=\"01-07-2005\" component=\"C\" context=\"\" "
	                "type=\"1\" thread=\"1\" file=\"a.cpp:1\">\r\n", text, hour, second);
}

static void put_sms(smsc_buf *b, const char *text, unsigned hour, unsigned second)
{
	smsc_buf_printf(b, "%s  $$<SMS_A><01-07-2005 %02u:00:%02u.000+300><thread=1 (0x1)>\r\n", text, hour, second);
}

static void put_setup(smsc_buf *b, const char *text, unsigned hour, unsigned second)
{
	smsc_buf_printf(b, "<01-07-2005 %02u:00:%02u> %s\r\n", hour, second, text);
}

typedef void put_fn(smsc_buf *b, const char *text, unsigned hour, unsigned second);

static void put_row(smsc_buf *b, put_fn *put, uint32_t *seed)
{
	/* The clock goes back now and then. */
	put(b, texts[next_random(seed) % TEXTS], 12 - !(next_random(seed) % 20), next_random(seed) % 60);
}

static void put_oddity(smsc_buf *b, uint32_t *seed)
{
	switch (next_random(seed) % 6) {
	case 0:
		smsc_buf_str(b, "\r\n\r\n");
		break;
	case 1:
		smsc_buf_add(b, "\0\0\0\0\0\0\0", next_random(seed) % 8);
		break;
	case 2:
		put_fill(b, 'x', next_random(seed) % 4000);
		break;
	case 3:
		b->size -= b->size < 40 ? 0 : next_random(seed) % 40;
		break;
	case 4:
		smsc_buf_str(b, "\xef\xbb\xbf$$<\n");
		break;
	default:
		smsc_buf_str(b, "<MAXIMUM LOG FILE SIZE REACHED - FILE RENAMED>\r\n");
	}
}

static void damaged_logs(put_fn *put, const char *begin, uint32_t seeds)
{
	char *folder = new_folder();
	for (uint32_t seed = 1; seed <= seeds; seed++) {
		uint32_t state = seed;
		smsc_buf b = SMSC_BUF_INIT;
		smsc_buf_str(&b, begin);
		put(&b, "first", 1, 0);
		for (uint32_t rows = next_random(&state) % 60; rows; rows--) {
			put_row(&b, put, &state);
			if (!(next_random(&state) % 12))
				put_oddity(&b, &state);
		}
		put_file(folder, "a.log", b.data, b.size, "2005-01-08T01:30Z");
		same_in_pieces(below(folder, "a.log"), seed);
		smsc_buf_free(&b);
	}
	drop_folder(folder);
}

Test(log_pieces, ccm)
{
	damaged_logs(put_ccm, "", sample_damages(60));
}

Test(log_pieces, ccm_with_mark)
{
	damaged_logs(put_ccm, "\xef\xbb\xbf", sample_damages(30));
}

Test(log_pieces, sms)
{
	damaged_logs(put_sms, "", sample_damages(60));
}

/* A format that is not read in pieces. */
Test(log_pieces, setup)
{
	damaged_logs(put_setup, "", sample_damages(20));
}

static void compare_file(const char *path, void *user)
{
	(void)user;
	same_in_pieces(path, 0);
}

Test(log_pieces, corpus)
{
	static const char *const folders[] = { "ccm-log", "sms-log", "setup-log", "iis-log", "evt", "trace-text", "update-log" };
	for (size_t i = 0; i < 7; i++)
		sample_walk(sample_path("SMSC_CORPUS", folders[i]), compare_file, NULL);
	same_in_pieces(sample_path("SMSC_CORPUS", "incident-2005"), 0);
}

/* ---- ends -------------------------------------------------------------------------------------- */

/* A stream that breaks off: what was read before is told, and why there is no more. */
Test(log_pieces, broken)
{
	char *folder = new_folder(), command[4200];
	smsc_buf b = SMSC_BUF_INIT;
	for (uint32_t seed = 1; b.size < 100000; )
		put_row(&b, put_ccm, &seed);
	put_file(folder, "a.log", b.data, b.size, "2005-01-08T01:30Z");
	smsc_buf_free(&b);
	snprintf(command, sizeof command, "cd %s && gzip -n a.log && truncate -s -1000 a.log.gz", folder);
	cr_assert_eq(system(command), 0);
	same_in_pieces(below(folder, "a.log.gz"), 0);
	smsc_buf out = said(below(folder, "a.log.gz"), 5000, 2);
	cr_assert_not_null(strstr(out.data, "\"rule\":\"D006\""));
	cr_assert_not_null(strstr(out.data, "\"type\":\"event\""));
	smsc_buf_free(&out);
	drop_folder(folder);
}

/* What is no record, however much of it there is, is not kept. */
Test(log_pieces, bounded)
{
	char *folder = new_folder();
	smsc_buf b = SMSC_BUF_INIT;
	struct rusage before, after;
	put_sms(&b, "first", 1, 0);
	put_file(folder, "a.log", b.data, b.size, "2005-01-08T01:30Z");
	cr_assert_eq(truncate(below(folder, "a.log"), 100 << 20), 0);
	smsc_buf_free(&b);
	getrusage(RUSAGE_SELF, &before);
	b = said(below(folder, "a.log"), 512 << 10, 2);
	getrusage(RUSAGE_SELF, &after);
	cr_assert_not_null(strstr(b.data, "zeros: room of the file that was never written"));
	cr_assert_lt(after.ru_maxrss - before.ru_maxrss, 48 << 10);
	smsc_buf_free(&b);
	drop_folder(folder);
}

static int stop(void *user, const char *stage, uint64_t done, uint64_t total)
{
	(void)stage;
	(void)done;
	(void)total;
	return ++*(int *)user > 2;
}

/* While other threads are at work. */
Test(log_pieces, cancelled)
{
	char *folder = new_folder();
	smsc_buf b = SMSC_BUF_INIT;
	smsc_options o = SMSC_OPTIONS_INIT;
	smsc_error *err = NULL;
	int calls = 0;
	for (uint32_t seed = 1; b.size < 40u << 20; )
		put_row(&b, put_sms, &seed);
	put_file(folder, "a.log", b.data, b.size, "2005-01-08T01:30Z");
	smsc_buf_free(&b);
	o.threads = 3;
	smsc_case *c = smsc_case_new(&o, &err);
	cr_assert_eq(smsc_case_add(c, folder, NULL, &err), 0);
	cr_assert_eq(smsc_case_analyze(c, stop, &calls, &err), -1);
	cr_assert_eq(smsc_error_code(err), SMSC_ECANCELLED);
	smsc_error_free(err);
	smsc_case_unref(c);
	cr_assert_eq(smsc_live_objects(), 0);
	drop_folder(folder);
}
