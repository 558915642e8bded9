/* plan.c - from what became of each container to one ordered plan: what to save, what to stop,
 * which file to copy under which name, what to start and to check. */
#include "plan.h"

#include <string.h>

#include "../base/error.h"
#include "generation.h"
#include "keep.h"
#include "witness.h"

smsc_step *smsc_step_new(smsc_case *c, const char *action)
{
	smsc_step *s = smsc_arena_alloc(c->arena, sizeof *s);
	if (!s || !smsc_arena_grow(c->arena, &c->steps, c->step_count, &c->step_room, sizeof *c->steps))
		return NULL;
	*s = (smsc_step){ .arena = c->arena, .number = (unsigned)c->step_count + 1, .action = action,
	                  .what = "", .to = "", .reason = "", .check = "", .proof = "" };
	c->steps[c->step_count++] = s;
	return s;
}

static const char *text_of(smsc_case *c, smsc_buf *text)
{
	return smsc_keep_text(c->arena, text);
}

bool smsc_plan_takes(const smsc_standing *s)
{
	bool harmless = s->fate == SMSC_FATE_ORPHANED || (s->fate == SMSC_FATE_GONE && s->any->product);
	return smsc_standing_lost(s) && s->file && (s->needed || harmless);
}

bool smsc_plan_restores(const smsc_case *c, const smsc_host *h, const char *container)
{
	for (size_t i = 0; i < c->standing_count; i++) {
		const smsc_standing *s = c->standings[i];
		if (s->host == h && !*s->any->owner && !strcmp(s->any->container, container) && smsc_plan_takes(s))
			return true;
	}
	return false;
}

int smsc_plan_worth(const smsc_case *c, const smsc_host *h)
{
	int worth = 2;
	for (size_t i = 0; i < c->standing_count; i++) {
		const smsc_standing *s = c->standings[i];
		if (s->host == h && smsc_plan_takes(s) && smsc_key_file_worth(s->file) < worth)
			worth = smsc_key_file_worth(s->file);
	}
	return worth;
}

/* ---- before anything is touched ---- */

static const char *unproved(smsc_case *c, const smsc_host *h)
{
	smsc_buf text = SMSC_BUF_INIT;
	const char *reason = "";
	enum { MOST = 500 };
	for (size_t i = 0; i < c->standing_count && text.size < MOST; i++) {
		const smsc_standing *s = c->standings[i];
		if (s->host != h || !smsc_plan_takes(s) || smsc_key_file_worth(s->file) == 2)
			continue;
		smsc_buf_printf(&text, "%s%s", text.size ? ", " : "", s->any->container);
		for (int which = 0; which < 2 && !*reason; which++)
			if (s->file->keys[which])
				reason = s->file->keys[which]->reason;
	}
	if (*reason)
		smsc_buf_printf(&text, ": %s", reason);
	return text_of(c, &text);
}

static void warn_unproved(smsc_case *c, const smsc_host *h)
{
	smsc_step *s = smsc_plan_worth(c, h) == 2 ? NULL : smsc_step_new(c, SMSC_STEP_WARN);
	if (!s)
		return;
	s->what = unproved(c, h);
	s->reason = "not every private key of this plan was decrypted, so nobody knows yet whether the file brings "
	            "back more than its name";
	s->check = "add the SYSTEM and SECURITY hives and the folder Protect of the same backup, or give the secret "
	           "with --secret; then look for private-verified";
	s->proof = "locked";
}

static void confirm_guid(smsc_case *c, const smsc_host *h)
{
	smsc_step *s = h->guid_read ? NULL : smsc_step_new(c, SMSC_STEP_CONFIRM);
	if (!s)
		return;
	s->what = "HKLM\\SOFTWARE\\Microsoft\\Cryptography, MachineGuid";
	s->to = h->guid;
	s->reason = "no registry of the newest backup tells it: this plan takes the suffix of the newest key file";
	s->check = "if the value is another one, the new names below must end in that";
}

static const smsc_standing *first_taken(const smsc_case *c, const smsc_host *h)
{
	for (size_t i = 0; i < c->standing_count; i++)
		if (c->standings[i]->host == h && smsc_plan_takes(c->standings[i]))
			return c->standings[i];
	return NULL;
}

static void back_up(smsc_case *c, const smsc_standing *first)
{
	smsc_step *s = smsc_step_new(c, SMSC_STEP_BACKUP);
	if (!s)
		return;
	s->what = smsc_plan_folder(c, first);
	if (!*s->what)
		s->what = first->host->now->label;
	s->to = "a folder outside of Crypto, with its permissions";
	s->reason = "every step below can then be undone: the newer files hold keys that may be asked for as well";
	s->check = "as many files in the copy, of the same sizes; System32\\Microsoft\\Protect\\S-1-5-18 copied too";
}

/* Each folder that the plan touches; of users there may be many, and MOST of them are told. */
static void back_up_all(smsc_case *c, const smsc_host *h)
{
	enum { MOST = 16 };
	const char *owners[MOST];
	size_t count = 0;
	for (size_t i = 0; i < c->standing_count && count < MOST; i++) {
		const smsc_standing *s = c->standings[i];
		size_t known = 0;
		if (s->host != h || !smsc_plan_takes(s))
			continue;
		while (known < count && strcmp(owners[known], s->any->owner))
			known++;
		if (known < count)
			continue;
		owners[count++] = s->any->owner;
		back_up(c, s);
	}
}

/* ---- services ---- */

/* In the order of stopping; they are started the other way round. */
static const char *services(smsc_case *c, const smsc_host *h, bool stop)
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
		if (smsc_plan_restores(c, h, rows[row].container))
			smsc_buf_printf(&text, "%s%s", text.size ? ", " : "", stop ? rows[row].stop : rows[row].start);
	}
	if (!text.size && !text.failed)
		smsc_buf_str(&text, "the programs that use the containers; or restart Windows at the end");
	return text_of(c, &text);
}

static void stop_services(smsc_case *c, const smsc_host *h)
{
	smsc_step *s = smsc_step_new(c, SMSC_STEP_STOP);
	if (!s)
		return;
	s->what = services(c, h, true);
	s->reason = "a running service keeps its keys open and makes new ones when it misses them";
	s->check = "the services are stopped, in this order";
}

static void start_services(smsc_case *c, const smsc_host *h)
{
	smsc_step *s = smsc_step_new(c, SMSC_STEP_START);
	if (!s)
		return;
	s->what = services(c, h, false);
	s->reason = "each service opens its container by name and finds the old keys again";
	s->check = "no new file appears in MachineKeys; no W3SVC 116, no Service Control Manager 7023 or 7024; no "
	           "\"CCMSignData failed\" and no \"Creating Signing Certificate\" in CcmExec.log";
}

/* ---- all ---- */

/* A folder that holds several backups is no snapshot: which file is live, nobody can tell. */
static bool is_several(smsc_case *c, const smsc_host *h)
{
	size_t hives = 0;
	for (size_t i = 0; i < c->software_count; i++)
		hives += c->softwares[i]->snapshot == h->now && c->softwares[i]->live;
	smsc_step *s = hives > 1 ? smsc_step_new(c, SMSC_STEP_WARN) : NULL;
	if (!s)
		return hives > 1;
	s->what = h->now->label;
	s->reason = "it holds several SOFTWARE hives in use: several backups, or several machines, in one source";
	s->check = "give each backup as a source of its own; until then there is no plan";
	return true;
}

/* Of several machines, each step says whose it is. */
static void name_steps(smsc_case *c, const smsc_host *h, size_t first)
{
	for (size_t i = first; c->host_count > 1 && h->name && i < c->step_count; i++) {
		const char *reason = smsc_arena_printf(c->arena, "%s: %s", h->name, c->steps[i]->reason);
		c->steps[i]->reason = reason ? reason : "";
	}
}

static void plan_host(smsc_case *c, const smsc_host *h)
{
	const smsc_standing *first = first_taken(c, h);
	size_t begin = c->step_count;
	if (is_several(c, h))
		return;
	if (first) {
		warn_unproved(c, h);
		confirm_guid(c, h);
		back_up_all(c, h);
		stop_services(c, h);
		smsc_plan_files(c, h);
		start_services(c, h);
	}
	smsc_plan_after(c, h);
	if (first)
		smsc_plan_skip(c, h);
	name_steps(c, h, begin);
}

int smsc_case_plan(smsc_case *c, smsc_error **err)
{
	for (size_t i = 0; i < c->host_count; i++)
		if (c->hosts[i]->now)
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
