/* trust_rules.c - do those who rely on a key of this server find it there? */
#include <stdlib.h>
#include <string.h>

#include "../base/error.h"
#include "generation.h"
#include "keep.h"
#include "standing.h"
#include "witness.h"

#define NTE_NO_KEY        "0x8009000d"
#define NTE_BAD_SIGNATURE "0x80090006"

/* ---- one key, and all who name it ---- */

static const smsc_generation *root_of(const smsc_trust *t)
{
	return smsc_generation_root(t->generation);
}

/* In the order of the case: generations stand by container and number. */
static int compare(const void *left, const void *right)
{
	const smsc_trust *a = *(const smsc_trust *const *)left, *b = *(const smsc_trust *const *)right;
	int d = (a->generation != NULL) - (b->generation != NULL);
	if (!d && a->generation) {
		d = strcmp(root_of(a)->container, root_of(b)->container);
		if (!d)
			d = strcmp(root_of(a)->hash, root_of(b)->hash);
		if (!d)
			d = strcmp(root_of(a)->owner, root_of(b)->owner);
		if (!d)
			d = (root_of(a)->number > root_of(b)->number) - (root_of(a)->number < root_of(b)->number);
		if (!d)
			d = a->which - b->which;
	}
	if (!d)
		d = strcmp(a->role, b->role);
	if (!d && a->snapshot && b->snapshot)
		d = (a->snapshot->order > b->snapshot->order) - (a->snapshot->order < b->snapshot->order);
	if (!d)
		d = strcmp(a->path, b->path);
	if (!d)
		d = (a->at > b->at) - (a->at < b->at);
	return d ? d : (a->order > b->order) - (a->order < b->order);
}

static bool same_claim(const smsc_trust *a, const smsc_trust *b)
{
	return a->generation && b->generation && root_of(a) == root_of(b) && a->which == b->which &&
	       !strcmp(a->role, b->role);
}

/* ---- is it live? ---- */

static bool is_live(const smsc_trust *t)
{
	const smsc_standing *s = t->generation->standing;
	const smsc_key *live = s && s->live ? s->live->keys[t->which] : NULL;
	return live && smsc_key_same(live, t->generation->keys[t->which]) && smsc_key_file_worth(s->live);
}

/* Where nobody knows which file is live, nobody can say that the key is not. */
static bool is_known(const smsc_trust *t)
{
	const smsc_standing *s = t->generation->standing;
	return s && s->fate != SMSC_FATE_UNKNOWN;
}

/* ---- words ---- */

static void put_key(smsc_buf *out, const smsc_trust *t)
{
	smsc_buf_printf(out, "the %s key of generation %u of %s", smsc_pair_name(t->which), root_of(t)->number,
	                t->generation->container);
}

static void put_file(smsc_buf *out, smsc_case *c, const smsc_trust *t)
{
	const smsc_standing *s = t->generation->standing;
	const smsc_key_file *f = s && s->file && smsc_generation_same_keys(s->file->generation, root_of(t)) ? s->file :
		root_of(t)->files[0];
	smsc_buf_printf(out, "; its private key (%s) is in %s", t->generation->keys[t->which]->proof,
	                smsc_case_place(c, f->snapshot, f->path));
}

static void put_live(smsc_buf *out, const smsc_trust *t)
{
	const smsc_standing *s = t->generation->standing;
	if (!s || !s->live)
		smsc_buf_str(out, ", and no file of the container is live");
	else if (!s->live->keys[t->which])
		smsc_buf_printf(out, ", and the live file, generation %u, has no such pair", s->live->generation->number);
	else
		smsc_buf_printf(out, ", and generation %u is live", s->live->generation->number);
}

static smsc_finding *tell(smsc_case *c, smsc_rule_id rule, const smsc_trust *t, smsc_buf *text)
{
	smsc_finding *f = smsc_findings_add(&c->findings, c->arena, rule, smsc_case_place(c, t->snapshot, t->path),
	                                    t->at, "%s", smsc_keep_text(c->arena, text));
	if (f)
		f->generation = t->generation;
	return f;
}

static void put_holders(smsc_buf *out, const smsc_trust *t, size_t count)
{
	smsc_buf_printf(out, "%s", t->role);
	if (t->holder)
		smsc_buf_printf(out, " of %s", t->holder);
	if (count > 1)
		smsc_buf_printf(out, " (%zu pieces of evidence)", count);
}

/* ---- the rules ---- */

static void check_claim(smsc_case *c, const smsc_trust *t, size_t count)
{
	smsc_buf text = SMSC_BUF_INIT;
	bool live = is_live(t);
	if (!live && !is_known(t))
		return;
	put_holders(&text, t, count);
	smsc_buf_str(&text, " is ");
	put_key(&text, t);
	if (!live) {
		put_live(&text, t);
		put_file(&text, c, t);
		tell(c, smsc_trust_is_message(t) ? SMSC_RULE_K008 : SMSC_RULE_K007, t, &text);
		return;
	}
	smsc_buf_str(&text, ", which is live");
	tell(c, SMSC_RULE_K023, t, &text);
}

/* Nobody in this evidence has the key: that may be the answer, or the evidence too little. */
static void check_stranger(smsc_case *c, const smsc_trust *t, size_t count)
{
	smsc_buf text = SMSC_BUF_INIT;
	put_holders(&text, t, count);
	smsc_buf_printf(&text, ": %s", *t->why ? t->why : "no generation of this evidence has the key");
	smsc_finding *f = tell(c, smsc_trust_is_message(t) ? SMSC_RULE_K008 : SMSC_RULE_K007, t, &text);
	if (!f)
		return;
	f->severity = 2;
	f->confidence = "possible";
}

static void check_all(smsc_case *c, const smsc_trust **list, size_t count)
{
	for (size_t i = 0, end; i < count; i = end) {
		end = i + 1;
		while (end < count && (same_claim(list[i], list[end]) || (!list[i]->generation && !list[end]->generation &&
		                                                          !strcmp(list[i]->role, list[end]->role))))
			end++;
		if (list[i]->generation)
			check_claim(c, list[i], end - i);
		else
			check_stranger(c, list[i], end - i);
	}
}

/* ---- K012 ---- */

/* Do the key files of the machine show that the messages' key is missing, whoever signed them? */
static bool lacks_message_key(const smsc_host *h)
{
	const smsc_standing *s = h ? smsc_host_standing(h, SMSC_AGENT) : NULL;
	return s && smsc_standing_lost(s) && s->wanted->keys[SMSC_EXCHANGE] &&
	       (!s->live || !smsc_key_file_worth(s->live) ||
	        !smsc_key_same(s->live->keys[SMSC_EXCHANGE], s->wanted->keys[SMSC_EXCHANGE]));
}

/* A key that is missing for decryption says so; a signature that is not accepted says that.  One
 * message says little: others may fail otherwise. */
static void check_signing(smsc_case *c)
{
	const smsc_event *first = NULL;
	size_t discarded = 0;
	for (size_t i = 0; i < c->event_count; i++) {
		const smsc_event *e = c->events[i];
		if (strstr(e->text, NTE_BAD_SIGNATURE))
			return;
		if (strcmp(e->kind, "message-discarded") || !strstr(e->text, NTE_NO_KEY))
			continue;
		discarded++;
		if (!first)
			first = e;
	}
	if (!first)
		return;
	smsc_buf text = SMSC_BUF_INIT;
	smsc_buf_printf(&text, "%zu message%s discarded for want of a decryption key (NTE_NO_KEY), and no record tells of a "
	                "signature that was refused (NTE_BAD_SIGNATURE): the clients' own keys, and the table ClientKeyData, "
	                "are not at fault", discarded, discarded == 1 ? " was" : "s were");
	bool shown = lacks_message_key(first->snapshot->host);
	if (shown)
		smsc_buf_str(&text, "; the key files show that the key is missing");
	smsc_finding *f = smsc_findings_add(&c->findings, c->arena, SMSC_RULE_K012,
	                                    smsc_case_place(c, first->snapshot, first->path), first->offset, "%s",
	                                    smsc_keep_text(c->arena, &text));
	if (f)
		f->confidence = shown || discarded > 1 ? "likely" : "possible";
}

int smsc_trust_rules(smsc_case *c, smsc_error **err)
{
	const smsc_trust **list = malloc((c->trust_count + 1) * sizeof *list);
	size_t count = 0;
	if (!list)
		return smsc_fail_nomem(err);
	for (size_t i = 0; i < c->trust_count; i++)
		if (c->trusts[i]->snapshot && smsc_trust_is_belief(c->trusts[i]))
			list[count++] = c->trusts[i];
	qsort(list, count, sizeof *list, compare);
	check_all(c, list, count);
	free(list);
	check_signing(c);
	return 0;
}
