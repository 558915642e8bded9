/* diagnose.c - what happened, what has to be done: the question that all the rest is for. */
#include <string.h>

#include "command.h"

enum { ERROR = 3 };

static bool starts_with(const smsc_finding *f, const char *const *rules)
{
	for (; *rules; rules++)
		if (!strcmp(smsc_finding_rule(f), *rules))
			return true;
	return false;
}

/* What happened comes first, the plan behind all that is an error, the rest last. */
static int part_of(const smsc_finding *f)
{
	static const char *const causes[] = { "K020", "K021", NULL };
	if (starts_with(f, causes))
		return 0;
	return smsc_finding_severity(f) >= ERROR ? 1 : 2;
}

static void put_part(output *o, const smsc_case *c, int part, smsc_error **err)
{
	for (size_t i = 0; i < smsc_case_finding_count(c); i++)
		if (part_of(smsc_case_finding_at(c, i)) == part)
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
	put_part(o, c, 0, err);
	put_part(o, c, 1, err);
	smsc_report_plan(o->report, c, err);
	put_part(o, c, 2, err);
	return has_error(c) ? STATUS_FOUND : STATUS_DONE;
}

int run_diagnose(const request *q)
{
	return case_run(q, report);
}
