/* bkf_set.c - the backup sets of a source, as the walk meets them. */
#include <string.h>

#include "../format/bkf_set.h"
#include "source.h"

/* Nobody has more on one medium; a file made to be walked for ever may. */
#define MOST_SETS 4096u

/* The same block of the same backup. */
static bool is_same(const smsc_record *a, const smsc_record *b)
{
	const smsc_field *x = smsc_record_at(a, 0), *y = smsc_record_at(b, 0);
	return x && y && x->at == y->at && x->as.number == y->as.number &&
	       strcmp(a->path, b->path) == 0;
}

static bool keep(smsc_source *s, smsc_record *record)
{
	if (!s->kept)
		s->kept = smsc_arena_new();
	if (!s->kept || !smsc_record_count(record) ||
	    !smsc_arena_grow(s->kept, &s->sets, s->set_count, &s->set_room, sizeof *s->sets))
		return false;
	s->sets[s->set_count++] = record;
	return true;
}

bool smsc_walk_set(smsc_walk *w, smsc_record *record, bool *failed)
{
	smsc_source *s = w->source;
	bool known = s->set_count >= MOST_SETS, kept = false;
	for (size_t i = 0; i < s->set_count && !known; i++)
		known = is_same(s->sets[i], record);
	if (!known)
		kept = keep(s, record);
	*failed |= !known && !kept;
	if (!kept)
		smsc_record_unref(record);
	return kept;
}

size_t smsc_source_set_count(const smsc_source *s)
{
	return s->set_count;
}

const smsc_record *smsc_source_set_at(const smsc_source *s, size_t i)
{
	return i < s->set_count ? s->sets[i] : NULL;
}

const smsc_record *smsc_source_find_set(const smsc_source *s, uint32_t set)
{
	for (size_t i = 0; i < s->set_count; i++)
		if (strcmp(s->sets[i]->path, s->name) == 0 && smsc_record_at(s->sets[i], 0) &&
		    smsc_record_at(s->sets[i], 0)->as.number == set)
			return s->sets[i];
	return NULL;
}
