/* bkf.c - the carrier of NTBackup files (.bkf) and dumps of its tapes.
 *
 * One pass from block to block; a file's bytes stream through.  Alternate streams are entries
 * "path:stream".  The catalogs at the end of a set repeat what the blocks say and are passed
 * over, so that a record of them is never taken for a block.
 */
#include <stdlib.h>
#include <string.h>

#include "../base/text.h"
#include "../format/bkf_lzs.h"
#include "bkf.h"

/* A file whose name says .bkf is searched that far for the first block of one. */
#define FAR (UINT64_C(64) << 20)
/* What is needed of a file to know an archive, but for an image of a CD; a tar takes most. */
#define ENOUGH 2048u
#define ISO_MARK 0x8001u

/* ---- open ------------------------------------------------------------------------ */

static size_t pull(void *user, uint64_t at, void *buffer, size_t size)
{
	smsc_bkf *st = user;
	return st->broken ? 0 : smsc_input_read(st->walk, at, buffer, size, &st->broken);
}

/* Those of a file or folder, also when it goes on on another medium. */
static void met(void *user, const smsc_bkf_stream *s, uint64_t at, int sum)
{
	smsc_bkf *st = user;
	uint32_t type = st->is_file ? SMSC_BKF_FILE : st->is_folder ? SMSC_BKF_DIRB : 0;
	if (!st->streams || type != st->tape.block.type || s->id == SMSC_BKF_SPAD)
		return;
	if (s->id == SMSC_BKF_CSUM)
		smsc_streams_sum(st->streams, sum > 0 ? SMSC_SUM_RIGHT : sum < 0 ? SMSC_SUM_WRONG : SMSC_SUM_UNREAD);
	else if (!smsc_streams_add(st->streams, s->id, s->size, at, s->media & SMSC_BKF_SUMMED))
		st->path.failed = true;
}

static uint64_t medium_end(void *user, uint64_t at)
{
	const smsc_bkf *st = user;
	return smsc_media_end(st->walk->source, at);
}

static void *bkf_open(smsc_walk *w, smsc_error **err)
{
	smsc_bkf *st = calloc(1, sizeof *st);
	if (!st) {
		smsc_fail_nomem(err);
		return NULL;
	}
	st->walk = w;
	st->zone = SMSC_BKF_NO_ZONE;
	smsc_bkf_start(&st->tape, pull, st, smsc_input_seekable(w), smsc_input_size(w));
	st->tape.met = met;
	if (w->below->item->hidden && w->source->media_count)
		st->tape.medium_end = medium_end;
	return st;
}

static void bkf_close(void *state)
{
	smsc_bkf *st = state;
	smsc_error_free(st->broken);
	smsc_buf_free(&st->volume);
	smsc_buf_free(&st->folder);
	smsc_buf_free(&st->object);
	smsc_buf_free(&st->path);
	smsc_buf_free(&st->sddl);
	smsc_streams_unref(st->streams);
	free(st->frames);
	free(st);
}

/* ---- findings -------------------------------------------------------------------- */

static void tell_damage(smsc_bkf *st)
{
	uint64_t from = st->tape.damage_at, to = st->tape.resumed_at;
	st->lost = st->recovered = true;
	if (to == SMSC_BKF_LOST)
		smsc_walk_tell(st->walk, SMSC_RULE_D006, NULL, from, "no block of a backup from here to the end");
	else if (to < from)
		smsc_walk_tell(st->walk, SMSC_RULE_D006, NULL, to,
		               "bytes before this block are gone; what follows it is recovered");
	else
		smsc_walk_tell(st->walk, SMSC_RULE_D006, NULL, from,
		               "%llu bytes are no block of a backup; what follows from byte %llu on is "
		               "recovered", (unsigned long long)(to - from), (unsigned long long)to);
}

/* An end that no end of a set stands before, or not all of one. */
static void tell_end(smsc_bkf *st)
{
	const smsc_bkf_walk *t = &st->tape;
	uint64_t at = t->at == SMSC_BKF_LOST ? t->damage_at : t->at;
	if (st->elsewhere)
		smsc_walk_tell(st->walk, SMSC_RULE_D001, NULL, t->block_at,
		               "the backup goes on on another medium");
	else if (!t->closed && t->started)
		smsc_walk_tell(st->walk, SMSC_RULE_D006, NULL, at,
		               "the backup ends in the middle of a set: its rest is missing");
	else if (t->torn)
		smsc_walk_tell(st->walk, SMSC_RULE_D006, NULL, at,
		               "the backup ends within the last block of a set: whatever followed is missing");
	else if (smsc_bkf_lacks_mark(t))
		smsc_walk_tell(st->walk, SMSC_RULE_D011, NULL, at,
		               "no filemark stands behind the last set, as behind others: what may have "
		               "followed is missing");
}

static void tell_block(smsc_bkf *st)
{
	const smsc_bkf_block *b = &st->tape.block;
	if (b->type == SMSC_BKF_EOTM || b->type == SMSC_BKF_TAPE)
		st->elsewhere = b->type == SMSC_BKF_EOTM;
	else if (b->type == SMSC_BKF_CFIL)
		smsc_walk_tell(st->walk, SMSC_RULE_D006, st->walk->item ? st->walk->item->path : NULL,
		               smsc_bkf_u64(st->tape.bytes, 64),
		               "the file could not be read when it was backed up: zeros stand in its place "
		               "from here");
}

/* ---- entries --------------------------------------------------------------------- */

static int give(smsc_bkf *st, const char *unreadable, int64_t size, smsc_draft *out)
{
	out->path = st->path.data ? st->path.data : "";
	out->kind = "file";
	out->size = size;
	out->unreadable = unreadable;
	smsc_bkf_describe(st, out);
	st->speaks = true;
	return 1;
}

static const char *why_not(const smsc_bkf_stream *s)
{
	if (s->media & SMSC_BKF_ENCRYPTED)
		return "its data is encrypted by the backup program";
	return s->media & SMSC_BKF_COMPRESSED && s->compression != SMSC_LZS_ALGORITHM ?
	       "its data is compressed by the backup program in an unknown way" : NULL;
}

static int64_t size_of(const smsc_bkf *st)
{
	const smsc_bkf_stream *s = &st->tape.stream;
	bool shown = st->sparse || s->media & (SMSC_BKF_PARTS | SMSC_BKF_COMPRESSED);
	uint64_t size = shown ? st->shown_size : s->size;
	return size <= INT64_MAX ? (int64_t)size : -1;
}

static void copy_object(smsc_bkf *st)
{
	smsc_buf_clear(&st->path);
	smsc_buf_add(&st->path, st->object.data ? st->object.data : "", st->object.size);
	st->path.failed |= st->object.failed;
}

/* A folder, when all is known of it that stands before its own alternate streams.  The one that
 * all is in has no name where the volume has none. */
static int give_folder(smsc_bkf *st, smsc_bkf_event e, smsc_draft *out)
{
	smsc_bkf_hold(st, e);
	st->given = st->over = true;
	st->folder_given = st->folder_id;
	if (!st->object.size)
		return 0;
	copy_object(st);
	int r = give(st, NULL, 0, out);
	out->kind = "folder";
	return r;
}

/* A file without a stream of data: it is empty, or what was of it is lost. */
static int give_empty(smsc_bkf *st, smsc_bkf_event e, smsc_draft *out)
{
	bool lost = !st->tape.complete &&
	            (e == SMSC_BKF_DAMAGE || (e == SMSC_BKF_END && (!st->tape.closed || st->elsewhere)));
	copy_object(st);
	smsc_bkf_hold(st, e);
	st->given = st->over = true;
	st->file_id = st->object_id;
	st->sparse = false;
	st->hole_end = st->at = 0;
	if (!lost || !st->shown_size)
		return give(st, NULL, 0, out);
	return give(st, "its data is lost in the damage of the backup", (int64_t)st->shown_size, out);
}

static int give_file(smsc_bkf *st, smsc_draft *out)
{
	const smsc_bkf_stream *s = &st->tape.stream;
	copy_object(st);
	st->given = true;
	st->file_id = st->object_id;
	smsc_bkf_begin(st);
	if (s->media & SMSC_BKF_ON)
		smsc_walk_tell(st->walk, SMSC_RULE_D001, NULL, st->tape.block_at,
		               "this medium has only the last %llu bytes of %s", (unsigned long long)s->size,
		               st->path.data ? st->path.data : "");
	if (s->id == SMSC_BKF_NTED)
		smsc_walk_tell(st->walk, SMSC_RULE_D004, NULL, st->tape.stream_at,
		               "%s is encrypted (EFS) and given as it is",
		               st->path.data ? st->path.data : "");
	return give(st, why_not(s), size_of(st), out);
}

static int give_alternate(smsc_bkf *st, smsc_draft *out)
{
	uint64_t size = st->tape.stream.size;
	if (!smsc_bkf_stream_path(st))
		return 0;
	smsc_bkf_begin(st);
	size -= st->tape.done;
	return give(st, why_not(&st->tape.stream), size <= INT64_MAX ? (int64_t)size : -1, out);
}

static int on_stream(smsc_bkf *st, smsc_draft *out)
{
	uint32_t id = st->tape.stream.id;
	/* What goes on of an entry that was given. */
	if ((!st->is_file && !st->is_folder) || (st->again && st->tape.stream.media & SMSC_BKF_ON))
		return 0;
	/* Another part of an entry that was not read to its end. */
	if (st->goes_on && id == st->stream) {
		smsc_bkf_begin(st);
		return 0;
	}
	if (id == SMSC_BKF_PNAM || id == SMSC_BKF_FNAM)
		smsc_bkf_long_name(st);
	else if (id == SMSC_BKF_NACL)
		smsc_bkf_rights(st);
	else if ((id == SMSC_BKF_STAN || id == SMSC_BKF_NTED) && st->is_file && !st->given)
		return give_file(st, out);
	else if (id == SMSC_BKF_ADAT && st->is_folder && !st->given)
		return give_folder(st, SMSC_BKF_STREAM, out);
	else if (id == SMSC_BKF_ADAT)
		return give_alternate(st, out);
	return 0;
}

static bool is_between(const smsc_bkf_block *b)
{
	return b->type == SMSC_BKF_TAPE || b->type == SMSC_BKF_SFMB || b->type == SMSC_BKF_EOTM;
}

/* 1 and an entry, or 0: look further. */
static int on_event(smsc_bkf *st, smsc_bkf_event e, smsc_draft *out)
{
	if (smsc_bkf_tell_data(st, e))
		return 0;
	if (e == SMSC_BKF_STREAM)
		return on_stream(st, out);
	/* Between two media a file goes on, be it with all its data. */
	if (e == SMSC_BKF_BLOCK && is_between(&st->tape.block)) {
		tell_block(st);
		st->begun = true;
		return 0;
	}
	bool goes_on = e == SMSC_BKF_BLOCK && st->tape.block.attributes & SMSC_BKF_CONTINUED;
	if (st->is_file && !st->given && !goes_on)
		return give_empty(st, e, out);
	if (st->is_folder && !st->given)
		return give_folder(st, e, out);
	st->is_file = st->is_folder = false;
	if (e == SMSC_BKF_BLOCK) {
		tell_block(st);
		/* A medium begins with its own block: the front of this one is cut off. */
		st->recovered |= !st->begun;
		st->begun = true;
		smsc_bkf_place(st);
	} else if (e == SMSC_BKF_DAMAGE) {
		tell_damage(st);
	} else {
		tell_end(st);
		st->ended = true;
	}
	return 0;
}

/* ---- the carrier ------------------------------------------------------------------- */

static int next(smsc_bkf *st, smsc_draft *out, smsc_error **err)
{
	int r = 0;
	while (!r && !st->ended) {
		smsc_bkf_event e = smsc_bkf_take(st);
		if (smsc_bkf_check(st, err) < 0)
			return -1;
		r = on_event(st, e, out);
		if (st->volume.failed || st->folder.failed || st->object.failed || st->path.failed ||
		    st->sddl.failed)
			return smsc_fail_nomem(err);
	}
	return r;
}

static int bkf_next(void *state, smsc_draft *out, smsc_error **err)
{
	smsc_bkf *st = state;
	smsc_error *why = NULL;
	int r = next(st, out, &why);
	/* A limit below ends this backup and was told; the walk goes on behind it. */
	if (smsc_error_code(why) == SMSC_ELIMIT) {
		smsc_error_free(why);
		st->ended = true;
		return 0;
	}
	smsc_hand_over(err, why);
	return r;
}

static bool is_named_bkf(const smsc_item *item)
{
	size_t size = strlen(item->path);
	return size > 4 && smsc_ascii_casecmp(item->path + size - 4, ".bkf") == 0;
}

/* The caller says that this file is, or was, a backup. */
static bool may_recover(const smsc_walk *w)
{
	return !w->below && w->source->settings.allow & SMSC_ALLOW_RECOVERY;
}

/* The head ends within the first piece, and a read with it. */
static size_t read_fully(smsc_walk *w, uint64_t at, uint8_t *piece, size_t size)
{
	size_t done = 0, n = 1;
	for (; n && done < size; done += n)
		n = smsc_walk_read(w, at + done, piece + done, size - done, NULL);
	return done;
}

/* Looked through behind its head, where the cut may have fallen into a large file. */
static bool has_block(smsc_walk *w)
{
	uint8_t piece[16384];
	uint64_t far = may_recover(w) ? UINT64_MAX : FAR;
	const size_t overlap = SMSC_BKF_HEADER - 1;
	if (!w->whole && !w->carrier->random)
		return false;
	for (uint64_t at = w->head.size > overlap ? w->head.size - overlap : 0; at < far;
	     at += sizeof piece - overlap) {
		size_t n = read_fully(w, at, piece, sizeof piece);
		if (n <= overlap)
			return false;
		if (smsc_bkf_find(smsc_span_of(piece, n), true) != SIZE_MAX)
			return true;
	}
	return false;
}

/* With its front cut off, a backup still has blocks on a grid; one that lost any number of
 * bytes has them anywhere, which is looked for only where the name speaks for it. */
static bool bkf_probe(smsc_walk *w)
{
	smsc_span head = smsc_span_of(w->head.data, w->head.size);
	bool named = is_named_bkf(w->item) || may_recover(w);
	return smsc_bkf_tape_grid(head) || smsc_bkf_find(head, named) != SIZE_MAX ||
	       (named && has_block(w));
}

/* A large file is looked into only as far as archives need: its data is passed over, so that a
 * list takes its headers alone.  A CD image shows itself further on than all others, and one
 * that is named a backup may have its first block anywhere. */
static size_t bkf_enough(void *state)
{
	smsc_bkf *st = state;
	uint8_t mark[5];
	bool cut = st->sparse || st->packed || st->over || st->goes_on || st->holds ||
	           st->tape.stream.media & SMSC_BKF_ON;
	if (cut || st->walk->item->size <= (int64_t)SMSC_HEAD_BYTES || is_named_bkf(st->walk->item) ||
	    !smsc_bkf_ahead(&st->tape, ISO_MARK, mark, sizeof mark) || memcmp(mark, "CD001", sizeof mark) == 0)
		return SMSC_HEAD_BYTES;
	return ENOUGH;
}

const smsc_carrier smsc_bkf_carrier = {
	"bkf", false, bkf_probe, bkf_open, bkf_next, NULL, smsc_bkf_read, bkf_close, bkf_enough,
};
