/* sms_plain.c - the end of a record as a site server of SMS 2003 writes it:
 *
 *   $$<SMS_DESPOOLER><01-07-2005 11:59:38.123+300><thread=4844 (0x12EC)>
 *
 * As in ccm_plain.c no part is looked for in a loop: the name's end is a bit of one word, date and
 * bias mostly are the ones of the row before, and a thread says twice how long it is.
 */
#include "sms_trailer.h"

#define NAME  (sizeof "$$<" - 1)
/* Bytes of "><MM-dd-yyyy HH:mm:ss.fff" up to each part. */
#define DAY   2
#define CLOCK (DAY + SMSC_PLAIN_DAY + 1)
#define BIAS  (CLOCK + SMSC_PLAIN_CLOCK)
/* What is searched for the name's end: the longest known one has 34 letters. */
#define WIDTH 48
/* All that may be looked at. */
#define REACH (WIDTH + BIAS + 64)
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

size_t smsc_sms_plain_trailer(smsc_span s, smsc_day *last, smsc_row *row)
{
	const char *p = s.data;

	if (s.size < REACH || !IS(p, "$$<"))
		return 0;
	const char *stamp = p + take_name(p, &row->component), *bias = stamp + BIAS;
	if (stamp == p || !IS(stamp, "><") || stamp[CLOCK - 1] != ' ')
		return 0;
	row->local = smsc_plain_time(last, stamp + DAY, stamp + CLOCK);
	const char *behind = bias + smsc_plain_bias(last, bias, '>');
	if (row->local == SMSC_NEVER || behind == bias || !IS(behind, "><thread="))
		return 0;
	row->form = "sms-c";
	row->bias = last->bias;
	behind += sizeof "><thread=" - 1;
	size_t size = take_thread(behind, &row->thread);
	return size ? (size_t)(behind + size - p) : 0;
}
