/* trust_text.c - a text that shows public keys or certificates as hexadecimal digits: output of
 * a WMI query, .mof, .csv, .reg, a mail, a dump [sms-logs 6.4]. */
#include <stdlib.h>

#include "../base/text.h"
#include "format.h"
#include "key_finder.h"

#define MAX_LINE 32    /* bytes of one line of a dump */

/* ---- dumps: "00000010: 3082 01e1 ...  0..." ---- */

typedef struct dump {
	uint8_t  *bytes;           /* what it shows */
	uint32_t *places;          /* of each byte, the character; NULL: not asked for */
	size_t    count, room;
	uint64_t  address;
	size_t    lines;
} dump;

static bool hex_number(const smsc_plain *p, size_t *i, size_t to, uint64_t *out)
{
	size_t from = *i;
	*out = 0;
	for (; *i < to && smsc_hex_digit(p->text[*i]) >= 0; ++*i)
		*out = *out << 4 | (unsigned)smsc_hex_digit(p->text[*i]);
	return *i - from >= 4 && *i - from <= 16;
}

static bool is_pair(const smsc_plain *p, size_t i, size_t to)
{
	return i + 1 < to && smsc_hex_digit(p->text[i]) >= 0 && smsc_hex_digit(p->text[i + 1]) >= 0;
}

/* Two blanks begin the column of characters; one stands, or one mark, between bytes. */
static size_t line_bytes(dump *d, const smsc_plain *p, size_t i, size_t to, size_t most)
{
	size_t n = 0;
	while (n < most && d->count < d->room && is_pair(p, i, to)) {
		if (d->places)
			d->places[d->count] = (uint32_t)(i * p->step);
		d->bytes[d->count++] = (uint8_t)(smsc_hex_digit(p->text[i]) << 4 | smsc_hex_digit(p->text[i + 1]));
		i += 2;
		n++;
		if (i < to && (p->text[i] == ' ' || p->text[i] == '-'))
			i++;
		if (n == 8 && i < to && p->text[i] == ' ')
			i++;
	}
	return n;
}

/* A line whose address goes on where the last one ended. */
static bool dump_line(dump *d, const smsc_plain *p, size_t from, size_t to)
{
	uint64_t address;
	size_t i = from, n;
	if (!hex_number(p, &i, to, &address) || address != d->address || i == to)
		return false;
	i += p->text[i] == ':';
	while (i < to && (p->text[i] == ' ' || p->text[i] == '\t'))
		i++;
	n = line_bytes(d, p, i, to, MAX_LINE / 2);
	d->address += n;
	d->lines++;
	return n > 0;
}

typedef struct shown {
	smsc_found_list *list;
	const dump *d;
	const smsc_plain *p;
} shown;

static void found_in_dump(void *user, const smsc_found *found)
{
	const shown *s = user;
	smsc_found f = *found;
	f.at = s->p->base + s->d->places[found->at];
	f.end = s->p->base + s->d->places[found->end - 1] + 2 * s->p->step;
	smsc_found_put(s->list, &f);
}

static void read_dump(dump *d, const smsc_plain *p)
{
	size_t next = 0, from, to;
	while (d->count < d->room && smsc_plain_line(p, &next, &from, &to))
		dump_line(d, p, from, to);
}

static void find_in_dump(smsc_found_list *l, const smsc_plain *p)
{
	dump d = { .room = p->size / 2 };
	d.bytes = malloc(d.room + 1);
	d.places = malloc((d.room + 1) * sizeof *d.places);
	if (d.bytes && d.places) {
		read_dump(&d, p);
		if (d.lines > 1)
			smsc_find_binary(smsc_span_of(d.bytes, d.count), 0, found_in_dump, &(shown){ l, &d, p });
	} else {
		l->r->failed = true;
	}
	free(d.places);
	free(d.bytes);
}

/* ---- all texts ---- */

static void find_all(smsc_span in, smsc_found_list *l)
{
	smsc_plain p;
	smsc_finder_feed(&l->finder, in.data, in.size);
	smsc_finder_end(&l->finder);
	if (l->count)
		return;
	if (smsc_plain_open(&p, in, 0))
		find_in_dump(l, &p);
	else
		l->r->failed = true;
	smsc_plain_close(&p);
}

static void decode(smsc_span in, smsc_record *r)
{
	smsc_found_list list = { .r = r };
	if (smsc_finder_open(&list.finder, smsc_found_put, &list)) {
		find_all(in, &list);
		smsc_found_settle(&list);
	} else {
		r->failed = true;
	}
	smsc_finder_close(&list.finder);
}

/* ---- probe ---- */

/* Text of one byte or two: no control characters but those of lines, and NUL only in pairs. */
static bool is_text(smsc_span s)
{
	const uint8_t *b = s.data;
	size_t zeros = 0;
	for (size_t i = 0; i < s.size; i++) {
		zeros += !b[i];
		if (b[i] && b[i] < 0x20 && b[i] != '\t' && b[i] != '\r' && b[i] != '\n' && b[i] != '\f')
			return false;
	}
	return s.size >= 40 && (!zeros || (zeros >= s.size / 3 && zeros <= s.size / 2));
}

static void count(void *user, const smsc_found *found)
{
	(void)found;
	++*(size_t *)user;
}

static bool dump_shows_key(smsc_span head)
{
	char room[SMSC_PEEK];
	uint8_t bytes[2048];
	dump d = { .bytes = bytes, .room = sizeof bytes };
	smsc_plain p;
	size_t n = 0;
	smsc_plain_peek(&p, head, room);
	read_dump(&d, &p);
	if (d.lines > 1)
		smsc_find_binary(smsc_span_of(bytes, d.count), 0, count, &n);
	return n > 0;
}

static int probe(smsc_span head, uint64_t size, const char *name)
{
	(void)size;
	(void)name;
	return is_text(head) && (smsc_finder_peek(head) || dump_shows_key(head)) ? 40 : 0;
}

const smsc_format smsc_trust_text = {
	"trust-text", "text that shows public keys or certificates as hexadecimal digits", probe, decode
};
