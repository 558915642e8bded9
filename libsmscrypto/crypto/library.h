/* library.h - the one OpenSSL library context, private to us. */
#ifndef SMSC_CRYPTO_LIBRARY_H
#define SMSC_CRYPTO_LIBRARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <openssl/types.h>

/* Made at the first call and kept for the life of the process; NULL when OpenSSL's default
 * provider cannot be loaded.  A failure is not kept: the next call tries again. */
OSSL_LIB_CTX *smsc_crypto_library(void);
/* The same with the legacy provider (RC4, single DES, MD4) loaded as well; NULL when that is
 * not installed.  The one context serves both: it is loaded at the first such call. */
OSSL_LIB_CTX *smsc_crypto_legacy(void);
/* Why smsc_crypto_legacy() was NULL, for people. */
extern const char smsc_no_legacy[];

/* Around calls of OpenSSL that may fail: what it complains of is taken off the thread's error
 * queue again.  An embedding program that finds our errors there takes them for its own
 * (SSL_get_error does).  May be nested. */
void smsc_crypto_enter(void);
void smsc_crypto_leave(void);

/* Random bytes for salts and nonces of what leaves. */
bool smsc_crypto_random(uint8_t *out, size_t size);

#endif
