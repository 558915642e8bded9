/* unlock.c - from the boot key down to the private keys [capi-dpapi 4 to 6].
 *
 * Which secret opens what is never assumed: all are tried, and the check value, tag or
 * signature of each layer decides.  Backups of different days may be mixed. */
#include "unlock.h"

#include <stdlib.h>
#include <string.h>

#include "../base/ident.h"
#include "../base/text.h"
#include "../crypto/hash.h"
#include "../crypto/lsa.h"
#include "../crypto/rsa.h"
#include "generation.h"
#include "keyring.h"
#include "machine.h"
#include "public_key.h"

/* ---- LSA secrets ---- */

/* The LSA key: the boot key of the same snapshot first, then every other, since a restored
 * SECURITY may stand beside a SYSTEM of another day. */
static smsc_secret *lsa_key(smsc_case *c, smsc_security *s)
{
	smsc_why why = "no SYSTEM hive gives a boot key";
	for (int round = 0; round < 2; round++)
		for (size_t i = 0; i < c->system_count; i++) {
			const smsc_system *system = c->systems[i];
			if (!system->boot_key || (system->snapshot == s->snapshot) == round)
				continue;
			smsc_secret *key = s->nt6 ? smsc_lsa_key_nt6(s->policy_key, system->boot_key, why)
			                          : smsc_lsa_key_nt5(s->policy_key, system->boot_key, why);
			if (key)
				return key;
		}
	s->why = smsc_arena_text(c->arena, why, strlen(why));
	return NULL;
}

/* u32 1, machine half, user half. */
static bool add_dpapi_system(smsc_keyring *ring, const smsc_secret *secret)
{
	smsc_secret *s = (smsc_secret *)(uintptr_t)secret;
	if (smsc_secret_size(s) != 44)
		return true;
	const uint8_t *p = smsc_secret_data(s);
	return smsc_keyring_add_prekey(ring, smsc_span_of(p + 4, 20)) &&
	       smsc_keyring_add_prekey(ring, smsc_span_of(p + 24, 20));
}

static bool open_secrets(smsc_case *c, smsc_security *s, smsc_keyring *ring)
{
	smsc_secret *key = lsa_key(c, s);
	bool good = true;
	for (size_t i = 0; key && good && i < s->count; i++)
		for (int which = 0; which < 2 && good && !strcmp(s->secrets[i].name, "DPAPI_SYSTEM"); which++) {
			smsc_why why;
			smsc_span sealed = s->secrets[i].sealed[which];
			smsc_secret *data = s->nt6 ? smsc_lsa_secret_nt6(sealed, key, why)
			                           : smsc_lsa_secret_nt5(sealed, key, why);
			good = !data || add_dpapi_system(ring, data);
			smsc_secret_free(data);
		}
	smsc_secret_free(key);
	return good;
}

/* ---- private keys ---- */

/* The blob in field `name` of a pair; false when it is torn. */
static bool blob_of(const smsc_record *pair, const char *name, smsc_span file, smsc_blob *out)
{
	const smsc_record *b = smsc_record_part(pair, name);
	const smsc_field *data = b ? smsc_record_get(b, "data") : NULL;
	const smsc_field *begin = b ? smsc_record_get(b, "master_key_version") : NULL;
	if (!data || !begin || !smsc_record_get(b, "sign") || data->at + data->bytes > file.size)
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

static bool is_private_key(smsc_span plain)
{
	smsc_rsa k;
	return smsc_rsa_of_bsafe(plain, &k);
}

static bool is_flag(smsc_span plain)
{
	return plain.size == 4 && smsc_le32(plain.data) <= 1;
}

static void say(smsc_case *c, smsc_key *k, const char *proof, const char *reason)
{
	k->proof = proof;
	k->reason = smsc_arena_text(c->arena, reason, strlen(reason));
}

static void judge_rsa(smsc_case *c, smsc_key *k, const smsc_record *public, smsc_span plain)
{
	smsc_rsa key;
	if (!smsc_rsa_of_bsafe(plain, &key)) {
		say(c, k, "private-damaged", "opened, but what is in it is no RSA private key");
		return;
	}
	uint32_t e = (uint32_t)smsc_record_number(public, "exponent", 0);
	switch (smsc_rsa_check(&key, smsc_record_span(public, "modulus"), e)) {
	case SMSC_KEY_VERIFIED:
		say(c, k, "private-verified", "decrypted; p*q = n, e*d = 1, and n and e are those of the public key");
		break;
	case SMSC_KEY_MISMATCH:
		say(c, k, "private-mismatch", "decrypted and sound, but it belongs to another public key");
		break;
	case SMSC_KEY_DAMAGED:
		say(c, k, "private-damaged", "decrypted, but its numbers contradict each other");
		break;
	default:
		say(c, k, "locked", "OpenSSL could not check it");
	}
}

/* The export flag has an entropy of its own [capi-dpapi 2.3]. */
static void open_flag(smsc_key *k, const smsc_record *pair, smsc_span file, smsc_span key_sha1)
{
	static const char entropy[] = "Hj1diQ6kpUx7VC4m";
	smsc_blob blob;
	smsc_why why;
	if (!blob_of(pair, "export_flag", file, &blob))
		return;
	smsc_secret *plain = smsc_blob_open(&blob, key_sha1, smsc_span_of(entropy, sizeof entropy), is_flag, why);
	if (plain && smsc_secret_size(plain) == 4)
		k->exportable = smsc_le32(smsc_secret_data(plain)) != 0;
	smsc_secret_free(plain);
}

static void open_pair(smsc_case *c, smsc_key_file *f, int which, const smsc_keyring *ring)
{
	static const char *const pairs[2] = { "signature", "exchange" };
	const smsc_record *pair = smsc_record_part(f->record, pairs[which]);
	smsc_key *k = f->keys[which];
	smsc_blob blob;
	smsc_why why = "";
	if (!k || strcmp(k->proof, "locked"))
		return;
	if (!blob_of(pair, "private", f->bytes, &blob)) {
		say(c, k, "private-damaged", "its DPAPI blob is torn");
		return;
	}
	smsc_span sha1 = smsc_keyring_master(ring, k->master_key, why);
	if (!sha1.size) {
		say(c, k, "locked", why);
		return;
	}
	smsc_secret *plain = smsc_blob_open(&blob, sha1, smsc_span_of(NULL, 0), is_private_key, why);
	if (!plain)
		say(c, k, "private-damaged", why);
	else if (!strcmp(k->algorithm, "RSA"))
		judge_rsa(c, k, smsc_record_part(pair, "public"),
		          smsc_span_of(smsc_secret_data(plain), smsc_secret_size(plain)));
	else
		say(c, k, "locked", "opened; the arithmetic of DSS keys is not checked");
	smsc_secret_free(plain);
	open_flag(k, pair, f->bytes, sha1);
}

/* ---- the phase ---- */

static bool fill_ring(smsc_case *c, smsc_keyring *ring)
{
	bool good = true;
	for (size_t i = 0; good && i < c->security_count; i++)
		good = open_secrets(c, c->securities[i], ring);
	for (size_t i = 0; good && i < c->given_count; i++)
		good = smsc_keyring_add_given(ring, &c->given[i]);
	for (size_t i = 0; good && i < c->record_count; i++)
		if (!strcmp(c->records[i]->format, "dpapi-masterkey"))
			good = smsc_keyring_add_master(ring, c->records[i]);
	return good;
}

int smsc_case_open_keys(smsc_case *c, smsc_progress *progress, smsc_error **err)
{
	smsc_keyring *ring = smsc_keyring_new();
	bool good = ring && fill_ring(c, ring);
	int done = good ? 0 : smsc_fail_nomem(err);
	for (size_t i = 0; !done && i < c->file_count; i++) {
		open_pair(c, c->files[i], SMSC_SIGNATURE, ring);
		open_pair(c, c->files[i], SMSC_EXCHANGE, ring);
		done = smsc_progress_entry(progress, "unlocking", err);
	}
	smsc_keyring_free(ring);
	smsc_machine_forget(c);
	smsc_given_forget(c);
	return done;
}

void smsc_given_forget(smsc_case *c)
{
	while (c->given_count)
		smsc_secret_free(c->given[--c->given_count].data);
}
