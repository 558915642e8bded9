/* crypto_test.h - for tests of the crypto room: hex, and answers held against it. */
#ifndef TESTS_CRYPTO_TEST_H
#define TESTS_CRYPTO_TEST_H


#include <criterion/criterion.h>

#include "base/buf.h"
#include "base/secret.h"
#include "base/text.h"
#include "smscrypto.h"

/* The bytes of a hex text, in a static buffer good for the next eight calls. */
static inline smsc_span hex(const char *text)
{
	static uint8_t room[8][1024];
	static unsigned turn;
	uint8_t *out = room[turn++ % 8];
	size_t n = strlen(text) / 2;
	cr_assert_leq(n, sizeof room[0]);
	for (size_t i = 0; i < n; i++)
		out[i] = (uint8_t)(smsc_hex_digit(text[2 * i]) << 4 | smsc_hex_digit(text[2 * i + 1]));
	return (smsc_span){ out, n };
}

static inline smsc_span text(const char *s)
{
	return (smsc_span){ s, strlen(s) };
}

static inline smsc_span of(smsc_secret *s)
{
	return (smsc_span){ smsc_secret_data(s), smsc_secret_size(s) };
}

static inline void expect_bytes(smsc_span got, smsc_span want, const char *what)
{
	smsc_buf a = SMSC_BUF_INIT, b = SMSC_BUF_INIT;
	smsc_buf_hex(&a, got.data, got.size);
	smsc_buf_hex(&b, want.data, want.size);
	cr_assert_str_eq(a.data, b.data, "%s: %s, not %s", what, a.data, b.data);
	smsc_buf_free(&a);
	smsc_buf_free(&b);
}

#endif
