/* folder.c - a folder in which nothing lies but backups stands for each of them. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "command.h"

enum { MOST = 512 };  /* more than anybody keeps beside each other; each is opened to look */

static bool is_regular(const char *path)
{
	struct stat st;
	return lstat(path, &st) == 0 && S_ISREG(st.st_mode);
}

/* A file that is only packed, like a.log.gz, is an archive of one entry and no backup. */
static bool has_two_entries(smsc_source *s)
{
	smsc_entry *first = smsc_source_next(s, NULL), *second = first ? smsc_source_next(s, NULL) : NULL;
	bool has = second != NULL;
	smsc_entry_unref(first);
	smsc_entry_unref(second);
	return has;
}

static bool is_backup(const char *path, const request *q)
{
	smsc_source *s = is_regular(path) ? smsc_source_open(path, &q->options, NULL) : NULL;
	const char *kind = s ? smsc_source_kind(s) : "";
	bool is = !strcmp(kind, "bkf") || (!strcmp(kind, "archive") && has_two_entries(s));
	smsc_source_unref(s);
	return is;
}

static int is_no_dot(const struct dirent *d)
{
	return strcmp(d->d_name, ".") && strcmp(d->d_name, "..");
}

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static char *join(const char *folder, const char *name)
{
	size_t size = strlen(folder);
	while (size > 1 && folder[size - 1] == '/')
		size--;
	char *path = malloc(size + strlen(name) + 2);
	if (path)
		snprintf(path, size + strlen(name) + 2, "%.*s/%s", (int)size, folder, name);
	return path;
}

void folder_free(char **files)
{
	for (char **file = files; file && *file; file++)
		free(*file);
	free(files);
}

char **folder_backups(const char *folder, const request *q)
{
	struct dirent **list = NULL;
	struct stat st;
	int count = stat(folder, &st) == 0 && S_ISDIR(st.st_mode) ? scandir(folder, &list, is_no_dot, by_bytes) : 0;
	char **files = count > 0 && count <= MOST ? calloc((size_t)count + 1, sizeof *files) : NULL;
	bool all = files != NULL;
	for (int i = 0; i < count; i++) {
		if (all)
			all = (files[i] = join(folder, list[i]->d_name)) && is_backup(files[i], q);
		free(list[i]);
	}
	free(list);
	if (all)
		return files;
	folder_free(files);
	return NULL;
}
