/* plan_after.c - what has to follow once the files are back, and what is not needed. */
#include <string.h>

#include "absent.h"
#include "generation.h"
#include "keep.h"
#include "plan.h"
#include "witness.h"

/* Of more, K022 tells. */
enum { MAX_SEARCHES = 100, MAX_SKIPS = 20 };

/* ---- the management point ---- */

static void reinstall(const smsc_plan *p)
{
	smsc_plan_add(p, (smsc_step){
		.action = SMSC_STEP_REINSTALL, .what = "the management point of the site",
		.reason = "its certificate stands in several places: taking the role away and giving it back writes every one "
		          "of them anew (KB 884872)",
		.check = "MPSetup.log and mpMSI.log end without an error; http://SERVER/SMS_MP/.sms_aut?mpkeyinformation shows "
		         "the values below" });
}

/* Upper-case hexadecimal, as the WMI class has it. */
static const char *hex_upper(smsc_case *c, smsc_span bytes)
{
	smsc_buf text = SMSC_BUF_INIT;
	smsc_buf_hex(&text, bytes.data, bytes.size);
	for (size_t i = 0; i < text.size; i++)
		if (text.data[i] >= 'a')
			text.data[i] = (char)(text.data[i] - 'a' + 'A');
	return smsc_keep_text(c->arena, &text);
}

static void tell_root_key(const smsc_plan *p)
{
	const smsc_generation *g = smsc_host_standing(p->host, SMSC_SITE_SERVER)->wanted;
	const smsc_key *k = g->keys[SMSC_EXCHANGE];
	if (!k || !k->public_blob.size)
		return;
	smsc_plan_add(p, (smsc_step){
		.action = SMSC_STEP_VALUE, .what = "TrustedRootKey", .to = hex_upper(p->c, k->public_blob),
		.generation = g, .proof = k->proof,
		.reason = "what clients must hold in root\\ccm\\locationservices, class TrustedRootKey, and mobileclient.tcf as "
		          "SMSPublicRootKey: computed from the container, for comparison",
		.check = "equal on the page .sms_aut?mpkeyinformation and on a client" });
}

/* The newest certificate of the store SMS for that key; what else has the key is no part of SMS. */
static const smsc_certificate *certificate_of(const smsc_generation *g, int which)
{
	const smsc_certificate *best = NULL;
	for (size_t i = 0; i < g->certificate_count[which]; i++) {
		const smsc_certificate *x = g->certificates[which][i];
		if (!strcmp(x->store, "SMS") && (!best || x->not_before > best->not_before))
			best = x;
	}
	return best;
}

static void tell_certificate(const smsc_plan *p)
{
	const smsc_standing *agent = smsc_host_standing(p->host, SMSC_AGENT);
	const smsc_generation *g = agent ? agent->wanted : NULL;
	const smsc_certificate *x = g ? certificate_of(g, SMSC_SIGNATURE) : NULL;
	if (!x)
		return;
	smsc_plan_add(p, (smsc_step){
		.action = SMSC_STEP_VALUE, .what = "MPCertificate", .to = hex_upper(p->c, x->der), .generation = g,
		.proof = g->keys[SMSC_SIGNATURE]->proof,
		.reason = "what clients hold in the same class: the certificate of the old signature key; installing the "
		          "management point anew may make another one for the same key, which clients fetch by themselves",
		.check = "its key is that of the page .sms_aut?mpkeyinformation: smscrypto match" });
}

/* ---- clients ---- */

static void tell_clients(const smsc_plan *p)
{
	smsc_plan_add(p, (smsc_step){
		.action = SMSC_STEP_CLIENTS, .generation = smsc_host_standing(p->host, SMSC_SITE_SERVER)->wanted,
		.what = "clients that were reset to the newer keys meanwhile (RESETKEYINFORMATION=TRUE)",
		.to = "CCMSETUP.EXE RESETKEYINFORMATION=TRUE once more, after the management point is back",
		.reason = "they trust the newer keys; a client that was never reset holds the old ones and needs nothing",
		.check = "LocationServices.log: \"Persisted Management Point Authentication Information locally\", and no "
		         "\"Both the trusted key and the mp certificate have changed\"" });
}

static void verify(const smsc_plan *p)
{
	smsc_plan_add(p, (smsc_step){
		.action = SMSC_STEP_VERIFY, .what = "a new System State backup",
		.reason = "the same proof as before, on the machine as it then is",
		.check = smsc_plan_restores(p, SMSC_AGENT) ?
			"smscrypto diagnose with the new backup added ends with exit status 0 and without a plan; no more \"Will "
			"be discarded (0x8009000d)\" in CcmExec.log, and inventory arrives" :
			"smscrypto diagnose with the new backup added ends with exit status 0 and without a plan" });
}

static void search(const smsc_plan *p, const smsc_standing *lost, const char *reason)
{
	smsc_plan_add(p, (smsc_step){
		.action = SMSC_STEP_SEARCH, .to = "older backups, repair disks, copies of the folder MachineKeys",
		.what = smsc_keep_printf(p->c->arena, "%s: a file that begins with %s", lost->any->container, lost->any->hash),
		.generation = lost->wanted ? lost->wanted : lost->live ? lost->live->generation : lost->any,
		.reason = reason,
		.check = "add what is found to the evidence, and diagnose again" });
}

/* What clients trust, and no file has: keys of this site before all backups, or another site's. */
static void search_trusted(const smsc_plan *p, const char *role, const char *container)
{
	const smsc_standing *s = smsc_host_standing(p->host, container);
	for (size_t i = 0; s && !smsc_standing_is_missing(s) && i < p->c->trust_count; i++) {
		const smsc_trust *t = p->c->trusts[i];
		if (!t->snapshot || t->generation || strcmp(t->role, role) || !smsc_trust_is_belief(t))
			continue;
		search(p, s, smsc_keep_printf(p->c->arena, "%s (%s) names a key that no file of this evidence has: if it is "
		                              "about this site, its clients trust keys from before all of these backups",
		                              smsc_case_place(p->c, t->snapshot, t->path), role));
		return;
	}
}

static void search_absent(const smsc_plan *p, const smsc_absent *a)
{
	smsc_plan_add(p, (smsc_step){
		.action = SMSC_STEP_SEARCH, .to = "older backups, repair disks, copies of the folder MachineKeys",
		.what = smsc_keep_printf(p->c->arena, "%s: a file that begins with %s", a->container, a->hash),
		.reason = smsc_keep_printf(p->c->arena, "%s, and no file of the container is in this evidence", a->why),
		.check = "add what is found to the evidence, and diagnose again" });
}

void smsc_plan_after(const smsc_plan *p)
{
	bool site = smsc_plan_restores(p, SMSC_SITE_SERVER);
	size_t searches = 0;
	if (site || smsc_plan_restores(p, SMSC_AGENT))
		reinstall(p);
	if (site) {
		tell_root_key(p);
		tell_certificate(p);
		tell_clients(p);
	}
	for (size_t i = 0; i < p->host->standing_count && searches < MAX_SEARCHES; i++)
		if (smsc_standing_is_missing(p->host->standings[i])) {
			search(p, p->host->standings[i], "no file of this evidence holds the keys whole");
			searches++;
		}
	search_trusted(p, "trusted-root-key", SMSC_SITE_SERVER);
	search_trusted(p, "mp-certificate", SMSC_AGENT);
	for (size_t i = 0; i < p->host->absent_count && i < MAX_SEARCHES; i++)
		search_absent(p, &p->host->absent[i]);
	if (p->count)
		verify(p);
}

/* ---- what is not needed ---- */

static void skip(const smsc_plan *p, const smsc_generation *g, const char *what, const char *reason)
{
	smsc_plan_add(p, (smsc_step){ .action = SMSC_STEP_SKIP, .generation = g, .what = what, .reason = reason,
	                              .check = "nothing is to be done" });
}

/* A finding of K012 is the reason. */
static bool signing_is_ruled_out(const smsc_case *c)
{
	for (size_t i = 0; i < c->findings.count; i++)
		if (c->findings.at[i]->rule == SMSC_RULE_K012)
			return true;
	return false;
}

void smsc_plan_skip(const smsc_plan *p)
{
	size_t skips = 0;
	for (size_t i = 0; i < p->host->standing_count; i++) {
		const smsc_standing *s = p->host->standings[i];
		if (s->fate == SMSC_FATE_RENEWED && skips++ < MAX_SKIPS)
			skip(p, s->wanted, smsc_keep_printf(p->c->arena, "the older file of %s", s->any->container), s->why);
	}
	if (smsc_plan_restores(p, SMSC_IIS))
		skip(p, NULL, "restoring metabase.bin, installing IIS anew",
		     "the metabase is as good as its key, and the key comes back");
	if (signing_is_ruled_out(p->c))
		skip(p, NULL, "deleting rows of the table ClientKeyData, switching off client signing",
		     "messages are discarded because they cannot be decrypted, not because of their signature");
	if (smsc_plan_restores(p, SMSC_SITE_SERVER) || smsc_plan_restores(p, SMSC_AGENT))
		skip(p, NULL, "installing SMS anew, switching off encryption of inventory",
		     "with the old keys the site is what its clients expect, and messages can be read again");
}
