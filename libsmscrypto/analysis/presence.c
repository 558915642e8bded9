/* presence.c - containers that vanish from one snapshot to the next, and come back.
 *
 * A snapshot that lacks a container file tells something only when it shows that folder at
 * all: when it has other containers under the same MachineGuid.
 */
#include "presence.h"

#include <stdlib.h>
#include <string.h>

#include "../base/error.h"
#include "event.h"
#include "keep.h"

typedef struct table {
	const smsc_snapshot **by_time;  /* those with a time */
	size_t count;
	const smsc_key_file **by_guid;  /* all files in order of MachineGuid and snapshot */
	size_t file_count;
} table;

static int compare_times(const void *left, const void *right)
{
	const smsc_snapshot *a = *(const smsc_snapshot *const *)left;
	const smsc_snapshot *b = *(const smsc_snapshot *const *)right;
	int d = (a->time > b->time) - (a->time < b->time);
	return d ? d : (a->order > b->order) - (a->order < b->order);
}

static int compare_place(const char *guid, const char *owner, size_t order, const smsc_key_file *b)
{
	int d = strcmp(guid, b->guid);
	if (!d)
		d = strcmp(owner, b->owner);
	return d ? d : (order > b->snapshot->order) - (order < b->snapshot->order);
}

static int compare_files(const void *left, const void *right)
{
	const smsc_key_file *a = *(const smsc_key_file *const *)left;
	return compare_place(a->guid, a->owner, a->snapshot->order, *(const smsc_key_file *const *)right);
}

static bool shows_folder(const table *t, const smsc_key_file *f, const smsc_snapshot *s)
{
	size_t low = 0, high = t->file_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int d = compare_place(f->guid, f->owner, s->order, t->by_guid[middle]);
		if (!d)
			return true;
		if (d > 0)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

static void tell(smsc_case *c, const smsc_key_file *f, const smsc_snapshot *s,
                 const smsc_snapshot *before, bool back)
{
	smsc_event *e = smsc_event_new(c, back ? SMSC_KIND_CONTAINER_RESTORED :
	                               SMSC_KIND_CONTAINER_MISSING, back ? 1 : 2);
	if (!e)
		return;
	const smsc_generation *g = f->generation;
	e->text = smsc_keep_printf(c->arena, back ? "%s: the container under MachineGuid %.8s is back" :
	                           "%s: the container under MachineGuid %.8s is gone", g->container,
	                           *f->guid ? f->guid : "(none)");
	char from[29], to[29];
	smsc_time_format(before->time, from);
	smsc_time_format(s->time, to);
	e->meaning = smsc_keep_printf(c->arena, "%s the backup of %.16sZ, %s that of %.16sZ", back ? "not in" : "in", from,
	                              back ? "in" : "not in", to);
	e->snapshot = f->snapshot;
	e->path = f->path;
	e->generation = g;
	smsc_event_when(e, s->time, s->time - before->time, s->clock);
}

/* The files of one container under one MachineGuid: by[order] is one in that snapshot. */
static void follow(smsc_case *c, const table *t, const smsc_key_file *const *by)
{
	const smsc_key_file *last = NULL;
	const smsc_snapshot *seen = NULL, *gone = NULL;
	for (size_t i = 0; i < t->count; i++) {
		const smsc_snapshot *s = t->by_time[i];
		const smsc_key_file *f = by[s->order];
		if (f && gone)
			tell(c, f, s, gone, true);
		if (f) {
			last = f;
			seen = s;
			gone = NULL;
		} else if (last && shows_folder(t, last, s)) {
			if (!gone && s->time > seen->time)
				tell(c, last, s, seen, false);
			gone = s->time > seen->time ? s : gone;
		}
	}
}

/* Files of the case stand in order of container, MachineGuid, content and snapshot. */
static void follow_all(smsc_case *c, const table *t, const smsc_key_file **by)
{
	for (size_t i = 0; i < c->file_count; i++) {
		const smsc_key_file *f = c->files[i], *next = i + 1 < c->file_count ? c->files[i + 1] : NULL;
		by[f->snapshot->order] = f;
		if (next && !strcmp(f->hash, next->hash) && !strcmp(f->owner, next->owner) &&
		    !strcmp(f->guid, next->guid))
			continue;
		follow(c, t, by);
		memset(by, 0, c->snapshot_count * sizeof(*by));
	}
}

int smsc_presence_events(smsc_case *c, smsc_error **err)
{
	if (!c->file_count || c->snapshot_count < 2)
		return 0;
	table t = { malloc(c->snapshot_count * sizeof(*t.by_time)), 0,
	            malloc(c->file_count * sizeof(*t.by_guid)), c->file_count };
	const smsc_key_file **by = calloc(c->snapshot_count, sizeof(*by));
	bool done = t.by_time && t.by_guid && by;
	if (done) {
		for (size_t i = 0; i < c->snapshot_count; i++)
			if (c->snapshots[i]->time != SMSC_NEVER)
				t.by_time[t.count++] = c->snapshots[i];
		qsort(t.by_time, t.count, sizeof(*t.by_time), compare_times);
		memcpy(t.by_guid, c->files, c->file_count * sizeof(*t.by_guid));
		qsort(t.by_guid, t.file_count, sizeof(*t.by_guid), compare_files);
		follow_all(c, &t, by);
	}
	free(t.by_time);
	free(t.by_guid);
	free(by);
	return done ? 0 : smsc_fail_nomem(err);
}
