/* packing.h - which archive or compression do these bytes start? */
#ifndef SMSC_SOURCE_PACKING_H
#define SMSC_SOURCE_PACKING_H

#include "../base/buf.h"
#include "../base/cursor.h"

typedef enum smsc_packing {
	SMSC_NOT_PACKED,
	SMSC_ZIP, SMSC_7Z, SMSC_CAB, SMSC_ISO, SMSC_TAR,
	SMSC_GZIP, SMSC_BZIP2, SMSC_XZ, SMSC_ZSTD, SMSC_COMPRESS,
} smsc_packing;

smsc_packing smsc_packing_of(smsc_span head);
bool         smsc_packing_is_filter(smsc_packing p);  /* one stream, maybe a tar */
/* Name of the one file packed in `path`: as the gzip header says it, else `path`'s last part
 * without its ending. */
void         smsc_packing_single(smsc_packing p, smsc_span head, const char *path, smsc_buf *out);
/* When that file was written, as the gzip header says; SMSC_NEVER. */
smsc_time    smsc_packing_time(smsc_packing p, smsc_span head);

#endif
