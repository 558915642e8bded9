/* match_read.c - a piece of evidence of any form becomes a record of the keys it names. */
#include <string.h>

#include "../base/error.h"
#include "../base/text.h"
#include "../crypto/x509.h"
#include "../format/key_finder.h"
#include "decode.h"
#include "match.h"
#include "public_key.h"

#define THUMBPRINT 40   /* digits */
#define PRINT      64

/* ---- digits alone ---- */

static bool only_digits(const smsc_plain *p, size_t from, size_t to, size_t wanted)
{
	if (to - from != wanted)
		return false;
	while (from < to)
		if (smsc_hex_digit(p->text[from++]) < 0)
			return false;
	return true;
}

static void put_print(smsc_record *r, const smsc_plain *p, size_t from, size_t to)
{
	smsc_buf bytes = SMSC_BUF_INIT;
	smsc_plain_hex(p, from, to, &bytes);
	r->failed |= bytes.failed;
	smsc_record *v = smsc_put_record(r, "key", "a public key", "fingerprint", smsc_plain_at(p, from),
	                                 (uint64_t)(to - from) * p->step);
	if (!bytes.failed)
		smsc_put_derived(v, "sha256", "SHA-256 of the SubjectPublicKeyInfo",
		                 smsc_span_of(bytes.data, bytes.size), smsc_plain_at(p, from));
	smsc_buf_free(&bytes);
}

/* A thumbprint wherever it stands as a word of its own. */
static void put_thumbprints(smsc_record *r, const smsc_plain *p)
{
	size_t i = 0;
	while (i < p->size) {
		size_t from = i;
		while (i < p->size && smsc_hex_digit(p->text[i]) >= 0)
			i++;
		if (i - from == THUMBPRINT)
			smsc_put_thumbprint(r, "thumbprint", "a thumbprint", SMSC_ROLE_CERTIFICATE, p, from, i);
		i += i == from;
	}
}

/* ---- certificates ---- */

static void put_pem(smsc_record *r, smsc_span in)
{
	static const char mark[] = "-----BEGIN";
	const char *text = in.data, *found;
	for (size_t at = 0; (found = memmem(text + at, in.size - at, mark, sizeof mark - 1)); ) {
		smsc_buf der = SMSC_BUF_INIT;
		smsc_cert_parts parts;
		at = (size_t)(found - text);
		smsc_x509_of_pem(smsc_span_cut(in, at, in.size), &der);
		r->failed |= der.failed;
		if (der.size && smsc_asn1_certificate(smsc_span_of(der.data, der.size), &parts))
			smsc_put_trust(r, "certificate", "a certificate", SMSC_ROLE_CERTIFICATE,
			               smsc_span_of(der.data, der.size), at, 0);
		smsc_buf_free(&der);
		at += sizeof mark - 1;
	}
}

/* ---- all of it ---- */

static void search(smsc_record *r, smsc_span in)
{
	smsc_found_list list = { .r = r };
	if (!smsc_finder_open(&list.finder, smsc_found_put, &list)) {
		r->failed = true;
		return;
	}
	smsc_find_binary(in, 0, smsc_found_put, &list);
	smsc_finder_feed(&list.finder, in.data, in.size);
	smsc_finder_end(&list.finder);
	smsc_finder_close(&list.finder);
	put_pem(r, in);
}

static void read_plain(smsc_record *r, const smsc_plain *p, smsc_span in)
{
	size_t from = 0, to = p->size;
	smsc_plain_trim(p, &from, &to);
	if (only_digits(p, from, to, PRINT)) {
		put_print(r, p, from, to);
		return;
	}
	search(r, in);
	if (!r->count)
		put_thumbprints(r, p);
}

static smsc_record *read_any(const smsc_case *c, const char *name, smsc_span in, smsc_error **err)
{
	smsc_record *r = smsc_record_new("trust-text", name, c->settings.codepage);
	smsc_plain p;
	if (!r) {
		smsc_fail_nomem(err);
		return NULL;
	}
	if (smsc_plain_open(&p, in, 0))
		read_plain(r, &p, in);
	else
		r->failed = true;
	smsc_plain_close(&p);
	if (!r->failed && !smsc_arena_failed(r->arena))
		return r;
	smsc_record_unref(r);
	smsc_fail_nomem(err);
	return NULL;
}

smsc_record *smsc_match_read(const smsc_case *c, const char *name, smsc_span in, smsc_error **err)
{
	const smsc_format *f = smsc_format_probe(in, in.size, name);
	bool known = f && (smsc_trust_format(f->name) || !strcmp(f->name, "capi-container"));
	return known ? smsc_decode_as(f, name, in, c->settings.codepage, err) : read_any(c, name, in, err);
}
