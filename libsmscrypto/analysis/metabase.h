/* metabase.h - the metabases of a case, and which keys they belong to.
 *
 * "Was metabase.bin damaged?" is the question of whoever cannot start IIS any more.  It holds a
 * session key, encrypted to one generation of IIS's key container and signed by it; where that
 * generation is gone from its place, the best metabase cannot be read.
 */
#ifndef SMSC_ANALYSIS_METABASE_H
#define SMSC_ANALYSIS_METABASE_H

#include "../crypto/metabase.h"
#include "../format/record.h"
#include "case.h"

/* The container "Microsoft Internet Information Server". */
#define SMSC_IIS_HASH "c2319c42033a5ca7f44e731bfd3fa2b5"

typedef struct smsc_metabase {
	const smsc_snapshot *snapshot;
	const char *path;
	bool        live;              /* inetsrv\MetaBase.*, not a backup of it */
	uint64_t    at;                /* of the session key in the file */
	smsc_span   wrapped, sign;     /* the session key's RSA block and signature */
	smsc_span   data, data_sign;   /* of the first encrypted value, or empty */
	size_t      values;            /* encrypted values */
	uint8_t     md5[SMSC_MD5_SIZE];
	bool        named;             /* `signer` is known: the public-key test */
	bool        opened;            /* `opener` is known: the private-key test */
	bool        value_opened;      /* and the session key opens the first value */
	smsc_fingerprint signer, opener;
	/* "private-verified", "public-match", "size" (the modulus sizes of an IIS container of the
	 * evidence fit, no more) or "none". */
	const char *proof;
	const smsc_generation *generation; /* which made it; NULL: none of the evidence */
	/* The generation of IIS's container that its snapshot uses, under the current MachineGuid;
	 * NULL when there is none, or the MachineGuid is not known.  `fits`: its keys made it. */
	const smsc_generation *in_use;
	bool        fits;
} smsc_metabase;

/* A metabase's record with a session key becomes one of the case; false without memory. */
bool smsc_metabase_add(smsc_case *c, const smsc_snapshot *s, const smsc_record *r);
/* Adds to a record of MetaBase.xml what its hex digits say. */
void smsc_metabase_facts(smsc_record *r);
/* Tries every public key for signing; needs no secret. */
void smsc_metabases_find_signers(smsc_case *c);
/* While a private key is open: is it the one the session key is encrypted to? */
void smsc_metabases_open(smsc_case *c, const smsc_key *key, const smsc_rsa *rsa);
/* Links them to the generations. */
void smsc_case_metabases(smsc_case *c);
/* K009. */
void smsc_metabase_rules(smsc_case *c);

/* Has it all of its session key?  A torn one proves nothing. */
bool smsc_metabase_is_whole(const smsc_metabase *m);

#endif
