/* archive.c - the carrier of all archives: their entries, limits and damage.
 *
 * libarchive reads (reader.h), the archive's own directory tells names and times where
 * libarchive bends them (member.h), and what it throws away before a damaged byte is
 * unpacked again (inflate.h).
 */
#include <stdlib.h>
#include <string.h>

#include "../base/text.h"
#include "unpack.h"

/* Reading goes on behind damage by opening the archive again: so often at most. */
#define MOST_RESTARTS 64

/* ---- open ------------------------------------------------------------------------ */

static int open_reader(smsc_archive *st, uint64_t start, smsc_error **err)
{
	smsc_reader_free(st->reader);
	st->reader = NULL;
	if (smsc_feed_restart(&st->feed, start))
		st->reader = smsc_reader_new(&st->feed, st->packing, st->form);
	st->given = 0;
	st->over = true;
	st->broken = false;
	st->data = smsc_span_of(NULL, 0);
	return st->reader ? 0 : smsc_fail_nomem(err);
}

/* Zips and cabinets say more than libarchive passes on.  A zip whose own directory cannot be
 * read is read entry by entry from its start. */
static int read_members(smsc_archive *st, smsc_error **err)
{
	const char *why = NULL;
	uint64_t at = 0;
	if (st->packing == SMSC_ZIP && smsc_input_seekable(st->walk))
		st->members = smsc_zip_members(st->walk, &why, &at);
	else if (st->packing == SMSC_CAB)
		st->members = smsc_cab_members(st->walk, &why, &at);
	else
		return 0;
	if (!st->members && !why)
		return smsc_fail_nomem(err);
	if (!st->members)
		smsc_walk_tell(st->walk, SMSC_RULE_D006, NULL, at, "%s", why);
	/* libarchive does not find the directory of a zip that is nothing else. */
	if (st->packing == SMSC_ZIP && st->members && smsc_members_count(st->members))
		st->form = SMSC_BY_LIST;
	return 0;
}

static int start(smsc_archive *st, smsc_error **err)
{
	if (!smsc_feed_open(&st->feed, st->walk, st->packing == SMSC_GZIP))
		return smsc_fail_nomem(err);
	if (read_members(st, err) < 0)
		return -1;
	st->seek = smsc_feed_seekable(&st->feed) &&
	           (smsc_archive_by_list(st) || st->packing == SMSC_TAR || st->packing == SMSC_ISO);
	return open_reader(st, 0, err);
}

static void archive_close(void *state)
{
	smsc_archive *st = state;
	smsc_reader_free(st->reader);
	smsc_feed_close(&st->feed);
	smsc_inflate_close(&st->rescue);
	smsc_members_free(st->members);
	smsc_buf_free(&st->text);
	smsc_buf_free(&st->header);
	free(st);
}

static bool needs_seek(smsc_packing p)
{
	return p == SMSC_7Z || p == SMSC_CAB || p == SMSC_ISO;
}

static void *archive_open(smsc_walk *w, smsc_error **err)
{
	smsc_packing packing = smsc_packing_of(smsc_input_head(w));
	if (packing == SMSC_NOT_PACKED)
		packing = SMSC_ZIP;  /* found by its end */
	if (needs_seek(packing) && !smsc_input_seekable(w)) {
		smsc_walk_tell(w, SMSC_RULE_D008, NULL, 0,
		               "limit max_stream of %llu reached: an archive of this kind within "
		               "another is read only when it can be held in memory",
		               (unsigned long long)w->source->settings.max_stream);
		return NULL;
	}
	smsc_archive *st = calloc(1, sizeof *st);
	if (!st) {
		smsc_fail_nomem(err);
		return NULL;
	}
	st->walk = w;
	st->packing = packing;
	if (start(st, err) == 0)
		return st;
	archive_close(st);
	return NULL;
}

/* ---- headers --------------------------------------------------------------------- */

static smsc_got next_header(smsc_archive *st, smsc_header *h)
{
	smsc_got got = smsc_reader_header(st->reader, h);
	st->given += got == SMSC_GOT || got == SMSC_GOT_WARNED;
	return got;
}

/* The reader is finished after damage; another one passes over the entries before. */
static bool restart(smsc_archive *st, smsc_error **err)
{
	smsc_header h;
	uint64_t given = st->given;
	if (st->restarts++ >= MOST_RESTARTS || open_reader(st, 0, err) < 0)
		return false;
	while (st->given < given) {
		smsc_got got = next_header(st, &h);
		if (got != SMSC_GOT && got != SMSC_GOT_WARNED)
			return false;
	}
	return true;
}

static bool is_local_header(smsc_archive *st, uint64_t at)
{
	uint8_t head[4];
	return smsc_input_exact(st->walk, at, head, sizeof head) && memcmp(head, "PK\3\4", 4) == 0;
}

/* The directory of a zip tells where the entry behind a damaged one starts; from there it is
 * read as a stream, header by header.  When it is the directory that libarchive does not like,
 * the entry itself may be good. */
static bool restart_behind(smsc_archive *st, smsc_error **err)
{
	if (st->packing != SMSC_ZIP || !st->members || st->restarts++ >= MOST_RESTARTS)
		return false;
	uint64_t at = smsc_archive_by_list(st) ? smsc_members_where(st->members, st->given) :
	              st->feed.start + smsc_reader_header_at(st->reader);
	if (!smsc_archive_by_list(st) || !is_local_header(st, at))
		at = smsc_members_after(st->members, at);
	st->form = SMSC_ANY_FORM;
	st->seek = false;
	return at != UINT64_MAX && open_reader(st, at, err) == 0;
}

static bool go_on(smsc_archive *st, smsc_error **err)
{
	if (smsc_archive_by_list(st) || st->packing == SMSC_7Z || st->packing == SMSC_CAB)
		return restart(st, err);
	return restart_behind(st, err);
}

/* A packed file that starts with zeros looks like a tar of nothing. */
static bool is_false_tar(const smsc_archive *st)
{
	return smsc_packing_is_filter(st->packing) && st->form != SMSC_SINGLE &&
	       !st->walk->seen && !smsc_reader_is_empty(st->reader) &&
	       smsc_input_seekable(st->walk);
}

/* 1, 0 at the end or at damage that ends the archive, -1. */
static int find_header(smsc_archive *st, smsc_header *h, smsc_error **err)
{
	if (st->broken && !go_on(st, err))
		return smsc_failed(err) ? -1 : 0;
	for (;;) {
		smsc_got got = next_header(st, h);
		if (got == SMSC_GOT || got == SMSC_GOT_WARNED)
			return 1;
		if (got == SMSC_GOT_END && !st->feed.unpack.damage) {
			if (!is_false_tar(st))
				return 0;
			st->form = SMSC_SINGLE;
			if (open_reader(st, 0, err) < 0)
				return -1;
			continue;
		}
		st->broken = true;
		if (smsc_archive_tell(st, err) < 0)
			return -1;
		if (!restart_behind(st, err))
			return smsc_failed(err) ? -1 : 0;
	}
}

/* ---- what an entry says of itself -------------------------------------------------- */

static void take_times(const smsc_header *h, smsc_draft *out)
{
	bool any = h->modified || h->accessed || h->created;
	out->modified = h->modified;
	out->accessed = h->accessed;
	out->created = h->created;
	out->clock = any ? "archive" : "none";
	out->slack = any && h->seconds ? SMSC_TICKS_A_SECOND : 0;
}

/* The member's own words for this header, where the format has them. */
static bool find_member(smsc_archive *st, smsc_member *out)
{
	if (st->members && (smsc_archive_by_list(st) || st->packing == SMSC_CAB)) {
		st->local_at = smsc_members_where(st->members, st->given - 1);
		return smsc_member_at(st->members, st->given - 1, out);
	}
	if (st->packing != SMSC_ZIP)
		return false;
	uint64_t at = smsc_reader_header_at(st->reader);
	smsc_buf_clear(&st->header);
	smsc_feed_recent(&st->feed, at, &st->header);
	bool found = smsc_zip_local(smsc_span_of(st->header.data, st->header.size), out);
	st->local_at = st->feed.start + at + out->at;
	return found;
}

static void describe_single(smsc_archive *st, smsc_header *h)
{
	smsc_span head = smsc_input_head(st->walk);
	smsc_packing_single(st->packing, head, st->walk->below->item->path, &st->text);
	h->modified = smsc_packing_time(st->packing, head);
	h->seconds = true;
	h->kind = "file";
}

/* "./a" is what tar writes for "a", and "./" for the folder that all is in. */
static const char *short_path(const smsc_archive *st)
{
	const char *path = st->text.data ? st->text.data : "";
	while (path[0] == '.' && path[1] == '/')
		path += 2;
	return strcmp(path, ".") == 0 ? "" : path;
}

/* The path says that it is one by a '/' at its end. */
static void describe_folder(smsc_archive *st, smsc_draft *out)
{
	while (st->text.size && !st->text.failed && st->text.data[st->text.size - 1] == '/')
		st->text.data[--st->text.size] = '\0';
	out->path = short_path(st);
	if (!*out->path)
		out->kind = NULL;
}

static int describe(smsc_archive *st, smsc_header *h, smsc_draft *out, smsc_error **err)
{
	smsc_member m;
	smsc_buf_clear(&st->text);
	if (h->single)
		describe_single(st, h);
	take_times(h, out);
	if (find_member(st, &m)) {
		smsc_member_times(&m, &st->walk->source->settings, out);
		smsc_member_name(&m, smsc_archive_codepage(st), &st->text);
	} else if (h->name && !h->single) {
		smsc_text_utf8(&st->text, smsc_span_of(h->name, strlen(h->name)));
	} else if (!h->single) {
		smsc_buf_printf(&st->text, "entry-%llu", (unsigned long long)st->walk->seen);
	}
	out->kind = h->kind;
	out->size = h->kind && strcmp(h->kind, "file") != 0 ? 0 : h->size;
	st->single = h->single;
	st->encrypted = h->encrypted;
	out->unreadable = h->encrypted ? "the entry is encrypted" : NULL;
	out->path = short_path(st);
	if (h->kind && strcmp(h->kind, "folder") == 0)
		describe_folder(st, out);
	return st->text.failed || st->header.failed ? smsc_fail_nomem(err) : 1;
}

/* ---- the carrier ------------------------------------------------------------------- */

/* A tar may end before the gzip it is in, whose checksum stands at its very end.  And a tar
 * itself ends with a block of zeros: one that just stops was cut between two entries. */
static int check_end(smsc_archive *st, smsc_error **err)
{
	smsc_span block = smsc_span_of(NULL, 1);
	while (st->feed.gzip && block.size && !st->broken) {
		block = smsc_feed_read(&st->feed);
		if (!smsc_walk_spend(st->walk, block.size, err))
			return -1;
	}
	if (st->feed.unpack.damage)
		return smsc_archive_tell(st, err);
	bool tar = st->packing == SMSC_TAR || (st->feed.gzip && !st->single);
	if (tar && st->given && !st->broken && smsc_reader_header_at(st->reader) >= st->feed.position)
		smsc_walk_tell(st->walk, SMSC_RULE_D006, NULL,
		               st->feed.gzip ? smsc_inflate_where(&st->feed.unpack) : st->feed.position,
		               "the tar has no end mark: it may have been cut here");
	return 0;
}

static int next(smsc_archive *st, smsc_draft *out, smsc_error **err)
{
	smsc_header h = { .size = 0 };
	if (smsc_archive_pass_over(st, err) < 0)
		return -1;
	int r = find_header(st, &h, err);
	if (r < 0)
		return -1;
	if (r == 0) {
		st->ended = true;
		if (check_end(st, err) < 0)
			return -1;
		/* A packed file of no bytes is no entry to libarchive, but to us it is one. */
		h.single = !st->walk->seen && smsc_reader_is_empty(st->reader);
		return h.single ? describe(st, &h, out, err) : 0;
	}
	st->over = false;
	st->at = st->data_at = 0;
	return describe(st, &h, out, err);
}

static int archive_next(void *state, smsc_draft *out, smsc_error **err)
{
	smsc_archive *st = state;
	smsc_error *why = NULL;
	if (st->ended)
		return 0;
	int r = next(st, out, &why);
	/* A limit ends this archive and was told; the walk goes on behind it. */
	if (smsc_error_code(why) == SMSC_ELIMIT) {
		smsc_error_free(why);
		st->ended = true;
		return 0;
	}
	smsc_hand_over(err, why);
	return r;
}

/* Anything may stand before a zip, such as the program that unpacks it. */
static bool is_zip_at_end(smsc_walk *w)
{
	uint8_t end[SMSC_ZIP_END], record[4];
	uint64_t size = w->whole ? w->head.size : (uint64_t)w->item->size;
	if ((!w->whole && !w->carrier->random) || size < sizeof end)
		return false;
	if (smsc_walk_read(w, size - sizeof end, end, sizeof end, NULL) != sizeof end)
		return false;
	uint64_t at = smsc_zip_before(end, size);
	return at && smsc_walk_read(w, at, record, sizeof record, NULL) == sizeof record &&
	       memcmp(record, "PK\1\2", sizeof record) == 0;
}

static bool archive_probe(smsc_walk *w)
{
	smsc_span head = smsc_span_of(w->head.data, w->head.size);
	return smsc_packing_of(head) != SMSC_NOT_PACKED || is_zip_at_end(w);
}

const smsc_carrier smsc_archive_carrier = {
	"archive", false, archive_probe, archive_open, archive_next, NULL, smsc_archive_read, archive_close, NULL,
};
