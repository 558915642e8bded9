/* keep.h - what was made in a buffer, kept by an arena. */
#ifndef SMSC_ANALYSIS_KEEP_H
#define SMSC_ANALYSIS_KEEP_H

#include "../base/arena.h"
#include "../base/buf.h"

/* Each takes what the buffer holds.  Without memory they give "" and nothing, and the arena
 * remembers it. */
const char *smsc_keep_text(smsc_arena *a, smsc_buf *text);
smsc_span   smsc_keep_span(smsc_arena *a, smsc_buf *bytes);
/* Text for people: "" without memory, which the arena remembers. */
const char *smsc_keep_printf(smsc_arena *a, const char *format, ...) SMSC_PRINTF(2, 3);
/* Makes the arena remember that memory ran out elsewhere. */
void        smsc_keep_failed(smsc_arena *a);

/* The name at the end of a path. */
const char *smsc_last_part(const char *path);

#endif
