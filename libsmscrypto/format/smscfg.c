/* smscfg.c - SMSCFG.INI: who a client is, and the thumbprint of its certificate [sms-logs 6.3]. */
#include "format.h"
#include "trust_value.h"

#define UNIQUE "SMS Unique Identifier="
#define CERTIFICATE "SMS Certificate Identifier="

/* "SMS;AEE5...": a store of the machine and a thumbprint. */
static void put_certificate(smsc_record *r, const smsc_plain *p, size_t from, size_t to)
{
	size_t mid = from;
	while (mid < to && p->text[mid] != ';')
		mid++;
	smsc_put_plain(r, "store", "certificate store of the machine", p, from, mid);
	if (mid == to)
		smsc_damage(r, SMSC_RULE_D001, smsc_plain_at(p, to), "certificate: a store without a thumbprint");
	else
		smsc_put_thumbprint(r, "certificate", "certificate the client identifies itself with",
		                    SMSC_ROLE_CLIENT, p, mid + 1, to);
}

static void read_lines(smsc_record *r, const smsc_plain *p)
{
	size_t next = 0, from, to;
	while (smsc_plain_line(p, &next, &from, &to))
		if (smsc_plain_starts(p, from, to, UNIQUE))
			smsc_put_plain(r, "client", "unique identifier of the client", p, from + strlen(UNIQUE), to);
		else if (smsc_plain_starts(p, from, to, CERTIFICATE))
			put_certificate(r, p, from + strlen(CERTIFICATE), to);
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
	bool begins = p.size && (p.text[0] == '[' || p.text[0] == 'S' || p.text[0] == 's');
	return begins && (smsc_plain_find(&p, 0, CERTIFICATE) < SIZE_MAX ||
	                  smsc_plain_find(&p, 0, UNIQUE) < SIZE_MAX) ? 86 : 0;
}

const smsc_format smsc_smscfg = {
	"smscfg", "SMSCFG.INI: identifier of an SMS client and thumbprint of its certificate", probe, decode
};
