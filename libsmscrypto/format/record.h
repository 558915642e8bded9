/* record.h - what a decoder writes: fields that know their bytes. */
#ifndef SMSC_FORMAT_RECORD_H
#define SMSC_FORMAT_RECORD_H

#include "../base/arena.h"
#include "../base/cursor.h"
#include "../base/finding.h"

struct smsc_record {
	smsc_arena  *arena;
	smsc_record *root;      /* findings and failures go there */
	smsc_record *parent;    /* NULL of a root */
	const char  *name;      /* as a field of the parent */
	const char  *format;
	const char  *path;
	uint32_t     codepage;  /* of 8-bit text */
	smsc_field  *fields;
	size_t       count, room;
	smsc_findings findings; /* of a root only */
	bool         failed;    /* of a root only: no memory outside the arena */
};

/* A record with an arena of its own; NULL without memory. */
smsc_record *smsc_record_new(const char *format, const char *path, uint32_t codepage);
/* Did memory run out while it was written? */
bool smsc_record_failed(const smsc_record *r);
/* A record within `parent`, put there as field `name`.  Never NULL to a decoder: without
 * memory it returns `parent`, whose arena remembers the failure. */
smsc_record *smsc_put_record(smsc_record *parent, const char *name, const char *meaning,
                             const char *format, uint64_t at, uint64_t bytes);

/* Each puts one field; names and meanings are string literals.  The field returned may be
 * NULL (no memory) and is good for smsc_note() at once, not later. */
smsc_field *smsc_put_int(smsc_record *r, const char *name, const char *meaning,
                         int64_t value, uint64_t at, uint64_t bytes);
smsc_field *smsc_put_time(smsc_record *r, const char *name, const char *meaning,
                          smsc_time value, uint64_t at, uint64_t bytes);
smsc_field *smsc_put_text(smsc_record *r, const char *name, const char *meaning,
                          const char *text, size_t size, uint64_t at, uint64_t bytes);
smsc_field *smsc_put_bytes(smsc_record *r, const char *name, const char *meaning,
                           smsc_span bytes, uint64_t at);
/* What the last field put in `r` says: "3DES". */
void smsc_note(smsc_record *r, const char *format, ...) SMSC_PRINTF(2, 3);
/* Damage or oddity at a byte of the stream; the text begins with where `r` is in its root. */
void smsc_damage(smsc_record *r, smsc_rule_id rule, uint64_t at, const char *format, ...)
                 SMSC_PRINTF(4, 5);

/* Read and put in one step.  A read that does not fit puts what is left as bytes under the
 * same name, reports D001 ("salt: 16 bytes wanted, 3 left") once at the first byte that is
 * missing, and fails the cursor.  A run of 0 bytes puts nothing. */
uint8_t   smsc_read_u8(smsc_record *r, smsc_cur *c, const char *name, const char *meaning);
uint16_t  smsc_read_u16(smsc_record *r, smsc_cur *c, const char *name, const char *meaning);
uint32_t  smsc_read_u32(smsc_record *r, smsc_cur *c, const char *name, const char *meaning);
uint64_t  smsc_read_u64(smsc_record *r, smsc_cur *c, const char *name, const char *meaning);
smsc_time smsc_read_filetime(smsc_record *r, smsc_cur *c, const char *name, const char *meaning);
smsc_span smsc_read_bytes(smsc_record *r, smsc_cur *c, size_t n, const char *name,
                          const char *meaning);
/* Key material in the clear: the field says where it is and how long, never its bytes. */
void      smsc_read_withheld(smsc_record *r, smsc_cur *c, uint64_t n, const char *name,
                             const char *meaning);
/* 16 bytes, put as lower-case text. */
smsc_span smsc_read_guid(smsc_record *r, smsc_cur *c, const char *name, const char *meaning);
/* `n` bytes of UTF-16LE, or of the record's code page, put as text up to the first NUL; what
 * is not NUL behind it follows as bytes of the same name, with D002. */
smsc_span smsc_read_utf16(smsc_record *r, smsc_cur *c, size_t n, const char *name,
                          const char *meaning);
smsc_span smsc_read_ansi(smsc_record *r, smsc_cur *c, size_t n, const char *name,
                         const char *meaning);
/* Is the mark of a private key in the clear anywhere in these bytes? */
bool      smsc_holds_private_key(smsc_span s);
/* What is left in the cursor, if anything, put as `unexplained` with finding D002; withheld
 * when it looks like a private key. */
void      smsc_read_rest(smsc_record *r, smsc_cur *c);
/* D001 at the end of the stream when it has fewer bytes than its header tells of. */
void      smsc_check_end(smsc_record *r, uint64_t needed, uint64_t size);

#endif
