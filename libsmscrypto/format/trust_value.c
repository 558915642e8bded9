/* trust_value.c - what names a public key, as a record. */
#include "trust_value.h"

#include "algid.h"

#define RSA1        0x31415352u
#define HEAD        20
#define MAX_BITS    16384u
#define CALG_SIGN   0x2400u
#define THUMBPRINT  20

bool smsc_public_blob_read(smsc_span in, smsc_public_blob *out)
{
	smsc_cur c = smsc_cur_of(in, 0);
	uint32_t head = smsc_cur_u32(&c);
	out->algorithm = smsc_cur_u32(&c);
	uint32_t magic = smsc_cur_u32(&c);
	out->bits = smsc_cur_u32(&c);
	out->exponent = smsc_cur_u32(&c);
	if (!smsc_cur_ok(&c) || (head & 0xffff00ff) != 6 || magic != RSA1 ||
	    (out->algorithm != SMSC_CALG_RSA_KEYX && out->algorithm != CALG_SIGN) ||
	    !out->bits || out->bits % 8 || out->bits > MAX_BITS)
		return false;
	out->size = HEAD + out->bits / 8;
	out->modulus = smsc_span_cut(in, HEAD, out->bits / 8);
	return true;
}

static void derived(smsc_field *f)
{
	if (f)
		f->bytes = 0;
}

void smsc_put_derived(smsc_record *r, const char *name, const char *meaning, smsc_span bytes, uint64_t at)
{
	if (bytes.size)
		derived(smsc_put_bytes(r, name, meaning, bytes, at));
}

void smsc_put_derived_text(smsc_record *r, const char *name, const char *meaning, const char *text,
                           uint64_t at)
{
	derived(smsc_put_text(r, name, meaning, text, strlen(text), at, 0));
}

void smsc_put_derived_name(smsc_record *r, const char *name, const char *text_name,
                           const char *meaning, smsc_span der, uint64_t at)
{
	smsc_buf text = SMSC_BUF_INIT;
	smsc_asn1_name(&text, der);
	r->root->failed |= text.failed;
	smsc_put_derived(r, name, meaning, der, at);
	if (text.data && !text.failed)
		smsc_put_derived_text(r, text_name, meaning, text.data, at);
	smsc_buf_free(&text);
}

static void put_role(smsc_record *r, const char *role, uint64_t at)
{
	smsc_put_derived_text(r, "role", "what it is for whoever wrote it down", role, at);
}

static smsc_record *put_key(smsc_record *r, const char *name, const char *meaning, const char *role,
                            const smsc_public_blob *k, uint64_t at, uint64_t extent)
{
	smsc_record *v = smsc_put_record(r, name, meaning, "public-key", at, extent);
	put_role(v, role, at);
	smsc_put_int(v, "bits", "length of the modulus in bits", k->bits, at, 0);
	smsc_put_int(v, "exponent", "public exponent", k->exponent, at, 0);
	smsc_put_derived(v, "modulus", "modulus n, little-endian", k->modulus, at);
	if (k->modulus.size < k->bits / 8)
		smsc_damage(v, SMSC_RULE_D001, at + extent, "a key of %u bits, but only %zu of its %u bytes are there",
		            k->bits, k->modulus.size, k->bits / 8);
	return v;
}

static smsc_record *put_certificate(smsc_record *r, const char *name, const char *meaning,
                                    const char *role, const smsc_cert_parts *c, uint64_t at,
                                    uint64_t extent)
{
	smsc_record *v = smsc_put_record(r, name, meaning, "certificate", at, extent);
	put_role(v, role, at);
	smsc_put_derived(v, "serial", "serial number, its high byte first", c->serial, at);
	smsc_put_derived_name(v, "issuer", "issuer_name", "who issued it", c->issuer, at);
	smsc_put_derived_name(v, "subject", "subject_name", "whom it is for", c->subject, at);
	smsc_put_derived(v, "key", "SubjectPublicKeyInfo", c->spki, at);
	smsc_put_derived(v, "der", "the whole certificate", c->whole, at);
	return v;
}

smsc_record *smsc_put_trust(smsc_record *r, const char *name, const char *meaning, const char *role,
                            smsc_span bytes, uint64_t at, uint64_t extent)
{
	smsc_public_blob key;
	smsc_cert_parts parts;
	if (smsc_public_blob_read(bytes, &key))
		return put_key(r, name, meaning, role, &key, at, extent);
	if (smsc_asn1_certificate(bytes, &parts))
		return put_certificate(r, name, meaning, role, &parts, at, extent);
	/* Somebody may have pasted a private key; it is nobody's business here. */
	if (!smsc_holds_private_key(bytes))
		smsc_put_derived(r, name, meaning, bytes, at);
	smsc_damage(r, SMSC_RULE_D004, at, "%s: neither a public key nor a certificate", name);
	return NULL;
}

smsc_record *smsc_put_trust_hex(smsc_record *r, const char *name, const char *meaning,
                                const char *role, const smsc_plain *p, size_t from, size_t to)
{
	smsc_buf bytes = SMSC_BUF_INIT;
	smsc_record *v = NULL;
	smsc_plain_trim(p, &from, &to);
	uint64_t at = smsc_plain_at(p, from), extent = (uint64_t)(to - from) * p->step;
	if (from == to)
		return NULL;
	if (smsc_plain_hex(p, from, to, &bytes) && bytes.size)
		v = smsc_put_trust(r, name, meaning, role, smsc_span_of(bytes.data, bytes.size), at, extent);
	else if (!bytes.failed)
		smsc_damage(r, SMSC_RULE_D003, at, "%s: not all of it are pairs of hexadecimal digits", name);
	r->root->failed |= bytes.failed;
	smsc_buf_free(&bytes);
	return v;
}

smsc_record *smsc_put_thumbprint(smsc_record *r, const char *name, const char *meaning,
                                 const char *role, const smsc_plain *p, size_t from, size_t to)
{
	smsc_buf bytes = SMSC_BUF_INIT;
	smsc_record *v = NULL;
	uint64_t at = smsc_plain_at(p, from);
	if (smsc_plain_hex(p, from, to, &bytes) && bytes.size == THUMBPRINT) {
		v = smsc_put_record(r, name, meaning, "thumbprint", at, (uint64_t)(to - from) * p->step);
		put_role(v, role, at);
		smsc_put_derived(v, "sha1", "SHA-1 of the certificate", smsc_span_of(bytes.data, bytes.size), at);
	} else if (!bytes.failed) {
		smsc_damage(r, SMSC_RULE_D003, at, "%s: a thumbprint has 40 hexadecimal digits", name);
	}
	r->root->failed |= bytes.failed;
	smsc_buf_free(&bytes);
	return v;
}
