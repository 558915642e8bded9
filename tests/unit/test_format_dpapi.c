/* test_format_dpapi.c - DPAPI blobs, master-key files and Preferred. */
#include "format/dpapi_blob.h"
#include "format_test.h"

/* ---- blobs -------------------------------------------------------------------------- */

/* [capi-dpapi 4]: RC4 of 40 bits with its auxiliary value, SHA-1, "Export Flag". */
static const uint8_t rc4_blob[] = {
	1, 0, 0, 0, 0xd0, 0x8c, 0x9d, 0xdf, 0x01, 0x15, 0xd1, 0x11, 0x8c, 0x7a, 0x00, 0xc0,
	0x4f, 0xc2, 0x97, 0xeb, 1, 0, 0, 0,
	0x6f, 0xc9, 0x3a, 0xc6, 0x59, 0x93, 0x66, 0x49, 0x9f, 0x76, 0xb1, 0xf0, 0x40, 0x04, 0xa8, 0xb8,
	4, 0, 0, 0x20, 4, 0, 0, 0, 'E', 0, 0, 0, 0x01, 0x68, 0, 0, 40, 0, 0, 0,
	4, 0, 0, 0, 1, 2, 3, 4, 3, 0, 0, 0, 5, 6, 7, 0x04, 0x80, 0, 0, 160, 0, 0, 0,
	2, 0, 0, 0, 8, 9, 4, 0, 0, 0, 0xc7, 0xdf, 0xd6, 0x7f,
	20, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20,
};

enum { BLOB_PROVIDER = 4, BLOB_DESCRIPTION = 44, BLOB_CIPHER = 52, BLOB_BITS = 56,
       BLOB_DATA = 89, BLOB_SIGN = 97 };

Test(dpapi_blob, each_field_is_at_its_place)
{
	smsc_span s = { rc4_blob, sizeof rc4_blob };
	smsc_record *r = decode(&smsc_dpapi_blob, "b", s);
	assert_whole(r, s.size, "RC4");
	cr_assert_str_eq(text(r, "master_key"), "c63ac96f-9359-4966-9f76-b1f04004a8b8");
	cr_assert_str_eq(note(r, "flags"), "0x20000004: local machine system");
	cr_assert_str_eq(text(r, "description"), "E");
	cr_assert_eq(smsc_record_get(r, "description_size")->at, BLOB_DESCRIPTION);
	cr_assert_str_eq(note(r, "cipher"), "RC4");
	cr_assert_eq(smsc_record_get(r, "cipher")->at, BLOB_CIPHER);
	cr_assert_eq(number(r, "cipher_bits"), 40);
	cr_assert_eq(smsc_record_get(r, "salt")->bytes, 4);
	cr_assert_eq(smsc_record_get(r, "aux")->bytes, 3);
	cr_assert_str_eq(note(r, "hash"), "SHA-1");
	cr_assert_eq(number(r, "hash_bits"), 160);
	cr_assert_eq(smsc_record_get(r, "data_size")->at, BLOB_DATA);
	cr_assert(!memcmp(smsc_record_get(r, "data")->as.span.data, "\xc7\xdf\xd6\x7f", 4));
	cr_assert_eq(smsc_record_get(r, "sign_size")->at, BLOB_SIGN);
	cr_assert_eq(smsc_dpapi_blob_size(s), s.size);
	cr_assert_eq(smsc_format_probe(s, s.size, "x"), &smsc_dpapi_blob);
	smsc_record_unref(r);
}

static struct made made_blob(void)
{
	struct made m = { .size = 0 };
	put(&m, rc4_blob, sizeof rc4_blob);
	return m;
}

Test(dpapi_blob, contradictions_are_told_where_they_are)
{
	static const struct wrong wrong[] = {
		{ 0, 2, "D004", 0 },
		{ BLOB_PROVIDER, 0, "D004", BLOB_PROVIDER },
		{ 20, 7, "D004", 20 },
		{ BLOB_CIPHER, 0x03, "D004", BLOB_CIPHER },
		{ BLOB_BITS, 0, "D003", BLOB_BITS },
		{ BLOB_DESCRIPTION, 3, "D001", sizeof rc4_blob },
		{ BLOB_SIGN, 0x80, "D001", sizeof rc4_blob },
		{ BLOB_SIGN, 19, "D003", BLOB_SIGN },
		{ BLOB_SIGN, 19, "D002", sizeof rc4_blob - 1 },
	};
	struct made m = made_blob();
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		assert_told(&smsc_dpapi_blob, &m, &wrong[i], true);
}

Test(dpapi_blob, a_block_cipher_makes_blocks)
{
	struct made m = made_blob();
	struct wrong aes = { BLOB_CIPHER, 0x6610, "D003", BLOB_DATA };
	assert_told(&smsc_dpapi_blob, &m, &aes, false);
}

/* Sizes and master key as nemesis_dpapi's tests have them. */
Test(dpapi_blob, real_ones)
{
	static const char *const rel[] = { "capi/nemesis/blob_with_entropy.bin",
	                                   "capi/nemesis/blob_without_entropy.bin" };
	for (size_t i = 0; i < 2; i++) {
		smsc_span s = sample_shared(rel[i]);
		if (!s.data)
			continue;
		smsc_record *r = decode(&smsc_dpapi_blob, rel[i], s);
		assert_whole(r, s.size, rel[i]);
		cr_assert_str_eq(text(r, "master_key"), "ed93694f-5a6d-46e2-b821-219f2c0ecd4d");
		cr_assert_str_eq(note(r, "cipher"), "AES-256");
		cr_assert_str_eq(note(r, "hash"), "SHA-512");
		cr_assert_eq(smsc_record_get(r, "salt")->bytes, 32);
		cr_assert_eq(smsc_record_get(r, "sign")->bytes, 64);
		cr_assert_eq(smsc_record_get(r, "data")->bytes, 16, "\"test\" is one block");
		smsc_record_unref(r);
		sample_free(s);
	}
}

/* ---- master keys ---------------------------------------------------------------------- */

struct master {
	const char *rel, *guid, *hash, *cipher;
	int policy, size, rounds, backup_rounds, credhist, domain;
};

/* [capi-dpapi 5.1, 5.3, 5.4] and the README of the evidence. */
static const struct master masters[] = {
	{ "capi/xp-itdaniher/Protect/S-1-5-18/User/9d49f756-836f-440d-ad29-2800129441ae",
	  "9d49f756-836f-440d-ad29-2800129441ae", "HMAC", "3DES", 6, 388, 4000, 1, 20, 0 },
	{ "capi/mimikatz-wiki-efs/1eccdbd2-4771-4360-8b19-9d6060a061dc",
	  "1eccdbd2-4771-4360-8b19-9d6060a061dc", "SHA-512", "AES-256", 5, 468, 3300, 3300, 20, 0 },
	{ "capi/dsinternals/7fc19508-7b85-4a7c-9e5d-15f9e00e7ce5",
	  "7fc19508-7b85-4a7c-9e5d-15f9e00e7ce5", "HMAC", "3DES", 0, 740, 18000, 18000, 0, 372 },
	{ "capi/nemesis/masterkey_domain.bin",
	  "ed93694f-5a6d-46e2-b821-219f2c0ecd4d", "SHA-512", "AES-256", 0, 876, 8000, 8000, 0, 428 },
	{ "capi/nemesis/masterkey_system.bin", NULL, "SHA-512", "AES-256", 6, 468, 8000, 8000, 20, 0 },
	{ "capi/nemesis/masterkey_systemuser.bin",
	  "fb1190c1-123d-45f8-95f4-32aee28fe2eb", "SHA-512", "AES-256", 6, 468, 8000, 8000, 20, 0 },
	{ "capi/nemesis/v137after/fb1190c1-123d-45f8-95f4-32aee28fe2eb",
	  "fb1190c1-123d-45f8-95f4-32aee28fe2eb", "SHA-512", "AES-256", 6, 468, 8000, 8000, 20, 0 },
	{ "capi/nemesis/masterkey_local.bin", NULL, "SHA-512", "AES-256", 5, 468, 8000, 8000, 20, 0 },
	{ "capi/nemesis/old_format/ab998260-e99d-4871-8f4b-d922b2848ce6",
	  "ab998260-e99d-4871-8f4b-d922b2848ce6", "HMAC", "3DES", 0, 740, 18000, 18000, 0, 372 },
};

static void assert_master(const struct master *m, const smsc_record *r, size_t size)
{
	assert_whole(r, size, m->rel);
	cr_assert_eq(size, (size_t)m->size, "%s", m->rel);
	if (m->guid)
		cr_assert_str_eq(text(r, "guid"), m->guid);
	cr_assert_eq(number(r, "policy"), m->policy, "%s", m->rel);
	cr_assert_eq(number(r, "master_key.rounds"), m->rounds, "%s", m->rel);
	cr_assert_str_eq(note(r, "master_key.hash"), m->hash);
	cr_assert_str_eq(note(r, "master_key.cipher"), m->cipher);
	cr_assert_eq(number(r, "backup_key.rounds"), m->backup_rounds, "%s", m->rel);
	cr_assert_eq(number(r, "credhist_size"), m->credhist, "%s", m->rel);
	cr_assert_eq(number(r, "domain_key_size"), m->domain, "%s", m->rel);
	cr_assert_eq(smsc_record_get(r, "domain_key") != NULL, m->domain != 0, "%s", m->rel);
}

Test(dpapi_masterkey, real_ones)
{
	for (size_t i = 0; i < sizeof masters / sizeof *masters; i++) {
		smsc_span s = sample_shared(masters[i].rel);
		if (!s.data)
			continue;
		smsc_record *r = decode(&smsc_dpapi_masterkey, masters[i].rel, s);
		assert_master(&masters[i], r, s.size);
		smsc_record_unref(r);
		sample_free(s);
	}
}

Test(dpapi_masterkey, a_domain_slot)
{
	smsc_span s = sample_shared("capi/dsinternals/7fc19508-7b85-4a7c-9e5d-15f9e00e7ce5");
	if (!s.data)
		cr_skip_test("no shared evidence");
	smsc_record *r = decode(&smsc_dpapi_masterkey, "x", s);
	cr_assert_str_eq(text(r, "domain_key.backup_key"), "efe756ec-f87c-493a-902f-259030203445");
	cr_assert_eq(number(r, "domain_key.secret_size"), 256);
	cr_assert_eq(number(r, "domain_key.access_size"), 88);
	smsc_record_unref(r);
	sample_free(s);
}

static void assert_set_key(const char *set, const char *folder, const char *guid)
{
	char rel[256];
	snprintf(rel, sizeof rel, "capi/generated/%s/Protect/S-1-5-18/%s%s", set, folder, guid);
	smsc_span s = sample_shared(rel);
	cr_assert_not_null(s.data, "%s", rel);
	smsc_record *r = decode(&smsc_dpapi_masterkey, rel, s);
	assert_whole(r, s.size, rel);
	cr_assert_str_eq(text(r, "guid"), guid);
	cr_assert_eq(smsc_format_probe(s, s.size, rel), &smsc_dpapi_masterkey);
	smsc_record_unref(r);
	sample_free(s);

	snprintf(rel, sizeof rel, "capi/generated/%s/Protect/S-1-5-18/%sPreferred", set, folder);
	s = sample_shared(rel);
	r = decode(&smsc_dpapi_preferred, rel, s);
	assert_whole(r, s.size, rel);
	cr_assert_str_eq(text(r, "master_key"), guid);
	cr_assert_eq(smsc_format_probe(s, s.size, rel), &smsc_dpapi_preferred);
	smsc_record_unref(r);
	sample_free(s);
}

static void assert_set(const char *set, const char *json)
{
	assert_set_key(set, "", known_text(strstr(json, "\"machine_mk\""), "guid"));
	assert_set_key(set, "User/", known_text(strstr(json, "\"user_mk\""), "guid"));
}

Test(dpapi_masterkey, synthetic_ones)
{
	each_set(assert_set);
}

/* [capi-dpapi 5.1]: the local file of a Windows XP, made here. */
static struct made made_master(void)
{
	static const char guid[] = "9d49f756-836f-440d-ad29-2800129441ae";
	static const uint8_t slot[12] = { 0xa0, 0x0f, 0, 0, 0x09, 0x80, 0, 0, 0x03, 0x66, 0, 0 };
	struct made m = { .size = 388 };
	m.data[0] = 2;
	for (size_t i = 0; i < 36; i++)
		m.data[12 + 2 * i] = (uint8_t)guid[i];
	set32(&m, 92, 6);
	set32(&m, 96, 136);
	set32(&m, 104, 104);
	set32(&m, 112, 20);
	for (size_t at = 128; at <= 264; at += 136) {
		m.data[at] = 2;
		memset(m.data + at + 4, 0x5a, 16);
		memcpy(m.data + at + 20, slot, sizeof slot);
	}
	m.data[368] = 3;
	return m;
}

Test(dpapi_masterkey, made_here)
{
	struct made m = made_master();
	smsc_record *r = decode(&smsc_dpapi_masterkey, "S-1-5-18/9d49f756-836f-440d-ad29-2800129441ae",
	                        span(&m));
	assert_whole(r, m.size, "made");
	cr_assert_eq(number(r, "master_key.rounds"), 4000);
	cr_assert_eq(extent(r, "master_key.data"), 104);
	cr_assert_eq(extent(r, "backup_key.data"), 72);
	cr_assert_str_eq(text(r, "credhist.guid"), "00000000-0000-0000-0000-000000000000");
	cr_assert_eq(smsc_format_probe(span(&m), m.size, "x"), &smsc_dpapi_masterkey);
	smsc_record_unref(r);
}

Test(dpapi_masterkey, contradictions_are_told_where_they_are)
{
	static const struct wrong wrong[] = {
		{ 0, 9, "D004", 0 },
		{ 12, 'x', "D003", 12 },
		{ 13, 1, "D003", 12 },
		{ 100, 1, "D003", 96 },
		{ 103, 0x80, "D003", 96 },
		{ 97, 1, "D001", 388 },
		{ 96, 0, "D003", 96 },
		{ 120, 1, "D001", 388 },
		{ 112, 19, "D002", 387 },
		{ 128, 1, "D004", 128 },
		{ 151, 0x7f, "D003", 148 },
		{ 152, 0x77, "D004", 152 },
		{ 368, 2, "D004", 368 },
	};
	struct made m = made_master();
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct made damaged = m;
		damaged.data[wrong[i].at] = (uint8_t)wrong[i].value;
		assert_told(&smsc_dpapi_masterkey, &m, &wrong[i], true);
		cr_assert_eq(smsc_format_probe(span(&damaged), m.size, "x"), &smsc_dpapi_masterkey, "row %zu", i);
	}
}

Test(dpapi_masterkey, a_file_named_after_another_key_is_told)
{
	struct made m = made_master();
	smsc_record *r = decode(&smsc_dpapi_masterkey, "P\\9D49F756-836F-440D-AD29-2800129441AE", span(&m));
	cr_assert_eq(smsc_record_finding_count(r), 0);
	smsc_record_unref(r);
	r = decode(&smsc_dpapi_masterkey, "P\\ffffffff-836f-440d-ad29-2800129441ae", span(&m));
	cr_assert(has_finding(r, "D003", 12));
	smsc_record_unref(r);
}

/* ---- Preferred ------------------------------------------------------------------------- */

static const uint8_t preferred[24] = {
	0x56, 0xf7, 0x49, 0x9d, 0x6f, 0x83, 0x0d, 0x44, 0xad, 0x29, 0x28, 0x00, 0x12, 0x94, 0x41, 0xae,
	0xd0, 0x68, 0xb5, 0xf2, 0x9c, 0xc9, 0xcf, 0x01,
};

/* [capi-dpapi 5.7], the real one of a Windows XP. */
Test(dpapi_preferred, guid_and_time)
{
	smsc_span s = { preferred, sizeof preferred };
	smsc_record *r = decode(&smsc_dpapi_preferred, "Preferred", s);
	assert_whole(r, s.size, "Preferred");
	cr_assert_str_eq(text(r, "master_key"), "9d49f756-836f-440d-ad29-2800129441ae");
	cr_assert_eq(smsc_record_get(r, "renew")->as.time, smsc_time_parse("2014-09-06T06:36:54.109Z"));
	smsc_record_unref(r);
	cr_assert_eq(smsc_format_probe(s, s.size, "User\\Preferred"), &smsc_dpapi_preferred);
	cr_assert_eq(smsc_format_probe(s, s.size, "x"), &smsc_dpapi_preferred);
}

Test(dpapi_preferred, any_24_bytes_are_none)
{
	static const size_t at[] = { 7, 8, 23 };        /* version and variant of the GUID, time */
	static const uint8_t value[] = { 0x00, 0x1d, 0x7f };
	for (size_t i = 0; i < 3; i++) {
		uint8_t bytes[24];
		memcpy(bytes, preferred, 24);
		bytes[at[i]] = value[i];
		smsc_span s = { bytes, 24 };
		cr_assert_null(smsc_format_probe(s, 24, "x"), "row %zu", i);
		cr_assert_eq(smsc_format_probe(s, 24, "Preferred"), &smsc_dpapi_preferred, "row %zu", i);
	}
	cr_assert_null(smsc_format_probe((smsc_span){ preferred, 24 }, 25, "x"));
	cr_assert_null(smsc_format_probe((smsc_span){ preferred, 23 }, 23, "x"));
}

Test(dpapi_preferred, a_torn_one_and_a_wrong_time)
{
	uint8_t bytes[24];
	smsc_record *r = decode(&smsc_dpapi_preferred, "Preferred", (smsc_span){ preferred, 20 });
	cr_assert_null(cover(r, 20, NULL));
	cr_assert(has_finding(r, "D001", 20));
	smsc_record_unref(r);
	memcpy(bytes, preferred, 24);
	bytes[23] = 0xff;
	r = decode(&smsc_dpapi_preferred, "Preferred", (smsc_span){ bytes, 24 });
	cr_assert(has_finding(r, "D003", 16));
	cr_assert_eq(smsc_record_get(r, "renew")->as.time, SMSC_NEVER);
	smsc_record_unref(r);
}
