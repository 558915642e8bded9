/* trust_link.c - which generation holds the key that evidence names, by the key alone; and where
 * only a certificate is named, by way of that certificate. */
#include <string.h>

#include "../base/error.h"
#include "../crypto/signed.h"
#include "../format/trust_value.h"
#include "generation.h"
#include "holder.h"
#include "keep.h"
#include "public_key.h"
#include "trust.h"

/* Public-key operations of all signatures, and comparisons of names: hostile evidence could ask
 * for any number. */
#define MAX_CHECKS   20000
#define MAX_COMPARED 50000000

typedef struct linking {
	const smsc_case *c;
	smsc_trusts *list;       /* its certificates may name keys, too */
	unsigned checks, compared;
	bool     failed;
} linking;

/* ---- by the key ------------------------------------------------------------------------------ */

/* An intact private key comes first. */
static int rank(const smsc_key *k)
{
	static const char *const order[] = { "private-verified", "locked", "private-mismatch", "private-damaged" };
	for (int i = 0; i < 4; i++)
		if (!strcmp(k->proof, order[i]))
			return i;
	return 4;
}

static void link_key(const linking *l, smsc_trust *t)
{
	smsc_holders all = smsc_holders_of(l->c, t->print.sha256);
	int best = 5;
	for (size_t i = 0; i < all.count && i < SMSC_HOLDERS; i++)
		if (rank(smsc_holder_key(&all.at[i])) < best) {
			best = rank(smsc_holder_key(&all.at[i]));
			t->generation = all.at[i].generation;
			t->which = all.at[i].which;
		}
}

static void link_print(const linking *l, smsc_trust *t, const smsc_fingerprint *print)
{
	t->print = *print;
	t->has_print = true;
	link_key(l, t);
}

/* ---- by way of a certificate ------------------------------------------------------------------ */

static bool same(smsc_span a, smsc_span b)
{
	return a.size && a.size == b.size && !memcmp(a.data, b.data, a.size);
}

/* What in `t` names the certificate of `x`? */
static bool names(const smsc_trust *t, const smsc_trust *x)
{
	if (!x->certificate.size || !x->has_print || x == t)
		return false;
	return (same(t->issuer, x->issuer) && same(t->serial, x->serial)) ||
	       (t->has_thumb && x->has_thumb && !memcmp(t->thumb, x->thumb, SMSC_SHA1_SIZE));
}

static bool names_certificate(const smsc_trust *t, const smsc_certificate *x)
{
	return (same(t->issuer, x->issuer_der) && same(t->serial, x->serial_bytes)) || same(t->key_id, x->key_id) ||
	       (t->has_thumb && !memcmp(t->thumb, x->sha1, SMSC_SHA1_SIZE));
}

static bool by_certificate(linking *l, smsc_trust *t)
{
	const smsc_case *c = l->c;
	for (size_t i = 0; i < c->certificate_count && l->compared < MAX_COMPARED; i++, l->compared++) {
		if (!c->certificates[i]->named || !names_certificate(t, c->certificates[i]))
			continue;
		t->via = c->certificates[i];
		link_print(l, t, &t->via->print);
		return true;
	}
	return false;
}

static bool by_other(linking *l, smsc_trust *t, smsc_trust *const *others, size_t count)
{
	for (size_t i = 0; i < count && l->compared < MAX_COMPARED; i++, l->compared++)
		if (names(t, others[i])) {
			link_print(l, t, &others[i]->print);
			return true;
		}
	return false;
}

/* A subject key identifier that was made as RFC 5280 says. */
static bool has_id(linking *l, const smsc_key *k, smsc_span id)
{
	uint8_t own[SMSC_SHA1_SIZE];
	smsc_public_blob blob;
	if (!smsc_public_blob_read(k->public_blob, &blob))
		return false;
	bool made = smsc_spki_rsa_key_id(blob.modulus, blob.exponent, own);
	l->failed |= !made;
	return made && !memcmp(own, id.data, SMSC_SHA1_SIZE);
}

static void by_key_id(linking *l, smsc_trust *t)
{
	const smsc_key_holder *h = l->c->holders, *end = h + l->c->holder_count;
	for (; t->key_id.size == SMSC_SHA1_SIZE && h < end && l->checks < MAX_CHECKS; h++, l->checks++)
		if (has_id(l, smsc_holder_key(h), t->key_id)) {
			link_print(l, t, &smsc_holder_key(h)->print);
			return;
		}
}

/* ---- why not ---------------------------------------------------------------------------------- */

static void say(const linking *l, smsc_trust *t, const char *format, const char *a, const char *b)
{
	t->why = smsc_keep_printf(l->list->arena, format, a, b);
}

static const char *hex(const linking *l, smsc_span s)
{
	static const char digits[] = "0123456789abcdef";
	const uint8_t *b = s.data;
	size_t size = s.size < 64 ? s.size : 64;
	char *text = smsc_arena_alloc(l->list->arena, 2 * size + 1);
	for (size_t i = 0; text && i < size; i++) {
		text[2 * i] = digits[b[i] >> 4];
		text[2 * i + 1] = digits[b[i] & 15];
	}
	return text ? text : "";
}

static void explain(const linking *l, smsc_trust *t)
{
	const char *issuer = smsc_record_text(t->record, "issuer_name");
	bool recipient = !strcmp(t->role, SMSC_ROLE_RECIPIENT);
	if (t->has_print && recipient)
		say(l, t, "encrypted to a certificate that this evidence has, but no key container of it has its key %.16s", hex(l, smsc_span_of(t->print.sha256, SMSC_SHA256_SIZE)), "");
	else if (t->has_print)
		say(l, t, "no key container of this evidence has its public key %.16s", hex(l, smsc_span_of(t->print.sha256, SMSC_SHA256_SIZE)), "");
	else if (recipient && t->serial.size)
		say(l, t, "encrypted to issuer %s serial %s; no certificate in this evidence has it", issuer ? issuer : "?", hex(l, t->serial));
	else if (recipient && t->key_id.size)
		say(l, t, "encrypted to the key with identifier %s; no key in this evidence has it", hex(l, t->key_id), "");
	else if (t->has_thumb)
		say(l, t, "no certificate in this evidence has the thumbprint %s", hex(l, smsc_span_of(t->thumb, SMSC_SHA1_SIZE)), "");
	else
		t->why = "what names the key is torn";
}

/* ---- signatures --------------------------------------------------------------------------------- */

/* What was signed is the text in UTF-16 with its NUL [sms-logs 6.6]. */
static bool digest_of(linking *l, const smsc_trust *t, uint8_t out[SMSC_SHA1_SIZE])
{
	smsc_buf wide = SMSC_BUF_INIT;
	const char *text = smsc_record_text(t->record, "signed_text");
	bool good = text != NULL;
	for (size_t i = 0; good && i <= strlen(text); i++) {
		smsc_buf_char(&wide, text[i]);
		smsc_buf_char(&wide, 0);
		if (!text[i])
			break;
	}
	l->failed |= wide.failed;
	good = good && !wide.failed && smsc_hash(SMSC_SHA1, smsc_span_of(wide.data, wide.size), out);
	smsc_buf_free(&wide);
	return good;
}

static bool signed_by(linking *l, const smsc_key *k, smsc_span signature, smsc_span digest)
{
	smsc_public_blob blob;
	if (!smsc_public_blob_read(k->public_blob, &blob) || blob.modulus.size != signature.size)
		return false;
	l->checks++;
	int done = smsc_rsa_signed(blob.modulus, blob.exponent, signature, digest);
	l->failed |= done < 0;
	return done > 0;
}

static void find_signer(linking *l, smsc_trust *t)
{
	uint8_t sha1[SMSC_SHA1_SIZE];
	smsc_span signature = smsc_record_span(t->record, "signature");
	const smsc_key *before = NULL;
	if (!t->is_signed || !digest_of(l, t, sha1))
		return;
	for (size_t i = 0; i < l->c->holder_count && l->checks < MAX_CHECKS; i++) {
		const smsc_key_holder *h = &l->c->holders[i];
		const smsc_key *k = smsc_holder_key(h);
		bool again = before && smsc_key_same(before, k);
		before = k;
		if (again || !signed_by(l, k, signature, smsc_span_of(sha1, sizeof sha1)))
			continue;
		t->signer = h->generation;
		t->signer_which = h->which;
		return;
	}
}

/* ---- all ------------------------------------------------------------------------------------------ */

static void link_one(linking *l, smsc_trust *t)
{
	if (t->has_print)
		link_key(l, t);
	else if (!by_certificate(l, t) && !by_other(l, t, l->list->at, l->list->count) && !by_other(l, t, l->c->trusts, l->c->trust_count))
		by_key_id(l, t);
	if (!t->generation)
		explain(l, t);
	find_signer(l, t);
}

bool smsc_trust_link(const smsc_case *c, smsc_trusts *list)
{
	linking l = { .c = c, .list = list };
	for (size_t i = 0; i < list->count; i++)
		link_one(&l, list->at[i]);
	return !l.failed && !smsc_arena_failed(list->arena);
}

int smsc_case_trusts(smsc_case *c, smsc_error **err)
{
	smsc_trusts list = { c->arena, c->trusts, c->trust_count, c->trust_room };
	return smsc_trust_link(c, &list) ? 0 : smsc_fail_nomem(err);
}
