/* trust_text.c - a text that shows public keys or certificates as hexadecimal digits: output of
 * a WMI query, .mof, .csv, .reg, a mail, a dump [sms-logs 6.4]. */
#include "../base/text.h"
#include "format.h"
#include "key_finder.h"

#define MAX_LINE 32    /* bytes of one line of a dump */

/* ---- dumps: "00000010: 3082 01e1 ...  0..." ---- */

typedef struct dump {
	smsc_buf bytes, places;    /* what it shows, and of each byte where (uint32_t) */
	uint64_t address;
	size_t   lines;
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
	while (n < most && is_pair(p, i, to)) {
		uint32_t place = (uint32_t)(i * p->step);
		smsc_buf_char(&d->bytes, (char)(smsc_hex_digit(p->text[i]) << 4 | smsc_hex_digit(p->text[i + 1])));
		smsc_buf_add(&d->places, &place, sizeof place);
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

static uint64_t place_of(const shown *s, uint64_t byte)
{
	uint32_t place;
	memcpy(&place, s->d->places.data + byte * sizeof place, sizeof place);
	return s->p->base + place;
}

static void found_in_dump(void *user, const smsc_found *found)
{
	const shown *s = user;
	smsc_found f = *found;
	f.at = place_of(s, found->at);
	f.end = place_of(s, found->end - 1) + 2 * s->p->step;
	smsc_found_put(s->list, &f);
}

static void find_in_dump(smsc_found_list *l, const smsc_plain *p)
{
	dump d = { SMSC_BUF_INIT, SMSC_BUF_INIT, 0, 0 };
	size_t next = 0, from, to;
	while (smsc_plain_line(p, &next, &from, &to))
		dump_line(&d, p, from, to);
	l->r->failed |= d.bytes.failed | d.places.failed;
	if (d.lines > 1 && !l->r->failed)
		smsc_find_binary(smsc_span_of(d.bytes.data, d.bytes.size), 0, found_in_dump, &(shown){ l, &d, p });
	smsc_buf_free(&d.places);
	smsc_buf_free(&d.bytes);
}

/* ---- all texts ---- */

static void find_all(smsc_span in, smsc_found_list *l)
{
	smsc_plain p;
	smsc_finder_feed(l->finder, in.data, in.size);
	smsc_finder_end(l->finder);
	if (!smsc_plain_open(&p, in, 0))
		l->r->failed = true;
	else if (!l->count)
		find_in_dump(l, &p);
	smsc_plain_close(&p);
}

static void decode(smsc_span in, smsc_record *r)
{
	smsc_found_list list = { .r = r };
	list.finder = smsc_finder_new(smsc_found_put, &list);
	if (list.finder) {
		find_all(in, &list);
		smsc_found_settle(&list);
	} else {
		r->failed = true;
	}
	smsc_finder_free(list.finder);
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

/* A probe may not fail: without memory it knows nothing. */
static bool shows_key(smsc_span head)
{
	size_t n = 0;
	smsc_finder *f = smsc_finder_new(count, &n);
	smsc_record *r = n || !f ? NULL : smsc_record_new("probe", NULL, 1252);
	smsc_found_list list = { .r = r, .finder = f };
	smsc_plain p;
	if (f) {
		smsc_finder_feed(f, head.data, head.size);
		smsc_finder_end(f);
	}
	if (!n && r && smsc_plain_open(&p, head, 0)) {
		find_in_dump(&list, &p);
		smsc_plain_close(&p);
		n = list.count;
	}
	smsc_record_unref(r);
	smsc_finder_free(f);
	return n > 0;
}

static int probe(smsc_span head, uint64_t size, const char *name)
{
	(void)size;
	(void)name;
	return is_text(head) && shows_key(head) ? 40 : 0;
}

const smsc_format smsc_trust_text = {
	"trust-text", "text that shows public keys or certificates as hexadecimal digits", probe, decode
};
