/* cause.c - what happened, in one finding a machine: K020 where keys tell it, K021 where only
 * logs do. */
#include "cause.h"

#include <string.h>

#include "../base/time.h"
#include "event.h"
#include "generation.h"
#include "keep.h"
#include "standing.h"

/* ---- words ---- */

static void put_time(smsc_buf *out, smsc_time t)
{
	char text[29];
	smsc_time_format(t, text);
	smsc_buf_printf(out, "%.19sZ", text);
}

/* "its live file lacks a key pair (SMS), other keys are live (...)". */
static void put_fates(smsc_buf *out, const smsc_host *h, const char *lead)
{
	enum { MOST = 8 };
	size_t told = 0, left = 0;
	for (size_t i = 0; i < h->standing_count; i++) {
		const smsc_standing *s = h->standings[i];
		if (!smsc_standing_lost(s) && !smsc_standing_is_missing(s))
			continue;
		if (told == MOST) {
			left++;
			continue;
		}
		smsc_buf_printf(out, "%s%s: %s", told++ ? "; " : lead, s->any->container, smsc_fate_text(s->fate));
	}
	if (left)
		smsc_buf_printf(out, "; and %zu more", left);
}

/* ---- what the clock of the server saw around then ---- */

/* The last event of that kind in the half hour before `when`. */
static const smsc_event *shortly_before(const smsc_case *c, const smsc_host *h, const char *kind, smsc_time when)
{
	const smsc_event *best = NULL;
	for (size_t i = 0; i < c->event_count; i++) {
		const smsc_event *e = c->events[i];
		if (e->snapshot->host == h && !strcmp(e->kind, kind) && e->time != SMSC_NEVER && e->time <= when &&
		    when - e->time <= 30 * SMSC_TICKS_MINUTE)
			best = e;
	}
	return best;
}

static void put_boot(smsc_buf *out, const smsc_case *c, const smsc_host *h, smsc_time when)
{
	const smsc_event *boot = shortly_before(c, h, "boot", when);
	const smsc_event *stop = boot ? boot : shortly_before(c, h, SMSC_KIND_SHUTDOWN, when);
	if (!stop)
		return;
	smsc_buf_printf(out, ", %lld s after Windows was %s", (long long)((when - stop->time) / SMSC_TICKS_A_SECOND),
	                boot ? "started" : "shut down");
}

/* ---- the MachineGuid ---- */

/* The first file under the MachineGuid in force tells when it was new, where no registry does. */
static const smsc_generation *first_under(const smsc_case *c, const smsc_host *h, const char *guid)
{
	const smsc_generation *first = NULL;
	for (size_t i = 0; i < c->generation_count; i++) {
		const smsc_generation *g = c->generations[i];
		bool copied = g->twin || (g->standing && g->standing->brought_back && g->standing->live &&
		                          g->standing->live->generation == g);
		if (!strcmp(g->guid, guid) && !copied && g->standing && g->standing->host == h &&
		    (!first || g->appeared < first->appeared))
			first = g;
	}
	return first;
}

static bool has_other_guid(const smsc_case *c, const smsc_host *h)
{
	for (size_t i = 0; i < c->generation_count; i++) {
		const smsc_generation *g = c->generations[i];
		if (h->guid && *g->guid && strcmp(g->guid, h->guid) && g->standing && g->standing->host == h)
			return true;
	}
	return false;
}

static void put_reset(smsc_buf *out, const smsc_case *c, const smsc_host *h)
{
	smsc_buf_str(out, "the MachineGuid was written anew at ");
	put_time(out, h->reset->guid_written);
	put_boot(out, c, h, h->reset->guid_written);
	smsc_buf_printf(out, ": %s instead of %s; from then on CryptoAPI looked for key files under other names, and "
	                "the programs that missed theirs made new keys", h->reset->machine_guid, h->before->machine_guid);
}

static void put_inferred(smsc_buf *out, const smsc_case *c, const smsc_host *h)
{
	const smsc_generation *g = first_under(c, h, h->guid);
	smsc_buf_printf(out, "the names of the key files show two MachineGuids, of which %s is in force", h->guid);
	if (g && g->appeared != SMSC_NEVER) {
		smsc_buf_str(out, " since a file of ");
		put_time(out, g->appeared);
		put_boot(out, c, h, g->appeared);
	}
	smsc_buf_str(out, "; the files under the old name are not found by CryptoAPI any more");
}

/* ---- one machine ---- */

/* The first container that is lost, of those that somebody relies on or of all; or NULL. */
static const smsc_standing *first_lost(const smsc_host *h, bool needed)
{
	for (size_t i = 0; i < h->standing_count; i++) {
		const smsc_standing *s = h->standings[i];
		if (smsc_standing_is_missing(s) || (smsc_standing_lost(s) && (s->needed || !needed)))
			return s;
	}
	return NULL;
}

bool smsc_host_harmed(const smsc_host *h)
{
	return first_lost(h, true) != NULL;
}

static smsc_finding *tell(smsc_case *c, smsc_rule_id rule, const char *place, uint64_t at, smsc_buf *text)
{
	return smsc_findings_add(&c->findings, c->arena, rule, place, at, "%s", smsc_keep_text(c->arena, text));
}

static void tell_host(smsc_case *c, const smsc_host *h)
{
	smsc_buf text = SMSC_BUF_INIT;
	const smsc_standing *lost = first_lost(h, true);
	bool reset = h->reset != NULL, inferred = !reset && has_other_guid(c, h);
	smsc_finding *f;
	if (!reset && !inferred && !lost)
		return;
	if (h->name)
		smsc_buf_printf(&text, "%s: ", h->name);
	if (reset)
		put_reset(&text, c, h);
	else if (inferred)
		put_inferred(&text, c, h);
	else
		smsc_buf_str(&text, "keys were lost while the MachineGuid stayed the same");
	put_fates(&text, h, ". Now: ");
	if (h->assumed)
		smsc_buf_str(&text, ". All this only if the sources are of one machine: no MachineGuid is in each of them");
	if (!first_lost(h, false))
		smsc_buf_str(&text, ". Now every container has the keys that others rely on");
	if (reset)
		f = tell(c, SMSC_RULE_K020, smsc_case_place(c, h->reset->snapshot, h->reset->path), h->reset->guid_at, &text);
	else
		f = tell(c, SMSC_RULE_K020, lost ? smsc_case_place(c, lost->any->files[0]->snapshot, lost->any->files[0]->path) :
		         h->now->label, 0, &text);
	if (!f)
		return;
	f->confidence = h->assumed ? "possible" : reset ? "proved" : "likely";
	f->severity = lost ? 3 : first_lost(h, false) ? 2 : 1;
}

/* ---- logs alone ---- */

/* Kinds that tell of a lost key in so many words. */
static bool tells_of_loss(const smsc_event *e)
{
	static const char *const kinds[] = { "signing-failed", "trust-rejected", "metabase-unreadable" };
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (!strcmp(e->kind, kinds[i]))
			return true;
	return !strcmp(e->kind, "message-discarded") && e->severity >= 3;
}

static void tell_logs(smsc_case *c)
{
	const smsc_event *first = NULL;
	size_t count = 0;
	for (size_t i = 0; i < c->event_count; i++) {
		if (!tells_of_loss(c->events[i]))
			continue;
		count++;
		if (!first)
			first = c->events[i];
	}
	if (!first)
		return;
	smsc_buf text = SMSC_BUF_INIT;
	smsc_buf_printf(&text, "%zu record%s, the first ", count, count == 1 ? "" : "s");
	if (first->time != SMSC_NEVER || first->local != SMSC_NEVER) {
		smsc_buf_str(&text, "of ");
		put_time(&text, first->time != SMSC_NEVER ? first->time : first->local);
		if (first->time == SMSC_NEVER)
			if (!text.failed) text.data[text.size - 1] = ' ';  /* a local time is in no known zone */
		smsc_buf_str(&text, first->time != SMSC_NEVER ? ": " : "local time: ");
	}
	smsc_buf_str(&text, first->text);
	smsc_finding *f = tell(c, SMSC_RULE_K021, smsc_case_place(c, first->snapshot, first->path), first->offset, &text);
	if (f)
		f->confidence = "likely";
}

void smsc_cause_rules(smsc_case *c)
{
	bool keys = false;
	for (size_t i = 0; i < c->host_count; i++) {
		keys |= c->hosts[i]->now != NULL;
		if (c->hosts[i]->now || c->hosts[i]->reset)
			tell_host(c, c->hosts[i]);
	}
	if (!keys)
		tell_logs(c);
}
