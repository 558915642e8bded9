/* diagnose.c - what happened, what has to be done: the question that all the rest is for. */
#include <string.h>

#include "command.h"

enum { ERROR = 3 };

/* What happened and what is an error, or all the rest; in the order of the case. */
static void put_findings(output *o, const smsc_case *c, bool grave, smsc_error **err)
{
	bool above = true;
	for (size_t i = 0; i < smsc_case_finding_count(c); i++) {
		const smsc_finding *f = smsc_case_finding_at(c, i);
		const char *rule = smsc_finding_rule(f);
		above = above && (smsc_finding_severity(f) >= ERROR || !strcmp(rule, "K020") || !strcmp(rule, "K021"));
		if (above == grave)
			smsc_report_finding(o->report, f, err);
	}
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
	put_findings(o, c, true, err);
	smsc_report_plan(o->report, c, err);
	put_findings(o, c, false, err);
	return has_error(c) ? STATUS_FOUND : STATUS_DONE;
}

int run_diagnose(const request *q)
{
	return case_run(q, report);
}
