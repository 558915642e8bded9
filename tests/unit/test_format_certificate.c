/* test_format_certificate.c - certificates and the stores around them, described field by field. */
#include "format_test.h"

/* ---- samples ------------------------------------------------------------------------- */

static smsc_span corpus(const char *rel)
{
	const char *path = sample_path("SMSC_CORPUS", rel);
	cr_assert_not_null(path, "%s", rel);
	return sample_load(path);
}

/* Facts of the incident: corpus/incident-2005/ANSWERS.json, label "signing-old". */
Test(certificate, a_blob_of_the_registry)
{
	smsc_span s = corpus("cert-blob/signing");
	smsc_record *r = decode(&smsc_cert_blob, "blob", s);
	assert_whole(r, s.size, "signing");
	cr_assert_eq(smsc_record_count(r), 6);
	cr_assert_str_eq(text(r, "key_provider.container"), "SMS");
	cr_assert_str_eq(text(r, "key_provider.provider"), "Microsoft Enhanced Cryptographic Provider v1.0");
	cr_assert_eq(number(r, "key_provider.key_spec"), 2);
	cr_assert_str_eq(text(r, "friendly_name.value"), "SMS Signing Certificate");
	cr_assert_eq(extent(r, "friendly_name.value"), 50, "one NUL too many belongs to it");
	char when[29];
	smsc_time_format(field(r, "certificate.x509.not_before", SMSC_TIME)->as.time, when);
	cr_assert_str_eq(when, "2004-11-09T15:03:27.0000000Z");
	smsc_time_format(field(r, "certificate.x509.not_after", SMSC_TIME)->as.time, when);
	cr_assert_str_eq(when, "2104-11-09T15:03:27.0000000Z");
	cr_assert_eq(extent(r, "certificate.x509.public_key"), 162);
	smsc_record_unref(r);
	sample_free(s);
}

Test(certificate, a_store)
{
	smsc_span s = corpus("cert-store/one.sst");
	smsc_record *r = decode(&smsc_cert_store, "one.sst", s);
	assert_whole(r, s.size, "one.sst");
	cr_assert_str_eq(text(r, "entry.friendly_name.value"), "SMS Signing Certificate");
	cr_assert_eq(extent(r, "end"), 12);
	smsc_record_unref(r);
	sample_free(s);
}

Test(certificate, two_in_a_text)
{
	smsc_span s = corpus("x509/two.pem");
	smsc_record *r = decode(&smsc_x509, "two.pem", s);
	assert_whole(r, s.size, "two.pem");
	unsigned count = 0;
	for (size_t i = 0; i < smsc_record_count(r); i++)
		count += smsc_record_at(r, i)->type == SMSC_RECORD;
	cr_assert_eq(count, 2);
	smsc_record_unref(r);
	sample_free(s);
}

/* ---- made here ------------------------------------------------------------------------ */

static void put_element(struct made *m, uint32_t id, const void *data, uint32_t size)
{
	put32(m, id);
	put32(m, 1);
	put32(m, size);
	put(m, data, size);
}

/* Where the strings stand, the name behind the provider, bytes between, and a hidden text. */
Test(certificate, key_provider_with_its_texts_in_the_other_order)
{
	struct made m = { .size = 0 }, value = { .size = 0 };
	put32(&value, 42);                    /* container */
	put32(&value, 30);                    /* provider, after two bytes of padding */
	put32(&value, 1);
	put32(&value, 0x20);
	put32(&value, 0);
	put32(&value, 0);
	put32(&value, 1);
	put(&value, "\xff\xff" "P\0r\0o\0v\0\0\0" "\x11\x22" "A\0\0\0", 18);
	put_element(&m, 2, value.data, (uint32_t)value.size);
	put_element(&m, 32, "0\0", 2);
	smsc_record *r = decode(&smsc_cert_blob, "b", span(&m));
	assert_sound(r, m.size, "made");
	cr_assert_str_eq(text(r, "key_provider.container"), "A");
	cr_assert_str_eq(text(r, "key_provider.provider"), "Prov");
	cr_assert_str_eq(note(r, "key_provider.flags"), "the machine's key set");
	cr_assert_eq(extent(r, "key_provider.padding"), 2);
	smsc_record_unref(r);
}

Test(certificate, hostile_offsets)
{
	static const uint32_t offsets[] = { 0, 4, 27, 29, 36, 37, 0x7fffffff, 0xffffffff };
	for (size_t i = 0; i < 64; i++) {
		struct made m = { .size = 0 }, value = { .size = 0 };
		put32(&value, offsets[i % 8]);
		put32(&value, offsets[i / 8]);
		fill(&value, 0, 20);
		put(&value, "S\0M\0S\0\0\0x", 9);
		put_element(&m, 2, value.data, (uint32_t)value.size);
		put_element(&m, 32, "0\0", 2);
		smsc_record *r = decode(&smsc_cert_blob, "b", span(&m));
		assert_sound(r, m.size, "offsets");
		cr_assert_gt(smsc_record_finding_count(r), 0);
		smsc_record_unref(r);
	}
}

Test(certificate, properties_of_wrong_sizes)
{
	struct made m = { .size = 0 };
	put_element(&m, 27, "1234567", 7);                 /* a date of seven bytes */
	put_element(&m, 19, "", 0);                         /* archived, a mark */
	put_element(&m, 11, "A\0\0\0B\0\0\0", 8);           /* text hidden behind the NUL */
	put_element(&m, 4711, "RSA2", 4);                   /* unknown, and not to be shown */
	put_element(&m, 32, "0\x80", 2);                    /* no length of DER */
	smsc_record *r = decode(&smsc_cert_blob, "b", span(&m));
	assert_sound(r, m.size, "made");
	cr_assert(has_finding(r, "D003", 12), "the date");
	cr_assert_not_null(smsc_record_get(r, "archived"));
	cr_assert_str_eq(text(r, "friendly_name.value"), "A");
	cr_assert(has_finding(r, "D002", 19 + 12 + 12 + 2), "the hidden text");
	cr_assert_eq(number(r, "property.value"), 4);
	smsc_record_unref(r);
}

Test(certificate, hundred_thousand_elements_are_not_read)
{
	size_t count = 100000, size = 12 * count;
	uint8_t *bytes = calloc(1, size);
	for (size_t i = 0; i < count; i++) {
		bytes[12 * i] = 19;
		bytes[12 * i + 4] = 1;
	}
	smsc_record *r = decode(&smsc_cert_blob, "b", (smsc_span){ bytes, size });
	cr_assert_null(cover(r, size, NULL));
	cr_assert_leq(smsc_record_count(r), 20001);
	cr_assert(has_finding(r, "D008", 12 * 20000));
	smsc_record_unref(r);
	free(bytes);
}

/* Times of RFC 5280, those of the nineties, and what is none. */
Test(certificate, times)
{
	static const struct { const char *text, *want; uint8_t tag; } times[] = {
		{ "500101000000Z", "1950-01-01T00:00:00.0000000Z", 0x17 },
		{ "491231235959Z", "2049-12-31T23:59:59.0000000Z", 0x17 },
		{ "9611272359Z", "1996-11-27T23:59:00.0000000Z", 0x17 },
		{ "970101000000+0200", "1996-12-31T22:00:00.0000000Z", 0x17 },
		{ "99991231235959Z", "9999-12-31T23:59:59.0000000Z", 0x18 },
		{ "16010101000001Z", "1601-01-01T00:00:01.0000000Z", 0x18 },
		{ "00000101000000Z", "", 0x18 }, { "20040230000000Z", "", 0x18 }, { "0", "", 0x17 },
		{ "20041109150327", "", 0x18 }, { "2004-1109150327Z", "", 0x18 }, { "041109150327X", "", 0x17 },
	};
	for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
		struct made m = { .size = 0 };
		uint8_t n = (uint8_t)strlen(times[i].text);
		const uint8_t head[] = { 0x30, (uint8_t)(20 + n), 0x30, (uint8_t)(18 + n), 2, 1, 1, 0x30, 5, 6, 3, 42, 3, 4,
		                         0x30, 0, 0x30, (uint8_t)(2 + n), times[i].tag, n };
		put(&m, head, sizeof head);
		put(&m, times[i].text, n);
		smsc_record *r = decode(&smsc_x509, "x", span(&m));
		char got[29];
		smsc_time_format(field(r, "not_before", SMSC_TIME)->as.time, got);
		cr_assert_str_eq(got, times[i].want, "%s", times[i].text);
		assert_sound(r, m.size, times[i].text);
		smsc_record_unref(r);
	}
}
