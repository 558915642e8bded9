#include "fuzz_decode.h"

FUZZ_DECODE(smsc_key_blob);
