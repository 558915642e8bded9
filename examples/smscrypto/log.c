/* log.c - the rows of logs. */
#include <fnmatch.h>
#include <inttypes.h>
#include <regex.h>
#include <string.h>

#include "command.h"

static regex_t pattern;   /* of --grep */

/* ---- which rows -------------------------------------------------------------------------- */

static bool is_in_time(const smsc_row *row, const request *q)
{
	smsc_time t = row->time != SMSC_NEVER ? row->time : row->local;
	if (q->since == SMSC_NEVER && q->until == SMSC_NEVER)
		return true;
	return t != SMSC_NEVER && t >= q->since && (q->until == SMSC_NEVER || t < q->until);
}

/* Names are short; a longer one fits nothing that anybody writes. */
static bool is_of_component(smsc_span component, const char *wanted)
{
	char name[256];
	if (component.size >= sizeof(name))
		return false;
	if (component.size)
		memcpy(name, component.data, component.size);
	name[component.size] = 0;
	return fnmatch(wanted, name, FNM_CASEFOLD) == 0;
}

static bool has_pattern(smsc_span text)
{
	regmatch_t range = { .rm_so = 0, .rm_eo = (regoff_t)text.size };
	return regexec(&pattern, text.size ? text.data : "", 1, &range, REG_STARTEND) == 0;
}

static bool is_of_kind(const smsc_row *row, const char *wanted)
{
	const char *kind = smsc_log_row_kind(row);
	return kind && fnmatch(wanted, kind, 0) == 0;
}

/* What costs least is asked first. */
static bool is_wanted(const smsc_row *row, const request *q)
{
	return is_in_time(row, q) &&
	       (!q->component || is_of_component(row->component, q->component)) &&
	       (!q->code || smsc_code_in_row(row, q->code)) &&
	       (!q->kind || is_of_kind(row, q->kind)) &&
	       (!q->grep || has_pattern(row->text));
}

/* ---- output ------------------------------------------------------------------------------ */

static uint64_t copy_rows(output *o, const char *operand, smsc_log *l, const request *q,
                          smsc_error **wrong, smsc_error **err)
{
	smsc_row row = SMSC_ROW_INIT;
	progress bar;
	uint64_t done = 0, count = 0;
	progress_start(&bar, q, !q->count);
	while (!*err && !progress_step(&bar, operand, done, 0) && smsc_log_next(l, &row, wrong)) {
		done = row.offset + row.length;
		if (!is_wanted(&row, q))
			continue;
		count++;
		if (!q->count)
			smsc_report_row(o->report, l, &row, err);
	}
	progress_end(&bar);
	return count;
}

static void put_count(output *o, const char *operand, uint64_t count)
{
	char number[24];
	int size = snprintf(number, sizeof(number), "%" PRIu64 "\t", count);
	if (output_put(o, number, (size_t)size) == 0 && output_put(o, operand, strlen(operand)) == 0)
		output_put(o, "\n", 1);
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

static int print_log(output *o, const log_file *f, const request *q, smsc_error **err)
{
	smsc_error *wrong = NULL;
	const char *operand = log_name(f);
	smsc_log *l = log_open(f, q, &wrong);
	int status = l ? STATUS_DONE : STATUS_FAILED;
	if (l) {
		uint64_t count = copy_rows(o, operand, l, q, &wrong, err);
		if (q->count && !interrupted())
			put_count(o, operand, count);
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

static int print_all(const request *q)
{
	smsc_error *err = NULL;
	output o;
	logs all;
	int status = output_open(&o, q);
	if (status != STATUS_DONE)
		return status;
	status = logs_find(&all, q);
	for (size_t i = 0; i < all.count && !err && !interrupted(); i++)
		if (print_log(&o, logs_at(&all, i), q, &err) != STATUS_DONE)
			status = STATUS_FAILED;
	logs_free(&all);
	return output_close(&o, err, status);
}

static int compile(const char *text)
{
	char why[200];
	int rc = regcomp(&pattern, text, REG_EXTENDED);
	if (rc == 0)
		return 0;
	regerror(rc, &pattern, why, sizeof(why));
	say(NULL, -1, "no regular expression: '%s': %s", text, why);
	return -1;
}

int run_log(const request *q)
{
	if (q->count && strcmp(q->format, "text")) {
		say(NULL, -1, "--count writes text only");
		return STATUS_USAGE;
	}
	if (q->grep && compile(q->grep) < 0)
		return STATUS_USAGE;
	int status = print_all(q);
	if (q->grep)
		regfree(&pattern);
	return status;
}
