/* bench_log FILE [keys]: how fast a log becomes rows, all fields and UTC; with "keys" also how
 * fast the rows about keys are told from the others.  Prints rows, bytes and seconds. */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "analysis/knowledge.h"
#include "format/log.h"

static uint64_t pulled;

static size_t pull(void *user, void *buffer, size_t size, smsc_error **err)
{
	ssize_t n = read(*(int *)user, buffer, size);

	(void)err;
	pulled += n > 0 ? (uint64_t)n : 0;
	return n > 0 ? (size_t)n : 0;
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Everything of a row goes into the sum, so that no field can be left out. */
static uint64_t sum_of(const smsc_row *row)
{
	return (uint64_t)row->time + (uint64_t)row->local + (uint64_t)row->bias + row->thread +
	       (uint64_t)row->severity + row->source_line + row->offset + row->length + row->line +
	       row->text.size + row->component.size + row->context.size + row->file.size;
}

int main(int argc, char **argv)
{
	int fd = argc > 1 ? open(argv[1], O_RDONLY) : -1;
	bool keys = argc > 2 && !strcmp(argv[2], "keys");
	smsc_settings settings;
	smsc_error *err = NULL;
	smsc_row row = SMSC_ROW_INIT;
	smsc_known_hit hit;
	uint64_t rows = 0, hits = 0, sum = 0;

	if (fd < 0 || smsc_settings_of(&settings, NULL, &err) < 0) {
		fprintf(stderr, "usage: bench_log FILE [keys]\n");
		return 2;
	}
	double start = now();
	smsc_log *l = smsc_log_new(pull, NULL, &fd, argv[1], &settings, &err);
	while (smsc_log_next(l, &row, &err)) {
		rows++;
		sum += sum_of(&row);
		hits += keys && smsc_known_likely(&row) && (smsc_known_match(&row, &hit) || smsc_known_code(&row, &hit));
	}
	double seconds = now() - start;
	if (err) {
		fprintf(stderr, "bench_log: %s\n", smsc_error_message(err));
		return 1;
	}
	printf("%" PRIu64 " rows %" PRIu64 " bytes %.6f seconds %zu findings %" PRIu64 " hits sum %016" PRIx64 "\n",
	       rows, pulled, seconds, smsc_log_finding_count(l), hits, sum);
	smsc_log_unref(l);
	close(fd);
	return 0;
}
