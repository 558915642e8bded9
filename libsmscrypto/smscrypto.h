/* smscrypto.h - which cryptographic key did this Windows server use when, what
 *               replaced or damaged it, and which file brings it back?
 *
 * Reads CryptoAPI key containers, DPAPI files and the logs of Systems
 * Management Server 2003 out of restored backups.  Four rules cover it all:
 *
 *   Names     smsc_<noun>_<verb>.  A getter has no verb: smsc_event_time().
 *   Failure   A function that can fail takes `smsc_error **err` last and then
 *             returns NULL, 0 or -1 as said.  Errors stick: while *err is set,
 *             later calls given the same err do nothing, so that one check at
 *             the end will do.  `err` itself may be NULL.  Damaged evidence is
 *             not a failure: it becomes an smsc_finding.
 *   Memory    A result `T *` is yours: give it back with smsc_<noun>_unref()
 *             (_free() for what is never shared).  A result `const T *` or
 *             `const char *` is borrowed from the object you asked and lives as
 *             long as that does; smsc_<noun>_ref() makes it last longer.
 *   Threads   A source, a log, a report, or a case before its analysis belongs
 *             to one thread at a time.  From smsc_case_analyze() on a case and
 *             all in it never change: any number of threads may read it.
 *
 * Text is valid UTF-8; bytes of the evidence that are no text are written as
 * \xHH.  Times are FILETIMEs: ticks of 100 ns since 1601-01-01 UTC, and
 * SMSC_NEVER (0) means "not known".  Nothing is ever written beside the
 * evidence, and nothing here uses a network.
 */
#ifndef SMSCRYPTO_H
#define SMSCRYPTO_H

#include <stddef.h>
#include <stdint.h>

#ifndef SMSC_API
#  if defined(__GNUC__)
#    define SMSC_API __attribute__((visibility("default")))
#  else
#    define SMSC_API
#  endif
#endif

#ifdef __cplusplus
extern "C" {
#endif

#define SMSC_VERSION_MAJOR 0
#define SMSC_VERSION_MINOR 1
#define SMSC_VERSION_PATCH 0

/** Version of the library that is running, as "0.1.0". */
SMSC_API const char *smsc_version(void);
/** Objects alive in this process: sources, entries, records, logs, cases.  A test
 *  that ends with the number it began with has leaked nothing. */
SMSC_API long        smsc_live_objects(void);

typedef struct smsc_source     smsc_source;     /**< where evidence comes from     */
typedef struct smsc_entry      smsc_entry;      /**< one stream of a source        */
typedef struct smsc_record     smsc_record;     /**< one stream, decoded           */
typedef struct smsc_log        smsc_log;        /**< one log, row by row           */
typedef struct smsc_case       smsc_case;       /**< sources in, answers out       */
typedef struct smsc_generation smsc_generation; /**< one content of one container  */
typedef struct smsc_key        smsc_key;        /**< one key pair of a generation  */
typedef struct smsc_certificate smsc_certificate; /**< one certificate             */
typedef struct smsc_event      smsc_event;      /**< one row of the timeline       */
typedef struct smsc_finding    smsc_finding;    /**< one problem of the evidence   */
typedef struct smsc_matches    smsc_matches;    /**< what one piece of evidence names */
typedef struct smsc_match      smsc_match;      /**< one public key that it names  */
typedef struct smsc_step       smsc_step;       /**< one step of the recovery plan */
typedef struct smsc_report     smsc_report;     /**< rows in, text out             */
typedef struct smsc_error      smsc_error;      /**< why a call failed             */

/** Ticks of 100 ns since 1601-01-01 00:00 UTC. */
typedef int64_t smsc_time;
#define SMSC_NEVER           ((smsc_time)0)
#define SMSC_TICKS_A_SECOND  ((int64_t)10000000)

/** A run of bytes that somebody else owns. */
typedef struct smsc_span {
	const void *data;
	size_t      size;   /**< bytes */
} smsc_span;

/* ---- errors ------------------------------------------------------------- */

typedef enum smsc_code {
	SMSC_OK         = 0,
	SMSC_ENOMEM     = 1,  /**< no memory                                      */
	SMSC_EARG       = 2,  /**< the caller broke a rule of this header         */
	SMSC_EIO        = 3,  /**< the operating system refused                   */
	SMSC_EFORMAT    = 4,  /**< no decoder knows these bytes                   */
	SMSC_ELIMIT     = 5,  /**< a limit of smsc_options was reached            */
	SMSC_ECRYPTO    = 6,  /**< OpenSSL lacks something, or a key is not open  */
	SMSC_ECANCELLED = 7,  /**< the progress or sink function said stop        */
} smsc_code;

SMSC_API smsc_code   smsc_error_code(const smsc_error *e);    /**< NULL: SMSC_OK */
SMSC_API const char *smsc_error_message(const smsc_error *e); /**< one line      */
SMSC_API const char *smsc_error_path(const smsc_error *e);    /**< or NULL       */
/** Byte in `path` where it went wrong; -1 when there is no such place. */
SMSC_API int64_t     smsc_error_offset(const smsc_error *e);
SMSC_API void        smsc_error_free(smsc_error *e);          /**< NULL is fine  */

/* ---- options ------------------------------------------------------------ */

/** Limits and assumptions; a member that is 0 means its default.  New members
 *  go at the end, `size` tells old callers apart.  A limit that is reached is
 *  SMSC_ELIMIT, or a finding where the rest of the evidence can still be read. */
typedef struct smsc_options {
	size_t      size;         /**< bytes of this struct: SMSC_OPTIONS_INIT          */
	uint64_t    max_stream;   /**< bytes of one entry held in memory; 256 MiB       */
	uint64_t    max_total;    /**< bytes unpacked from one archive file; 64 GiB     */
	uint64_t    max_entries;  /**< entries of one source; 1,000,000                 */
	uint64_t    max_events;   /**< events and findings a case keeps; 1,000,000      */
	uint32_t    max_depth;    /**< archives in archives; 4                          */
	uint32_t    max_ratio;    /**< unpacked to packed bytes, past 64 MiB; 1000      */
	uint32_t    codepage;     /**< of text that is not Unicode: 437, 850, 1250-1252; 1252 */
	const char *zone;         /**< of local times that do not tell their own: "UTC",
	                               "+01:00", "-05:00" (east of Greenwich is +); NULL:
	                               not known, and said so                           */
	uint32_t    max_rounds;   /**< of one master key's derivation; 1,000,000.  All together
	                               may take 64 times as many                        */
	uint32_t    allow;        /**< SMSC_ALLOW_...: what is refused unless asked for  */
	uint32_t    threads;      /**< that decode logs, the caller's own with them; 1.  What comes
	                               out is the same with any number                  */
} smsc_options;

/** Private keys that were opened stay in locked memory until the case is gone, so that
 *  smsc_generation_export() can give them out.  Else they are wiped in the analysis. */
#define SMSC_ALLOW_EXPORT 1u
/** A file that does not begin as a backup is searched, all of it, for what is left of one. */
#define SMSC_ALLOW_RECOVERY 2u

#define SMSC_OPTIONS_INIT { sizeof(smsc_options), 0, 0, 0, 0, 0, 0, 0, NULL, 0, 0, 0 }

/* ---- sources: a directory, an archive, a file, memory ---------------------- */

/** Opens whatever `path` is; content decides, never the name.  Read-only.  "-" is the standard
 *  input; what comes through a pipe can be walked once. */
SMSC_API smsc_source *smsc_source_open(const char *path, const smsc_options *options,
                                       smsc_error **err);
/** Borrows `data` (`size` bytes), which must outlive the source and its entries. */
SMSC_API smsc_source *smsc_source_memory(const char *name, const void *data, size_t size,
                                         const smsc_options *options, smsc_error **err);
/** Calls close(user) when the source and all that was taken from it are gone: the moment to
 *  free what smsc_source_memory() borrowed.  One function; a later call replaces it. */
typedef void smsc_close_fn(void *user);
SMSC_API void         smsc_source_on_close(smsc_source *s, smsc_close_fn *close, void *user);
/** Joins another medium of the backup that `s` is, which goes on there: from then on `s` reads
 *  both, whatever their order, and keeps a reference.  1; 0 when `other` is no such medium, or
 *  on failure.  The walk of `s` starts again. */
SMSC_API int          smsc_source_join(smsc_source *s, smsc_source *other, smsc_error **err);
/** "directory", "archive", "bkf", "file" or "memory". */
SMSC_API const char  *smsc_source_kind(const smsc_source *s);
SMSC_API const char  *smsc_source_path(const smsc_source *s);  /**< as it was given */
/** Short name in reports: what the case was told, else the last part of the path. */
SMSC_API const char  *smsc_source_label(const smsc_source *s);
/** What the registry of the snapshot says; only after the analysis of a case, else NULL. */
SMSC_API const char  *smsc_source_machine_guid(const smsc_source *s); /**< lower case        */
SMSC_API const char  *smsc_source_computer(const smsc_source *s);     /**< its name          */
SMSC_API const char  *smsc_source_system(const smsc_source *s);       /**< product, version  */
/** The next entry, yours; NULL at the end and on failure.  A directory is walked in
 *  byte order of the names, an archive in its own order; an archive within either is
 *  an entry and is then walked itself ("a.zip!/b").  One damaged archive ends only
 *  itself: see smsc_source_finding_at(). */
SMSC_API smsc_entry  *smsc_source_next(smsc_source *s, smsc_error **err);
/** Starts the walk again.  0, or -1 on failure. */
SMSC_API int          smsc_source_rewind(smsc_source *s, smsc_error **err);
/** The backup sets (records "bkf-set") that the walk so far has met, also in backups within the
 *  source: number, method, written, zone, name, user, volumes.  "a.bkf#2" opens one alone. */
SMSC_API size_t              smsc_source_set_count(const smsc_source *s);
SMSC_API const smsc_record  *smsc_source_set_at(const smsc_source *s, size_t i);
/** What could not be read in the walk so far. */
SMSC_API size_t              smsc_source_finding_count(const smsc_source *s);
SMSC_API const smsc_finding *smsc_source_finding_at(const smsc_source *s, size_t i);
SMSC_API smsc_source *smsc_source_ref(const smsc_source *s);
SMSC_API void         smsc_source_unref(const smsc_source *s);

/** Path within the source, '/' between parts, as the evidence has it: it may hold
 *  ".." or "C:" and must never be used as a path to write to. */
SMSC_API const char *smsc_entry_path(const smsc_entry *e);
/** The path again, made safe to write below a folder: "../a" is "__/a". */
SMSC_API const char *smsc_entry_safe_path(const smsc_entry *e);
/** "file", "folder" (before what is in it; only where the carrier tells of it), "link" (never
 *  followed) or "other" (device, socket: never opened). */
SMSC_API const char *smsc_entry_kind(const smsc_entry *e);
SMSC_API int64_t     smsc_entry_size(const smsc_entry *e);     /**< bytes; -1 unknown */
SMSC_API smsc_time   smsc_entry_modified(const smsc_entry *e);
SMSC_API smsc_time   smsc_entry_created(const smsc_entry *e);
SMSC_API smsc_time   smsc_entry_accessed(const smsc_entry *e);
/** Who measured the times: "file-system" (UTC), "archive" (UTC), "archive-local"
 *  (local time of the machine that packed it, made UTC with smsc_options.zone; when
 *  that is not given the three times are that local time as if it were UTC), "backup-set"
 *  (the same from a .bkf, made UTC with the offset that its backup set tells), "none". */
SMSC_API const char *smsc_entry_clock(const smsc_entry *e);
/** Ticks that each time may be off by: 2 s for DOS times, 14 h when the zone is not known. */
SMSC_API int64_t     smsc_entry_slack(const smsc_entry *e);
/** The backup set it is in, from 1; 0 outside backups.  Two sets may hold the same path. */
SMSC_API unsigned    smsc_entry_set(const smsc_entry *e);
/** Windows attributes (FILE_ATTRIBUTE_READONLY is 1); -1 where the carrier keeps none. */
SMSC_API int64_t     smsc_entry_attributes(const smsc_entry *e);
/** Owner and access rights as SDDL text; NULL where the carrier keeps none. */
SMSC_API const char *smsc_entry_sddl(const smsc_entry *e);
/** The streams that a backup keeps of it, yours; NULL outside backups and on failure.  Each field
 *  is one: its id ("STAN" data, "NACL" rights, "ADAT" alternate), its bytes, the byte of its header
 *  in the backup, and as note what its checksum says.  What stands behind the data of a file, be it
 *  the rights, is known when smsc_source_next() has gone on to another file or folder. */
SMSC_API smsc_record *smsc_entry_streams(const smsc_entry *e, smsc_error **err);
/** 1 when it was found again behind damage of its backup: what it is in may be guessed. */
SMSC_API int         smsc_entry_recovered(const smsc_entry *e);
SMSC_API const smsc_source *smsc_entry_source(const smsc_entry *e);
/** The next bytes, at most `size`; 0 at the end and on failure.  Any entry can be read
 *  at any time; in order of the walk costs nothing extra. */
SMSC_API size_t      smsc_entry_read(smsc_entry *e, void *buffer, size_t size, smsc_error **err);
/** Reads from the start again.  0, or -1 on failure. */
SMSC_API int         smsc_entry_rewind(smsc_entry *e, smsc_error **err);
/** The whole content, kept by the entry; SMSC_ELIMIT past smsc_options.max_stream. */
SMSC_API smsc_span   smsc_entry_bytes(smsc_entry *e, smsc_error **err);
SMSC_API smsc_entry *smsc_entry_ref(const smsc_entry *e);
SMSC_API void        smsc_entry_unref(const smsc_entry *e);

/* ---- records: one stream, decoded ------------------------------------------ */

/** Decodes `size` bytes; content decides, `name` is a hint and becomes the path.
 *  SMSC_EFORMAT when no format knows the bytes. */
SMSC_API smsc_record *smsc_decode(const char *name, const void *data, size_t size,
                                  const smsc_options *options, smsc_error **err);
/** Decodes one key of a registry hive: itself, its values and its direct subkeys.  `path`
 *  is "ControlSet001\Control\Lsa" below the root key, in whatever case, names escaped as
 *  records show them; "" is the root key.  SMSC_EFORMAT when the bytes are no hive, SMSC_EARG
 *  when it has no such key. */
SMSC_API smsc_record *smsc_decode_path(const char *name, const void *data, size_t size,
                                       const char *path, const smsc_options *options,
                                       smsc_error **err);
/** Takes one piece of output; return non-zero to stop with SMSC_ECANCELLED. */
typedef int smsc_sink_fn(void *user, const void *data, size_t size);
/** Lays the log of a dirty hive over it, in memory, as Windows does at its next start; `data`
 *  stays as it is, the recovered hive goes to `sink` (may be NULL).  The record tells each run
 *  of pages: its byte, its bytes, and how many of them changed.  Logs of Windows NT 4 to 7
 *  ("DIRT"); SMSC_EFORMAT with the reason for newer ones and when the log is of another hive. */
SMSC_API smsc_record *smsc_replay(const char *name, const void *data, size_t size,
                                  const void *log, size_t log_size,
                                  smsc_sink_fn *sink, void *user, smsc_error **err);
/** Name ("capi-container") and one line about the i-th format; NULL past the end. */
SMSC_API const char  *smsc_format_at(size_t i);
SMSC_API const char  *smsc_format_title(const char *name);
SMSC_API smsc_record *smsc_record_ref(const smsc_record *r);
SMSC_API void         smsc_record_unref(const smsc_record *r);

typedef enum smsc_type {
	SMSC_NONE, SMSC_INT, SMSC_TIME, SMSC_TEXT, SMSC_BYTES, SMSC_RECORD
} smsc_type;

/** One field.  `at` and `bytes` say which bytes of the stream it was read from, so that
 *  a claim can be checked in a hex editor; a derived field has `bytes` 0. */
typedef struct smsc_field {
	const char *name;     /**< "cipher"                                            */
	const char *meaning;  /**< what such a field is                                */
	const char *note;     /**< what this value says: "3DES"; or NULL               */
	uint64_t    at;       /**< byte offset in the stream                           */
	uint64_t    bytes;    /**< how many bytes                                      */
	smsc_type   type;     /**< which member of `as` holds the value                */
	union {
		int64_t            number;  /**< SMSC_INT                              */
		smsc_time          time;    /**< SMSC_TIME                             */
		const char        *text;    /**< SMSC_TEXT                             */
		smsc_span          span;    /**< SMSC_BYTES                            */
		const smsc_record *record;  /**< SMSC_RECORD: fields of its own        */
	} as;
} smsc_field;

SMSC_API const char         *smsc_record_format(const smsc_record *r);
SMSC_API const char         *smsc_record_path(const smsc_record *r);
SMSC_API size_t              smsc_record_count(const smsc_record *r);
/** Fields in the order of the stream; NULL past the end. */
SMSC_API const smsc_field   *smsc_record_at(const smsc_record *r, size_t i);
/** The first field of that name, or NULL; "exchange.private.cipher" goes down. */
SMSC_API const smsc_field   *smsc_record_get(const smsc_record *r, const char *name);
SMSC_API size_t              smsc_record_finding_count(const smsc_record *r);
SMSC_API const smsc_finding *smsc_record_finding_at(const smsc_record *r, size_t i);

/* ---- logs: streams of rows --------------------------------------------------- */

#define SMSC_NO_BIAS INT32_MIN

/** One row of a log.  Spans are UTF-8 text and valid until the next call. */
typedef struct smsc_row {
	size_t    size;       /**< bytes of this struct: SMSC_ROW_INIT                    */
	smsc_time time;       /**< UTC; SMSC_NEVER when the bias is not known             */
	smsc_time local;      /**< the civil time that is written in the log, as ticks    */
	int32_t   bias;       /**< minutes: UTC = local + bias; SMSC_NO_BIAS unknown      */
	int32_t   severity;   /**< 0 none, 1 information, 2 warning, 3 error              */
	uint32_t  thread;     /**< 0 unknown                                              */
	uint32_t  source_line;/**< line in `file`, the writer's source file; 0 unknown    */
	uint64_t  offset;     /**< where the record starts, bytes in the (unpacked) stream*/
	uint64_t  length;     /**< bytes                                                  */
	uint64_t  line;       /**< line of the log it starts on, from 1                   */
	smsc_span text;       /**< the message                                            */
	smsc_span component;
	smsc_span context;
	smsc_span file;       /**< source file of the writer, without the line            */
	const char *form;     /**< "ccm", "sms-a", "sms-b", "sms-c", "sms" (cut short), "viewer",
	                           "setup", "msi", "update", "iis", "evt",
	                           "evt-old" (an event that is no longer part of its log: left
	                           behind when that was cleared or went round) */
	/* Of an event log, else empty.  Its `text` is made of source, id, strings and data, for the
	 * words of an event are not in the log; its times are UTC, so it has no `local`. */
	uint32_t  event_id;   /**< the number that people see                             */
	uint32_t  event_code; /**< as stored: severity and facility above the number      */
	uint32_t  event_type; /**< 1 error, 2 warning, 4 information, 8 and 16 audits     */
	uint32_t  category;
	uint64_t  number;     /**< of the event in its log, from 1                        */
	smsc_time written;    /**< when the service wrote it; `time` is when it happened  */
	smsc_span computer;
	smsc_span sid;        /**< "S-1-5-18"                                             */
	smsc_span strings;    /**< each with a NUL behind it                              */
	smsc_span data;       /**< bytes                                                  */
} smsc_row;

#define SMSC_ROW_INIT { sizeof(smsc_row), 0, 0, SMSC_NO_BIAS, 0, 0, 0, 0, 0, 0, \
                        {NULL, 0}, {NULL, 0}, {NULL, 0}, {NULL, 0}, NULL, \
                        0, 0, 0, 0, 0, 0, {NULL, 0}, {NULL, 0}, {NULL, 0}, {NULL, 0} }

/** Opens a log file (also packed: .gz).  SMSC_EFORMAT when it is none. */
SMSC_API smsc_log   *smsc_log_open(const char *path, const smsc_options *options, smsc_error **err);
/** Reads a log out of a source; the entry is read from its start. */
SMSC_API smsc_log   *smsc_log_open_entry(smsc_entry *e, const smsc_options *options, smsc_error **err);
/** Reads a log from a descriptor, such as a pipe, that the caller keeps open; `name` stands
 *  in rows and findings. */
SMSC_API smsc_log   *smsc_log_open_fd(int fd, const char *name, const smsc_options *options, smsc_error **err);
/** "ccm-log", "sms-log", "trace-text", "setup-log", "update-log", "iis-log", "evt". */
SMSC_API const char *smsc_log_format(const smsc_log *l);
SMSC_API const char *smsc_log_path(const smsc_log *l);
/** Fills `row`: 1, or 0 at the end and on failure.  Allocates nothing for a row. */
SMSC_API int         smsc_log_next(smsc_log *l, smsc_row *row, smsc_error **err);
/** Kind of the event that this row tells about keys ("key-created"), or NULL: as in a case. */
SMSC_API const char *smsc_log_row_kind(const smsc_row *row);
/** Id of what the knowledge base says about it ("L017"), "L000" for an unknown line that names an
 *  error of CryptoAPI; NULL when the row is not about keys. */
SMSC_API const char *smsc_log_row_knowledge(const smsc_row *row);
/** Runs of bytes so far that were no record: torn heads and tails, junk, NULs. */
SMSC_API size_t              smsc_log_finding_count(const smsc_log *l);
/** The first 1000 of them, each with its byte offset. */
SMSC_API const smsc_finding *smsc_log_finding_at(const smsc_log *l, size_t i);
SMSC_API smsc_log   *smsc_log_ref(const smsc_log *l);
SMSC_API void        smsc_log_unref(const smsc_log *l);

/** Name of a Windows code found in a text ("NTE_NO_KEY" for 0x8009000d), or NULL. */
SMSC_API const char *smsc_code_name(uint32_t code);
/** What that code means for keys, in one line, or NULL. */
SMSC_API const char *smsc_code_meaning(uint32_t code);
/** The code of "NTE_NO_KEY", "0x8009000d", "8009000d", "2148073485" or "-2146893811"; 0 for none. */
SMSC_API uint32_t    smsc_code_parse(const char *text);
/** 1 when the text of the row has this code in any of these spellings, else 0. */
SMSC_API int         smsc_code_in_row(const smsc_row *row, uint32_t code);

/* ---- a case: sources in, answers out ------------------------------------------ */

SMSC_API smsc_case *smsc_case_new(const smsc_options *options, smsc_error **err);
/** Opens `path` and adds it as one snapshot; `label` names it in reports (NULL: the
 *  last part of the path).  0, or -1 on failure. */
SMSC_API int        smsc_case_add(smsc_case *c, const char *path, const char *label, smsc_error **err);
/** Adds an open source; the case keeps its own reference.  A medium on which a backup that was
 *  added goes on is joined to that: see smsc_source_join(). */
SMSC_API int        smsc_case_add_source(smsc_case *c, smsc_source *s, const char *label, smsc_error **err);
/** Adds a secret, in the words of the command's --secret:
 *    "dpapi-system=HEX"          40 bytes, machine half and user half; or one half, 20 bytes
 *    "master-key=GUID:HEX"       a DPAPI master key (64 bytes) or its SHA-1 (20 bytes)
 *    "password=SID:TEXT"         of the user whose master keys it opens
 *    "domain-backup-key=HEX"     the private key of a domain, as a PVK file
 *  The machine's own secrets need not be given: where SYSTEM and SECURITY are in the
 *  evidence, they are opened from there.  Kept in locked memory, wiped when the analysis
 *  ends; never in a report.  0, or -1 (SMSC_EARG: it is none of these). */
SMSC_API int        smsc_case_unlock(smsc_case *c, const char *secret, smsc_error **err);
/** Called now and then with bytes read; `total` is 0 when not known.  Return non-zero
 *  to stop with SMSC_ECANCELLED. */
typedef int smsc_progress_fn(void *user, const char *stage, uint64_t done, uint64_t total);
/** Reads, decodes and correlates all that was added; then the case is final.
 *  0, or -1 on failure. */
SMSC_API int        smsc_case_analyze(smsc_case *c, smsc_progress_fn *progress, void *user,
                                      smsc_error **err);
SMSC_API smsc_case *smsc_case_ref(const smsc_case *c);
SMSC_API void       smsc_case_unref(const smsc_case *c);

/* Every sequence of a case is a count and an at; at past the end is NULL. */
SMSC_API size_t                 smsc_case_source_count(const smsc_case *c);
SMSC_API const smsc_source     *smsc_case_source_at(const smsc_case *c, size_t i);
/** Records of the streams that concern keys, in order of source and path. */
SMSC_API size_t                 smsc_case_record_count(const smsc_case *c);
SMSC_API const smsc_record     *smsc_case_record_at(const smsc_case *c, size_t i);
/** Containers in order of their name, generations in order of time. */
SMSC_API size_t                 smsc_case_generation_count(const smsc_case *c);
SMSC_API const smsc_generation *smsc_case_generation_at(const smsc_case *c, size_t i);
/** Certificates of all stores and loose files, each once; those of the stores SMS and MY come
 *  first, then in order of store and date. */
SMSC_API size_t                  smsc_case_certificate_count(const smsc_case *c);
SMSC_API const smsc_certificate *smsc_case_certificate_at(const smsc_case *c, size_t i);
/** The timeline, in a total order that is the same on every run and machine. */
SMSC_API size_t                 smsc_case_event_count(const smsc_case *c);
SMSC_API const smsc_event      *smsc_case_event_at(const smsc_case *c, size_t i);
/** Worst first. */
SMSC_API size_t                 smsc_case_finding_count(const smsc_case *c);
SMSC_API const smsc_finding    *smsc_case_finding_at(const smsc_case *c, size_t i);
/** The recovery plan, in the order in which to do it; empty when no keys have to be brought back. */
SMSC_API size_t                 smsc_case_step_count(const smsc_case *c);
SMSC_API const smsc_step       *smsc_case_step_at(const smsc_case *c, size_t i);
/** The generation of `container` (name, or 32 hex digits of its file name) that was in
 *  use at `when`, or NULL when the evidence has none. */
SMSC_API const smsc_generation *smsc_case_key_when(const smsc_case *c, const char *container,
                                                   smsc_time when);

/** Which generations are named by `data`: a saved .sms_aut page, SMSCFG.INI, mobileclient.tcf,
 *  an encrypted message (CMS, or a CCM message around it), an export of ClientKeyData, a
 *  certificate (DER, PEM, hexadecimal), a PUBLICKEYBLOB (bytes or hexadecimal), a thumbprint (40
 *  hexadecimal digits) or the SHA-256 of a public key (64), a text with any of these, or a key
 *  container.  `name` is a hint, and is what the matches are called by.  Only after the analysis.
 *  SMSC_EFORMAT when nothing in it names a public key. */
SMSC_API smsc_matches     *smsc_case_match(const smsc_case *c, const char *name, const void *data,
                                           size_t size, smsc_error **err);
/** One match for each public key that is named, in the order of the bytes. */
SMSC_API size_t            smsc_matches_count(const smsc_matches *m);
SMSC_API const smsc_match *smsc_matches_at(const smsc_matches *m, size_t i);
SMSC_API smsc_matches     *smsc_matches_ref(const smsc_matches *m);
SMSC_API void              smsc_matches_unref(const smsc_matches *m);

SMSC_API const char *smsc_match_evidence(const smsc_match *m); /**< its name, as it was given */
SMSC_API uint64_t    smsc_match_offset(const smsc_match *m);   /**< byte in it            */
/** What the key is for: "trusted-root-key", "mp-certificate", "mp-encryption-certificate",
 *  "site-signing-certificate", "message-recipient", "client-certificate", "site-public-key",
 *  "certificate" or "public-key". */
SMSC_API const char *smsc_match_role(const smsc_match *m);
SMSC_API const char *smsc_match_holder(const smsc_match *m);   /**< client or server that says so, or NULL */
SMSC_API smsc_span   smsc_match_spki_sha256(const smsc_match *m); /**< empty: not known   */
/** The generation that holds the key; NULL when none of the evidence does. */
SMSC_API const smsc_generation *smsc_match_generation(const smsc_match *m);
SMSC_API const char *smsc_match_key(const smsc_match *m);      /**< "signature", "exchange" or "" */
/** "none", "public-match" (its private half is not in the file), or smsc_key_proof() of the key. */
SMSC_API const char *smsc_match_proof(const smsc_match *m);
/** The generation whose signature the value bears: proof that this site published it; or NULL. */
SMSC_API const smsc_generation *smsc_match_signer(const smsc_match *m);
/** How it was found, or the nearest explanation why not. */
SMSC_API const char *smsc_match_text(const smsc_match *m);
/** Decrypts the message that names the key, when the key is "private-verified", and gives the
 *  content to `sink`, unpacked if it is a zlib stream.  0, or -1: SMSC_EARG without
 *  SMSC_ALLOW_EXPORT in the options of the case or when it is no message, else SMSC_ECRYPTO. */
SMSC_API int         smsc_match_decrypt(const smsc_match *m, smsc_sink_fn *sink, void *user,
                                        smsc_error **err);
SMSC_API smsc_match *smsc_match_ref(const smsc_match *m);
SMSC_API void        smsc_match_unref(const smsc_match *m);

/* ---- what a case holds ----------------------------------------------------------- */

/** Name of the container as its file says it; else the known name of the hash; else the hash. */
SMSC_API const char      *smsc_generation_container(const smsc_generation *g);
SMSC_API const char      *smsc_generation_product(const smsc_generation *g);   /**< "SMS 2003 site server", or NULL */
SMSC_API const char      *smsc_generation_file_hash(const smsc_generation *g); /**< 32 hex digits */
/** The MachineGuid in the file name, lower case; "" when the name has none. */
SMSC_API const char      *smsc_generation_machine_guid(const smsc_generation *g);
SMSC_API unsigned         smsc_generation_number(const smsc_generation *g);    /**< 1... in its container */
/** "complete", "incomplete" (a pair that another generation has is missing, or half of a
 *  pair), "empty" or "damaged". */
SMSC_API const char      *smsc_generation_state(const smsc_generation *g);
SMSC_API int64_t          smsc_generation_size(const smsc_generation *g);      /**< bytes of the file */
SMSC_API smsc_time        smsc_generation_created(const smsc_generation *g);   /**< earliest known */
SMSC_API smsc_time        smsc_generation_modified(const smsc_generation *g);  /**< earliest known */
/** The oldest and newest snapshot it was seen in; SMSC_NEVER when those have no time. */
SMSC_API smsc_time        smsc_generation_first_seen(const smsc_generation *g);
SMSC_API smsc_time        smsc_generation_last_seen(const smsc_generation *g);
SMSC_API int64_t          smsc_generation_slack(const smsc_generation *g);     /**< ticks, of these times */
SMSC_API const char      *smsc_generation_clock(const smsc_generation *g);
/** The key pairs AT_SIGNATURE and AT_KEYEXCHANGE; NULL when the file has none. */
SMSC_API const smsc_key  *smsc_generation_signature(const smsc_generation *g);
SMSC_API const smsc_key  *smsc_generation_exchange(const smsc_generation *g);
/** Every file that holds this generation: its source and its path there. */
SMSC_API size_t             smsc_generation_file_count(const smsc_generation *g);
SMSC_API const smsc_source *smsc_generation_file_source(const smsc_generation *g, size_t i);
SMSC_API const char        *smsc_generation_file_path(const smsc_generation *g, size_t i);
/** How it differs from the generation before it, in words and bytes; "" for the first. */
SMSC_API const char      *smsc_generation_change(const smsc_generation *g);
/** Certificates that have one of its public keys. */
SMSC_API size_t                  smsc_generation_certificate_count(const smsc_generation *g);
SMSC_API const smsc_certificate *smsc_generation_certificate_at(const smsc_generation *g, size_t i);
/** Gives the private key out, whole, to `sink`.  `key` is "signature" or "exchange"; `format`
 *  is "pem" (PKCS #8), "pvk", "blob" (PRIVATEKEYBLOB) or "pfx".  The first two are encrypted
 *  with `passphrase` (UTF-8), which must be there: "" says that the key shall leave in the
 *  clear, as a blob always does.  A PFX needs a certificate of the key in the evidence (of
 *  several the newest is taken) and a passphrase; it is encrypted as Windows 2000 reads it, with triple
 *  DES.  0, or -1: SMSC_EARG without SMSC_ALLOW_EXPORT in the options of the case, and for a
 *  PFX without a certificate; SMSC_ECRYPTO with smsc_key_reason() when the key is not
 *  "private-verified". */
SMSC_API int smsc_generation_export(const smsc_generation *g, const char *key, const char *format,
                                    const char *passphrase, smsc_sink_fn *sink, void *user,
                                    smsc_error **err);
SMSC_API smsc_generation *smsc_generation_ref(const smsc_generation *g);
SMSC_API void             smsc_generation_unref(const smsc_generation *g);

SMSC_API const char *smsc_key_algorithm(const smsc_key *k);   /**< "RSA", "DSS"            */
SMSC_API unsigned    smsc_key_bits(const smsc_key *k);
SMSC_API smsc_span   smsc_key_spki_sha256(const smsc_key *k); /**< of SubjectPublicKeyInfo */
SMSC_API smsc_span   smsc_key_spki_sha1(const smsc_key *k);
SMSC_API smsc_span   smsc_key_public_blob(const smsc_key *k); /**< PUBLICKEYBLOB           */
/** How far the proof goes: "public-only" (no private half in the file), "locked" (there,
 *  but not opened), "private-damaged" (torn, or its numbers contradict each other),
 *  "private-mismatch" (whole, but of another public key), "private-verified" (decrypted,
 *  sound, and it fits the public key). */
SMSC_API const char *smsc_key_proof(const smsc_key *k);
SMSC_API const char *smsc_key_reason(const smsc_key *k);      /**< why that is so, in words */
SMSC_API int         smsc_key_exportable(const smsc_key *k);  /**< 1, 0, or -1 unknown     */
SMSC_API int64_t     smsc_key_size(const smsc_key *k);        /**< bytes of the pair in the file */
SMSC_API const char *smsc_key_master_key(const smsc_key *k);  /**< GUID that opens it, or "" */
SMSC_API smsc_key   *smsc_key_ref(const smsc_key *k);
SMSC_API void        smsc_key_unref(const smsc_key *k);

/** The certificate itself, in DER. */
SMSC_API smsc_span   smsc_certificate_der(const smsc_certificate *x);
SMSC_API smsc_span   smsc_certificate_sha1(const smsc_certificate *x);    /**< its thumbprint */
/** "CN=SMS, CN=SERVER": the last part first, as Windows shows names; "" when not readable. */
SMSC_API const char *smsc_certificate_subject(const smsc_certificate *x);
SMSC_API const char *smsc_certificate_issuer(const smsc_certificate *x);
SMSC_API const char *smsc_certificate_serial(const smsc_certificate *x);  /**< lower-case hex */
/** OIDs of the extended key usage, ", " between them; "" when there are none. */
SMSC_API const char *smsc_certificate_usages(const smsc_certificate *x);
SMSC_API smsc_time   smsc_certificate_not_before(const smsc_certificate *x);
/** SMSC_NEVER also for a time that does not lie from 1601 to 9999. */
SMSC_API smsc_time   smsc_certificate_not_after(const smsc_certificate *x);
SMSC_API const char *smsc_certificate_algorithm(const smsc_certificate *x); /**< "RSA"; "" not known */
SMSC_API unsigned    smsc_certificate_bits(const smsc_certificate *x);
SMSC_API smsc_span   smsc_certificate_spki_sha256(const smsc_certificate *x);
/** The store ("SMS", "MY", "Root") of the place that says most: SMS and MY of the machine come
 *  first; "" of a loose file.  The next two are as that place has them. */
SMSC_API const char *smsc_certificate_store(const smsc_certificate *x);
SMSC_API const char *smsc_certificate_friendly(const smsc_certificate *x); /**< name for people, or "" */
/** The key container that its property names, by name or by file; "" without that property. */
SMSC_API const char *smsc_certificate_container(const smsc_certificate *x);
/** The generation that holds its key, found by the public key alone: of the container that
 *  is named, else any; NULL when none of the evidence does. */
SMSC_API const smsc_generation *smsc_certificate_generation(const smsc_certificate *x);
SMSC_API const char *smsc_certificate_key(const smsc_certificate *x); /**< "signature", "exchange" or "" */
/** Every place that has it: source, path there, store, and the byte of the path. */
SMSC_API size_t             smsc_certificate_place_count(const smsc_certificate *x);
SMSC_API const smsc_source *smsc_certificate_place_source(const smsc_certificate *x, size_t i);
SMSC_API const char        *smsc_certificate_place_path(const smsc_certificate *x, size_t i);
SMSC_API const char        *smsc_certificate_place_store(const smsc_certificate *x, size_t i);
SMSC_API uint64_t           smsc_certificate_place_offset(const smsc_certificate *x, size_t i);
SMSC_API smsc_certificate  *smsc_certificate_ref(const smsc_certificate *x);
SMSC_API void               smsc_certificate_unref(const smsc_certificate *x);

SMSC_API smsc_time   smsc_event_time(const smsc_event *e);    /**< UTC; SMSC_NEVER unknown  */
SMSC_API smsc_time   smsc_event_local(const smsc_event *e);   /**< as written; SMSC_NEVER if UTC */
SMSC_API int32_t     smsc_event_bias(const smsc_event *e);    /**< minutes, or SMSC_NO_BIAS */
SMSC_API int64_t     smsc_event_slack(const smsc_event *e);   /**< ticks, + and -           */
/** Whose clock: "registry" (last write of a key, or a time in a value), "file-system",
 *  "archive", "archive-local", "backup-set" (as smsc_entry_clock()), "archive-registry" (local time of an archive, made UTC with
 *  the zone in the snapshot's SYSTEM hive), "content" (a time within a file), "log", "log-local" (bias not
 *  known), "log-neighbour" (bias taken from other rows of the same snapshot and local day),
 *  "log-computer" (from rows of that day in other snapshots of the same computer, by its name),
 *  "log-registry" (bias taken from the time zone in the snapshot's SYSTEM hive). */
SMSC_API const char *smsc_event_clock(const smsc_event *e);
SMSC_API const char *smsc_event_kind(const smsc_event *e);    /**< "key-created", ...       */
SMSC_API int         smsc_event_severity(const smsc_event *e);/**< 0 note ... 3 error       */
SMSC_API const char *smsc_event_text(const smsc_event *e);
SMSC_API const char *smsc_event_meaning(const smsc_event *e); /**< what it tells, or ""     */
SMSC_API const smsc_source     *smsc_event_source(const smsc_event *e);
/** The snapshots that have it, that of smsc_event_source() first: a row of a log lies in every
 *  backup taken after it was written, and is one event. */
SMSC_API size_t                 smsc_event_source_count(const smsc_event *e);
SMSC_API const smsc_source     *smsc_event_source_at(const smsc_event *e, size_t i);
SMSC_API const char            *smsc_event_path(const smsc_event *e);
SMSC_API uint64_t               smsc_event_offset(const smsc_event *e); /**< byte in path   */
SMSC_API const smsc_generation *smsc_event_generation(const smsc_event *e); /**< or NULL    */
SMSC_API smsc_event *smsc_event_ref(const smsc_event *e);
SMSC_API void        smsc_event_unref(const smsc_event *e);

SMSC_API const char *smsc_finding_rule(const smsc_finding *f);     /**< "K003"; see smsc_rule_at() */
/** 0 note, 1 information, 2 warning, 3 error: that of its rule, or less where later evidence
 *  shows that the harm was undone. */
SMSC_API int         smsc_finding_severity(const smsc_finding *f);
SMSC_API const char *smsc_finding_title(const smsc_finding *f);
SMSC_API const char *smsc_finding_text(const smsc_finding *f);
SMSC_API const char *smsc_finding_advice(const smsc_finding *f);   /**< what to do, or ""      */
SMSC_API const char *smsc_finding_refutation(const smsc_finding *f); /**< what would refute it */
SMSC_API const char *smsc_finding_path(const smsc_finding *f);     /**< evidence, or ""        */
SMSC_API uint64_t    smsc_finding_offset(const smsc_finding *f);   /**< byte in path           */
SMSC_API const char *smsc_finding_confidence(const smsc_finding *f);/**< "proved", "likely", "possible" */
SMSC_API const smsc_generation *smsc_finding_generation(const smsc_finding *f); /**< or NULL   */
SMSC_API smsc_finding *smsc_finding_ref(const smsc_finding *f);
SMSC_API void          smsc_finding_unref(const smsc_finding *f);

SMSC_API unsigned    smsc_step_number(const smsc_step *s);         /**< from 1 */
/** "warn" (what the plan cannot prove), "confirm" (a fact it had to infer), "backup", "stop"
 *  (services), "set-aside" (the file that has the name now), "copy" (a file under its new name),
 *  "or-set" (the old MachineGuid, instead of the copies), "start", "reinstall" (the management
 *  point), "value" (what clients must hold, computed), "clients", "search" (for what no file of
 *  the evidence holds), "verify", "skip" (what is not needed). */
SMSC_API const char *smsc_step_action(const smsc_step *s);
SMSC_API const char *smsc_step_what(const smsc_step *s);   /**< what to act on: "label/path" of a file */
SMSC_API const char *smsc_step_to(const smsc_step *s);     /**< the name or value it gets, or "" */
SMSC_API const char *smsc_step_reason(const smsc_step *s);
SMSC_API const char *smsc_step_check(const smsc_step *s);  /**< how to see that it worked, or "" */
/** How far the proof goes of the keys in `what`, as smsc_key_proof(): "private-verified" or
 *  "locked"; "" where no key is. */
SMSC_API const char *smsc_step_proof(const smsc_step *s);
SMSC_API const smsc_source     *smsc_step_source(const smsc_step *s);     /**< that holds `what`, or NULL */
SMSC_API const smsc_generation *smsc_step_generation(const smsc_step *s); /**< or NULL */
SMSC_API smsc_step  *smsc_step_ref(const smsc_step *s);
SMSC_API void        smsc_step_unref(const smsc_step *s);

/** Id of the i-th rule ("K001"); NULL past the end.  Ids are never used again. */
SMSC_API const char *smsc_rule_at(size_t i);
SMSC_API const char *smsc_rule_title(const char *rule);
/** What to do, what would refute it: each NULL for no rule.  Severity 0..3, or -1. */
SMSC_API const char *smsc_rule_advice(const char *rule);
SMSC_API const char *smsc_rule_refutation(const char *rule);
SMSC_API int         smsc_rule_severity(const char *rule);

/** Id of the i-th line that the knowledge base of logs knows ("L001", of an event "V001"); NULL
 *  past the end.  Ids are never used again.  The others are NULL (severity: -1) for no such id. */
SMSC_API const char *smsc_knowledge_at(size_t i);
/** The fixed parts of the line, "{}" where it varies; of an event source and number come first. */
SMSC_API const char *smsc_knowledge_text(const char *id);
/** Who says it: a component, the source of an event; "" when many do. */
SMSC_API const char *smsc_knowledge_component(const char *id);
SMSC_API const char *smsc_knowledge_kind(const char *id);     /**< of its event: "key-created" */
SMSC_API int         smsc_knowledge_severity(const char *id); /**< of its event: 0 routine ... 3 error */
SMSC_API const char *smsc_knowledge_meaning(const char *id);  /**< what it tells, one sentence */
/** The container whose key it concerns, by name ("SMS"); "" when that is open. */
SMSC_API const char *smsc_knowledge_container(const char *id);

/* ---- reports ------------------------------------------------------------------------- */

#define SMSC_COLOR   1u  /**< "text" with ANSI colours */
#define SMSC_ROUTINE 2u  /**< "text" and "html" timelines with log events of severity 0 as well: the
                              signs of normal operation, else only counted at the end */
#define SMSC_DETAILS 4u  /**< entries with their streams; as "text" with all times and access rights, too */

/** `format` is "text", "jsonl", "csv", "bodyfile", "timesketch", "l2tcsv", "html" or "svg";
 *  bodyfile, timesketch and l2tcsv can only tell a timeline, "html" (one page without script,
 *  that asks for nothing from elsewhere) what a case holds, "svg" (a picture) a case as a whole. */
SMSC_API smsc_report *smsc_report_new(const char *format, unsigned flags, smsc_sink_fn *sink,
                                      void *user, smsc_error **err);
/** Events from `since` up to, not including, `until` (SMSC_NEVER: no bound). */
SMSC_API int  smsc_report_timeline(smsc_report *r, const smsc_case *c, smsc_time since,
                                   smsc_time until, smsc_error **err);
SMSC_API int  smsc_report_sources(smsc_report *r, const smsc_case *c, smsc_error **err);
SMSC_API int  smsc_report_generations(smsc_report *r, const smsc_case *c, smsc_error **err);
SMSC_API int  smsc_report_certificates(smsc_report *r, const smsc_case *c, smsc_error **err);
SMSC_API int  smsc_report_findings(smsc_report *r, const smsc_case *c, smsc_error **err);
/** All of a case, as one reads it: findings, plan, generations, certificates, timeline, sources.
 *  A page begins with the picture that "svg" is: a lane for each container, a bar for each of
 *  its generations.  SMSC_EARG for formats that can only tell a timeline. */
SMSC_API int  smsc_report_case(smsc_report *r, const smsc_case *c, smsc_error **err);
SMSC_API int  smsc_report_plan(smsc_report *r, const smsc_case *c, smsc_error **err);
SMSC_API int  smsc_report_finding(smsc_report *r, const smsc_finding *f, smsc_error **err);
SMSC_API int  smsc_report_match(smsc_report *r, const smsc_match *m, smsc_error **err);
SMSC_API int  smsc_report_record(smsc_report *r, const smsc_record *record, smsc_error **err);
/** `hash` reads the entry and adds its SHA-256. */
SMSC_API int  smsc_report_entry(smsc_report *r, smsc_entry *e, int hash, smsc_error **err);
SMSC_API int  smsc_report_row(smsc_report *r, const smsc_log *l, const smsc_row *row, smsc_error **err);
/** Writes what is still held back (a table is aligned over all its rows). */
SMSC_API int  smsc_report_end(smsc_report *r, smsc_error **err);
SMSC_API void smsc_report_free(smsc_report *r);

/** Writes `when` as "2005-01-07T22:59:38.0000000Z" into `out` (29 bytes with NUL);
 *  "" for SMSC_NEVER and what lies past year 9999. */
SMSC_API void      smsc_time_format(smsc_time when, char out[29]);
/** Reads such a text, also shorter ("2005-01-07", "2005-01-07T22:59Z"); SMSC_NEVER if it
 *  is none.  No zone means UTC. */
SMSC_API smsc_time smsc_time_parse(const char *text);

#ifdef __cplusplus
}
#endif
#endif
