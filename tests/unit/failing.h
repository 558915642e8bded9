/* failing.h - memory that runs out when told: tests in `nomem_tests` of meson.build are linked
 * so that the library's malloc and its kin come here first. */
#ifndef TESTS_FAILING_H
#define TESTS_FAILING_H

#include <stdbool.h>
#include <stddef.h>

/* Runs `scenario` again and again: the first, the second, ... allocation fails, and those after
 * it too if `forever`, until a run needs no more.  A run whose allocation failed must return
 * false (what failed was noticed), the last one true.  Returns how many allocations there are. */
long failing_run(bool (*scenario)(void), bool forever);

/* Called with pages that are about to be unmapped, when it is set. */
extern void (*failing_on_munmap)(const void *pages, size_t size);

#endif
