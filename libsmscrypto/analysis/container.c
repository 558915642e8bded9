/* container.c - a decoded key container becomes a file of the case with its keys. */
#include "container.h"

#include <stdlib.h>
#include <string.h>

#include "../base/ident.h"
#include "../base/text.h"
#include "keep.h"
#include "public_key.h"

static const char *const pair_fields[2] = { "signature", "exchange" };

/* ---- whose store ------------------------------------------------------------------- */

static bool is_separator(char c)
{
	return c == '/' || c == '\\';
}

/* The folder's name at `end`, which stands behind it; moves `end` before it. */
static smsc_span folder_before(const char *path, const char **end)
{
	const char *stop = *end;
	while (stop > path && is_separator(stop[-1]))
		stop--;
	const char *start = stop;
	while (start > path && !is_separator(start[-1]))
		start--;
	*end = start;
	return (smsc_span){ start, (size_t)(stop - start) };
}

static bool is_folder(smsc_span s, const char *name)
{
	const char *text = s.data;
	for (size_t i = 0; i < s.size; i++)
		if (smsc_ascii_lower(text[i]) != smsc_ascii_lower(name[i]))
			return false;
	return !name[s.size];
}

static bool is_sid(smsc_span folder)
{
	const char *text = folder.data;
	return folder.size > 4 && smsc_ascii_lower(text[0]) == 's' && !strncmp(text + 1, "-1-", 3);
}

/* Containers of the same name in the stores of two users, or of two types of providers, are
 * different containers. */
static const char *owner_of(smsc_arena *arena, const char *path)
{
	const char *end = smsc_path_last(path);
	smsc_span folder = folder_before(path, &end);
	if (is_sid(folder))
		return smsc_arena_printf(arena, "S%.*s", (int)folder.size - 1, (const char *)folder.data + 1);
	return is_folder(folder_before(path, &end), "DSS") ? "DSS" : "";
}

/* RSA\MachineKeys, DSS\MachineKeys or RSA\<SID>; a file without any folder may be out of one. */
static bool is_in_store(const char *path)
{
	const char *end = smsc_path_last(path);
	if (end == path)
		return true;
	smsc_span folder = folder_before(path, &end);
	return is_folder(folder, "MachineKeys") || is_sid(folder);
}

bool smsc_container_belongs(const char *path)
{
	char hash[33], guid[SMSC_GUID_TEXT];
	return smsc_container_name_parse(path, hash, guid) && *guid && is_in_store(path);
}

/* ---- keys ---------------------------------------------------------------------------- */

static bool found_within(const smsc_record *r, smsc_rule_id rule, uint64_t at, uint64_t bytes)
{
	for (size_t i = 0; i < smsc_record_finding_count(r); i++) {
		const smsc_finding *f = smsc_record_finding_at(r, i);
		if (f->rule == rule && f->offset >= at && f->offset - at <= bytes)
			return true;
	}
	return false;
}

static bool damaged_within(const smsc_record *r, uint64_t at, uint64_t bytes)
{
	return found_within(r, SMSC_RULE_D001, at, bytes) || found_within(r, SMSC_RULE_D003, at, bytes);
}

static bool is_damaged(const smsc_record *r)
{
	return damaged_within(r, 0, UINT64_MAX);
}

/* An unknown kind of key, or lengths that contradict each other. */
static bool is_refused(const smsc_record *r, const smsc_field *public)
{
	uint64_t most = public && public->bytes ? public->bytes - 1 : 0;
	return public && (damaged_within(r, public->at, most) || found_within(r, SMSC_RULE_D004, public->at, most));
}

static int64_t size_of(const smsc_record *r, const char *name)
{
	const smsc_field *f = smsc_record_get(r, name);
	return f ? (int64_t)f->bytes : 0;
}

static const char *proof_of(const smsc_record *r, const smsc_record *pair)
{
	const smsc_field *private = smsc_record_get(pair, "private");
	if (!private)
		return is_damaged(r) ? "private-damaged" : "public-only";
	return damaged_within(r, private->at, private->bytes) ? "private-damaged" : "locked";
}

static smsc_span keep_blob(smsc_arena *arena, const smsc_record *public, int which)
{
	smsc_buf blob = SMSC_BUF_INIT;
	smsc_public_key_blob(&blob, public, which == SMSC_SIGNATURE);
	return smsc_keep_span(arena, &blob);
}

static smsc_key *make_key(smsc_arena *arena, const smsc_record *r, int which)
{
	static const char *const size_names[2] = { "signature_public_size", "exchange_public_size" };
	const smsc_record *pair = smsc_record_part(r, pair_fields[which]);
	const smsc_record *public = smsc_record_part(pair, "public");
	smsc_key *k = pair ? smsc_arena_alloc(arena, sizeof(*k)) : NULL;
	if (!k)
		return NULL;
	const smsc_field *header = smsc_record_get(r, size_names[which]);
	const char *master = smsc_record_text(pair, "private.master_key");
	*k = (smsc_key){
		.arena = arena, .algorithm = public ? smsc_public_key_algorithm(public) : "",
		.proof = proof_of(r, pair), .reason = "", .exportable = -1, .at = header ? header->at : 0,
		.master_key = master ? smsc_arena_text(arena, master, strlen(master)) : "",
		.public_size = size_of(pair, "public"), .private_size = size_of(pair, "private"),
		.flag_size = size_of(pair, "export_flag"), .refused = is_refused(r, smsc_record_get(pair, "public")),
	};
	int known = public ? smsc_public_key_print(public, &k->print) : 0;
	if (known < 0)
		smsc_keep_failed(arena);
	k->named = known > 0;
	if (!k->named)
		return k;
	k->bits = (unsigned)smsc_record_number(public, "bits", 0);
	k->public_blob = keep_blob(arena, public, which);
	return k;
}

/* ---- the file ------------------------------------------------------------------------- */

/* What the container is called in the file decides; the file's own name only where that is
 * torn away. */
static bool name_file(smsc_case *c, smsc_key_file *f)
{
	char hash[33], guid[SMSC_GUID_TEXT];
	const char *inside = smsc_record_text(f->record, "file_hash");
	bool named = smsc_container_name_parse(f->path, hash, guid);
	if (!named && !inside)
		return false;
	f->guid = named ? smsc_arena_text(c->arena, guid, strlen(guid)) : "";
	f->hash = smsc_arena_text(c->arena, inside ? inside : hash, 32);
	f->name = inside ? smsc_record_text(f->record, "name") : NULL;
	f->owner = owner_of(c->arena, f->path);
	f->in_store = is_in_store(f->path);
	return f->guid && f->hash && f->owner;
}

static smsc_stamp stamp_of(const smsc_entry *e, const char *clock)
{
	return (smsc_stamp){ smsc_entry_created(e), smsc_entry_modified(e), smsc_entry_slack(e), clock };
}

bool smsc_key_file_add(smsc_case *c, const smsc_snapshot *s, const smsc_entry *e,
                       const smsc_record *record, smsc_span bytes, const char *clock)
{
	smsc_key_file *f = smsc_arena_alloc(c->arena, sizeof(*f));
	if (!f || !smsc_arena_grow(c->arena, &c->files, c->file_count, &c->file_room, sizeof(*c->files)))
		return false;
	*f = (smsc_key_file){
		.snapshot = s, .record = record, .path = record->path, .stamp = stamp_of(e, clock),
		.size = (int64_t)bytes.size, .damaged = is_damaged(record),
	};
	if (!name_file(c, f))
		return !smsc_arena_failed(c->arena);
	for (int which = 0; which < 2; which++)
		f->keys[which] = make_key(c->arena, record, which);
	void *copy = smsc_arena_copy(c->arena, bytes.data, bytes.size);
	if (!copy || !smsc_hash(SMSC_SHA256, bytes, f->content))
		return false;
	f->bytes = smsc_span_of(copy, bytes.size);
	c->files[c->file_count++] = f;
	return true;
}
