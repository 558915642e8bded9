/* machine_events.c - what the hives tell of the past: the MachineGuid above all. */
#include <stdlib.h>
#include <string.h>

#include "../source/source.h"
#include "event.h"
#include "machine.h"

static const char *text_or(const char *text, const char *otherwise)
{
	return text ? text : otherwise;
}

static smsc_event *begin(smsc_case *c, const char *kind, int severity, const smsc_snapshot *s,
                         const char *path, uint64_t offset, smsc_time when)
{
	smsc_event *e = smsc_event_new(c, kind, severity);
	if (!e)
		return NULL;
	e->snapshot = s;
	e->path = path;
	e->offset = offset;
	smsc_event_when(e, when, 0, "registry");
	return e;
}

/* ---- MachineGuid ---- */

/* Backups of two machines in one case have nothing to do with each other. */
static bool same_machine(const smsc_software *a, const smsc_software *b)
{
	return a->snapshot->host == b->snapshot->host;
}

static bool earlier(const smsc_software *a, const smsc_software *b)
{
	return a->written != b->written ? a->written < b->written : a->snapshot->order < b->snapshot->order;
}

const smsc_software *smsc_machine_before(const smsc_case *c, const smsc_software *s)
{
	const smsc_software *best = NULL;
	for (size_t i = 0; i < c->software_count; i++) {
		const smsc_software *x = c->softwares[i];
		if (x->machine_guid && earlier(x, s) && same_machine(x, s) && (!best || earlier(best, x)))
			best = x;
	}
	return best;
}

/* The same value, written at the same time, was told of an earlier hive. */
static bool told(const smsc_case *c, size_t i)
{
	const smsc_software *s = c->softwares[i];
	for (size_t j = 0; j < i; j++)
		if (c->softwares[j]->machine_guid && c->softwares[j]->guid_written == s->guid_written &&
		    !strcmp(c->softwares[j]->machine_guid, s->machine_guid))
			return true;
	return false;
}

static void tell_guid(smsc_case *c, const smsc_software *s)
{
	const smsc_software *old = smsc_machine_before(c, s);
	bool reset = old && strcmp(old->machine_guid, s->machine_guid);
	smsc_event *e = begin(c, reset ? SMSC_KIND_GUID_RESET : SMSC_KIND_GUID_SET, reset ? 3 : 0, s->snapshot,
	                      s->path, s->guid_at, s->guid_written);
	if (!e)
		return;
	const char *text = reset ?
		smsc_arena_printf(c->arena, "MachineGuid is %s, it was %s", s->machine_guid, old->machine_guid) :
		smsc_arena_printf(c->arena, "MachineGuid is %s", s->machine_guid);
	e->text = text_or(text, "");
	e->meaning = reset ? "key containers are found by this value: every one made under the old value is lost "
	                     "to CryptoAPI from now on, though its file is intact (KB 884872)"
	                   : "the registry key that holds it was last written then";
}

/* ---- the rest ---- */

static void tell_shutdown(smsc_case *c, size_t i)
{
	const smsc_system *s = c->systems[i];
	for (size_t j = 0; j < i; j++)
		if (c->systems[j]->shutdown == s->shutdown)
			return;
	smsc_event *e = s->shutdown == SMSC_NEVER ? NULL :
		begin(c, SMSC_KIND_SHUTDOWN, 0, s->snapshot, s->path, 0, s->shutdown);
	if (e)
		e->text = "Windows was shut down";
}

static bool dpapi_told(const smsc_case *c, size_t before, smsc_time when)
{
	for (size_t i = 0; i < before; i++)
		for (size_t j = 0; j < c->securities[i]->count; j++)
			if (!strcmp(c->securities[i]->secrets[j].name, "DPAPI_SYSTEM") &&
			    c->securities[i]->secrets[j].updated[0] == when)
				return true;
	return false;
}

static void tell_dpapi_system(smsc_case *c, size_t i)
{
	const smsc_security *s = c->securities[i];
	for (size_t j = 0; j < s->count; j++) {
		const smsc_lsa_secret *secret = &s->secrets[j];
		if (strcmp(secret->name, "DPAPI_SYSTEM") || secret->updated[0] == SMSC_NEVER ||
		    dpapi_told(c, i, secret->updated[0]))
			continue;
		smsc_event *e = begin(c, SMSC_KIND_SECRET_SET, 0, s->snapshot, s->path, secret->at, secret->updated[0]);
		if (!e)
			return;
		e->text = "LSA secret DPAPI_SYSTEM was set";
		e->meaning = "it protects the machine's master keys";
	}
}

void smsc_machine_events(smsc_case *c)
{
	for (size_t i = 0; i < c->software_count; i++)
		if (c->softwares[i]->machine_guid && !told(c, i))
			tell_guid(c, c->softwares[i]);
	for (size_t i = 0; i < c->system_count; i++)
		tell_shutdown(c, i);
	for (size_t i = 0; i < c->security_count; i++)
		tell_dpapi_system(c, i);
}

/* ---- facts of a source ---- */

static const char *system_text(smsc_case *c, const smsc_software *s)
{
	if (!s || !s->product)
		return NULL;
	return smsc_arena_printf(c->arena, "%s%s%s%s%s%s%s", s->product, s->version ? " " : "",
	                         text_or(s->version, ""), s->build ? " build " : "", text_or(s->build, ""),
	                         s->service_pack ? " " : "", text_or(s->service_pack, ""));
}

int smsc_machine_facts(smsc_case *c, smsc_error **err)
{
	for (size_t i = 0; i < c->snapshot_count; i++) {
		const smsc_snapshot *s = c->snapshots[i];
		if (smsc_source_set_facts(s->source, s->software ? s->software->machine_guid : NULL,
		                          smsc_machine_computer(s), system_text(c, s->software), err) < 0)
			return -1;
	}
	return 0;
}
