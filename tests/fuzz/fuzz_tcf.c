#include "fuzz_decode.h"

FUZZ_SEARCH(smsc_tcf);
