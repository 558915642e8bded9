/* case_files.h - for tests of the analysis: key containers and logs of our own, in folders that
 * stand for backups. */
#ifndef TESTS_CASE_FILES_H
#define TESTS_CASE_FILES_H

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/time.h"
#include "smscrypto.h"

#define OLD_GUID "11111111-2222-3333-4444-555555555555"
#define NEW_GUID "99999999-8888-7777-6666-555555555555"
/* "SMS" and "Microsoft Systems Management Server" [capi-dpapi 1.2]. */
#define SMS_HASH  "19c5cf9c7b5dc9de3e548adb70398402"
#define SITE_HASH "ca6f80c6495f318cbd7dddd0d9102cc2"

/* ---- containers ------------------------------------------------------------------------- */

static inline void put32(smsc_buf *b, uint32_t v)
{
	const uint8_t bytes[4] = { v & 0xff, v >> 8 & 0xff, v >> 16 & 0xff, v >> 24 };
	smsc_buf_add(b, bytes, 4);
}

static inline void put_fill(smsc_buf *b, char c, size_t count)
{
	while (count--)
		smsc_buf_char(b, c);
}

/* A public key of 512 bits whose modulus is made of `seed`: 92 bytes. */
static inline void put_public(smsc_buf *b, char seed)
{
	smsc_buf_str(b, "RSA1");
	put32(b, 72);
	put32(b, 512);
	put32(b, 63);
	put32(b, 65537);
	smsc_buf_char(b, 1);  /* odd, as a modulus is */
	put_fill(b, seed, 62);
	smsc_buf_char(b, (char)0xc1);
	put_fill(b, 0, 8);
}

/* A DPAPI blob of Windows 2000 form: 136 bytes, the description and the data. */
static inline void put_dpapi(smsc_buf *b, const char *description, size_t data)
{
	static const char provider[] = "\xd0\x8c\x9d\xdf\x01\x15\xd1\x11\x8c\x7a\x00\xc0\x4f\xc2\x97\xeb";
	put32(b, 1);
	smsc_buf_add(b, provider, 16);
	put32(b, 1);
	put_fill(b, 'K', 16);
	put32(b, 4);
	put32(b, (uint32_t)strlen(description) * 2 + 2);
	for (const char *p = description; ; p++) {
		smsc_buf_char(b, *p);
		smsc_buf_char(b, 0);
		if (!*p)
			break;
	}
	put32(b, 0x6603);
	put32(b, 168);
	put32(b, 16);
	put_fill(b, 's', 16);
	put32(b, 0);
	put32(b, 0x8004);
	put32(b, 160);
	put32(b, 16);
	put_fill(b, 'n', 16);
	put32(b, (uint32_t)data);
	put_fill(b, 'd', data);
	put32(b, 20);
	put_fill(b, 'm', 20);
}

/* Sizes of such a pair [capi-dpapi 2.8, the row of 512 bits]. */
enum { PUBLIC_SIZE = 92, PRIVATE_SIZE = 522, FLAG_SIZE = 168 };

static inline void put_pair(smsc_buf *b, char seed)
{
	if (!seed)
		return;
	put_public(b, seed);
	put_dpapi(b, "", 384);
	put_dpapi(b, "Export Flag", 8);
}

/* A container; `signature` and `exchange` make the keys, 0 leaves the pair out. */
static inline void put_container(smsc_buf *b, const char *name, char signature, char exchange)
{
	uint32_t sizes[10] = { 2, 0, (uint32_t)strlen(name) + 1,
		signature ? PUBLIC_SIZE : 0, signature ? PRIVATE_SIZE : 0,
		exchange ? PUBLIC_SIZE : 0, exchange ? PRIVATE_SIZE : 0, 20,
		signature ? FLAG_SIZE : 0, exchange ? FLAG_SIZE : 0 };
	for (int i = 0; i < 10; i++)
		put32(b, sizes[i]);
	smsc_buf_add(b, name, strlen(name) + 1);
	put_fill(b, 0, 20);
	put_pair(b, signature);
	put_pair(b, exchange);
}

/* ---- folders ----------------------------------------------------------------------------- */

static inline char *new_folder(void)
{
	char *path = strdup("/tmp/smsc-case-XXXXXX");
	cr_assert(path && mkdtemp(path));
	return path;
}

/* Everything below, too. */
static inline void drop_folder(char *path)
{
	char command[256];
	snprintf(command, sizeof command, "rm -rf '%s'", path);
	cr_assert_eq(system(command), 0);
	free(path);
}

static inline void make_parents(char *path)
{
	for (char *p = path + 1; *p; p++) {
		if (*p != '/')
			continue;
		*p = 0;
		mkdir(path, 0755);
		*p = '/';
	}
}

/* Writes folder/name as it stood at `when` ("2005-01-07T22:59Z"). */
static inline void put_file(const char *folder, const char *name, const void *data, size_t size,
                            const char *when)
{
	char path[4096];
	snprintf(path, sizeof path, "%s/%s", folder, name);
	make_parents(path);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	cr_assert(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	smsc_time t = smsc_time_parse(when) - SMSC_UNIX_EPOCH;
	struct timespec times[2];
	times[0].tv_sec = times[1].tv_sec = t / SMSC_TICKS_A_SECOND;
	times[0].tv_nsec = times[1].tv_nsec = t % SMSC_TICKS_A_SECOND * 100;
	cr_assert_eq(futimens(fd, times), 0);
	close(fd);
}

static inline void put_text(const char *folder, const char *name, const char *text, const char *when)
{
	put_file(folder, name, text, strlen(text), when);
}

/* folder/<sub>MachineKeys/<hash>_<guid> with such a container in it. */
static inline void put_key_file(const char *folder, const char *hash, const char *guid,
                                const char *name, char signature, char exchange, const char *when)
{
	char path[256];
	smsc_buf b = SMSC_BUF_INIT;
	put_container(&b, name, signature, exchange);
	snprintf(path, sizeof path, "Crypto/RSA/MachineKeys/%s_%s", hash, guid);
	put_file(folder, path, b.data, b.size, when);
	smsc_buf_free(&b);
}

static inline const char *below(const char *folder, const char *name)
{
	static char path[8][4096];
	static unsigned turn;
	char *p = path[turn++ % 8];
	snprintf(p, sizeof path[0], "%s/%s", folder, name);
	return p;
}

/* ---- cases ----------------------------------------------------------------------------------- */

static inline smsc_case *analyzed(const smsc_options *options, const char *const *paths, size_t count)
{
	smsc_error *err = NULL;
	smsc_case *c = smsc_case_new(options, &err);
	for (size_t i = 0; i < count; i++)
		smsc_case_add(c, paths[i], NULL, &err);
	smsc_case_analyze(c, NULL, NULL, &err);
	cr_assert_null(err, "%s", smsc_error_message(err));
	return c;
}

static inline const smsc_finding *find_rule(const smsc_case *c, const char *rule)
{
	const smsc_finding *f;
	for (size_t i = 0; (f = smsc_case_finding_at(c, i)); i++)
		if (!strcmp(smsc_finding_rule(f), rule))
			return f;
	return NULL;
}

static inline size_t count_kind(const smsc_case *c, const char *kind)
{
	size_t count = 0;
	const smsc_event *e;
	for (size_t i = 0; (e = smsc_case_event_at(c, i)); i++)
		count += !strcmp(smsc_event_kind(e), kind);
	return count;
}

static inline const smsc_event *find_kind(const smsc_case *c, const char *kind)
{
	const smsc_event *e;
	for (size_t i = 0; (e = smsc_case_event_at(c, i)); i++)
		if (!strcmp(smsc_event_kind(e), kind))
			return e;
	return NULL;
}

#endif
