/* test_format_regf_nomem.c - hives when memory runs out: it is noticed, nothing crashes or leaks. */
#include <criterion/criterion.h>

#include "../sample.h"
#include "failing.h"
#include "format/format.h"
#include "format/regf.h"
#include "format/regf_log.h"

static smsc_span hive, dirty, log_of_it;

static smsc_span load(const char *rel)
{
	const char *path = sample_path("SMSC_CORPUS", rel);
	cr_assert_not_null(path, "%s is not there", rel);
	return sample_load(path);
}

static void put32(uint8_t *p, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		p[i] = (uint8_t)(v >> 8 * i);
}

/* A dirty hive and a log without pages, which makes it clean. */
static void make_log(void)
{
	dirty = load("regf/empty");
	uint8_t *h = (uint8_t *)dirty.data, *l = calloc(1, 1024);
	put32(h + 4, 2);
	put32(h + 508, smsc_hive_checksum(h));
	memcpy(l, h, 512);
	put32(l + 8, 2);
	put32(l + 28, 1);
	put32(l + 508, smsc_hive_checksum(l));
	memcpy(l + 512, "DIRT", 4);
	log_of_it = (smsc_span){ l, 1024 };
}

static bool decode(void)
{
	smsc_record *r = smsc_format_decode(&smsc_regf, "a", hive, 1252);
	smsc_record_unref(r);
	return r != NULL;
}

static bool decode_path(void)
{
	smsc_error *err = NULL;
	smsc_record *r = smsc_decode_path("a", hive.data, hive.size, "", NULL, &err);
	bool good = r && !err;
	cr_assert(r || smsc_error_code(err) == SMSC_ENOMEM);
	smsc_error_free(err);
	smsc_record_unref(r);
	return good;
}

static bool on_key(void *user, const smsc_hive_key *k, unsigned depth)
{
	smsc_buf *name = user;
	(void)depth;
	smsc_hive_name(name, k->name, k->latin);
	return true;
}

static bool walk(void)
{
	smsc_buf names = SMSC_BUF_INIT;
	smsc_hive h;
	smsc_hive_key root;
	bool good = smsc_hive_open(&h, hive, NULL, NULL) && smsc_hive_root_key(&h, &root) &&
	            smsc_hive_walk(&h, &root, on_key, NULL, &names) && !names.failed;
	smsc_buf_free(&names);
	return good;
}

static bool replay(void)
{
	smsc_buf out = SMSC_BUF_INIT;
	const char *why = smsc_hive_replay(dirty, log_of_it, &out, NULL, NULL);
	cr_assert(!why || (out.failed && !out.size), "%s", why);
	smsc_buf_free(&out);
	return !why;
}

static void run(const char *sample, bool (*scenario)(void), long least)
{
	long before = smsc_live_objects();
	hive = load(sample);
	cr_expect_geq(failing_run(scenario, false), least, "%s", sample);
	cr_expect_geq(failing_run(scenario, true), least, "%s", sample);
	cr_expect_eq(smsc_live_objects(), before);
	sample_free(hive);
}

Test(regf_nomem, decode)
{
	run("regf/names", decode, 5);
	run("regf/bad-child", decode, 5);
}

Test(regf_nomem, decode_path)
{
	run("regf/every-kind", decode_path, 10);
	run("regf/names", decode_path, 5);
	run("regf/big-data", decode_path, 3);
}

Test(regf_nomem, walk)
{
	run("regf/names", walk, 3);
}

Test(regf_nomem, replay)
{
	make_log();
	run("regf/empty", replay, 1);
	sample_free(dirty);
	sample_free(log_of_it);
}
