/* unpack.h - one open archive: archive.c finds its entries, unpack.c gives their bytes. */
#ifndef SMSC_SOURCE_UNPACK_H
#define SMSC_SOURCE_UNPACK_H

#include "member.h"
#include "reader.h"

typedef struct smsc_archive {
	smsc_walk    *walk;
	smsc_packing  packing;
	smsc_feed     feed;
	smsc_reader  *reader;
	smsc_members *members;   /* of a zip or cabinet, or NULL */
	smsc_form     form;
	bool          seek;      /* entries are skipped by seeking: that costs nothing */
	bool          ended;
	unsigned      restarts;
	uint64_t      given;     /* headers since the reader was opened */
	/* The current entry. */
	smsc_span     data;
	uint64_t      data_at;   /* where `data` belongs; before it is a hole */
	uint64_t      at;        /* bytes given */
	uint64_t      local_at;  /* of a zip: where its local header is */
	bool          over, encrypted, single, broken;
	smsc_inflate  rescue;    /* behind the point where libarchive gave up */
	bool          rescuing;
	smsc_buf      text, header;
} smsc_archive;

/* Do entries come as `members` lists them? */
static inline bool smsc_archive_by_list(const smsc_archive *st)
{
	return st->form == SMSC_BY_LIST;
}

/* Code page of names that do not tell their own. */
uint32_t smsc_archive_codepage(const smsc_archive *st);
/* A finding: the archive ends here, or, in a zip with a good directory, lacks this one entry.
 * -1 when what stopped the reader is no damage but a limit or lack of memory below. */
int      smsc_archive_tell(smsc_archive *st, smsc_error **err);
/* The next bytes of the current entry, as smsc_carrier.read(). */
size_t   smsc_archive_read(void *state, uint64_t at, void *buffer, size_t size, smsc_error **err);
/* Reads what is left of an entry where libarchive would have to unpack it anyway: so that it
 * counts against the limits, and damage in it is seen.  -1 on failure. */
int      smsc_archive_pass_over(smsc_archive *st, smsc_error **err);

#endif
