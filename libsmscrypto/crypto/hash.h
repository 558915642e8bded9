/* hash.h - SHA-256, SHA-1 and MD5: fingerprints of keys, hashes of files, file names. */
#ifndef SMSC_CRYPTO_HASH_H
#define SMSC_CRYPTO_HASH_H

#include <stdbool.h>
#include <stdint.h>

#include "../smscrypto.h"

typedef enum smsc_digest { SMSC_MD5, SMSC_SHA1, SMSC_SHA256 } smsc_digest;

#define SMSC_MD5_SIZE    16
#define SMSC_SHA1_SIZE   20
#define SMSC_SHA256_SIZE 32

/* The digest of `in` into `out`, which has room for it.  False when OpenSSL refuses; then
 * `out` is zeroed. */
bool smsc_hash(smsc_digest digest, smsc_span in, uint8_t *out);

/* The same over bytes that come piece by piece. */
typedef struct smsc_hasher smsc_hasher;

/* NULL with SMSC_ECRYPTO or SMSC_ENOMEM. */
smsc_hasher *smsc_hasher_new(smsc_digest digest, smsc_error **err);
void         smsc_hasher_add(smsc_hasher *h, const void *data, size_t size);
/* 0 and the digest in `out`, or -1 when any step failed. */
int          smsc_hasher_end(smsc_hasher *h, uint8_t *out, smsc_error **err);
void         smsc_hasher_free(smsc_hasher *h);

#endif
