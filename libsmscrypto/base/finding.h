/* finding.h - one problem of the evidence, and lists of them. */
#ifndef SMSC_BASE_FINDING_H
#define SMSC_BASE_FINDING_H

#include "../smscrypto.h"
#include "arena.h"

/* All rules: damage (D...) seen by decoders and sources, and key rules (K...) of the analysis. */
typedef enum smsc_rule_id {
#define SMSC_RULE(id, severity, title, advice, refutation) SMSC_RULE_##id,
#include "rules.def"
#undef SMSC_RULE
	SMSC_RULE_COUNT
} smsc_rule_id;

struct smsc_finding {
	smsc_arena  *arena;
	smsc_rule_id rule;
	int          severity;    /* that of the rule, unless the analysis weighed it anew */
	const char  *path;        /* "" when it is about no single file */
	uint64_t     offset;
	const char  *text;
	const char  *confidence;  /* "proved" unless said otherwise */
	const smsc_generation *generation;
};

typedef struct smsc_findings {
	smsc_finding **at;
	size_t count, room;
	uint64_t dropped;         /* past `limit` */
	size_t limit;             /* 0: none */
} smsc_findings;

/* Appends one, all text copied into `arena`; NULL without memory or past the limit. */
smsc_finding *smsc_findings_add(smsc_findings *list, smsc_arena *arena, smsc_rule_id rule,
                                const char *path, uint64_t offset, const char *format, ...)
                                SMSC_PRINTF(6, 7);
/* Appends one that was made for another list of that arena. */
void smsc_findings_keep(smsc_findings *list, smsc_arena *arena, smsc_finding *f);

#endif
