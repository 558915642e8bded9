/* bkf_record.c - a medium of the tape format as a record: its head, its sets, and every kind of
 * block and stream in it. */
#include <stdlib.h>

#include "../base/time.h"
#include "bkf_set.h"
#include "bkf_walk.h"
#include "format.h"

/* More blocks than that are counted, not listed; so are more kinds of them. */
#define MOST_BLOCKS 1000u
#define MOST_KINDS  64u

typedef struct kind {
	uint32_t id;
	uint64_t count, bytes, first;
} kind;

typedef struct kinds {
	kind   at[MOST_KINDS];
	size_t count;
} kinds;

typedef struct reading {
	smsc_span     in;
	smsc_record  *record, *blocks, *set;
	kinds         of_blocks, of_streams;
	uint64_t      block_count;
	uint32_t      sets;
	smsc_bkf_walk walk;
} reading;

static size_t pull(void *user, uint64_t at, void *buffer, size_t size)
{
	smsc_span in = ((const reading *)user)->in;
	if (at >= in.size)
		return 0;
	smsc_span part = smsc_span_cut(in, (size_t)at, size);
	memcpy(buffer, part.data, part.size);
	return part.size;
}

static void count(kinds *k, uint32_t id, uint64_t bytes, uint64_t at)
{
	size_t i = 0;
	while (i < k->count && k->at[i].id != id)
		i++;
	if (i == MOST_KINDS)
		return;
	if (i == k->count)
		k->at[k->count++] = (kind){ id, 0, 0, at };
	k->at[i].count++;
	k->at[i].bytes += bytes;
}

/* Four letters of an id. */
static const char *id_text(smsc_record *r, uint32_t id)
{
	char text[4] = { (char)id, (char)(id >> 8), (char)(id >> 16), (char)(id >> 24) };
	const char *copy = smsc_arena_text(r->arena, text, sizeof text);
	return copy ? copy : "";
}

/* ---- the head of the medium -------------------------------------------------------- */

static void put_medium(smsc_record *parent, const smsc_bkf_seen *b)
{
	smsc_record *r = smsc_put_record(parent, "medium", "the tape or file", "bkf-medium", b->at, b->bytes.size);
	smsc_put_int(r, "family", "number of all media of one backup", smsc_bkf_u32(b->bytes, 52), b->at + 52, 4);
	smsc_put_int(r, "sequence", "which of these it is, from 1", smsc_bkf_u16(b->bytes, 60), b->at + 60, 2);
	smsc_bkf_put_name(r, "name", "name of the medium", b, 68);
	smsc_bkf_put_name(r, "label", "what was written on it", b, 72);
	smsc_bkf_put_name(r, "software", "what wrote it", b, 80);
	smsc_put_int(r, "vendor", "who made that", smsc_bkf_u16(b->bytes, 86), b->at + 86, 2);
	smsc_put_int(r, "catalog", "kind of its catalogs", smsc_bkf_u16(b->bytes, 66), b->at + 66, 2);
	smsc_put_int(r, "block_size", "bytes of a logical block", smsc_bkf_u16(b->bytes, 84), b->at + 84, 2);
	if (b->bytes.size < 93)
		return;
	smsc_put_time(r, "written", "when the medium was begun", smsc_bkf_date((const uint8_t *)b->bytes.data + 88),
	              b->at + 88, 5);
	smsc_note(r, "local time");
}

/* ---- blocks and streams ------------------------------------------------------------ */

static void on_block(reading *r)
{
	const smsc_bkf_walk *w = &r->walk;
	smsc_bkf_seen b = { w->block, w->bytes, w->block_at };
	count(&r->of_blocks, w->block.type, w->bytes.size, w->block_at);
	if (w->block.type == SMSC_BKF_TAPE)
		put_medium(r->record, &b);
	if (w->block.type == SMSC_BKF_SSET && r->sets < MOST_BLOCKS) {
		r->sets++;
		r->set = smsc_put_record(r->record, "set", "a backup set", "bkf-set", b.at, b.bytes.size);
		smsc_bkf_set_put(r->set, smsc_bkf_u16(b.bytes, 62), &b);
	} else if (w->block.type == SMSC_BKF_VOLB && r->set && r->block_count < MOST_BLOCKS) {
		smsc_bkf_set_volume(r->set, &b);
	}
	if (r->block_count++ >= MOST_BLOCKS)
		return;
	const char *type = id_text(r->record, w->block.type);
	smsc_put_text(r->blocks, "block", "a block: its type", type, strlen(type), w->block_at, w->bytes.size);
	if (!smsc_bkf_block_known(w->block.type))
		smsc_note(r->blocks, "not of this format: of the vendor's own");
}

static void on_stream(reading *r)
{
	const smsc_bkf_stream *s = &r->walk.stream;
	count(&r->of_streams, s->id, s->size, r->walk.stream_at);
	if (r->block_count > MOST_BLOCKS)
		return;
	const char *id = id_text(r->record, s->id);
	smsc_put_text(r->blocks, "stream", "a stream of the block before: its id", id, strlen(id),
	              r->walk.stream_at, SMSC_BKF_STREAM_HEADER);
	smsc_note(r->blocks, "%llu bytes", (unsigned long long)s->size);
}

static void on_damage(reading *r)
{
	const smsc_bkf_walk *w = &r->walk;
	if (w->resumed_at == SMSC_BKF_LOST)
		smsc_damage(r->record, SMSC_RULE_D006, w->damage_at, "no block of a backup from here to the end");
	else
		smsc_damage(r->record, SMSC_RULE_D006, w->damage_at, "no block of a backup; the next one is at byte %llu",
		            (unsigned long long)w->resumed_at);
}

static void put_kinds(smsc_record *parent, const char *name, const char *meaning, const kinds *k)
{
	smsc_record *r = smsc_put_record(parent, name, meaning, "bkf-kinds", 0, 0);
	for (size_t i = 0; i < k->count; i++) {
		smsc_put_int(r, id_text(r, k->at[i].id), "how many; the first one is here", (int64_t)k->at[i].count,
		             k->at[i].first, 0);
		smsc_note(r, "%llu bytes in all", (unsigned long long)k->at[i].bytes);
	}
}

static void walk_all(reading *r)
{
	smsc_bkf_event e;
	smsc_bkf_start(&r->walk, pull, r, true, (int64_t)r->in.size);
	while ((e = smsc_bkf_next(&r->walk)) != SMSC_BKF_END) {
		if (e == SMSC_BKF_BLOCK)
			on_block(r);
		else if (e == SMSC_BKF_STREAM)
			on_stream(r);
		else if (e == SMSC_BKF_DAMAGE)
			on_damage(r);
	}
	if (!r->walk.closed || r->walk.torn || r->walk.at == SMSC_BKF_LOST)
		smsc_damage(r->record, SMSC_RULE_D001, r->in.size, "the backup ends in the middle of a set");
	else if (smsc_bkf_lacks_mark(&r->walk))
		smsc_damage(r->record, SMSC_RULE_D011, r->in.size, "no filemark stands behind the last set");
}

static void decode(smsc_span in, smsc_record *out)
{
	reading *r = calloc(1, sizeof *r);
	if (!r) {
		out->failed = true;
		return;
	}
	r->in = in;
	r->record = out;
	r->blocks = smsc_put_record(out, "blocks", "blocks and their streams, in order", "bkf-blocks", 0, in.size);
	walk_all(r);
	if (r->block_count > MOST_BLOCKS)
		smsc_damage(out, SMSC_RULE_D008, 0, "only %u of %llu blocks are listed", MOST_BLOCKS,
		            (unsigned long long)r->block_count);
	put_kinds(out, "block_types", "all blocks by their type", &r->of_blocks);
	put_kinds(out, "stream_types", "all streams by their id, but for checks and padding", &r->of_streams);
	free(r);
}

static int probe(smsc_span in, uint64_t size, const char *name)
{
	(void)size;
	(void)name;
	return smsc_bkf_tape_grid(in) ? 98 : 0;
}

const smsc_format smsc_bkf_format = { "bkf", "backup of NTBackup, medium of the tape format (MTF)", probe, decode };
