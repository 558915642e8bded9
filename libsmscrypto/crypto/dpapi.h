/* dpapi.h - opens DPAPI master keys and blobs [capi-dpapi 4, 5].
 *
 * A failure is one reason for people in `why`; a key is only given when its check held:
 * the tag of a master key, the signature of a blob.
 */
#ifndef SMSC_CRYPTO_DPAPI_H
#define SMSC_CRYPTO_DPAPI_H

#include <stdbool.h>
#include <stdint.h>

#include "../smscrypto.h"
#include "why.h"

/* The slot of a master-key file that holds the key itself or the local backup key. */
typedef struct smsc_slot {
	uint32_t  rounds, hash, cipher;  /* ALG_IDs */
	smsc_span salt, data;
} smsc_slot;

/* The last `size` bytes of the slot (64 for a master key, 32 for a backup key), when its tag
 * is right under `prekey`.  `max_rounds` guards against files made to take hours. */
smsc_secret *smsc_slot_open(const smsc_slot *slot, smsc_span prekey, size_t size,
                            uint32_t max_rounds, smsc_why why);

/* Pre-keys of a user: HMAC-SHA1 keyed with the hash of the password over the SID. */
typedef enum smsc_user_form {
	SMSC_USER_SHA1,       /* local account: SHA-1 of the password          */
	SMSC_USER_NTLM,       /* domain account: MD4 of the password           */
	SMSC_USER_PROTECTED,  /* domain account in Protected Users             */
	SMSC_USER_FORMS
} smsc_user_form;
/* `password` and `sid` are UTF-16LE without a NUL.  20 bytes, NULL and `why`. */
smsc_secret *smsc_user_prekey(smsc_user_form form, smsc_span password, smsc_span sid, smsc_why why);

/* A blob's parts; `signed_part` is the bytes that its signature covers: from the version of the
 * master key to the end of the ciphertext. */
typedef struct smsc_blob {
	uint32_t  cipher, key_bits, hash;  /* ALG_IDs */
	smsc_span salt, aux, nonce, data, sign, signed_part;
	smsc_span password;                /* "strong password" in UTF-16LE; empty: without   */
} smsc_blob;

/* Does this look like what the blob should hold?  Decides where no signature can: RC4. */
typedef bool smsc_plausible_fn(smsc_span plain);

/* The plaintext.  `key_sha1` is the SHA-1 of the master key (20 bytes).  `plausible` decides
 * for RC4 only: NULL opens no such blob. */
smsc_secret *smsc_blob_open(const smsc_blob *b, smsc_span key_sha1, smsc_span entropy,
                            smsc_plausible_fn *plausible, smsc_why why);
/* When a blob did not open under its own master key: is the blob to blame (its signature is
 * wrong), or we (an algorithm that we or OpenSSL do not have, a password, no memory)? */
bool smsc_why_is_damage(const smsc_why why);

#endif
