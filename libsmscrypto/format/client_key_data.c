/* client_key_data.c - an export of the site database's table ClientKeyData: which client signs
 * with which key.
 *
 * No description of the table is public: columns are known by the words in their names, or, where
 * there is no line of names (bcp), by what stands in them.
 */
#include "../base/text.h"
#include "format.h"
#include "trust_value.h"

#define MAX_ROWS    10000
#define MAX_COLUMNS 32

enum { COLUMN_CLIENT = 1, COLUMN_KEY, COLUMN_THUMBPRINT };

typedef struct cells {
	size_t from[MAX_COLUMNS], to[MAX_COLUMNS], count;
} cells;

typedef struct table {
	const smsc_plain *p;
	char    mark;                      /* between cells */
	uint8_t kinds[MAX_COLUMNS];
	bool    named;                     /* the first line names the columns */
} table;

/* ---- lines ---- */

static void add_cell(cells *c, const smsc_plain *p, size_t from, size_t to)
{
	smsc_plain_trim(p, &from, &to);
	if (to - from >= 2 && p->text[from] == '"' && p->text[to - 1] == '"') {
		from++;
		to--;
	}
	if (c->count == MAX_COLUMNS)
		return;
	c->from[c->count] = from;
	c->to[c->count++] = to;
}

static void split(const table *t, size_t from, size_t to, cells *out)
{
	bool quoted = false;
	size_t begin = from;
	out->count = 0;
	for (size_t i = from; i < to; i++) {
		char c = t->p->text[i];
		quoted ^= c == '"';
		if (c == t->mark && !quoted) {
			add_cell(out, t->p, begin, i);
			begin = i + 1;
		}
	}
	add_cell(out, t->p, begin, to);
}

static char mark_of(const smsc_plain *p, size_t from, size_t to)
{
	static const char marks[] = "\t|;,";
	for (const char *m = marks; *m; m++)
		if (memchr(p->text + from, *m, to - from))
			return *m;
	return ',';
}

/* ---- columns ---- */

static bool holds(const smsc_plain *p, size_t from, size_t to, const char *word)
{
	size_t at = smsc_plain_find(&(smsc_plain){ .text = p->text, .size = to, .step = p->step }, from, word);
	return at < SIZE_MAX;
}

static uint8_t kind_by_name(const smsc_plain *p, size_t from, size_t to)
{
	if (holds(p, from, to, "thumb") || holds(p, from, to, "hash"))
		return COLUMN_THUMBPRINT;
	if (holds(p, from, to, "smsid") || holds(p, from, to, "unique") || holds(p, from, to, "guid") ||
	    holds(p, from, to, "clientid"))
		return COLUMN_CLIENT;
	return holds(p, from, to, "key") || holds(p, from, to, "cert") ? COLUMN_KEY : 0;
}

/* "0x" in front, as SQL writes bytes. */
static size_t digits_from(const smsc_plain *p, size_t from, size_t to)
{
	return to - from > 2 && p->text[from] == '0' && (p->text[from + 1] == 'x' || p->text[from + 1] == 'X') ?
		from + 2 : from;
}

static uint8_t kind_by_content(const smsc_plain *p, size_t from, size_t to)
{
	if (to - from == 41 && smsc_plain_is(p, from, from + 5, "GUID:"))
		return COLUMN_CLIENT;
	from = digits_from(p, from, to);
	if (to - from < 40)
		return 0;
	for (size_t i = from; i < to; i++)
		if (smsc_hex_digit(p->text[i]) < 0)
			return 0;
	return to - from == 40 ? COLUMN_THUMBPRINT : COLUMN_KEY;
}

typedef uint8_t kind_fn(const smsc_plain *p, size_t from, size_t to);

static bool know_columns(table *t, const cells *c, kind_fn *kind)
{
	bool client = false, key = false;
	for (size_t i = 0; i < c->count; i++) {
		t->kinds[i] = kind(t->p, c->from[i], c->to[i]);
		client |= t->kinds[i] == COLUMN_CLIENT;
		key |= t->kinds[i] == COLUMN_KEY || t->kinds[i] == COLUMN_THUMBPRINT;
	}
	return client && key;
}

/* Reads the first line; false when this is no such table. */
static bool begin(table *t, const smsc_plain *p, size_t *next)
{
	size_t from, to, at = *next;
	cells c;
	*t = (table){ .p = p };
	if (!smsc_plain_line(p, &at, &from, &to))
		return false;
	t->mark = mark_of(p, from, to);
	split(t, from, to, &c);
	if (know_columns(t, &c, kind_by_content))
		return true;
	t->named = know_columns(t, &c, kind_by_name);
	if (t->named)
		*next = at;
	return t->named;
}

/* ---- rows ---- */

static void put_columns(smsc_record *r, const table *t)
{
	static const char *const words[] = { NULL, "client", "key", "thumbprint" };
	smsc_buf text = SMSC_BUF_INIT;
	for (size_t i = 0; i < MAX_COLUMNS; i++)
		if (t->kinds[i])
			smsc_buf_printf(&text, "%s%zu: %s", text.size ? ", " : "", i + 1, words[t->kinds[i]]);
	if (text.data && !text.failed)
		smsc_put_derived_text(r, "columns", "which columns were known", text.data, 0);
	smsc_note(r, "by %s; the layout is not proven", t->named ? "their names" : "what stands in them");
	r->failed |= text.failed;
	smsc_buf_free(&text);
}

static void put_cell(smsc_record *row, const table *t, uint8_t kind, size_t from, size_t to)
{
	const smsc_plain *p = t->p;
	if (from == to || smsc_plain_is(p, from, to, "NULL"))
		return;
	if (kind == COLUMN_CLIENT)
		smsc_put_plain(row, "client", "identifier of the client", p, from, to);
	else if (kind == COLUMN_KEY)
		smsc_put_trust_hex(row, "key", "public key the client signs with", SMSC_ROLE_CLIENT, p,
		                   digits_from(p, from, to), to);
	else if (kind == COLUMN_THUMBPRINT)
		smsc_put_thumbprint(row, "thumbprint", "certificate of the client", SMSC_ROLE_CLIENT, p,
		                    digits_from(p, from, to), to);
}

static void put_row(smsc_record *r, const table *t, size_t from, size_t to)
{
	cells c;
	split(t, from, to, &c);
	smsc_record *row = smsc_put_record(r, "row", "one client", "client-key", smsc_plain_at(t->p, from),
	                                   (uint64_t)(to - from) * t->p->step);
	for (size_t i = 0; i < c.count; i++)
		put_cell(row, t, t->kinds[i], c.from[i], c.to[i]);
}

static void read_table(smsc_record *r, const smsc_plain *p)
{
	table t;
	size_t next = 0, from, to;
	int64_t rows = 0;
	if (!begin(&t, p, &next)) {
		smsc_damage(r, SMSC_RULE_D004, 0, "no columns of ClientKeyData are known in its first line");
		return;
	}
	put_columns(r, &t);
	while (smsc_plain_line(p, &next, &from, &to)) {
		if (rows++ < MAX_ROWS)
			put_row(r, &t, from, to);
		else if (rows == MAX_ROWS + 1)
			smsc_damage(r, SMSC_RULE_D008, smsc_plain_at(p, from), "only %d rows are told", MAX_ROWS);
	}
	smsc_put_int(r, "rows", "rows of the table", rows, 0, 0);
}

static void decode(smsc_span in, smsc_record *r)
{
	smsc_plain_decode(in, r, read_table);
}

/* One table of hundreds has such columns: its own name, or a key that is one, must be there too. */
static bool is_convincing(const table *t, const smsc_plain *p, size_t next, const char *name)
{
	size_t from, to;
	cells c;
	if (smsc_plain_find(&(smsc_plain){ .text = name, .size = strlen(name), .step = 1 }, 0, "ClientKeyData") < SIZE_MAX)
		return true;
	if (!smsc_plain_line(p, &next, &from, &to))
		return false;
	split(t, from, to, &c);
	for (size_t i = 0; i < c.count; i++) {
		size_t digits = digits_from(p, c.from[i], c.to[i]);
		if (t->kinds[i] == COLUMN_KEY && (smsc_plain_is(p, digits, digits + 8, "06020000") ||
		                                  smsc_plain_is(p, digits, digits + 4, "3082")))
			return true;
	}
	return false;
}

static int probe(smsc_span head, uint64_t size, const char *name)
{
	char room[SMSC_PEEK];
	smsc_plain p;
	table t;
	size_t next = 0;
	(void)size;
	smsc_plain_peek(&p, head, room);
	return p.size >= 40 && begin(&t, &p, &next) && is_convincing(&t, &p, next, name) ? 72 : 0;
}

const smsc_format smsc_client_key_data = {
	"client-key-data", "export of the table ClientKeyData (columns not proven): keys of clients", probe, decode
};
