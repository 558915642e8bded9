/* ccm_message.c - a message between client and management point, as CCM_POST sends it or a queue
 * keeps it [sms-logs 6.6].
 *
 * No description of queue files is public, so the parts are searched: the header by its XML, the
 * body behind it as an encrypted message or a zlib stream, whichever holds the other.
 */
#include "../base/text.h"
#include "cms.h"
#include "format.h"
#include "key_finder.h"
#include "unzlib.h"
#include "xml_scan.h"

#define MAX_BODY  (4u << 20)   /* unpacked */
#define MAX_TEXT  65536u       /* of a body that is shown */
#define MAX_TRIES 16           /* places that may be a zlib stream */

static const struct element {
	const char *tag, *name, *meaning;
} elements[] = {
	{ "ID", "id", "identifier of the message" },
	{ "SourceID", "source_id", "identifier of the sender" },
	{ "SourceHost", "source_host", "host of the sender" },
	{ "TargetAddress", "target_address", "queue it is for" },
	{ "TargetHost", "target_host", "host it is for" },
	{ "TargetEndpoint", "target_endpoint", "endpoint it is for" },
	{ "ReplyTo", "reply_to", "where the answer shall go" },
	{ "CorrelationID", "correlation_id", "message that this one answers" },
	{ "SentTime", "sent_time", "when it was sent" },
};

/* ---- header ---- */

static const struct element *element_of(const smsc_plain *p, const smsc_xml_token *t)
{
	for (size_t i = 0; i < sizeof elements / sizeof *elements; i++)
		if (smsc_plain_is(p, t->name, t->name_end, elements[i].tag))
			return &elements[i];
	return NULL;
}

/* What of a hook concerns keys. */
static void put_hook(smsc_record *r, const smsc_plain *p, const smsc_xml_token *t)
{
	if (smsc_plain_is(p, t->from, t->to, "zlib-compress") || smsc_plain_is(p, t->from, t->to, "compress") ||
	    smsc_plain_is(p, t->from, t->to, "authenticate") || smsc_plain_is(p, t->from, t->to, "clientauth") ||
	    smsc_plain_is(p, t->from, t->to, "encrypt"))
		smsc_put_plain(r, "hook", "what was done to the message", p, t->from, t->to);
}

static void read_header(smsc_record *r, const smsc_plain *p, size_t end)
{
	smsc_xml x = smsc_xml_of(p, 0, end);
	smsc_xml_token t;
	const struct element *open = NULL;
	bool key = false;
	while (smsc_xml_next(&x, &t)) {
		if (t.kind == SMSC_XML_OPEN) {
			open = element_of(p, &t);
			key = false;
		} else if (t.kind == SMSC_XML_ATTRIBUTE && smsc_plain_is(p, t.name, t.name_end, "Name")) {
			put_hook(r, p, &t);
			key = smsc_plain_is(p, t.from, t.to, "PublicKey");
		} else if (t.kind == SMSC_XML_TEXT && open) {
			smsc_put_plain(r, open->name, open->meaning, p, t.from, t.to);
		} else if (t.kind == SMSC_XML_TEXT && key) {
			smsc_put_trust_hex(r, "client_key", "public key of the client that signed it", SMSC_ROLE_KEY, p,
			                   t.from, t.to);
		} else if (t.kind == SMSC_XML_CLOSE) {
			open = NULL;
		}
	}
}

/* "<Msg" in one byte or two; SIZE_MAX. */
static size_t find_header(smsc_span in)
{
	static const char wide[] = "<\0M\0s\0g\0";
	const char *narrow = memmem(in.data, in.size, "<Msg ", 5);
	const char *found = memmem(in.data, in.size, wide, 8);
	if (!found || (narrow && narrow < found))
		found = narrow;
	return found ? (size_t)(found - (const char *)in.data) : SIZE_MAX;
}

/* The bytes of the header, from its "<Msg"; all that is there when it has no end. */
static size_t put_header(smsc_record *r, smsc_span in, size_t at)
{
	smsc_plain p;
	size_t end, bytes;
	if (!smsc_plain_open(&p, smsc_span_cut(in, at, in.size), at)) {
		r->failed = true;
		return in.size - at;
	}
	end = smsc_plain_find(&p, 0, "</Msg>");
	if (end == SIZE_MAX)
		smsc_damage(r, SMSC_RULE_D001, in.size, "the header of the message has no end");
	end = end == SIZE_MAX ? p.size : end + 6;
	bytes = end * p.step;
	smsc_record *header = smsc_put_record(r, "header", "header of the message", "ccm-header", at, bytes);
	read_header(header, &p, end);
	smsc_plain_close(&p);
	return bytes;
}

/* ---- body ---- */

static void put_cms(smsc_record *r, smsc_span in, size_t from, uint64_t at, bool derived)
{
	smsc_span message = smsc_span_cut(in, from, in.size);
	smsc_tlv t;
	smsc_span rest = message;
	if (smsc_asn1_next(&rest, &t))
		message = t.whole;
	smsc_cms_put(smsc_put_record(r, "encrypted", "the body, encrypted", "cms", derived ? at : at + from,
	                             derived ? 0 : message.size), message, derived ? at : at + from, derived);
}

/* A body in the clear is UTF-16 XML; of a registration it has the client's certificates. */
static void put_clear(smsc_record *r, smsc_span body, uint64_t at)
{
	smsc_found_list list = { .r = r, .certificate_role = SMSC_ROLE_CLIENT, .key_role = SMSC_ROLE_KEY };
	smsc_buf text = SMSC_BUF_INIT;
	smsc_span shown = smsc_span_cut(body, 0, MAX_TEXT);
	const uint8_t *b = body.data;
	bool wide = body.size >= 2 && !b[1];
	while (shown.size > 1 && wide && !b[shown.size - 1] && !b[shown.size - 2])
		shown.size -= 2;
	if (wide)
		smsc_text_utf16(&text, shown);
	else
		smsc_text_guess(&text, shown, r->codepage);
	if (text.data && !text.failed)
		smsc_put_derived_text(r, "body", "the body, unpacked", text.data, at);
	r->root->failed |= text.failed;
	smsc_buf_free(&text);
	if (!smsc_finder_open(&list.finder, smsc_found_put, &list)) {
		r->root->failed = true;
		return;
	}
	/* What is found stands in unpacked bytes, not in the stream: it is put as derived. */
	size_t before = r->count;
	smsc_finder_feed(&list.finder, body.data, body.size);
	smsc_finder_end(&list.finder);
	for (size_t i = before; i < r->count; i++) {
		r->fields[i].at = at;
		r->fields[i].bytes = 0;
	}
	smsc_finder_close(&list.finder);
}

static void put_unpacked(smsc_record *r, smsc_span body, uint64_t at)
{
	size_t cms = smsc_cms_find(smsc_span_cut(body, 0, 64));
	if (cms != SIZE_MAX)
		put_cms(r, body, cms, at, true);
	else
		put_clear(r, body, at);
}

/* Tries one place: true when a zlib stream stands there. */
static bool try_zlib(smsc_record *r, smsc_span in, size_t from, uint64_t at)
{
	smsc_buf out = SMSC_BUF_INIT;
	size_t used;
	smsc_unzlib_state state = smsc_unzlib(smsc_span_cut(in, from, in.size), MAX_BODY, &out, &used);
	bool good = state == SMSC_UNZLIB_DONE || (state != SMSC_UNZLIB_NOMEM && out.size >= 64);
	r->root->failed |= state == SMSC_UNZLIB_NOMEM || out.failed;
	if (good) {
		smsc_record *body = smsc_put_record(r, "packed", "the body, packed", "zlib", at + from, used);
		if (state != SMSC_UNZLIB_DONE)
			smsc_damage(body, state == SMSC_UNZLIB_LIMIT ? SMSC_RULE_D008 : SMSC_RULE_D001, at + from + used,
			            state == SMSC_UNZLIB_LIMIT ? "only its first 4 MiB were unpacked" :
			            "its packed bytes are cut or damaged after %zu", used);
		put_unpacked(body, smsc_span_of(out.data, out.size), at + from);
	}
	smsc_buf_free(&out);
	return good;
}

static void put_body(smsc_record *r, smsc_span in, uint64_t at)
{
	size_t cms = smsc_cms_find(in);
	unsigned tries = 0;
	if (cms != SIZE_MAX) {
		put_cms(r, in, cms, at, false);
		return;
	}
	for (size_t i = 0; i + 8 <= in.size && tries < MAX_TRIES && !r->failed; i++)
		if (smsc_unzlib_starts(smsc_span_cut(in, i, in.size))) {
			tries++;
			if (try_zlib(r, in, i, at))
				return;
		}
	smsc_damage(r, SMSC_RULE_D004, at, "no body is found, neither encrypted nor packed");
}

static void decode(smsc_span in, smsc_record *r)
{
	size_t at = find_header(in);
	if (at == SIZE_MAX) {
		smsc_damage(r, SMSC_RULE_D004, 0, "no header of a message is found");
		return;
	}
	size_t end = at + put_header(r, in, at);
	if (end < in.size)
		put_body(r, smsc_span_cut(in, end, in.size), end);
	else
		smsc_damage(r, SMSC_RULE_D001, in.size, "the message has no body");
}

static int probe(smsc_span head, uint64_t size, const char *name)
{
	char room[SMSC_PEEK];
	smsc_plain p;
	(void)size;
	(void)name;
	size_t at = find_header(smsc_span_cut(head, 0, 8192));
	if (at == SIZE_MAX)
		return 0;
	smsc_plain_peek(&p, smsc_span_cut(head, at, 512), room);
	return smsc_plain_find(&p, 0, "SchemaVersion") < SIZE_MAX ? 82 : 0;
}

const smsc_format smsc_ccm_message = {
	"ccm-message", "message of an SMS client (CCM_POST or a queue file): header, recipients", probe, decode
};
