/* sms_plain.c - the end of a record as a site server writes it, in form C and form B:
 *
 *   $$<SMS_DESPOOLER><01-07-2005 11:59:38.123+300><thread=4844 (0x12EC)>
 *   $$<SMS_DESPOOLER><Fri Jan 07 11:59:38.123 2005 Eastern Standard Time><thread=4844 (0x12EC)>
 *
 * As in ccm_plain.c no part is looked for in a loop: the name's end is a bit of one word, and date and
 * bias mostly are the ones of the row before.  Of form B only those are read here.
 */
#include "sms_trailer.h"

#define NAME  (sizeof "$$<" - 1)
/* Bytes of "><MM-dd-yyyy HH:mm:ss.fff" up to each part. */
#define DAY   2
#define CLOCK (DAY + SMSC_PLAIN_DAY + 1)
#define BIAS  (CLOCK + SMSC_PLAIN_CLOCK)
/* Bytes of "><Fri Mar 26 HH:mm:ss.fff" up to the clock, and with it. */
#define NAMED_CLOCK  (DAY + SMSC_NAMED_DAY)
#define NAMED_BEHIND (NAMED_CLOCK + SMSC_PLAIN_CLOCK)
/* What is searched for the name's end: the longest known one has 34 letters. */
#define WIDTH 48
/* All that may be looked at. */
#define REACH (WIDTH + NAMED_BEHIND + SMSC_NAMED_MOST + 48)
#define THREAD "><thread="
#define IS(p, text) (!memcmp(p, text, sizeof text - 1))

/* A bracket, which here is an end, or what is for the step by step reader. */
static smsc_lanes is_end(smsc_lanes v)
{
	return (smsc_lanes)((v | 2) == '>') | smsc_lanes_odd(v);
}

/* A component on one line and of ASCII; where it ends, 0 when it is something else. */
static size_t take_name(const char *p, smsc_span *name)
{
	p += NAME;
	uint64_t ends = smsc_lanes_bits(is_end(smsc_lanes_load(p))) | smsc_lanes_bits(is_end(smsc_lanes_load(p + 16))) << 16 |
	                smsc_lanes_bits(is_end(smsc_lanes_load(p + 32))) << 32;
	size_t size = ends ? (size_t)__builtin_ctzll(ends) : 0;
	*name = smsc_span_of(p, size);
	return size && *p != ' ' && p[size - 1] != ' ' ? NAME + size : 0;
}

/* On one line, and of ASCII. */
static bool is_print(smsc_span s)
{
	const char *p = s.data;

	for (size_t i = 0; i < s.size; i++)
		if (p[i] < ' ' || p[i] > '~')
			return false;
	return true;
}

/* "4844 (0x12EC)>"; its size, 0 when the two numbers differ.  Where it ends is known before what it
 * says: the next row need not wait for that. */
static size_t take_thread(const char *p, uint32_t *thread)
{
	uint64_t others = smsc_no_digits(smsc_le64(p));
	size_t digits = others ? (size_t)__builtin_ctzll(others) / 8 : 0;
	const char *hex = p + digits + sizeof " (0x" - 1;
	uint64_t closes = smsc_where(smsc_le64(hex), ')');
	size_t size = closes ? (size_t)__builtin_ctzll(closes) / 8 : 0;
	uint32_t same;

	return digits && size && IS(p + digits, " (0x") && hex[size + 1] == '>' && smsc_decimal_before(p + digits, digits, thread) &&
	       smsc_hex_before(hex + size, size, &same) && same == *thread ? (size_t)(hex + size + 2 - p) : 0;
}

/* "><01-07-2005 11:59:38.123+300><thread=": its size, 0 when it is something else. */
static size_t take_stamp(const char *p, smsc_day *last, smsc_row *row)
{
	const char *behind = p + BIAS + smsc_plain_bias(last, p + BIAS, '>');

	if (!IS(p, "><") || p[CLOCK - 1] != ' ' || behind == p + BIAS || !IS(behind, THREAD))
		return 0;
	row->form = "sms-c";
	row->bias = last->bias;
	row->local = smsc_plain_time(last, p + DAY, p + CLOCK);
	return row->local == SMSC_NEVER ? 0 : (size_t)(behind - p) + sizeof THREAD - 1;
}

/* "><Fri Jan 07 11:59:38.123 2005 Eastern Standard Time><thread=". */
static size_t take_named_stamp(const char *p, smsc_day *last, const smsc_named *named, smsc_row *row)
{
	if (!named->size || !IS(p, "><") || memcmp(p + DAY, named->before, SMSC_NAMED_DAY) ||
	    memcmp(p + NAMED_BEHIND, named->behind, named->size))
		return 0;
	int64_t ticks = smsc_plain_clock(last, p + NAMED_CLOCK);
	row->form = "sms-b";
	row->bias = named->bias;
	row->local = named->ticks + ticks;
	return ticks < 0 ? 0 : NAMED_BEHIND + named->size;
}

size_t smsc_sms_plain_trailer(smsc_span s, smsc_day *last, const smsc_named *named, smsc_row *row)
{
	const char *p = s.data;

	if (s.size < REACH || !IS(p, "$$<"))
		return 0;
	size_t name = take_name(p, &row->component);
	const char *stamp = p + name;
	if (!name)
		return 0;
	size_t size = stamp[DAY] > '9' ? take_named_stamp(stamp, last, named, row) : take_stamp(stamp, last, row);
	size_t thread = size ? take_thread(stamp + size, &row->thread) : 0;
	return thread ? name + size + thread : 0;
}

void smsc_sms_plain_learn(const char *p, const smsc_trailer *t, smsc_day *last, smsc_named *named)
{
	smsc_span trailer = smsc_span_of(p, t->size);
	const char *stamp = memchr(p, '>', t->size);
	size_t at = stamp ? (size_t)(stamp - p) : t->size;

	if (strcmp(t->form, "sms-b") || !t->whole || t->local == SMSC_NEVER || t->size - at < NAMED_BEHIND || !IS(stamp, "><"))
		return;
	smsc_span behind = smsc_span_cut(trailer, at + NAMED_BEHIND, SIZE_MAX);
	const char *thread = memmem(behind.data, behind.size, THREAD, sizeof THREAD - 1);
	int64_t ticks = smsc_plain_clock(last, stamp + NAMED_CLOCK);
	if (!thread || ticks < 0)
		return;
	behind.size = (size_t)(thread - (const char *)behind.data) + sizeof THREAD - 1;
	if (behind.size > sizeof named->behind || !is_print(behind) || !is_print(smsc_span_of(stamp, NAMED_CLOCK)))
		return;
	memcpy(named->before, stamp + DAY, SMSC_NAMED_DAY);
	memcpy(named->behind, behind.data, behind.size);
	named->size = behind.size;
	named->ticks = t->local - ticks;
	named->bias = t->bias;
}
