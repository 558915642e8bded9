/* regf_walk.c - from key to subkey, without recursion: the depth of a hive is not ours. */
#include "regf_cell.h"

#include <stdlib.h>

enum { ITEM_PRICE = 16 };  /* an item takes less room than the time to find that it is none */

/* Where one is in the subkeys of a key: lf, lh and li hold keys, ri holds such lists. */
typedef struct place {
	const uint8_t *item, *end;        /* keys of the list being read, `step` bytes each */
	const uint8_t *list, *lists_end;  /* lists of an ri that are still to be read */
	uint32_t step;
	uint32_t cell;                    /* of the key */
	uint32_t counted;                 /* as the key says */
	uint32_t given;
} place;

/* The items of a list: no more than its cell holds, unless the key counts as many. */
static size_t list_items(smsc_hive *h, const place *p, uint32_t cell, smsc_span s, size_t step)
{
	size_t count = smsc_le16((const uint8_t *)s.data + 2), fits = (s.size - 4) / step;
	if (count <= fits)
		return count;
	smsc_hive_tell(h, smsc_hive_offset(cell) + 2, "a list of subkeys counts more than it holds");
	size_t to_end = (h->size - (size_t)smsc_hive_offset(cell) - 4) / step;
	return count == p->counted && count <= to_end ? count : fits;
}

/* Opens a list.  Real indexes never nest, and a loop of them would never end. */
static void open_list(smsc_hive *h, place *p, uint32_t cell, bool nested)
{
	smsc_span s = smsc_hive_cell(h, cell);
	const uint8_t *first = s.data ? (const uint8_t *)s.data + 4 : NULL;
	bool pairs = smsc_hive_signed(s, "lf") || smsc_hive_signed(s, "lh");
	if (smsc_hive_signed(s, "ri") && !nested) {
		p->list = first;
		p->lists_end = first + 4 * list_items(h, p, cell, s, 4);
	} else if (pairs || smsc_hive_signed(s, "li")) {
		p->step = pairs ? 8 : 4;
		p->item = first;
		p->end = first + p->step * list_items(h, p, cell, s, p->step);
	} else {
		smsc_hive_tell(h, smsc_hive_offset(cell), "a list of subkeys was expected here");
	}
}

/* No key without subkeys has a list of them, so that 0 beside a list is a damaged count. */
static bool has_subkeys(const smsc_hive_key *k)
{
	return k->subkeys || k->subkey_list != SMSC_HIVE_NONE;
}

static place subkeys_of(smsc_hive *h, const smsc_hive_key *k)
{
	place p = { .cell = k->cell, .counted = k->subkeys };
	if (has_subkeys(k))
		open_list(h, &p, k->subkey_list, false);
	return p;
}

/* The next cell listed; false past the last, and at the end of the budget. */
static bool next_cell(smsc_hive *h, place *p, uint32_t *cell)
{
	while (p->item == p->end) {
		if (p->list == p->lists_end || !smsc_hive_pay(h, ITEM_PRICE))
			return false;
		uint32_t list = smsc_le32(p->list);
		p->list += 4;
		open_list(h, p, list, true);
	}
	if (!smsc_hive_pay(h, ITEM_PRICE))
		return false;
	*cell = smsc_le32(p->item);
	p->item += p->step;
	if (p->item != p->end)
		smsc_hive_soon(h, smsc_le32(p->item));
	p->given++;
	return true;
}

static void check_count(smsc_hive *h, const place *p)
{
	if (p->given != p->counted && h->budget)
		smsc_hive_tell(h, smsc_hive_offset(p->cell) + 20,
		               "a key counts more or fewer subkeys than its lists hold");
}

bool smsc_hive_subkeys(smsc_hive *h, const smsc_hive_key *k, smsc_hive_key_fn *fn, void *user)
{
	place p = subkeys_of(h, k);
	uint32_t cell;
	smsc_hive_key child;
	while (next_cell(h, &p, &cell))
		if (smsc_hive_key_at(h, cell, &child) && !fn(user, &child, 0))
			return false;
	check_count(h, &p);
	return h->budget != 0;
}

/* ---- the whole tree ------------------------------------------------------------------------ */

typedef struct walk {
	smsc_hive *h;
	smsc_hive_key_fn   *on_key;
	smsc_hive_value_fn *on_value;
	void    *user;
	uint8_t *seen;                    /* one bit for each 8 bytes of the file */
	place   *stack;
	unsigned depth;                   /* places on the stack */
} walk;

/* False when it was set already.  A cell past the end has no bit, and no key. */
static bool mark(walk *w, uint32_t cell)
{
	size_t bit = cell / 8;
	uint8_t one = (uint8_t)(1u << bit % 8);
	if (bit / 8 > w->h->size / 64)
		return true;
	if (w->seen[bit / 8] & one) {
		smsc_hive_tell(w->h, smsc_hive_offset(cell), "a key is listed twice");
		return false;
	}
	w->seen[bit / 8] |= one;
	return true;
}

static void go_below(walk *w, const smsc_hive_key *k)
{
	if (w->depth < SMSC_HIVE_DEPTH)
		w->stack[w->depth++] = subkeys_of(w->h, k);
	else
		smsc_hive_tell(w->h, smsc_hive_offset(k->cell), "keys lie too deep to be followed");
}

static bool visit(walk *w, uint32_t cell)
{
	smsc_hive_key k;
	if (!mark(w, cell) || !smsc_hive_key_at(w->h, cell, &k))
		return true;
	smsc_hive_soon(w->h, k.value_list);
	smsc_hive_soon(w->h, k.subkey_list);
	if (!w->on_key(w->user, &k, w->depth))
		return false;
	if (w->on_value && !smsc_hive_values(w->h, &k, w->on_value, w->user))
		return false;
	if (has_subkeys(&k))
		go_below(w, &k);
	return true;
}

static bool walk_all(walk *w, uint32_t top)
{
	uint32_t cell;
	if (!visit(w, top))
		return false;
	while (w->depth) {
		place *p = &w->stack[w->depth - 1];
		if (!next_cell(w->h, p, &cell)) {
			check_count(w->h, p);
			w->depth--;
		} else if (!visit(w, cell)) {
			return false;
		}
	}
	return w->h->budget != 0;
}

bool smsc_hive_walk(smsc_hive *h, const smsc_hive_key *top, smsc_hive_key_fn *on_key,
                    smsc_hive_value_fn *on_value, void *user)
{
	walk w = { h, on_key, on_value, user, calloc(h->size / 64 + 1, 1),
	           malloc(SMSC_HIVE_DEPTH * sizeof *w.stack), 0 };
	bool whole = w.seen && w.stack && walk_all(&w, top->cell);
	free(w.seen);
	free(w.stack);
	return whole;
}
