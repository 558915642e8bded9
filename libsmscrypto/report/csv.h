/* csv.h - comma-separated values, and their quoting in one place. */
#ifndef SMSC_REPORT_CSV_H
#define SMSC_REPORT_CSV_H

#include "../base/buf.h"

/* Each appends one cell, with a comma before it unless it begins its line. */
void smsc_csv_text(smsc_buf *out, smsc_span text);
void smsc_csv_str(smsc_buf *out, const char *text);      /* NULL: an empty cell */
void smsc_csv_number(smsc_buf *out, int64_t number);
void smsc_csv_hex(smsc_buf *out, smsc_span bytes);

#endif
