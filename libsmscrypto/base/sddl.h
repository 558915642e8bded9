/* sddl.h - a self-relative security descriptor as SDDL text: "O:BAG:SYD:(A;;FA;;;BA)". */
#ifndef SMSC_BASE_SDDL_H
#define SMSC_BASE_SDDL_H

#include <stdbool.h>

#include "buf.h"

/* Appends it; false, with what could be read appended, when the descriptor is torn. */
bool smsc_sddl_add(smsc_buf *out, smsc_span descriptor);

#endif
