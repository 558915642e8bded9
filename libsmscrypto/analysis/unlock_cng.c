/* unlock_cng.c - CNG key files: opened, checked, and the result put beside their fields. */
#include <stdio.h>
#include <string.h>

#include "../crypto/cng.h"
#include "keyring.h"
#include "public_key.h"

enum { PUBLIC_KEY = 10 };  /* type of the property that holds it [capi-dpapi 3] */

bool smsc_cng_file_add(smsc_case *c, const smsc_snapshot *s, smsc_record *record, smsc_span bytes)
{
	if (strcmp(record->format, "cng-key"))
		return true;
	void *copy = smsc_arena_copy(c->arena, bytes.data, bytes.size);
	if (!copy || !smsc_arena_grow(c->arena, &c->cngs, c->cng_count, &c->cng_room, sizeof *c->cngs))
		return false;
	c->cngs[c->cng_count++] = (smsc_cng_file){ s, record, smsc_span_of(copy, bytes.size) };
	return true;
}

/* The public key in the clear, or empty: symmetric keys have none. */
static smsc_span public_of(const smsc_record *record)
{
	const smsc_record *all = smsc_record_part(record, "public_properties");
	const smsc_field *f;
	for (size_t i = 0; all && (f = smsc_record_at(all, i)); i++)
		if (f->type == SMSC_RECORD && smsc_record_number(f->as.record, "type", 0) == PUBLIC_KEY)
			return smsc_record_span(f->as.record, "value");
	return smsc_span_of(NULL, 0);
}

/* What is told of a key, besides its finding. */
typedef struct verdict {
	const char  *proof, *reason;
	smsc_rule_id rule;
	smsc_cng     key;
} verdict;

static verdict judge(smsc_span plain, smsc_span public)
{
	smsc_cng key = { .algorithm = "" };
	if (!smsc_cng_read(plain, &key))
		return (verdict){ "locked", "decrypted, but the kind of key is not known", SMSC_RULE_K005, key };
	switch (smsc_cng_check(plain, public)) {
	case SMSC_KEY_VERIFIED:
		return (verdict){ "private-verified", key.key.size ? "decrypted; its signature is right" :
		                  "decrypted, sound, and it fits the public key", SMSC_RULE_COUNT, key };
	case SMSC_KEY_MISMATCH:
		return (verdict){ "private-mismatch", "decrypted and sound, but it belongs to another public key",
		                  SMSC_RULE_K004, key };
	case SMSC_KEY_DAMAGED:
		return (verdict){ "private-damaged", "decrypted, but its numbers contradict each other",
		                  SMSC_RULE_K018, key };
	default:
		return (verdict){ "locked", "decrypted, but it could not be checked", SMSC_RULE_K005, key };
	}
}

static verdict open_key(const smsc_cng_file *f, const smsc_keyring *ring, smsc_why why)
{
	smsc_blob blob;
	bool proved;
	verdict locked = { "locked", why, SMSC_RULE_K005, { .algorithm = "" } };
	verdict damaged = { "private-damaged", why, SMSC_RULE_K018, { .algorithm = "" } };
	snprintf(why, SMSC_WHY, "its DPAPI blob is torn");
	if (!smsc_blob_of(f->record, "private_key", f->bytes, &blob))
		return damaged;
	const char *guid = smsc_record_text(f->record, "private_key.master_key");
	smsc_span sha1 = smsc_keyring_master(ring, guid ? guid : "", &proved, why);
	if (!sha1.size)
		return locked;
	smsc_secret *plain = smsc_blob_open(&blob, sha1, smsc_cng_key_entropy, NULL, why);
	if (!plain)
		return proved && smsc_why_is_damage(why) ? damaged : locked;
	verdict v = judge(smsc_span_of(smsc_secret_data(plain), smsc_secret_size(plain)), public_of(f->record));
	smsc_secret_free(plain);
	v.key.key = smsc_span_of(NULL, 0);
	return v;
}

static void put(smsc_record *r, const char *name, const char *meaning, const char *text, uint64_t at)
{
	if (*text)
		smsc_put_text(r, name, meaning, text, strlen(text), at, 0);
}

bool smsc_cng_file_open(smsc_case *c, const smsc_cng_file *f, const smsc_keyring *ring)
{
	smsc_why why = "";
	const smsc_field *key = smsc_record_get(f->record, "private_key");
	if (!key)
		return true;
	uint64_t at = key->at;
	verdict v = open_key(f, ring, why);
	if (smsc_ran_out(v.reason))
		return false;
	put(f->record, "proof", "how far the proof goes, as of a container's key", v.proof, at);
	put(f->record, "reason", "why that is so", v.reason, at);
	put(f->record, "algorithm", "what kind of key it is", v.key.algorithm, at);
	if (v.key.bits)
		smsc_put_int(f->record, "bits", "length of the key", v.key.bits, at, 0);
	const char *name = smsc_record_text(f->record, "name");
	if (v.rule != SMSC_RULE_COUNT && (v.rule != SMSC_RULE_K005 || c->tried))
		smsc_findings_add(&c->findings, c->arena, v.rule, smsc_case_place(c, f->snapshot, f->record->path), at,
		                  "%s: %s", name ? name : "CNG key", v.reason);
	return !smsc_arena_failed(f->record->arena) && !smsc_arena_failed(c->arena);
}
