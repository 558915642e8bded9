/* log.c - the rows of logs. */
#include <fnmatch.h>
#include <inttypes.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"

static regex_t pattern;   /* of --grep */

/* A file is opened by its path, which then stands in the rows; ARCHIVE!/ENTRY by its entry. */
static smsc_log *open_log(const char *operand, const request *q, smsc_error **err)
{
	struct stat st;
	if (strcmp(operand, "-") == 0)
		return smsc_log_open_fd(STDIN_FILENO, operand, &q->options, err);
	bool alone = stat(operand, &st) == 0;
	smsc_entry *e = entry_open(operand, q, err);
	smsc_log *l = NULL;
	if (e)
		l = alone ? smsc_log_open(operand, &q->options, err)
		          : smsc_log_open_entry(e, &q->options, err);
	smsc_entry_unref(e);
	return l;
}

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

static int print_log(output *o, const char *operand, const request *q, smsc_error **err)
{
	smsc_error *wrong = NULL;
	smsc_log *l = open_log(operand, q, &wrong);
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

/* ---- generations of one log ---------------------------------------------------------------- */

/* Bytes of a path without what a log gets when it is full or packed: "CcmExec" of
 * "CcmExec-20050105-193713.log.gz", "hman" of "hman.lo_". */
static size_t set_size(const char *path)
{
	static const char form[] = "-00000000-000000";
	size_t n = strlen(path), size = sizeof(form) - 1;
	if (n > 3 && strcasecmp(path + n - 3, ".gz") == 0)
		n -= 3;
	if (n > 4 && (strncasecmp(path + n - 4, ".log", 4) == 0 || strncasecmp(path + n - 4, ".lo_", 4) == 0))
		n -= 4;
	if (n <= size)
		return n;
	for (size_t i = 0; i < size; i++) {
		char c = path[n - size + i];
		if (form[i] == '-' ? c != '-' : c < '0' || c > '9')
			return n;
	}
	return n - size;
}

static bool is_one_log(const char *a, const char *b)
{
	size_t n = set_size(a);
	return n == set_size(b) && strncasecmp(a, b, n) == 0;
}

/* Of its first row with a time; SMSC_NEVER when there is none, or it cannot be read. */
static smsc_time first_time(const char *operand, const request *q)
{
	smsc_row row = SMSC_ROW_INIT;
	smsc_error *err = NULL;
	smsc_time t = SMSC_NEVER;
	smsc_log *l = open_log(operand, q, &err);
	while (t == SMSC_NEVER && l && smsc_log_next(l, &row, &err))
		t = row.time != SMSC_NEVER ? row.time : row.local;
	smsc_log_unref(l);
	smsc_error_free(err);
	return t;
}

/* Generations of one log change places until each goes on where the one before ends. */
static int order_sets(const request *q)
{
	size_t n = q->operand_count;
	smsc_time *first = calloc(n ? n : 1, sizeof(*first));
	if (!first)
		return -1;
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < n && first[i] == SMSC_NEVER; k++)
			if (k != i && strcmp(q->operands[i], "-") && is_one_log(q->operands[i], q->operands[k]))
				first[i] = first_time(q->operands[i], q);
	for (size_t i = 1; i < n; i++)
		for (size_t k = 0; k < i; k++) {
			if (first[k] <= first[i] || first[i] == SMSC_NEVER || !is_one_log(q->operands[k], q->operands[i]))
				continue;
			smsc_time t = first[k];
			char *operand = q->operands[k];
			first[k] = first[i];
			q->operands[k] = q->operands[i];
			first[i] = t;
			q->operands[i] = operand;
		}
	free(first);
	return 0;
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
	if (!q->count && order_sets(q) < 0) {
		say(NULL, -1, "no memory");
		return STATUS_FAILED;
	}
	int status = run_each(q, print_log);
	if (q->grep)
		regfree(&pattern);
	return status;
}
