#include "fuzz_decode.h"

FUZZ_DECODE(smsc_dpapi_blob);
