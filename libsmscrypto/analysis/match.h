/* match.h - one piece of evidence against all generations of a case, from inside. */
#ifndef SMSC_ANALYSIS_MATCH_H
#define SMSC_ANALYSIS_MATCH_H

#include "trust.h"

struct smsc_match {
	smsc_matches     *list;
	const smsc_trust *trust;
	const char *evidence, *proof, *text;
	const smsc_record *envelope;   /* the message it is a recipient of, or NULL */
};

struct smsc_matches {
	smsc_arena  *arena;
	const smsc_case *c;
	smsc_record *record;           /* what the trusts borrow from */
	smsc_trusts  trusts;
	smsc_match  *at;
	size_t       count;
};

/* What names a public key in `data`, as a record: decoded as its format, or made of digits. */
smsc_record *smsc_match_read(const smsc_case *c, const char *name, smsc_span data, smsc_error **err);

#endif
