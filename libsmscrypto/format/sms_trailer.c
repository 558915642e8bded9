/* sms_trailer.c - the end of a record of a site server's trace log, three generations. */
#include "../base/text.h"
#include "log_stream.h"
#include "sms_trailer.h"

/* The longest real one is a path; names are up to 34 characters. */
#define MOST_COMPONENT 200
#define MOST_ZONE      64

/* Characters of component names: words, paths, names with blanks that may be wrapped. */
static bool is_plain(char c)
{
	/* A bit for each: tab, line ends, blank & ( ) - . / 0-9 :, and A-Z \\ _ a-z ~. */
	static const uint64_t set[2] = { UINT64_C(0x07ffe34100002600), UINT64_C(0x47fffffe97fffffe) };

	return (unsigned char)c < 128 && set[(unsigned char)c >> 6] >> (c & 63) & 1;
}

static bool is_component(char c)
{
	return is_plain(c) || ((unsigned char)c > ' ' && c != '<' && c != '>');
}

/* *odd tells of a name as no program of SMS has it; only a whole date behind it makes it one. */
static bool take_component(smsc_text_at *t, smsc_span *component, bool *odd)
{
	const char *start;

	if (!smsc_take_text(t, "$$<") && !smsc_take_text(t, "$<"))
		return false;
	start = t->p;
	const char *p = start, *end = t->end - start > MOST_COMPONENT ? start + MOST_COMPONENT : t->end;
	while (p < end && is_plain(*p))
		p++;
	const char *plain = p;
	while (p < end && is_component(*p))
		p++;
	t->p = p;
	*component = smsc_span_trim(smsc_span_of(start, (size_t)(t->p - start)));
	*odd = p > plain || !component->size;
	return smsc_take(t, '>');
}

/* ---- dates --------------------------------------------------------------------- */

static int32_t zone_bias(smsc_zone *cache, smsc_span name)
{
	char text[MOST_ZONE];
	smsc_text_at t = smsc_text_of(name);
	size_t size = 0;

	while (t.p < t.end && size < sizeof text) {
		text[size++] = smsc_is_blank(*t.p) ? ' ' : *t.p;
		if (smsc_is_blank(*t.p))
			smsc_take_blanks(&t);
		else
			t.p++;
	}
	if (size == cache->size && !memcmp(text, cache->name, size))
		return cache->bias;
	cache->size = size;
	memcpy(cache->name, text, size);
	if (!smsc_zone_name_bias(smsc_span_of(text, size), &cache->bias))
		cache->bias = SMSC_NO_BIAS;
	return cache->bias;
}

/* What may stand between the year and the '>': a zone name, a blank, the mark '~'. */
static void take_zone(smsc_text_at *t, smsc_zone *cache, int32_t *bias)
{
	smsc_take_blanks(t);
	const char *start = t->p;
	while (t->p < t->end && t->p - start < MOST_ZONE && *t->p != '>' && *t->p != '~' && *t->p != '<')
		t->p++;
	smsc_span name = smsc_span_trim(smsc_span_of(start, (size_t)(t->p - start)));
	if (name.size)
		*bias = zone_bias(cache, name);
	smsc_take(t, '~');
}

static bool take_date(smsc_text_at *t, smsc_day *day, smsc_zone *zone, smsc_trailer *out)
{
	smsc_date d = { 0 };
	bool numeric = t->p < t->end && smsc_is_digit(*t->p);

	if (numeric ? !smsc_take_numbered_date(t, &d) : !smsc_take_named_date(t, &d))
		return false;
	if (numeric)
		smsc_take_fraction(t, '.', &d.clock);
	out->form = numeric ? "sms-c" : d.clock.fraction ? "sms-b" : "sms-a";
	if (numeric)
		smsc_take_bias(t, &out->bias);
	else
		take_zone(t, zone, &out->bias);
	smsc_take_blanks(t);
	out->local = smsc_log_time(day, (int)d.year, (int)d.month, (int)d.day, &d.clock);
	out->bad_time = out->local == SMSC_NEVER;
	/* An article may end in the middle of the date bracket. */
	return smsc_take(t, '>') || t->p == t->end;
}

/* ---- threads ------------------------------------------------------------------- */

/* A number alone: form A prints hex ("DB"), in the others the "(0x12B)" was cut off. */
static bool take_bare_thread(smsc_text_at *t, int base, uint32_t *thread)
{
	uint64_t value = 0;
	const char *start = t->p;
	int digit;

	while (t->p < t->end && (digit = smsc_hex_digit(*t->p)) >= 0 && digit < base && t->p - start < 11) {
		value = value * (unsigned)base + (unsigned)digit;
		t->p++;
	}
	*thread = (uint32_t)value;
	return t->p > start && value <= UINT32_MAX;
}

static bool take_thread(smsc_text_at *t, smsc_trailer *out)
{
	smsc_text_at at = *t;
	bool same = true;

	if (!smsc_take_text(&at, "thread="))
		return false;
	if (!smsc_take_thread(&at, &out->thread, &same) &&
	    !take_bare_thread(&at, out->form[4] == 'a' ? 16 : 10, &out->thread))
		return false;
	smsc_take_blanks(&at);
	if (!smsc_take(&at, '>'))
		return false;
	out->bad_thread = !same;
	*t = at;
	return true;
}

/* ---- all of it ------------------------------------------------------------------- */

static bool ends_line(const smsc_text_at *t)
{
	return t->p == t->end || *t->p == '\r' || *t->p == '\n';
}

/* Behind a component alone: the end of the line, or the dots of an article. */
static bool may_be_short(smsc_text_at t)
{
	while (t.p < t.end && (*t.p == ' ' || *t.p == '\t' || *t.p == '.'))
		t.p++;
	return ends_line(&t);
}

static bool begins_date(const smsc_text_at *t)
{
	smsc_text_at at = *t;
	smsc_span word;

	if (!smsc_take(&at, '<') || at.p == at.end)
		return false;
	return smsc_is_digit(*at.p) || smsc_take_day_name(&at, &word);
}

bool smsc_take_trailer(smsc_span s, smsc_day *day, smsc_zone *zone, smsc_trailer *out)
{
	smsc_text_at t = smsc_text_of(s);

	bool odd;

	*out = (smsc_trailer){ .form = "sms", .local = SMSC_NEVER, .bias = SMSC_NO_BIAS };
	if (!take_component(&t, &out->component, &odd))
		return false;
	smsc_text_at part = t;
	bool short_form = may_be_short(t);
	smsc_take_blanks(&part);
	bool dated = begins_date(&part);
	if (!dated && !short_form)
		return false;

	smsc_text_at good = t;
	if (dated && smsc_take(&part, '<') && take_date(&part, day, zone, out)) {
		good = part;
		smsc_take_blanks(&part);
		out->whole = smsc_take(&part, '<') && take_thread(&part, out);
		if (out->whole)
			good = part;
		else
			out->torn = !may_be_short(good);
	} else {
		out->torn = dated && !short_form;
	}
	out->size = (size_t)(good.p - (const char *)s.data);
	return out->whole || !odd;
}
