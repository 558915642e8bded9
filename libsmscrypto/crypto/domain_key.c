/* domain_key.c - the slot that a domain controller can open for its users. */
#include "domain_key.h"

#include <stdio.h>
#include <string.h>

#include "../base/cursor.h"
#include "cipher.h"
#include "mac.h"

enum { MASTER_KEY = 64, MIN_FILL = 8, MAX_ACCESS = 4096 };

/* What the two versions of a slot differ in. */
static const struct layout {
	uint32_t version;
	size_t   head;          /* bytes before the master key in the RSA plaintext */
	size_t   support;       /* key and IV of the access check                   */
	uint32_t cipher, hash;  /* of the access check                              */
} layouts[] = {
	{ 2, 8, 32, 0x6603, 0x8004 },
	{ 3, 16, 48, 0x6610, 0x800e },
};

/* ---- the backup key ---- */

/* u32 magic, 0, key spec, encryption, bytes of salt, bytes of blob, salt, blob */
static const char *pvk_blob(smsc_span given, smsc_span *blob)
{
	smsc_cur c = smsc_cur_of(given, 0);
	smsc_cur_take(&c, 12);
	uint32_t encryption = smsc_cur_u32(&c), salt = smsc_cur_u32(&c), size = smsc_cur_u32(&c);
	if (smsc_cur_ok(&c) && encryption)
		return "the PVK file is locked with a password";
	smsc_cur_take(&c, salt);
	*blob = smsc_cur_take(&c, size);
	return smsc_cur_ok(&c) ? NULL : "the PVK file ends early";
}

/* u32 version 2, bytes of blob, bytes of certificate, blob, certificate */
static const char *secret_blob(smsc_span given, smsc_span *blob)
{
	smsc_cur c = smsc_cur_of(given, 0);
	smsc_cur_u32(&c);
	uint32_t size = smsc_cur_u32(&c);
	smsc_cur_u32(&c);
	*blob = smsc_cur_take(&c, size);
	return smsc_cur_ok(&c) ? NULL : "the backup key ends early";
}

bool smsc_backup_key_read(smsc_span given, smsc_rsa *out, smsc_why why)
{
	smsc_span blob = given;
	uint32_t magic = given.size >= 4 ? smsc_le32(given.data) : 0;
	const char *refused = magic == 0xb0b5f11e ? pvk_blob(given, &blob) :
	                      magic == 2 ? secret_blob(given, &blob) : NULL;
	if (!refused && !smsc_rsa_of_blob(blob, out))
		refused = "this is no RSA backup key: neither a PVK file, an LSA secret nor a PRIVATEKEYBLOB";
	if (refused)
		snprintf(why, SMSC_WHY, "%s", refused);
	return !refused;
}

/* ---- the slot ---- */

static void reverse(uint8_t *p, size_t size)
{
	for (size_t i = 0; i < size / 2; i++) {
		uint8_t t = p[i];
		p[i] = p[size - 1 - i];
		p[size - 1 - i] = t;
	}
}

/* What PKCS #1 v1.5 padding of type 2 holds; empty when it is none. */
static smsc_span unpad(smsc_span block)
{
	const uint8_t *p = block.data;
	size_t at = 2;
	if (block.size < 2 + MIN_FILL + 1 || p[0] || p[1] != 2)
		return smsc_span_of(NULL, 0);
	while (at < block.size && p[at])
		at++;
	return at < 2 + MIN_FILL || at == block.size ? smsc_span_of(NULL, 0)
	                                             : smsc_span_cut(block, at + 1, block.size);
}

/* The RSA plaintext: u32 bytes of master key, u32 bytes of support key, in version 3 the two
 * algorithms; then both keys. */
static bool holds_keys(smsc_span payload, const struct layout *l)
{
	const uint8_t *p = payload.data;
	if (payload.size != l->head + MASTER_KEY + l->support)
		return false;
	if (smsc_le32(p) != MASTER_KEY || smsc_le32(p + 4) != l->support)
		return false;
	return l->version == 2 || (smsc_le32(p + 8) == l->cipher && smsc_le32(p + 12) == l->hash);
}

/* The access check: u32 1, u32 32, nonce, SID, fill, and the digest of all before it. */
static const char *check_access(smsc_span access, const struct layout *l, smsc_span support)
{
	const smsc_cipher *cipher = smsc_cipher_of(l->cipher);
	const char *digest = smsc_digest_of(l->hash);
	size_t n = smsc_digest_size(digest);
	uint8_t plain[MAX_ACCESS], right[SMSC_MAC_MAX];
	if (access.size <= n || access.size > sizeof plain)
		return "its access check has a size that none has";
	const char *refused = smsc_cipher_decrypt(cipher, smsc_span_cut(support, 0, cipher->key),
	                                          (const uint8_t *)support.data + cipher->key, access, plain);
	smsc_span body = { plain, access.size - n };
	if (!refused && !smsc_digest_parts(digest, &body, 1, right))
		refused = smsc_no_memory;
	if (!refused && !smsc_secret_equal(right, plain + body.size, n))
		refused = "its access check is wrong";
	smsc_wipe(plain, sizeof plain);
	smsc_wipe(right, sizeof right);
	return refused;
}

static smsc_secret *master_key(const smsc_domain_slot *slot, const struct layout *l, smsc_span block, smsc_why why)
{
	smsc_span payload = unpad(block);
	if (!holds_keys(payload, l))
		return smsc_because(why, "the domain's backup key does not open it");
	const char *refused = check_access(slot->access, l, smsc_span_cut(payload, l->head + MASTER_KEY, l->support));
	if (refused)
		return smsc_because(why, refused);
	smsc_secret *key = smsc_secret_copy((const uint8_t *)payload.data + l->head, MASTER_KEY);
	return key ? key : smsc_because(why, smsc_no_memory);
}

smsc_secret *smsc_domain_slot_open(const smsc_domain_slot *slot, const smsc_rsa *backup, smsc_why why)
{
	const struct layout *l = slot->version == 2 ? &layouts[0] : slot->version == 3 ? &layouts[1] : NULL;
	if (!l) {
		snprintf(why, SMSC_WHY, "version %u of the domain slot unknown", (unsigned)slot->version);
		return NULL;
	}
	if (slot->secret.size != backup->n.size)
		return smsc_because(why, "the domain's backup key does not open it: it has another length");
	smsc_secret *block = smsc_secret_new(backup->n.size);
	if (!block)
		return smsc_because(why, smsc_no_memory);
	smsc_secret *key = NULL;
	int good = smsc_rsa_decrypt(backup, slot->secret, smsc_secret_data(block));
	if (good > 0) {
		reverse(smsc_secret_data(block), smsc_secret_size(block));
		key = master_key(slot, l, smsc_span_of(smsc_secret_data(block), smsc_secret_size(block)), why);
	} else {
		smsc_because(why, good < 0 ? smsc_no_memory : "the backup key is damaged");
	}
	smsc_secret_free(block);
	return key;
}
