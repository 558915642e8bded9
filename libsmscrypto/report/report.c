/* report.c - rows in, text out: what all formats share. */
#include "report.h"

#include <stdlib.h>
#include <string.h>

#include "../base/error.h"
#include "../crypto/hash.h"

#define FLUSH_BYTES 65536u
#define HASH_BYTES  65536u

static const smsc_writer *const writers[] = {
	&smsc_text_writer, &smsc_jsonl_writer, &smsc_csv_writer, &smsc_bodyfile_writer,
	&smsc_timesketch_writer, &smsc_l2tcsv_writer, &smsc_html_writer, &smsc_svg_writer,
};

const char *smsc_time_text(smsc_time t, char out[29])
{
	smsc_time_format(t, out);
	return out;
}

const char *smsc_local_text(smsc_time t, char out[29])
{
	smsc_time_format(t, out);
	size_t size = strlen(out);
	if (size)
		out[size - 1] = '\0';
	return out;
}

smsc_report *smsc_report_new(const char *format, unsigned flags, smsc_sink_fn *sink, void *user,
                             smsc_error **err)
{
	const smsc_writer *writer = NULL;
	if (smsc_failed(err))
		return NULL;
	for (size_t i = 0; i < sizeof(writers) / sizeof(*writers); i++)
		if (format && !strcmp(writers[i]->name, format))
			writer = writers[i];
	if (!writer || !sink) {
		smsc_fail(err, SMSC_EARG, NULL, -1, writer ? "a report needs a sink" :
		          "no report format is called \"%.40s\"", format ? format : "");
		return NULL;
	}
	smsc_report *r = calloc(1, sizeof(*r));
	if (!r) {
		smsc_fail_nomem(err);
		return NULL;
	}
	r->writer = writer;
	r->flags = flags;
	r->sink = sink;
	r->user = user;
	return r;
}

void smsc_report_free(smsc_report *r)
{
	if (!r)
		return;
	smsc_buf_free(&r->out);
	smsc_buf_free(&r->table.cells);
	smsc_buf_free(&r->table.widths);
	free(r);
}

/* ---- output -------------------------------------------------------------------------- */

static int flush(smsc_report *r, smsc_error **err)
{
	if (r->out.failed || r->table.cells.failed || r->table.widths.failed)
		return smsc_fail_nomem(err);
	if (r->out.size && r->sink(r->user, r->out.data, r->out.size))
		return smsc_fail(err, SMSC_ECANCELLED, NULL, -1, "the output was stopped");
	smsc_buf_clear(&r->out);
	return 0;
}

/* A report that was not made (NULL) can tell nothing: the error that sticks says why. */
#define CAN(R, ROW) ((R) && (R)->writer->ROW)

/* True when rows of `kind` may be written; what was held back of another kind comes first. */
static bool begin(smsc_report *r, const char *kind, bool can, smsc_error **err)
{
	if (smsc_failed(err))
		return false;
	if (!r) {
		smsc_fail(err, SMSC_EARG, NULL, -1, "there is no report");
		return false;
	}
	if (!can) {
		smsc_fail(err, SMSC_EARG, NULL, -1, "format \"%s\" cannot tell a %s", r->writer->name, kind);
		return false;
	}
	if (r->kind && strcmp(r->kind, kind) && r->writer->settle)
		r->writer->settle(r);
	return true;
}

static int end(smsc_report *r, const char *kind, smsc_error **err)
{
	r->kind = kind;
	return flush(r, err);
}

bool smsc_event_is_log(const smsc_event *e)
{
	return !strncmp(smsc_event_clock(e), "log", 3);
}

bool smsc_event_is_routine(const smsc_event *e)
{
	return !smsc_event_severity(e) && smsc_event_is_log(e);
}

bool smsc_report_begins(smsc_report *r, const char *kind)
{
	bool begins = !r->kind || strcmp(r->kind, kind) != 0;
	r->kind = kind;
	return begins;
}

static int flush_when_full(smsc_report *r, smsc_error **err)
{
	return r->out.size < FLUSH_BYTES && !r->out.failed ? 0 : flush(r, err);
}

int smsc_report_end(smsc_report *r, smsc_error **err)
{
	if (smsc_failed(err))
		return -1;
	if (!r)
		return smsc_fail(err, SMSC_EARG, NULL, -1, "there is no report");
	if (r->writer->end)
		r->writer->end(r);
	else if (r->writer->settle)
		r->writer->settle(r);
	return flush(r, err);
}

/* ---- what a case holds ------------------------------------------------------------------ */

/* An event that may lie in the time asked for is told: its slack counts. */
static bool is_within(const smsc_event *e, smsc_time since, smsc_time until)
{
	smsc_time t = e->time;
	int64_t slack = 0;
	if (t == SMSC_NEVER) {
		t = e->local;
		slack = e->slack;
	}
	if (t == SMSC_NEVER)
		return since == SMSC_NEVER && until == SMSC_NEVER;
	return (since == SMSC_NEVER || t + slack >= since) && (until == SMSC_NEVER || t - slack < until);
}

int smsc_report_timeline(smsc_report *r, const smsc_case *c, smsc_time since, smsc_time until,
                         smsc_error **err)
{
	if (!begin(r, "event", CAN(r, event), err))
		return -1;
	for (size_t i = 0; i < c->event_count; i++) {
		if (!is_within(c->events[i], since, until))
			continue;
		r->writer->event(r, c->events[i]);
		if (flush_when_full(r, err) < 0)
			return -1;
	}
	return end(r, "event", err);
}

int smsc_report_sources(smsc_report *r, const smsc_case *c, smsc_error **err)
{
	if (!begin(r, "source", CAN(r, source), err))
		return -1;
	for (size_t i = 0; i < c->snapshot_count; i++) {
		r->writer->source(r, c->snapshots[i]);
		if (flush_when_full(r, err) < 0)
			return -1;
	}
	return end(r, "source", err);
}

int smsc_report_generations(smsc_report *r, const smsc_case *c, smsc_error **err)
{
	if (!begin(r, "generation", CAN(r, generation), err))
		return -1;
	for (size_t i = 0; i < c->generation_count; i++) {
		r->writer->generation(r, c->generations[i]);
		if (flush_when_full(r, err) < 0)
			return -1;
	}
	return end(r, "generation", err);
}

int smsc_report_certificates(smsc_report *r, const smsc_case *c, smsc_error **err)
{
	if (!begin(r, "certificate", CAN(r, certificate), err))
		return -1;
	for (size_t i = 0; i < c->certificate_count; i++) {
		r->writer->certificate(r, c->certificates[i]);
		if (flush_when_full(r, err) < 0)
			return -1;
	}
	return end(r, "certificate", err);
}

int smsc_report_plan(smsc_report *r, const smsc_case *c, smsc_error **err)
{
	if (!begin(r, "plan", CAN(r, step), err))
		return -1;
	for (size_t i = 0; i < c->step_count; i++) {
		r->writer->step(r, c->steps[i]);
		if (flush_when_full(r, err) < 0)
			return -1;
	}
	return end(r, "plan", err);
}

int smsc_report_findings(smsc_report *r, const smsc_case *c, smsc_error **err)
{
	int done = smsc_failed(err) ? -1 : 0;
	for (size_t i = 0; !done && i < c->findings.count; i++)
		done = smsc_report_finding(r, c->findings.at[i], err);
	return done;
}

int smsc_report_finding(smsc_report *r, const smsc_finding *f, smsc_error **err)
{
	if (!begin(r, "finding", CAN(r, finding), err))
		return -1;
	r->writer->finding(r, f);
	return end(r, "finding", err);
}

int smsc_report_match(smsc_report *r, const smsc_match *m, smsc_error **err)
{
	if (!begin(r, "match", CAN(r, match), err))
		return -1;
	r->writer->match(r, m);
	return end(r, "match", err);
}

int smsc_report_case(smsc_report *r, const smsc_case *c, smsc_error **err)
{
	/* A timeline alone cannot tell it all. */
	if (!begin(r, "case", CAN(r, open) || CAN(r, step), err))
		return -1;
	if (r->writer->open) {
		r->writer->open(r, c);
		if (flush(r, err) < 0)
			return -1;
	}
	if (!r->writer->step)
		return 0;
	smsc_report_findings(r, c, err);
	smsc_report_plan(r, c, err);
	smsc_report_generations(r, c, err);
	smsc_report_certificates(r, c, err);
	smsc_report_timeline(r, c, SMSC_NEVER, SMSC_NEVER, err);
	return smsc_report_sources(r, c, err);
}

/* ---- one thing ------------------------------------------------------------------------------ */

int smsc_report_record(smsc_report *r, const smsc_record *record, smsc_error **err)
{
	if (!begin(r, "record", CAN(r, record), err))
		return -1;
	r->writer->record(r, record);
	return end(r, "record", err);
}

int smsc_report_row(smsc_report *r, const smsc_log *l, const smsc_row *row, smsc_error **err)
{
	if (!begin(r, "log", CAN(r, row), err))
		return -1;
	r->writer->row(r, l, row);
	r->kind = "log";
	return flush_when_full(r, err);
}

static int feed(smsc_hasher *h, smsc_entry *e, smsc_error **err)
{
	uint8_t *buffer = malloc(HASH_BYTES);
	size_t n;
	if (!buffer)
		return smsc_fail_nomem(err);
	smsc_error *wrong = NULL;
	int done = smsc_entry_rewind(e, &wrong);
	while (!done && (n = smsc_entry_read(e, buffer, HASH_BYTES, &wrong)) > 0)
		smsc_hasher_add(h, buffer, n);
	free(buffer);
	if (!wrong)
		return 0;
	/* Whether or not the caller asks for errors, half a hash is none. */
	smsc_fail(err, smsc_error_code(wrong), smsc_error_path(wrong), smsc_error_offset(wrong), "%s",
	          smsc_error_message(wrong));
	smsc_error_free(wrong);
	return -1;
}

static int hash_entry(smsc_entry *e, smsc_buf *hex, smsc_error **err)
{
	uint8_t digest[SMSC_SHA256_SIZE];
	smsc_hasher *h = smsc_hasher_new(SMSC_SHA256, err);
	int done = h ? feed(h, e, err) : -1;
	if (!done)
		done = smsc_hasher_end(h, digest, err);
	if (!done)
		smsc_buf_hex(hex, digest, sizeof(digest));
	smsc_hasher_free(h);
	return done;
}

int smsc_report_entry(smsc_report *r, smsc_entry *e, int hash, smsc_error **err)
{
	smsc_buf hex = SMSC_BUF_INIT;
	if (!begin(r, "entry", CAN(r, entry), err))
		return -1;
	bool hashed = hash && !strcmp(smsc_entry_kind(e), "file");
	if (hashed && (hash_entry(e, &hex, err) < 0 || hex.failed)) {
		smsc_buf_free(&hex);
		return hex.failed ? smsc_fail_nomem(err) : -1;
	}
	smsc_record *streams = r->flags & SMSC_DETAILS ? smsc_entry_streams(e, err) : NULL;
	r->streams = streams;
	r->writer->entry(r, e, hashed ? hex.data : NULL);
	r->streams = NULL;
	smsc_record_unref(streams);
	smsc_buf_free(&hex);
	return smsc_failed(err) ? -1 : end(r, "entry", err);
}
