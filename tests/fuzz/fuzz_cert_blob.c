#include "fuzz_decode.h"

FUZZ_DECODE(smsc_cert_blob);
