/* trust.c - what records name of public keys, gathered. */
#include "trust.h"

#include <string.h>

#include "public_key.h"

#define MAX_NESTED 4   /* as deep as decoders put such values */

bool smsc_trust_format(const char *format)
{
	static const char *const formats[] = {
		"sms-aut", "smscfg", "tcf", "site-key", "trust-text", "wmi-carve", "client-key-data", "cms",
		"ccm-message", "key-blob",
	};
	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
		if (!strcmp(format, formats[i]))
			return true;
	return false;
}

/* ---- one value ------------------------------------------------------------------------- */

static bool hash_span(smsc_digest digest, smsc_span in, uint8_t *out)
{
	return in.size && smsc_hash(digest, in, out);
}

static bool of_key(smsc_trust *t, const smsc_record *v)
{
	int known = smsc_public_key_print(v, &t->print);
	t->has_print = known > 0;
	return known >= 0;
}

static void of_certificate(smsc_trust *t, const smsc_record *v)
{
	smsc_span key = smsc_record_span(v, "key");
	t->certificate = smsc_record_span(v, "der");
	t->has_print = hash_span(SMSC_SHA256, key, t->print.sha256) && hash_span(SMSC_SHA1, key, t->print.sha1);
	t->has_thumb = hash_span(SMSC_SHA1, t->certificate, t->thumb);
}

static void of_thumbprint(smsc_trust *t, const smsc_record *v)
{
	smsc_span sha1 = smsc_record_span(v, "sha1");
	t->has_thumb = sha1.size == SMSC_SHA1_SIZE;
	if (t->has_thumb)
		memcpy(t->thumb, sha1.data, SMSC_SHA1_SIZE);
}

static void of_fingerprint(smsc_trust *t, const smsc_record *v)
{
	smsc_span sha256 = smsc_record_span(v, "sha256");
	t->has_print = sha256.size == SMSC_SHA256_SIZE;
	if (t->has_print)
		memcpy(t->print.sha256, sha256.data, SMSC_SHA256_SIZE);
}

/* A value, or something else; false without memory. */
static bool read_value(smsc_trust *t, const smsc_record *v, bool *is_value)
{
	*is_value = true;
	t->issuer = smsc_record_span(v, "issuer");
	t->serial = smsc_record_span(v, "serial");
	t->key_id = smsc_record_span(v, "key_id");
	t->is_signed = smsc_record_span(v, "signature").size > 0;
	if (!strcmp(v->format, "public-key") || !strcmp(v->format, "key-blob"))
		return of_key(t, v);
	if (!strcmp(v->format, "certificate"))
		of_certificate(t, v);
	else if (!strcmp(v->format, "fingerprint"))
		of_fingerprint(t, v);
	else if (!strcmp(v->format, "thumbprint"))
		of_thumbprint(t, v);
	else
		*is_value = !strcmp(v->format, "recipient");
	return true;
}

/* ---- all values of a record --------------------------------------------------------------- */

/* Who says so: a client where the record is about one, else the server. */
static const char *holder_in(const smsc_record *r)
{
	static const char *const names[] = { "client", "source_host", "machine_name", "fqdn" };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const char *text = smsc_record_text(r, names[i]);
		if (text)
			return text;
	}
	return NULL;
}

static bool add(smsc_trusts *list, const smsc_trust *t)
{
	smsc_trust *kept = smsc_arena_alloc(list->arena, sizeof(*kept));
	if (!kept || !smsc_arena_grow(list->arena, &list->at, list->count, &list->room, sizeof(*list->at)))
		return false;
	*kept = *t;
	kept->order = list->count;
	list->at[list->count++] = kept;
	return true;
}

static bool gather(smsc_trusts *list, const smsc_trust *like, const smsc_record *v, uint64_t at, int depth)
{
	smsc_trust t = *like;
	const char *role = smsc_record_text(v, "role"), *holder = holder_in(v);
	bool is_value;
	t.at = at;
	t.record = v;
	if (holder)
		t.holder = holder;
	if (role)
		t.role = role;
	if (!read_value(&t, v, &is_value))
		return false;
	if (is_value)
		return add(list, &t);
	const smsc_record *header = smsc_record_part(v, "header");
	if (header && holder_in(header))
		t.holder = holder_in(header);
	for (size_t i = 0; depth && i < v->count; i++)
		if (v->fields[i].type == SMSC_RECORD &&
		    !gather(list, &t, v->fields[i].as.record, v->fields[i].at, depth - 1))
			return false;
	return true;
}

bool smsc_trust_gather(smsc_trusts *list, const smsc_record *r, const smsc_snapshot *s, smsc_time seen)
{
	const smsc_trust like = { .snapshot = s, .path = r->path ? r->path : "", .role = "public-key",
	                          .seen = seen, .why = "" };
	return gather(list, &like, r, 0, MAX_NESTED);
}

bool smsc_case_trust_add(smsc_case *c, const smsc_record *r, const smsc_snapshot *s, smsc_time seen)
{
	smsc_trusts list = { c->arena, c->trusts, c->trust_count, c->trust_room };
	bool good = !smsc_trust_format(r->format) || smsc_trust_gather(&list, r, s, seen);
	c->trusts = list.at;
	c->trust_count = list.count;
	c->trust_room = list.room;
	return good;
}
