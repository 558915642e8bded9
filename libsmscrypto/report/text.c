/* text.c - for people: tables and lines that a terminal shows and grep finds. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "../analysis/knowledge.h"
#include "../base/text.h"
#include "../source/source.h"
#include "style.h"

#define KIND_WIDTH  20
#define CLOCK_WIDTH 12
#define COMPONENT_WIDTH 24
#define PRINT_BYTES 8   /* of a fingerprint: enough to compare by eye */

/* ---- timeline and logs -------------------------------------------------------------------- */

static void put_padded(smsc_report *r, smsc_style style, const char *text, size_t width)
{
	smsc_style_styled(r, style, text);
	long left = (long)width - (long)strlen(text);
	smsc_style_blanks(&r->out, left > 0 ? left + 1 : 1);
}

/* "path@offset", dimmed, at the end of the line: never cut, whatever the terminal is. */
static void put_where(smsc_report *r, const smsc_source *source, const char *path, uint64_t offset)
{
	smsc_style_on(r, SMSC_DIM);
	smsc_style_place(&r->out, source, path);
	smsc_buf_printf(&r->out, "@%" PRIu64, offset);
	smsc_style_off(r, SMSC_DIM);
	smsc_buf_char(&r->out, '\n');
}

/* "file", "log?": an unknown zone; "file+-2d16h". */
static void put_clock(smsc_report *r, const smsc_event *e)
{
	smsc_buf *o = &r->out;
	smsc_style_on(r, SMSC_DIM);
	size_t from = o->size;
	smsc_buf_str(o, smsc_clock_mark(smsc_event_clock(e)));
	if (smsc_event_time(e) != SMSC_NEVER)
		smsc_style_slack(o, smsc_event_slack(e));
	long width = (long)(o->size - from);
	smsc_style_off(r, SMSC_DIM);
	smsc_style_blanks(o, CLOCK_WIDTH + 1 - width);
}

static void put_event(smsc_report *r, const smsc_event *e)
{
	smsc_buf *o = &r->out;
	if (!(r->flags & SMSC_ROUTINE) && smsc_event_is_routine(e)) {
		r->left_out++;
		return;
	}
	int severity = smsc_event_severity(e);
	smsc_style style = smsc_style_of(severity);
	if (smsc_report_begins(r, "event"))
		smsc_style_styled(r, SMSC_STRONG, "TIME (UTC)              CLOCK           EVENT\n");
	smsc_style_time(o, smsc_event_time(e) != SMSC_NEVER ? smsc_event_time(e) : smsc_event_local(e));
	smsc_buf_char(o, ' ');
	put_clock(r, e);
	put_padded(r, style, smsc_severity_mark(severity), 2);
	put_padded(r, style, smsc_event_kind(e), KIND_WIDTH);
	smsc_style_safe_str(o, smsc_event_text(e));
	smsc_buf_str(o, "  ");
	if (*smsc_event_meaning(e)) {
		smsc_style_on(r, SMSC_DIM);
		smsc_buf_char(o, '(');
		smsc_style_safe_str(o, smsc_event_meaning(e));
		smsc_buf_str(o, ")  ");
		smsc_style_off(r, SMSC_DIM);
	}
	put_where(r, smsc_event_source(e), smsc_event_path(e), smsc_event_offset(e));
}

/* "2005-01-07 17:59:38.406 +300"; a '?' where no bias is known. */
static void put_local(smsc_report *r, const smsc_row *row)
{
	char bias[16] = "?";
	if (row->bias != SMSC_NO_BIAS)
		snprintf(bias, sizeof bias, "%+" PRId32, row->bias);
	smsc_style_on(r, SMSC_DIM);
	smsc_style_time(&r->out, row->local);
	smsc_style_off(r, SMSC_DIM);
	smsc_buf_char(&r->out, ' ');
	put_padded(r, SMSC_DIM, bias, 4);
}

static bool is_letter(char c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

static bool begins(smsc_span text, size_t at, const char *word)
{
	const char *p = (const char *)text.data + at;
	size_t size = strlen(word);
	if (text.size - at < size || (at && (is_letter(p[-1]) || p[-1] == '_')))
		return false;
	for (size_t i = 0; i < size; i++)
		if (smsc_ascii_lower(p[i]) != word[i])
			return false;
	return true;
}

/* 3 for words that begin with "error" or "fail", 2 with "warn", in any case. */
static int severity_of_words(smsc_span text)
{
	int severity = 0;
	for (size_t i = 0; i < text.size && severity < 3; i++)
		if (begins(text, i, "error") || (begins(text, i, "fail") && !begins(text, i, "failover")))
			severity = 3;
		else if (begins(text, i, "warn"))
			severity = 2;
	return severity;
}

/* Logs of the site server and what viewers show have no severity, so colours go by words there, as
 * in the viewers of SMS. */
static smsc_style row_style(const smsc_report *r, const smsc_row *row)
{
	bool told = strncmp(row->form, "sms", 3) && strcmp(row->form, "viewer") && strcmp(row->form, "setup");
	int severity = told || !(r->flags & SMSC_COLOR) ? row->severity : severity_of_words(row->text);
	return severity >= 2 ? smsc_style_of(severity) : SMSC_PLAIN;
}

/* "(NTE_NO_KEY, E_FAIL)  " */
static void put_codes(smsc_report *r, const smsc_row *row)
{
	smsc_known_hit hit;
	smsc_known_codes(row, &hit);
	if (!hit.code_count)
		return;
	smsc_style_on(r, SMSC_STRONG);
	for (size_t i = 0; i < hit.code_count; i++)
		smsc_buf_printf(&r->out, "%s%s", i ? ", " : "(", smsc_code_name(hit.codes[i]));
	smsc_buf_char(&r->out, ')');
	smsc_style_off(r, SMSC_STRONG);
	smsc_buf_str(&r->out, "  ");
}

/* Who looks for the one line of thousands reads down the columns. */
static void put_row(smsc_report *r, const smsc_log *l, const smsc_row *row)
{
	smsc_buf *o = &r->out;
	smsc_style style = row_style(r, row);
	if (smsc_report_begins(r, "log"))
		smsc_style_styled(r, SMSC_STRONG, "TIME (UTC)              LOCAL TIME              BIAS    COMPONENT                 TEXT\n");
	smsc_style_time(o, row->time);
	smsc_buf_char(o, ' ');
	put_local(r, row);
	put_padded(r, style, smsc_severity_mark(row->severity), 2);
	size_t from = o->size;
	smsc_style_safe(o, row->component);
	smsc_style_blanks(o, COMPONENT_WIDTH - (long)smsc_text_width(o->data + from, o->size - from));
	smsc_buf_str(o, "  ");
	smsc_style_on(r, style);
	smsc_style_safe(o, row->text);
	smsc_style_off(r, style);
	smsc_buf_str(o, "  ");
	put_codes(r, row);
	put_where(r, NULL, smsc_log_path(l), row->offset);
}

/* ---- generations ------------------------------------------------------------------------------ */

static void cell_number(smsc_report *r, int64_t number)
{
	char text[24];
	snprintf(text, sizeof(text), "%" PRId64, number);
	smsc_table_cell(r, SMSC_PLAIN, text);
}

/* Takes what `text` holds. */
static void cell_buf(smsc_report *r, smsc_buf *text)
{
	r->out.failed |= text->failed;
	smsc_table_cell(r, SMSC_PLAIN, text->failed || !text->data ? "" : text->data);
	smsc_buf_free(text);
}

static void cell_time(smsc_report *r, smsc_time t)
{
	smsc_buf text = SMSC_BUF_INIT;
	smsc_style_time(&text, t);
	if (!text.failed)
		text.data[19] = '\0';  /* the second is enough here */
	cell_buf(r, &text);
}

static void cell_digest(smsc_report *r, smsc_span print, const char *otherwise)
{
	char text[2 * PRINT_BYTES + 1];
	const uint8_t *bytes = print.data;
	snprintf(text, sizeof(text), "%s", otherwise);
	for (size_t i = 0; i < PRINT_BYTES && i < print.size; i++)
		snprintf(text + 2 * i, 3, "%02x", bytes[i]);
	smsc_table_cell(r, SMSC_PLAIN, text);
}

static void cell_print(smsc_report *r, const smsc_key *k)
{
	cell_digest(r, k ? smsc_key_spki_sha256(k) : (smsc_span){ NULL, 0 }, k ? "?" : "-");
}

/* "verified" of "private-verified"; NULL when there is no key. */
static const char *short_proof(const smsc_key *k)
{
	const char *proof = k ? smsc_key_proof(k) : NULL;
	return proof && !strncmp(proof, "private-", 8) ? proof + 8 : proof;
}

static smsc_style style_of_proof(const char *proof)
{
	return !strcmp(proof, "verified") ? SMSC_GOOD : !strcmp(proof, "locked") ? SMSC_WARN : SMSC_BAD;
}

/* How far the proof goes; "locked/verified" when the two keys differ. */
static void cell_proof(smsc_report *r, const smsc_generation *g)
{
	char text[64] = "-";
	const char *s = short_proof(smsc_generation_signature(g));
	const char *x = short_proof(smsc_generation_exchange(g));
	if (s && x && strcmp(s, x))
		snprintf(text, sizeof(text), "%s/%s", s, x);
	else if (s || x)
		snprintf(text, sizeof(text), "%s", s ? s : x);
	smsc_table_cell(r, style_of_proof(text), text);
}

/* Source of the i-th file or place of what `of` is. */
typedef const smsc_source *source_fn(const void *of, size_t i);

static const smsc_source *file_source(const void *of, size_t i)  { return smsc_generation_file_source(of, i); }
static const smsc_source *place_source(const void *of, size_t i) { return smsc_certificate_place_source(of, i); }

/* Files and places stand in the order of their sources, so equal labels are neighbours. */
static void cell_sources(smsc_report *r, const void *of, size_t count, source_fn *source)
{
	smsc_buf text = SMSC_BUF_INIT;
	const char *last = NULL;
	for (size_t i = 0; i < count; i++) {
		const char *label = smsc_source_label(source(of, i));
		if (!last || strcmp(last, label))
			smsc_buf_printf(&text, "%s%s", last ? ", " : "", label);
		last = label;
	}
	cell_buf(r, &text);
}

static smsc_style style_of_state(const char *state)
{
	return !strcmp(state, "complete") ? SMSC_GOOD : !strcmp(state, "empty") ? SMSC_WARN : SMSC_BAD;
}

static void put_generation(smsc_report *r, const smsc_generation *g)
{
	static const char *const heads[] = {
		"CONTAINER", "NO", "GUID", "STATE", "PROOF", "SIZE", "MODIFIED (UTC)", "SIGNATURE KEY",
		"EXCHANGE KEY", "IN", "CHANGE",
	};
	char guid[9];
	if (smsc_report_begins(r, "generation"))
		smsc_table_begin(r, heads, sizeof(heads) / sizeof(*heads), "01000100000");
	snprintf(guid, sizeof(guid), "%.8s", *smsc_generation_machine_guid(g) ?
	         smsc_generation_machine_guid(g) : "-");
	smsc_table_cell(r, SMSC_STRONG, smsc_generation_container(g));
	cell_number(r, smsc_generation_number(g));
	smsc_table_cell(r, SMSC_PLAIN, guid);
	smsc_table_cell(r, style_of_state(smsc_generation_state(g)), smsc_generation_state(g));
	cell_proof(r, g);
	cell_number(r, smsc_generation_size(g));
	cell_time(r, smsc_generation_modified(g));
	cell_print(r, smsc_generation_signature(g));
	cell_print(r, smsc_generation_exchange(g));
	cell_sources(r, g, smsc_generation_file_count(g), file_source);
	smsc_table_cell(r, SMSC_PLAIN, smsc_generation_change(g));
}

static void put_certificate(smsc_report *r, const smsc_certificate *x)
{
	static const char *const heads[] = {
		"STORE", "CERTIFICATE", "VALID FROM (UTC)", "UNTIL", "THUMBPRINT", "CONTAINER", "NO", "KEY", "IN",
	};
	const smsc_generation *g = smsc_certificate_generation(x);
	const char *friendly = smsc_certificate_friendly(x), *key = smsc_certificate_key(x);
	if (smsc_report_begins(r, "certificate"))
		smsc_table_begin(r, heads, sizeof(heads) / sizeof(*heads), "000000100");
	smsc_table_cell(r, SMSC_PLAIN, *smsc_certificate_store(x) ? smsc_certificate_store(x) : "-");
	smsc_table_cell(r, SMSC_STRONG, *friendly ? friendly : smsc_certificate_subject(x));
	cell_time(r, smsc_certificate_not_before(x));
	cell_time(r, smsc_certificate_not_after(x));
	cell_digest(r, smsc_certificate_sha1(x), "-");
	smsc_table_cell(r, SMSC_PLAIN, g ? smsc_generation_container(g) : "-");
	if (g)
		cell_number(r, smsc_generation_number(g));
	else
		smsc_table_cell(r, SMSC_PLAIN, "-");
	smsc_table_cell(r, SMSC_PLAIN, *key ? key : "-");
	cell_sources(r, x, smsc_certificate_place_count(x), place_source);
}

static void put_source(smsc_report *r, const smsc_snapshot *s)
{
	static const char *const heads[] = { "SOURCE", "KIND", "MACHINEGUID", "COMPUTER",
	                                     "NEWEST FILE (UTC)", "CLOCK", "PATH" };
	if (smsc_report_begins(r, "source"))
		smsc_table_begin(r, heads, sizeof(heads) / sizeof(*heads), "0000000");
	smsc_table_cell(r, SMSC_STRONG, s->label);
	smsc_table_cell(r, SMSC_PLAIN, smsc_source_kind(s->source));
	smsc_table_cell(r, SMSC_PLAIN, smsc_source_machine_guid(s->source));
	smsc_table_cell(r, SMSC_PLAIN, smsc_source_computer(s->source));
	cell_time(r, s->time);
	smsc_table_cell(r, SMSC_PLAIN, smsc_clock_mark(s->clock));
	smsc_table_cell(r, SMSC_PLAIN, smsc_source_path(s->source));
}

/* ---- findings, entries ---------------------------------------------------------------------------- */

static void put_finding(smsc_report *r, const smsc_finding *f)
{
	smsc_buf *o = &r->out;
	int severity = smsc_finding_severity(f);
	if (smsc_report_begins(r, "finding") && r->blocks)
		smsc_buf_char(o, '\n');
	r->blocks++;
	smsc_style_on(r, smsc_style_of(severity));
	smsc_buf_printf(o, "%s %s %s", smsc_severity_mark(severity), smsc_finding_rule(f),
	                smsc_finding_title(f));
	smsc_style_off(r, smsc_style_of(severity));
	smsc_buf_printf(o, " (%s)\n        ", smsc_finding_confidence(f));
	smsc_style_safe_str(o, smsc_finding_text(f));
	smsc_buf_str(o, "\n        ");
	if (*smsc_finding_advice(f))
		smsc_buf_printf(o, "%s\n        ", smsc_finding_advice(f));
	put_where(r, NULL, smsc_finding_path(f), smsc_finding_offset(f));
}

static void put_named_time(smsc_buf *o, const char *name, smsc_time t)
{
	smsc_buf_printf(o, "  %s ", name);
	smsc_style_time(o, t);
}

/* "NACL 76 (checksum right), STAN 1230": all of a file without data has none. */
static void put_streams(smsc_buf *o, const smsc_record *streams)
{
	const size_t count = streams ? smsc_record_count(streams) : 0;
	for (size_t i = 0; i < count; i++) {
		const smsc_field *f = smsc_record_at(streams, i);
		smsc_buf_printf(o, "%*s%s %" PRId64, i ? 0 : 14, i ? ", " : "", f->name, f->as.number);
		if (f->note && strcmp(f->note, "no checksum"))
			smsc_buf_printf(o, " (%s)", f->note);
	}
	smsc_buf_str(o, count ? "\n" : "");
}

/* Under the entry: the other times, attributes by their letters, the rest as a number. */
static void put_details(smsc_report *r, const smsc_entry *e)
{
	static const struct { unsigned bit; char letter; } letters[] = {
		{ 0x1, 'R' }, { 0x2, 'H' }, { 0x4, 'S' }, { 0x10, 'D' }, { 0x20, 'A' }, { 0x100, 'T' }, { 0x200, 'P' },
		{ 0x400, 'L' }, { 0x800, 'C' }, { 0x1000, 'O' }, { 0x2000, 'I' }, { 0x4000, 'E' },
	};
	smsc_buf *o = &r->out;
	int64_t attributes = smsc_entry_attributes(e);
	smsc_buf_printf(o, "%12s", "");
	put_named_time(o, "created", smsc_entry_created(e));
	put_named_time(o, "accessed", smsc_entry_accessed(e));
	if (attributes >= 0)
		smsc_buf_printf(o, "  attributes 0x%x ", (unsigned)attributes);
	for (size_t i = 0; attributes >= 0 && i < sizeof letters / sizeof *letters; i++)
		if ((unsigned)attributes & letters[i].bit)
			smsc_buf_char(o, letters[i].letter);
	smsc_buf_str(o, smsc_entry_recovered(e) ? "  recovered\n" : "\n");
	put_streams(o, r->streams);
	if (smsc_entry_sddl(e)) {
		smsc_buf_printf(o, "%14s", "");
		smsc_style_safe_str(o, smsc_entry_sddl(e));
		smsc_buf_char(o, '\n');
	}
}

static void put_entry(smsc_report *r, const smsc_entry *e, const char *sha256)
{
	smsc_buf *o = &r->out;
	char size[24];
	smsc_report_begins(r, "entry");
	bool folder = !strcmp(smsc_entry_kind(e), "folder");
	snprintf(size, sizeof(size), folder ? "-" : smsc_entry_size(e) < 0 ? "?" : "%" PRId64, smsc_entry_size(e));
	smsc_buf_printf(o, "%12s  ", size);
	smsc_style_time(o, smsc_entry_modified(e));
	smsc_buf_char(o, ' ');
	put_padded(r, SMSC_DIM, smsc_clock_mark(smsc_entry_clock(e)), 8);
	if (sha256)
		smsc_buf_printf(o, "%s  ", sha256);
	/* What stands behind the backup's name where one of its files is named. */
	if (smsc_entry_part(e) > 1)
		smsc_buf_printf(o, "#%u!/", smsc_entry_part(e));
	smsc_style_safe_str(o, smsc_entry_path(e));
	if (folder)
		smsc_buf_char(o, '/');
	else if (strcmp(smsc_entry_kind(e), "file"))
		smsc_buf_printf(o, "  (%s)", smsc_entry_kind(e));
	smsc_buf_char(o, '\n');
	if (r->flags & SMSC_DETAILS)
		put_details(r, e);
}

/* ---- matches ----------------------------------------------------------------------------------------- */

static void put_match(smsc_report *r, const smsc_match *m)
{
	smsc_buf *o = &r->out;
	const smsc_generation *g = smsc_match_generation(m);
	if (!smsc_report_begins(r, "match"))
		smsc_buf_char(o, '\n');
	smsc_style_safe_str(o, smsc_match_evidence(m));
	smsc_buf_printf(o, "@%" PRIu64 "  %s", smsc_match_offset(m), smsc_match_role(m));
	if (smsc_match_holder(m)) {
		smsc_buf_str(o, " of ");
		smsc_style_safe_str(o, smsc_match_holder(m));
	}
	smsc_buf_str(o, "\n        ");
	smsc_style_on(r, g ? SMSC_GOOD : SMSC_BAD);
	smsc_buf_str(o, smsc_match_proof(m));
	smsc_style_off(r, g ? SMSC_GOOD : SMSC_BAD);
	smsc_buf_str(o, ": ");
	smsc_style_safe_str(o, smsc_match_text(m));
	smsc_buf_char(o, '\n');
	for (size_t i = 0; g && i < smsc_generation_file_count(g); i++) {
		smsc_buf_str(o, "        ");
		smsc_style_place(o, smsc_generation_file_source(g, i), smsc_generation_file_path(g, i));
		smsc_buf_char(o, '\n');
	}
}

static void settle(smsc_report *r)
{
	smsc_table_end(r);
	r->blocks++;
	if (r->left_out)
		smsc_buf_printf(&r->out, "%" PRIu64 " routine log event%s not shown.\n", r->left_out,
		                r->left_out > 1 ? "s are" : " is");
	r->left_out = 0;
}

const smsc_writer smsc_text_writer = {
	.name = "text", .event = put_event, .source = put_source, .generation = put_generation,
	.certificate = put_certificate, .finding = put_finding, .match = put_match, .step = smsc_text_step,
	.record = smsc_text_record, .entry = put_entry, .row = put_row, .settle = settle,
};
