/* failing.c - the other end of the linker's --wrap. */
#include <criterion/criterion.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "failing.h"

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t size);
char *__real_strdup(const char *text);
int   __real_vasprintf(char **out, const char *format, va_list args);
void *__real_mmap(void *at, size_t size, int prot, int flags, int fd, off_t offset);
void *__real_mmap64(void *at, size_t size, int prot, int flags, int fd, int64_t offset);
int   __real_munmap(void *at, size_t size);

void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t size);
char *__wrap_strdup(const char *text);
int   __wrap_vasprintf(char **out, const char *format, va_list args);
void *__wrap_mmap(void *at, size_t size, int prot, int flags, int fd, off_t offset);
void *__wrap_mmap64(void *at, size_t size, int prot, int flags, int fd, int64_t offset);
int   __wrap_munmap(void *at, size_t size);

void (*failing_on_munmap)(const void *pages, size_t size);

static struct {
	bool armed, forever, failed;
	long left;   /* allocations before the one that fails */
} state;

static bool fails(void)
{
	if (!state.armed || (state.failed && !state.forever))
		return false;
	if (state.left-- > 0)
		return false;
	state.failed = true;
	return true;
}

void *__wrap_malloc(size_t size)            { return fails() ? NULL : __real_malloc(size); }
void *__wrap_calloc(size_t n, size_t size)  { return fails() ? NULL : __real_calloc(n, size); }
void *__wrap_realloc(void *p, size_t size)  { return fails() ? NULL : __real_realloc(p, size); }
char *__wrap_strdup(const char *text)       { return fails() ? NULL : __real_strdup(text); }

int __wrap_vasprintf(char **out, const char *format, va_list args)
{
	return fails() ? -1 : __real_vasprintf(out, format, args);
}

void *__wrap_mmap(void *at, size_t size, int prot, int flags, int fd, off_t offset)
{
	return fails() ? MAP_FAILED : __real_mmap(at, size, prot, flags, fd, offset);
}

/* What mmap is called where files have 64-bit sizes, as meson builds. */
void *__wrap_mmap64(void *at, size_t size, int prot, int flags, int fd, int64_t offset)
{
	return fails() ? MAP_FAILED : __real_mmap64(at, size, prot, flags, fd, offset);
}

int __wrap_munmap(void *at, size_t size)
{
	if (failing_on_munmap)
		failing_on_munmap(at, size);
	return __real_munmap(at, size);
}

long failing_run(bool (*scenario)(void), bool forever)
{
	for (long n = 0; ; n++) {
		state.left = n;
		state.forever = forever;
		state.failed = false;
		state.armed = true;
		bool good = scenario();
		state.armed = false;
		cr_assert_eq(good, !state.failed, "allocation %ld %s", n,
		             state.failed ? "failed and nobody noticed" : "was there and was not enough");
		if (!state.failed)
			return n;
	}
}
