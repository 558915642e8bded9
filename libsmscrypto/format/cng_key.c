/* cng_key.c - the key files of CNG's software provider [capi-dpapi 3]; described only. */
#include "../base/text.h"
#include "dpapi_blob.h"
#include "format.h"

#define HEADER         44
#define PROPERTY       20    /* bytes before a property's name */
#define MAX_PROPERTIES 1000  /* real files have a handful */

/* Types of properties, as far as known. */
#define EXPORT_POLICY 3
#define KEY_LENGTH    7
#define PUBLIC_KEY    10
#define CREATOR       32

struct header {
	uint32_t name, public, properties, key;
};

struct property {
	uint32_t size, type, name, value;
	smsc_span name_bytes;
};

static void read_header(smsc_record *r, smsc_cur *c, struct header *h)
{
	uint32_t version = smsc_read_u32(r, c, "version", "version of the key file");
	if (smsc_cur_ok(c) && version != 1)
		smsc_damage(r, SMSC_RULE_D004, 0, "version: %u, only 1 is known", version);
	smsc_read_u32(r, c, "reserved", "meaning not known; 0 so far");
	h->name = smsc_read_u32(r, c, "name_size", "bytes of the key's name");
	smsc_read_u32(r, c, "kind", "type and flags, meaning not known");
	h->public = smsc_read_u32(r, c, "public_properties_size", "bytes of the properties in the clear");
	h->properties = smsc_read_u32(r, c, "private_properties_size",
	                              "bytes of the protected properties' DPAPI blob");
	h->key = smsc_read_u32(r, c, "private_key_size", "bytes of the private key's DPAPI blob");
	smsc_read_bytes(r, c, 16, "reserved2", "zeros");
}

/* ---- properties --------------------------------------------------------------------- */

static bool is_named(const struct property *p, const char *ascii)
{
	size_t n = strlen(ascii);
	const uint8_t *b = p->name_bytes.data;
	if (p->name_bytes.size != 2 * n)
		return false;
	for (size_t i = 0; i < n; i++)
		if (b[2 * i] != (uint8_t)ascii[i] || b[2 * i + 1])
			return false;
	return true;
}

static void note_type(smsc_record *r, uint32_t type)
{
	switch (type) {
	case EXPORT_POLICY: smsc_note(r, "export policy"); break;
	case KEY_LENGTH:    smsc_note(r, "key length in bits"); break;
	case PUBLIC_KEY:    smsc_note(r, "public key"); break;
	case CREATOR:       smsc_note(r, "creator"); break;
	default:            break;
	}
}

static void read_value(smsc_record *r, smsc_cur *c, const struct property *p)
{
	static const char meaning[] = "value of the property";
	if (is_named(p, "Modified") && p->value == 8)
		smsc_read_filetime(r, c, "value", "when the key was last changed");
	else if (is_named(p, "CreatorProcessName") || p->type == CREATOR)
		smsc_read_utf16(r, c, p->value, "value", "program that made the key");
	else if (p->type == PUBLIC_KEY)
		smsc_read_bytes(r, c, p->value, "value", "public key, as BCryptExportKey writes it");
	else if (p->value == 4)
		smsc_read_u32(r, c, "value", meaning);
	else
		smsc_read_bytes(r, c, p->value, "value", meaning);
}

static void property(smsc_span in, uint64_t at, smsc_record *r)
{
	smsc_cur c = smsc_cur_of(in, at);
	struct property p = { 0 };
	p.size = smsc_read_u32(r, &c, "size", "bytes of the property with padding");
	p.type = smsc_read_u32(r, &c, "type", "type of the property");
	note_type(r, p.type);
	smsc_read_u32(r, &c, "reserved", "meaning not known; 0 so far");
	p.name = smsc_read_u32(r, &c, "name_size", "bytes of the name");
	p.value = smsc_read_u32(r, &c, "value_size", "bytes of the value");
	p.name_bytes = smsc_read_utf16(r, &c, p.name, "name", "name of the property");
	if (!smsc_cur_ok(&c))
		return;
	read_value(r, &c, &p);
	if (smsc_cur_left(&c) < 8)
		smsc_read_bytes(r, &c, smsc_cur_left(&c), "padding", "up to the next property");
	smsc_read_rest(r, &c);
}

/* The size of the next property; 0 when none can stand here. */
static uint32_t property_size(smsc_record *r, const smsc_cur *c, int count)
{
	uint32_t size = smsc_le32(c->data + c->at);
	size_t left = smsc_cur_left(c);
	if (count >= MAX_PROPERTIES)
		smsc_damage(r, SMSC_RULE_D008, smsc_cur_where(c), "more than %d properties", MAX_PROPERTIES);
	else if (size < PROPERTY || size > left)
		smsc_damage(r, SMSC_RULE_D003, smsc_cur_where(c), "size: %u bytes, there are %zu", size, left);
	else
		return size;
	return 0;
}

/* Each step takes PROPERTY bytes or more, so the loop ends with the bytes. */
static void properties(smsc_span in, uint64_t at, smsc_record *r)
{
	smsc_cur c = smsc_cur_of(in, at);
	for (int i = 0; smsc_cur_left(&c) >= PROPERTY; i++) {
		uint64_t here = smsc_cur_where(&c);
		uint32_t size = property_size(r, &c, i);
		if (!size)
			break;
		property(smsc_cur_take(&c, size), here,
		         smsc_put_record(r, "property", "one property of the key", r->format, here, size));
	}
	smsc_read_rest(r, &c);
}

/* ---- the whole ------------------------------------------------------------------------ */

typedef void decode_fn(smsc_span in, uint64_t at, smsc_record *r);

static void part(smsc_record *r, smsc_cur *c, uint32_t n, const char *format, const char *name,
                 const char *meaning, decode_fn *decode_part)
{
	uint64_t at = smsc_cur_where(c);
	smsc_span s = smsc_cur_take(c, n < smsc_cur_left(c) ? n : smsc_cur_left(c));
	if (s.size)
		decode_part(s, at, smsc_put_record(r, name, meaning, format, at, s.size));
}

static void decode(smsc_span in, smsc_record *r)
{
	smsc_cur c = smsc_cur_of(in, 0);
	struct header h = { 0 };
	read_header(r, &c, &h);
	if (!smsc_cur_ok(&c))
		return;
	smsc_check_end(r, HEADER + (uint64_t)h.name + h.public + h.properties + h.key, in.size);
	smsc_read_utf16(r, &c, h.name, "name", "name of the key");
	part(r, &c, h.public, r->format, "public_properties", "properties in the clear", properties);
	part(r, &c, h.properties, "dpapi-blob", "private_properties",
	     "properties, protected by DPAPI with a fixed entropy", smsc_dpapi_blob_decode);
	part(r, &c, h.key, "dpapi-blob", "private_key",
	     "private key, protected by DPAPI with a fixed entropy", smsc_dpapi_blob_decode);
	smsc_read_rest(r, &c);
}

static uint64_t u32_at(smsc_span in, size_t at)
{
	return smsc_le32((const uint8_t *)in.data + at);
}

static bool zeros(smsc_span in, size_t at, size_t n)
{
	const uint8_t *b = (const uint8_t *)in.data + at;
	while (n && !b[n - 1])
		n--;
	return !n;
}

/* A blob stands where the header says that the protected properties begin. */
static bool blob_fits(smsc_span in)
{
	uint64_t at = HEADER + u32_at(in, 8) + u32_at(in, 16);
	return at < in.size && smsc_dpapi_blob_starts(smsc_span_cut(in, (size_t)at, SIZE_MAX));
}

/* A name of UTF-16 characters, none a control, and a property behind it. */
static bool name_fits(smsc_span in)
{
	uint64_t n = u32_at(in, 8);
	if (!n || n % 2 || n > 512 || HEADER + n + 4 > in.size)
		return false;
	for (size_t i = 0; i < n; i += 2)
		if (smsc_le16((const uint8_t *)in.data + HEADER + i) < ' ')
			return false;
	uint64_t size = u32_at(in, HEADER + (size_t)n);
	return size >= PROPERTY && size <= u32_at(in, 16);
}

static int probe(smsc_span in, uint64_t size, const char *name)
{
	(void)name;
	if (in.size < HEADER || !zeros(in, 28, 16))
		return 0;
	uint64_t sum = HEADER + u32_at(in, 8) + u32_at(in, 16) + u32_at(in, 20) + u32_at(in, 24);
	int sure = u32_at(in, 0) == 1 && !u32_at(in, 4) ? 20 : 0;
	sure += sum == size ? 40 : 0;
	sure += blob_fits(in) ? 40 : 0;
	sure += name_fits(in) ? 40 : 0;
	return sure < 60 ? 0 : sure > 100 ? 100 : sure;
}

const smsc_format smsc_cng_key = { "cng-key", "CNG key file (Crypto\\Keys)", probe, decode };
