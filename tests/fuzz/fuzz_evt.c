#include "fuzz_rows.h"

FUZZ_ROWS();
