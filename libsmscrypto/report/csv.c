/* csv.c - comma-separated values: RFC 4180 quoting, lines that end in LF. */
#include "csv.h"

#include <inttypes.h>
#include <string.h>

#include "../analysis/knowledge.h"
#include "report.h"

/* ---- cells ----------------------------------------------------------------------------- */

static void begin_cell(smsc_buf *out)
{
	if (out->size && out->data[out->size - 1] != '\n')
		smsc_buf_char(out, ',');
}

/* A spreadsheet takes such a cell for a formula and runs it; the apostrophe makes it text. */
static bool looks_like_formula(smsc_span text)
{
	return text.size && memchr("=+-@\t\r", *(const char *)text.data, 6);
}

void smsc_csv_text(smsc_buf *out, smsc_span text)
{
	const char *p = text.data;
	begin_cell(out);
	/* An empty first cell in quotes keeps the comma behind it from being swallowed. */
	smsc_buf_char(out, '"');
	if (looks_like_formula(text))
		smsc_buf_char(out, '\'');
	for (size_t i = 0; i < text.size; i++) {
		if (p[i] == '"')
			smsc_buf_char(out, '"');
		smsc_buf_char(out, p[i] ? p[i] : ' ');
	}
	smsc_buf_char(out, '"');
}

void smsc_csv_str(smsc_buf *out, const char *text)
{
	smsc_csv_text(out, (smsc_span){ text, text ? strlen(text) : 0 });
}

void smsc_csv_number(smsc_buf *out, int64_t number)
{
	begin_cell(out);
	smsc_buf_printf(out, "%" PRId64, number);
}

void smsc_csv_hex(smsc_buf *out, smsc_span bytes)
{
	begin_cell(out);
	smsc_buf_char(out, '"');
	smsc_buf_hex(out, bytes.data, bytes.size);
	smsc_buf_char(out, '"');
}

/* ---- rows ------------------------------------------------------------------------------ */

/* One kind of row has one header; a second kind in the same output starts a second table. */
static smsc_buf *begin(smsc_report *r, const char *kind, const char *header)
{
	bool again = r->kind != NULL;
	if (smsc_report_begins(r, kind))
		smsc_buf_printf(&r->out, "%s%s\n", again ? "\n" : "", header);
	return &r->out;
}

static void end(smsc_buf *o)
{
	smsc_buf_char(o, '\n');
}

static void put_time(smsc_buf *o, smsc_time t)
{
	char text[29];
	smsc_csv_str(o, smsc_time_text(t, text));
}

static void put_number_or_none(smsc_buf *o, int64_t number, bool known)
{
	if (known)
		smsc_csv_number(o, number);
	else
		smsc_csv_str(o, "");
}

static void put_event(smsc_report *r, const smsc_event *e)
{
	smsc_buf *o = begin(r, "event", "time,local,bias,slack,clock,kind,severity,text,meaning,"
	                    "container,number,source,path,offset");
	const smsc_generation *g = smsc_event_generation(e);
	const smsc_source *source = smsc_event_source(e);
	char local[29];
	put_time(o, smsc_event_time(e));
	smsc_csv_str(o, smsc_local_text(smsc_event_local(e), local));
	put_number_or_none(o, smsc_event_bias(e), smsc_event_bias(e) != SMSC_NO_BIAS);
	smsc_csv_number(o, smsc_event_slack(e));
	smsc_csv_str(o, smsc_event_clock(e));
	smsc_csv_str(o, smsc_event_kind(e));
	smsc_csv_number(o, smsc_event_severity(e));
	smsc_csv_str(o, smsc_event_text(e));
	smsc_csv_str(o, smsc_event_meaning(e));
	smsc_csv_str(o, g ? smsc_generation_container(g) : "");
	put_number_or_none(o, g ? smsc_generation_number(g) : 0, g != NULL);
	smsc_csv_str(o, source ? smsc_source_label(source) : "");
	smsc_csv_str(o, smsc_event_path(e));
	smsc_csv_number(o, (int64_t)smsc_event_offset(e));
	end(o);
}

static void put_source(smsc_report *r, const smsc_snapshot *s)
{
	smsc_buf *o = begin(r, "source", "label,path,kind,machine_guid,computer,system,time,slack,clock");
	smsc_csv_str(o, s->label);
	smsc_csv_str(o, smsc_source_path(s->source));
	smsc_csv_str(o, smsc_source_kind(s->source));
	smsc_csv_str(o, smsc_source_machine_guid(s->source));
	smsc_csv_str(o, smsc_source_computer(s->source));
	smsc_csv_str(o, smsc_source_system(s->source));
	put_time(o, s->time);
	smsc_csv_number(o, s->slack);
	smsc_csv_str(o, s->clock);
	end(o);
}

static void put_key(smsc_buf *o, const smsc_key *k)
{
	smsc_csv_str(o, k ? smsc_key_algorithm(k) : "");
	put_number_or_none(o, k ? smsc_key_bits(k) : 0, k != NULL);
	smsc_csv_hex(o, k ? smsc_key_spki_sha256(k) : (smsc_span){ NULL, 0 });
	smsc_csv_str(o, k ? smsc_key_proof(k) : "");
}

/* A line for each file, so that every file can be filtered for. */
static void put_generation(smsc_report *r, const smsc_generation *g)
{
	smsc_buf *o = begin(r, "generation", "container,product,file_hash,machine_guid,number,state,size,"
	                    "created,modified,first_seen,last_seen,slack,clock,"
	                    "signature_algorithm,signature_bits,signature_spki_sha256,signature_proof,"
	                    "exchange_algorithm,exchange_bits,exchange_spki_sha256,exchange_proof,"
	                    "change,source,path");
	for (size_t i = 0; i < smsc_generation_file_count(g); i++) {
		smsc_csv_str(o, smsc_generation_container(g));
		smsc_csv_str(o, smsc_generation_product(g));
		smsc_csv_str(o, smsc_generation_file_hash(g));
		smsc_csv_str(o, smsc_generation_machine_guid(g));
		smsc_csv_number(o, smsc_generation_number(g));
		smsc_csv_str(o, smsc_generation_state(g));
		smsc_csv_number(o, smsc_generation_size(g));
		put_time(o, smsc_generation_created(g));
		put_time(o, smsc_generation_modified(g));
		put_time(o, smsc_generation_first_seen(g));
		put_time(o, smsc_generation_last_seen(g));
		smsc_csv_number(o, smsc_generation_slack(g));
		smsc_csv_str(o, smsc_generation_clock(g));
		put_key(o, smsc_generation_signature(g));
		put_key(o, smsc_generation_exchange(g));
		smsc_csv_str(o, smsc_generation_change(g));
		smsc_csv_str(o, smsc_source_label(smsc_generation_file_source(g, i)));
		smsc_csv_str(o, smsc_generation_file_path(g, i));
		end(o);
	}
}

/* A line for each place. */
static void put_certificate(smsc_report *r, const smsc_certificate *x)
{
	smsc_buf *o = begin(r, "certificate", "sha1,subject,issuer,serial,usages,not_before,not_after,algorithm,bits,"
	                    "spki_sha256,friendly,key_container,container,number,key,store,source,path,offset");
	const smsc_generation *g = smsc_certificate_generation(x);
	for (size_t i = 0; i < smsc_certificate_place_count(x); i++) {
		smsc_csv_hex(o, smsc_certificate_sha1(x));
		smsc_csv_str(o, smsc_certificate_subject(x));
		smsc_csv_str(o, smsc_certificate_issuer(x));
		smsc_csv_str(o, smsc_certificate_serial(x));
		smsc_csv_str(o, smsc_certificate_usages(x));
		put_time(o, smsc_certificate_not_before(x));
		put_time(o, smsc_certificate_not_after(x));
		smsc_csv_str(o, smsc_certificate_algorithm(x));
		smsc_csv_number(o, smsc_certificate_bits(x));
		smsc_csv_hex(o, smsc_certificate_spki_sha256(x));
		smsc_csv_str(o, smsc_certificate_friendly(x));
		smsc_csv_str(o, smsc_certificate_container(x));
		smsc_csv_str(o, g ? smsc_generation_container(g) : "");
		put_number_or_none(o, g ? smsc_generation_number(g) : 0, g != NULL);
		smsc_csv_str(o, smsc_certificate_key(x));
		smsc_csv_str(o, smsc_certificate_place_store(x, i));
		smsc_csv_str(o, smsc_source_label(smsc_certificate_place_source(x, i)));
		smsc_csv_str(o, smsc_certificate_place_path(x, i));
		smsc_csv_number(o, (int64_t)smsc_certificate_place_offset(x, i));
		end(o);
	}
}

static void put_finding(smsc_report *r, const smsc_finding *f)
{
	smsc_buf *o = begin(r, "finding", "rule,severity,title,text,advice,confidence,refutation,container,number,"
	                    "path,offset");
	const smsc_generation *g = smsc_finding_generation(f);
	smsc_csv_str(o, smsc_finding_rule(f));
	smsc_csv_number(o, smsc_finding_severity(f));
	smsc_csv_str(o, smsc_finding_title(f));
	smsc_csv_str(o, smsc_finding_text(f));
	smsc_csv_str(o, smsc_finding_advice(f));
	smsc_csv_str(o, smsc_finding_confidence(f));
	smsc_csv_str(o, smsc_finding_refutation(f));
	smsc_csv_str(o, g ? smsc_generation_container(g) : "");
	put_number_or_none(o, g ? smsc_generation_number(g) : 0, g != NULL);
	smsc_csv_str(o, smsc_finding_path(f));
	smsc_csv_number(o, (int64_t)smsc_finding_offset(f));
	end(o);
}

static void put_step(smsc_report *r, const smsc_step *s)
{
	smsc_buf *o = begin(r, "plan", "step,action,from,to,reason,check,proof,source,container,number");
	const smsc_generation *g = smsc_step_generation(s);
	const smsc_source *source = smsc_step_source(s);
	smsc_csv_number(o, smsc_step_number(s));
	smsc_csv_str(o, smsc_step_action(s));
	smsc_csv_str(o, smsc_step_what(s));
	smsc_csv_str(o, smsc_step_to(s));
	smsc_csv_str(o, smsc_step_reason(s));
	smsc_csv_str(o, smsc_step_check(s));
	smsc_csv_str(o, smsc_step_proof(s));
	smsc_csv_str(o, source ? smsc_source_label(source) : "");
	smsc_csv_str(o, g ? smsc_generation_container(g) : "");
	put_number_or_none(o, g ? smsc_generation_number(g) : 0, g != NULL);
	end(o);
}

static void put_entry(smsc_report *r, const smsc_entry *e, const char *sha256)
{
	smsc_buf *o = begin(r, "entry", "source,set,path,kind,size,modified,created,accessed,clock,slack,sha256,attributes,sddl,"
	                    "recovered");
	smsc_csv_str(o, smsc_source_label(smsc_entry_source(e)));
	put_number_or_none(o, smsc_entry_set(e), smsc_entry_set(e) > 0);
	smsc_csv_str(o, smsc_entry_path(e));
	smsc_csv_str(o, smsc_entry_kind(e));
	put_number_or_none(o, smsc_entry_size(e), smsc_entry_size(e) >= 0);
	put_time(o, smsc_entry_modified(e));
	put_time(o, smsc_entry_created(e));
	put_time(o, smsc_entry_accessed(e));
	smsc_csv_str(o, smsc_entry_clock(e));
	smsc_csv_number(o, smsc_entry_slack(e));
	smsc_csv_str(o, sha256);
	put_number_or_none(o, smsc_entry_attributes(e), smsc_entry_attributes(e) >= 0);
	smsc_csv_str(o, smsc_entry_sddl(e));
	smsc_csv_number(o, smsc_entry_recovered(e));
	end(o);
}

static void put_codes(smsc_buf *o, const smsc_row *row)
{
	smsc_known_hit hit;
	smsc_buf text = SMSC_BUF_INIT;
	smsc_known_codes(row, &hit);
	for (size_t i = 0; i < hit.code_count; i++)
		smsc_buf_printf(&text, "%s0x%08" PRIx32 " %s", i ? "; " : "", hit.codes[i], smsc_code_name(hit.codes[i]));
	smsc_csv_text(o, (smsc_span){ text.data, text.size });
	o->failed |= text.failed;
	smsc_buf_free(&text);
}

/* Strings of an event in one cell, a line for each. */
static void put_strings(smsc_buf *o, smsc_span strings)
{
	smsc_buf text = SMSC_BUF_INIT;
	const char *p = strings.data;
	for (size_t i = 0; i + 1 < strings.size; i++)
		smsc_buf_char(&text, p[i] ? p[i] : '\n');
	smsc_csv_text(o, (smsc_span){ text.data, text.size });
	o->failed |= text.failed;
	smsc_buf_free(&text);
}

/* What a row of an event log has above others; empty for those. */
static void put_event_row(smsc_buf *o, const smsc_row *row)
{
	bool event = !strncmp(row->form, "evt", 3);
	put_number_or_none(o, row->event_id, event);
	put_number_or_none(o, row->event_code, event);
	put_number_or_none(o, (int64_t)row->number, event);
	put_number_or_none(o, row->event_type, event);
	put_number_or_none(o, row->category, event);
	put_time(o, row->written);
	smsc_csv_text(o, row->computer);
	smsc_csv_text(o, row->sid);
	put_strings(o, row->strings);
	smsc_csv_hex(o, row->data);
}

static void put_row(smsc_report *r, const smsc_log *l, const smsc_row *row)
{
	smsc_buf *o = begin(r, "log", "time,local,bias,component,thread,severity,text,context,file,"
	                    "source_line,form,path,offset,length,line,codes,event_id,event_code,number,"
	                    "event_type,category,written,computer,sid,strings,data");
	char local[29];
	put_time(o, row->time);
	smsc_csv_str(o, smsc_local_text(row->local, local));
	put_number_or_none(o, row->bias, row->bias != SMSC_NO_BIAS);
	smsc_csv_text(o, row->component);
	smsc_csv_number(o, row->thread);
	smsc_csv_number(o, row->severity);
	smsc_csv_text(o, row->text);
	smsc_csv_text(o, row->context);
	smsc_csv_text(o, row->file);
	smsc_csv_number(o, row->source_line);
	smsc_csv_str(o, row->form);
	smsc_csv_str(o, smsc_log_path(l));
	smsc_csv_number(o, (int64_t)row->offset);
	smsc_csv_number(o, (int64_t)row->length);
	smsc_csv_number(o, (int64_t)row->line);
	put_codes(o, row);
	put_event_row(o, row);
	end(o);
}

/* ---- record ---------------------------------------------------------------------------- */

static void put_value(smsc_buf *o, const smsc_field *f)
{
	char text[29];
	switch (f->type) {
	case SMSC_INT:   smsc_csv_number(o, f->as.number); break;
	case SMSC_TIME:  smsc_csv_str(o, smsc_time_text(f->as.time, text)); break;
	case SMSC_TEXT:  smsc_csv_str(o, f->as.text); break;
	case SMSC_BYTES: smsc_csv_hex(o, f->as.span); break;
	default:         smsc_csv_str(o, ""); break;
	}
}

/* Fields of parts are named with the part: "exchange.private.cipher". */
static void put_fields(smsc_buf *o, const smsc_record *root, const smsc_record *record,
                       const char *prefix)
{
	const smsc_field *f;
	smsc_buf name = SMSC_BUF_INIT;
	for (size_t i = 0; (f = smsc_record_at(record, i)); i++) {
		smsc_buf_clear(&name);
		smsc_buf_printf(&name, "%s%s%s", prefix, *prefix ? "." : "", f->name);
		if (name.failed)
			break;
		smsc_csv_str(o, smsc_record_path(root));
		smsc_csv_str(o, smsc_record_format(root));
		smsc_csv_str(o, name.data);
		smsc_csv_number(o, (int64_t)f->at);
		smsc_csv_number(o, (int64_t)f->bytes);
		put_value(o, f);
		smsc_csv_str(o, f->note);
		smsc_csv_str(o, f->meaning);
		end(o);
		if (f->type == SMSC_RECORD)
			put_fields(o, root, f->as.record, name.data);
	}
	o->failed |= name.failed;
	smsc_buf_free(&name);
}

static void put_record(smsc_report *r, const smsc_record *record)
{
	smsc_buf *o = begin(r, "record", "path,format,field,offset,size,value,note,meaning");
	put_fields(o, record, record, "");
}

const smsc_writer smsc_csv_writer = {
	.name = "csv", .event = put_event, .source = put_source, .generation = put_generation,
	.certificate = put_certificate, .finding = put_finding, .step = put_step,
	.record = put_record, .entry = put_entry, .row = put_row,
};
