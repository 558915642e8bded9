/* hive_tool.c - prints hives in a canonical form that scripts compare with other readers:
 * "K <path> <FILETIME>" for a key, "V <path> <name> <type> <bytes> <SHA-256>" for a value,
 * tabs between.  The root's path is empty.  "-c" prints one line of counts for each file. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "crypto/hash.h"
#include "format/regf.h"

typedef struct dump {
	smsc_hive hive;
	smsc_buf  path, data;
	size_t    ends[SMSC_HIVE_DEPTH + 1];  /* length of the path at each depth */
	uint64_t  keys, values, problems;
	bool      quiet;
} dump;

static void on_problem(void *user, uint64_t offset, const char *what)
{
	(void)offset;
	(void)what;
	((dump *)user)->problems++;
}

static bool on_value(void *user, const smsc_hive_key *k, const smsc_hive_value *v)
{
	dump *d = user;
	smsc_span data = smsc_hive_value_data(&d->hive, v, &d->data);
	(void)k;
	d->values++;
	if (d->quiet)
		return true;
	uint8_t digest[SMSC_SHA256_SIZE];
	smsc_buf line = SMSC_BUF_INIT;
	smsc_hash(SMSC_SHA256, data, digest);
	smsc_buf_printf(&line, "V\t%s\t", d->path.data);
	smsc_hive_name(&line, v->name, v->latin);
	smsc_buf_printf(&line, "\t%u\t%zu\t", (unsigned)v->type, data.size);
	smsc_buf_hex(&line, digest, sizeof digest);
	puts(line.data);
	smsc_buf_free(&line);
	return true;
}

static bool on_key(void *user, const smsc_hive_key *k, unsigned depth)
{
	dump *d = user;
	d->keys++;
	if (d->quiet)
		return true;
	d->path.size = depth ? d->ends[depth - 1] : 0;
	smsc_buf_str(&d->path, depth ? "\\" : "");
	if (depth)
		smsc_hive_name(&d->path, k->name, k->latin);
	d->ends[depth] = d->path.size;
	printf("K\t%s\t%lld\n", d->path.data, (long long)k->written);
	return true;
}

static smsc_span load(const char *path)
{
	FILE *f = fopen(path, "rb");
	long size = f && !fseek(f, 0, SEEK_END) ? ftell(f) : -1;
	uint8_t *data = size >= 0 ? malloc((size_t)size + 1) : NULL;
	smsc_span s = { data, 0 };
	if (data && !fseek(f, 0, SEEK_SET))
		s.size = fread(data, 1, (size_t)size, f);
	if (f)
		fclose(f);
	return s;
}

int main(int argc, char **argv)
{
	bool quiet = argc > 1 && !strcmp(argv[1], "-c");
	for (int i = quiet ? 2 : 1; i < argc; i++) {
		dump d = { .quiet = quiet };
		smsc_hive_key root;
		smsc_span bytes = load(argv[i]);
		bool open = smsc_hive_open(&d.hive, bytes, on_problem, &d);
		if (open && smsc_hive_root_key(&d.hive, &root))
			smsc_hive_walk(&d.hive, &root, on_key, on_value, &d);
		if (quiet)
			printf("%d\t%llu\t%llu\t%llu\n", open, (unsigned long long)d.keys,
			       (unsigned long long)d.values, (unsigned long long)d.problems);
		smsc_buf_free(&d.path);
		smsc_buf_free(&d.data);
		free((void *)(uintptr_t)bytes.data);
	}
	return 0;
}
