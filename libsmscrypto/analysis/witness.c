/* witness.c - evidence from outside the containers that names one of their keys.
 *
 * What a client holds, and whom it encrypts to, says which keys it relies on.  What the server
 * itself publishes says only which keys it had then.
 */
#include "witness.h"

#include <string.h>

#include "generation.h"
#include "keep.h"
#include "metabase.h"
#include "standing.h"

bool smsc_trust_is_published(const smsc_trust *t)
{
	const char *format = t->record ? t->record->root->format : "";
	return !strcmp(format, "sms-aut") || !strcmp(format, "tcf");
}

bool smsc_trust_is_belief(const smsc_trust *t)
{
	static const char *const roles[] = {
		"trusted-root-key", "mp-certificate", "mp-encryption-certificate", "site-signing-certificate",
		"message-recipient",
	};
	for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
		if (!strcmp(t->role, roles[i]))
			return !smsc_trust_is_published(t);
	return false;
}

bool smsc_trust_is_message(const smsc_trust *t)
{
	return !strcmp(t->role, "message-recipient");
}

/* The metabase that IIS reads now, on the host of its snapshot. */
static bool is_in_use(const smsc_metabase *m)
{
	return m->live && m->snapshot->host && m->snapshot == m->snapshot->host->now;
}

static const smsc_metabase *metabase_of(const smsc_case *c, const smsc_host *h)
{
	for (size_t i = 0; i < c->metabase_count; i++)
		if (is_in_use(c->metabases[i]) && c->metabases[i]->snapshot->host == h)
			return c->metabases[i];
	return NULL;
}

void smsc_witness_count(smsc_case *c)
{
	for (size_t i = 0; i < c->trust_count; i++) {
		const smsc_trust *t = c->trusts[i];
		smsc_generation *root = t->generation ? (smsc_generation *)smsc_generation_root(t->generation) : NULL;
		if (!root || !smsc_trust_is_belief(t))
			continue;
		root->believers++;
		root->letters += smsc_trust_is_message(t);
		if (!root->believer)
			root->believer = t;
	}
}

static const char *reason(smsc_case *c, const smsc_generation *g)
{
	const smsc_trust *t = g->believer;
	const char *place = t->snapshot ? smsc_case_place(c, t->snapshot, t->path) : t->path;
	return g->believers == 1 ?
		smsc_keep_printf(c->arena, "%s (%s) names its key", place, t->role) :
		smsc_keep_printf(c->arena, "%zu pieces of evidence name its keys, among them %s (%s)", g->believers, place,
		                 t->role);
}

/* That a message can be read with the live keys says nothing against older ones; and one that
 * cannot, nothing against keys that somebody has brought back. */
static size_t weight(const smsc_generation *g, const smsc_standing *s)
{
	bool live = s->live && g == smsc_generation_root(s->live->generation);
	return g->believers - (live || s->brought_back ? g->letters : 0);
}

/* Of several the oldest, however many name the newer ones: copies of one file are not more
 * clients, and who has the newer keys was told so, and can be told again. */
static bool by_clients(smsc_case *c, smsc_generation *const *list, size_t count, smsc_standing *s)
{
	const smsc_generation *best = NULL;
	for (size_t i = 0; i < count; i++)
		if (!best && weight(list[i], s))
			best = list[i];
	if (!best)
		return false;
	s->wanted = best;
	s->why = reason(c, best);
	return true;
}

/* The metabase in use can be read with the keys that made it, and with no others. */
static bool by_metabase(smsc_case *c, smsc_standing *s)
{
	const smsc_metabase *m = metabase_of(c, s->host);
	if (!m || (!m->fits && !m->generation && !smsc_metabase_is_whole(m)))
		return false;
	s->wanted = m->fits ? m->in_use : m->generation;
	s->why = smsc_keep_printf(c->arena, s->wanted ? "the metabase in use, %s, was made with its keys (%s)" :
	                          "the metabase in use, %s, was made with keys that are in no file (%s)",
	                          smsc_case_place(c, m->snapshot, m->path), m->proof);
	return true;
}

bool smsc_witness_of(smsc_case *c, smsc_generation *const *list, size_t count, smsc_standing *s)
{
	if (!*s->any->owner && !strcmp(s->any->hash, SMSC_IIS_HASH))
		return by_metabase(c, s);
	return by_clients(c, list, count, s);
}
