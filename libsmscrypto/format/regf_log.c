/* regf_log.c - logs of hives, and what a dirty hive is with the pages of its log. */
#include "regf_log.h"

#include "regf.h"

enum { HEADER = 512, MARK = 4, TYPE_OLD = 1, TYPE_NEW = 6 };

static bool says(smsc_span s, size_t at, const char *four)
{
	return s.size >= at + MARK && !memcmp((const uint8_t *)s.data + at, four, MARK);
}

/* One wrong bit in the type of a hive must not make it a log. */
bool smsc_hive_is_log(smsc_span s)
{
	if (s.size < HEADER || !says(s, 0, "regf"))
		return false;
	uint32_t type = smsc_le32((const uint8_t *)s.data + 28);
	if (type != TYPE_OLD && type != TYPE_NEW)
		return false;
	return says(s, HEADER, "DIRT") || says(s, HEADER, "HvLE") || !says(s, SMSC_HIVE_BASE, "hbin");
}

static uint64_t count_bits(smsc_span bitmap)
{
	const uint8_t *p = bitmap.data;
	uint64_t n = 0;
	for (size_t i = 0; i < bitmap.size; i++)
		for (uint8_t b = p[i]; b; b &= (uint8_t)(b - 1))
			n++;
	return n;
}

bool smsc_hive_log_open(smsc_hive_log *l, smsc_span bytes)
{
	const uint8_t *p = bytes.data;
	*l = (smsc_hive_log){ .sequence = { 0, 0 } };
	if (!smsc_hive_is_log(bytes))
		return false;
	l->sequence[0]   = smsc_le32(p + 4);
	l->sequence[1]   = smsc_le32(p + 8);
	l->bins_size     = smsc_le32(p + 40);
	l->checksum_good = smsc_hive_checksum(p) == smsc_le32(p + 508);
	l->newer         = smsc_le32(p + 28) == TYPE_NEW || says(bytes, HEADER, "HvLE");
	l->marked        = says(bytes, HEADER, l->newer ? "HvLE" : "DIRT");
	if (l->newer || !l->marked)
		return true;
	size_t bits = l->bins_size / SMSC_HIVE_PAGE / 8;
	l->bitmap   = smsc_span_cut(bytes, HEADER + MARK, bits);
	l->pages    = count_bits(l->bitmap);
	l->pages_at = (HEADER + MARK + bits + SMSC_HIVE_PAGE - 1) / SMSC_HIVE_PAGE * SMSC_HIVE_PAGE;
	return true;
}

/* ---- replay ---------------------------------------------------------------------------- */

static const char *unfit(const smsc_hive_log *l, smsc_span hive, smsc_span log)
{
	smsc_hive h;
	if (!smsc_hive_open(&h, hive, NULL, NULL))
		return "it is no hive";
	if (!smsc_hive_dirty(&h) && h.checksum_good)
		return "the hive is clean";
	if (!l->checksum_good)
		return "the checksum of the log is wrong";
	if (l->sequence[0] != l->sequence[1])
		return "the log itself was being written";
	if (h.checksum_good && l->sequence[0] != h.sequence[0])
		return "the log is of another write of the hive";
	if (log.size < l->pages_at || (log.size - l->pages_at) / SMSC_HIVE_PAGE < l->pages)
		return "the log ends before its last page";
	return NULL;
}

static const char *refusal(smsc_hive_log *l, smsc_span hive, smsc_span log)
{
	if (!smsc_hive_log_open(l, log))
		return "it is no log of a hive";
	if (l->newer)
		return "a log of Windows 8.1 or later, which is not replayed";
	if (!l->marked)
		return "the log is empty";
	return unfit(l, hive, log);
}

/* The hive grows when the log knows of bins that were never written. */
static bool copy_hive(smsc_buf *out, smsc_span hive, uint32_t bins_size)
{
	size_t wanted = SMSC_HIVE_BASE + (size_t)bins_size;
	smsc_buf_add(out, hive.data, hive.size);
	if (wanted > hive.size && smsc_buf_reserve(out, wanted - hive.size)) {
		memset(out->data + hive.size, 0, wanted - hive.size + 1);
		out->size = wanted;
	}
	return !out->failed;
}

/* The base block of the log is that of the hive as it was to be. */
static void put_base(smsc_buf *out, smsc_span log)
{
	uint8_t *p = (uint8_t *)out->data;
	memcpy(p, log.data, HEADER);
	memset(p + 28, 0, 4);
	uint32_t sum = smsc_hive_checksum(p);
	for (int i = 0; i < 4; i++)
		p[508 + i] = (uint8_t)(sum >> 8 * i);
}

static bool is_dirty(const smsc_hive_log *l, size_t page)
{
	return page / 8 < l->bitmap.size && ((const uint8_t *)l->bitmap.data)[page / 8] >> page % 8 & 1;
}

/* Copies a page and returns how many of its bytes are new. */
static unsigned put_page(uint8_t *to, const uint8_t *from)
{
	unsigned changed = 0;
	for (unsigned i = 0; i < SMSC_HIVE_PAGE; i++)
		changed += to[i] != from[i];
	memcpy(to, from, SMSC_HIVE_PAGE);
	return changed;
}

static void put_pages(smsc_buf *out, const smsc_hive_log *l, smsc_span log, smsc_hive_run_fn *fn,
                      void *user)
{
	const uint8_t *from = (const uint8_t *)log.data + l->pages_at;
	for (size_t page = 0; page < 8 * l->bitmap.size; page++) {
		size_t first = page;
		uint64_t changed = 0;
		for (; is_dirty(l, page); page++, from += SMSC_HIVE_PAGE)
			changed += put_page((uint8_t *)out->data + SMSC_HIVE_BASE + page * SMSC_HIVE_PAGE, from);
		if (page > first && fn)
			fn(user, SMSC_HIVE_BASE + (uint64_t)first * SMSC_HIVE_PAGE,
			   (uint64_t)(page - first) * SMSC_HIVE_PAGE, changed);
	}
}

const char *smsc_hive_replay(smsc_span hive, smsc_span log, smsc_buf *out, smsc_hive_run_fn *fn,
                             void *user)
{
	smsc_hive_log l;
	smsc_buf_clear(out);
	const char *why = refusal(&l, hive, log);
	if (why)
		return why;
	/* Pages that are there are in the log, so a hive cannot grow beyond what the log holds of it. */
	if (SMSC_HIVE_BASE + (uint64_t)l.bins_size > hive.size + l.pages * SMSC_HIVE_PAGE)
		return "the log is of a hive much longer than this one";
	if (!copy_hive(out, hive, l.bins_size)) {
		smsc_buf_clear(out);
		return "no memory";
	}
	put_base(out, log);
	put_pages(out, &l, log, fn, user);
	return NULL;
}
