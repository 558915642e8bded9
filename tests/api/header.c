/* header.c - the public header alone is a whole translation unit: C99, C11 and C++. */
#include <smscrypto.h>

int main(void)
{
	smsc_options options = SMSC_OPTIONS_INIT;
	smsc_row     row = SMSC_ROW_INIT;
	return options.size == sizeof(options) && row.size == sizeof(row) &&
	       row.bias == SMSC_NO_BIAS ? 0 : 1;
}
