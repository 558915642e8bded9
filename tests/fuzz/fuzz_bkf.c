/* fuzz_bkf.c - any bytes as a backup: walked and read, in memory and as it comes from a pipe. */
#include <stdint.h>
#include <stdlib.h>

#include "format/bkf_walk.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct tape {
	const uint8_t *data;
	size_t         size;
	uint64_t       at;
	int            random;
} tape;

static size_t pull(void *user, uint64_t at, void *buffer, size_t size)
{
	tape *t = user;
	if (!t->random && at != t->at)
		abort();
	if (at >= t->size)
		return 0;
	size_t left = t->size - (size_t)at;
	size = size < left ? size : left;
	memcpy(buffer, t->data + at, size);
	t->at = at + size;
	return size;
}

static void walk(const uint8_t *data, size_t size, int random)
{
	tape t = { data, size, 0, random };
	smsc_bkf_walk *w = malloc(sizeof *w);
	char piece[512];
	size_t events = 0;
	if (!w)
		return;
	smsc_bkf_start(w, pull, &t, random, random ? (int64_t)size : -1);
	for (smsc_bkf_event e; (e = smsc_bkf_next(w)) != SMSC_BKF_END;) {
		if (e == SMSC_BKF_STREAM && events % 3)
			while (smsc_bkf_data(w, piece, sizeof piece))
				;
		/* Each event takes a header, or is the damage before one. */
		if (++events > size / 11 + 8)
			abort();
	}
	free(w);
}

static void read_all(const uint8_t *data, size_t size)
{
	smsc_options options = SMSC_OPTIONS_INIT;
	smsc_error *err = NULL;
	char piece[4096];
	options.max_total = 4 << 20;
	smsc_source *s = smsc_source_memory("fuzz.bkf", data, size, &options, &err);
	for (smsc_entry *e; (e = smsc_source_next(s, &err)); smsc_entry_unref(e))
		while (smsc_entry_read(e, piece, sizeof piece, &err))
			;
	smsc_error_free(err);
	smsc_source_unref(s);
	if (smsc_live_objects())
		abort();
}

/* Where another medium begins, when two stand one behind the other; `size` when none does. */
static size_t second_medium(const uint8_t *data, size_t size)
{
	for (size_t at = 512; at + 94 <= size; at += 512)
		if (smsc_bkf_tape_grid(smsc_span_of(data + at, size - at)))
			return at;
	return size;
}

static void read_both(const uint8_t *data, size_t size)
{
	smsc_error *err = NULL;
	char piece[4096];
	size_t cut = second_medium(data, size);
	smsc_source *one = smsc_source_memory("1.bkf", data, cut, NULL, &err);
	smsc_source *two = smsc_source_memory("2.bkf", data + cut, size - cut, NULL, &err);
	if (smsc_source_join(two, one, &err) || smsc_source_join(one, one, &err))
		for (smsc_entry *e; (e = smsc_source_next(two, &err)); smsc_entry_unref(e))
			while (smsc_entry_read(e, piece, sizeof piece, &err))
				;
	smsc_error_free(err);
	smsc_source_unref(one);
	smsc_source_unref(two);
}

static void decode(const uint8_t *data, size_t size)
{
	smsc_error *err = NULL;
	smsc_record_unref(smsc_decode("fuzz.bkf", data, size, NULL, &err));
	smsc_error_free(err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	decode(data, size);
	read_both(data, size);
	walk(data, size, 1);
	walk(data, size, 0);
	read_all(data, size);
	return 0;
}
