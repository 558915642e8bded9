/* source.h - how evidence is carried: the contract inside the source room.
 *
 * A *carrier* (directory, file, memory, archive, backup) is a table of operations that gives
 * *items* one after the other and the bytes of the current one.  A *walk* is one open
 * carrier; it reads the current item of the walk below it, so that walks stack up into a
 * chain: directory < archive < archive within it.  An item says where it is (its place
 * within its carrier and the item it is in), so that any entry can be found again.
 *
 * A new carrier is one file with a `const smsc_carrier` and a row in source.c.
 */
#ifndef SMSC_SOURCE_SOURCE_H
#define SMSC_SOURCE_SOURCE_H

#include <stdatomic.h>
#include <stdbool.h>

#include "../base/arena.h"
#include "../base/buf.h"
#include "../base/cursor.h"
#include "../base/finding.h"
#include "../base/options.h"

/* Names the source in reports.  0, or -1 without memory. */
int smsc_source_set_label(smsc_source *s, const char *label, smsc_error **err);

/* What an analysis learned of the snapshot; texts are copied, NULL stays unknown.  Told once,
 * before anybody else reads the source.  0, or -1 without memory. */
int smsc_source_set_facts(smsc_source *s, const char *machine_guid, const char *computer,
                          const char *system, smsc_error **err);

/* One backup set of `s` as a source of its own, "label#2", over the same bytes.  NULL without
 * memory. */
smsc_source *smsc_source_of_set(const smsc_source *s, uint32_t set, smsc_error **err);
/* The set of the backup that is the source; 0 when that is no backup. */
uint32_t     smsc_entry_part(const smsc_entry *e);
/* What the walk learned of that set, or NULL. */
const smsc_record *smsc_source_find_set(const smsc_source *s, uint32_t set);

/* ---- what only this room uses ------------------------------------------------ */

/* Gives `why` (or nothing) to the caller, who may not want to know. */
static inline void smsc_hand_over(smsc_error **err, smsc_error *why)
{
	if (err && !*err)
		*err = why;
	else
		smsc_error_free(why);
}

#define SMSC_HEAD_BYTES  65536u       /* of an item that is read, kept so that it can be again */
#define SMSC_READ_BYTES  (1u << 20)   /* at once from a file                              */

/* What the checksum of a stream says: there is none; it was not met (yet); not all that it covers
 * was read. */
typedef enum smsc_sum_state {
	SMSC_SUM_NONE, SMSC_SUM_MISSING, SMSC_SUM_UNREAD, SMSC_SUM_RIGHT, SMSC_SUM_WRONG
} smsc_sum_state;
typedef struct smsc_streams smsc_streams;

typedef struct smsc_walk smsc_walk;
typedef struct smsc_carrier smsc_carrier;

/* One stream as its carrier describes it.  Shared and never changed; holds the item it is
 * in, but no source: walks of the source hold items, which would make a circle. */
typedef struct smsc_item {
	atomic_size_t     refs;
	struct smsc_item *container;  /* the archive it is in; NULL: the source itself    */
	uint64_t    ordinal;          /* from 0, in its carrier                           */
	smsc_span   raw;              /* what its carrier finds it by; may be empty       */
	const char *path;             /* UTF-8, within the source                         */
	const char *safe_path;
	bool        hidden;           /* the archive that is the source: in no path       */
	const char *kind;             /* "file", "folder", "link", "other"                */
	int64_t     size;             /* -1 not known                                     */
	smsc_time   modified, created, accessed;
	const char *clock;
	int64_t     slack;
	uint32_t    set;              /* the backup set it is in, from 1; 0: no backup     */
	uint32_t    part;             /* the same of the backup that is the source         */
	int64_t     attributes;       /* -1 not known                                      */
	const char *sddl;             /* or NULL                                           */
	bool        recovered;
	smsc_streams *streams;        /* of a backup, still growing; else NULL             */
} smsc_item;

/* What a carrier's next() fills in; all is borrowed from the carrier until its next call. */
typedef struct smsc_draft {
	smsc_span   raw;
	const char *path;       /* UTF-8, within the carrier                        */
	const char *kind;       /* NULL: not an entry (the top folder), only to be counted */
	const char *unreadable; /* why its bytes cannot be had (becomes D007), or NULL */
	int64_t     size;
	smsc_time   modified, created, accessed;
	const char *clock;
	int64_t     slack;
	uint32_t    set;        /* of a backup, from 1                              */
	int64_t     attributes; /* FILE_ATTRIBUTE_..., or -1                        */
	const char *sddl;       /* who may do what with it, or NULL                 */
	bool        recovered;  /* found behind damage                              */
	smsc_streams *streams;  /* of a backup, or NULL                             */
} smsc_draft;

struct smsc_carrier {
	const char *kind;       /* smsc_source_kind() of a source that is one       */
	bool        random;     /* read() takes any offset; else each follows the last */
	/* Is the current item of `w`, whose head is there, such a carrier?  NULL: never. */
	bool   (*probe)(smsc_walk *w);
	/* The state of the other four.  NULL and no *err: it cannot be walked, which was told
	 * as a finding. */
	void  *(*open)(smsc_walk *w, smsc_error **err);
	/* 1 and the next item, 0 at the end, -1 on failure.  Damage is told and is no failure. */
	int    (*next)(void *state, smsc_draft *out, smsc_error **err);
	/* Goes straight to an item given before: 0, or -1 on failure.  NULL: walk there. */
	int    (*find)(void *state, const smsc_item *item, smsc_error **err);
	/* Bytes of the current item from `at`; 0 at the end, at damage (told) or on failure. */
	size_t (*read)(void *state, uint64_t at, void *buffer, size_t size, smsc_error **err);
	void   (*close)(void *state);
	/* How many first bytes of the current item tell whether it is a carrier, where that is less
	 * than the head.  NULL: all of it. */
	size_t (*enough)(void *state);
};

extern const smsc_carrier smsc_dir_carrier, smsc_file_carrier, smsc_memory_carrier,
	smsc_pipe_carrier, smsc_archive_carrier, smsc_bkf_carrier;

/* The carrier that the current item of `w` is, by its content; or NULL. */
const smsc_carrier *smsc_carrier_probe(smsc_walk *w);

/* What one archive file of the evidence may still unpack, with all that is nested in it. */
typedef struct smsc_budget {
	uint64_t packed, unpacked;
	bool     spent;
} smsc_budget;

struct smsc_walk {
	smsc_source        *source;   /* not counted: the source owns its walks */
	smsc_walk          *below;    /* the walk whose current item this one reads; owned */
	const smsc_carrier *carrier;
	void               *state;
	bool                side;     /* serves entries outside the walk of the caller */
	bool                entered;  /* the current item was opened as a carrier */
	uint64_t            seen;     /* items so far */
	smsc_item          *item;     /* the current one */
	const smsc_carrier *inner;    /* what the current item is to be walked with, or NULL */
	smsc_entry         *entry;    /* that reads here; not counted */
	smsc_buf            head;     /* first bytes of the current item */
	bool                whole;    /* head is all of it */
	uint64_t            pulled;   /* bytes taken from the carrier */
	smsc_budget        *budget;   /* NULL outside archives */
	smsc_budget         own;
};

struct smsc_source {
	atomic_size_t       refs;
	char               *path, *label, *name;  /* UTF-8; name is the last part of path */
	const char         *kind;
	smsc_settings       settings;
	uint32_t            zip_codepage;  /* of names in zips that are not UTF-8 */
	const smsc_carrier *root;
	int                 fd;            /* of the directory or file; -1: memory */
	smsc_span           memory;
	smsc_close_fn      *on_close;
	void               *close_user;
	smsc_walk          *walk;          /* top of the chain the caller walks */
	smsc_walk          *side;          /* top of the chain that finds other entries again */
	bool                ended;
	bool                piped;         /* the one walk of a pipe was begun */
	bool                primed;        /* and stands on its item, which was not given */
	bool                again;         /* a walk is repeated: it meets what was told */
	uint64_t            count;
	const char         *machine_guid, *computer, *system;  /* facts, or NULL */
	smsc_arena         *kept;          /* of the facts, which outlive a rewind */
	smsc_arena         *arena;         /* of the findings */
	smsc_findings       findings;
	smsc_record       **sets;          /* backup sets met so far */
	size_t              set_count, set_room;
	/* A source that is one set of another: whose bytes, and which set. */
	smsc_source        *whole;
	uint32_t            only;
	/* The other media of the same backup, which were joined, and this one, by their numbers. */
	struct smsc_medium *media;
	size_t              media_count;
};

/* The entry for the current item of `w`; NULL on failure. */
smsc_entry *smsc_entry_new(smsc_source *s, smsc_walk *w, smsc_error **err);
/* Its walk goes on to another item: the entry must find its bytes again.  NULL is fine. */
void       smsc_entry_detach(smsc_entry *e);

/* pipe.c: begins the one walk, which also tells what the source is. */
bool       smsc_source_is_pipe(const smsc_source *s);
int        smsc_pipe_begin(smsc_source *s, smsc_error **err);
int        smsc_pipe_rewind(const smsc_source *s, smsc_error **err);

/* media.c: bytes of the file or memory that the source is, with all that was joined. */
size_t     smsc_media_read(const smsc_source *s, uint64_t at, void *buffer, size_t size,
                           smsc_error **err);
/* How many there are; 0 when nothing was joined. */
uint64_t   smsc_media_size(const smsc_source *s);
/* Where the medium that has the byte `at` ends. */
uint64_t   smsc_media_end(const smsc_source *s, uint64_t at);
void       smsc_media_free(smsc_source *s);

/* Is it an archive that the walk, which has just met it, goes on with? */
bool       smsc_entry_is_archive(const smsc_entry *e);

/* Item: one reference to start with; NULL without memory. */
smsc_item *smsc_item_new(const smsc_walk *w, const smsc_draft *d, uint64_t ordinal);
smsc_item *smsc_item_ref(smsc_item *item);
void       smsc_item_unref(smsc_item *item);
bool       smsc_item_same(const smsc_item *a, const smsc_item *b);
/* `path` so that it can be written below a folder on any system; sets after the first have a
 * folder "#2" of their own there. */
void       smsc_safe_path(smsc_buf *out, const char *path, uint32_t set);

/* bkf_streams.c: one reference to start with; NULL or false without memory. */
smsc_streams *smsc_streams_new(void);
smsc_streams *smsc_streams_ref(smsc_streams *s);
void          smsc_streams_unref(smsc_streams *s);
bool          smsc_streams_add(smsc_streams *s, uint32_t id, uint64_t size, uint64_t at, bool summed);
/* Of the stream that was added last. */
void          smsc_streams_sum(smsc_streams *s, smsc_sum_state sum);
/* Rights that stand behind the data. */
bool          smsc_streams_rights(smsc_streams *s, const char *sddl);
const char   *smsc_streams_sddl(const smsc_streams *s);
smsc_record  *smsc_streams_record(const smsc_streams *s, const char *path, smsc_error **err);

/* Opens `carrier` on the current item of `below`, which it then owns (not on failure). */
smsc_walk *smsc_walk_open(smsc_source *s, smsc_walk *below, const smsc_carrier *carrier,
                          bool side, smsc_error **err);
/* Closes the top walk and gives back the one below it. */
smsc_walk *smsc_walk_pop(smsc_walk *top);
void       smsc_walk_free(smsc_walk *top);
/* The next item: 1, 0 at the end, -1 on failure.  w->item is NULL when it is no entry. */
int        smsc_walk_step(smsc_walk *w, smsc_error **err);
/* Makes *chain stand on `item`, going on from where it stands if that is before it.
 * 0, or -1 on failure. */
int        smsc_walk_seek(smsc_source *s, smsc_walk **chain, const smsc_item *item, smsc_error **err);
/* Can the current item be read from `at` without starting again? */
bool       smsc_walk_can_read(const smsc_walk *w, uint64_t at);
size_t     smsc_walk_read(smsc_walk *w, uint64_t at, void *buffer, size_t size, smsc_error **err);
/* Opens the current item of *chain as a carrier and puts that on top: 1, 0 when it cannot
 * be walked (told), -1 on failure. */
int        smsc_walk_enter(smsc_source *s, smsc_walk **chain, smsc_error **err);

/* For carriers: the bytes they are opened on. */
bool       smsc_input_seekable(const smsc_walk *w);
int64_t    smsc_input_size(const smsc_walk *w);  /* -1 not known */
smsc_span  smsc_input_head(const smsc_walk *w);
size_t     smsc_input_read(smsc_walk *w, uint64_t at, void *buffer, size_t size, smsc_error **err);
/* Exactly that many bytes. */
bool       smsc_input_exact(smsc_walk *w, uint64_t at, void *buffer, size_t size);

/* For carriers: keeps what is known of a backup set; takes `record`.  False when an earlier
 * walk met that set already, and, with *failed, without memory. */
bool       smsc_walk_set(smsc_walk *w, smsc_record *record, bool *failed);
/* For carriers: counts unpacked bytes; false with SMSC_ELIMIT when there are too many. */
bool       smsc_walk_spend(smsc_walk *w, uint64_t bytes, smsc_error **err);
/* For carriers: a finding about `path`; NULL: about what `w` is opened on. */
void       smsc_walk_tell(smsc_walk *w, smsc_rule_id rule, const char *path, uint64_t at,
                          const char *format, ...) SMSC_PRINTF(5, 6);

#endif
