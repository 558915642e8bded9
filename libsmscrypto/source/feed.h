/* feed.h - the bytes of an archive as libarchive asks for them. */
#ifndef SMSC_SOURCE_FEED_H
#define SMSC_SOURCE_FEED_H

#include "inflate.h"

typedef struct smsc_block {
	uint64_t at;
	size_t   size;
	uint8_t *data;
} smsc_block;

typedef struct smsc_feed {
	smsc_walk   *walk;
	uint64_t     start;     /* what the reader takes for the beginning */
	uint64_t     position;
	smsc_block   blocks[2]; /* the last one read comes first */
	bool         gzip;      /* unpacked here: start and position count what comes out */
	smsc_inflate unpack;
	smsc_error  *broken;    /* why no more could be read */
} smsc_feed;

/* To be restarted before it is read.  False without memory. */
bool      smsc_feed_open(smsc_feed *f, smsc_walk *w, bool gzip);
void      smsc_feed_close(smsc_feed *f);
bool      smsc_feed_seekable(const smsc_feed *f);
/* Starts (again) at a byte; of gzip that is 0.  False without memory. */
bool      smsc_feed_restart(smsc_feed *f, uint64_t start);
/* The next block, empty at the end; good until the call after the next. */
smsc_span smsc_feed_read(smsc_feed *f);
/* How far it went. */
int64_t   smsc_feed_skip(smsc_feed *f, int64_t wanted);
/* The new position from the start, or -1. */
int64_t   smsc_feed_seek(smsc_feed *f, int64_t offset, int whence);
/* Appends what was read last, from `at` (counted from the start) on. */
void      smsc_feed_recent(const smsc_feed *f, uint64_t at, smsc_buf *out);

#endif
