/* copies.c - a hash table of the log events that were told. */
#include "copies.h"

#include <stdlib.h>
#include <string.h>

#include "../base/text.h"
#include "../base/time.h"
#include "keep.h"

/* The table is half empty, so longer runs are somebody's doing: rows beyond are told without
 * looking for copies. */
#define MAX_PROBES 1024

/* What the name of a log ends with that was full: "-20050105-193713". */
#define STAMP 16u

static uint64_t mix(uint64_t h, const char *data, size_t size)
{
	for (size_t i = 0; i < size; i++)
		h = (h ^ (uint8_t)smsc_ascii_lower(data[i])) * UINT64_C(0x100000001b3);
	return h ^ h >> 29;
}

static bool same_name(smsc_span a, smsc_span b)
{
	const char *x = a.data, *y = b.data;
	size_t i = 0;
	while (i < a.size && i < b.size && smsc_ascii_lower(x[i]) == smsc_ascii_lower(y[i]))
		i++;
	return i == a.size && i == b.size;
}

static bool is_stamp(const char *text)
{
	static const char form[] = "-00000000-000000";
	for (size_t i = 0; i < STAMP; i++)
		if (form[i] == '-' ? text[i] != '-' : text[i] < '0' || text[i] > '9')
			return false;
	return true;
}

static bool ends_with(const char *text, size_t size, const char *end)
{
	size_t n = strlen(end);
	return size > n && same_name((smsc_span){ text + size - n, n }, (smsc_span){ end, n });
}

/* "Logs/x-20050108-171122.log.gz!/x.log" is one file, whose name outside tells its folder and stamp. */
static bool is_packed(const char *path, size_t size, const char *inner)
{
	if (!ends_with(path, size, ".gz") || ends_with(path, size, ".tar.gz") || strchr(inner, '/'))
		return false;
	const char *slash = memrchr(path, '/', size), *name = slash ? slash : path;
	return memchr(name, '.', size - 3 - (size_t)(name - path));
}

/* Size of a path within the innermost archive, without what it ends with. */
static size_t stem_of(const char **whole)
{
	const char *path = *whole, *inner;
	while ((inner = strstr(path, "!/")) && !is_packed(path, (size_t)(inner - path), inner + 2))
		path = inner + 2;
	*whole = path;
	size_t n = inner ? (size_t)(inner - path) : strlen(path);
	if (ends_with(path, n, ".gz"))
		n -= 3;
	const char *dot = memrchr(path, '.', n);
	if (dot && !memchr(dot, '/', n - (size_t)(dot - path)))
		n = (size_t)(dot - path);
	return n;
}

smsc_span smsc_log_set_name(const char *path)
{
	size_t n = stem_of(&path);
	return (smsc_span){ path, n > STAMP && is_stamp(path + n - STAMP) ? n - STAMP : n };
}

static int number(const char *digits, int count)
{
	int n = 0;
	while (count--)
		n = n * 10 + *digits++ - '0';
	return n;
}

smsc_time smsc_log_stamp(const char *path)
{
	size_t n = stem_of(&path);
	if (n <= STAMP || !is_stamp(path + n - STAMP))
		return SMSC_NEVER;
	const char *at = path + n - STAMP;
	return smsc_time_of_civil((smsc_civil){ .year = number(at + 1, 4), .month = number(at + 5, 2), .day = number(at + 7, 2),
	                                        .hour = number(at + 10, 2), .minute = number(at + 12, 2),
	                                        .second = number(at + 14, 2) });
}

static bool same_row(const smsc_event *a, const smsc_event *b)
{
	return a->key == b->key && a->row_local == b->row_local && a->row_bias == b->row_bias &&
		!strcmp(a->kind, b->kind) && !strcmp(a->text, b->text) &&
		same_name(smsc_log_set_name(a->path), smsc_log_set_name(b->path));
}

static uint64_t key_of(const smsc_event *e)
{
	smsc_span name = smsc_log_set_name(e->path);
	uint64_t h = mix(UINT64_C(0xcbf29ce484222325), name.data, name.size);
	h = mix(h ^ (uint64_t)e->row_local, e->kind, strlen(e->kind));
	return mix(h, e->text, strlen(e->text));
}

static bool grow(smsc_copies *copies)
{
	size_t room = copies->room ? copies->room * 2 : 256;
	smsc_event **at = calloc(room, sizeof(*at));
	if (!at)
		return !(copies->failed = true);
	for (size_t i = 0; i < copies->room; i++) {
		smsc_event *e = copies->at[i];
		size_t slot = e ? e->key & (room - 1) : 0;
		while (e && at[slot])
			slot = (slot + 1) & (room - 1);
		if (e)
			at[slot] = e;
	}
	free(copies->at);
	copies->at = at;
	copies->room = room;
	return true;
}

static void add_source(smsc_event *e, const smsc_snapshot *s)
{
	if (smsc_arena_grow(e->arena, &e->also, e->also_count, &e->also_room, sizeof(*e->also)))
		e->also[e->also_count++] = s;
}

static void count(smsc_event *e, const smsc_event *copy, uint32_t file, uint32_t source)
{
	e->run = copy->times + (e->last_file == file ? e->run : 0);
	e->last_file = file;
	if (e->run > e->times)
		e->times = e->run;
	if (e->last_source != source)
		add_source(e, copy->snapshot);
	e->last_source = source;
}

bool smsc_copies_seen(smsc_copies *copies, smsc_event *draft, uint32_t file, uint32_t source)
{
	draft->key = key_of(draft);
	if (!copies->room)
		return false;
	size_t slot = draft->key & (copies->room - 1), tried = 0;
	for (smsc_event *old; (old = copies->at[slot]) && tried++ < MAX_PROBES;
	     slot = (slot + 1) & (copies->room - 1))
		if (same_row(old, draft)) {
			count(old, draft, file, source);
			return true;
		}
	return false;
}

void smsc_copies_keep(smsc_copies *copies, smsc_event *e, uint32_t file, uint32_t source)
{
	e->last_file = file;
	e->last_source = source;
	e->run = e->times;
	if (copies->count * 2 >= copies->room && !grow(copies))
		return;
	size_t slot = e->key & (copies->room - 1), tried = 0;
	while (copies->at[slot] && tried++ < MAX_PROBES)
		slot = (slot + 1) & (copies->room - 1);
	if (copies->at[slot])
		return;
	copies->at[slot] = e;
	copies->count++;
}

void smsc_copies_tell(smsc_event *e)
{
	smsc_buf meaning = SMSC_BUF_INIT;
	if (e->times <= 1 && !e->also_count)
		return;
	smsc_buf_str(&meaning, e->meaning);
	if (e->times > 1)
		smsc_buf_printf(&meaning, "%sSaid %u times.", meaning.size ? " " : "", e->times);
	if (e->also_count)
		smsc_buf_printf(&meaning, "%sAlso in %zu other source%s.", meaning.size ? " " : "",
		                e->also_count, e->also_count > 1 ? "s" : "");
	e->meaning = smsc_keep_text(e->arena, &meaning);
}

void smsc_copies_free(smsc_copies *copies)
{
	free(copies->at);
	*copies = (smsc_copies){ 0 };
}
