/* bkf.h - the state of the carrier of NTBackup files; within the source room. */
#ifndef SMSC_SOURCE_BKF_H
#define SMSC_SOURCE_BKF_H

#include "../format/bkf_set.h"
#include "../format/bkf_walk.h"
#include "source.h"

typedef struct smsc_bkf {
	smsc_walk      *walk;
	smsc_error     *broken;     /* why the bytes below ended, if not at their end */
	smsc_bkf_event  held;       /* met on the way, when `holds` */
	bool            holds, ended, begun;
	bool            elsewhere;  /* the medium said that it goes on on another one */

	/* Where: the set, its volume, the folder. */
	uint32_t        set;        /* 0: none was met */
	bool            in_set;
	smsc_record    *told;       /* the set, when this walk is the first to meet it */
	int             zone;       /* quarter hours east of UTC, or SMSC_BKF_NO_ZONE */
	uint32_t        control, folder_id;
	uint32_t        folder_given;  /* of the last folder that was an entry, in that set; 0: none */
	bool            recovered;  /* there was damage before */
	bool            lost;       /* damage since the last folder: it may be another one */
	smsc_buf        volume, folder;
	/* The file or folder whose streams these are. */
	bool            is_file, is_folder;
	bool            given;      /* the object itself was an entry already */
	bool            again;      /* that was on the medium before */
	uint32_t        object_id;
	uint32_t        file_id;    /* of the last file that was an entry, in that set; 0: none */
	bool            goes_on;    /* its last stream has another part */
	uint8_t         text_type;
	bool            speaks;     /* the entry in the walk is of this object */
	uint64_t        shown_size;
	int64_t         attributes; /* of Windows, or -1 */
	smsc_buf        sddl;
	smsc_streams   *streams;
	smsc_bkf_times  times;
	smsc_buf        object;     /* its path */
	/* The entry. */
	smsc_buf        path;
	uint32_t        stream;     /* id of its data */
	struct smsc_frames *frames; /* of packed data, kept for the next entry; NULL until there is any */
	bool            packed;
	bool            over;
	uint64_t        at;
	uint64_t        hole_end;   /* zeros up to there */
	bool            sparse;
	smsc_bkf_walk   tape;
} smsc_bkf;

/* The next event of the tape, or the one that was held. */
smsc_bkf_event smsc_bkf_take(smsc_bkf *st);
void           smsc_bkf_hold(smsc_bkf *st, smsc_bkf_event e);
/* -1 when what ended the bytes below is no end. */
int            smsc_bkf_check(smsc_bkf *st, smsc_error **err);

/* The current stream becomes the data of the entry. */
void           smsc_bkf_begin(smsc_bkf *st);
size_t         smsc_bkf_read(void *state, uint64_t at, void *buffer, size_t size, smsc_error **err);
/* About the entry, where it was read to. */
void           smsc_bkf_tell(smsc_bkf *st, smsc_rule_id rule, const char *what);
/* The event is about the data just passed: told, and true. */
bool           smsc_bkf_tell_data(smsc_bkf *st, smsc_bkf_event e);

/* bkf_parts.c: the data across parts and media, as it stands on the tape; bkf_frames.c: unpacked. */
size_t         smsc_bkf_raw(smsc_bkf *st, void *buffer, size_t size);
bool           smsc_bkf_has_more(const smsc_bkf_stream *s);
bool           smsc_frames_begin(smsc_bkf *st);
size_t         smsc_frames_read(smsc_bkf *st, void *buffer, size_t size);

/* bkf_place.c: what the blocks say of where the files are. */
void           smsc_bkf_place(smsc_bkf *st);
/* Takes a name out of its stream. */
void           smsc_bkf_long_name(smsc_bkf *st);
/* Takes who may do what out of its stream. */
void           smsc_bkf_rights(smsc_bkf *st);
/* The path of the alternate stream that begins here into st->path; false when it has none. */
bool           smsc_bkf_stream_path(smsc_bkf *st);
/* Times, attributes, set: what an entry has from its object. */
void           smsc_bkf_describe(const smsc_bkf *st, smsc_draft *out);

#endif
