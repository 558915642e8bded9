/* tcf.c - mobileclient.tcf: what client set-up is told about its site [sms-logs 6.4]. */
#include "format.h"
#include "trust_value.h"

#define ROOT_KEY "SMSPublicRootKey="
#define SITE "SMSSITECODE="

static void read_lines(smsc_record *r, const smsc_plain *p)
{
	size_t next = 0, from, to;
	while (smsc_plain_line(p, &next, &from, &to))
		if (smsc_plain_starts(p, from, to, SITE))
			smsc_put_plain(r, "site_code", "site that clients are assigned to", p, from + strlen(SITE), to);
		else if (smsc_plain_starts(p, from, to, ROOT_KEY))
			smsc_put_trust_hex(r, "trusted_root_key", "public key of the site that clients shall trust",
			                   SMSC_ROLE_ROOT_KEY, p, from + strlen(ROOT_KEY), to);
}

static void decode(smsc_span in, smsc_record *r)
{
	smsc_plain_decode(in, r, read_lines);
}

static int probe(smsc_span head, uint64_t size, const char *name)
{
	char room[SMSC_PEEK];
	smsc_plain p;
	(void)size;
	(void)name;
	smsc_plain_peek(&p, head, room);
	if (!p.size || p.text[0] == '<')
		return 0;
	size_t at = smsc_plain_find(&p, 0, ROOT_KEY);
	return at < SIZE_MAX && (!at || p.text[at - 1] == '\n' || p.text[at - 1] == '\r') ? 84 : 0;
}

const smsc_format smsc_tcf = {
	"tcf", "mobileclient.tcf: what client set-up is told about its site", probe, decode
};
