/* keyring_store.h - what a key ring is made of. */
#ifndef SMSC_ANALYSIS_KEYRING_STORE_H
#define SMSC_ANALYSIS_KEYRING_STORE_H

#include "../base/ident.h"
#include "../crypto/hash.h"
#include "keyring.h"

/* Many secrets of 20 bytes on common pages: a process may map some 65,000 times only, and
 * evidence may hold more master keys than that. */
typedef struct smsc_slab {
	smsc_secret *room;
	size_t       count;
} smsc_slab;

#define SMSC_NOT_OPENED SIZE_MAX

typedef struct smsc_master {
	char        guid[SMSC_GUID_TEXT];
	size_t      key;         /* in `keys`, or SMSC_NOT_OPENED */
	bool        given;       /* by the caller: nothing says yet that it is right */
	smsc_span   tried;       /* the slot that did not open, in its record */
	smsc_why    why;
} smsc_master;

struct smsc_keyring {
	smsc_slab    prekeys, keys;
	smsc_master *masters;    /* sorted by GUID once the files are opened */
	size_t       master_count, master_room;
	smsc_rsa    *backups;    /* the numbers lie in the secrets given */
	size_t       backup_count;
	uint32_t     max_rounds;
	uint64_t     work;       /* rounds that may still be spent */
	smsc_why     lack;
};

bool           smsc_slab_add(smsc_slab *slab, const uint8_t *secret);
const uint8_t *smsc_slab_at(const smsc_slab *slab, size_t i);
/* A new master key at the end; NULL without memory. */
smsc_master   *smsc_keyring_put(smsc_keyring *ring, const char *guid);
/* Takes a master key (64 bytes) or its SHA-1 (20). */
bool           smsc_master_set(smsc_keyring *ring, smsc_master *m, smsc_span key);
/* By GUID, once sorted; NULL when there is none. */
smsc_master   *smsc_keyring_find(const smsc_keyring *ring, const char *guid);

#endif
