/* fuzz_main.c - runs a fuzz target without libFuzzer, so that it is also a normal test.
 *
 * Usage: fuzz_x [-m TIMES] [FILE|DIRECTORY]...
 * Each file is given to the target as it is, then TIMES damaged (default 300): bytes changed,
 * cut, moved, repeated, by a generator that starts the same for each file.
 */
#include "fuzz.h"

#include "../sample.h"

#define MAX_FILE ((size_t)1 << 20)

static uint64_t state;

/* xorshift64*; the same numbers on every machine. */
static size_t below(size_t n)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return n ? (size_t)((state * UINT64_C(2685821657736338717)) >> 33) % n : 0;
}

/* ---- damage ---------------------------------------------------------------------------- */

static void change_bytes(uint8_t *p, size_t size)
{
	for (size_t n = 1 + below(8); n--; )
		p[below(size)] = (uint8_t)below(256);
}

/* The numbers that break arithmetic, where a length may stand. */
static void change_number(uint8_t *p, size_t size)
{
	static const uint32_t odd[] = { 0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff,
	                                0x80000000, 0xfffffff0, 0xffffffff };
	if (size < 4)
		return;
	uint32_t v = odd[below(sizeof odd / sizeof *odd)];
	size_t at = below(size - 3) & ~(size_t)(below(2) ? 3 : 0);
	for (int i = 0; i < 4; i++)
		p[at + (size_t)i] = (uint8_t)(v >> 8 * i);
}

static void copy_run(uint8_t *p, size_t size)
{
	size_t n = 1 + below(size), from = below(size - n + 1), to = below(size - n + 1);
	memmove(p + to, p + from, n);
}

/* Damages `p` and returns its new size. */
static size_t damage(uint8_t *p, size_t size)
{
	if (!size)
		return 0;
	switch (below(5)) {
	case 0:  change_bytes(p, size); return size;
	case 1:  change_number(p, size); return size;
	case 2:  copy_run(p, size); return size;
	case 3:  p[below(size)] ^= (uint8_t)(1 << below(8)); return size;
	default: return below(size);
	}
}

/* ---- files -------------------------------------------------------------------------------- */

struct run {
	long times, files, inputs;
};

static void give(const uint8_t *data, size_t size, struct run *run)
{
	uint8_t *exact = calloc(1, size ? size : 1);  /* a read past the end is seen by a sanitizer */
	if (!exact)
		abort();
	memcpy(exact, data, size);
	LLVMFuzzerTestOneInput(exact, size);
	free(exact);
	run->inputs++;
}

static void try_file(const char *path, void *user)
{
	struct run *run = user;
	smsc_span s = sample_load(path);
	uint8_t *copy = s.data && s.size <= MAX_FILE ? malloc(s.size + 1) : NULL;
	if (copy) {
		state = UINT64_C(0x9e3779b97f4a7c15);
		run->files++;
		give(s.data, s.size, run);
		for (long i = 0; i < run->times; i++) {
			memcpy(copy, s.data, s.size);
			size_t size = damage(copy, s.size);
			give(copy, below(2) ? damage(copy, size) : size, run);
		}
	}
	free(copy);
	sample_free(s);
}

int main(int argc, char **argv)
{
	struct run run = { 300, 0, 0 };
	int first = 1;
	if (argc > 2 && !strcmp(argv[1], "-m")) {
		run.times = strtol(argv[2], NULL, 10);
		first = 3;
	}
	give((const uint8_t *)"", 0, &run);
	for (int i = first; i < argc; i++)
		sample_walk(argv[i], try_file, &run);
	printf("%ld files, %ld inputs\n", run.files, run.inputs);
	return 0;
}
