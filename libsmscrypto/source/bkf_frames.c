/* bkf_frames.c - data that the backup program packed: frame by frame, unpacked. */
#include <stdlib.h>
#include <string.h>

#include "../format/bkf_lzs.h"
#include "bkf.h"

/* One frame, behind what its copies may reach back to. */
typedef struct smsc_frames {
	size_t  from, to;      /* what of `out` is still to be given */
	uint8_t packed[SMSC_LZS_MOST];
	uint8_t out[SMSC_LZS_FAR + SMSC_LZS_MOST];
} smsc_frames;

bool smsc_frames_begin(smsc_bkf *st)
{
	if (st->tape.stream.compression != SMSC_LZS_ALGORITHM)
		return false;
	if (!st->frames)
		st->frames = malloc(sizeof *st->frames);
	if (!st->frames) {
		st->path.failed = true;
		return false;
	}
	st->frames->from = st->frames->to = 0;
	return true;
}

static bool raw_exact(smsc_bkf *st, uint8_t *buffer, size_t size, size_t *got)
{
	size_t n = 1;
	for (*got = 0; n && *got < size; *got += n)
		n = smsc_bkf_raw(st, buffer + *got, size - *got);
	return *got == size;
}

/* Makes room behind the last bytes that were unpacked. */
static void keep_last(smsc_frames *f)
{
	size_t keep = f->to < SMSC_LZS_FAR ? f->to : SMSC_LZS_FAR;
	memmove(f->out, f->out + f->to - keep, keep);
	f->from = f->to = keep;
}

static bool next_frame(smsc_bkf *st)
{
	smsc_frames *f = st->frames;
	smsc_lzs_frame frame;
	size_t got;
	bool whole = raw_exact(st, f->packed, SMSC_LZS_HEADER, &got);
	if (!got)
		return false;
	if (!whole || !smsc_lzs_frame_read(smsc_span_of(f->packed, got), &frame)) {
		smsc_bkf_tell(st, SMSC_RULE_D006, "a frame of its packed data is damaged: the rest is lost");
		return false;
	}
	keep_last(f);
	size_t room = f->to + frame.size;
	whole = raw_exact(st, frame.stored ? f->out + f->to : f->packed, frame.packed, &got);
	f->to = frame.stored ? f->to + got :
	        smsc_lzs_unpack(smsc_span_of(f->packed, got), f->out, f->to, room);
	if (!whole || f->to < room) {
		smsc_bkf_tell(st, SMSC_RULE_D006, "a frame of its packed data is damaged");
		st->over = f->from == f->to;
	}
	return true;
}

size_t smsc_frames_read(smsc_bkf *st, void *buffer, size_t size)
{
	smsc_frames *f = st->frames;
	while (f->from == f->to)
		if (st->over || !next_frame(st))
			return 0;
	size_t n = size < f->to - f->from ? size : f->to - f->from;
	memcpy(buffer, f->out + f->from, n);
	f->from += n;
	return n;
}
