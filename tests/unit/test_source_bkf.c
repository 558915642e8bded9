/* test_source_bkf.c - backups that are cut, spoilt, torn or spanned: what the damage does not
 * touch is delivered with the right bytes, and the damage is said. */
#include "source_made.h"

#include "base/cursor.h"

TestSuite(source_bkf, .init = made_begin, .fini = made_end, .timeout = 250);

enum { MOST_FILES = 64, GRID = 1024 };

typedef struct truth {
	smsc_buf bytes;       /* of the backup */
	size_t   files;
	size_t   from[MOST_FILES], to[MOST_FILES];  /* where its block and streams lie */
	char    *name[MOST_FILES];
	smsc_buf data[MOST_FILES];
	size_t   end;         /* of the block that closes the set */
} truth;

/* ---- what is true ------------------------------------------------------------------ */

static smsc_buf read_corpus(const char *name)
{
	smsc_buf b = SMSC_BUF_INIT;
	char path[512], piece[65536];
	const char *corpus = getenv("SMSC_CORPUS");
	snprintf(path, sizeof path, "%s/%s", corpus ? corpus : "corpus", name);
	FILE *f = fopen(path, "rb");
	cr_assert_not_null(f, "%s", path);
	for (size_t n; (n = fread(piece, 1, sizeof piece, f)) > 0;)
		smsc_buf_add(&b, piece, n);
	fclose(f);
	return b;
}

static const char *last(const char *path)
{
	return strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
}

static bool is_block(const char *p)
{
	static const char types[] = "TAPESSETVOLBDIRBFILEESPBESETSFMB";
	unsigned sum = 0;
	for (unsigned i = 0; i < 52; i += 2)
		sum ^= (uint8_t)p[i] | (unsigned)(uint8_t)p[i + 1] << 8;
	for (unsigned i = 0; i < sizeof types - 1; i += 4)
		if (memcmp(p, types + i, 4) == 0)
			return sum == 0;
	return false;
}

/* The places by a look at the grid, the bytes from the folder that was backed up. */
static void learn(truth *t, const char *snapshot)
{
	char name[128];
	memset(t, 0, sizeof *t);
	snprintf(name, sizeof name, "incident-2005/%s.bkf", snapshot);
	t->bytes = read_corpus(name);
	size_t files = 0;
	for (size_t at = 0; at + GRID <= t->bytes.size; at += GRID) {
		const char *p = t->bytes.data + at;
		if (!is_block(p))
			continue;
		if (files && !t->to[files - 1])
			t->to[files - 1] = at;
		if (memcmp(p, "FILE", 4) == 0)
			t->from[files++] = at;
		if (memcmp(p, "ESET", 4) == 0)
			t->end = at + GRID;
	}
	smsc_error *err = NULL;
	smsc_source *s = smsc_source_memory(name, t->bytes.data, t->bytes.size, NULL, &err);
	for (smsc_entry *e; (e = smsc_source_next(s, &err)); smsc_entry_unref(e)) {
		snprintf(name, sizeof name, "incident-2005/%s/", snapshot);
		smsc_buf path = SMSC_BUF_INIT;
		smsc_buf_printf(&path, "%s%s", name, smsc_entry_path(e));
		t->data[t->files] = read_corpus(path.data);
		t->name[t->files++] = strdup(last(smsc_entry_path(e)));
		smsc_buf_free(&path);
	}
	cr_assert_eq(smsc_source_finding_count(s), 0u);
	smsc_source_unref(s);
	cr_assert_null(err);
	cr_assert_eq(t->files, files);
	cr_assert_gt(files, 20u);
}

static void forget(truth *t)
{
	for (size_t i = 0; i < t->files; i++) {
		free(t->name[i]);
		smsc_buf_free(&t->data[i]);
	}
	smsc_buf_free(&t->bytes);
	cr_assert_eq(smsc_live_objects(), 0);
}

/* ---- what comes out ---------------------------------------------------------------- */

typedef struct outcome {
	bool   right[MOST_FILES];
	size_t delivered, findings;
} outcome;

static bool equal(const smsc_buf *a, const smsc_buf *b)
{
	return a->size == b->size && (!a->size || memcmp(a->data, b->data, a->size) == 0);
}

static outcome walk(const truth *t, const void *data, size_t size)
{
	outcome o = { .delivered = 0 };
	smsc_error *err = NULL;
	/* Of exactly that size, so that a read beyond it is seen. */
	void *exact = malloc(size ? size : 1);
	memcpy(exact, data, size);
	smsc_source *s = smsc_source_memory("x.bkf", exact, size, NULL, &err);
	cr_assert_not_null(s);
	for (smsc_entry *e; (e = smsc_source_next(s, &err)); smsc_entry_unref(e)) {
		smsc_buf got = made_drain(e, 33000, &err);
		for (size_t i = 0; i < t->files; i++)
			if (!o.right[i] && equal(&got, &t->data[i]) &&
			    strcmp(t->name[i], last(smsc_entry_path(e))) == 0) {
				o.right[i] = true;
				break;
			}
		o.delivered++;
		smsc_buf_free(&got);
	}
	cr_assert_null(err, "%s", smsc_error_message(err));
	o.findings = smsc_source_finding_count(s);
	smsc_source_unref(s);
	free(exact);
	return o;
}

/* No checksum covers a block behind its first 52 bytes, where the name stands. */
static bool is_unseen(const truth *t, size_t i, size_t from, size_t to)
{
	const uint8_t *event = (const uint8_t *)t->bytes.data + t->from[i] + 8;
	return from >= t->from[i] + 52 && to <= t->from[i] + event[0] + 256u * event[1];
}

/* Files outside [from, to) are right; if any is not, that was said. */
static void check(const truth *t, const outcome *o, size_t from, size_t to, const char *what)
{
	bool all = true;
	for (size_t i = 0; i < t->files; i++) {
		all &= o->right[i] || is_unseen(t, i, from, to);
		if (t->to[i] <= from || t->from[i] >= to)
			cr_assert(o->right[i], "%s at %zu to %zu: %s (%zu to %zu) is not right", what, from,
			          to, t->name[i], t->from[i], t->to[i]);
	}
	cr_assert(all || o->findings, "%s at %zu to %zu: nothing was said", what, from, to);
}

Test(source_bkf, cut)
{
	truth t;
	learn(&t, "2005-01-07");
	for (size_t i = 0; i < 500; i++) {
		size_t at = (i * 2654435761u + 17) % t.bytes.size;
		/* Less than a TAPE block is not known for a backup. */
		outcome o = walk(&t, t.bytes.data, at < 94 ? at + 94 : at);
		check(&t, &o, at, t.bytes.size, "end cut off");
		cr_assert(o.findings || at > t.end - GRID + 85, "cut at %zu: nothing was said", at);
		if (at > t.end - GRID)
			continue;
		o = walk(&t, t.bytes.data + at, t.bytes.size - at);
		check(&t, &o, 0, at, "front cut off");
	}
	forget(&t);
}

static unsigned next_random(unsigned *seed)
{
	*seed = *seed * 1103515245u + 12345u;
	return *seed >> 8;
}

/* `kind`: a bit turned, other bytes, zeros, bytes gone. */
static size_t spoil(char *data, size_t size, unsigned kind, size_t from, size_t to, unsigned *seed)
{
	if (kind == 0)
		data[from] ^= (char)(1 << next_random(seed) % 8);
	for (size_t i = from; kind == 1 && i < to; i++)
		data[i] = (char)next_random(seed);
	if (kind == 2)
		memset(data + from, 0, to - from);
	if (kind != 3)
		return size;
	memmove(data + from, data + to, size - to);
	return size - (to - from);
}

Test(source_bkf, damage)
{
	static const char *const kinds[] = { "bit turned", "noise", "zeros", "bytes gone" };
	unsigned seed = 20050107;
	truth t;
	learn(&t, "2005-01-09");
	char *copy = malloc(t.bytes.size);
	for (unsigned i = 0; i < 5000; i++) {
		size_t from = next_random(&seed) % t.bytes.size, most = next_random(&seed) % 4 ? 64 : 5000;
		size_t to = from + 1 + (i % 4 ? next_random(&seed) % most : 0);
		to = to < t.bytes.size ? to : t.bytes.size;
		memcpy(copy, t.bytes.data, t.bytes.size);
		size_t size = spoil(copy, t.bytes.size, i % 4, from, to, &seed);
		outcome o = walk(&t, copy, size);
		check(&t, &o, from, to, kinds[i % 4]);
	}
	free(copy);
	forget(&t);
}

/* ---- two media --------------------------------------------------------------------- */

static smsc_buf half(const char *path, size_t *findings)
{
	smsc_error *err = NULL;
	smsc_buf got = SMSC_BUF_INIT;
	smsc_source *s = smsc_source_open(path, NULL, &err);
	cr_assert_not_null(s);
	for (smsc_entry *e; (e = smsc_source_next(s, &err)); smsc_entry_unref(e))
		if (strcmp(smsc_entry_path(e), "C/dir/split.bin") == 0)
			got = made_drain(e, 1000, &err);
	*findings = smsc_source_finding_count(s);
	smsc_source_unref(s);
	cr_assert_null(err);
	return got;
}

/* The filemark before the end of the first medium is not data of the file: the checksum that
 * stands behind the second half is that of both. */
Test(source_bkf, spanned)
{
	char path[512], other[512];
	size_t findings, at = 0;
	uint32_t sum = 0;
	const char *shared = getenv("SMSC_SHARED");
	snprintf(path, sizeof path, "%s/bkf/made/spanned-tape.1.bkf", shared ? shared : "");
	snprintf(other, sizeof other, "%s/bkf/made/spanned-tape.2.bkf", shared ? shared : "");
	if (access(path, R_OK) != 0)
		cr_skip_test("the backups of the other maker are not there");
	smsc_buf one = half(path, &findings);
	cr_assert_gt(findings, 0u);
	smsc_buf two = half(other, &findings);
	cr_assert_gt(findings, 0u);
	cr_assert_eq(one.size + two.size, 10000u);
	smsc_buf_add(&one, two.data, two.size);
	for (; at + 4 <= one.size; at += 4)
		sum ^= smsc_le32(one.data + at);
	FILE *f = fopen(other, "rb");
	char whole[16384];
	size_t size = fread(whole, 1, sizeof whole, f);
	fclose(f);
	const char *stored = memmem(whole, size, "CSUM", 4);
	cr_assert_not_null(stored);
	cr_assert_eq(sum, smsc_le32(stored + 22));
	smsc_buf_free(&one);
	smsc_buf_free(&two);
	cr_assert_eq(smsc_live_objects(), 0);
}
