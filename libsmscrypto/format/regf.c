/* regf.c - hives: the base block, bins, cells and keys (NT 4 to Windows 10, format 1.2 to 1.6). */
#include "regf_cell.h"

#include "../base/time.h"
#include "regf_log.h"

enum { BASE_FIXED = 512, BIN_HEADER = 32, PAGE = 4096, KEY_FIXED = 76, ROOT_FLAG = 4 };

/* ---- cells ---------------------------------------------------------------------------- */

void smsc_hive_tell(const smsc_hive *h, uint64_t offset, const char *what)
{
	if (h->problem)
		h->problem(h->user, offset < h->size ? offset : h->size, what);
}

smsc_span smsc_hive_cell_of(const smsc_hive *h, uint32_t cell, const char *mark, size_t least)
{
	smsc_span s = smsc_hive_cell(h, cell);
	if (!smsc_hive_signed(s, mark))
		return smsc_span_of(NULL, 0);
	if (s.size < least) {
		smsc_hive_tell(h, smsc_hive_offset(cell) - 4, "a cell is smaller than what lies in it");
		s = smsc_span_cut(smsc_span_of(h->data, h->size), (size_t)smsc_hive_offset(cell), SIZE_MAX);
	}
	return s.size < least ? smsc_span_of(NULL, 0) : s;
}

bool smsc_hive_spent(smsc_hive *h)
{
	if (h->budget)
		smsc_hive_tell(h, h->size, "more is listed than the hive can hold: cells lie over each other");
	h->budget = 0;
	return false;
}

/* ---- keys ------------------------------------------------------------------------------- */

static smsc_span class_of(const smsc_hive *h, uint32_t cell, uint16_t size)
{
	smsc_span s = smsc_span_cut(smsc_hive_cell(h, size ? cell : SMSC_HIVE_NONE), 0, size);
	if (s.size < size)
		smsc_hive_tell(h, smsc_hive_offset(cell), "the class name of a key is cut short");
	return s;
}

bool smsc_hive_key_at(smsc_hive *h, uint32_t cell, smsc_hive_key *out)
{
	smsc_span s = smsc_hive_cell_of(h, cell, "nk", KEY_FIXED);
	const uint8_t *nk = s.data;
	*out = (smsc_hive_key){ .cell = cell };
	if (!nk) {
		smsc_hive_tell(h, smsc_hive_offset(cell), "a key cell was expected here");
		return false;
	}
	out->flags       = smsc_le16(nk + 2);
	out->latin       = out->flags & 0x20;
	out->written     = smsc_time_of_filetime(smsc_le64(nk + 4));
	out->parent      = smsc_le32(nk + 16);
	out->subkeys     = smsc_le32(nk + 20);
	out->subkey_list = smsc_le32(nk + 28);
	out->values      = smsc_le32(nk + 36);
	out->value_list  = smsc_le32(nk + 40);
	out->class_cell  = smsc_le32(nk + 48);
	out->class_name  = class_of(h, out->class_cell, smsc_le16(nk + 74));
	out->name        = smsc_span_cut(s, KEY_FIXED, smsc_le16(nk + 72));
	if (out->name.size < smsc_le16(nk + 72))
		smsc_hive_tell(h, smsc_hive_offset(cell) + KEY_FIXED, "the name of a key is cut short");
	return smsc_hive_pay(h, KEY_FIXED + out->name.size + out->class_name.size);
}

bool smsc_hive_root_key(smsc_hive *h, smsc_hive_key *out)
{
	return h->root != SMSC_HIVE_NONE && smsc_hive_key_at(h, h->root, out);
}

/* ---- the base block ------------------------------------------------------------------------ */

uint32_t smsc_hive_checksum(const uint8_t *block)
{
	uint32_t sum = 0;
	for (unsigned i = 0; i < 508; i += 4)
		sum ^= smsc_le32(block + i);
	return sum == UINT32_MAX ? UINT32_MAX - 1 : sum == 0 ? 1 : sum;
}

bool smsc_hive_dirty(const smsc_hive *h)
{
	return h->sequence[0] != h->sequence[1];
}

static bool is_root(const smsc_hive *h, uint32_t cell)
{
	smsc_span s = smsc_hive_cell(h, cell);
	return s.size >= KEY_FIXED && smsc_hive_signed(s, "nk") &&
	       smsc_le16((const uint8_t *)s.data + 2) & ROOT_FLAG;
}

/* A base block torn by the crash that damaged it must not cost the whole hive: the root key
 * bears a mark of its own. */
static void search_root(smsc_hive *h)
{
	uint64_t told = (uint64_t)SMSC_HIVE_BASE + h->root, cell = BIN_HEADER;
	while (SMSC_HIVE_BASE + cell < h->size && cell < SMSC_HIVE_NONE && !is_root(h, (uint32_t)cell))
		cell += 8;
	bool found = SMSC_HIVE_BASE + cell < h->size && cell < SMSC_HIVE_NONE;
	smsc_hive_tell(h, told, found ? "no root key where it must be: the one with its mark is taken"
	                              : "no root key where it must be, nor elsewhere");
	h->root = found ? (uint32_t)cell : SMSC_HIVE_NONE;
}

static void read_base(smsc_hive *h)
{
	h->sequence[0]   = smsc_le32(h->data + 4);
	h->sequence[1]   = smsc_le32(h->data + 8);
	h->written       = smsc_time_of_filetime(smsc_le64(h->data + 12));
	h->minor         = smsc_le32(h->data + 24);
	h->type          = smsc_le32(h->data + 28);
	h->root          = smsc_le32(h->data + 36);
	h->bins_size     = smsc_le32(h->data + 40);
	h->checksum_good = smsc_hive_checksum(h->data) == smsc_le32(h->data + 508);
	if (!h->checksum_good)
		smsc_hive_tell(h, 508, "the checksum of the base block is wrong");
	if (smsc_hive_dirty(h))
		smsc_hive_tell(h, 4, "the hive is dirty: its two sequence numbers differ");
	if (h->bins_size > h->size || h->size - h->bins_size < SMSC_HIVE_BASE)
		smsc_hive_tell(h, h->size, "the file ends before its last bin");
}

static bool has_mark(smsc_span s, size_t at, const char *four)
{
	return s.size >= at + BIN_HEADER && !memcmp((const uint8_t *)s.data + at, four, 4);
}

bool smsc_hive_open(smsc_hive *h, smsc_span bytes, smsc_hive_problem_fn *problem, void *user)
{
	*h = (smsc_hive){ .data = bytes.data, .size = bytes.size, .root = SMSC_HIVE_NONE,
	                  .budget = 4 * (uint64_t)bytes.size + (16u << 20),
	                  .problem = problem, .user = user };
	if (smsc_hive_is_log(bytes))
		return false;
	if (bytes.size >= BASE_FIXED && has_mark(bytes, 0, "regf")) {
		read_base(h);
	} else if (has_mark(bytes, SMSC_HIVE_BASE, "hbin")) {
		h->bins_size = (uint32_t)(bytes.size - SMSC_HIVE_BASE);
		smsc_hive_tell(h, 0, "the base block is no base block");
	} else {
		return false;
	}
	if (!smsc_hive_cell_of(h, h->root, "nk", KEY_FIXED).data)
		search_root(h);
	return true;
}

/* ---- bins -------------------------------------------------------------------------------- */

/* What is wrong with the header at `at`, and where; NULL when it is good.  `end` ends the bins. */
static const char *bin_fault(const smsc_hive *h, uint64_t at, uint64_t end, uint64_t *where)
{
	const uint8_t *p = h->data + at;
	uint32_t size = smsc_le32(p + 8);
	*where = at;
	if (memcmp(p, "hbin", 4))
		return "a bin has no mark";
	*where = at + 4;
	if (smsc_le32(p + 4) != at - SMSC_HIVE_BASE)
		return "a bin says that it lies elsewhere";
	*where = at + 8;
	return !size || size % PAGE || size > end - at ? "the size of a bin is none" : NULL;
}

/* Past a bad header the next page whose header is good begins the next bin. */
smsc_hive_bins smsc_hive_check_bins(smsc_hive *h)
{
	smsc_hive_bins bins = { 0, 0 };
	uint64_t end = (uint64_t)SMSC_HIVE_BASE + h->bins_size, where;
	if (end > h->size)
		end = h->size;
	for (uint64_t at = SMSC_HIVE_BASE; at + BIN_HEADER <= end; ) {
		const char *fault = bin_fault(h, at, end, &where);
		bins.count++;
		if (!fault) {
			at += smsc_le32(h->data + at + 8);
			continue;
		}
		bins.damaged++;
		smsc_hive_tell(h, where, fault);
		do
			at += PAGE;
		while (at + BIN_HEADER <= end && bin_fault(h, at, end, &where));
	}
	return bins;
}
