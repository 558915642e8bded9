/* secret.c - key bytes on pages of their own. */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "secret.h"

struct smsc_secret {
	uint8_t *data;
	size_t   size;
	size_t   mapped;
};

static uint8_t *map_pages(size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (p == MAP_FAILED)
		return NULL;
	/* Best effort: RLIMIT_MEMLOCK may be 0, and a key that may be swapped still works. */
	(void)mlock(p, size);
#ifdef MADV_DONTDUMP
	(void)madvise(p, size, MADV_DONTDUMP);
#endif
	return p;
}

smsc_secret *smsc_secret_new(size_t size)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	if (size > SIZE_MAX - page)
		return NULL;
	smsc_secret *s = calloc(1, sizeof *s);
	if (!s)
		return NULL;
	s->size = size;
	s->mapped = size ? (size + page - 1) / page * page : page;
	s->data = map_pages(s->mapped);
	if (s->data)
		return s;
	free(s);
	return NULL;
}

smsc_secret *smsc_secret_copy(const void *data, size_t size)
{
	smsc_secret *s = smsc_secret_new(size);
	if (s && size)
		memcpy(s->data, data, size);
	return s;
}

uint8_t *smsc_secret_data(smsc_secret *s)
{
	return s->data;
}

size_t smsc_secret_size(const smsc_secret *s)
{
	return s->size;
}

void smsc_secret_cut(smsc_secret *s, size_t size)
{
	if (size >= s->size)
		return;
	smsc_wipe(s->data + size, s->size - size);
	s->size = size;
}

void smsc_secret_free(smsc_secret *s)
{
	if (!s)
		return;
	/* All of it: a user may have written past a cut. */
	smsc_wipe(s->data, s->mapped);
	(void)munlock(s->data, s->mapped);
	(void)munmap(s->data, s->mapped);
	free(s);
}

void smsc_wipe(void *data, size_t size)
{
	if (size)
		explicit_bzero(data, size);
}

bool smsc_secret_equal(const void *a, const void *b, size_t size)
{
	const volatile uint8_t *x = a, *y = b;
	uint8_t differ = 0;
	for (size_t i = 0; i < size; i++)
		differ |= (uint8_t)(x[i] ^ y[i]);
	return differ == 0;
}
