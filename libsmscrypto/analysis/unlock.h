/* unlock.h - opens what the evidence itself, and the secrets given, can open; says for every
 * private key whether it is intact, and if it cannot tell, why. */
#ifndef SMSC_ANALYSIS_UNLOCK_H
#define SMSC_ANALYSIS_UNLOCK_H

#include "../base/secret.h"
#include "../crypto/dpapi.h"
#include "../format/record.h"
#include "case.h"

typedef enum smsc_secret_kind {
	SMSC_SECRET_DPAPI_SYSTEM,
	SMSC_SECRET_MASTER_KEY,
	SMSC_SECRET_PASSWORD,
	SMSC_SECRET_DOMAIN_BACKUP_KEY
} smsc_secret_kind;

/* A secret given by the caller, checked for its form when it was taken. */
typedef struct smsc_given {
	smsc_secret_kind kind;
	smsc_secret *data;
	const char  *name;             /* GUID of a master key, SID of a password's user; else "" */
} smsc_given;

/* One CNG key file of the evidence. */
typedef struct smsc_cng_file {
	const smsc_snapshot *snapshot;
	smsc_record *record;
	smsc_span    bytes;            /* the file: signatures cover its bytes */
} smsc_cng_file;

struct smsc_keyring;

/* The phase after the walk: boot key, LSA key, DPAPI_SYSTEM, master keys, private keys; fills
 * in proof, reason and export flag of every key.  Wipes all secrets, also when it fails, but
 * for the private keys themselves where the caller allowed their export. */
int  smsc_case_open_keys(smsc_case *c, smsc_progress *progress, smsc_error **err);
/* Wipes what the caller gave. */
void smsc_given_forget(smsc_case *c);
/* Wipes the private keys kept for export. */
void smsc_keys_forget(smsc_case *c);

/* The pairs of one container file. */
bool smsc_key_file_open(smsc_case *c, smsc_key_file *f, const struct smsc_keyring *ring);
/* A record that may be a CNG key file is kept with its bytes; false without memory. */
bool smsc_cng_file_add(smsc_case *c, const smsc_snapshot *s, smsc_record *record, smsc_span bytes);
/* Adds to its record, as derived fields, how far the proof goes; false without memory. */
bool smsc_cng_file_open(smsc_case *c, const smsc_cng_file *f, const struct smsc_keyring *ring);

/* The DPAPI blob in the field `name` of a record of `file`; false when it is torn. */
bool smsc_blob_of(const smsc_record *r, const char *name, smsc_span file, smsc_blob *out);

#endif
