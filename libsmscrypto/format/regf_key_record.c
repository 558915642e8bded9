/* regf_key_record.c - one key of a hive, its subkeys and values, as a record. */
#include "regf_record.h"

#include "../base/text.h"

enum { MAX_LISTED = 100000, MAX_TEXTS = 10000, CLASS_DIGITS = 16 };
enum { SZ = 1, EXPAND_SZ = 2, DWORD = 4, DWORD_BE = 5, LINK = 6, MULTI_SZ = 7, QWORD = 11 };

typedef struct listing {
	smsc_hive   *hive;
	smsc_record *record;
	unsigned     count;
} listing;

/* ---- names --------------------------------------------------------------------------------- */

void smsc_put_hive_name(smsc_record *r, const char *field, const char *meaning, smsc_span name,
                        bool latin, uint64_t at)
{
	smsc_buf text = SMSC_BUF_INIT;
	smsc_hive_name(&text, name, latin);
	if (text.failed)
		r->root->failed = true;
	else
		smsc_put_text(r, field, meaning, text.data ? text.data : "", text.size, at, name.size);
	smsc_buf_free(&text);
}

/* Lsa\JD, Skew1, GBG and Data: eight digits of the boot key each [registry-certs 2.9]. */
static bool is_boot_key(const smsc_hive_key *k)
{
	static const char *const names[] = { "JD", "Skew1", "GBG", "Data" };
	bool is = false;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		is |= smsc_hive_name_said(names[i], k->name, k->latin) == strlen(names[i]);
	return is && k->class_name.size == CLASS_DIGITS;
}

static void put_class(smsc_record *r, const smsc_hive_key *k)
{
	static const char field[] = "class_name", meaning[] = "class name of the key";
	uint64_t at = smsc_hive_offset(k->class_cell);
	if (!k->class_name.size)
		return;
	if (!is_boot_key(k)) {
		smsc_put_hive_name(r, field, meaning, k->class_name, false, at);
		return;
	}
	smsc_put_int(r, field, meaning, (int64_t)k->class_name.size, at, k->class_name.size);
	smsc_note(r, "bytes of the boot key, not shown");
}

static void put_key(smsc_record *r, const smsc_hive_key *k)
{
	uint64_t at = smsc_hive_offset(k->cell);
	smsc_put_hive_name(r, "name", "name of the key", k->name, k->latin, at + 76);
	smsc_put_time(r, "last_written", "when a value or the list of its subkeys was last written",
	              k->written, at + 4, 8);
	put_class(r, k);
}

/* ---- values -------------------------------------------------------------------------------- */

static const char *type_name(uint32_t type)
{
	static const char *const names[] = {
		"REG_NONE", "REG_SZ", "REG_EXPAND_SZ", "REG_BINARY", "REG_DWORD", "REG_DWORD_BIG_ENDIAN",
		"REG_LINK", "REG_MULTI_SZ", "REG_RESOURCE_LIST", "REG_FULL_RESOURCE_DESCRIPTOR",
		"REG_RESOURCE_REQUIREMENTS_LIST", "REG_QWORD",
	};
	return type < sizeof names / sizeof *names ? names[type] : NULL;
}

static bool at_text(const smsc_cur *c)
{
	return smsc_cur_left(c) >= 2 && smsc_le16(c->data + c->at);
}

/* Bytes of the text at `c` with its NUL. */
static size_t text_size(const smsc_cur *c)
{
	size_t left = smsc_cur_left(c), n = 0;
	while (n + 2 <= left && smsc_le16(c->data + c->at + n))
		n += 2;
	return n + 2 <= left ? n + 2 : left;
}

static bool all_zero(const smsc_cur *c)
{
	for (size_t i = 0; i < smsc_cur_left(c); i++)
		if (c->data[c->at + i])
			return false;
	return true;
}

/* The list ends at its first empty text. */
static void put_texts(smsc_record *r, smsc_cur *c, const char *field, const char *meaning)
{
	smsc_record *list = smsc_put_record(r, field, meaning, "texts", smsc_cur_where(c),
	                                    smsc_cur_left(c));
	for (unsigned n = 0; n < MAX_TEXTS && at_text(c); n++)
		smsc_read_utf16(list, c, text_size(c), "text", "one of the texts");
	if (!all_zero(c))
		smsc_read_rest(list, c);
}

static int64_t big_endian(const uint8_t *p)
{
	return (int64_t)p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3];
}

static void put_piece(smsc_record *r, smsc_cur *c, const smsc_hive_value *v)
{
	static const char field[] = "data", meaning[] = "data of the value";
	uint32_t size = v->size;
	/* Some programs keep private keys in values. */
	if (smsc_holds_private_key(smsc_span_of(c->data, c->size)))
		smsc_read_withheld(r, c, c->size, field, meaning);
	else if (v->type == DWORD && size == 4 && !v->missing)
		smsc_read_u32(r, c, field, meaning);
	else if (v->type == DWORD_BE && size == 4 && !v->missing)
		smsc_put_int(r, field, meaning, big_endian(c->data), smsc_cur_where(c), 4);
	else if (v->type == QWORD && size == 8 && !v->missing)
		smsc_read_u64(r, c, field, meaning);
	else if (v->type == SZ || v->type == EXPAND_SZ || v->type == LINK)
		smsc_read_utf16(r, c, c->size, field, meaning);
	else if (v->type == MULTI_SZ)
		put_texts(r, c, field, meaning);
	else
		smsc_read_bytes(r, c, c->size, field, meaning);
}

static void put_data(listing *l, smsc_record *r, const smsc_hive_value *v)
{
	smsc_span piece;
	uint64_t at;
	for (uint32_t i = 0; smsc_hive_value_piece(l->hive, v, i, &piece, &at); i++) {
		smsc_cur c = smsc_cur_of(piece, at);
		if (v->big == SMSC_HIVE_NONE)
			put_piece(r, &c, v);
		else if (smsc_holds_private_key(piece))
			smsc_read_withheld(r, &c, piece.size, "data", "segment of the data");
		else
			smsc_read_bytes(r, &c, piece.size, "data", "segment of the data");
	}
}

/* ---- lists ---------------------------------------------------------------------------------- */

/* Each entry takes memory of ours, but may take none of the hive's own: lists can share cells. */
static bool room_for_one(listing *l)
{
	if (l->count++ < MAX_LISTED)
		return true;
	smsc_damage(l->record, SMSC_RULE_D008, 0, "more than %d are not listed", MAX_LISTED);
	return false;
}

static bool list_value(void *user, const smsc_hive_key *k, const smsc_hive_value *v)
{
	listing *l = user;
	uint64_t at = smsc_hive_offset(v->cell);
	(void)k;
	if (!room_for_one(l))
		return false;
	smsc_record *r = smsc_put_record(l->record, "value", "one value", "regf-value", at,
	                                 20 + v->name.size);
	smsc_put_hive_name(r, "name", "name of the value", v->name, v->latin, at + 20);
	if (!v->name.size)
		smsc_note(r, "the default value");
	smsc_put_int(r, "type", "type of the data", v->type, at + 12, 4);
	if (type_name(v->type))
		smsc_note(r, "%s", type_name(v->type));
	smsc_put_int(r, "size", "bytes of the data", v->size, at + 4, 4);
	put_data(l, r, v);
	return true;
}

static bool list_subkey(void *user, const smsc_hive_key *k, unsigned depth)
{
	listing *l = user;
	(void)depth;
	if (!room_for_one(l))
		return false;
	put_key(smsc_put_record(l->record, "subkey", "one subkey", "regf-key", smsc_hive_offset(k->cell),
	                        76 + k->name.size), k);
	return true;
}

void smsc_hive_key_record(smsc_hive *h, const smsc_hive_key *k, smsc_record *r)
{
	uint64_t at = smsc_hive_offset(k->cell);
	listing values = { h, NULL, 0 }, subkeys = { h, NULL, 0 };
	if (h->budget > 2 * (uint64_t)h->size)
		h->budget = 2 * (uint64_t)h->size;  /* what one key holds is less than the hive */
	put_key(r, k);
	values.record = smsc_put_record(r, "values", "values of the key", "regf-values", at + 36, 4);
	smsc_hive_values(h, k, list_value, &values);
	subkeys.record = smsc_put_record(r, "subkeys", "keys in the key", "regf-keys", at + 20, 4);
	smsc_hive_subkeys(h, k, list_subkey, &subkeys);
}
