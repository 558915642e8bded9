/* match.c - which generation has the key that other evidence names? */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "command.h"

/* What --with names: the content of a file, or the word itself. */
typedef struct asked {
	const char *name;
	smsc_entry *entry;
	smsc_span   bytes;
} asked;

static bool is_hex(const char *text)
{
	return *text && strlen(text) >= 40 && strspn(text, "0123456789abcdefABCDEF") == strlen(text);
}

static int open_asked(asked *a, const char *word, const request *q, smsc_error **err)
{
	struct stat st;
	*a = (asked){ .name = word };
	if (is_hex(word) && stat(word, &st) < 0) {
		a->bytes = (smsc_span){ word, strlen(word) };
		return STATUS_DONE;
	}
	a->entry = entry_open(strcmp(word, "-") ? word : "/dev/stdin", q, err);
	if (a->entry)
		a->bytes = smsc_entry_bytes(a->entry, err);
	return a->entry && !*err ? STATUS_DONE : STATUS_FAILED;
}

/* The matches of one word; NULL after saying why there are none. */
static smsc_matches *ask(const smsc_case *c, const char *word, const request *q, int *status)
{
	smsc_error *err = NULL;
	asked a;
	smsc_matches *m = NULL;
	if (open_asked(&a, word, q, &err) == STATUS_DONE)
		m = smsc_case_match(c, a.name, a.bytes.data, a.bytes.size, &err);
	smsc_entry_unref(a.entry);
	if (!m) {
		*status = STATUS_FAILED;
		if (err)
			say_error(err, word);
	}
	smsc_error_free(err);
	return m;
}

/* The exit status: DONE once something was found. */
static void report_all(output *o, const smsc_matches *m, int *status, smsc_error **err)
{
	for (size_t i = 0; i < smsc_matches_count(m); i++) {
		const smsc_match *one = smsc_matches_at(m, i);
		smsc_report_match(o->report, one, err);
		if (smsc_match_generation(one) && *status == STATUS_FOUND)
			*status = STATUS_DONE;
	}
}

static int report_matches(output *o, const smsc_case *c, const request *q, smsc_error **err)
{
	int status = STATUS_FOUND;
	for (size_t i = 0; i < q->asked_count && !*err && !interrupted(); i++) {
		smsc_matches *m = ask(c, q->asked[i], q, &status);
		if (m)
			report_all(o, m, &status, err);
		smsc_matches_unref(m);
	}
	return status;
}

/* A message may have several recipients: the first whose key the evidence has opens it. */
static const smsc_match *choose(const smsc_matches *m)
{
	const smsc_match *one = NULL;
	for (size_t i = 0; m && i < smsc_matches_count(m); i++) {
		const smsc_match *next = smsc_matches_at(m, i);
		if (!strcmp(smsc_match_role(next), "message-recipient") && (!one || !smsc_match_generation(one)))
			one = next;
	}
	return one;
}

static int write_content(output *o, const smsc_case *c, const request *q, smsc_error **err)
{
	int status = STATUS_DONE;
	smsc_matches *m = ask(c, q->asked[0], q, &status);
	const smsc_match *one = choose(m);
	if (one)
		smsc_match_decrypt(one, output_put, o, err);
	else if (m)
		say(q->asked[0], -1, "is no encrypted message");
	o->useless = !one || *err;
	smsc_matches_unref(m);
	return status;
}

int run_match(const request *q)
{
	request private = *q;
	if (!q->asked_count) {
		say(NULL, -1, "match needs --with; see 'smscrypto help match'");
		return STATUS_USAGE;
	}
	if (!q->decrypt)
		return case_run(q, report_matches);
	if (!q->output || q->asked_count != 1) {
		say(NULL, -1, "--decrypt needs one --with, and -o FILE");
		return STATUS_USAGE;
	}
	private.options.allow |= SMSC_ALLOW_EXPORT;
	private.owner_only = true;
	return case_run(&private, write_content);
}
