/* fuzz_regf.c - hives: the summary, the record of each key as deep as it goes, lookups, and the
 * bytes as a log that is replayed on the hive that it would fit. */
#include "format/regf_log.h"
#include "format/regf_record.h"
#include "fuzz_decode.h"

#define MAX_KEYS 64  /* keys of one input that become records */

typedef struct keys {
	smsc_hive hive;
	unsigned  count;
} keys;

static bool record_key(void *user, const smsc_hive_key *k, unsigned depth)
{
	keys *s = user;
	smsc_hive again = s->hive;
	(void)depth;
	smsc_record *r = smsc_record_new("regf", "", 1252);
	if (r) {
		again.user = r;
		smsc_hive_key_record(&again, k, r);
		const char *wrong = check_record(r, s->hive.size);
		if (wrong)
			fuzz_stop(&smsc_regf, wrong);
	}
	smsc_record_unref(r);
	return ++s->count < MAX_KEYS;
}

static void record_keys(smsc_span in)
{
	keys s = { .count = 0 };
	smsc_hive_key root;
	smsc_record *ignored = smsc_record_new("regf", "", 1252);
	if (ignored && smsc_hive_open(&s.hive, in, smsc_hive_problem_find, ignored) &&
	    smsc_hive_root_key(&s.hive, &root))
		smsc_hive_walk(&s.hive, &root, record_key, NULL, &s);
	smsc_record_unref(ignored);
}

static void put32(uint8_t *p, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		p[i] = (uint8_t)(v >> 8 * i);
}

/* Without the right sequence numbers and sums no input would get past the first questions. */
static void replay(const uint8_t *data, size_t size)
{
	uint8_t *hive = size >= 512 ? malloc(size) : NULL, *log = hive ? malloc(size) : NULL;
	smsc_buf out = SMSC_BUF_INIT;
	if (log) {
		memcpy(hive, data, size);
		memcpy(log, data, size);
		put32(hive + 28, 0);
		put32(hive + 8, smsc_le32(hive + 4) + 1);
		put32(hive + 508, smsc_hive_checksum(hive));
		put32(log + 28, 1);
		put32(log + 8, smsc_le32(log + 4));
		if (size >= 516)
			memcpy(log + 512, "DIRT", 4);
		put32(log + 508, smsc_hive_checksum(log));
		const char *why = smsc_hive_replay((smsc_span){ hive, size }, (smsc_span){ log, size }, &out, NULL, NULL);
		if (!why && out.size < size)
			fuzz_stop(&smsc_regf, "a replay loses bytes");
	}
	smsc_buf_free(&out);
	free(hive);
	free(log);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_decode(&smsc_regf, data, size, true);
	record_keys((smsc_span){ data, size });
	replay(data, size);
	return 0;
}
