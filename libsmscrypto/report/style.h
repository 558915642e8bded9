/* style.h - text for a terminal: escapes, colours, tables. */
#ifndef SMSC_REPORT_STYLE_H
#define SMSC_REPORT_STYLE_H

#include "report.h"

typedef enum smsc_style {
	SMSC_PLAIN, SMSC_DIM, SMSC_STRONG, SMSC_GOOD, SMSC_WARN, SMSC_BAD,
} smsc_style;

/* Appends evidence text so that it is one line and cannot steer the terminal: newlines and
 * tabs become one blank, other controls and marks of direction are escaped as \xHH, \uHHHH. */
void smsc_style_safe(smsc_buf *out, smsc_span text);
void smsc_style_safe_str(smsc_buf *out, const char *text);   /* NULL: nothing */
/* Appends `text` (already safe) in a style, plain unless SMSC_COLOR. */
void smsc_style_styled(smsc_report *r, smsc_style style, const char *text);
void smsc_style_on(smsc_report *r, smsc_style style);
void smsc_style_off(smsc_report *r, smsc_style style);
/* Style of severity 0..3. */
smsc_style smsc_style_of(int severity);
/* "  ", "! " or "!!": the severity for those who see no colours. */
const char *smsc_severity_mark(int severity);

/* Appends "2005-01-07 22:59:38.406", 23 characters in all; "-" when not known. */
void smsc_style_time(smsc_buf *out, smsc_time t);
/* Appends how far a time may be off: "+-2d16h"; nothing for less than a minute. */
void smsc_style_slack(smsc_buf *out, int64_t slack);
/* Appends `count` blanks; none when it is not positive. */
void smsc_style_blanks(smsc_buf *out, long count);
/* How many characters, not bytes. */
size_t smsc_text_width(const char *text, size_t size);
/* Short word for a clock; '~' and '?' say how far it is to be trusted. */
const char *smsc_clock_mark(const char *clock);
/* Appends "label/path", both safe; the label alone for a source that is one file. */
void smsc_style_place(smsc_buf *out, const smsc_source *source, const char *path);

/* Opens a table with a heading row; `right` has a 1 for each column that is flush right. */
void smsc_table_begin(smsc_report *r, const char *const *heads, size_t columns, const char *right);
/* Adds the next cell; text is made safe. */
void smsc_table_cell(smsc_report *r, smsc_style style, const char *text);
/* Writes the open table, if any, and closes it. */
void smsc_table_end(smsc_report *r);

/* text_plan.c */
void smsc_text_step(smsc_report *r, const smsc_step *s);

/* text_record.c */
void smsc_text_record(smsc_report *r, const smsc_record *record);

#endif
