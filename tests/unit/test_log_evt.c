/* test_log_evt.c - event logs: what a row says, and what damage leaves of it. */
#include "../sample.h"
#include "log_rows.h"

#define MOST 64

typedef struct event_at {
	uint64_t start, end, number;
	char     text[160];
} event_at;

typedef struct events {
	event_at at[MOST];
	size_t   count;
} events;

static void read_events(smsc_span log, events *out)
{
	feed f = { .left = log };
	smsc_error *err = NULL;
	smsc_row row = SMSC_ROW_INIT;
	smsc_log *l = feed_open(&f, NULL, &err);
	for (out->count = 0; out->count < MOST && smsc_log_next(l, &row, &err); out->count++) {
		event_at *e = &out->at[out->count];
		*e = (event_at){ row.offset, row.offset + row.length, row.number, "" };
		snprintf(e->text, sizeof e->text, "%.*s", (int)row.text.size, (const char *)row.text.data);
	}
	cr_assert(!err || smsc_error_code(err) == SMSC_EFORMAT);
	smsc_log_unref(l);
	smsc_error_free(err);
}

static smsc_span load(const char *name)
{
	char path[64];
	snprintf(path, sizeof path, "evt/%s.Evt", name);
	const char *found = sample_path("SMSC_CORPUS", path);
	cr_assert(found, "%s", path);
	return sample_load(found);
}

/* In a block of exactly its size, so that a step too far is seen. */
static void read_exact(const void *data, size_t size, events *out)
{
	char *block = malloc(size ? size : 1);
	memcpy(block, data, size);
	read_events(smsc_span_of(block, size), out);
	free(block);
}

/* ---- what a row says ------------------------------------------------------------------- */

static void fourth(const smsc_row *row)
{
	check_time("time", row->time, "2005-01-10T17:01:37.0000000Z");
	check_time("written", row->written, "2005-01-10T17:01:37.0000000Z");
	check_time("local", row->local, "");
	check_span("component", row->component, "Größe 鍵");
	check_span("computer", row->computer, "SMSSRV01");
	check_span("sid", row->sid, "S-1-5-21-1-2-3-500");
	check_span("text", row->text, "Größe 鍵 1: two\r\n\tlines [6f6464]");
	cr_assert(row->strings.size == 14 && !memcmp(row->strings.data, "\0two\r\n\tlines\0\0", 14));
	cr_assert(row->data.size == 3 && !memcmp(row->data.data, "odd", 3));
	cr_assert_eq(row->event_id, 1);
	cr_assert_eq(row->event_code, 0x80000001);
	cr_assert_eq(row->event_type, 2);
	cr_assert_eq(row->category, 3);
	cr_assert_eq(row->number, 4);
	cr_assert_eq(row->severity, 2);
	cr_assert_eq(row->bias, SMSC_NO_BIAS);
}

Test(log_evt, every_part_of_an_event)
{
	smsc_span s = load("plain");
	feed f = { .left = s, .piece = 7 };
	smsc_error *err = NULL;
	smsc_row row = SMSC_ROW_INIT;
	smsc_log *l = feed_open(&f, NULL, &err);
	for (int i = 0; i < 4; i++)
		cr_assert_eq(smsc_log_next(l, &row, &err), 1);
	cr_assert_str_eq(smsc_log_format(l), "evt");
	fourth(&row);
	smsc_log_unref(l);
	sample_free(s);
}

static const char *const texts[] = {
	"EventLog 6005", "W3SVC 116: /LM/W3SVC/ [0x00000003]",
	"Service Control Manager 7023: World Wide Web Publishing Service | %%1008",
};

Test(log_evt, text_is_source_id_strings_data)
{
	smsc_span s = load("plain");
	events all;
	read_events(s, &all);
	cr_assert_eq(all.count, 5);
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		cr_assert_str_eq(all.at[i].text, texts[i]);
	sample_free(s);
}

/* A caller that was built before rows had events gets what it knows. */
Test(log_evt, shorter_row)
{
	smsc_span s = load("plain");
	feed f = { .left = s };
	smsc_error *err = NULL;
	smsc_row row = SMSC_ROW_INIT;
	smsc_log *l = feed_open(&f, NULL, &err);
	row.size = offsetof(smsc_row, event_id);
	row.number = 77;
	cr_assert_eq(smsc_log_next(l, &row, &err), 1);
	check_span("text", row.text, "EventLog 6005");
	cr_assert_eq(row.number, 77);
	smsc_log_unref(l);
	sample_free(s);
}

/* The newest stand before the oldest; numbers have no gap but that one. */
Test(log_evt, ring_in_the_order_of_the_file)
{
	static const char *const names[] = { "ring-split", "ring-fill", "ring-dirty-split", "ring-dirty-fill" };
	for (size_t i = 0; i < 4; i++) {
		smsc_span s = load(names[i]);
		events all;
		size_t turns = 0;
		read_events(s, &all);
		for (size_t n = 1; n < all.count; n++)
			turns += all.at[n].number != all.at[n - 1].number + 1;
		cr_assert_eq(turns, 1, "%s", names[i]);
		cr_assert_eq(all.at[all.count - 1].number + 1, all.at[0].number, "%s", names[i]);
		sample_free(s);
	}
}

/* ---- damage -------------------------------------------------------------------------------- */

static bool has(const events *all, const event_at *e)
{
	for (size_t i = 0; i < all->count; i++)
		if (all->at[i].start == e->start && all->at[i].number == e->number &&
		    !strcmp(all->at[i].text, e->text))
			return true;
	return false;
}

Test(log_evt, cut_at_every_byte)
{
	smsc_span s = load("plain");
	events whole, left;
	read_events(s, &whole);
	for (size_t size = 0; size < s.size; size++) {
		read_exact(s.data, size, &left);
		for (size_t i = 0; i < whole.count && whole.at[i].end <= size; i++)
			cr_assert(has(&left, &whole.at[i]), "cut at %zu: event %zu is lost", size, i);
	}
	sample_free(s);
}

/* The last event of a ring goes on behind the header, up to the first one. */
static bool is_touched(const events *all, size_t i, const bool *touched, size_t size)
{
	const event_at *e = &all->at[i];
	for (uint64_t at = e->start; at < e->end; at++)
		if (touched[at])
			return true;
	for (uint64_t at = 0x30; e->end == size && at < all->at[0].start; at++)
		if (touched[at])
			return true;
	return false;
}

static unsigned next_number(uint64_t *state)
{
	*state = *state * UINT64_C(6364136223846793005) + 1;
	return (unsigned)(*state >> 33);
}

static void damage(char *bytes, bool *touched, size_t size, uint64_t *state)
{
	for (unsigned edits = 1 + next_number(state) % 4; edits; edits--) {
		size_t at = next_number(state) % size, n = 1 + next_number(state) % 24;
		bool flip = next_number(state) % 2;
		for (; n && at < size; n--, at++) {
			bytes[at] = flip ? (char)(bytes[at] ^ 1 << next_number(state) % 8) : (char)next_number(state);
			touched[at] = true;
		}
	}
}

/* Whatever happens to others, an event that is whole comes out, at its place. */
Test(log_evt, damaged_at_random, .timeout = 120)
{
	static const char *const names[] = { "plain", "ring-split", "ring-dirty-fill", "cleared" };
	uint64_t state = 20050110;
	for (size_t n = 0; n < 4; n++) {
		smsc_span s = load(names[n]);
		events whole, left;
		char *bytes = malloc(s.size);
		bool *touched = malloc(s.size);
		read_events(s, &whole);
		for (int run = 0; run < 1500; run++) {
			memcpy(bytes, s.data, s.size);
			memset(touched, 0, s.size);
			damage(bytes, touched, s.size, &state);
			read_exact(bytes, s.size, &left);
			for (size_t i = 0; i < whole.count; i++)
				cr_assert(is_touched(&whole, i, touched, s.size) || has(&left, &whole.at[i]),
				          "%s, run %d: event %zu is lost", names[n], run, i);
		}
		free(bytes);
		free(touched);
		sample_free(s);
	}
}

/* Marks without end, each with a length that asks for a megabyte. */
Test(log_evt, many_false_marks, .timeout = 20)
{
	size_t size = 8u << 20;
	uint8_t *bytes = calloc(1, size);
	events all;
	/* In use, so that all of it may be the log's. */
	memcpy(bytes, "\x30\0\0\0LfLe", 8);
	bytes[0x24] = 1;
	bytes[0x2c] = 0x30;
	for (size_t at = 0x40; at + 8 <= size; at += 8)
		memcpy(bytes + at, "\0\0\x0f\0LfLe", 8);
	read_events(smsc_span_of(bytes, size), &all);
	cr_assert_eq(all.count, 0);
	free(bytes);
}
