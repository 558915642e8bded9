/* keep.c - what was made in a buffer, kept by an arena. */
#include "keep.h"

#include <string.h>

void smsc_keep_failed(smsc_arena *a)
{
	smsc_arena_alloc(a, SIZE_MAX);  /* no arena has as much */
}

const char *smsc_keep_text(smsc_arena *a, smsc_buf *text)
{
	const char *kept = text->failed ? NULL : smsc_arena_text(a, text->data, text->size);
	if (text->failed)
		smsc_keep_failed(a);
	smsc_buf_free(text);
	return kept ? kept : "";
}

const char *smsc_keep_printf(smsc_arena *a, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	const char *text = smsc_arena_vprintf(a, format, args);
	va_end(args);
	return text ? text : "";
}

smsc_span smsc_keep_span(smsc_arena *a, smsc_buf *bytes)
{
	const void *kept = bytes->size ? smsc_arena_copy(a, bytes->data, bytes->size) : NULL;
	smsc_span span = { kept, kept ? bytes->size : 0 };
	if (bytes->failed)
		smsc_keep_failed(a);
	smsc_buf_free(bytes);
	return span;
}

const char *smsc_last_part(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}
