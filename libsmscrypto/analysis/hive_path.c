/* hive_path.c - smsc_decode_path(): one key of a hive as a record. */
#include "../base/options.h"
#include "../format/regf_record.h"

static smsc_record *finish(smsc_record *r, smsc_error **err)
{
	if (!r->failed && !smsc_arena_failed(r->arena))
		return r;
	smsc_record_unref(r);
	smsc_fail_nomem(err);
	return NULL;
}

static smsc_record *decode_key(smsc_record *r, smsc_span in, const char *path, smsc_error **err)
{
	smsc_hive h;
	smsc_hive_key k;
	if (!smsc_hive_open(&h, in, smsc_hive_problem_find, r)) {
		smsc_fail(err, SMSC_EFORMAT, r->path, 0, "only a registry hive has keys to be named by a path");
	} else if (!smsc_hive_find(&h, NULL, path, &k)) {
		smsc_fail(err, SMSC_EARG, r->path, -1, "the hive has no key %.200s", path);
	} else {
		smsc_hive_key_record(&h, &k, r);
		return finish(r, err);
	}
	smsc_record_unref(r);
	return NULL;
}

smsc_record *smsc_decode_path(const char *name, const void *data, size_t size, const char *path,
                              const smsc_options *options, smsc_error **err)
{
	smsc_settings settings;
	if (smsc_failed(err) || smsc_settings_of(&settings, options, err) < 0)
		return NULL;
	if (!path) {
		smsc_fail(err, SMSC_EARG, name, -1, "no path of a key was given");
		return NULL;
	}
	smsc_record *r = smsc_record_new("regf", name, settings.codepage);
	if (r)
		return decode_key(r, (smsc_span){ data, size }, path, err);
	smsc_fail_nomem(err);
	return NULL;
}
