/* dpapi_masterkey.c - a DPAPI master-key file [capi-dpapi 5]; described, never opened. */
#include "../base/ident.h"
#include "../base/text.h"
#include "algid.h"
#include "format.h"

#define HEADER     128
#define GUID_AT    12
#define GUID_BYTES 72
#define MAX_PART   0x10000u   /* no part has this size */
#define MAX_ROUNDS 10000000u  /* the most seen is 17,000 */

enum part { MASTER_KEY, BACKUP_KEY, CREDHIST, DOMAIN_KEY, PARTS };

struct header {
	uint64_t size[PARTS];
	uint64_t at[PARTS];    /* of the size fields */
};

static const struct {
	const char *size_name, *size_meaning, *name, *meaning;
} parts[PARTS] = {
	{ "master_key_size", "bytes of the master key slot", "master_key", "the master key, encrypted" },
	{ "backup_key_size", "bytes of the backup slot", "backup_key", "the local backup key, encrypted" },
	{ "credhist_size", "bytes of the history slot", "credhist", "which old password opens the key" },
	{ "domain_key_size", "bytes of the domain slot", "domain_key",
	  "the master key, encrypted to the domain's backup key" },
};

/* ---- header --------------------------------------------------------------------- */

/* 36 UTF-16 characters to text; false when one is no ASCII. */
static bool guid_chars(smsc_span in, char out[SMSC_GUID_TEXT])
{
	const uint8_t *b = in.data;
	for (size_t i = 0; i < SMSC_GUID_TEXT - 1; i++) {
		if (b[2 * i + 1] || b[2 * i] >= 0x80)
			return false;
		out[i] = (char)b[2 * i];
	}
	out[SMSC_GUID_TEXT - 1] = 0;
	return smsc_guid_is(out, SMSC_GUID_TEXT - 1);
}

/* DPAPI finds the file by its name, so a wrong one hides the key. */
static void check_name(smsc_record *r, smsc_span guid)
{
	char inside[SMSC_GUID_TEXT];
	const char *file = smsc_path_last(r->path);
	if (!guid_chars(guid, inside))
		smsc_damage(r, SMSC_RULE_D003, GUID_AT, "guid: this is no GUID");
	else if (smsc_guid_is(file, strlen(file)) && smsc_ascii_casecmp(file, inside))
		smsc_damage(r, SMSC_RULE_D003, GUID_AT,
		            "guid: the file is named after another key and is not found by Windows");
}

static void read_guid(smsc_record *r, smsc_cur *c)
{
	smsc_span guid = smsc_read_utf16(r, c, GUID_BYTES, "guid", "GUID of the key and name of the file");
	if (guid.data)
		check_name(r, guid);
}

static void read_policy(smsc_record *r, smsc_cur *c)
{
	uint32_t v = smsc_read_u32(r, c, "policy", "who can open the key");
	if (smsc_cur_ok(c))
		smsc_note(r, "0x%x: opened by %s%s", v, v & 2 ? "DPAPI_SYSTEM" :
		          v & 4 ? "the SHA-1 hash of a password" : "the NTLM hash of a password",
		          v & 1 ? "; the backup slot needs DPAPI_SYSTEM too" : "");
}

static void read_header(smsc_record *r, smsc_cur *c, struct header *h)
{
	uint32_t version = smsc_read_u32(r, c, "version", "version of the file");
	if (smsc_cur_ok(c) && version != 2)
		smsc_damage(r, SMSC_RULE_D004, 0, "version: %u, only 2 is known", version);
	smsc_read_bytes(r, c, 8, "leftover", "left over from memory, no meaning");
	read_guid(r, c);
	smsc_read_bytes(r, c, 8, "leftover2", "end of the GUID and left over from memory");
	read_policy(r, c);
	for (int i = 0; i < PARTS; i++) {
		h->at[i] = smsc_cur_where(c);
		h->size[i] = smsc_read_u64(r, c, parts[i].size_name, parts[i].size_meaning);
		if (smsc_cur_ok(c) && !h->size[i])
			smsc_note(r, "none");
	}
}

/* ---- parts ------------------------------------------------------------------------ */

static void slot(smsc_span in, uint64_t at, smsc_record *r)
{
	smsc_cur c = smsc_cur_of(in, at);
	uint32_t version = smsc_read_u32(r, &c, "version", "version of the slot");
	if (smsc_cur_ok(&c) && version != 2)
		smsc_damage(r, SMSC_RULE_D004, at, "version: %u, only 2 is known", version);
	smsc_read_bytes(r, &c, 16, "salt", "salt of the password derivation");
	uint32_t rounds = smsc_read_u32(r, &c, "rounds", "rounds of the password derivation");
	if (smsc_cur_ok(&c) && (!rounds || rounds > MAX_ROUNDS))
		smsc_damage(r, SMSC_RULE_D003, at + 20, "rounds: %u is no number Windows uses", rounds);
	smsc_read_algid(r, &c, "hash", "hash of the password derivation");
	smsc_read_algid(r, &c, "cipher", "algorithm of the ciphertext");
	smsc_read_bytes(r, &c, smsc_cur_left(&c), "data", "ciphertext: check value and key");
}

/* On Windows 2000 another structure is said to stand here; its bytes are kept as they are. */
static void credhist(smsc_span in, uint64_t at, smsc_record *r)
{
	smsc_cur c = smsc_cur_of(in, at);
	uint32_t version = smsc_read_u32(r, &c, "version", "version of the slot");
	if (smsc_cur_ok(&c) && version != 3)
		smsc_damage(r, SMSC_RULE_D004, at, "version: %u, only 3 is known", version);
	if (in.size < 4 + 16 || version == 3)
		smsc_read_guid(r, &c, "guid", "GUID of the entry in CREDHIST; zeros for the system");
	smsc_read_bytes(r, &c, smsc_cur_left(&c), "data", "more data, meaning not known");
}

static void domain_key(smsc_span in, uint64_t at, smsc_record *r)
{
	smsc_cur c = smsc_cur_of(in, at);
	uint32_t version = smsc_read_u32(r, &c, "version", "version of the slot");
	if (smsc_cur_ok(&c) && version != 2 && version != 3)
		smsc_damage(r, SMSC_RULE_D004, at, "version: %u, only 2 and 3 are known", version);
	uint32_t secret = smsc_read_u32(r, &c, "secret_size", "bytes of the encrypted key");
	uint32_t access = smsc_read_u32(r, &c, "access_size", "bytes of the access check");
	smsc_read_guid(r, &c, "backup_key", "GUID of the domain's backup key");
	smsc_read_bytes(r, &c, secret, "secret", "master key, encrypted with RSA, byte-reversed");
	smsc_read_bytes(r, &c, access, "access_check", "owner's SID, encrypted");
	smsc_read_rest(r, &c);
}

static void (*const decode_part[PARTS])(smsc_span in, uint64_t at, smsc_record *r) = {
	slot, slot, credhist, domain_key
};

static void check_sizes(smsc_record *r, const struct header *h, uint64_t size)
{
	uint64_t needed = HEADER;
	for (int i = 0; i < PARTS; i++) {
		if (h->size[i] > size && h->size[i] >= MAX_PART) {
			smsc_damage(r, SMSC_RULE_D003, h->at[i], "%s: %llu bytes, the whole file has %llu",
			            parts[i].size_name, (unsigned long long)h->size[i],
			            (unsigned long long)size);
			return;
		}
		needed += h->size[i];
	}
	smsc_check_end(r, needed, size);
	if (!h->size[MASTER_KEY])
		smsc_damage(r, SMSC_RULE_D003, h->at[MASTER_KEY], "master_key_size: no master key");
}

static void decode(smsc_span in, smsc_record *r)
{
	smsc_cur c = smsc_cur_of(in, 0);
	struct header h = { 0 };
	read_header(r, &c, &h);
	if (!smsc_cur_ok(&c))
		return;
	check_sizes(r, &h, in.size);
	for (int i = 0; i < PARTS; i++) {
		size_t left = smsc_cur_left(&c);
		uint64_t at = smsc_cur_where(&c);
		smsc_span part = smsc_cur_take(&c, h.size[i] < left ? (size_t)h.size[i] : left);
		if (part.size)
			decode_part[i](part, at, smsc_put_record(r, parts[i].name, parts[i].meaning,
			                                         r->format, at, part.size));
	}
	smsc_read_rest(r, &c);
}

/* ---- probe ------------------------------------------------------------------------- */

static bool sizes_fit(smsc_span in, uint64_t size)
{
	uint64_t sum = HEADER;
	if (in.size < HEADER)
		return false;
	for (size_t i = 0; i < PARTS; i++) {
		uint64_t n = smsc_le64((const uint8_t *)in.data + 96 + 8 * i);
		if (n > size)
			return false;
		sum += n;
	}
	return sum == size;
}

static int probe(smsc_span in, uint64_t size, const char *name)
{
	const char *file = smsc_path_last(name);
	char guid[SMSC_GUID_TEXT];
	if (in.size < 4)
		return 0;
	int sure = smsc_guid_is(file, strlen(file)) ? 30 : 0;
	if (in.size >= GUID_AT + GUID_BYTES && guid_chars(smsc_span_cut(in, GUID_AT, GUID_BYTES), guid))
		sure += 50;
	if (sizes_fit(in, size))
		sure += 40;
	if (smsc_le32(in.data) == 2)
		sure += 10;
	return sure < 40 ? 0 : sure > 100 ? 100 : sure;
}

const smsc_format smsc_dpapi_masterkey = {
	"dpapi-masterkey", "DPAPI master-key file", probe, decode
};
