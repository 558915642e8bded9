/* certificate.c - each content of the stores once, each certificate once, all their places.
 *
 * The same roots lie in every store of every backup: their bytes are decoded the first time
 * only.  Contents are found by a hash table of fixed size; that it never grows bounds what
 * evidence made to hurt can cost.
 */
#include "certificate.h"

#include <string.h>

#include "certificate_facts.h"
#include "keep.h"
#include "public_key.h"

enum { BUCKETS = 4096, MOST = 65536, MOST_PLACES = 1 << 18 };

typedef struct smsc_certificate_index {
	smsc_certificate      *certificates[BUCKETS];
	smsc_certificate_form *forms[BUCKETS];
	size_t                 form_count;
	bool                   full;
} smsc_certificate_index;

static size_t bucket(const uint8_t *digest)
{
	return (digest[0] | (size_t)digest[1] << 8) % BUCKETS;
}

static smsc_certificate_index *index_of(smsc_case *c)
{
	if (!c->certificate_index)
		c->certificate_index = smsc_arena_alloc(c->arena, sizeof(*c->certificate_index));
	return c->certificate_index;
}

const smsc_certificate_form *smsc_certificate_seen(const smsc_case *c, const uint8_t content[SMSC_SHA256_SIZE])
{
	const smsc_certificate_form *f = c->certificate_index ?
		c->certificate_index->forms[bucket(content)] : NULL;
	while (f && memcmp(f->content, content, SMSC_SHA256_SIZE))
		f = f->next;
	return f;
}

/* Once: thousands more would say the same. */
static void tell_full(smsc_case *c, const smsc_certificate_found *where)
{
	if (!c->certificate_index->full)
		smsc_findings_add(&c->findings, c->arena, SMSC_RULE_D008,
		                  smsc_case_place(c, where->snapshot, where->path), where->at,
		                  "only %d certificates in %d places are read", MOST, MOST_PLACES);
	c->certificate_index->full = true;
}

/* ---- certificates ---------------------------------------------------------------------------- */

static void fill(smsc_certificate *x, smsc_arena *arena, const smsc_x509_facts *f)
{
	*x = (smsc_certificate){
		.arena = arena, .subject = f->subject, .issuer = f->issuer, .serial = f->serial, .usages = f->usages,
		.algorithm = f->algorithm, .bits = f->bits, .subject_der = f->subject_der, .issuer_der = f->issuer_der,
		.serial_bytes = f->serial_bytes, .key_id = f->key_id, .not_before = f->not_before,
		.not_after = f->not_after, .print = f->print, .named = true, .self_signed = f->self_signed,
	};
	memcpy(x->sha1, f->sha1, SMSC_SHA1_SIZE);
}

static smsc_certificate *known(const smsc_certificate_index *index, smsc_span der, const uint8_t *sha1)
{
	smsc_certificate *x = index->certificates[bucket(sha1)];
	while (x && (memcmp(x->sha1, sha1, SMSC_SHA1_SIZE) || x->der.size != der.size ||
	             memcmp(x->der.data, der.data, der.size)))
		x = x->next;
	return x;
}

/* The certificate in `der`; NULL when there is none, and without memory. */
static smsc_certificate *certificate_of(smsc_case *c, smsc_span der)
{
	smsc_certificate_index *index = c->certificate_index;
	smsc_x509_facts facts;
	size_t size = 0;
	int good = smsc_x509_read(c->arena, der, &facts, &size);
	if (good < 0)
		smsc_keep_failed(c->arena);
	if (good <= 0)
		return NULL;
	der = smsc_span_cut(der, 0, size);
	smsc_certificate *x = known(index, der, facts.sha1);
	if (x || c->certificate_count >= MOST)
		return x;
	x = smsc_arena_alloc(c->arena, sizeof(*x));
	void *copy = smsc_arena_copy(c->arena, der.data, der.size);
	if (!x || !copy || !smsc_arena_grow(c->arena, &c->certificates, c->certificate_count,
	                                    &c->certificate_room, sizeof(*c->certificates)))
		return NULL;
	fill(x, c->arena, &facts);
	x->der = smsc_span_of(copy, der.size);
	x->next = index->certificates[bucket(x->sha1)];
	index->certificates[bucket(x->sha1)] = x;
	c->certificates[c->certificate_count++] = x;
	return x;
}

/* ---- forms -------------------------------------------------------------------------------------- */

static const char *text_of(smsc_case *c, const smsc_record *r, const char *name)
{
	const char *text = r ? smsc_record_text(r, name) : NULL;
	const char *kept = text ? smsc_arena_text(c->arena, text, strlen(text)) : NULL;
	return kept ? kept : "";
}

static void read_properties(smsc_case *c, smsc_certificate_form *f, const smsc_record *r)
{
	const smsc_record *key = r ? smsc_record_part(r, "key_provider") : NULL;
	const smsc_field *date = r ? smsc_record_get(r, "date_stamp.value") : NULL;
	f->friendly = text_of(c, r, "friendly_name.value");
	f->container = text_of(c, key, "container");
	f->provider = text_of(c, key, "provider");
	f->provider_type = key ? smsc_record_number(key, "provider_type", 0) : 0;
	f->key_spec = key ? (int)smsc_record_number(key, "key_spec", 0) : 0;
	f->has_key_property = key != NULL;
	f->archived = r && smsc_record_part(r, "archived");
	f->date_stamp = date && date->type == SMSC_TIME ? date->as.time : SMSC_NEVER;
}

typedef struct taking {
	smsc_case *c;
	const smsc_certificate_found *where;
} taking;

static const smsc_certificate_form *form_of(smsc_case *c, const smsc_certificate_part *part,
                                            const uint8_t *content)
{
	smsc_certificate_index *index = c->certificate_index;
	smsc_certificate_form *f = index->form_count < MOST ? smsc_arena_alloc(c->arena, sizeof(*f)) : NULL;
	if (!f)
		return NULL;
	memcpy(f->content, content, SMSC_SHA256_SIZE);
	f->der_at = (uint64_t)((const char *)part->der.data - (const char *)part->whole.data);
	read_properties(c, f, part->properties);
	f->certificate = certificate_of(c, part->der);
	f->next = index->forms[bucket(content)];
	index->forms[bucket(content)] = f;
	index->form_count++;
	return f;
}

static bool take(void *user, const smsc_certificate_part *part)
{
	taking *t = user;
	uint8_t content[SMSC_SHA256_SIZE];
	smsc_certificate_found where = *t->where;
	if (!smsc_hash(SMSC_SHA256, part->whole, content))
		return false;
	const smsc_certificate_form *f = smsc_certificate_seen(t->c, content);
	if (!f)
		f = form_of(t->c, part, content);
	if (!f && !smsc_arena_failed(t->c->arena))
		tell_full(t->c, t->where);
	if (!f)
		return false;
	where.at += part->at - f->der_at;
	return smsc_certificate_place_add(t->c, &where, f);
}

bool smsc_certificates_of_record(smsc_case *c, const smsc_certificate_found *where, const smsc_record *r,
                                 smsc_span bytes)
{
	taking t = { c, where };
	if (!index_of(c))
		return false;
	smsc_certificate_parts(r, bytes, take, &t);
	return !smsc_arena_failed(c->arena);
}

/* ---- places ----------------------------------------------------------------------------------------- */

bool smsc_certificate_place_add(smsc_case *c, const smsc_certificate_found *where,
                                const smsc_certificate_form *form)
{
	if (!form->certificate)
		return true;
	if (c->place_count >= MOST_PLACES)
		tell_full(c, where);
	else if (!smsc_arena_grow(c->arena, &c->places, c->place_count, &c->place_room, sizeof(*c->places)))
		return false;
	else
		c->places[c->place_count++] = (smsc_certificate_place){
			where->snapshot, where->path, where->at + form->der_at, where->store, where->machine, form
		};
	return true;
}
