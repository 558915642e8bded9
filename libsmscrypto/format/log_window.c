/* log_window.c - a stream of bytes seen through a window that slides. */
#include "log_window.h"

#include <stdlib.h>

#include "../base/lanes.h"

/* Large enough that sliding costs nothing, small enough to stay in the second cache. */
#define FIRST_ROOM (256u << 10)
#define RAW_ROOM   (64u << 10)
/* Bytes of UTF-8 that RAW_ROOM bytes of UTF-16 can become. */
#define RAW_GROWN  (RAW_ROOM / 2 * 3)
/* Bytes that one step of a search looks at. */
#define STEP       (2 * SMSC_LANES)

/* Fills `room` as far as the stream goes, so that a source of small pieces costs no slides. */
static size_t read_full(smsc_window *w, void *room, size_t size)
{
	size_t got = 0;

	while (got < size && !w->eof) {
		size_t n = w->pull(w->user, (char *)room + got, size - got, &w->error);
		if (!n || w->error)
			w->eof = true;
		got += n;
	}
	return got;
}

static bool lead(unsigned unit)  { return (unit & 0xfc00) == 0xd800; }
static bool trail(unsigned unit) { return (unit & 0xfc00) == 0xdc00; }

static size_t put_code(char *out, uint32_t c)
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xc0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xe0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3f));
		out[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3f));
	out[2] = (char)(0x80 | (c >> 6 & 0x3f));
	out[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

static unsigned unit_at(const smsc_window *w, size_t i)
{
	const uint8_t *p = w->raw + i;
	return w->encoding == SMSC_ENCODING_UTF16BE ? (unsigned)(p[0] << 8 | p[1]) : smsc_le16(p);
}

/* Moves whole characters from `raw` behind `end`; a lead surrogate waits for its partner. */
static void transcode(smsc_window *w)
{
	size_t i = 0;

	while (w->raw_size - i >= 2) {
		uint32_t c = unit_at(w, i);
		size_t size = 2;
		if (lead(c) && w->raw_size - i >= 4 && trail(unit_at(w, i + 2))) {
			c = 0x10000 + ((c & 0x3ff) << 10) + (unit_at(w, i + 2) & 0x3ff);
			size = 4;
		} else if (lead(c) && w->raw_size - i < 4 && !w->eof) {
			break;
		}
		w->end += put_code(w->data + w->end, c);
		i += size;
	}
	w->raw_size -= i;
	memmove(w->raw, w->raw + i, w->raw_size);
	if (w->eof && w->raw_size) {
		w->half = true;
		w->raw_size = 0;
	}
}

static void read_more(smsc_window *w)
{
	if (!smsc_window_is_utf16(w)) {
		w->end += read_full(w, w->data + w->end, w->room - w->end);
		return;
	}
	while (!w->eof && w->room - w->end >= RAW_GROWN + 4) {
		w->raw_size += read_full(w, w->raw + w->raw_size, RAW_ROOM - w->raw_size);
		transcode(w);
	}
}

static bool grow(smsc_window *w, size_t room)
{
	char *data = realloc(w->data, room + SMSC_WINDOW_BEHIND);

	if (!data) {
		smsc_fail_nomem(&w->error);
		w->eof = true;
		return false;
	}
	w->data = data;
	w->room = room;
	return true;
}

static void slide(smsc_window *w)
{
	if (!w->at)
		return;
	memmove(w->data, w->data + w->at, w->end - w->at);
	w->end -= w->at;
	w->at = 0;
}

bool smsc_window_more(smsc_window *w)
{
	if (w->eof || smsc_window_left(w) >= SMSC_WINDOW_MOST)
		return false;
	slide(w);
	if (w->room - w->end < w->room / 4 && !grow(w, w->room * 2))
		return false;

	size_t had = w->end;
	read_more(w);
	memset(w->data + w->end, 0, SMSC_WINDOW_BEHIND);
	return w->end > had;
}

/* The bytes read so far are UTF-16: they go back to be transcoded. */
static bool begin_utf16(smsc_window *w)
{
	size_t size = w->end - 2;

	w->raw = malloc(size > RAW_ROOM ? size : RAW_ROOM);
	if (!w->raw || !grow(w, FIRST_ROOM * 2)) {
		smsc_fail_nomem(&w->error);
		return false;
	}
	memcpy(w->raw, w->data + 2, size);
	w->raw_size = size;
	w->end = 0;
	w->offset = 2;
	transcode(w);
	return true;
}

static bool starts(const smsc_window *w, const char *mark, size_t size)
{
	return w->end >= size && !memcmp(w->data, mark, size);
}

static void take_bom(smsc_window *w)
{
	if (w->offset)
		return;
	if (starts(w, "\xef\xbb\xbf", 3)) {
		w->encoding = SMSC_ENCODING_UTF8;
		w->at = 3;
		w->offset = 3;
	} else if (starts(w, "\xff\xfe", 2)) {
		w->encoding = SMSC_ENCODING_UTF16LE;
	} else if (starts(w, "\xfe\xff", 2)) {
		w->encoding = SMSC_ENCODING_UTF16BE;
	}
}

bool smsc_window_open(smsc_window *w, smsc_pull_fn *pull, void *user, uint64_t at)
{
	*w = (smsc_window){ .pull = pull, .user = user, .offset = at, .line = 1 };
	if (!grow(w, FIRST_ROOM))
		return false;
	w->end = read_full(w, w->data, w->room);
	take_bom(w);
	if (smsc_window_is_utf16(w) && !begin_utf16(w))
		return false;
	memset(w->data + w->end, 0, SMSC_WINDOW_BEHIND);
	return true;
}

void smsc_window_borrow(smsc_window *w, const char *data, size_t size, uint64_t at)
{
	*w = (smsc_window){
		.data = (char *)(uintptr_t)data, .end = size, .room = size, .offset = at,
		.line = 1, .eof = true, .borrowed = true,
	};
	take_bom(w);
}

void smsc_window_close(smsc_window *w)
{
	smsc_error_free(w->error);
	if (!w->borrowed)
		free(w->data);
	free(w->raw);
	*w = (smsc_window){ .eof = true };
}

uint64_t smsc_window_utf16(const smsc_window *w, size_t n)
{
	const uint8_t *p = (const uint8_t *)smsc_window_bytes(w);
	uint64_t units = 0;

	for (size_t i = 0; i < n; i++)
		units += (p[i] & 0xc0) != 0x80 ? 1 + (p[i] >= 0xf0) : 0;
	return 2 * units;
}

/* Of lanes that count up to 255 each. */
static size_t sum_of(smsc_lanes v)
{
	uint64_t half[2];
	memcpy(half, &v, sizeof half);
	uint64_t even = UINT64_C(0x00ff00ff00ff00ff);
	uint64_t pairs = (half[0] & even) + (half[0] >> 8 & even) + (half[1] & even) + (half[1] >> 8 & even);
	return (pairs * UINT64_C(0x0001000100010001)) >> 48;
}

smsc_look smsc_window_look(const smsc_window *w, size_t n)
{
	static const smsc_lanes place = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 };
	const char *p = smsc_window_bytes(w), *end = p + n;
	smsc_lanes any = { 0 };
	size_t lines = 0;

	while (p < end) {
		smsc_lanes count = { 0 };
		/* A lane counts no further. */
		const char *stop = end - p < 255 * SMSC_LANES ? end : p + 255 * SMSC_LANES;
		for (; stop - p >= SMSC_LANES; p += SMSC_LANES) {
			smsc_lanes v = smsc_lanes_load(p);
			any |= v;
			count -= (smsc_lanes)(v == '\n');
		}
		if (p < stop) {
			smsc_lanes v = smsc_lanes_load(p) & (smsc_lanes)(place < (uint8_t)(stop - p));
			any |= v;
			count -= (smsc_lanes)(v == '\n');
			p = stop;
		}
		lines += sum_of(count);
	}
	return (smsc_look){ !smsc_lanes_bits(any), lines };
}

/* Something that a search must look at: most steps have nothing. */
static smsc_lanes is_found(smsc_lanes v, char c)
{
	return (smsc_lanes)((v == (uint8_t)c) | (v == '\n')) | v;
}

static size_t count_bits(uint64_t bits)
{
	size_t count = 0;

	for (; bits; bits &= bits - 1)
		count++;
	return count;
}

/* One step with all that it has; NULL when `c` is not there. */
static const char *look_closer(const char *p, char c, smsc_look *look)
{
	smsc_lanes v = smsc_lanes_load(p), next = smsc_lanes_load(p + SMSC_LANES);
	uint64_t here = smsc_lanes_bits((smsc_lanes)(v == (uint8_t)c)) | smsc_lanes_bits((smsc_lanes)(next == (uint8_t)c)) << 16;
	uint64_t lines = smsc_lanes_bits((smsc_lanes)(v == '\n')) | smsc_lanes_bits((smsc_lanes)(next == '\n')) << 16;
	uint64_t high = smsc_lanes_bits(v) | smsc_lanes_bits(next) << 16;
	uint64_t before = (here & -here) - 1;

	look->ascii &= !(high & before);
	look->lines += count_bits(lines & before);
	return here ? p + __builtin_ctzll(here) : NULL;
}

size_t smsc_window_find(const smsc_window *w, size_t from, char c, smsc_look *look)
{
	const char *start = smsc_window_bytes(w), *p = start + from, *end = w->data + w->end, *here = NULL;

	for (; p < end && !here; p += STEP) {
		uint64_t found = smsc_lanes_bits(is_found(smsc_lanes_load(p), c)) |
		                 smsc_lanes_bits(is_found(smsc_lanes_load(p + SMSC_LANES), c)) << 16;
		if (!found)
			continue;
		/* Mostly it is what is searched. */
		here = p + __builtin_ctzll(found);
		if (*here != c)
			here = look_closer(p, c, look);
	}
	return here && here < end ? (size_t)(here - start) : SIZE_MAX;
}

void smsc_window_skip(smsc_window *w, size_t n)
{
	smsc_window_pass(w, n, smsc_window_look(w, n).lines);
}

const char *smsc_encoding_name(smsc_encoding e)
{
	static const char *const names[] = { "ANSI", "UTF-8", "UTF-16LE", "UTF-16BE" };
	return names[e];
}

smsc_span smsc_probe_text(smsc_span head, char room[SMSC_PROBE_TEXT])
{
	const uint8_t *p = head.data;
	size_t size = 0;

	if (head.size >= 3 && !memcmp(p, "\xef\xbb\xbf", 3))
		return smsc_span_cut(head, 3, head.size);
	bool le = head.size >= 2 && p[0] == 0xff && p[1] == 0xfe;
	if (!le && !(head.size >= 2 && p[0] == 0xfe && p[1] == 0xff))
		return head;
	for (size_t i = 2; i + 2 <= head.size && size < SMSC_PROBE_TEXT; i += 2) {
		uint8_t low = p[i + !le], high = p[i + le];
		room[size++] = high || low >= 0x80 ? '?' : (char)low;
	}
	return smsc_span_of(room, size);
}
