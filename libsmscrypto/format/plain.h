/* plain.h - a small text as ASCII, whatever its encoding, each character with its byte.
 *
 * What programs write between people's words - names of elements, hexadecimal numbers - is
 * ASCII in all the encodings that Windows 2000 saves text in.  So that is what is searched;
 * people's words are put from the bytes themselves.
 */
#ifndef SMSC_FORMAT_PLAIN_H
#define SMSC_FORMAT_PLAIN_H

#include "../base/buf.h"
#include "record.h"

typedef struct smsc_plain {
	const char *text;      /* a unit that is no ASCII is \x1a in UTF-16, else its own byte */
	size_t      size;
	unsigned    step;      /* bytes of a character: 1, or 2 in UTF-16 */
	uint64_t    base;      /* byte of the stream that text[0] is */
	smsc_span   bytes;     /* the stream from there */
	char       *own;
} smsc_plain;

/* UTF-16 (little-endian) by its mark or by the zeros in its first characters.  False without
 * memory.  Borrows `in`. */
bool smsc_plain_open(smsc_plain *p, smsc_span in, uint64_t base);
void smsc_plain_close(smsc_plain *p);
/* The beginning of a text for a probe, which may not take memory; nothing to close. */
#define SMSC_PEEK 8192
void smsc_plain_peek(smsc_plain *p, smsc_span in, char room[SMSC_PEEK]);

/* Opens `in`, lets `read` put its fields, closes it. */
void smsc_plain_decode(smsc_span in, smsc_record *r, void (*read)(smsc_record *r, const smsc_plain *p));

static inline uint64_t smsc_plain_at(const smsc_plain *p, size_t i)
{
	return p->base + (uint64_t)i * p->step;
}

/* Blank characters off both ends. */
void smsc_plain_trim(const smsc_plain *p, size_t *from, size_t *to);
/* Is it `word`, in either case? */
bool smsc_plain_is(const smsc_plain *p, size_t from, size_t to, const char *word);
/* Does it begin with `word`, in either case? */
bool smsc_plain_starts(const smsc_plain *p, size_t from, size_t to, const char *word);
/* The first `word`, in either case, from `from` on; SIZE_MAX when there is none. */
size_t smsc_plain_find(const smsc_plain *p, size_t from, const char *word);
/* The next line that is not empty, without its blanks: 1, or 0 at the end. */
int  smsc_plain_line(const smsc_plain *p, size_t *next, size_t *from, size_t *to);

/* The characters as text, from their bytes. */
void smsc_put_plain(smsc_record *r, const char *name, const char *meaning, const smsc_plain *p,
                    size_t from, size_t to);
/* Appends the bytes that the hexadecimal digits mean; white space between them does not
 * matter.  False at anything else, and when a digit is left over. */
bool smsc_plain_hex(const smsc_plain *p, size_t from, size_t to, smsc_buf *out);

#endif
