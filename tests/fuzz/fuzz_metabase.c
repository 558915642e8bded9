#include "fuzz_decode.h"

FUZZ_DECODE(smsc_metabase_format);
