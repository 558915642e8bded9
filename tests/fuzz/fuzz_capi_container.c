#include "fuzz_decode.h"

FUZZ_DECODE(smsc_capi_container);
