/* case.c - timeline, keys, certs and report: several snapshots, analyzed together. */
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"

static int add_one(smsc_case *c, const char *path, const char *label)
{
	smsc_error *err = NULL;
	int status = smsc_case_add(c, path, label, &err) < 0 ? STATUS_FAILED : STATUS_DONE;
	if (status != STATUS_DONE)
		say_error(err, path);
	smsc_error_free(err);
	return status;
}

/* Backups that lie in one folder are as many snapshots, unless it was given one name. */
static int add(smsc_case *c, const char *operand, const request *q)
{
	char *label;
	const char *path = operand_path(operand, &label);
	char **files = label ? NULL : folder_backups(path, q);
	int status = files ? STATUS_DONE : add_one(c, path, label);
	for (char **file = files; file && *file; file++)
		if (add_one(c, *file, NULL) != STATUS_DONE)
			status = STATUS_FAILED;
	folder_free(files);
	free(label);
	return status;
}

/* Adds every operand that can be opened; the exit status so far. */
static int add_all(smsc_case *c, const request *q)
{
	int status = STATUS_DONE;
	for (size_t i = 0; i < q->operand_count + q->with_count; i++)
		if (add(c, i < q->operand_count ? q->operands[i] : q->with[i - q->operand_count], q) != STATUS_DONE)
			status = STATUS_FAILED;
	return status;
}

static int unlock_all(smsc_case *c, const request *q, smsc_error **err)
{
	for (size_t i = 0; i < q->secret_count; i++) {
		char *text = secret_text(q->secrets[i]);
		int rc = text ? smsc_case_unlock(c, text, err) : -1;
		secret_free(text);
		if (rc < 0) {
			if (*err)
				say_error(*err, "--secret");
			return STATUS_USAGE;
		}
	}
	return STATUS_DONE;
}

/* That this process may run on. */
static uint32_t processors(void)
{
	cpu_set_t set;
	return sched_getaffinity(0, sizeof set, &set) == 0 ? (uint32_t)CPU_COUNT(&set) : 1;
}

static smsc_case *analyze(const request *q, int *status)
{
	smsc_error *err = NULL;
	progress bar;
	smsc_options options = q->options;
	if (!options.threads)
		options.threads = processors();
	smsc_case *c = smsc_case_new(&options, &err);
	*status = c ? unlock_all(c, q, &err) : STATUS_FAILED;
	if (c && *status == STATUS_DONE)
		*status = add_all(c, q);
	if (c && !smsc_case_source_count(c)) {
		smsc_case_unref(c);
		smsc_error_free(err);
		return NULL;
	}
	progress_start(&bar, q, false);
	int rc = smsc_case_analyze(c, progress_step, &bar, &err);
	progress_end(&bar);
	if (rc < 0) {
		*status = STATUS_FAILED;
		if (!interrupted())
			say_error(err, NULL);
		smsc_case_unref(c);
		c = NULL;
	}
	smsc_error_free(err);
	return c;
}

/* D rules say what could not be read; K rules are conclusions. */
static bool is_damage(const smsc_finding *f)
{
	return smsc_finding_rule(f)[0] == 'D';
}

static void report_damage(output *o, const smsc_case *c, smsc_error **err)
{
	for (size_t i = 0; i < smsc_case_finding_count(c); i++)
		if (is_damage(smsc_case_finding_at(c, i)))
			output_finding(o, smsc_case_finding_at(c, i), err);
}

/* Silence would be taken for "all is well". */
static void say_if_nothing(const smsc_case *c, const request *q)
{
	if (!q->quiet && !smsc_case_event_count(c) && !smsc_case_generation_count(c) &&
	    !smsc_case_certificate_count(c) && !smsc_case_finding_count(c))
		say(NULL, -1, "nothing about keys was found in the evidence");
}

int case_run(const request *q, report_fn *report)
{
	smsc_error *err = NULL;
	output o;
	int status = output_open(&o, q);
	if (status != STATUS_DONE)
		return status;
	smsc_case *c = analyze(q, &status);
	if (c) {
		int found = report(&o, c, q, &err);
		if (status == STATUS_DONE)
			status = found;
		say_if_nothing(c, q);
	} else {
		o.useless = true;
	}
	if (o.useless && status <= STATUS_FOUND)
		status = STATUS_FAILED;
	status = output_close(&o, err, status);
	smsc_case_unref(c);
	return status;
}

static int report_timeline(output *o, const smsc_case *c, const request *q, smsc_error **err)
{
	smsc_report_timeline(o->report, c, q->since, q->until, err);
	report_damage(o, c, err);
	return STATUS_DONE;
}

static int report_keys(output *o, const smsc_case *c, const request *q, smsc_error **err)
{
	smsc_report_generations(o->report, c, err);
	if (strcmp(q->format, "csv") == 0)
		report_damage(o, c, err);  /* one kind of row a file */
	else
		smsc_report_findings(o->report, c, err);
	return STATUS_DONE;
}

static int report_certs(output *o, const smsc_case *c, const request *q, smsc_error **err)
{
	(void)q;
	smsc_report_certificates(o->report, c, err);
	report_damage(o, c, err);
	return STATUS_DONE;
}

static int report_whole(output *o, const smsc_case *c, const request *q, smsc_error **err)
{
	(void)q;
	smsc_report_case(o->report, c, err);
	return STATUS_DONE;
}

int run_timeline(const request *q) { return case_run(q, report_timeline); }
int run_keys(const request *q)     { return case_run(q, report_keys); }
int run_certs(const request *q)    { return case_run(q, report_certs); }
int run_report(const request *q)   { return case_run(q, report_whole); }
