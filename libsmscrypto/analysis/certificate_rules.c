/* certificate_rules.c - what certificates tell of the past, and those that lost their key. */
#include <stdlib.h>
#include <string.h>

#include "../base/text.h"
#include "../base/time.h"
#include "certificate.h"
#include "event.h"
#include "generation.h"
#include "host.h"
#include "keep.h"
#include "machine.h"

/* What Windows says in such a case. */
#define NO_KEY_PROPERTY "0x8009200b"
#define NO_KEY          "0x8009000d"

static bool is_store(const smsc_certificate_place *p, const char *store)
{
	return p->machine && !smsc_ascii_casecmp(p->store, store);
}

/* Appends "SMS Signing Certificate" (CN=SMS, CN=SERVER). */
static void name_certificate(smsc_buf *out, const smsc_certificate *x)
{
	if (*x->friendly)
		smsc_buf_printf(out, "\"%s\" (%s)", x->friendly, x->subject);
	else
		smsc_buf_str(out, *x->subject ? x->subject : "of no name");
}

/* ---- the timeline -------------------------------------------------------------------------- */

static void tell_made(smsc_case *c, const smsc_certificate *x)
{
	const smsc_certificate_place *p = x->places;
	const smsc_generation *g = x->generation;
	smsc_buf text = SMSC_BUF_INIT;
	smsc_event *e = smsc_event_new(c, SMSC_KIND_CERTIFICATE, 1);
	if (!e)
		return;
	smsc_buf_str(&text, "certificate ");
	name_certificate(&text, x);
	if (g)
		smsc_buf_printf(&text, ": %s, %s key of generation %u", g->container, smsc_pair_name(x->which), g->number);
	e->text = smsc_keep_text(c->arena, &text);
	e->meaning = g ? "valid from then on; its public key is that of the generation"
	               : "valid from then on; no generation of this evidence has its key";
	e->snapshot = p->snapshot;
	e->path = p->path;
	e->offset = p->at;
	e->generation = g;
	smsc_event_when(e, x->not_before, SMSC_TICKS_A_SECOND, "content");
}

/* Those of the keys that this is about: hundreds of roots would only hide them. */
void smsc_certificate_events(smsc_case *c)
{
	for (size_t i = 0; i < c->certificate_count; i++) {
		const smsc_certificate *x = c->certificates[i];
		if (x->not_before != SMSC_NEVER && (x->generation || is_store(x->place, "SMS")))
			tell_made(c, x);
	}
}

/* ---- K006 ------------------------------------------------------------------------------------- */

/* What a snapshot can say of its machine's keys. */
typedef struct machine {
	const smsc_software *software;
	bool has_keys;
} machine;

/* A key that lies on a card, or with CNG, is in no file that was read here. */
static bool is_in_files(const smsc_certificate_form *f)
{
	return !f->has_key_property || (f->provider_type > 0 && !strstr(f->provider, "Smart Card"));
}

static const smsc_key_file *live_file(const smsc_generation *g, const smsc_snapshot *s, const char *guid)
{
	const smsc_key_file *f = strcmp(g->guid, guid) ? NULL : smsc_generation_file_in(g, s);
	return f;
}

/* Only the live hive of a snapshot that has key files and knows its MachineGuid can say that a
 * key is not there. */
static bool lacks_key(const smsc_certificate *x, const smsc_certificate_place *p, const machine *m)
{
	const smsc_software *s = m->software;
	if ((!is_store(p, "SMS") && !is_store(p, "MY")) || p->form->archived || !is_in_files(p->form) ||
	    !s || !s->machine_guid || !m->has_keys || strcmp(s->path, p->path))
		return false;
	for (size_t i = 0; i < x->holder_count; i++)
		if (live_file(x->holders[i].generation, p->snapshot, s->machine_guid))
			return false;
	return x->holder_count < SMSC_HOLDERS;
}

static void say_why(smsc_buf *out, const smsc_certificate *x, const smsc_certificate_place *p, const char *guid)
{
	const smsc_generation *g = x->named_generation;
	bool there = false;
	for (; g && !there; g = g->before)
		there = live_file(g, p->snapshot, guid) != NULL;
	if (!p->form->has_key_property)
		smsc_buf_str(out, "it has no key property (" NO_KEY_PROPERTY "), and no container under the current MachineGuid has its key");
	else if (there)
		smsc_buf_printf(out, "its container \"%s\" is there, but without this key (" NO_KEY ")", p->form->container);
	else
		smsc_buf_printf(out, "its container \"%s\" is not there under MachineGuid %s (" NO_KEY_PROPERTY ")", p->form->container, guid);
}

static void say_where(smsc_buf *out, smsc_case *c, const smsc_certificate *x)
{
	const smsc_generation *g = x->generation;
	if (g)
		smsc_buf_printf(out, "; its key is in generation %u of %s: %s", g->number, g->container,
		                smsc_case_place(c, g->files[0]->snapshot, g->files[0]->path));
	else
		smsc_buf_str(out, "; no generation of this evidence has its key");
}

static void tell_keyless(smsc_case *c, const smsc_certificate *x, const smsc_certificate_place *p,
                         const smsc_certificate_place *again, const machine *m)
{
	smsc_buf text = SMSC_BUF_INIT;
	smsc_buf_printf(&text, "store %s: certificate ", p->store);
	name_certificate(&text, x);
	smsc_buf_str(&text, " has no private key: ");
	say_why(&text, x, p, m->software->machine_guid);
	say_where(&text, c, x);
	if (again)
		smsc_buf_printf(&text, "; in %s it has its key again", again->snapshot->label);
	smsc_finding *f = smsc_findings_add(&c->findings, c->arena, SMSC_RULE_K006,
	                                    smsc_case_place(c, p->snapshot, p->path), p->at, "%s",
	                                    smsc_keep_text(c->arena, &text));
	if (!f)
		return;
	f->generation = x->generation;
	if (again)
		f->severity = 1;
}

static bool is_before(const smsc_certificate_place *a, const smsc_certificate_place *b)
{
	return smsc_snapshot_compare(a->snapshot, b->snapshot) < 0;
}

/* Each certificate is told once, by the oldest snapshot in which it has no key; the newest of that
 * machine says whether it still has none. */
static void check(smsc_case *c, const smsc_certificate *x, const machine *machines)
{
	const smsc_certificate_place *first = NULL, *last = NULL;
	for (size_t i = 0; i < x->place_count; i++) {
		const smsc_certificate_place *p = &x->places[i];
		if ((!first || is_before(p, first)) && lacks_key(x, p, &machines[p->snapshot->order]))
			first = p;
	}
	for (size_t i = 0; first && i < x->place_count; i++) {
		const smsc_certificate_place *p = &x->places[i];
		if ((is_store(p, "SMS") || is_store(p, "MY")) && p->snapshot->host == first->snapshot->host &&
		    (!last || !is_before(p, last)))
			last = p;
	}
	if (first)
		tell_keyless(c, x, first, lacks_key(x, last, &machines[last->snapshot->order]) ? NULL : last,
		             &machines[first->snapshot->order]);
}

void smsc_certificate_rules(smsc_case *c)
{
	machine *machines = calloc(c->snapshot_count + 1, sizeof(*machines));
	if (!machines) {
		smsc_keep_failed(c->arena);
		return;
	}
	for (size_t i = 0; i < c->snapshot_count; i++)
		machines[i].software = c->snapshots[i]->software;
	for (size_t i = 0; i < c->file_count; i++)
		machines[c->files[i]->snapshot->order].has_keys = true;
	for (size_t i = 0; i < c->certificate_count; i++)
		check(c, c->certificates[i], machines);
	free(machines);
}
