/* log_events.c - logs are streamed; of millions of rows only those about keys are kept. */
#include <stdio.h>
#include <string.h>

#include "../base/buf.h"
#include "../base/text.h"
#include "../base/time.h"
#include "../format/log.h"
#include "event.h"
#include "keep.h"
#include "knowledge.h"
#include "read.h"

/* An event's text is one line of a table; the whole message is at its offset. */
#define MAX_TEXT 500

typedef struct pulled {
	smsc_reading *reading;
	smsc_entry   *entry;
	size_t        head, at;  /* of the head, that was read to recognise the log */
} pulled;

static size_t pull(void *user, void *buffer, size_t size, smsc_error **err)
{
	pulled *p = user;
	if (p->at == p->head)
		return smsc_read_more(p->reading, p->entry, buffer, size, err);
	if (size > p->head - p->at)
		size = p->head - p->at;
	memcpy(buffer, p->reading->head + p->at, size);
	p->at += size;
	return size;
}

/* ---- text ------------------------------------------------------------------------------ */

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* One line without blanks at its ends; '~' there is how the site server writes a newline. */
static void put_line(smsc_buf *out, smsc_span text)
{
	const char *p = text.data;
	size_t from = 0, to = text.size;
	while (from < to && (is_blank(p[from]) || p[from] == '~'))
		from++;
	while (to > from && (is_blank(p[to - 1]) || p[to - 1] == '~'))
		to--;
	for (size_t i = from; i < to && out->size <= MAX_TEXT; i++) {
		if (!is_blank(p[i]))
			smsc_buf_char(out, p[i]);
		else if (!is_blank(p[i + 1]))
			smsc_buf_char(out, ' ');
	}
	if (out->size <= MAX_TEXT || out->failed)
		return;
	smsc_span kept = { out->data, MAX_TEXT };
	out->size = smsc_utf8_valid(kept);
	smsc_buf_str(out, "...");
}

/* ---- one row ----------------------------------------------------------------------------- */

/* The viewer shows whole seconds. */
static int64_t slack_of(const smsc_row *row)
{
	return !strcmp(row->form, "viewer") ? SMSC_TICKS_A_SECOND : 0;
}

static void set_time(smsc_event *e, const smsc_row *row)
{
	/* Of an event log UTC is all there is. */
	e->row_local = row->local == SMSC_NEVER ? row->time : row->local;
	e->row_bias = e->bias = row->bias;
	e->local = row->local;
	e->time = row->time;
	e->slack = e->row_slack = slack_of(row);
	e->clock = "log";
	if (row->time == SMSC_NEVER) {
		e->clock = "log-local";
		e->slack = SMSC_SLACK_NO_ZONE;
	}
}

static bool keep(smsc_reading *r, const smsc_event *draft, const smsc_known_hit *hit)
{
	smsc_case *c = r->c;
	smsc_buf meaning = SMSC_BUF_INIT;
	if (c->event_count >= smsc_case_share(c)) {
		c->events_dropped++;
		return true;
	}
	smsc_event *e = smsc_event_new(c, draft->kind, draft->severity);
	if (!e)
		return !smsc_arena_failed(c->arena);
	uint64_t serial = e->serial;
	*e = *draft;
	e->serial = serial;
	e->text = smsc_arena_text(c->arena, draft->text, strlen(draft->text));
	smsc_known_meaning(&meaning, hit);
	e->meaning = smsc_keep_text(c->arena, &meaning);
	bool done = !smsc_arena_failed(c->arena);
	if (done)
		smsc_copies_keep(&r->copies, e, r->file, (uint32_t)r->snapshot->order);
	return done;
}

/* Traffic and choices that concern no container's key, and went well. */
static bool is_routine(const smsc_known_hit *hit)
{
	return !hit->known->severity && !hit->known->role && !hit->code_count;
}

/* What the row tells about keys. */
static bool read_row(smsc_reading *r, const smsc_row *row, const char *path, smsc_buf *text)
{
	smsc_known_hit hit;
	if (!smsc_known_likely(row))
		return true;
	if (smsc_known_match(row, &hit) ? is_routine(&hit) : !smsc_known_code(row, &hit))
		return true;
	smsc_buf_clear(text);
	put_line(text, row->text);
	if (text->failed)
		return false;
	smsc_event draft = {
		.arena = r->c->arena, .kind = hit.known->kind, .text = text->size ? text->data : "",
		.meaning = "", .severity = hit.known->severity, .snapshot = r->snapshot, .path = path,
		.offset = row->offset,
	};
	set_time(&draft, row);
	return smsc_copies_seen(&r->copies, &draft, r->file, (uint32_t)r->snapshot->order) ||
		keep(r, &draft, &hit);
}

/* ---- its time ---------------------------------------------------------------------------- */

/* What the times of one log tell. */
typedef struct log_times {
	const char     *path;
	smsc_clock_last last;
	smsc_utc_doubt  doubt;
	smsc_log_part   part;
	smsc_row        first;    /* of the run, without its texts; no time: there is none */
	smsc_time       day_end;  /* local, of the run */
} log_times;

/* IIS writes UTC, which says nothing of the host's zone. */
static void note_bias(smsc_reading *r, const smsc_row *row, const char *path)
{
	int32_t bias = row->bias != SMSC_NO_BIAS ? row->bias : smsc_utc_bias(row);
	if (bias != SMSC_NO_BIAS && strcmp(row->form, "iis"))
		smsc_days_add(&r->days, row->local, bias, path, row->offset);
}

static void note_time(smsc_reading *r, log_times *t, const smsc_row *row)
{
	note_bias(r, row, t->path);
	smsc_clock_row(&r->jumps, &t->last, row, r->snapshot, t->path, r->c->settings.zone_known);
	smsc_log_sets_row(&t->part, row);
}

/* Nearly all rows are of the day, bias and form of the one before, not older than that, and no longer
 * after it than others were: a run.  Its first and its last row tell all that those between do. */
static bool goes_on(const log_times *t, const smsc_row *row)
{
	uint64_t later = (uint64_t)row->time - (uint64_t)t->part.before;
	return t->first.time != SMSC_NEVER && row->form == t->first.form && row->bias == t->first.bias &&
	       later <= (uint64_t)t->part.pause && row->local < t->day_end;
}

static void end_run(smsc_reading *r, log_times *t)
{
	smsc_row last = t->first;
	if (last.time == SMSC_NEVER)
		return;
	last.local += t->part.before - last.time;
	last.time = t->part.before;
	note_time(r, t, &last);
}

static void begin_run(log_times *t, const smsc_row *row)
{
	t->first = (smsc_row){ .size = sizeof t->first, .time = row->local == SMSC_NEVER ? SMSC_NEVER : row->time, .local = row->local,
		.bias = row->bias, .offset = row->offset, .number = row->number, .form = row->form };
	t->day_end = (row->local / SMSC_TICKS_DAY + 1) * SMSC_TICKS_DAY;
}

static void read_time(smsc_reading *r, log_times *t, const smsc_row *row)
{
	if (smsc_utc_may_tell(row->text))
		smsc_utc_row(&t->doubt, row);
	if (goes_on(t, row)) {
		t->part.before = row->time;
		return;
	}
	end_run(r, t);
	note_time(r, t, row);
	begin_run(t, row);
}

/* ---- one log ------------------------------------------------------------------------------- */

static void add_sum(smsc_reading *r, const char *path, const smsc_finding *first, size_t count)
{
	char lead[64] = "";
	if (count > 1)
		snprintf(lead, sizeof(lead), "%zu places, the first: ", count);
	smsc_findings_add(&r->c->findings, r->c->arena, first->rule,
	                  smsc_case_place(r->c, r->snapshot, path), first->offset, "%s%s", lead,
	                  first->text);
}

/* One finding for each rule: how often, and the first of them. */
static void sum_findings(smsc_reading *r, const smsc_log *l, const char *path)
{
	size_t count[SMSC_RULE_COUNT] = { 0 };
	const smsc_finding *first[SMSC_RULE_COUNT] = { NULL }, *f;
	for (size_t i = 0; (f = smsc_log_finding_at(l, i)); i++)
		if (!count[f->rule]++)
			first[f->rule] = f;
	for (size_t rule = 0; rule < SMSC_RULE_COUNT; rule++)
		if (count[rule])
			add_sum(r, path, first[rule], count[rule]);
}

static int read_rows(smsc_reading *r, smsc_log *l, const char *path, smsc_error **err)
{
	smsc_row row = SMSC_ROW_INIT;
	smsc_error *wrong = NULL;
	smsc_buf text = SMSC_BUF_INIT;
	log_times times = { .path = path };
	bool memory = true;
	while (memory && smsc_log_next(l, &row, &wrong)) {
		memory = read_row(r, &row, path, &text);
		read_time(r, &times, &row);
	}
	end_run(r, &times);
	memory &= smsc_log_sets_add(&r->sets, &times.part, r->snapshot, path);
	smsc_utc_keep(&r->doubts, &times.doubt, r->snapshot, path);
	smsc_buf_free(&text);
	sum_findings(r, l, path);
	int done = smsc_read_failed(r, path, wrong, err);
	return memory ? done : smsc_fail_nomem(err);
}

int smsc_read_log(smsc_reading *r, smsc_entry *e, size_t head, smsc_error **err)
{
	pulled p = { r, e, head, 0 };
	const char *path = smsc_entry_path(e);
	const char *kept = smsc_arena_text(r->c->arena, path, strlen(path));
	smsc_error *wrong = NULL;
	smsc_log *l = kept ? smsc_log_new(pull, NULL, &p, path, &r->c->settings, &wrong) : NULL;
	if (!kept)
		return smsc_fail_nomem(err);
	if (!l && smsc_error_code(wrong) == SMSC_EFORMAT) {
		smsc_error_free(wrong);
		return 0;
	}
	if (!l)
		return smsc_read_failed(r, path, wrong, err);
	int done = read_rows(r, l, kept, err);
	smsc_log_unref(l);
	return done;
}
