/* test_format_regf_log.c - dirty hives and the pages of their logs. */
#include <criterion/criterion.h>

#include "../sample.h"
#include "format/regf.h"
#include "format/regf_log.h"

typedef struct runs {
	unsigned count;
	uint64_t at[16], size[16], changed[16];
} runs;

static void on_run(void *user, uint64_t at, uint64_t size, uint64_t changed)
{
	runs *r = user;
	cr_assert_lt(r->count, 16);
	r->at[r->count] = at;
	r->size[r->count] = size;
	r->changed[r->count++] = changed;
}

static void put32(uint8_t *p, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		p[i] = (uint8_t)(v >> 8 * i);
}

static void seal(uint8_t *base)
{
	put32(base + 508, smsc_hive_checksum(base));
}

/* A dirty hive and the log that renames "child 03" to "CHILD 03" in the page of that name; another
 * page, the last of the bin, is in the log and is no different. */
typedef struct pair {
	smsc_span hive, log;
	size_t    name;   /* byte in the hive */
} pair;

static smsc_span make_log(smsc_span hive, size_t name)
{
	enum { PAGES_AT = 1024, LAST = 7 };
	size_t page = (name - SMSC_HIVE_BASE) / SMSC_HIVE_PAGE, size = PAGES_AT + 2 * SMSC_HIVE_PAGE;
	const uint8_t *from = hive.data;
	uint8_t *log = calloc(1, size), *pages = log + PAGES_AT;
	cr_assert_lt(page, LAST - 1);
	memcpy(log, from, 512);
	put32(log + 4, 2);
	put32(log + 8, 2);
	put32(log + 28, 1);
	seal(log);
	memcpy(log + 512, "DIRT", 4);
	log[516] = (uint8_t)(1 << LAST | 1 << page);
	memcpy(pages, from + SMSC_HIVE_BASE + page * SMSC_HIVE_PAGE, SMSC_HIVE_PAGE);
	memcpy(pages + SMSC_HIVE_PAGE, from + SMSC_HIVE_BASE + LAST * SMSC_HIVE_PAGE, SMSC_HIVE_PAGE);
	memcpy(pages + (name - SMSC_HIVE_BASE) % SMSC_HIVE_PAGE, "CHILD", 5);
	return (smsc_span){ log, size };
}

static pair make_pair(void)
{
	pair p;
	const char *path = sample_path("SMSC_CORPUS", "regf/list-lf");
	cr_assert_not_null(path);
	p.hive = sample_load(path);
	uint8_t *hive = (uint8_t *)p.hive.data;
	const uint8_t *name = memmem(hive, p.hive.size, "child 03", 8);
	cr_assert_not_null(name);
	p.name = (size_t)(name - hive);
	put32(hive + 4, 2);
	seal(hive);
	p.log = make_log(p.hive, p.name);
	return p;
}

static void free_pair(pair *p)
{
	sample_free(p->hive);
	sample_free(p->log);
}

Test(regf_log, pages_are_put_in)
{
	pair p = make_pair();
	runs r = { 0 };
	smsc_buf out = SMSC_BUF_INIT;
	smsc_hive h;
	smsc_hive_key k;
	cr_assert_null(smsc_hive_replay(p.hive, p.log, &out, on_run, &r));
	cr_assert_eq(out.size, p.hive.size);
	cr_assert_eq(r.count, 2);
	cr_assert_eq(r.at[0], p.name / 512 * 512);
	cr_assert_eq(r.size[0], 512);
	cr_assert_eq(r.changed[0], 5);
	cr_assert_eq(r.at[1], SMSC_HIVE_BASE + 7 * 512);
	cr_assert_eq(r.changed[1], 0);
	cr_assert(smsc_hive_open(&h, (smsc_span){ out.data, out.size }, NULL, NULL));
	cr_assert(h.checksum_good);
	cr_assert_not(smsc_hive_dirty(&h));
	cr_assert(smsc_hive_find(&h, NULL, "child 03", &k));
	cr_assert_arr_eq(k.name.data, "CHILD 03", 8);
	/* The hive itself is evidence and stays. */
	cr_assert_arr_eq((const char *)p.hive.data + p.name, "child 03", 8);
	smsc_buf_free(&out);
	free_pair(&p);
}

/* Bins that never reached the file come out of the log. */
Test(regf_log, a_hive_may_grow)
{
	pair p = make_pair();
	uint8_t *log = calloc(1, 1024 + 10 * SMSC_HIVE_PAGE);
	smsc_buf out = SMSC_BUF_INIT;
	memcpy(log, p.log.data, p.log.size);
	put32(log + 40, smsc_le32(log + 40) + 4096);
	seal(log);
	log[517] = 0xff;
	memset(log + 1024 + 2 * SMSC_HIVE_PAGE, 'n', 8 * SMSC_HIVE_PAGE);
	cr_assert_null(smsc_hive_replay(p.hive, (smsc_span){ log, 1024 + 10 * SMSC_HIVE_PAGE }, &out, NULL, NULL));
	cr_assert_eq(out.size, p.hive.size + 4096);
	cr_assert_eq(out.data[out.size - 1], 'n');
	/* But not beyond what the log holds. */
	put32(log + 40, 0x40000000);
	seal(log);
	cr_assert_not_null(smsc_hive_replay(p.hive, (smsc_span){ log, 1024 + 10 * SMSC_HIVE_PAGE }, &out, NULL, NULL));
	cr_assert_eq(out.size, 0);
	smsc_buf_free(&out);
	free(log);
	free_pair(&p);
}

static void expect_refusal(smsc_span hive, smsc_span log, const char *reason)
{
	smsc_buf out = SMSC_BUF_INIT;
	const char *why = smsc_hive_replay(hive, log, &out, NULL, NULL);
	cr_assert_not_null(why, "%s", reason);
	cr_expect(strstr(why, reason), "%s, not: %s", why, reason);
	cr_expect_eq(out.size, 0);
	smsc_buf_free(&out);
}

Test(regf_log, refusals)
{
	pair p = make_pair();
	uint8_t *hive = (uint8_t *)p.hive.data, *log = (uint8_t *)p.log.data;
	expect_refusal(p.hive, p.hive, "no log");
	expect_refusal(p.log, p.log, "no hive");
	expect_refusal(p.hive, (smsc_span){ NULL, 0 }, "no log");
	expect_refusal(p.hive, (smsc_span){ log, p.log.size - 1 }, "ends before its last page");
	expect_refusal(p.hive, (smsc_span){ log, 512 }, "empty");
	log[100] ^= 1;
	expect_refusal(p.hive, p.log, "checksum");
	log[100] ^= 1;
	put32(log + 4, 3);
	seal(log);
	expect_refusal(p.hive, p.log, "was being written");
	put32(log + 8, 3);
	seal(log);
	expect_refusal(p.hive, p.log, "another write");
	put32(log + 28, 6);
	memcpy(log + 512, "HvLE", 4);
	expect_refusal(p.hive, p.log, "8.1");
	put32(hive + 8, 2);
	seal(hive);
	free((void *)p.log.data);
	p.log = make_log(p.hive, p.name);
	expect_refusal(p.hive, p.log, "clean");
	free_pair(&p);
}

/* A hive whose base block was torn is what logs are for. */
Test(regf_log, a_torn_base_block)
{
	pair p = make_pair();
	smsc_buf out = SMSC_BUF_INIT;
	memset((uint8_t *)p.hive.data + 4, 0xee, 400);
	cr_assert_null(smsc_hive_replay(p.hive, p.log, &out, NULL, NULL));
	cr_assert_arr_eq(out.data + p.name, "CHILD 03", 8);
	smsc_buf_free(&out);
	free_pair(&p);
}

Test(regf_log, every_cut_and_bit)
{
	pair p = make_pair();
	uint8_t *log = (uint8_t *)p.log.data;
	smsc_buf out = SMSC_BUF_INIT;
	for (size_t size = 0; size < p.log.size; size++) {
		uint8_t *exact = malloc(size + 1);
		memcpy(exact, log, size);
		cr_assert_not_null(smsc_hive_replay(p.hive, (smsc_span){ exact, size }, &out, NULL, NULL), "%zu", size);
		free(exact);
	}
	for (size_t bit = 0; bit < 8 * 600; bit++) {
		runs r = { 0 };
		log[bit / 8] ^= (uint8_t)(1 << bit % 8);
		const char *why = smsc_hive_replay(p.hive, p.log, &out, on_run, &r);
		cr_assert(why || bit >= 8 * 512, "bit %zu of the header goes unnoticed", bit);
		log[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	smsc_buf_free(&out);
	free_pair(&p);
}

/* ---- what Windows 7 made of a dirty hive ------------------------------------------------------ */

Test(regf_log, as_windows_recovers)
{
	smsc_span hive = sample_shared("hives/old-log/OldDirtyHive/OldDirtyHive");
	smsc_span log = sample_shared("hives/old-log/OldDirtyHive/OldDirtyHive.LOG1");
	smsc_span good = sample_shared("hives/old-log/OldDirtyHive/RecoveredHive_Windows7");
	smsc_buf out = SMSC_BUF_INIT;
	runs r = { 0 };
	size_t stamp = 0, elsewhere = 0;
	if (!hive.data || !log.data || !good.data)
		cr_skip_test("the shared evidence is not there");
	cr_assert_null(smsc_hive_replay(hive, log, &out, on_run, &r));
	cr_assert_eq(out.size, good.size);
	for (size_t i = SMSC_HIVE_BASE; i < out.size; i++)
		if (out.data[i] != ((const char *)good.data)[i])
			*(i >= SMSC_HIVE_BASE + 20 && i < SMSC_HIVE_BASE + 28 ? &stamp : &elsewhere) += 1;
	/* Windows went on to write: a new time into the first bin, and into one key the length of
	 * its longest value name. */
	cr_assert_eq(stamp, 5);
	cr_assert_eq(elsewhere, 1);
	uint64_t pages = 0;
	for (unsigned i = 0; i < r.count; i++)
		pages += r.size[i] / SMSC_HIVE_PAGE;
	cr_assert_eq(pages, 64);
	cr_assert_eq(r.count, 4);
	smsc_buf_free(&out);
	sample_free(hive);
	sample_free(log);
	sample_free(good);
}

/* Logs that a clean shutdown left behind are of no use to their hives. */
Test(regf_log, logs_of_clean_hives)
{
	static const char *const names[][2] = {
		{ "SAM", "SAM.LOG" }, { "SECURITY", "SECURITY.LOG" }, { "system", "SYSTEM.LOG" },
		{ "default", "DEFAULT.LOG" },
	};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		char rel[128];
		snprintf(rel, sizeof rel, "hives/nt52-x64-winxp/config/%s", names[i][0]);
		smsc_span hive = sample_shared(rel);
		snprintf(rel, sizeof rel, "hives/nt52-x64-winxp/config/%s", names[i][1]);
		smsc_span log = sample_shared(rel);
		if (hive.data && log.data)
			expect_refusal(hive, log, "clean");
		sample_free(hive);
		sample_free(log);
	}
}
