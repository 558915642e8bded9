/* key_rules.c - what is wrong with the keys, each with its evidence and how far it goes. */
#include <string.h>

#include "absent.h"
#include "cause.h"
#include "event.h"
#include "generation.h"
#include "keep.h"
#include "machine.h"
#include "standing.h"
#include "witness.h"

#define NTE_NO_KEY "0x8009000d"

/* Harm that the newest backup shows undone, or that nobody minds, is history. */
static void weigh(smsc_finding *f, const smsc_generation *g)
{
	const smsc_standing *s = g->standing;
	if (f && s && s->fate != SMSC_FATE_UNKNOWN && !smsc_standing_lost(s) && !smsc_standing_is_missing(s) &&
	    f->severity > 1)
		f->severity = 1;
}

static smsc_finding *add(smsc_case *c, smsc_rule_id rule, const smsc_generation *g, uint64_t offset,
                         const char *text)
{
	const smsc_key_file *f = g->files[0];
	smsc_finding *found = smsc_findings_add(&c->findings, c->arena, rule,
	                                        smsc_case_place(c, f->snapshot, f->path), offset, "%s", text);
	if (found)
		found->generation = g;
	weigh(found, g);
	return found;
}

/* Takes what `text` holds. */
static smsc_finding *add_text(smsc_case *c, smsc_rule_id rule, const smsc_generation *g,
                              uint64_t offset, smsc_buf *text)
{
	return add(c, rule, g, offset, smsc_keep_text(c->arena, text));
}

/* ---- K002 ---------------------------------------------------------------------------------- */

/* Two files of one snapshot cannot come from two machines. */
static bool together(const smsc_generation *a, const smsc_generation *b)
{
	size_t i = 0, j = 0;
	while (i < a->file_count && j < b->file_count) {
		size_t x = a->files[i]->snapshot->order, y = b->files[j]->snapshot->order;
		if (x == y)
			return true;
		if (x < y)
			i++;
		else
			j++;
	}
	return false;
}

/* Of each machine, its newest generation of the container. */
static void check_guids(smsc_case *c, const smsc_generation *now)
{
	const smsc_generation *old = now->moved;
	smsc_buf text = SMSC_BUF_INIT;
	/* That the same keys lie under both is told by K016. */
	if (!old || !*now->guid || !now->newest || (now->standing && now->standing->fate == SMSC_FATE_BACK))
		return;
	smsc_buf_printf(&text, "%s: generation %u lies under MachineGuid %s, generation %u under %s",
	                now->container, old->number, old->guid, now->number, now->guid);
	smsc_finding *f = add_text(c, SMSC_RULE_K002, now, 0, &text);
	if (f && !together(old, now))
		f->confidence = "possible";
}

/* ---- K003 ---------------------------------------------------------------------------------- */

/* Log events that say in so many words that a key of that use is not there. */
static size_t count_no_key(const smsc_case *c)
{
	size_t count = 0;
	for (size_t i = 0; i < c->event_count; i++)
		count += strstr(c->events[i]->text, NTE_NO_KEY) != NULL;
	return count;
}

/* Nothing of any key can be read. */
static bool is_wreck(const smsc_generation *g)
{
	return !smsc_generation_pairs(g) && g->files[0]->damaged;
}

static void check_pair(smsc_case *c, const smsc_generation *g, int which, size_t no_key)
{
	const smsc_generation *old = smsc_generation_lost(g, which), *has = g->having[which];
	bool proved = old != NULL;
	if (is_wreck(g))
		return;
	/* A container may get its second pair later; but both contents side by side are a loss. */
	if (!old && !g->keys[which] && has && !strcmp(g->guid, has->guid) && together(g, has))
		old = has;
	if (!old)
		return;
	smsc_buf text = SMSC_BUF_INIT;
	smsc_buf_printf(&text, "%s: generation %u has no %s pair; in generation %u it is ", g->container,
	                g->number, smsc_pair_name(which), old->number);
	smsc_number_text(&text, smsc_key_size(old->keys[which]));
	smsc_buf_str(&text, " bytes: ");
	smsc_pair_sizes(&text, old->keys[which]);
	smsc_buf_printf(&text, "; %s", smsc_pair_loss(which));
	if (which == SMSC_EXCHANGE && no_key)
		smsc_buf_printf(&text, "; %zu log record%s say%s so", no_key, no_key > 1 ? "s" : "",
		                no_key > 1 ? "" : "s");
	/* The offset is that of the size that is 0 in the header. */
	smsc_finding *f = add_text(c, SMSC_RULE_K003, g, which == SMSC_SIGNATURE ? 12 : 20, &text);
	if (f && !proved)
		f->confidence = "likely";
}

/* ---- K014, K016 ------------------------------------------------------------------------------ */

static void check_replaced(smsc_case *c, const smsc_generation *g)
{
	const smsc_generation *old = smsc_generation_replaces(g);
	smsc_buf text = SMSC_BUF_INIT;
	if (!old)
		return;
	smsc_buf_printf(&text, "%s: generation %u has other keys than generation %u: %s", g->container,
	                g->number, old->number, g->change);
	smsc_finding *f = add_text(c, SMSC_RULE_K014, g, 0, &text);
	if (f && strcmp(g->guid, old->guid) && !together(old, g))
		f->confidence = "possible";
}

static void check_twin(smsc_case *c, const smsc_generation *g)
{
	smsc_buf text = SMSC_BUF_INIT;
	if (!g->twin || !strcmp(g->twin->guid, g->guid))
		return;
	smsc_buf_printf(&text, "%s: generation %u has the keys of generation %u, under MachineGuid %s "
	                "instead of %s", g->container, g->number, g->twin->number,
	                *g->guid ? g->guid : "(none)", *g->twin->guid ? g->twin->guid : "(none)");
	add_text(c, SMSC_RULE_K016, g, 0, &text);
}

/* ---- K001: the root of it all ------------------------------------------------------------------ */

static size_t count_orphans(const smsc_case *c, const smsc_snapshot *s, const char *guid)
{
	size_t count = 0;
	for (size_t i = 0; i < c->file_count; i++)
		count += c->files[i]->snapshot == s && !strcmp(c->files[i]->guid, guid);
	return count;
}

/* Each value is told once, by the first hive that has it. */
static bool reset_told(const smsc_case *c, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (c->softwares[i]->machine_guid && c->softwares[j]->machine_guid &&
		    !strcmp(c->softwares[i]->machine_guid, c->softwares[j]->machine_guid))
			return true;
	return false;
}

static void check_reset(smsc_case *c, const smsc_software *now)
{
	const smsc_software *old = now->machine_guid ? smsc_machine_before(c, now) : NULL;
	char when[29];
	if (!old || !strcmp(old->machine_guid, now->machine_guid))
		return;
	size_t orphans = count_orphans(c, now->snapshot, old->machine_guid);
	smsc_time_format(now->guid_written, when);
	smsc_finding *f = smsc_findings_add(&c->findings, c->arena, SMSC_RULE_K001,
		smsc_case_place(c, now->snapshot, now->path), now->guid_at,
		"MachineGuid was %s (%s), it is %s; its registry key was last written %s; %zu container file%s "
		"under the old value %s not found by CryptoAPI any more", old->machine_guid, old->snapshot->label,
		now->machine_guid, when, orphans, orphans == 1 ? "" : "s", orphans == 1 ? "is" : "are");
	if (f && !orphans)
		f->confidence = "likely";
	if (f && now->snapshot->host && !smsc_host_harmed(now->snapshot->host))
		f->severity = 2;
}

/* ---- K004, K005, K018: the private halves -------------------------------------------------------- */

/* That nothing could be opened is worth a word only where there was something to open it with. */
static void check_private(smsc_case *c, const smsc_generation *g, int which)
{
	static const struct {
		const char  *proof;
		smsc_rule_id rule;
	} rules[] = {
		{ "private-mismatch", SMSC_RULE_K004 }, { "private-damaged", SMSC_RULE_K018 },
		{ "locked", SMSC_RULE_K005 },
	};
	const smsc_key *k = g->keys[which];
	for (size_t i = 0; k && i < sizeof(rules) / sizeof(*rules); i++) {
		smsc_buf text = SMSC_BUF_INIT;
		if (strcmp(k->proof, rules[i].proof) || !*k->reason ||
		    (rules[i].rule == SMSC_RULE_K005 && !c->tried))
			continue;
		smsc_buf_printf(&text, "%s: the %s private key of generation %u: %s", g->container,
		                smsc_pair_name(which), g->number, k->reason);
		add_text(c, rules[i].rule, g, k->at, &text);
	}
}

/* ---- K013, K022: what became of each container ----------------------------------------------------- */

static void check_standing(smsc_case *c, const smsc_standing *s)
{
	smsc_buf text = SMSC_BUF_INIT;
	smsc_finding *f = NULL;
	if (s->fate == SMSC_FATE_ORPHANED && s->file) {
		smsc_buf_printf(&text, "%s: generation %u lies under MachineGuid %s, and %s is in force; no file of the "
		                "container has that name", s->any->container, s->file->generation->number,
		                *s->file->guid ? s->file->guid : "(none)", s->host->guid);
		f = add_text(c, SMSC_RULE_K013, s->file->generation, 0, &text);
		if (f && s->needed)
			f->severity = 3;
		if (f && !s->host->guid_read)
			f->confidence = "likely";
	} else if (s->fate == SMSC_FATE_GONE && s->file && (s->needed || s->any->product)) {
		smsc_buf_printf(&text, "%s: the file of generation %u is not in %s any more", s->any->container,
		                s->file->generation->number, s->host->now->label);
		f = add_text(c, SMSC_RULE_K025, s->file->generation, 0, &text);
		if (f && s->needed)
			f->severity = 3;
		if (f && !s->host->guid_read)
			f->confidence = "likely";
	} else if (smsc_standing_is_missing(s)) {
		smsc_buf_printf(&text, "%s: %s, and no file of this evidence holds its keys whole", s->any->container,
		                smsc_fate_text(s->fate));
		add_text(c, SMSC_RULE_K022, s->live ? s->live->generation : s->any, 0, &text);
	}
}

static void check_wreck(smsc_case *c, const smsc_generation *g)
{
	smsc_buf text = SMSC_BUF_INIT;
	if (!is_wreck(g))
		return;
	smsc_buf_printf(&text, "%s: the file of generation %u, ", g->container, g->number);
	smsc_number_text(&text, g->files[0]->size);
	smsc_buf_str(&text, " bytes, holds nothing that can be read, and CryptoAPI opens no other for this container");
	add_text(c, SMSC_RULE_K018, g, 0, &text);
}

static void tell_absent(smsc_case *c, const smsc_absent *a)
{
	smsc_finding *f = smsc_findings_add(&c->findings, c->arena, SMSC_RULE_K022,
	                                    smsc_case_place(c, a->snapshot, a->path), a->at,
	                                    "%s: %s, and no file of the container is in this evidence", a->container, a->why);
	/* Of a backup that is not whole, the folder may lack more. */
	if (f)
		f->confidence = "likely";
}

/* ---- K026 ------------------------------------------------------------------------------------------ */

static void put_fit(smsc_buf *out, const smsc_generation *g, const smsc_host *h)
{
	const char *old = h->before ? h->before->machine_guid : NULL;
	if (!h->guid)
		smsc_buf_str(out, "no backup of the folder is in this evidence, so nobody can say whether it is missed there");
	else if (!strcmp(g->guid, h->guid))
		smsc_buf_str(out, "its name ends in the MachineGuid in force: copied there, it would be found");
	else if (*g->guid && old && !strcmp(g->guid, old))
		smsc_buf_printf(out, "its name ends in the MachineGuid that was in force before: it would be found as %s_%s",
		                g->hash, h->guid);
	else
		smsc_buf_printf(out, "its name ends in %s, which is not known to have been this machine's MachineGuid: only if "
		                "it is of this machine, it would be found as %s_%s", *g->guid ? g->guid : "no MachineGuid", g->hash,
		                h->guid);
}

static void check_outside(smsc_case *c, const smsc_generation *g)
{
	const smsc_standing *s = g->standing;
	smsc_buf text = SMSC_BUF_INIT;
	if (!g->newest || (s && s->fate != SMSC_FATE_OUTSIDE))
		return;
	const smsc_generation *told = s && s->file ? s->file->generation : g;
	smsc_buf_printf(&text, "%s: generation %u lies outside of the folder that CryptoAPI looks in, and no file of the "
	                "container is in it; ", told->container, told->number);
	put_fit(&text, told, told->hosts[0]);
	for (int which = 0; which < 2; which++)
		if (told->keys[which])
			smsc_buf_printf(&text, "; %s %s", smsc_pair_name(which), told->keys[which]->proof);
	smsc_finding *f = add_text(c, SMSC_RULE_K026, told, 0, &text);
	if (f && s && s->needed)
		f->severity = 3;
}

/* ---- all --------------------------------------------------------------------------------------------- */

void smsc_key_rules(smsc_case *c)
{
	size_t no_key = count_no_key(c);
	for (size_t h = 0; h < c->host_count; h++) {
		for (size_t i = 0; i < c->hosts[h]->standing_count; i++)
			check_standing(c, c->hosts[h]->standings[i]);
		for (size_t i = 0; i < c->hosts[h]->absent_count; i++)
			tell_absent(c, &c->hosts[h]->absent[i]);
	}
	for (size_t i = 0; i < c->software_count; i++)
		if (!reset_told(c, i))
			check_reset(c, c->softwares[i]);
	for (size_t i = 0; i < c->generation_count; i++)
		check_guids(c, c->generations[i]);
	for (size_t i = 0; i < c->generation_count; i++) {
		const smsc_generation *g = c->generations[i];
		check_pair(c, g, SMSC_SIGNATURE, no_key);
		check_pair(c, g, SMSC_EXCHANGE, no_key);
		check_private(c, g, SMSC_SIGNATURE);
		check_private(c, g, SMSC_EXCHANGE);
		check_wreck(c, g);
		check_outside(c, g);
		check_replaced(c, g);
		check_twin(c, g);
	}
}
