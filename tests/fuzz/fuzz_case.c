/* fuzz_case.c - any bytes as the evidence of a whole case; all that it says is read. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "smscrypto.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static volatile size_t sink;

static void touch(const char *text)
{
	if (!text)
		abort();
	sink += strlen(text);
}

static int drop(void *user, const void *data, size_t size)
{
	(void)user;
	(void)data;
	sink += size;
	return 0;
}

static void draw(const smsc_case *c)
{
	smsc_report *r = smsc_report_new("html", SMSC_ROUTINE, drop, NULL, NULL);
	smsc_report_case(r, c, NULL);
	smsc_report_end(r, NULL);
	smsc_report_free(r);
}

static void read_all(const smsc_case *c)
{
	for (size_t i = 0; i < smsc_case_event_count(c); i++) {
		const smsc_event *e = smsc_case_event_at(c, i);
		touch(smsc_event_text(e));
		touch(smsc_event_meaning(e));
		touch(smsc_event_path(e));
	}
	for (size_t i = 0; i < smsc_case_finding_count(c); i++)
		touch(smsc_finding_text(smsc_case_finding_at(c, i)));
	for (size_t i = 0; i < smsc_case_generation_count(c); i++) {
		const smsc_generation *g = smsc_case_generation_at(c, i);
		touch(smsc_generation_container(g));
		touch(smsc_generation_change(g));
		if (smsc_generation_exchange(g))
			touch(smsc_key_proof(smsc_generation_exchange(g)));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	smsc_options options = SMSC_OPTIONS_INIT;
	smsc_error *err = NULL;
	options.max_stream = 1 << 20;
	options.max_total = 4 << 20;
	options.max_entries = 64;
	smsc_case *c = smsc_case_new(&options, &err);
	smsc_source *s = smsc_source_memory("19c5cf9c7b5dc9de3e548adb70398402_50e417e0-e461-474b-96e2-077b80325612",
	                                    data, size, &options, &err);
	smsc_source *hive = smsc_source_memory("SYSTEM", data, size, &options, &err);
	smsc_case_add_source(c, s, NULL, &err);
	smsc_case_add_source(c, hive, NULL, &err);
	if (smsc_case_analyze(c, NULL, NULL, &err) == 0) {
		read_all(c);
		draw(c);
	}
	smsc_error_free(err);
	smsc_source_unref(s);
	smsc_source_unref(hive);
	smsc_case_unref(c);
	if (smsc_live_objects())
		abort();
	return 0;
}
