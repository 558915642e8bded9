/* cert_store.c - a serialized certificate store (.sst) [registry-certs 2.10]: entries of
 * properties that end in a certificate, CRL or CTL; twelve zero bytes end the store. */
#include "cert_blob.h"
#include "format.h"

#define MAGIC 0x54524543u  /* "CERT" */
#define HEADER 8

static smsc_span left_of(const smsc_cur *c)
{
	return smsc_span_cut(smsc_span_of(c->data, c->size), c->at, smsc_cur_left(c));
}

/* Bytes of the entry at the start of `s`, up to its object and with it, or to the end. */
static size_t entry_size(smsc_span s)
{
	size_t at = 0;
	while (s.size - at >= SMSC_CERT_HEAD) {
		const uint8_t *b = (const uint8_t *)s.data + at;
		uint64_t size = SMSC_CERT_HEAD + (uint64_t)smsc_le32(b + 8);
		if (!smsc_le32(b) && at)
			return at;
		if (size > s.size - at)
			return s.size;
		at += (size_t)size;
		if (smsc_cert_is_object(smsc_le32(b)))
			return at;
	}
	return s.size;
}

static void read_entry(smsc_record *r, smsc_cur *c, unsigned *count)
{
	uint64_t at = smsc_cur_where(c);
	size_t n = entry_size(left_of(c));
	smsc_record *entry = smsc_put_record(r, "entry", "a certificate and its properties", "cert-blob", at, n);
	smsc_cur in = smsc_cur_of(smsc_cur_take(c, n), at);
	while (smsc_cur_left(&in) >= SMSC_CERT_HEAD && ++*count <= SMSC_CERT_ELEMENTS)
		smsc_cert_element(entry, &in);
	if (*count <= SMSC_CERT_ELEMENTS && smsc_cur_left(&in))
		smsc_damage(entry, SMSC_RULE_D001, at + n, "an element ends within its head");
	smsc_read_rest(entry, &in);
}

static bool at_end(const smsc_cur *c)
{
	smsc_span left = left_of(c);
	return left.size >= 4 && !smsc_le32(left.data);
}

static void decode(smsc_span in, smsc_record *r)
{
	smsc_cur c = smsc_cur_of(in, 0);
	unsigned count = 0;
	smsc_read_u32(r, &c, "version", "version of the store");
	smsc_read_u32(r, &c, "magic", "mark of the store: CERT");
	while (smsc_cur_left(&c) && !at_end(&c) && count <= SMSC_CERT_ELEMENTS)
		read_entry(r, &c, &count);
	if (count > SMSC_CERT_ELEMENTS)
		smsc_damage(r, SMSC_RULE_D008, smsc_cur_where(&c), "only %d elements are read", SMSC_CERT_ELEMENTS);
	else if (smsc_cur_ok(&c) && at_end(&c))
		smsc_read_bytes(r, &c, SMSC_CERT_HEAD, "end", "end of the store");
	else if (smsc_cur_ok(&c))
		smsc_damage(r, SMSC_RULE_D001, in.size, "the store has no end");
	smsc_read_rest(r, &c);
}

static int probe(smsc_span in, uint64_t size, const char *name)
{
	const uint8_t *b = in.data;
	(void)size;
	(void)name;
	return in.size >= HEADER && !smsc_le32(b) && smsc_le32(b + 4) == MAGIC ? 95 : 0;
}

const smsc_format smsc_cert_store = { "cert-store", "serialized certificate store (.sst)", probe, decode };
