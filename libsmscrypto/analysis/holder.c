/* holder.c - the keys of all generations by their digest: who has this one? */
#include "holder.h"

#include <stdlib.h>
#include <string.h>

const smsc_key *smsc_holder_key(const smsc_key_holder *h)
{
	return h->generation->keys[h->which];
}

static int compare(const void *left, const void *right)
{
	const smsc_key_holder *a = left, *b = right;
	const smsc_generation *x = a->generation, *y = b->generation;
	int d = memcmp(smsc_holder_key(a)->print.sha256, smsc_holder_key(b)->print.sha256, SMSC_SHA256_SIZE);
	if (!d)
		d = strcmp(x->hash, y->hash);
	if (!d)
		d = strcmp(x->owner, y->owner);
	if (!d)
		d = (x->number > y->number) - (x->number < y->number);
	return d ? d : a->which - b->which;
}

bool smsc_holders_list(smsc_case *c)
{
	c->holders = smsc_arena_alloc(c->arena, 2 * c->generation_count * sizeof(*c->holders));
	if (!c->holders)
		return false;
	for (size_t i = 0; i < c->generation_count; i++)
		for (int which = 0; which < 2; which++)
			if (c->generations[i]->keys[which] && c->generations[i]->keys[which]->named)
				c->holders[c->holder_count++] = (smsc_key_holder){ c->generations[i], which };
	qsort(c->holders, c->holder_count, sizeof(*c->holders), compare);
	return true;
}

/* Where the keys begin whose digest is `sha256`, or comes after it when `after`. */
static size_t lower(const smsc_case *c, const uint8_t *sha256, bool after)
{
	size_t low = 0, high = c->holder_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (memcmp(smsc_holder_key(&c->holders[middle])->print.sha256, sha256, SMSC_SHA256_SIZE) < after)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

smsc_holders smsc_holders_of(const smsc_case *c, const uint8_t sha256[SMSC_SHA256_SIZE])
{
	size_t first = lower(c, sha256, false);
	return (smsc_holders){ c->holders + first, lower(c, sha256, true) - first };
}
