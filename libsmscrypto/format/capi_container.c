/* capi_container.c - the key container files of CryptoAPI [capi-dpapi 2].
 *
 * The header gives the size of every part; the order of the sizes is not that of the parts.
 * The parts also know their own sizes, so that one wrong size in the header does not cost
 * the keys behind it.
 */
#include "../base/ident.h"
#include "dpapi_blob.h"
#include "format.h"
#include "key_blob.h"

#define HEADER    40
#define HASH_SIZE 20
#define RSA1      0x31415352u
#define RSA2      0x32415352u  /* a private key in the clear; never seen in a container */
#define RSA_HEAD  20
#define PADDING   8
#define MAX_NAME  1024u
#define MAX_PART  0x10000u  /* no key makes a part of this size */

/* In the order they stand in the file. */
enum part {
	NAME, HASH, SIG_PUBLIC, SIG_PRIVATE, SIG_FLAG, XCH_PUBLIC, XCH_PRIVATE, XCH_FLAG, PARTS
};

/* In the order of the header: the two flags come last. */
static const struct {
	enum part part;
	const char *name, *meaning;
} sizes[PARTS] = {
	{ NAME, "name_size", "bytes of the container's name with its NUL" },
	{ SIG_PUBLIC, "signature_public_size", "bytes of the AT_SIGNATURE public key" },
	{ SIG_PRIVATE, "signature_private_size", "bytes of the AT_SIGNATURE private key's DPAPI blob" },
	{ XCH_PUBLIC, "exchange_public_size", "bytes of the AT_KEYEXCHANGE public key" },
	{ XCH_PRIVATE, "exchange_private_size", "bytes of the AT_KEYEXCHANGE private key's DPAPI blob" },
	{ HASH, "hash_size", "bytes of the hash after the name" },
	{ SIG_FLAG, "signature_flag_size", "bytes of the AT_SIGNATURE export flag's DPAPI blob" },
	{ XCH_FLAG, "exchange_flag_size", "bytes of the AT_KEYEXCHANGE export flag's DPAPI blob" },
};

static const struct pair {
	enum part first;
	const char *name, *meaning, *at;
} pairs[] = {
	{ SIG_PUBLIC, "signature", "AT_SIGNATURE key pair: signs", "AT_SIGNATURE" },
	{ XCH_PUBLIC, "exchange", "AT_KEYEXCHANGE key pair: encrypts and signs", "AT_KEYEXCHANGE" },
};

struct layout {
	uint32_t    size[PARTS];
	uint64_t    size_at[PARTS];    /* where the header says so */
	const char *size_name[PARTS];
	bool        fits;              /* the sizes make the whole file */
	uint64_t    missing;           /* bytes that parts should have beyond the end */
};

/* ---- header ------------------------------------------------------------------------ */

static bool read_header(smsc_record *r, smsc_cur *c, struct layout *l)
{
	uint32_t version = smsc_read_u32(r, c, "version", "version of the container file");
	if (smsc_cur_ok(c) && version != 2)
		smsc_damage(r, SMSC_RULE_D004, 0, "version: %u, only 2 is known", version);
	smsc_read_u32(r, c, "reserved", "meaning not known; 0 so far");
	for (int i = 0; i < PARTS; i++) {
		enum part p = sizes[i].part;
		l->size_at[p] = smsc_cur_where(c);
		l->size_name[p] = sizes[i].name;
		l->size[p] = smsc_read_u32(r, c, sizes[i].name, sizes[i].meaning);
		if (smsc_cur_ok(c) && !l->size[p])
			smsc_note(r, "none");
	}
	return smsc_cur_ok(c);
}

static bool sizes_fit(const struct layout *l, uint64_t size)
{
	uint64_t needed = HEADER;
	for (int p = 0; p < PARTS; p++)
		needed += l->size[p];
	return needed == size;
}

static void check_hash_and_name(smsc_record *r, const struct layout *l)
{
	if (!l->size[NAME])
		smsc_damage(r, SMSC_RULE_D003, l->size_at[NAME], "name_size: a container has a name");
	if (l->size[HASH] != HASH_SIZE)
		smsc_damage(r, SMSC_RULE_D004, l->size_at[HASH], "hash_size: %u, always 20 so far",
		            l->size[HASH]);
}

/* ---- sizes the parts have by themselves ------------------------------------------------ */

static uint64_t name_size(smsc_span left)
{
	const uint8_t *nul = left.size ? memchr(left.data, 0, left.size) : NULL;
	uint64_t n = nul ? (uint64_t)(nul - (const uint8_t *)left.data) + 1 : 0;
	return n > 1 && n <= MAX_NAME ? n : 0;
}

static uint64_t public_size(smsc_span left)
{
	if (left.size < RSA_HEAD || smsc_le32(left.data) != RSA1)
		return 0;
	return RSA_HEAD + (uint64_t)smsc_le32((const uint8_t *)left.data + 4);
}

/* The hash does not tell, but the key behind it does. */
static uint64_t hash_size(smsc_span left)
{
	smsc_span next = smsc_span_cut(left, HASH_SIZE, SIZE_MAX);
	return public_size(next) || smsc_key_blob_starts(next) ? HASH_SIZE : 0;
}

/* 0 when the part does not tell. */
static uint64_t own_size(enum part p, smsc_span left)
{
	switch (p) {
	case NAME:       return name_size(left);
	case HASH:       return hash_size(left);
	case SIG_PUBLIC:
	case XCH_PUBLIC: return public_size(left);
	default:         return smsc_dpapi_blob_size(left);
	}
}

/* Takes the next part.  When the sizes of the header cannot all be true, the part's own
 * word counts more. */
static smsc_span take(smsc_record *r, smsc_cur *c, struct layout *l, enum part p)
{
	smsc_span left = smsc_span_cut(smsc_span_of(c->data, c->size), c->at, SIZE_MAX);
	uint64_t n = l->size[p], own = n && !l->fits ? own_size(p, left) : 0;
	if (own && own != n && own <= left.size) {
		smsc_damage(r, SMSC_RULE_D003, l->size_at[p], "%s: %llu bytes, the part itself has %llu",
		            l->size_name[p], (unsigned long long)n, (unsigned long long)own);
		n = own;
	}
	if (n <= left.size)
		return smsc_cur_take(c, (size_t)n);
	if (n >= MAX_PART)
		smsc_damage(r, SMSC_RULE_D003, l->size_at[p], "%s: %llu bytes, the file has %zu more",
		            l->size_name[p], (unsigned long long)n, left.size);
	else
		l->missing += n - left.size;
	return smsc_cur_take(c, left.size);
}

/* ---- name and hash ------------------------------------------------------------------ */

static void read_name(smsc_record *r, smsc_cur *c, struct layout *l)
{
	uint64_t at = smsc_cur_where(c);
	smsc_span s = take(r, c, l, NAME);
	smsc_cur part = smsc_cur_of(s, at);
	smsc_read_ansi(r, &part, s.size, "name", "name of the container");
	if (s.size && ((const uint8_t *)s.data)[s.size - 1] && s.size == l->size[NAME])
		smsc_damage(r, SMSC_RULE_D003, at + s.size - 1, "name: does not end in NUL");
}

static bool all_zero(smsc_span s)
{
	const uint8_t *b = s.data;
	for (size_t i = 0; i < s.size; i++)
		if (b[i])
			return false;
	return true;
}

static void read_hash(smsc_record *r, smsc_cur *c, struct layout *l)
{
	uint64_t at = smsc_cur_where(c);
	smsc_span s = take(r, c, l, HASH);
	smsc_cur part = smsc_cur_of(s, at);
	smsc_read_bytes(r, &part, s.size, "hash", "hash or seed, meaning not known");
	if (s.size)
		smsc_note(r, "%s", all_zero(s) ? "zeros, as in all real files" : "not zeros: not seen so far");
}

/* ---- public keys ---------------------------------------------------------------------- */

struct rsa {
	uint32_t length, bits, data, exponent;
	smsc_span modulus;
};

/* Bytes of the modulus: the part's own size settles a quarrel between the three lengths. */
static uint64_t modulus_size(const struct rsa *k, uint64_t room)
{
	uint64_t by_bits = ((uint64_t)k->bits + 7) / 8;
	if (by_bits + PADDING == room || k->length != room || k->length < PADDING)
		return by_bits;
	return k->length - PADDING;
}

static void check_rsa(smsc_record *r, const struct rsa *k, uint64_t at)
{
	uint64_t m = ((uint64_t)k->bits + 7) / 8;
	const uint8_t *n = k->modulus.data;
	if (k->bits % 8 || k->length != m + PADDING || k->data != m - 1)
		smsc_damage(r, SMSC_RULE_D003, at + 4, "length %u, bits %u and data_length %u do not agree",
		            k->length, k->bits, k->data);
	if (!(k->exponent & 1) || k->exponent == 1)
		smsc_damage(r, SMSC_RULE_D003, at + 16, "exponent: %u is none of RSA", k->exponent);
	if (n && (!(n[0] & 1) || !(n[k->modulus.size - 1] & 0x80)))
		smsc_damage(r, SMSC_RULE_D003, at + RSA_HEAD, "modulus: not an odd number of %u bits", k->bits);
}

/* False when there is nothing to read behind it. */
static bool read_magic(smsc_record *r, smsc_cur *c)
{
	uint64_t at = smsc_cur_where(c);
	uint32_t magic = smsc_read_u32(r, c, "magic", "kind of the key");
	if (!smsc_cur_ok(c))
		return false;
	if (magic == RSA1)
		smsc_note(r, "RSA1: RSA public key");
	else
		smsc_damage(r, SMSC_RULE_D004, at, "magic: 0x%08x is no public key that is known", magic);
	if (magic == RSA2)
		smsc_read_withheld(r, c, smsc_cur_left(c), "private_key", "a private key in the clear");
	return magic != RSA2;
}

static void rsa_public(smsc_span in, uint64_t at, smsc_record *r)
{
	smsc_cur c = smsc_cur_of(in, at);
	struct rsa k = { 0 };
	if (!read_magic(r, &c))
		return;
	k.length = smsc_read_u32(r, &c, "length", "bytes of modulus and padding");
	k.bits = smsc_read_u32(r, &c, "bits", "length of the modulus in bits");
	k.data = smsc_read_u32(r, &c, "data_length", "bytes of the largest message");
	k.exponent = smsc_read_u32(r, &c, "exponent", "public exponent");
	if (!smsc_cur_ok(&c))
		return;
	uint64_t room = smsc_cur_left(&c);
	k.modulus = smsc_read_bytes(r, &c, (size_t)modulus_size(&k, room), "modulus",
	                            "modulus n, little-endian");
	if (!smsc_cur_ok(&c))
		return;
	size_t left = smsc_cur_left(&c);
	smsc_span padding = smsc_read_bytes(r, &c, left < PADDING ? left : PADDING, "padding",
	                                    "zeros after the modulus");
	if (!all_zero(padding))
		smsc_note(r, "not zeros");
	check_rsa(r, &k, at);
	smsc_read_rest(r, &c);
}

/* ---- pairs ------------------------------------------------------------------------------ */

static const char *const part_names[3] = { "public", "private", "export_flag" };
static const char *const part_meanings[3] = {
	"public key, in the clear",
	"private key, protected by DPAPI without entropy",
	"whether the private key may be exported, protected by DPAPI with a fixed entropy",
};

/* Half a pair is damage; no pair at all is common, and only a comparison with other copies
 * of the container can tell whether one was lost. */
static const char *check_pair(smsc_record *r, const struct layout *l, const struct pair *what)
{
	const char *state = "complete";
	const uint32_t *size = &l->size[what->first];
	if (!size[0] && !size[1] && !size[2]) {
		smsc_damage(r, SMSC_RULE_D009, l->size_at[what->first], "no %s key pair", what->at);
		return "none";
	}
	for (int i = 2; i >= 0; i--) {
		if (size[i])
			continue;
		state = i == 0 ? "no public key" : i == 1 ? "no private key" : "no export flag";
		smsc_damage(r, SMSC_RULE_D003, l->size_at[what->first + i], "%s: %s", what->name, state);
	}
	return state;
}

static void decode_part(int i, smsc_span in, uint64_t at, smsc_record *pair)
{
	if (!in.size)
		return;
	smsc_record *r = smsc_put_record(pair, part_names[i], part_meanings[i],
	                                 i ? "dpapi-blob" : "key-blob", at, in.size);
	if (i)
		smsc_dpapi_blob_decode(in, at, r);
	else if (smsc_key_blob_starts(in))
		smsc_key_blob_public(in, at, r);
	else
		rsa_public(in, at, r);
}

static void read_pair(smsc_record *r, smsc_cur *c, struct layout *l, const struct pair *what)
{
	const char *state = check_pair(r, l, what);
	smsc_span in[3];
	uint64_t at[4] = { smsc_cur_where(c) };
	for (int i = 0; i < 3; i++) {
		in[i] = take(r, c, l, what->first + i);
		at[i + 1] = smsc_cur_where(c);
	}
	if (at[3] == at[0])
		return;
	smsc_record *pair = smsc_put_record(r, what->name, what->meaning, r->format, at[0], at[3] - at[0]);
	smsc_note(r, "%s", state);
	for (int i = 0; i < 3; i++)
		decode_part(i, in[i], at[i], pair);
}

/* ---- the whole --------------------------------------------------------------------------- */

static void decode(smsc_span in, smsc_record *r)
{
	smsc_cur c = smsc_cur_of(in, 0);
	struct layout l = { 0 };
	if (!read_header(r, &c, &l))
		return;
	l.fits = sizes_fit(&l, in.size);
	check_hash_and_name(r, &l);
	read_name(r, &c, &l);
	read_hash(r, &c, &l);
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
		read_pair(r, &c, &l, &pairs[i]);
	smsc_check_end(r, in.size + l.missing, in.size);
	smsc_read_rest(r, &c);
}

static uint32_t u32_at(smsc_span in, size_t at)
{
	smsc_span s = smsc_span_cut(in, at, 4);
	return s.size == 4 ? smsc_le32(s.data) : 0;
}

static bool header_fits(smsc_span in, uint64_t size)
{
	struct layout l;
	for (int i = 0; i < PARTS; i++)
		l.size[i] = u32_at(in, 8 + 4 * (size_t)i);
	return sizes_fit(&l, size);
}

/* Nearly sure of a header, or of as much of it as is there: no other file has these small
 * numbers by chance.  One of them may be damaged. */
static int header_sure(smsc_span in)
{
	int wrong = 0;
	for (size_t at = 8; at < HEADER; at += 4)
		wrong += u32_at(in, at) >= MAX_PART;
	if (in.size < 32 || u32_at(in, 0) != 2 || u32_at(in, 4) || u32_at(in, 28) != HASH_SIZE)
		return 0;
	return wrong == 0 ? 40 : wrong == 1 ? 20 : 0;
}

/* What follows the header is text that ends in NUL where the header says. */
static bool name_fits(smsc_span in)
{
	smsc_span s = smsc_span_cut(in, HEADER, u32_at(in, 8));
	return s.size > 1 && name_size(s) == s.size;
}

/* Where keys are, there are DPAPI blobs; wherever damage has put them. */
static bool holds_blob(smsc_span in)
{
	static const uint8_t provider[] = { 0xd0, 0x8c, 0x9d, 0xdf, 0x01, 0x15, 0xd1, 0x11,
	                                    0x8c, 0x7a, 0x00, 0xc0, 0x4f, 0xc2, 0x97, 0xeb };
	smsc_span body = smsc_span_cut(in, HEADER, SIZE_MAX);
	return body.size && memmem(body.data, body.size, provider, sizeof provider);
}

static int probe(smsc_span in, uint64_t size, const char *name)
{
	char file_hash[33], guid[SMSC_GUID_TEXT];
	bool named = smsc_container_name_parse(name, file_hash, guid);
	if (in.size < 4)
		return 0;
	int sure = named && u32_at(in, 0) == 2 ? 40 : 0;
	sure += header_sure(in);
	if (in.size < HEADER)
		return sure < 40 ? 0 : 40;
	sure += header_fits(in, size) ? 30 : 0;
	sure += name_fits(in) ? 20 : 0;
	sure += holds_blob(in) ? 25 : 0;
	return sure < 40 ? 0 : sure > 100 ? 100 : sure;
}

const smsc_format smsc_capi_container = {
	"capi-container", "CryptoAPI key container file (MachineKeys)", probe, decode
};
