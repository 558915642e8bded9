/* password.h - a password in the form that Windows hashes. */
#ifndef SMSC_CRYPTO_PASSWORD_H
#define SMSC_CRYPTO_PASSWORD_H

#include <stdbool.h>

#include "../base/secret.h"
#include "../smscrypto.h"

/* UTF-16 of UTF-8, without a NUL.  NULL when it is no UTF-8, and without memory. */
smsc_secret *smsc_password_utf16(smsc_span utf8, bool big_endian);

#endif
