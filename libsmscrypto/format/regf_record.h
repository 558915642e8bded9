/* regf_record.h - hives as records: what the base block says, or one key. */
#ifndef SMSC_FORMAT_REGF_RECORD_H
#define SMSC_FORMAT_REGF_RECORD_H

#include "record.h"
#include "regf.h"

/* A problem function whose `user` is a record: damage becomes a finding of it. */
void smsc_hive_problem_find(void *record, uint64_t offset, const char *what);

/* Puts a name of a key, value or class as text. */
void smsc_put_hive_name(smsc_record *r, const char *field, const char *meaning, smsc_span name,
                        bool latin, uint64_t at);

/* Puts the key, its values and its direct subkeys, each with its place in the hive.  What the
 * boot key is made from and private keys in the clear are not shown. */
void smsc_hive_key_record(smsc_hive *h, const smsc_hive_key *k, smsc_record *out);

#endif
