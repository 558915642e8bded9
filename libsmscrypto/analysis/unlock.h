/* unlock.h - opens what the evidence itself, and the secrets given, can open; says for every
 * private key whether it is intact, and if it cannot tell, why. */
#ifndef SMSC_ANALYSIS_UNLOCK_H
#define SMSC_ANALYSIS_UNLOCK_H

#include "../base/secret.h"
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

/* The phase after the walk: boot key, LSA key, DPAPI_SYSTEM, master keys, private keys; fills
 * in proof, reason and export flag of every key.  Wipes all secrets, also when it fails. */
int  smsc_case_open_keys(smsc_case *c, smsc_progress *progress, smsc_error **err);
/* Wipes what the caller gave. */
void smsc_given_forget(smsc_case *c);

#endif
