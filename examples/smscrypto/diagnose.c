/* diagnose.c - what happened, what has to be done: the question that all the rest is for. */
#include <string.h>

#include "command.h"

enum { ERROR = 3 };

/* How many come before the plan: what happened, then errors, stand first in a case. */
static size_t count_above(const smsc_case *c)
{
	size_t i = 0;
	for (; i < smsc_case_finding_count(c); i++) {
		const smsc_finding *f = smsc_case_finding_at(c, i);
		const char *rule = smsc_finding_rule(f);
		if (smsc_finding_severity(f) < ERROR && strcmp(rule, "K020") && strcmp(rule, "K021"))
			break;
	}
	return i;
}

static void put_findings(output *o, const smsc_case *c, size_t from, size_t to, smsc_error **err)
{
	for (size_t i = from; i < to; i++)
		smsc_report_finding(o->report, smsc_case_finding_at(c, i), err);
}

static bool has_error(const smsc_case *c)
{
	for (size_t i = 0; i < smsc_case_finding_count(c); i++)
		if (smsc_finding_severity(smsc_case_finding_at(c, i)) >= ERROR)
			return true;
	return false;
}

static int report(output *o, const smsc_case *c, const request *q, smsc_error **err)
{
	if (strcmp(q->format, "text")) {
		smsc_report_sources(o->report, c, err);
		smsc_report_generations(o->report, c, err);
	}
	size_t above = count_above(c);
	put_findings(o, c, 0, above, err);
	smsc_report_plan(o->report, c, err);
	put_findings(o, c, above, smsc_case_finding_count(c), err);
	return has_error(c) ? STATUS_FOUND : STATUS_DONE;
}

int run_diagnose(const request *q)
{
	return case_run(q, report);
}
