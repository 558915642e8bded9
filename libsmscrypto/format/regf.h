/* regf.h - registry hives, read on demand out of bytes that stay where they are.
 *
 * Nothing is allocated for a cell: a key or value is a small struct of spans into the hive.
 * A reader that follows the tree on demand loses only the branch that is damaged, where one
 * that checks all cells on opening refuses the whole hive.  Layout: [registry-certs 2].
 *
 * Cells of a hive made to hurt may lie over each other, so that a few bytes are a list of
 * millions of keys, each with a million values.  So each hive has a budget of bytes: whatever
 * is followed is paid for with its size.  Reading each cell of a real hive once costs less
 * than the size of the hive, and the budget lets that happen several times.
 */
#ifndef SMSC_FORMAT_REGF_H
#define SMSC_FORMAT_REGF_H

#include <stdbool.h>
#include <stdint.h>

#include "../base/buf.h"
#include "../base/cursor.h"

#define SMSC_HIVE_BASE   4096u        /* bytes of the base block; cell offsets start here */
#define SMSC_HIVE_NONE   UINT32_MAX   /* "no such cell" */
#define SMSC_HIVE_DEPTH  512          /* keys in keys that are followed */

/* Told of each damage met, with its byte in the file. */
typedef void smsc_hive_problem_fn(void *user, uint64_t offset, const char *what);

typedef struct smsc_hive {
	const uint8_t *data;
	size_t         size;
	uint32_t       sequence[2];   /* unequal: the hive was being written ("dirty") */
	smsc_time      written;
	uint32_t       minor;         /* format 1.minor */
	uint32_t       type;          /* 0 hive, 2 its spare copy on Windows 2000 (SYSTEM.ALT) */
	uint32_t       root;          /* cell of the root key, or SMSC_HIVE_NONE */
	uint32_t       bins_size;     /* bytes of all bins, as the base block says */
	bool           checksum_good;
	uint64_t       budget;        /* bytes that may still be followed; add to it for more */
	smsc_hive_problem_fn *problem;  /* may be NULL */
	void          *user;
} smsc_hive;

/* Spans point into the hive.  `latin` says that a name is 8-bit Latin-1, not UTF-16LE. */
typedef struct smsc_hive_key {
	uint32_t  cell;
	uint16_t  flags;
	bool      latin;
	smsc_time written;
	smsc_span name, class_name;   /* class names are UTF-16LE */
	uint32_t  class_cell;
	uint32_t  subkeys, subkey_list, values, value_list, parent;
} smsc_hive_key;

typedef struct smsc_hive_value {
	uint32_t  cell;
	bool      latin, missing;     /* missing: fewer bytes are there than `size` says */
	smsc_span name;
	uint32_t  type, size;         /* size of the data in bytes */
	smsc_span data;               /* when it lies in one piece, else empty and `big` set */
	uint64_t  data_at;            /* byte in the file of that piece */
	uint32_t  big;                /* cell of the segment list, or SMSC_HIVE_NONE */
	uint16_t  segments;
} smsc_hive_value;

/* ---- the hive (regf.c) ---------------------------------------------------------------- */

/* False when there is neither a base block ("regf") nor a bin where the first must be, and
 * for a log (smsc_hive_is_log()); all else is told to `problem`: a dirty hive at byte 4. */
bool smsc_hive_open(smsc_hive *h, smsc_span bytes, smsc_hive_problem_fn *problem, void *user);
bool smsc_hive_dirty(const smsc_hive *h);
/* XOR of the numbers of a base block of at least 512 bytes. */
uint32_t smsc_hive_checksum(const uint8_t *block);
/* Offset in the file of a cell's first data byte. */
static inline uint64_t smsc_hive_offset(uint32_t cell)
{
	return (uint64_t)SMSC_HIVE_BASE + cell + 4;
}
bool smsc_hive_root_key(smsc_hive *h, smsc_hive_key *out);
bool smsc_hive_key_at(smsc_hive *h, uint32_t cell, smsc_hive_key *out);

typedef struct smsc_hive_bins {
	uint64_t count, damaged;
} smsc_hive_bins;

/* Counts the bins and reports those whose headers are wrong.  Cells are found without them. */
smsc_hive_bins smsc_hive_check_bins(smsc_hive *h);

/* ---- values (regf_value.c) ------------------------------------------------------------- */

bool smsc_hive_value_at(smsc_hive *h, const smsc_hive_key *k, uint32_t i, smsc_hive_value *out);
/* The data in one piece: as it lies, or gathered in `room` when it is big data. */
smsc_span smsc_hive_value_data(smsc_hive *h, const smsc_hive_value *v, smsc_buf *room);
/* The i-th piece of the data as it lies and its byte in the file: data in one cell has one,
 * big data many.  False past the last, and from the first one that is damaged on. */
bool smsc_hive_value_piece(smsc_hive *h, const smsc_hive_value *v, uint32_t i, smsc_span *piece,
                           uint64_t *at);
uint32_t smsc_hive_value_u32(const smsc_hive_value *v, uint32_t otherwise);
typedef bool smsc_hive_value_fn(void *user, const smsc_hive_key *k, const smsc_hive_value *v);
/* Calls `fn` for each value that can be read until it returns false; false when stopped. */
bool smsc_hive_values(smsc_hive *h, const smsc_hive_key *k, smsc_hive_value_fn *fn, void *user);

/* ---- walking (regf_walk.c) --------------------------------------------------------------- */

typedef bool smsc_hive_key_fn(void *user, const smsc_hive_key *k, unsigned depth);
/* Calls `fn` for each direct subkey, in the order of the lists, until it returns false. */
bool smsc_hive_subkeys(smsc_hive *h, const smsc_hive_key *k, smsc_hive_key_fn *fn, void *user);
/* Calls `on_key` for `top` and all below it, parents first, and after each `on_value` (which
 * may be NULL) for its values; a false answer stops the walk.  Each key is visited once, so
 * that lists that point back end.  False when stopped, at the end of the budget, or without
 * memory. */
bool smsc_hive_walk(smsc_hive *h, const smsc_hive_key *top, smsc_hive_key_fn *on_key,
                    smsc_hive_value_fn *on_value, void *user);

/* ---- names (regf_name.c) ------------------------------------------------------------------ */

/* Appends a name as UTF-8, escaped as text.h says; NULs and other control characters are
 * escaped as well (\x00). */
void smsc_hive_name(smsc_buf *out, smsc_span name, bool latin);
/* How many bytes of `path` say this name, in whatever case and with its escapes, and end
 * there or before a backslash; SIZE_MAX when it says another. */
size_t smsc_hive_name_said(const char *path, smsc_span name, bool latin);
/* The key "ControlSet001\Control\Lsa" below `from` (the root when NULL). */
bool smsc_hive_find(smsc_hive *h, const smsc_hive_key *from, const char *path, smsc_hive_key *out);
/* The value of that name; "" is the default value. */
bool smsc_hive_value_find(smsc_hive *h, const smsc_hive_key *k, const char *name,
                          smsc_hive_value *out);

#endif
