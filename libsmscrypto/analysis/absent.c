/* absent.c - containers that the newest backup of a machine itself asks for, and of which no
 * backup has a file: without any file there is no standing that could tell of them. */
#include "absent.h"

#include <string.h>

#include "../base/error.h"
#include "../base/text.h"
#include "certificate.h"
#include "machine.h"
#include "metabase.h"
#include "standing.h"
#include "witness.h"

static bool is_known(const smsc_host *h, const char *hash)
{
	for (size_t i = 0; i < h->standing_count; i++)
		if (!*h->standings[i]->any->owner && !strcmp(h->standings[i]->any->hash, hash))
			return true;
	for (size_t i = 0; i < h->absent_count; i++)
		if (!strcmp(h->absent[i].hash, hash))
			return true;
	return false;
}

static void add(smsc_case *c, smsc_host *h, const smsc_absent *a)
{
	if (is_known(h, a->hash) || !smsc_arena_grow(c->arena, &h->absent, h->absent_count, &h->absent_room, sizeof *h->absent))
		return;
	h->absent[h->absent_count++] = *a;
}

static void ask_metabase(smsc_case *c, smsc_host *h, const smsc_metabase *m)
{
	if (m->live && m->snapshot == h->now && !m->generation && smsc_metabase_is_whole(m))
		add(c, h, &(smsc_absent){ SMSC_IIS, SMSC_IIS_HASH, "the metabase in use was made with its keys", m->snapshot,
		                          m->path, m->at });
}

/* A certificate of SMS that says where its key is, in the registry that is in use. */
static void ask_certificate(smsc_case *c, smsc_host *h, const smsc_certificate *x)
{
	const smsc_software *s = h->now->software;
	for (size_t i = 0; s && !x->generation && !x->named_generation && i < x->place_count; i++) {
		const smsc_certificate_place *p = &x->places[i];
		if (p->snapshot == h->now && p->machine && !strcmp(p->path, s->path) && !smsc_ascii_casecmp(p->store, "SMS") &&
		    p->form->has_key_property && p->form->provider_type > 0 && !p->form->archived && *x->container_hash)
			add(c, h, &(smsc_absent){ p->form->container, x->container_hash,
			                          "it should hold the key of a certificate in the store SMS", p->snapshot, p->path,
			                          p->at });
	}
}

int smsc_case_absent(smsc_case *c, smsc_error **err)
{
	for (size_t i = 0; i < c->host_count; i++) {
		smsc_host *h = c->hosts[i];
		for (size_t j = 0; h->now && j < c->metabase_count; j++)
			ask_metabase(c, h, c->metabases[j]);
		for (size_t j = 0; h->now && j < c->certificate_count; j++)
			ask_certificate(c, h, c->certificates[j]);
	}
	return smsc_arena_failed(c->arena) ? smsc_fail_nomem(err) : 0;
}
