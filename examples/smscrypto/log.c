/* log.c - the rows of logs. */
#include <sys/stat.h>

#include "command.h"

/* A file is opened by its path, which then stands in the rows; ARCHIVE!/ENTRY by its entry. */
static smsc_log *open_log(const char *operand, const request *q, smsc_error **err)
{
	struct stat st;
	bool alone = stat(operand, &st) == 0;
	smsc_entry *e = entry_open(operand, q, err);
	smsc_log *l = NULL;
	if (e)
		l = alone ? smsc_log_open(operand, &q->options, err)
		          : smsc_log_open_entry(e, &q->options, err);
	smsc_entry_unref(e);
	return l;
}

static void copy_rows(output *o, const char *operand, smsc_log *l, const request *q,
                      smsc_error **wrong, smsc_error **err)
{
	smsc_row row = SMSC_ROW_INIT;
	progress bar;
	uint64_t done = 0;
	progress_start(&bar, q, true);
	while (!*err && !progress_step(&bar, operand, done, 0) && smsc_log_next(l, &row, wrong)) {
		done = row.offset + row.length;
		smsc_report_row(o->report, l, &row, err);
	}
	progress_end(&bar);
}

static void report_findings(output *o, const char *operand, const smsc_log *l, smsc_error **err)
{
	size_t count = smsc_log_finding_count(l), i = 0;
	const smsc_finding *f;
	for (; i < count && (f = smsc_log_finding_at(l, i)); i++)
		output_finding(o, f, err);
	if (i < count && !o->quiet)
		say(operand, -1, "%zu more runs of bytes that are no record", count - i);
}

static int print_log(output *o, const char *operand, const request *q, smsc_error **err)
{
	smsc_error *wrong = NULL;
	smsc_log *l = open_log(operand, q, &wrong);
	int status = l ? STATUS_DONE : STATUS_FAILED;
	if (l) {
		copy_rows(o, operand, l, q, &wrong, err);
		report_findings(o, operand, l, err);
	}
	if (wrong) {
		say_error(wrong, operand);
		status = STATUS_FAILED;
	}
	smsc_error_free(wrong);
	smsc_log_unref(l);
	return status;
}

int run_log(const request *q) { return run_each(q, print_log); }
