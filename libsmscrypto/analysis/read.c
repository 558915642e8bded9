/* read.c - the walk over the evidence: every entry once, its head first, and no more of it
 * than its format asks for. */
#include "read.h"

#include <stdlib.h>
#include <string.h>

#include "../base/ident.h"
#include "../base/time.h"
#include "../format/log.h"
#include "../source/source.h"
#include "certificate.h"
#include "container.h"
#include "decode.h"
#include "event.h"
#include "../format/wmi_carve.h"
#include "machine.h"
#include "master_key.h"
#include "metabase.h"
#include "trust.h"
#include "unlock.h"

/* Streams that concern keys; all are small, and what is larger is not one of them. */
static const char *const key_formats[] = {
	"capi-container", "cng-key", "dpapi-masterkey", "dpapi-preferred", "dpapi-blob",
	"key-blob", "pvk", "cert-blob", "cert-store", "x509",
	"metabase",
};
#define MAX_KEY_STREAM   (1u << 20)
/* Exports of a table and metabases may be longer; a WMI repository is read piece by piece and has no limit. */
#define MAX_LONG_STREAM  (64u << 20)

static bool concerns_keys(const smsc_format *f)
{
	for (size_t i = 0; i < sizeof(key_formats) / sizeof(*key_formats); i++)
		if (!strcmp(f->name, key_formats[i]))
			return true;
	return smsc_trust_format(f->name);
}

/* ---- findings ---------------------------------------------------------------------- */

static void add_finding(smsc_reading *r, smsc_findings *into, smsc_rule_id rule, const char *path,
                        uint64_t offset, const char *text)
{
	smsc_case *c = r->c;
	smsc_findings_add(into, c->arena, rule, smsc_case_place(c, r->snapshot, path),
	                  offset, "%s", text);
}

/* That one of two pairs is missing says nothing alone; the rules compare. */
static bool says_something(const smsc_finding *f)
{
	return f->rule != SMSC_RULE_D009;
}

static void copy_finding(smsc_reading *r, const smsc_finding *f)
{
	if (says_something(f))
		add_finding(r, &r->c->findings, f->rule, f->path, f->offset, f->text);
}

int smsc_read_failed(smsc_reading *r, smsc_findings *into, const char *path, smsc_error *wrong, smsc_error **err)
{
	smsc_code code = smsc_error_code(wrong);
	if (code == SMSC_OK)
		return 0;
	int64_t at = smsc_error_offset(wrong);
	bool ends = code == SMSC_ENOMEM || code == SMSC_ECANCELLED || code == SMSC_EARG;
	if (ends && code == SMSC_ENOMEM)
		smsc_fail_nomem(err);
	else if (ends)
		smsc_fail(err, code, smsc_error_path(wrong), at, "%s", smsc_error_message(wrong));
	else
		add_finding(r, into, code == SMSC_ELIMIT ? SMSC_RULE_D008 :
		            code == SMSC_EFORMAT ? SMSC_RULE_D006 : SMSC_RULE_D007, path,
		            at < 0 ? 0 : (uint64_t)at, smsc_error_message(wrong));
	smsc_error_free(wrong);
	return ends ? -1 : 0;
}

/* ---- one entry ---------------------------------------------------------------------- */

size_t smsc_read_more(smsc_reading *r, smsc_entry *e, void *buffer, size_t size, smsc_error **err)
{
	size_t n = smsc_entry_read(e, buffer, size, err);
	return smsc_progress_add(r->progress, r->snapshot->label, n, err) < 0 ? 0 : n;
}

/* Up to `size` bytes: entries may give less at a time. */
static size_t read_fully(smsc_reading *r, smsc_entry *e, uint8_t *buffer, size_t size,
                         smsc_error **err)
{
	size_t at = 0, n;
	while (at < size && (n = smsc_read_more(r, e, buffer + at, size - at, err)) > 0)
		at += n;
	return at;
}

/* A backup set says itself when it was begun: the hour in its head counts, in local time or not,
 * whatever its files say. */
static bool note_set(smsc_reading *r, const smsc_entry *e)
{
	smsc_snapshot *s = r->snapshot;
	const smsc_record *set = smsc_entry_part(e) ?
	                         smsc_source_find_set(smsc_entry_source(e), smsc_entry_part(e)) : NULL;
	const smsc_field *written = set ? smsc_record_get(set, "written") : NULL;
	if (!written)
		return false;
	s->time = written->as.time;
	s->slack = SMSC_TICKS_A_SECOND + (written->note ? SMSC_SLACK_NO_ZONE : 0);
	s->clock = smsc_clock_literal("backup-set");
	if (written->note)
		r->newest_local = s->time;
	return true;
}

/* The newest time of the entries is the oldest that the snapshot can be. */
static void note_time(smsc_reading *r, const smsc_entry *e)
{
	smsc_snapshot *s = r->snapshot;
	if (r->dated)
		return;
	smsc_time t = smsc_entry_modified(e);
	bool local = smsc_entry_slack(e) >= SMSC_SLACK_NO_ZONE;
	if (local && t > r->newest_local)
		r->newest_local = t;
	if (local || t <= s->time)
		return;
	s->time = t;
	s->slack = smsc_entry_slack(e);
	s->clock = smsc_clock_literal(smsc_entry_clock(e));
}

/* Takes `record`; keeps it in the case. */
static int keep_record(smsc_reading *r, smsc_entry *e, smsc_record *record, smsc_span bytes,
                       smsc_error **err)
{
	smsc_case *c = r->c;
	if (!smsc_arena_grow(c->arena, &c->records, c->record_count, &c->record_room,
	                     sizeof(*c->records))) {
		smsc_record_unref(record);
		return smsc_fail_nomem(err);
	}
	c->records[c->record_count++] = record;
	for (size_t i = 0; i < smsc_record_finding_count(record); i++)
		copy_finding(r, smsc_record_finding_at(record, i));
	const char *clock = smsc_clock_literal(smsc_entry_clock(e));
	if (!strcmp(record->format, "capi-container") &&
	    !smsc_key_file_add(c, r->snapshot, e, record, bytes, clock))
		return smsc_fail_nomem(err);
	return smsc_master_file_add(c, r->snapshot, e, record, clock) &&
	       smsc_certificates_read_file(c, r->snapshot, record, bytes) &&
	       smsc_case_trust_add(c, record, r->snapshot, smsc_entry_modified(e)) &&
	       smsc_metabase_add(c, r->snapshot, record) &&
	       smsc_cng_file_add(c, r->snapshot, record, bytes) ? 0 : smsc_fail_nomem(err);
}

static int decode_bytes(smsc_reading *r, smsc_entry *e, const smsc_format *f, smsc_span bytes,
                        smsc_error **err)
{
	smsc_record *record = smsc_decode_as(f, smsc_entry_path(e), bytes, r->c->settings.codepage, err);
	return record ? keep_record(r, e, record, bytes, err) : -1;
}

/* All of a stream, of which r->head holds the first `head` bytes, into `out`: 1, 0 when it is
 * longer than `limit` or could not be read, -1 on failure. */
static int read_whole(smsc_reading *r, smsc_entry *e, size_t head, uint64_t limit, smsc_buf *out,
                      smsc_error **err)
{
	if (smsc_entry_size(e) > 0 && (uint64_t)smsc_entry_size(e) > limit)
		return 0;
	smsc_buf_add(out, r->head, head);
	size_t n = head == SMSC_PROBE_BYTES;
	smsc_error *wrong = NULL;
	while (n && !wrong && out->size <= limit && smsc_buf_reserve(out, SMSC_PROBE_BYTES)) {
		n = smsc_read_more(r, e, out->data + out->size, SMSC_PROBE_BYTES, &wrong);
		out->size += n;
	}
	if (out->failed) {
		smsc_error_free(wrong);
		return smsc_fail_nomem(err);
	}
	/* What was read before the damage is still evidence. */
	return smsc_read_failed(r, &r->c->findings, smsc_entry_path(e), wrong, err) < 0 ? -1 : out->size <= limit;
}

static int read_key_stream(smsc_reading *r, smsc_entry *e, size_t head, const smsc_format *f,
                           smsc_error **err)
{
	smsc_buf whole = SMSC_BUF_INIT;
	bool longer = smsc_trust_format(f->name) || f == &smsc_metabase_format;
	int done = read_whole(r, e, head, longer ? MAX_LONG_STREAM : MAX_KEY_STREAM, &whole, err);
	if (!done && longer)
		add_finding(r, &r->c->findings, SMSC_RULE_D008, smsc_entry_path(e), 0, "longer than 64 MiB, and not read");
	if (done > 0)
		done = decode_bytes(r, e, f, smsc_span_of(whole.data, whole.size), err);
	smsc_buf_free(&whole);
	return done;
}

static int read_repository(smsc_reading *r, smsc_entry *e, size_t head, smsc_error **err)
{
	smsc_record *record = smsc_record_new(smsc_wmi_carve.name, smsc_entry_path(e), r->c->settings.codepage);
	smsc_error *wrong = NULL;
	smsc_found_list list;
	if (!record || !smsc_wmi_begin(&list, record)) {
		smsc_record_unref(record);
		return smsc_fail_nomem(err);
	}
	for (size_t n = head; n; n = smsc_read_more(r, e, r->head, SMSC_PROBE_BYTES, &wrong))
		smsc_finder_feed(&list.finder, r->head, n);
	smsc_wmi_end(&list);
	int done = smsc_read_failed(r, &r->c->findings, smsc_entry_path(e), wrong, err);
	if (!done && (record->failed || smsc_arena_failed(record->arena)))
		done = smsc_fail_nomem(err);
	if (done < 0) {
		smsc_record_unref(record);
		return -1;
	}
	return keep_record(r, e, record, smsc_span_of(NULL, 0), err);
}

/* What a client trusts may stand in a value of any key: as text, it is found where it stands. */
static int search_hive(smsc_reading *r, smsc_entry *e, smsc_span hive, smsc_error **err)
{
	smsc_record *found = smsc_decode_as(&smsc_wmi_carve, smsc_entry_path(e), hive, r->c->settings.codepage, err);
	if (!found)
		return -1;
	if (smsc_record_count(found))
		return keep_record(r, e, found, hive, err);
	smsc_record_unref(found);
	return 0;
}

static int read_hive(smsc_reading *r, smsc_entry *e, size_t head, smsc_error **err)
{
	smsc_buf whole = SMSC_BUF_INIT;
	const char *path = smsc_entry_path(e);
	int done = read_whole(r, e, head, r->c->settings.max_stream, &whole, err);
	if (!done)
		add_finding(r, &r->c->findings, SMSC_RULE_D008, path, 0, "the hive is longer than max_stream and was not read");
	smsc_span hive = { whole.data, whole.size };
	if (done > 0 && smsc_machine_wants(smsc_span_cut(hive, 0, SMSC_PROBE_BYTES), path))
		done = smsc_machine_read(r->c, r->snapshot, path, hive, err) < 0 ? -1 : 1;
	if (done > 0)
		done = smsc_certificates_read_hive(r->c, r->snapshot, path, hive, err);
	if (done >= 0 && hive.size)
		done = search_hive(r, e, hive, err);
	smsc_buf_free(&whole);
	return done;
}

static int read_stream(smsc_reading *r, smsc_entry *e, smsc_error **err)
{
	const char *path = smsc_entry_path(e);
	smsc_error *wrong = NULL;
	size_t head = read_fully(r, e, r->head, SMSC_PROBE_BYTES, &wrong);
	if (smsc_read_failed(r, &r->c->findings, path, wrong, err) < 0)
		return -1;
	int64_t known = smsc_entry_size(e);
	uint64_t size = head < SMSC_PROBE_BYTES ? head : known >= 0 ? (uint64_t)known : UINT64_MAX;
	const smsc_format *f = head ? smsc_format_probe((smsc_span){ r->head, head }, size, path) : NULL;
	/* A crash leaves files of no bytes, or of zeros: they take the place of the keys all the same. */
	if (!f && smsc_container_belongs(path))
		f = &smsc_capi_container;
	if (f && smsc_log_kind_of(f))
		return smsc_read_log(r, e, head, err);
	if (smsc_machine_wants(smsc_span_of(r->head, head), path) ||
	    smsc_certificate_wants(smsc_span_of(r->head, head), path))
		return read_hive(r, e, head, err);
	if (f == &smsc_wmi_carve)
		return read_repository(r, e, head, err);
	return f && concerns_keys(f) ? read_key_stream(r, e, head, f, err) : 0;
}

/* ---- snapshots -------------------------------------------------------------------------- */

static void begin_snapshot(smsc_reading *r, smsc_snapshot *s)
{
	r->snapshot = s;
	r->first_file = r->c->file_count;
	r->first_master = r->c->master_count;
	r->newest_local = SMSC_NEVER;
	r->part = 0;
	r->dated = false;
}

/* What was found in the logs, and in the source since the last snapshot of it. */
static void end_findings(smsc_reading *r, const smsc_source *source)
{
	smsc_case *c = r->c;
	for (size_t i = 0; i < r->log_findings.count; i++)
		smsc_findings_keep(&c->findings, c->arena, r->log_findings.at[i]);
	r->log_findings.count = 0;
	for (; r->findings < smsc_source_finding_count(source); r->findings++)
		copy_finding(r, smsc_source_finding_at(source, r->findings));
}

static int end_snapshot(smsc_reading *r, const smsc_source *source, smsc_error **err)
{
	int done = smsc_read_logs_end(r, err);
	end_findings(r, source);
	smsc_read_settle_files(r);
	smsc_biases_take(&r->biases, r->snapshot, &r->days);
	return done;
}

/* Each set of a backup is a snapshot of its own; the first one met is that of the source. */
static int enter_part(smsc_reading *r, const smsc_entry *e, smsc_error **err)
{
	uint32_t part = smsc_entry_part(e);
	if (part == r->part)
		return 0;
	if (r->part) {
		const smsc_source *source = smsc_entry_source(e);
		if (end_snapshot(r, source, err) < 0)
			return -1;
		smsc_source *set = smsc_source_of_set(source, part, err);
		smsc_snapshot *s = set ? smsc_case_insert(r->c, set, r->snapshot->order + 1, err) : NULL;
		smsc_source_unref(set);
		if (!s)
			return -1;
		begin_snapshot(r, s);
	}
	r->part = part;
	r->dated = note_set(r, e);
	return 0;
}

/* ---- the walk -------------------------------------------------------------------------- */

static int read_entry(smsc_reading *r, smsc_entry *e, smsc_error **err)
{
	r->file++;
	if (smsc_progress_entry(r->progress, r->snapshot->label, err) < 0)
		return -1;
	if (strcmp(smsc_entry_kind(e), "file"))
		return 0;
	note_time(r, e);
	if (!smsc_entry_is_archive(e))
		return read_stream(r, e, err);
	r->archive = smsc_entry_ref(e);
	return 0;
}

/* An archive whose entries follow is told by them alone: where they are not packed, its bytes look like
 * one of them.  One that could not be opened is read as it is. */
static int read_archive(smsc_reading *r, const smsc_entry *next, smsc_error **err)
{
	smsc_entry *archive = r->archive;
	const char *path = archive ? smsc_entry_path(archive) : "", *inner = next ? smsc_entry_path(next) : "";
	size_t size = strlen(path);
	bool opened = !archive || (!strncmp(inner, path, size) && !strncmp(inner + size, "!/", 2));
	r->archive = NULL;
	int done = opened ? 0 : read_stream(r, archive, err);
	smsc_entry_unref(archive);
	return done;
}

static int read_source(smsc_reading *r, smsc_error **err)
{
	r->findings = 0;
	smsc_source *source = r->snapshot->source;
	smsc_error *wrong = NULL;
	smsc_entry *e;
	int done = 0;
	smsc_source_rewind(source, &wrong);
	while (!done && (e = smsc_source_next(source, &wrong))) {
		done = read_archive(r, e, err) < 0 || enter_part(r, e, err) < 0 ? -1 : read_entry(r, e, err);
		smsc_entry_unref(e);
	}
	if (read_archive(r, NULL, err) < 0)
		done = -1;
	if (done < 0) {
		smsc_error_free(wrong);
		return -1;
	}
	done = smsc_read_failed(r, &r->c->findings, "", wrong, err);
	return end_snapshot(r, source, err) < 0 ? -1 : done;
}

int smsc_case_walk(smsc_case *c, smsc_progress *progress, smsc_error **err)
{
	smsc_reading r = { .c = c, .progress = progress, .head = malloc(SMSC_PROBE_BYTES) };
	int done = smsc_log_pieces_begin(&r.pieces, &c->settings) && r.head ? 0 : smsc_fail_nomem(err);
	/* Sets of a backup are put behind its first, where the loop then is. */
	for (size_t i = 0; i < c->snapshot_count && !done; i = r.snapshot->order + 1) {
		begin_snapshot(&r, c->snapshots[i]);
		done = read_source(&r, err);
		if (!done && (r.biases.failed || r.copies.failed))
			done = smsc_fail_nomem(err);
	}
	if (!done) {
		smsc_clock_tell(c, &r.jumps);
		smsc_utc_tell(c, &r.doubts);
		smsc_log_sets_tell(c, &r.sets);
		done = smsc_read_settle_rows(&r, err);
		/* A zone that was given knows of no summer. */
		if (!done && !c->settings.zone_known)
			done = smsc_biases_tell(c, &r.biases, err);
	}
	smsc_log_pieces_free(&r.pieces);
	smsc_days_free(&r.days);
	smsc_biases_free(&r.biases);
	smsc_log_sets_free(&r.sets);
	smsc_copies_free(&r.copies);
	free(r.head);
	return done;
}
