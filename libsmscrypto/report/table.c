/* table.c - a table that is aligned over all its rows, and therefore held back. */
#include <string.h>

#include "style.h"

#define GAP 2  /* blanks between columns; none at the end of a line */

typedef struct cell {
	uint32_t width;
	uint32_t style;
} cell;

static size_t cell_count(const smsc_table *t)
{
	return t->widths.size / sizeof(cell);
}

void smsc_table_begin(smsc_report *r, const char *const *heads, size_t columns, const char *right)
{
	smsc_table *t = &r->table;
	t->columns = columns;
	for (size_t i = 0; i < columns; i++) {
		t->width[i] = 0;
		t->right[i] = right[i] == '1';
	}
	for (size_t i = 0; i < columns; i++)
		smsc_table_cell(r, SMSC_STRONG, heads[i]);
}

void smsc_table_cell(smsc_report *r, smsc_style style, const char *text)
{
	smsc_table *t = &r->table;
	size_t column = cell_count(t) % t->columns, from = t->cells.size;
	smsc_style_safe_str(&t->cells, text);
	cell c = { 0, style };
	if (!t->cells.failed)
		c.width = (uint32_t)smsc_text_width(t->cells.data + from, t->cells.size - from);
	smsc_buf_char(&t->cells, '\0');
	smsc_buf_add(&t->widths, &c, sizeof(c));
	if (c.width > t->width[column])
		t->width[column] = c.width;
}

/* `owed` blanks stand before the cell, if there is anything in it; returns those behind it. */
static long put_cell(smsc_report *r, const char *text, cell c, size_t column, long owed)
{
	const smsc_table *t = &r->table;
	long fill = (long)t->width[column] - (long)c.width;
	if (!c.width)
		return owed + fill + GAP;
	smsc_style_blanks(&r->out, owed + (t->right[column] ? fill : 0));
	smsc_style_styled(r, (smsc_style)c.style, text);
	return (t->right[column] ? 0 : fill) + GAP;
}

void smsc_table_end(smsc_report *r)
{
	smsc_table *t = &r->table;
	size_t count = t->columns && !t->cells.failed && !t->widths.failed ? cell_count(t) : 0;
	const char *text = t->cells.data;
	long owed = 0;
	for (size_t i = 0; i < count; i++) {
		cell c;
		memcpy(&c, t->widths.data + i * sizeof(c), sizeof(c));
		size_t column = i % t->columns;
		owed = put_cell(r, text, c, column, column ? owed : 0);
		if (column + 1 == t->columns)
			smsc_buf_char(&r->out, '\n');
		text += strlen(text) + 1;
	}
	t->columns = 0;
	smsc_buf_clear(&t->cells);
	smsc_buf_clear(&t->widths);
}
