/* master_key.h - DPAPI master keys on the timeline. */
#ifndef SMSC_ANALYSIS_MASTER_KEY_H
#define SMSC_ANALYSIS_MASTER_KEY_H

#include "../format/record.h"
#include "case.h"

/* Keeps what a record of a master key or Preferred file tells; others are left alone.
 * `clock` is a literal.  False without memory. */
bool smsc_master_file_add(smsc_case *c, const smsc_snapshot *s, const smsc_entry *e,
                          const smsc_record *record, const char *clock);
/* One event for each key and each renewal, however many snapshots hold the file. */
void smsc_master_key_events(smsc_case *c);

#endif
