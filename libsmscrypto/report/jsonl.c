/* jsonl.c - one JSON object a line; schema/smscrypto.schema.json says what is in it.  Every
 * member is always there, null when it is not known. */
#include "json.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "../analysis/knowledge.h"
#include "report.h"

static void begin(smsc_report *r, const char *type)
{
	smsc_buf_char(&r->out, '{');
	smsc_json_text(&r->out, "type", type);
}

static void end(smsc_report *r)
{
	smsc_buf_str(&r->out, "}\n");
}

static void put_size(smsc_buf *o, const char *name, int64_t size)
{
	if (size < 0)
		smsc_json_null(o, name);
	else
		smsc_json_number(o, name, size);
}

static void put_bias(smsc_buf *o, int32_t bias)
{
	if (bias == SMSC_NO_BIAS)
		smsc_json_null(o, "bias");
	else
		smsc_json_number(o, "bias", bias);
}

/* Which generation, for rows that are about one. */
static void put_generation(smsc_buf *o, const smsc_generation *g)
{
	if (!g) {
		smsc_json_null(o, "generation");
		return;
	}
	smsc_json_open(o, "generation", '{');
	smsc_json_text(o, "container", smsc_generation_container(g));
	smsc_json_text(o, "file_hash", smsc_generation_file_hash(g));
	smsc_json_text(o, "machine_guid", smsc_generation_machine_guid(g));
	smsc_json_number(o, "number", smsc_generation_number(g));
	smsc_buf_char(o, '}');
}

/* ---- event, source, finding ------------------------------------------------------------- */

static void put_event(smsc_report *r, const smsc_event *e)
{
	smsc_buf *o = &r->out;
	const smsc_source *source = smsc_event_source(e);
	begin(r, "event");
	smsc_json_time(o, "time", "ticks", smsc_event_time(e));
	smsc_json_local(o, "local", smsc_event_local(e));
	put_bias(o, smsc_event_bias(e));
	smsc_json_number(o, "slack", smsc_event_slack(e));
	smsc_json_text(o, "clock", smsc_event_clock(e));
	smsc_json_text(o, "kind", smsc_event_kind(e));
	smsc_json_number(o, "severity", smsc_event_severity(e));
	smsc_json_text(o, "text", smsc_event_text(e));
	smsc_json_text(o, "meaning", smsc_event_meaning(e));
	put_generation(o, smsc_event_generation(e));
	smsc_json_text(o, "source", source ? smsc_source_label(source) : NULL);
	smsc_json_open(o, "sources", '[');
	for (size_t i = 0; i < smsc_event_source_count(e); i++)
		smsc_json_text(o, NULL, smsc_source_label(smsc_event_source_at(e, i)));
	smsc_buf_char(o, ']');
	smsc_json_text(o, "path", smsc_event_path(e));
	smsc_json_number(o, "offset", (int64_t)smsc_event_offset(e));
	end(r);
}

static void put_source(smsc_report *r, const smsc_snapshot *s)
{
	smsc_buf *o = &r->out;
	begin(r, "source");
	smsc_json_text(o, "label", s->label);
	smsc_json_text(o, "path", smsc_source_path(s->source));
	smsc_json_text(o, "kind", smsc_source_kind(s->source));
	smsc_json_text(o, "machine_guid", smsc_source_machine_guid(s->source));
	smsc_json_text(o, "computer", smsc_source_computer(s->source));
	smsc_json_text(o, "system", smsc_source_system(s->source));
	smsc_json_time(o, "time", "ticks", s->time);
	smsc_json_number(o, "slack", s->slack);
	smsc_json_text(o, "clock", s->clock);
	end(r);
}

static void put_finding(smsc_report *r, const smsc_finding *f)
{
	smsc_buf *o = &r->out;
	begin(r, "finding");
	smsc_json_text(o, "rule", smsc_finding_rule(f));
	smsc_json_number(o, "severity", smsc_finding_severity(f));
	smsc_json_text(o, "title", smsc_finding_title(f));
	smsc_json_text(o, "text", smsc_finding_text(f));
	smsc_json_text(o, "advice", smsc_finding_advice(f));
	smsc_json_text(o, "confidence", smsc_finding_confidence(f));
	smsc_json_text(o, "refutation", smsc_finding_refutation(f));
	put_generation(o, smsc_finding_generation(f));
	smsc_json_text(o, "path", smsc_finding_path(f));
	smsc_json_number(o, "offset", (int64_t)smsc_finding_offset(f));
	end(r);
}

static void put_step(smsc_report *r, const smsc_step *s)
{
	smsc_buf *o = &r->out;
	const smsc_source *source = smsc_step_source(s);
	begin(r, "plan");
	smsc_json_number(o, "step", smsc_step_number(s));
	smsc_json_text(o, "action", smsc_step_action(s));
	smsc_json_text(o, "from", smsc_step_what(s));
	smsc_json_text(o, "to", smsc_step_to(s));
	smsc_json_text(o, "reason", smsc_step_reason(s));
	smsc_json_text(o, "check", smsc_step_check(s));
	smsc_json_text(o, "proof", *smsc_step_proof(s) ? smsc_step_proof(s) : NULL);
	smsc_json_text(o, "source", source ? smsc_source_label(source) : NULL);
	put_generation(o, smsc_step_generation(s));
	end(r);
}

/* ---- generation --------------------------------------------------------------------------- */

static void put_key(smsc_buf *o, const char *name, const smsc_key *k)
{
	if (!k) {
		smsc_json_null(o, name);
		return;
	}
	smsc_json_open(o, name, '{');
	smsc_json_text(o, "algorithm", smsc_key_algorithm(k));
	smsc_json_number(o, "bits", smsc_key_bits(k));
	smsc_json_hex(o, "spki_sha256", smsc_key_spki_sha256(k));
	smsc_json_hex(o, "spki_sha1", smsc_key_spki_sha1(k));
	smsc_json_text(o, "proof", smsc_key_proof(k));
	smsc_json_text(o, "reason", smsc_key_reason(k));
	smsc_json_flag(o, "exportable", smsc_key_exportable(k));
	smsc_json_number(o, "size", smsc_key_size(k));
	smsc_json_text(o, "master_key", *smsc_key_master_key(k) ? smsc_key_master_key(k) : NULL);
	smsc_json_hex(o, "public_blob", smsc_key_public_blob(k));
	smsc_buf_char(o, '}');
}

/* Files stand in the order of their sources, so equal labels are neighbours.  NULL has none. */
static void put_files(smsc_buf *o, const smsc_generation *g)
{
	const char *last = NULL;
	size_t count = g ? smsc_generation_file_count(g) : 0;
	smsc_json_open(o, "sources", '[');
	for (size_t i = 0; i < count; i++) {
		const char *label = smsc_source_label(smsc_generation_file_source(g, i));
		if (!last || strcmp(last, label))
			smsc_json_text(o, NULL, label);
		last = label;
	}
	smsc_buf_char(o, ']');
	smsc_json_open(o, "files", '[');
	for (size_t i = 0; i < count; i++) {
		smsc_json_open(o, NULL, '{');
		smsc_json_text(o, "source", smsc_source_label(smsc_generation_file_source(g, i)));
		smsc_json_text(o, "path", smsc_generation_file_path(g, i));
		smsc_buf_char(o, '}');
	}
	smsc_buf_char(o, ']');
}

static void put_generation_row(smsc_report *r, const smsc_generation *g)
{
	smsc_buf *o = &r->out;
	begin(r, "generation");
	smsc_json_text(o, "container", smsc_generation_container(g));
	smsc_json_text(o, "product", smsc_generation_product(g));
	smsc_json_text(o, "file_hash", smsc_generation_file_hash(g));
	smsc_json_text(o, "machine_guid", smsc_generation_machine_guid(g));
	smsc_json_number(o, "number", smsc_generation_number(g));
	smsc_json_text(o, "state", smsc_generation_state(g));
	smsc_json_number(o, "size", smsc_generation_size(g));
	smsc_json_time(o, "created", "created_ticks", smsc_generation_created(g));
	smsc_json_time(o, "modified", "modified_ticks", smsc_generation_modified(g));
	smsc_json_number(o, "slack", smsc_generation_slack(g));
	smsc_json_text(o, "clock", smsc_generation_clock(g));
	smsc_json_time(o, "first_seen", "first_seen_ticks", smsc_generation_first_seen(g));
	smsc_json_time(o, "last_seen", "last_seen_ticks", smsc_generation_last_seen(g));
	put_key(o, "signature", smsc_generation_signature(g));
	put_key(o, "exchange", smsc_generation_exchange(g));
	smsc_json_text(o, "change", smsc_generation_change(g));
	put_files(o, g);
	end(r);
}

/* ---- match ------------------------------------------------------------------------------- */

static void put_match(smsc_report *r, const smsc_match *m)
{
	smsc_buf *o = &r->out;
	const smsc_generation *g = smsc_match_generation(m), *signer = smsc_match_signer(m);
	const char *key = smsc_match_key(m);
	begin(r, "match");
	smsc_json_text(o, "evidence", smsc_match_evidence(m));
	smsc_json_number(o, "offset", (int64_t)smsc_match_offset(m));
	smsc_json_text(o, "role", smsc_match_role(m));
	smsc_json_text(o, "holder", smsc_match_holder(m));
	smsc_json_hex(o, "spki_sha256", smsc_match_spki_sha256(m));
	smsc_json_text(o, "container", g ? smsc_generation_container(g) : NULL);
	if (g)
		smsc_json_number(o, "number", smsc_generation_number(g));
	else
		smsc_json_null(o, "number");
	smsc_json_text(o, "key", *key ? key : NULL);
	smsc_json_text(o, "proof", smsc_match_proof(m));
	smsc_json_text(o, "source", g ? smsc_source_label(smsc_generation_file_source(g, 0)) : NULL);
	smsc_json_text(o, "path", g ? smsc_generation_file_path(g, 0) : NULL);
	smsc_json_text(o, "text", smsc_match_text(m));
	put_generation(o, g);
	put_files(o, g);
	smsc_json_text(o, "signer", signer ? smsc_generation_container(signer) : NULL);
	if (signer)
		smsc_json_number(o, "signer_number", smsc_generation_number(signer));
	else
		smsc_json_null(o, "signer_number");
	end(r);
}

/* ---- certificate -------------------------------------------------------------------------- */

static void put_places(smsc_buf *o, const smsc_certificate *x)
{
	smsc_json_open(o, "places", '[');
	for (size_t i = 0; i < smsc_certificate_place_count(x); i++) {
		smsc_json_open(o, NULL, '{');
		smsc_json_text(o, "source", smsc_source_label(smsc_certificate_place_source(x, i)));
		smsc_json_text(o, "path", smsc_certificate_place_path(x, i));
		smsc_json_text(o, "store", smsc_certificate_place_store(x, i));
		smsc_json_number(o, "offset", (int64_t)smsc_certificate_place_offset(x, i));
		smsc_buf_char(o, '}');
	}
	smsc_buf_char(o, ']');
}

static void put_certificate(smsc_report *r, const smsc_certificate *x)
{
	smsc_buf *o = &r->out;
	const char *key = smsc_certificate_key(x);
	begin(r, "certificate");
	smsc_json_hex(o, "sha1", smsc_certificate_sha1(x));
	smsc_json_text(o, "subject", smsc_certificate_subject(x));
	smsc_json_text(o, "issuer", smsc_certificate_issuer(x));
	smsc_json_text(o, "serial", smsc_certificate_serial(x));
	smsc_json_text(o, "usages", smsc_certificate_usages(x));
	smsc_json_time(o, "not_before", "not_before_ticks", smsc_certificate_not_before(x));
	smsc_json_time(o, "not_after", "not_after_ticks", smsc_certificate_not_after(x));
	smsc_json_text(o, "algorithm", smsc_certificate_algorithm(x));
	smsc_json_number(o, "bits", smsc_certificate_bits(x));
	smsc_json_hex(o, "spki_sha256", smsc_certificate_spki_sha256(x));
	smsc_json_text(o, "store", smsc_certificate_store(x));
	smsc_json_text(o, "friendly", smsc_certificate_friendly(x));
	smsc_json_text(o, "container", smsc_certificate_container(x));
	put_generation(o, smsc_certificate_generation(x));
	smsc_json_text(o, "key", *key ? key : NULL);
	put_places(o, x);
	end(r);
}

/* ---- entry, log row --------------------------------------------------------------------------- */

static void put_streams(smsc_buf *o, const smsc_record *streams)
{
	if (!streams) {
		smsc_json_null(o, "streams");
		return;
	}
	smsc_json_open(o, "streams", '[');
	for (size_t i = 0; i < smsc_record_count(streams); i++) {
		const smsc_field *f = smsc_record_at(streams, i);
		smsc_json_open(o, NULL, '{');
		smsc_json_text(o, "id", f->name);
		smsc_json_number(o, "size", f->as.number);
		smsc_json_number(o, "offset", (int64_t)f->at);
		smsc_json_text(o, "checksum", f->note);
		smsc_buf_char(o, '}');
	}
	smsc_buf_char(o, ']');
}

static void put_entry(smsc_report *r, const smsc_entry *e, const char *sha256)
{
	smsc_buf *o = &r->out;
	begin(r, "entry");
	smsc_json_text(o, "source", smsc_source_label(smsc_entry_source(e)));
	put_size(o, "set", smsc_entry_set(e) ? (int64_t)smsc_entry_set(e) : -1);
	smsc_json_text(o, "path", smsc_entry_path(e));
	smsc_json_text(o, "safe_path", smsc_entry_safe_path(e));
	smsc_json_text(o, "kind", smsc_entry_kind(e));
	put_size(o, "size", smsc_entry_size(e));
	smsc_json_time(o, "modified", "modified_ticks", smsc_entry_modified(e));
	smsc_json_time(o, "created", "created_ticks", smsc_entry_created(e));
	smsc_json_time(o, "accessed", "accessed_ticks", smsc_entry_accessed(e));
	smsc_json_text(o, "clock", smsc_entry_clock(e));
	smsc_json_number(o, "slack", smsc_entry_slack(e));
	smsc_json_text(o, "sha256", sha256);
	put_size(o, "attributes", smsc_entry_attributes(e));
	smsc_json_text(o, "sddl", smsc_entry_sddl(e));
	smsc_json_flag(o, "recovered", smsc_entry_recovered(e));
	put_streams(o, r->streams);
	end(r);
}

static void put_strings(smsc_buf *o, smsc_span strings)
{
	const char *p = strings.data, *end = p + strings.size;
	smsc_json_open(o, "strings", '[');
	for (; p < end; p += strlen(p) + 1) {
		smsc_json_name(o, NULL);
		smsc_json_quote(o, (smsc_span){ p, strlen(p) });
	}
	smsc_buf_char(o, ']');
}

/* What a row of an event log has above others; null for those. */
static void put_event_row(smsc_buf *o, const smsc_row *row)
{
	if (strncmp(row->form, "evt", 3)) {
		smsc_json_null(o, "event");
		return;
	}
	smsc_json_open(o, "event", '{');
	smsc_json_number(o, "id", row->event_id);
	smsc_json_number(o, "code", row->event_code);
	smsc_json_number(o, "number", (int64_t)row->number);
	smsc_json_number(o, "event_type", row->event_type);
	smsc_json_number(o, "category", row->category);
	smsc_json_time(o, "written", "written_ticks", row->written);
	smsc_json_span(o, "computer", row->computer);
	smsc_json_span(o, "sid", row->sid);
	put_strings(o, row->strings);
	smsc_json_hex(o, "data", row->data);
	smsc_buf_char(o, '}');
}

static void put_codes(smsc_buf *o, const smsc_row *row)
{
	smsc_known_hit hit;
	char code[11];
	smsc_known_codes(row, &hit);
	smsc_json_open(o, "codes", '[');
	for (size_t i = 0; i < hit.code_count; i++) {
		snprintf(code, sizeof code, "0x%08" PRIx32, hit.codes[i]);
		smsc_json_open(o, NULL, '{');
		smsc_json_text(o, "code", code);
		smsc_json_text(o, "name", smsc_code_name(hit.codes[i]));
		smsc_buf_char(o, '}');
	}
	smsc_buf_char(o, ']');
}

static void put_row(smsc_report *r, const smsc_log *l, const smsc_row *row)
{
	smsc_buf *o = &r->out;
	begin(r, "log");
	smsc_json_time(o, "time", "ticks", row->time);
	smsc_json_local(o, "local", row->local);
	put_bias(o, row->bias);
	smsc_json_span(o, "component", row->component);
	smsc_json_number(o, "thread", row->thread);
	smsc_json_number(o, "severity", row->severity);
	smsc_json_span(o, "text", row->text);
	smsc_json_span(o, "context", row->context);
	smsc_json_span(o, "file", row->file);
	smsc_json_number(o, "source_line", row->source_line);
	smsc_json_text(o, "form", row->form);
	smsc_json_text(o, "path", smsc_log_path(l));
	smsc_json_number(o, "offset", (int64_t)row->offset);
	smsc_json_number(o, "length", (int64_t)row->length);
	smsc_json_number(o, "line", (int64_t)row->line);
	put_codes(o, row);
	put_event_row(o, row);
	end(r);
}

/* ---- record -------------------------------------------------------------------------------------- */

static const char *const type_names[] = {
	[SMSC_NONE] = "none", [SMSC_INT] = "int", [SMSC_TIME] = "time", [SMSC_TEXT] = "text",
	[SMSC_BYTES] = "bytes", [SMSC_RECORD] = "record",
};

static void put_fields(smsc_buf *o, const smsc_record *record);

static void put_value(smsc_buf *o, const smsc_field *f)
{
	char text[29];
	switch (f->type) {
	case SMSC_INT:
		smsc_json_number(o, "value", f->as.number);
		break;
	case SMSC_TIME:
		smsc_time_text(f->as.time, text);
		smsc_json_text(o, "value", *text ? text : NULL);
		break;
	case SMSC_TEXT:
		smsc_json_text(o, "value", f->as.text);
		break;
	case SMSC_BYTES:
		smsc_json_hex(o, "value", f->as.span);
		break;
	case SMSC_RECORD:
		smsc_json_open(o, "value", '{');
		smsc_json_text(o, "format", smsc_record_format(f->as.record));
		put_fields(o, f->as.record);
		smsc_buf_char(o, '}');
		break;
	case SMSC_NONE:
		smsc_json_null(o, "value");
		break;
	}
}

/* As deep as decoders nest, which no input decides. */
static void put_fields(smsc_buf *o, const smsc_record *record)
{
	const smsc_field *f;
	smsc_json_open(o, "fields", '[');
	for (size_t i = 0; (f = smsc_record_at(record, i)); i++) {
		smsc_json_open(o, NULL, '{');
		smsc_json_text(o, "name", f->name);
		smsc_json_text(o, "type", type_names[f->type]);
		put_value(o, f);
		smsc_json_text(o, "note", f->note);
		smsc_json_text(o, "meaning", f->meaning);
		smsc_json_number(o, "at", (int64_t)f->at);
		smsc_json_number(o, "bytes", (int64_t)f->bytes);
		smsc_buf_char(o, '}');
	}
	smsc_buf_char(o, ']');
}

static void put_record(smsc_report *r, const smsc_record *record)
{
	begin(r, "record");
	smsc_json_text(&r->out, "format", smsc_record_format(record));
	smsc_json_text(&r->out, "path", smsc_record_path(record));
	put_fields(&r->out, record);
	end(r);
}

const smsc_writer smsc_jsonl_writer = {
	.name = "jsonl", .event = put_event, .source = put_source, .generation = put_generation_row,
	.certificate = put_certificate, .finding = put_finding, .match = put_match, .step = put_step,
	.record = put_record, .entry = put_entry, .row = put_row,
};
