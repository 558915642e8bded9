/* json.c - JSON text, and its escapes in one place. */
#include "json.h"

#include <inttypes.h>
#include <string.h>

#include "report.h"

static void put_escape(smsc_buf *out, unsigned char c)
{
	switch (c) {
	case '"':  smsc_buf_str(out, "\\\""); break;
	case '\\': smsc_buf_str(out, "\\\\"); break;
	case '\n': smsc_buf_str(out, "\\n"); break;
	case '\r': smsc_buf_str(out, "\\r"); break;
	case '\t': smsc_buf_str(out, "\\t"); break;
	default:   smsc_buf_printf(out, "\\u%04x", c); break;
	}
}

/* DEL and the C1 controls are legal in JSON, but not harmless to who prints a line. */
static size_t plain(const unsigned char *p, size_t size)
{
	size_t i = 0;
	while (i < size && p[i] >= 0x20 && p[i] != '"' && p[i] != '\\' && p[i] != 0x7f && p[i] != 0xc2)
		i++;
	return i;
}

void smsc_json_quote(smsc_buf *out, smsc_span text)
{
	const unsigned char *p = text.data;
	smsc_buf_char(out, '"');
	for (size_t i = 0; i < text.size;) {
		size_t run = plain(p + i, text.size - i);
		if (run)
			smsc_buf_add(out, p + i, run);
		i += run;
		if (i == text.size)
			break;
		if (p[i] == 0xc2 && i + 1 < text.size) {
			if (p[i + 1] < 0xa0)
				put_escape(out, p[i + 1]);
			else
				smsc_buf_add(out, p + i, 2);
			i += 2;
			continue;
		}
		put_escape(out, p[i++]);
	}
	smsc_buf_char(out, '"');
}

void smsc_json_name(smsc_buf *out, const char *name)
{
	char last = out->size ? out->data[out->size - 1] : '\n';
	if (last != '{' && last != '[' && last != '\n')
		smsc_buf_char(out, ',');
	if (name)
		smsc_buf_printf(out, "\"%s\":", name);
}

void smsc_json_open(smsc_buf *out, const char *name, char bracket)
{
	smsc_json_name(out, name);
	smsc_buf_char(out, bracket);
}

void smsc_json_span(smsc_buf *out, const char *name, smsc_span text)
{
	smsc_json_name(out, name);
	smsc_json_quote(out, text);
}

void smsc_json_text(smsc_buf *out, const char *name, const char *text)
{
	if (text)
		smsc_json_span(out, name, (smsc_span){ text, strlen(text) });
	else
		smsc_json_null(out, name);
}

void smsc_json_null(smsc_buf *out, const char *name)
{
	smsc_json_name(out, name);
	smsc_buf_str(out, "null");
}

void smsc_json_number(smsc_buf *out, const char *name, int64_t number)
{
	smsc_json_name(out, name);
	smsc_buf_printf(out, "%" PRId64, number);
}

void smsc_json_flag(smsc_buf *out, const char *name, int flag)
{
	smsc_json_name(out, name);
	smsc_buf_str(out, flag < 0 ? "null" : flag ? "true" : "false");
}

void smsc_json_hex(smsc_buf *out, const char *name, smsc_span bytes)
{
	if (!bytes.size) {
		smsc_json_null(out, name);
		return;
	}
	smsc_json_name(out, name);
	smsc_buf_char(out, '"');
	smsc_buf_hex(out, bytes.data, bytes.size);
	smsc_buf_char(out, '"');
}

void smsc_json_time(smsc_buf *out, const char *name, const char *ticks_name, smsc_time t)
{
	char text[29];
	smsc_time_text(t, text);
	smsc_json_text(out, name, *text ? text : NULL);
	if (*text)
		smsc_json_number(out, ticks_name, t);
	else
		smsc_json_null(out, ticks_name);
}

void smsc_json_local(smsc_buf *out, const char *name, smsc_time t)
{
	char text[29];
	smsc_local_text(t, text);
	smsc_json_text(out, name, *text ? text : NULL);
}
