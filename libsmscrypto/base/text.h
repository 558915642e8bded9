/* text.h - bytes of the evidence to valid UTF-8, losing nothing.
 *
 * What is no character in its encoding is written \xHH, a lone UTF-16 surrogate \uHHHH, so
 * that two different inputs never read the same as each other's escape (a backslash that
 * could start such an escape is itself doubled only when the text holds an escape).
 */
#ifndef SMSC_BASE_TEXT_H
#define SMSC_BASE_TEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "../smscrypto.h"
#include "buf.h"

/* True for 437, 850, 1250, 1251, 1252 (and 65001, UTF-8). */
bool   smsc_codepage_known(uint32_t codepage);
/* Length of the valid UTF-8 prefix of `s`; equal to s.size when all is valid.  Overlong forms,
 * surrogates and values past U+10FFFF are not valid.  Fast for ASCII. */
size_t smsc_utf8_valid(smsc_span s);
/* Appends one code point as UTF-8. */
void   smsc_text_code(smsc_buf *out, uint32_t code);
/* Appends `s` (little-endian 16-bit units; an odd last byte is escaped) as UTF-8. */
void   smsc_text_utf16(smsc_buf *out, smsc_span s);
/* Appends text in an 8-bit code page as UTF-8; undefined bytes are escaped. */
void   smsc_text_ansi(smsc_buf *out, smsc_span s, uint32_t codepage);
/* Appends UTF-8 of unknown honesty: valid runs as they are, the rest escaped. */
void   smsc_text_utf8(smsc_buf *out, smsc_span s);
/* UTF-8 if it is valid UTF-8, else the code page. */
void   smsc_text_guess(smsc_buf *out, smsc_span s, uint32_t codepage);
/* Lower-cases ASCII only (file and container names compare so in the C locale). */
char   smsc_ascii_lower(char c);
int    smsc_ascii_casecmp(const char *a, const char *b);
/* Value of a hex digit or -1. */
int    smsc_hex_digit(char c);

#endif
