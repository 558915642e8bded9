/* unpack.c - the bytes of an archive's entries, and what is wrong with them. */
#include <string.h>

#include "unpack.h"

/* ---- damage ---------------------------------------------------------------------- */

/* -1 when what stopped the reader is no damage but a limit or lack of memory below. */
static int check_cause(smsc_archive *st, smsc_error **err)
{
	const smsc_error *broken = st->feed.broken;
	smsc_code code = smsc_error_code(broken);
	if (smsc_reader_no_memory(st->reader) || code == SMSC_ENOMEM)
		return smsc_fail_nomem(err);
	if (code == SMSC_ELIMIT)
		return smsc_fail(err, code, smsc_error_path(broken), smsc_error_offset(broken),
		                 "%s", smsc_error_message(broken));
	return 0;
}

/* Our own unpacking says it better. */
static const char *reason(const smsc_archive *st)
{
	if (st->rescue.damage)
		return st->rescue.damage;
	return st->feed.unpack.damage ? st->feed.unpack.damage : smsc_reader_reason(st->reader);
}

/* Byte of the archive file where the reader stands. */
static uint64_t packed_at(const smsc_archive *st)
{
	int64_t size = smsc_input_size(st->walk);
	uint64_t at = st->feed.start + smsc_reader_taken(st->reader);
	if (st->feed.gzip)
		at = smsc_inflate_where(&st->feed.unpack);
	else if (smsc_archive_by_list(st))
		at = smsc_members_where(st->members, st->given);
	return size >= 0 && at > (uint64_t)size ? (uint64_t)size : at;
}

uint32_t smsc_archive_codepage(const smsc_archive *st)
{
	const smsc_source *s = st->walk->source;
	return st->packing == SMSC_ZIP ? s->zip_codepage : s->settings.codepage;
}

int smsc_archive_tell(smsc_archive *st, smsc_error **err)
{
	smsc_member m;
	if (check_cause(st, err) < 0)
		return -1;
	smsc_buf_clear(&st->text);
	if (smsc_archive_by_list(st) && smsc_member_at(st->members, st->given, &m)) {
		smsc_buf_str(&st->text, ": ");
		smsc_member_name(&m, smsc_archive_codepage(st), &st->text);
	}
	smsc_walk_tell(st->walk, SMSC_RULE_D006, NULL, packed_at(st), "%s%s", reason(st),
	               st->text.size ? st->text.data : "");
	st->feed.unpack.damage = NULL;
	return 0;
}

static int tell_entry(smsc_archive *st, smsc_rule_id rule, uint64_t at, smsc_error **err)
{
	const smsc_item *item = st->walk->item;
	if (check_cause(st, err) < 0)
		return -1;
	smsc_walk_tell(st->walk, rule, item ? item->path : NULL, at, "%s", reason(st));
	st->feed.unpack.damage = NULL;
	return 0;
}

/* ---- data ------------------------------------------------------------------------ */

static void end_rescue(smsc_archive *st)
{
	smsc_inflate_close(&st->rescue);
	st->rescue.damage = NULL;
	st->rescuing = false;
}

/* Unpacks again what was given already.  False when that cannot be done. */
static bool rescue_skip(smsc_archive *st, smsc_error **err)
{
	uint8_t nothing[4096];
	size_t n = 1;
	for (uint64_t left = st->at; n && left; left -= n) {
		size_t size = left < sizeof nothing ? (size_t)left : sizeof nothing;
		n = smsc_inflate_read(&st->rescue, nothing, size, err);
	}
	return n != 0;
}

/* libarchive drops the buffer in which it met the damage.  A deflated entry of a zip is
 * unpacked again, past what was given, to get that as well. */
static bool start_rescue(smsc_archive *st, smsc_error **err)
{
	const uint16_t deflate = 8;
	uint8_t h[30];
	uint64_t at = st->local_at;
	if (st->packing != SMSC_ZIP || st->rescuing || !smsc_input_seekable(st->walk) ||
	    !smsc_input_exact(st->walk, at, h, sizeof h) || memcmp(h, "PK\3\4", 4) != 0 ||
	    smsc_le16(h + 8) != deflate)
		return false;
	at += sizeof h + smsc_le16(h + 26) + smsc_le16(h + 28);
	if (!smsc_inflate_open(&st->rescue, st->walk, at, false))
		return smsc_fail_nomem(err) == 0;
	st->rescuing = rescue_skip(st, err);
	return st->rescuing;
}

/* The entry ends before its end. */
static int stop(smsc_archive *st, smsc_got got, smsc_error **err)
{
	st->broken = got == SMSC_GOT_BROKEN;
	if (st->broken && start_rescue(st, err))
		return 0;
	st->over = true;
	/* Nothing given and the reader goes on: a method or cipher it does not know. */
	bool unknown = got == SMSC_GOT_UNKNOWN && !st->at;
	int told = tell_entry(st, unknown ? SMSC_RULE_D007 : SMSC_RULE_D006, st->at, err);
	end_rescue(st);
	return told;
}

/* Fetches the next piece.  st->over at the end and at damage; -1 when a limit or lack of
 * memory ends it. */
static int fetch(smsc_archive *st, smsc_error **err)
{
	smsc_got got = smsc_reader_data(st->reader, &st->data, &st->data_at);
	if (got == SMSC_GOT_END) {
		st->over = true;
		/* The feed reads ahead: only of a single file its end is the end of this entry. */
		if (st->single && st->feed.unpack.damage)
			return tell_entry(st, SMSC_RULE_D006, st->at, err);
		return 0;
	}
	if (got != SMSC_GOT && (got != SMSC_GOT_WARNED || !st->data.size)) {
		st->data = smsc_span_of(NULL, 0);
		return stop(st, got, err);
	}
	if (!smsc_walk_spend(st->walk, st->data.size, err)) {
		st->data = smsc_span_of(NULL, 0);
		return -1;
	}
	/* A wrong checksum comes together with the last bytes, which are evidence all the same. */
	return got == SMSC_GOT ? 0 : tell_entry(st, SMSC_RULE_D006, st->at + st->data.size, err);
}

static size_t take(smsc_archive *st, void *buffer, size_t size, smsc_error **err)
{
	if (st->data_at > st->at) {
		uint64_t hole = st->data_at - st->at;
		size = size < hole ? size : (size_t)hole;
		if (!smsc_walk_spend(st->walk, size, err))
			return 0;
		memset(buffer, 0, size);
	} else {
		size = size < st->data.size ? size : st->data.size;
		memcpy(buffer, st->data.data, size);
		st->data = smsc_span_cut(st->data, size, SIZE_MAX);
		st->data_at += size;
	}
	st->at += size;
	return size;
}

static size_t take_rescued(smsc_archive *st, void *buffer, size_t size, smsc_error **err)
{
	size_t n = smsc_inflate_read(&st->rescue, buffer, size, err);
	if (n && !smsc_walk_spend(st->walk, n, err))
		return 0;
	st->at += n;
	if (n || smsc_failed(err))
		return n;
	st->over = true;
	tell_entry(st, SMSC_RULE_D006, st->at, err);
	end_rescue(st);
	return 0;
}

/* The walk reads in order, so `at` is where this stands. */
size_t smsc_archive_read(void *state, uint64_t at, void *buffer, size_t size, smsc_error **err)
{
	smsc_archive *st = state;
	smsc_error *why = NULL;
	size_t n = 0;
	(void)at;
	/* Past a limit there is no end of the entry, only that error again. */
	if (!smsc_walk_spend(st->walk, 0, err))
		return 0;
	if (st->encrypted) {
		smsc_fail(err, SMSC_EFORMAT, st->walk->item->path, -1, "the entry is encrypted");
		return 0;
	}
	while (!st->data.size && !st->over && !st->rescuing && fetch(st, &why) == 0)
		;
	if (!why && st->data.size)
		n = take(st, buffer, size, &why);
	else if (!why && st->rescuing)
		n = take_rescued(st, buffer, size, &why);
	smsc_hand_over(err, why);
	return n;
}

int smsc_archive_pass_over(smsc_archive *st, smsc_error **err)
{
	uint8_t nothing[16384];
	while ((!st->seek || st->rescuing) && !st->encrypted && !st->over) {
		if (st->data.size)
			st->at = st->data_at + st->data.size;
		st->data = smsc_span_of(NULL, 0);
		if (st->rescuing)
			take_rescued(st, nothing, sizeof nothing, err);
		else
			fetch(st, err);
		if (smsc_failed(err))
			return -1;
	}
	st->data = smsc_span_of(NULL, 0);
	return 0;
}
