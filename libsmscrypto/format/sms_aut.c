/* sms_aut.c - what a management point answers to .sms_aut, saved from a browser, a log or the
 * wire [sms-logs 6.5]. */
#include "../base/text.h"
#include "format.h"
#include "trust_value.h"
#include "xml_scan.h"

/* What an element holds: a value that names a key, or words about the server. */
static const struct element {
	const char *tag, *name, *meaning, *role;  /* role NULL: words */
} elements[] = {
	{ "MPCERTIFICATE", "mp_certificate", "certificate of the management point", SMSC_ROLE_MP },
	{ "TRUSTEDROOTKEY", "trusted_root_key", "public key of the site that clients shall trust", SMSC_ROLE_ROOT_KEY },
	{ "Certificate", "mp_certificate", "certificate of the management point", SMSC_ROLE_MP },
	{ "Certificate1", "mp_signing_certificate", "signing certificate of the management point", SMSC_ROLE_MP },
	{ "Certificate2", "mp_encryption_certificate", "encryption certificate of the management point",
	  SMSC_ROLE_MP_ENCRYPTION },
	{ "X509Certificate", "site_signing_certificate", "certificate the site signs policies with",
	  SMSC_ROLE_SITE_SIGNING },
	{ "MACHINENAME", "machine_name", "name of the management point", NULL },
	{ "FQDN", "fqdn", "full name of the management point", NULL },
	{ "SITECODE", "site_code", "site of the management point", NULL },
	{ "AssignmentSiteCode", "assignment_site_code", "site that clients are assigned to", NULL },
	{ "Version", "version", "version of the management point", NULL },
};

static const struct element mp_name = { "Name", "machine_name", "name of the management point", NULL };

typedef struct page {
	smsc_record *r, *mp;          /* mp: the <MP> that is open, else r */
	const smsc_plain *p;
	const struct element *open;   /* NULL: an element of no interest */
	size_t signature, signature_end;
	size_t mp_begin;
} page;

static const struct element *element_of(const smsc_plain *p, size_t from, size_t to)
{
	for (size_t i = 0; i < sizeof elements / sizeof *elements; i++)
		if (smsc_plain_is(p, from, to, elements[i].tag))
			return &elements[i];
	return NULL;
}

static bool is(const page *g, const smsc_xml_token *t, const char *word)
{
	return smsc_plain_is(g->p, t->name, t->name_end, word);
}

/* The signature covers the text as it stands, in UTF-16 with its NUL. */
static void put_signature(page *g, smsc_record *value, const smsc_xml_token *t)
{
	smsc_buf bytes = SMSC_BUF_INIT;
	uint64_t at = smsc_plain_at(g->p, g->signature);
	if (!value || g->signature == g->signature_end)
		return;
	if (smsc_plain_hex(g->p, g->signature, g->signature_end, &bytes) && bytes.size)
		smsc_put_derived(value, "signature", "signature of the site, its low byte first",
		                 smsc_span_of(bytes.data, bytes.size), at);
	else if (!bytes.failed)
		smsc_damage(value, SMSC_RULE_D003, at, "signature: not all of it are pairs of hexadecimal digits");
	smsc_field *f = smsc_put_text(value, "signed_text", "what the signature covers", g->p->text + t->from,
	                              t->to - t->from, smsc_plain_at(g->p, t->from), 0);
	if (f && smsc_utf8_valid(smsc_span_of(f->as.text, t->to - t->from)) != t->to - t->from)
		f->as.text = "";
	g->r->failed |= bytes.failed;
	smsc_buf_free(&bytes);
}

static void put_text(page *g, const smsc_xml_token *t)
{
	const struct element *e = g->open;
	if (!e)
		return;
	if (e->role)
		put_signature(g, smsc_put_trust_hex(g->mp, e->name, e->meaning, e->role, g->p, t->from, t->to), t);
	else
		smsc_put_plain(g->mp, e->name, e->meaning, g->p, t->from, t->to);
}

static void put_attribute(page *g, const smsc_xml_token *t)
{
	if (is(g, t, "Signature")) {
		g->signature = t->from;
		g->signature_end = t->to;
	} else if (is(g, t, "MPCertificatesEx")) {
		smsc_put_trust_hex(g->mp, "mp_certificate", elements[0].meaning, SMSC_ROLE_MP, g->p, t->from, t->to);
	} else if (g->mp != g->r && is(g, t, mp_name.tag)) {
		smsc_put_plain(g->mp, mp_name.name, mp_name.meaning, g->p, t->from, t->to);
	} else if (g->mp != g->r && is(g, t, "SiteCode")) {
		smsc_put_plain(g->mp, "site_code", "site of the management point", g->p, t->from, t->to);
	}
}

static void close_mp(page *g, size_t end)
{
	if (g->mp == g->r)
		return;
	for (size_t i = 0; i < g->r->count; i++)
		if (g->r->fields[i].type == SMSC_RECORD && g->r->fields[i].as.record == g->mp)
			g->r->fields[i].bytes = (uint64_t)(end - g->mp_begin) * g->p->step;
	g->mp = g->r;
}

static void open_tag(page *g, const smsc_xml_token *t)
{
	g->open = element_of(g->p, t->name, t->name_end);
	g->signature = g->signature_end = 0;
	if (!is(g, t, "MP"))
		return;
	close_mp(g, t->name - 1);
	g->mp_begin = t->name - 1;
	g->mp = smsc_put_record(g->r, "mp", "one management point of the list", "management-point",
	                        smsc_plain_at(g->p, g->mp_begin), 0);
}

static void read_page(smsc_record *r, const smsc_plain *p)
{
	page g = { .r = r, .mp = r, .p = p };
	smsc_xml x = smsc_xml_of(g.p, 0, g.p->size);
	smsc_xml_token t;
	bool closed = false;
	while (smsc_xml_next(&x, &t)) {
		if (t.kind == SMSC_XML_OPEN)
			open_tag(&g, &t);
		else if (t.kind == SMSC_XML_ATTRIBUTE)
			put_attribute(&g, &t);
		else if (t.kind == SMSC_XML_TEXT)
			put_text(&g, &t);
		else
			g.open = NULL;
		if (t.kind == SMSC_XML_CLOSE && is(&g, &t, "MP"))
			close_mp(&g, x.at);
		closed = t.kind == SMSC_XML_CLOSE;
	}
	close_mp(&g, g.p->size);
	if (!closed || x.in_tag)
		smsc_damage(g.r, SMSC_RULE_D001, g.p->base + g.p->bytes.size, "the page ends within an element");
}

static void decode(smsc_span in, smsc_record *r)
{
	smsc_plain_decode(in, r, read_page);
}

static bool has_root(const smsc_plain *p)
{
	static const char *const roots[] = { "<MPKEYINFORMATION", "<MPCertificate", "<TRUSTEDROOTKEY", "<MPList",
	                                     "<X509Data" };
	for (size_t i = 0; i < sizeof roots / sizeof *roots; i++)
		if (smsc_plain_find(p, 0, roots[i]) < SIZE_MAX)
			return true;
	return false;
}

static int probe(smsc_span head, uint64_t size, const char *name)
{
	char room[SMSC_PEEK];
	smsc_plain p;
	size_t from = 0, to;
	(void)size;
	(void)name;
	smsc_plain_peek(&p, head, room);
	to = p.size;
	smsc_plain_trim(&p, &from, &to);
	bool begins = from < to && (p.text[from] == '<' || (to - from > 5 && !memcmp(p.text + from, "HTTP/", 5)));
	return begins && has_root(&p) ? 88 : 0;
}

const smsc_format smsc_sms_aut = {
	"sms-aut", "answer of a management point to .sms_aut (keys and certificates it publishes)", probe, decode
};
