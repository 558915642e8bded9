/* knowledge_event.c - which events are about keys, and the codes within them.
 *
 * Events are few, so each is held against all rows of the table that are about events.
 */
#include <string.h>

#include "../base/cursor.h"
#include "code.h"
#include "knowledge.h"

/* The id in "W3SVC 116: /LM/": behind the source; 0 for a row about all events of a source. */
static uint32_t id_of(const smsc_known *k)
{
	const char *p = k->text + strlen(k->component);
	uint32_t id = 0;

	while (*p == ' ')
		p++;
	for (; *p >= '0' && *p <= '9'; p++)
		id = id * 10 + (uint32_t)(*p - '0');
	return id;
}

static bool fits(const smsc_row *row, const smsc_known *k)
{
	uint32_t id = *k->id == 'V' ? id_of(k) : 0;

	return *k->id == 'V' && (!id || id == row->event_id) &&
	       smsc_known_component(row->component, k->component) && smsc_known_parts(row->text, k->text);
}

static void add_code(smsc_known_hit *hit, uint32_t code)
{
	for (size_t i = 0; i < hit->code_count; i++)
		if (hit->codes[i] == code)
			return;
	if (smsc_code_name(code) && hit->code_count < SMSC_HIT_CODES)
		hit->codes[hit->code_count++] = code;
}

/* "%%1008" stands for the words of that code. */
static void find_codes(const smsc_row *row, smsc_known_hit *hit)
{
	const char *p = row->text.data, *end = p + row->text.size;

	while ((p = memmem(p, (size_t)(end - p), "%%", 2))) {
		uint64_t code = 0;
		for (p += 2; p < end && *p >= '0' && *p <= '9' && code <= UINT32_MAX; p++)
			code = code * 10 + (unsigned)(*p - '0');
		if (code <= UINT32_MAX)
			add_code(hit, (uint32_t)code);
	}
	/* Data of one number is a code where the source has one to tell. */
	if (row->data.size == 4)
		add_code(hit, smsc_le32(row->data.data));
}

void smsc_known_codes(const smsc_row *row, smsc_known_hit *hit)
{
	hit->code_count = smsc_codes_find(row->text, hit->codes, SMSC_HIT_CODES);
	if (row->form && !strncmp(row->form, "evt", 3))
		find_codes(row, hit);
}

bool smsc_known_event(const smsc_row *row, smsc_known_hit *hit)
{
	const smsc_known *k;

	*hit = (smsc_known_hit){ .known = NULL };
	for (size_t i = 0; (k = smsc_known_at(i)); i++)
		if (fits(row, k) && (!hit->known || strlen(k->text) > strlen(hit->known->text)))
			hit->known = k;
	if (!hit->known)
		return false;
	smsc_known_codes(row, hit);
	return true;
}
