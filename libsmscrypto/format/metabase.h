/* metabase.h - the protected values in an IIS metabase, for those who open them. */
#ifndef SMSC_FORMAT_METABASE_H
#define SMSC_FORMAT_METABASE_H

#include "record.h"

/* One protected value, `in` from its mark on, which stands at `base` of the stream. */
void smsc_metabase_blob(smsc_span in, uint64_t base, smsc_record *r);

#endif
