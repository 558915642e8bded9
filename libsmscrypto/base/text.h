/* text.h - bytes of the evidence to valid UTF-8, losing nothing.
 *
 * What is no character in its encoding is escaped: a byte is written \xHH, a lone UTF-16
 * surrogate \uHHHH, in lower-case hex.  Which text is escaped must show, or the file name
 * "\x81" and the byte 81 would read the same; and C:\WINDOWS\x86 must stay what it is.
 *
 * So a text reads as escaped when each backslash in it either is one of a pair "\\" or begins
 * \xHH or \uHHHH (taken from left to right), and at least one is followed by xHH or uHHHH.
 * In such a text, and in no other, "\\" stands for one backslash and an escape for its byte or
 * unit.  A text that needs an escape is written in this form, all its backslashes doubled; so is
 * a text that needs none but would read as escaped, such as "D:\x86" (D:\\x86).  All others,
 * that is nearly every path there is, are written as they are.  One call to a function below
 * makes one text: two inputs that differ never give the same one in the same encoding.
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
/* Appends one code point as UTF-8; U+FFFD for what is none. */
void   smsc_text_code(smsc_buf *out, uint32_t code);
/* Appends `s` (little-endian 16-bit units; an odd last byte is escaped) as UTF-8. */
void   smsc_text_utf16(smsc_buf *out, smsc_span s);
/* Appends text in a code page as UTF-8; undefined bytes are escaped, in a code page that is
 * not known all but ASCII. */
void   smsc_text_ansi(smsc_buf *out, smsc_span s, uint32_t codepage);
/* Appends UTF-8 of unknown honesty: valid runs as they are, the rest escaped. */
void   smsc_text_utf8(smsc_buf *out, smsc_span s);
/* For a message of ours that quotes text: '?' over what is no UTF-8, such as a character that
 * a precision ("%.80s") cut. */
void   smsc_text_mend(char *text);
/* UTF-8 if all of it is valid UTF-8, else the code page (so the encoding is not told). */
void   smsc_text_guess(smsc_buf *out, smsc_span s, uint32_t codepage);
/* Lower-cases ASCII only (file and container names compare so in the C locale). */
char   smsc_ascii_lower(char c);
int    smsc_ascii_casecmp(const char *a, const char *b);
/* Value of a hex digit or -1. */
int    smsc_hex_digit(char c);

#endif
