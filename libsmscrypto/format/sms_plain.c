/* sms_plain.c - the end of a record as a site server of SMS 2003 writes it:
 *
 *   $$<SMS_DESPOOLER><01-07-2005 11:59:38.123+300><thread=4844 (0x12EC)>
 *
 * As in ccm_plain.c no part is looked for in a loop: the name's end is a bit of one word, the two
 * ends behind the time are bits of another.
 */
#include "../base/lanes.h"
#include "../smscrypto.h"
#include "sms_trailer.h"

#define NAME  (sizeof "$$<" - 1)
/* Bytes of "><MM-dd-yyyy HH:mm:ss.fff" up to each part. */
#define DAY   2
#define CLOCK (DAY + SMSC_PLAIN_DAY + 1)
#define BIAS  (CLOCK + SMSC_PLAIN_CLOCK)
/* All that may be looked at: the name and the rest are each a word of bits long. */
#define REACH (64 + BIAS + 64 + 8)
#define IS(p, text) (!memcmp(p, text, sizeof text - 1))

static smsc_lanes is_end(smsc_lanes v)
{
	return (smsc_lanes)(v == '>');
}

/* Not a letter, a digit, a blank or a '_'. */
static smsc_lanes is_no_name(smsc_lanes v)
{
	return ~(smsc_lanes)(((v | 0x20) - 'a' < 26) | (v - '0' < 10) | (v == ' ') | (v == '_'));
}

/* A component of plain characters only; where it ends, 0 when it is something else. */
static size_t take_name(const char *p, smsc_span *name)
{
	uint64_t other = smsc_bits_where(p, is_no_name) >> NAME;
	size_t size = other ? (size_t)__builtin_ctzll(other) : 0;

	*name = smsc_span_of(p + NAME, size);
	return size && *(p += NAME) != ' ' && p[size - 1] != ' ' ? NAME + size : 0;
}

/* "4844 (0x12EC)", of which the ')' is at `end`. */
static bool take_thread(const char *p, const char *end, uint32_t *thread)
{
	uint64_t others = smsc_no_digits(smsc_le64(p));
	size_t digits = others ? (size_t)__builtin_ctzll(others) / 8 : 0;
	const char *hex = p + digits + sizeof " (0x" - 1;
	uint32_t same;

	return digits && IS(p + digits, " (0x") && end > hex && end - hex <= 8 && *end == ')' &&
	       smsc_decimal_before(p + digits, digits, thread) &&
	       smsc_hex_before(end, (size_t)(end - hex), &same) && same == *thread;
}

bool smsc_take_plain_trailer(smsc_span s, smsc_day *day, smsc_trailer *out)
{
	const char *p = s.data;

	if (s.size < REACH || !IS(p, "$$<"))
		return false;
	*out = (smsc_trailer){ .form = "sms-c", .whole = true };
	size_t name = take_name(p, &out->component);
	if (!name || !IS(p + name, "><") || p[name + CLOCK - 1] != ' ')
		return false;
	const char *bias = p + name + BIAS, *behind = bias;
	uint64_t ends = smsc_bits_where(bias, is_end), second = ends & (ends - 1);
	if (!second)
		return false;
	behind += __builtin_ctzll(ends);
	const char *thread = behind + sizeof "><thread=" - 1, *end = bias + __builtin_ctzll(second);
	if (!smsc_plain_bias(bias, (size_t)(behind - bias), &out->bias) || !IS(behind, "><thread=") ||
	    !take_thread(thread, end - 1, &out->thread))
		return false;
	out->local = smsc_plain_time(day, p + name + DAY, p + name + CLOCK);
	out->size = (size_t)(end + 1 - p);
	return out->local != SMSC_NEVER;
}
