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
/* The same for form C as the product itself writes it, all on one line and ASCII, into the row.  Its
 * bytes; 0, and anything in the row, when something is different or the stream ends too near. */
size_t smsc_sms_plain_trailer(smsc_span s, smsc_day *last, smsc_row *row);

#endif
