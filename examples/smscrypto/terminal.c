/* terminal.c - standard error, Ctrl-C, progress and colour. */
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "command.h"

/* Names come out of the evidence: an escape sequence in one must not reach the terminal. */
static void put_safe(const char *text)
{
	for (const unsigned char *at = (const unsigned char *)text; *at; at++)
		if (*at < 0x20 || *at == 0x7f)
			fprintf(stderr, "\\x%02x", *at);
		else
			putc(*at, stderr);
}

void say(const char *path, int64_t offset, const char *format, ...)
{
	char text[2048];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	fputs("smscrypto: ", stderr);
	if (path && *path) {
		put_safe(path);
		if (offset >= 0)
			fprintf(stderr, "@%lld", (long long)offset);
		fputs(": ", stderr);
	}
	put_safe(text);
	putc('\n', stderr);
}

void say_error(const smsc_error *e, const char *path)
{
	const char *own = smsc_error_path(e);
	say(own && *own ? own : path, smsc_error_offset(e), "%s", smsc_error_message(e));
}

void say_finding(const smsc_finding *f)
{
	static const char *const words[] = { "note", "information", "warning", "error" };
	int severity = smsc_finding_severity(f);
	say(smsc_finding_path(f), (int64_t)smsc_finding_offset(f), "%s %s: %s",
	    words[severity < 0 || severity > 3 ? 3 : severity], smsc_finding_rule(f),
	    smsc_finding_text(f));
}

static volatile sig_atomic_t stop;

static void on_interrupt(int number)
{
	(void)number;
	stop = 1;
}

void interrupt_catch(void)
{
	struct sigaction action;
	memset(&action, 0, sizeof(action));
	action.sa_handler = on_interrupt;
	/* No SA_RESTART: a write to a pipe that nobody empties must end too. */
	action.sa_flags = (int)SA_RESETHAND;
	/* A shell's background job ignores SIGINT and goes on doing so. */
	struct sigaction old;
	if (sigaction(SIGINT, NULL, &old) == 0 && old.sa_handler != SIG_IGN)
		sigaction(SIGINT, &action, NULL);
	/* A reader that has seen enough closes the pipe: write() says so, which is enough. */
	signal(SIGPIPE, SIG_IGN);
}

bool interrupted(void) { return stop; }

void interrupt_die(void)
{
	signal(SIGINT, SIG_DFL);
	raise(SIGINT);
}

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static bool plain_terminal(void)
{
	const char *term = getenv("TERM");
	return !term || strcmp(term, "dumb") == 0;
}

void progress_start(progress *p, const request *q, bool rows_follow)
{
	*p = (progress){ .start = now() };
	/* Rows on the same terminal would run into the bar. */
	p->on = !q->quiet && isatty(2) && !plain_terminal() &&
	        !(rows_follow && !q->output && isatty(1));
}

static void draw(const char *stage, uint64_t done, uint64_t total)
{
	enum { WIDTH = 30 };
	char bar[WIDTH + 1];
	double mib = (double)done / (1 << 20);
	fputs("\r\033[K", stderr);
	put_safe(stage);
	if (!total || done > total) {
		fprintf(stderr, "  %.1f MiB", mib);
		return;
	}
	size_t full = (size_t)((double)done / (double)total * WIDTH);
	memset(bar, '#', full);
	memset(bar + full, '.', WIDTH - full);
	bar[WIDTH] = 0;
	fprintf(stderr, "  [%s] %.1f of %.1f MiB", bar, mib, (double)total / (1 << 20));
}

int progress_step(void *user, const char *stage, uint64_t done, uint64_t total)
{
	progress *p = user;
	if (interrupted())
		return 1;
	if (!p->on)
		return 0;
	double t = now();
	if (t - p->start < 1 || t - p->last < 0.1)
		return 0;
	p->last = t;
	p->shown = true;
	draw(stage, done, total);
	return 0;
}

void progress_end(progress *p)
{
	if (p->shown)
		fputs("\r\033[K", stderr);
	p->shown = p->on = false;
}

bool color_wanted(const request *q)
{
	const char *no = getenv("NO_COLOR");
	if (q->color != COLOR_AUTO)
		return q->color == COLOR_ALWAYS;
	return !q->output && isatty(1) && !plain_terminal() && !(no && *no);
}
