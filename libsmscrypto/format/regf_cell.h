/* regf_cell.h - what the parts of the hive reader share: the way to a cell, and its price. */
#ifndef SMSC_FORMAT_REGF_CELL_H
#define SMSC_FORMAT_REGF_CELL_H

#include "regf.h"

void smsc_hive_tell(const smsc_hive *h, uint64_t offset, const char *what);

/* The one bounds check of the reader: data of a cell, empty when there is no such cell.  Cells
 * lie at multiples of 8 and their sizes are such.  The sign of the size says used or free; a free
 * cell that is still referenced is read as well, since in damaged hives it mostly still holds what
 * it held.  Of a cell whose size is none only the content tells how long it is: it goes to the end
 * of the file. */
static inline smsc_span smsc_hive_cell(const smsc_hive *h, uint32_t cell)
{
	uint64_t at = (uint64_t)SMSC_HIVE_BASE + cell;
	if (cell % 8 || at + 4 > h->size)
		return smsc_span_of(NULL, 0);
	uint32_t raw = smsc_le32(h->data + at);
	uint64_t size = raw & 0x80000000u ? (uint64_t)0x100000000u - raw : raw;
	if (size % 8 || size < 8)
		size = h->size;
	return smsc_span_cut(smsc_span_of(h->data, h->size), (size_t)at + 4, (size_t)size - 4);
}

static inline bool smsc_hive_signed(smsc_span cell, const char *two)
{
	return cell.size >= 4 && !memcmp(cell.data, two, 2);
}

/* A cell with a mark of two letters and at least so many bytes, whatever the size of the cell
 * says; NULL data when it is no such cell. */
smsc_span smsc_hive_cell_of(const smsc_hive *h, uint32_t cell, const char *mark, size_t least);

/* Ends the budget, which is told once; false. */
bool smsc_hive_spent(smsc_hive *h);

/* Pays for `bytes` that are about to be followed; false when that is more than is left. */
static inline bool smsc_hive_pay(smsc_hive *h, uint64_t bytes)
{
	if (bytes > h->budget)
		return smsc_hive_spent(h);
	h->budget -= bytes;
	return true;
}

/* A cell that will be read soon: most time goes into waiting for cells that are in no cache. */
static inline void smsc_hive_soon(const smsc_hive *h, uint32_t cell)
{
	uint64_t at = (uint64_t)SMSC_HIVE_BASE + cell;
	if (at + 64 < h->size) {
		__builtin_prefetch(h->data + at);
		__builtin_prefetch(h->data + at + 64);
	}
}

#endif
