/* plan_files.c - which file goes where, under which name: the heart of the plan. */
#include <string.h>

#include "../base/ident.h"
#include "../base/text.h"
#include "generation.h"
#include "keep.h"
#include "plan.h"

/* ---- where CryptoAPI looks ---- */

static const char *folder_of(smsc_case *c, const char *path)
{
	size_t size = (size_t)(smsc_path_last(path) - path);
	const char *folder = smsc_arena_text(c->arena, path, size);
	return folder ? folder : "";
}

/* Any container of the same store in the newest snapshot shows how its folder is called there. */
const char *smsc_plan_folder(smsc_case *c, const smsc_standing *s)
{
	if (s->live)
		return folder_of(c, s->live->path);
	for (size_t i = 0; i < c->file_count; i++) {
		const smsc_key_file *f = c->files[i];
		if (f->snapshot == s->host->now && f->in_store && !strcmp(f->owner, s->any->owner))
			return folder_of(c, f->path);
	}
	return folder_of(c, s->file->path);
}

static const char *target(smsc_case *c, const smsc_standing *s)
{
	const char *path = s->host->guid ? smsc_arena_printf(c->arena, "%s%s_%s", smsc_plan_folder(c, s), s->any->hash,
	                                                     s->host->guid) : NULL;
	return path ? path : "";
}

/* ---- the master key ---- */

static const smsc_master_file *master_of(const smsc_case *c, const smsc_host *h, const char *guid,
                                         const smsc_snapshot *s)
{
	for (size_t i = 0; i < c->master_count; i++) {
		const smsc_master_file *m = c->masters[i];
		if (m->snapshot->host == h && (!s || m->snapshot == s) && m->renew == SMSC_NEVER && !smsc_ascii_casecmp(m->guid, guid))
			return m;
	}
	return NULL;
}

static bool shows_master_keys(const smsc_case *c, const smsc_snapshot *s)
{
	for (size_t i = 0; i < c->master_count; i++)
		if (c->masters[i]->snapshot == s)
			return true;
	return false;
}

static bool is_planned(const smsc_case *c, const char *from)
{
	for (size_t i = 0; i < c->step_count; i++)
		if (!strcmp(c->steps[i]->what, from))
			return true;
	return false;
}

/* A container file is of no use where its master key is not. */
static void copy_master_key(smsc_case *c, const smsc_standing *s, const char *guid)
{
	const smsc_master_file *m = master_of(c, s->host, guid, NULL);
	const char *from = m ? smsc_case_place(c, m->snapshot, m->path) : "";
	if (!m || !shows_master_keys(c, s->host->now) || master_of(c, s->host, guid, s->host->now) || is_planned(c, from))
		return;
	smsc_step *step = smsc_step_new(c, SMSC_STEP_COPY);
	if (!step)
		return;
	step->what = from;
	step->to = m->path;
	step->source = m->snapshot->source;
	step->reason = "the master key that the next file is encrypted with is not on the machine any more";
	step->check = "it opens only with the DPAPI_SYSTEM secret of its own time: the same Windows, not set up anew";
}

/* ---- one container ---- */

static const char *proof_of(const smsc_key_file *f)
{
	return smsc_key_file_worth(f) == 2 ? "private-verified" : "locked";
}

static void set_aside(smsc_case *c, const smsc_standing *s)
{
	smsc_step *step = s->live ? smsc_step_new(c, SMSC_STEP_SET_ASIDE) : NULL;
	if (!step)
		return;
	step->what = smsc_case_place(c, s->live->snapshot, s->live->path);
	step->to = "the backup folder; the name must be free";
	step->generation = s->live->generation;
	step->source = s->live->snapshot->source;
	const char *reason = smsc_arena_printf(c->arena, "%s: generation %u took the name; keep it for whatever was "
	                                       "encrypted to it meanwhile", s->any->container, s->live->generation->number);
	step->reason = reason ? reason : "";
	step->check = "no file of this name is left in the folder";
}

/* Other places that hold the same keys, in case the first cannot be read. */
static void put_others(smsc_buf *out, const smsc_standing *s)
{
	size_t others = 0;
	const smsc_generation *g = s->file->generation;
	for (size_t i = 0; i < g->file_count && others < 3; i++) {
		const smsc_key_file *f = g->files[i];
		if (f == s->file || f->snapshot == s->file->snapshot)
			continue;
		smsc_buf_printf(out, "%s%s", others++ ? ", " : "; the same is in ", f->snapshot->label);
	}
}

static const char *reason_of(smsc_case *c, const smsc_standing *s)
{
	smsc_buf text = SMSC_BUF_INIT;
	smsc_buf_printf(&text, "%s: generation %u, because %s; now %s", s->any->container, s->wanted->number, s->why,
	                smsc_fate_text(s->fate));
	put_others(&text, s);
	return smsc_keep_text(c->arena, &text);
}

static const char *check_of(smsc_case *c, const smsc_standing *s)
{
	smsc_buf text = SMSC_BUF_INIT;
	smsc_buf_str(&text, "SHA-256 ");
	smsc_buf_hex(&text, s->file->content, SMSC_SHA256_SIZE);
	smsc_buf_printf(&text, ", %lld bytes; owner and permissions as those of its neighbours", (long long)s->file->size);
	return smsc_keep_text(c->arena, &text);
}

static void bring_back(smsc_case *c, const smsc_standing *s)
{
	for (int which = 0; which < 2; which++)
		if (s->file->keys[which] && *s->file->keys[which]->master_key)
			copy_master_key(c, s, s->file->keys[which]->master_key);
	set_aside(c, s);
	smsc_step *step = smsc_step_new(c, SMSC_STEP_COPY);
	if (!step)
		return;
	step->what = smsc_case_place(c, s->file->snapshot, s->file->path);
	step->to = target(c, s);
	step->generation = s->file->generation;
	step->source = s->file->snapshot->source;
	step->proof = proof_of(s->file);
	step->reason = reason_of(c, s);
	step->check = check_of(c, s);
}

/* ---- the other way ---- */

/* While nothing that anybody needs was made under the new MachineGuid, the old value can be set
 * back instead: then all old files are found again at once. */
static void or_set_back(smsc_case *c, const smsc_host *h)
{
	const char *old = NULL;
	for (size_t i = 0; i < c->standing_count; i++) {
		const smsc_standing *s = c->standings[i];
		if (s->host != h || s->fate == SMSC_FATE_GONE)
			continue;
		if (s->fate != SMSC_FATE_ORPHANED || !s->file || s->file->snapshot != h->now || !*s->file->guid ||
		    (old && strcmp(old, s->file->guid)))
			return;
		old = s->file->guid;
	}
	smsc_step *step = old ? smsc_step_new(c, SMSC_STEP_OR_SET) : NULL;
	if (!step)
		return;
	step->what = "HKLM\\SOFTWARE\\Microsoft\\Cryptography, MachineGuid";
	step->to = old;
	step->reason = "instead of the copies: no container was made under the new value yet, and all old files are "
	               "still on the machine (KB 884872)";
	step->check = "after a restart the services find their keys; smscrypto keys shows every container as live";
}

/* ---- all ---- */

/* Past so many, nobody reads a step for each: those that nobody misses become one, and of those
 * that are missed the first are told. */
enum { MAX_SPARE = 20, MAX_NEEDED = 200 };

static size_t count_taken(const smsc_case *c, const smsc_host *h, bool needed)
{
	size_t count = 0;
	for (size_t i = 0; i < c->standing_count; i++)
		count += c->standings[i]->host == h && c->standings[i]->needed == needed && smsc_plan_takes(c->standings[i]);
	return count;
}

static void bring_back_each(smsc_case *c, const smsc_host *h, bool needed, size_t most)
{
	for (size_t i = 0; i < c->standing_count && most; i++) {
		const smsc_standing *s = c->standings[i];
		if (s->host == h && s->needed == needed && smsc_plan_takes(s)) {
			bring_back(c, s);
			most--;
		}
	}
}

static void tell_rest(smsc_case *c, const smsc_host *h, size_t count, bool needed)
{
	smsc_step *step = smsc_step_new(c, needed ? SMSC_STEP_WARN : SMSC_STEP_COPY);
	if (!step)
		return;
	const char *what = smsc_arena_printf(c->arena, needed ? "%zu more containers whose keys are missed" :
	                                     "%zu containers that nobody is known to miss", count);
	const char *to = smsc_arena_printf(c->arena, "in the same folder, with _%s at the end of the name", h->guid);
	step->what = what ? what : "";
	step->to = to ? to : "";
	step->reason = needed ? "the plan ends here; smscrypto keys lists them all" :
		"no file has their name now, so nothing is overwritten; smscrypto keys lists them";
	step->check = "as many files under the MachineGuid in force as there were under the old one";
}

void smsc_plan_files(smsc_case *c, const smsc_host *h)
{
	size_t needed = count_taken(c, h, true), spare = count_taken(c, h, false);
	/* What others rely on comes first. */
	bring_back_each(c, h, true, MAX_NEEDED);
	if (needed > MAX_NEEDED)
		tell_rest(c, h, needed - MAX_NEEDED, true);
	if (spare > MAX_SPARE)
		tell_rest(c, h, spare, false);
	else
		bring_back_each(c, h, false, MAX_SPARE);
	or_set_back(c, h);
}
