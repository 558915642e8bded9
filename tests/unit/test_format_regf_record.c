/* test_format_regf_record.c - hives as records: the summary, and one key with its values. */
#include <criterion/criterion.h>

#include "../sample.h"
#include "format/format.h"
#include "format/regf_record.h"

static smsc_span load(const char *rel)
{
	const char *path = sample_path("SMSC_CORPUS", rel);
	cr_assert_not_null(path, "%s is not there", rel);
	return sample_load(path);
}

static smsc_record *decode(smsc_span bytes)
{
	cr_assert_eq(smsc_format_probe(bytes, bytes.size, ""), &smsc_regf);
	smsc_record *r = smsc_format_decode(&smsc_regf, "x", bytes, 1252);
	cr_assert_not_null(r);
	const char *gap = cover(r, bytes.size, NULL), *wrong = check_record(r, bytes.size);
	cr_assert_null(gap, "%s is out of place", gap);
	cr_assert_null(wrong, "%s", wrong);
	return r;
}

static int64_t number(const smsc_record *r, const char *name)
{
	const smsc_field *f = smsc_record_get(r, name);
	cr_assert(f && f->type == SMSC_INT, "%s", name);
	return f->as.number;
}

static const char *text(const smsc_record *r, const char *name)
{
	const smsc_field *f = smsc_record_get(r, name);
	cr_assert(f && f->type == SMSC_TEXT, "%s", name);
	return f->as.text;
}

static const char *note(const smsc_record *r, const char *name)
{
	const smsc_field *f = smsc_record_get(r, name);
	return f && f->note ? f->note : "";
}

static bool found(const smsc_record *r, const char *rule)
{
	for (size_t i = 0; i < smsc_record_finding_count(r); i++)
		if (!strcmp(smsc_finding_rule(smsc_record_finding_at(r, i)), rule))
			return true;
	return false;
}

/* ---- the summary --------------------------------------------------------------------------- */

Test(regf_record, summary)
{
	smsc_span bytes = load("regf/list-lh");
	smsc_record *r = decode(bytes);
	char when[29];
	cr_assert_eq(number(r, "sequence1"), 1);
	cr_assert_eq(number(r, "minor"), 5);
	cr_assert_eq(number(r, "root") % 8, 0);
	cr_assert_str_eq(note(r, "checksum"), "right");
	cr_assert_str_eq(note(r, "type"), "hive");
	smsc_time_format(smsc_record_get(r, "last_written")->as.time, when);
	cr_assert_str_eq(when, "2004-05-06T07:08:09.1250000Z");
	cr_assert_eq(smsc_record_get(r, "last_written")->at, 12);
	cr_assert_eq(number(r, "bins") * 4096, number(r, "bins_size"));
	cr_assert_eq(number(r, "root_key.subkeys"), 5);
	cr_assert_str_eq(text(r, "root_key.name"), "root");
	cr_assert_eq(number(r, "keys"), 6);
	cr_assert_eq(number(r, "values"), 5);
	cr_assert_eq(number(r, "data"), 20);
	cr_assert_eq(smsc_record_get(r, "newest_key")->as.time, INT64_C(127283008891250000) + 4);
	cr_assert_eq(smsc_record_finding_count(r), 0);
	smsc_record_unref(r);
	sample_free(bytes);
}

Test(regf_record, damage_is_told)
{
	static const struct { const char *name, *rule; } damaged[] = {
		{ "regf/bad-base-only", "D010" }, { "regf/bad-bin-magic", "D010" }, { "regf/bad-checksum", "D010" },
		{ "regf/bad-child", "D010" }, { "regf/bad-count", "D010" }, { "regf/bad-cut", "D010" },
		{ "regf/bad-dirty", "K010" }, { "regf/bad-loop", "D010" }, { "regf/bad-name-length", "D010" },
		{ "regf/bad-offset", "D010" }, { "regf/bad-root", "D010" }, { "regf/bad-value-length", "D010" },
	};
	for (size_t i = 0; i < sizeof damaged / sizeof *damaged; i++) {
		smsc_span bytes = load(damaged[i].name);
		smsc_record *r = decode(bytes);
		cr_expect(found(r, damaged[i].rule), "%s", damaged[i].name);
		cr_expect_eq(found(r, "K010"), !strcmp(damaged[i].rule, "K010"), "%s", damaged[i].name);
		smsc_record_unref(r);
		sample_free(bytes);
	}
}

Test(regf_record, what_is_whole_has_no_finding)
{
	static const char *const names[] = {
		"regf/list-ri", "regf/big-data", "regf/big-value", "regf/deep", "regf/names", "regf/every-kind",
		"incident-2005/2005-01-07/C/WINNT/system32/config/SYSTEM",
		"incident-2005/2005-01-07/C/WINNT/system32/config/SECURITY",
		"incident-2005/2005-01-07/C/WINNT/system32/config/SOFTWARE",
	};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		smsc_span bytes = load(names[i]);
		smsc_record *r = decode(bytes);
		cr_expect_eq(smsc_record_finding_count(r), 0, "%s", names[i]);
		smsc_record_unref(r);
		sample_free(bytes);
	}
}

Test(regf_record, a_lost_base_block)
{
	smsc_span bytes = load("regf/list-lf");
	memset((void *)bytes.data, 0, 512);
	smsc_record *r = decode(bytes);
	cr_assert_eq(number(r, "keys"), 6);
	cr_assert(found(r, "D010"));
	smsc_record_unref(r);
	sample_free(bytes);
}

Test(regf_record, logs)
{
	static const char *const names[] = { "hives/old-log/OldDirtyHive/OldDirtyHive.LOG1",
	                                     "hives/nt52-x64-winxp/config/SAM.LOG" };
	static const int64_t pages[] = { 64, 16 };
	for (size_t i = 0; i < 2; i++) {
		smsc_span bytes = sample_shared(names[i]);
		if (!bytes.data)
			cr_skip_test("the shared evidence is not there");
		smsc_record *r = decode(bytes);
		cr_assert_str_eq(note(r, "type"), "log");
		cr_assert_eq(number(r, "bitmap"), pages[i]);
		cr_assert_eq(smsc_record_finding_count(r), 0);
		smsc_record_unref(r);
		sample_free(bytes);
	}
}

/* ---- one key ----------------------------------------------------------------------------------- */

static smsc_record *key_of(smsc_span bytes, const char *path)
{
	smsc_error *err = NULL;
	smsc_record *r = smsc_decode_path("hive", bytes.data, bytes.size, path, NULL, &err);
	cr_assert_not_null(r, "%s: %s", path, smsc_error_message(err));
	const char *wrong = check_record(r, bytes.size);
	cr_assert_null(wrong, "%s: %s", path, wrong);
	return r;
}

/* The value of that name in the list of a key. */
static const smsc_record *value_of(const smsc_record *key, const char *name)
{
	const smsc_record *list = smsc_record_get(key, "values")->as.record;
	const smsc_field *f;
	for (size_t i = 0; (f = smsc_record_at(list, i)); i++)
		if (!strcmp(text(f->as.record, "name"), name))
			return f->as.record;
	cr_assert_fail("no value %s", name);
	return NULL;
}

/* The bytes that a field says it was read from. */
static const char *stored(smsc_span bytes, const smsc_record *r, const char *name)
{
	return (const char *)bytes.data + smsc_record_get(r, name)->at;
}

Test(regf_record, values_of_a_key)
{
	smsc_span bytes = load("regf/every-kind");
	smsc_record *r = key_of(bytes, "");
	cr_assert_str_eq(text(r, "name"), "root");
	cr_assert_eq(smsc_record_count(smsc_record_get(r, "values")->as.record), 19);
	cr_assert_str_eq(text(value_of(r, ""), "data"), "default");
	cr_assert_str_eq(note(value_of(r, ""), "name"), "the default value");
	cr_assert_str_eq(text(value_of(r, "expand"), "data"), "%TEMP%");
	cr_assert_str_eq(note(value_of(r, "expand"), "type"), "REG_EXPAND_SZ");
	cr_assert_eq(number(value_of(r, "number"), "data"), 0x12345678);
	cr_assert_eq(number(value_of(r, "big-endian"), "data"), 0x12345678);
	cr_assert_eq(number(value_of(r, "quad"), "data"), INT64_C(1) << 40);
	cr_assert_str_eq(text(value_of(r, "link"), "data"), "\\Registry\\Machine");
	cr_assert_str_eq(text(value_of(r, "no NUL"), "data"), "abc");
	cr_assert_str_eq(text(value_of(r, "odd length"), "data"), "ab\\x63");
	cr_assert_str_eq(text(value_of(r, "lone surrogate"), "data"), "\\ud800x");
	cr_assert_eq(number(value_of(r, "type unknown"), "type"), 0xdeadbeef);
	cr_assert_null(smsc_record_get(value_of(r, "no bytes"), "data"));
	const smsc_record *list = smsc_record_get(value_of(r, "list"), "data")->as.record;
	cr_assert_eq(smsc_record_count(list), 2);
	cr_assert_str_eq(smsc_record_at(list, 1)->as.text, "two");
	const smsc_record *v = value_of(r, "string");
	cr_assert_arr_eq(stored(bytes, v, "name"), "string", 6);
	cr_assert_arr_eq(stored(bytes, v, "data"), "t\0e\0x\0t\0", 8);
	cr_assert_eq(*stored(bytes, v, "type"), 1);
	cr_assert_eq(*stored(bytes, v, "size"), 10);
	cr_assert_eq(smsc_record_finding_count(r), 0);
	smsc_record_unref(r);
	sample_free(bytes);
}

Test(regf_record, segments_know_their_places)
{
	smsc_span bytes = load("regf/big-data");
	smsc_record *r = key_of(bytes, "\\");
	const smsc_record *v = value_of(r, "big");
	const smsc_field *f;
	uint64_t size = 0;
	for (size_t i = 0; (f = smsc_record_at(v, i)); i++)
		if (!strcmp(f->name, "data")) {
			cr_assert_eq(f->type, SMSC_BYTES);
			cr_assert_arr_eq(f->as.span.data, (const char *)bytes.data + f->at, f->bytes);
			size += f->bytes;
		}
	cr_assert_eq(size, 17000);
	smsc_record_unref(r);
	sample_free(bytes);
}

Test(regf_record, the_boot_key_is_not_shown)
{
	smsc_span bytes = load("incident-2005/2005-01-07/C/WINNT/system32/config/SYSTEM");
	smsc_record *r = key_of(bytes, "controlset001\\control\\lsa");
	const smsc_record *list = smsc_record_get(r, "subkeys")->as.record;
	unsigned withheld = 0;
	cr_assert_str_eq(text(r, "name"), "Lsa");
	for (size_t i = 0; i < smsc_record_count(list); i++) {
		const smsc_field *f = smsc_record_get(smsc_record_at(list, i)->as.record, "class_name");
		withheld += f && f->type == SMSC_INT && f->bytes == 16 && f->as.number == 16;
	}
	cr_assert_eq(withheld, 4);
	smsc_record_unref(r);
	r = key_of(bytes, "ControlSet001\\Control\\Lsa\\JD");
	cr_assert_eq(number(r, "class_name"), 16);
	smsc_record_unref(r);
	sample_free(bytes);
}

Test(regf_record, a_private_key_is_not_shown)
{
	smsc_span bytes = load("regf/every-kind");
	smsc_record *r = key_of(bytes, "");
	uint64_t at = smsc_record_get(value_of(r, "binary"), "data")->at;
	smsc_record_unref(r);
	memcpy((char *)bytes.data + at + 50, "RSA2", 4);
	r = key_of(bytes, "");
	cr_assert_eq(number(value_of(r, "binary"), "data"), 100);
	smsc_record_unref(r);
	sample_free(bytes);
}

static void expect_error(smsc_span bytes, const char *path, smsc_code code, const char *message)
{
	smsc_error *err = NULL;
	cr_assert_null(smsc_decode_path("hive", bytes.data, bytes.size, path, NULL, &err));
	cr_expect_eq(smsc_error_code(err), code);
	cr_expect(strstr(smsc_error_message(err), message), "%s", smsc_error_message(err));
	cr_expect_str_eq(smsc_error_path(err), "hive");
	smsc_error_free(err);
}

Test(regf_record, what_cannot_be_decoded)
{
	smsc_span bytes = load("regf/list-lf");
	expect_error((smsc_span){ "no hive", 7 }, "", SMSC_EFORMAT, "only a registry hive");
	expect_error(bytes, "child 77", SMSC_EARG, "no key child 77");
	expect_error(bytes, NULL, SMSC_EARG, "no path");
	sample_free(bytes);
}

/* Any damage of a hive: what is shown lies in it. */
Test(regf_record, every_bit_turned)
{
	smsc_span bytes = load("regf/list-lh");
	uint8_t *p = (uint8_t *)bytes.data;
	for (size_t bit = 0; bit < 8 * bytes.size; bit += 3) {
		p[bit / 8] ^= (uint8_t)(1 << bit % 8);
		smsc_record *r = smsc_decode_path("hive", p, bytes.size, "", NULL, NULL);
		const char *wrong = r ? check_record(r, bytes.size) : NULL;
		cr_assert_null(wrong, "bit %zu: %s", bit, wrong);
		smsc_record_unref(r);
		p[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	sample_free(bytes);
}
