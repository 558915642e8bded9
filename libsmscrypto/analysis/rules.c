/* rules.c - all rules, and the order in which what they find is told. */
#include <stdlib.h>

#include "../base/error.h"
#include "cause.h"
#include "certificate.h"
#include "generation.h"
#include "metabase.h"
#include "witness.h"

/* ---- limits ------------------------------------------------------------------------------------ */

/* The one finding that must not fall to the limit it tells of. */
static void check_limits(smsc_case *c)
{
	uint64_t dropped = c->findings.dropped;
	c->findings.limit = 0;
	if (c->events_dropped)
		smsc_findings_add(&c->findings, c->arena, SMSC_RULE_D008, "", 0,
		                  "%llu events past max_events (%llu) are not in the timeline",
		                  (unsigned long long)c->events_dropped,
		                  (unsigned long long)c->settings.max_events);
	if (dropped)
		smsc_findings_add(&c->findings, c->arena, SMSC_RULE_D008, "", 0,
		                  "%llu findings past max_events (%llu) are left out",
		                  (unsigned long long)dropped, (unsigned long long)c->settings.max_events);
}

/* ---- order --------------------------------------------------------------------------------------- */

typedef struct ranked {
	smsc_finding *finding;
	size_t order;
} ranked;

/* What happened is the answer; all else explains it. */
static bool is_cause(const smsc_finding *f)
{
	return f->rule == SMSC_RULE_K020 || f->rule == SMSC_RULE_K021;
}

static int compare(const void *left, const void *right)
{
	const ranked *a = left, *b = right;
	int d = is_cause(b->finding) - is_cause(a->finding);
	if (!d)
		d = smsc_finding_severity(b->finding) - smsc_finding_severity(a->finding);
	/* Keys before damage. */
	if (!d)
		d = (*smsc_finding_rule(a->finding) == 'D') - (*smsc_finding_rule(b->finding) == 'D');
	if (!d)
		d = (int)a->finding->rule - (int)b->finding->rule;
	return d ? d : (a->order > b->order) - (a->order < b->order);
}

static int sort(smsc_case *c, smsc_error **err)
{
	size_t count = c->findings.count;
	ranked *list = malloc((count + 1) * sizeof(*list));
	if (!list)
		return smsc_fail_nomem(err);
	for (size_t i = 0; i < count; i++)
		list[i] = (ranked){ c->findings.at[i], i };
	qsort(list, count, sizeof(*list), compare);
	for (size_t i = 0; i < count; i++)
		c->findings.at[i] = list[i].finding;
	free(list);
	return 0;
}

int smsc_case_rules(smsc_case *c, smsc_error **err)
{
	c->findings.limit = (size_t)c->settings.max_events;
	/* First what must not fall to the limit. */
	smsc_cause_rules(c);
	if (smsc_trust_rules(c, err) < 0)
		return -1;
	smsc_key_rules(c);
	smsc_certificate_rules(c);
	smsc_metabase_rules(c);
	check_limits(c);
	return sort(c, err);
}
