/* setup_log.c - logs of setup programs, two kinds:
 *
 *   <01-07-2005 12:00:00> text             SMS setup and its roles; older: <Fri Jan 07 ...>
 *
 *   === Verbose logging started: 1/7/2005  12:44:33  Build type: ... ===    Windows Installer
 *   MSI (s) (74:A8) [12:44:33:444]: text
 *   Action ended 12:44:35: InstallFinalize. Return value 1.
 *
 * Lines that do not begin so go on with the text of the line before.  All times are local;
 * lines of Windows Installer have a clock only, and their day is that of the header.
 */
#include "../base/text.h"
#include "log_stream.h"
#include "trace_stamp.h"

/* ---- lines of SMS setup ------------------------------------------------------------ */

static bool take_bracket(smsc_text_at *t, smsc_date *d)
{
	smsc_text_at at = *t;

	if (!smsc_take(&at, '<'))
		return false;
	bool inner = smsc_take(&at, '[');
	bool numbered = at.p < at.end && smsc_is_digit(*at.p);
	if (numbered ? !smsc_take_numbered_date(&at, d) : !smsc_take_named_date(&at, d))
		return false;
	smsc_take_fraction(&at, '.', &d->clock);
	if ((inner && !smsc_take(&at, ']')) || !smsc_take(&at, '>'))
		return false;
	*t = at;
	return true;
}

/* Trace logs of the site server wrapped in an article may have such a line, too. */
static bool is_of_trailer(smsc_text_at t)
{
	return smsc_take_text(&t, "<thread=");
}

static bool begins_bracket(smsc_span line)
{
	smsc_text_at t = smsc_text_of(line);
	smsc_date d = { 0 };

	smsc_take_blanks(&t);
	return take_bracket(&t, &d) && !is_of_trailer(t);
}

static void fill_bracket(smsc_log *l, smsc_span record, smsc_row *row)
{
	smsc_text_at t = smsc_text_of(record);
	smsc_date d = { 0 };

	take_bracket(&t, &d);
	row->form = "setup";
	row->local = smsc_log_time(&l->day, (int)d.year, (int)d.month, (int)d.day, &d.clock);
	row->text = smsc_span_trim(smsc_span_of(t.p, (size_t)(t.end - t.p)));
	if (row->local == SMSC_NEVER)
		smsc_log_note(l, SMSC_RULE_D003, l->w.offset, "the date of this record is none");
}

/* ---- lines of Windows Installer ------------------------------------------------------ */

typedef enum msi_kind { MSI_NONE, MSI_LOGGING, MSI_ENGINE, MSI_ACTION, MSI_PROPERTY, MSI_CUSTOM } msi_kind;

typedef struct msi_line {
	smsc_view_stamp stamp;   /* MSI_LOGGING */
	smsc_clock      clock;   /* MSI_ENGINE, MSI_ACTION, MSI_CUSTOM */
	bool            clocked; /* the line has a clock or a stamp */
	smsc_span       side;    /* "MSI (s)" */
	uint32_t        thread;  /* its lowest byte, and no more is written */
	const char     *text;
} msi_line;

static bool take_byte(smsc_text_at *t, uint32_t *value)
{
	const char *start = t->p;

	for (*value = 0; t->p < t->end && t->p - start < 2 && smsc_hex_digit(*t->p) >= 0; t->p++)
		*value = *value << 4 | (unsigned)smsc_hex_digit(*t->p);
	return t->p - start == 2;
}

/* "MSI (s) (74:A8) [12:44:33:444]: text"; a '!' when the package itself says it.  Early ones have
 * no clock. */
static bool take_engine(smsc_text_at t, msi_line *m)
{
	const char *start = t.p;
	uint32_t process;

	if (!smsc_take_text(&t, "MSI (") || t.p == t.end || !memchr("scnSCN", *t.p, 6))
		return false;
	t.p++;
	if (!smsc_take(&t, ')'))
		return false;
	m->side = smsc_span_of(start, (size_t)(t.p - start));
	if (!smsc_take_text(&t, " (") || !take_byte(&t, &process) ||
	    (!smsc_take(&t, ':') && !smsc_take(&t, '!')) ||
	    !take_byte(&t, &m->thread) || !smsc_take(&t, ')'))
		return false;
	m->clocked = smsc_take_text(&t, " [");
	if ((m->clocked && (!smsc_take_clock(&t, &m->clock) || !smsc_take_millis(&t, &m->clock) || !smsc_take(&t, ']'))) ||
	    !smsc_take(&t, ':'))
		return false;
	m->text = t.p;
	return true;
}

/* "Action start 12:44:33: INSTALL."; short logs have "Action 12:44:33: INSTALL." */
static bool take_action(smsc_text_at t, msi_line *m)
{
	if (!smsc_take_text(&t, "Action "))
		return false;
	if (!smsc_take_text(&t, "start "))
		smsc_take_text(&t, "ended ");
	return smsc_take_clock(&t, &m->clock) && smsc_take(&t, ':');
}

/* "[12:44:33] text" of a program that setup runs. */
static bool take_custom(smsc_text_at t, msi_line *m)
{
	if (!smsc_take(&t, '[') || !smsc_take_clock(&t, &m->clock) || !smsc_take(&t, ']'))
		return false;
	m->text = t.p;
	return true;
}

/* "=== Verbose logging started: 1/7/2005  12:44:33  ..." */
static bool take_logging(smsc_text_at t, msi_line *m)
{
	if (!smsc_take_text(&t, "=== "))
		return false;
	if (!smsc_take_text(&t, "Verbose logging ") && !smsc_take_text(&t, "Logging "))
		return false;
	return (smsc_take_text(&t, "started: ") || smsc_take_text(&t, "stopped: ")) &&
	       smsc_take_view_stamp(&t, &m->stamp);
}

static msi_kind take_msi(smsc_span line, msi_line *m)
{
	smsc_text_at t = smsc_text_of(line), at = t;

	*m = (msi_line){ .text = t.p, .clocked = true };
	if (take_engine(t, m))
		return MSI_ENGINE;
	m->clocked = true;
	if (take_action(t, m))
		return MSI_ACTION;
	if (take_logging(t, m))
		return MSI_LOGGING;
	if (take_custom(t, m))
		return MSI_CUSTOM;
	return smsc_take_text(&at, "Property(") ? MSI_PROPERTY : MSI_NONE;
}

static bool begins_msi(smsc_span line)
{
	msi_line m;

	return take_msi(line, &m) != MSI_NONE;
}

/* "Return value 3." is failure, 2 that the user gave up. */
static int32_t severity_of(smsc_span text)
{
	static const char mark[] = "Return value ";
	const char *end = (const char *)text.data + text.size;
	const char *p = memmem(text.data, text.size, mark, sizeof mark - 1);

	if (!p || end - p < (ptrdiff_t)sizeof mark)
		return 0;
	return p[sizeof mark - 1] == '3' ? 3 : p[sizeof mark - 1] == '2' ? 2 : 0;
}

static void fill_msi(smsc_log *l, smsc_span record, smsc_row *row)
{
	msi_line m;
	msi_kind kind = take_msi(record, &m);

	row->form = "msi";
	row->component = m.side;
	row->thread = m.thread;
	row->text = smsc_span_trim(smsc_span_of(m.text, (size_t)((const char *)record.data + record.size - m.text)));
	if (kind == MSI_ACTION)
		row->severity = severity_of(row->text);
	if (kind == MSI_LOGGING)
		row->local = l->rolled = smsc_view_stamp_time(&m.stamp, l->day_first, &l->day);
	else if (kind != MSI_PROPERTY && m.clocked)
		row->local = smsc_log_roll(l, &m.clock);
}

/* ---- both -------------------------------------------------------------------------- */

static bool setup_next(smsc_log *l, smsc_row *row)
{
	size_t size = smsc_log_stamped(l, l->is_msi ? begins_msi : begins_bracket);

	if (!size)
		return false;
	smsc_span record = smsc_span_of(smsc_log_bytes(l), size);
	if (l->is_msi)
		fill_msi(l, record, row);
	else
		fill_bracket(l, record, row);
	smsc_log_claim(l, row, size);
	return true;
}

/* What kind it is: that of the first line that has one.  In which order the dates of Windows
 * Installer are: what the first one says that can be read one way only. */
static void setup_start(smsc_log *l)
{
	smsc_span seen = smsc_span_of(smsc_log_bytes(l), smsc_log_left(l));
	bool known = false;
	msi_line m;
	int order = 0;

	while (seen.size && !order && (!known || l->is_msi)) {
		smsc_span line = smsc_span_take_line(&seen);
		if (take_msi(line, &m) == MSI_LOGGING)
			order = smsc_view_stamp_order(&m.stamp);
		if (known || (!begins_bracket(line) && !begins_msi(line)))
			continue;
		l->is_msi = !begins_bracket(line);
		known = true;
	}
	l->day_first = order > 0;
	l->order_told = order;
}

static int weigh(smsc_span line)
{
	msi_line m;
	msi_kind kind = take_msi(line, &m);

	if (kind == MSI_LOGGING || kind == MSI_ENGINE)
		return 90;
	return kind == MSI_ACTION ? 70 : begins_bracket(line) ? 80 : 0;
}

/* Behind other text a line of this kind says less: it may be quoted. */
static int setup_probe(smsc_span head, uint64_t size, const char *name)
{
	char room[SMSC_PROBE_TEXT];
	smsc_span text = smsc_span_trim(smsc_probe_text(head, room));
	int first = weigh(smsc_span_take_line(&text)), sure = first;

	(void)size;
	(void)name;
	while (!sure && text.size)
		sure = weigh(smsc_span_take_line(&text));
	return first ? first : sure ? 50 : 0;
}

const smsc_log_kind smsc_setup_log = {
	{ "setup-log", "log of SMS setup or of Windows Installer",
	  setup_probe, smsc_log_summary },
	setup_start, setup_next, NULL,
};
