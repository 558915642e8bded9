/* case.h - a case from inside: what the walk gathers and what is made of it. */
#ifndef SMSC_ANALYSIS_CASE_H
#define SMSC_ANALYSIS_CASE_H

#include "../base/arena.h"
#include "../base/finding.h"
#include "../base/options.h"
#include "../crypto/spki.h"
#include "../smscrypto.h"

/* One source, and when it was taken: never before the newest time that its entries show. */
typedef struct smsc_snapshot {
	smsc_source *source;
	const char  *label;
	size_t       order;
	smsc_time    time;
	int64_t      slack;
	const char  *clock;
	smsc_time    rank;             /* by which snapshots are put in order: of its hives, else `time` */
	const struct smsc_host *host;  /* whose it is; NULL when it shows neither keys nor hives */
	const struct smsc_system   *system;   /* the hive in use, else its newest copy, or NULL */
	const struct smsc_software *software;
} smsc_snapshot;

struct smsc_key {
	smsc_arena *arena;
	const char *algorithm;
	unsigned    bits;
	bool        named;             /* `print` is known */
	bool        refused;           /* CryptoAPI does not accept the public half as it stands */
	smsc_fingerprint print;
	smsc_span   public_blob;
	const char *proof;
	const char *reason;            /* why `proof` is what it is */
	int         exportable;        /* 1, 0, -1 not known */
	const char *master_key;
	uint64_t    at;                /* where its sizes stand in the file */
	int64_t     public_size, private_size, flag_size;
	struct smsc_secret *plain;     /* the private key, only where its export was allowed */
	smsc_span   public_part;       /* of the pair in the file; with `plain` */
};

/* When a file says it was made and written, and who says so. */
typedef struct smsc_stamp {
	smsc_time   created, modified;
	int64_t     slack;
	const char *clock;
} smsc_stamp;

/* One key-container file of the evidence. */
typedef struct smsc_key_file {
	const smsc_snapshot *snapshot;
	const smsc_record   *record;
	const char *path;
	const char *owner;             /* whose store: a SID, "DSS", or "" for the machine's RSA */
	const char *name;              /* as the file says it, or NULL */
	const char *hash;              /* 32 hex digits */
	const char *guid;              /* "" when its name has none */
	bool        in_store;          /* where CryptoAPI looks, not a copy that somebody put elsewhere */
	smsc_stamp  stamp;
	int64_t     size;
	uint8_t     content[SMSC_SHA256_SIZE];
	smsc_span   bytes;             /* the file: signatures cover its bytes, not its fields */
	bool        damaged;
	smsc_key   *keys[2];           /* SMSC_SIGNATURE, SMSC_EXCHANGE; NULL: none */
	smsc_generation *generation;
} smsc_key_file;

enum { SMSC_SIGNATURE, SMSC_EXCHANGE };

/* A DPAPI master-key file, or the Preferred file that names one. */
typedef struct smsc_master_file {
	const smsc_snapshot *snapshot;
	const char *path;
	const char *guid;
	smsc_stamp  stamp;
	smsc_time   renew;             /* of a Preferred file; else SMSC_NEVER */
	uint64_t    at;                /* of what is told */
} smsc_master_file;

struct smsc_generation {
	smsc_arena *arena;
	const char *container, *product;
	const char *hash, *guid, *owner;
	unsigned    number;
	const char *state, *change;
	int64_t     size;
	smsc_stamp  stamp;             /* earliest known */
	smsc_time   first_seen, last_seen;
	/* It was put in its place at `appeared`; when that is later than its file times, then
	 * only because `absent` is a snapshot of this container that does not have it yet. */
	smsc_time   appeared;
	const smsc_snapshot *absent;
	size_t      first_order;       /* the first snapshot that has it */
	smsc_key   *keys[2];
	smsc_key_file **files;
	size_t      file_count, file_room;
	const struct smsc_host **hosts; /* the machines that have it */
	size_t      host_count;
	bool        newest;            /* of its container, on one of them */
	/* On these machines, or NULL: the one before it; the last under another MachineGuid before
	 * it; the nearest other one that has each pair. */
	const smsc_generation *before, *moved, *having[2];
	const smsc_generation *twin;   /* the lowest number with the same keys, or NULL */
	bool        may_export;
	/* Certificates with the public key of each pair; places of one array of the case. */
	smsc_certificate **certificates[2];
	size_t      certificate_count[2];
	size_t      believers;         /* pieces of evidence by which others rely on these keys */
	size_t      letters;           /* of these, messages that are encrypted to them */
	const struct smsc_trust *believer; /* the first of them; both of the first generation with them */
	const struct smsc_standing *standing; /* of its container on its machine, or NULL */
};

/* What the bytes of one entry of a store say: a certificate and its properties there. */
typedef struct smsc_certificate_form {
	uint8_t     content[SMSC_SHA256_SIZE];
	struct smsc_certificate_form *next;     /* with the same beginning of `content` */
	struct smsc_certificate *certificate;   /* NULL: none that can be read */
	uint64_t    der_at;            /* in these bytes */
	const char *friendly;          /* "" */
	const char *container, *provider; /* of the property that says where the key is; "" */
	int64_t     provider_type;     /* 0: CNG */
	int         key_spec;          /* 1 exchange, 2 signature, 0 not known */
	bool        has_key_property, archived;
	smsc_time   date_stamp;
} smsc_certificate_form;

/* One place of the evidence that has a certificate. */
typedef struct smsc_certificate_place {
	const smsc_snapshot *snapshot;
	const char *path;
	uint64_t    at;                /* byte of its DER in `path`; of its PEM */
	const char *store;             /* "SMS", "MY"; "" of a loose file */
	bool        machine;           /* the store is the machine's, in the registry */
	const smsc_certificate_form *form;
} smsc_certificate_place;

/* One key of one generation. */
typedef struct smsc_key_holder {
	smsc_generation *generation;
	int which;
} smsc_key_holder;

/* As many copies of one key as hostile evidence may have are not looked through for each
 * certificate. */
#define SMSC_HOLDERS 256

struct smsc_certificate {
	smsc_arena *arena;
	/* What the certificate itself says; its order in the case. */
	smsc_span   der;
	uint8_t     sha1[SMSC_SHA1_SIZE];
	const char *subject, *issuer, *serial, *usages, *algorithm;
	unsigned    bits;
	smsc_span   subject_der, issuer_der, serial_bytes;
	smsc_span   key_id;            /* extension subject key identifier, or empty */
	smsc_time   not_before, not_after;
	smsc_fingerprint print;
	bool        named;             /* `print` is known */
	int         self_signed;
	/* As one place says it: of the stores SMS and MY of the machine where it is in one. */
	const smsc_snapshot *snapshot;
	const char *path;
	uint64_t    at;
	const char *store, *friendly, *container, *provider;
	int         key_spec;
	bool        has_key_property, archived;
	smsc_time   date_stamp;
	char        container_hash[33]; /* what the files of `container` begin with, or "" */
	/* The generation that holds its public key: of the container it names, of several the
	 * lowest number; NULL when none does. */
	const smsc_generation *generation;
	int         which;
	const smsc_key_holder *holders; /* all of them, or the first SMSC_HOLDERS */
	size_t      holder_count;
	/* The newest generation of the container that its property names, or NULL. */
	const smsc_generation *named_generation;
	const smsc_certificate_place *place;
	smsc_certificate_place *places; /* in the order of the snapshots */
	size_t      place_count;
	struct smsc_certificate *next; /* with the same beginning of `sha1` */
};

struct smsc_event {
	smsc_arena *arena;
	smsc_time   time, local;
	int32_t     bias;
	int64_t     slack;
	const char *clock, *kind, *text, *meaning;
	int         severity;
	const smsc_snapshot *snapshot;
	const char *path;
	uint64_t    offset;
	const smsc_generation *generation;
	uint64_t    serial;            /* order of the walk: the last word of the sort */
	/* Log events: the row as it was written, and its copies in other files. */
	smsc_time   row_local;
	int64_t     row_slack;
	int32_t     row_bias;
	uint64_t    key;
	uint32_t    last_file, last_source, run, times;
	const smsc_snapshot **also;    /* other snapshots that have it */
	size_t      also_count, also_room;
};

typedef struct smsc_progress {
	smsc_progress_fn *fn;
	void    *user;
	uint64_t done, told;
	unsigned entries;
} smsc_progress;

struct smsc_case {
	smsc_arena   *arena;
	smsc_options  options;         /* the caller's, with our own copy of the zone */
	smsc_settings settings;
	bool          final;
	smsc_snapshot **snapshots;
	size_t snapshot_count, snapshot_room;
	smsc_record  **records;
	size_t record_count, record_room;
	smsc_key_file **files;
	size_t file_count, file_room;
	smsc_master_file **masters;
	size_t master_count, master_room;
	struct smsc_system   **systems;    /* hives */
	size_t system_count, system_room;
	struct smsc_security **securities;
	size_t security_count, security_room;
	struct smsc_software **softwares;
	size_t software_count, software_room;
	struct smsc_given     *given;      /* secrets of the caller */
	size_t given_count, given_room;
	struct smsc_cng_file  *cngs;
	size_t cng_count, cng_room;
	struct smsc_host      **hosts;     /* machines, in the order of their first snapshot */
	size_t host_count, host_room;
	smsc_step **steps;                 /* of the recovery plan */
	size_t step_count, step_room;
	bool   tried;                      /* there was something to open keys with */
	smsc_generation **generations;
	size_t generation_count, generation_room;
	smsc_key_holder *holders;          /* holder.h */
	size_t holder_count;
	smsc_certificate **certificates;
	size_t certificate_count, certificate_room;
	smsc_certificate_place *places;    /* of all certificates, each one's together */
	size_t place_count, place_room;
	struct smsc_certificate_index *certificate_index;
	struct smsc_trust **trusts;        /* trust.h */
	size_t trust_count, trust_room;
	struct smsc_metabase **metabases;
	size_t metabase_count, metabase_room;
	smsc_event   **events;
	size_t event_count, event_room;
	uint64_t events_dropped;
	smsc_findings findings;
};

/* Adds `more` bytes read; tells the caller now and then.  -1 with SMSC_ECANCELLED. */
int smsc_progress_add(smsc_progress *p, const char *stage, uint64_t more, smsc_error **err);
/* One more entry was begun. */
int smsc_progress_entry(smsc_progress *p, const char *stage, smsc_error **err);

/* How many events, and findings, what is read may make: the rest of max_events is kept for
 * what the analysis concludes. */
uint64_t smsc_case_share(const smsc_case *c);

/* Takes times of another copy into account: the earliest, in their most exact form. */
void smsc_stamp_merge(smsc_stamp *into, const smsc_stamp *from);

/* Puts `source` among the snapshots, as that of the given order; later ones count one more.
 * NULL without memory. */
smsc_snapshot *smsc_case_insert(smsc_case *c, smsc_source *source, size_t order, smsc_error **err);

/* The place of evidence in a finding, which names no source of its own: "label/path". */
const char *smsc_case_place(smsc_case *c, const smsc_snapshot *s, const char *path);

/* The phases of the analysis, in order.  Each returns 0 or -1. */
int smsc_case_walk(smsc_case *c, smsc_progress *progress, smsc_error **err);
int smsc_case_generations(smsc_case *c, smsc_error **err);
int smsc_case_hosts(smsc_case *c, smsc_error **err);
int smsc_case_lineages(smsc_case *c, smsc_error **err);
int smsc_case_standings(smsc_case *c, smsc_error **err);
int smsc_case_timeline(smsc_case *c, smsc_error **err);
int smsc_case_rules(smsc_case *c, smsc_error **err);
int smsc_case_plan(smsc_case *c, smsc_error **err);

#endif
