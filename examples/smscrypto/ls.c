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

/* Entries whose streams are not all known yet: a file and its alternate streams. */
typedef struct waiting {
	smsc_entry *at[64];
	size_t      count;
} waiting;

static void list_waiting(output *o, waiting *w, smsc_error **err)
{
	for (size_t i = 0; i < w->count; i++) {
		if (!*err)
			smsc_report_entry(o->report, w->at[i], 0, err);
		smsc_entry_unref(w->at[i]);
	}
	w->count = 0;
}

static bool is_alternate(const smsc_entry *of, const smsc_entry *e)
{
	const char *path = smsc_entry_path(of);
	size_t size = strlen(path);
	return strncmp(smsc_entry_path(e), path, size) == 0 && smsc_entry_path(e)[size] == ':';
}

/* With details an entry is listed when the walk has gone on and all is known; to be hashed it is
 * read at once. */
static int list_or_wait(output *o, const char *operand, waiting *w, smsc_entry *e, const request *q,
                        smsc_error **err)
{
	bool asked = !q->sets && is_asked_for(q, smsc_entry_path(e));
	if (w->count == sizeof w->at / sizeof *w->at || (w->count && !is_alternate(w->at[0], e)))
		list_waiting(o, w, err);
	if (!asked || *err)
		return STATUS_DONE;
	if (!q->details || q->hash)
		return list_entry(o, operand, e, q->hash, err);
	w->at[w->count++] = smsc_entry_ref(e);
	return STATUS_DONE;
}

/* The exit status; `err` takes what ends the output. */
static int list(output *o, const char *operand, smsc_source *s, const request *q, smsc_error **err)
{
	int status = STATUS_DONE;
	smsc_error *wrong = NULL;
	progress bar;
	uint64_t bytes = 0;
	waiting wait = { .count = 0 };
	smsc_entry *e;
	progress_start(&bar, q, true);
	while (!*err && !progress_step(&bar, operand, bytes, 0) && (e = smsc_source_next(s, &wrong))) {
		bytes += smsc_entry_size(e) > 0 ? (uint64_t)smsc_entry_size(e) : 0;
		if (list_or_wait(o, operand, &wait, e, q, err) != STATUS_DONE)
			status = STATUS_FAILED;
		smsc_entry_unref(e);
	}
	list_waiting(o, &wait, err);
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
