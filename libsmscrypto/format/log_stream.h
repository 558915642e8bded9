/* log_stream.h - inside of an smsc_log: what the log formats share. */
#ifndef SMSC_FORMAT_LOG_STREAM_H
#define SMSC_FORMAT_LOG_STREAM_H

#include "../base/buf.h"
#include "../base/finding.h"
#include "evt.h"
#include "log_time.h"
#include "log_window.h"
#include "sms_trailer.h"

/* A format whose rows are read one by one; its decode is smsc_log_summary(). */
typedef struct smsc_log_kind {
	smsc_format format;
	/* Looks at the first bytes; may be NULL. */
	void (*start)(smsc_log *l);
	/* Finds the next record, with smsc_log_junk() for what stands before it, fills the row
	 * and claims its bytes with smsc_log_claim().  False at the end. */
	bool (*next)(smsc_log *l, smsc_row *row);
	/* Where the last record in `text` seems to end; 0: nowhere.  NULL: a record cannot be read
	 * without those before it. */
	size_t (*cut)(smsc_span text);
} smsc_log_kind;

/* A run of bytes that is no record, as long as it grows. */
typedef struct smsc_junk {
	uint64_t start, end;   /* offsets in the stream; equal: none */
	uint64_t zeros;        /* bytes of it before the first that is not zero */
	const char *reason;
	char     excerpt[64];  /* from there on; "" when all are zero */
} smsc_junk;

typedef struct smsc_columns smsc_columns;

struct smsc_log {
	smsc_arena            *arena;
	const smsc_log_kind *format;
	const char            *path;
	smsc_settings          settings;
	smsc_window            w;
	void                 (*close)(void *user);
	size_t                 pending;   /* bytes of the row just delivered, and of its line end */
	size_t                 pending_lines;
	bool                   ended;
	smsc_junk              junk;
	smsc_findings          findings;
	smsc_buf               joined;    /* text put together from several lines */
	smsc_buf               scratch;   /* text that had to be converted */
	smsc_day               day;       /* of the last date that was read */
	smsc_zone              zone;      /* of the last zone name that was read */
	smsc_named             named;     /* sms-log: day and zone of the last trailer of form B */
	bool                   rest_of_line_is_junk;  /* sms-log: after a torn trailer */
	bool                   renamed;               /* sms-log: its last line says so */
	uint64_t               renamed_at;
	bool                   day_first;             /* trace-text, setup-log: dd/mm/yyyy */
	bool                   order_told;            /* by a date that reads one way only */
	smsc_time              rolled;                /* the last time, where lines have only a clock */
	bool                   is_msi;                /* setup-log: written by Windows Installer */
	smsc_columns          *columns;               /* iis-log: what #Fields announced */
	smsc_evt               evt;
};

/* The first kept bytes of a record whose head is lost; more than the longest message that
 * was ever seen (58,549 bytes). */
#define SMSC_LOG_KEEP (64u << 10)

static inline const char *smsc_log_bytes(const smsc_log *l) { return smsc_window_bytes(&l->w); }
static inline size_t      smsc_log_left(const smsc_log *l)  { return smsc_window_left(&l->w); }

/* Makes `n` bytes visible if the stream has them. */
static inline void smsc_log_want(smsc_log *l, size_t n)
{
	while (smsc_log_left(l) < n && smsc_window_more(&l->w))
		;
}

/* Bytes up to and with the first line end at or after `from`, all of them visible; less only
 * at the end of the stream and of what may be seen at once. */
size_t smsc_log_line(smsc_log *l, size_t from);
/* Blanks, line ends, and zeros, which are junk. */
void smsc_log_skip_void(smsc_log *l);

/* True when a line is the first of a record. */
typedef bool smsc_begins_fn(smsc_span line);
/* For logs whose records begin with a stamp and go on until the next: steps over what comes
 * before one.  Its bytes, without blanks and zeros behind it; 0 at the end. */
size_t smsc_log_stamped(smsc_log *l, smsc_begins_fn *begins);
/* The time of a line with a clock only: on the day of the line before, or on the next when
 * the clock went back by half a day; SMSC_NEVER when no day is known. */
smsc_time smsc_log_roll(smsc_log *l, const smsc_clock *clock);

/* Consumes `n` bytes that are no record; blanks around them do not count. */
void smsc_log_junk(smsc_log *l, size_t n, const char *reason);
/* The junk is over: what comes is a record. */
void smsc_log_end_junk(smsc_log *l);
/* SMSC_ROW_INIT, without the string instruction that a compiler makes of it: that takes as long
 * as all the rest of a short row. */
void smsc_log_clear(smsc_row *row);
/* The row is the first `n` bytes: sets its offset, length and line, works out UTC, and turns
 * its spans into valid UTF-8. */
void smsc_log_claim(smsc_log *l, smsc_row *row, size_t n);
/* The same for a row that was looked at; the line end behind it goes with it. */
void smsc_log_claim_line(smsc_log *l, smsc_row *row, size_t n, smsc_look look);
/* A problem at a byte of the stream. */
void smsc_log_note(smsc_log *l, smsc_rule_id rule, uint64_t offset, const char *format, ...)
                   SMSC_PRINTF(4, 5);
/* Copies `s` into `joined` with each run of blanks and line ends as one blank.  Room for all
 * of a row must be reserved before the first. */
smsc_span smsc_log_join(smsc_log *l, smsc_span s);

/* The log as a record: what smscrypto inspect shows.  For the decode rows of the formats. */
void smsc_log_summary(smsc_span in, smsc_record *out);

static inline bool smsc_is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static inline bool smsc_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The next line of `text`, with its end; moves past it. */
static inline smsc_span smsc_span_take_line(smsc_span *text)
{
	const char *end = text->size ? memchr(text->data, '\n', text->size) : NULL;
	size_t size = end ? (size_t)(end - (const char *)text->data) + 1 : text->size;
	smsc_span line = smsc_span_cut(*text, 0, size);

	*text = smsc_span_cut(*text, size, text->size);
	return line;
}

/* `s` without blanks and line ends around it. */
static inline smsc_span smsc_span_trim(smsc_span s)
{
	const char *p = s.data;

	while (s.size && smsc_is_blank(p[s.size - 1]))
		s.size--;
	while (s.size && smsc_is_blank(*p)) {
		p++;
		s.size--;
	}
	return smsc_span_of(p, s.size);
}

#endif
