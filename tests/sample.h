/* sample.h - for tests: files of the corpus and of the shared evidence, and what must be true
 * of every record, whatever bytes it was made from. */
#ifndef TESTS_SAMPLE_H
#define TESTS_SAMPLE_H

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/text.h"
#include "smscrypto.h"

/* ---- files ----------------------------------------------------------------------- */

/* All of a file in a block of exactly its size; data NULL when it cannot be read. */
static inline smsc_span sample_load(const char *path)
{
	FILE *f = fopen(path, "rb");
	struct stat st;
	smsc_span none = { NULL, 0 };
	if (!f)
		return none;
	void *data = NULL;
	if (!fstat(fileno(f), &st) && S_ISREG(st.st_mode)) {
		size_t size = (size_t)st.st_size;
		data = malloc(size ? size : 1);
		if (data && fread(data, 1, size, f) == size)
			none = (smsc_span){ data, size };
		else
			free(data);
	}
	fclose(f);
	return none;
}

static inline void sample_free(smsc_span s)
{
	free((void *)s.data);
}

/* "<value of env>/<rel>" in a static buffer; NULL when env is not set or nothing is there. */
static inline const char *sample_path(const char *env, const char *rel)
{
	static char path[4096];
	const char *root = getenv(env);
	struct stat st;
	if (!root || snprintf(path, sizeof path, "%s/%s", root, rel) >= (int)sizeof path)
		return NULL;
	return stat(path, &st) ? NULL : path;
}

/* A file of the shared evidence; data NULL when that is not there. */
static inline smsc_span sample_shared(const char *rel)
{
	const char *path = sample_path("SMSC_SHARED", rel);
	return path ? sample_load(path) : (smsc_span){ NULL, 0 };
}

typedef void sample_fn(const char *path, void *user);

static inline int sample_visible(const struct dirent *e)
{
	return e->d_name[0] != '.';
}

/* Each file below `path`, in order of the names; a path that is not there has none. */
static inline void sample_walk(const char *path, sample_fn *each, void *user)
{
	struct stat st;
	struct dirent **list;
	if (stat(path, &st))
		return;
	if (!S_ISDIR(st.st_mode)) {
		each(path, user);
		return;
	}
	int n = scandir(path, &list, sample_visible, alphasort);
	for (int i = 0; i < n; i++) {
		char below[4096];
		if (snprintf(below, sizeof below, "%s/%s", path, list[i]->d_name) < (int)sizeof below)
			sample_walk(below, each, user);
		free(list[i]);
	}
	if (n >= 0)
		free(list);
}

/* A sanitizer makes each try many times as slow. */
#ifdef __SANITIZE_ADDRESS__
#define SAMPLE_SLOW 1
#else
#define SAMPLE_SLOW 0
#endif

/* How many damages of a kind a test tries: SMSC_DAMAGES says it for all tests, 5000 for a thorough
 * run; else `some`, or a quarter of that. */
static inline unsigned sample_damages(unsigned some)
{
	const char *wanted = getenv("SMSC_DAMAGES");
	return wanted ? (unsigned)strtoul(wanted, NULL, 10) : SAMPLE_SLOW ? (some + 3) / 4 : some;
}

/* ---- records ---------------------------------------------------------------------- */

struct cover {
	uint64_t at;           /* the next byte that no field has told of */
	uint64_t unexplained;  /* bytes of fields named so */
	const char *wrong;     /* name of the first field out of its place, or NULL */
};

static inline void cover_record(const smsc_record *r, struct cover *c)
{
	const smsc_field *f;
	for (size_t i = 0; !c->wrong && (f = smsc_record_at(r, i)); i++) {
		if (!f->bytes)
			continue;
		if (f->at != c->at)
			c->wrong = f->name;
		else if (f->type == SMSC_RECORD)
			cover_record(f->as.record, c);
		else
			c->at += f->bytes;
		if (c->at != f->at + f->bytes)
			c->wrong = f->name;
		if (!strcmp(f->name, "unexplained"))
			c->unexplained += f->bytes;
	}
}

/* The fields tile the stream: no gap, no overlap, in order.  NULL when they do, else the name
 * of the field that is out of place ("(end)" when bytes are left). */
static inline const char *cover(const smsc_record *r, uint64_t size, uint64_t *unexplained)
{
	struct cover c = { 0, 0, NULL };
	cover_record(r, &c);
	if (unexplained)
		*unexplained = c.unexplained;
	return c.wrong ? c.wrong : c.at == size ? NULL : "(end)";
}

static inline bool sample_utf8(const char *text)
{
	return text && smsc_utf8_valid((smsc_span){ text, strlen(text) }) == strlen(text);
}

static inline const char *check_field(const smsc_field *f, uint64_t size)
{
	if (!sample_utf8(f->name) || !sample_utf8(f->meaning) || (f->note && !sample_utf8(f->note)))
		return "a name, meaning or note is no text";
	if (f->type == SMSC_TEXT && !sample_utf8(f->as.text))
		return "a text is no UTF-8";
	if (f->type == SMSC_BYTES && f->bytes && f->as.span.size != f->bytes)
		return "a span is not as long as its field";
	if (f->at > size || f->bytes > size - f->at)
		return "a field lies outside the stream";
	return NULL;
}

static inline const char *check_fields(const smsc_record *r, uint64_t size, unsigned *sum)
{
	const smsc_field *f;
	for (size_t i = 0; (f = smsc_record_at(r, i)); i++) {
		const char *wrong = check_field(f, size);
		if (!wrong && f->type == SMSC_RECORD)
			wrong = check_fields(f->as.record, size, sum);
		if (wrong)
			return wrong;
		for (size_t k = 0; f->type == SMSC_BYTES && k < f->as.span.size; k++)
			*sum += ((const uint8_t *)f->as.span.data)[k];
	}
	return NULL;
}

/* What holds for the record of any bytes at all; NULL, or what does not.  Reads every byte the
 * record hands out, so that a sanitizer sees them too. */
static inline const char *check_record(const smsc_record *r, uint64_t size)
{
	unsigned sum = 0;
	const char *wrong = check_fields(r, size, &sum);
	volatile unsigned sink = sum;
	(void)sink;
	for (size_t i = 0; !wrong && i < smsc_record_finding_count(r); i++) {
		const smsc_finding *f = smsc_record_finding_at(r, i);
		if (smsc_finding_offset(f) > size)
			wrong = "a finding lies outside the stream";
		if (!sample_utf8(smsc_finding_text(f)))
			wrong = "a finding is no text";
	}
	return wrong;
}

#endif
