/* reader.h - libarchive, seen from outside: headers and data, one after the other. */
#ifndef SMSC_SOURCE_READER_H
#define SMSC_SOURCE_READER_H

#include "feed.h"
#include "packing.h"

typedef struct smsc_reader smsc_reader;

typedef enum smsc_got {
	SMSC_GOT,
	SMSC_GOT_WARNED,  /* there it is, but something is wrong with it */
	SMSC_GOT_END,
	SMSC_GOT_UNKNOWN, /* this entry cannot be read; the next may be */
	SMSC_GOT_BROKEN,  /* nothing more can be read by this reader */
} smsc_got;

/* What an entry says of itself; the name lives until the next header. */
typedef struct smsc_header {
	const char *name;     /* bytes; NULL when there is none */
	const char *kind;     /* "file", "folder", "link", "other" */
	int64_t     size;     /* -1 not known */
	smsc_time   modified, accessed, created;
	bool        seconds;  /* the times are whole seconds */
	bool        encrypted;
	bool        single;   /* a packed file that is no archive: it has no name */
} smsc_header;

typedef enum smsc_form {
	SMSC_ANY_FORM,  /* a zip header after header; a compressed file as it is, tar or not */
	SMSC_BY_LIST,   /* a zip by its directory */
	SMSC_SINGLE,    /* a compressed file that is no tar */
} smsc_form;

/* Reads `feed` from where it stands.  NULL without memory. */
smsc_reader *smsc_reader_new(smsc_feed *feed, smsc_packing packing, smsc_form form);
void         smsc_reader_free(smsc_reader *r);
smsc_got     smsc_reader_header(smsc_reader *r, smsc_header *out);
/* The next piece of the entry and where in it that belongs; what lies between is a hole. */
smsc_got     smsc_reader_data(smsc_reader *r, smsc_span *data, uint64_t *at);
/* After BROKEN, UNKNOWN or WARNED: why. */
const char  *smsc_reader_reason(const smsc_reader *r);
bool         smsc_reader_no_memory(const smsc_reader *r);
/* From where the feed was started: bytes taken, and where the last header was looked for. */
uint64_t     smsc_reader_taken(const smsc_reader *r);
uint64_t     smsc_reader_header_at(const smsc_reader *r);
/* Were there no bytes at all? */
bool         smsc_reader_is_empty(const smsc_reader *r);

#endif
