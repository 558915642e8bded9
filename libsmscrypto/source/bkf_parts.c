/* bkf_parts.c - the data of a stream that is cut into parts, or by the end of a medium. */
#include "bkf.h"

bool smsc_bkf_has_more(const smsc_bkf_stream *s)
{
	const uint16_t last = 4;
	return s->media & SMSC_BKF_PARTS && !(s->media & last);
}

/* ---- the next medium --------------------------------------------------------------- */

/* What the next medium repeats of the one before, up to the file that goes on there.  Such a
 * block puts the walk where it is already. */
static bool is_repeated(const smsc_bkf *st)
{
	const smsc_bkf_block *b = &st->tape.block;
	switch (b->type) {
	case SMSC_BKF_SFMB: case SMSC_BKF_EOTM: case SMSC_BKF_TAPE: case SMSC_BKF_ESPB:
		return true;
	case SMSC_BKF_SSET: case SMSC_BKF_VOLB: case SMSC_BKF_DIRB:
		return b->attributes & SMSC_BKF_CONTINUED;
	case SMSC_BKF_FILE:
		return b->attributes & SMSC_BKF_CONTINUED &&
		       smsc_bkf_u32(st->tape.bytes, 80) == st->file_id;
	default:
		return false;
	}
}

/* The stream of that id goes on on the next medium, whose data can then be read. */
static bool find_rest(smsc_bkf *st, uint32_t id)
{
	for (;;) {
		smsc_bkf_event e = smsc_bkf_take(st);
		const smsc_bkf_stream *s = &st->tape.stream;
		if (e == SMSC_BKF_BLOCK && st->tape.block.type == SMSC_BKF_TAPE)
			st->elsewhere = false;
		if (e == SMSC_BKF_BLOCK && st->tape.block.type == SMSC_BKF_EOTM)
			st->elsewhere = true;
		/* The numbers of the blocks may go on or start again. */
		if (e == SMSC_BKF_BLOCK && st->tape.block.attributes & SMSC_BKF_CONTINUED)
			st->control = st->tape.block.control;
		bool here = st->tape.block.type == SMSC_BKF_FILE;
		if (e == SMSC_BKF_STREAM && here && s->id == id && s->media & SMSC_BKF_ON)
			return true;
		if ((e == SMSC_BKF_BLOCK && is_repeated(st)) || (e == SMSC_BKF_STREAM && !here) ||
		    (e == SMSC_BKF_STREAM && here && s->id != id))
			continue;
		smsc_bkf_hold(st, e);
		return false;
	}
}

/* ---- data -------------------------------------------------------------------------- */

/* Another part of the same stream stands behind this one. */
static bool find_part(smsc_bkf *st)
{
	smsc_bkf_event e = smsc_bkf_take(st);
	while (smsc_bkf_tell_data(st, e))
		e = smsc_bkf_take(st);
	if (e == SMSC_BKF_STREAM && st->tape.stream.id == st->stream) {
		st->goes_on = smsc_bkf_has_more(&st->tape.stream);
		return true;
	}
	smsc_bkf_hold(st, e);
	return false;
}

size_t smsc_bkf_raw(smsc_bkf *st, void *buffer, size_t size)
{
	while (!st->over && !st->holds) {
		uint32_t id = st->tape.stream.id;
		uint64_t left = st->tape.left;
		size_t n = smsc_bkf_data(&st->tape, buffer, size);
		if (n)
			return n;
		bool medium = st->tape.next_medium;
		if (medium && find_rest(st, id)) {
			if (st->tape.left != left)
				smsc_bkf_tell(st, SMSC_RULE_D003, "the part of it on the next medium does not begin "
				              "where this one ends");
			continue;
		}
		if (medium || st->tape.short_of) {
			smsc_bkf_tell(st, SMSC_RULE_D001, medium ?
			              "the rest of it is on the next medium of the backup" :
			              "the backup ends within it");
			st->over = true;
		} else if (!st->goes_on || !find_part(st)) {
			return 0;
		}
	}
	return 0;
}
