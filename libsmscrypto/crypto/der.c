/* der.c - a backward writer of DER. */
#include "der.h"

#include <string.h>

#include "cipher.h"

smsc_der smsc_der_new(size_t room)
{
	smsc_der d = { smsc_secret_new(room), room, false };
	d.failed = !d.room;
	return d;
}

void smsc_der_bytes(smsc_der *d, const void *data, size_t size)
{
	d->failed |= size > d->at;
	if (d->failed || !size)
		return;
	d->at -= size;
	memcpy(smsc_secret_data(d->room) + d->at, data, size);
}

void smsc_der_span(smsc_der *d, smsc_span s)
{
	smsc_der_bytes(d, s.data, s.size);
}

smsc_span smsc_der_since(const smsc_der *d, size_t end)
{
	if (d->failed || end < d->at)
		return (smsc_span){ NULL, 0 };
	return (smsc_span){ smsc_secret_data(d->room) + d->at, end - d->at };
}

void smsc_der_wrap(smsc_der *d, uint8_t tag, size_t end)
{
	size_t size = smsc_der_since(d, end).size;
	uint8_t bytes = 0;
	if (size < 0x80) {
		smsc_der_bytes(d, &(uint8_t){ (uint8_t)size }, 1);
	} else {
		for (; size; size >>= 8, bytes++)
			smsc_der_bytes(d, &(uint8_t){ (uint8_t)size }, 1);
		smsc_der_bytes(d, &(uint8_t){ 0x80 | bytes }, 1);
	}
	smsc_der_bytes(d, &tag, 1);
}

void smsc_der_number(smsc_der *d, smsc_span little)
{
	const uint8_t *p = little.data;
	size_t size = little.size, end = d->at;
	while (size && !p[size - 1])
		size--;
	for (size_t i = 0; i < size; i++)
		smsc_der_bytes(d, p + i, 1);
	/* The top bit is a sign; zero itself is one byte. */
	if (!size || p[size - 1] & 0x80)
		smsc_der_bytes(d, "", 1);
	smsc_der_wrap(d, SMSC_DER_INTEGER, end);
}

void smsc_der_small(smsc_der *d, uint32_t number)
{
	uint8_t little[4];
	for (int i = 0; i < 4; i++)
		little[i] = (uint8_t)(number >> 8 * i);
	smsc_der_number(d, (smsc_span){ little, sizeof little });
}

void smsc_der_encrypt(smsc_der *d, const char *cipher, smsc_span key, const uint8_t *iv, size_t end)
{
	const smsc_cipher *c = smsc_cipher_named(cipher);
	size_t size = smsc_der_since(d, end).size, pad = c->block - size % c->block;
	d->failed |= pad > d->at;
	if (d->failed)
		return;
	uint8_t *p = smsc_secret_data(d->room) + d->at;
	memmove(p - pad, p, size);
	memset(p + size - pad, (int)pad, pad);
	d->at -= pad;
	d->failed |= smsc_cipher_encrypt(c, key, iv, smsc_der_since(d, end), smsc_secret_data(d->room) + d->at) != NULL;
}

smsc_secret *smsc_der_take(smsc_der *d)
{
	smsc_span all = d->room ? smsc_der_since(d, smsc_secret_size(d->room)) : (smsc_span){ NULL, 0 };
	smsc_secret *out = d->failed ? NULL : smsc_secret_copy(all.data, all.size);
	smsc_secret_free(d->room);
	*d = (smsc_der){ .failed = true };
	return out;
}
