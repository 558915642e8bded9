/* Buffers, errors, findings and their rules, options, secrets. */
#include <criterion/criterion.h>
#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/finding.h"
#include "base/options.h"
#include "base/secret.h"

/* ---- buf -------------------------------------------------------------------------- */

Test(buf, grows_and_stays_terminated)
{
	smsc_buf b = SMSC_BUF_INIT;
	for (int i = 0; i < 5000; i++) {
		smsc_buf_char(&b, (char)('a' + i % 26));
		cr_assert_eq(b.data[b.size], '\0');
		cr_assert_eq(b.size, (size_t)i + 1);
	}
	for (int i = 0; i < 5000; i++)
		cr_assert_eq(b.data[i], 'a' + i % 26);
	smsc_buf_clear(&b);
	cr_assert_str_eq(b.data, "");
	cr_assert_eq(b.size, 0);
	smsc_buf_free(&b);
	cr_assert_null(b.data);
}

Test(buf, pieces)
{
	static const uint8_t bytes[] = { 0x00, 0x9a, 0xff };
	smsc_buf b = SMSC_BUF_INIT;
	smsc_buf_add(&b, NULL, 0);
	cr_assert_str_eq(b.data, "", "nothing added is an empty text");
	smsc_buf_hex(&b, bytes, sizeof bytes);
	smsc_buf_hex(&b, NULL, 0);
	smsc_buf_str(&b, "|");
	smsc_buf_printf(&b, "%s=%d|%s", "x", -5, "");
	smsc_buf_add(&b, "a\0b", 3);
	cr_assert_eq(b.size, 15);
	cr_assert_arr_eq(b.data, "009aff|x=-5|a\0b", 16);
	smsc_buf_free(&b);
}

/* The text that exactly fills what is left, and the one that is longer by one. */
Test(buf, printf_at_the_edge)
{
	for (int width = 50; width < 150; width++) {
		smsc_buf b = SMSC_BUF_INIT;
		smsc_buf_str(&b, "xyz");
		smsc_buf_printf(&b, "%0*d", width, 7);
		cr_assert_eq(b.size, (size_t)width + 3);
		cr_assert_eq(strlen(b.data), b.size);
		smsc_buf_free(&b);
	}
}

Test(buf, absurd_sizes_fail_and_stay_failed)
{
	smsc_buf b = SMSC_BUF_INIT;
	smsc_buf_str(&b, "kept");
	cr_assert(!smsc_buf_reserve(&b, SIZE_MAX));
	cr_assert(b.failed);
	smsc_buf_str(&b, "not added");
	cr_assert_str_eq(b.data, "kept");
	smsc_buf_clear(&b);
	cr_assert(b.failed);
	smsc_buf_free(&b);
	cr_assert(!b.failed, "a freed buffer is new");
	smsc_buf_hex(&b, "", SIZE_MAX / 2 + 1);
	cr_assert(b.failed);
	smsc_buf_free(&b);
}

/* ---- error ------------------------------------------------------------------------ */

Test(error, first_reason_stays)
{
	smsc_error *e = NULL;
	cr_assert(!smsc_failed(&e));
	cr_assert_eq(smsc_fail(&e, SMSC_ELIMIT, "a/b", 77, "more than %d", 5), -1);
	cr_assert_eq(smsc_fail(&e, SMSC_EIO, "c", 1, "later"), -1);
	cr_assert_eq(smsc_fail_nomem(&e), -1);
	cr_assert(smsc_failed(&e));
	cr_assert_eq(smsc_error_code(e), SMSC_ELIMIT);
	cr_assert_str_eq(smsc_error_message(e), "more than 5");
	cr_assert_str_eq(smsc_error_path(e), "a/b");
	cr_assert_eq(smsc_error_offset(e), 77);
	smsc_error_free(e);
}

Test(error, without_a_place_to_put_it)
{
	cr_assert_eq(smsc_fail(NULL, SMSC_EIO, NULL, -1, "lost"), -1);
	cr_assert_eq(smsc_fail_nomem(NULL), -1);
	cr_assert_eq(smsc_fail_errno(NULL, ENOENT, NULL, -1, "cannot open"), -1);
	cr_assert(!smsc_failed(NULL));
}

Test(error, none)
{
	cr_assert_eq(smsc_error_code(NULL), SMSC_OK);
	cr_assert_str_eq(smsc_error_message(NULL), "");
	cr_assert_null(smsc_error_path(NULL));
	cr_assert_eq(smsc_error_offset(NULL), -1);
	smsc_error_free(NULL);
}

/* What evidence put into a message must not move the cursor of a terminal. */
Test(error, message_is_one_harmless_line)
{
	smsc_error *e = NULL;
	smsc_fail(&e, SMSC_EIO, "x\xe2\x82", -1, "a\r\nb\x1b[2Jc\x7f|\xc2\x9b|\xc2\xa0|\xc3\xa9|\xff|");
	cr_assert_str_eq(smsc_error_message(e), "a  b [2Jc |  |\xc2\xa0|\xc3\xa9|?|");
	cr_assert_str_eq(smsc_error_path(e), "x??");
	smsc_error_free(e);
}

Test(error, out_of_memory_can_be_freed_like_any)
{
	for (int i = 0; i < 3; i++) {
		smsc_error *e = NULL;
		smsc_fail_nomem(&e);
		cr_assert_eq(smsc_error_code(e), SMSC_ENOMEM);
		cr_assert_str_eq(smsc_error_message(e), "out of memory");
		smsc_error_free(e);
	}
}

/* The words of POSIX in the C locale, whatever the locale of the process. */
Test(error, errno_in_english)
{
	smsc_error *e = NULL;
	setlocale(LC_ALL, "");
	smsc_fail_errno(&e, ENOENT, "gone", -1, "cannot open");
	cr_assert_eq(smsc_error_code(e), SMSC_EIO);
	cr_assert_str_eq(smsc_error_message(e), "cannot open: No such file or directory");
	smsc_error_free(e);
}

/* ---- findings and rules ------------------------------------------------------------ */

Test(rules, table)
{
	size_t n = 0;
	for (const char *id; (id = smsc_rule_at(n)) != NULL; n++) {
		cr_assert_eq(strlen(id), 4, "%s", id);
		cr_assert(id[0] == 'D' || id[0] == 'K', "%s", id);
		cr_assert_eq(strspn(id + 1, "0123456789"), 3, "%s", id);
		cr_assert(smsc_rule_title(id) && *smsc_rule_title(id), "%s", id);
		cr_assert(n == 0 || strcmp(smsc_rule_at(n - 1), id) < 0, "%s is out of order or twice", id);
	}
	cr_assert_geq(n, 13);
	cr_assert_null(smsc_rule_at(SIZE_MAX));
	cr_assert_null(smsc_rule_title("K999"));
	cr_assert_null(smsc_rule_title(""));
}

Test(finding, getters)
{
	smsc_arena *a = smsc_arena_new();
	smsc_findings list = { NULL, 0, 0, 0, 0 };
	char path[] = "dir/file";
	smsc_finding *f = smsc_findings_add(&list, a, SMSC_RULE_K003, path, 42, "%s: %d", "pair", 1166);
	path[0] = '?';
	cr_assert_str_eq(smsc_finding_rule(f), "K003");
	cr_assert_eq(smsc_finding_severity(f), 3);
	cr_assert_str_eq(smsc_finding_title(f), smsc_rule_title("K003"));
	cr_assert_str_eq(smsc_finding_text(f), "pair: 1166");
	cr_assert_str_eq(smsc_finding_path(f), "dir/file");
	cr_assert_eq(smsc_finding_offset(f), 42);
	cr_assert_str_eq(smsc_finding_confidence(f), "proved");
	cr_assert_null(smsc_finding_generation(f));
	cr_assert_gt(strlen(smsc_finding_advice(f)), 0);
	f = smsc_findings_add(&list, a, SMSC_RULE_D001, NULL, 0, "cut %.1s", "\xc3\xa9");
	cr_assert_str_eq(smsc_finding_path(f), "");
	cr_assert_str_eq(smsc_finding_text(f), "cut ?");
	cr_assert_eq(list.at[1], f);
	smsc_arena_unref(a);
}

Test(finding, a_reference_holds_its_arena)
{
	long before = smsc_live_objects();
	smsc_arena *a = smsc_arena_new();
	smsc_findings list = { NULL, 0, 0, 0, 0 };
	smsc_finding *f = smsc_finding_ref(smsc_findings_add(&list, a, SMSC_RULE_D002, "p", 1, "text"));
	smsc_arena_unref(a);
	cr_assert_str_eq(smsc_finding_text(f), "text");
	smsc_finding_unref(f);
	smsc_finding_unref(NULL);
	cr_assert_null(smsc_finding_ref(NULL));
	cr_assert_eq(smsc_live_objects(), before);
}

Test(finding, past_the_limit_they_are_counted)
{
	smsc_arena *a = smsc_arena_new();
	smsc_findings list = { .limit = 3 };
	for (uint64_t i = 0; i < 10; i++)
		cr_assert_eq(smsc_findings_add(&list, a, SMSC_RULE_D005, "p", i, "x") != NULL, i < 3);
	cr_assert_eq(list.count, 3);
	cr_assert_eq(list.dropped, 7);
	cr_assert(!smsc_arena_failed(a));
	smsc_arena_unref(a);
}

/* ---- options ----------------------------------------------------------------------- */

static void assert_defaults(const smsc_settings *s)
{
	cr_assert_eq(s->max_stream, UINT64_C(268435456));
	cr_assert_eq(s->max_total, UINT64_C(68719476736));
	cr_assert_eq(s->max_entries, 1000000);
	cr_assert_eq(s->max_events, 1000000);
	cr_assert_eq(s->max_depth, 4);
	cr_assert_eq(s->max_ratio, 1000);
	cr_assert_eq(s->codepage, 1252);
	cr_assert(!s->zone_known);
}

Test(options, defaults_of_the_header)
{
	smsc_options o = SMSC_OPTIONS_INIT;
	smsc_settings s;
	smsc_error *e = NULL;
	cr_assert_eq(smsc_settings_of(&s, NULL, &e), 0);
	assert_defaults(&s);
	cr_assert_eq(smsc_settings_of(&s, &o, &e), 0);
	assert_defaults(&s);
	cr_assert_null(e);
}

Test(options, given)
{
	smsc_options o = SMSC_OPTIONS_INIT;
	smsc_settings s;
	o.max_stream = 1;
	o.max_total = UINT64_MAX;
	o.max_depth = UINT32_MAX;
	o.codepage = 437;
	o.zone = "-05:00";
	cr_assert_eq(smsc_settings_of(&s, &o, NULL), 0);
	cr_assert_eq(s.max_stream, 1);
	cr_assert_lt(s.max_total, INT64_MAX, "what is added to a limit must not wrap");
	cr_assert_eq(s.max_depth, UINT32_MAX);
	cr_assert_eq(s.codepage, 437);
	cr_assert(s.zone_known);
	cr_assert_eq(s.bias, 300);
}

static void assert_refused(const smsc_options *o, const char *because)
{
	smsc_settings s;
	smsc_error *e = NULL;
	cr_assert_eq(smsc_settings_of(&s, o, &e), -1);
	cr_assert_eq(smsc_error_code(e), SMSC_EARG);
	cr_assert_not_null(strstr(smsc_error_message(e), because), "%s", smsc_error_message(e));
	smsc_error_free(e);
}

Test(options, refused)
{
	smsc_options o = SMSC_OPTIONS_INIT;
	o.codepage = 932;
	assert_refused(&o, "932");
	o = (smsc_options)SMSC_OPTIONS_INIT;
	o.zone = "Mars";
	assert_refused(&o, "Mars");
	o.zone = "";
	assert_refused(&o, "zone");
	static const size_t sizes[] = { 0, 8, offsetof(smsc_options, threads) + 3, 5000, SIZE_MAX };
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		o = (smsc_options)SMSC_OPTIONS_INIT;
		o.size = sizes[i];
		assert_refused(&o, "size");
	}
}

/* A program built with a later header runs as long as it asks for nothing new. */
Test(options, from_a_later_header)
{
	struct { smsc_options known; uint64_t later; } o = { SMSC_OPTIONS_INIT, 0 };
	smsc_settings s;
	o.known.size = sizeof o;
	cr_assert_eq(smsc_settings_of(&s, &o.known, NULL), 0);
	assert_defaults(&s);
	o.later = 1;
	assert_refused(&o.known, "does not know");
}

Test(options, nothing_after_a_failure)
{
	smsc_settings s = { .max_stream = 5 };
	smsc_error *e = NULL;
	smsc_fail_nomem(&e);
	cr_assert_eq(smsc_settings_of(&s, NULL, &e), -1);
	cr_assert_eq(s.max_stream, 5);
	smsc_error_free(e);
}

/* ---- secrets ----------------------------------------------------------------------- */

Test(secret, holds_and_cuts)
{
	smsc_secret *s = smsc_secret_copy("0123456789", 10);
	cr_assert_eq(smsc_secret_size(s), 10);
	smsc_secret_cut(s, 4);
	cr_assert_eq(smsc_secret_size(s), 4);
	cr_assert_arr_eq(smsc_secret_data(s), "0123\0\0\0\0\0\0", 10);
	smsc_secret_cut(s, 7);
	cr_assert_eq(smsc_secret_size(s), 4, "a cut never makes longer");
	smsc_secret_free(s);
	smsc_secret_free(NULL);
}

Test(secret, new_is_zero_and_any_size)
{
	static const size_t sizes[] = { 0, 1, 4095, 4096, 4097, 100000 };
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		smsc_secret *s = smsc_secret_new(sizes[i]);
		cr_assert_not_null(smsc_secret_data(s));
		for (size_t k = 0; k < sizes[i]; k++)
			cr_assert_eq(smsc_secret_data(s)[k], 0);
		memset(smsc_secret_data(s), 0xff, sizes[i]);
		smsc_secret_free(s);
	}
	cr_assert_null(smsc_secret_new(SIZE_MAX));
	cr_assert_null(smsc_secret_new(SIZE_MAX / 2));
}

/* The kernel's own word: "dd" is not dumped, "lo" is locked (when the limit allows it). */
Test(secret, kept_out_of_core_dumps)
{
	FILE *maps = fopen("/proc/self/smaps", "r");
	if (!maps)
		cr_skip_test("no /proc/self/smaps");
	fclose(maps);
	smsc_secret *s = smsc_secret_new(1);
	char line[512], start[32], flags[512] = "";
	snprintf(start, sizeof start, "%lx-", (unsigned long)(uintptr_t)smsc_secret_data(s));
	maps = fopen("/proc/self/smaps", "r");
	bool here = false;
	while (fgets(line, sizeof line, maps)) {
		here |= strncmp(line, start, strlen(start)) == 0;
		if (here && strncmp(line, "VmFlags:", 8) == 0) {
			snprintf(flags, sizeof flags, "%s", line);
			break;
		}
	}
	fclose(maps);
	if (*flags)
		cr_assert_not_null(strstr(flags, " dd"), "%s", flags);
	smsc_secret_free(s);
}

Test(secret, freed_pages_are_gone)
{
	smsc_secret *s = smsc_secret_new(1);
	void *page = smsc_secret_data(s);
	unsigned char resident;
	smsc_secret_free(s);
	cr_assert_eq(mincore(page, 1, &resident), -1);
	cr_assert_eq(errno, ENOMEM, "the page is still mapped");
}

Test(secret, wipe_and_equal)
{
	char text[] = "secret";
	smsc_wipe(text, 3);
	cr_assert_arr_eq(text, "\0\0\0ret", 7);
	smsc_wipe(NULL, 0);
	cr_assert(smsc_secret_equal("abc", "abd", 2));
	cr_assert(!smsc_secret_equal("abc", "abd", 3));
	cr_assert(!smsc_secret_equal("\x80", "\x00", 1));
	cr_assert(smsc_secret_equal("", "x", 0));
}

Test(version, is_that_of_the_header)
{
	char text[32];
	snprintf(text, sizeof text, "%d.%d.%d", SMSC_VERSION_MAJOR, SMSC_VERSION_MINOR, SMSC_VERSION_PATCH);
	cr_assert_str_eq(smsc_version(), text);
}
