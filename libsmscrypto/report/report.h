/* report.h - the contract between a report and its formats: one file, one row. */
#ifndef SMSC_REPORT_REPORT_H
#define SMSC_REPORT_REPORT_H

#include <stdbool.h>

#include "../analysis/case.h"
#include "../base/buf.h"

/* One kind of row each; NULL where a format cannot tell it.  They only add to `out`. */
typedef struct smsc_writer {
	const char *name;
	/* Before the rows of a whole case: a head, a picture.  May be NULL. */
	void (*open)(smsc_report *r, const smsc_case *c);
	void (*event)(smsc_report *r, const smsc_event *e);
	void (*source)(smsc_report *r, const smsc_snapshot *s);
	void (*generation)(smsc_report *r, const smsc_generation *g);
	void (*certificate)(smsc_report *r, const smsc_certificate *x);
	void (*finding)(smsc_report *r, const smsc_finding *f);
	void (*match)(smsc_report *r, const smsc_match *m);
	void (*step)(smsc_report *r, const smsc_step *s);
	void (*record)(smsc_report *r, const smsc_record *record);
	/* `sha256` is 64 hex digits, or NULL. */
	void (*entry)(smsc_report *r, const smsc_entry *e, const char *sha256);
	void (*row)(smsc_report *r, const smsc_log *l, const smsc_row *row);
	/* Before a row of another kind, and at the end: what is held back.  May be NULL. */
	void (*settle)(smsc_report *r);
	/* What closes the whole, in place of settle.  May be NULL. */
	void (*end)(smsc_report *r);
} smsc_writer;

extern const smsc_writer smsc_text_writer, smsc_jsonl_writer, smsc_csv_writer,
	smsc_bodyfile_writer, smsc_timesketch_writer, smsc_l2tcsv_writer, smsc_html_writer, smsc_svg_writer;

#define SMSC_MAX_COLUMNS 12

/* A table of text that is aligned over all its rows. */
typedef struct smsc_table {
	smsc_buf cells;         /* each ends in NUL */
	smsc_buf widths;        /* of each cell, uint32_t characters */
	size_t   columns;       /* 0: no table is open */
	size_t   width[SMSC_MAX_COLUMNS];
	bool     right[SMSC_MAX_COLUMNS];
} smsc_table;

struct smsc_report {
	const smsc_writer *writer;
	unsigned      flags;
	smsc_sink_fn *sink;
	void         *user;
	smsc_buf      out;
	const char   *kind;     /* of the last row; NULL: none yet */
	smsc_table    table;
	uint64_t      left_out; /* routine events since the last block */
	uint64_t      blocks;   /* of text so far: a blank line parts them */
	const char   *html_end; /* of the section that is open; NULL: none */
	const smsc_record *streams;  /* of the entry that is written, if they are to be shown */
};

/* "" for SMSC_NEVER.  `out` has 29 bytes. */
const char *smsc_time_text(smsc_time t, char out[29]);
/* The same without the 'Z': a local time is in no known zone. */
const char *smsc_local_text(smsc_time t, char out[29]);
/* Did a log tell it? */
bool smsc_event_is_log(const smsc_event *e);
/* Hundreds of signatures checked and keys looked up would drown the few lines that matter. */
bool smsc_event_is_routine(const smsc_event *e);
/* True when something of `kind` follows rows of another kind, or is the first. */
bool smsc_report_begins(smsc_report *r, const char *kind);

#endif
