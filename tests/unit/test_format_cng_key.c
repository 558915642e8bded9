/* test_format_cng_key.c - key files of CNG, described field by field. */
#include "format_test.h"

static smsc_record *cng(smsc_span s)
{
	return decode(&smsc_cng_key, "file", s);
}

/* [capi-dpapi 3]: Chrome's key, opened by the S-1-5-18\User master key fb1190c1. */
Test(cng_key, a_real_one)
{
	smsc_span s = sample_shared("capi/nemesis/v137after/"
		"7096db7aeb75c0d3497ecd56d355a695_f26c165b-53c8-414e-8abb-ec5f0f52df22");
	if (!s.data)
		cr_skip_test("no shared evidence");
	smsc_record *r = cng(s);
	assert_whole(r, s.size, "Chrome's");
	cr_assert_str_eq(text(r, "name"), "Google Chromekey1");
	cr_assert_eq(smsc_record_get(r, "kind")->as.number, 0x00010002);
	const smsc_record *p = smsc_record_get(r, "public_properties")->as.record;
	cr_assert_eq(smsc_record_count(p), 2);
	cr_assert_str_eq(text(p, "property.name"), "Modified");
	cr_assert_eq(smsc_record_get(p, "property.value")->type, SMSC_TIME);
	p = smsc_record_at(p, 1)->as.record;
	cr_assert_str_eq(text(p, "name"), "CreatorProcessName");
	cr_assert_str_eq(text(p, "value"),
		"C:\\Program Files\\Google\\Chrome\\Application\\141.0.7390.108\\elevation_service.exe");
	cr_assert_str_eq(text(r, "private_properties.description"), "Private Key Properties");
	cr_assert_str_eq(text(r, "private_key.description"), "Private Key");
	cr_assert_str_eq(text(r, "private_key.master_key"), "fb1190c1-123d-45f8-95f4-32aee28fe2eb");
	cr_assert_eq(smsc_record_get(r, "private_key.data")->bytes, 48, "a KDBM of 44 bytes, padded");
	smsc_record_unref(r);
	sample_free(s);
}

/* ---- made here --------------------------------------------------------------------- */

enum { NAME = 8, PUBLIC = 16, PRIVATE = 20, BODY = 44 };

/* A property of two UTF-16 characters; 24 bytes, value and padding. */
static void put_property(struct made *m, uint32_t value, uint32_t padding)
{
	uint8_t zero[64] = { 0 };
	put32(m, 24 + value + padding);
	put32(m, 7);
	put32(m, 0);
	put32(m, 4);
	put32(m, value);
	put(m, "a\0b", 4);
	put(m, zero, value + padding);
}

/* Name "k", three properties of 28, 32 and 34 bytes, no blobs. */
static void make(struct made *m)
{
	memset(m, 0, sizeof *m);
	m->data[0] = 1;
	m->data[NAME] = 2;
	m->data[PUBLIC] = 28 + 32 + 34;
	m->size = BODY;
	put(m, "k", 2);
	put_property(m, 4, 0);
	put_property(m, 5, 3);
	put_property(m, 10, 0);
}

Test(cng_key, properties_by_their_own_sizes)
{
	struct made m;
	make(&m);
	smsc_record *r = cng(span(&m));
	assert_whole(r, m.size, "made");
	const smsc_record *p = smsc_record_get(r, "public_properties")->as.record;
	cr_assert_eq(smsc_record_count(p), 3);
	cr_assert_eq(smsc_record_get(smsc_record_at(p, 0)->as.record, "value")->type, SMSC_INT);
	cr_assert_eq(smsc_record_get(smsc_record_at(p, 1)->as.record, "padding")->bytes, 3);
	cr_assert_eq(smsc_record_get(smsc_record_at(p, 2)->as.record, "value")->bytes, 10);
	smsc_record_unref(r);
}

Test(cng_key, hostile_sizes)
{
	static const struct wrong wrong[] = {
		{ 0, 2, "D004", 0 },
		{ NAME, 0xffffffff, "D001", 140 },
		{ PUBLIC, 200, "D001", 140 },
		{ PUBLIC, 28, "D002", 46 + 28 },
		{ PRIVATE, 0x80000000, "D001", 140 },
		{ 46, 0, "D003", 46 },               /* a step of 0 would never end */
		{ 46, 19, "D003", 46 },
		{ 46, 0xfffffff0, "D003", 46 },
		{ 46 + 12, 0xffffffff, "D001", 46 + 28 },
		{ 46 + 16, 0x7fffffff, "D001", 46 + 28 },
	};
	struct made m;
	make(&m);
	cr_assert_eq(m.size, 140);
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		assert_told(&smsc_cng_key, &m, &wrong[i], false);
}

Test(cng_key, a_million_properties_are_not_read)
{
	size_t count = 100000, size = BODY + 20 * count;
	uint8_t *bytes = calloc(1, size);
	bytes[0] = 1;
	for (int i = 0; i < 4; i++)
		bytes[PUBLIC + i] = (uint8_t)(20 * count >> 8 * i);
	for (size_t i = 0; i < count; i++)
		bytes[BODY + 20 * i] = 20;
	smsc_record *r = cng((smsc_span){ bytes, size });
	cr_assert_null(cover(r, size, NULL));
	cr_assert_leq(smsc_record_count(smsc_record_get(r, "public_properties")->as.record), 1001);
	cr_assert(has_finding(r, "D008", BODY + 20 * 1000));
	smsc_record_unref(r);
	free(bytes);
}
