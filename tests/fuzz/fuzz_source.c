/* fuzz_source.c - any bytes as a source: walked, read, read again; limits kept small. */
#include <stdint.h>
#include <stdlib.h>

#include "smscrypto.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	smsc_options options = SMSC_OPTIONS_INIT;
	smsc_error *err = NULL;
	smsc_entry *kept = NULL;
	char piece[4096];
	options.max_stream = 1 << 20;
	options.max_total = 4 << 20;
	options.max_entries = 64;
	smsc_source *s = smsc_source_memory("fuzz", data, size, &options, &err);
	for (smsc_entry *e; (e = smsc_source_next(s, &err)); smsc_entry_unref(e)) {
		smsc_error *why = NULL;
		while (smsc_entry_read(e, piece, sizeof piece, &why))
			;
		smsc_error_free(why);
		if (!kept)
			kept = smsc_entry_ref(e);
	}
	smsc_error_free(err);
	err = NULL;
	if (kept)
		smsc_entry_bytes(kept, &err);
	smsc_error_free(err);
	for (size_t i = 0; i < smsc_source_finding_count(s); i++)
		if (!smsc_finding_text(smsc_source_finding_at(s, i)))
			abort();
	smsc_entry_unref(kept);
	smsc_source_unref(s);
	if (smsc_live_objects())
		abort();
	return 0;
}
