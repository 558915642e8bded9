/* x509.h - the parts of a certificate, for formats that hold one. */
#ifndef SMSC_FORMAT_X509_H
#define SMSC_FORMAT_X509_H

#include "record.h"

/* The certificate in DER `in`, which stands at `base` of the stream. */
void smsc_x509_decode(smsc_span in, uint64_t base, smsc_record *r);
/* Does `in`, of which more may follow, begin like a certificate in DER? */
bool smsc_x509_starts(smsc_span in);

#endif
