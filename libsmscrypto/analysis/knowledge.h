/* knowledge.h - which lines of a log are about keys, and what they tell. */
#ifndef SMSC_ANALYSIS_KNOWLEDGE_H
#define SMSC_ANALYSIS_KNOWLEDGE_H

#include <stdbool.h>

#include "../base/buf.h"
#include "../smscrypto.h"

typedef struct smsc_known {
	const char *id;         /* "L017", "V003" of an event log: never used again */
	const char *component;  /* that says it; the source of an event */
	bool        strict;     /* no other component: the text alone says too little */
	const char *text;       /* fixed parts, "{}" for what varies; of an event: source and id first */
	int         severity;   /* of the event: 0 routine ... 3 error */
	const char *kind;       /* of the event */
	const char *meaning;    /* one sentence */
	const char *role;       /* container whose key it concerns, or NULL */
} smsc_known;

#define SMSC_HIT_CODES 4

typedef struct smsc_known_hit {
	const smsc_known *known;
	uint32_t codes[SMSC_HIT_CODES];  /* in its text */
	size_t   code_count;
} smsc_known_hit;

/* False when this row is surely not about keys: the other two need not be asked.  Costs much
 * less than they do. */
bool smsc_known_likely(const smsc_row *row);
/* The row of the table that says most about this row of a log; false when none fits.  Costs
 * less than one look at each byte of the text. */
bool smsc_known_match(const smsc_row *row, smsc_known_hit *hit);
/* A row of unknown wording that names a code of CryptoAPI is about keys all the same. */
bool smsc_known_code(const smsc_row *row, smsc_known_hit *hit);
/* What it tells, with the names and meanings of its codes. */
void smsc_known_meaning(smsc_buf *out, const smsc_known_hit *hit);

/* The same for a row of an event log. */
bool smsc_known_event(const smsc_row *row, smsc_known_hit *hit);
/* The known codes in its text, of an event also those in its data. */
void smsc_known_codes(const smsc_row *row, smsc_known_hit *hit);
/* Are all fixed parts of the pattern in the text, in their order? */
bool smsc_known_parts(smsc_span text, const char *pattern);
bool smsc_known_component(smsc_span component, const char *name);

/* The i-th row of the table; NULL past the end. */
const smsc_known *smsc_known_at(size_t i);

#endif
