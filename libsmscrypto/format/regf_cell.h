/* regf_cell.h - what the parts of the hive reader share: the way to a cell, and its price. */
#ifndef SMSC_FORMAT_REGF_CELL_H
#define SMSC_FORMAT_REGF_CELL_H

#include "regf.h"

void smsc_hive_tell(const smsc_hive *h, uint64_t offset, const char *what);
/* Data of a cell, cut to the end of the file; empty when there is no such cell. */
smsc_span smsc_hive_cell(const smsc_hive *h, uint32_t cell);
/* The same of a cell with a mark of two letters and at least so many bytes, whatever the size of
 * the cell says; NULL data when it is no such cell. */
smsc_span smsc_hive_cell_of(const smsc_hive *h, uint32_t cell, const char *mark, size_t least);
/* Pays for `bytes` that are about to be followed; false when that is more than is left, which
 * is told once. */
bool smsc_hive_pay(smsc_hive *h, uint64_t bytes);

static inline bool smsc_hive_signed(smsc_span cell, const char *two)
{
	return cell.size >= 4 && !memcmp(cell.data, two, 2);
}

#endif
