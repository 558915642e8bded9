/* key_blob.c - PUBLICKEYBLOB, PRIVATEKEYBLOB, SIMPLEBLOB [capi-dpapi 2.6, 2.7, 7; wincrypt.h].
 *
 * A private key is never put into a record.  The attack to think of is damage: one wrong bit
 * in a length makes the "modulus" twice as long and p and q a part of it.  So of a blob that
 * may be private, parts are shown only when its length confirms all of its lengths.
 */
#include "key_blob.h"

#include "algid.h"
#include "format.h"

#define SIMPLE_BLOB    1
#define PUBLIC_BLOB    6
#define PRIVATE_BLOB   7
#define PLAINTEXT_BLOB 8

#define RSA1 0x31415352u
#define RSA2 0x32415352u
#define DSS1 0x31535344u  /* public, version 2 */
#define DSS2 0x32535344u  /* private, version 2 */
#define DSS3 0x33535344u  /* public, version 3 */
#define DSS4 0x34535344u  /* private, version 3 */

#define HEADER   8
#define MAX_BITS 65536u

/* One number of a key: its name, its bytes and whether it is secret. */
struct part {
	const char *name, *meaning;
	uint64_t size;
	bool secret;
};

static const char *type_name(uint8_t type)
{
	switch (type) {
	case SIMPLE_BLOB:    return "SIMPLEBLOB: a session key, encrypted";
	case PUBLIC_BLOB:    return "PUBLICKEYBLOB";
	case PRIVATE_BLOB:   return "PRIVATEKEYBLOB";
	case PLAINTEXT_BLOB: return "PLAINTEXTKEYBLOB: a session key in the clear";
	default:             return NULL;
	}
}

/* A BLOBHEADER of any type. */
static bool header_starts(smsc_span in)
{
	const uint8_t *b = in.data;
	return in.size >= HEADER && (b[1] == 2 || b[1] == 3) && !b[2] && !b[3] &&
	       smsc_algid_name(smsc_le32(b + 4));
}

bool smsc_key_blob_starts(smsc_span in)
{
	return header_starts(in) && type_name(*(const uint8_t *)in.data);
}

static uint32_t magic_of(smsc_span in)
{
	return in.size >= HEADER + 4 ? smsc_le32((const uint8_t *)in.data + HEADER) : 0;
}

bool smsc_key_blob_is_private(smsc_span in)
{
	uint32_t magic = magic_of(in);
	return magic == RSA2 || magic == DSS2 || magic == DSS4;
}

uint8_t smsc_key_blob_header(smsc_record *r, smsc_cur *c)
{
	uint64_t at = smsc_cur_where(c);
	uint8_t type = smsc_read_u8(r, c, "type", "type of the key blob");
	if (smsc_cur_ok(c) && type_name(type))
		smsc_note(r, "%s", type_name(type));
	else if (smsc_cur_ok(c))
		smsc_damage(r, SMSC_RULE_D004, at, "type: %u is no key blob that is known", type);
	uint8_t version = smsc_read_u8(r, c, "version", "version of the key blob");
	if (smsc_cur_ok(c) && version != 2 && version != 3)
		smsc_damage(r, SMSC_RULE_D004, at + 1, "version: %u, only 2 and 3 are known", version);
	smsc_read_u16(r, c, "reserved", "always 0");
	smsc_read_algid(r, c, "algorithm", "algorithm the key is for");
	return type;
}

/* ---- numbers ------------------------------------------------------------------ */

static uint64_t total(const struct part *p, size_t n)
{
	uint64_t sum = 0;
	for (size_t i = 0; i < n; i++)
		sum += p[i].size;
	return sum;
}

static void withhold_rest(smsc_record *r, smsc_cur *c)
{
	smsc_read_withheld(r, c, smsc_cur_left(c), "private_key", "the rest of a private key");
}

/* The numbers of a key, one after the other.  `whole` is what the blob should have: when
 * that is not what the parts need, nothing of a private key can be told from its secrets. */
static void numbers(smsc_record *r, smsc_cur *c, uint64_t whole, bool private,
                    const struct part *p, size_t n)
{
	uint64_t needed = c->at + total(p, n);
	if (!smsc_cur_ok(c))
		return;
	if (private && needed != whole) {
		smsc_damage(r, SMSC_RULE_D003, smsc_cur_where(c),
		            "a private key of this length needs %llu bytes, there are %llu",
		            (unsigned long long)needed, (unsigned long long)whole);
		withhold_rest(r, c);
		return;
	}
	for (size_t i = 0; i < n; i++)
		if (p[i].secret)
			smsc_read_withheld(r, c, p[i].size, p[i].name, p[i].meaning);
		else
			smsc_read_bytes(r, c, (size_t)p[i].size, p[i].name, p[i].meaning);
	smsc_read_rest(r, c);
}

/* Reads a length in bits; as bytes. */
static uint64_t read_bits(smsc_record *r, smsc_cur *c, const char *name, const char *meaning)
{
	uint64_t at = smsc_cur_where(c);
	uint32_t bits = smsc_read_u32(r, c, name, meaning);
	if (bits % 8 || bits > MAX_BITS)
		smsc_damage(r, SMSC_RULE_D003, at, "%s: no key has numbers of %u bits", name, bits);
	return ((uint64_t)bits + 7) / 8;
}

#define COUNT(a) (sizeof(a) / sizeof *(a))

static void rsa(smsc_record *r, smsc_cur *c, uint64_t whole, bool private)
{
	uint64_t m = read_bits(r, c, "bits", "length of the modulus in bits");
	smsc_read_u32(r, c, "exponent", "public exponent");
	uint64_t half = m / 2;
	const struct part parts[] = {
		{ "modulus", "modulus n, little-endian", m, false },
		{ "prime1", "prime p", half, true },
		{ "prime2", "prime q", half, true },
		{ "exponent1", "d mod (p - 1)", half, true },
		{ "exponent2", "d mod (q - 1)", half, true },
		{ "coefficient", "inverse of q mod p", half, true },
		{ "private_exponent", "private exponent d", m, true },
	};
	numbers(r, c, whole, private, parts, private ? COUNT(parts) : 1);
}

static void seed(smsc_record *r, smsc_cur *c)
{
	uint32_t counter = smsc_read_u32(r, c, "counter", "counter that proves the primes");
	if (counter == UINT32_MAX)
		smsc_note(r, "not known");
	smsc_read_bytes(r, c, 20, "seed", "seed that proves the primes");
}

/* DSS1 and DSS2: the seed comes last, and stands in for a proof of nothing secret. */
static void dss2(smsc_record *r, smsc_cur *c, uint64_t whole, bool private)
{
	uint64_t m = read_bits(r, c, "bits", "length of the prime p in bits");
	const struct part parts[] = {
		{ "p", "prime modulus p, little-endian", m, false },
		{ "q", "prime q", 20, false },
		{ "g", "generator g", m, false },
		{ private ? "x" : "y", private ? "private exponent x" : "public key y",
		  private ? 20 : m, private },
		{ "seed", "counter and seed that prove the primes", 24, false },
	};
	numbers(r, c, whole, private, parts, COUNT(parts));
}

/* DSS3 and DSS4.  `whole` 0: the public half within a container, which ends before x. */
static void dss3(smsc_record *r, smsc_cur *c, uint64_t whole, bool private)
{
	uint64_t p = read_bits(r, c, "bits", "length of the prime p in bits");
	uint64_t q = read_bits(r, c, "q_bits", "length of the prime q in bits");
	uint64_t j = read_bits(r, c, "j_bits", "length of j in bits; 0: not there");
	uint64_t x = private ? read_bits(r, c, "x_bits", "length of the private exponent in bits") : 0;
	seed(r, c);
	const struct part parts[] = {
		{ "p", "prime modulus p, little-endian", p, false },
		{ "q", "prime q", q, false },
		{ "g", "generator g", p, false },
		{ "j", "(p - 1) / q", j, false },
		{ "y", "public key y", p, false },
		{ "x", "private exponent x", x, true },
	};
	bool public_half = private && !whole;
	numbers(r, c, public_half ? c->size : whole, private && !public_half, parts,
	        private && !public_half ? 6 : 5);
}

/* ---- blobs ---------------------------------------------------------------------- */

static uint32_t read_magic(smsc_record *r, smsc_cur *c)
{
	uint32_t magic = smsc_read_u32(r, c, "magic", "kind of the key");
	switch (magic) {
	case RSA1: smsc_note(r, "RSA1: RSA public key"); break;
	case RSA2: smsc_note(r, "RSA2: RSA private key"); break;
	case DSS1: smsc_note(r, "DSS1: DSS public key"); break;
	case DSS2: smsc_note(r, "DSS2: DSS private key"); break;
	case DSS3: smsc_note(r, "DSS3: DSS public key, version 3"); break;
	case DSS4: smsc_note(r, "DSS4: DSS private key, version 3"); break;
	default:   break;
	}
	return magic;
}

static void asymmetric(smsc_record *r, smsc_cur *c, uint64_t whole, uint8_t type)
{
	uint64_t at = smsc_cur_where(c);
	uint32_t magic = read_magic(r, c);
	bool private = type == PRIVATE_BLOB || magic == RSA2 || magic == DSS2 || magic == DSS4;
	if (!smsc_cur_ok(c))
		return;
	switch (magic) {
	case RSA1: case RSA2: rsa(r, c, whole, private); return;
	case DSS1: case DSS2: dss2(r, c, whole, private); return;
	case DSS3: case DSS4: dss3(r, c, whole, private); return;
	default: break;
	}
	smsc_damage(r, SMSC_RULE_D004, at, "magic: 0x%08x is no key that is known; it may be encrypted",
	            magic);
	withhold_rest(r, c);
}

static void simple(smsc_record *r, smsc_cur *c)
{
	uint64_t at = smsc_cur_where(c);
	uint32_t wrap = smsc_read_algid(r, c, "wrapping", "algorithm the session key is encrypted with");
	if (smsc_cur_ok(c) && wrap != SMSC_CALG_RSA_KEYX)
		smsc_damage(r, SMSC_RULE_D004, at, "wrapping: always RSA key exchange so far");
	if (smsc_cur_ok(c) && !smsc_cur_left(c))
		smsc_damage(r, SMSC_RULE_D001, smsc_cur_where(c), "encrypted_key: no bytes left");
	smsc_read_bytes(r, c, smsc_cur_left(c), "encrypted_key", "session key, encrypted, little-endian");
}

static void plaintext(smsc_record *r, smsc_cur *c)
{
	uint32_t n = smsc_read_u32(r, c, "key_size", "bytes of the session key");
	smsc_read_withheld(r, c, n, "session_key", "session key in the clear");
	withhold_rest(r, c);
}

void smsc_key_blob_decode(smsc_span in, uint64_t whole, uint64_t base, smsc_record *r)
{
	smsc_cur c = smsc_cur_of(in, base);
	uint8_t type = smsc_key_blob_header(r, &c);
	if (!smsc_cur_ok(&c))
		return;
	if (type == SIMPLE_BLOB)
		simple(r, &c);
	else if (type == PLAINTEXT_BLOB)
		plaintext(r, &c);
	else
		asymmetric(r, &c, whole, type);
}

void smsc_key_blob_public(smsc_span in, uint64_t base, smsc_record *r)
{
	if (magic_of(in) != DSS4) {
		smsc_key_blob_decode(in, in.size, base, r);
		return;
	}
	smsc_cur c = smsc_cur_of(in, base);
	smsc_key_blob_header(r, &c);
	read_magic(r, &c);
	dss3(r, &c, 0, true);
}

/* ---- probe ---------------------------------------------------------------------- */

static bool holds_key(smsc_span in)
{
	switch (magic_of(in)) {
	case RSA1: case RSA2: case DSS1: case DSS2: case DSS3: case DSS4:
		return true;
	default:
		return false;
	}
}

/* Nothing but small numbers to go by, so the length has to fit a modulus too. */
static int probe_simple(smsc_span in, uint64_t size)
{
	if (in.size < 12 || smsc_le32((const uint8_t *)in.data + 8) != SMSC_CALG_RSA_KEYX)
		return 0;
	return size >= 12 + 48 && size <= 12 + MAX_BITS / 8 && (size - 12) % 8 == 0 ? 80 : 50;
}

static int probe(smsc_span in, uint64_t size, const char *name)
{
	(void)name;
	if (!header_starts(in))
		return 0;
	if (holds_key(in))
		return smsc_key_blob_starts(in) ? 95 : 60;
	return *(const uint8_t *)in.data == SIMPLE_BLOB ? probe_simple(in, size) : 0;
}

static void decode(smsc_span in, smsc_record *r)
{
	smsc_key_blob_decode(in, in.size, 0, r);
}

const smsc_format smsc_key_blob = {
	"key-blob", "CryptoAPI key blob (public, private or session key)", probe, decode
};
