/* sms_trailer.h - what closes each record of a site server's trace log:
 *
 *   A  $$<COMPONENT><Wed May 21 17:09:02 1997~><thread=DB>
 *   B  $$<COMPONENT><Fri Mar 26 10:43:41.547 1999 Eastern Standard Time><thread=299 (0x12B)>
 *   C  $$<COMPONENT><11-30-2022 01:03:34.174-60><thread=4844 (0x12EC)>
 */
#ifndef SMSC_FORMAT_SMS_TRAILER_H
#define SMSC_FORMAT_SMS_TRAILER_H

#include "log_time.h"

typedef struct smsc_trailer {
	size_t      size;         /* bytes, from the "$$" on */
	smsc_span   component;
	const char *form;         /* "sms-a", "sms-b", "sms-c"; "sms" when it has no date */
	smsc_time   local;
	int32_t     bias;
	uint32_t    thread;
	bool        whole;        /* it has all its parts */
	bool        torn;         /* something follows that began as a date or thread */
	bool        bad_time;     /* a date of the right shape that no calendar has */
	bool        bad_thread;   /* the decimal and the hex number differ */
} smsc_trailer;

/* More bytes than any trailer has, however it was wrapped. */
#define SMSC_TRAILER_MOST 1024

/* Reads the trailer at `s` ("$$<" or, as one article has it, "$<").  Blanks and line ends
 * between and in its parts are taken, as mail and articles wrap it.  False if it is none. */
bool smsc_take_trailer(smsc_span s, smsc_day *day, smsc_zone *zone, smsc_trailer *out);
/* What stands around the clock of a trailer of form B, and what it says: "Fri Mar 26 " before it,
 * " 1999 Eastern Standard Time><thread=" behind. */
#define SMSC_NAMED_DAY  11
#define SMSC_NAMED_MOST 96
typedef struct smsc_named {
	char      before[SMSC_NAMED_DAY];
	char      behind[SMSC_NAMED_MOST];
	size_t    size;      /* of `behind`; 0: none yet */
	smsc_time ticks;     /* of the day */
	int32_t   bias;
} smsc_named;

/* The same for forms B and C as the product itself writes them, all on one line and ASCII, into the
 * row.  Its bytes; 0, and anything in the row, when something is different, the stream ends too near,
 * or the day or zone of form B is another than the one that was learnt. */
size_t smsc_sms_plain_trailer(smsc_span s, smsc_day *last, const smsc_named *named, smsc_row *row);
/* Learns them from the trailer at `p`, which was read step by step. */
void smsc_sms_plain_learn(const char *p, const smsc_trailer *t, smsc_day *last, smsc_named *named);

#endif
