/* secret.h - the only owner of key bytes: locked, kept out of dumps, wiped. */
#ifndef SMSC_BASE_SECRET_H
#define SMSC_BASE_SECRET_H

#include <stdbool.h>
#include <stdint.h>

#include "../smscrypto.h"

typedef struct smsc_secret smsc_secret;

/* Pages of its own, mlock and MADV_DONTDUMP as far as the system allows; zeroed.
 * NULL without memory. */
smsc_secret *smsc_secret_new(size_t size);
smsc_secret *smsc_secret_copy(const void *data, size_t size);
uint8_t     *smsc_secret_data(smsc_secret *s);
size_t       smsc_secret_size(const smsc_secret *s);
/* Keeps the first `size` bytes and wipes the rest. */
void         smsc_secret_cut(smsc_secret *s, size_t size);
/* Wipes, unlocks, unmaps.  NULL is fine. */
void         smsc_secret_free(smsc_secret *s);
/* Wipes bytes on the stack; not optimised away. */
void         smsc_wipe(void *data, size_t size);
/* Equal in constant time. */
bool         smsc_secret_equal(const void *a, const void *b, size_t size);

#endif
