/* finding.c - problems of the evidence, and the table of rules they follow. */
#include <string.h>

#include "finding.h"
#include "text.h"

static const struct {
	const char *id;
	int severity;
	const char *title, *advice, *refutation;
} rules[] = {
#define SMSC_RULE(id, severity, title, advice, refutation) { #id, severity, title, advice, refutation },
#include "rules.def"
#undef SMSC_RULE
};

/* Readers of findings are promised valid UTF-8. */
static const char *mended(char *text)
{
	if (text)
		smsc_text_mend(text);
	return text;
}

static smsc_finding *finding_new(smsc_arena *arena, smsc_rule_id rule, const char *path,
                                 uint64_t offset, const char *format, va_list args)
{
	smsc_finding *f = smsc_arena_alloc(arena, sizeof *f);
	const char *where = path && *path ? mended(smsc_arena_text(arena, path, strlen(path))) : "";
	const char *text = mended(smsc_arena_vprintf(arena, format, args));
	if (!f || !where || !text)
		return NULL;
	*f = (smsc_finding){ arena, rule, rules[rule].severity, where, offset, text, "proved", NULL };
	return f;
}

smsc_finding *smsc_findings_add(smsc_findings *list, smsc_arena *arena, smsc_rule_id rule,
                                const char *path, uint64_t offset, const char *format, ...)
{
	if (list->limit && list->count >= list->limit) {
		list->dropped++;
		return NULL;
	}
	va_list args;
	va_start(args, format);
	smsc_finding *f = finding_new(arena, rule, path, offset, format, args);
	va_end(args);
	if (!f || !smsc_arena_grow(arena, &list->at, list->count, &list->room, sizeof *list->at))
		return NULL;
	list->at[list->count++] = f;
	return f;
}

void smsc_findings_keep(smsc_findings *list, smsc_arena *arena, smsc_finding *f)
{
	if (list->limit && list->count >= list->limit)
		list->dropped++;
	else if (smsc_arena_grow(arena, &list->at, list->count, &list->room, sizeof *list->at))
		list->at[list->count++] = f;
}

const char *smsc_finding_rule(const smsc_finding *f)       { return rules[f->rule].id; }
int         smsc_finding_severity(const smsc_finding *f)   { return f->severity; }
const char *smsc_finding_title(const smsc_finding *f)      { return rules[f->rule].title; }
const char *smsc_finding_advice(const smsc_finding *f)     { return rules[f->rule].advice; }
const char *smsc_finding_refutation(const smsc_finding *f) { return rules[f->rule].refutation; }
const char *smsc_finding_text(const smsc_finding *f)       { return f->text; }
const char *smsc_finding_path(const smsc_finding *f)       { return f->path; }
uint64_t    smsc_finding_offset(const smsc_finding *f)     { return f->offset; }
const char *smsc_finding_confidence(const smsc_finding *f) { return f->confidence; }
const smsc_generation *smsc_finding_generation(const smsc_finding *f) { return f->generation; }

smsc_finding *smsc_finding_ref(const smsc_finding *f)
{
	if (f)
		smsc_arena_ref(f->arena);
	return (smsc_finding *)f;
}

void smsc_finding_unref(const smsc_finding *f)
{
	if (f)
		smsc_arena_unref(f->arena);
}

const char *smsc_rule_at(size_t i)
{
	return i < SMSC_RULE_COUNT ? rules[i].id : NULL;
}

/* SMSC_RULE_COUNT when there is no such rule. */
static size_t find(const char *rule)
{
	size_t i = 0;
	while (i < SMSC_RULE_COUNT && strcmp(rules[i].id, rule))
		i++;
	return i;
}

const char *smsc_rule_title(const char *rule)
{
	size_t i = find(rule);
	return i < SMSC_RULE_COUNT ? rules[i].title : NULL;
}

const char *smsc_rule_advice(const char *rule)
{
	size_t i = find(rule);
	return i < SMSC_RULE_COUNT ? rules[i].advice : NULL;
}

const char *smsc_rule_refutation(const char *rule)
{
	size_t i = find(rule);
	return i < SMSC_RULE_COUNT ? rules[i].refutation : NULL;
}

int smsc_rule_severity(const char *rule)
{
	size_t i = find(rule);
	return i < SMSC_RULE_COUNT ? rules[i].severity : -1;
}
