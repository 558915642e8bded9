/* ccm_plain.h - the header of a CCM record as the product itself writes it. */
#ifndef SMSC_FORMAT_CCM_PLAIN_H
#define SMSC_FORMAT_CCM_PLAIN_H

#include "log_time.h"

/* All attributes in order, every value what it should be and ASCII, nothing very long: fills the
 * row from "<time=" on and tells the header's bytes.  0 when anything is different, or when the
 * stream ends too near; then nothing that was filled in counts. */
size_t smsc_ccm_plain_header(smsc_span header, smsc_day *last, smsc_row *row);

#endif
