/* plan_after.c - what has to follow once the files are back, and what is not needed. */
#include <string.h>

#include "generation.h"
#include "keep.h"
#include "plan.h"
#include "witness.h"

/* Of more, K022 tells. */
enum { MAX_SEARCHES = 100, MAX_SKIPS = 20 };

static const smsc_standing *standing_of(const smsc_case *c, const smsc_host *h, const char *container)
{
	for (size_t i = 0; i < c->standing_count; i++)
		if (c->standings[i]->host == h && !*c->standings[i]->any->owner &&
		    !strcmp(c->standings[i]->any->container, container))
			return c->standings[i];
	return NULL;
}

/* ---- the management point ---- */

static void reinstall(smsc_case *c)
{
	smsc_step *s = smsc_step_new(c, SMSC_STEP_REINSTALL);
	if (!s)
		return;
	s->what = "the management point of the site";
	s->reason = "its certificate stands in several places: taking the role away and giving it back writes every one "
	            "of them anew (KB 884872)";
	s->check = "MPSetup.log and mpMSI.log end without an error; http://SERVER/SMS_MP/.sms_aut?mpkeyinformation shows "
	           "the values below";
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

static void tell_root_key(smsc_case *c, const smsc_standing *site)
{
	const smsc_key *k = site && site->wanted ? site->wanted->keys[SMSC_EXCHANGE] : NULL;
	smsc_step *s = k && k->public_blob.size ? smsc_step_new(c, SMSC_STEP_VALUE) : NULL;
	if (!s)
		return;
	s->what = "TrustedRootKey";
	s->to = hex_upper(c, k->public_blob);
	s->generation = site->wanted;
	s->proof = k->proof;
	s->reason = "what clients must hold in root\\ccm\\locationservices, class TrustedRootKey, and mobileclient.tcf as "
	            "SMSPublicRootKey: computed from the container, for comparison";
	s->check = "equal on the page .sms_aut?mpkeyinformation and on a client";
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

static void tell_certificate(smsc_case *c, const smsc_standing *agent)
{
	const smsc_generation *g = agent && agent->wanted ? agent->wanted : NULL;
	const smsc_certificate *x = g ? certificate_of(g, SMSC_SIGNATURE) : NULL;
	smsc_step *s = x ? smsc_step_new(c, SMSC_STEP_VALUE) : NULL;
	if (!s)
		return;
	s->what = "MPCertificate";
	s->to = hex_upper(c, x->der);
	s->generation = g;
	s->proof = g->keys[SMSC_SIGNATURE]->proof;
	s->reason = "what clients hold in the same class: the certificate of the old signature key; installing the "
	            "management point anew may make another one for the same key, which clients fetch by themselves";
	s->check = "its key is that of the page .sms_aut?mpkeyinformation: smscrypto match";
}

/* ---- clients ---- */

static void tell_clients(smsc_case *c, const smsc_standing *site)
{
	smsc_step *s = site && site->wanted ? smsc_step_new(c, SMSC_STEP_CLIENTS) : NULL;
	if (!s)
		return;
	s->what = "clients that were reset to the newer keys meanwhile (RESETKEYINFORMATION=TRUE)";
	s->to = "CCMSETUP.EXE RESETKEYINFORMATION=TRUE once more, after the management point is back";
	s->generation = site->wanted;
	s->reason = "they trust the newer keys; a client that was never reset holds the old ones and needs nothing";
	s->check = "LocationServices.log: \"Persisted Management Point Authentication Information locally\", and no "
	           "\"Both the trusted key and the mp certificate have changed\"";
}

static void verify(smsc_case *c, const smsc_host *h)
{
	smsc_step *s = smsc_step_new(c, SMSC_STEP_VERIFY);
	if (!s)
		return;
	s->what = "a new System State backup";
	s->reason = "the same proof as before, on the machine as it then is";
	s->check = smsc_plan_restores(c, h, SMSC_AGENT) ?
		"smscrypto diagnose with the new backup added ends with exit status 0 and without a plan; no more \"Will be discarded "
		"(0x8009000d)\" in CcmExec.log, and inventory arrives" :
		"smscrypto diagnose with the new backup added ends with exit status 0 and without a plan";
}

static void search(smsc_case *c, const smsc_standing *lost)
{
	smsc_step *s = smsc_step_new(c, SMSC_STEP_SEARCH);
	if (!s)
		return;
	const char *what = smsc_arena_printf(c->arena, "%s: a file that begins with %s", lost->any->container,
	                                     lost->any->hash);
	s->what = what ? what : "";
	s->to = "older backups, repair disks, copies of the folder MachineKeys";
	s->generation = lost->wanted ? lost->wanted : lost->live ? lost->live->generation : lost->any;
	s->reason = "no file of this evidence holds the keys whole";
	s->check = "add what is found to the evidence, and diagnose again";
}

void smsc_plan_after(smsc_case *c, const smsc_host *h)
{
	bool site = smsc_plan_restores(c, h, SMSC_SITE_SERVER), agent = smsc_plan_restores(c, h, SMSC_AGENT);
	if (site || agent)
		reinstall(c);
	if (site) {
		tell_root_key(c, standing_of(c, h, SMSC_SITE_SERVER));
		tell_certificate(c, standing_of(c, h, SMSC_AGENT));
		tell_clients(c, standing_of(c, h, SMSC_SITE_SERVER));
	}
	bool any = false;
	size_t searches = 0;
	for (size_t i = 0; i < c->standing_count; i++) {
		const smsc_standing *s = c->standings[i];
		if (s->host != h)
			continue;
		any |= smsc_plan_takes(s);
		if (smsc_standing_is_missing(s) && searches++ < MAX_SEARCHES)
			search(c, s);
	}
	if (any)
		verify(c, h);
}

/* ---- what is not needed ---- */

static void skip(smsc_case *c, const char *what, const char *reason)
{
	smsc_step *s = smsc_step_new(c, SMSC_STEP_SKIP);
	if (!s)
		return;
	s->what = what;
	s->reason = reason;
	s->check = "nothing is to be done";
}

/* A finding of K012 is the reason. */
static bool signing_is_ruled_out(const smsc_case *c)
{
	for (size_t i = 0; i < c->findings.count; i++)
		if (c->findings.at[i]->rule == SMSC_RULE_K012)
			return true;
	return false;
}

static void skip_container(smsc_case *c, const smsc_standing *s)
{
	const char *what = smsc_arena_printf(c->arena, "the older file of %s", s->any->container);
	smsc_step *step = what ? smsc_step_new(c, SMSC_STEP_SKIP) : NULL;
	if (!step)
		return;
	step->what = what;
	step->generation = s->wanted;
	step->reason = s->why;
	step->check = "nothing is to be done";
}

void smsc_plan_skip(smsc_case *c, const smsc_host *h)
{
	size_t skips = 0;
	for (size_t i = 0; i < c->standing_count; i++)
		if (c->standings[i]->host == h && c->standings[i]->fate == SMSC_FATE_RENEWED && skips++ < MAX_SKIPS)
			skip_container(c, c->standings[i]);
	if (smsc_plan_restores(c, h, SMSC_IIS))
		skip(c, "restoring metabase.bin, installing IIS anew", "the metabase is as good as its key, and the key comes back");
	if (signing_is_ruled_out(c))
		skip(c, "deleting rows of the table ClientKeyData, switching off client signing",
		     "messages are discarded because they cannot be decrypted, not because of their signature");
	if (smsc_plan_restores(c, h, SMSC_SITE_SERVER) || smsc_plan_restores(c, h, SMSC_AGENT))
		skip(c, "installing SMS anew, switching off encryption of inventory",
		     "with the old keys the site is what its clients expect, and messages can be read again");
}
