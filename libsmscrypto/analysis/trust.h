/* trust.h - public keys that other evidence names: what clients trust, what management points
 * publish, whom messages are for; each linked to the generation that holds the key. */
#ifndef SMSC_ANALYSIS_TRUST_H
#define SMSC_ANALYSIS_TRUST_H

#include "../format/record.h"
#include "case.h"

/* A public key that other evidence names. */
typedef struct smsc_trust {
	const smsc_snapshot *snapshot; /* NULL: given to smsc_case_match() */
	const char *path;
	uint64_t    at;                /* byte in `path` */
	/* "trusted-root-key", "mp-certificate", "mp-encryption-certificate",
	 * "site-signing-certificate", "message-recipient", "client-certificate",
	 * "site-public-key", "certificate", "public-key" */
	const char *role;
	const char *holder;            /* who says so: a client or server, or NULL */
	bool        has_print, has_thumb;
	smsc_fingerprint print;
	uint8_t     thumb[SMSC_SHA1_SIZE];
	smsc_span   issuer, serial, key_id; /* of a message's recipient, or of the certificate */
	smsc_span   certificate;       /* DER, when there is one */
	smsc_time   seen;              /* the file's time */
	const smsc_certificate *via;   /* what links it (issuer and serial, key id, thumbprint) or NULL */
	const smsc_generation *generation; /* NULL: no generation of this evidence has the key */
	int         which;
	const char *why;               /* "" , or the nearest explanation when there is none */
	/* The value came with a signature, and this is the generation whose key made it: proof that
	 * this site published it.  NULL: no signature, or by no key of this evidence. */
	bool        is_signed;
	const smsc_generation *signer;
	int         signer_which;
	const smsc_record *record;     /* the value's own fields */
	size_t      order;             /* in the order of the evidence */
} smsc_trust;

typedef struct smsc_trusts {
	smsc_arena  *arena;
	smsc_trust **at;
	size_t       count, room;
} smsc_trusts;

/* Does a record of this format name public keys? */
bool smsc_trust_format(const char *format);
/* Appends what `r` names; the list borrows from the record, which must outlive it.  False
 * without memory. */
bool smsc_trust_gather(smsc_trusts *list, const smsc_record *r, const smsc_snapshot *s, smsc_time seen);
/* The same into the case, of a record whose format is one of these. */
bool smsc_case_trust_add(smsc_case *c, const smsc_record *r, const smsc_snapshot *s, smsc_time seen);
/* Finds the generation of each, and says why where there is none.  False without memory. */
bool smsc_trust_link(const smsc_case *c, smsc_trusts *list);

/* The phase after generations and certificates.  0, or -1. */
int  smsc_case_trusts(smsc_case *c, smsc_error **err);

#endif
