/* walk.c - open carriers one upon the other: step, enter, find again, and the limits. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "source.h"

/* Small archives may unpack to much: zeros, sparse files.  The ratio counts from here. */
#define RATIO_FROM (UINT64_C(64) << 20)
/* A head that held a whole archive is not kept for the next item. */
#define HEAD_KEEP  (UINT64_C(1) << 20)

/* ---- one walk ------------------------------------------------------------------ */

static void detach(smsc_walk *w)
{
	smsc_entry_detach(w->entry);
	w->entry = NULL;
}

static void forget_item(smsc_walk *w)
{
	detach(w);
	smsc_item_unref(w->item);
	w->item = NULL;
	w->inner = NULL;
	w->entered = w->whole = false;
	w->pulled = 0;
	if (w->head.room > HEAD_KEEP || w->head.failed)
		smsc_buf_free(&w->head);
	smsc_buf_clear(&w->head);
}

smsc_walk *smsc_walk_open(smsc_source *s, smsc_walk *below, const smsc_carrier *carrier,
                          bool side, smsc_error **err)
{
	smsc_walk *w = calloc(1, sizeof *w);
	if (!w) {
		smsc_fail_nomem(err);
		return NULL;
	}
	w->source = s;
	w->below = below;
	w->carrier = carrier;
	w->side = side;
	if (below) {
		w->budget = below->budget ? below->budget : &w->own;
		w->own.packed = below->item->size > 0 ? (uint64_t)below->item->size : 0;
	}
	w->state = carrier->open(w, err);
	if (w->state)
		return w;
	free(w);
	return NULL;
}

smsc_walk *smsc_walk_pop(smsc_walk *top)
{
	smsc_walk *below = top->below;
	forget_item(top);
	top->carrier->close(top->state);
	smsc_buf_free(&top->head);
	free(top);
	return below;
}

void smsc_walk_free(smsc_walk *top)
{
	while (top)
		top = smsc_walk_pop(top);
}

static unsigned depth(const smsc_walk *w)
{
	unsigned n = 0;
	while ((w = w->below))
		n++;
	return n;
}

/* Fills the head up to `want` bytes.  Only lack of memory is a failure: whatever else stops
 * it stops the reader of the entry at the same byte. */
static int fill(smsc_walk *w, uint64_t want, smsc_error **err)
{
	smsc_error *stop = NULL;
	while (!w->whole && !stop && w->head.size < want) {
		uint64_t more = want - w->head.size;
		size_t size = more < SMSC_READ_BYTES ? (size_t)more : SMSC_READ_BYTES;
		if (!smsc_buf_reserve(&w->head, size))
			return smsc_fail_nomem(err);
		size_t n = w->carrier->read(w->state, w->head.size, w->head.data + w->head.size,
		                            size, &stop);
		w->head.size += n;
		w->pulled = w->head.size;
		w->whole = !n && !stop;
	}
	bool no_memory = smsc_error_code(stop) == SMSC_ENOMEM;
	smsc_error_free(stop);
	return no_memory ? smsc_fail_nomem(err) : 0;
}

/* Takes the head of the current item and finds out whether that is to be walked itself. */
static int look(smsc_walk *w, smsc_error **err)
{
	const smsc_settings *settings = &w->source->settings;
	if (strcmp(w->item->kind, "file") != 0)
		return 0;
	if (fill(w, w->carrier->enough ? w->carrier->enough(w->state) : SMSC_HEAD_BYTES, err) < 0)
		return -1;
	const smsc_carrier *inner = smsc_carrier_probe(w);
	if (!inner)
		return 0;
	if (fill(w, SMSC_HEAD_BYTES, err) < 0)
		return -1;
	if (depth(w) >= settings->max_depth) {
		smsc_walk_tell(w, SMSC_RULE_D008, w->item->path, 0,
		               "limit max_depth of %u reached: this archive is not opened",
		               (unsigned)settings->max_depth);
		return 0;
	}
	w->inner = inner;
	/* Archives jump to and fro, so one that lies in an archive is held in memory; a backup is
	 * read in one pass, which is all that a pipe has. */
	if ((smsc_source_is_pipe(w->source) && inner == &smsc_bkf_carrier) ||
	    w->carrier->random || w->item->size > (int64_t)settings->max_stream)
		return 0;
	return fill(w, settings->max_stream, err);
}

int smsc_walk_step(smsc_walk *w, smsc_error **err)
{
	smsc_draft d = { .size = -1, .clock = "none", .attributes = -1 };
	detach(w);
	/* Carriers tell damage they meet on their way to the next item about the last one. */
	int r = w->budget && w->budget->spent ? 0 : w->carrier->next(w->state, &d, err);
	forget_item(w);
	if (r <= 0)
		return r;
	uint64_t ordinal = w->seen++;
	if (!d.kind)
		return 1;
	w->item = smsc_item_new(w, &d, ordinal);
	if (!w->item)
		return smsc_fail_nomem(err);
	if (d.unreadable)
		smsc_walk_tell(w, SMSC_RULE_D007, w->item->path, 0, "%s", d.unreadable);
	return look(w, err) < 0 ? -1 : 1;
}

/* No more of the head was wanted so far. */
static bool can_grow(const smsc_walk *w, uint64_t at)
{
	return at >= w->head.size && at < SMSC_HEAD_BYTES && !w->whole && !w->carrier->random &&
	       w->pulled == w->head.size;
}

bool smsc_walk_can_read(const smsc_walk *w, uint64_t at)
{
	return at < w->head.size || w->whole || w->carrier->random || at == w->pulled || can_grow(w, at);
}

size_t smsc_walk_read(smsc_walk *w, uint64_t at, void *buffer, size_t size, smsc_error **err)
{
	if (can_grow(w, at) && fill(w, SMSC_HEAD_BYTES, err) < 0)
		return 0;
	if (at < w->head.size) {
		size_t left = w->head.size - (size_t)at;
		size = size < left ? size : left;
		memcpy(buffer, w->head.data + at, size);
		return size;
	}
	if (w->whole)
		return 0;
	size_t n = w->carrier->read(w->state, at, buffer, size, err);
	w->pulled = at + n;
	return n;
}

/* ---- chains -------------------------------------------------------------------- */

static int find(smsc_walk *w, const smsc_item *target, smsc_error **err)
{
	forget_item(w);
	if (w->carrier->find(w->state, target, err) < 0)
		return -1;
	w->item = smsc_item_ref((smsc_item *)target);
	w->seen = target->ordinal + 1;
	return look(w, err);
}

static int go_to(smsc_walk *w, const smsc_item *target, smsc_error **err)
{
	if (w->item && smsc_item_same(w->item, target))
		return 0;
	if (w->carrier->find)
		return find(w, target, err);
	int r = 1;
	while (r > 0 && w->seen <= target->ordinal)
		r = smsc_walk_step(w, err);
	if (r < 0 || (w->item && smsc_item_same(w->item, target)))
		return r < 0 ? -1 : 0;
	if (w->budget && w->budget->spent)
		return smsc_fail(err, SMSC_ELIMIT, target->path, -1,
		                 "a limit is reached before this entry");
	return smsc_fail(err, SMSC_EIO, target->path, -1, "the entry is not found again");
}

/* Can the carrier above read this item from its start? */
static bool at_start(const smsc_walk *w)
{
	return w->carrier->random || w->whole || w->pulled == w->head.size;
}

/* The caller has read past the head of an archive that is too large to hold: its walk is
 * opened again and comes to the same place.  What that meets was told before. */
static int start_again(smsc_source *s, smsc_walk **chain, smsc_error **err)
{
	bool before = s->again;
	smsc_item *item = smsc_item_ref((*chain)->item);
	*chain = smsc_walk_pop(*chain);
	s->again = true;
	int r = smsc_walk_enter(s, chain, err);
	if (r > 0)
		r = go_to(*chain, item, err);
	else if (r == 0)
		r = smsc_fail(err, SMSC_EIO, item->path, -1, "the archive cannot be opened again");
	s->again = before;
	smsc_item_unref(item);
	return r;
}

int smsc_walk_enter(smsc_source *s, smsc_walk **chain, smsc_error **err)
{
	smsc_error *why = NULL;
	if (!at_start(*chain) && start_again(s, chain, err) < 0)
		return -1;
	smsc_walk *w = *chain;
	w->entered = true;
	/* What streams through the new walk cannot also be read as an entry. */
	if (!w->carrier->random && !w->whole)
		detach(w);
	smsc_walk *top = smsc_walk_open(s, w, w->inner, w->side, &why);
	if (top) {
		*chain = top;
		return 1;
	}
	if (!why)
		return 0;
	smsc_fail(err, smsc_error_code(why), w->item->path, smsc_error_offset(why), "%s",
	          smsc_error_message(why));
	smsc_error_free(why);
	return -1;
}

/* `item`, or the one it is in, that is in the same carrier as the items of `w`. */
static const smsc_item *in_walk(const smsc_walk *w, const smsc_item *item)
{
	const smsc_item *container = w->below ? w->below->item : NULL;
	while (item && !smsc_item_same(item->container, container))
		item = item->container;
	return item;
}

static bool on_way(const smsc_walk *w, const smsc_item *item)
{
	const smsc_item *target = in_walk(w, item);
	return target && (w->carrier->find || w->seen <= target->ordinal ||
	                  (w->item && smsc_item_same(w->item, target)));
}

int smsc_walk_seek(smsc_source *s, smsc_walk **chain, const smsc_item *item, smsc_error **err)
{
	while (*chain && !on_way(*chain, item))
		*chain = smsc_walk_pop(*chain);
	if (!*chain)
		*chain = smsc_walk_open(s, NULL, s->root, true, err);
	while (*chain) {
		const smsc_item *target = in_walk(*chain, item);
		if (go_to(*chain, target, err) < 0)
			return -1;
		if (target == item)
			return 0;
		if (!(*chain)->inner)
			return smsc_fail(err, SMSC_EIO, target->path, -1, "the archive has changed");
		if (smsc_walk_enter(s, chain, err) <= 0)
			return smsc_fail(err, SMSC_EIO, target->path, -1, "the archive cannot be opened again");
	}
	return -1;
}

/* ---- for carriers -------------------------------------------------------------- */

bool smsc_input_seekable(const smsc_walk *w)
{
	return w->below->carrier->random || w->below->whole;
}

int64_t smsc_input_size(const smsc_walk *w)
{
	return w->below->whole ? (int64_t)w->below->head.size : w->below->item->size;
}

smsc_span smsc_input_head(const smsc_walk *w)
{
	return smsc_span_of(w->below->head.data, w->below->head.size);
}

size_t smsc_input_read(smsc_walk *w, uint64_t at, void *buffer, size_t size, smsc_error **err)
{
	return smsc_walk_read(w->below, at, buffer, size, err);
}

bool smsc_input_exact(smsc_walk *w, uint64_t at, void *buffer, size_t size)
{
	size_t done = 0, n = 1;
	while (n && done < size) {
		n = smsc_input_read(w, at + done, (char *)buffer + done, size - done, NULL);
		done += n;
	}
	return done == size;
}

static bool over(smsc_walk *w, const char *name, uint64_t limit, smsc_error **err)
{
	const smsc_budget *b = w->budget;
	const char *path = w->item ? w->item->path : w->below->item->path;
	w->budget->spent = true;
	smsc_walk_tell(w, SMSC_RULE_D008, path, w->pulled,
	               "limit %s of %llu reached: %llu bytes unpacked from an archive of %llu; "
	               "the rest of it is not read", name, (unsigned long long)limit,
	               (unsigned long long)b->unpacked, (unsigned long long)b->packed);
	smsc_fail(err, SMSC_ELIMIT, path, (int64_t)w->pulled, "limit %s of %llu reached", name,
	          (unsigned long long)limit);
	return false;
}

bool smsc_walk_spend(smsc_walk *w, uint64_t bytes, smsc_error **err)
{
	const smsc_settings *settings = &w->source->settings;
	smsc_budget *b = w->budget;
	if (b->spent) {
		smsc_fail(err, SMSC_ELIMIT, w->item ? w->item->path : NULL, (int64_t)w->pulled,
		          "a limit of this archive was reached");
		return false;
	}
	b->unpacked += bytes;
	if (b->unpacked > settings->max_total)
		return over(w, "max_total", settings->max_total, err);
	if (b->unpacked > RATIO_FROM && b->unpacked / settings->max_ratio > b->packed)
		return over(w, "max_ratio", settings->max_ratio, err);
	return true;
}

/* A side walk meets again what the first one told. */
static bool told(const smsc_findings *list, smsc_rule_id rule, const char *path, uint64_t at)
{
	for (size_t i = 0; i < list->count; i++) {
		const smsc_finding *f = list->at[i];
		if (f->rule == rule && f->offset == at && strcmp(f->path, path) == 0)
			return true;
	}
	return false;
}

void smsc_walk_tell(smsc_walk *w, smsc_rule_id rule, const char *path, uint64_t at,
                    const char *format, ...)
{
	smsc_source *s = w->source;
	char text[512];
	va_list args;
	if (!path)
		path = w->below ? w->below->item->path : s->name;
	if ((w->side || s->again) && told(&s->findings, rule, path, at))
		return;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	smsc_findings_add(&s->findings, s->arena, rule, path, at, "%s", text);
}
