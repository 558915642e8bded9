/* ident.h - GUIDs, SIDs and the names of key-container files. */
#ifndef SMSC_BASE_IDENT_H
#define SMSC_BASE_IDENT_H

#include <stdbool.h>
#include <stdint.h>

#include "../smscrypto.h"
#include "buf.h"

#define SMSC_GUID_TEXT 37   /* bytes of "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx" with NUL */

/* 16 bytes as Windows stores them to lower-case text without braces. */
void smsc_guid_text(const uint8_t guid[16], char out[SMSC_GUID_TEXT]);
/* True when `text` (exactly `size` characters, no braces) is a GUID. */
bool smsc_guid_is(const char *text, size_t size);
/* Text of either case, with or without braces, to the 16 bytes Windows stores. */
bool smsc_guid_parse(const char *text, size_t size, uint8_t guid[16]);
/* A binary SID as "S-1-5-18"; false when it is torn or has more than 15 sub-authorities. */
bool smsc_sid_text(smsc_buf *out, smsc_span sid);

/* A key-container file name "<32 hex>_<GUID>" (the last part of `path`).  Both outputs are
 * lower case; `guid` is "" when there is no "_<GUID>".  False when it is no such name. */
bool smsc_container_name_parse(const char *path, char hash[33], char guid[SMSC_GUID_TEXT]);
/* Last part of a path; both separators count. */
const char *smsc_path_last(const char *path);

#endif
