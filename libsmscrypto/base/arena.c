/* arena.c - chunks of zeroed memory behind one atomic count. */
#include <stdalign.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"

/* A record of a few fields fits the first chunk; a case soon gets the largest. */
#define FIRST_CHUNK ((size_t)2 << 10)
#define LAST_CHUNK  ((size_t)256 << 10)

typedef struct chunk {
	struct chunk *next;
	size_t size, used;
	alignas(max_align_t) unsigned char data[];
} chunk;

typedef struct release {
	struct release *next;
	void (*call)(void *arg);
	void *arg;
} release;

struct smsc_arena {
	atomic_long refs;
	bool     failed;
	size_t   bytes;
	size_t   chunk_size;
	chunk   *chunks;    /* the first is the one being filled */
	release *releases;
};

static atomic_long live;

void smsc_live_add(long n)
{
	atomic_fetch_add_explicit(&live, n, memory_order_relaxed);
}

long smsc_live_objects(void)
{
	return atomic_load_explicit(&live, memory_order_relaxed);
}

smsc_arena *smsc_arena_new(void)
{
	smsc_arena *a = calloc(1, sizeof *a);
	if (!a)
		return NULL;
	atomic_init(&a->refs, 1);
	a->chunk_size = FIRST_CHUNK;
	smsc_live_add(1);
	return a;
}

smsc_arena *smsc_arena_ref(smsc_arena *a)
{
	if (a)
		atomic_fetch_add_explicit(&a->refs, 1, memory_order_relaxed);
	return a;
}

static void arena_free(smsc_arena *a)
{
	for (release *r = a->releases; r; r = r->next)
		r->call(r->arg);
	for (chunk *c = a->chunks, *next; c; c = next) {
		next = c->next;
		free(c);
	}
	free(a);
	smsc_live_add(-1);
}

void smsc_arena_unref(smsc_arena *a)
{
	/* Release, then acquire: what other threads did before letting go is done. */
	if (a && atomic_fetch_sub_explicit(&a->refs, 1, memory_order_acq_rel) == 1)
		arena_free(a);
}

bool smsc_arena_on_free(smsc_arena *a, void (*call)(void *arg), void *arg)
{
	release *r = smsc_arena_alloc(a, sizeof *r);
	if (!r)
		return false;
	*r = (release){ a->releases, call, arg };
	a->releases = r;
	return true;
}

static void *arena_fail(smsc_arena *a)
{
	a->failed = true;
	return NULL;
}

/* A chunk for at least `size` bytes.  A large piece gets one of its own behind the chunk
 * being filled, so that what is left of that is not lost. */
static chunk *chunk_add(smsc_arena *a, size_t size)
{
	bool own = size > a->chunk_size / 4;
	size_t room = own ? size : a->chunk_size;
	chunk *c = calloc(1, offsetof(chunk, data) + room);
	if (!c)
		return NULL;
	c->size = room;
	if (own && a->chunks) {
		c->next = a->chunks->next;
		a->chunks->next = c;
		return c;
	}
	c->next = a->chunks;
	a->chunks = c;
	if (a->chunk_size < LAST_CHUNK)
		a->chunk_size *= 2;
	return c;
}

void *smsc_arena_alloc(smsc_arena *a, size_t size)
{
	const size_t align = alignof(max_align_t);
	if (size > PTRDIFF_MAX / 2)
		return arena_fail(a);
	size_t need = size ? (size + align - 1) / align * align : align;
	chunk *c = a->chunks;
	if (!c || need > c->size - c->used)
		c = chunk_add(a, need);
	if (!c)
		return arena_fail(a);
	void *p = c->data + c->used;
	c->used += need;
	a->bytes += need;
	return p;
}

void *smsc_arena_copy(smsc_arena *a, const void *data, size_t size)
{
	void *p = smsc_arena_alloc(a, size);
	if (p && size)
		memcpy(p, data, size);
	return p;
}

char *smsc_arena_text(smsc_arena *a, const char *text, size_t size)
{
	if (size == SIZE_MAX)
		return arena_fail(a);
	char *p = smsc_arena_alloc(a, size + 1);
	if (p && size)
		memcpy(p, text, size);
	return p;
}

char *smsc_arena_vprintf(smsc_arena *a, const char *format, va_list args)
{
	va_list again;
	va_copy(again, args);
	int n = vsnprintf(NULL, 0, format, args);
	char *p = n < 0 ? arena_fail(a) : smsc_arena_alloc(a, (size_t)n + 1);
	if (p)
		vsnprintf(p, (size_t)n + 1, format, again);
	va_end(again);
	return p;
}

char *smsc_arena_printf(smsc_arena *a, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	char *p = smsc_arena_vprintf(a, format, args);
	va_end(args);
	return p;
}

bool smsc_arena_failed(const smsc_arena *a)
{
	return a->failed;
}

size_t smsc_arena_bytes(const smsc_arena *a)
{
	return a->bytes;
}

/* Elements of the array when it has grown; 0: too many. */
static size_t room_beyond(size_t room, size_t size)
{
	size_t wanted = room ? room * 2 : 8;
	return wanted < room || wanted > SIZE_MAX / size ? 0 : wanted;
}

bool smsc_arena_grow(smsc_arena *a, void *items, size_t count, size_t *room, size_t size)
{
	if (count < *room)
		return true;
	size_t wanted = room_beyond(*room, size);
	if (!wanted)
		return arena_fail(a) != NULL;
	void *old, *grown = smsc_arena_alloc(a, wanted * size);
	if (!grown)
		return false;
	memcpy(&old, items, sizeof old);  /* `items` is a T **, whatever T is */
	if (count)
		memcpy(grown, old, count * size);
	memcpy(items, &grown, sizeof grown);
	*room = wanted;
	return true;
}

bool smsc_grow(void *items, size_t count, size_t *room, size_t size)
{
	void *old;
	if (count < *room)
		return true;
	size_t wanted = room_beyond(*room, size);
	memcpy(&old, items, sizeof old);
	void *grown = wanted ? realloc(old, wanted * size) : NULL;
	if (!grown)
		return false;
	memcpy(items, &grown, sizeof grown);
	*room = wanted;
	return true;
}
