/* unlock_key.c - the private keys of containers: opened, then proved by arithmetic. */
#include <stdio.h>
#include <string.h>

#include "../base/cursor.h"
#include "../crypto/dsa.h"
#include "../crypto/rsa.h"
#include "keep.h"
#include "keyring.h"
#include "metabase.h"
#include "public_key.h"

bool smsc_blob_of(const smsc_record *r, const char *name, smsc_span file, smsc_blob *out)
{
	const smsc_record *b = smsc_record_part(r, name);
	const smsc_field *data = b ? smsc_record_get(b, "data") : NULL;
	const smsc_field *begin = b ? smsc_record_get(b, "master_key_version") : NULL;
	if (!data || !begin || !smsc_record_get(b, "sign") || begin->at > data->at ||
	    data->at + data->bytes > file.size)
		return false;
	*out = (smsc_blob){
		.cipher = (uint32_t)smsc_record_number(b, "cipher", 0),
		.key_bits = (uint32_t)smsc_record_number(b, "cipher_bits", 0),
		.hash = (uint32_t)smsc_record_number(b, "hash", 0),
		.salt = smsc_record_span(b, "salt"), .aux = smsc_record_span(b, "aux"),
		.nonce = smsc_record_span(b, "nonce"), .data = smsc_record_span(b, "data"),
		.sign = smsc_record_span(b, "sign"),
		.signed_part = smsc_span_cut(file, (size_t)begin->at, (size_t)(data->at + data->bytes - begin->at)),
	};
	return true;
}

/* One pair being opened. */
typedef struct pair {
	smsc_case *c;
	smsc_key  *key;
	const smsc_record *record;
	smsc_span  file;
	smsc_span  sha1;               /* of the master key */
	bool       proved;             /* the master key's tag was right */
} pair;

static void say(const pair *p, const char *proof, const char *reason)
{
	const char *kept = smsc_arena_text(p->c->arena, reason, strlen(reason));
	if (smsc_ran_out(reason))
		smsc_keep_failed(p->c->arena);
	p->key->proof = proof;
	p->key->reason = kept ? kept : "";
}

/* ---- arithmetic ---- */

/* Without a public half in the file there is nothing that it could be the private half of. */
static const char *no_public = "decrypted and sound, but the public key beside it is torn";

static void judge_rsa(const pair *p, const smsc_rsa *rsa)
{
	const smsc_record *public = smsc_record_part(p->record, "public");
	smsc_span n = public ? smsc_record_span(public, "modulus") : smsc_span_of(NULL, 0);
	smsc_key_state state = smsc_rsa_check(rsa, n, n.size ? (uint32_t)smsc_record_number(public, "exponent", 0) : 0);
	if (state == SMSC_KEY_NO_MEMORY)
		say(p, "locked", smsc_no_memory);
	else if (state == SMSC_KEY_DAMAGED)
		say(p, "private-damaged", "decrypted, but its numbers contradict each other");
	else if (!n.size)
		say(p, "private-mismatch", no_public);
	else if (state == SMSC_KEY_MISMATCH)
		say(p, "private-mismatch", "decrypted and sound, but it belongs to another public key");
	else
		say(p, "private-verified", "decrypted; p*q = n, e*d = 1, and n and e are those of the public key");
}

static void judge_dsa(const pair *p, const smsc_dsa *dsa)
{
	switch (smsc_dsa_check(dsa)) {
	case SMSC_KEY_VERIFIED:
		say(p, "private-verified", "decrypted; 0 < x < q, g^q = 1, and g^x is y of the public key");
		break;
	case SMSC_KEY_MISMATCH:
		say(p, "private-mismatch", "decrypted, but g^x is not y of the public key");
		break;
	case SMSC_KEY_DAMAGED:
		say(p, "private-damaged", "decrypted, but its numbers contradict those of the public key");
		break;
	default:
		say(p, "locked", smsc_no_memory);
	}
}

/* Where the bytes of a DSS pair's public half stand. */
static smsc_span public_bytes(const pair *p)
{
	const smsc_field *f = smsc_record_get(p->record, "public");
	return f && f->at < p->file.size ? smsc_span_cut(p->file, (size_t)f->at, (size_t)f->bytes)
	                                 : smsc_span_of(NULL, 0);
}

/* Takes `plain`, which is wiped unless the caller asked before that it be kept. */
static void judge(const pair *p, smsc_secret *plain)
{
	smsc_span in = smsc_span_of(smsc_secret_data(plain), smsc_secret_size(plain));
	smsc_rsa rsa;
	smsc_dsa dsa;
	if (smsc_rsa_of_bsafe(in, &rsa)) {
		judge_rsa(p, &rsa);
		smsc_metabases_open(p->c, p->key, &rsa);
	} else if (smsc_dsa_of_container(public_bytes(p), in, &dsa)) {
		judge_dsa(p, &dsa);
	} else {
		say(p, "private-damaged", "decrypted, but what is in it is no private key of a known form");
	}
	if (!strcmp(p->key->proof, "private-verified") && (p->c->settings.allow & SMSC_ALLOW_EXPORT)) {
		p->key->public_part = public_bytes(p);
		p->key->plain = plain;
	} else {
		smsc_secret_free(plain);
	}
}

/* ---- blobs ---- */

static bool is_private_key(smsc_span plain)
{
	smsc_rsa k;
	return smsc_rsa_of_bsafe(plain, &k);
}

static bool is_flag(smsc_span plain)
{
	return plain.size == 4 && smsc_le32(plain.data) <= 1;
}

/* The key stays good without it, but what is wrong is said. */
static void flag_lost(const pair *p, const char *why)
{
	if (smsc_ran_out(why))
		smsc_keep_failed(p->c->arena);
	const char *text = smsc_arena_printf(p->c->arena, "%s; its export flag does not open: %s", p->key->reason, why);
	if (text)
		p->key->reason = text;
}

/* The export flag has an entropy of its own [capi-dpapi 2.3]. */
static void open_flag(const pair *p)
{
	static const char entropy[] = "Hj1diQ6kpUx7VC4m";
	smsc_blob blob;
	smsc_why why = "its DPAPI blob is torn";
	if (!smsc_record_part(p->record, "export_flag"))
		return;
	smsc_secret *plain = smsc_blob_of(p->record, "export_flag", p->file, &blob) ?
		smsc_blob_open(&blob, p->sha1, smsc_span_of(entropy, sizeof entropy), is_flag, why) : NULL;
	if (plain && is_flag(smsc_span_of(smsc_secret_data(plain), smsc_secret_size(plain))))
		p->key->exportable = smsc_le32(smsc_secret_data(plain)) != 0;
	else
		flag_lost(p, plain ? "it is neither 0 nor 1" : why);
	smsc_secret_free(plain);
}

/* A wrong signature is damage only where the master key is known to be the right one. */
static void refused(const pair *p, const smsc_why why)
{
	char text[SMSC_WHY + 64];
	if (!smsc_why_is_damage(why)) {
		say(p, "locked", why);
	} else if (p->proved) {
		say(p, "private-damaged", why);
	} else {
		snprintf(text, sizeof text, "the master key %s that was given does not open it", p->key->master_key);
		say(p, "locked", text);
	}
}

static void open_pair(pair *p, const smsc_keyring *ring)
{
	smsc_blob blob;
	smsc_why why = "";
	if (!smsc_blob_of(p->record, "private", p->file, &blob)) {
		say(p, "private-damaged", "its DPAPI blob is torn");
		return;
	}
	p->sha1 = smsc_keyring_master(ring, p->key->master_key, &p->proved, why);
	if (!p->sha1.size) {
		say(p, "locked", why);
		return;
	}
	smsc_secret *plain = smsc_blob_open(&blob, p->sha1, smsc_span_of(NULL, 0), is_private_key, why);
	if (!plain) {
		refused(p, why);
		return;
	}
	judge(p, plain);
	open_flag(p);
}

bool smsc_key_file_open(smsc_case *c, smsc_key_file *f, const smsc_keyring *ring)
{
	static const char *const pairs[2] = { "signature", "exchange" };
	for (int which = 0; which < 2; which++) {
		pair p = { .c = c, .key = f->keys[which], .file = f->bytes };
		p.record = p.key ? smsc_record_part(f->record, pairs[which]) : NULL;
		if (p.record && !strcmp(p.key->proof, "locked"))
			open_pair(&p, ring);
	}
	return !smsc_arena_failed(c->arena);
}
