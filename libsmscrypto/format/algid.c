/* algid.c - CryptoAPI's numbers for algorithms. */
#include "algid.h"

static const struct algorithm {
	uint32_t id;
	const char *name;
	unsigned size;
} algorithms[] = {
	{ 0x2200, "DSS signature", 0 },
	{ 0x2400, "RSA signature", 0 },
	{ 0xa400, "RSA key exchange", 0 },
	{ 0xaa01, "Diffie-Hellman, stored keys", 0 },
	{ 0xaa02, "Diffie-Hellman, ephemeral keys", 0 },
	{ 0x6601, "DES", 8 },
	{ 0x6602, "RC2", 8 },
	{ 0x6603, "3DES", 8 },
	{ 0x6604, "DESX", 8 },
	{ 0x6609, "3DES with two keys", 8 },
	{ 0x660e, "AES-128", 16 },
	{ 0x660f, "AES-192", 16 },
	{ 0x6610, "AES-256", 16 },
	{ 0x6611, "AES", 16 },
	{ 0x6801, "RC4", 0 },
	{ 0x8002, "MD4", 16 },
	{ 0x8003, "MD5", 16 },
	{ 0x8004, "SHA-1", 20 },
	{ 0x8009, "HMAC", 0 },
	{ 0x800c, "SHA-256", 32 },
	{ 0x800d, "SHA-384", 48 },
	{ 0x800e, "SHA-512", 64 },
};

static const struct algorithm *find(uint32_t algid)
{
	for (size_t i = 0; i < sizeof algorithms / sizeof *algorithms; i++)
		if (algorithms[i].id == algid)
			return &algorithms[i];
	return NULL;
}

const char *smsc_algid_name(uint32_t algid)
{
	const struct algorithm *a = find(algid);
	return a ? a->name : NULL;
}

unsigned smsc_algid_size(uint32_t algid)
{
	const struct algorithm *a = find(algid);
	return a ? a->size : 0;
}

uint32_t smsc_read_algid(smsc_record *r, smsc_cur *c, const char *name, const char *meaning)
{
	uint64_t at = smsc_cur_where(c);
	uint32_t id = smsc_read_u32(r, c, name, meaning);
	if (!smsc_cur_ok(c))
		return 0;
	const char *known = smsc_algid_name(id);
	if (known)
		smsc_note(r, "%s", known);
	else
		smsc_damage(r, SMSC_RULE_D004, at, "%s: algorithm 0x%04x is not known", name, id);
	return id;
}
