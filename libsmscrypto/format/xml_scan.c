/* xml_scan.c - the tags and texts of XML that may be anything. */
#include "xml_scan.h"

smsc_xml smsc_xml_of(const smsc_plain *p, size_t from, size_t to)
{
	return (smsc_xml){ p, from, to < p->size ? to : p->size, false };
}

static bool is_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
	       c == ':' || c == '-' || c == '.' || (unsigned char)c >= 0x80 || c == '\x1a';
}

/* Past the first `mark`, or at the end. */
static void skip_past(smsc_xml *x, const char *mark)
{
	size_t size = strlen(mark);
	while (x->at + size <= x->end && memcmp(x->p->text + x->at, mark, size))
		x->at++;
	x->at = x->at + size <= x->end ? x->at + size : x->end;
}

static bool starts(const smsc_xml *x, const char *mark)
{
	size_t size = strlen(mark);
	return x->at + size <= x->end && !memcmp(x->p->text + x->at, mark, size);
}

static size_t take_name(smsc_xml *x)
{
	while (x->at < x->end && is_name(x->p->text[x->at]))
		x->at++;
	return x->at;
}

static bool attribute(smsc_xml *x, smsc_xml_token *t)
{
	const char *s = x->p->text;
	t->kind = SMSC_XML_ATTRIBUTE;
	t->name = x->at;
	t->name_end = take_name(x);
	t->from = t->to = x->at;
	while (x->at < x->end && (s[x->at] == ' ' || s[x->at] == '='))
		x->at++;
	if (x->at == x->end || (s[x->at] != '"' && s[x->at] != '\''))
		return true;
	char quote = s[x->at++];
	t->from = x->at;
	while (x->at < x->end && s[x->at] != quote)
		x->at++;
	t->to = x->at;
	x->at += x->at < x->end;
	return true;
}

/* Within a tag: its next attribute, or false behind its '>'. */
static bool next_in_tag(smsc_xml *x, smsc_xml_token *t)
{
	for (; x->at < x->end; x->at++) {
		char c = x->p->text[x->at];
		if (is_name(c))
			return attribute(x, t);
		if (c == '>' || c == '<') {
			x->at += c == '>';
			break;
		}
	}
	x->in_tag = false;
	return false;
}

static bool text(smsc_xml *x, smsc_xml_token *t, size_t from, size_t to)
{
	smsc_plain_trim(x->p, &from, &to);
	t->kind = SMSC_XML_TEXT;
	t->from = from;
	t->to = to;
	return from < to;
}

/* At '<': 1 a token, 0 nothing that counts. */
static bool markup(smsc_xml *x, smsc_xml_token *t)
{
	if (starts(x, "<!--")) {
		skip_past(x, "-->");
	} else if (starts(x, "<![CDATA[")) {
		size_t from = x->at + 9;
		x->at = from;
		skip_past(x, "]]>");
		return text(x, t, from, x->at >= from + 3 ? x->at - 3 : from);
	} else if (starts(x, "<?") || starts(x, "<!")) {
		skip_past(x, ">");
	} else {
		bool close = starts(x, "</");
		x->at += close ? 2 : 1;
		t->kind = close ? SMSC_XML_CLOSE : SMSC_XML_OPEN;
		t->name = t->from = t->to = x->at;
		t->name_end = take_name(x);
		x->in_tag = true;
		return t->name_end > t->name;
	}
	return false;
}

bool smsc_xml_next(smsc_xml *x, smsc_xml_token *t)
{
	*t = (smsc_xml_token){ .kind = SMSC_XML_TEXT };
	while (x->at < x->end) {
		if (x->in_tag) {
			if (next_in_tag(x, t))
				return true;
			continue;
		}
		if (x->p->text[x->at] == '<') {
			if (markup(x, t))
				return true;
			continue;
		}
		size_t from = x->at;
		while (x->at < x->end && x->p->text[x->at] != '<')
			x->at++;
		if (text(x, t, from, x->at))
			return true;
	}
	return false;
}
