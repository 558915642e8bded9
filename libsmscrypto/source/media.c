/* media.c - a backup that goes on on another medium: the files of all, read as one. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "../base/error.h"
#include "bkf.h"
#include "file.h"

typedef struct smsc_medium {
	smsc_source *source;   /* the holder itself, not counted, or one that was joined */
	uint32_t     number;   /* as its first block tells */
	uint64_t     from, to; /* its place among all bytes */
} smsc_medium;

/* ---- one --------------------------------------------------------------------------- */

static uint64_t own_size(const smsc_source *s)
{
	struct stat st;
	if (s->fd < 0)
		return s->memory.size;
	return fstat(s->fd, &st) == 0 && st.st_size > 0 ? (uint64_t)st.st_size : 0;
}

static size_t read_own(const smsc_source *s, uint64_t at, void *buffer, size_t size, smsc_error **err)
{
	if (s->fd < 0) {
		smsc_span part = at < s->memory.size ? smsc_span_cut(s->memory, (size_t)at, size) :
		                                       smsc_span_of(NULL, 0);
		if (part.size)
			memcpy(buffer, part.data, part.size);
		return part.size;
	}
	ssize_t n = smsc_file_read(s->fd, buffer, size, at);
	if (n < 0)
		smsc_fail_errno(err, errno, s->path, (int64_t)at, "cannot read");
	return n < 0 ? 0 : (size_t)n;
}

/* ---- all --------------------------------------------------------------------------- */

static const smsc_medium *medium_at(const smsc_source *s, uint64_t at)
{
	for (size_t i = 0; i < s->media_count; i++)
		if (at < s->media[i].to)
			return &s->media[i];
	return NULL;
}

size_t smsc_media_read(const smsc_source *s, uint64_t at, void *buffer, size_t size, smsc_error **err)
{
	const smsc_medium *m = medium_at(s, at);
	if (!s->media_count)
		return read_own(s, at, buffer, size, err);
	if (!m)
		return 0;
	uint64_t left = m->to - at;
	return read_own(m->source, at - m->from, buffer, size < left ? size : (size_t)left, err);
}

uint64_t smsc_media_size(const smsc_source *s)
{
	return s->media_count ? s->media[s->media_count - 1].to : 0;
}

uint64_t smsc_media_end(const smsc_source *s, uint64_t at)
{
	const smsc_source *holder = s->whole ? s->whole : s;
	const smsc_medium *m = medium_at(holder, at);
	return m ? m->to : smsc_media_size(holder);
}

void smsc_media_free(smsc_source *s)
{
	for (size_t i = 0; i < s->media_count; i++)
		if (s->media[i].source != s)
			smsc_source_unref(s->media[i].source);
	free(s->media);
}

/* ---- joining ----------------------------------------------------------------------- */

typedef struct tape {
	uint32_t family, number, grid;
} tape;

/* What the first block says, where there is one of a backup. */
static bool tape_of(const smsc_source *s, tape *out)
{
	uint8_t head[SMSC_BKF_BLOCK_MOST];
	bool plain = s->kind == smsc_bkf_carrier.kind && !s->whole && !smsc_source_is_pipe(s) &&
	             (s->root == &smsc_file_carrier || s->root == &smsc_memory_carrier);
	smsc_span block = smsc_span_of(head, plain ? read_own(s, 0, head, sizeof head, NULL) : 0);
	out->grid = smsc_bkf_tape_grid(block);
	out->family = smsc_bkf_u32(block, 52);
	out->number = smsc_bkf_u16(block, 60);
	return out->grid != 0;
}

static bool has_number(const smsc_source *s, uint32_t number)
{
	for (size_t i = 0; i < s->media_count; i++)
		if (s->media[i].number == number)
			return true;
	return false;
}

/* Puts a medium in its place; the array has room. */
static void put(smsc_source *s, smsc_source *medium, uint32_t number)
{
	size_t i = s->media_count++;
	for (; i && s->media[i - 1].number > number; i--)
		s->media[i] = s->media[i - 1];
	s->media[i] = (smsc_medium){ medium, number, 0, own_size(medium) };
	uint64_t at = 0;
	for (i = 0; i < s->media_count; i++) {
		uint64_t size = s->media[i].to - s->media[i].from;
		s->media[i].from = at;
		s->media[i].to = at += size;
	}
}

int smsc_source_join(smsc_source *s, smsc_source *other, smsc_error **err)
{
	tape one, two;
	if (smsc_failed(err))
		return 0;
	if (!s || !other)
		return smsc_fail(err, SMSC_EARG, NULL, -1, "smsc_source_join: no source"), 0;
	if (s == other || other->media_count || !tape_of(s, &one) || !tape_of(other, &two) ||
	    one.family != two.family || one.grid != two.grid || one.number == two.number ||
	    has_number(s, two.number))
		return 0;
	smsc_medium *media = realloc(s->media, (s->media_count + 2) * sizeof *media);
	if (!media)
		return smsc_fail_nomem(err), 0;
	s->media = media;
	if (!s->media_count)
		put(s, s, one.number);
	put(s, smsc_source_ref(other), two.number);
	return smsc_source_rewind(s, err) == 0;
}
