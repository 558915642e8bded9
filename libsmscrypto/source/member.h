/* member.h - what a zip or cabinet itself says of its entries.
 *
 * libarchive turns the local times of these formats into UTC with the time zone of the
 * analyst's machine, and passes over the NTFS times of a zip.  So the same evidence would
 * give other times elsewhere, and no way back: an hour that the analyst's zone skips in
 * spring comes out shifted.  These readers take the times from the bytes.
 */
#ifndef SMSC_SOURCE_MEMBER_H
#define SMSC_SOURCE_MEMBER_H

#include "source.h"

typedef struct smsc_member {
	size_t    at;         /* of its record in the bytes that were parsed */
	smsc_span name;       /* as it is written */
	bool      utf8;
	bool      windows;    /* packed where '\' parts folders */
	smsc_time local;      /* DOS time: civil, in steps of 2 s */
	smsc_time modified, created, accessed;  /* UTC; SMSC_NEVER: not there */
	bool      seconds;    /* the UTC times are whole seconds */
} smsc_member;

typedef struct smsc_members smsc_members;

/* Reads the directory of the zip or cabinet that `w` is opened on.  NULL: it has none that
 * can be read, *why says which and *at where, or (why NULL) no memory. */
smsc_members *smsc_zip_members(smsc_walk *w, const char **why, uint64_t *at);
smsc_members *smsc_cab_members(smsc_walk *w, const char **why, uint64_t *at);
/* The i-th in the order in which libarchive gives them; false past the end. */
bool          smsc_member_at(const smsc_members *list, uint64_t i, smsc_member *out);
/* Where the first that starts behind `at` starts; UINT64_MAX when there is none. */
uint64_t      smsc_members_after(const smsc_members *list, uint64_t at);
size_t        smsc_members_count(const smsc_members *list);
/* Where the i-th starts in the zip (in a cabinet: i). */
uint64_t      smsc_members_where(const smsc_members *list, uint64_t i);
void          smsc_members_free(smsc_members *list);

/* The first zip local header in `bytes`. */
bool          smsc_zip_local(smsc_span bytes, smsc_member *out);

/* Its times with their clock, as far as it has any. */
void          smsc_member_times(const smsc_member *m, const smsc_settings *settings, smsc_draft *out);
/* Its name as UTF-8, folders parted by '/'. */
void          smsc_member_name(const smsc_member *m, uint32_t codepage, smsc_buf *out);

/* Where the directory of a zip starts that ends, without a comment, with these bytes of a file
 * of `size`; 0 when none does. */
#define SMSC_ZIP_END 22
uint64_t      smsc_zip_before(const uint8_t end[SMSC_ZIP_END], uint64_t size);

/* For the readers: a list over `bytes`, which it takes. */
typedef bool  smsc_member_fn(smsc_span bytes, size_t at, smsc_member *out);
smsc_members *smsc_members_new(smsc_buf *bytes, smsc_member_fn *parse);
/* One that stands at `at` in the bytes; `order` sorts, equal ones count once. */
bool          smsc_members_add(smsc_members *list, uint64_t order, size_t at);
void          smsc_members_sort(smsc_members *list);

#endif
