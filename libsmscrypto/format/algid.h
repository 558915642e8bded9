/* algid.h - CryptoAPI's numbers for algorithms (ALG_ID of wincrypt.h). */
#ifndef SMSC_FORMAT_ALGID_H
#define SMSC_FORMAT_ALGID_H

#include "record.h"

#define SMSC_CALG_RSA_KEYX 0xa400u

/* "3DES", or NULL when the number is not known. */
const char *smsc_algid_name(uint32_t algid);
/* Bytes of a block cipher's block or of a hash; 0 for stream ciphers and anything else. */
unsigned    smsc_algid_size(uint32_t algid);
/* Reads one, notes its name; D004 when it is not known. */
uint32_t    smsc_read_algid(smsc_record *r, smsc_cur *c, const char *name, const char *meaning);

#endif
