#include "fuzz_decode.h"

FUZZ_SEARCH(smsc_sms_aut);
