/* knowledge.c - finds the lines that the table knows.
 *
 * Nearly no line of a log is about keys, so what counts is how fast a line is let go.  First it
 * must have a mark (knowledge_marks.c), where the processor can tell at once.  Then, from each
 * pattern MARK bytes are picked; the search for all of them at once looks at three bytes,
 * knows how far the nearest mark may be, and jumps there (Wu and Manber's method).  The few
 * patterns that are too short for a mark belong to one component each and are tried there.
 */
#include <string.h>
#include <pthread.h>

#include "../base/cursor.h"
#include "../base/text.h"
#include "code.h"
#include "knowledge.h"
#include "knowledge_marks.h"

#define MARK   16
#define BLOCK  3
#define HASHES 8192
#define MOST   256   /* rows of the table */
#define BRIEF  8

/* Built once, read by all threads. */
static struct {
	uint8_t  jump[HASHES];   /* bytes to the end of the nearest mark */
	uint8_t  first[HASHES];  /* 1 + row whose mark ends in such a block; 0 none */
	uint8_t  next[MOST];     /* 1 + the next of these rows */
	const char *mark[MOST];
	uint8_t  brief[BRIEF];   /* rows without a mark, each of one component */
	size_t   brief_size[BRIEF];  /* bytes of its name */
	size_t   brief_count;
} table;
static pthread_once_t table_once = PTHREAD_ONCE_INIT;

/* Of the three bytes at `p`; the one before is looked at, too, and does not count. */
static unsigned hash_of(const char *p)
{
	return (smsc_le32(p - 1) >> 8) * 2654435761u >> 19;
}

/* The next fixed part of a pattern; moves past it. */
static smsc_span take_part(const char **pattern)
{
	const char *start = *pattern, *end = strstr(start, "{}");
	size_t size = end ? (size_t)(end - start) : strlen(start);

	*pattern = end ? end + 2 : start + size;
	return smsc_span_of(start, size);
}

/* The last bytes of the longest part, for ends are rarer than beginnings; NULL if it is too
 * short. */
static const char *mark_of(const char *pattern)
{
	smsc_span longest = { "", 0 };

	while (*pattern) {
		smsc_span part = take_part(&pattern);
		if (part.size > longest.size)
			longest = part;
	}
	return longest.size < MARK ? NULL : (const char *)longest.data + longest.size - MARK;
}

static void add_mark(size_t row, const char *mark)
{
	char padded[MARK + 1] = "";
	memcpy(padded + 1, mark, MARK);
	for (size_t i = 0; i + BLOCK <= MARK; i++) {
		unsigned hash = hash_of(padded + 1 + i);
		uint8_t jump = (uint8_t)(MARK - BLOCK - i);
		if (jump < table.jump[hash])
			table.jump[hash] = jump;
	}
	unsigned last = hash_of(mark + MARK - BLOCK);
	table.mark[row] = mark;
	table.next[row] = table.first[last];
	table.first[last] = (uint8_t)(row + 1);
}

static void build_table(void)
{
	smsc_marks_build();
	memset(table.jump, MARK - BLOCK + 1, sizeof table.jump);
	for (size_t i = 0; smsc_known_at(i); i++) {
		bool event = *smsc_known_at(i)->id == 'V';
		const char *mark = event ? NULL : mark_of(smsc_known_at(i)->text);
		if (mark)
			add_mark(i, mark);
		else if (!event && table.brief_count < BRIEF) {
			table.brief_size[table.brief_count] = strlen(smsc_known_at(i)->component);
			table.brief[table.brief_count++] = (uint8_t)i;
		}
	}
}

/* ---- one row ------------------------------------------------------------------------ */

bool smsc_known_parts(smsc_span text, const char *pattern)
{
	const char *p = text.data, *end = p + text.size;

	while (*pattern) {
		smsc_span part = take_part(&pattern);
		p = memmem(p, (size_t)(end - p), part.data, part.size);
		if (!p)
			return false;
		p += part.size;
	}
	return true;
}

bool smsc_known_component(smsc_span component, const char *name)
{
	const char *p = component.data;

	if (strlen(name) != component.size)
		return false;
	for (size_t i = 0; i < component.size; i++)
		if (smsc_ascii_lower(p[i]) != smsc_ascii_lower(name[i]))
			return false;
	return true;
}

static bool fits(const smsc_row *row, const smsc_known *k)
{
	return (!k->strict || smsc_known_component(row->component, k->component)) &&
	       smsc_known_parts(row->text, k->text);
}

/* The longer pattern says more. */
static const smsc_known *better(const smsc_row *row, const smsc_known *k, const smsc_known *best)
{
	return fits(row, k) && (!best || strlen(k->text) > strlen(best->text)) ? k : best;
}

static const smsc_known *best_marked(const smsc_row *row)
{
	const smsc_known *best = NULL;
	const char *p = row->text.data;

	for (size_t at = MARK; at <= row->text.size; at++) {
		unsigned hash, jump;
		while ((jump = table.jump[hash = hash_of(p + at - BLOCK)]))
			if ((at += jump) > row->text.size)
				return best;
		for (unsigned i = table.first[hash]; i; i = table.next[i - 1])
			if (!memcmp(table.mark[i - 1], p + at - MARK, MARK))
				best = better(row, smsc_known_at(i - 1), best);
	}
	return best;
}

static bool is_event(const smsc_row *row)
{
	return row->form && !strncmp(row->form, "evt", 3);
}

bool smsc_known_likely(const smsc_row *row)
{
	pthread_once(&table_once, build_table);
	return smsc_marks_in(row->text) || is_event(row);
}

bool smsc_known_match(const smsc_row *row, smsc_known_hit *hit)
{
	if (is_event(row))
		return smsc_known_event(row, hit);
	pthread_once(&table_once, build_table);
	*hit = (smsc_known_hit){ .known = row->text.size ? best_marked(row) : NULL };
	for (size_t i = 0; i < table.brief_count && row->text.size; i++)
		if (row->component.size == table.brief_size[i])
			hit->known = better(row, smsc_known_at(table.brief[i]), hit->known);
	if (hit->known)
		hit->code_count = smsc_codes_find(row->text, hit->codes, SMSC_HIT_CODES);
	return hit->known;
}

#define ERROR_NO_TOKEN_HRESULT 0x800703f0u

/* 0x80090300 and on are of secure connections, which fail for many reasons. */
static bool is_key_code(uint32_t code)
{
	return (code >> 16 == 0x8009 && (code & 0xff00) != 0x0300) || code == ERROR_NO_TOKEN_HRESULT;
}

bool smsc_known_code(const smsc_row *row, smsc_known_hit *hit)
{
	static const smsc_known said = {
		.id = "L000", .component = "", .text = "", .severity = 2, .kind = "key-error",
		.meaning = "A line that names an error of CryptoAPI.",
	};

	if (!smsc_codes_likely(row->text))
		return false;
	hit->known = &said;
	hit->code_count = smsc_codes_find(row->text, hit->codes, SMSC_HIT_CODES);
	for (size_t i = 0; i < hit->code_count; i++)
		if (is_key_code(hit->codes[i]))
			return true;
	return false;
}

static const smsc_known *known_of(const smsc_row *row)
{
	smsc_known_hit hit;

	return row && smsc_known_likely(row) && (smsc_known_match(row, &hit) || smsc_known_code(row, &hit)) ? hit.known : NULL;
}

const char *smsc_log_row_kind(const smsc_row *row)
{
	const smsc_known *k = known_of(row);
	return k ? k->kind : NULL;
}

const char *smsc_log_row_knowledge(const smsc_row *row)
{
	const smsc_known *k = known_of(row);
	return k ? k->id : NULL;
}

void smsc_known_meaning(smsc_buf *out, const smsc_known_hit *hit)
{
	smsc_buf_str(out, hit->known->meaning);
	for (size_t i = 0; i < hit->code_count; i++)
		smsc_buf_printf(out, " %s: %s.", smsc_code_name(hit->codes[i]),
		                smsc_code_meaning(hit->codes[i]));
}
