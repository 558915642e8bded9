/* test_format_regf.c - the hive reader before hives whose keys and values are known: those of
 * the corpus (a maker that shares no code wrote them) and hives laid out here. */
#include <criterion/criterion.h>

#include "../sample.h"
#include "format/regf.h"

/* ---- helpers ------------------------------------------------------------------------------ */

typedef struct seen {
	smsc_hive hive;
	smsc_span bytes;
	uint64_t  keys, values, size;
	unsigned  problems, deepest;
	char      problem[256];   /* the first */
	uint64_t  problem_at;
} seen;

static void on_problem(void *user, uint64_t offset, const char *what)
{
	seen *s = user;
	if (!s->problems++) {
		snprintf(s->problem, sizeof s->problem, "%s", what);
		s->problem_at = offset;
	}
}

static bool on_key(void *user, const smsc_hive_key *k, unsigned depth)
{
	seen *s = user;
	(void)k;
	s->keys++;
	s->deepest = depth > s->deepest ? depth : s->deepest;
	return true;
}

static bool on_value(void *user, const smsc_hive_key *k, const smsc_hive_value *v)
{
	seen *s = user;
	smsc_buf room = SMSC_BUF_INIT;
	(void)k;
	s->values++;
	s->size += smsc_hive_value_data(&s->hive, v, &room).size;
	smsc_buf_free(&room);
	return true;
}

static void look(seen *s, smsc_span bytes)
{
	smsc_hive_key root;
	*s = (seen){ .bytes = bytes };
	if (smsc_hive_open(&s->hive, bytes, on_problem, s) && smsc_hive_root_key(&s->hive, &root))
		smsc_hive_walk(&s->hive, &root, on_key, on_value, s);
}

static smsc_span load(const char *name)
{
	char rel[256];
	snprintf(rel, sizeof rel, "regf/%s", name);
	const char *path = sample_path("SMSC_CORPUS", rel);
	cr_assert_not_null(path, "%s is not there", rel);
	return sample_load(path);
}

static smsc_hive open_hive(smsc_span bytes)
{
	smsc_hive h;
	cr_assert(smsc_hive_open(&h, bytes, NULL, NULL));
	return h;
}

static void put16(uint8_t *p, uint32_t v)
{
	p[0] = (uint8_t)v;
	p[1] = (uint8_t)(v >> 8);
}

static void put32(uint8_t *p, uint32_t v)
{
	put16(p, v);
	put16(p + 2, v >> 16);
}

/* ---- the base block ------------------------------------------------------------------------- */

Test(regf, what_is_no_hive)
{
	static uint8_t zeros[8192];
	seen s;
	smsc_span none[] = { { NULL, 0 }, { "regf", 4 }, { zeros, sizeof zeros }, { "regfregf", 8 } };
	for (size_t i = 0; i < sizeof none / sizeof *none; i++)
		cr_assert_not(smsc_hive_open(&s.hive, none[i], NULL, NULL), "%zu", i);
}

Test(regf, base_block)
{
	smsc_span bytes = load("list-lh");
	smsc_hive h = open_hive(bytes);
	cr_assert_eq(h.sequence[0], 1);
	cr_assert_eq(h.sequence[1], 1);
	cr_assert_not(smsc_hive_dirty(&h));
	cr_assert_eq(h.written, INT64_C(127283008891250000));  /* 2004-05-06 07:08:09.125 */
	cr_assert_eq(h.minor, 5);
	cr_assert(h.checksum_good);
	cr_assert_eq(h.bins_size + SMSC_HIVE_BASE, bytes.size);
	sample_free(bytes);
}

/* What the manifest of the corpus says of each sample. */
static const struct {
	const char *name;
	unsigned    keys, values;
	const char *problem;   /* NULL: none */
} samples[] = {
	{ "big-data", 1, 1, NULL },    { "big-value", 1, 1, NULL },  { "class-name", 2, 0, NULL },
	{ "deep", 201, 0, NULL },      { "empty", 1, 0, NULL },      { "every-kind", 1, 19, NULL },
	{ "list-lf", 6, 5, NULL },     { "list-lh", 6, 5, NULL },    { "list-li", 6, 5, NULL },
	{ "list-ri", 6, 5, NULL },     { "names", 4, 3, NULL },
	{ "bad-base-only", 0, 0, "before its last bin" },
	{ "bad-bin-magic", 6, 5, NULL },  /* the tree needs no bins */
	{ "bad-checksum", 6, 5, "checksum" },
	{ "bad-child", 5, 4, "key cell was expected" },
	{ "bad-count", 6, 5, "counts more than it holds" },
	{ "bad-cut", 1, 0, "before its last bin" },
	{ "bad-dirty", 6, 5, "dirty" },
	{ "bad-loop", 5, 4, "listed twice" },
	{ "bad-name-length", 6, 5, "name of a key is cut short" },
	{ "bad-offset", 5, 4, "key cell was expected" },
	{ "bad-root", 6, 5, "no root key where" },
	{ "bad-value-length", 6, 5, "data of a value is cut short" },
};

Test(regf, samples)
{
	seen s;
	for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
		const char *name = samples[i].name;
		look(&s, load(name));
		cr_expect_eq(s.keys, samples[i].keys, "%s: %d keys", name, (int)s.keys);
		cr_expect_eq(s.values, samples[i].values, "%s: %d values", name, (int)s.values);
		cr_expect_eq(s.problems > 0, samples[i].problem != NULL, "%s: %s", name, s.problem);
		if (samples[i].problem)
			cr_expect(strstr(s.problem, samples[i].problem), "%s: %s", name, s.problem);
		cr_expect_leq(s.problem_at, s.bytes.size, "%s", name);
		sample_free(s.bytes);
	}
}

Test(regf, a_lost_base_block_costs_nothing)
{
	seen s;
	smsc_span bytes = load("list-lf");
	memset((void *)bytes.data, 0, 512);
	look(&s, bytes);
	cr_assert_eq(s.keys, 6);
	cr_assert_eq(s.values, 5);
	cr_assert(strstr(s.problem, "no base block"));
	sample_free(bytes);
}

Test(regf, bins_are_checked_apart)
{
	static const struct { uint32_t at; uint32_t value; } faults[] = { { 0, 0 }, { 4, 4096 }, { 8, 0 }, { 8, 100 }, { 8, 1u << 30 } };
	smsc_span bytes = load("big-value");
	seen s = { .bytes = bytes };
	uint8_t *bin = (uint8_t *)bytes.data + SMSC_HIVE_BASE, kept[12];
	cr_assert(smsc_hive_open(&s.hive, bytes, on_problem, &s));
	smsc_hive_bins good = smsc_hive_check_bins(&s.hive);
	cr_assert_eq(good.damaged, 0);
	memcpy(kept, bin, 12);
	for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
		put32(bin + faults[i].at, faults[i].value);
		s.problems = 0;
		smsc_hive_bins bins = smsc_hive_check_bins(&s.hive);
		cr_expect_eq(bins.count, good.count, "fault %zu", i);
		cr_expect_eq(bins.damaged, 1, "fault %zu", i);
		cr_expect_eq(s.problem_at, SMSC_HIVE_BASE + faults[i].at, "fault %zu", i);
		memcpy(bin, kept, 12);
	}
	sample_free(bytes);
}

/* ---- values ---------------------------------------------------------------------------------- */

static void expect_value(smsc_hive *h, const char *name, uint32_t type, const char *data, size_t size)
{
	smsc_hive_key root;
	smsc_hive_value v;
	smsc_buf room = SMSC_BUF_INIT;
	cr_assert(smsc_hive_root_key(h, &root));
	cr_assert(smsc_hive_value_find(h, &root, name, &v), "%s", name);
	smsc_span s = smsc_hive_value_data(h, &v, &room);
	cr_expect_eq(v.type, type, "%s", name);
	cr_assert_eq(s.size, size, "%s: %d bytes", name, (int)s.size);
	cr_expect(!size || !memcmp(s.data, data, size), "%s", name);
	cr_expect(!size || !memcmp((const char *)h->data + v.data_at, data, size), "%s", name);
	smsc_buf_free(&room);
}

Test(regf, every_kind_of_value)
{
	smsc_span bytes = load("every-kind");
	smsc_hive h = open_hive(bytes);
	smsc_hive_key root;
	smsc_hive_value v;
	expect_value(&h, "", 1, "d\0e\0f\0a\0u\0l\0t\0\0\0", 16);
	expect_value(&h, "string", 1, "t\0e\0x\0t\0\0\0", 10);
	expect_value(&h, "EMPTY string", 1, "\0\0", 2);
	expect_value(&h, "no bytes", 1, "", 0);
	expect_value(&h, "binary of 1", 3, "\1", 1);
	expect_value(&h, "binary of 4", 3, "\1\2\3\4", 4);
	expect_value(&h, "binary of 5", 3, "\1\2\3\4\5", 5);
	expect_value(&h, "number", 4, "\x78\x56\x34\x12", 4);
	expect_value(&h, "type unknown", 0xdeadbeef, "data", 4);
	expect_value(&h, "odd length", 1, "a\0b\0c", 5);
	expect_value(&h, "quad", 11, "\0\0\0\0\0\1\0\0", 8);
	cr_assert(smsc_hive_root_key(&h, &root));
	cr_assert(smsc_hive_value_find(&h, &root, "number", &v));
	cr_assert_eq(smsc_hive_value_u32(&v, 7), 0x12345678);
	cr_assert(smsc_hive_value_find(&h, &root, "quad", &v));
	cr_assert_eq(smsc_hive_value_u32(&v, 7), 7);
	cr_assert_not(smsc_hive_value_find(&h, &root, "nothing", &v));
	cr_assert_not(smsc_hive_value_find(&h, &root, "numbe", &v));
	cr_assert_not(smsc_hive_value_find(&h, &root, "numbers", &v));
	sample_free(bytes);
}

static smsc_span big(smsc_hive *h, smsc_hive_value *v, smsc_buf *room)
{
	smsc_hive_key root;
	cr_assert(smsc_hive_root_key(h, &root));
	cr_assert(smsc_hive_value_at(h, &root, 0, v));
	return smsc_hive_value_data(h, v, room);
}

/* The same 17,000 bytes in one cell and in segments. */
Test(regf, big_data)
{
	smsc_span one = load("big-value"), many = load("big-data");
	smsc_hive h1 = open_hive(one), h2 = open_hive(many);
	smsc_hive_value v1, v2;
	smsc_buf room = SMSC_BUF_INIT;
	smsc_span d1 = big(&h1, &v1, NULL), d2 = big(&h2, &v2, &room);
	cr_assert_eq(d1.size, 17000);
	cr_assert_eq(d2.size, 17000);
	cr_assert_arr_eq(d1.data, d2.data, 17000);
	cr_assert_eq(v2.segments, 2);
	/* Whatever the base block says of its version. */
	put32((uint8_t *)many.data + 24, 3);
	h2 = open_hive(many);
	cr_assert_eq(big(&h2, &v2, &room).size, 17000);
	/* A torn segment ends the data: what follows has no known place. */
	const uint8_t *list = h2.data + smsc_hive_offset(v2.big);
	put32((uint8_t *)many.data + SMSC_HIVE_BASE + smsc_le32(list), (uint32_t)-1000);
	cr_assert_eq(big(&h2, &v2, &room).size, 0);
	smsc_buf_free(&room);
	sample_free(one);
	sample_free(many);
}

/* ---- names and paths --------------------------------------------------------------------------- */

static void expect_name(const char *bytes, size_t size, bool latin, const char *text)
{
	smsc_buf b = SMSC_BUF_INIT;
	smsc_hive_name(&b, (smsc_span){ bytes, size }, latin);
	cr_expect_str_eq(b.data ? b.data : "", text);
	cr_expect_eq(smsc_hive_name_said(text, (smsc_span){ bytes, size }, latin), strlen(text), "%s", text);
	smsc_buf_free(&b);
}

Test(regf, names_as_text)
{
	expect_name("", 0, true, "");
	expect_name("plain name", 10, true, "plain name");
	expect_name("caf\xe9", 4, true, "café");
	expect_name("a\0b", 3, true, "a\\x00b");
	expect_name("\x1a\4;\4", 4, false, "Кл");
	expect_name("\x3d\xd8\0\xde", 4, false, "😀");
	expect_name("x\0\0\xd8", 4, false, "x\\ud800");
	expect_name("\0\xdcx\0", 4, false, "\\udc00x");
	expect_name("a\0b", 3, false, "a\\x62");
	expect_name("C:\\dir", 6, true, "C:\\dir");
	/* Two names that differ never read the same. */
	expect_name("C:\\dir\0", 7, true, "C:\\\\dir\\x00");
	expect_name("C:\\dir\\x00", 10, true, "C:\\dir\\x00");
}

Test(regf, case_does_not_matter)
{
	static const struct { const char *name; size_t size; bool latin; const char *said; bool same; } pairs[] = {
		{ "Select", 6, true, "sELECT", true },       { "Select", 6, true, "Selects", false },
		{ "Select", 6, true, "Selec", false },       { "Select", 6, true, "Select\\Current", true },
		{ "caf\xe9", 4, true, "CAFÉ", true },        { "\xf7", 1, true, "×", false },
		{ "\xff", 1, true, "Ÿ", true },              { "\xdf", 1, true, "SS", false },
		{ "\x1a\4;\4", 4, false, "кЛ", true },       { "\xb1\3", 2, false, "Α", true },
		{ "\xc2\3", 2, false, "Σ", false },          { "\5\1", 2, false, "Ą", true },
		{ "text/html", 9, true, "text/html", true }, { "a", 1, true, "\xff", false },
		{ "a", 1, true, "\xc3", false },             { "a", 1, true, "", false },
	};
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		size_t said = smsc_hive_name_said(pairs[i].said, (smsc_span){ pairs[i].name, pairs[i].size },
		                                  pairs[i].latin);
		cr_expect_eq(said != SIZE_MAX, pairs[i].same, "pair %zu", i);
	}
}

static bool has(smsc_hive *h, const char *path)
{
	smsc_hive_key k;
	return smsc_hive_find(h, NULL, path, &k);
}

Test(regf, paths)
{
	smsc_span bytes = load("deep");
	smsc_hive h = open_hive(bytes);
	smsc_hive_key k, below;
	cr_assert(has(&h, ""));
	cr_assert(has(&h, "\\"));
	cr_assert(has(&h, "level 001"));
	cr_assert(has(&h, "\\LEVEL 001\\Level 002\\\\level 003\\"));
	cr_assert_not(has(&h, "level 002"));
	cr_assert_not(has(&h, "level 001\\level 003"));
	cr_assert_not(has(&h, "level 001/level 002"));  /* "text/html" is one name */
	cr_assert(smsc_hive_find(&h, NULL, "level 001", &k));
	cr_assert(smsc_hive_find(&h, &k, "level 002", &below));
	cr_assert_eq(below.parent, k.cell);
	sample_free(bytes);
}

Test(regf, paths_with_escapes)
{
	smsc_span bytes = load("names");
	smsc_hive h = open_hive(bytes);
	smsc_hive_key root;
	smsc_hive_value v;
	cr_assert(has(&h, "CAFÉ"));
	cr_assert(has(&h, "кЛЮЧ"));
	cr_assert(has(&h, "with\\x00nul"));
	cr_assert_not(has(&h, "with"));
	cr_assert(smsc_hive_root_key(&h, &root));
	cr_assert(smsc_hive_value_find(&h, &root, "GRÖßE", &v));
	cr_assert(smsc_hive_value_find(&h, &root, "値", &v));
	cr_assert(smsc_hive_value_find(&h, &root, "a\\x00b", &v));
	sample_free(bytes);
}

Test(regf, class_names)
{
	smsc_span bytes = load("class-name");
	smsc_hive h = open_hive(bytes);
	smsc_hive_key k;
	cr_assert(smsc_hive_find(&h, NULL, "jd", &k));
	cr_assert_eq(k.class_name.size, 16);
	cr_assert_arr_eq(k.class_name.data, "0\0001\0002\0003\0a\0b\0c\0d\0", 16);
	sample_free(bytes);
}

/* ---- walking ------------------------------------------------------------------------------------- */

static bool stop_at_three(void *user, const smsc_hive_key *k, unsigned depth)
{
	(void)k;
	(void)depth;
	return ++*(int *)user < 3;
}

static bool refuse(void *user, const smsc_hive_key *k, const smsc_hive_value *v)
{
	(void)k;
	(void)v;
	++*(int *)user;
	return false;
}

Test(regf, a_walk_can_be_stopped)
{
	smsc_span bytes = load("list-ri");
	smsc_hive h = open_hive(bytes);
	smsc_hive_key root;
	int n = 0;
	cr_assert(smsc_hive_root_key(&h, &root));
	cr_assert_not(smsc_hive_walk(&h, &root, stop_at_three, NULL, &n));
	cr_assert_eq(n, 3);
	n = 0;
	cr_assert_not(smsc_hive_subkeys(&h, &root, stop_at_three, &n));
	cr_assert_eq(n, 3);
	smsc_hive_key child;
	n = 0;
	cr_assert(smsc_hive_find(&h, NULL, "child 02", &child));
	cr_assert_not(smsc_hive_values(&h, &child, refuse, &n));
	cr_assert_eq(n, 1);
	sample_free(bytes);
}
