/* der.h - DER of private keys, written from its end to its beginning, so that every length is
 * known when its head is due and no secret is ever moved or copied.
 *
 * A writer fails once and stays failed; smsc_der_take() asks.
 */
#ifndef SMSC_CRYPTO_DER_H
#define SMSC_CRYPTO_DER_H

#include <stdbool.h>
#include <stdint.h>

#include "../base/secret.h"
#include "../smscrypto.h"

enum {
	SMSC_DER_INTEGER = 0x02, SMSC_DER_BITS = 0x03, SMSC_DER_OCTETS = 0x04, SMSC_DER_BMP = 0x1e,
	SMSC_DER_SEQUENCE = 0x30, SMSC_DER_SET = 0x31, SMSC_DER_CONTEXT_0 = 0xa0
};

typedef struct smsc_der {
	smsc_secret *room;
	size_t       at;      /* what is written begins here */
	bool         failed;  /* no room or no memory        */
} smsc_der;

/* `room`: more than will be written. */
smsc_der smsc_der_new(size_t room);
/* Before all that is there: */
void smsc_der_bytes(smsc_der *d, const void *data, size_t size);
void smsc_der_span(smsc_der *d, smsc_span s);
void smsc_der_number(smsc_der *d, smsc_span little);  /* a positive INTEGER */
void smsc_der_small(smsc_der *d, uint32_t number);
/* The head of what was written since `end`, a `d->at` of before. */
void smsc_der_wrap(smsc_der *d, uint8_t tag, size_t end);
/* Encrypts what was written since `end`, padded as PKCS #7 says, in place. */
void smsc_der_encrypt(smsc_der *d, const char *cipher, smsc_span key, const uint8_t *iv, size_t end);

smsc_span    smsc_der_since(const smsc_der *d, size_t end);
/* All of it, or NULL when anything failed; ends the writer. */
smsc_secret *smsc_der_take(smsc_der *d);

#endif
