/* master_key.c - DPAPI master keys on the timeline: a private key can be opened only while
 * its master key is there, so when that was made is part of the key's history. */
#include "master_key.h"

#include <stdlib.h>
#include <string.h>

#include "../base/ident.h"
#include "../base/text.h"
#include "event.h"
#include "public_key.h"

/* 24 bytes without a mark pass for a Preferred file too easily: the name must agree. */
static const char *guid_in(const smsc_record *record)
{
	if (!strcmp(record->format, "dpapi-masterkey"))
		return smsc_record_text(record, "guid");
	if (!strcmp(record->format, "dpapi-preferred") &&
	    !smsc_ascii_casecmp(smsc_path_last(record->path), "Preferred"))
		return smsc_record_text(record, "master_key");
	return NULL;
}

bool smsc_master_file_add(smsc_case *c, const smsc_snapshot *s, const smsc_entry *e,
                          const smsc_record *record, const char *clock)
{
	const char *guid = guid_in(record);
	if (!guid || !smsc_guid_is(guid, strlen(guid)))
		return true;
	smsc_master_file *f = smsc_arena_alloc(c->arena, sizeof(*f));
	if (!f || !smsc_arena_grow(c->arena, &c->masters, c->master_count, &c->master_room,
	                           sizeof(*c->masters)))
		return false;
	const smsc_field *renew = smsc_record_get(record, "renew");
	bool preferred = renew && renew->type == SMSC_TIME;
	*f = (smsc_master_file){
		.snapshot = s, .path = record->path, .guid = guid,
		.stamp = { smsc_entry_created(e), smsc_entry_modified(e), smsc_entry_slack(e), clock },
		.renew = preferred ? renew->as.time : SMSC_NEVER, .at = preferred ? renew->at : 0,
	};
	if (!strcmp(record->format, "dpapi-masterkey") || f->renew != SMSC_NEVER)
		c->masters[c->master_count++] = f;
	return true;
}

static int compare(const void *left, const void *right)
{
	const smsc_master_file *a = *(smsc_master_file *const *)left;
	const smsc_master_file *b = *(smsc_master_file *const *)right;
	int d = smsc_ascii_casecmp(a->guid, b->guid);
	if (!d)
		d = (a->renew > b->renew) - (a->renew < b->renew);
	if (!d)
		d = (a->snapshot->order > b->snapshot->order) - (a->snapshot->order < b->snapshot->order);
	return d ? d : strcmp(a->path, b->path);
}

static void place(smsc_event *e, const smsc_master_file *f, const char *text)
{
	e->snapshot = f->snapshot;
	e->path = f->path;
	e->offset = f->at;
	e->text = text ? text : "";
}

static void tell_renewal(smsc_case *c, const smsc_master_file *f)
{
	smsc_event *e = smsc_event_new(c, SMSC_KIND_MASTER_KEY_EXPIRES, 0);
	if (!e)
		return;
	place(e, f, smsc_arena_printf(c->arena, "DPAPI master key %s is due to be renewed", f->guid));
	e->meaning = "what is protected after that gets a new master key, made 90 days before its own "
	             "renewal; the old one still opens what it protected";
	smsc_event_when(e, f->renew, 0, "content");
}

static void tell_key(smsc_case *c, const smsc_master_file *f, const smsc_stamp *stamp)
{
	bool created = stamp->created != SMSC_NEVER && stamp->created <= stamp->modified;
	smsc_time when = created ? stamp->created : stamp->modified;
	if (when == SMSC_NEVER)
		return;
	smsc_event *e = smsc_event_new(c, created ? SMSC_KIND_MASTER_KEY_CREATED :
	                               SMSC_KIND_MASTER_KEY_WRITTEN, 0);
	if (!e)
		return;
	place(e, f, smsc_arena_printf(c->arena, "DPAPI master key %s: file %s", f->guid,
	                              created ? "created" : "written"));
	smsc_event_when(e, when, stamp->slack, stamp->clock);
}

void smsc_master_key_events(smsc_case *c)
{
	smsc_stamp stamp = { .clock = "none" };
	if (c->master_count)
		qsort(c->masters, c->master_count, sizeof(*c->masters), compare);
	for (size_t i = 0, first = 0; i < c->master_count; i++) {
		const smsc_master_file *f = c->masters[i];
		if (i == first)
			stamp = (smsc_stamp){ .clock = "none" };
		smsc_stamp_merge(&stamp, &f->stamp);
		if (i + 1 < c->master_count && c->masters[i + 1]->renew == f->renew &&
		    !smsc_ascii_casecmp(c->masters[i + 1]->guid, f->guid))
			continue;
		if (f->renew != SMSC_NEVER)
			tell_renewal(c, c->masters[first]);
		else
			tell_key(c, c->masters[first], &stamp);
		first = i + 1;
	}
}
