/* evt_record.c - one event: a fixed part, then source and computer, SID, strings and data.
 *
 * The words of an event stand in libraries of its source, only what fills their gaps is in the
 * log.  So the text of a row is "source id: string | string [data]".
 */
#include "log_stream.h"

#include "../base/ident.h"
#include "../base/text.h"

/* Data is shown as numbers up to here, then as bytes up to there. */
#define MOST_NUMBERS 16
#define MOST_SHOWN   32

typedef struct place {
	size_t at, size;
} place;

typedef struct event {
	smsc_log *l;
	smsc_span body;       /* all but the length at the end */
	uint64_t  at;
	smsc_row *row;
	place source, computer, sid, strings;  /* in l->joined, which may move while it grows */
} event;

static uint32_t number_at(const event *e, size_t at)
{
	return smsc_le32((const uint8_t *)e->body.data + at);
}

static uint16_t short_at(const event *e, size_t at)
{
	return smsc_le16((const uint8_t *)e->body.data + at);
}

/* UTF-16 up to its NUL, or the end; moves `s` past both. */
static smsc_span take_text(smsc_span *s)
{
	const uint8_t *p = s->data;
	size_t size = 0;

	while (s->size - size >= 2 && (p[size] || p[size + 1]))
		size += 2;
	smsc_span text = smsc_span_cut(*s, 0, size);
	*s = smsc_span_cut(*s, size + 2, s->size);
	return text;
}

static place add_text(event *e, smsc_span utf16)
{
	size_t at = e->l->joined.size;

	smsc_text_utf16(&e->l->joined, utf16);
	return (place){ at, e->l->joined.size - at };
}

/* The `size` bytes at `at`; none and a finding when they do not lie in the record. */
static smsc_span part_of(event *e, const char *name, uint32_t at, uint32_t size)
{
	if (size && (at < SMSC_EVT_LEAST || at > e->body.size || size > e->body.size - at)) {
		smsc_log_note(e->l, SMSC_RULE_D003, e->at, "the %s of this event lies outside of it", name);
		return smsc_span_of(NULL, 0);
	}
	return smsc_span_cut(e->body, size ? at : 0, size);
}

static void read_names(event *e)
{
	smsc_span rest = smsc_span_cut(e->body, SMSC_EVT_LEAST, e->body.size);

	e->source = add_text(e, take_text(&rest));
	e->computer = add_text(e, take_text(&rest));
}

static void read_sid(event *e)
{
	smsc_span sid = part_of(e, "SID", number_at(e, 0x2c), number_at(e, 0x28));
	size_t at = e->l->joined.size;

	if (sid.size && !smsc_sid_text(&e->l->joined, sid))
		smsc_log_note(e->l, SMSC_RULE_D003, e->at, "the SID of this event is none");
	e->sid = (place){ at, e->l->joined.size - at };
}

/* Each with a NUL behind it, so that empty ones count. */
static void read_strings(event *e)
{
	uint32_t from = number_at(e, 0x24), data = number_at(e, 0x34);
	uint16_t count = short_at(e, 0x1a);
	size_t at = e->l->joined.size, to = data >= from && data <= e->body.size ? data : e->body.size;
	bool lies_in = from >= SMSC_EVT_LEAST && from <= e->body.size;
	smsc_span rest = lies_in ? smsc_span_cut(e->body, from, to - from) : smsc_span_of(NULL, 0);
	uint16_t found = 0;

	for (; found < count && rest.size >= 2; found++) {
		add_text(e, take_text(&rest));
		smsc_buf_char(&e->l->joined, '\0');
	}
	if (found < count)
		smsc_log_note(e->l, SMSC_RULE_D003, e->at, "%u strings of this event are there, not %u",
		              (unsigned)found, (unsigned)count);
	e->strings = (place){ at, e->l->joined.size - at };
}

static smsc_span span_of(const event *e, place p)
{
	return smsc_span_cut(smsc_span_of(e->l->joined.data, e->l->joined.size), p.at, p.size);
}

static void show_strings(smsc_buf *out, smsc_span strings)
{
	const char *p = strings.data, *end = p + strings.size;
	const char *lead = ": ";

	while (p < end) {
		size_t size = strlen(p);
		if (size) {
			smsc_buf_str(out, lead);
			smsc_buf_add(out, p, size);
			lead = " | ";
		}
		p += size + 1;
	}
}

static void show_data(smsc_buf *out, smsc_span data)
{
	const uint8_t *p = data.data;
	bool numbers = data.size % 4 == 0 && data.size <= MOST_NUMBERS;

	if (!data.size)
		return;
	smsc_buf_str(out, " [");
	for (size_t i = 0; numbers && i < data.size; i += 4)
		smsc_buf_printf(out, "%s0x%08x", i ? " " : "", (unsigned)smsc_le32(p + i));
	if (!numbers)
		smsc_buf_hex(out, p, data.size < MOST_SHOWN ? data.size : MOST_SHOWN);
	smsc_buf_str(out, !numbers && data.size > MOST_SHOWN ? "...]" : "]");
}

/* Audits are information when they went well. */
static int32_t severity_of(unsigned type)
{
	return type == 1 ? 3 : type == 2 || type == 0x10 ? 2 : 1;
}

static void show(event *e)
{
	smsc_row *row = e->row;
	smsc_buf *out = &e->l->scratch;

	row->component = span_of(e, e->source);
	row->computer = span_of(e, e->computer);
	row->sid = span_of(e, e->sid);
	row->strings = span_of(e, e->strings);
	smsc_buf_clear(out);
	smsc_buf_add(out, row->component.data, row->component.size);
	smsc_buf_printf(out, " %u", (unsigned)row->event_id);
	show_strings(out, row->strings);
	show_data(out, row->data);
	row->text = smsc_span_of(out->data, out->size);
}

void smsc_evt_row(smsc_log *l, smsc_span record, uint64_t at, smsc_row *row)
{
	event e = { l, smsc_span_cut(record, 0, record.size - 4), at, row, { 0 }, { 0 }, { 0 }, { 0 } };

	smsc_buf_clear(&l->joined);
	row->number = number_at(&e, 0x08);
	row->time = smsc_time_of_unix(number_at(&e, 0x0c), 0);
	row->written = smsc_time_of_unix(number_at(&e, 0x10), 0);
	row->event_code = number_at(&e, 0x14);
	row->event_id = row->event_code & 0xffff;
	row->event_type = short_at(&e, 0x18);
	row->category = short_at(&e, 0x1c);
	row->severity = severity_of(row->event_type);
	read_names(&e);
	read_sid(&e);
	read_strings(&e);
	row->data = part_of(&e, "data", number_at(&e, 0x34), number_at(&e, 0x30));
	show(&e);
}
