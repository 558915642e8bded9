/* inspect.c - one file decoded, every field with its offset. */
#include <string.h>

#include "command.h"

static smsc_record *decode(smsc_entry *e, const char *operand, const request *q, smsc_error **err)
{
	smsc_span bytes = smsc_entry_bytes(e, err);
	return smsc_decode(operand, bytes.data, bytes.size, &q->options, err);
}

static int inspect(output *o, const char *operand, const request *q, smsc_error **err)
{
	smsc_error *wrong = NULL;
	smsc_entry *e = entry_open(operand, q, &wrong);
	smsc_record *r = e ? decode(e, operand, q, &wrong) : NULL;
	if (r)
		smsc_report_record(o->report, r, err);
	for (size_t i = 0; r && i < smsc_record_finding_count(r); i++)
		output_finding(o, smsc_record_finding_at(r, i), err);
	if (wrong)
		say_error(wrong, operand);
	smsc_error_free(wrong);
	smsc_entry_unref(e);
	int status = r ? STATUS_DONE : STATUS_FAILED;
	smsc_record_unref(r);
	return status;
}

int run_inspect(const request *q) { return run_each(q, inspect); }
