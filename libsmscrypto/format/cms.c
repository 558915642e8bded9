/* cms.c - messages encrypted with CryptEncryptMessage: CMS EnvelopedData in DER, BER or PEM
 * [sms-logs 6.6; RFC 5652]. */
#include "cms.h"

#include <stdlib.h>

#include "format.h"
#include "trust_value.h"

#define MAX_RECIPIENTS 1000

static const uint8_t enveloped_oid[] = { 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x03 };

static const struct algorithm {
	const char *oid, *name;
} algorithms[] = {
	{ "1.2.840.113549.1.1.1", "RSA, PKCS #1 v1.5" }, { "1.2.840.113549.1.1.7", "RSA-OAEP" },
	{ "1.2.840.113549.3.7", "3DES" }, { "1.2.840.113549.3.2", "RC2" }, { "1.3.14.3.2.7", "DES" },
	{ "1.2.840.113549.3.4", "RC4" }, { "2.16.840.1.101.3.4.1.2", "AES-128" },
	{ "2.16.840.1.101.3.4.1.22", "AES-192" }, { "2.16.840.1.101.3.4.1.42", "AES-256" },
};

typedef struct message {
	smsc_span whole;
	uint64_t  at;
	bool      derived;
} message;

/* ---- fields ---- */

static void put(const message *m, smsc_record *r, const char *name, const char *meaning, smsc_span s)
{
	if (!s.size)
		return;
	if (m->derived)
		smsc_put_derived(r, name, meaning, s, m->at);
	else
		smsc_put_bytes(r, name, meaning, s, m->at + (uint64_t)((const uint8_t *)s.data - (const uint8_t *)m->whole.data));
}

static uint64_t where(const message *m, smsc_span s)
{
	return m->derived ? m->at : m->at + (uint64_t)((const uint8_t *)s.data - (const uint8_t *)m->whole.data);
}

static void put_oid(const message *m, smsc_record *r, const char *name, const char *meaning, smsc_span oid)
{
	char text[SMSC_OID_TEXT];
	smsc_asn1_oid(oid, text);
	smsc_put_text(r, name, meaning, text, strlen(text), where(m, oid), m->derived ? 0 : oid.size);
	for (size_t i = 0; i < sizeof algorithms / sizeof *algorithms; i++)
		if (!strcmp(text, algorithms[i].oid))
			smsc_note(r, "%s", algorithms[i].name);
}

static void torn(const message *m, smsc_record *r, smsc_span rest, const char *what)
{
	smsc_damage(r, SMSC_RULE_D001, rest.data ? where(m, rest) : m->at, "%s: torn, or of a form that is not known", what);
}

/* ---- recipients ---- */

static void put_issuer(const message *m, smsc_record *r, smsc_span in)
{
	smsc_tlv issuer, serial;
	if (!smsc_asn1_take(&in, SMSC_ASN1_SEQUENCE, &issuer) || !smsc_asn1_take(&in, SMSC_ASN1_INTEGER, &serial)) {
		torn(m, r, in, "issuer and serial number");
		return;
	}
	smsc_put_derived_name(r, "issuer", "issuer_name", "who issued the recipient's certificate", issuer.whole,
	                      where(m, issuer.whole));
	put(m, r, "serial", "serial number of that certificate, its high byte first", serial.body);
}

/* Each part is told as far as the message goes. */
static void put_key_transport(const message *m, smsc_record *r, smsc_span in)
{
	smsc_tlv version, id, algorithm, oid, key;
	if (!smsc_asn1_take(&in, SMSC_ASN1_INTEGER, &version) || !smsc_asn1_next(&in, &id)) {
		torn(m, r, in, "recipient");
		return;
	}
	smsc_put_derived_text(r, "role", "what it is for whoever wrote it down", SMSC_ROLE_RECIPIENT, where(m, id.whole));
	if (id.tag == SMSC_ASN1_SEQUENCE)
		put_issuer(m, r, id.body);
	else
		put(m, r, "key_id", "identifier of the recipient's key", id.body);
	if (smsc_asn1_take(&in, SMSC_ASN1_SEQUENCE, &algorithm) && smsc_asn1_take(&algorithm.body, SMSC_ASN1_OID, &oid))
		put_oid(m, r, "key_algorithm", "how the message's key is encrypted", oid.body);
	if (smsc_asn1_take(&in, SMSC_ASN1_OCTETS, &key))
		put(m, r, "encrypted_key", "key of the message, encrypted to the recipient", key.body);
	else
		torn(m, r, in, "recipient");
}

/* Takes what is there of an outer element, whose length a cut makes a lie. */
static bool enter(smsc_span *in, uint8_t tag)
{
	const uint8_t *b = in->data;
	smsc_tlv t;
	if (smsc_asn1_take(in, tag, &t)) {
		*in = t.body;
		return true;
	}
	if (in->size < 2 || b[0] != tag)
		return false;
	size_t head = b[1] <= 0x80 ? 2 : 2 + (size_t)(b[1] & 0x7f);
	if (head > 6 || head > in->size)
		return false;
	*in = smsc_span_cut(*in, head, in->size);
	return true;
}

static void put_recipient(const message *m, smsc_record *r, smsc_span whole, smsc_span body)
{
	put_key_transport(m, smsc_put_record(r, "recipient", "who can open the message", "recipient", where(m, whole),
	                                     m->derived ? 0 : whole.size), body);
}

static void put_recipients(const message *m, smsc_record *r, smsc_span in)
{
	smsc_tlv one;
	unsigned n = 0;
	while (in.size && n++ < MAX_RECIPIENTS) {
		smsc_span before = in;
		if (!smsc_asn1_next(&in, &one)) {
			torn(m, r, before, "recipients");
			if (enter(&in, SMSC_ASN1_SEQUENCE))
				put_recipient(m, r, before, in);
			return;
		}
		if (one.tag == SMSC_ASN1_SEQUENCE)
			put_recipient(m, r, one.whole, one.body);
		else
			smsc_damage(r, SMSC_RULE_D004, where(m, one.whole), "a recipient of kind 0x%02x, which is not known",
			            one.tag);
	}
	if (in.size)
		smsc_damage(r, SMSC_RULE_D008, where(m, in), "only %d recipients of a message are told", MAX_RECIPIENTS);
}

/* ---- content ---- */

/* OCTET STRING: an initial vector.  SEQUENCE { INTEGER, OCTET STRING }: those of RC2. */
static void put_parameters(const message *m, smsc_record *r, smsc_span in)
{
	smsc_tlv rc2, version, iv;
	if (smsc_asn1_take(&in, SMSC_ASN1_SEQUENCE, &rc2)) {
		if (smsc_asn1_take(&rc2.body, SMSC_ASN1_INTEGER, &version))
			put(m, r, "rc2_version", "number that means RC2's effective key bits", version.body);
		in = rc2.body;
	}
	if (smsc_asn1_take(&in, SMSC_ASN1_OCTETS, &iv))
		put(m, r, "iv", "initial vector", iv.body);
}

/* BER writers cut a content into parts. */
static void put_parts(const message *m, smsc_record *r, smsc_span in)
{
	smsc_buf all = SMSC_BUF_INIT;
	smsc_span begin = in;
	smsc_tlv part;
	while (smsc_asn1_take(&in, SMSC_ASN1_OCTETS, &part))
		smsc_buf_add(&all, part.body.data, part.body.size);
	if (in.size)
		torn(m, r, in, "content");
	r->root->failed |= all.failed;
	if (!all.failed)
		smsc_put_derived(r, "content", "content, encrypted, its parts put together",
		                 smsc_span_of(all.data, all.size), begin.data ? where(m, begin) : m->at);
	smsc_buf_free(&all);
}

static void put_content(const message *m, smsc_record *r, smsc_span in)
{
	smsc_tlv type, algorithm, oid, content;
	if (!smsc_asn1_take(&in, SMSC_ASN1_OID, &type) || !smsc_asn1_take(&in, SMSC_ASN1_SEQUENCE, &algorithm) ||
	    !smsc_asn1_take(&algorithm.body, SMSC_ASN1_OID, &oid)) {
		torn(m, r, in, "content");
		return;
	}
	put_oid(m, r, "content_type", "what the content is", type.body);
	put_oid(m, r, "content_algorithm", "how the content is encrypted", oid.body);
	put_parameters(m, r, algorithm.body);
	if (smsc_asn1_take(&in, 0x80, &content))
		put(m, r, "content", "content, encrypted", content.body);
	else if (smsc_asn1_take(&in, 0xa0, &content))
		put_parts(m, r, content.body);
	else
		torn(m, r, in, "content");
}

void smsc_cms_put(smsc_record *r, smsc_span in, uint64_t at, bool derived)
{
	message m = { in, at, derived };
	smsc_tlv t;
	smsc_span rest = in;
	if (!smsc_asn1_next(&rest, &t))
		smsc_damage(r, SMSC_RULE_D001, derived ? at : at + in.size, "the message ends early");
	if (!enter(&in, SMSC_ASN1_SEQUENCE) || !smsc_asn1_take(&in, SMSC_ASN1_OID, &t) || !enter(&in, 0xa0) ||
	    !enter(&in, SMSC_ASN1_SEQUENCE) || !smsc_asn1_take(&in, SMSC_ASN1_INTEGER, &t)) {
		torn(&m, r, in, "message");
		return;
	}
	smsc_asn1_take(&in, 0xa0, &t);
	smsc_span set = in;
	bool closed = smsc_asn1_take(&in, SMSC_ASN1_SET, &t);
	if (!enter(&set, SMSC_ASN1_SET)) {
		torn(&m, r, in, "recipients");
		return;
	}
	put_recipients(&m, r, set);
	if (closed && enter(&in, SMSC_ASN1_SEQUENCE))
		put_content(&m, r, in);
	else if (closed)
		torn(&m, r, in, "content");
}

bool smsc_cms_starts(smsc_span in)
{
	const uint8_t *b = in.data;
	if (in.size < 2 || b[0] != SMSC_ASN1_SEQUENCE)
		return false;
	size_t head = b[1] <= 0x80 ? 2 : 2 + (size_t)(b[1] & 0x7f);
	return head <= 6 && in.size >= head + sizeof enveloped_oid &&
	       !memcmp(b + head, enveloped_oid, sizeof enveloped_oid);
}

size_t smsc_cms_find(smsc_span in)
{
	const uint8_t *b = in.data, *found = NULL;
	for (size_t at = 0; in.size - at >= sizeof enveloped_oid; at = (size_t)(found - b) + 1) {
		found = memmem(b + at, in.size - at, enveloped_oid, sizeof enveloped_oid);
		if (!found)
			break;
		for (size_t head = 2; head <= 6 && head <= (size_t)(found - b); head++)
			if (smsc_cms_starts(smsc_span_cut(in, (size_t)(found - b) - head, head + sizeof enveloped_oid)))
				return (size_t)(found - b) - head;
	}
	return SIZE_MAX;
}

/* ---- PEM ---- */

static int base64_digit(char c)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *p = c ? strchr(digits, c) : NULL;
	return p ? (int)(p - digits) : -1;
}

/* At most `room` bytes; how many. */
static size_t unbase64(const char *text, size_t size, uint8_t *out, size_t room)
{
	uint32_t bits = 0;
	unsigned n = 0;
	size_t count = 0;
	for (size_t i = 0; i < size && text[i] != '-' && count < room; i++) {
		int digit = base64_digit(text[i]);
		if (digit < 0)
			continue;
		bits = bits << 6 | (uint32_t)digit;
		n += 6;
		if (n >= 8)
			out[count++] = (uint8_t)(bits >> (n -= 8));
	}
	return count;
}

/* Where the digits of a PEM message begin; SIZE_MAX when it is none. */
static size_t pem_begin(smsc_span in)
{
	static const char *const labels[] = { "-----BEGIN CMS-----", "-----BEGIN PKCS7-----" };
	for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
		const char *found = memmem(in.data, in.size, labels[i], strlen(labels[i]));
		if (found)
			return (size_t)(found - (const char *)in.data) + strlen(labels[i]);
	}
	return SIZE_MAX;
}

/* The digits of a PEM message; empty when it is none. */
static smsc_span pem_digits(smsc_span in)
{
	size_t begin = pem_begin(in);
	return begin == SIZE_MAX ? smsc_span_of(NULL, 0) : smsc_span_cut(in, begin, in.size);
}

static void decode_pem(smsc_span in, smsc_record *r)
{
	smsc_span digits = pem_digits(in);
	size_t room = digits.size / 4 * 3 + 3;
	uint8_t *der = malloc(room);
	if (der)
		smsc_cms_put(r, smsc_span_of(der, unbase64(digits.data, digits.size, der, room)), 0, true);
	r->failed |= !der;
	free(der);
}

/* ---- the format ---- */

static void decode(smsc_span in, smsc_record *r)
{
	if (smsc_cms_starts(in))
		smsc_cms_put(r, in, 0, false);
	else
		decode_pem(in, r);
}

static int probe(smsc_span head, uint64_t size, const char *name)
{
	uint8_t der[64];
	(void)size;
	(void)name;
	if (smsc_cms_starts(head))
		return 92;
	smsc_span digits = pem_digits(smsc_span_cut(head, 0, 4096));
	size_t n = digits.size ? unbase64(digits.data, digits.size, der, sizeof der) : 0;
	return smsc_cms_starts(smsc_span_of(der, n)) ? 90 : 0;
}

const smsc_format smsc_cms = { "cms", "encrypted message (CMS EnvelopedData): its recipients", probe, decode };
