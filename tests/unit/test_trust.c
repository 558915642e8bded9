/* test_trust.c - what names public keys: where values stand, how far hostile forms are followed,
 * and what is told of a message that ends early. */
#include "format_test.h"
#include "format/key_finder.h"
#include "format/unzlib.h"

#define KEY_HEX "0602000000A400005253413100020000010001" "00"
enum { MODULUS = 64 };

/* A PUBLICKEYBLOB of 512 bits as digits. */
static const char *key_text(void)
{
	static char text[2 * (20 + MODULUS) + 1];
	snprintf(text, sizeof text, "%s", KEY_HEX);
	for (size_t i = 0; i < MODULUS; i++)
		snprintf(text + 40 + 2 * i, 3, "%02X", (unsigned)(i * 7 + 1) & 0xff);
	return text;
}

static smsc_span sample_corpus(const char *rel)
{
	const char *path = sample_path("SMSC_CORPUS", rel);
	smsc_span s = path ? sample_load(path) : (smsc_span){ NULL, 0 };
	cr_assert(s.data, "%s", rel);
	return s;
}

static smsc_span of(const char *text)
{
	return (smsc_span){ text, strlen(text) };
}

struct seen {
	size_t count;
	uint64_t at, end;
	bool cut;
};

static void see(void *user, const smsc_found *found)
{
	struct seen *s = user;
	s->count++;
	s->at = found->at;
	s->end = found->end;
	s->cut = found->cut;
}

static struct seen find(smsc_span in, size_t piece)
{
	struct seen s = { 0 };
	smsc_finder f;
	cr_assert(smsc_finder_open(&f, see, &s));
	for (size_t at = 0; at < in.size; at += piece)
		smsc_finder_feed(&f, (const char *)in.data + at, in.size - at < piece ? in.size - at : piece);
	smsc_finder_end(&f);
	smsc_finder_close(&f);
	return s;
}

Test(trust, a_key_is_found_at_every_place_and_in_pieces)
{
	char text[4096];
	for (size_t before = 0; before < 70; before++) {
		int n = snprintf(text, sizeof text, "%.*s\"%s\" and on", (int)before,
		                 "abcdef 0123 xyz 0602 0000 00A4 3082 0602000000A4000052534131 abcdef 0123456789", key_text());
		for (size_t piece = 1; piece < 40; piece += 13) {
			struct seen s = find((smsc_span){ text, (size_t)n }, piece);
			cr_assert_eq(s.count, 1, "%zu %zu", before, piece);
			cr_assert_eq(s.at, before + 1);
			cr_assert_eq(s.end, before + 1 + strlen(key_text()));
			cr_assert(!s.cut);
		}
	}
}

/* Room of a hive that was never written to is passed at once, and counted. */
Test(trust, a_key_behind_zeros)
{
	static const size_t pieces[] = { 1, 7, 64, 4096 };
	const char *key = key_text();
	size_t digits = strlen(key);
	for (size_t zeros = 0; zeros < 200; zeros++)
		for (size_t step = 1; step <= 2; step++) {
			char text[4096] = "no digit";
			size_t from = 8 + zeros;
			for (size_t i = 0; i < digits; i++)
				text[from + i * step] = key[i];
			smsc_span in = { text, from + digits * step + 3 };
			for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
				struct seen s = find(in, pieces[i]);
				cr_assert(s.count == 1 && s.at == from && s.end == from + (digits - 1) * step + 1, "%zu zeros, step %zu", zeros, step);
			}
		}
}

/* The run of digits is longer than what a finder keeps: it has to slide, and loses nothing. */
Test(trust, keys_in_endless_digits)
{
	enum { RUN = 300000 };
	char *text = malloc(RUN);
	for (size_t at = 1; at < 80000; at += 7919) {
		memset(text, 'F', RUN);
		memcpy(text + at, key_text(), strlen(key_text()));
		memcpy(text + RUN - 1000, key_text(), strlen(key_text()));
		cr_assert_eq(find((smsc_span){ text, RUN }, 4093).count, 2, "%zu", at);
	}
	free(text);
}

Test(trust, a_cut_key_is_told_as_cut)
{
	char text[256];
	snprintf(text, sizeof text, "%.100s;rest", key_text());
	struct seen s = find(of(text), 1000);
	cr_assert(s.count == 1 && s.cut);
	/* A mark ends what stands in one run: the digits behind it are another cell. */
	snprintf(text, sizeof text, "%.100s,%s", key_text(), key_text() + 100);
	s = find(of(text), 1000);
	cr_assert(s.count == 1 && s.cut);
	snprintf(text, sizeof text, "%.100s\r\n  %s", key_text(), key_text() + 100);
	s = find(of(text), 1000);
	cr_assert(s.count == 1 && !s.cut);
}

/* What could be unpacked ends at the limit, whatever the stream says. */
Test(trust, zlib_has_a_limit)
{
	smsc_span bomb = sample_corpus("ccm-message/post");
	size_t at = 0;
	while (at < bomb.size && !smsc_unzlib_starts(smsc_span_cut(bomb, at, bomb.size)))
		at++;
	cr_assert_lt(at, bomb.size);
	smsc_buf out = SMSC_BUF_INIT;
	size_t used;
	cr_assert_eq(smsc_unzlib(smsc_span_cut(bomb, at, bomb.size), 10, &out, &used), SMSC_UNZLIB_LIMIT);
	cr_assert_eq(out.size, 10);
	out.size = 0;
	cr_assert_eq(smsc_unzlib(smsc_span_cut(bomb, at, 30), 1000, &out, &used), SMSC_UNZLIB_CUT);
	smsc_buf_free(&out);
	sample_free(bomb);
}

Test(trust, elements_without_end_are_refused)
{
	static uint8_t deep[200000];
	smsc_span in = { deep, sizeof deep };
	smsc_tlv t;
	for (size_t i = 0; i < sizeof deep; i += 2) {
		deep[i] = 0x30;
		deep[i + 1] = 0x80;
	}
	cr_assert(!smsc_asn1_next(&in, &t));
	static const uint8_t head[] = { 0x30, 0x84, 0xff, 0xff, 0xff, 0xff }, long_tag[] = { 0x1f, 0x81, 0x01, 0 };
	in = smsc_span_of(head, sizeof head);
	cr_assert(!smsc_asn1_next(&in, &t));
	in = smsc_span_of(long_tag, sizeof long_tag);
	cr_assert(!smsc_asn1_next(&in, &t));
}

Test(trust, names_and_oids)
{
	static const uint8_t oid[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x03 };
	static const uint8_t name[] = { 0x30, 0x0f, 0x31, 0x0d, 0x30, 0x0b, 0x06, 0x03, 0x55, 0x04, 0x03,
	                                0x1e, 0x04, 0x00, 'A', 0x00, 'B' };
	char text[SMSC_OID_TEXT];
	uint8_t long_oid[100];
	smsc_buf out = SMSC_BUF_INIT;
	smsc_asn1_oid(smsc_span_of(oid, sizeof oid), text);
	cr_assert_str_eq(text, "1.2.840.113549.1.7.3");
	memset(long_oid, 1, sizeof long_oid);
	smsc_asn1_oid(smsc_span_of(long_oid, sizeof long_oid), text);
	cr_assert_str_eq(text, "");
	smsc_asn1_name(&out, smsc_span_of(name, sizeof name));
	cr_assert_str_eq(out.data, "CN=AB");
	/* O=a,b; then CN=c and OU=d in one set: as "openssl x509 -subject -nameopt
	 * dn_rev,esc_2253,sep_comma_plus_space,sname" has it, but for the order within the set. */
	static const uint8_t more[] = { 0x30, 0x26, 0x31, 0x0c, 0x30, 0x0a, 0x06, 0x03, 0x55, 0x04, 0x0a, 0x0c, 0x03, 'a', ',',
	                                'b', 0x31, 0x16, 0x30, 0x08, 0x06, 0x03, 0x55, 0x04, 0x03, 0x13, 0x01, 'c', 0x30,
	                                0x0a, 0x06, 0x03, 0x55, 0x04, 0x0b, 0x0c, 0x03, 'd', 'e', 'f' };
	smsc_buf_clear(&out);
	smsc_asn1_name(&out, smsc_span_of(more, sizeof more));
	cr_assert_str_eq(out.data, "CN=c + OU=def, O=a\\,b");
	smsc_buf_free(&out);
}

/* A private key that somebody pasted is not shown. */
Test(trust, a_private_key_is_not_shown)
{
	smsc_span blob = sample_corpus("key-blob/private-exchange");
	smsc_buf page = SMSC_BUF_INIT;
	smsc_buf_str(&page, "<TRUSTEDROOTKEY>");
	smsc_buf_hex(&page, blob.data, blob.size);
	smsc_buf_str(&page, "</TRUSTEDROOTKEY>");
	smsc_record *r = decode(&smsc_sms_aut, "page", smsc_span_of(page.data, page.size));
	cr_assert_eq(smsc_record_count(r), 0);
	cr_assert_eq(smsc_record_finding_count(r), 1);
	smsc_record_unref(r);
	smsc_buf_free(&page);
	sample_free(blob);
}

Test(trust, a_cut_message_still_names_its_recipient)
{
	smsc_span whole = sample_corpus("cms/plain.p7m");
	size_t named = 0;
	for (size_t size = 0; size < whole.size; size++) {
		smsc_record *r = decode(&smsc_cms, "m", smsc_span_cut(whole, 0, size));
		cr_assert_gt(smsc_record_finding_count(r), 0, "%zu", size);
		named += smsc_record_get(r, "recipient.serial") != NULL;
		smsc_record_unref(r);
	}
	cr_assert_gt(named, whole.size / 2);
	sample_free(whole);
}
