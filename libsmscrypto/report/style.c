/* style.c - what is shown on a terminal, and what must not reach it. */
#include "style.h"

#include <string.h>

static const char *const codes[] = {
	[SMSC_DIM] = "\033[2m", [SMSC_STRONG] = "\033[1m", [SMSC_GOOD] = "\033[32m",
	[SMSC_WARN] = "\033[33m", [SMSC_BAD] = "\033[1;31m",
};

/* ---- escapes --------------------------------------------------------------------------- */

/* Characters of two or three bytes that reorder what is around them or are controls. */
static size_t steers(const unsigned char *p, size_t left, unsigned *code)
{
	if (left >= 2 && p[0] == 0xc2 && p[1] < 0xa0) {
		*code = p[1];
		return 2;
	}
	if (left < 3 || p[0] != 0xe2)
		return 0;
	*code = 0x2000u | (unsigned)(p[1] & 0x3f) << 6 | (p[2] & 0x3f);
	bool mark = (*code >= 0x200e && *code <= 0x200f) || (*code >= 0x2028 && *code <= 0x202e) ||
		(*code >= 0x2066 && *code <= 0x2069);
	return mark ? 3 : 0;
}

static bool is_blank(unsigned char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static size_t blanks(const unsigned char *p, size_t left)
{
	size_t n = 0;
	while (n < left && is_blank(p[n]))
		n++;
	return n;
}

void smsc_style_safe(smsc_buf *out, smsc_span text)
{
	const unsigned char *p = text.data;
	for (size_t i = 0; i < text.size;) {
		unsigned code = 0;
		size_t left = text.size - i, n;
		if (is_blank(p[i]) && p[i] != ' ') {
			n = blanks(p + i, left);
			smsc_buf_char(out, ' ');
		} else if (p[i] < 0x20 || p[i] == 0x7f) {
			n = 1;
			smsc_buf_printf(out, "\\x%02x", p[i]);
		} else if ((n = steers(p + i, left, &code))) {
			smsc_buf_printf(out, "\\u%04x", code);
		} else {
			n = 1;
			smsc_buf_char(out, (char)p[i]);
		}
		i += n;
	}
}

void smsc_style_safe_str(smsc_buf *out, const char *text)
{
	if (text)
		smsc_style_safe(out, (smsc_span){ text, strlen(text) });
}

/* ---- colours ---------------------------------------------------------------------------- */

void smsc_style_on(smsc_report *r, smsc_style style)
{
	if (r->flags & SMSC_COLOR && codes[style])
		smsc_buf_str(&r->out, codes[style]);
}

void smsc_style_off(smsc_report *r, smsc_style style)
{
	if (r->flags & SMSC_COLOR && codes[style])
		smsc_buf_str(&r->out, "\033[0m");
}

void smsc_style_styled(smsc_report *r, smsc_style style, const char *text)
{
	smsc_style_on(r, style);
	smsc_buf_str(&r->out, text);
	smsc_style_off(r, style);
}

smsc_style smsc_style_of(int severity)
{
	return severity >= 3 ? SMSC_BAD : severity == 2 ? SMSC_WARN : severity == 1 ? SMSC_PLAIN : SMSC_DIM;
}

const char *smsc_severity_mark(int severity)
{
	return severity >= 3 ? "!!" : severity == 2 ? "! " : "  ";
}

/* ---- words ------------------------------------------------------------------------------- */

void smsc_style_blanks(smsc_buf *out, long count)
{
	while (count-- > 0)
		smsc_buf_char(out, ' ');
}

void smsc_style_time(smsc_buf *out, smsc_time t)
{
	char text[29];
	smsc_time_text(t, text);
	if (!*text) {
		smsc_buf_char(out, '-');
		smsc_style_blanks(out, 22);
		return;
	}
	text[10] = ' ';
	/* Whole seconds say that no more was written. */
	bool whole = t % SMSC_TICKS_A_SECOND == 0;
	smsc_buf_add(out, text, whole ? 19 : 23);
	smsc_style_blanks(out, whole ? 4 : 0);
}

void smsc_style_slack(smsc_buf *out, int64_t slack)
{
	int64_t minutes = slack / SMSC_TICKS_A_SECOND / 60;
	if (minutes >= 48 * 60)
		smsc_buf_printf(out, "+-%dd%02dh", (int)(minutes / 1440), (int)(minutes / 60 % 24));
	else if (minutes)
		smsc_buf_printf(out, "+-%dh%02dm", (int)(minutes / 60), (int)(minutes % 60));
}

size_t smsc_text_width(const char *text, size_t size)
{
	size_t width = 0;
	for (size_t i = 0; i < size; i++)
		width += ((unsigned char)text[i] & 0xc0) != 0x80;
	return width;
}

const char *smsc_clock_mark(const char *clock)
{
	static const char *const marks[][2] = {
		{ "file-system", "file" }, { "archive-local", "archive?" }, { "archive-registry", "archive~reg" }, { "backup-set", "backup" }, { "log-neighbour", "log~" },
		{ "log-computer", "log~pc" }, { "log-registry", "log~reg" }, { "log-local", "log?" },
	};
	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++)
		if (!strcmp(marks[i][0], clock))
			return marks[i][1];
	return clock;
}

void smsc_style_place(smsc_buf *out, const smsc_source *source, const char *path)
{
	const char *label = source ? smsc_source_label(source) : "";
	smsc_style_safe_str(out, label);
	if (!*path || !strcmp(label, path))
		return;
	if (*label)
		smsc_buf_char(out, '/');
	smsc_style_safe_str(out, path);
}
