/* log_digest.c - what the rows of a log, or of a piece of it, say of keys and of clocks. */
#include "log_digest.h"

#include <string.h>

#include "../base/text.h"
#include "../base/time.h"
#include "event.h"

/* An event's text is one line of a table; the whole message is at its offset. */
#define MAX_TEXT 500

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

/* Takes `draft`, of which it has not seen the like. */
static bool keep(smsc_log_digest *d, const smsc_event *draft, const smsc_known_hit *hit)
{
	smsc_log_event *e = smsc_arena_alloc(d->arena, sizeof(*e));
	if (!e || !smsc_arena_grow(d->arena, &d->events, d->count, &d->room, sizeof(*d->events)))
		return false;
	*e = (smsc_log_event){ *draft, *hit };
	e->event.text = smsc_arena_text(d->arena, draft->text, strlen(draft->text));
	if (!e->event.text)
		return false;
	d->events[d->count++] = e;
	smsc_copies_keep(&d->copies, &e->event, 0, 0);
	return !d->copies.failed;
}

/* Traffic and choices that concern no container's key, and went well. */
static bool is_routine(const smsc_known_hit *hit)
{
	return !hit->known->severity && !hit->known->role && !hit->code_count;
}

/* A row that is about keys. */
static bool note_event(smsc_log_digest *d, const smsc_row *row, const smsc_known_hit *hit)
{
	smsc_buf_clear(&d->text);
	put_line(&d->text, row->text);
	if (d->text.failed)
		return false;
	smsc_event draft = {
		.kind = hit->known->kind, .text = d->text.size ? d->text.data : "", .meaning = "",
		.severity = hit->known->severity, .path = d->path, .offset = row->offset, .times = 1,
	};
	set_time(&draft, row);
	return smsc_copies_seen(&d->copies, &draft, 0, 0) || keep(d, &draft, hit);
}

bool smsc_digest_row(smsc_log_digest *d, const smsc_row *row)
{
	smsc_known_hit hit;
	smsc_times_row(&d->times, row);
	if (!smsc_known_likely(row))
		return true;
	if (smsc_known_match(row, &hit) ? is_routine(&hit) : !smsc_known_code(row, &hit))
		return true;
	return note_event(d, row, &hit);
}

/* ---- a digest ---------------------------------------------------------------------------------- */

bool smsc_digest_begin(smsc_log_digest *d, const smsc_settings *settings, const char *path)
{
	*d = (smsc_log_digest){
		.path = path, .arena = smsc_arena_new(), .times = { .path = path, .zone_given = settings->zone_known },
	};
	return d->arena;
}

void smsc_digest_free(smsc_log_digest *d)
{
	smsc_days_free(&d->times.days);
	smsc_copies_free(&d->copies);
	smsc_buf_free(&d->text);
	smsc_arena_unref(d->arena);
	d->arena = NULL;
}
