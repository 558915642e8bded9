/* ls.c - the entries of sources, or their backup sets. */
#include <string.h>

#include "command.h"

/* An entry that cannot be read for its hash is listed without one. */
static int list_entry(output *o, const char *operand, smsc_entry *e, bool hash, smsc_error **err)
{
	smsc_error *wrong = NULL;
	smsc_report_entry(o->report, e, hash, &wrong);
	if (!wrong)
		return STATUS_DONE;
	if (!hash || smsc_error_code(wrong) == SMSC_ECANCELLED) {
		*err = wrong;
		return STATUS_FAILED;
	}
	say_error(wrong, operand);
	smsc_error_free(wrong);
	smsc_report_entry(o->report, e, 0, err);
	return STATUS_FAILED;
}

/* The exit status; `err` takes what ends the output. */
static int list(output *o, const char *operand, smsc_source *s, const request *q, smsc_error **err)
{
	int status = STATUS_DONE;
	smsc_error *wrong = NULL;
	progress bar;
	uint64_t bytes = 0;
	smsc_entry *e;
	progress_start(&bar, q, true);
	while (!*err && !progress_step(&bar, operand, bytes, 0) && (e = smsc_source_next(s, &wrong))) {
		bytes += smsc_entry_size(e) > 0 ? (uint64_t)smsc_entry_size(e) : 0;
		if (!q->sets && is_asked_for(q, smsc_entry_path(e)) &&
		    list_entry(o, operand, e, q->hash, err) != STATUS_DONE)
			status = STATUS_FAILED;
		smsc_entry_unref(e);
	}
	progress_end(&bar);
	for (size_t i = 0; q->sets && !*err && i < smsc_source_set_count(s); i++)
		smsc_report_record(o->report, smsc_source_set_at(s, i), err);
	for (size_t i = 0; i < smsc_source_finding_count(s); i++)
		output_finding(o, smsc_source_finding_at(s, i), err);
	if (wrong) {
		say_error(wrong, operand);
		status = STATUS_FAILED;
	}
	smsc_error_free(wrong);
	return status;
}

int run_ls(const request *q)
{
	smsc_error *err = NULL;
	output o;
	sources all;
	int status = output_open(&o, q);
	if (status != STATUS_DONE)
		return status;
	status = sources_open(&all, q);
	for (size_t i = 0; i < all.count && !err && !interrupted(); i++)
		if (list(&o, all.operands[i], all.at[i], q, &err) != STATUS_DONE)
			status = STATUS_FAILED;
	sources_close(&all);
	if (!err && !interrupted() && !q->sets)
		status = patterns_end(q, status);
	return output_close(&o, err, status);
}
