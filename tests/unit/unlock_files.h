/* unlock_files.h - for tests of what is opened: a machine of the corpus in a folder of our own,
 * small enough to be analyzed a thousand times. */
#ifndef TESTS_UNLOCK_FILES_H
#define TESTS_UNLOCK_FILES_H

#include "../sample.h"
#include "case_files.h"

#define HEALTHY "incident-2005/2004-12-28"
#define CONFIG  "C/WINNT/system32/config/"
#define PROTECT "C/WINNT/system32/Microsoft/Protect/S-1-5-18"
#define KEYS    "C/Documents and Settings/All Users/Application Data/Microsoft/Crypto/RSA/MachineKeys/"
#define OLD     "e287d070-3dcd-446d-a1bf-14ba379e8abe"
#define SMS_KEY KEYS SMS_HASH "_" OLD

static inline smsc_span corpus_file(const char *day, const char *rel)
{
	char path[512];
	snprintf(path, sizeof path, "%s/%s", day, rel);
	const char *full = sample_path("SMSC_CORPUS", path);
	smsc_span s = full ? sample_load(full) : (smsc_span){ NULL, 0 };
	cr_assert_not_null(s.data, "%s", path);
	return s;
}

static inline void write_file(const char *folder, const char *rel, smsc_span s)
{
	put_file(folder, rel, s.data, s.size, "2004-12-29T03:00Z");
}

static inline void take_file(const char *folder, const char *day, const char *rel)
{
	smsc_span s = corpus_file(day, rel);
	write_file(folder, rel, s);
	sample_free(s);
}

/* The master key of the container "SMS", as the file says it. */
static inline const char *master_path(void)
{
	static char path[256];
	smsc_span s = corpus_file(HEALTHY, SMS_KEY);
	smsc_record *r = smsc_decode(SMS_KEY, s.data, s.size, NULL, NULL);
	const smsc_field *f = smsc_record_get(r, "exchange.private.master_key");
	cr_assert_not_null(f);
	snprintf(path, sizeof path, PROTECT "/%s", f->as.text);
	smsc_record_unref(r);
	sample_free(s);
	return path;
}

/* SYSTEM, SECURITY, one container and its master key. */
static inline char *machine_folder(void)
{
	char *folder = new_folder();
	take_file(folder, HEALTHY, CONFIG "SYSTEM");
	take_file(folder, HEALTHY, CONFIG "SECURITY");
	take_file(folder, HEALTHY, SMS_KEY);
	take_file(folder, HEALTHY, master_path());
	return folder;
}

static inline smsc_case *analyze_folder(const char *folder, const smsc_options *options)
{
	return analyzed(options, (const char *const[]){ folder }, 1);
}

static inline const smsc_generation *only_generation(const smsc_case *c)
{
	cr_assert_eq(smsc_case_generation_count(c), 1);
	return smsc_case_generation_at(c, 0);
}

static inline void assert_key(const smsc_key *k, const char *proof, const char *reason)
{
	cr_assert_not_null(k);
	cr_assert_str_eq(smsc_key_proof(k), proof, "%s: %s", smsc_key_proof(k), smsc_key_reason(k));
	cr_assert_not_null(strstr(smsc_key_reason(k), reason), "%s", smsc_key_reason(k));
}

#endif
