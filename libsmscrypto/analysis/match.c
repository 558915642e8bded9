/* match.c - which generation is this? */
#include "match.h"

#include <string.h>

#include "../base/error.h"
#include "keep.h"
#include "public_key.h"

static void let_go(void *arg)
{
	smsc_matches *m = arg;
	smsc_record_unref(m->record);
	smsc_case_unref(m->c);
}

static smsc_matches *make(const smsc_case *c, smsc_error **err)
{
	smsc_arena *arena = smsc_arena_new();
	smsc_matches *m = arena ? smsc_arena_alloc(arena, sizeof(*m)) : NULL;
	if (m) {
		*m = (smsc_matches){ .arena = arena, .c = c, .trusts = { .arena = arena } };
		if (smsc_arena_on_free(arena, let_go, m)) {
			smsc_case_ref(c);
			return m;
		}
	}
	smsc_arena_unref(arena);
	smsc_fail_nomem(err);
	return NULL;
}

/* ---- what is said of each ---- */

static const char *proof_of(const smsc_trust *t)
{
	if (!t->generation)
		return "none";
	const char *proof = t->generation->keys[t->which]->proof;
	return strcmp(proof, "public-only") ? proof : "public-match";
}

static const char *via_of(const smsc_trust *t)
{
	if (t->via)
		return "by way of a certificate of the evidence: ";
	return strcmp(t->role, "message-recipient") ? "" : "by the identifier of the key: ";
}

static const char *text_of(smsc_matches *m, const smsc_trust *t)
{
	const smsc_generation *g = t->generation;
	if (!g)
		return t->why;
	const smsc_key *k = g->keys[t->which];
	return smsc_keep_printf(m->arena, "%sthe %s key of generation %u of %s%s%s%s%s", via_of(t),
	                        t->which == SMSC_SIGNATURE ? "signature" : "exchange", g->number, g->container,
	                        *k->reason ? "; " : "", k->reason, t->signer ? "; signed by that site: " : "",
	                        t->signer ? t->signer->container : "");
}

/* The message that has `recipient` among its parts. */
static const smsc_record *envelope_of(const smsc_trust *t)
{
	return !strcmp(t->record->format, "recipient") ? t->record->parent : NULL;
}

static int fill(smsc_matches *m, const char *name, smsc_error **err)
{
	m->at = smsc_arena_alloc(m->arena, (m->trusts.count + 1) * sizeof(*m->at));
	if (!m->at)
		return smsc_fail_nomem(err);
	for (size_t i = 0; i < m->trusts.count; i++) {
		const smsc_trust *t = m->trusts.at[i];
		m->at[m->count++] = (smsc_match){ m, t, name, proof_of(t), text_of(m, t), envelope_of(t) };
	}
	return smsc_arena_failed(m->arena) ? smsc_fail_nomem(err) : 0;
}

/* ---- the call ---- */

static int match(smsc_matches *m, const char *name, smsc_span data, smsc_error **err)
{
	m->record = smsc_match_read(m->c, name, data, err);
	if (!m->record)
		return -1;
	if (!smsc_trust_gather(&m->trusts, m->record, NULL, SMSC_NEVER) || !smsc_trust_link(m->c, &m->trusts))
		return smsc_fail_nomem(err);
	if (!m->trusts.count)
		return smsc_fail(err, SMSC_EFORMAT, name, 0, "nothing in it names a public key");
	return fill(m, m->record->path, err);
}

smsc_matches *smsc_case_match(const smsc_case *c, const char *name, const void *data, size_t size,
                              smsc_error **err)
{
	if (smsc_failed(err))
		return NULL;
	if (!c->final || (!data && size)) {
		smsc_fail(err, SMSC_EARG, name, -1, c->final ? "smsc_case_match: no bytes" : "the case is not analyzed yet");
		return NULL;
	}
	smsc_matches *m = make(c, err);
	if (m && match(m, name ? name : "", smsc_span_of(data ? data : "", size), err) < 0) {
		smsc_matches_unref(m);
		m = NULL;
	}
	return m;
}

/* ---- getters ---- */

size_t smsc_matches_count(const smsc_matches *m)
{
	return m->count;
}

const smsc_match *smsc_matches_at(const smsc_matches *m, size_t i)
{
	return i < m->count ? &m->at[i] : NULL;
}

smsc_matches *smsc_matches_ref(const smsc_matches *m)
{
	if (m)
		smsc_arena_ref(m->arena);
	return (smsc_matches *)m;
}

void smsc_matches_unref(const smsc_matches *m)
{
	if (m)
		smsc_arena_unref(m->arena);
}

#define M const smsc_match *m

const char *smsc_match_evidence(M) { return m->evidence; }
uint64_t    smsc_match_offset(M)   { return m->trust->at; }
const char *smsc_match_role(M)     { return m->trust->role; }
const char *smsc_match_holder(M)   { return m->trust->holder; }
const char *smsc_match_proof(M)    { return m->proof; }
const char *smsc_match_text(M)     { return m->text; }
const smsc_generation *smsc_match_generation(M) { return m->trust->generation; }
const smsc_generation *smsc_match_signer(M)     { return m->trust->signer; }

const char *smsc_match_key(M)
{
	return !m->trust->generation ? "" : m->trust->which == SMSC_SIGNATURE ? "signature" : "exchange";
}

smsc_span smsc_match_spki_sha256(M)
{
	return m->trust->has_print ? smsc_span_of(m->trust->print.sha256, SMSC_SHA256_SIZE) : smsc_span_of(NULL, 0);
}

smsc_match *smsc_match_ref(M)
{
	if (m)
		smsc_arena_ref(m->list->arena);
	return (smsc_match *)m;
}

void smsc_match_unref(M)
{
	if (m)
		smsc_arena_unref(m->list->arena);
}
