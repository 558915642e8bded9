/* regf_value.c - values: where their data lies, and its pieces. */
#include "regf_cell.h"

enum { VALUE_FIXED = 20, SEGMENT = 16344, AHEAD = 3 };

/* The values that the list can hold; Windows keeps no mark on that list. */
static uint32_t listed(const smsc_hive *h, const smsc_hive_key *k, smsc_span *list)
{
	*list = k->values ? smsc_hive_cell(h, k->value_list) : smsc_span_of(NULL, 0);
	return k->values < list->size / 4 ? k->values : (uint32_t)(list->size / 4);
}

/* Up to four bytes stand in the vk itself. */
static void place_inline(const smsc_hive *h, smsc_hive_value *v, const uint8_t *vk)
{
	v->data_at = smsc_hive_offset(v->cell) + 8;
	v->data = smsc_span_of(vk + 8, v->size > 4 ? 4 : v->size);
	if (v->size > 4)
		smsc_hive_tell(h, v->data_at - 4, "a value says that more than 4 bytes stand in its cell");
	v->size = (uint32_t)v->data.size;
}

/* All else lies in one cell or, in formats from 1.4 on and past 16,344 bytes, in segments; that
 * the cell is too small for the data says so too, should the base block be damaged. */
static void place_data(const smsc_hive *h, smsc_hive_value *v, const uint8_t *vk)
{
	uint32_t cell = smsc_le32(vk + 8);
	smsc_span s = smsc_hive_cell(h, v->size ? cell : SMSC_HIVE_NONE);
	bool split = v->size > SEGMENT && (h->minor >= 4 || s.size < v->size);
	if (split && s.size >= 8 && smsc_hive_signed(s, "db")) {
		v->segments = smsc_le16((const uint8_t *)s.data + 2);
		v->big = smsc_le32((const uint8_t *)s.data + 4);
		v->missing = (uint64_t)v->segments * SEGMENT < v->size;
		return;
	}
	v->data = smsc_span_cut(s, 0, v->size);
	v->data_at = v->data.size ? smsc_hive_offset(cell) : 0;
	v->missing = v->data.size < v->size;
}

static bool value_cell(smsc_hive *h, uint32_t cell, smsc_hive_value *out)
{
	smsc_span s = smsc_hive_cell_of(h, cell, "vk", VALUE_FIXED);
	const uint8_t *vk = s.data;
	*out = (smsc_hive_value){ .cell = cell, .big = SMSC_HIVE_NONE };
	if (!vk) {
		smsc_hive_tell(h, smsc_hive_offset(cell), "a value cell was expected here");
		return false;
	}
	uint32_t size = smsc_le32(vk + 4);
	out->latin = smsc_le16(vk + 16) & 1;
	out->name  = smsc_span_cut(s, VALUE_FIXED, smsc_le16(vk + 2));
	out->type  = smsc_le32(vk + 12);
	out->size  = size & 0x7fffffffu;
	if (size & 0x80000000u)
		place_inline(h, out, vk);
	else
		place_data(h, out, vk);
	if (out->name.size < smsc_le16(vk + 2))
		smsc_hive_tell(h, smsc_hive_offset(cell) + VALUE_FIXED, "the name of a value is cut short");
	if (out->missing)
		smsc_hive_tell(h, smsc_hive_offset(cell) + 4, "the data of a value is cut short");
	return true;
}

static uint32_t cell_of(smsc_span list, uint32_t i)
{
	return smsc_le32((const uint8_t *)list.data + 4 * (size_t)i);
}

static bool value_of(smsc_hive *h, smsc_span list, uint32_t i, smsc_hive_value *out)
{
	return smsc_hive_pay(h, VALUE_FIXED) && value_cell(h, cell_of(list, i), out) &&
	       smsc_hive_pay(h, out->name.size);
}

bool smsc_hive_value_at(smsc_hive *h, const smsc_hive_key *k, uint32_t i, smsc_hive_value *out)
{
	smsc_span list;
	return i < listed(h, k, &list) && value_of(h, list, i, out);
}

bool smsc_hive_values(smsc_hive *h, const smsc_hive_key *k, smsc_hive_value_fn *fn, void *user)
{
	smsc_span list;
	smsc_hive_value v;
	uint32_t n = listed(h, k, &list);
	uint64_t at = smsc_hive_offset(k->cell) + 36;
	/* How many there were cannot be told: the list may end in old places of deleted values. */
	if (!k->values && k->value_list != SMSC_HIVE_NONE)
		smsc_hive_tell(h, at, "a key counts no values, but has a list of them");
	if (n < k->values)
		smsc_hive_tell(h, at, "a key counts more values than its list holds");
	for (uint32_t i = 0; i < n && h->budget; i++) {
		if (i + AHEAD < n)
			smsc_hive_soon(h, cell_of(list, i + AHEAD));
		if (value_of(h, list, i, &v) && !fn(user, k, &v))
			return false;
	}
	return true;
}

bool smsc_hive_value_piece(smsc_hive *h, const smsc_hive_value *v, uint32_t i, smsc_span *piece,
                           uint64_t *at)
{
	*piece = v->data;
	*at = v->data_at;
	if (v->big == SMSC_HIVE_NONE)
		return !i && v->data.size && smsc_hive_pay(h, v->data.size);
	smsc_span list = smsc_hive_cell(h, v->big);
	uint64_t before = (uint64_t)i * SEGMENT;
	if (i >= v->segments || before >= v->size)
		return false;
	uint32_t cell = i < list.size / 4 ? cell_of(list, i) : SMSC_HIVE_NONE;
	size_t want = v->size - before < SEGMENT ? (size_t)(v->size - before) : SEGMENT;
	*piece = smsc_span_cut(smsc_hive_cell(h, cell), 0, want);
	*at = smsc_hive_offset(cell);
	/* What follows a torn segment has no known place in the data. */
	if (piece->size < want)
		smsc_hive_tell(h, smsc_hive_offset(v->cell) + 4, "a segment of a value is cut short");
	return piece->size == want && smsc_hive_pay(h, want);
}

smsc_span smsc_hive_value_data(smsc_hive *h, const smsc_hive_value *v, smsc_buf *room)
{
	smsc_span piece;
	uint64_t at;
	if (v->big == SMSC_HIVE_NONE)
		return smsc_hive_value_piece(h, v, 0, &piece, &at) ? piece : smsc_span_of(NULL, 0);
	smsc_buf_clear(room);
	for (uint32_t i = 0; smsc_hive_value_piece(h, v, i, &piece, &at); i++)
		smsc_buf_add(room, piece.data, piece.size);
	return room->failed ? smsc_span_of(NULL, 0) : smsc_span_of(room->data, room->size);
}

uint32_t smsc_hive_value_u32(const smsc_hive_value *v, uint32_t otherwise)
{
	return v->data.size == 4 ? smsc_le32(v->data.data) : otherwise;
}
