/* bkf_walk.h - from block to stream to block through a tape medium, in one pass.
 *
 * The bytes are pulled, so a pipe or a member of an archive will do; only a small window is
 * held.  No length is believed that its checksum does not cover.  Where something else stands
 * than a header, the walk says so and goes on at the next block that is one: what lies behind
 * damage is found again.
 */
#ifndef SMSC_FORMAT_BKF_WALK_H
#define SMSC_FORMAT_BKF_WALK_H

#include "bkf.h"

#define SMSC_BKF_WINDOW 65536u

/* Bytes from `at`, at most `size`; 0 at the end.  Without `random` `at` is where the last call ended. */
typedef size_t smsc_bkf_pull_fn(void *user, uint64_t at, void *buffer, size_t size);

/* Where the medium that has the byte `at` ends, when several follow one another. */
typedef uint64_t smsc_bkf_medium_fn(void *user, uint64_t at);

typedef enum smsc_bkf_event {
	SMSC_BKF_END,       /* `closed` tells whether it is one             */
	SMSC_BKF_BLOCK,     /* `block`, `bytes`, `block_at`                 */
	SMSC_BKF_STREAM,    /* `stream`, `stream_at`; its data can be read  */
	SMSC_BKF_BAD_SUM,   /* the stream before is not what was written; its CSUM at `stream_at` */
	SMSC_BKF_DAMAGE,    /* at `damage_at`; goes on at `resumed_at`, or it is SMSC_BKF_LOST.  Before
	                       `damage_at` it is when bytes are gone from the stream before. */
} smsc_bkf_event;

/* A stream was met; nothing of its data is read yet.  Of a CSUM `sum` says what it tells of the stream
 * before: 0 nothing, as not all of that was read, 1 it is right, -1 wrong. */
typedef void smsc_bkf_met_fn(void *user, const smsc_bkf_stream *stream, uint64_t at, int sum);

#define SMSC_BKF_LOST UINT64_MAX

typedef enum smsc_bkf_wants { SMSC_BKF_WANTS_BLOCK, SMSC_BKF_WANTS_STREAM } smsc_bkf_wants;

typedef struct smsc_bkf_walk {
	smsc_bkf_pull_fn *pull;
	void           *user;
	smsc_bkf_medium_fn *medium_end;  /* NULL: there is one medium */
	smsc_bkf_met_fn *met;          /* or NULL */
	bool            random;
	int64_t         size;          /* of all; -1 not known */
	uint32_t        grid;          /* bytes of a logical block */
	uint64_t        origin;        /* where the grid starts: a cut front moves it */
	uint64_t        at;            /* next byte to look at */
	smsc_bkf_wants  wants;
	bool            started, closed;
	bool            marked;        /* its writer puts filemarks into the file */
	bool            torn;          /* at the end: it is within a block, or within a stream */
	bool            pads;          /* its writer knows SPAD */
	bool            complete;      /* all streams of the block were met: that stands behind them */
	smsc_bkf_block  block;
	uint64_t        block_at;
	smsc_span       bytes;         /* of the block, with its texts */
	smsc_bkf_stream stream;
	uint64_t        stream_at;     /* of its header */
	uint64_t        data_at, left; /* of its data: where it starts, what is to come */
	uint64_t        done;
	bool            in_stream;
	bool            short_of;      /* the data ended before its end: the input did */
	bool            next_medium;   /* or the medium did */
	uint32_t        sum;
	uint64_t        summed;        /* bytes in it: those of the medium before, too */
	bool            carried;       /* it has those */
	uint64_t        owes_sum;      /* the stream there has one by its header, which was not met */
	uint64_t        lacks_sum;     /* told with an event: that one came in its place; or 0 */
	uint32_t        cut_id, cut_sum;  /* of the stream that the end of a medium cut, or 0 */
	uint64_t        cut_summed;
	uint64_t        damage_at, resumed_at;
	uint64_t        window_at;
	size_t          window_size;
	uint8_t         block_bytes[SMSC_BKF_BLOCK_MOST];
	uint8_t         window[SMSC_BKF_WINDOW];
} smsc_bkf_walk;

void           smsc_bkf_start(smsc_bkf_walk *w, smsc_bkf_pull_fn *pull, void *user, bool random,
                              int64_t size);
/* What is not read of the current stream is passed over, and then not verified. */
smsc_bkf_event smsc_bkf_next(smsc_bkf_walk *w);
/* At the end: behind the end of a set a filemark is missing, and what may have followed that. */
bool           smsc_bkf_lacks_mark(const smsc_bkf_walk *w);
/* Data of the current stream; 0 at its end or that of the input. */
size_t         smsc_bkf_data(smsc_bkf_walk *w, void *buffer, size_t size);
/* Exactly that much of it. */
bool           smsc_bkf_exact(smsc_bkf_walk *w, void *buffer, size_t size);
/* Bytes of it that come `ahead` of those to be read next, without going there; false where that
 * cannot be told. */
bool           smsc_bkf_ahead(const smsc_bkf_walk *w, uint64_t ahead, void *buffer, size_t size);
/* Where a block that is known begins in `bytes`, on any byte when `any` is set, else every
 * 512; SIZE_MAX: nowhere. */
size_t         smsc_bkf_find(smsc_span bytes, bool any);

#endif
