/* test_format_regf_damage.c - damaged and hostile hives: no crash, no endless walk, and the rest
 * is still read.  What a sanitizer has to say counts too. */
#include <criterion/criterion.h>
#include <time.h>

#include "../sample.h"
#include "format/regf.h"

typedef struct tally {
	smsc_hive hive;
	uint64_t  keys, values, bytes, problems;
	smsc_buf  room, name;
	unsigned  sum;        /* of all that was handed out, so that each byte is read */
} tally;

static void on_problem(void *user, uint64_t offset, const char *what)
{
	tally *t = user;
	cr_assert_leq(offset, t->hive.size, "%s", what);
	t->problems++;
}

static void read_all(tally *t, smsc_span s)
{
	for (size_t i = 0; i < s.size; i++)
		t->sum += ((const uint8_t *)s.data)[i];
}

static void read_name(tally *t, smsc_span name, bool latin)
{
	smsc_buf_clear(&t->name);
	smsc_hive_name(&t->name, name, latin);
	size_t size = t->name.size;
	cr_assert_eq(smsc_utf8_valid((smsc_span){ t->name.data, size }), size);
	cr_assert(!size || !memchr(t->name.data, 0, size));
}

static bool on_key(void *user, const smsc_hive_key *k, unsigned depth)
{
	tally *t = user;
	cr_assert_leq(depth, SMSC_HIVE_DEPTH);
	t->keys++;
	read_name(t, k->name, k->latin);
	read_all(t, k->class_name);
	return true;
}

static bool on_value(void *user, const smsc_hive_key *k, const smsc_hive_value *v)
{
	tally *t = user;
	smsc_span data = smsc_hive_value_data(&t->hive, v, &t->room);
	(void)k;
	cr_assert_leq(data.size, v->size);
	t->values++;
	t->bytes += data.size;
	read_name(t, v->name, v->latin);
	read_all(t, data);
	return true;
}

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Reads all of a hive in a block of exactly its size. */
static tally read_hive(const uint8_t *data, size_t size)
{
	tally t = { .sum = 0 };
	smsc_hive_key root;
	uint8_t *exact = malloc(size ? size : 1);
	if (size)
		memcpy(exact, data, size);
	t.hive.size = size;
	if (smsc_hive_open(&t.hive, (smsc_span){ exact, size }, on_problem, &t)) {
		smsc_hive_check_bins(&t.hive);
		if (smsc_hive_root_key(&t.hive, &root))
			smsc_hive_walk(&t.hive, &root, on_key, on_value, &t);
		smsc_hive_find(&t.hive, NULL, "child 01\\nothing\\there", &root);
	}
	smsc_buf_free(&t.room);
	smsc_buf_free(&t.name);
	free(exact);
	return t;
}

static smsc_span load(const char *rel)
{
	const char *path = sample_path("SMSC_CORPUS", rel);
	cr_assert_not_null(path, "%s is not there", rel);
	return sample_load(path);
}

/* ---- samples, cut and bent ----------------------------------------------------------------- */

Test(regf_damage, cut_at_every_byte)
{
	static const char *const names[] = { "regf/list-ri", "regf/list-lh", "regf/every-kind", "regf/big-data" };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		smsc_span s = load(names[i]);
		tally whole = read_hive(s.data, s.size);
		uint64_t before = 0;
		for (size_t size = 0; size < s.size; size++) {
			tally t = read_hive(s.data, size);
			cr_assert_leq(t.keys, whole.keys, "%s cut to %zu", names[i], size);
			cr_assert_geq(t.keys, before, "%s cut to %zu: fewer keys than when cut before", names[i], size);
			cr_assert(t.problems || size < 512, "%s cut to %zu: nothing is said", names[i], size);
			before = t.keys;
		}
		sample_free(s);
	}
}

Test(regf_damage, every_bit_turned)
{
	smsc_span s = load("regf/list-ri");
	uint8_t *p = (uint8_t *)s.data;
	tally whole = read_hive(p, s.size);
	unsigned lost = 0;
	for (size_t bit = 0; bit < 8 * s.size; bit++) {
		p[bit / 8] ^= (uint8_t)(1 << bit % 8);
		tally t = read_hive(p, s.size);
		p[bit / 8] ^= (uint8_t)(1 << bit % 8);
		cr_assert_leq(t.keys, whole.keys);
		lost += t.keys < whole.keys;
		cr_assert(t.keys == whole.keys || t.problems, "bit %zu costs keys and nothing is said", bit);
	}
	/* Only marks, counts and places of the few lists and keys can cost a key. */
	cr_assert_lt(lost, 8 * s.size / 50, "%u bits of %zu cost keys", lost, 8 * s.size);
	sample_free(s);
}

/* ---- mutants ------------------------------------------------------------------------------------ */

static uint64_t state;

static size_t below(size_t n)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return n ? (size_t)((state * UINT64_C(2685821657736338717)) >> 33) % n : 0;
}

static void bend(uint8_t *p, size_t size)
{
	static const uint32_t odd[] = { 0, 1, 8, 0x20, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x10000,
	                                0x7fffffff, 0x80000000, 0xfffffff8, 0xffffffff };
	size_t at = below(size - 4) & ~(size_t)(below(4) ? 3 : 0), width = (size_t)1 << below(3);
	uint32_t v = below(2) ? odd[below(sizeof odd / sizeof *odd)] : (uint32_t)below(size);
	if (below(4) == 0) {
		p[at] ^= (uint8_t)(1 << below(8));
		return;
	}
	for (size_t i = 0; i < width; i++)
		p[at + i] = (uint8_t)(v >> 8 * i);
}

/* Returns the longest a mutant took. */
static double try_mutants(const char *rel, int count)
{
	smsc_span s = load(rel);
	uint8_t *copy = malloc(s.size);
	double longest = 0;
	uint64_t keys = 0, whole = read_hive(s.data, s.size).keys;
	for (int i = 0; i < count; i++) {
		memcpy(copy, s.data, s.size);
		/* Most of the file is room behind the cells; damage there would prove nothing. */
		size_t used = SMSC_HIVE_BASE + smsc_le32(copy + 40);
		for (size_t n = 1 + below(16); n--; )
			bend(copy, below(8) ? used : 512);
		double start = now();
		tally t = read_hive(copy, below(20) ? s.size : below(s.size));
		double took = now() - start;
		longest = took > longest ? took : longest;
		keys += t.keys < whole ? t.keys : whole;
	}
	fprintf(stderr, "%s: %d mutants, %.1f %% of the keys read, the longest took %.1f ms\n", rel, count,
	       100.0 * (double)keys / (double)whole / count, 1e3 * longest);
	free(copy);
	sample_free(s);
	return longest;
}

Test(regf_damage, ten_thousand_mutants, .timeout = 280)
{
	static const char *const names[] = {
		"regf/list-ri", "regf/list-lh", "regf/every-kind", "regf/names", "regf/class-name",
		"incident-2005/2005-01-07/C/WINNT/system32/config/SECURITY",
		"incident-2005/2005-01-07/C/WINNT/system32/config/SOFTWARE",
		"incident-2005/2005-01-07/C/WINNT/system32/config/SYSTEM",
		"regf/deep", "regf/big-data",
	};
	state = UINT64_C(0x9e3779b97f4a7c15);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		cr_assert_lt(try_mutants(names[i], 1000), 5.0, "%s", names[i]);
}

/* ---- hives that were made to hurt ------------------------------------------------------------- */

typedef struct maker {
	uint8_t *data;
	size_t   size, at;   /* `at`: where the next cell goes */
} maker;

static void put32(uint8_t *p, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		p[i] = (uint8_t)(v >> 8 * i);
}

static maker make(size_t size)
{
	maker m = { calloc(1, size), size, SMSC_HIVE_BASE + 32 };
	memcpy(m.data, "regf", 4);
	put32(m.data + 24, 5);
	put32(m.data + 36, 32);
	put32(m.data + 40, (uint32_t)(size - SMSC_HIVE_BASE));
	return m;
}

/* A cell with room for `size` bytes; `*data` is where they go. */
static uint32_t cell(maker *m, size_t size, uint8_t **data)
{
	size_t at = m->at, need = (size + 4 + 7) / 8 * 8;
	cr_assert_leq(at + need, m->size);
	put32(m->data + at, (uint32_t)-(int32_t)need);
	m->at += need;
	*data = m->data + at + 4;
	return (uint32_t)(at - SMSC_HIVE_BASE);
}

static uint32_t key(maker *m, uint32_t subkeys, uint32_t list, uint32_t values, uint32_t value_list)
{
	uint8_t *p;
	uint32_t at = cell(m, 77, &p);
	memcpy(p, "nk", 2);
	p[2] = 0x20;
	put32(p + 20, subkeys);
	put32(p + 28, list);
	put32(p + 36, values);
	put32(p + 40, value_list);
	p[72] = 1;
	p[76] = 'k';
	return at;
}

static uint32_t list_of(maker *m, const char *mark, uint32_t count, uint32_t each)
{
	uint8_t *p;
	uint32_t at = cell(m, 4 + 4 * (size_t)count, &p);
	memcpy(p, mark, 2);
	p[2] = (uint8_t)count;
	p[3] = (uint8_t)(count >> 8);
	for (uint32_t i = 0; i < count; i++)
		put32(p + 4 + 4 * i, each);
	return at;
}

static tally hurt(maker *m, double seconds)
{
	double start = now();
	tally t = read_hive(m->data, m->size);
	cr_assert_lt(now() - start, seconds, "it took %.1f s", now() - start);
	cr_assert_gt(t.problems, 0);
	free(m->data);
	return t;
}

/* 10,000 keys that share one list of 40,000 values: 400 million values in a megabyte. */
Test(regf_damage, keys_that_share_a_value_list, .timeout = 60)
{
	enum { KEYS = 10000, VALUES = 40000 };
	maker m = make(2u << 20);
	uint8_t *p, *list;
	uint32_t root = key(&m, KEYS, 0, 0, SMSC_HIVE_NONE), value = cell(&m, 20, &p);
	cr_assert_eq(root, 32);
	memcpy(p, "vk", 2);
	uint32_t values = cell(&m, 4 * VALUES, &p);
	for (uint32_t i = 0; i < VALUES; i++)
		put32(p + 4 * i, value);
	uint32_t keys = cell(&m, 4 + 4 * KEYS, &list);
	memcpy(list, "li\x10\x27", 4);
	put32(m.data + smsc_hive_offset(root) + 28, keys);
	for (uint32_t i = 0; i < KEYS; i++)
		put32(list + 4 + 4 * i, key(&m, 0, SMSC_HIVE_NONE, VALUES, values));
	tally t = hurt(&m, 10);
	cr_assert_gt(t.values, VALUES);
	cr_assert_lt(t.values, 20u << 20);
}

/* 30,000 values that share one megabyte of data: 30 gigabytes. */
Test(regf_damage, values_that_share_their_data, .timeout = 60)
{
	enum { VALUES = 30000, DATA = 1 << 20 };
	maker m = make(4u << 20);
	uint8_t *p, *list;
	uint32_t root = key(&m, 0, SMSC_HIVE_NONE, VALUES, 0);
	uint32_t data = cell(&m, DATA, &p), values = cell(&m, 4 * VALUES, &list);
	put32(m.data + smsc_hive_offset(root) + 40, values);
	for (uint32_t i = 0; i < VALUES; i++) {
		put32(list + 4 * i, cell(&m, 20, &p));
		memcpy(p, "vk", 2);
		put32(p + 4, DATA);
		put32(p + 8, data);
	}
	tally t = hurt(&m, 10);
	cr_assert_gt(t.bytes, DATA);
	cr_assert_lt(t.bytes, 64u << 20);
}

/* An index of 60,000 times the same list of 60,000 times the same key: 3.6 thousand million. */
Test(regf_damage, indexes_of_one_list, .timeout = 60)
{
	maker m = make(1u << 20);
	uint32_t root = key(&m, 0xffffffff, 0, 0, SMSC_HIVE_NONE);
	uint32_t leaf = key(&m, 0, SMSC_HIVE_NONE, 0, SMSC_HIVE_NONE);
	uint32_t list = list_of(&m, "li", 60000, leaf);
	put32(m.data + smsc_hive_offset(root) + 28, list_of(&m, "ri", 60000, list));
	cr_assert_eq(hurt(&m, 10).keys, 2);
}

/* Indexes that hold themselves, and a key that holds itself. */
Test(regf_damage, loops)
{
	maker m = make(64u << 10);
	uint32_t root = key(&m, 2, 0, 0, SMSC_HIVE_NONE), next = (uint32_t)(m.at - SMSC_HIVE_BASE);
	put32(m.data + smsc_hive_offset(root) + 28, list_of(&m, "ri", 2, next));
	cr_assert_eq(hurt(&m, 1).keys, 1);
	m = make(64u << 10);
	root = key(&m, 2, 0, 0, SMSC_HIVE_NONE);
	put32(m.data + smsc_hive_offset(root) + 28, list_of(&m, "li", 2, root));
	cr_assert_eq(hurt(&m, 1).keys, 1);
}

/* Deeper than is followed: 2,000 keys, each in the one before. */
Test(regf_damage, depth)
{
	maker m = make(512u << 10);
	uint32_t above = key(&m, 1, 0, 0, SMSC_HIVE_NONE);
	for (int i = 0; i < 2000; i++) {
		uint32_t below_it = key(&m, 1, 0, 0, SMSC_HIVE_NONE);
		put32(m.data + smsc_hive_offset(above) + 28, list_of(&m, "li", 1, below_it));
		above = below_it;
	}
	cr_assert_eq(hurt(&m, 1).keys, SMSC_HIVE_DEPTH + 1);
}

/* Sizes and places at the edges of their numbers. */
Test(regf_damage, edges)
{
	static const uint32_t odd[] = { 0, 1, 4, 8, 0x7fffffff, 0x7ffffff8, 0x80000000, 0xffffefff,
	                                0xfffff000, 0xfffffff8, 0xfffffffc, 0xffffffff };
	smsc_span s = load("regf/every-kind");
	uint8_t *p = (uint8_t *)s.data;
	for (size_t at = 0; at + 4 <= s.size; at += 4)
		for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
			uint32_t kept = smsc_le32(p + at);
			put32(p + at, odd[i]);
			read_hive(p, s.size);
			put32(p + at, kept);
		}
	sample_free(s);
}
