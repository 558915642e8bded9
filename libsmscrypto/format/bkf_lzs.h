/* bkf_lzs.h - LZS (ANSI X3.241), the one compression that the tape format knows, and its frames
 * [bkf-mtf 8]. */
#ifndef SMSC_FORMAT_BKF_LZS_H
#define SMSC_FORMAT_BKF_LZS_H

#include <stdbool.h>
#include <stdint.h>

#include "../base/cursor.h"

#define SMSC_LZS_ALGORITHM 0x0abe
#define SMSC_LZS_HEADER    24u
#define SMSC_LZS_FAR       2047u       /* bytes that a copy may reach back           */
#define SMSC_LZS_MOST      (1u << 20)  /* of one frame; writers use 62 KiB            */

typedef struct smsc_lzs_frame {
	uint32_t size, packed;   /* bytes of it, and how many they are packed into */
	bool     stored;
} smsc_lzs_frame;

/* The header at the start of `bytes` (24 or more): false unless mark, checksum and sizes fit. */
bool   smsc_lzs_frame_read(smsc_span bytes, smsc_lzs_frame *out);
/* Unpacks to out[at...], at most up to `room`; copies may reach what stands before `at`.  The
 * end, less than was to come when the bytes are damaged. */
size_t smsc_lzs_unpack(smsc_span packed, uint8_t *out, size_t at, size_t room);

#endif
