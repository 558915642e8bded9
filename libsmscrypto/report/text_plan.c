/* text_plan.c - the recovery plan for people: numbered, one thing a line. */
#include <string.h>

#include "style.h"

static void put_line(smsc_report *r, const char *lead, const char *text)
{
	if (!*text)
		return;
	smsc_buf_printf(&r->out, "      %-7s", lead);
	smsc_style_safe_str(&r->out, text);
	smsc_buf_char(&r->out, '\n');
}

static smsc_style style_of(const smsc_step *s)
{
	if (!strcmp(smsc_step_action(s), "warn"))
		return SMSC_BAD;
	return strcmp(smsc_step_action(s), "skip") ? SMSC_STRONG : SMSC_DIM;
}

void smsc_text_step(smsc_report *r, const smsc_step *s)
{
	smsc_buf *o = &r->out;
	if (smsc_report_begins(r, "plan")) {
		if (r->blocks)
			smsc_buf_char(o, '\n');
		smsc_style_styled(r, SMSC_STRONG, "RECOVERY PLAN\n");
	}
	r->blocks++;
	smsc_buf_printf(o, "%4u  ", smsc_step_number(s));
	smsc_style_styled(r, style_of(s), smsc_step_action(s));
	if (*smsc_step_proof(s)) {
		smsc_style style = strcmp(smsc_step_proof(s), "private-verified") ? SMSC_WARN : SMSC_GOOD;
		smsc_buf_str(o, "  (");
		smsc_style_styled(r, style, smsc_step_proof(s));
		smsc_buf_char(o, ')');
	}
	smsc_buf_char(o, '\n');
	put_line(r, "", smsc_step_what(s));
	put_line(r, "to", smsc_step_to(s));
	put_line(r, "why", smsc_step_reason(s));
	put_line(r, "check", smsc_step_check(s));
}
