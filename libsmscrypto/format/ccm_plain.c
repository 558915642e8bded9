/* ccm_plain.c - the header of a CCM record as the product itself writes it.
 *
 * A header is made of values whose lengths differ from row to row; to look for each end in turn
 * is a loop that a processor guesses wrong every time.  So behind the time, which mostly is that of
 * the row before, all quotes are found first, as a bit for each byte, and the values are read between
 * them without a loop.
 */
#include "../base/lanes.h"
#include "../smscrypto.h"
#include "ccm_plain.h"

/* Where the clock stands. */
#define CLOCK (sizeof "<time=\"" - 1)
#define IS(p, text) (!memcmp(p, text, sizeof text - 1))

/* Most that stands before the component. */
#define TIME  64
/* So many bytes from there on are searched for quotes; a header that is longer is read step by step. */
#define WIDTH 128
/* So many behind them may be looked at. */
#define AHEAD 32

/* A bit for each byte that ends a value, and room behind them. */
typedef struct quote_bits {
	uint64_t at[WIDTH / 64 + 2];
} quote_bits;

/* What no value has: a control character counts, too, and so does what is not ASCII, which is
 * for the step by step reader. */
static smsc_lanes is_end(smsc_lanes v)
{
	return (smsc_lanes)(v == '"') | smsc_lanes_odd(v);
}

static void find_quotes(quote_bits *q, const char *p)
{
	for (size_t i = 0; i < WIDTH / 64; i++)
		q->at[i] = smsc_bits_where(p + 64 * i, is_end);
	q->at[WIDTH / 64] = q->at[WIDTH / 64 + 1] = 0;
}

/* The first quote at or behind `at`, which is less than WIDTH + AHEAD; 0 when the
 * next 64 bytes have none. */
static size_t next_quote(const quote_bits *q, size_t at)
{
	size_t i = at / 64, shift = at % 64;
	uint64_t bits = q->at[i] >> shift | q->at[i + 1] << 1 << (63 - shift);

	return bits ? at + (size_t)__builtin_ctzll(bits) : 0;
}

/* "systemtask.cpp:122": the last colon, if one to seven digits follow it.  False when there are
 * more. */
static bool take_file(const char *start, const char *end, smsc_row *row)
{
	uint64_t others = smsc_no_digits(smsc_le64(end - 8));
	size_t digits = others ? (size_t)__builtin_clzll(others) / 8 : 8;

	row->file = smsc_span_of(start, (size_t)(end - start));
	/* A quote stands before the value, so that the digits are its own. */
	if (!digits || end[-1 - (ptrdiff_t)digits] != ':')
		return digits < 8;
	row->file.size -= digits + 1;
	return digits < 8 && smsc_decimal_before(end, digits, &row->source_line);
}

/* What stands before the component; where that begins, 0 when it is not as expected. */
static size_t take_time(const char *p, smsc_day *last, smsc_row *row)
{
	const char *bias = p + CLOCK + SMSC_PLAIN_CLOCK, *end = bias + smsc_plain_bias(last, bias, '"');
	const char *date = end + sizeof "\" date=\"" - 1, *behind = date + SMSC_PLAIN_DAY;

	if (end == bias || !IS(end, "\" date=\"") || !IS(behind, "\" component=\""))
		return 0;
	row->bias = last->bias;
	row->local = smsc_plain_time(last, date, p + CLOCK);
	/* What "+000" is, the step by step reader knows. */
	if (row->local == SMSC_NEVER || (end - bias == 4 && !row->bias))
		return 0;
	return (size_t)(behind - p) + sizeof "\" component=\"" - 1;
}

/* From `at` to the next quote; moves to that. */
static bool take_value(const char *p, const quote_bits *quotes, size_t *at, smsc_span *value)
{
	size_t end = next_quote(quotes, *at);

	*value = smsc_span_of(p + *at, end - *at);
	*at = end;
	return end;
}

static bool take_text(const char *p, size_t *at, const char *text, size_t size)
{
	bool is = !memcmp(p + *at, text, size);
	*at += size;
	return is;
}

#define SKIP(text) take_text(p, &at, text, sizeof text - 1)

size_t smsc_ccm_plain_header(smsc_span header, smsc_day *last, smsc_row *row)
{
	const char *p = header.data;
	quote_bits quotes;
	smsc_span thread, file;
	size_t time = header.size < TIME + WIDTH + AHEAD ? 0 : take_time(p, last, row), at = 0;

	if (!time)
		return 0;
	p += time;
	find_quotes(&quotes, p);
	if (!take_value(p, &quotes, &at, &row->component) || !SKIP("\" context=\"") ||
	    !take_value(p, &quotes, &at, &row->context) || !SKIP("\" type=\"") || p[at] < '0' || p[at] > '3')
		return 0;
	row->severity = p[at++] - '0';
	if (!SKIP("\" thread=\"") || !take_value(p, &quotes, &at, &thread) || thread.size - 1 > 7 ||
	    !smsc_decimal_before(p + at, thread.size, &row->thread) || !SKIP("\" file=\"") ||
	    !take_value(p, &quotes, &at, &file) || !take_file(file.data, p + at, row) || !SKIP("\">"))
		return 0;
	row->form = "ccm";
	return time + at;
}
