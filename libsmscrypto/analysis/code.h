/* code.h - the Windows codes that tell what became of a key, in any spelling of a log. */
#ifndef SMSC_ANALYSIS_CODE_H
#define SMSC_ANALYSIS_CODE_H

#include "../smscrypto.h"

/* Puts the known codes in `text` into `codes`, each once, in the order they stand; how many
 * there are, at most `room`.  Spellings: 0x8009200b, bare 8009200b, 2148081675, -2146885621,
 * and "Error 1008" for the one Win32 code. */
size_t smsc_codes_find(smsc_span text, uint32_t *codes, size_t room);

#endif
