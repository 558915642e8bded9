/* mac.h - HMAC, digests by their Windows ids, and keys derived from passwords.
 *
 * What returns bool is false when OpenSSL refuses or has no memory; `out` then holds nothing
 * of use.  Digests are named as OpenSSL does. */
#ifndef SMSC_CRYPTO_MAC_H
#define SMSC_CRYPTO_MAC_H

#include <stdbool.h>
#include <stdint.h>

#include "../smscrypto.h"

#define SMSC_MAC_MAX 64  /* bytes of the longest digest here */

/* "SHA1" for CALG_SHA1 and CALG_HMAC, "SHA2-512"...; NULL when the id is none of ours. */
const char *smsc_digest_of(uint32_t algid);
size_t      smsc_digest_size(const char *digest);
size_t      smsc_digest_block(const char *digest);  /* what HMAC pads a key to */

/* A key made ready: each smsc_mac() copies the two states instead of hashing the key again,
 * which is six times as fast in a long derivation. */
typedef struct smsc_mac_key smsc_mac_key;
smsc_mac_key *smsc_mac_key_new(const char *digest, smsc_span key);
void          smsc_mac_key_free(smsc_mac_key *k);
/* HMAC of the parts, one after the other. */
bool smsc_mac(smsc_mac_key *k, const smsc_span *parts, size_t count, uint8_t *out);

/* HMAC in one step. */
bool smsc_hmac(const char *digest, smsc_span key, smsc_span in, uint8_t *out);
/* Plain digest of the parts. */
bool smsc_digest_parts(const char *digest, const smsc_span *parts, size_t count, uint8_t *out);
/* As PBKDF2, but each round is fed the XOR of all rounds before it instead of the last one
 * [capi-dpapi 5.2]: the two agree for one and two rounds only. */
bool smsc_dpapi_derive(const char *digest, smsc_span password, smsc_span salt, uint32_t rounds,
                       uint8_t *out, size_t size);
/* MD4, which lives in the legacy provider; 16 bytes. */
bool smsc_md4(smsc_span in, uint8_t *out);
/* The ordinary PBKDF2. */
bool smsc_pbkdf2_sha256(smsc_span password, smsc_span salt, uint32_t rounds, uint8_t *out, size_t size);
/* RFC 7292 appendix B with SHA-1; `purpose` 1 is a key, 2 an IV, 3 a MAC key. */
bool smsc_pkcs12_derive(smsc_span password, smsc_span salt, int purpose, uint32_t rounds,
                        uint8_t *out, size_t size);

#endif
