/* plan.c - from what became of each container to one ordered plan: what to save, what to stop,
 * which file to copy under which name, what to start and to check. */
#include "plan.h"

#include <string.h>

#include "../base/error.h"
#include "generation.h"
#include "keep.h"
#include "witness.h"

static const char *text_or_none(const char *text)
{
	return text ? text : "";
}

void smsc_plan_add(const smsc_plan *p, smsc_step step)
{
	smsc_case *c = p->c;
	smsc_step *s = smsc_arena_alloc(c->arena, sizeof *s);
	if (!s || !smsc_arena_grow(c->arena, &c->steps, c->step_count, &c->step_room, sizeof *c->steps))
		return;
	*s = step;
	s->arena = c->arena;
	s->number = (unsigned)c->step_count + 1;
	s->what = text_or_none(step.what);
	s->to = text_or_none(step.to);
	/* Of several machines, each step says whose it is. */
	s->reason = c->host_count > 1 && p->host->name ? smsc_keep_printf(c->arena, "%s: %s", p->host->name, step.reason)
	                                               : step.reason;
	s->check = text_or_none(step.check);
	s->proof = text_or_none(step.proof);
	c->steps[c->step_count++] = s;
}

/* ---- what it brings back ---- */

static bool takes(const smsc_standing *s)
{
	bool harmless = s->fate == SMSC_FATE_ORPHANED || (s->fate == SMSC_FATE_GONE && s->any->product);
	return smsc_standing_lost(s) && s->file && (s->needed || harmless);
}

bool smsc_plan_restores(const smsc_plan *p, const char *container)
{
	const smsc_standing *s = smsc_host_standing(p->host, container);
	return s && takes(s);
}

static bool gather(smsc_plan *p)
{
	const smsc_host *h = p->host;
	p->taken = smsc_arena_alloc(p->c->arena, (h->standing_count + 1) * sizeof(*p->taken));
	for (int needed = 1; p->taken && needed >= 0; needed--) {
		for (size_t i = 0; i < h->standing_count; i++)
			if (h->standings[i]->needed == needed && takes(h->standings[i]))
				p->taken[p->count++] = h->standings[i];
		if (needed)
			p->needed = p->count;
	}
	return p->taken != NULL;
}

/* ---- before anything is touched ---- */

/* The containers whose private keys were not decrypted, and why: "" when all were. */
static const char *unproved(const smsc_plan *p)
{
	smsc_buf text = SMSC_BUF_INIT;
	const char *reason = "";
	enum { MOST = 500 };
	for (size_t i = 0; i < p->count && text.size < MOST; i++) {
		const smsc_standing *s = p->taken[i];
		if (smsc_key_file_worth(s->file) == 2)
			continue;
		smsc_buf_printf(&text, "%s%s", text.size ? ", " : "", s->any->container);
		for (int which = 0; which < 2 && !*reason; which++)
			if (s->file->keys[which])
				reason = s->file->keys[which]->reason;
	}
	if (*reason)
		smsc_buf_printf(&text, ": %s", reason);
	return smsc_keep_text(p->c->arena, &text);
}

static void warn_unproved(const smsc_plan *p)
{
	const char *what = unproved(p);
	if (!*what)
		return;
	smsc_plan_add(p, (smsc_step){
		.action = SMSC_STEP_WARN, .what = what, .proof = "locked",
		.reason = "not every private key of this plan was decrypted, so nobody knows yet whether the file brings "
		          "back more than its name",
		.check = "add the SYSTEM and SECURITY hives and the folder Protect of the same backup, or give the secret "
		         "with --secret; then look for private-verified" });
}

static void confirm_guid(const smsc_plan *p)
{
	if (p->host->guid_read)
		return;
	smsc_plan_add(p, (smsc_step){
		.action = SMSC_STEP_CONFIRM, .what = "HKLM\\SOFTWARE\\Microsoft\\Cryptography, MachineGuid", .to = p->host->guid,
		.reason = "no registry of the newest backup tells it: this plan takes the suffix of the newest key file",
		.check = "if the value is another one, the new names below must end in that" });
}

static void confirm_machine(const smsc_plan *p)
{
	if (!p->host->assumed)
		return;
	smsc_plan_add(p, (smsc_step){
		.action = SMSC_STEP_CONFIRM, .what = "that all key files are of one machine",
		.reason = "no registry names a computer, and no MachineGuid is in each of the sources: they may be of two",
		.check = "if they are of two machines, nothing below is true; diagnose each by itself" });
}

static void back_up(const smsc_plan *p, const smsc_standing *first)
{
	const char *folder = smsc_plan_folder(p->c, first);
	smsc_plan_add(p, (smsc_step){
		.action = SMSC_STEP_BACKUP, .what = *folder ? folder : p->host->now->label,
		.to = "a folder outside of Crypto, with its permissions",
		.reason = "every step below can then be undone: the newer files hold keys that may be asked for as well",
		.check = "as many files in the copy, of the same sizes; System32\\Microsoft\\Protect\\S-1-5-18 copied too" });
}

/* Each folder that the plan touches; of users there may be many, and MOST of them are told. */
static void back_up_all(const smsc_plan *p)
{
	enum { MOST = 16 };
	const char *owners[MOST];
	size_t count = 0;
	for (size_t i = 0; i < p->count && count < MOST; i++) {
		size_t known = 0;
		while (known < count && strcmp(owners[known], p->taken[i]->any->owner))
			known++;
		if (known < count)
			continue;
		owners[count++] = p->taken[i]->any->owner;
		back_up(p, p->taken[i]);
	}
}

/* ---- services ---- */

/* In the order of stopping; they are started the other way round. */
static const char *services(const smsc_plan *p, bool stop)
{
	const struct {
		const char *container, *stop, *start;
	} rows[] = {
		{ SMSC_AGENT, "SMS Agent Host (CcmExec)", "SMS Agent Host (CcmExec)" },
		{ SMSC_SITE_SERVER, "SMS_SITE_COMPONENT_MANAGER, SMS_EXECUTIVE", "SMS_EXECUTIVE, SMS_SITE_COMPONENT_MANAGER" },
		{ SMSC_IIS, "W3SVC, IISADMIN", "IISADMIN, W3SVC" },
	};
	smsc_buf text = SMSC_BUF_INIT;
	for (int i = 0; i < 3; i++) {
		int row = stop ? i : 2 - i;
		if (smsc_plan_restores(p, rows[row].container))
			smsc_buf_printf(&text, "%s%s", text.size ? ", " : "", stop ? rows[row].stop : rows[row].start);
	}
	if (!text.size && !text.failed)
		smsc_buf_str(&text, "the programs that use the containers; or restart Windows at the end");
	return smsc_keep_text(p->c->arena, &text);
}

static void stop_services(const smsc_plan *p)
{
	smsc_plan_add(p, (smsc_step){
		.action = SMSC_STEP_STOP, .what = services(p, true),
		.reason = "a running service keeps its keys open and makes new ones when it misses them",
		.check = "the services are stopped, in this order" });
}

static void start_services(const smsc_plan *p)
{
	smsc_plan_add(p, (smsc_step){
		.action = SMSC_STEP_START, .what = services(p, false),
		.reason = "each service opens its container by name and finds the old keys again",
		.check = "no new file appears in MachineKeys; no W3SVC 116, no Service Control Manager 7023 or 7024; no "
		         "\"CCMSignData failed\" and no \"Creating Signing Certificate\" in CcmExec.log" });
}

/* ---- all ---- */

/* A folder that holds several backups is no snapshot: which file is live, nobody can tell. */
static bool is_several(const smsc_plan *p)
{
	size_t hives = 0;
	for (size_t i = 0; i < p->c->software_count; i++)
		hives += p->c->softwares[i]->snapshot == p->host->now && p->c->softwares[i]->live;
	if (hives < 2)
		return false;
	smsc_plan_add(p, (smsc_step){
		.action = SMSC_STEP_WARN, .what = p->host->now->label,
		.reason = "it holds several SOFTWARE hives in use: several backups, or several machines, in one source",
		.check = "give each backup as a source of its own; until then there is no plan" });
	return true;
}

static void plan_host(smsc_case *c, const smsc_host *h)
{
	smsc_plan p = { .c = c, .host = h };
	if (!h->now || is_several(&p) || !gather(&p))
		return;
	if (p.count) {
		warn_unproved(&p);
		confirm_machine(&p);
		confirm_guid(&p);
		back_up_all(&p);
		stop_services(&p);
		smsc_plan_files(&p);
		start_services(&p);
	}
	smsc_plan_after(&p);
	if (p.count)
		smsc_plan_skip(&p);
}

int smsc_case_plan(smsc_case *c, smsc_error **err)
{
	for (size_t i = 0; i < c->host_count; i++)
		plan_host(c, c->hosts[i]);
	return smsc_arena_failed(c->arena) ? smsc_fail_nomem(err) : 0;
}

/* ---- what a step tells ---- */

#define S const smsc_step *s

unsigned    smsc_step_number(S) { return s->number; }
const char *smsc_step_action(S) { return s->action; }
const char *smsc_step_what(S)   { return s->what; }
const char *smsc_step_to(S)     { return s->to; }
const char *smsc_step_reason(S) { return s->reason; }
const char *smsc_step_check(S)  { return s->check; }
const char *smsc_step_proof(S)  { return s->proof; }
const smsc_source     *smsc_step_source(S)     { return s->source; }
const smsc_generation *smsc_step_generation(S) { return s->generation; }

smsc_step *smsc_step_ref(S)
{
	if (s)
		smsc_arena_ref(s->arena);
	return (smsc_step *)s;
}

void smsc_step_unref(S)
{
	if (s)
		smsc_arena_unref(s->arena);
}
