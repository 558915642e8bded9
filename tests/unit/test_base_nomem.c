/* Every allocation of the base fails once: nothing crashes or leaks (run it under ASan), and no
 * failure goes unnoticed. */
#include <criterion/criterion.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/finding.h"
#include "base/ident.h"
#include "base/options.h"
#include "base/secret.h"
#include "base/text.h"
#include "failing.h"

static void check(bool (*scenario)(void), long at_least)
{
	long before = smsc_live_objects();
	long first = failing_run(scenario, false);
	cr_assert_geq(first, at_least, "only %ld allocations were tried", first);
	cr_assert_eq(failing_run(scenario, true), first);
	cr_assert_eq(smsc_live_objects(), before);
}

static int released;

static void release(void *arg)
{
	(void)arg;
	released++;
}

static bool fill_arena(void)
{
	smsc_arena *a = smsc_arena_new();
	int *items = NULL;
	size_t room = 0;
	released = 0;
	if (!a)
		return false;
	bool registered = smsc_arena_on_free(a, release, NULL);
	smsc_arena_text(a, "some text", 9);
	smsc_arena_copy(a, &room, sizeof room);
	smsc_arena_printf(a, "%05000d", 7);
	smsc_arena_alloc(a, 300000);
	for (size_t i = 0; i < 20000; i++)
		if (smsc_arena_grow(a, &items, i, &room, sizeof *items))
			items[i] = 1;
		else
			break;
	bool good = !smsc_arena_failed(a);
	smsc_arena_unref(a);
	cr_assert_eq(released, registered);
	return good;
}

Test(nomem, arena)
{
	check(fill_arena, 8);
}

static bool fill_buf(void)
{
	smsc_buf b = SMSC_BUF_INIT;
	smsc_buf_str(&b, "start ");
	smsc_buf_hex(&b, "0123456789012345678901234567890123456789", 40);
	smsc_buf_printf(&b, "%0500d", 1);
	smsc_buf_char(&b, '!');
	bool good = !b.failed;
	smsc_buf_clear(&b);
	cr_assert_eq(b.failed, !good, "clearing does not forget a failure");
	smsc_buf_free(&b);
	return good;
}

Test(nomem, buf)
{
	check(fill_buf, 3);
}

static bool write_texts(void)
{
	static const char bytes[] = "C:\\x\x81 and so on until more room is needed than there was: \x81\xe9.";
	static const uint8_t sid[] = { 1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0 };
	smsc_span s = { bytes, sizeof bytes - 1 };
	smsc_buf b = SMSC_BUF_INIT;
	smsc_text_ansi(&b, s, 1252);
	smsc_text_utf8(&b, s);
	smsc_text_utf16(&b, s);
	smsc_text_guess(&b, s, 850);
	bool good = smsc_sid_text(&b, (smsc_span){ sid, sizeof sid }) && !b.failed;
	smsc_buf_free(&b);
	return good;
}

Test(nomem, text)
{
	check(write_texts, 3);
}

static bool add_findings(void)
{
	smsc_arena *a = smsc_arena_new();
	smsc_findings list = { NULL, 0, 0, 0, 0 };
	size_t added = 0;
	if (!a)
		return false;
	for (uint64_t i = 0; i < 40; i++)
		added += smsc_findings_add(&list, a, SMSC_RULE_D001, "a/b", i, "%0200d", (int)i) != NULL;
	cr_assert_eq(added, list.count);
	for (size_t i = 0; i < list.count; i++)
		cr_assert_eq(strlen(smsc_finding_text(list.at[i])), 200);
	bool good = !smsc_arena_failed(a);
	cr_assert(!good || added == 40);
	smsc_arena_unref(a);
	return good;
}

Test(nomem, findings)
{
	check(add_findings, 4);
}

/* Whatever runs out, the caller gets an error that can be read and freed. */
static bool fail_with_path(void)
{
	smsc_error *e = NULL;
	smsc_fail(&e, SMSC_EIO, "a/path", 12, "cannot %s", "read");
	cr_assert_not_null(e);
	bool good = smsc_error_code(e) == SMSC_EIO;
	if (!good) {
		cr_assert_eq(smsc_error_code(e), SMSC_ENOMEM);
		cr_assert_str_eq(smsc_error_message(e), "out of memory");
		cr_assert_null(smsc_error_path(e));
		cr_assert_eq(smsc_error_offset(e), -1);
	}
	smsc_error_free(e);
	return good;
}

Test(nomem, error)
{
	check(fail_with_path, 3);
}

static bool refuse_options(void)
{
	smsc_options o = SMSC_OPTIONS_INIT;
	smsc_settings s;
	smsc_error *e = NULL;
	o.codepage = 1;
	cr_assert_eq(smsc_settings_of(&s, &o, &e), -1);
	bool good = smsc_error_code(e) == SMSC_EARG;
	smsc_error_free(e);
	return good;
}

Test(nomem, options)
{
	check(refuse_options, 2);
}

static bool keep_secret(void)
{
	smsc_secret *s = smsc_secret_copy("key", 3);
	bool good = s != NULL;
	smsc_secret_free(s);
	return good;
}

Test(nomem, secret)
{
	check(keep_secret, 2);
}

static size_t unmapped;

static void expect_zeros(const void *pages, size_t size)
{
	for (size_t i = 0; i < size; i++)
		cr_assert_eq(((const uint8_t *)pages)[i], 0, "byte %zu of %zu was not wiped", i, size);
	unmapped += size;
}

/* Also what was written past a cut. */
Test(secret, wiped_before_it_goes)
{
	smsc_secret *s = smsc_secret_copy("the key of all keys", 20);
	smsc_secret_cut(s, 4);
	memset(smsc_secret_data(s), 0xaa, 1000);
	failing_on_munmap = expect_zeros;
	smsc_secret_free(s);
	failing_on_munmap = NULL;
	cr_assert_geq(unmapped, 1000);
}
