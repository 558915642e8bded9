/* text_record.c - a record as a dissector: each field with the bytes it was read from. */
#include <inttypes.h>
#include <string.h>

#include "style.h"

#define NAME_WIDTH 28
#define MAX_HEX    32   /* bytes of a value that are shown */

static void put_hex(smsc_buf *o, smsc_span bytes)
{
	size_t shown = bytes.size < MAX_HEX ? bytes.size : MAX_HEX;
	smsc_buf_hex(o, bytes.data, shown);
	if (shown < bytes.size)
		smsc_buf_printf(o, "... (%zu bytes)", bytes.size);
}

static void put_number(smsc_buf *o, int64_t number)
{
	smsc_buf_printf(o, "%" PRId64, number);
	if (number > 9)
		smsc_buf_printf(o, " (0x%" PRIx64 ")", (uint64_t)number);
}

static void put_value(smsc_buf *o, const smsc_field *f)
{
	char text[29];
	switch (f->type) {
	case SMSC_INT:
		put_number(o, f->as.number);
		break;
	case SMSC_TIME:
		smsc_buf_str(o, *smsc_time_text(f->as.time, text) ? text : "-");
		break;
	case SMSC_TEXT:
		smsc_buf_char(o, '"');
		smsc_style_safe_str(o, f->as.text);
		smsc_buf_char(o, '"');
		break;
	case SMSC_BYTES:
		put_hex(o, f->as.span);
		break;
	case SMSC_RECORD:
		smsc_buf_str(o, smsc_record_format(f->as.record));
		break;
	case SMSC_NONE:
		smsc_buf_str(o, "(not shown)");
		break;
	}
}

/* A derived field was read from nowhere. */
static void put_place(smsc_report *r, const smsc_field *f)
{
	smsc_style_on(r, SMSC_DIM);
	if (f->bytes || f->type == SMSC_RECORD)
		smsc_buf_printf(&r->out, "%08" PRIx64 " %6" PRIu64 "  ", f->at, f->bytes);
	else
		smsc_buf_printf(&r->out, "%8s %6s  ", "-", "-");
	smsc_style_off(r, SMSC_DIM);
}

static void put_field(smsc_report *r, const smsc_field *f, int depth)
{
	smsc_buf *o = &r->out;
	put_place(r, f);
	smsc_style_blanks(o, 2L * depth);
	smsc_style_styled(r, f->type == SMSC_RECORD ? SMSC_STRONG : SMSC_PLAIN, f->name);
	smsc_style_blanks(o, NAME_WIDTH - 2L * depth - (long)strlen(f->name));
	smsc_buf_char(o, ' ');
	put_value(o, f);
	if (f->note) {
		smsc_buf_str(o, "  = ");
		smsc_style_safe_str(o, f->note);
	}
	if (f->meaning) {
		smsc_buf_str(o, "  ");
		smsc_style_on(r, SMSC_DIM);
		smsc_style_safe_str(o, f->meaning);
		smsc_style_off(r, SMSC_DIM);
	}
	smsc_buf_char(o, '\n');
}

/* As deep as decoders nest, which no input decides. */
static void put_fields(smsc_report *r, const smsc_record *record, int depth)
{
	const smsc_field *f;
	for (size_t i = 0; (f = smsc_record_at(record, i)); i++) {
		put_field(r, f, depth);
		if (f->type == SMSC_RECORD)
			put_fields(r, f->as.record, depth + 1);
	}
}

void smsc_text_record(smsc_report *r, const smsc_record *record)
{
	smsc_buf *o = &r->out;
	if (r->blocks++)
		smsc_buf_char(o, '\n');
	smsc_report_begins(r, "record");
	smsc_style_styled(r, SMSC_STRONG, smsc_record_format(record));
	smsc_buf_str(o, "  ");
	smsc_style_safe_str(o, smsc_record_path(record));
	smsc_buf_str(o, "\n  offset   size  field\n");
	put_fields(r, record, 0);
}
