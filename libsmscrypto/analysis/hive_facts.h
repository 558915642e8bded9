/* hive_facts.h - what a hive says of its machine, as derived fields of its record. */
#ifndef SMSC_ANALYSIS_HIVE_FACTS_H
#define SMSC_ANALYSIS_HIVE_FACTS_H

#include "../format/record.h"

/* Adds to the record of SYSTEM, SECURITY or SOFTWARE; those of other hives stay as they are. */
void smsc_hive_facts(smsc_record *r, smsc_span in);

#endif
