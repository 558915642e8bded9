/* format_test.h - what the tests of decoders share: a record's fields by name, bytes by hand,
 * and the sets of synthetic evidence. */
#ifndef TESTS_FORMAT_TEST_H
#define TESTS_FORMAT_TEST_H

#include <criterion/criterion.h>

#include "../sample.h"
#include "format/format.h"

/* ---- records ----------------------------------------------------------------------- */

static inline smsc_record *decode(const smsc_format *f, const char *path, smsc_span s)
{
	smsc_record *r = smsc_format_decode(f, path, s, 1252);
	cr_assert_not_null(r);
	return r;
}

static inline const smsc_field *field(const smsc_record *r, const char *name, smsc_type type)
{
	const smsc_field *f = smsc_record_get(r, name);
	cr_assert(f && f->type == type, "%s", name);
	return f;
}

static inline int64_t number(const smsc_record *r, const char *name)
{
	return field(r, name, SMSC_INT)->as.number;
}

static inline const char *text(const smsc_record *r, const char *name)
{
	return field(r, name, SMSC_TEXT)->as.text;
}

static inline smsc_span raw(const smsc_record *r, const char *name)
{
	return field(r, name, SMSC_BYTES)->as.span;
}

static inline const char *note(const smsc_record *r, const char *name)
{
	const smsc_field *f = smsc_record_get(r, name);
	cr_assert(f && f->note, "%s", name);
	return f->note;
}

/* How many bytes of the stream the field has. */
static inline uint64_t extent(const smsc_record *r, const char *name)
{
	const smsc_field *f = smsc_record_get(r, name);
	cr_assert(f, "%s", name);
	return f->bytes;
}

static inline bool has_finding(const smsc_record *r, const char *rule, uint64_t at)
{
	const smsc_finding *f;
	for (size_t i = 0; (f = smsc_record_finding_at(r, i)); i++)
		if (!strcmp(smsc_finding_rule(f), rule) && smsc_finding_offset(f) == at)
			return true;
	return false;
}

/* What holds for any bytes: each is in one field. */
static inline void assert_sound(const smsc_record *r, uint64_t size, const char *what)
{
	const char *gap = cover(r, size, NULL), *wrong = check_record(r, size);
	cr_assert_null(gap, "%s: %s is out of its place", what, gap);
	cr_assert_null(wrong, "%s: %s", what, wrong);
}

/* No byte is unexplained. */
static inline void assert_explained(const smsc_record *r, uint64_t size, const char *what)
{
	uint64_t unexplained = 0;
	assert_sound(r, size, what);
	cover(r, size, &unexplained);
	cr_assert_eq(unexplained, 0, "%s: %llu bytes unexplained", what, (unsigned long long)unexplained);
}

static inline void assert_whole(const smsc_record *r, uint64_t size, const char *what)
{
	const smsc_finding *f = smsc_record_finding_at(r, 0);
	assert_explained(r, size, what);
	cr_assert_null(f, "%s: %s", what, f ? smsc_finding_text(f) : "");
}

/* ---- bytes by hand -------------------------------------------------------------------- */

struct made {
	uint8_t data[4096];
	size_t  size;
};

static inline smsc_span span(const struct made *m)
{
	return (smsc_span){ m->data, m->size };
}

static inline void put(struct made *m, const void *data, size_t n)
{
	memcpy(m->data + m->size, data, n);
	m->size += n;
}

static inline void fill(struct made *m, uint8_t value, size_t n)
{
	memset(m->data + m->size, value, n);
	m->size += n;
}

static inline void set32(struct made *m, size_t at, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		m->data[at + (size_t)i] = (uint8_t)(v >> 8 * i);
}

static inline void put32(struct made *m, uint32_t v)
{
	set32(m, m->size, v);
	m->size += 4;
}

/* One byte or number set wrong, and the finding that must tell of it. */
struct wrong {
	size_t      at;
	uint32_t    value;
	const char *rule;
	uint64_t    told;
};

/* Decodes `m` with one wrong number (of one byte when `byte`), and puts it right again. */
static inline void assert_told(const smsc_format *f, const struct made *m, const struct wrong *w,
                               bool byte)
{
	struct made damaged = *m;
	char what[64];
	snprintf(what, sizeof what, "%zu is %u", w->at, w->value);
	if (byte)
		damaged.data[w->at] = (uint8_t)w->value;
	else
		set32(&damaged, w->at, w->value);
	smsc_record *r = decode(f, "file", span(&damaged));
	assert_sound(r, damaged.size, what);
	cr_assert(has_finding(r, w->rule, w->told), "%s", what);
	smsc_record_unref(r);
}

/* ---- synthetic sets -------------------------------------------------------------------- */

/* The text after `"key": ` in `json`; NULL when there is none.  Enough for files that one
 * known program wrote. */
static inline const char *known_at(const char *json, const char *key)
{
	char quoted[160];
	snprintf(quoted, sizeof quoted, "\"%s\": ", key);
	const char *p = json ? strstr(json, quoted) : NULL;
	return p ? p + strlen(quoted) : NULL;
}

static inline long known_number(const char *json, const char *key)
{
	const char *p = known_at(json, key);
	return p ? strtol(p, NULL, 10) : -1;
}

/* A string value, in a static buffer good for the next four calls. */
static inline const char *known_text(const char *json, const char *key)
{
	static char buffer[4][512];
	static unsigned turn;
	smsc_buf out = SMSC_BUF_INIT;
	const char *p = known_at(json, key);
	for (p = p && *p == '"' ? p + 1 : "\""; *p && *p != '"'; p++)
		if (!strncmp(p, "\\u", 2)) {
			smsc_text_code(&out, (uint32_t)strtoul((char[]){ p[2], p[3], p[4], p[5], 0 }, NULL, 16));
			p += 5;
		} else {
			smsc_buf_char(&out, *p);
		}
	char *value = buffer[turn++ % 4];
	snprintf(value, sizeof buffer[0], "%s", out.size ? out.data : "");
	smsc_buf_free(&out);
	return value;
}

/* A file of the shared evidence as text; "" when it is not there.  Free it. */
static inline char *known_load(const char *rel)
{
	smsc_span s = sample_shared(rel);
	char *out = calloc(1, s.size + 1);
	if (out && s.size)
		memcpy(out, s.data, s.size);
	sample_free(s);
	return out;
}

/* Each <style>-<bits>-<first digits of the container's file>, with its known.json. */
static inline void each_set(void (*each)(const char *set, const char *json))
{
	static const char *const styles[] = { "xp", "w2k", "rc4", "v3d", "aes" };
	static const char *const files[] = { "ca6f", "19c5" };
	for (unsigned i = 0; i < 20; i++) {
		char set[32], rel[96];
		snprintf(set, sizeof set, "%s-%d-%s", styles[i / 4], i / 2 % 2 ? 2048 : 1024, files[i % 2]);
		snprintf(rel, sizeof rel, "capi/generated/%s/known.json", set);
		char *json = known_load(rel);
		if (*json)
			each(set, json);
		free(json);
	}
}

#endif
