/* log.c - a log as the public header knows it: open, rows, findings. */
#include <inttypes.h>
#include <stdio.h>

#include "log_stream.h"

#define MOST_FINDINGS 1000

const smsc_log_kind *smsc_log_kind_of(const smsc_format *f)
{
	return f->decode == smsc_log_summary ? (const smsc_log_kind *)f : NULL;
}

static const smsc_log_kind *surest_log(smsc_span head, const char *path)
{
	const smsc_log_kind *best = NULL;
	const smsc_format *f;
	int most = 0;

	for (size_t i = 0; (f = smsc_format_row(i)); i++) {
		int sure = smsc_log_kind_of(f) ? f->probe(head, UINT64_MAX, path) : 0;
		if (sure > most) {
			most = sure;
			best = smsc_log_kind_of(f);
		}
	}
	return best;
}

static void release(void *arg)
{
	smsc_log *l = arg;

	if (l->close)
		l->close(l->w.user);
	smsc_window_close(&l->w);
	smsc_buf_free(&l->joined);
	smsc_buf_free(&l->scratch);
	smsc_buf_free(&l->evt.rest);
	smsc_buf_free(&l->evt.round);
}

static smsc_log *new_log(const char *path, const smsc_settings *settings)
{
	smsc_arena *arena = smsc_arena_new();
	smsc_log *l = arena ? smsc_arena_alloc(arena, sizeof *l) : NULL;

	if (l) {
		l->arena = arena;
		l->path = smsc_arena_text(arena, path, strlen(path));
		l->findings.limit = MOST_FINDINGS;
		l->settings = *settings;
	}
	if (!l || !l->path || !smsc_arena_on_free(arena, release, l)) {
		smsc_arena_unref(arena);
		return NULL;
	}
	return l;
}

static int fail_as_window(const smsc_log *l, smsc_error **err)
{
	const smsc_error *e = l->w.error;
	const char *path = smsc_error_path(e);
	int64_t offset = smsc_error_offset(e);

	if (smsc_error_code(e) == SMSC_ENOMEM)
		return smsc_fail_nomem(err);
	return smsc_fail(err, smsc_error_code(e), path ? path : l->path,
	                 offset >= 0 ? offset : (int64_t)l->w.offset, "%s", smsc_error_message(e));
}

static int open_stream(smsc_log *l, smsc_pull_fn *pull, void *user, smsc_error **err)
{
	if (!smsc_window_open(&l->w, pull, user, 0))
		return fail_as_window(l, err);
	size_t head = smsc_log_left(l) < SMSC_PROBE_BYTES ? smsc_log_left(l) : SMSC_PROBE_BYTES;
	l->format = surest_log(smsc_span_of(smsc_log_bytes(l), head), l->path);
	if (!l->format && l->w.error)
		return fail_as_window(l, err);
	if (!l->format)
		return smsc_fail(err, SMSC_EFORMAT, l->path, 0, "this is no log of a known format");
	if (l->format->start)
		l->format->start(l);
	return 0;
}

smsc_log *smsc_log_new(smsc_pull_fn *pull, void (*close)(void *user), void *user,
                       const char *path, const smsc_settings *settings, smsc_error **err)
{
	smsc_log *l = smsc_failed(err) ? NULL : new_log(path, settings);

	if (!l) {
		if (close)
			close(user);
		smsc_fail_nomem(err);
		return NULL;
	}
	l->close = close;
	if (open_stream(l, pull, user, err) < 0) {
		smsc_arena_unref(l->arena);
		return NULL;
	}
	return l;
}

/* ---- pieces -------------------------------------------------------------------- */

size_t smsc_pull_span(void *span, void *buffer, size_t size, smsc_error **err)
{
	smsc_span *left = span, piece = smsc_span_cut(*left, 0, size);

	(void)err;
	if (piece.size)
		memcpy(buffer, piece.data, piece.size);
	*left = smsc_span_cut(*left, piece.size, left->size);
	return piece.size;
}

bool smsc_log_divides(smsc_span head, const char *path, smsc_log_start *start)
{
	smsc_window w;

	smsc_window_borrow(&w, head.data, head.size, 0);
	if (w.encoding >= SMSC_ENCODING_UTF16LE)
		return false;
	head = smsc_span_cut(head, w.at, SMSC_PROBE_BYTES);
	*start = (smsc_log_start){ surest_log(head, path), 0, w.encoding == SMSC_ENCODING_UTF8 };
	return start->kind && start->kind->cut;
}

size_t smsc_log_cut(const smsc_log_start *start, smsc_span piece)
{
	return start->kind->cut(piece);
}

static void begin_at(smsc_log *l, const smsc_log_start *start)
{
	l->format = start->kind;
	if (start->utf8)
		l->w.encoding = SMSC_ENCODING_UTF8;
	if (l->format->start)
		l->format->start(l);
}

smsc_log *smsc_log_resume(const smsc_log_start *start, smsc_pull_fn *pull, void *user,
                          const char *path, const smsc_settings *settings, smsc_error **err)
{
	smsc_log *l = new_log(path, settings);

	if (!l || !smsc_window_open(&l->w, pull, user, start->at)) {
		smsc_arena_unref(l ? l->arena : NULL);
		smsc_fail_nomem(err);
		return NULL;
	}
	begin_at(l, start);
	return l;
}

smsc_log *smsc_log_of_piece(const smsc_log_start *start, smsc_span piece, smsc_error *wrong,
                            const char *path, const smsc_settings *settings, smsc_error **err)
{
	smsc_log *l = new_log(path, settings);

	if (!l) {
		smsc_error_free(wrong);
		smsc_fail_nomem(err);
		return NULL;
	}
	smsc_window_borrow(&l->w, piece.data, piece.size, start->at);
	l->w.error = wrong;
	begin_at(l, start);
	return l;
}

uint64_t smsc_log_passed(const smsc_log *l)
{
	return l->w.offset;
}

uint64_t smsc_log_reached(const smsc_log *l)
{
	return l->rest_of_line_is_junk ? UINT64_MAX : l->w.offset + smsc_window_extent(&l->w, l->pending);
}

/* ---- what is no record ------------------------------------------------------ */

/* Its beginning in print, so that the reader of a report need not open a hex editor at once. */
static void copy_excerpt(smsc_junk *j, const char *p, size_t n)
{
	size_t most = sizeof j->excerpt - 1, size = n < most ? n : most;

	for (size_t i = 0; i < size; i++)
		j->excerpt[i] = p[i] >= ' ' && p[i] < 0x7f ? p[i] : '.';
	j->excerpt[size] = '\0';
}

/* How many zeros `p` begins with; a gigabyte of them is common enough to hurry. */
static size_t zero_run(const char *p, size_t n)
{
	size_t i = 0;

	while (n - i >= 64 && !p[i] && !memcmp(p + i, p + i + 1, 63))
		i += 64;
	while (i < n && !p[i])
		i++;
	return i;
}

void smsc_log_junk(smsc_log *l, size_t n, const char *reason)
{
	smsc_span all = smsc_span_of(smsc_log_bytes(l), n), core = smsc_span_trim(all);
	size_t skipped = (size_t)((const char *)core.data - (const char *)all.data);

	if (core.size) {
		if (l->junk.start == l->junk.end)
			l->junk = (smsc_junk){
				.start = l->w.offset + smsc_window_extent(&l->w, skipped), .reason = reason };
		l->junk.end = l->w.offset + smsc_window_extent(&l->w, skipped + core.size);
	}
	if (core.size && !l->junk.excerpt[0]) {
		size_t zeros = zero_run(core.data, core.size);
		l->junk.zeros += zeros;
		copy_excerpt(&l->junk, (const char *)core.data + zeros, core.size - zeros);
	}
	smsc_window_skip(&l->w, n);
}

void smsc_log_end_junk(smsc_log *l)
{
	if (l->junk.start == l->junk.end)
		return;
	smsc_junk j = l->junk;
	uint64_t size = j.end - j.start;
	char zeros[40] = "";
	l->junk = (smsc_junk){ 0 };
	if (j.zeros)
		snprintf(zeros, sizeof zeros, "%" PRIu64 " zeros, then ", j.zeros);
	if (j.excerpt[0])
		smsc_findings_add(&l->findings, l->arena, SMSC_RULE_D005, l->path, j.start,
		                  "%" PRIu64 " bytes are %s: %s%s", size, j.reason, zeros, j.excerpt);
	else
		smsc_findings_add(&l->findings, l->arena, SMSC_RULE_D005, l->path, j.start,
		                  "%" PRIu64 " zeros: room of the file that was never written", size);
}

void smsc_log_note(smsc_log *l, smsc_rule_id rule, uint64_t offset, const char *format, ...)
{
	char text[256];
	va_list args;

	smsc_log_end_junk(l);
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	smsc_findings_add(&l->findings, l->arena, rule, l->path, offset, "%s", text);
}

/* ---- rows --------------------------------------------------------------------- */

static void finish(smsc_log *l)
{
	if (l->ended)
		return;
	l->ended = true;
	smsc_log_end_junk(l);
	if (l->w.half)
		smsc_log_note(l, SMSC_RULE_D001, l->w.offset, "the last character has one byte of two");
}

/* Buffers and findings fail silently; it is asked once a row. */
static bool lacks_memory(smsc_log *l)
{
	if (!l->scratch.failed && !l->joined.failed && !l->evt.rest.failed &&
	    !l->evt.round.failed && !smsc_arena_failed(l->arena))
		return false;
	smsc_fail_nomem(&l->w.error);
	return l->ended = true;
}

static int next_row(smsc_log *l, smsc_row *row, smsc_error **err)
{
	smsc_log_clear(row);
	smsc_window_pass(&l->w, l->pending, l->pending_lines);
	l->pending = l->pending_lines = 0;
	bool more = !l->ended && l->format->next(l, row);
	if (!more)
		finish(l);
	if (!lacks_memory(l) && more)
		return 1;
	if (l->w.error)
		fail_as_window(l, err);
	return 0;
}

/* For a caller whose row has fewer members, or more. */
static int next_of_size(smsc_log *l, smsc_row *row, smsc_error **err)
{
	smsc_row whole;

	if (!next_row(l, &whole, err))
		return 0;
	whole.size = row->size;
	memcpy(row, &whole, row->size < sizeof whole ? row->size : sizeof whole);
	return 1;
}

int smsc_log_next(smsc_log *l, smsc_row *row, smsc_error **err)
{
	if (smsc_failed(err))
		return 0;
	if (!l || !row || row->size < sizeof row->size) {
		smsc_fail(err, SMSC_EARG, NULL, -1, "smsc_log_next: row->size is not set");
		return 0;
	}
	return row->size == sizeof *row ? next_row(l, row, err) : next_of_size(l, row, err);
}

const char *smsc_log_format(const smsc_log *l)
{
	return l ? l->format->format.name : NULL;
}

const char *smsc_log_path(const smsc_log *l)
{
	return l ? l->path : NULL;
}

size_t smsc_log_finding_count(const smsc_log *l)
{
	return l ? l->findings.count + (size_t)l->findings.dropped : 0;
}

const smsc_finding *smsc_log_finding_at(const smsc_log *l, size_t i)
{
	return l && i < l->findings.count ? l->findings.at[i] : NULL;
}

smsc_log *smsc_log_ref(const smsc_log *l)
{
	if (!l)
		return NULL;
	smsc_arena_ref(l->arena);
	return (smsc_log *)(uintptr_t)l;
}

void smsc_log_unref(const smsc_log *l)
{
	if (l)
		smsc_arena_unref(l->arena);
}
