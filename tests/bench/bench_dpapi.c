/* bench_dpapi FILE PREKEY [SECONDS]: how many times a second the master key in FILE opens with
 * PREKEY (40 hex digits), on one core.  Prints rounds of the key, times, and seconds. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../sample.h"
#include "base/cursor.h"
#include "crypto/dpapi.h"

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static bool slot_of(smsc_span file, smsc_slot *out)
{
	smsc_cur c = smsc_cur_of(file, 0);
	smsc_cur_take(&c, 96);
	uint64_t size = smsc_cur_u64(&c);
	smsc_cur_take(&c, 24 + 4);
	out->salt = smsc_cur_take(&c, 16);
	out->rounds = smsc_cur_u32(&c);
	out->hash = smsc_cur_u32(&c);
	out->cipher = smsc_cur_u32(&c);
	out->data = smsc_cur_take(&c, size >= 32 ? (size_t)size - 32 : 0);
	return smsc_cur_ok(&c);
}

int main(int argc, char **argv)
{
	uint8_t prekey[20];
	smsc_slot slot;
	smsc_why why = "";
	smsc_span file = argc > 2 && strlen(argv[2]) == 40 ? sample_load(argv[1]) : (smsc_span){ NULL, 0 };
	if (!file.data || !slot_of(file, &slot)) {
		fprintf(stderr, "usage: bench_dpapi FILE PREKEY [SECONDS]\n");
		return 2;
	}
	for (size_t i = 0; i < 20; i++)
		prekey[i] = (uint8_t)(smsc_hex_digit(argv[2][2 * i]) << 4 | smsc_hex_digit(argv[2][2 * i + 1]));
	double start = now(), most = argc > 3 ? atof(argv[3]) : 1;
	long times = 0;
	do {
		smsc_secret *key = smsc_slot_open(&slot, (smsc_span){ prekey, 20 }, 64, 10000000, why);
		if (!key) {
			fprintf(stderr, "bench_dpapi: %s\n", why);
			return 1;
		}
		smsc_secret_free(key);
		times++;
	} while (now() - start < most);
	printf("%u %ld %.6f\n", (unsigned)slot.rounds, times, now() - start);
	sample_free(file);
	return 0;
}
