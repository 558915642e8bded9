/* log_row.c - the last steps of every row: its place, its time, its text as UTF-8. */
#include "log_stream.h"

#include "../base/text.h"

/* WTF-8 of the window (see there) to UTF-8: only a surrogate is not valid, ED A0..BF xx. */
static void add_wide(smsc_buf *out, smsc_span s)
{
	while (s.size) {
		size_t good = smsc_utf8_valid(s);
		smsc_buf_add(out, s.data, good);
		s = smsc_span_cut(s, good, s.size);
		if (!s.size)
			return;
		const uint8_t *p = s.data;
		/* A row may begin within a character when its head is lost. */
		bool whole = s.size >= 3 && p[0] == 0xed;
		if (whole)
			smsc_buf_printf(out, "\\u%04x", 0xd000u | (p[1] & 0x3fu) << 6 | (p[2] & 0x3fu));
		else
			smsc_buf_printf(out, "\\x%02x", p[0]);
		s = smsc_span_cut(s, whole ? 3 : 1, s.size);
	}
}

static void add_text(smsc_log *l, smsc_span s)
{
	if (l->w.encoding >= SMSC_ENCODING_UTF16LE)
		add_wide(&l->scratch, s);
	else if (l->w.encoding == SMSC_ENCODING_UTF8)
		smsc_text_utf8(&l->scratch, s);
	else
		smsc_text_ansi(&l->scratch, s, l->settings.codepage);
}

/* The buffer may move while it grows, so places in it are spans only at the end. */
static void convert(smsc_log *l, smsc_row *row)
{
	smsc_span *spans[] = { &row->text, &row->component, &row->context, &row->file };
	size_t at[4], size[4];

	smsc_buf_clear(&l->scratch);
	for (int i = 0; i < 4; i++) {
		at[i] = SIZE_MAX;
		if (smsc_utf8_valid(*spans[i]) == spans[i]->size)
			continue;
		at[i] = l->scratch.size;
		add_text(l, *spans[i]);
		size[i] = l->scratch.size - at[i];
	}
	for (int i = 0; i < 4; i++)
		if (at[i] != SIZE_MAX)
			*spans[i] = smsc_span_cut(smsc_span_of(l->scratch.data, l->scratch.size),
			                          at[i], size[i]);
}

void smsc_log_clear(smsc_row *row)
{
	row->size = sizeof *row;
	row->time = row->local = row->written = SMSC_NEVER;
	row->bias = SMSC_NO_BIAS;
	row->severity = 0;
	row->thread = row->source_line = 0;
	row->event_id = row->event_code = row->event_type = row->category = 0;
	row->offset = row->length = row->line = row->number = 0;
	/* One by one: a copy of one that was just stored waits for it. */
	row->text = smsc_span_of(NULL, 0);
	row->component = smsc_span_of(NULL, 0);
	row->context = smsc_span_of(NULL, 0);
	row->file = smsc_span_of(NULL, 0);
	row->computer = smsc_span_of(NULL, 0);
	row->sid = smsc_span_of(NULL, 0);
	row->strings = smsc_span_of(NULL, 0);
	row->data = smsc_span_of(NULL, 0);
	row->form = NULL;
}

static inline void claim(smsc_log *l, smsc_row *row, size_t n, smsc_look look)
{
	if (l->junk.start != l->junk.end)
		smsc_log_end_junk(l);
	row->offset = l->w.offset;
	row->length = smsc_window_extent(&l->w, n);
	row->line = l->w.line;
	l->pending = n;
	l->pending_lines = look.lines;
	if (row->bias == SMSC_NO_BIAS && row->local != SMSC_NEVER && l->settings.zone_known)
		row->bias = l->settings.bias;
	row->time = smsc_time_utc(row->local, row->bias);
	if (!look.ascii)
		convert(l, row);
}

void smsc_log_claim(smsc_log *l, smsc_row *row, size_t n)
{
	claim(l, row, n, smsc_window_look(&l->w, n));
}

void smsc_log_claim_line(smsc_log *l, smsc_row *row, size_t n, smsc_look look)
{
	const char *p = smsc_log_bytes(l) + n;
	size_t left = smsc_log_left(l) - n;

	claim(l, row, n, look);
	bool wide = left >= 2 && *p == '\r';
	if (left > wide && p[wide] == '\n') {
		l->pending += 1u + wide;
		l->pending_lines++;
	}
}

smsc_span smsc_log_join(smsc_log *l, smsc_span s)
{
	const char *p = s.data, *end = p + s.size;
	size_t start = l->joined.size;

	while (p < end) {
		const char *word = p;
		while (p < end && !smsc_is_blank(*p))
			p++;
		smsc_buf_add(&l->joined, word, (size_t)(p - word));
		while (p < end && smsc_is_blank(*p))
			p++;
		if (p < end)
			smsc_buf_char(&l->joined, ' ');
	}
	return smsc_span_cut(smsc_span_of(l->joined.data, l->joined.size), start, SIZE_MAX);
}
