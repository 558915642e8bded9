/* regf_record.c - a hive, or the log beside one, as a record [registry-certs 2.1, 2.2, 2.8]. */
#include "regf_record.h"

#include "../base/text.h"
#include "format.h"
#include "regf_log.h"

enum { FILE_NAME = 64, RESERVED = 396, HEADER = 512 };

void smsc_hive_problem_find(void *user, uint64_t offset, const char *what)
{
	smsc_record *r = user;
	bool dirty = offset == 4;
	smsc_damage(r, dirty ? SMSC_RULE_K010 : SMSC_RULE_D010, offset, "%s", what);
}

/* ---- the base block --------------------------------------------------------------------- */

/* Windows leaves here what stood in its memory: counted, but not shown. */
static void read_unused(smsc_record *r, smsc_cur *c, size_t n, const char *name,
                        const char *meaning)
{
	uint64_t at = smsc_cur_where(c);
	size_t left = smsc_cur_left(c), there = n < left ? n : left, used = 0;
	smsc_span s = smsc_cur_take(c, there);
	for (size_t i = 0; i < s.size; i++)
		used += ((const uint8_t *)s.data)[i] != 0;
	if (s.size)
		smsc_put_int(r, name, meaning, (int64_t)used, at, s.size);
}

static void read_type(smsc_record *r, smsc_cur *c)
{
	static const char *const types[] = {
		"hive", "log", "spare copy", NULL, NULL, NULL, "log of Windows 8.1 or later"
	};
	uint32_t type = smsc_read_u32(r, c, "type", "what kind of file it is");
	if (smsc_cur_ok(c) && type < sizeof types / sizeof *types && types[type])
		smsc_note(r, "%s", types[type]);
}

static void read_root(smsc_record *r, smsc_cur *c)
{
	uint32_t root = smsc_read_u32(r, c, "root", "cell of the root key");
	if (smsc_cur_ok(c) && root != SMSC_HIVE_NONE)
		smsc_note(r, "byte %llu of the file", (unsigned long long)smsc_hive_offset(root));
}

static void read_checksum(smsc_record *r, smsc_cur *c, smsc_span in)
{
	uint32_t sum = smsc_read_u32(r, c, "checksum", "XOR of the 127 numbers before it");
	if (!smsc_cur_ok(c))
		return;
	if (sum == smsc_hive_checksum(in.data))
		smsc_note(r, "right");
	else
		smsc_note(r, "wrong: 0x%08x was computed", smsc_hive_checksum(in.data));
}

static void read_base(smsc_record *r, smsc_cur *c, smsc_span in)
{
	smsc_read_ansi(r, c, 4, "magic", "mark of a hive: regf");
	smsc_read_u32(r, c, "sequence1", "counted up before a write");
	smsc_read_u32(r, c, "sequence2", "counted up after it: as sequence1 when it was finished");
	smsc_read_filetime(r, c, "last_written", "when the hive was last written");
	smsc_read_u32(r, c, "major", "version of the format");
	smsc_read_u32(r, c, "minor", "3 up to Windows 2000 and in saved hives, 5 in live ones since XP");
	read_type(r, c);
	smsc_read_u32(r, c, "format", "always 1");
	read_root(r, c);
	smsc_read_u32(r, c, "bins_size", "bytes of all bins");
	smsc_read_u32(r, c, "clustering", "always 1");
	smsc_read_utf16(r, c, FILE_NAME, "file_name", "end of the path the hive was loaded from");
	read_unused(r, c, RESERVED, "reserved", "unused; how many bytes are not 0");
	read_checksum(r, c, in);
}

/* ---- the tree ------------------------------------------------------------------------------- */

typedef struct tally {
	smsc_hive hive;
	uint64_t  keys, values, bytes;
	smsc_time newest;
	uint64_t  newest_at;
} tally;

static bool count_key(void *user, const smsc_hive_key *k, unsigned depth)
{
	tally *t = user;
	(void)depth;
	t->keys++;
	if (k->written > t->newest) {
		t->newest = k->written;
		t->newest_at = smsc_hive_offset(k->cell) + 4;
	}
	return true;
}

static bool count_value(void *user, const smsc_hive_key *k, const smsc_hive_value *v)
{
	tally *t = user;
	smsc_span piece;
	uint64_t at;
	(void)k;
	t->values++;
	for (uint32_t i = 0; smsc_hive_value_piece(&t->hive, v, i, &piece, &at); i++)
		t->bytes += piece.size;
	return true;
}

static void put_root(smsc_record *r, const smsc_hive_key *k)
{
	uint64_t at = smsc_hive_offset(k->cell);
	smsc_record *key = smsc_put_record(r, "root_key", "the key that all others lie in", "regf-key",
	                                   at, 0);
	smsc_put_time(key, "last_written", "when a value or the list of its subkeys was last written",
	              k->written, at + 4, 8);
	smsc_put_int(key, "subkeys", "keys in it", k->subkeys, at + 20, 4);
	smsc_put_int(key, "values", "values in it", k->values, at + 36, 4);
	smsc_put_hive_name(key, "name", "its name, which paths leave out", k->name, k->latin, at + 76);
}

static void put_tally(smsc_record *r, const tally *t)
{
	uint64_t at = smsc_hive_offset(t->hive.root);
	smsc_put_int(r, "keys", "keys that can be reached", (int64_t)t->keys, at, 0);
	smsc_put_int(r, "values", "values that can be reached", (int64_t)t->values, at, 0);
	smsc_put_int(r, "data", "bytes of their data", (int64_t)t->bytes, at, 0);
	if (t->newest != SMSC_NEVER)
		smsc_put_time(r, "newest_key", "when the key written last was written", t->newest,
		              t->newest_at, 0);
}

static void put_tree(smsc_record *r, tally *t)
{
	smsc_hive_key root;
	if (!smsc_hive_root_key(&t->hive, &root))
		return;
	put_root(r, &root);
	if (!smsc_hive_walk(&t->hive, &root, count_key, count_value, t) && t->hive.budget)
		r->root->failed = true;
	put_tally(r, t);
}

/* ---- bins ---------------------------------------------------------------------------------- */

static void read_bins(smsc_record *r, smsc_cur *c, smsc_hive *h)
{
	uint64_t at = smsc_cur_where(c);
	size_t left = smsc_cur_left(c);
	smsc_hive_bins bins = smsc_hive_check_bins(h);
	smsc_span s = smsc_cur_take(c, h->bins_size < left ? h->bins_size : left);
	if (s.size)
		smsc_put_int(r, "bins", "bins, in which all keys and values lie", (int64_t)bins.count, at,
		             s.size);
	if (s.size && bins.damaged)
		smsc_note(r, "%llu of them damaged", (unsigned long long)bins.damaged);
	read_unused(r, c, SIZE_MAX, "slack", "room behind the last bin; how many bytes are not 0");
}

static void decode_hive(smsc_span in, smsc_cur *c, smsc_record *r)
{
	tally t = { .newest = SMSC_NEVER };
	bool good = smsc_hive_open(&t.hive, in, smsc_hive_problem_find, r);
	read_base(r, c, in);
	read_unused(r, c, SMSC_HIVE_BASE - HEADER, "unused",
	            "rest of the base block; how many bytes are not 0");
	if (!smsc_cur_ok(c))
		return;
	if (!good) {
		smsc_damage(r, SMSC_RULE_D010, 0, "neither a base block nor a bin is where it must be");
		smsc_read_rest(r, c);
		return;
	}
	read_bins(r, c, &t.hive);
	put_tree(r, &t);
}

/* ---- the log beside a hive ------------------------------------------------------------------ */

static bool is_set(smsc_span bitmap, uint64_t i)
{
	return i / 8 < bitmap.size && ((const uint8_t *)bitmap.data)[i / 8] >> i % 8 & 1;
}

/* One field for each run of pages: where in the hive they go. */
static void read_pages(smsc_record *r, smsc_cur *c, const smsc_hive_log *l)
{
	uint64_t at = smsc_cur_where(c), left = smsc_cur_left(c) / SMSC_HIVE_PAGE;
	uint64_t there = l->pages < left ? l->pages : left;
	if (there < l->pages && there)
		smsc_damage(r, SMSC_RULE_D010, at + there * SMSC_HIVE_PAGE,
		            "pages: %llu in the bitmap, %llu in the file", (unsigned long long)l->pages,
		            (unsigned long long)there);
	if (!there)
		return;
	smsc_record *runs = smsc_put_record(r, "pages", "pages that were to be written into the hive",
	                                    "regf-pages", at, there * SMSC_HIVE_PAGE);
	for (uint64_t page = 0; there; page++) {
		uint64_t first = page;
		while (page - first < there && is_set(l->bitmap, page))
			page++;
		if (page == first)
			continue;
		uint64_t size = (page - first) * SMSC_HIVE_PAGE;
		smsc_put_int(runs, "run", "byte of the hive that they begin at",
		             (int64_t)(SMSC_HIVE_BASE + first * SMSC_HIVE_PAGE), smsc_cur_where(c), size);
		smsc_cur_take(c, (size_t)size);
		there -= page - first;
	}
}

static void decode_log(smsc_span in, smsc_cur *c, smsc_record *r)
{
	smsc_hive_log l;
	read_base(r, c, in);
	smsc_hive_log_open(&l, in);
	if (!l.checksum_good)
		smsc_damage(r, SMSC_RULE_D010, 508, "the checksum of the base block is wrong");
	if (l.marked)
		smsc_read_ansi(r, c, 4, "mark", "mark of the log: DIRT, or HvLE since Windows 8.1");
	if (l.newer)
		smsc_damage(r, SMSC_RULE_D004, 28, "a log of Windows 8.1 or later: what it holds is not read");
	if (l.bitmap.size) {
		smsc_put_int(r, "bitmap", "one bit for each 512 bytes of the bins; how many are set",
		             (int64_t)l.pages, smsc_cur_where(c), l.bitmap.size);
		smsc_cur_take(c, l.bitmap.size);
	}
	if (l.pages_at > smsc_cur_where(c))
		read_unused(r, c, l.pages_at - (size_t)smsc_cur_where(c), "padding", "how many bytes are not 0");
	read_pages(r, c, &l);
	read_unused(r, c, SIZE_MAX, "slack", "old bytes behind the last page; how many are not 0");
}

/* ---- the row -------------------------------------------------------------------------------- */

static void decode(smsc_span in, smsc_record *r)
{
	smsc_cur c = smsc_cur_of(in, 0);
	if (smsc_hive_is_log(in))
		decode_log(in, &c, r);
	else
		decode_hive(in, &c, r);
}

static bool says(smsc_span s, size_t at, const char *four)
{
	return s.size >= at + 4 && !memcmp((const uint8_t *)s.data + at, four, 4);
}

/* A hive whose first sector is lost is still one by its first bin. */
static int probe(smsc_span in, uint64_t size, const char *name)
{
	(void)size;
	(void)name;
	return says(in, 0, "regf") ? 95 : says(in, SMSC_HIVE_BASE, "hbin") ? 60 : 0;
}

const smsc_format smsc_regf = {
	"regf", "registry hive (SYSTEM, SECURITY, SOFTWARE), or its log", probe, decode
};
