/* entry.c - one stream: what is known of it, and its bytes at any time.
 *
 * While the walk stands on an entry, reading it costs nothing extra.  Later its bytes are
 * found by the side walk of the source, which opens the carrier again and, in an archive,
 * passes over all entries before it.  Entries read in their order share that one pass; a
 * caller that jumps back and forth in an archive pays a pass for each jump back.
 */
#include <stdlib.h>
#include <string.h>

#include "source.h"

struct smsc_entry {
	atomic_size_t refs;
	smsc_source  *source;
	smsc_item    *item;
	smsc_walk    *walk;    /* that stands on it, or NULL */
	uint64_t      at;
	smsc_buf      bytes;   /* all of it, once asked for */
	bool          held;
};

smsc_entry *smsc_entry_new(smsc_source *s, smsc_walk *w, smsc_error **err)
{
	smsc_entry *e = calloc(1, sizeof *e);
	if (!e) {
		smsc_fail_nomem(err);
		return NULL;
	}
	atomic_init(&e->refs, 1);
	e->source = smsc_source_ref(s);
	e->item = smsc_item_ref(w->item);
	e->walk = w;
	w->entry = e;
	smsc_live_add(1);
	return e;
}

bool smsc_entry_is_archive(const smsc_entry *e)
{
	return e->walk && e->walk->inner;
}

void smsc_entry_detach(smsc_entry *e)
{
	if (e)
		e->walk = NULL;
}

smsc_entry *smsc_entry_ref(const smsc_entry *e)
{
	smsc_entry *mine = (smsc_entry *)e;
	if (mine)
		atomic_fetch_add_explicit(&mine->refs, 1, memory_order_relaxed);
	return mine;
}

static void entry_free(smsc_entry *e)
{
	if (e->walk)
		e->walk->entry = NULL;
	smsc_item_unref(e->item);
	smsc_buf_free(&e->bytes);
	smsc_source_unref(e->source);
	free(e);
	smsc_live_add(-1);
}

void smsc_entry_unref(const smsc_entry *e)
{
	smsc_entry *mine = (smsc_entry *)e;
	if (mine && atomic_fetch_sub_explicit(&mine->refs, 1, memory_order_acq_rel) == 1)
		entry_free(mine);
}

const char *smsc_entry_path(const smsc_entry *e)      { return e->item->path; }
const char *smsc_entry_safe_path(const smsc_entry *e) { return e->item->safe_path; }
const char *smsc_entry_kind(const smsc_entry *e)      { return e->item->kind; }
int64_t     smsc_entry_size(const smsc_entry *e)      { return e->item->size; }
smsc_time   smsc_entry_modified(const smsc_entry *e)  { return e->item->modified; }
smsc_time   smsc_entry_created(const smsc_entry *e)   { return e->item->created; }
smsc_time   smsc_entry_accessed(const smsc_entry *e)  { return e->item->accessed; }
const char *smsc_entry_clock(const smsc_entry *e)     { return e->item->clock; }
int64_t     smsc_entry_slack(const smsc_entry *e)     { return e->item->slack; }
unsigned    smsc_entry_set(const smsc_entry *e)       { return e->item->set; }
int64_t     smsc_entry_attributes(const smsc_entry *e) { return e->item->attributes; }
int         smsc_entry_recovered(const smsc_entry *e) { return e->item->recovered; }
uint32_t    smsc_entry_part(const smsc_entry *e)      { return e->item->part; }
const smsc_source *smsc_entry_source(const smsc_entry *e) { return e->source; }

const char *smsc_entry_sddl(const smsc_entry *e)
{
	return e->item->sddl ? e->item->sddl : smsc_streams_sddl(e->item->streams);
}

smsc_record *smsc_entry_streams(const smsc_entry *e, smsc_error **err)
{
	if (smsc_failed(err) || !e->item->streams)
		return NULL;
	return smsc_streams_record(e->item->streams, e->item->path, err);
}

/* ---- bytes --------------------------------------------------------------------- */

static bool is_file(const smsc_entry *e)
{
	return strcmp(e->item->kind, "file") == 0;
}

static void attach(smsc_entry *e, smsc_walk *w)
{
	smsc_entry_detach(w->entry);
	if (e->walk)
		e->walk->entry = NULL;
	e->walk = w;
	w->entry = e;
}

/* Reads on to `at`.  What ends before it has become shorter since, or is damaged there
 * and was told so. */
static void pass_over(smsc_walk *w, uint64_t at, smsc_error **err)
{
	char nothing[16384];
	size_t n = 1;
	while (n && !smsc_walk_can_read(w, at) && w->pulled < at) {
		uint64_t left = at - w->pulled;
		size_t size = left < sizeof nothing ? (size_t)left : sizeof nothing;
		n = smsc_walk_read(w, w->pulled, nothing, size, err);
	}
}

/* The side walk, standing on the entry and ready to read from `at`; NULL on failure. */
static smsc_walk *find_again(smsc_entry *e, uint64_t at, smsc_error **err)
{
	smsc_source *s = e->source;
	if (smsc_walk_seek(s, &s->side, e->item, err) < 0)
		return NULL;
	if (!smsc_walk_can_read(s->side, at) && s->side->pulled > at) {
		smsc_walk_free(s->side);
		s->side = NULL;
		if (smsc_walk_seek(s, &s->side, e->item, err) < 0)
			return NULL;
	}
	attach(e, s->side);
	pass_over(s->side, at, err);
	return smsc_failed(err) ? NULL : s->side;
}

static size_t read_at(smsc_entry *e, uint64_t at, void *buffer, size_t size, smsc_error **err)
{
	smsc_walk *w = e->walk;
	if (!w || !smsc_walk_can_read(w, at))
		w = find_again(e, at, err);
	return w && smsc_walk_can_read(w, at) ? smsc_walk_read(w, at, buffer, size, err) : 0;
}

size_t smsc_entry_read(smsc_entry *e, void *buffer, size_t size, smsc_error **err)
{
	smsc_error *why = NULL;
	size_t n = 0;
	if (smsc_failed(err) || !size || !is_file(e))
		return 0;
	if (!e->held) {
		n = read_at(e, e->at, buffer, size, &why);
	} else if (e->at < e->bytes.size) {
		size_t left = e->bytes.size - (size_t)e->at;
		n = size < left ? size : left;
		memcpy(buffer, e->bytes.data + e->at, n);
	}
	e->at += n;
	smsc_hand_over(err, why);
	return n;
}

int smsc_entry_rewind(smsc_entry *e, smsc_error **err)
{
	if (smsc_failed(err))
		return -1;
	e->at = 0;
	return 0;
}

static int too_large(const smsc_entry *e, smsc_error **err)
{
	uint64_t limit = e->source->settings.max_stream;
	return smsc_fail(err, SMSC_ELIMIT, e->item->path, (int64_t)limit,
	                 "limit max_stream of %llu reached", (unsigned long long)limit);
}

/* Fills e->bytes; -1 on failure. */
static int hold(smsc_entry *e, smsc_error **err)
{
	uint64_t limit = e->source->settings.max_stream;
	if (e->item->size >= 0 && (uint64_t)e->item->size > limit)
		return too_large(e, err);
	for (size_t n = 1; n && !smsc_failed(err);) {
		/* The size is only what the archive claims: no more than a step ahead of it. */
		if (!smsc_buf_reserve(&e->bytes, SMSC_HEAD_BYTES))
			return smsc_fail_nomem(err);
		size_t room = e->bytes.room - e->bytes.size - 1;
		n = read_at(e, e->bytes.size, e->bytes.data + e->bytes.size, room, err);
		e->bytes.size += n;
		if (e->bytes.size > limit)
			return too_large(e, err);
	}
	return smsc_failed(err) ? -1 : 0;
}

smsc_span smsc_entry_bytes(smsc_entry *e, smsc_error **err)
{
	smsc_error *why = NULL;
	if (smsc_failed(err))
		return smsc_span_of(NULL, 0);
	if (!e->held && is_file(e) && hold(e, &why) < 0) {
		smsc_buf_free(&e->bytes);
		smsc_hand_over(err, why);
		return smsc_span_of(NULL, 0);
	}
	e->held = true;
	return smsc_span_of(e->bytes.size ? e->bytes.data : "", e->bytes.size);
}
