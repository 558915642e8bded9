/* fuzz_probe.c - the contest of all probes, then the winner's decoder. */
#include "fuzz_decode.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	smsc_span in = { data, size };
	const smsc_format *f = smsc_format_probe(smsc_span_cut(in, 0, SMSC_PROBE_BYTES), size, "x");
	if (!f)
		return 0;
	smsc_record *r = smsc_format_decode(f, "x", in, 1252);
	if (r && check_record(r, size))
		fuzz_stop(f, check_record(r, size));
	smsc_record_unref(r);
	return 0;
}
