/* log_pieces.c - logs are read in pieces, which other threads digest; the case takes them in order.
 *
 * A piece ends where a record seems to end, so that the next one can be read without it.  If that
 * was an error, its digest says so: then the log is read on from the beginning of that piece,
 * without pieces, until a record ends where one of them does.  So the result is that of reading
 * the log from its first byte to its last, and never depends on the number of threads.
 *
 * A log whose records do not stand alone is digested as a whole; one of many pieces is read on from
 * its first by the walk itself.
 */
#include "log_pieces.h"

#include <stdlib.h>
#include <string.h>

#include "../format/log_window.h"
#include "log_reading.h"

/* Pieces that a log may have to be digested as a whole. */
#define MOST_WHOLE  8
/* Of a record of whose end this is not far, the line end may be there. */
#define LINE_END    2
/* Events of a log that is read on; then the case takes them. */
#define MOST_EVENTS 4096

struct smsc_log_piece {
	smsc_log_piece   *next;
	smsc_task         task;
	bool              given;    /* it is a task; of a log that does not divide, all from it on */
	smsc_log_reading *log;      /* the last of its pieces owns it */
	smsc_log_start    start;
	char             *bytes;    /* with SMSC_WINDOW_BEHIND zeros behind */
	size_t            size;
	bool              cut;      /* a record seems to end where it does */
	bool              last;
	smsc_error       *wrong;    /* why it is */
	/* What the task makes of it. */
	smsc_log_piece   *at;       /* of a log that does not divide: where it is read, and what is left there */
	smsc_span         left;
	smsc_log         *rows;
	smsc_log_digest   digest;
	bool              done;     /* false without memory */
	bool              whole;    /* and so it is */
};

static uint64_t end_of(const smsc_log_piece *p)
{
	return p->start.at + p->size;
}

/* ---- digesting, in any thread ------------------------------------------------------------- */

static smsc_span bytes_of(const smsc_log_piece *p)
{
	return smsc_span_of(p->bytes, p->size);
}

/* From all pieces of a log.  Why it ends is said by the last of them. */
static size_t pull_pieces(void *user, void *buffer, size_t size, smsc_error **err)
{
	smsc_log_piece *p = user;
	while (!p->left.size && !p->at->last) {
		p->at = p->at->next;
		p->left = bytes_of(p->at);
	}
	size_t n = smsc_pull_span(&p->left, buffer, size, err);
	if (!n) {
		smsc_log_piece *last = p->at;
		*err = last->wrong;
		last->wrong = NULL;
	}
	return n;
}

static smsc_log *open_piece(smsc_log_piece *p, smsc_error **err)
{
	const smsc_settings *settings = p->log->settings;
	p->at = p;
	p->left = bytes_of(p);
	if (!p->log->divides)
		return smsc_log_new(pull_pieces, NULL, p, p->log->path, settings, err);
	smsc_error *wrong = p->wrong;
	p->wrong = NULL;
	return smsc_log_of_piece(&p->start, p->left, wrong, p->log->path, settings, err);
}

/* From then on p->wrong is what the log's reader says. */
static void digest_piece(void *arg)
{
	smsc_log_piece *p = arg;
	smsc_row row = SMSC_ROW_INIT;
	smsc_error *wrong = NULL;
	bool memory = p->digest.arena;
	p->rows = memory ? open_piece(p, &wrong) : NULL;
	while (memory && p->rows && smsc_log_next(p->rows, &row, &wrong)) {
		memory = smsc_digest_row(&p->digest, &row);
		if (p->cut && row.offset + row.length + LINE_END >= end_of(p))
			p->whole = smsc_log_reached(p->rows) == end_of(p);
	}
	p->done = memory && smsc_error_code(wrong) != SMSC_ENOMEM;
	smsc_error_free(p->wrong);
	p->wrong = wrong;
}

/* ---- pieces -------------------------------------------------------------------------------- */

static smsc_log_piece *new_piece(smsc_log_pieces *q)
{
	smsc_log_piece *p = q->spare;
	if (p) {
		q->spare = p->next;
		*p = (smsc_log_piece){ .bytes = p->bytes };
		return p;
	}
	p = calloc(1, sizeof(*p));
	if (p)
		p->bytes = malloc(q->bytes + SMSC_WINDOW_BEHIND);
	if (p && p->bytes)
		return p;
	free(p);
	return NULL;
}

static void free_log(smsc_log_reading *log)
{
	smsc_days_free(&log->times.days);
	smsc_buf_free(&log->tail);
	free(log);
}

/* Takes the first piece off and keeps its memory for another. */
static void drop_first(smsc_log_pieces *q)
{
	smsc_log_piece *p = q->first;
	smsc_pool_wait(q->pool, &p->task);
	q->first = p->next;
	if (!q->first)
		q->last = NULL;
	q->count--;
	smsc_error_free(p->wrong);
	smsc_log_unref(p->rows);
	smsc_digest_free(&p->digest);
	if (p->last)
		free_log(p->log);
	p->next = q->spare;
	q->spare = p;
}

static void append(smsc_log_pieces *q, smsc_log_piece *p)
{
	if (q->last)
		q->last->next = p;
	else
		q->first = p;
	q->last = p;
	q->count++;
}

/* Fills the piece.  False at the end of the log, which *wrong may explain. */
static bool fill_piece(smsc_reading *r, smsc_log_piece *p, smsc_error **wrong)
{
	smsc_log_reading *log = p->log;
	size_t room = r->pieces.bytes, n = 1;
	smsc_span left = smsc_span_cut(smsc_span_of(log->tail.data, log->tail.size), log->given, room);
	if (left.size)
		memcpy(p->bytes, left.data, left.size);
	log->given += left.size;
	for (p->size = left.size; n && p->size < room; p->size += n)
		n = smsc_read_more(r, log->entry, p->bytes + p->size, room - p->size, wrong);
	return n;
}

/* Up to the end of a record; what is behind that waits for the next piece.  False without memory. */
static bool cut_piece(smsc_log_piece *p)
{
	smsc_log_reading *log = p->log;
	size_t cut = log->divides && !p->last ? smsc_log_cut(&p->start, bytes_of(p)) : 0;
	size_t rest = cut ? p->size - cut : 0;
	p->cut = cut;
	p->size -= rest;
	log->start.at += p->size;
	if (log->given < log->tail.size) {
		log->given -= rest;
	} else {
		smsc_buf_clear(&log->tail);
		smsc_buf_add(&log->tail, p->bytes + p->size, rest);
		log->given = 0;
	}
	memset(p->bytes + p->size, 0, SMSC_WINDOW_BEHIND);
	return !log->tail.failed;
}

/* Reads the next piece of the open log and puts it behind the others.  0, or -1. */
static int read_piece(smsc_reading *r, smsc_error **err)
{
	smsc_log_pieces *q = &r->pieces;
	smsc_log_piece *p = new_piece(q);
	if (!p)
		return smsc_fail_nomem(err);
	p->log = q->open;
	p->start = p->log->start;
	p->task = (smsc_task){ .run = digest_piece, .arg = p };
	p->last = !fill_piece(r, p, &p->wrong);
	bool memory = smsc_digest_begin(&p->digest, &r->c->settings, p->log->path);
	memory &= cut_piece(p);
	append(q, p);
	if (p->last)
		q->open = NULL;
	if (smsc_error_code(p->wrong) == SMSC_ECANCELLED)
		return smsc_fail(err, SMSC_ECANCELLED, NULL, -1, "%s", smsc_error_message(p->wrong));
	return memory ? 0 : smsc_fail_nomem(err);
}

/* ---- reading on ------------------------------------------------------------------------------ */

typedef struct onward {
	smsc_reading   *reading;
	smsc_log       *rows;       /* NULL while it is opened */
	smsc_log_piece *piece;      /* in which the next byte is, and where */
	size_t          at;
} onward;

/* Pieces that nobody needs: `rows` may still end with those behind. */
static void drop_passed(onward *o)
{
	smsc_log_pieces *q = &o->reading->pieces;
	while (o->rows && q->first != o->piece && end_of(q->first) <= smsc_log_passed(o->rows))
		drop_first(q);
}

static size_t pull_onward(void *user, void *buffer, size_t size, smsc_error **err)
{
	onward *o = user;
	drop_passed(o);
	while (o->at == o->piece->size) {
		smsc_log_piece *p = o->piece;
		smsc_pool_wait(o->reading->pieces.pool, &p->task);
		if (p->last) {
			*err = p->wrong;
			p->wrong = NULL;
			return 0;
		}
		if (!p->next && read_piece(o->reading, err) < 0)
			return 0;
		o->piece = p->next;
		o->at = 0;
	}
	smsc_span left = smsc_span_cut(bytes_of(o->piece), o->at, size);
	memcpy(buffer, left.data, left.size);
	o->at += left.size;
	return left.size;
}

/* The case takes what was digested; what is new comes into a digest of its own. */
static bool hand_over(smsc_reading *r, smsc_log_reading *log, smsc_log_digest *d)
{
	bool memory = smsc_log_take(r, log, d);
	smsc_digest_free(d);
	return smsc_digest_begin(d, &r->c->settings, log->path) && memory;
}

/* Reads rows until one ends where a piece does; what is first then comes behind.  *ended when the log
 * does.  False without memory. */
static bool read_rows(onward *o, smsc_log_reading *log, bool *ended, smsc_error **err)
{
	smsc_reading *r = o->reading;
	smsc_log_digest d;
	smsc_row row = SMSC_ROW_INIT;
	bool memory = smsc_digest_begin(&d, &r->c->settings, log->path);
	*ended = true;
	while (memory && *ended && smsc_log_next(o->rows, &row, err)) {
		memory = smsc_digest_row(&d, &row);
		if (memory && d.count == MOST_EVENTS)
			memory = hand_over(r, log, &d);
		drop_passed(o);
		const smsc_log_piece *first = r->pieces.first;
		if (first->cut && smsc_log_reached(o->rows) == end_of(first)) {
			drop_first(&r->pieces);
			*ended = false;
		}
	}
	memory = memory && smsc_log_take(r, log, &d) && smsc_log_take_findings(r, log, o->rows);
	smsc_digest_free(&d);
	return memory;
}

static void give(smsc_log_pieces *q, smsc_log_piece *p)
{
	p->given = true;
	smsc_pool_give(q->pool, &p->task);
}

/* Those that were read on the way to them. */
static void give_all(smsc_log_pieces *q)
{
	for (smsc_log_piece *p = q->first; p; p = p->next)
		if (!p->given)
			give(q, p);
}

/* The log is at its end, unless it could not be opened since no format knows it: then it is none.  Takes
 * `wrong`, why it ended.  0, or -1. */
static int end_log(smsc_reading *r, smsc_log_reading *log, bool opened, smsc_error *wrong, smsc_error **err)
{
	bool is_log = opened || smsc_error_code(wrong) != SMSC_EFORMAT;
	if (!is_log)
		smsc_error_free(wrong);
	/* When that fails, its last piece may never have been read. */
	if (is_log && smsc_log_end(r, log, wrong, err) < 0)
		return -1;
	while (!r->pieces.first->last)
		drop_first(&r->pieces);
	drop_first(&r->pieces);
	return 0;
}

static int read_onward(smsc_reading *r, smsc_error **err)
{
	onward o = { r, NULL, r->pieces.first, 0 };
	smsc_log_reading *log = o.piece->log;
	const smsc_settings *settings = &r->c->settings;
	smsc_error *wrong = NULL;
	bool ended = true;
	o.rows = log->divides ? smsc_log_resume(&o.piece->start, pull_onward, &o, log->path, settings, &wrong) :
	         smsc_log_new(pull_onward, NULL, &o, log->path, settings, &wrong);
	bool opened = o.rows, memory = !opened || read_rows(&o, log, &ended, &wrong);
	smsc_log_unref(o.rows);
	if (!memory) {
		smsc_error_free(wrong);
		return smsc_fail_nomem(err);
	}
	if (ended)
		return end_log(r, log, opened, wrong, err);
	give_all(&r->pieces);
	return 0;
}

/* ---- in order -------------------------------------------------------------------------------- */

/* The case takes the first piece, of a log that does not divide all.  0, or -1. */
static int take_first(smsc_reading *r, smsc_error **err)
{
	smsc_log_piece *p = r->pieces.first;
	bool all = p->last || !p->log->divides;
	smsc_pool_wait(r->pieces.pool, &p->task);
	if (!p->given || (p->done && !all && !p->whole))
		return read_onward(r, err);
	if (!p->done || !smsc_log_take(r, p->log, &p->digest) || (p->rows && !smsc_log_take_findings(r, p->log, p->rows)))
		return smsc_fail_nomem(err);
	if (!all) {
		drop_first(&r->pieces);
		return 0;
	}
	smsc_error *wrong = p->wrong;
	p->wrong = NULL;
	return end_log(r, p->log, p->rows, wrong, err);
}

int smsc_read_logs_end(smsc_reading *r, smsc_error **err)
{
	int done = 0;
	while (!done && r->pieces.first)
		done = take_first(r, err);
	return done;
}

static smsc_log_reading *begin_log(smsc_reading *r, smsc_entry *e, size_t head)
{
	smsc_log_reading *log = calloc(1, sizeof(*log));
	const char *path = smsc_entry_path(e);
	if (!log)
		return NULL;
	log->path = smsc_arena_text(r->c->arena, path, strlen(path));
	log->settings = &r->c->settings;
	log->file = r->file;
	log->entry = e;
	log->divides = smsc_log_divides(smsc_span_of(r->head, head), path, &log->start);
	smsc_buf_add(&log->tail, r->head, head);
	if (log->path && !log->tail.failed)
		return log;
	free_log(log);
	return NULL;
}

/* A piece was read: whoever can begins with it.  0, or -1. */
static int give_last(smsc_reading *r, smsc_error **err)
{
	smsc_log_pieces *q = &r->pieces;
	smsc_log_piece *first = q->last;
	if (first->log->divides) {
		give(q, first);
		return 0;
	}
	if (!q->last->last)
		return end_of(q->last) < MOST_WHOLE * q->bytes ? 0 : smsc_read_logs_end(r, err);
	for (first = q->first; first->log != q->last->log; first = first->next)
		;
	give(q, first);
	return 0;
}

int smsc_read_log(smsc_reading *r, smsc_entry *e, size_t head, smsc_error **err)
{
	smsc_log_pieces *q = &r->pieces;
	q->open = begin_log(r, e, head);
	if (!q->open)
		return smsc_fail_nomem(err);
	size_t most = q->most + (q->open->divides ? 0 : MOST_WHOLE);
	int done = 0;
	while (!done && q->open) {
		done = read_piece(r, err) < 0 ? -1 : give_last(r, err);
		while (!done && q->first && q->first->given &&
		       (q->count >= most || smsc_pool_has_done(q->pool, &q->first->task)))
			done = take_first(r, err);
	}
	return done;
}

bool smsc_log_pieces_begin(smsc_log_pieces *q, const smsc_settings *settings)
{
	*q = (smsc_log_pieces){ .pool = smsc_pool_new(settings->threads), .bytes = settings->log_piece };
	q->most = 2 * smsc_pool_threads(q->pool);
	return q->pool;
}

void smsc_log_pieces_free(smsc_log_pieces *q)
{
	while (q->first)
		drop_first(q);
	if (q->open)
		free_log(q->open);
	for (smsc_log_piece *p = q->spare, *next; p; p = next) {
		next = p->next;
		free(p->bytes);
		free(p);
	}
	smsc_pool_free(q->pool);
}
