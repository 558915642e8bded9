/* sddl.c - security descriptors as text, in the words of Windows itself. */
#include "sddl.h"

#include <string.h>

#include "cursor.h"
#include "ident.h"

enum { DACL_PRESENT = 0x0004, SACL_PRESENT = 0x0010 };

typedef struct word {
	uint32_t    value;
	const char *text;
} word;

/* In the control word of the descriptor; those of the SACL stand one bit higher. */
static const word list_flags[] = { { 0x1000, "P" }, { 0x100, "AR" }, { 0x400, "AI" } };
static const word ace_types[] = {
	{ 0, "A" }, { 1, "D" }, { 2, "AU" }, { 3, "AL" }, { 5, "OA" }, { 6, "OD" }, { 7, "OU" },
	{ 8, "OL" }, { 9, "XA" }, { 10, "XD" }, { 17, "ML" },
};
static const word ace_flags[] = {
	{ 1, "OI" }, { 2, "CI" }, { 4, "NP" }, { 8, "IO" }, { 16, "ID" }, { 64, "SA" }, { 128, "FA" },
};
/* A mask that is one of these is said so. */
static const word whole_rights[] = {
	{ 0x1f01ff, "FA" }, { 0x120089, "FR" }, { 0x120116, "FW" }, { 0x1200a0, "FX" },
	{ 0xf003f, "KA" }, { 0x20019, "KR" }, { 0x20006, "KW" },
};
/* Else it is these together, or a number. */
static const word single_rights[] = {
	{ 0x10000000, "GA" }, { 0x80000000, "GR" }, { 0x40000000, "GW" }, { 0x20000000, "GX" },
	{ 0x1, "CC" }, { 0x2, "DC" }, { 0x4, "LC" }, { 0x8, "SW" }, { 0x10, "RP" }, { 0x20, "WP" },
	{ 0x40, "DT" }, { 0x80, "LO" }, { 0x100, "CR" }, { 0x10000, "SD" }, { 0x20000, "RC" },
	{ 0x40000, "WD" }, { 0x80000, "WO" },
};
static const struct { const char *sid, *text; } names[] = {
	{ "S-1-1-0", "WD" }, { "S-1-3-0", "CO" }, { "S-1-3-1", "CG" }, { "S-1-5-2", "NU" },
	{ "S-1-5-4", "IU" }, { "S-1-5-6", "SU" }, { "S-1-5-7", "AN" }, { "S-1-5-9", "ED" },
	{ "S-1-5-10", "PS" }, { "S-1-5-11", "AU" }, { "S-1-5-12", "RC" }, { "S-1-5-18", "SY" },
	{ "S-1-5-19", "LS" }, { "S-1-5-20", "NS" }, { "S-1-5-32-544", "BA" },
	{ "S-1-5-32-545", "BU" }, { "S-1-5-32-546", "BG" }, { "S-1-5-32-547", "PU" },
	{ "S-1-5-32-548", "AO" }, { "S-1-5-32-549", "SO" }, { "S-1-5-32-550", "PO" },
	{ "S-1-5-32-551", "BO" }, { "S-1-5-32-552", "RE" }, { "S-1-5-32-554", "RU" },
	{ "S-1-5-32-555", "RD" }, { "S-1-5-32-556", "NO" },
};

#define WORDS(TABLE) TABLE, sizeof(TABLE) / sizeof(*(TABLE))

static const char *text_of(const word *table, size_t count, uint32_t value)
{
	for (size_t i = 0; i < count; i++)
		if (table[i].value == value)
			return table[i].text;
	return NULL;
}

/* The words of all bits; what no word stands for is left. */
static uint32_t add_bits(smsc_buf *out, const word *table, size_t count, uint32_t bits)
{
	for (size_t i = 0; i < count; i++)
		if (bits & table[i].value) {
			smsc_buf_str(out, table[i].text);
			bits &= ~table[i].value;
		}
	return bits;
}

static void add_rights(smsc_buf *out, uint32_t mask)
{
	const char *text = text_of(WORDS(whole_rights), mask);
	uint32_t left = mask;
	if (text) {
		smsc_buf_str(out, text);
		return;
	}
	for (size_t i = 0; i < sizeof single_rights / sizeof *single_rights; i++)
		left &= ~single_rights[i].value;
	if (left)
		smsc_buf_printf(out, "0x%x", (unsigned)mask);
	else
		add_bits(out, WORDS(single_rights), mask);
}

static bool add_sid(smsc_buf *out, smsc_span sid)
{
	smsc_buf text = SMSC_BUF_INIT;
	bool good = smsc_sid_text(&text, sid) && !text.failed;
	const char *say = good ? text.data : "";
	for (size_t i = 0; good && i < sizeof names / sizeof *names; i++)
		if (strcmp(names[i].sid, text.data) == 0)
			say = names[i].text;
	smsc_buf_str(out, say);
	out->failed |= text.failed;
	smsc_buf_free(&text);
	return good;
}

/* Bytes of the SID at the start of `s`; 0 when it is torn. */
static size_t sid_size(smsc_span s)
{
	size_t size = s.size >= 8 ? 8 + 4u * ((const uint8_t *)s.data)[1] : 0;
	return size <= s.size ? size : 0;
}

static void add_guid(smsc_buf *out, smsc_cur *c, bool there)
{
	char text[SMSC_GUID_TEXT];
	smsc_span guid = there ? smsc_cur_take(c, 16) : smsc_span_of(NULL, 0);
	if (guid.size != 16)
		return;
	smsc_guid_text(guid.data, text);
	smsc_buf_str(out, text);
}

/* (type;flags;rights;object;inherited object;SID) */
static bool add_ace(smsc_buf *out, uint8_t type, uint8_t flags, smsc_span body)
{
	smsc_cur c = smsc_cur_of(body, 0);
	uint32_t mask = smsc_cur_u32(&c);
	bool of_object = type >= 5 && type <= 8;
	uint32_t guids = of_object ? smsc_cur_u32(&c) : 0;
	const char *text = text_of(WORDS(ace_types), type);
	smsc_buf_char(out, '(');
	if (text)
		smsc_buf_str(out, text);
	else
		smsc_buf_printf(out, "0x%x", type);
	smsc_buf_char(out, ';');
	add_bits(out, WORDS(ace_flags), flags);
	smsc_buf_char(out, ';');
	add_rights(out, mask);
	smsc_buf_char(out, ';');
	add_guid(out, &c, guids & 1);
	smsc_buf_char(out, ';');
	add_guid(out, &c, guids & 2);
	smsc_buf_char(out, ';');
	bool good = add_sid(out, smsc_cur_take(&c, smsc_cur_left(&c)));
	smsc_buf_char(out, ')');
	return good && smsc_cur_ok(&c);
}

static bool add_acl(smsc_buf *out, smsc_span acl)
{
	smsc_cur c = smsc_cur_of(acl, 0);
	smsc_cur_u16(&c);                            /* revision */
	uint16_t size = smsc_cur_u16(&c), count = smsc_cur_u16(&c);
	smsc_cur_u16(&c);
	if (size < 8 || size > acl.size)
		return false;
	c.size = size;
	for (; count && smsc_cur_ok(&c); count--) {  /* each takes 4 bytes at least */
		uint8_t type = smsc_cur_u8(&c), flags = smsc_cur_u8(&c);
		uint16_t bytes = smsc_cur_u16(&c);
		if (bytes < 4 || bytes - 4u > smsc_cur_left(&c))
			return false;
		if (!add_ace(out, type, flags, smsc_cur_take(&c, bytes - 4u)))
			return false;
	}
	return smsc_cur_ok(&c);
}

static bool add_owner(smsc_buf *out, const char *mark, smsc_span sd, uint32_t at)
{
	smsc_span sid = smsc_span_cut(sd, at, SIZE_MAX);
	if (!at)
		return true;
	smsc_buf_str(out, mark);
	return add_sid(out, smsc_span_cut(sid, 0, sid_size(sid)));
}

/* A list that is present but absent allows everything. */
static bool add_list(smsc_buf *out, const char *mark, uint32_t control, smsc_span sd, uint32_t at)
{
	smsc_buf_str(out, mark);
	add_bits(out, WORDS(list_flags), control);
	if (at)
		return add_acl(out, smsc_span_cut(sd, at, SIZE_MAX));
	smsc_buf_str(out, "NO_ACCESS_CONTROL");
	return true;
}

bool smsc_sddl_add(smsc_buf *out, smsc_span sd)
{
	smsc_cur c = smsc_cur_of(sd, 0);
	uint8_t revision = smsc_cur_u8(&c);
	smsc_cur_u8(&c);
	uint16_t control = smsc_cur_u16(&c);
	uint32_t owner = smsc_cur_u32(&c), group = smsc_cur_u32(&c);
	uint32_t sacl = smsc_cur_u32(&c), dacl = smsc_cur_u32(&c);
	if (!smsc_cur_ok(&c) || revision != 1)
		return false;
	bool good = add_owner(out, "O:", sd, owner) && add_owner(out, "G:", sd, group);
	if (good && control & DACL_PRESENT)
		good = add_list(out, "D:", control, sd, dacl);
	if (good && control & SACL_PRESENT)
		good = add_list(out, "S:", control >> 1, sd, sacl);
	return good;
}
