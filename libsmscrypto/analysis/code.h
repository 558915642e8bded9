/* code.h - the Windows codes that tell what became of a key, in any spelling of a log. */
#ifndef SMSC_ANALYSIS_CODE_H
#define SMSC_ANALYSIS_CODE_H

#include <stdbool.h>

#include "../smscrypto.h"

/* The code of a name such as "NTE_NO_KEY" in any case; 0 for none. */
uint32_t smsc_code_of_name(const char *name);

/* Puts the known codes in `text` into `codes`, each once, in the order they stand; how many
 * there are, at most `room`.  Spellings: 0x8009200b, bare 8009200b, 2148081675, -2146885621,
 * and behind the word "error" a small number, "Error 1008". */
size_t smsc_codes_find(smsc_span text, uint32_t *codes, size_t room);

/* False when no code of CryptoAPI (0x8009....) and not 0x800703f0 can be in `text`, in any
 * spelling.  Much cheaper than to look for codes. */
bool smsc_codes_likely(smsc_span text);

#endif
