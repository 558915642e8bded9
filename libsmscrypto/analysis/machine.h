/* machine.h - what registry hives say of the machine: who it is, what its clock meant, and
 * what its secrets are sealed with. */
#ifndef SMSC_ANALYSIS_MACHINE_H
#define SMSC_ANALYSIS_MACHINE_H

#include "../base/secret.h"
#include "../base/zone_rules.h"
#include "case.h"

/* One hive SYSTEM.  Facts that it does not hold are NULL, 0 or SMSC_NEVER. */
typedef struct smsc_system {
	const smsc_snapshot *snapshot;
	const char  *path;
	bool         live;             /* in config\, not a copy in repair\ or RegBack\ */
	smsc_time    written, shutdown;
	unsigned     control_set;      /* the current one */
	smsc_secret *boot_key;         /* of the current control set, or NULL */
	const char  *why;              /* there is no boot key */
	const char  *computer, *product_type;
	const char  *zone_name;
	bool         zone_known;
	smsc_zone_rules zone;
} smsc_system;

#define SMSC_DPAPI_SYSTEM "DPAPI_SYSTEM"

/* CurrVal (0) and OldVal (1) of one LSA secret, still sealed; kept of DPAPI_SYSTEM only. */
typedef struct smsc_lsa_secret {
	const char *name;
	smsc_span   sealed[2];
	smsc_time   updated[2];        /* CupdTime, OupdTime */
	smsc_time   written[2];        /* of the registry keys */
	uint64_t    at;                /* of the secret's key in the hive */
} smsc_lsa_secret;

typedef struct smsc_security {
	const smsc_snapshot *snapshot;
	const char  *path;
	bool         live, nt6;
	smsc_time    written;
	smsc_span    policy_key;       /* PolSecretEncryptionKey or PolEKList */
	smsc_lsa_secret *secrets;
	size_t       count, room;
	const char  *why;              /* its LSA key could not be opened; NULL when it was */
} smsc_security;

typedef struct smsc_software {
	const smsc_snapshot *snapshot;
	const char *path;
	bool        live;
	smsc_time   written;
	const char *machine_guid;      /* lower case, or NULL */
	smsc_time   guid_written;      /* last write of the key that holds it */
	uint64_t    guid_at;           /* byte of the value in the hive */
	const char *product, *version, *build, *service_pack;
	smsc_time   installed;
} smsc_software;

/* Takes what a hive holds into the case; hives of other kinds are left alone.  -1 without memory. */
int  smsc_machine_read(smsc_case *c, smsc_snapshot *s, const char *path, smsc_span bytes,
                       smsc_error **err);
/* Is this a hive that smsc_machine_read() would look at?  By its first bytes and its name. */
bool smsc_machine_wants(smsc_span head, const char *path);
/* The computer's name, as the registry of a snapshot tells it; NULL when none does. */
const char *smsc_machine_computer(const smsc_snapshot *s);
/* Both registries tell the same name. */
bool smsc_machine_is_same(const smsc_snapshot *a, const smsc_snapshot *b);
/* The hive before this one, by time, of the same machine, that has a MachineGuid; or NULL. */
const smsc_software *smsc_machine_before(const smsc_case *c, const smsc_software *s);
/* Adds to the timeline what the hives tell. */
void smsc_machine_events(smsc_case *c);
/* Tells each source what its hives say of it.  0, or -1. */
int  smsc_machine_facts(smsc_case *c, smsc_error **err);
/* Wipes the boot keys. */
void smsc_machine_forget(smsc_case *c);

#endif
