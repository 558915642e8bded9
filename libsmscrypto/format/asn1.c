/* asn1.c - a small reader of DER and BER. */
#include "asn1.h"

#include <stdio.h>
#include <string.h>

#include "../base/text.h"

#define MAX_OPEN 64

/* Tag and length; `indefinite` has no length.  False when the head is torn or has a tag of
 * more than one byte, which nothing here uses. */
static bool read_head(smsc_cur *c, uint8_t *tag, size_t *size, bool *indefinite)
{
	*tag = smsc_cur_u8(c);
	uint8_t first = smsc_cur_u8(c);
	*size = first;
	*indefinite = first == 0x80;
	if (!smsc_cur_ok(c) || (*tag & 0x1f) == 0x1f)
		return false;
	if (first < 0x80)
		return true;
	if (*indefinite)
		return (*tag & 0x20) != 0;
	unsigned n = first & 0x7f;
	*size = 0;
	if (n > sizeof(uint32_t))
		return false;
	while (n--)
		*size = *size << 8 | smsc_cur_u8(c);
	return smsc_cur_ok(c);
}

/* Moves `c` over the content of an element of indefinite length, and its end. */
static bool skip_indefinite(smsc_cur *c)
{
	for (unsigned open = 1; open; ) {
		uint8_t tag;
		size_t size;
		bool indefinite;
		if (!read_head(c, &tag, &size, &indefinite))
			return false;
		if (indefinite)
			open++;
		else if (!tag && !size)
			open--;
		else
			smsc_cur_take(c, size);
		if (!smsc_cur_ok(c) || open > MAX_OPEN)
			return false;
	}
	return true;
}

bool smsc_asn1_next(smsc_span *in, smsc_tlv *out)
{
	smsc_cur c = smsc_cur_of(*in, 0);
	size_t size, begin;
	bool indefinite;
	if (!in->size || !read_head(&c, &out->tag, &size, &indefinite))
		return false;
	begin = c.at;
	if (indefinite && !skip_indefinite(&c))
		return false;
	if (indefinite)
		size = c.at - 2 - begin;
	else
		smsc_cur_take(&c, size);
	if (!smsc_cur_ok(&c))
		return false;
	out->whole = smsc_span_cut(*in, 0, c.at);
	out->body = smsc_span_cut(*in, begin, size);
	*in = smsc_span_cut(*in, c.at, in->size);
	return true;
}

bool smsc_asn1_take(smsc_span *in, uint8_t tag, smsc_tlv *out)
{
	smsc_span rest = *in;
	if (!smsc_asn1_next(&rest, out) || out->tag != tag)
		return false;
	*in = rest;
	return true;
}

void smsc_asn1_oid(smsc_span body, char out[SMSC_OID_TEXT])
{
	const uint8_t *b = body.data;
	uint64_t number = 0;
	size_t size = 0;
	out[0] = '\0';
	for (size_t i = 0; i < body.size; i++) {
		number = number << 7 | (b[i] & 0x7f);
		if (b[i] & 0x80)
			continue;
		unsigned top = number < 40 ? 0 : number < 80 ? 1 : 2;
		int n = size ? snprintf(out + size, SMSC_OID_TEXT - size, ".%llu", (unsigned long long)number) :
			snprintf(out, SMSC_OID_TEXT, "%u.%llu", top, (unsigned long long)(number - 40 * top));
		size += (size_t)n;
		number = 0;
		if (size >= SMSC_OID_TEXT) {
			out[0] = '\0';
			return;
		}
	}
}

bool smsc_asn1_oid_is(smsc_span body, const char *dotted)
{
	char text[SMSC_OID_TEXT];
	smsc_asn1_oid(body, text);
	return !strcmp(text, dotted);
}

/* ---- names ---- */

static const struct attribute {
	const char *oid, *name;
} attributes[] = {
	{ "2.5.4.3", "CN" }, { "2.5.4.6", "C" }, { "2.5.4.7", "L" }, { "2.5.4.8", "ST" },
	{ "2.5.4.10", "O" }, { "2.5.4.11", "OU" }, { "0.9.2342.19200300.100.1.25", "DC" },
	{ "1.2.840.113549.1.9.1", "emailAddress" },
};

static void add_type(smsc_buf *out, smsc_span oid)
{
	for (size_t i = 0; i < sizeof attributes / sizeof *attributes; i++)
		if (smsc_asn1_oid_is(oid, attributes[i].oid)) {
			smsc_buf_str(out, attributes[i].name);
			return;
		}
	char text[SMSC_OID_TEXT];
	smsc_asn1_oid(oid, text);
	smsc_buf_str(out, text);
}

/* BMPString is UTF-16 with its high byte first. */
static void add_bmp(smsc_buf *out, smsc_span body)
{
	const uint8_t *b = body.data;
	smsc_buf little = SMSC_BUF_INIT;
	for (size_t i = 0; i + 1 < body.size; i += 2) {
		smsc_buf_char(&little, (char)b[i + 1]);
		smsc_buf_char(&little, (char)b[i]);
	}
	if (little.size)
		smsc_text_utf16(out, (smsc_span){ little.data, little.size });
	out->failed |= little.failed;
	smsc_buf_free(&little);
}

/* A value must not look like the beginning of the next pair. */
static void add_escaped(smsc_buf *out, const smsc_buf *text)
{
	for (size_t i = 0; i < text->size; i++) {
		if (text->data[i] && strchr(",+\"\\<>;", text->data[i]))
			smsc_buf_char(out, '\\');
		smsc_buf_char(out, text->data[i]);
	}
	out->failed |= text->failed;
}

static void add_pair(smsc_buf *out, smsc_span pair, const char *lead)
{
	smsc_buf text = SMSC_BUF_INIT;
	smsc_tlv oid, value;
	if (!smsc_asn1_take(&pair, SMSC_ASN1_OID, &oid) || !smsc_asn1_next(&pair, &value))
		return;
	if (out->size)
		smsc_buf_str(out, lead);
	add_type(out, oid.body);
	smsc_buf_char(out, '=');
	if (value.tag == 0x1e)
		add_bmp(&text, value.body);
	else
		smsc_text_guess(&text, value.body, 1252);
	add_escaped(out, &text);
	smsc_buf_free(&text);
}

void smsc_asn1_name(smsc_buf *out, smsc_span name)
{
	enum { MOST = 64 };
	smsc_span sets[MOST];
	smsc_tlv all, set, pair;
	size_t count = 0;
	if (!smsc_asn1_take(&name, SMSC_ASN1_SEQUENCE, &all))
		return;
	while (count < MOST && smsc_asn1_take(&all.body, SMSC_ASN1_SET, &set))
		sets[count++] = set.body;
	while (count-- > 0)
		for (const char *lead = ", "; smsc_asn1_take(&sets[count], SMSC_ASN1_SEQUENCE, &pair); lead = " + ")
			add_pair(out, pair.body, lead);
}

/* ---- certificates ---- */

/* TBSCertificate: version, serial, algorithm, issuer, validity, subject, key. */
static bool read_tbs(smsc_span in, smsc_cert_parts *out)
{
	smsc_tlv t, serial, issuer, subject, key;
	smsc_asn1_take(&in, 0xa0, &t);
	if (!smsc_asn1_take(&in, SMSC_ASN1_INTEGER, &serial) ||
	    !smsc_asn1_take(&in, SMSC_ASN1_SEQUENCE, &t) ||
	    !smsc_asn1_take(&in, SMSC_ASN1_SEQUENCE, &issuer) ||
	    !smsc_asn1_take(&in, SMSC_ASN1_SEQUENCE, &t) ||
	    !smsc_asn1_take(&in, SMSC_ASN1_SEQUENCE, &subject) ||
	    !smsc_asn1_take(&in, SMSC_ASN1_SEQUENCE, &key))
		return false;
	out->serial = serial.body;
	out->issuer = issuer.whole;
	out->subject = subject.whole;
	out->spki = key.whole;
	return true;
}

bool smsc_asn1_certificate(smsc_span in, smsc_cert_parts *out)
{
	smsc_tlv all, tbs, algorithm, signature;
	*out = (smsc_cert_parts){ .whole = { NULL, 0 } };
	if (!smsc_asn1_take(&in, SMSC_ASN1_SEQUENCE, &all) ||
	    !smsc_asn1_take(&all.body, SMSC_ASN1_SEQUENCE, &tbs) ||
	    !smsc_asn1_take(&all.body, SMSC_ASN1_SEQUENCE, &algorithm) ||
	    !smsc_asn1_take(&all.body, SMSC_ASN1_BITS, &signature))
		return false;
	out->whole = all.whole;
	return read_tbs(tbs.body, out);
}
