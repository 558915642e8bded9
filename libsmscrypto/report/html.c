/* html.c - one page for people who have no terminal: every row that the text form has, and the
 * whole digests. */
#include <inttypes.h>
#include <string.h>

#include "../source/source.h"
#include "markup.h"
#include "style.h"

static const char *word_of(int severity)
{
	static const char *const words[] = { "note", "information", "warning", "error" };
	return words[severity < 0 || severity > 3 ? 0 : severity];
}

/* ---- sections --------------------------------------------------------------------------- */

/* Ends the section of the rows before, if there is one. */
static void settle(smsc_report *r)
{
	if (r->html_end)
		smsc_buf_str(&r->out, r->html_end);
	r->html_end = NULL;
}

static void begin_page(smsc_report *r, const smsc_case *c)
{
	if (!r->blocks++)
		smsc_page_begin(&r->out, c);
}

/* Heads the section when the first row of its kind comes. */
static bool begin_section(smsc_report *r, const char *kind, const char *title, const char *end)
{
	begin_page(r, NULL);
	if (!smsc_report_begins(r, kind) && r->html_end)
		return false;
	smsc_buf_printf(&r->out, "<section aria-labelledby=\"%s\">\n<h2 id=\"%s\">%s</h2>\n", kind, kind, title);
	r->html_end = end;
	return true;
}

static void begin_table(smsc_report *r, const char *kind, const char *title, const char *const *heads)
{
	if (!begin_section(r, kind, title, "</tbody>\n</table>\n</div>\n</section>\n"))
		return;
	smsc_buf_printf(&r->out, "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"%s, a table\">\n<table>\n"
	                "<thead><tr>", title);
	for (; *heads; heads++)
		smsc_buf_printf(&r->out, "<th scope=\"col\">%s</th>", *heads);
	smsc_buf_str(&r->out, "</tr></thead>\n<tbody>\n");
}

/* ---- cells --------------------------------------------------------------------------------- */

static void cell(smsc_report *r, const char *class, const char *text)
{
	smsc_buf_printf(&r->out, *class ? "<td class=\"%s\">" : "<td>", class);
	smsc_markup_text(&r->out, text);
	smsc_buf_str(&r->out, "</td>");
}

static void cell_number(smsc_report *r, int64_t number)
{
	smsc_buf_printf(&r->out, "<td class=\"number\">%" PRId64 "</td>", number);
}

/* What machines read is whole; people see as much of it as was written. */
static void put_time(smsc_report *r, smsc_time t, bool is_utc)
{
	char text[29];
	smsc_buf *o = &r->out;
	if (!*smsc_time_text(t, text)) {
		smsc_buf_char(o, '-');
		return;
	}
	if (!is_utc)
		smsc_local_text(t, text);
	smsc_buf_printf(o, "<time datetime=\"%s\">", text);
	smsc_style_time(o, t);
	smsc_buf_str(o, "</time>");
}

static void cell_time(smsc_report *r, smsc_time t)
{
	smsc_buf_str(&r->out, "<td>");
	put_time(r, t, true);
	smsc_buf_str(&r->out, "</td>");
}

static void cell_hex(smsc_report *r, smsc_span bytes)
{
	smsc_buf_str(&r->out, "<td><code>");
	smsc_buf_hex(&r->out, bytes.data, bytes.size);
	smsc_buf_str(&r->out, bytes.size ? "</code></td>" : "-</code></td>");
}

static void cell_place(smsc_report *r, const smsc_source *source, const char *path, int64_t offset)
{
	smsc_buf_str(&r->out, "<td class=\"place\">");
	smsc_markup_place(&r->out, source, path, offset);
	smsc_buf_str(&r->out, "</td>");
}

static void end_row(smsc_report *r)
{
	smsc_buf_str(&r->out, "</tr>\n");
}

/* ---- rows ------------------------------------------------------------------------------------ */

static void put_finding(smsc_report *r, const smsc_finding *f)
{
	smsc_buf *o = &r->out;
	int severity = smsc_finding_severity(f);
	begin_section(r, "finding", "Findings", "</section>\n");
	smsc_buf_printf(o, "<article class=\"finding s%d\">\n<h3><span class=\"w%d\">%s</span> %s %s <span class=\"dim\">(%s)"
	                "</span></h3>\n<p>", severity, severity, word_of(severity), smsc_finding_rule(f),
	                smsc_finding_title(f), smsc_finding_confidence(f));
	smsc_markup_text(o, smsc_finding_text(f));
	smsc_buf_str(o, "</p>\n");
	if (*smsc_finding_advice(f)) {
		smsc_buf_str(o, "<p>");
		smsc_markup_text(o, smsc_finding_advice(f));
		smsc_buf_str(o, "</p>\n");
	}
	if (*smsc_finding_refutation(f)) {
		smsc_buf_str(o, "<p class=\"dim\">What would refute it: ");
		smsc_markup_text(o, smsc_finding_refutation(f));
		smsc_buf_str(o, "</p>\n");
	}
	smsc_buf_str(o, "<p class=\"place\">");
	smsc_markup_place(o, NULL, smsc_finding_path(f), (int64_t)smsc_finding_offset(f));
	smsc_buf_str(o, "</p>\n</article>\n");
}

static void put_term(smsc_report *r, const char *term, const char *text)
{
	if (!*text)
		return;
	smsc_buf_printf(&r->out, "<dt>%s</dt><dd>", term);
	smsc_markup_text(&r->out, text);
	smsc_buf_str(&r->out, "</dd>\n");
}

static void put_step(smsc_report *r, const smsc_step *s)
{
	smsc_buf *o = &r->out;
	if (begin_section(r, "plan", "Recovery plan", "</ol>\n</section>\n"))
		smsc_buf_str(o, "<ol class=\"plan\">\n");
	smsc_buf_printf(o, "<li value=\"%u\">%u. <strong>%s</strong>", smsc_step_number(s), smsc_step_number(s),
	                smsc_step_action(s));
	if (*smsc_step_proof(s))
		smsc_buf_printf(o, " <span class=\"%s\">(%s)</span>", strcmp(smsc_step_proof(s), "private-verified") ?
		                "w2" : "good", smsc_step_proof(s));
	smsc_buf_str(o, "\n<dl>\n");
	put_term(r, "what", smsc_step_what(s));
	put_term(r, "to", smsc_step_to(s));
	put_term(r, "why", smsc_step_reason(s));
	put_term(r, "check", smsc_step_check(s));
	smsc_buf_str(o, "</dl></li>\n");
}

/* "RSA 1024, private-verified: <SHA-256 of its public key>". */
static void cell_key(smsc_report *r, const smsc_key *k)
{
	smsc_buf *o = &r->out;
	if (!k) {
		cell(r, "dim", "none");
		return;
	}
	smsc_span print = smsc_key_spki_sha256(k);
	const char *proof = smsc_key_proof(k);
	smsc_buf_printf(o, "<td>%s %u, <span class=\"%s\">%s</span><br><code>", smsc_key_algorithm(k), smsc_key_bits(k),
	                !strcmp(proof, "private-verified") ? "good" : "w2", proof);
	smsc_buf_hex(o, print.data, print.size);
	smsc_buf_str(o, "</code></td>");
}

static void put_generation(smsc_report *r, const smsc_generation *g)
{
	static const char *const heads[] = { "Container", "No", "MachineGuid", "State", "Bytes", "Modified (UTC)",
		"AT_SIGNATURE", "AT_KEYEXCHANGE", "Change", "Files", NULL };
	smsc_buf *o = &r->out;
	begin_table(r, "generation", "Keys", heads);
	smsc_buf_str(o, "<tr>");
	cell(r, "", smsc_generation_container(g));
	cell_number(r, smsc_generation_number(g));
	cell(r, "", *smsc_generation_machine_guid(g) ? smsc_generation_machine_guid(g) : "-");
	cell(r, strcmp(smsc_generation_state(g), "complete") ? "w3" : "good", smsc_generation_state(g));
	cell_number(r, smsc_generation_size(g));
	cell_time(r, smsc_generation_modified(g));
	cell_key(r, smsc_generation_signature(g));
	cell_key(r, smsc_generation_exchange(g));
	cell(r, "", smsc_generation_change(g));
	smsc_buf_str(o, "<td class=\"place\">");
	for (size_t i = 0; i < smsc_generation_file_count(g); i++) {
		smsc_buf_str(o, i ? "<br>" : "");
		smsc_markup_place(o, smsc_generation_file_source(g, i), smsc_generation_file_path(g, i), -1);
	}
	smsc_buf_str(o, "</td>");
	end_row(r);
}

static void put_certificate(smsc_report *r, const smsc_certificate *x)
{
	static const char *const heads[] = { "Store", "Certificate", "Valid from (UTC)", "Until", "Thumbprint (SHA-1)",
		"Container", "No", "Key", "Places", NULL };
	const smsc_generation *g = smsc_certificate_generation(x);
	const char *friendly = smsc_certificate_friendly(x);
	smsc_buf *o = &r->out;
	begin_table(r, "certificate", "Certificates", heads);
	smsc_buf_str(o, "<tr>");
	cell(r, "", *smsc_certificate_store(x) ? smsc_certificate_store(x) : "-");
	smsc_buf_str(o, "<td>");
	smsc_markup_text(o, friendly);
	smsc_buf_str(o, *friendly ? "<br>" : "");
	smsc_markup_text(o, smsc_certificate_subject(x));
	smsc_buf_str(o, "</td>");
	cell_time(r, smsc_certificate_not_before(x));
	cell_time(r, smsc_certificate_not_after(x));
	cell_hex(r, smsc_certificate_sha1(x));
	cell(r, g ? "" : "dim", g ? smsc_generation_container(g) : "none");
	if (g)
		cell_number(r, smsc_generation_number(g));
	else
		cell(r, "dim", "-");
	cell(r, "", *smsc_certificate_key(x) ? smsc_certificate_key(x) : "-");
	smsc_buf_str(o, "<td class=\"place\">");
	for (size_t i = 0; i < smsc_certificate_place_count(x); i++) {
		smsc_buf_str(o, i ? "<br>" : "");
		smsc_markup_place(o, smsc_certificate_place_source(x, i), smsc_certificate_place_path(x, i),
		                  (int64_t)smsc_certificate_place_offset(x, i));
	}
	smsc_buf_str(o, "</td>");
	end_row(r);
}

static void put_event(smsc_report *r, const smsc_event *e)
{
	static const char *const heads[] = { "Time (UTC)", "Clock", "Severity", "Event", "What", "Where", NULL };
	smsc_buf *o = &r->out;
	if (!(r->flags & SMSC_ROUTINE) && smsc_event_is_routine(e)) {
		r->left_out++;
		return;
	}
	bool is_utc = smsc_event_time(e) != SMSC_NEVER;
	int severity = smsc_event_severity(e);
	begin_table(r, "event", "Timeline", heads);
	smsc_buf_str(o, "<tr><td>");
	put_time(r, is_utc ? smsc_event_time(e) : smsc_event_local(e), is_utc);
	smsc_buf_str(o, is_utc ? "</td><td class=\"dim\">" : "<br><span class=\"dim\">local time</span></td><td class=\"dim\">");
	smsc_markup_text(o, smsc_event_clock(e));
	if (is_utc)
		smsc_style_slack(o, smsc_event_slack(e));
	smsc_buf_printf(o, "</td><td class=\"w%d\">%s</td>", severity, word_of(severity));
	cell(r, "", smsc_event_kind(e));
	smsc_buf_str(o, "<td>");
	smsc_markup_text(o, smsc_event_text(e));
	if (*smsc_event_meaning(e)) {
		smsc_buf_str(o, "<br><span class=\"dim\">");
		smsc_markup_text(o, smsc_event_meaning(e));
		smsc_buf_str(o, "</span>");
	}
	smsc_buf_str(o, "</td>");
	cell_place(r, smsc_event_source(e), smsc_event_path(e), (int64_t)smsc_event_offset(e));
	end_row(r);
}

static void put_source(smsc_report *r, const smsc_snapshot *s)
{
	static const char *const heads[] = { "Source", "Kind", "Computer", "System", "MachineGuid", "Newest file (UTC)",
		"Clock", "Path", NULL };
	begin_table(r, "source", "Evidence", heads);
	smsc_buf_str(&r->out, "<tr>");
	cell(r, "", s->label);
	cell(r, "", smsc_source_kind(s->source));
	cell(r, "", smsc_source_computer(s->source));
	cell(r, "", smsc_source_system(s->source));
	cell(r, "", smsc_source_machine_guid(s->source));
	cell_time(r, s->time);
	cell(r, "dim", s->clock);
	cell(r, "place", smsc_source_path(s->source));
	end_row(r);
}

static void end_page(smsc_report *r)
{
	settle(r);
	begin_page(r, NULL);
	if (r->left_out)
		smsc_buf_printf(&r->out, "<p class=\"dim\">%" PRIu64 " routine log event%s not shown.</p>\n", r->left_out,
		                r->left_out > 1 ? "s are" : " is");
	smsc_page_end(&r->out);
}

const smsc_writer smsc_html_writer = {
	.name = "html", .open = begin_page, .event = put_event, .source = put_source, .generation = put_generation,
	.certificate = put_certificate, .finding = put_finding, .step = put_step, .settle = settle, .end = end_page,
};

/* ---- the picture alone ------------------------------------------------------------------------ */

static void put_picture(smsc_report *r, const smsc_case *c)
{
	smsc_picture(&r->out, c, false);
}

const smsc_writer smsc_svg_writer = { .name = "svg", .open = put_picture };
