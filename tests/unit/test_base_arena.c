/* The arena: aligned zeroed pieces, one count for all, everything freed at once. */
#include <criterion/criterion.h>
#include <pthread.h>
#include <stdalign.h>
#include <stdio.h>

#include "base/arena.h"

static void assert_zero(const unsigned char *p, size_t size)
{
	for (size_t i = 0; i < size; i++)
		cr_assert_eq(p[i], 0, "byte %zu of %zu", i, size);
}

/* Every size around the edges of chunks; each piece is filled whole, so that ASan and the
 * pieces after it would notice an overlap. */
Test(arena, pieces_are_aligned_zeroed_and_apart)
{
	smsc_arena *a = smsc_arena_new();
	unsigned char *piece[3000];
	size_t size[3000];
	uint32_t seed = 1;
	for (size_t i = 0; i < 3000; i++) {
		seed = seed * 1664525 + 1013904223;
		size[i] = i % 100 == 99 ? 300000 : (seed >> 16) % (i % 10 ? 64 : 4097);
		piece[i] = smsc_arena_alloc(a, size[i]);
		cr_assert_not_null(piece[i]);
		cr_assert_eq((uintptr_t)piece[i] % alignof(max_align_t), 0);
		assert_zero(piece[i], size[i]);
		memset(piece[i], (int)(i % 251 + 1), size[i]);
	}
	for (size_t i = 0; i < 3000; i++)
		for (size_t k = 0; k < size[i]; k++)
			cr_assert_eq(piece[i][k], i % 251 + 1, "piece %zu byte %zu", i, k);
	cr_assert(!smsc_arena_failed(a));
	smsc_arena_unref(a);
}

Test(arena, copies)
{
	smsc_arena *a = smsc_arena_new();
	cr_assert_str_eq(smsc_arena_text(a, "abcdef", 3), "abc");
	cr_assert_str_eq(smsc_arena_text(a, NULL, 0), "");
	cr_assert_arr_eq(smsc_arena_copy(a, "a\0b", 3), "a\0b", 3);
	cr_assert_not_null(smsc_arena_copy(a, NULL, 0));
	cr_assert_str_eq(smsc_arena_printf(a, "%s is %d", "six", 6), "six is 6");
	char *longer = smsc_arena_printf(a, "%05000d", 7);
	cr_assert_eq(strlen(longer), 5000);
	cr_assert_eq(longer[4999], '7');
	cr_assert_geq(smsc_arena_bytes(a), 5000);
	smsc_arena_unref(a);
}

Test(arena, absurd_sizes_fail_and_are_remembered)
{
	static const size_t sizes[] = { SIZE_MAX, SIZE_MAX - 15, (size_t)PTRDIFF_MAX, PTRDIFF_MAX / 2 + 1 };
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		smsc_arena *a = smsc_arena_new();
		cr_assert_null(smsc_arena_alloc(a, sizes[i]));
		cr_assert(smsc_arena_failed(a));
		cr_assert_not_null(smsc_arena_alloc(a, 1), "other pieces may still be had");
		cr_assert(smsc_arena_failed(a), "and the failure is not forgotten");
		smsc_arena_unref(a);
	}
	smsc_arena *a = smsc_arena_new();
	cr_assert_null(smsc_arena_text(a, "", SIZE_MAX));
	cr_assert(smsc_arena_failed(a));
	smsc_arena_unref(a);
}

Test(arena, grows_an_array)
{
	smsc_arena *a = smsc_arena_new();
	int *items = NULL;
	size_t count = 0, room = 0;
	for (int i = 0; i < 10000; i++) {
		cr_assert(smsc_arena_grow(a, &items, count, &room, sizeof *items));
		cr_assert_gt(room, count);
		items[count++] = i;
	}
	for (int i = 0; i < 10000; i++)
		cr_assert_eq(items[i], i);
	size_t wide = SIZE_MAX / 4;
	size_t full = room;
	cr_assert(!smsc_arena_grow(a, &items, room, &room, wide));
	cr_assert_eq(room, full);
	cr_assert_eq(items[9999], 9999);
	cr_assert(smsc_arena_failed(a));
	smsc_arena_unref(a);
}

static char order[8];

static void note_release(void *arg)
{
	strncat(order, arg, 1);
}

Test(arena, releases_last_first_and_only_at_the_end)
{
	smsc_arena *a = smsc_arena_new();
	order[0] = '\0';
	cr_assert(smsc_arena_on_free(a, note_release, "1"));
	cr_assert(smsc_arena_on_free(a, note_release, "2"));
	cr_assert_eq(smsc_arena_ref(a), a);
	smsc_arena_unref(a);
	cr_assert_str_eq(order, "");
	smsc_arena_unref(a);
	cr_assert_str_eq(order, "21");
}

/* What a release function was given may lie in the arena itself. */
static void read_piece(void *arg)
{
	snprintf(order, sizeof order, "%s", (const char *)arg);
}

Test(arena, memory_outlives_the_release_functions)
{
	smsc_arena *a = smsc_arena_new();
	smsc_arena_on_free(a, read_piece, smsc_arena_text(a, "here", 4));
	smsc_arena_unref(a);
	cr_assert_str_eq(order, "here");
}

Test(arena, counts_live_objects)
{
	long before = smsc_live_objects();
	smsc_arena *a = smsc_arena_new(), *b = smsc_arena_new();
	cr_assert_eq(smsc_live_objects(), before + 2);
	smsc_arena_unref(a);
	cr_assert_eq(smsc_live_objects(), before + 1);
	smsc_arena_unref(b);
	smsc_arena_unref(NULL);
	cr_assert_null(smsc_arena_ref(NULL));
	cr_assert_eq(smsc_live_objects(), before);
}

static void *take_and_let_go(void *arg)
{
	for (int i = 0; i < 100000; i++)
		smsc_arena_unref(smsc_arena_ref(arg));
	smsc_arena_unref(arg);
	return NULL;
}

Test(arena, threads_share_the_count)
{
	long before = smsc_live_objects();
	smsc_arena *a = smsc_arena_new();
	pthread_t thread[4];
	for (int i = 0; i < 4; i++)
		cr_assert_eq(pthread_create(&thread[i], NULL, take_and_let_go, smsc_arena_ref(a)), 0);
	smsc_arena_unref(a);
	for (int i = 0; i < 4; i++)
		pthread_join(thread[i], NULL);
	cr_assert_eq(smsc_live_objects(), before);
}
