/* options.h - the caller's smsc_options with every default filled in. */
#ifndef SMSC_BASE_OPTIONS_H
#define SMSC_BASE_OPTIONS_H

#include <stdbool.h>

#include "../smscrypto.h"

typedef struct smsc_settings {
	uint64_t max_stream, max_total, max_entries, max_events;
	uint32_t max_depth, max_ratio, codepage, max_rounds, threads;
	uint32_t allow;
	uint32_t log_piece;  /* bytes of a log that are decoded at once; only tests have others */
	bool     zone_known;
	int32_t  bias;  /* minutes, UTC = local + bias; meaningful when zone_known */
} smsc_settings;

/* NULL gives the defaults.  -1 with SMSC_EARG for a size, code page or zone that is none. */
int smsc_settings_of(smsc_settings *out, const smsc_options *options, smsc_error **err);

#endif
