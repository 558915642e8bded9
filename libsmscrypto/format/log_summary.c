/* log_summary.c - a whole log as one record: what it is, from when to when, how damaged. */
#include <inttypes.h>
#include <stdio.h>

#include "log_stream.h"

#define MOST_BIASES 16

typedef struct place {
	smsc_time value;
	uint64_t  at, bytes;
} place;

typedef struct summary {
	uint64_t rows, severity[4], no_time, left_behind;
	place    first, last, first_local, last_local;
	int32_t  biases[MOST_BIASES];
	size_t   bias_count;
} summary;

static void note_time(place *first, place *last, smsc_time value, const smsc_row *row)
{
	place p = { value, row->offset, row->length };

	if (value == SMSC_NEVER)
		return;
	if (first->value == SMSC_NEVER || value < first->value)
		*first = p;
	if (value >= last->value)
		*last = p;
}

static void note_bias(summary *s, int32_t bias)
{
	for (size_t i = 0; i < s->bias_count; i++)
		if (s->biases[i] == bias)
			return;
	if (s->bias_count < MOST_BIASES)
		s->biases[s->bias_count++] = bias;
}

static void note_row(summary *s, const smsc_row *row)
{
	s->rows++;
	s->severity[row->severity]++;
	s->no_time += row->local == SMSC_NEVER && row->time == SMSC_NEVER;
	s->left_behind += !strcmp(row->form, "evt-old");
	note_time(&s->first, &s->last, row->time, row);
	note_time(&s->first_local, &s->last_local, row->local, row);
	if (row->bias != SMSC_NO_BIAS)
		note_bias(s, row->bias);
}

static void put_place(smsc_record *out, const char *name, const char *meaning, const place *p)
{
	if (p->value != SMSC_NEVER)
		smsc_put_time(out, name, meaning, p->value, p->at, p->bytes);
}

static void put_biases(smsc_record *out, const summary *s)
{
	char text[MOST_BIASES * 8] = "";
	size_t size = 0;

	for (size_t i = 0; i < s->bias_count; i++)
		size += (size_t)snprintf(text + size, sizeof text - size, "%s%+" PRId32,
		                         i ? ", " : "", s->biases[i]);
	smsc_put_text(out, "biases", "minutes from local time to UTC, west of Greenwich is +",
	              text, size, 0, 0);
	if (!s->bias_count)
		smsc_note(out, "the log does not tell its zone");
}

static void put_count(smsc_record *out, const char *name, const char *meaning, uint64_t n)
{
	smsc_put_int(out, name, meaning, (int64_t)n, 0, 0);
}

/* An event log is no text, and its times are UTC. */
static void put_of_text(smsc_record *out, const smsc_log *l, const summary *s)
{
	const char *encoding = smsc_encoding_name(l->w.encoding);

	if (l->format == &smsc_evt_log)
		return;
	smsc_put_text(out, "encoding", "how its text is stored, by its first bytes",
	              encoding, strlen(encoding), 0, 0);
	put_biases(out, s);
}

/* What only one format has. */
static void put_special(smsc_record *out, const smsc_log *l, const summary *s)
{
	if (l->format == &smsc_evt_log)
		put_count(out, "left_behind", "of them that are no longer part of the log", s->left_behind);
	if (l->renamed)
		smsc_put_text(out, "renamed", "the log was full and got another name; it goes on elsewhere",
		              "yes", 3, l->renamed_at, 0);
	if (l->format != &smsc_trace_text)
		return;
	const char *order = l->day_first ? "day first" : "month first";
	smsc_put_text(out, "date_order", "how dates are read", order, strlen(order), 0, 0);
	if (!l->order_told)
		smsc_note(out, "no date tells; it may be the other way round");
}

static void put_summary(smsc_record *out, const smsc_log *l, const summary *s, size_t size)
{
	put_of_text(out, l, s);
	put_count(out, "bytes", "size of the log", size);
	put_count(out, "rows", "records that could be read", s->rows);
	put_count(out, "errors", "records of type 3", s->severity[3]);
	put_count(out, "warnings", "records of type 2", s->severity[2]);
	put_count(out, "without_time", "records with no time of their own", s->no_time);
	put_special(out, l, s);
	put_place(out, "first_local", "earliest time as it is written in the log", &s->first_local);
	put_place(out, "last_local", "latest time as it is written in the log", &s->last_local);
	put_place(out, "first_time", "earliest time, UTC", &s->first);
	put_place(out, "last_time", "latest time, UTC", &s->last);
	put_count(out, "damage", "places that are no record, or a damaged one",
	          smsc_log_finding_count(l));
}

static void copy_findings(smsc_record *out, const smsc_log *l)
{
	const smsc_finding *f;

	for (size_t i = 0; (f = smsc_log_finding_at(l, i)); i++)
		smsc_damage(out, f->rule, f->offset, "%s", f->text);
}

void smsc_log_summary(smsc_span in, smsc_record *out)
{
	smsc_span left = in;
	summary s = { 0 };
	smsc_settings settings;
	smsc_error *err = NULL;
	smsc_row row = SMSC_ROW_INIT;

	smsc_settings_of(&settings, NULL, &err);
	settings.codepage = out->codepage;
	smsc_log *l = smsc_log_new(smsc_pull_span, NULL, &left, out->path ? out->path : "", &settings, &err);
	while (smsc_log_next(l, &row, &err))
		note_row(&s, &row);
	if (!err && l->format == &smsc_evt_log)
		smsc_evt_put_header(in, out);
	if (!err) {
		put_summary(out, l, &s, in.size);
		copy_findings(out, l);
	} else if (smsc_error_code(err) == SMSC_ENOMEM) {
		out->root->failed = true;
	} else {
		smsc_damage(out, SMSC_RULE_D002, 0, "%s", smsc_error_message(err));
	}
	smsc_log_unref(l);
	smsc_error_free(err);
}
