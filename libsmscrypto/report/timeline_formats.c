/* timeline_formats.c - the timeline for other programs: mactime, Timesketch, l2tcsv readers. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "../base/text.h"
#include "../base/time.h"
#include "csv.h"
#include "json.h"
#include "report.h"

#define TICKS_A_MICROSECOND 10

/* None of the three has a place for a time whose zone is not known; those events stay out
 * rather than in the wrong hour. */
static bool has_place(const smsc_event *e)
{
	return smsc_event_time(e) != SMSC_NEVER;
}

static const char *label_of(const smsc_event *e)
{
	const smsc_source *source = smsc_event_source(e);
	return source ? smsc_source_label(source) : "";
}

/* As the registry of the snapshot says it. */
static const char *host_of(const smsc_event *e)
{
	const smsc_source *source = smsc_event_source(e);
	const char *name = source ? smsc_source_computer(source) : NULL;
	return name ? name : "";
}

static bool is_log(const smsc_event *e)
{
	return !strncmp(smsc_event_clock(e), "log", 3);
}

/* What kind of evidence tells it, in the words of such programs. */
typedef struct origin {
	const char *type, *brief, *name;
} origin;

static const origin *origin_of(const smsc_event *e)
{
	static const origin log = { "smscrypto:log:row", "LOG", "SMS log" };
	static const origin registry = { "smscrypto:registry:key", "REG", "Windows registry" };
	static const origin file = { "smscrypto:key:file", "FILE", "CryptoAPI key file" };
	return is_log(e) ? &log : strcmp(smsc_event_clock(e), "registry") ? &file : &registry;
}

/* When a file was made; all else is a time at which it was written. */
static bool is_created(const smsc_event *e)
{
	return !is_log(e) && strstr(smsc_event_kind(e), "created");
}

/* ---- bodyfile --------------------------------------------------------------------------- */

static bool is_hex_escape(const char *p)
{
	return smsc_hex_digit(p[1]) >= 0 && smsc_hex_digit(p[2]) >= 0;
}

/* mactime decodes %XX in names; '|' parts fields. */
static void put_name(smsc_buf *o, const char *text)
{
	for (const char *p = text; *p; p++) {
		if (*p == '|')
			smsc_buf_str(o, "%7C");
		else if (*p == '%' && is_hex_escape(p))
			smsc_buf_str(o, "%25");
		else
			smsc_buf_char(o, (unsigned char)*p < 0x20 ? ' ' : *p);
	}
}

/* MD5|name|inode|mode|UID|GID|size|atime|mtime|ctime|crtime; a time that is not used is -1.
 * mactime keeps numbers by name, so the offset and kind make names unique. */
static void put_body(smsc_report *r, const smsc_event *e)
{
	smsc_buf *o = &r->out;
	if (!has_place(e))
		return;
	int64_t ticks = smsc_event_time(e) - SMSC_UNIX_EPOCH;
	int64_t seconds = ticks / SMSC_TICKS_A_SECOND;
	if (ticks < 0)
		return;  /* mactime drops what is before 1970 */
	bool created = is_created(e);
	smsc_buf_str(o, "0|");
	put_name(o, label_of(e));
	smsc_buf_char(o, '/');
	put_name(o, smsc_event_path(e));
	smsc_buf_printf(o, "@%" PRIu64 " [%s] ", smsc_event_offset(e), smsc_event_kind(e));
	put_name(o, smsc_event_text(e));
	smsc_buf_printf(o, "|0|r/rrwxrwxrwx|0|0|0|-1|%" PRId64 "|-1|%" PRId64 "\n",
	                created ? -1 : seconds, created ? seconds : -1);
}

const smsc_writer smsc_bodyfile_writer = { .name = "bodyfile", .event = put_body };

/* ---- Timesketch -------------------------------------------------------------------------- */

/* Its CSV reader shifts times by the zone of its server; JSON Lines with both forms of the
 * time arrive as they are. */
static void put_datetime(smsc_buf *o, smsc_time t)
{
	char text[29];
	smsc_time_text(t, text);
	smsc_json_name(o, "datetime");
	smsc_buf_printf(o, "\"%.26s+00:00\"", text);
}

static void put_tags(smsc_buf *o, const smsc_event *e)
{
	static const char *const names[] = { "note", "information", "warning", "error" };
	smsc_json_open(o, "tag", '[');
	smsc_json_text(o, NULL, names[smsc_event_severity(e) & 3]);
	smsc_buf_char(o, ']');
}

static void put_sketch(smsc_report *r, const smsc_event *e)
{
	smsc_buf *o = &r->out;
	if (!has_place(e))
		return;
	const smsc_generation *g = smsc_event_generation(e);
	smsc_buf_char(o, '{');
	smsc_json_text(o, "message", smsc_event_text(e));
	smsc_json_number(o, "timestamp", (smsc_event_time(e) - SMSC_UNIX_EPOCH) / TICKS_A_MICROSECOND);
	put_datetime(o, smsc_event_time(e));
	smsc_json_text(o, "timestamp_desc", smsc_event_kind(e));
	smsc_json_text(o, "data_type", origin_of(e)->type);
	smsc_json_text(o, "source_short", origin_of(e)->brief);
	smsc_json_text(o, "source_long", origin_of(e)->name);
	smsc_json_text(o, "meaning", smsc_event_meaning(e));
	smsc_json_text(o, "container", g ? smsc_generation_container(g) : NULL);
	smsc_json_number(o, "container_generation", g ? smsc_generation_number(g) : 0);
	smsc_json_text(o, "clock", smsc_event_clock(e));
	smsc_json_text(o, "hostname", host_of(e));
	smsc_json_text(o, "snapshot", label_of(e));
	smsc_json_text(o, "filename", smsc_event_path(e));
	smsc_json_number(o, "offset", (int64_t)smsc_event_offset(e));
	put_tags(o, e);
	smsc_buf_str(o, "}\n");
}

const smsc_writer smsc_timesketch_writer = { .name = "timesketch", .event = put_sketch };

/* ---- l2tcsv ------------------------------------------------------------------------------- */

static void put_civil(smsc_buf *o, smsc_time t)
{
	char text[32];
	smsc_civil c = smsc_civil_of_time(t);
	snprintf(text, sizeof(text), "%02d/%02d/%04d", c.month, c.day, c.year);
	smsc_csv_str(o, text);
	snprintf(text, sizeof(text), "%02d:%02d:%02d", c.hour, c.minute, c.second);
	smsc_csv_str(o, text);
}

static void put_extra(smsc_buf *o, const smsc_event *e)
{
	smsc_buf text = SMSC_BUF_INIT;
	smsc_buf_printf(&text, "snapshot: %s; offset: %" PRIu64 "; clock: %s", label_of(e),
	                smsc_event_offset(e), smsc_event_clock(e));
	smsc_csv_str(o, text.failed ? "" : text.data);
	o->failed |= text.failed;
	smsc_buf_free(&text);
}

static void put_l2t(smsc_report *r, const smsc_event *e)
{
	smsc_buf *o = &r->out;
	if (!has_place(e))
		return;
	if (smsc_report_begins(r, "event"))
		smsc_buf_str(o, "date,time,timezone,MACB,source,sourcetype,type,user,host,short,desc,version,"
		             "filename,inode,notes,format,extra\n");
	bool created = is_created(e);
	put_civil(o, smsc_event_time(e));
	smsc_csv_str(o, "UTC");
	smsc_csv_str(o, created ? "...B" : "M...");
	smsc_csv_str(o, origin_of(e)->brief);
	smsc_csv_str(o, origin_of(e)->name);
	smsc_csv_str(o, smsc_event_kind(e));
	smsc_csv_str(o, "");  /* user */
	smsc_csv_str(o, host_of(e));
	smsc_csv_str(o, smsc_event_text(e));
	smsc_csv_str(o, smsc_event_text(e));
	smsc_csv_number(o, 2);
	smsc_csv_str(o, smsc_event_path(e));
	smsc_csv_number(o, 0);
	smsc_csv_str(o, smsc_event_meaning(e));
	smsc_csv_str(o, "smscrypto");
	put_extra(o, e);
	smsc_buf_char(o, '\n');
}

const smsc_writer smsc_l2tcsv_writer = { .name = "l2tcsv", .event = put_l2t };
