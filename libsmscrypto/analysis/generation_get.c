/* generation_get.c - what a generation and its keys tell. */
#include "case.h"

#define G const smsc_generation *g
#define K const smsc_key *k

const char *smsc_generation_container(G)    { return g->container; }
const char *smsc_generation_product(G)      { return g->product; }
const char *smsc_generation_file_hash(G)    { return g->hash; }
const char *smsc_generation_machine_guid(G) { return g->guid; }
unsigned    smsc_generation_number(G)       { return g->number; }
const char *smsc_generation_state(G)        { return g->state; }
const char *smsc_generation_change(G)       { return g->change; }
int64_t     smsc_generation_size(G)         { return g->size; }
smsc_time   smsc_generation_created(G)      { return g->stamp.created; }
smsc_time   smsc_generation_modified(G)     { return g->stamp.modified; }
int64_t     smsc_generation_slack(G)        { return g->stamp.slack; }
const char *smsc_generation_clock(G)        { return g->stamp.clock; }
smsc_time   smsc_generation_first_seen(G)   { return g->first_seen; }
smsc_time   smsc_generation_last_seen(G)    { return g->last_seen; }
const smsc_key *smsc_generation_signature(G) { return g->keys[SMSC_SIGNATURE]; }
const smsc_key *smsc_generation_exchange(G)  { return g->keys[SMSC_EXCHANGE]; }
size_t      smsc_generation_file_count(G)   { return g->file_count; }

const smsc_source *smsc_generation_file_source(G, size_t i)
{
	return i < g->file_count ? g->files[i]->snapshot->source : NULL;
}

const char *smsc_generation_file_path(G, size_t i)
{
	return i < g->file_count ? g->files[i]->path : NULL;
}

smsc_generation *smsc_generation_ref(G)
{
	if (g)
		smsc_arena_ref(g->arena);
	return (smsc_generation *)g;
}

void smsc_generation_unref(G)
{
	if (g)
		smsc_arena_unref(g->arena);
}

static smsc_span print_span(K, const uint8_t *digest, size_t size)
{
	return (smsc_span){ k->named ? digest : NULL, k->named ? size : 0 };
}

const char *smsc_key_algorithm(K)   { return k->algorithm; }
unsigned    smsc_key_bits(K)        { return k->bits; }
smsc_span   smsc_key_spki_sha256(K) { return print_span(k, k->print.sha256, SMSC_SHA256_SIZE); }
smsc_span   smsc_key_spki_sha1(K)   { return print_span(k, k->print.sha1, SMSC_SHA1_SIZE); }
smsc_span   smsc_key_public_blob(K) { return k->public_blob; }
const char *smsc_key_proof(K)       { return k->proof; }
int64_t     smsc_key_size(K)        { return k->public_size + k->private_size + k->flag_size; }
const char *smsc_key_master_key(K)  { return k->master_key; }
const char *smsc_key_reason(K)      { return k->reason; }
int         smsc_key_exportable(K)  { return k->exportable; }

smsc_key *smsc_key_ref(K)
{
	if (k)
		smsc_arena_ref(k->arena);
	return (smsc_key *)k;
}

void smsc_key_unref(K)
{
	if (k)
		smsc_arena_unref(k->arena);
}
