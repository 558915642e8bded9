/* container.h - a decoded key container becomes a file of the case with its keys. */
#ifndef SMSC_ANALYSIS_CONTAINER_H
#define SMSC_ANALYSIS_CONTAINER_H

#include "../format/record.h"
#include "case.h"

/* `record` is kept by the case and was decoded from `bytes`; `clock` is a literal.  A file
 * that names no container is left out.  False without memory. */
bool smsc_key_file_add(smsc_case *c, const smsc_snapshot *s, const smsc_entry *e,
                       const smsc_record *record, smsc_span bytes, const char *clock);
/* Does CryptoAPI take the file of that path for a container, whatever it holds? */
bool smsc_container_belongs(const char *path);

#endif
