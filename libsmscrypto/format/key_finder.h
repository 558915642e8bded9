/* key_finder.h - public keys and certificates as hexadecimal digits, wherever they stand in a
 * stream of any size, in ASCII or UTF-16, in one run or in pairs with marks between them.
 *
 * It is fed piece by piece and keeps one run of digits; what it finds, the caller is told at
 * once.  A value has at most SMSC_FOUND_MAX bytes.
 */
#ifndef SMSC_FORMAT_KEY_FINDER_H
#define SMSC_FORMAT_KEY_FINDER_H

#include "record.h"
#include "trust_value.h"

#define SMSC_FOUND_MAX 8192

typedef struct smsc_found {
	smsc_span value;         /* a PUBLICKEYBLOB or a certificate; shorter than it says when `cut` */
	uint64_t  at, end;       /* bytes of the stream its digits stand in */
	bool      key, cut;
} smsc_found;
typedef void smsc_found_fn(void *user, const smsc_found *found);

/* Names that stood in the stream so far, in either case and encoding. */
enum { SMSC_NAMED_ROOT_KEY = 1, SMSC_NAMED_MP = 2 };

typedef struct smsc_finder {
	smsc_found_fn *found;
	void     *user;
	uint64_t  at;                /* of the next byte */
	uint64_t  base;              /* of the run: its first digit */
	uint8_t  *digit;             /* low four bits; the gap before it above them */
	uint32_t *place;             /* bytes from `base` */
	size_t    count, room;
	unsigned  gap, gap_kind;     /* marks since the last digit */
	bool      zero;              /* the last byte was NUL */
	unsigned  named, turn;
	char      words[16];         /* the last characters that are no NUL, a ring */
	uint8_t   value[SMSC_FOUND_MAX];
	uint32_t *own;
} smsc_finder;

/* Digits of a run that are kept; a value has at most half of them. */
#define SMSC_FINDER_DIGITS 32768u
/* False without memory. */
bool smsc_finder_open(smsc_finder *f, smsc_found_fn *found, void *user);
void smsc_finder_close(smsc_finder *f);
/* With room of the caller's for `room` digits; nothing to close. */
void smsc_finder_on(smsc_finder *f, smsc_found_fn *found, void *user, uint8_t *digit, uint32_t *place, size_t room);
void smsc_finder_feed(smsc_finder *f, const void *data, size_t size);
void smsc_finder_end(smsc_finder *f);      /* of the stream */
/* For a probe, which may not take memory: does a key or a certificate stand there? */
bool smsc_finder_peek(smsc_span in);

/* The same in bytes as they are. */
void smsc_find_binary(smsc_span in, uint64_t base, smsc_found_fn *found, void *user);

/* Puts what a finder finds into a record, with its role; after many values only counts. */
typedef struct smsc_found_list {
	smsc_record *r;
	const char  *key_role, *certificate_role;  /* NULL: by the names in the stream */
	smsc_finder  finder;
	size_t       count;
} smsc_found_list;
smsc_found_fn smsc_found_put;
/* Once the stream has ended: roles of what was put before its name was seen. */
void smsc_found_settle(smsc_found_list *l);

#endif
