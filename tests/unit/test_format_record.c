/* test_format_record.c - fields that know their bytes. */
#include <criterion/criterion.h>

#include "../sample.h"
#include "format/record.h"

static smsc_record *new_record(void)
{
	smsc_record *r = smsc_record_new("test", "dir/file", 1252);
	cr_assert_not_null(r);
	return r;
}

static smsc_cur cur(const char *bytes, size_t size)
{
	return smsc_cur_of(smsc_span_of(bytes, size), 0);
}

Test(record, keeps_what_was_put)
{
	smsc_record *r = new_record();
	smsc_put_int(r, "count", "a number", -5, 3, 4);
	smsc_put_time(r, "when", "a time", 130544806141090000, 7, 8);
	smsc_put_text(r, "word", "a text", "abcdef", 3, 15, 3);
	smsc_put_bytes(r, "raw", "bytes", smsc_span_of("\0\1\2", 3), 18);
	smsc_note(r, "%d bytes", 3);

	cr_assert_str_eq(smsc_record_format(r), "test");
	cr_assert_str_eq(smsc_record_path(r), "dir/file");
	cr_assert_eq(smsc_record_count(r), 4);
	cr_assert_null(smsc_record_at(r, 4));
	cr_assert_eq(smsc_record_get(r, "count")->as.number, -5);
	cr_assert_eq(smsc_record_get(r, "count")->at, 3);
	cr_assert_eq(smsc_record_get(r, "when")->as.time, 130544806141090000);
	cr_assert_str_eq(smsc_record_get(r, "word")->as.text, "abc");
	const smsc_field *raw = smsc_record_get(r, "raw");
	cr_assert_eq(raw->as.span.size, 3);
	cr_assert_eq(raw->bytes, 3);
	cr_assert(!memcmp(raw->as.span.data, "\0\1\2", 3));
	cr_assert_str_eq(raw->note, "3 bytes");
	cr_assert_null(smsc_record_get(r, "word")->note);
	cr_assert_null(smsc_record_get(r, "wor"));
	cr_assert_null(smsc_record_get(r, "words"));
	smsc_record_unref(r);
}

Test(record, goes_down_by_dotted_names)
{
	smsc_record *r = new_record();
	smsc_record *pair = smsc_put_record(r, "pair", "two keys", "test", 0, 8);
	smsc_record *key = smsc_put_record(pair, "key", "a key", "test", 0, 8);
	smsc_put_int(key, "bits", "length", 1024, 0, 4);
	smsc_damage(key, SMSC_RULE_D003, 2, "bits: %d", 1024);
	smsc_damage(r, SMSC_RULE_D004, 0, "version");

	cr_assert_eq(smsc_record_get(r, "pair.key.bits")->as.number, 1024);
	cr_assert_eq(smsc_record_get(r, "pair.key")->type, SMSC_RECORD);
	cr_assert_null(smsc_record_get(r, "pair.bits"));
	cr_assert_null(smsc_record_get(r, "pair.key.bits.more"));
	cr_assert_null(smsc_record_get(r, ""));
	cr_assert_null(smsc_record_get(r, "pair."));
	cr_assert_eq(smsc_record_finding_count(r), 2);
	cr_assert_eq(smsc_record_finding_count(key), 2, "findings are those of the whole");
	const smsc_finding *f = smsc_record_finding_at(r, 0);
	cr_assert_str_eq(smsc_finding_text(f), "pair.key: bits: 1024");
	cr_assert_str_eq(smsc_finding_rule(f), "D003");
	cr_assert_str_eq(smsc_finding_path(f), "dir/file");
	cr_assert_eq(smsc_finding_offset(f), 2);
	cr_assert_str_eq(smsc_finding_text(smsc_record_finding_at(r, 1)), "version");
	cr_assert_null(smsc_record_finding_at(r, 2));
	smsc_record_unref(r);
}

Test(record, reads_each_type)
{
	static const char bytes[] = "\x01" "\x02\x01" "\x04\x03\x02\x01" "\x08\x07\x06\x05\x04\x03\x02\x01"
		"\xd0\x68\xb5\xf2\x9c\xc9\xcf\x01"
		"\x56\xf7\x49\x9d\x6f\x83\x0d\x44\xad\x29\x28\x00\x12\x94\x41\xae";
	smsc_record *r = new_record();
	smsc_cur c = cur(bytes, sizeof bytes - 1);
	cr_assert_eq(smsc_read_u8(r, &c, "a", "m"), 1);
	cr_assert_eq(smsc_read_u16(r, &c, "b", "m"), 0x0102);
	cr_assert_eq(smsc_read_u32(r, &c, "c", "m"), 0x01020304);
	cr_assert_eq(smsc_read_u64(r, &c, "d", "m"), 0x0102030405060708);
	/* [capi-dpapi 5.7]: the Preferred file of a Windows XP. */
	cr_assert_eq(smsc_read_filetime(r, &c, "e", "m"), smsc_time_parse("2014-09-06T06:36:54.109Z"));
	smsc_read_guid(r, &c, "f", "m");
	cr_assert(smsc_cur_ok(&c));
	cr_assert_str_eq(smsc_record_get(r, "f")->as.text, "9d49f756-836f-440d-ad29-2800129441ae");
	cr_assert_null(cover(r, sizeof bytes - 1, NULL));
	smsc_record_unref(r);
}

Test(record, reads_text_up_to_its_nul)
{
	smsc_record *r = new_record();
	smsc_cur c = cur("SMS\0" "a\0b\0\0\0" "\xe9\0\0" "d\0e\0", 17);
	smsc_read_ansi(r, &c, 4, "ansi", "m");
	smsc_read_utf16(r, &c, 6, "utf16", "m");
	smsc_read_ansi(r, &c, 3, "padded", "m");
	smsc_read_utf16(r, &c, 4, "bare", "m");
	cr_assert_str_eq(smsc_record_get(r, "ansi")->as.text, "SMS");
	cr_assert_str_eq(smsc_record_get(r, "utf16")->as.text, "ab");
	cr_assert_str_eq(smsc_record_get(r, "padded")->as.text, "\xc3\xa9");
	cr_assert_str_eq(smsc_record_get(r, "bare")->as.text, "de");
	cr_assert_null(cover(r, 17, NULL));
	cr_assert_eq(smsc_record_finding_count(r), 0);
	smsc_record_unref(r);
}

Test(record, keeps_what_hides_behind_a_nul)
{
	smsc_record *r = new_record();
	smsc_cur c = cur("SMS\0evil\0", 9);
	smsc_read_ansi(r, &c, 9, "name", "m");
	cr_assert_eq(smsc_record_count(r), 2);
	cr_assert_str_eq(smsc_record_get(r, "name")->as.text, "SMS");
	cr_assert_eq(smsc_record_at(r, 1)->type, SMSC_BYTES);
	cr_assert_eq(smsc_record_at(r, 1)->at, 3);
	cr_assert_eq(smsc_record_at(r, 1)->bytes, 6);
	cr_assert_eq(smsc_record_finding_count(r), 1);
	cr_assert_eq(smsc_finding_offset(smsc_record_finding_at(r, 0)), 3);
	cr_assert_null(cover(r, 9, NULL));
	smsc_record_unref(r);
}

Test(record, a_read_that_does_not_fit_is_told_once)
{
	smsc_record *r = new_record();
	smsc_cur c = smsc_cur_of(smsc_span_of("abc", 3), 100);
	cr_assert_eq(smsc_read_bytes(r, &c, 16, "salt", "m").size, 0);
	cr_assert_eq(smsc_read_u32(r, &c, "next", "m"), 0);
	smsc_read_rest(r, &c);
	cr_assert(!smsc_cur_ok(&c));
	cr_assert_eq(smsc_record_count(r), 1);
	cr_assert_eq(smsc_record_at(r, 0)->type, SMSC_BYTES);
	cr_assert_eq(smsc_record_at(r, 0)->bytes, 3);
	cr_assert_eq(smsc_record_finding_count(r), 1);
	const smsc_finding *f = smsc_record_finding_at(r, 0);
	cr_assert_str_eq(smsc_finding_rule(f), "D001");
	cr_assert_str_eq(smsc_finding_text(f), "salt: 16 bytes wanted, 3 left");
	cr_assert_eq(smsc_finding_offset(f), 103, "the first byte that is missing");
	smsc_record_unref(r);
}

Test(record, the_rest_is_unexplained)
{
	smsc_record *r = new_record();
	smsc_cur c = cur("abcd", 4);
	smsc_read_u16(r, &c, "a", "m");
	smsc_read_rest(r, &c);
	uint64_t unexplained;
	cr_assert_null(cover(r, 4, &unexplained));
	cr_assert_eq(unexplained, 2);
	cr_assert_str_eq(smsc_finding_rule(smsc_record_finding_at(r, 0)), "D002");
	cr_assert_eq(smsc_finding_offset(smsc_record_finding_at(r, 0)), 2);
	smsc_record_unref(r);
}

Test(record, key_material_is_counted_not_kept)
{
	smsc_record *r = new_record();
	smsc_cur c = cur("0123456789..RSA2....", 20);
	smsc_read_withheld(r, &c, 10, "prime1", "m");
	smsc_read_rest(r, &c);
	cr_assert_eq(smsc_record_get(r, "prime1")->type, SMSC_INT);
	cr_assert_eq(smsc_record_get(r, "prime1")->as.number, 10);
	cr_assert_eq(smsc_record_get(r, "unexplained")->type, SMSC_INT);
	cr_assert_null(cover(r, 20, NULL));
	smsc_cur torn = cur("0123", 4);
	smsc_read_withheld(r, &torn, 10, "prime2", "m");
	cr_assert_eq(smsc_record_get(r, "prime2")->type, SMSC_INT);
	cr_assert_eq(smsc_record_get(r, "prime2")->as.number, 4);
	smsc_record_unref(r);
}

Test(record, findings_have_a_limit)
{
	smsc_record *r = new_record();
	for (int i = 0; i < 5000; i++)
		smsc_damage(r, SMSC_RULE_D002, 0, "again");
	cr_assert_eq(smsc_record_finding_count(r), 1000);
	cr_assert_eq(r->findings.dropped, 4001);
	cr_assert_str_eq(smsc_finding_rule(smsc_record_finding_at(r, 998)), "D002");
	cr_assert_str_eq(smsc_finding_rule(smsc_record_finding_at(r, 999)), "D008");
	smsc_record_unref(r);
}

Test(record, a_part_holds_the_whole)
{
	long before = smsc_live_objects();
	smsc_record *r = new_record();
	smsc_record *part = smsc_put_record(r, "part", "m", "test", 0, 1);
	smsc_put_int(part, "x", "m", 7, 0, 1);
	smsc_record *held = smsc_record_ref(smsc_record_get(r, "part")->as.record);
	smsc_record_unref(r);
	cr_assert_eq(smsc_record_get(held, "x")->as.number, 7);
	smsc_record_unref(held);
	cr_assert_eq(smsc_live_objects(), before);
}

Test(record, a_path_becomes_text_once)
{
	smsc_record *r = smsc_record_new("test", "a\x81" "b", 1252);
	cr_assert_str_eq(smsc_record_path(r), "a\\x81b");
	smsc_record *again = smsc_record_new("test", smsc_record_path(r), 1252);
	cr_assert_str_eq(smsc_record_path(again), "a\\x81b");
	smsc_record_unref(again);
	smsc_record_unref(r);
	r = smsc_record_new("test", NULL, 1252);
	cr_assert_str_eq(smsc_record_path(r), "");
	smsc_record_unref(r);
}

Test(record, nothing_is_asked_of_no_record)
{
	cr_assert_eq(smsc_record_count(NULL), 0);
	cr_assert_null(smsc_record_at(NULL, 0));
	cr_assert_null(smsc_record_get(NULL, "x"));
	cr_assert_eq(smsc_record_finding_count(NULL), 0);
	cr_assert_null(smsc_record_finding_at(NULL, 0));
	smsc_record_unref(smsc_record_ref(NULL));
}
