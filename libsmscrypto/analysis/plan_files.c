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
	return s->host->guid ? smsc_keep_printf(c->arena, "%s%s_%s", smsc_plan_folder(c, s), s->any->hash, s->host->guid) : "";
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
static void copy_master_key(const smsc_plan *p, const char *guid)
{
	const smsc_case *c = p->c;
	const smsc_master_file *m = master_of(c, p->host, guid, NULL);
	if (!m || !shows_master_keys(c, p->host->now) || master_of(c, p->host, guid, p->host->now))
		return;
	const char *from = smsc_case_place(p->c, m->snapshot, m->path);
	if (is_planned(c, from))
		return;
	smsc_plan_add(p, (smsc_step){
		.action = SMSC_STEP_COPY, .what = from, .to = m->path, .source = m->snapshot->source,
		.reason = "the master key that the next file is encrypted with is not on the machine any more",
		.check = "it opens only with the DPAPI_SYSTEM secret of its own time: the same Windows, not set up anew" });
}

/* ---- one container ---- */

static const char *proof_of(const smsc_key_file *f)
{
	return smsc_key_file_worth(f) == 2 ? "private-verified" : "locked";
}

static void set_aside(const smsc_plan *p, const smsc_standing *s)
{
	const smsc_key_file *f = s->live;
	if (!f)
		return;
	smsc_plan_add(p, (smsc_step){
		.action = SMSC_STEP_SET_ASIDE, .what = smsc_case_place(p->c, f->snapshot, f->path),
		.to = "the backup folder; the name must be free", .generation = f->generation, .source = f->snapshot->source,
		.reason = smsc_keep_printf(p->c->arena, "%s: generation %u took the name; keep it for whatever was encrypted "
		                           "to it meanwhile", s->any->container, f->generation->number),
		.check = "no file of this name is left in the folder" });
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

static void bring_back(const smsc_plan *p, const smsc_standing *s)
{
	const smsc_key_file *f = s->file;
	for (int which = 0; which < 2; which++)
		if (f->keys[which] && *f->keys[which]->master_key)
			copy_master_key(p, f->keys[which]->master_key);
	set_aside(p, s);
	smsc_plan_add(p, (smsc_step){
		.action = SMSC_STEP_COPY, .what = smsc_case_place(p->c, f->snapshot, f->path), .to = target(p->c, s),
		.generation = f->generation, .source = f->snapshot->source, .proof = proof_of(f),
		.reason = reason_of(p->c, s), .check = check_of(p->c, s) });
}

/* ---- the other way ---- */

/* While nothing that anybody needs was made under the new MachineGuid, the old value can be set
 * back instead: then all old files are found again at once. */
static void or_set_back(const smsc_plan *p)
{
	const smsc_host *h = p->host;
	const char *old = NULL;
	for (size_t i = 0; i < h->standing_count; i++) {
		const smsc_standing *s = h->standings[i];
		if (s->fate == SMSC_FATE_GONE || s->fate == SMSC_FATE_OUTSIDE)
			continue;
		if (s->fate != SMSC_FATE_ORPHANED || !s->file || s->file->snapshot != h->now || !*s->file->guid ||
		    (old && strcmp(old, s->file->guid)))
			return;
		old = s->file->guid;
	}
	if (!old)
		return;
	smsc_plan_add(p, (smsc_step){
		.action = SMSC_STEP_OR_SET, .what = "HKLM\\SOFTWARE\\Microsoft\\Cryptography, MachineGuid", .to = old,
		.reason = "instead of the copies: no container was made under the new value yet, and all old files are "
		          "still on the machine (KB 884872)",
		.check = "after a restart the services find their keys; smscrypto keys shows every container as live" });
}

/* ---- all ---- */

/* Past so many, nobody reads a step for each: those that nobody misses become one, and of those
 * that are missed the first are told. */
enum { MAX_SPARE = 20, MAX_NEEDED = 200 };

static const char *under_new_names(const smsc_plan *p)
{
	return smsc_keep_printf(p->c->arena, "in the same folder, with _%s at the end of the name", p->host->guid);
}

static void tell_needed(const smsc_plan *p, size_t count)
{
	smsc_plan_add(p, (smsc_step){
		.action = SMSC_STEP_WARN, .to = under_new_names(p),
		.what = smsc_keep_printf(p->c->arena, "%zu more containers whose keys are missed", count),
		.reason = "the plan ends here; smscrypto keys lists them all",
		.check = "as many files under the MachineGuid in force as there were under the old one" });
}

static void tell_spare(const smsc_plan *p, size_t count)
{
	smsc_plan_add(p, (smsc_step){
		.action = SMSC_STEP_COPY, .to = under_new_names(p),
		.what = smsc_keep_printf(p->c->arena, "%zu containers that nobody is known to miss", count),
		.reason = "no file has their name now, so nothing is overwritten; smscrypto keys lists them",
		.check = "as many files under the MachineGuid in force as there were under the old one" });
}

void smsc_plan_files(const smsc_plan *p)
{
	size_t spare = p->count - p->needed;
	for (size_t i = 0; i < p->needed && i < MAX_NEEDED; i++)
		bring_back(p, p->taken[i]);
	if (p->needed > MAX_NEEDED)
		tell_needed(p, p->needed - MAX_NEEDED);
	if (spare > MAX_SPARE)
		tell_spare(p, spare);
	for (size_t i = 0; i < spare && spare <= MAX_SPARE; i++)
		bring_back(p, p->taken[p->needed + i]);
	or_set_back(p);
}
