/* metabase_rule.c - K009: a metabase and the container beside it do not belong together. */
#include <string.h>

#include "generation.h"
#include "host.h"
#include "keep.h"
#include "metabase.h"

/* Only where MachineGuid and key files are known can be said which container is in use. */
static bool can_tell(const smsc_case *c, const smsc_metabase *m)
{
	const smsc_software *s = m->snapshot->software;
	if (!m->live || !s || !s->machine_guid)
		return false;
	for (size_t i = 0; i < c->file_count; i++)
		if (c->files[i]->snapshot == m->snapshot)
			return true;
	return false;
}

/* The next snapshot whose metabase has its key, or NULL. */
static const smsc_snapshot *mended_in(const smsc_case *c, const smsc_metabase *m)
{
	const smsc_snapshot *best = NULL;
	for (size_t i = 0; i < c->metabase_count; i++) {
		const smsc_metabase *x = c->metabases[i];
		if (x->live && x->fits && x->snapshot->host == m->snapshot->host &&
		    smsc_snapshot_compare(x->snapshot, m->snapshot) > 0 &&
		    (!best || smsc_snapshot_compare(x->snapshot, best) < 0))
			best = x->snapshot;
	}
	return best;
}

static void say_live(smsc_buf *out, const smsc_metabase *m)
{
	const char *guid = m->snapshot->software->machine_guid;
	if (m->in_use)
		smsc_buf_printf(out, "the container in use is generation %u, under MachineGuid %s", m->in_use->number, guid);
	else
		smsc_buf_printf(out, "there is no such container under the current MachineGuid %s", guid);
}

static smsc_finding *add(smsc_case *c, const smsc_metabase *m, smsc_buf *text)
{
	return smsc_findings_add(&c->findings, c->arena, SMSC_RULE_K009, smsc_case_place(c, m->snapshot, m->path),
	                         m->at, "%s", smsc_keep_text(c->arena, text));
}

static void tell_other(smsc_case *c, const smsc_metabase *m)
{
	const smsc_generation *g = m->generation;
	const smsc_snapshot *mended = mended_in(c, m);
	smsc_buf text = SMSC_BUF_INIT;
	smsc_buf_printf(&text, "its session key was made by generation %u of %s (%s); ", g->number, g->container, m->proof);
	say_live(&text, m);
	smsc_buf_printf(&text, "; the metabase is not damaged: its key is in %s",
	                smsc_case_place(c, g->files[0]->snapshot, g->files[0]->path));
	if (mended)
		smsc_buf_printf(&text, "; in %s the metabase has its key", mended->label);
	smsc_finding *f = add(c, m, &text);
	if (!f)
		return;
	f->generation = g;
	if (mended)
		f->severity = 1;
}

static bool has_iis(const smsc_case *c)
{
	for (size_t i = 0; i < c->generation_count; i++)
		if (!strcmp(c->generations[i]->hash, SMSC_IIS_HASH))
			return true;
	return false;
}

/* Less is known, so less is said. */
static void tell_none(smsc_case *c, const smsc_metabase *m)
{
	smsc_buf text = SMSC_BUF_INIT;
	smsc_buf_str(&text, "its session key was made by no generation of this evidence; ");
	say_live(&text, m);
	smsc_buf_str(&text, "; an older backup may hold the container that made it");
	smsc_finding *f = add(c, m, &text);
	if (!f)
		return;
	f->severity = 2;
	f->confidence = "likely";
}

/* "Was the metabase damaged?" has an answer where it was not, too. */
static void tell_good(smsc_case *c, const smsc_metabase *m)
{
	if (m->snapshot->host && m->snapshot != m->snapshot->host->now)
		return;
	smsc_finding *f = smsc_findings_add(&c->findings, c->arena, SMSC_RULE_K024,
		smsc_case_place(c, m->snapshot, m->path), m->at, "its session key was made by generation %u of %s (%s), which is "
		"in use: the metabase is not damaged", m->in_use->number, m->in_use->container, m->proof);
	if (f)
		f->generation = m->in_use;
}

void smsc_metabase_rules(smsc_case *c)
{
	for (size_t i = 0; i < c->metabase_count; i++) {
		const smsc_metabase *m = c->metabases[i];
		if (!can_tell(c, m))
			continue;
		if (m->fits)
			tell_good(c, m);
		else if (m->generation)
			tell_other(c, m);
		else if (has_iis(c))
			tell_none(c, m);
	}
}
