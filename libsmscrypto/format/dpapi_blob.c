/* dpapi_blob.c - what CryptProtectData made [capi-dpapi 4]; described, never opened. */
#include "dpapi_blob.h"

#include "algid.h"
#include "format.h"

/* Version 1 and df9d8cd0-1501-11d1-8c7a-00c04fc297eb, the only provider there is. */
static const uint8_t head[20] = {
	0x01, 0x00, 0x00, 0x00, 0xd0, 0x8c, 0x9d, 0xdf, 0x01, 0x15, 0xd1, 0x11, 0x8c, 0x7a,
	0x00, 0xc0, 0x4f, 0xc2, 0x97, 0xeb,
};

#define FLAG_MACHINE 0x00000004u
#define FLAG_AUDIT   0x00000010u
#define FLAG_SYSTEM  0x20000000u

struct blob {
	uint32_t cipher, bits, hash, hash_bits;
	uint64_t bits_at, description_at, data_at, sign_at;  /* of the length fields */
	smsc_span description, data, sign;
};

bool smsc_dpapi_blob_starts(smsc_span in)
{
	return in.size >= sizeof head && !memcmp(in.data, head, sizeof head);
}

uint64_t smsc_dpapi_blob_size(smsc_span in)
{
	if (!smsc_dpapi_blob_starts(in))
		return 0;
	smsc_cur c = smsc_cur_of(in, 0);
	smsc_cur_take(&c, 44);  /* up to the description */
	smsc_cur_run32(&c);
	smsc_cur_take(&c, 8);   /* cipher, bits */
	smsc_cur_run32(&c);     /* salt */
	smsc_cur_run32(&c);     /* auxiliary */
	smsc_cur_take(&c, 8);   /* hash, bits */
	smsc_cur_run32(&c);     /* nonce */
	smsc_cur_run32(&c);     /* data */
	uint32_t sign = smsc_cur_u32(&c);
	return smsc_cur_ok(&c) ? (uint64_t)c.at + sign : 0;
}

static void version(smsc_record *r, smsc_cur *c, const char *name, const char *meaning)
{
	uint64_t at = smsc_cur_where(c);
	uint32_t v = smsc_read_u32(r, c, name, meaning);
	if (smsc_cur_ok(c) && v != 1)
		smsc_damage(r, SMSC_RULE_D004, at, "%s: %u, only 1 is known", name, v);
}

static void provider(smsc_record *r, smsc_cur *c)
{
	uint64_t at = smsc_cur_where(c);
	smsc_span guid = smsc_read_guid(r, c, "provider", "GUID of the DPAPI provider");
	if (guid.data && memcmp(guid.data, head + 4, 16))
		smsc_damage(r, SMSC_RULE_D004, at, "provider: not the one DPAPI has");
}

static void flags(smsc_record *r, smsc_cur *c)
{
	uint32_t v = smsc_read_u32(r, c, "flags", "flags of CryptProtectData");
	if (!smsc_cur_ok(c))
		return;
	if (!v)
		smsc_note(r, "none: protected for one account");
	else
		smsc_note(r, "0x%x:%s%s%s", v, v & FLAG_MACHINE ? " local machine" : "",
		          v & FLAG_SYSTEM ? " system" : "", v & FLAG_AUDIT ? " audit" : "");
}

static smsc_span run(smsc_record *r, smsc_cur *c, const char *size_name, const char *size_meaning,
                     const char *name, const char *meaning)
{
	uint32_t n = smsc_read_u32(r, c, size_name, size_meaning);
	return smsc_read_bytes(r, c, n, name, meaning);
}

static void read_description(smsc_record *r, smsc_cur *c, struct blob *b)
{
	b->description_at = smsc_cur_where(c);
	uint32_t n = smsc_read_u32(r, c, "description_size", "bytes of the description with its NUL");
	b->description = smsc_read_utf16(r, c, n, "description",
	                                 "what was protected, in the language of the system");
	if (b->description.size == 2)
		smsc_note(r, "empty");
}

static void read_cipher(smsc_record *r, smsc_cur *c, struct blob *b)
{
	b->cipher = smsc_read_algid(r, c, "cipher", "algorithm of the ciphertext");
	b->bits_at = smsc_cur_where(c);
	b->bits = smsc_read_u32(r, c, "cipher_bits", "key length in bits");
	run(r, c, "salt_size", "bytes of the salt", "salt", "salt of the session key");
	run(r, c, "aux_size", "bytes of the auxiliary value", "aux",
	    "auxiliary value: with RC4 of 40 bits the salt of the cipher key");
}

static void read_sealed(smsc_record *r, smsc_cur *c, struct blob *b)
{
	b->hash = smsc_read_algid(r, c, "hash", "algorithm of the MAC");
	b->hash_bits = smsc_read_u32(r, c, "hash_bits", "length of the MAC in bits");
	run(r, c, "nonce_size", "bytes of the nonce", "nonce", "nonce of the MAC");
	b->data_at = smsc_cur_where(c);
	b->data = run(r, c, "data_size", "bytes of the ciphertext", "data", "ciphertext");
	b->sign_at = smsc_cur_where(c);
	b->sign = run(r, c, "sign_size", "bytes of the MAC", "sign",
	              "MAC from master_key_version to the ciphertext");
}

static void check(smsc_record *r, const struct blob *b)
{
	unsigned block = smsc_algid_size(b->cipher), hash = smsc_algid_size(b->hash);
	if (b->description.size % 2)
		smsc_damage(r, SMSC_RULE_D003, b->description_at,
		            "description_size: %zu is no number of UTF-16 characters",
		            b->description.size);
	if (block && b->data.size % block)
		smsc_damage(r, SMSC_RULE_D003, b->data_at,
		            "data_size: %zu bytes are no blocks of %s", b->data.size,
		            smsc_algid_name(b->cipher));
	if (hash && b->sign.size != hash)
		smsc_damage(r, SMSC_RULE_D003, b->sign_at, "sign_size: %zu bytes, %s makes %u",
		            b->sign.size, smsc_algid_name(b->hash), hash);
	if (!b->bits || b->bits > 256)
		smsc_damage(r, SMSC_RULE_D003, b->bits_at, "cipher_bits: no cipher has a key of %u bits",
		            b->bits);
}

void smsc_dpapi_blob_decode(smsc_span in, uint64_t base, smsc_record *r)
{
	smsc_cur c = smsc_cur_of(in, base);
	struct blob b = { 0 };
	version(r, &c, "version", "version of the blob");
	provider(r, &c);
	version(r, &c, "master_key_version", "version of the reference to the master key");
	smsc_read_guid(r, &c, "master_key", "GUID of the master key that opens the blob");
	flags(r, &c);
	read_description(r, &c, &b);
	read_cipher(r, &c, &b);
	read_sealed(r, &c, &b);
	if (smsc_cur_ok(&c))
		check(r, &b);
	smsc_read_rest(r, &c);
}

static int probe(smsc_span in, uint64_t size, const char *name)
{
	(void)name;
	if (in.size < sizeof head || memcmp((const char *)in.data + 4, head + 4, 16))
		return 0;
	return smsc_dpapi_blob_size(in) == size ? 100 : 90;
}

static void decode(smsc_span in, smsc_record *r)
{
	smsc_dpapi_blob_decode(in, 0, r);
}

const smsc_format smsc_dpapi_blob = {
	"dpapi-blob", "data protected by DPAPI (CryptProtectData)", probe, decode
};
