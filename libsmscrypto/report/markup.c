/* markup.c - text of the evidence within HTML and SVG: escapes in one place. */
#include "markup.h"

#include <inttypes.h>

#include "style.h"

static void escape(smsc_buf *out, const smsc_buf *safe, size_t size)
{
	for (size_t i = 0; i < size; i++)
		switch (safe->data[i]) {
		case '&':  smsc_buf_str(out, "&amp;"); break;
		case '<':  smsc_buf_str(out, "&lt;"); break;
		case '>':  smsc_buf_str(out, "&gt;"); break;
		case '"':  smsc_buf_str(out, "&quot;"); break;
		case '\'': smsc_buf_str(out, "&#39;"); break;
		default:   smsc_buf_char(out, safe->data[i]);
		}
}

/* Bytes of the first `width` characters. */
static size_t first(const smsc_buf *text, size_t width)
{
	size_t i = 0;
	for (; i < text->size; i++)
		if (((unsigned char)text->data[i] & 0xc0) != 0x80 && !width--)
			break;
	return i;
}

void smsc_markup_short(smsc_buf *out, const char *text, size_t width)
{
	smsc_buf safe = SMSC_BUF_INIT;
	smsc_style_safe_str(&safe, text);
	out->failed |= safe.failed;
	if (!safe.failed) {
		bool cut = smsc_text_width(safe.data, safe.size) > width;
		escape(out, &safe, cut ? first(&safe, width - 1) : safe.size);
		smsc_buf_str(out, cut ? "\xe2\x80\xa6" : "");
	}
	smsc_buf_free(&safe);
}

void smsc_markup_text(smsc_buf *out, const char *text)
{
	smsc_markup_short(out, text, SIZE_MAX);
}

void smsc_markup_place(smsc_buf *out, const smsc_source *source, const char *path, int64_t offset)
{
	smsc_buf safe = SMSC_BUF_INIT;
	smsc_style_place(&safe, source, path);
	if (offset >= 0)
		smsc_buf_printf(&safe, "@%" PRId64, offset);
	out->failed |= safe.failed;
	if (!safe.failed)
		escape(out, &safe, safe.size);
	smsc_buf_free(&safe);
}
