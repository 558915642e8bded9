/* bkf_read.c - the bytes of one file of a backup: its parts, its holes, its checksum. */
#include <string.h>

#include "bkf.h"

smsc_bkf_event smsc_bkf_take(smsc_bkf *st)
{
	if (!st->holds)
		return smsc_bkf_next(&st->tape);
	st->holds = false;
	return st->held;
}

void smsc_bkf_hold(smsc_bkf *st, smsc_bkf_event e)
{
	st->held = e;
	st->holds = true;
}

int smsc_bkf_check(smsc_bkf *st, smsc_error **err)
{
	const smsc_error *why = st->broken;
	if (!why)
		return 0;
	return smsc_fail(err, smsc_error_code(why), smsc_error_path(why), smsc_error_offset(why), "%s",
	                 smsc_error_message(why));
}

/* ---- what is wrong with them ------------------------------------------------------- */

static const char *entry_path(const smsc_bkf *st)
{
	return st->walk->item ? st->walk->item->path : NULL;
}

/* Before a file is an entry, its streams are told of the backup itself. */
static void tell_stream(smsc_bkf *st, uint64_t at, const char *what)
{
	smsc_walk_tell(st->walk, SMSC_RULE_D006, st->speaks ? entry_path(st) : NULL,
	               st->speaks ? st->at : at, "%s at byte %llu", what, (unsigned long long)at);
}

void smsc_bkf_tell(smsc_bkf *st, smsc_rule_id rule, const char *what)
{
	smsc_walk_tell(st->walk, rule, entry_path(st), st->at, "%s", what);
}

bool smsc_bkf_tell_data(smsc_bkf *st, smsc_bkf_event e)
{
	if (st->tape.lacks_sum)
		tell_stream(st, st->tape.lacks_sum, "its checksum in the backup is missing");
	st->tape.lacks_sum = 0;
	if (e == SMSC_BKF_BAD_SUM)
		tell_stream(st, st->tape.stream_at, "the bytes are not those that were backed up: the backup has another checksum");
	else if (e == SMSC_BKF_STREAM && st->tape.stream.id == SMSC_BKF_CRPT)
		tell_stream(st, st->tape.stream_at, "the backup program could not read it well, as it says");
	else
		return false;
	return true;
}

/* ---- parts ------------------------------------------------------------------------- */

void smsc_bkf_begin(smsc_bkf *st)
{
	const smsc_bkf_stream *s = &st->tape.stream;
	st->stream = s->id;
	st->sparse = s->id == SMSC_BKF_STAN && s->system & SMSC_BKF_SPARSE;
	st->goes_on = smsc_bkf_has_more(s);
	st->at = st->hole_end = 0;
	st->over = s->media & SMSC_BKF_ENCRYPTED;
	st->packed = s->media & SMSC_BKF_COMPRESSED;
	if (st->packed && !st->over)
		st->over = !smsc_frames_begin(st);
}

/* A run of a sparse file says where it belongs. */
static bool begin_run(smsc_bkf *st)
{
	uint8_t place[8];
	if (!smsc_bkf_exact(&st->tape, place, sizeof place))
		return false;
	if (smsc_le64(place) < st->at) {
		smsc_bkf_tell(st, SMSC_RULE_D003, "a run of this sparse file lies before the run before it");
		return false;
	}
	st->hole_end = smsc_le64(place);
	return true;
}

/* The stream is read: does the file go on?  Its checksum stands behind it. */
static bool next_part(smsc_bkf *st)
{
	smsc_bkf_event e = smsc_bkf_take(st);
	while (smsc_bkf_tell_data(st, e))
		e = smsc_bkf_take(st);
	if (e == SMSC_BKF_STREAM && st->sparse && st->tape.stream.id == SMSC_BKF_SPAR)
		return begin_run(st);
	smsc_bkf_hold(st, e);
	/* A hole at the end is only told by the size. */
	bool cut = (e == SMSC_BKF_DAMAGE || e == SMSC_BKF_END) && !st->tape.complete;
	if (!st->sparse || cut || st->at >= st->shown_size)
		return false;
	st->hole_end = st->shown_size;
	return true;
}

static size_t read_hole(smsc_bkf *st, void *buffer, size_t size, smsc_error **err)
{
	uint64_t left = st->hole_end - st->at;
	size_t n = size < left ? size : (size_t)left;
	if (!smsc_walk_spend(st->walk, n, err))
		return 0;
	memset(buffer, 0, n);
	return n;
}

static size_t read_some(smsc_bkf *st, void *buffer, size_t size, smsc_error **err)
{
	while (!st->over) {
		if (st->at < st->hole_end)
			return read_hole(st, buffer, size, err);
		size_t n = st->packed ? smsc_frames_read(st, buffer, size) : smsc_bkf_raw(st, buffer, size);
		if (n)
			return smsc_walk_spend(st->walk, n, err) ? n : 0;
		/* An event that is held belongs to what comes after this file. */
		st->over = st->over || st->holds || st->packed || !next_part(st);
	}
	return 0;
}

size_t smsc_bkf_read(void *state, uint64_t at, void *buffer, size_t size, smsc_error **err)
{
	smsc_bkf *st = state;
	(void)at;
	size_t n = read_some(st, buffer, size, err);
	st->at += n;
	if (smsc_bkf_check(st, err) < 0)
		return 0;
	return n;
}
