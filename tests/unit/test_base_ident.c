/* GUIDs, SIDs and container file names, with values from public documents. */
#include <criterion/criterion.h>

#include "base/ident.h"

/* The GUID and its bytes that RFC 4122 tools show for {6b29fc40-...}: Python's
 * uuid.UUID(...).bytes_le gives the same. */
static const char guid_text[] = "6b29fc40-ca47-1067-b31d-00dd010662da";
static const uint8_t guid_bytes[16] = { 0x40, 0xfc, 0x29, 0x6b, 0x47, 0xca, 0x67, 0x10,
                                        0xb3, 0x1d, 0x00, 0xdd, 0x01, 0x06, 0x62, 0xda };

Test(guid, text_and_bytes)
{
	char out[SMSC_GUID_TEXT];
	uint8_t back[16];
	smsc_guid_text(guid_bytes, out);
	cr_assert_str_eq(out, guid_text);
	static const char *const forms[] = {
		"6b29fc40-ca47-1067-b31d-00dd010662da", "6B29FC40-CA47-1067-B31D-00DD010662DA",
		"{6b29fc40-ca47-1067-b31d-00dd010662da}", "{6B29fc40-ca47-1067-B31D-00dd010662DA}",
	};
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		memset(back, 0, sizeof back);
		cr_assert(smsc_guid_parse(forms[i], strlen(forms[i]), back), "%s", forms[i]);
		cr_assert_arr_eq(back, guid_bytes, 16, "%s", forms[i]);
	}
}

Test(guid, what_is_none)
{
	static const char *const rows[] = {
		"", "{}", "6b29fc40-ca47-1067-b31d-00dd010662d", "6b29fc40-ca47-1067-b31d-00dd010662daa",
		"6b29fc40ca47-1067-b31d-00dd010662da-", "6b29fc40-ca47-1067-b31d-00dd010662dg",
		"{6b29fc40-ca47-1067-b31d-00dd010662da", "6b29fc40-ca47-1067-b31d-00dd010662da}",
		"(6b29fc40-ca47-1067-b31d-00dd010662da)", "6b29fc40_ca47_1067_b31d_00dd010662da",
		"6b29fc4--ca47-1067-b31d-00dd010662da0", "{{b29fc40-ca47-1067-b31d-00dd010662da}}",
		" b29fc40-ca47-1067-b31d-00dd010662da",
	};
	uint8_t guid[16];
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		cr_assert(!smsc_guid_parse(rows[i], strlen(rows[i]), guid), "%s", rows[i]);
	cr_assert(smsc_guid_is(guid_text, 36));
	cr_assert(!smsc_guid_is(guid_text, 35));
	cr_assert(!smsc_guid_is("{6b29fc40-ca47-1067-b31d-00dd010662da}", 38));
}

static void assert_sid(const char *expected, const void *bytes, size_t size)
{
	smsc_buf b = SMSC_BUF_INIT;
	bool ok = smsc_sid_text(&b, (smsc_span){ bytes, size });
	cr_assert_eq(ok, expected != NULL, "%s", expected ? expected : "none");
	if (expected)
		cr_assert_str_eq(b.data, expected);
	smsc_buf_free(&b);
}

/* Well-known SIDs (MS-DTYP 2.4.2.4) and the layout of MS-DTYP 2.4.2.2. */
Test(sid, known)
{
	static const uint8_t system[] = { 1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0 };
	static const uint8_t everyone[] = { 1, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0 };
	static const uint8_t admins[] = { 1, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, 0x20, 2, 0, 0 };
	static const uint8_t domain[] = { 1, 5, 0, 0, 0, 0, 0, 5, 21, 0, 0, 0, 0xff, 0xff, 0xff, 0xff,
	                                  0, 0, 0, 0x80, 1, 0, 0, 0, 0xf4, 1, 0, 0 };
	static const uint8_t hex[] = { 1, 1, 0x01, 0x02, 0x03, 0x04, 0x05, 0xab, 7, 0, 0, 0 };
	static const uint8_t no_sub[] = { 1, 0, 0, 0, 0, 0, 0, 5 };
	assert_sid("S-1-5-18", system, sizeof system);
	assert_sid("S-1-1-0", everyone, sizeof everyone);
	assert_sid("S-1-5-32-544", admins, sizeof admins);
	assert_sid("S-1-5-21-4294967295-2147483648-1-500", domain, sizeof domain);
	assert_sid("S-1-0x0102030405ab-7", hex, sizeof hex);
	assert_sid("S-1-5", no_sub, sizeof no_sub);
}

Test(sid, fifteen_parts_and_not_sixteen)
{
	uint8_t sid[8 + 16 * 4] = { 1, 15, 0, 0, 0, 0, 0, 5 };
	assert_sid("S-1-5-0-0-0-0-0-0-0-0-0-0-0-0-0-0-0", sid, 8 + 15 * 4);
	sid[1] = 16;
	assert_sid(NULL, sid, sizeof sid);
	sid[1] = 255;
	assert_sid(NULL, sid, sizeof sid);
	sid[1] = 1;
	sid[0] = 2;
	assert_sid(NULL, sid, sizeof sid);
}

Test(sid, torn_at_every_byte)
{
	static const uint8_t admins[] = { 1, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, 0x20, 2, 0, 0 };
	for (size_t size = 0; size < sizeof admins; size++)
		assert_sid(NULL, admins, size);
}

static const char hash[] = "ca6f80c6495f318cbd7dddd0d9102cc2";
static const char machine[] = "50e417e0-e461-474b-96e2-077b80325612";

Test(container_name, parts)
{
	static const struct { const char *path; bool has_guid; } rows[] = {
		{ "ca6f80c6495f318cbd7dddd0d9102cc2_50e417e0-e461-474b-96e2-077b80325612", true },
		{ "CA6F80C6495F318CBD7DDDD0D9102CC2_50E417E0-E461-474B-96E2-077B80325612", true },
		{ "C:\\Documents and Settings\\All Users\\Application Data\\Microsoft\\Crypto\\RSA\\MachineKeys\\"
		  "ca6f80c6495f318cbd7dddd0d9102cc2_50e417e0-e461-474b-96e2-077b80325612", true },
		{ "a.zip!/b/ca6f80c6495f318cbd7dddd0d9102cc2_50e417e0-e461-474b-96e2-077b80325612", true },
		{ "ca6f80c6495f318cbd7dddd0d9102cc2", false },
	};
	char got_hash[33], got_guid[SMSC_GUID_TEXT];
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		cr_assert(smsc_container_name_parse(rows[i].path, got_hash, got_guid), "%s", rows[i].path);
		cr_assert_str_eq(got_hash, hash);
		cr_assert_str_eq(got_guid, rows[i].has_guid ? machine : "");
	}
}

Test(container_name, what_is_none)
{
	static const char *const rows[] = {
		"", "MachineKeys/", "ca6f80c6495f318cbd7dddd0d9102cc", "ca6f80c6495f318cbd7dddd0d9102cc2_",
		"ca6f80c6495f318cbd7dddd0d9102cc22", "ca6f80c6495f318cbd7dddd0d9102cg2",
		"ca6f80c6495f318cbd7dddd0d9102cc2_50e417e0-e461-474b-96e2-077b8032561",
		"ca6f80c6495f318cbd7dddd0d9102cc2_50e417e0-e461-474b-96e2-077b80325612.bak",
		"ca6f80c6495f318cbd7dddd0d9102cc2-50e417e0-e461-474b-96e2-077b80325612",
		"ca6f80c6495f318cbd7dddd0d9102cc2_{50e417e0-e461-474b-96e2-077b80325612}",
		"ca6f80c6495f318cbd7dddd0d9102cc2_50e417e0-e461-474b-96e2-077b80325612/x",
	};
	char got_hash[33], got_guid[SMSC_GUID_TEXT];
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		cr_assert(!smsc_container_name_parse(rows[i], got_hash, got_guid), "%s", rows[i]);
}

Test(path, last_part)
{
	cr_assert_str_eq(smsc_path_last("a/b\\c"), "c");
	cr_assert_str_eq(smsc_path_last("a\\b/c"), "c");
	cr_assert_str_eq(smsc_path_last("plain"), "plain");
	cr_assert_str_eq(smsc_path_last(""), "");
	cr_assert_str_eq(smsc_path_last("a/"), "");
}
