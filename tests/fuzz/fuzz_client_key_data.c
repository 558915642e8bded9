#include "fuzz_decode.h"

FUZZ_SEARCH(smsc_client_key_data);
