/* metabase.c - the protected values in an IIS metabase [registry-certs 4; MS-IMSA 2.2.2].
 *
 * What surrounds them in metabase.bin is described nowhere, and need not be known: each value
 * has a mark and lengths that must fit each other, so all of them are found wherever they
 * stand, also in a file that is damaged.  In MetaBase.xml they are hex digits.
 */
#include "metabase.h"

#include "../base/ident.h"
#include "../base/text.h"
#include "format.h"
#include "key_blob.h"

#define HEAD      8            /* mark, length of the rest */
#define SIZES     8            /* of a signed value: its bytes, those of the signature */
#define MAX_BLOB  (1u << 20)
#define MAX_BLOBS 10000

static const struct mark {
	const char *mark, *name, *meaning;
	bool signed_value, secret;
} marks[] = {
	{ "IcKb", "session_key", "session key, encrypted and signed", true, false },
	{ "IcDb", "encrypted_data", "a value, encrypted with the session key and signed", true, false },
	{ "IcPb", "public_key", "a public key", false, false },
	{ "IcHb", "hash", "a hash", false, false },
	{ "IcCb", "clear_text", "a value in the clear", false, true },
};

static const struct mark *mark_of(const uint8_t *b)
{
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
		if (!memcmp(b, marks[i].mark, 4))
			return &marks[i];
	return NULL;
}

static uint32_t padding_of(uint32_t size)
{
	return (8 - size % 8) % 8;
}

/* Bytes of the value at the start of `s`, as its lengths say; 0 when they contradict each
 * other.  Reads HEAD + SIZES bytes at most. */
static uint64_t size_of(const struct mark *m, smsc_span s)
{
	const uint8_t *b = s.data;
	if (s.size < HEAD)
		return 0;
	uint32_t length = smsc_le32(b + 4);
	if (!length || length > MAX_BLOB)
		return 0;
	if (!m->signed_value)
		return HEAD + (uint64_t)length;
	if (s.size < HEAD + SIZES)
		return 0;
	uint32_t value = smsc_le32(b + 8), sign = smsc_le32(b + 12);
	return SIZES + (uint64_t)value + padding_of(value) + sign == length ? HEAD + (uint64_t)length : 0;
}

/* ---- one value ------------------------------------------------------------------------------- */

static void read_signed(smsc_record *r, smsc_cur *c, bool key)
{
	uint32_t value = smsc_read_u32(r, c, "value_size", "bytes of the value");
	uint32_t sign = smsc_read_u32(r, c, "sign_size", "bytes of the signature");
	uint64_t at = smsc_cur_where(c);
	if (!smsc_cur_ok(c))
		return;
	smsc_span blob = smsc_span_cut(smsc_span_of(c->data, c->size), c->at, value);
	if (key && blob.size == value && smsc_key_blob_starts(blob))
		smsc_key_blob_decode(smsc_cur_take(c, value), value, at,
		                     smsc_put_record(r, "key", "the session key, encrypted with AT_KEYEXCHANGE",
		                                     "key-blob", at, value));
	else
		smsc_read_bytes(r, c, value, "data", "the value, encrypted with the session key");
	smsc_read_bytes(r, c, padding_of(value), "padding", "up to a multiple of 8");
	smsc_read_bytes(r, c, sign, "sign", "signature over the MD5 of the clear value, by AT_SIGNATURE, little-endian");
}

void smsc_metabase_blob(smsc_span in, uint64_t base, smsc_record *r)
{
	smsc_cur c = smsc_cur_of(in, base);
	const struct mark *m = in.size >= 4 ? mark_of(in.data) : NULL;
	smsc_read_ansi(r, &c, 4, "mark", "what it is");
	smsc_read_u32(r, &c, "size", "bytes that follow");
	if (!smsc_cur_ok(&c) || !m)
		return;
	if (m->signed_value)
		read_signed(r, &c, m == &marks[0]);
	else if (m->secret || smsc_holds_private_key(in))
		smsc_read_withheld(r, &c, smsc_cur_left(&c), "value", m->meaning);
	else
		smsc_read_bytes(r, &c, smsc_cur_left(&c), "value", m->meaning);
	smsc_read_rest(r, &c);
}

/* ---- where they stand ------------------------------------------------------------------------- */

static smsc_span left_of(const smsc_cur *c)
{
	return smsc_span_cut(smsc_span_of(c->data, c->size), c->at, smsc_cur_left(c));
}

/* The bytes before the next value; they are counted, not copied: there may be megabytes. */
static void skip(smsc_record *r, smsc_cur *c, size_t n)
{
	uint64_t at = smsc_cur_where(c);
	if (n)
		smsc_put_int(r, "other", "bytes of other records, which are not described", (int64_t)n, at, n);
	smsc_cur_take(c, n);
}

/* Where the next mark is, at or behind `from`; SIZE_MAX when there is none. */
static size_t next_mark(smsc_span s, size_t from, const struct mark **m)
{
	const char *data = s.data, *p;
	while (from + 4 <= s.size && (p = memmem(data + from, s.size - from, "Ic", 2))) {
		from = (size_t)(p - data);
		*m = from + 4 <= s.size ? mark_of((const uint8_t *)p) : NULL;
		if (*m)
			return from;
		from++;
	}
	return SIZE_MAX;
}

static void read_blob(smsc_record *r, smsc_cur *c, const struct mark *m, uint64_t size)
{
	smsc_span left = left_of(c);
	uint64_t at = smsc_cur_where(c);
	size_t n = size < left.size ? (size_t)size : left.size;
	smsc_metabase_blob(smsc_cur_take(c, n), at, smsc_put_record(r, m->name, m->meaning, r->format, at, n));
}

static void decode_binary(smsc_span in, smsc_record *r)
{
	smsc_cur c = smsc_cur_of(in, 0);
	const struct mark *m = NULL;
	size_t at = 0;
	unsigned count = 0;
	while ((at = next_mark(in, at, &m)) != SIZE_MAX && count < MAX_BLOBS) {
		uint64_t size = size_of(m, smsc_span_cut(in, at, HEAD + SIZES));
		if (!size) {
			smsc_damage(r, SMSC_RULE_D003, at, "%s: lengths that contradict each other", m->mark);
			at++;
			continue;
		}
		skip(r, &c, at - c.at);
		read_blob(r, &c, m, size);
		at = c.at;
		count++;
	}
	if (count == MAX_BLOBS)
		smsc_damage(r, SMSC_RULE_D008, smsc_cur_where(&c), "only %d values are read", MAX_BLOBS);
	skip(r, &c, smsc_cur_left(&c));
}

/* ---- hex digits ----------------------------------------------------------------------------------- */

static size_t digits_from(smsc_span s, size_t at)
{
	const char *p = s.data;
	size_t n = at;
	while (n < s.size && smsc_hex_digit(p[n]) >= 0)
		n++;
	return n - at;
}

/* Up to `size` bytes of the digits at `at`. */
static smsc_span unhex(smsc_span s, size_t at, uint8_t *out, size_t size)
{
	const char *p = (const char *)s.data + at;
	size_t n = digits_from(smsc_span_cut(s, at, 2 * size), 0) / 2;
	for (size_t i = 0; i < n; i++)
		out[i] = (uint8_t)(smsc_hex_digit(p[2 * i]) << 4 | smsc_hex_digit(p[2 * i + 1]));
	return smsc_span_of(out, n);
}

/* Where the digits of the next mark begin an attribute; they do so behind its quote. */
static size_t next_hex(smsc_span s, size_t from, const struct mark **m)
{
	const char *data = s.data, *p;
	uint8_t head[4];
	while (from < s.size && (p = memmem(data + from, s.size - from, "\"4963", 5))) {
		from = (size_t)(p - data) + 1;
		*m = unhex(s, from, head, sizeof head).size == sizeof head ? mark_of(head) : NULL;
		if (*m)
			return from;
	}
	return SIZE_MAX;
}

static void read_hex(smsc_record *r, smsc_cur *c, const struct mark *m, uint64_t size)
{
	smsc_span left = left_of(c);
	size_t run = digits_from(left, 0), n = 2 * size < run ? 2 * (size_t)size : run;
	uint64_t at = smsc_cur_where(c);
	smsc_record *blob = smsc_put_record(r, m->name, m->meaning, r->format, at, n);
	if (n < 2 * size)
		smsc_damage(blob, SMSC_RULE_D001, at + n, "%llu digits wanted, %zu there", 2 * (unsigned long long)size, n);
	if (m->secret)
		smsc_read_withheld(blob, c, n, "hex", "the value in hex digits");
	else
		smsc_read_ansi(blob, c, n, "hex", "the value in hex digits");
}

static void decode_xml(smsc_span in, smsc_record *r)
{
	smsc_cur c = smsc_cur_of(in, 0);
	const struct mark *m = NULL;
	uint8_t head[HEAD + SIZES];
	size_t at = 0;
	unsigned count = 0;
	while ((at = next_hex(in, at, &m)) != SIZE_MAX && count < MAX_BLOBS) {
		uint64_t size = size_of(m, unhex(in, at, head, sizeof head));
		if (!size) {
			smsc_damage(r, SMSC_RULE_D003, at, "%s: lengths that contradict each other", m->mark);
			continue;
		}
		skip(r, &c, at - c.at);
		read_hex(r, &c, m, size);
		at = c.at;
		count++;
	}
	if (count == MAX_BLOBS)
		smsc_damage(r, SMSC_RULE_D008, smsc_cur_where(&c), "only %d values are read", MAX_BLOBS);
	skip(r, &c, smsc_cur_left(&c));
}

/* ---- probe ---------------------------------------------------------------------------------------- */

static bool is_xml(smsc_span in)
{
	static const uint8_t bom[] = { 0xef, 0xbb, 0xbf };
	if (in.size >= 3 && !memcmp(in.data, bom, 3))
		in = smsc_span_cut(in, 3, in.size);
	return in.size && *(const char *)in.data == '<';
}

/* "MetaBase.bin", "MetaBase.xml", or a backup: "name.MD0". */
static bool has_name(const char *name)
{
	const char *last = smsc_path_last(name), *dot = strrchr(last, '.');
	if (!smsc_ascii_casecmp(last, "metabase.bin") || !smsc_ascii_casecmp(last, "metabase.xml"))
		return true;
	return dot && smsc_ascii_lower(dot[1]) == 'm' && smsc_ascii_lower(dot[2]) == 'd' &&
		dot[3] >= '0' && dot[3] <= '9';
}

/* A session key or value with lengths that fit; the other marks prove less. */
static bool holds_blob(smsc_span in, bool xml)
{
	const struct mark *m = NULL;
	uint8_t head[HEAD + SIZES];
	for (size_t at = 0; (at = xml ? next_hex(in, at, &m) : next_mark(in, at, &m)) != SIZE_MAX; at++) {
		smsc_span s = xml ? unhex(in, at, head, sizeof head) : smsc_span_cut(in, at, sizeof head);
		if (m->signed_value && size_of(m, s))
			return true;
	}
	return false;
}

/* An archive, a tape or a hive that holds a metabase is none. */
static bool is_container(smsc_span in)
{
	static const char *const magics[] = { "PK\3\4", "TAPE", "MSCF", "7z\xbc\xaf", "regf" };
	for (size_t i = 0; i < sizeof magics / sizeof *magics; i++)
		if (in.size >= 4 && !memcmp(in.data, magics[i], 4))
			return true;
	return false;
}

/* The values may stand behind the bytes that a probe sees: then the name must do, for as long
 * as no other format knows the file. */
static int probe(smsc_span in, uint64_t size, const char *name)
{
	if (is_container(in))
		return 0;
	if (holds_blob(in, is_xml(in)))
		return has_name(name) ? 90 : 70;
	return has_name(name) && size > in.size ? 30 : 0;
}

static void decode(smsc_span in, smsc_record *r)
{
	if (is_xml(in))
		decode_xml(in, r);
	else
		decode_binary(in, r);
}

const smsc_format smsc_metabase_format = { "metabase", "IIS metabase: its protected values", probe, decode };
