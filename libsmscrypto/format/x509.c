/* x509.c - certificates: the parts of the DER where they stand, or the blocks of a PEM file
 * [RFC 5280, RFC 7468].  What the parts mean is OpenSSL's business (crypto/x509.h).
 *
 * The attack to think of is a length: each element is cut out of the one around it, so that
 * none reaches past its parent, and nothing here nests by what the input says.
 */
#include "x509.h"

#include "../base/text.h"
#include "../base/time.h"
#include "format.h"

enum {
	INTEGER = 0x02, OID = 0x06, UTC_TIME = 0x17, LONG_TIME = 0x18, SEQUENCE = 0x30, BITS = 0x03,
	VERSION = 0xa0, EXTENSIONS = 0xa3
};

#define MAX_BLOCKS 1000

/* ---- DER ------------------------------------------------------------------------------- */

typedef struct element {
	uint8_t   tag;
	size_t    head;     /* bytes of tag and length */
	uint64_t  size;     /* bytes of the content, as the length says */
} element;

/* The element at the start of `s`; false when it has no length of one to four bytes. */
static bool element_of(smsc_span s, element *out)
{
	const uint8_t *b = s.data;
	if (s.size < 2)
		return false;
	*out = (element){ b[0], 2, b[1] };
	if (b[1] < 0x80)
		return true;
	size_t n = b[1] & 0x7fu;
	if (!n || n > 4 || s.size < 2 + n)
		return false;
	out->head = 2 + n;
	out->size = 0;
	for (size_t i = 0; i < n; i++)
		out->size = out->size << 8 | b[2 + i];
	return true;
}

static smsc_span left_of(const smsc_cur *c)
{
	return smsc_span_cut(smsc_span_of(c->data, c->size), c->at, smsc_cur_left(c));
}

static uint64_t content_left(const smsc_cur *c, const element *e)
{
	size_t left = smsc_cur_left(c);
	return e->head > left ? 0 : e->size < left - e->head ? e->size : left - e->head;
}

/* Enters the SEQUENCE at the cursor: its head becomes a field, its content the new cursor.
 * False when there is none. */
static bool enter(smsc_record *r, smsc_cur *c, const char *name, const char *meaning, smsc_cur *inside)
{
	element e;
	uint64_t at = smsc_cur_where(c);
	if (!element_of(left_of(c), &e) || e.tag != SEQUENCE)
		return false;
	smsc_put_int(r, name, meaning, (int64_t)e.size, at, e.head);
	uint64_t there = content_left(c, &e);
	if (there < e.size)
		smsc_damage(r, SMSC_RULE_D001, at + e.head + there, "%s: %llu bytes wanted, %llu left", name,
		            (unsigned long long)e.size, (unsigned long long)there);
	smsc_cur_take(c, e.head);
	uint64_t base = smsc_cur_where(c);
	*inside = smsc_cur_of(smsc_cur_take(c, (size_t)there), base);
	return true;
}

/* Takes the element at the cursor whole, as bytes; false when none of that tag is there. */
static bool take(smsc_record *r, smsc_cur *c, uint8_t tag, const char *name, const char *meaning)
{
	element e;
	if (!element_of(left_of(c), &e) || e.tag != tag)
		return false;
	if (e.size > content_left(c, &e)) {
		smsc_read_bytes(r, c, (size_t)(e.head + e.size), name, meaning);
		return false;
	}
	smsc_read_bytes(r, c, e.head + (size_t)e.size, name, meaning);
	return true;
}

/* ---- times ------------------------------------------------------------------------------ */

static int digits(const uint8_t *b, size_t n)
{
	int v = 0;
	for (size_t i = 0; i < n; i++) {
		if (b[i] < '0' || b[i] > '9')
			return -1;
		v = v * 10 + (b[i] - '0');
	}
	return v;
}

/* Minutes that "+hhmm" or "-hhmm" is east of UTC; false when it is neither, nor 'Z'. */
static bool zone_of(smsc_span s, int *minutes)
{
	const uint8_t *b = s.data;
	*minutes = 0;
	if (s.size == 1)
		return *b == 'Z';
	if (s.size != 5 || (*b != '+' && *b != '-') || digits(b + 1, 4) < 0)
		return false;
	*minutes = (digits(b + 1, 2) * 60 + digits(b + 3, 2)) * (*b == '-' ? -1 : 1);
	return true;
}

/* "YYMMDDhhmmssZ" or "YYYYMMDDhhmmssZ"; certificates of the nineties leave out the seconds, or
 * have an offset instead of the 'Z'. */
static smsc_time time_of(uint8_t tag, smsc_span s)
{
	const uint8_t *b = s.data;
	size_t year = tag == UTC_TIME ? 2 : 4, n = 0;
	int zone;
	while (n < s.size && b[n] >= '0' && b[n] <= '9')
		n++;
	if ((n != year + 10 && n != year + 8) || !zone_of(smsc_span_cut(s, n, s.size), &zone))
		return SMSC_NEVER;
	smsc_civil t = { digits(b, year), digits(b + year, 2), digits(b + year + 2, 2), digits(b + year + 4, 2),
	                 digits(b + year + 6, 2), n == year + 10 ? digits(b + year + 8, 2) : 0, 0 };
	if (year == 2)
		t.year += t.year < 50 ? 2000 : 1900;
	return smsc_time_utc(smsc_time_of_civil(t), -zone);
}

static bool read_time(smsc_record *r, smsc_cur *c, const char *name, const char *meaning)
{
	element e;
	uint64_t at = smsc_cur_where(c);
	if (!element_of(left_of(c), &e) || (e.tag != UTC_TIME && e.tag != LONG_TIME) ||
	    e.size > content_left(c, &e))
		return false;
	smsc_span whole = smsc_cur_take(c, e.head + (size_t)e.size);
	smsc_time t = time_of(e.tag, smsc_span_cut(whole, e.head, (size_t)e.size));
	smsc_put_time(r, name, meaning, t, at, whole.size);
	if (t == SMSC_NEVER)
		smsc_damage(r, SMSC_RULE_D003, at, "%s: no time from 1601 to 9999", name);
	return true;
}

static bool read_validity(smsc_record *r, smsc_cur *c)
{
	smsc_cur in;
	if (!enter(r, c, "validity_size", "bytes of the validity", &in))
		return false;
	bool good = read_time(r, &in, "not_before", "valid from") && read_time(r, &in, "not_after", "valid until");
	smsc_read_rest(r, &in);
	return good;
}

/* ---- the certificate ---------------------------------------------------------------------- */

static bool read_version(smsc_record *r, smsc_cur *c)
{
	smsc_span s = left_of(c);
	const uint8_t *b = s.data;
	if (s.size < 5 || b[0] != VERSION)
		return true;    /* version 1 has none */
	if (b[1] != 3 || b[2] != INTEGER || b[3] != 1)
		return take(r, c, VERSION, "version", "version of the certificate");
	uint64_t at = smsc_cur_where(c);
	smsc_put_int(r, "version", "version of the certificate", b[4] + 1, at, 5);
	smsc_cur_take(c, 5);
	if (b[4] > 2)
		smsc_damage(r, SMSC_RULE_D004, at + 4, "version: %d, only 1 to 3 are known", b[4] + 1);
	return true;
}

/* What is signed.  True when all its parts are there. */
static bool read_body(smsc_record *r, smsc_cur *c)
{
	bool good = read_version(r, c) &&
		take(r, c, INTEGER, "serial", "serial number") &&
		take(r, c, SEQUENCE, "algorithm", "algorithm of the signature") &&
		take(r, c, SEQUENCE, "issuer", "who issued it") && read_validity(r, c) &&
		take(r, c, SEQUENCE, "subject", "whose key it is") &&
		take(r, c, SEQUENCE, "public_key", "public key (SubjectPublicKeyInfo)");
	for (uint8_t tag = 0x81; good && tag <= 0x82; tag++)
		take(r, c, tag, "unique_id", "identifier of issuer or subject, out of use");
	if (good && smsc_cur_left(c) && !take(r, c, EXTENSIONS, "extensions", "extensions"))
		good = false;
	return good;
}

/* What stands where another part should. */
static void give_up(smsc_record *r, smsc_cur *c, const char *what)
{
	if (!smsc_cur_ok(c))
		return;  /* the end came first, and was told */
	if (!smsc_cur_left(c))
		smsc_damage(r, SMSC_RULE_D001, smsc_cur_where(c), "%s: parts are missing", what);
	smsc_read_rest(r, c);
}

void smsc_x509_decode(smsc_span in, uint64_t base, smsc_record *r)
{
	smsc_cur c = smsc_cur_of(in, base), whole, body = smsc_cur_of(in, base);
	if (!enter(r, &c, "size", "bytes of the certificate", &whole)) {
		give_up(r, &c, "certificate");
		return;
	}
	bool good = enter(r, &whole, "body_size", "bytes of what is signed", &body);
	if (good && !read_body(r, &body))
		give_up(r, &body, "certificate");
	else if (good)
		smsc_read_rest(r, &body);
	good = good && smsc_cur_ok(&body) &&
		take(r, &whole, SEQUENCE, "signature_algorithm", "algorithm of the signature") &&
		take(r, &whole, BITS, "signature", "signature over the body");
	if (good || !smsc_cur_ok(&body))
		smsc_read_rest(r, &whole);
	else
		give_up(r, &whole, "certificate");
	smsc_read_rest(r, &c);
}

/* ---- PEM ------------------------------------------------------------------------------------ */

static const char *const begins[] = { "-----BEGIN CERTIFICATE-----", "-----BEGIN X509 CERTIFICATE-----" };
static const char *const ends[] = { "-----END CERTIFICATE-----", "-----END X509 CERTIFICATE-----" };

static size_t find(smsc_span s, const char *what)
{
	const char *p = s.size ? memmem(s.data, s.size, what, strlen(what)) : NULL;
	return p ? (size_t)(p - (const char *)s.data) : SIZE_MAX;
}

/* The same at the beginning of a line: else it is a text about certificates. */
static size_t find_line(smsc_span s, const char *what)
{
	size_t from = 0, at;
	while ((at = find(smsc_span_cut(s, from, s.size), what)) != SIZE_MAX) {
		from += at;
		if (!from || ((const char *)s.data)[from - 1] == '\n')
			return from;
		from++;
	}
	return SIZE_MAX;
}

static size_t first_block(smsc_span s, int *kind)
{
	size_t best = SIZE_MAX;
	for (int i = 0; i < 2; i++) {
		size_t at = find_line(s, begins[i]);
		if (at < best) {
			best = at;
			*kind = i;
		}
	}
	return best;
}

/* A private key may stand beside its certificate. */
static void read_text(smsc_record *r, smsc_cur *c, size_t n)
{
	smsc_span s = smsc_span_cut(left_of(c), 0, n);
	if (find(s, "PRIVATE KEY") != SIZE_MAX)
		smsc_read_withheld(r, c, n, "text", "text that holds a private key");
	else
		smsc_read_bytes(r, c, n, "text", "text around the certificates");
}

static void read_block(smsc_record *r, smsc_cur *c, int kind)
{
	uint64_t at = smsc_cur_where(c);
	smsc_span left = left_of(c);
	size_t end = find(left, ends[kind]), n = end == SIZE_MAX ? left.size : end + strlen(ends[kind]);
	smsc_record *block = smsc_put_record(r, "certificate", "a certificate in PEM", "x509", at, n);
	if (end == SIZE_MAX)
		smsc_damage(block, SMSC_RULE_D001, at + n, "the certificate has no end");
	smsc_read_bytes(block, c, n, "pem", "the certificate in base64");
}

static void decode_pem(smsc_span in, smsc_record *r)
{
	smsc_cur c = smsc_cur_of(in, 0);
	unsigned count = 0;
	while (smsc_cur_left(&c)) {
		int kind = 0;
		size_t at = first_block(left_of(&c), &kind);
		if (at == SIZE_MAX || count++ >= MAX_BLOCKS) {
			if (at != SIZE_MAX)
				smsc_damage(r, SMSC_RULE_D008, smsc_cur_where(&c), "only %d certificates of a file are read",
				            MAX_BLOCKS);
			read_text(r, &c, smsc_cur_left(&c));
			return;
		}
		read_text(r, &c, at);
		read_block(r, &c, kind);
	}
}

/* ---- probe ------------------------------------------------------------------------------------ */

static bool next(smsc_span *s, uint8_t tag, smsc_span *content)
{
	element e;
	if (!element_of(*s, &e) || e.tag != tag)
		return false;
	*content = smsc_span_cut(*s, e.head, e.size < s->size ? (size_t)e.size : s->size);
	*s = smsc_span_cut(*s, e.head + content->size, SIZE_MAX);
	return true;
}

bool smsc_x509_starts(smsc_span in)
{
	smsc_span whole, body, part, id;
	if (!next(&in, SEQUENCE, &whole) || !next(&whole, SEQUENCE, &body))
		return false;
	next(&body, VERSION, &part);
	/* A request, a list of revoked ones and a private key begin alike; only certificates go on
	 * with algorithm, name and a sequence of two times. */
	if (!next(&body, INTEGER, &part) || !next(&body, SEQUENCE, &part) || !next(&part, OID, &id) ||
	    !next(&body, SEQUENCE, &part))
		return false;
	if (!body.size)
		return true;   /* cut off before it could tell */
	return next(&body, SEQUENCE, &part) &&
		(!part.size || next(&part, UTC_TIME, &id) || next(&part, LONG_TIME, &id));
}

static int probe(smsc_span in, uint64_t size, const char *name)
{
	int kind;
	element e;
	(void)name;
	if (element_of(in, &e) && e.tag == SEQUENCE && smsc_x509_starts(in))
		return e.head + e.size == size ? 95 : 70;
	size_t at = first_block(in, &kind);
	return at == 0 ? 95 : at == SIZE_MAX ? 0 : 70;
}

static void decode(smsc_span in, smsc_record *r)
{
	int kind;
	element e;
	if (element_of(in, &e) && e.tag == SEQUENCE)
		smsc_x509_decode(in, 0, r);
	else if (first_block(in, &kind) != SIZE_MAX)
		decode_pem(in, r);
	else
		smsc_x509_decode(in, 0, r);
}

const smsc_format smsc_x509 = { "x509", "certificate (DER or PEM)", probe, decode };
