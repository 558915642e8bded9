/* bkf.h - the Microsoft Tape Format as NTBackup writes it into a .bkf file: its blocks and
 * streams, one at a time out of bytes.  The walk over a whole medium is bkf_walk.h.
 *
 * A medium is a row of blocks (DBLK), each followed by streams and filled up to the next
 * format logical block; which file is in which folder on which volume is told by the order
 * of the blocks alone.  Layout: [bkf-mtf 1-8].
 */
#ifndef SMSC_FORMAT_BKF_H
#define SMSC_FORMAT_BKF_H

#include <stdbool.h>
#include <stdint.h>

#include "../base/buf.h"
#include "../base/cursor.h"

#define SMSC_BKF_HEADER        52u    /* bytes that all blocks begin with              */
#define SMSC_BKF_BLOCK_MOST    1024u  /* of a block with its texts                     */
#define SMSC_BKF_STREAM_HEADER 22u
#define SMSC_BKF_NO_ZONE       127    /* the set does not tell its offset from UTC     */

#define SMSC_BKF_ID(a, b, c, d) \
	((uint32_t)(a) | (uint32_t)(b) << 8 | (uint32_t)(c) << 16 | (uint32_t)(d) << 24)

enum {
	SMSC_BKF_TAPE = SMSC_BKF_ID('T', 'A', 'P', 'E'),
	SMSC_BKF_SSET = SMSC_BKF_ID('S', 'S', 'E', 'T'),
	SMSC_BKF_VOLB = SMSC_BKF_ID('V', 'O', 'L', 'B'),
	SMSC_BKF_DIRB = SMSC_BKF_ID('D', 'I', 'R', 'B'),
	SMSC_BKF_FILE = SMSC_BKF_ID('F', 'I', 'L', 'E'),
	SMSC_BKF_CFIL = SMSC_BKF_ID('C', 'F', 'I', 'L'),
	SMSC_BKF_ESPB = SMSC_BKF_ID('E', 'S', 'P', 'B'),
	SMSC_BKF_ESET = SMSC_BKF_ID('E', 'S', 'E', 'T'),
	SMSC_BKF_EOTM = SMSC_BKF_ID('E', 'O', 'T', 'M'),
	SMSC_BKF_SFMB = SMSC_BKF_ID('S', 'F', 'M', 'B'),

	SMSC_BKF_STAN = SMSC_BKF_ID('S', 'T', 'A', 'N'),  /* the bytes of a file           */
	SMSC_BKF_SPAR = SMSC_BKF_ID('S', 'P', 'A', 'R'),  /* a run of them, with its place */
	SMSC_BKF_ADAT = SMSC_BKF_ID('A', 'D', 'A', 'T'),  /* an alternate stream           */
	SMSC_BKF_NTED = SMSC_BKF_ID('N', 'T', 'E', 'D'),  /* a file that EFS encrypted     */
	SMSC_BKF_NACL = SMSC_BKF_ID('N', 'A', 'C', 'L'),  /* who may do what with it       */
	SMSC_BKF_PNAM = SMSC_BKF_ID('P', 'N', 'A', 'M'),
	SMSC_BKF_FNAM = SMSC_BKF_ID('F', 'N', 'A', 'M'),
	SMSC_BKF_CSUM = SMSC_BKF_ID('C', 'S', 'U', 'M'),
	SMSC_BKF_CRPT = SMSC_BKF_ID('C', 'R', 'P', 'T'),
	SMSC_BKF_SPAD = SMSC_BKF_ID('S', 'P', 'A', 'D'),
};

#define SMSC_BKF_CONTINUED    0x1u         /* block: repeated from the medium before    */
#define SMSC_BKF_NAME_STREAM  0x20000u     /* DIRB, FILE: the name is in a stream       */
#define SMSC_BKF_SPARSE       0x8u         /* stream, file system attributes            */
#define SMSC_BKF_ON           0x1u         /* stream: goes on from the medium before    */
#define SMSC_BKF_PARTS        0x2u         /* stream: one of several parts              */
#define SMSC_BKF_ENCRYPTED    0x8u
#define SMSC_BKF_COMPRESSED   0x10u
#define SMSC_BKF_SUMMED       0x20u        /* a CSUM follows                            */

typedef struct smsc_bkf_block {
	uint32_t type, attributes;
	uint32_t first_event;    /* bytes from the block to its first stream, or the next block */
	uint8_t  os, os_version;
	uint64_t shown_size, address;
	uint32_t control;        /* rises from block to block within a set, where SSET has 0 */
	uint8_t  text_type;      /* 0 none, 1 ANSI, 2 UTF-16LE */
} smsc_bkf_block;

typedef struct smsc_bkf_stream {
	uint32_t id;
	uint16_t system, media;  /* attributes of the file system, of the tape format */
	uint64_t size;
	uint16_t encryption, compression;
} smsc_bkf_stream;

typedef struct smsc_bkf_times {
	smsc_time modified, created, accessed;
} smsc_bkf_times;

/* XOR of 16-bit words; zero over a header and its checksum that fit. */
uint16_t smsc_bkf_sum(const void *bytes, size_t size);

/* The block at the start of `bytes` (52 or more): false unless type and checksum are right.
 * The type may be one that is not known; it is never the id of a stream, whose header followed
 * by zeros has the checksum of a block [bkf-mtf 2]. */
bool smsc_bkf_block_read(smsc_span bytes, smsc_bkf_block *out);
bool smsc_bkf_block_known(uint32_t type);
/* A TAPE block as a medium begins with: 512 or 1024, the size of its logical blocks; else 0. */
uint32_t smsc_bkf_tape_grid(smsc_span bytes);
/* The stream header at the start of `bytes` (22 or more). */
bool smsc_bkf_stream_read(smsc_span bytes, smsc_bkf_stream *out);

/* Fields of a block by their place; zero beyond the block. */
uint16_t  smsc_bkf_u16(smsc_span block, size_t at);
uint32_t  smsc_bkf_u32(smsc_span block, size_t at);
uint64_t  smsc_bkf_u64(smsc_span block, size_t at);
/* What the size and offset at `at` point to, cut to the block. */
smsc_span smsc_bkf_text(smsc_span block, size_t at);
/* Of DIRB and FILE: local civil times, as if they were UTC. */
smsc_bkf_times smsc_bkf_object_times(smsc_span block);
/* Of DIRB and FILE: the attributes of Windows, or what the tape says in their place. */
int64_t   smsc_bkf_attributes(const smsc_bkf_block *b, smsc_span block);
/* Five bytes, a packed local time; SMSC_NEVER when unknown or no such time exists. */
smsc_time smsc_bkf_date(const uint8_t *five);

/* Appends a name as UTF-8. */
void smsc_bkf_name_add(smsc_buf *out, smsc_span raw, uint8_t text_type, uint32_t codepage);
/* The same for a folder, whose parts are separated and ended by NUL: "a/b". */
void smsc_bkf_folder_add(smsc_buf *out, smsc_span raw, uint8_t text_type, uint32_t codepage);

#endif
