/* bkf_streams.c - what a backup keeps of a file or folder: its streams, as the walk meets them.
 *
 * The walk adds to the list that its entries share.  What stands behind the data of a file comes
 * when the walk has passed that.
 */
#include <stdlib.h>
#include <string.h>

#include "../base/error.h"
#include "../format/bkf_set.h"
#include "source.h"

/* A sparse file may have any number of runs. */
#define MOST_STREAMS 1000u

typedef struct met {
	char     id[5];
	uint64_t size, at;
	smsc_sum_state sum;
} met;

struct smsc_streams {
	atomic_size_t refs;
	met     *list;
	size_t   count, room;
	uint64_t left_out;
	char    *sddl;
};

smsc_streams *smsc_streams_new(void)
{
	smsc_streams *s = calloc(1, sizeof *s);
	if (s)
		atomic_init(&s->refs, 1);
	return s;
}

smsc_streams *smsc_streams_ref(smsc_streams *s)
{
	if (s)
		atomic_fetch_add_explicit(&s->refs, 1, memory_order_relaxed);
	return s;
}

void smsc_streams_unref(smsc_streams *s)
{
	if (!s || atomic_fetch_sub_explicit(&s->refs, 1, memory_order_acq_rel) != 1)
		return;
	free(s->list);
	free(s->sddl);
	free(s);
}

bool smsc_streams_add(smsc_streams *s, uint32_t id, uint64_t size, uint64_t at, bool summed)
{
	if (s->count == MOST_STREAMS) {
		s->left_out++;
		return true;
	}
	if (!smsc_grow(&s->list, s->count, &s->room, sizeof *s->list))
		return false;
	met *m = &s->list[s->count++];
	*m = (met){ .size = size, .at = at, .sum = summed ? SMSC_SUM_MISSING : SMSC_SUM_NONE };
	for (unsigned i = 0; i < 4; i++)
		m->id[i] = (char)(id >> 8 * i);
	return true;
}

void smsc_streams_sum(smsc_streams *s, smsc_sum_state sum)
{
	if (s->count && !s->left_out)
		s->list[s->count - 1].sum = sum;
}

bool smsc_streams_rights(smsc_streams *s, const char *sddl)
{
	free(s->sddl);
	s->sddl = strdup(sddl);
	return s->sddl != NULL;
}

const char *smsc_streams_sddl(const smsc_streams *s)
{
	return s ? s->sddl : NULL;
}

smsc_record *smsc_streams_record(const smsc_streams *s, const char *path, smsc_error **err)
{
	static const char *const sums[] = {
		[SMSC_SUM_NONE] = "no checksum", [SMSC_SUM_MISSING] = "checksum not met",
		[SMSC_SUM_UNREAD] = "checksum not verified", [SMSC_SUM_RIGHT] = "checksum right",
		[SMSC_SUM_WRONG] = "checksum wrong",
	};
	smsc_record *r = smsc_record_new("bkf-streams", path, 0);
	for (size_t i = 0; r && i < s->count; i++) {
		const met *m = &s->list[i];
		const char *id = smsc_arena_text(r->arena, m->id, strlen(m->id));
		smsc_put_int(r, id ? id : "", "bytes of a stream; its header is here", (int64_t)m->size, m->at, 0);
		smsc_note(r, "%s", sums[m->sum]);
	}
	if (r && s->left_out) {
		smsc_put_int(r, "more", "streams that are not listed", (int64_t)s->left_out, 0, 0);
		smsc_note(r, "no checksum");
	}
	if (r && !smsc_record_failed(r))
		return r;
	smsc_record_unref(r);
	smsc_fail_nomem(err);
	return NULL;
}
