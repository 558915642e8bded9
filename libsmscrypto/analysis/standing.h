/* standing.h - for each container of each machine: what CryptoAPI finds now, which keys others
 * rely on, and which file brings them back. */
#ifndef SMSC_ANALYSIS_STANDING_H
#define SMSC_ANALYSIS_STANDING_H

#include "host.h"

typedef enum smsc_fate {
	SMSC_FATE_SAME,        /* the keys that others rely on are the live ones */
	SMSC_FATE_BACK,        /* so they are again: a copy under the MachineGuid in force */
	SMSC_FATE_RENEWED,     /* others than before, and nothing says that the old ones are missed */
	SMSC_FATE_OUTSIDE,     /* no backup has a file of it where CryptoAPI looks */
	SMSC_FATE_ORPHANED,    /* intact under a MachineGuid that is no longer in force, and not live */
	SMSC_FATE_GONE,        /* its file is not there any more */
	SMSC_FATE_REPLACED,    /* other keys are live */
	SMSC_FATE_REDUCED,     /* the live file lacks a pair */
	SMSC_FATE_DAMAGED,     /* the live file is torn, or its private half is of no use */
	SMSC_FATE_UNKNOWN,     /* no MachineGuid is known to be in force */
} smsc_fate;

typedef struct smsc_standing {
	const smsc_host       *host;
	const smsc_generation *any;      /* names the container: hash, owner, product */
	const smsc_key_file   *live;     /* what CryptoAPI opens now, or NULL */
	const smsc_generation *wanted;   /* whose keys others rely on, or NULL */
	const smsc_key_file   *file;     /* the best file of those keys, or NULL */
	smsc_fate   fate;
	bool        brought_back;        /* the live keys lie under another MachineGuid as well */
	bool        needed;              /* somebody relies on `wanted` while it is not live */
	bool        proved;              /* by evidence that names the key, not by the order of events */
	const char *why;                 /* how `wanted` was chosen, in words */
} smsc_standing;

/* The machine's own container of that name, or NULL. */
const smsc_standing *smsc_host_standing(const smsc_host *h, const char *name);
/* Do the keys have to be brought back? */
bool smsc_standing_lost(const smsc_standing *s);
/* Are they in no file of this evidence? */
bool smsc_standing_is_missing(const smsc_standing *s);
/* What became of it, in one clause: "its live file lacks the AT_KEYEXCHANGE pair". */
const char *smsc_fate_text(smsc_fate fate);
/* The first generation with the same keys. */
const smsc_generation *smsc_generation_root(const smsc_generation *g);
/* Can the private keys of this file be used: 2 verified, 1 not opened, 0 of no use. */
int smsc_key_file_worth(const smsc_key_file *f);

#endif
