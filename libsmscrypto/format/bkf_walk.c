/* bkf_walk.c - the walk over a tape medium, over its damage and through its data. */
#include "bkf_walk.h"

/* Before a TAPE block told the true one; its multiple is on this grid, too. */
#define LEAST_GRID 512u
/* A header with the blocks around it. */
#define JUMP 4096u

void smsc_bkf_start(smsc_bkf_walk *w, smsc_bkf_pull_fn *pull, void *user, bool random,
                    int64_t size)
{
	*w = (smsc_bkf_walk){
		.pull = pull, .user = user, .random = random, .size = size, .grid = LEAST_GRID,
	};
}

/* ---- the window ------------------------------------------------------------------ */

/* At least `want` from where the window starts.  A file is jumped in from header to header, so
 * no more is read of it than that takes. */
static void pull_more(smsc_bkf_walk *w, size_t want)
{
	size_t n = 1, room = w->random ? (want > JUMP ? want : JUMP) : SMSC_BKF_WINDOW;
	while (n && w->window_size < room) {
		n = w->pull(w->user, w->window_at + w->window_size, w->window + w->window_size,
		            room - w->window_size);
		w->window_size += n;
	}
}

/* Drops what lies before `at`. */
static void move_to(smsc_bkf_walk *w, uint64_t at)
{
	uint64_t end = w->window_at + w->window_size;
	while (at > end && !w->random) {
		w->window_at = end;
		w->window_size = 0;
		pull_more(w, SMSC_BKF_WINDOW);
		if (!w->window_size)
			return;
		end = w->window_at + w->window_size;
	}
	size_t keep = at >= w->window_at && at < end ? (size_t)(end - at) : 0;
	memmove(w->window, w->window + w->window_size - keep, keep);
	w->window_at = at;
	w->window_size = keep;
}

/* What is there from `at`: `want` bytes, fewer only before the end. */
static smsc_span look(smsc_bkf_walk *w, uint64_t at, size_t want)
{
	if (at < w->window_at || at + want > w->window_at + w->window_size) {
		move_to(w, at);
		pull_more(w, want);
	}
	uint64_t end = w->window_at + w->window_size;
	if (at < w->window_at || at >= end)
		return smsc_span_of(NULL, 0);
	size_t there = (size_t)(end - at);
	return smsc_span_of(w->window + (at - w->window_at), there < want ? there : want);
}

/* A length leads behind the end: what is missing is missing from there. */
static uint64_t within(const smsc_bkf_walk *w, uint64_t at)
{
	uint64_t end = !w->random ? w->window_at + w->window_size : w->size >= 0 ? (uint64_t)w->size : at;
	return at < end ? at : end;
}

static uint64_t round_up(const smsc_bkf_walk *w, uint64_t at, uint64_t to)
{
	uint64_t over = (at - w->origin) % to;
	return over ? at + (to - over) : at;
}

static bool on_grid(const smsc_bkf_walk *w, uint64_t at)
{
	return (at - w->origin) % w->grid == 0;
}

/* ---- blocks ---------------------------------------------------------------------- */

/* Up to its first stream; a writer that has none tells the next block instead. */
static size_t block_size(const smsc_bkf_walk *w, const smsc_bkf_block *b)
{
	if (b->first_event < SMSC_BKF_HEADER)
		return w->grid;
	return b->first_event < SMSC_BKF_BLOCK_MOST ? b->first_event : SMSC_BKF_BLOCK_MOST;
}

/* Within a set the number of each block is above that of the one before; in the next set they
 * start again.  What follows the head of a medium that is none here is of a copy of a backup,
 * inside a damaged file. */
static bool goes_on(const smsc_bkf_walk *w, const smsc_bkf_block *b, bool copy)
{
	if (b->first_event < SMSC_BKF_HEADER || b->first_event > SMSC_BKF_BLOCK_MOST || b->text_type > 2)
		return false;
	if (!w->started || b->type == SMSC_BKF_ESET || b->type == SMSC_BKF_SSET)
		return true;
	if (b->control > w->block.control)
		return b->control - w->block.control < (1u << 20);
	return b->control && !copy;
}

static smsc_bkf_event take_block(smsc_bkf_walk *w, const smsc_bkf_block *b, uint64_t at)
{
	smsc_span there = look(w, at, block_size(w, b));
	if (there.size < block_size(w, b)) {
		w->damage_at = at;
		w->resumed_at = w->at = SMSC_BKF_LOST;
		w->wants = SMSC_BKF_WANTS_BLOCK;
		return SMSC_BKF_DAMAGE;
	}
	memcpy(w->block_bytes, there.data, there.size);
	w->block = *b;
	w->block_at = at;
	w->bytes = smsc_span_of(w->block_bytes, there.size);
	if (!w->started && !on_grid(w, at))
		w->origin = at;
	w->started = true;
	w->complete = false;
	w->marked |= b->type == SMSC_BKF_SFMB;
	w->data_at = 0;
	if (smsc_bkf_tape_grid(w->bytes))
		w->grid = smsc_bkf_tape_grid(w->bytes);
	w->at = at + (b->first_event < SMSC_BKF_HEADER ? w->grid : b->first_event);
	w->wants = b->type == SMSC_BKF_SFMB ? SMSC_BKF_WANTS_BLOCK : SMSC_BKF_WANTS_STREAM;
	if (b->type == SMSC_BKF_ESET || b->type == SMSC_BKF_EOTM)
		w->closed = true;
	else if (b->type != SMSC_BKF_SFMB && b->type != SMSC_BKF_ESPB && b->type != SMSC_BKF_TAPE)
		w->closed = false;
	return SMSC_BKF_BLOCK;
}

static bool block_at(smsc_bkf_walk *w, uint64_t at, smsc_bkf_block *out)
{
	return smsc_bkf_block_read(look(w, at, SMSC_BKF_HEADER), out);
}

static bool is_zero(smsc_span s)
{
	const uint8_t *p = s.data;
	for (size_t i = 0; i < s.size; i++)
		if (p[i])
			return false;
	return true;
}

/* Only there is the medium filled up with zeros to a physical block; elsewhere zeros are what
 * is left of a bad sector. */
static bool may_pad(const smsc_bkf_walk *w)
{
	uint32_t type = w->block.type;
	return w->started && (type == SMSC_BKF_TAPE || type == SMSC_BKF_ESPB || type == SMSC_BKF_ESET ||
	                      type == SMSC_BKF_EOTM || type == SMSC_BKF_SFMB);
}

/* ---- damage ---------------------------------------------------------------------- */

static bool is_known_at(const uint8_t *p)
{
	return p[0] >= 'C' && p[0] <= 'V' && smsc_bkf_block_known(smsc_le32(p));
}

size_t smsc_bkf_find(smsc_span bytes, bool any)
{
	smsc_bkf_block b;
	const uint8_t *p = bytes.data;
	for (size_t i = 0; i + SMSC_BKF_HEADER <= bytes.size; i += any ? 1 : LEAST_GRID)
		if (is_known_at(p + i) && smsc_bkf_block_read(smsc_span_cut(bytes, i, SIZE_MAX), &b) &&
		    b.first_event >= SMSC_BKF_HEADER && b.text_type <= 2)
			return i;
	return SIZE_MAX;
}

/* A block that stands where only data was to be, as bytes before it are gone: by its own
 * address it belongs there or further on.  One of a backup inside that data counts from a
 * later start, so its address is too low. */
static bool comes_early(const smsc_bkf_walk *w, const smsc_bkf_block *b, uint64_t at)
{
	return goes_on(w, b, true) && b->address &&
	       b->address >= w->block.address + (at - w->block_at) / w->grid;
}

static bool resumes(const smsc_bkf_walk *w, const smsc_bkf_block *b, uint64_t at, bool copy)
{
	if (at < w->damage_at)
		return comes_early(w, b, at);
	return (w->started && on_grid(w, at)) || goes_on(w, b, copy);
}

/* The next block from `at` on; bytes that are lost move the grid. */
static uint64_t find_block(smsc_bkf_walk *w, uint64_t at, smsc_bkf_block *out)
{
	bool copy = false;
	if (!w->random && at < w->window_at)
		at = w->window_at;
	for (;;) {
		smsc_span s = look(w, at, SMSC_BKF_WINDOW / 2);
		const uint8_t *p = s.data;
		if (s.size < SMSC_BKF_HEADER)
			return SMSC_BKF_LOST;
		for (size_t i = 0; i + SMSC_BKF_HEADER <= s.size; i++) {
			if (!is_known_at(p + i) || !smsc_bkf_block_read(smsc_span_cut(s, i, SIZE_MAX), out))
				continue;
			if (resumes(w, out, at + i, copy))
				return at + i;
			copy |= out->type == SMSC_BKF_TAPE;
		}
		at += s.size - (SMSC_BKF_HEADER - 1);
	}
}

static smsc_bkf_event damage(smsc_bkf_walk *w, uint64_t at)
{
	smsc_bkf_block b;
	w->damage_at = at = within(w, at);
	/* The block before, or its streams, may have run over blocks that lost bytes brought forward. */
	uint64_t before = w->started ? w->block_at + SMSC_BKF_HEADER : at;
	w->resumed_at = find_block(w, w->random && before < at ? before : at, &b);
	w->data_at = 0;
	w->in_stream = false;
	w->wants = SMSC_BKF_WANTS_BLOCK;
	w->at = w->resumed_at;
	if (w->resumed_at != SMSC_BKF_LOST && !on_grid(w, w->at))
		w->origin = w->at;
	return SMSC_BKF_DAMAGE;
}

/* ---- from header to header ------------------------------------------------------- */

/* Only these come behind what fills up a medium. */
static bool may_follow_pad(const smsc_bkf_block *b)
{
	return b->type != SMSC_BKF_VOLB && b->type != SMSC_BKF_DIRB && b->type != SMSC_BKF_FILE &&
	       b->type != SMSC_BKF_CFIL && b->type != SMSC_BKF_ESPB;
}

static smsc_bkf_event next_block(smsc_bkf_walk *w)
{
	smsc_bkf_block b;
	uint64_t from = w->at;
	for (;;) {
		smsc_span s = look(w, w->at, w->grid);
		if (!s.size) {
			w->at = within(w, w->at);
			w->torn = w->started && !on_grid(w, w->at);
			return SMSC_BKF_END;
		}
		if (smsc_bkf_block_read(s, &b) && (w->at == from || may_follow_pad(&b)))
			return take_block(w, &b, w->at);
		if (!may_pad(w) || !is_zero(s))
			return damage(w, from);
		w->at += s.size;
	}
}

static smsc_bkf_event take_stream(smsc_bkf_walk *w, uint64_t at)
{
	w->stream_at = at;
	w->at = at + SMSC_BKF_STREAM_HEADER;
	/* What was cut at the end of a medium goes on at the next logical block. */
	if (w->stream.media & SMSC_BKF_ON)
		w->at = round_up(w, w->at, w->grid);
	w->data_at = w->at;
	w->left = w->stream.size;
	w->done = 0;
	w->carried = w->stream.media & SMSC_BKF_ON && w->cut_id && w->stream.id == w->cut_id;
	w->sum = w->carried ? w->cut_sum : 0;
	w->summed = w->carried ? w->cut_summed : 0;
	w->in_stream = true;
	if (w->stream.media & SMSC_BKF_SUMMED && !(w->stream.media & SMSC_BKF_PARTS))
		w->owes_sum = at;
	return SMSC_BKF_STREAM;
}

/* Where zeros took the place of a checksum, nothing else shows that they are not the file's.
 * Between two media, and behind damage, it is not waited for. */
static void seek_sum(smsc_bkf_walk *w, smsc_bkf_event e, uint64_t owed)
{
	uint32_t type = w->block.type;
	bool between = e == SMSC_BKF_BLOCK &&
	               (type == SMSC_BKF_SFMB || type == SMSC_BKF_EOTM || type == SMSC_BKF_TAPE);
	bool met = e == SMSC_BKF_STREAM && w->stream.id == SMSC_BKF_CSUM;
	if (owed && !met && !between && e != SMSC_BKF_DAMAGE && e != SMSC_BKF_END)
		w->lacks_sum = owed;
}

/* Zero-filled to the next block, or to a stream on the grid, instead of padded with SPAD, as
 * by writers of MTF 1.0?  From one that pads, zeros are what damage left; but its catalogs may
 * have gaps.  All of it is looked at from `at` on: a pipe does not go back. */
static bool fills_with_zeros(smsc_bkf_walk *w, uint64_t at)
{
	smsc_bkf_block b;
	size_t gap = (size_t)(round_up(w, at, w->grid) - at);
	smsc_span s = look(w, at, gap + SMSC_BKF_HEADER);
	smsc_span next = smsc_span_cut(s, gap, SIZE_MAX);
	return gap && (!w->pads || w->block.type == SMSC_BKF_ESET) && is_zero(smsc_span_cut(s, 0, gap)) &&
	       (!next.size || smsc_bkf_block_read(next, &b) || smsc_bkf_stream_read(next, &w->stream));
}

/* Some writers leave out the gap that brings a header to a multiple of four. */
static bool stream_from(smsc_bkf_walk *w, uint64_t at, uint64_t *found)
{
	size_t gap = (size_t)(round_up(w, at, 4) - at);
	smsc_span s = look(w, at, SMSC_BKF_STREAM_HEADER + gap);
	*found = at + gap;
	if (smsc_bkf_stream_read(smsc_span_cut(s, gap, SIZE_MAX), &w->stream))
		return true;
	*found = at;
	return smsc_bkf_stream_read(s, &w->stream);
}

static smsc_bkf_event next_stream(smsc_bkf_walk *w)
{
	smsc_bkf_block b;
	if (fills_with_zeros(w, w->at))
		w->at = round_up(w, w->at, w->grid);
	uint64_t even = round_up(w, w->at, 4), at;
	if (on_grid(w, even) && block_at(w, even, &b))
		return take_block(w, &b, even);
	if (stream_from(w, w->at, &at))
		return take_stream(w, at);
	if (on_grid(w, even) && (may_pad(w) || !look(w, even, 1).size)) {
		w->at = even;
		w->wants = SMSC_BKF_WANTS_BLOCK;
		return next_block(w);
	}
	return damage(w, w->at);
}

/* ---- data ------------------------------------------------------------------------ */

/* The medium may end within the data, at a logical block: an EOTM stands there, on a disk
 * behind a filemark, or the next medium begins.  To take that for data spoils the file
 * [bkf-mtf 10]. */
static bool is_end(const smsc_bkf_block *b)
{
	return (b->type == SMSC_BKF_EOTM || (b->type == SMSC_BKF_TAPE && b->attributes & SMSC_BKF_CONTINUED)) &&
	       !b->control && !b->address;
}

static bool medium_ends(smsc_bkf_walk *w, uint64_t at)
{
	smsc_bkf_block b;
	if (!block_at(w, at, &b))
		return false;
	if (b.type != SMSC_BKF_SFMB || b.first_event > SMSC_BKF_WINDOW / 2)
		return is_end(&b);
	size_t mark = b.first_event;
	smsc_span next = smsc_span_cut(look(w, at, mark + SMSC_BKF_HEADER), mark, SIZE_MAX);
	return mark && smsc_bkf_block_read(next, &b) && is_end(&b);
}

/* How much of `s`, which stands at w->at, comes before such an end. */
static size_t within_medium(smsc_bkf_walk *w, smsc_span s)
{
	uint64_t from = w->at;
	for (uint64_t at = round_up(w, from, w->grid); at + 4 <= from + s.size; at += w->grid) {
		uint32_t type = smsc_le32((const uint8_t *)s.data + (at - from));
		if (type != SMSC_BKF_EOTM && type != SMSC_BKF_SFMB && type != SMSC_BKF_TAPE)
			continue;
		/* Looked at when the window begins there. */
		if (at > from)
			return (size_t)(at - from);
		if (medium_ends(w, at))
			return 0;
	}
	return s.size;
}

static void add_sum(smsc_bkf_walk *w, const uint8_t *p, size_t size)
{
	size_t i = 0;
	for (; i < size && (w->summed + i) % 4; i++)
		w->sum ^= (uint32_t)p[i] << (w->summed + i) % 4 * 8;
	uint64_t two = 0;
	for (; i + 8 <= size; i += 8)
		two ^= smsc_le64(p + i);
	w->sum ^= (uint32_t)two ^ (uint32_t)(two >> 32);
	for (; i + 4 <= size; i += 4)
		w->sum ^= smsc_le32(p + i);
	for (; i < size; i++)
		w->sum ^= (uint32_t)p[i] << (w->summed + i) % 4 * 8;
	w->summed += size;
}

static void cut_data(smsc_bkf_walk *w, bool medium)
{
	w->next_medium = medium;
	/* Its checksum covers all parts, if they are read. */
	bool read = w->at == w->data_at + w->done && (w->carried || !(w->stream.media & SMSC_BKF_ON));
	w->cut_id = medium && read ? w->stream.id : 0;
	w->cut_sum = w->sum;
	w->cut_summed = w->summed;
	w->short_of = !medium;
	w->left = 0;
	w->in_stream = false;
	w->wants = SMSC_BKF_WANTS_BLOCK;
}

size_t smsc_bkf_data(smsc_bkf_walk *w, void *buffer, size_t size)
{
	if (!w->in_stream || !w->left || !size)
		return 0;
	if (size > w->left)
		size = (size_t)w->left;
	/* Much of a file is read past the window. */
	bool direct = w->random && size > SMSC_BKF_WINDOW / 2;
	if (!direct && size > SMSC_BKF_WINDOW / 2)
		size = SMSC_BKF_WINDOW / 2;
	smsc_span s = direct ? smsc_span_of(buffer, w->pull(w->user, w->at, buffer, size)) : look(w, w->at, size);
	size_t n = within_medium(w, s);
	if (!n) {
		cut_data(w, s.size != 0);
		return 0;
	}
	/* Looking ahead for the end of the medium may have moved the window. */
	if (!direct)
		memcpy(buffer, look(w, w->at, n).data, n);
	add_sum(w, buffer, n);
	w->at += n;
	w->left -= n;
	w->done += n;
	return n;
}

bool smsc_bkf_exact(smsc_bkf_walk *w, void *buffer, size_t size)
{
	size_t got = 0, n = 1;
	while (n && got < size) {
		n = smsc_bkf_data(w, (uint8_t *)buffer + got, size - got);
		got += n;
	}
	return got == size;
}

/* Where the medium that is read ends. */
static uint64_t end_of_medium(const smsc_bkf_walk *w)
{
	if (w->medium_end && w->random)
		return w->medium_end(w->user, w->at);
	return w->size >= 0 ? (uint64_t)w->size : 0;
}

/* All data of the stream can be jumped over. */
static bool can_jump(const smsc_bkf_walk *w)
{
	uint64_t end = w->at + w->left;
	return w->random && end <= end_of_medium(w) && end >= w->at;
}

bool smsc_bkf_ahead(const smsc_bkf_walk *w, uint64_t ahead, void *buffer, size_t size)
{
	size_t done = 0, n = 1;
	if (!w->in_stream || !can_jump(w) || ahead > w->left || size > w->left - ahead)
		return false;
	for (; n && done < size; done += n)
		n = w->pull(w->user, w->at + ahead + done, (uint8_t *)buffer + done, size - done);
	return done == size;
}

/* Over what the caller did not read. */
static void pass_over(smsc_bkf_walk *w)
{
	char nothing[4096];
	uint64_t size = end_of_medium(w);
	if (can_jump(w)) {
		w->at += w->left;
	} else {
		/* The end of a medium can only be near that of its file. */
		if (w->random && size > SMSC_BKF_WINDOW && size - SMSC_BKF_WINDOW > w->at) {
			w->left -= size - SMSC_BKF_WINDOW - w->at;
			w->at = size - SMSC_BKF_WINDOW;
		}
		while (smsc_bkf_data(w, nothing, sizeof nothing) > 0)
			;
	}
	w->left = 0;
}

/* The four bytes of a CSUM against what was read of the stream before. */
static bool sum_differs(smsc_bkf_walk *w, uint32_t sum)
{
	uint8_t stored[4];
	return w->stream.size == sizeof stored && smsc_bkf_exact(w, stored, sizeof stored) &&
	       smsc_le32(stored) != sum;
}

/* The input ended within a stream: it was cut, or the stream runs over what follows it. */
static smsc_bkf_event ran_out(smsc_bkf_walk *w)
{
	w->short_of = false;
	smsc_bkf_event e = damage(w, w->at);
	w->torn = w->resumed_at == SMSC_BKF_LOST;
	return w->torn ? SMSC_BKF_END : e;
}

bool smsc_bkf_lacks_mark(const smsc_bkf_walk *w)
{
	return w->marked && (w->block.type == SMSC_BKF_ESET || w->block.type == SMSC_BKF_EOTM);
}

smsc_bkf_event smsc_bkf_next(smsc_bkf_walk *w)
{
	w->lacks_sum = 0;
	for (;;) {
		/* Of what goes on from another medium the checksum covers more than is here. */
		bool read = w->in_stream && w->done == w->stream.size &&
		            (w->carried || !(w->stream.media & SMSC_BKF_ON));
		uint32_t sum = w->sum;
		uint64_t owed = w->owes_sum;
		w->owes_sum = 0;
		w->next_medium = false;
		if (w->in_stream)
			pass_over(w);
		if (w->short_of)
			return ran_out(w);
		w->in_stream = false;
		if (w->at == SMSC_BKF_LOST)
			return SMSC_BKF_END;
		smsc_bkf_event e = w->wants == SMSC_BKF_WANTS_BLOCK ? next_block(w) : next_stream(w);
		seek_sum(w, e, owed);
		if (e != SMSC_BKF_STREAM)
			return e;
		bool is_sum = w->stream.id == SMSC_BKF_CSUM, differs = is_sum && read && sum_differs(w, sum);
		if (w->met)
			w->met(w->user, &w->stream, w->stream_at, !is_sum || !read ? 0 : differs ? -1 : 1);
		if (differs)
			return SMSC_BKF_BAD_SUM;
		if (w->stream.id == SMSC_BKF_SPAD) {
			pass_over(w);
			w->pads = w->complete = true;
			w->in_stream = false;
			w->at = round_up(w, w->at, w->grid);
			w->wants = SMSC_BKF_WANTS_BLOCK;
		} else if (w->stream.id != SMSC_BKF_CSUM) {
			return e;
		}
	}
}
