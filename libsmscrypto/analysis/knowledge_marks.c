/* knowledge_marks.c - lets nearly every line of a log go after one glance.
 *
 * Each pattern of the table, and each spelling of a code of CryptoAPI, has one of a few marks of
 * four bytes in it.  32 places of a text are held against all of them at once: the two halves of
 * a byte are looked up in tables of 16, which give a bit for each group of marks that has such a
 * byte at this place (what Hyperscan calls Teddy).  Where all four bytes agree on a group, a
 * small hash table has the last word.  A processor that cannot do this lets all lines pass.
 */
#include <string.h>

#include "../base/cursor.h"
#include "knowledge.h"
#include "knowledge_marks.h"

#define GROUPS 8
#define SIZE   4
#define SLOTS  64

/* Rare in real logs, and grouped so that bytes of several marks of one group seldom make a word of
 * its own.  A new row of the table that has none of them needs one more; until then no line is
 * let go.  The numbers are of 0x8009...., of 0x800703f0, and of both in decimal, with or without
 * a sign. */
static const char *const marks[GROUPS][5] = {
	{ " Key", "MSMP", "lta ", "m_sy", "umbp" },
	{ ": st", "phas", "pubk", "sett" },
	{ " ID=", "gist", "ignD", "rypt" },
	{ "] ER", "ash ", "g: P", "g: R", "to /" },
	{ "8009", "ad f", "h Fo" },
	{ "0703", "ucti", "xite" },
	{ "2146", "2147", "2148", "tAva", "trus" },
	{ "blic", "f CC", "rtif", "uthe", "y be" },
};

static struct {
	uint8_t  low[SIZE][16], high[SIZE][16];  /* by halves of the byte at each place: groups */
	uint32_t slot[SLOTS];                    /* the marks themselves */
	bool     usable;                         /* they cover the table, and the processor can */
} table;

static unsigned slot_of(uint32_t mark)
{
	return mark * 2654435761u >> 26;
}

static bool is_mark(const char *p)
{
	uint32_t bytes = smsc_le32(p);

	for (unsigned i = slot_of(bytes); table.slot[i]; i = (i + 1) % SLOTS)
		if (table.slot[i] == bytes)
			return true;
	return false;
}

static void add_mark(const char *mark, uint8_t group)
{
	uint32_t bytes = smsc_le32(mark);
	unsigned slot = slot_of(bytes);

	while (table.slot[slot])
		slot = (slot + 1) % SLOTS;
	table.slot[slot] = bytes;
	for (size_t i = 0; i < SIZE; i++) {
		table.low[i][mark[i] & 15] |= group;
		table.high[i][mark[i] >> 4] |= group;
	}
}

bool smsc_marks_cover(const char *pattern)
{
	for (size_t at = 0, size = strlen(pattern); at + SIZE <= size; at++)
		if (is_mark(pattern + at))
			return true;
	return false;
}

#if defined __x86_64__ && defined __GNUC__
#include <immintrin.h>

#define LANES 32
#define REACH (LANES + SIZE - 1)

/* For each of 32 bytes, the groups that have it at one place; none for a byte above 127. */
__attribute__((target("avx2")))
static inline __m256i groups_of(const char *p, __m256i low, __m256i high)
{
	__m256i bytes = _mm256_loadu_si256((const __m256i_u *)p);
	__m256i above = _mm256_and_si256(_mm256_srli_epi16(bytes, 4), _mm256_set1_epi8(15));

	return _mm256_and_si256(_mm256_shuffle_epi8(low, bytes), _mm256_shuffle_epi8(high, above));
}

/* Which of the 32 places from `p` on may begin a mark. */
__attribute__((target("avx2")))
static inline uint32_t places(const char *p, const __m256i low[SIZE], const __m256i high[SIZE])
{
	__m256i first = _mm256_and_si256(groups_of(p, low[0], high[0]), groups_of(p + 1, low[1], high[1]));
	__m256i second = _mm256_and_si256(groups_of(p + 2, low[2], high[2]), groups_of(p + 3, low[3], high[3]));
	__m256i none = _mm256_cmpeq_epi8(_mm256_and_si256(first, second), _mm256_setzero_si256());

	return ~(uint32_t)_mm256_movemask_epi8(none);
}

/* A table of 16, for both halves of a vector. */
__attribute__((target("avx2")))
static inline __m256i both(const uint8_t *half)
{
	return _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i_u *)half));
}

__attribute__((target("avx2")))
static bool search(const char *p, size_t size)
{
	const __m256i low[SIZE] = { both(table.low[0]), both(table.low[1]), both(table.low[2]), both(table.low[3]) };
	const __m256i high[SIZE] = { both(table.high[0]), both(table.high[1]), both(table.high[2]), both(table.high[3]) };

	/* The last step looks at some places again. */
	for (size_t at = 0, last = size - REACH;; at = at + LANES < last ? at + LANES : last) {
		for (uint32_t hits = places(p + at, low, high); hits; hits &= hits - 1)
			if (is_mark(p + at + __builtin_ctz(hits)))
				return true;
		if (at == last)
			return false;
	}
}

static bool can_search(void)
{
	return __builtin_cpu_supports("avx2");
}

static bool search_short(smsc_span text)
{
	char room[REACH] = "";

	if (text.size)
		memcpy(room, text.data, text.size);
	return search(room, REACH);
}

bool smsc_marks_in(smsc_span text)
{
	if (!table.usable)
		return true;
	return text.size < REACH ? search_short(text) : search(text.data, text.size);
}
#else
static bool can_search(void)
{
	return false;
}

bool smsc_marks_in(smsc_span text)
{
	(void)text;
	return true;
}
#endif

void smsc_marks_build(void)
{
	const smsc_known *k;

	for (size_t group = 0; group < GROUPS; group++)
		for (size_t i = 0; i < 5 && marks[group][i]; i++)
			add_mark(marks[group][i], (uint8_t)(1u << group));
	table.usable = can_search();
	for (size_t i = 0; (k = smsc_known_at(i)); i++)
		table.usable &= *k->id == 'V' || smsc_marks_cover(k->text);
}
