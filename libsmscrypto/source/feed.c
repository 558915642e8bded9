/* feed.c - blocks of an archive file, the last two of them kept.
 *
 * A zip that is read as a stream tells its times in local headers only, and one of those
 * may begin in the block before the last.
 */
#include <stdio.h>
#include <stdlib.h>

#include "feed.h"

bool smsc_feed_open(smsc_feed *f, smsc_walk *w, bool gzip)
{
	f->walk = w;
	f->gzip = gzip;
	f->blocks[0].data = malloc(SMSC_READ_BYTES);
	f->blocks[1].data = malloc(SMSC_READ_BYTES);
	return f->blocks[0].data && f->blocks[1].data;
}

void smsc_feed_close(smsc_feed *f)
{
	smsc_inflate_close(&f->unpack);
	free(f->blocks[0].data);
	free(f->blocks[1].data);
	smsc_error_free(f->broken);
}

bool smsc_feed_seekable(const smsc_feed *f)
{
	return !f->gzip && smsc_input_seekable(f->walk);
}

bool smsc_feed_restart(smsc_feed *f, uint64_t start)
{
	f->start = f->position = start;
	smsc_error_free(f->broken);
	f->broken = NULL;
	if (!f->gzip)
		return true;
	smsc_inflate_close(&f->unpack);
	return smsc_inflate_open(&f->unpack, f->walk, start, true);
}

smsc_span smsc_feed_read(smsc_feed *f)
{
	smsc_block next = f->blocks[1];
	next.at = f->position;
	if (f->gzip)
		next.size = smsc_inflate_read(&f->unpack, next.data, SMSC_READ_BYTES, &f->broken);
	else
		next.size = smsc_input_read(f->walk, next.at, next.data, SMSC_READ_BYTES, &f->broken);
	f->blocks[1] = f->blocks[0];
	f->blocks[0] = next;
	f->position += next.size;
	return smsc_span_of(next.data, next.size);
}

/* Never past the end: what was skipped is taken for there, and a cut file for whole. */
int64_t smsc_feed_skip(smsc_feed *f, int64_t wanted)
{
	uint64_t size = (uint64_t)smsc_input_size(f->walk);
	uint64_t left = f->position < size ? size - f->position : 0;
	if ((uint64_t)wanted > left)
		wanted = (int64_t)left;
	f->position += (uint64_t)wanted;
	return wanted;
}

int64_t smsc_feed_seek(smsc_feed *f, int64_t offset, int whence)
{
	int64_t size = smsc_input_size(f->walk), start = (int64_t)f->start;
	int64_t from = whence == SEEK_SET ? start : whence == SEEK_CUR ? (int64_t)f->position : size;
	if (offset < start - from || offset > size - from)
		return -1;
	f->position = (uint64_t)(from + offset);
	return from + offset - start;
}

void smsc_feed_recent(const smsc_feed *f, uint64_t at, smsc_buf *out)
{
	at += f->start;
	for (int i = 1; i >= 0; i--) {
		const smsc_block *b = &f->blocks[i];
		if (at < b->at || at - b->at >= b->size)
			continue;
		smsc_buf_add(out, b->data + (at - b->at), b->size - (size_t)(at - b->at));
		at = b->at + b->size;
	}
}
