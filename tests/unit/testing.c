/* testing.c - runs the tests of one program, each in a fork of it, and prints TAP. */
#include "testing.h"

#include <fnmatch.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FAILED = 1, SKIPPED = 77 };

static testing *first, **last = &first;

/* Written by the test, read when it has ended. */
static struct told {
	bool skipped, ended;
	char why[256];
} *told;

/* ---- within a test ---------------------------------------------------------------------- */

static jmp_buf out;
static bool failed;

void testing_add(testing *t)
{
	*last = t;
	last = &t->next;
}

void testing_failed(const char *file, int line, const char *what, const char *format, ...)
{
	failed = true;
	printf("# %s:%d: %s", file, line, what);
	if (format) {
		va_list args;
		va_start(args, format);
		fputs(*what ? ": " : "", stdout);
		vprintf(format, args);
		va_end(args);
	}
	puts("");
	fflush(stdout);
}

void testing_stop(void)
{
	longjmp(out, 1);
}

void testing_skip(const char *format, ...)
{
	va_list args;
	va_start(args, format);
	vsnprintf(told->why, sizeof told->why, format, args);
	va_end(args);
	told->skipped = true;
	longjmp(out, 1);
}

static void call(void (*step)(void))
{
	if (step && !setjmp(out))
		step();
}

/* The end by exit() lets LeakSanitizer look; a test that failed has not tidied up. */
__attribute__((noreturn))
static void run(const testing *t, const testing *suite)
{
	unsigned timeout = t->timeout ? t->timeout : suite->timeout;
	alarm(timeout);
	call(t->init ? t->init : suite->init);
	if (!failed && !told->skipped)
		call(t->run);
	call(t->fini ? t->fini : suite->fini);
	fflush(stdout);
	if (failed || told->skipped)
		_exit(failed ? FAILED : SKIPPED);
	told->ended = true;
	exit(0);
}

/* ---- all of them -------------------------------------------------------------------------- */

static const testing *suite_of(const testing *t)
{
	static const testing none;
	for (const testing *s = first; s; s = s->next)
		if (!s->name && strcmp(s->suite, t->suite) == 0)
			return s;
	return &none;
}

static bool is_wanted(const testing *t, char *const *names)
{
	char name[256];
	snprintf(name, sizeof name, "%s/%s", t->suite, t->name);
	for (char *const *n = names; *n; n++)
		if (fnmatch(*n, name, 0) == 0)
			return true;
	return !*names;
}

/* True when the test went well or was skipped. */
static bool try_test(const testing *t, int number)
{
	int status = 0;
	told->skipped = told->ended = false;
	fflush(stdout);
	pid_t child = fork();
	if (child == 0)
		run(t, suite_of(t));
	if (child < 0 || waitpid(child, &status, 0) != child)
		status = FAILED;
	bool skipped = WIFEXITED(status) && WEXITSTATUS(status) == SKIPPED && told->skipped;
	bool good = skipped || (status == 0 && told->ended);
	if (WIFSIGNALED(status))
		printf("# %s\n", WTERMSIG(status) == SIGALRM ? "timed out" : strsignal(WTERMSIG(status)));
	printf("%sok %d - %s/%s%s%s\n", good ? "" : "not ", number, t->suite, t->name,
	       skipped ? " # SKIP " : "", skipped ? told->why : "");
	return good;
}

int main(int argc, char **argv)
{
	int number = 0, bad = 0;
	(void)argc;
	told = mmap(NULL, sizeof *told, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (told == MAP_FAILED)
		return 2;
	for (const testing *t = first; t; t = t->next)
		if (t->name && is_wanted(t, argv + 1))
			bad += !try_test(t, ++number);
	printf("1..%d\n", number);
	return bad || !number;
}
