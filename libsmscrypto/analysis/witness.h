/* witness.h - evidence from outside the containers that names one of their keys. */
#ifndef SMSC_ANALYSIS_WITNESS_H
#define SMSC_ANALYSIS_WITNESS_H

#include "trust.h"

/* Containers that others rely on, by name. */
#define SMSC_SITE_SERVER "Microsoft Systems Management Server"
#define SMSC_AGENT       "SMS"
#define SMSC_IIS         "Microsoft Internet Information Server"

/* Does it say what a client relies on; or only what the server itself published? */
bool smsc_trust_is_belief(const smsc_trust *t);
bool smsc_trust_is_published(const smsc_trust *t);
/* Does it say whom a message is encrypted to? */
bool smsc_trust_is_message(const smsc_trust *t);

/* Counts, for each generation, what names its keys. */
void smsc_witness_count(smsc_case *c);
/* Which of the `count` generations of one container do others rely on?  True when evidence says
 * so, with `wanted` (NULL: keys that no file has) and `why` of the standing, whose `live` is known. */
bool smsc_witness_of(smsc_case *c, smsc_generation *const *list, size_t count, struct smsc_standing *s);

/* trust_rules.c: adds K007, K008, K012 and K023.  0, or -1. */
int  smsc_trust_rules(smsc_case *c, smsc_error **err);

#endif
