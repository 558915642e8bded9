/* certificate_facts.c - what certificates say, and whether their properties say the same. */
#include "certificate_facts.h"

#include <string.h>

#include "../base/text.h"
#include "public_key.h"

/* ---- derived fields ------------------------------------------------------------------------ */

static void not_stored(smsc_field *f)
{
	if (f)
		f->bytes = 0;
}

static void put_text(smsc_record *r, const char *name, const char *meaning, const char *text, uint64_t at)
{
	if (text && *text)
		smsc_put_text(r, name, meaning, text, strlen(text), at, 0);
}

static void put_bytes(smsc_record *r, const char *name, const char *meaning, const void *data, size_t size,
                      uint64_t at)
{
	if (size)
		not_stored(smsc_put_bytes(r, name, meaning, (smsc_span){ data, size }, at));
}

static const char *use_name(const char *oids)
{
	if (!strcmp(oids, "1.3.6.1.4.1.311.101"))
		return "SMS signing";
	if (!strcmp(oids, "1.3.6.1.4.1.311.101.2"))
		return "SMS encryption";
	return NULL;
}

static void put_facts(smsc_record *r, const smsc_x509_facts *x, uint64_t at)
{
	static const char *const self[3] = { "by its own name; the signature could not be checked",
	                                     "no", "yes, and its signature is right" };
	put_bytes(r, "thumbprint", "SHA-1 of the certificate", x->sha1, SMSC_SHA1_SIZE, at);
	put_text(r, "subject_name", "whose key it is", x->subject, at);
	put_text(r, "issuer_name", "who issued it", x->issuer, at);
	put_text(r, "key_algorithm", "algorithm of the public key", x->algorithm, at);
	if (x->bits)
		smsc_put_int(r, "key_size", "bits of the public key", x->bits, at, 0);
	put_bytes(r, "spki_sha256", "SHA-256 of the SubjectPublicKeyInfo", x->print.sha256, SMSC_SHA256_SIZE, at);
	put_bytes(r, "key_id", "extension subject key identifier", x->key_id.data, x->key_id.size, at);
	put_text(r, "usages", "uses that are allowed", x->usages, at);
	if (*x->usages && use_name(x->usages))
		smsc_note(r, "%s", use_name(x->usages));
	put_text(r, "signed_with", "algorithm of the signature", x->signed_with, at);
	put_text(r, "self_signed", "whether it is signed with the key in it", self[x->self_signed + 1], at);
}

/* ---- properties that can be computed again ---------------------------------------------------- */

typedef struct checked {
	smsc_record *elements;
	const smsc_record *x509;
	const smsc_x509_facts *facts;
	smsc_span der;
} checked;

static bool is_digest(smsc_digest digest, smsc_span in, smsc_span hash)
{
	uint8_t made[SMSC_SHA256_SIZE];
	size_t size = digest == SMSC_MD5 ? SMSC_MD5_SIZE : SMSC_SHA1_SIZE;
	return hash.size == size && smsc_hash(digest, in, made) && !memcmp(made, hash.data, size);
}

/* What is signed: the first element within the certificate. */
static smsc_span body_of(const checked *c)
{
	const smsc_field *whole = smsc_record_get(c->x509, "size"), *f = smsc_record_get(c->x509, "body_size");
	if (!whole || !f)
		return (smsc_span){ NULL, 0 };
	return smsc_span_cut(c->der, (size_t)whole->bytes, (size_t)(f->bytes + (uint64_t)f->as.number));
}

/* The identifier is the extension's where there is one; else SHA-1 of the key or of all of
 * the SubjectPublicKeyInfo. */
static bool is_key_id(const checked *c, smsc_span id)
{
	smsc_span given = c->facts->key_id;
	return (given.size && given.size == id.size && !memcmp(given.data, id.data, id.size)) ||
		is_digest(SMSC_SHA1, c->facts->key_bits, id) || is_digest(SMSC_SHA1, c->facts->spki, id);
}

static void check(const checked *c, const char *name, bool (*holds)(const checked *, smsc_span))
{
	smsc_record *element = smsc_record_part(c->elements, name);
	const smsc_field *f = element ? smsc_record_get(element, "value") : NULL;
	if (f && f->type == SMSC_BYTES && !holds(c, f->as.span))
		smsc_damage(element, SMSC_RULE_D003, f->at, "value: computed from the certificate it is another");
}

static bool is_sha1(const checked *c, smsc_span v) { return is_digest(SMSC_SHA1, c->der, v); }
static bool is_md5(const checked *c, smsc_span v)  { return is_digest(SMSC_MD5, c->der, v); }
static bool is_signed(const checked *c, smsc_span v)
{
	smsc_span body = body_of(c);
	return !body.size || smsc_x509_is_hash(body, v);
}
static bool is_key_md5(const checked *c, smsc_span v)
{
	return is_digest(SMSC_MD5, c->facts->key_bits, v);
}
/* Another certificate has the issuer's key, unless it is this one. */
static bool is_issuer_md5(const checked *c, smsc_span v)
{
	return c->facts->self_signed != 1 || is_key_md5(c, v);
}
static bool is_subject_md5(const checked *c, smsc_span v)
{
	return is_digest(SMSC_MD5, c->facts->subject_der, v);
}

static void check_all(const checked *c)
{
	check(c, "sha1", is_sha1);
	check(c, "md5", is_md5);
	check(c, "signature_hash", is_signed);
	check(c, "key_identifier", is_key_id);
	check(c, "subject_key_md5", is_key_md5);
	check(c, "issuer_key_md5", is_issuer_md5);
	check(c, "subject_md5", is_subject_md5);
}

/* ---- all certificates of a record --------------------------------------------------------------- */

static smsc_record *x509_of(const smsc_record *elements)
{
	return smsc_record_part(elements, "certificate.x509");
}

static void derive_der(smsc_record *elements, smsc_record *x509, smsc_span der, uint64_t at)
{
	smsc_x509_facts facts;
	size_t size = 0;
	int known = smsc_x509_read(x509->arena, der, &facts, &size);
	if (known < 0)
		x509->root->failed = true;
	if (known <= 0) {
		if (!known && !smsc_record_finding_count(x509))
			smsc_damage(x509, SMSC_RULE_D003, at, "the parts are there, but OpenSSL reads no certificate");
		return;
	}
	put_facts(x509, &facts, at);
	checked c = { elements, x509, &facts, smsc_span_cut(der, 0, size) };
	if (elements)
		check_all(&c);
}

static void derive_elements(smsc_record *elements, smsc_span in)
{
	smsc_record *x509 = x509_of(elements);
	const smsc_field *f = smsc_record_get(elements, "certificate.x509");
	if (x509)
		derive_der(elements, x509, smsc_span_cut(in, (size_t)f->at, (size_t)f->bytes), f->at);
}

/* The DER becomes a field, so that it is there for all who ask later. */
static void derive_pem(smsc_record *block)
{
	const smsc_field *f = smsc_record_get(block, "pem");
	smsc_buf der = SMSC_BUF_INIT;
	if (!f || f->type != SMSC_BYTES)
		return;
	uint64_t at = f->at;
	smsc_x509_of_pem(f->as.span, &der);
	block->root->failed |= der.failed;
	if (der.size) {
		put_bytes(block, "der", "the certificate", der.data, der.size, at);
		derive_der(NULL, block, smsc_record_span(block, "der"), at);
	} else {
		smsc_damage(block, SMSC_RULE_D003, at, "pem: no base64");
	}
	smsc_buf_free(&der);
}

void smsc_certificate_facts(smsc_record *r, smsc_span in)
{
	bool store = !strcmp(r->format, "cert-store");
	if (!strcmp(r->format, "cert-blob"))
		derive_elements(r, in);
	else if (!store && smsc_record_get(r, "size"))
		derive_der(NULL, r, in, 0);
	for (size_t i = 0; i < r->count; i++) {
		const smsc_field *f = &r->fields[i];
		if (f->type == SMSC_RECORD && store)
			derive_elements((smsc_record *)f->as.record, in);
		else if (f->type == SMSC_RECORD && !strcmp(r->format, "x509"))
			derive_pem((smsc_record *)f->as.record);
	}
}

/* ---- for the case -------------------------------------------------------------------------------- */

static bool part_of_elements(const smsc_record *elements, smsc_span in, smsc_span whole,
                             smsc_certificate_part *out)
{
	const smsc_field *f = smsc_record_get(elements, "certificate.x509");
	if (!f || f->type != SMSC_RECORD)
		return false;
	*out = (smsc_certificate_part){ elements, whole, smsc_span_cut(in, (size_t)f->at, (size_t)f->bytes), f->at };
	return true;
}

static bool part_of_field(const smsc_record *r, const smsc_field *f, smsc_span in, smsc_certificate_part *out)
{
	if (f->type != SMSC_RECORD)
		return false;
	if (!strcmp(r->format, "cert-store"))
		return part_of_elements(f->as.record, in, smsc_span_cut(in, (size_t)f->at, (size_t)f->bytes), out);
	smsc_span der = smsc_record_span(f->as.record, "der");
	*out = (smsc_certificate_part){ NULL, der, der, f->at };
	return der.size != 0;
}

bool smsc_certificate_parts(const smsc_record *r, smsc_span in, smsc_certificate_part_fn *fn, void *user)
{
	smsc_certificate_part part = { NULL, in, in, 0 };
	if (!strcmp(r->format, "cert-blob"))
		return !part_of_elements(r, in, in, &part) || fn(user, &part);
	if (!strcmp(r->format, "x509") && smsc_record_get(r, "size"))
		return fn(user, &part);
	for (size_t i = 0; i < r->count; i++)
		if (part_of_field(r, &r->fields[i], in, &part) && !fn(user, &part))
			return false;
	return true;
}
