/* hive_facts.c - what a hive says of its machine, as derived fields of its record.  The values
 * of LSA secrets and the boot key are never among them. */
#include "hive_facts.h"

#include <string.h>

#include "machine.h"

static void put_text(smsc_record *r, const char *name, const char *meaning, const char *text, uint64_t at)
{
	if (text)
		smsc_put_text(r, name, meaning, text, strlen(text), at, 0);
}

static void put_time(smsc_record *r, const char *name, const char *meaning, smsc_time t, uint64_t at)
{
	if (t != SMSC_NEVER)
		smsc_put_time(r, name, meaning, t, at, 0);
}

static void put_software(smsc_record *r, const smsc_software *s)
{
	put_text(r, "machine_guid", "MachineGuid: key containers are found by it", s->machine_guid, s->guid_at);
	put_time(r, "machine_guid_written", "when the key Microsoft\\Cryptography was last written",
	         s->guid_written, s->guid_at);
	put_text(r, "product", "product", s->product, 0);
	put_text(r, "product_version", "version", s->version, 0);
	put_text(r, "build", "build number", s->build, 0);
	put_text(r, "service_pack", "service pack", s->service_pack, 0);
	put_time(r, "installed", "when Windows was installed", s->installed, 0);
}

static void put_system(smsc_record *r, const smsc_system *s)
{
	smsc_put_int(r, "control_set", "the current control set", s->control_set, 0, 0);
	put_text(r, "computer", "name of the computer", s->computer, 0);
	put_text(r, "product_type", "WinNT: workstation, ServerNT: server, LanmanNT: domain controller",
	         s->product_type, 0);
	put_text(r, "zone", "time zone", s->zone_name, 0);
	if (s->zone_known) {
		smsc_put_int(r, "zone_bias", "minutes in winter: UTC = local + bias",
		             s->zone.bias + s->zone.standard_bias, 0, 0);
		if (s->zone.daylight.month)
			smsc_put_int(r, "zone_daylight_bias", "minutes in summer",
			             s->zone.bias + s->zone.daylight_bias, 0, 0);
	}
	put_time(r, "shutdown", "when Windows was last shut down", s->shutdown, 0);
	put_text(r, "boot_key", "whether it can be computed; its value is secret",
	         s->boot_key ? "present" : "not present", 0);
	if (s->why)
		smsc_note(r, "%s", s->why);
}

static void put_security(smsc_record *r, const smsc_security *s)
{
	put_text(r, "lsa", "how LSA secrets are sealed", !s->policy_key.size ? "no key" :
	         s->nt6 ? "PolEKList, Windows Vista and later" : "PolSecretEncryptionKey, up to Windows 2003", 0);
	for (size_t i = 0; i < s->count; i++) {
		const smsc_lsa_secret *x = &s->secrets[i];
		smsc_record *secret = smsc_put_record(r, "secret", "an LSA secret; its values are not shown",
		                                      "lsa-secret", x->at, 0);
		put_text(secret, "name", "name", x->name, x->at);
		put_time(secret, "updated", "when the current value was set (CupdTime)", x->updated[0], x->at);
		put_time(secret, "old_updated", "when the value before it was set (OupdTime)", x->updated[1], x->at);
		smsc_put_int(secret, "sealed", "bytes of the current value, sealed", (int64_t)x->sealed[0].size, x->at, 0);
		smsc_put_int(secret, "old_sealed", "bytes of the value before it, sealed", (int64_t)x->sealed[1].size,
		             x->at, 0);
	}
}

/* The reader of the analysis wants a case to put its facts into: it gets one for a moment. */
void smsc_hive_facts(smsc_record *r, smsc_span in)
{
	smsc_error *wrong = NULL;
	smsc_snapshot nowhere = { .label = r->path };
	smsc_case *c = smsc_case_new(NULL, &wrong);
	if (c && smsc_machine_read(c, &nowhere, "", in, &wrong) == 0) {
		if (c->software_count)
			put_software(r, c->softwares[0]);
		if (c->system_count)
			put_system(r, c->systems[0]);
		if (c->security_count)
			put_security(r, c->securities[0]);
	}
	if (wrong)
		r->root->failed = true;
	smsc_error_free(wrong);
	smsc_case_unref(c);
}
