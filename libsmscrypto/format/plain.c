/* plain.c - a small text as ASCII, each character with its byte. */
#include "plain.h"

#include <stdlib.h>

#include "../base/text.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n' || !c;
}

/* The first characters of every text here are ASCII. */
static bool is_wide(smsc_span in)
{
	const uint8_t *b = in.data;
	if (in.size < 4)
		return false;
	return (b[0] == 0xff && b[1] == 0xfe) || (b[0] && !b[1] && b[2] && !b[3]);
}

static size_t mark_size(smsc_span in, bool wide)
{
	const uint8_t *b = in.data;
	if (wide)
		return b[0] == 0xff && b[1] == 0xfe ? 2 : 0;
	return in.size >= 3 && !memcmp(b, "\xef\xbb\xbf", 3) ? 3 : 0;
}

/* What is to be made narrow: false when nothing is. */
static bool begin(smsc_plain *p, smsc_span in, uint64_t base)
{
	bool wide = is_wide(in);
	size_t mark = mark_size(in, wide);
	smsc_span rest = smsc_span_cut(in, mark, in.size);
	*p = (smsc_plain){ .text = rest.data, .size = rest.size, .step = 1, .base = base + mark, .bytes = rest };
	if (!wide)
		return false;
	p->step = 2;
	p->size = rest.size / 2;
	return true;
}

static void narrow(smsc_plain *p, char *room)
{
	const uint8_t *b = p->bytes.data;
	for (size_t i = 0; i < p->size; i++)
		room[i] = b[2 * i + 1] || b[2 * i] >= 0x80 ? '\x1a' : (char)b[2 * i];
	p->text = room;
}

bool smsc_plain_open(smsc_plain *p, smsc_span in, uint64_t base)
{
	if (!begin(p, in, base))
		return true;
	p->own = malloc(p->size + 1);
	if (p->own)
		narrow(p, p->own);
	return p->own != NULL;
}

void smsc_plain_close(smsc_plain *p)
{
	free(p->own);
	*p = (smsc_plain){ .text = "", .step = 1 };
}

void smsc_plain_peek(smsc_plain *p, smsc_span in, char room[SMSC_PEEK])
{
	if (begin(p, smsc_span_cut(in, 0, 2 * SMSC_PEEK), 0))
		narrow(p, room);
}

void smsc_plain_trim(const smsc_plain *p, size_t *from, size_t *to)
{
	while (*from < *to && is_blank(p->text[*from]))
		++*from;
	while (*from < *to && is_blank(p->text[*to - 1]))
		--*to;
}

static bool starts(const smsc_plain *p, size_t at, const char *word, size_t size)
{
	if (size > p->size - at)
		return false;
	for (size_t i = 0; i < size; i++)
		if (smsc_ascii_lower(p->text[at + i]) != smsc_ascii_lower(word[i]))
			return false;
	return true;
}

bool smsc_plain_is(const smsc_plain *p, size_t from, size_t to, const char *word)
{
	size_t size = strlen(word);
	return to <= p->size && to - from == size && starts(p, from, word, size);
}

size_t smsc_plain_find(const smsc_plain *p, size_t from, const char *word)
{
	size_t size = strlen(word);
	for (; from + size <= p->size; from++)
		if (starts(p, from, word, size))
			return from;
	return SIZE_MAX;
}

int smsc_plain_line(const smsc_plain *p, size_t *next, size_t *from, size_t *to)
{
	while (*next < p->size) {
		*from = *next;
		while (*next < p->size && p->text[*next] != '\n' && p->text[*next] != '\r')
			++*next;
		*to = *next;
		*next += *next < p->size;
		smsc_plain_trim(p, from, to);
		if (*from < *to)
			return 1;
	}
	return 0;
}

void smsc_put_plain(smsc_record *r, const char *name, const char *meaning, const smsc_plain *p,
                    size_t from, size_t to)
{
	smsc_buf b = SMSC_BUF_INIT;
	size_t bytes = (to - from) * p->step;
	smsc_span s = smsc_span_cut(p->bytes, from * p->step, bytes);
	if (p->step == 2)
		smsc_text_utf16(&b, s);
	else
		smsc_text_guess(&b, s, r->codepage);
	if (b.failed)
		r->root->failed = true;
	else
		smsc_put_text(r, name, meaning, b.data ? b.data : "", b.size, smsc_plain_at(p, from), bytes);
	smsc_buf_free(&b);
}

bool smsc_plain_hex(const smsc_plain *p, size_t from, size_t to, smsc_buf *out)
{
	int high = -1;
	for (size_t i = from; i < to; i++) {
		int digit = smsc_hex_digit(p->text[i]);
		if (digit < 0 && !is_blank(p->text[i]))
			return false;
		if (digit < 0)
			continue;
		if (high < 0) {
			high = digit;
			continue;
		}
		smsc_buf_char(out, (char)(high << 4 | digit));
		high = -1;
	}
	return high < 0;
}

bool smsc_plain_starts(const smsc_plain *p, size_t from, size_t to, const char *word)
{
	return to - from >= strlen(word) && smsc_plain_is(p, from, from + strlen(word), word);
}

void smsc_plain_decode(smsc_span in, smsc_record *r, void (*read)(smsc_record *r, const smsc_plain *p))
{
	smsc_plain p;
	if (smsc_plain_open(&p, in, 0))
		read(r, &p);
	else
		r->failed = true;
	smsc_plain_close(&p);
}
