/* public_key.c - a public key out of the fields of a record. */
#include "public_key.h"

#define PUBLIC_BLOB   0x06
#define CALG_RSA_SIGN 0x2400u
#define CALG_RSA_KEYX 0xa400u
#define CALG_DSS_SIGN 0x2200u

int64_t smsc_record_number(const smsc_record *r, const char *name, int64_t otherwise)
{
	const smsc_field *f = smsc_record_get(r, name);
	return f && f->type == SMSC_INT ? f->as.number : otherwise;
}

const char *smsc_record_text(const smsc_record *r, const char *name)
{
	const smsc_field *f = smsc_record_get(r, name);
	return f && f->type == SMSC_TEXT ? f->as.text : NULL;
}

smsc_span smsc_record_span(const smsc_record *r, const char *name)
{
	const smsc_field *f = smsc_record_get(r, name);
	return f && f->type == SMSC_BYTES ? f->as.span : (smsc_span){ NULL, 0 };
}

smsc_record *smsc_record_part(const smsc_record *r, const char *name)
{
	const smsc_field *f = smsc_record_get(r, name);
	return f && f->type == SMSC_RECORD ? (smsc_record *)f->as.record : NULL;
}

/* A modulus that the end of the file cut short is of another length than `bits` says. */
static bool is_rsa(const smsc_record *public)
{
	smsc_span n = smsc_record_span(public, "modulus");
	int64_t bits = smsc_record_number(public, "bits", 0);
	return n.size && bits > 0 && n.size == ((uint64_t)bits + 7) / 8 &&
		smsc_record_number(public, "exponent", 0) > 0;
}

static bool is_dss(const smsc_record *public)
{
	smsc_span p = smsc_record_span(public, "p");
	int64_t bits = smsc_record_number(public, "bits", 0);
	return bits > 0 && p.size == ((uint64_t)bits + 7) / 8 &&
		smsc_record_span(public, "y").size == p.size &&
		smsc_record_span(public, "g").size == p.size && smsc_record_span(public, "q").size;
}

const char *smsc_public_key_algorithm(const smsc_record *public)
{
	return is_rsa(public) ? "RSA" : is_dss(public) ? "DSS" : "";
}

int smsc_public_key_print(const smsc_record *public, smsc_fingerprint *out)
{
	smsc_buf der = SMSC_BUF_INIT;
	bool rsa = is_rsa(public);
	if (rsa)
		smsc_spki_rsa(&der, smsc_record_span(public, "modulus"),
		              (uint32_t)smsc_record_number(public, "exponent", 0));
	else if (is_dss(public))
		smsc_spki_dsa(&der, smsc_record_span(public, "p"), smsc_record_span(public, "q"),
		              smsc_record_span(public, "g"), smsc_record_span(public, "y"));
	int known = der.failed ? -1 : der.size && smsc_spki_fingerprint(&der, out);
	smsc_buf_free(&der);
	return known;
}

static void put_u32(smsc_buf *out, uint32_t value)
{
	const uint8_t bytes[4] = { value & 0xff, value >> 8 & 0xff, value >> 16 & 0xff, value >> 24 };
	smsc_buf_add(out, bytes, sizeof(bytes));
}

static void put_span(smsc_buf *out, const smsc_record *r, const char *name)
{
	smsc_span s = smsc_record_span(r, name);
	if (s.size)
		smsc_buf_add(out, s.data, s.size);
}

static void put_number(smsc_buf *out, const smsc_record *r, const char *name)
{
	put_u32(out, (uint32_t)smsc_record_number(r, name, 0));
}

static void put_rsa(smsc_buf *out, const smsc_record *public, bool signature)
{
	put_u32(out, 2u << 8 | PUBLIC_BLOB);
	put_u32(out, signature ? CALG_RSA_SIGN : CALG_RSA_KEYX);
	smsc_buf_str(out, "RSA1");
	put_number(out, public, "bits");
	put_number(out, public, "exponent");
	put_span(out, public, "modulus");
}

/* DSSPUBKEY_VER3, the form whose numbers tell their own lengths. */
static void put_dss(smsc_buf *out, const smsc_record *public)
{
	smsc_span j = smsc_record_span(public, "j"), seed = smsc_record_span(public, "seed");
	put_u32(out, 3u << 8 | PUBLIC_BLOB);
	put_u32(out, CALG_DSS_SIGN);
	smsc_buf_str(out, "DSS3");
	put_number(out, public, "bits");
	put_u32(out, (uint32_t)smsc_record_span(public, "q").size * 8);
	put_u32(out, (uint32_t)j.size * 8);
	put_u32(out, (uint32_t)smsc_record_number(public, "counter", UINT32_MAX));
	for (size_t i = 0; i < 20; i++)
		smsc_buf_char(out, seed.size == 20 ? ((const char *)seed.data)[i] : 0);
	put_span(out, public, "p");
	put_span(out, public, "q");
	put_span(out, public, "g");
	put_span(out, public, "j");
	put_span(out, public, "y");
}

void smsc_public_key_blob(smsc_buf *out, const smsc_record *public, bool signature)
{
	if (is_rsa(public))
		put_rsa(out, public, signature);
	else if (is_dss(public))
		put_dss(out, public);
}
