/* wmi_carve.h - the search for values of SMS in a WMI repository, piece by piece: these files
 * may be larger than memory. */
#ifndef SMSC_FORMAT_WMI_CARVE_H
#define SMSC_FORMAT_WMI_CARVE_H

#include "key_finder.h"

/* False without memory.  Then feed `&l->finder`, and end. */
bool smsc_wmi_begin(smsc_found_list *l, smsc_record *r);
void smsc_wmi_end(smsc_found_list *l);

#endif
