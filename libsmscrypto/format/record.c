/* record.c - fields that know their bytes. */
#include "record.h"

#include "../base/buf.h"
#include "../base/text.h"

#define MAX_FINDINGS 1000

/* ---- making ---------------------------------------------------------------- */

/* Callers may hand over any bytes as a path; records hold valid UTF-8.  What is valid stays as
 * it is: it may be a path of an entry, which has its escapes already. */
static char *copy_path(smsc_arena *arena, const char *path)
{
	smsc_span s = smsc_span_of(path, path ? strlen(path) : 0);
	if (smsc_utf8_valid(s) == s.size)
		return smsc_arena_text(arena, path, s.size);
	smsc_buf b = SMSC_BUF_INIT;
	smsc_text_utf8(&b, s);
	char *copy = b.failed ? NULL : smsc_arena_text(arena, b.data, b.size);
	smsc_buf_free(&b);
	return copy;
}

smsc_record *smsc_record_new(const char *format, const char *path, uint32_t codepage)
{
	smsc_arena *arena = smsc_arena_new();
	if (!arena)
		return NULL;
	smsc_record *r = smsc_arena_alloc(arena, sizeof *r);
	char *copy = copy_path(arena, path);
	if (!r || !copy) {
		smsc_arena_unref(arena);
		return NULL;
	}
	r->arena = arena;
	r->root = r;
	r->format = format;
	r->path = copy;
	r->codepage = codepage;
	r->findings.limit = MAX_FINDINGS;
	return r;
}

bool smsc_record_failed(const smsc_record *r)
{
	return r->root->failed || smsc_arena_failed(r->arena);
}

static smsc_field *put(smsc_record *r, smsc_type type, const char *name, const char *meaning,
                       uint64_t at, uint64_t bytes)
{
	if (!smsc_arena_grow(r->arena, &r->fields, r->count, &r->room, sizeof *r->fields))
		return NULL;
	smsc_field *f = &r->fields[r->count++];
	*f = (smsc_field){ .name = name, .meaning = meaning, .at = at, .bytes = bytes, .type = type };
	return f;
}

smsc_record *smsc_put_record(smsc_record *parent, const char *name, const char *meaning,
                             const char *format, uint64_t at, uint64_t bytes)
{
	smsc_record *r = smsc_arena_alloc(parent->arena, sizeof *r);
	if (!r)
		return parent;
	r->arena = parent->arena;
	r->root = parent->root;
	r->parent = parent;
	r->name = name;
	r->format = format;
	r->path = parent->path;
	r->codepage = parent->codepage;
	smsc_field *f = put(parent, SMSC_RECORD, name, meaning, at, bytes);
	if (!f)
		return parent;
	f->as.record = r;
	return r;
}

smsc_field *smsc_put_int(smsc_record *r, const char *name, const char *meaning,
                         int64_t value, uint64_t at, uint64_t bytes)
{
	smsc_field *f = put(r, SMSC_INT, name, meaning, at, bytes);
	if (f)
		f->as.number = value;
	return f;
}

smsc_field *smsc_put_time(smsc_record *r, const char *name, const char *meaning,
                          smsc_time value, uint64_t at, uint64_t bytes)
{
	smsc_field *f = put(r, SMSC_TIME, name, meaning, at, bytes);
	if (f)
		f->as.time = value;
	return f;
}

smsc_field *smsc_put_text(smsc_record *r, const char *name, const char *meaning,
                          const char *text, size_t size, uint64_t at, uint64_t bytes)
{
	const char *copy = smsc_arena_text(r->arena, text, size);
	smsc_field *f = copy ? put(r, SMSC_TEXT, name, meaning, at, bytes) : NULL;
	if (f)
		f->as.text = copy;
	return f;
}

smsc_field *smsc_put_bytes(smsc_record *r, const char *name, const char *meaning,
                           smsc_span bytes, uint64_t at)
{
	const void *copy = smsc_arena_copy(r->arena, bytes.data, bytes.size);
	smsc_field *f = copy ? put(r, SMSC_BYTES, name, meaning, at, bytes.size) : NULL;
	if (f)
		f->as.span = smsc_span_of(copy, bytes.size);
	return f;
}

void smsc_note(smsc_record *r, const char *format, ...)
{
	if (!r->count)
		return;
	va_list args;
	va_start(args, format);
	r->fields[r->count - 1].note = smsc_arena_vprintf(r->arena, format, args);
	va_end(args);
}

/* "exchange.private: ", so that a finding at the root still says which part it is about.
 * As deep as decoders nest, which no input decides. */
static const char *place(const smsc_record *r)
{
	if (!r->parent)
		return "";
	if (!r->parent->parent)
		return r->name;
	const char *above = place(r->parent);
	return above ? smsc_arena_printf(r->arena, "%s.%s", above, r->name) : NULL;
}

/* False when no more are kept; the last one that is says so. */
static bool room_for_finding(smsc_record *root, uint64_t at)
{
	smsc_findings *list = &root->findings;
	if (list->count + 1 < list->limit)
		return true;
	if (list->count < list->limit)
		smsc_findings_add(list, root->arena, SMSC_RULE_D008, root->path, at,
		                  "only %zu findings of a stream are kept", list->limit);
	list->dropped++;
	return false;
}

void smsc_damage(smsc_record *r, smsc_rule_id rule, uint64_t at, const char *format, ...)
{
	smsc_record *root = r->root;
	if (!room_for_finding(root, at))
		return;
	va_list args;
	va_start(args, format);
	const char *text = smsc_arena_vprintf(r->arena, format, args);
	va_end(args);
	const char *where = place(r);
	if (text && where)
		smsc_findings_add(&root->findings, r->arena, rule, root->path, at, "%s%s%s",
		                  where, *where ? ": " : "", text);
}

/* ---- the public side --------------------------------------------------------- */

const char *smsc_record_format(const smsc_record *r) { return r ? r->format : NULL; }
const char *smsc_record_path(const smsc_record *r)   { return r ? r->path : NULL; }
size_t smsc_record_count(const smsc_record *r)       { return r ? r->count : 0; }

const smsc_field *smsc_record_at(const smsc_record *r, size_t i)
{
	return r && i < r->count ? &r->fields[i] : NULL;
}

static const smsc_field *find(const smsc_record *r, const char *name, size_t size)
{
	for (size_t i = 0; i < r->count; i++)
		if (!strncmp(r->fields[i].name, name, size) && !r->fields[i].name[size])
			return &r->fields[i];
	return NULL;
}

const smsc_field *smsc_record_get(const smsc_record *r, const char *name)
{
	while (r && name) {
		size_t size = strcspn(name, ".");
		const smsc_field *f = find(r, name, size);
		if (!f || !name[size])
			return f;
		r = f->type == SMSC_RECORD ? f->as.record : NULL;
		name += size + 1;
	}
	return NULL;
}

size_t smsc_record_finding_count(const smsc_record *r)
{
	return r ? r->root->findings.count : 0;
}

const smsc_finding *smsc_record_finding_at(const smsc_record *r, size_t i)
{
	return i < smsc_record_finding_count(r) ? r->root->findings.at[i] : NULL;
}

smsc_record *smsc_record_ref(const smsc_record *r)
{
	if (r)
		smsc_arena_ref(r->arena);
	return (smsc_record *)r;
}

void smsc_record_unref(const smsc_record *r)
{
	if (r)
		smsc_arena_unref(r->arena);
}
