/* pattern.c - which entries are meant: '?', '*' and '**' without regard to case. */
#include <string.h>

#include "command.h"

/* The character at `*at`, which moves behind it; what is no UTF-8 is taken byte by byte. */
static uint32_t next_character(const char **at)
{
	const unsigned char *p = (const unsigned char *)*at;
	unsigned more = *p >= 0xf0 ? 3 : *p >= 0xe0 ? 2 : *p >= 0xc2 ? 1 : 0;
	uint32_t c = more ? *p & (0x3fu >> more) : *p;
	for (unsigned i = 1; i <= more; i++) {
		if ((p[i] & 0xc0) != 0x80) {
			++*at;
			return *p;
		}
		c = c << 6 | (p[i] & 0x3f);
	}
	*at += more + 1;
	return c;
}

/* Windows compares names in upper case; of its table the letters of Latin-1, Greek and
 * Cyrillic are here. */
static uint32_t fold(uint32_t c)
{
	if (c == '\\')
		return '/';
	if ((c >= 'A' && c <= 'Z') || (c >= 0xc0 && c <= 0xde && c != 0xd7) ||
	    (c >= 0x391 && c <= 0x3a9) || (c >= 0x410 && c <= 0x42f))
		return c + 32;
	return c >= 0x400 && c <= 0x40f ? c + 80 : c;
}

/* Each star is tried from the left, and the last one only goes on: no more steps than the
 * product of the lengths.  "**" also takes what parts folders, and none at all with its '/'. */
static bool fits(const char *pattern, const char *path)
{
	const char *star = NULL, *from = NULL, *wide = NULL, *wide_from = NULL;
	for (;;) {
		if (pattern[0] == '*' && pattern[1] == '*') {
			pattern += 2 + (pattern[2] == '/' || pattern[2] == '\\');
			wide = pattern;
			wide_from = path;
			star = NULL;
			continue;
		}
		if (*pattern == '*') {
			star = ++pattern;
			from = path;
			continue;
		}
		if (!*pattern && !*path)
			return true;
		const char *p = pattern, *s = path;
		uint32_t want = *p ? fold(next_character(&p)) : 0, is = *s ? fold(next_character(&s)) : 0;
		if (want && is && (want == is || (want == '?' && is != '/'))) {
			pattern = p;
			path = s;
			continue;
		}
		if (star && *from && *from != '/') {
			next_character(&from);
			pattern = star;
			path = from;
		} else if (wide && *wide_from) {
			next_character(&wide_from);
			pattern = wide;
			path = wide_from;
			star = NULL;
		} else {
			return false;
		}
	}
}

/* The whole path, a folder above it, or without a '/' its last part. */
bool pattern_fits(const char *pattern, const char *path)
{
	char above[4096];
	const char *last = strrchr(path, '/');
	if (fits(pattern, path) || (last && !strpbrk(pattern, "/\\") && fits(pattern, last + 1)))
		return true;
	for (const char *at = strchr(path, '/'); at; at = strchr(at + 1, '/')) {
		size_t size = (size_t)(at - path);
		if (size >= sizeof above)
			return false;
		memcpy(above, path, size);
		above[size] = '\0';
		if (fits(pattern, above))
			return true;
	}
	return false;
}

bool is_asked_for(const request *q, const char *path)
{
	bool any = !q->pattern_count;
	for (size_t i = 0; i < q->pattern_count; i++)
		if (pattern_fits(q->patterns[i], path)) {
			q->pattern_used[i] = true;
			any = true;
		}
	return any;
}

int patterns_end(const request *q, int status)
{
	for (size_t i = 0; i < q->pattern_count; i++)
		if (!q->pattern_used[i]) {
			say(q->patterns[i], -1, "is no file, and no entry fits it as a pattern");
			status = STATUS_FAILED;
		}
	return status;
}
