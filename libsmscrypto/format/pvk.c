/* pvk.c - a private key file of the old signing tools [capi-dpapi 7]. */
#include "algid.h"
#include "format.h"
#include "key_blob.h"

#define MAGIC  0xb0b5f11eu
#define HEADER 24
#define SALT   16  /* of every encrypted file seen */

struct pvk {
	uint32_t encryption, salt, key;
};

static void notes(smsc_record *r, smsc_cur *c, struct pvk *p)
{
	uint64_t at = smsc_cur_where(c);
	static const char *const how[] = { "none", "RC4", "RC2" };
	uint32_t spec = smsc_read_u32(r, c, "key_spec", "use of the key");
	if (spec == 1 || spec == 2)
		smsc_note(r, "%s", spec == 1 ? "AT_KEYEXCHANGE" : "AT_SIGNATURE");
	p->encryption = smsc_read_u32(r, c, "encryption", "how the key is encrypted");
	if (!smsc_cur_ok(c))
		return;
	if (p->encryption < 3)
		smsc_note(r, "%s", how[p->encryption]);
	else
		smsc_damage(r, SMSC_RULE_D004, at + 4, "encryption: %u is not known", p->encryption);
}

static void check_sizes(smsc_record *r, const struct pvk *p, uint64_t size)
{
	smsc_check_end(r, HEADER + (uint64_t)p->salt + p->key, size);
	if (p->encryption && !p->salt)
		smsc_damage(r, SMSC_RULE_D003, 16, "salt_size: an encrypted key has a salt");
}

/* True unless the key is surely encrypted: one wrong bit in the header must not bring a key
 * in the clear onto the screen. */
static bool in_the_clear(const struct pvk *p, smsc_span file)
{
	return smsc_holds_private_key(file) || !p->encryption || p->salt != SALT;
}

static void clear(smsc_record *r, smsc_cur *c, const struct pvk *p)
{
	smsc_read_withheld(r, c, p->salt, "salt", "salt of the password");
	smsc_span key = smsc_span_cut(smsc_span_of(c->data, c->size), c->at, p->key);
	if (smsc_cur_ok(c) && smsc_key_blob_is_private(key)) {
		uint64_t at = smsc_cur_where(c);
		smsc_cur_take(c, key.size);
		smsc_key_blob_decode(key, p->key, at,
		                     smsc_put_record(r, "key", "the private key", "key-blob", at, key.size));
	}
	smsc_read_withheld(r, c, smsc_cur_left(c), "private_key", "what may be parts of the key");
}

/* After the eight bytes of its header the blob is ciphertext. */
static void encrypted(smsc_record *r, smsc_cur *c, const struct pvk *p)
{
	smsc_read_bytes(r, c, p->salt, "salt", "salt of the password");
	uint64_t at = smsc_cur_where(c);
	smsc_span key = smsc_cur_take(c, p->key < smsc_cur_left(c) ? p->key : smsc_cur_left(c));
	smsc_cur k = smsc_cur_of(key, at);
	smsc_record *blob = smsc_put_record(r, "key", "the private key", "key-blob", at, key.size);
	smsc_key_blob_header(blob, &k);
	smsc_read_bytes(blob, &k, smsc_cur_left(&k), "encrypted_key",
	                "the key, encrypted with a password");
	smsc_read_rest(r, c);
}

static void decode(smsc_span in, smsc_record *r)
{
	smsc_cur c = smsc_cur_of(in, 0);
	struct pvk p = { 0 };
	smsc_read_u32(r, &c, "magic", "mark of the file: 0xb0b5f11e");
	smsc_read_u32(r, &c, "reserved", "always 0");
	notes(r, &c, &p);
	p.salt = smsc_read_u32(r, &c, "salt_size", "bytes of the salt; 0: no password");
	p.key = smsc_read_u32(r, &c, "key_size", "bytes of the key blob");
	if (!smsc_cur_ok(&c))
		return;
	check_sizes(r, &p, in.size);
	if (in_the_clear(&p, in))
		clear(r, &c, &p);
	else
		encrypted(r, &c, &p);
}

static int probe(smsc_span in, uint64_t size, const char *name)
{
	(void)name;
	(void)size;
	return in.size >= 4 && smsc_le32(in.data) == MAGIC ? 95 : 0;
}

const smsc_format smsc_pvk = { "pvk", "private key file of signing tools (PVK)", probe, decode };
