/* buf.c - growable bytes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"

bool smsc_buf_reserve(smsc_buf *b, size_t more)
{
	if (b->failed)
		return false;
	/* One byte beyond for the NUL; the comparison is written so that it cannot wrap. */
	if (b->room && more < b->room - b->size)
		return true;
	if (more > PTRDIFF_MAX / 2 - b->size - 1)
		return !(b->failed = true);
	size_t room = b->room ? b->room : 64;
	while (room - b->size <= more)
		room *= 2;
	char *data = realloc(b->data, room);
	if (!data)
		return !(b->failed = true);
	b->data = data;
	b->room = room;
	b->data[b->size] = '\0';
	return true;
}

void smsc_buf_add(smsc_buf *b, const void *data, size_t size)
{
	if (!smsc_buf_reserve(b, size))
		return;
	if (size)
		memcpy(b->data + b->size, data, size);
	b->size += size;
	b->data[b->size] = '\0';
}

void smsc_buf_str(smsc_buf *b, const char *text)
{
	smsc_buf_add(b, text, strlen(text));
}

void smsc_buf_char(smsc_buf *b, char c)
{
	smsc_buf_add(b, &c, 1);
}

void smsc_buf_hex(smsc_buf *b, const void *data, size_t size)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *p = data;
	if (size > PTRDIFF_MAX / 4) {
		b->failed = true;
		return;
	}
	if (!smsc_buf_reserve(b, size * 2))
		return;
	for (size_t i = 0; i < size; i++) {
		b->data[b->size++] = digits[p[i] >> 4];
		b->data[b->size++] = digits[p[i] & 15];
	}
	b->data[b->size] = '\0';
}

static void buf_vprintf(smsc_buf *b, const char *format, va_list args)
{
	va_list again;
	va_copy(again, args);
	int n = vsnprintf(NULL, 0, format, args);
	if (n < 0)
		b->failed = true;
	else if (smsc_buf_reserve(b, (size_t)n))
		b->size += (size_t)vsnprintf(b->data + b->size, (size_t)n + 1, format, again);
	va_end(again);
}

void smsc_buf_printf(smsc_buf *b, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	buf_vprintf(b, format, args);
	va_end(args);
}

void smsc_buf_clear(smsc_buf *b)
{
	b->size = 0;
	if (b->data)
		b->data[0] = '\0';
}

void smsc_buf_free(smsc_buf *b)
{
	free(b->data);
	*b = (smsc_buf)SMSC_BUF_INIT;
}
