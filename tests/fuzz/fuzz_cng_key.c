#include "fuzz_decode.h"

FUZZ_DECODE(smsc_cng_key);
