#include "fuzz_decode.h"

FUZZ_DECODE(smsc_x509);
