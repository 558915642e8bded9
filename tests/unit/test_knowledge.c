/* test_knowledge.c - each line about keys is told from all others, and codes in any spelling. */
#include <ctype.h>
#include <strings.h>

#include "../sample.h"
#include "analysis/code.h"
#include "analysis/knowledge.h"
#include "log_rows.h"

/* The lines of the corpus that are known: one for each row of the table. */
typedef struct line {
	char    *component, *text, *data;
	smsc_row row;
} line;

static line   samples[256];
static size_t line_count;

static char *keep(smsc_span *s)
{
	char *copy = strndup(s->data ? s->data : "", s->size);
	s->data = copy;
	return copy;
}

static void load(const char *name)
{
	const char *path = sample_path("SMSC_CORPUS", name);
	cr_assert(path, "%s", name);
	smsc_span s = sample_load(path);
	feed f = { .left = s };
	smsc_error *err = NULL;
	smsc_row row = SMSC_ROW_INIT;
	smsc_log *l = feed_open(&f, NULL, &err);
	while (smsc_log_next(l, &row, &err)) {
		line *here = &samples[line_count];
		if (!strncmp(row.text.data, "#Date", 5))
			continue;
		here->row = row;
		here->component = keep(&here->row.component);
		here->text = keep(&here->row.text);
		here->data = memcpy(malloc(row.data.size + 1), row.data.size ? row.data.data : "", row.data.size);
		here->row.data.data = here->data;
		line_count++;
	}
	cr_assert_null(err);
	smsc_log_unref(l);
	sample_free(s);
}

static void load_all(void)
{
	load("ccm-log/known.log");
	load("sms-log/known.log");
	load("setup-log/known.log");
	load("iis-log/known.log");
	load("evt/known.Evt");
}

static void forget_all(void)
{
	for (size_t i = 0; i < line_count; i++) {
		free(samples[i].component);
		free(samples[i].text);
		free(samples[i].data);
	}
}

TestSuite(knowledge, .init = load_all, .fini = forget_all);

static bool is_event(const line *l)
{
	return !strncmp(l->row.form, "evt", 3);
}

static smsc_row row_of(const char *component, const char *text)
{
	smsc_row row = SMSC_ROW_INIT;
	row.component = (smsc_span){ component, strlen(component) };
	row.text = (smsc_span){ text, strlen(text) };
	return row;
}

/* The plainest reading of a pattern, to hold against the search. */
static bool fits(const smsc_known *k, const char *component, const char *text)
{
	char part[300];
	if (k->strict && strcasecmp(k->component, component))
		return false;
	for (const char *p = k->text; *p; ) {
		const char *gap = strstr(p, "{}");
		size_t size = gap ? (size_t)(gap - p) : strlen(p);
		snprintf(part, sizeof part, "%.*s", (int)size, p);
		text = strstr(text, part);
		if (!text)
			return false;
		text += size;
		p += gap ? size + 2 : size;
	}
	return true;
}

/* A line of a text log fits its own row and no other; of two rows about one event, that of the
 * longer pattern is told. */
Test(knowledge, each_row_has_a_line_of_its_own)
{
	smsc_known_hit hit;
	const smsc_known *k;
	size_t rows = 0;
	for (; (k = smsc_known_at(rows)); rows++) {
		size_t told = 0;
		for (size_t s = 0; s < line_count; s++) {
			bool it = smsc_known_match(&samples[s].row, &hit) && hit.known == k;
			told += it;
			if (!is_event(&samples[s]) && *k->id == 'L')
				cr_assert_eq(fits(k, samples[s].component, samples[s].text), it, "%s: %s", k->id, samples[s].text);
		}
		cr_assert_eq(told, 1, "%s has %zu lines", k->id, told);
		for (size_t i = 0; i < rows; i++)
			cr_assert_str_neq(smsc_known_at(i)->id, k->id);
	}
	cr_assert_eq(rows, line_count);
	cr_assert_geq(rows, 138);
}

Test(knowledge, matching)
{
	smsc_known_hit hit, same;
	for (size_t i = 0; i < line_count && !is_event(&samples[i]); i++) {
		cr_assert(smsc_known_match(&samples[i].row, &hit), "%s", samples[i].text);
		/* Also within other text: viewers lose letters, articles add some. */
		for (size_t before = 0; before < 12; before++) {
			char text[600];
			snprintf(text, sizeof text, "%.*s%s and more", (int)before, "xxxxxxxxxxxx", samples[i].text);
			smsc_row row = row_of(samples[i].component, text);
			cr_assert(smsc_known_match(&row, &same), "%s", text);
			cr_assert_eq(same.known, hit.known, "%s", text);
		}
		/* From another component only what says enough by itself. */
		smsc_row other = row_of("X", samples[i].text);
		cr_assert_eq(smsc_known_match(&other, &same), !hit.known->strict, "%s", samples[i].text);
	}
}

/* An event is known by source and id, not by words. */
Test(knowledge, other_events)
{
	smsc_known_hit hit;
	for (size_t i = 0; i < line_count; i++) {
		smsc_row row = samples[i].row;
		/* "IISCTLS ": all of that source. */
		if (!is_event(&samples[i]) || !smsc_known_match(&row, &hit) ||
		    hit.known->text[strlen(hit.known->text) - 1] == ' ')
			continue;
		row.event_id += 10000;
		cr_assert_not(smsc_known_match(&row, &hit), "%s", samples[i].text);
		row.event_id -= 10000;
		row.component.size--;
		cr_assert_not(smsc_known_match(&row, &hit), "%s", samples[i].text);
	}
}

static void check_event_code(const char *begin, const char *name)
{
	smsc_known_hit hit;
	for (size_t i = 0; i < line_count; i++) {
		if (strncmp(samples[i].text, begin, strlen(begin)))
			continue;
		cr_assert(smsc_known_match(&samples[i].row, &hit));
		cr_assert_eq(hit.code_count, 1, "%s: %zu codes", begin, hit.code_count);
		cr_assert_str_eq(smsc_code_name(hit.codes[0]), name);
		return;
	}
	cr_assert(false, "%s is not there", begin);
}

/* In the data, behind "%%", as a number. */
Test(knowledge, codes_of_events)
{
	check_event_code("W3SVC 116", "ERROR_PATH_NOT_FOUND");
	check_event_code("Service Control Manager 7000", "ERROR_ACCESS_DENIED");
	check_event_code("Service Control Manager 7001", "ERROR_NO_TOKEN");
	check_event_code("Service Control Manager 7023: SMS", "NTE_BAD_KEYSET");
	check_event_code("Service Control Manager 7024: SMS", "NTE_BAD_KEY_STATE");
	check_event_code("Service Control Manager 7024: IIS", "NTE_BAD_SIGNATURE");
	check_event_code("DCOM 10005: %%1068", "ERROR_SERVICE_DEPENDENCY_FAIL");
	check_event_code("Schannel 36870", "NTE_BAD_KEYSET");
}

Test(knowledge, ordinary_lines)
{
	static const char *const lines[] = {
		"", "x", "Entering", "Certificate Maintenance", "Successfully created", "Will be discarded (expired).",
		"EndpointMessage(Queue='MP_DdrEndpoint', ID={}): Delivered successfully.",
		"Invoking system task 'CacheMaintenance'.", "Waiting for ready instruction file....~",
		"STATMSG: ID=3300 SEV=I LEV=M", "STATMSG: ID=50", "Raising event:", "Found Key", "Thumbprint :",
	};
	smsc_known_hit hit;
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		smsc_row row = row_of("LocationServices", lines[i]);
		cr_assert_not(smsc_known_match(&row, &hit), "%s", lines[i]);
		cr_assert_null(hit.known);
	}
	smsc_row empty = SMSC_ROW_INIT;
	cr_assert_not(smsc_known_match(&empty, &hit));
}

/* Lines made of pieces of the samples: the search and the plain reading must agree. */
Test(knowledge, search_and_plain_reading_agree)
{
	uint64_t state = 7;
	size_t hits = 0;
	for (int run = 0; run < 30000; run++) {
		char text[400];
		size_t size = 0;
		while (size < 150) {
			state = state * UINT64_C(6364136223846793005) + 1;
			const char *from = samples[(state >> 33) % line_count].text;
			size_t start = (state >> 20) % (strlen(from) + 1);
			size += (size_t)snprintf(text + size, sizeof text - size, "%.*s",
			                         (int)((state >> 40) % 60), from + (start & ~7ul));
		}
		const smsc_known *k, *best = NULL;
		for (size_t i = 0; (k = smsc_known_at(i)); i++)
			if (*k->id == 'L' && fits(k, "SMS_DESPOOLER", text) && (!best || strlen(k->text) > strlen(best->text)))
				best = k;
		smsc_row row = row_of("SMS_DESPOOLER", text);
		smsc_known_hit hit;
		smsc_known_match(&row, &hit);
		cr_assert(hit.known == best || (best && hit.known && strlen(best->text) == strlen(hit.known->text)),
		          "%s: %s, not %s", text, hit.known ? hit.known->id : "none", best ? best->id : "none");
		hits += best != NULL;
	}
	cr_assert_gt(hits, 1000);
}

/* What is too short for the search is tried for its component only. */
Test(knowledge, short_rows_are_strict)
{
	const smsc_known *k;
	size_t brief = 0;
	for (size_t i = 0; (k = smsc_known_at(i)) && *k->id == 'L'; i++) {
		size_t longest = 0;
		for (const char *p = k->text, *gap; *p; p = gap ? gap + 2 : p + strlen(p)) {
			gap = strstr(p, "{}");
			size_t size = gap ? (size_t)(gap - p) : strlen(p);
			longest = size > longest ? size : longest;
		}
		cr_assert(longest >= 16 || k->strict, "%s", k->id);
		brief += longest < 16;
	}
	cr_assert_leq(brief, 8);
}

/* Kinds are words of a timeline; a role is a container's name. */
Test(knowledge, rows_are_whole)
{
	const smsc_known *k;
	for (size_t i = 0; (k = smsc_known_at(i)); i++) {
		cr_assert(k->severity >= 0 && k->severity <= 3);
		for (const char *p = k->kind; *p; p++)
			cr_assert(islower((unsigned char)*p) || *p == '-', "%s", k->id);
		cr_assert_eq(k->meaning[strlen(k->meaning) - 1], '.', "%s", k->id);
		cr_assert(!k->role || !strcmp(k->role, "SMS") ||
		          !strcmp(k->role, "Microsoft Systems Management Server") ||
		          !strcmp(k->role, "Microsoft Internet Information Server"), "%s", k->id);
		/* The id of an event stands behind its source, so its pattern begins with it. */
		cr_assert(*k->id == 'L' || (k->strict && !strncmp(k->text, k->component, strlen(k->component))));
	}
}

Test(knowledge, meaning_names_the_codes)
{
	smsc_buf out = SMSC_BUF_INIT;
	smsc_known_hit hit;
	smsc_row row = row_of("CcmExec", "CCMSignData failed (0x8009200b).");
	cr_assert(smsc_known_match(&row, &hit));
	cr_assert_eq(hit.code_count, 1);
	smsc_known_meaning(&out, &hit);
	cr_assert(strstr(out.data, "private key"));
	cr_assert(strstr(out.data, "CRYPT_E_NO_KEY_PROPERTY"));
	smsc_buf_free(&out);
}

/* ---- codes ------------------------------------------------------------------------------- */

/* The table of sms-logs 8, by hand: hex, unsigned, signed, name. */
static const struct { uint32_t code; const char *spelled_unsigned, *spelled_signed, *name; } codes[] = {
	{ 0x8009200b, "2148081675", "-2146885621", "CRYPT_E_NO_KEY_PROPERTY" },
	{ 0x8009000d, "2148073485", "-2146893811", "NTE_NO_KEY" },
	{ 0x80090016, "2148073494", "-2146893802", "NTE_BAD_KEYSET" },
	{ 0x8009000b, "2148073483", "-2146893813", "NTE_BAD_KEY_STATE" },
	{ 0x80090005, "2148073477", "-2146893819", "NTE_BAD_DATA" },
	{ 0x8009001a, "2148073498", "-2146893798", "NTE_KEYSET_ENTRY_BAD" },
	{ 0x80090006, "2148073478", "-2146893818", "NTE_BAD_SIGNATURE" },
	{ 0x8009000f, "2148073487", "-2146893809", "NTE_EXISTS" },
	{ 0x80092004, "2148081668", "-2146885628", "CRYPT_E_NOT_FOUND" },
	{ 0x8009200c, "2148081676", NULL, "CRYPT_E_NO_DECRYPT_CERT" },
	{ 0x8009200d, "2148081677", NULL, "CRYPT_E_BAD_MSG" },
	{ 0x80091007, "2148077575", "-2146889721", "CRYPT_E_HASH_VALUE" },
	{ 0x800703f0, "2147943408", "-2147023888", "ERROR_NO_TOKEN" },
	{ 0x80070005, "2147942405", "-2147024891", "E_ACCESSDENIED" },
	{ 0x8000000a, "2147483658", "-2147483638", "E_PENDING" },
	{ 0x87d00280, NULL, NULL, NULL },
	{ 0x87d00215, NULL, NULL, NULL },
};

static void check_code(const char *format, const char *spelling, uint32_t code)
{
	char text[100];
	uint32_t found[4];
	snprintf(text, sizeof text, format, spelling);
	size_t count = smsc_codes_find((smsc_span){ text, strlen(text) }, found, 4);
	cr_assert_eq(count, 1, "'%s': %zu", text, count);
	cr_assert_eq(found[0], code, "'%s'", text);
}

Test(knowledge, four_spellings)
{
	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
		char hex[20];
		snprintf(hex, sizeof hex, "%08x", (unsigned)codes[i].code);
		check_code("failed with 0x%s.", hex, codes[i].code);
		check_code("%s", hex, codes[i].code);
		check_code("error=%s,", hex, codes[i].code);
		snprintf(hex, sizeof hex, "%08X", (unsigned)codes[i].code);
		check_code("failed (0x%s)", hex, codes[i].code);
		check_code("0X%s", hex, codes[i].code);
		if (codes[i].spelled_unsigned)
			check_code("could not read (#%s)", codes[i].spelled_unsigned, codes[i].code);
		if (codes[i].spelled_signed)
			check_code("hr = %s", codes[i].spelled_signed, codes[i].code);
		cr_assert_not_null(smsc_code_meaning(codes[i].code));
		if (codes[i].name)
			cr_assert_str_eq(smsc_code_name(codes[i].code), codes[i].name);
	}
	check_code("Could not start. %s: An attempt", "Error 1008", 1008);
	check_code("%s", "error 0x2ee7", 12007);
	check_code("%s", "Error: 5", 5);
	check_code("%s", "error=0x00000003", 3);
	check_code("%s", "0x80070003", 0x80070003);
	check_code("%s", "-2147024893", 0x80070003);
	cr_assert_str_eq(smsc_code_name(0x80070003), "ERROR_PATH_NOT_FOUND");
	check_code("from wmi: %s", "8004100f", 0x8004100f);
	check_code("Win32 error code: %s", "1722", 1722);
	check_code("ERROR: Initializing CliEx failed error code %s", "126", 126);
	check_code("GetLastError() = %s", "2", 2);
	check_code("Error Code (%s)", "5", 5);
}

Test(knowledge, no_codes)
{
	static const char *const texts[] = {
		"", "0x", "0x8009200b1", "x8009200b", "8009200bx", "8009200", "_8009200b", "0x800920",
		"{8009000D-0000-0000-0000-000000000000}", "80090016-", "21480734941", "4294967295", "thread 1008",
		"GUID:8009000D-0000-0000-0000-000000000000", "0x2ee7", "a-2146885621", "99999999999",
		"820BD3C209D6ED2155D5343BEEA67A725389B747", "0x00000000", "0x12345678", "0x00000003", "00000005",
		"errors 5", "error 4711", "code 5", "postcode 5", "() 5", "error codes 5", "5 errors", "Error", "error 5000000",
	};
	uint32_t found[4];
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		cr_assert_eq(smsc_codes_find((smsc_span){ texts[i], strlen(texts[i]) }, found, 4), 0, "%s", texts[i]);
	cr_assert_null(smsc_code_name(0));
	cr_assert_null(smsc_code_name(0x80090026));
	cr_assert_null(smsc_code_meaning(UINT32_MAX));
}

/* 0x800903.. is of secure connections, and says too little about keys. */
Test(knowledge, unknown_wording)
{
	static const struct { const char *text, *id; } all[] = {
		{ "never seen: 0x8009000d", "L000" }, { "never seen: 0x8009030c", NULL }, { "never seen: 0x80070005", NULL },
		{ "CCMSignData failed (0x8009200b)", "L003" }, { "nothing", NULL },
	};
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		smsc_row row = SMSC_ROW_INIT;
		row.form = "ccm";
		row.text = (smsc_span){ all[i].text, strlen(all[i].text) };
		const char *id = smsc_log_row_knowledge(&row);
		cr_assert(all[i].id ? id && !strcmp(id, all[i].id) : !id, "%s: %s", all[i].text, id);
	}
	cr_assert_null(smsc_log_row_knowledge(NULL));
}

Test(knowledge, public_list)
{
	const char *id;
	size_t count = 0;
	for (; (id = smsc_knowledge_at(count)); count++) {
		cr_assert(strlen(id) == 4 && (*id == 'L' || *id == 'V'), "%s", id);
		cr_assert(*smsc_knowledge_text(id) && *smsc_knowledge_kind(id) && *smsc_knowledge_meaning(id), "%s", id);
		cr_assert(smsc_knowledge_component(id) && smsc_knowledge_container(id), "%s", id);
		cr_assert(smsc_knowledge_severity(id) >= 0 && smsc_knowledge_severity(id) <= 3, "%s", id);
	}
	cr_assert_geq(count, 138);
	cr_assert_str_eq(smsc_knowledge_text("L003"), "CCMSignData failed");
	cr_assert_str_eq(smsc_knowledge_component("L003"), "CcmExec");
	cr_assert_str_eq(smsc_knowledge_container("L003"), "SMS");
	cr_assert_str_eq(smsc_knowledge_container("V026"), "");
	cr_assert_str_eq(smsc_knowledge_kind("V026"), "boot");
	static const char *const wrong[] = { NULL, "", "L000", "l003", "L0033" };
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		cr_assert(!smsc_knowledge_text(wrong[i]) && !smsc_knowledge_kind(wrong[i]) && !smsc_knowledge_meaning(wrong[i]) &&
		          !smsc_knowledge_component(wrong[i]) && !smsc_knowledge_container(wrong[i]));
		cr_assert_eq(smsc_knowledge_severity(wrong[i]), -1);
	}
}

Test(knowledge, several_codes)
{
	static const char text[] = "0x8009000d then 2148073485 then 80090016, 0x80090005 and 0x80070005";
	uint32_t found[3];
	cr_assert_eq(smsc_codes_find((smsc_span){ text, sizeof text - 1 }, found, 3), 3);
	cr_assert_eq(found[0], 0x8009000d);
	cr_assert_eq(found[1], 0x80090016);
	cr_assert_eq(found[2], 0x80090005);
}

/* winerror.h has 37 of them in a row. */
Test(knowledge, all_of_nte)
{
	for (uint32_t code = 0x80090001; code <= 0x80090025; code++)
		cr_assert(!strncmp(smsc_code_name(code), "NTE_", 4));
	cr_assert_str_eq(smsc_code_name(0x80090001), "NTE_BAD_UID");
	cr_assert_str_eq(smsc_code_name(0x80090010), "NTE_PERM");
	cr_assert_str_eq(smsc_code_name(0x80090020), "NTE_FAIL");
	cr_assert_str_eq(smsc_code_name(0x80090022), "NTE_SILENT_CONTEXT");
}
