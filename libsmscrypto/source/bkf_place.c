/* bkf_place.c - set, volume, folder and file: the order of the blocks tells them. */
#include <stdlib.h>
#include <string.h>

#include "../base/sddl.h"
#include "../base/text.h"
#include "../base/time.h"
#include "bkf.h"

#define MOST_NAME   65536u
#define MOST_RIGHTS 131072u

static uint32_t codepage(const smsc_bkf *st)
{
	return st->walk->source->settings.codepage;
}

/* ---- sets ------------------------------------------------------------------------ */

static smsc_bkf_seen seen(const smsc_bkf *st)
{
	return (smsc_bkf_seen){ st->tape.block, st->tape.bytes, st->tape.block_at };
}

static void tell_set(smsc_bkf *st)
{
	smsc_walk *w = st->walk;
	smsc_bkf_seen b = seen(st);
	smsc_record *r = smsc_bkf_set_record(w->below->item->path, st->set, &b, codepage(st));
	st->path.failed |= !r || smsc_record_failed(r);
	bool is_new = r && smsc_walk_set(w, r, &st->path.failed);
	st->told = is_new ? r : NULL;
}

static void enter_set(smsc_bkf *st, uint32_t set, int zone)
{
	bool same = st->in_set && set == st->set;
	st->set = set;
	st->zone = zone;
	st->in_set = true;
	st->control = 0;
	smsc_buf_clear(&st->volume);
	smsc_buf_clear(&st->folder);
	if (same)
		return;
	st->file_id = st->folder_given = 0;
	tell_set(st);
}

static void begin_set(smsc_bkf *st)
{
	uint32_t number = smsc_bkf_u16(st->tape.bytes, 62);
	bool same = st->tape.block.attributes & SMSC_BKF_CONTINUED && number == st->set;
	enter_set(st, same || number > st->set ? number : st->set + 1, smsc_bkf_zone(st->tape.bytes));
}

/* The beginning of this block's set may be lost: its number is then the next one. */
static void check_set(smsc_bkf *st)
{
	uint32_t control = st->tape.block.control;
	bool repeated = st->tape.block.attributes & SMSC_BKF_CONTINUED;
	if (!st->in_set || (!repeated && control && control <= st->control)) {
		if (!st->lost)
			smsc_walk_tell(st->walk, SMSC_RULE_D006, NULL, st->tape.block_at,
			               "the block that a set begins with is missing; what follows is recovered");
		st->recovered = true;
		enter_set(st, st->set + 1, SMSC_BKF_NO_ZONE);
	}
	st->control = control;
}

/* ---- volume, folder, file -------------------------------------------------------- */

/* "C:" is "C/", as whoever restores it to a folder would name it; "\\host\share" is
 * "host/share/". */
static void add_device(smsc_buf *out, const char *name)
{
	size_t size = strlen(name);
	while (size && (name[size - 1] == '\\' || name[size - 1] == ':'))
		size--;
	while (size && *name == '\\') {
		name++;
		size--;
	}
	for (size_t i = 0; i < size; i++)
		smsc_buf_char(out, name[i] == '\\' ? '/' : name[i]);
	if (size)
		smsc_buf_char(out, '/');
}

static void begin_volume(smsc_bkf *st)
{
	smsc_buf name = SMSC_BUF_INIT;
	smsc_span device = smsc_bkf_text(st->tape.bytes, 56);
	if (!device.size)
		device = smsc_bkf_text(st->tape.bytes, 60);
	smsc_buf_clear(&st->volume);
	smsc_buf_clear(&st->folder);
	if (st->told) {
		smsc_bkf_seen b = seen(st);
		smsc_bkf_set_volume(st->told, &b);
		st->path.failed |= smsc_record_failed(st->told);
	}
	smsc_bkf_name_add(&name, device, st->tape.block.text_type, codepage(st));
	add_device(&st->volume, name.data ? name.data : "");
	st->volume.failed |= name.failed;
	smsc_buf_free(&name);
}

static void add_path(smsc_buf *out, const smsc_buf *part)
{
	smsc_buf_add(out, part->data ? part->data : "", part->size);
	out->failed |= part->failed;
}

/* It becomes the object, and what comes before the names of its files. */
static void show_folder(smsc_bkf *st)
{
	smsc_buf_clear(&st->object);
	add_path(&st->object, &st->volume);
	add_path(&st->object, &st->folder);
	if (st->folder.size)
		smsc_buf_char(&st->folder, '/');
	else if (!st->object.failed && st->object.size && st->object.data[st->object.size - 1] == '/')
		st->object.data[--st->object.size] = '\0';
}

static void set_folder(smsc_bkf *st, smsc_span raw)
{
	smsc_buf_clear(&st->folder);
	smsc_bkf_folder_add(&st->folder, raw, st->text_type, codepage(st));
	show_folder(st);
}

/* In place of a name that is lost, or stands in a stream. */
static void name_folder(smsc_bkf *st, uint32_t id)
{
	smsc_buf_clear(&st->folder);
	smsc_buf_printf(&st->folder, "#folder-%u", (unsigned)id);
	show_folder(st);
}

static void begin_folder(smsc_bkf *st)
{
	st->is_folder = true;
	st->lost = false;
	st->folder_id = smsc_bkf_u32(st->tape.bytes, 76);
	st->given = st->tape.block.attributes & SMSC_BKF_CONTINUED && st->folder_id &&
	            st->folder_id == st->folder_given;
	if (smsc_bkf_u32(st->tape.bytes, 52) & SMSC_BKF_NAME_STREAM)
		name_folder(st, st->folder_id);
	else
		set_folder(st, smsc_bkf_text(st->tape.bytes, 80));
}

/* A file tells the number of its folder, whose own block may be lost. */
static void check_folder(smsc_bkf *st)
{
	uint32_t id = smsc_bkf_u32(st->tape.bytes, 76);
	if (!st->lost || !id || id == st->folder_id)
		return;
	name_folder(st, id);
	st->folder_id = id;
}

static void set_file(smsc_bkf *st, smsc_span raw)
{
	smsc_buf_clear(&st->object);
	add_path(&st->object, &st->volume);
	add_path(&st->object, &st->folder);
	if (raw.size)
		smsc_bkf_name_add(&st->object, raw, st->text_type, codepage(st));
	else
		smsc_buf_printf(&st->object, "#file-%u", (unsigned)st->object_id);
}

static void begin_file(smsc_bkf *st)
{
	st->is_file = true;
	st->object_id = smsc_bkf_u32(st->tape.bytes, 80);
	st->given = st->again = st->tape.block.attributes & SMSC_BKF_CONTINUED && st->object_id &&
	                        st->object_id == st->file_id;
	check_folder(st);
	set_file(st, smsc_bkf_text(st->tape.bytes, 84));
}

static void begin_object(smsc_bkf *st)
{
	st->text_type = st->tape.block.text_type;
	st->shown_size = st->tape.block.shown_size;
	st->times = smsc_bkf_object_times(st->tape.bytes);
	st->attributes = smsc_bkf_attributes(&st->tape.block, st->tape.bytes);
	check_set(st);
	smsc_streams_unref(st->streams);
	st->streams = smsc_streams_new();
	st->path.failed |= !st->streams;
	if (st->tape.block.type == SMSC_BKF_VOLB)
		begin_volume(st);
	else if (st->tape.block.type == SMSC_BKF_DIRB)
		begin_folder(st);
	else
		begin_file(st);
}

/* Of one that was written over with zeros nothing else may be left. */
static void end_set(smsc_bkf *st)
{
	uint32_t number = smsc_bkf_u16(st->tape.bytes, 78);
	if (number > st->set && !st->lost)
		smsc_walk_tell(st->walk, SMSC_RULE_D006, NULL, st->tape.block_at,
		               "set %u ends here, of which nothing else is there", (unsigned)number);
	st->in_set = false;
}

void smsc_bkf_place(smsc_bkf *st)
{
	st->is_file = st->is_folder = st->given = st->again = st->goes_on = st->speaks = false;
	smsc_buf_clear(&st->sddl);
	switch (st->tape.block.type) {
	case SMSC_BKF_SSET:
		begin_set(st);
		break;
	case SMSC_BKF_VOLB: case SMSC_BKF_DIRB: case SMSC_BKF_FILE:
		begin_object(st);
		break;
	case SMSC_BKF_ESET:
		end_set(st);
		break;
	default:
		break;
	}
}

/* ---- what streams say ------------------------------------------------------------ */

void smsc_bkf_long_name(smsc_bkf *st)
{
	char *raw = malloc(MOST_NAME);
	size_t size = st->tape.stream.size < MOST_NAME ? (size_t)st->tape.stream.size : MOST_NAME;
	if (!raw) {
		st->object.failed = true;
		return;
	}
	if (smsc_bkf_exact(&st->tape, raw, size)) {
		if (st->is_folder && st->tape.stream.id == SMSC_BKF_PNAM)
			set_folder(st, smsc_span_of(raw, size));
		else if (st->is_file && st->tape.stream.id == SMSC_BKF_FNAM)
			set_file(st, smsc_span_of(raw, size));
	}
	free(raw);
}

void smsc_bkf_rights(smsc_bkf *st)
{
	uint64_t size = st->tape.stream.size;
	if (!size || size > MOST_RIGHTS)
		return;
	char *raw = malloc((size_t)size);
	st->sddl.failed |= !raw;
	if (raw && smsc_bkf_exact(&st->tape, raw, (size_t)size)) {
		smsc_buf_clear(&st->sddl);
		smsc_sddl_add(&st->sddl, smsc_span_of(raw, (size_t)size));
		/* The entry is there already. */
		if (st->given && st->sddl.size && !st->sddl.failed)
			st->sddl.failed |= !smsc_streams_rights(st->streams, st->sddl.data);
	}
	free(raw);
}

/* ":name:$DATA" is all its name; the type is not told. */
static void add_stream_name(smsc_buf *out, smsc_span raw)
{
	static const char type[] = ":$DATA";
	const size_t tail = sizeof type - 1;
	size_t from = out->size;
	smsc_text_utf16(out, raw);
	if (!out->failed && out->size > from + tail &&
	    strcmp(out->data + out->size - tail, type) == 0) {
		out->size -= tail;
		out->data[out->size] = '\0';
	}
}

bool smsc_bkf_stream_path(smsc_bkf *st)
{
	uint8_t size[4], raw[2048];
	if (!smsc_bkf_exact(&st->tape, size, sizeof size) || smsc_le32(size) > sizeof raw ||
	    !smsc_bkf_exact(&st->tape, raw, smsc_le32(size)))
		return false;
	smsc_buf_clear(&st->path);
	add_path(&st->path, &st->object);
	if (smsc_le32(size) < 2 || raw[0] != ':')
		smsc_buf_char(&st->path, ':');
	add_stream_name(&st->path, smsc_span_of(raw, smsc_le32(size)));
	return true;
}

/* Windows makes all times of a set local with the one bias in force while it is written; that
 * is the bias the set tells. */
static void describe_times(const smsc_bkf *st, smsc_draft *out)
{
	const smsc_settings *settings = &st->walk->source->settings;
	bool told = st->zone != SMSC_BKF_NO_ZONE, known = told || settings->zone_known;
	int32_t bias = told ? -15 * st->zone : known ? settings->bias : 0;
	bool any = st->times.modified || st->times.created || st->times.accessed;
	out->modified = smsc_time_utc(st->times.modified, bias);
	out->created = smsc_time_utc(st->times.created, bias);
	out->accessed = smsc_time_utc(st->times.accessed, bias);
	out->clock = any ? "backup-set" : "none";
	out->slack = any ? SMSC_TICKS_A_SECOND + (known ? 0 : SMSC_SLACK_NO_ZONE) : 0;
}

void smsc_bkf_describe(const smsc_bkf *st, smsc_draft *out)
{
	describe_times(st, out);
	out->set = st->set;
	out->attributes = st->attributes;
	out->sddl = st->sddl.size ? st->sddl.data : NULL;
	out->recovered = st->recovered;
	out->streams = st->streams;
}
