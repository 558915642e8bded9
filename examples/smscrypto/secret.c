/* secret.c - secrets on the command line, or in files that it names. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"

enum { MOST = 65536 };  /* bytes of a file with a secret */

void secret_free(char *text)
{
	if (text)
		explicit_bzero(text, strlen(text));
	free(text);
}

/* What the file holds, at most MOST bytes, into `room`; -1 after saying why not. */
static long read_file(const char *path, char *room)
{
	FILE *file = fopen(path, "rb");
	if (!file) {
		say(path, -1, "%s", strerror(errno));
		return -1;
	}
	setvbuf(file, NULL, _IONBF, 0);  /* a buffer would keep it */
	size_t size = fread(room, 1, MOST, file);
	bool more = size == MOST && fgetc(file) != EOF;
	bool bad = ferror(file);
	fclose(file);
	if (!bad && !more && size)
		return (long)size;
	say(path, -1, bad ? "cannot be read" : more ? "is too long for a secret" : "is empty");
	return -1;
}

static void add_hex(char *out, const char *data, size_t size)
{
	static const char digits[] = "0123456789abcdef";
	for (size_t i = 0; i < size; i++) {
		*out++ = digits[(unsigned char)data[i] >> 4];
		*out++ = digits[(unsigned char)data[i] & 15];
	}
	*out = 0;
}

/* A line of text without its end. */
static int add_line(char *out, const char *data, size_t size, const char *path)
{
	while (size && (data[size - 1] == '\n' || data[size - 1] == '\r'))
		size--;
	memcpy(out, data, size);
	out[size] = 0;
	if (!memchr(data, 0, size))
		return 0;
	say(path, -1, "is no text");
	return -1;
}

/* `before`, then what the file holds. */
static char *from_file(const char *before, size_t before_size, const char *path, bool binary)
{
	char *room = malloc(MOST), *out = malloc(before_size + 2 * MOST + 1);
	long size = room && out ? read_file(path, room) : -1;
	bool good = size >= 0;
	if (out)
		memset(out, 0, before_size + 1);
	if (good) {
		memcpy(out, before, before_size);
		if (binary)
			add_hex(out + before_size, room, (size_t)size);
		else
			good = add_line(out + before_size, room, (size_t)size, path) == 0;
	}
	if (room)
		explicit_bzero(room, MOST);
	free(room);
	if (good)
		return out;
	secret_free(out);
	return NULL;
}

char *secret_text(const char *given)
{
	static const char binary[] = "domain-backup-key=";
	const char *equals = strchr(given, '=');
	if (!equals || equals[1] != '@')
		return strdup(given);
	return from_file(given, (size_t)(equals - given) + 1, equals + 2, strncmp(given, binary, sizeof(binary) - 1) == 0);
}

char *passphrase_text(const char *given)
{
	return given[0] == '@' ? from_file("", 0, given + 1, false) : strdup(given);
}
