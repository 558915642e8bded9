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
/* Of an SSET block; of any other when that is lost.  NULL without memory. */
smsc_record *smsc_bkf_set_record(const char *path, uint32_t number, const smsc_bkf_seen *b,
                                 uint32_t codepage);
/* Adds what a VOLB block tells. */
void smsc_bkf_set_volume(smsc_record *set, const smsc_bkf_seen *b);

#endif
