/* open.c - a log by its path, or out of a source. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "../base/error.h"
#include "../format/log.h"

static size_t pull_entry(void *user, void *buffer, size_t size, smsc_error **err)
{
	return smsc_entry_read(user, buffer, size, err);
}

static void close_entry(void *user)
{
	smsc_entry_unref(user);
}

static smsc_log *open_entry(smsc_entry *e, const char *path, const smsc_options *options,
                            smsc_error **err)
{
	smsc_settings settings;

	if (smsc_settings_of(&settings, options, err) < 0 || smsc_entry_rewind(e, err) < 0)
		return NULL;
	return smsc_log_new(pull_entry, close_entry, smsc_entry_ref(e), path, &settings, err);
}

smsc_log *smsc_log_open_entry(smsc_entry *e, const smsc_options *options, smsc_error **err)
{
	if (smsc_failed(err))
		return NULL;
	if (!e) {
		smsc_fail(err, SMSC_EARG, NULL, -1, "smsc_log_open_entry: no entry");
		return NULL;
	}
	return open_entry(e, smsc_entry_path(e), options, err);
}

static size_t pull_fd(void *user, void *buffer, size_t size, smsc_error **err)
{
	ssize_t n;

	do
		n = read((int)(intptr_t)user, buffer, size);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		smsc_fail(err, SMSC_EIO, NULL, -1, "cannot read: %s", strerror(errno));
	return n < 0 ? 0 : (size_t)n;
}

smsc_log *smsc_log_open_fd(int fd, const char *name, const smsc_options *options, smsc_error **err)
{
	smsc_settings settings;

	if (smsc_settings_of(&settings, options, err) < 0)
		return NULL;
	return smsc_log_new(pull_fd, NULL, (void *)(intptr_t)fd, name ? name : "", &settings, err);
}

/* True when the next entry may be the log that this one is not. */
static bool is_other_format(smsc_log *l, smsc_error **err)
{
	if (l || smsc_error_code(*err) != SMSC_EFORMAT)
		return false;
	smsc_error_free(*err);
	*err = NULL;
	return true;
}

/* The first entry that is a log: the file itself, or what a .gz holds. */
static smsc_log *open_first(smsc_source *s, const char *path, const smsc_options *options,
                            smsc_error **err)
{
	smsc_log *l = NULL;
	smsc_entry *e;

	do {
		e = smsc_source_next(s, err);
		if (!e)
			break;
		l = open_entry(e, path, options, err);
		smsc_entry_unref(e);
	} while (is_other_format(l, err));
	if (!l && !*err)
		smsc_fail(err, SMSC_EFORMAT, path, 0, "this is no log of a known format");
	return l;
}

smsc_log *smsc_log_open(const char *path, const smsc_options *options, smsc_error **err)
{
	smsc_error *wrong = NULL;

	if (smsc_failed(err))
		return NULL;
	if (!path) {
		smsc_fail(err, SMSC_EARG, NULL, -1, "smsc_log_open: no path");
		return NULL;
	}
	smsc_source *s = smsc_source_open(path, options, &wrong);
	smsc_log *l = s ? open_first(s, path, options, &wrong) : NULL;
	smsc_source_unref(s);
	if (err)
		*err = wrong;
	else
		smsc_error_free(wrong);
	return l;
}
