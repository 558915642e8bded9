/* fuzz_decode.h - the target of one decoder: FUZZ_DECODE(smsc_capi_container). */
#ifndef TESTS_FUZZ_DECODE_H
#define TESTS_FUZZ_DECODE_H

#include "../sample.h"
#include "format/format.h"
#include "fuzz.h"

static inline void fuzz_stop(const smsc_format *f, const char *wrong)
{
	fprintf(stderr, "%s: %s\n", f->name, wrong);
	abort();
}

/* Whatever the bytes are: every one is in exactly one field, unless the format only searches, and
 * findings lie within. */
static inline void fuzz_decode(const smsc_format *f, const uint8_t *data, size_t size, bool tiles)
{
	smsc_span in = { data, size };
	int sure = f->probe(smsc_span_cut(in, 0, SMSC_PROBE_BYTES), size, "");
	if (sure < 0 || sure > 100)
		fuzz_stop(f, "a probe is 0 to 100 sure");
	smsc_record *r = smsc_format_decode(f, "", in, 1252);
	if (!r)
		return;
	const char *wrong = check_record(r, size);
	if (wrong)
		fuzz_stop(f, wrong);
	if (tiles && cover(r, size, NULL))
		fuzz_stop(f, "the fields do not tile the bytes");
	smsc_record_unref(r);
}

#define FUZZ_DECODE(format)                                        \
	int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)   \
	{                                                              \
		fuzz_decode(&(format), data, size, true);                  \
		return 0;                                                  \
	}                                                              \
	extern const smsc_format format
#define FUZZ_SEARCH(format)                                        \
	int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)   \
	{                                                              \
		fuzz_decode(&(format), data, size, false);                 \
		return 0;                                                  \
	}                                                              \
	extern const smsc_format format

#endif
