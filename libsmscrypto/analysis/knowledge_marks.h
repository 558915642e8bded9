/* knowledge_marks.h - the words without which no line is about keys. */
#ifndef SMSC_ANALYSIS_KNOWLEDGE_MARKS_H
#define SMSC_ANALYSIS_KNOWLEDGE_MARKS_H

#include <stdbool.h>

#include "../smscrypto.h"

/* Once, before the others are called. */
void smsc_marks_build(void);
/* False when no row of the table for text logs and no code of CryptoAPI can be in `text`. */
bool smsc_marks_in(smsc_span text);
/* Does the pattern of a row hold one of the marks?  Must be so for each. */
bool smsc_marks_cover(const char *pattern);

#endif
