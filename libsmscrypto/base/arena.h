/* arena.h - one reference count and all the memory under it.
 *
 * A record, and a case with everything in it, is one arena: parts point freely at each
 * other, a reference to any part holds the whole, and it is all freed at once.
 */
#ifndef SMSC_BASE_ARENA_H
#define SMSC_BASE_ARENA_H

#include <stdarg.h>
#include <stdbool.h>

#include "../smscrypto.h"
#include "error.h"

typedef struct smsc_arena smsc_arena;

/* NULL without memory.  Counts as one live object. */
smsc_arena *smsc_arena_new(void);
smsc_arena *smsc_arena_ref(smsc_arena *a);
void        smsc_arena_unref(smsc_arena *a);
/* Called (last registered first) when the count reaches zero, before memory goes. */
bool  smsc_arena_on_free(smsc_arena *a, void (*release)(void *arg), void *arg);

/* Zeroed and aligned for any type; NULL without memory, which smsc_arena_failed() remembers. */
void *smsc_arena_alloc(smsc_arena *a, size_t size);
void *smsc_arena_copy(smsc_arena *a, const void *data, size_t size);
/* Copies `size` bytes and adds a NUL. */
char *smsc_arena_text(smsc_arena *a, const char *text, size_t size);
char *smsc_arena_printf(smsc_arena *a, const char *format, ...) SMSC_PRINTF(2, 3);
char *smsc_arena_vprintf(smsc_arena *a, const char *format, va_list args);
bool  smsc_arena_failed(const smsc_arena *a);
size_t smsc_arena_bytes(const smsc_arena *a);  /* handed out so far */

/* Makes room for one more in a growing array of the arena: `*items` of `count` elements of
 * `size` bytes, `*room` allocated.  The old array stays behind, so the waste is at most its
 * final size.  False without memory. */
bool  smsc_arena_grow(smsc_arena *a, void *items, size_t count, size_t *room, size_t size);
/* The same for an array of its own, which the caller frees. */
bool  smsc_grow(void *items, size_t count, size_t *room, size_t size);

/* smsc_live_objects() counts these. */
void smsc_live_add(long n);

#endif
