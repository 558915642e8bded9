/* trace_stamp.h - the date, time and thread that a log viewer shows beside each record. */
#ifndef SMSC_FORMAT_TRACE_STAMP_H
#define SMSC_FORMAT_TRACE_STAMP_H

#include "log_time.h"

/* "1/7/2005 5:59:38 PM", "03.07.2019 14:17:54", "2005-01-07 17:59:38". */
typedef struct smsc_view_stamp {
	size_t     at, end;         /* place in the text */
	unsigned   first, second;   /* month and day, in the order of a locale */
	unsigned   year;
	char       separator;       /* '.' is always day first, a year in front month first */
	bool       year_first;
	smsc_clock clock;
} smsc_view_stamp;

/* Where a record lies around its stamp. */
typedef struct smsc_shape {
	smsc_view_stamp stamp;
	bool       leads;           /* the stamp comes first, the text behind it */
	bool       has_thread, same_thread;
	uint32_t   thread;
	size_t     text_end;        /* of the text, when the stamp leads */
	size_t     end;             /* of the record */
} smsc_shape;

/* More bytes than a record has behind its stamp. */
#define SMSC_SHAPE_AHEAD 4096

/* A stamp that begins at `t`; its place is not filled in. */
bool smsc_take_view_stamp(smsc_text_at *t, smsc_view_stamp *s);
/* The first stamp at or after `from` that is part of a record; false when there is none. */
bool smsc_find_shape(smsc_span text, size_t from, smsc_shape *shape);
/* 1 when the stamp must be day first, -1 when it must be month first, 0 when it may be both. */
int  smsc_view_stamp_order(const smsc_view_stamp *s);
/* Ticks of the local time; the other order of day and month when only that is a date. */
smsc_time smsc_view_stamp_time(const smsc_view_stamp *s, bool day_first, smsc_day *day);

#endif
