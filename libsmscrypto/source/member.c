/* member.c - lists of what archives say of their entries, decoded when asked. */
#include <stdlib.h>

#include "../base/arena.h"
#include "../base/text.h"
#include "../base/time.h"
#include "member.h"

typedef struct place {
	uint64_t order;
	size_t   at;
} place;

struct smsc_members {
	smsc_buf        bytes;
	smsc_member_fn *parse;
	place          *places;
	size_t          count, room;
};

smsc_members *smsc_members_new(smsc_buf *bytes, smsc_member_fn *parse)
{
	smsc_members *list = calloc(1, sizeof *list);
	if (!list) {
		smsc_buf_free(bytes);
		return NULL;
	}
	list->bytes = *bytes;
	list->parse = parse;
	*bytes = (smsc_buf)SMSC_BUF_INIT;
	return list;
}

void smsc_members_free(smsc_members *list)
{
	if (!list)
		return;
	smsc_buf_free(&list->bytes);
	free(list->places);
	free(list);
}

bool smsc_members_add(smsc_members *list, uint64_t order, size_t at)
{
	if (!smsc_grow(&list->places, list->count, &list->room, sizeof *list->places))
		return false;
	list->places[list->count++] = (place){ order, at };
	return true;
}

static int by_order(const void *a, const void *b)
{
	const place *x = a, *y = b;
	if (x->order != y->order)
		return x->order < y->order ? -1 : 1;
	return x->at < y->at ? -1 : x->at > y->at;
}

void smsc_members_sort(smsc_members *list)
{
	size_t kept = 0;
	if (!list->count)
		return;
	qsort(list->places, list->count, sizeof *list->places, by_order);
	for (size_t i = 1; i < list->count; i++)
		if (list->places[i].order != list->places[kept].order)
			list->places[++kept] = list->places[i];
	list->count = kept + 1;
}

size_t smsc_members_count(const smsc_members *list)
{
	return list->count;
}

uint64_t smsc_members_where(const smsc_members *list, uint64_t i)
{
	return i < list->count ? list->places[i].order : UINT64_MAX;
}

bool smsc_member_at(const smsc_members *list, uint64_t i, smsc_member *out)
{
	*out = (smsc_member){ .local = SMSC_NEVER };
	if (i >= list->count)
		return false;
	return list->parse(smsc_span_of(list->bytes.data, list->bytes.size),
	                   list->places[i].at, out);
}

uint64_t smsc_members_after(const smsc_members *list, uint64_t at)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->places[i].order > at)
			return list->places[i].order;
	return UINT64_MAX;
}

void smsc_member_times(const smsc_member *m, const smsc_settings *settings, smsc_draft *out)
{
	if (m->modified) {
		out->modified = m->modified;
		if (m->accessed)
			out->accessed = m->accessed;
		if (m->created)
			out->created = m->created;
		out->clock = "archive";
		out->slack = m->seconds ? SMSC_TICKS_A_SECOND : 0;
		return;
	}
	bool known = settings->zone_known;
	out->modified = known ? smsc_time_utc(m->local, settings->bias) : m->local;
	out->accessed = out->created = SMSC_NEVER;
	out->clock = m->local ? "archive-local" : "none";
	out->slack = m->local ? 2 * SMSC_TICKS_A_SECOND + (known ? 0 : SMSC_SLACK_NO_ZONE) : 0;
}

/* Parted before it is decoded: what the decoder escapes has a '\\' of its own. */
void smsc_member_name(const smsc_member *m, uint32_t codepage, smsc_buf *out)
{
	smsc_buf name = SMSC_BUF_INIT;
	smsc_buf_add(&name, m->name.data, m->name.size);
	for (size_t i = 0; m->windows && i < name.size; i++)
		if (name.data[i] == '\\')
			name.data[i] = '/';
	smsc_span raw = smsc_span_of(name.data, name.size);
	if (m->utf8)
		smsc_text_utf8(out, raw);
	else
		smsc_text_guess(out, raw, codepage);
	out->failed |= name.failed;
	smsc_buf_free(&name);
}
