/* buf.h - growable bytes with a sticky failed flag: write all, ask once. */
#ifndef SMSC_BASE_BUF_H
#define SMSC_BASE_BUF_H

#include <stdarg.h>
#include <stdbool.h>

#include "../smscrypto.h"
#include "error.h"

typedef struct smsc_buf {
	char  *data;   /* NUL-terminated once anything was added */
	size_t size;
	size_t room;
	bool   failed; /* no memory; later additions do nothing */
} smsc_buf;

#define SMSC_BUF_INIT { NULL, 0, 0, false }

bool smsc_buf_reserve(smsc_buf *b, size_t more);
void smsc_buf_add(smsc_buf *b, const void *data, size_t size);
void smsc_buf_str(smsc_buf *b, const char *text);
void smsc_buf_char(smsc_buf *b, char c);
void smsc_buf_hex(smsc_buf *b, const void *data, size_t size);  /* lower case */
void smsc_buf_printf(smsc_buf *b, const char *format, ...) SMSC_PRINTF(2, 3);
void smsc_buf_clear(smsc_buf *b);  /* keeps the memory, and `failed` */
void smsc_buf_free(smsc_buf *b);

#endif
