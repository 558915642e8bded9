/* bench_hive [-n TIMES] HIVE...: how fast all keys and values of a hive are read (names as
 * text, times, data copied), and how much faster than hivex when that was there to build with.
 * The best of TIMES runs (default 8), all in turns.  hivex maps the file; ours is measured so
 * too, and with the bytes in memory, as the library gets them. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "format/regf.h"
#ifdef HAVE_HIVEX
#include <hivex.h>
#endif

typedef struct count {
	smsc_hive hive;
	smsc_buf  name, data;
	unsigned long keys, values, bytes, letters;
	int64_t   times;
} count;

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* ---- ours --------------------------------------------------------------------------------- */

static void take_name(count *c, smsc_span name, bool latin)
{
	smsc_buf_clear(&c->name);
	smsc_hive_name(&c->name, name, latin);
	c->letters += c->name.size;
}

static bool on_key(void *user, const smsc_hive_key *k, unsigned depth)
{
	count *c = user;
	(void)depth;
	c->keys++;
	c->times += k->written;
	take_name(c, k->name, k->latin);
	return true;
}

static bool on_value(void *user, const smsc_hive_key *k, const smsc_hive_value *v)
{
	count *c = user;
	smsc_span piece;
	uint64_t at;
	(void)k;
	c->values++;
	take_name(c, v->name, v->latin);
	c->data.size = 0;
	for (uint32_t i = 0; smsc_hive_value_piece(&c->hive, v, i, &piece, &at); i++) {
		if (smsc_buf_reserve(&c->data, piece.size))
			memcpy(c->data.data + c->data.size, piece.data, piece.size);
		c->data.size += piece.size;
	}
	c->bytes += c->data.size;
	return true;
}

static count read_bytes(smsc_span bytes)
{
	count c = { .keys = 0 };
	smsc_hive_key root;
	if (smsc_hive_open(&c.hive, bytes, NULL, NULL) && smsc_hive_root_key(&c.hive, &root))
		smsc_hive_walk(&c.hive, &root, on_key, on_value, &c);
	smsc_buf_free(&c.name);
	smsc_buf_free(&c.data);
	return c;
}

static smsc_span map(const char *path)
{
	struct stat st;
	int fd = open(path, O_RDONLY);
	void *data = fd >= 0 && !fstat(fd, &st) && st.st_size > 0
	           ? mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd, 0) : MAP_FAILED;
	if (fd >= 0)
		close(fd);
	return data != MAP_FAILED ? (smsc_span){ data, (size_t)st.st_size } : (smsc_span){ NULL, 0 };
}

static void unmap(smsc_span s)
{
	if (s.size)
		munmap((void *)(uintptr_t)s.data, s.size);
}

static smsc_span mapped;   /* the hive, for read_memory() */

static count read_memory(const char *path)
{
	(void)path;
	return read_bytes(mapped);
}

static count read_file(const char *path)
{
	smsc_span s = map(path);
	count c = read_bytes(s);
	unmap(s);
	return c;
}

/* ---- hivex ---------------------------------------------------------------------------------- */

#ifdef HAVE_HIVEX
static void hivex_values(hive_h *h, hive_node_h node, count *c)
{
	hive_value_h *values = hivex_node_values(h, node);
	for (size_t i = 0; values && values[i]; i++) {
		hive_type type;
		size_t size = 0;
		char *name = hivex_value_key(h, values[i]), *data = hivex_value_value(h, values[i], &type, &size);
		c->values++;
		c->letters += name ? strlen(name) : 0;
		c->bytes += data ? size : 0;
		free(name);
		free(data);
	}
	free(values);
}

static void hivex_walk(hive_h *h, hive_node_h node, count *c)
{
	char *name = hivex_node_name(h, node);
	hive_node_h *children = hivex_node_children(h, node);
	c->keys++;
	c->letters += name ? strlen(name) : 0;
	c->times += hivex_node_timestamp(h, node);
	hivex_values(h, node, c);
	for (size_t i = 0; children && children[i]; i++)
		hivex_walk(h, children[i], c);
	free(children);
	free(name);
}

static count read_hivex(const char *path)
{
	count c = { .keys = 0 };
	hive_h *h = hivex_open(path, 0);
	if (h) {
		hivex_walk(h, hivex_root(h), &c);
		hivex_close(h);
	}
	return c;
}
#endif

/* ---- both ------------------------------------------------------------------------------------- */

static double measured(count (*read)(const char *), const char *path, count *c, double best)
{
	double start = now();
	*c = read(path);
	double took = 1e3 * (now() - start);
	return took < best ? took : best;
}

static bool same(const count *a, const count *b)
{
	return a->keys == b->keys && a->values == b->values && a->bytes == b->bytes && a->times == b->times;
}

static void bench(const char *path, long times)
{
	count ours = { .keys = 0 }, theirs = ours;
	double memory = 1e9, file = 1e9, hivex = 1e9;
	mapped = map(path);
	for (long i = 0; i < times; i++) {
		memory = measured(read_memory, path, &ours, memory);
		file = measured(read_file, path, &ours, file);
#ifdef HAVE_HIVEX
		hivex = measured(read_hivex, path, &theirs, hivex);
#endif
	}
	unmap(mapped);
	printf("%s: %lu keys, %lu values, %lu bytes: %.2f ms in memory, %.2f ms with mapping", path, ours.keys,
	       ours.values, ours.bytes, memory, file);
	if (hivex < 1e9)
		printf("; hivex %.2f ms: %.1f and %.1f times as fast%s", hivex, hivex / memory, hivex / file,
		       same(&ours, &theirs) ? "" : " (but the two have read different things)");
	puts("");
}

int main(int argc, char **argv)
{
	bool told = argc > 2 && !strcmp(argv[1], "-n");
	long times = told ? strtol(argv[2], NULL, 10) : 8;
	for (int i = told ? 3 : 1; i < argc; i++)
		bench(argv[i], times);
	return argc < 2 ? 2 : 0;
}
