/* bkf_set.h - a backup set as a record: when, by whom, of which machine. */
#ifndef SMSC_FORMAT_BKF_SET_H
#define SMSC_FORMAT_BKF_SET_H

#include "bkf.h"
#include "record.h"

/* A block, its bytes, and where it stands. */
typedef struct smsc_bkf_seen {
	smsc_bkf_block block;
	smsc_span      bytes;
	uint64_t       at;
} smsc_bkf_seen;

/* Quarter hours east of UTC that an SSET block tells, or SMSC_BKF_NO_ZONE. */
int smsc_bkf_zone(smsc_span sset);
/* Puts what the text at `place` of the block says; nothing when there is none. */
void smsc_bkf_put_name(smsc_record *r, const char *name, const char *meaning, const smsc_bkf_seen *b,
                       size_t place);
/* What an SSET block tells; of any other block only the number. */
void smsc_bkf_set_put(smsc_record *r, uint32_t number, const smsc_bkf_seen *b);
/* Of an SSET block; of any other when that is lost.  NULL without memory. */
smsc_record *smsc_bkf_set_record(const char *path, uint32_t number, const smsc_bkf_seen *b,
                                 uint32_t codepage);
/* Adds what a VOLB block tells. */
void smsc_bkf_set_volume(smsc_record *set, const smsc_bkf_seen *b);

#endif
