/* metabase.c - which generation made the session key of a metabase [registry-certs 4]. */
#include "metabase.h"

#include <string.h>

#include "../base/ident.h"
#include "../base/text.h"
#include "../format/metabase.h"
#include "generation.h"
#include "keep.h"
#include "machine.h"
#include "public_key.h"

/* A thousand metabases and a million keys made to hurt must not be tried each with each. */
enum { MOST = 1000, MAX_TRIES = 1 << 16 };

/* ---- records ----------------------------------------------------------------------------------- */

/* What was decoded from digits has no bytes of its own in the file. */
static void not_stored(smsc_record *r, size_t from, uint64_t at)
{
	for (size_t i = from; i < r->count; i++) {
		r->fields[i].at = at;
		r->fields[i].bytes = 0;
		if (r->fields[i].type == SMSC_RECORD)
			not_stored((smsc_record *)r->fields[i].as.record, 0, at);
	}
}

static void derive_hex(smsc_record *blob)
{
	const smsc_field *f = smsc_record_get(blob, "hex");
	const char *text = f && f->type == SMSC_TEXT ? f->as.text : "";
	smsc_buf bytes = SMSC_BUF_INIT;
	size_t from = blob->count;
	for (size_t i = 0; text[i] && text[i + 1]; i += 2)
		smsc_buf_char(&bytes, (char)(smsc_hex_digit(text[i]) << 4 | smsc_hex_digit(text[i + 1])));
	if (bytes.size) {
		uint64_t at = f->at;
		smsc_metabase_blob(smsc_span_of(bytes.data, bytes.size), at, blob);
		not_stored(blob, from, at);
	}
	blob->root->failed |= bytes.failed;
	smsc_buf_free(&bytes);
}

void smsc_metabase_facts(smsc_record *r)
{
	for (size_t i = 0; i < r->count; i++)
		if (r->fields[i].type == SMSC_RECORD)
			derive_hex((smsc_record *)r->fields[i].as.record);
}

static bool is_live(const char *path)
{
	static const char folder[] = "inetsrv";
	const char *last = smsc_path_last(path);
	size_t n = (size_t)(last - path);
	if (smsc_ascii_casecmp(last, "metabase.bin") && smsc_ascii_casecmp(last, "metabase.xml"))
		return false;
	for (size_t i = 0; folder[i]; i++)
		if (n < sizeof(folder) || smsc_ascii_lower(path[n - sizeof(folder) + i]) != folder[i])
			return false;
	return true;
}

static size_t count_values(const smsc_record *r)
{
	size_t count = 0;
	for (size_t i = 0; i < r->count; i++)
		count += !strcmp(r->fields[i].name, "encrypted_data");
	return count;
}

bool smsc_metabase_add(smsc_case *c, const smsc_snapshot *s, const smsc_record *r)
{
	const smsc_field *key = !strcmp(r->format, "metabase") ? smsc_record_get(r, "session_key") : NULL;
	if (!key || c->metabase_count >= MOST)
		return true;
	smsc_metabase *m = smsc_arena_alloc(c->arena, sizeof(*m));
	if (!m || !smsc_arena_grow(c->arena, &c->metabases, c->metabase_count, &c->metabase_room, sizeof(*c->metabases)))
		return false;
	/* The record lives as long as the case. */
	*m = (smsc_metabase){
		.snapshot = s, .path = r->path, .live = is_live(r->path), .at = key->at, .values = count_values(r),
		.wrapped = smsc_record_span(r, "session_key.key.encrypted_key"),
		.sign = smsc_record_span(r, "session_key.sign"), .data = smsc_record_span(r, "encrypted_data.data"),
		.data_sign = smsc_record_span(r, "encrypted_data.sign"), .proof = "none",
	};
	c->metabases[c->metabase_count++] = m;
	return true;
}

bool smsc_metabase_is_whole(const smsc_metabase *m)
{
	enum { MIN_MODULUS = 64 };  /* bytes: 512 bits, as the protocol has it */
	return m->sign.size >= MIN_MODULUS && m->wrapped.size >= MIN_MODULUS;
}

/* ---- the public-key test -------------------------------------------------------------------------- */

static bool same_key(const smsc_metabase *a, const smsc_metabase *b)
{
	return a->sign.size == b->sign.size && a->wrapped.size == b->wrapped.size && a->sign.size &&
		!memcmp(a->sign.data, b->sign.data, a->sign.size) &&
		(!a->wrapped.size || !memcmp(a->wrapped.data, b->wrapped.data, a->wrapped.size));
}

/* The same file in an earlier snapshot. */
static const smsc_metabase *before(const smsc_case *c, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (same_key(c->metabases[j], c->metabases[i]))
			return c->metabases[j];
	return NULL;
}

static bool signs(smsc_metabase *m, const smsc_key_file *f)
{
	const smsc_key *k = f->keys[SMSC_SIGNATURE];
	const smsc_record *public = k && k->named ? smsc_record_part(f->record, "signature.public") : NULL;
	smsc_span n = public ? smsc_record_span(public, "modulus") : smsc_span_of(NULL, 0);
	int done = n.size && n.size == m->sign.size ?
		smsc_metabase_signed(n, (uint32_t)smsc_record_number(public, "exponent", 0), m->sign, m->md5) : 0;
	if (done < 0)
		smsc_keep_failed(k->arena);
	m->named = done > 0;
	if (m->named)
		m->signer = k->print;
	return m->named;
}

/* Files of IIS's own container come first, then all others. */
static void find_signer(smsc_case *c, smsc_metabase *m, unsigned *tries)
{
	for (int others = 0; others < 2; others++)
		for (size_t i = 0; i < c->file_count && *tries < MAX_TRIES; i++) {
			const smsc_key_file *f = c->files[i];
			if ((strcmp(f->hash, SMSC_IIS_HASH) != 0) != others)
				continue;
			++*tries;
			if (signs(m, f))
				return;
		}
}

void smsc_metabases_find_signers(smsc_case *c)
{
	unsigned tries = 0;
	for (size_t i = 0; i < c->metabase_count; i++) {
		smsc_metabase *m = c->metabases[i];
		const smsc_metabase *old = before(c, i);
		if (!m->sign.size)
			continue;
		if (!old) {
			find_signer(c, m, &tries);
			continue;
		}
		m->named = old->named;
		m->signer = old->signer;
		memcpy(m->md5, old->md5, sizeof(m->md5));
	}
}

/* ---- the private-key test -------------------------------------------------------------------------- */

/* The first value, when this key signed it as well. */
static int opens_value(const smsc_metabase *m, const smsc_case *c, smsc_secret *session)
{
	uint8_t md5[SMSC_MD5_SIZE];
	for (size_t i = 0; m->data.size && i < c->file_count; i++) {
		const smsc_key_file *f = c->files[i];
		const smsc_key *k = f->keys[SMSC_SIGNATURE];
		if (!k || !k->named || memcmp(&k->print, &m->signer, sizeof(k->print)))
			continue;
		const smsc_record *public = smsc_record_part(f->record, "signature.public");
		int done = smsc_metabase_signed(smsc_record_span(public, "modulus"),
		                                (uint32_t)smsc_record_number(public, "exponent", 0), m->data_sign, md5);
		return done < 1 ? done :
			smsc_metabase_opens(smsc_span_of(smsc_secret_data(session), smsc_secret_size(session)), m->data, md5);
	}
	return 0;
}

void smsc_metabases_open(smsc_case *c, const smsc_key *key, const smsc_rsa *rsa)
{
	if (!key->named || strcmp(key->proof, "private-verified"))
		return;
	for (size_t i = 0; i < c->metabase_count; i++) {
		smsc_metabase *m = c->metabases[i];
		smsc_secret *session = NULL;
		int done = m->named && !m->opened ? smsc_metabase_unwrap(rsa, m->wrapped, m->md5, &session) : 0;
		if (done > 0) {
			m->opened = true;
			m->opener = key->print;
			done = opens_value(m, c, session);
			m->value_opened = done > 0;
		}
		if (done < 0)
			smsc_keep_failed(c->arena);
		smsc_secret_free(session);
	}
}

/* ---- generations ------------------------------------------------------------------------------------- */

static bool has_print(const smsc_key *k, const smsc_fingerprint *print)
{
	return k && k->named && !memcmp(&k->print, print, sizeof(*print));
}

/* How well a generation fits: 0 not at all. */
static int fit(const smsc_metabase *m, const smsc_generation *g)
{
	if (!m->named || !has_print(g->keys[SMSC_SIGNATURE], &m->signer))
		return 0;
	return 1 + 2 * (m->opened && has_print(g->keys[SMSC_EXCHANGE], &m->opener)) + !strcmp(g->hash, SMSC_IIS_HASH);
}

static bool sizes_fit(const smsc_metabase *m, const smsc_generation *g)
{
	const smsc_key *s = g->keys[SMSC_SIGNATURE], *x = g->keys[SMSC_EXCHANGE];
	return !strcmp(g->hash, SMSC_IIS_HASH) && s && x && s->bits / 8 == m->sign.size && x->bits / 8 == m->wrapped.size;
}

static void link_metabase(const smsc_case *c, smsc_metabase *m)
{
	int best = 0;
	bool size = false;
	for (size_t i = 0; i < c->generation_count; i++) {
		int n = fit(m, c->generations[i]);
		size |= sizes_fit(m, c->generations[i]);
		if (n > best) {
			best = n;
			m->generation = c->generations[i];
		}
	}
	m->proof = best > 2 ? "private-verified" : best ? "public-match" : size ? "size" : "none";
}

static const smsc_generation *in_use(const smsc_case *c, const smsc_snapshot *s)
{
	const char *guid = s->software ? s->software->machine_guid : NULL;
	const smsc_generation *found = NULL;
	for (size_t i = 0; guid && i < c->generation_count; i++) {
		const smsc_generation *g = c->generations[i];
		if (!strcmp(g->hash, SMSC_IIS_HASH) && !*g->owner && !strcmp(g->guid, guid) &&
		    smsc_generation_file_in(g, s))
			found = g;
	}
	return found;
}

void smsc_case_metabases(smsc_case *c)
{
	for (size_t i = 0; i < c->metabase_count; i++) {
		smsc_metabase *m = c->metabases[i];
		link_metabase(c, m);
		m->in_use = in_use(c, m->snapshot);
		m->fits = m->in_use && m->generation && smsc_generation_same_keys(m->in_use, m->generation);
	}
}
