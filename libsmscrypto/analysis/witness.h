/* witness.h - evidence from outside the containers that names one of their keys. */
#ifndef SMSC_ANALYSIS_WITNESS_H
#define SMSC_ANALYSIS_WITNESS_H

#include "host.h"

/* Containers that others rely on, by name. */
#define SMSC_SITE_SERVER "Microsoft Systems Management Server"
#define SMSC_AGENT       "SMS"
#define SMSC_IIS         "Microsoft Internet Information Server"

/* Which keys of the container of `any` do others rely on?  True, with the generation and the
 * reason, when evidence names one; false when none does. */
bool smsc_witness_of(smsc_case *c, const smsc_host *h, const smsc_generation *any,
                     const smsc_generation *live, const smsc_generation **wanted, const char **why);

#endif
