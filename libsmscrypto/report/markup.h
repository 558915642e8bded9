/* markup.h - text of the evidence within HTML and SVG: escapes in one place. */
#ifndef SMSC_REPORT_MARKUP_H
#define SMSC_REPORT_MARKUP_H

#include "report.h"

/* Appends text that is safe between tags and within quotes; controls and marks of direction are
 * written as smsc_style_safe() does.  NULL: nothing. */
void smsc_markup_text(smsc_buf *out, const char *text);
/* The same, at most `width` characters: a longer one ends in an ellipsis. */
void smsc_markup_short(smsc_buf *out, const char *text, size_t width);
/* "label/path@offset"; `source` NULL and offset -1 are left out. */
void smsc_markup_place(smsc_buf *out, const smsc_source *source, const char *path, int64_t offset);

/* picture.c: one lane for each container, its generations as bars; what happened as marks.  A
 * whole <svg>; `embedded` in a page, which has the namespace already. */
void smsc_picture(smsc_buf *out, const smsc_case *c, bool embedded);
/* How to read it; no character in it is markup. */
extern const char smsc_picture_legend[];

/* html_page.c: from the doctype to the first section, the picture included when there is a case
 * (NULL: none); and the end. */
void smsc_page_begin(smsc_buf *out, const smsc_case *c);
void smsc_page_end(smsc_buf *out);

#endif
