/* certificate_get.c - what a certificate tells. */
#include "case.h"

#define X const smsc_certificate *x

size_t smsc_case_certificate_count(const smsc_case *c) { return c->certificate_count; }

const smsc_certificate *smsc_case_certificate_at(const smsc_case *c, size_t i)
{
	return i < c->certificate_count ? c->certificates[i] : NULL;
}

smsc_span   smsc_certificate_der(X)        { return x->der; }
smsc_span   smsc_certificate_sha1(X)       { return (smsc_span){ x->sha1, SMSC_SHA1_SIZE }; }
const char *smsc_certificate_subject(X)    { return x->subject; }
const char *smsc_certificate_issuer(X)     { return x->issuer; }
const char *smsc_certificate_serial(X)     { return x->serial; }
const char *smsc_certificate_usages(X)     { return x->usages; }
smsc_time   smsc_certificate_not_before(X) { return x->not_before; }
smsc_time   smsc_certificate_not_after(X)  { return x->not_after; }
const char *smsc_certificate_algorithm(X)  { return x->algorithm; }
unsigned    smsc_certificate_bits(X)       { return x->bits; }
smsc_span   smsc_certificate_spki_sha256(X) { return (smsc_span){ x->print.sha256, SMSC_SHA256_SIZE }; }
const char *smsc_certificate_store(X)      { return x->store; }
const char *smsc_certificate_friendly(X)   { return x->friendly; }
const char *smsc_certificate_container(X)  { return x->container; }
const smsc_generation *smsc_certificate_generation(X) { return x->generation; }
size_t      smsc_certificate_place_count(X) { return x->place_count; }

const char *smsc_certificate_key(X)
{
	return !x->generation ? "" : x->which == SMSC_SIGNATURE ? "signature" : "exchange";
}

const smsc_source *smsc_certificate_place_source(X, size_t i)
{
	return i < x->place_count ? x->places[i].snapshot->source : NULL;
}

const char *smsc_certificate_place_path(X, size_t i)
{
	return i < x->place_count ? x->places[i].path : NULL;
}

const char *smsc_certificate_place_store(X, size_t i)
{
	return i < x->place_count ? x->places[i].store : NULL;
}

uint64_t smsc_certificate_place_offset(X, size_t i)
{
	return i < x->place_count ? x->places[i].at : 0;
}

smsc_certificate *smsc_certificate_ref(X)
{
	if (x)
		smsc_arena_ref(x->arena);
	return (smsc_certificate *)x;
}

void smsc_certificate_unref(X)
{
	if (x)
		smsc_arena_unref(x->arena);
}

size_t smsc_generation_certificate_count(const smsc_generation *g)
{
	return g->certificate_count[SMSC_SIGNATURE] + g->certificate_count[SMSC_EXCHANGE];
}

const smsc_certificate *smsc_generation_certificate_at(const smsc_generation *g, size_t i)
{
	size_t first = g->certificate_count[SMSC_SIGNATURE];
	if (i < first)
		return g->certificates[SMSC_SIGNATURE][i];
	return i - first < g->certificate_count[SMSC_EXCHANGE] ? g->certificates[SMSC_EXCHANGE][i - first] : NULL;
}
