/* json.h - JSON text, and its escapes in one place. */
#ifndef SMSC_REPORT_JSON_H
#define SMSC_REPORT_JSON_H

#include "../base/buf.h"

/* Each appends `"name":value` with a comma before it unless it is the first of its object. */
void smsc_json_text(smsc_buf *out, const char *name, const char *text);   /* NULL: null */
void smsc_json_span(smsc_buf *out, const char *name, smsc_span text);     /* UTF-8 */
void smsc_json_number(smsc_buf *out, const char *name, int64_t number);
void smsc_json_flag(smsc_buf *out, const char *name, int flag);           /* -1: null */
void smsc_json_null(smsc_buf *out, const char *name);
void smsc_json_hex(smsc_buf *out, const char *name, smsc_span bytes);     /* empty: null */
/* "name": "2005-01-07T22:59:38.0000000Z" and "ticks_name": 127..., both null when unknown. */
void smsc_json_time(smsc_buf *out, const char *name, const char *ticks_name, smsc_time t);
/* Civil time in no known zone: without the Z. */
void smsc_json_local(smsc_buf *out, const char *name, smsc_time t);
/* The name alone, for a value that is written next; `name` NULL in an array. */
void smsc_json_name(smsc_buf *out, const char *name);
void smsc_json_open(smsc_buf *out, const char *name, char bracket);       /* '{' or '[' */
/* Appends text in quotes. */
void smsc_json_quote(smsc_buf *out, smsc_span text);

#endif
