/* x509.c - certificates read by OpenSSL, in a library context of our own. */
#include "x509.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "../base/text.h"
#include "../base/time.h"
#include "library.h"

static smsc_span keep(smsc_arena *a, const void *data, size_t size)
{
	void *copy = data ? smsc_arena_copy(a, data, size) : NULL;
	return (smsc_span){ copy, copy ? size : 0 };
}

/* Makes the arena remember that memory ran out elsewhere. */
static void fail(smsc_arena *a)
{
	smsc_arena_alloc(a, SIZE_MAX);
}

static const char *keep_buf(smsc_arena *a, smsc_buf *b)
{
	const char *text = b->failed ? NULL : smsc_arena_text(a, b->data ? b->data : "", b->size);
	if (b->failed)
		fail(a);
	smsc_buf_free(b);
	return text ? text : "";
}

/* ---- parts ---- */

/* Control characters are escaped by OpenSSL, bytes that are no UTF-8 by us. */
static const char *name_text(smsc_arena *a, const X509_NAME *name)
{
	const unsigned long how = (ASN1_STRFLGS_RFC2253 & ~(unsigned long)ASN1_STRFLGS_ESC_MSB) |
		XN_FLAG_SEP_CPLUS_SPC | XN_FLAG_DN_REV | XN_FLAG_FN_SN | XN_FLAG_DUMP_UNKNOWN_FIELDS;
	smsc_buf text = SMSC_BUF_INIT;
	BIO *out = BIO_new(BIO_s_mem());
	char *data = NULL;
	if (out && X509_NAME_print_ex(out, name, 0, how) >= 0) {
		long size = BIO_get_mem_data(out, &data);
		if (size > 0)
			smsc_text_utf8(&text, (smsc_span){ data, (size_t)size });
	}
	BIO_free(out);
	return keep_buf(a, &text);
}

static smsc_span name_der(smsc_arena *a, const X509_NAME *name)
{
	const unsigned char *der = NULL;
	size_t size = 0;
	if (!name || X509_NAME_get0_der(name, &der, &size) != 1)
		return (smsc_span){ NULL, 0 };
	return keep(a, der, size);
}

static smsc_time time_of(const ASN1_TIME *t)
{
	struct tm tm;
	if (!t || ASN1_TIME_to_tm(t, &tm) != 1)
		return SMSC_NEVER;
	return smsc_time_of_civil((smsc_civil){ tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday,
	                                        tm.tm_hour, tm.tm_min, tm.tm_sec, 0 });
}

/* OpenSSL keeps sign and magnitude; the file has two's complement. */
static void read_serial(smsc_arena *a, X509 *x, smsc_x509_facts *out)
{
	const ASN1_INTEGER *n = X509_get0_serialNumber(x);
	unsigned char *der = NULL;
	int size = n ? i2d_ASN1_INTEGER(n, &der) : 0;
	smsc_buf hex = SMSC_BUF_INIT;
	/* Tag and length: one byte each up to 127, else as many as the length's first byte says. */
	size_t head = size < 2 ? 0 : der[1] < 0x80 ? 2 : 2 + (der[1] & 0x7fu);
	if (head && head < (size_t)size) {
		size_t zero = (size_t)size - head > 1 && !der[head];
		out->serial_bytes = keep(a, der + head, (size_t)size - head);
		smsc_buf_hex(&hex, der + head + zero, (size_t)size - head - zero);
	}
	OPENSSL_free(der);
	out->serial = keep_buf(a, &hex);
}

static const char *object_text(smsc_arena *a, const ASN1_OBJECT *o, int number)
{
	char text[128] = "";
	return o && OBJ_obj2txt(text, sizeof text, o, number) > 0 ? smsc_arena_text(a, text, strlen(text)) : "";
}

static const char *usages(smsc_arena *a, const X509 *x)
{
	enum { MOST = 64 };
	smsc_buf text = SMSC_BUF_INIT;
	EXTENDED_KEY_USAGE *list = X509_get_ext_d2i(x, NID_ext_key_usage, NULL, NULL);
	for (int i = 0; list && i < sk_ASN1_OBJECT_num(list) && i < MOST; i++) {
		const char *one = object_text(a, sk_ASN1_OBJECT_value(list, i), 1);
		smsc_buf_printf(&text, "%s%s", i ? ", " : "", one ? one : "");
	}
	EXTENDED_KEY_USAGE_free(list);
	return keep_buf(a, &text);
}

static smsc_span key_id(smsc_arena *a, const X509 *x)
{
	ASN1_OCTET_STRING *id = X509_get_ext_d2i(x, NID_subject_key_identifier, NULL, NULL);
	smsc_span kept = id ? keep(a, ASN1_STRING_get0_data(id), (size_t)ASN1_STRING_length(id))
	                    : (smsc_span){ NULL, 0 };
	ASN1_OCTET_STRING_free(id);
	return kept;
}

/* ---- the key ---- */

/* Old certificates name RSA in other ways, or leave out its NULL: the key is the same, so its
 * fingerprint must be. */
static bool put_rsa(smsc_buf *der, const EVP_PKEY *key)
{
	BIGNUM *n = NULL, *e = NULL;
	uint8_t *little = NULL;
	int size = 0;
	if (key && EVP_PKEY_is_a(key, "RSA") && EVP_PKEY_get_bn_param(key, "n", &n) && EVP_PKEY_get_bn_param(key, "e", &e) &&
	    BN_num_bits(e) <= 32 && (size = BN_num_bytes(n)) > 0 && (little = OPENSSL_malloc((size_t)size)) &&
	    BN_bn2lebinpad(n, little, size) == size)
		smsc_spki_rsa(der, (smsc_span){ little, (size_t)size }, (uint32_t)BN_get_word(e));
	OPENSSL_free(little);
	BN_free(n);
	BN_free(e);
	return der->size != 0;
}

static void read_spki(smsc_arena *a, X509 *x, smsc_x509_facts *out)
{
	unsigned char *der = NULL;
	X509_PUBKEY *spki = X509_get_X509_PUBKEY(x);
	const ASN1_BIT_STRING *bits = X509_get0_pubkey_bitstr(x);
	int size = spki ? i2d_X509_PUBKEY(spki, &der) : 0;
	out->spki = keep(a, der, size > 0 ? (size_t)size : 0);
	OPENSSL_free(der);
	if (bits)
		out->key_bits = keep(a, ASN1_STRING_get0_data(bits), (size_t)ASN1_STRING_length(bits));
	smsc_buf print = SMSC_BUF_INIT;
	if (!put_rsa(&print, X509_get0_pubkey(x)) && out->spki.size)
		smsc_buf_add(&print, out->spki.data, out->spki.size);
	/* It is there in every certificate, and every key has a digest: but for memory. */
	if (!print.size || !smsc_spki_fingerprint(&print, &out->print))
		fail(a);
	smsc_buf_free(&print);
}

static void read_key(smsc_arena *a, X509 *x, smsc_x509_facts *out)
{
	const EVP_PKEY *key = X509_get0_pubkey(x);
	const char *name = key ? EVP_PKEY_get0_type_name(key) : NULL;
	out->algorithm = name ? smsc_arena_text(a, name, strlen(name)) : "";
	int bits = key ? EVP_PKEY_get_bits(key) : 0;
	out->bits = bits > 0 ? (unsigned)bits : 0;
}

/* The signature is tried only where the names say that it is its own: evidence is described,
 * chains are not followed. */
static int self_signed(X509 *x)
{
	if (X509_NAME_cmp(X509_get_subject_name(x), X509_get_issuer_name(x)))
		return 0;
	EVP_PKEY *key = X509_get0_pubkey(x);
	int good = key ? X509_verify(x, key) : -1;
	return good == 1 ? 1 : good == 0 ? 0 : -1;
}

/* ---- the whole ---- */

static unsigned long last_error(void)
{
	return ERR_peek_last_error();
}

/* What OpenSSL could not do for lack of memory is not what the certificate says. */
static bool lacks_memory(unsigned long before)
{
	unsigned long now = last_error();
	return now != before && ERR_GET_REASON(now) == ERR_R_MALLOC_FAILURE;
}

static void read_names(smsc_arena *a, X509 *x, smsc_x509_facts *out)
{
	out->subject = name_text(a, X509_get_subject_name(x));
	out->issuer = name_text(a, X509_get_issuer_name(x));
	out->subject_der = name_der(a, X509_get_subject_name(x));
	out->issuer_der = name_der(a, X509_get_issuer_name(x));
}

static void read_rest(smsc_arena *a, X509 *x, smsc_x509_facts *out)
{
	const X509_ALGOR *algorithm = NULL;
	const ASN1_OBJECT *object = NULL;
	out->not_before = time_of(X509_get0_notBefore(x));
	out->not_after = time_of(X509_get0_notAfter(x));
	X509_get0_signature(NULL, &algorithm, x);
	if (algorithm)
		X509_ALGOR_get0(&object, NULL, NULL, algorithm);
	out->signed_with = object_text(a, object, 0);
	out->usages = usages(a, x);
	out->key_id = key_id(a, x);
}

static void read_signature(smsc_arena *a, X509 *x, smsc_x509_facts *out)
{
	(void)a;
	out->self_signed = self_signed(x);
}

/* False without memory. */
static bool read_facts(smsc_arena *a, X509 *x, smsc_x509_facts *out)
{
	void (*const steps[])(smsc_arena *, X509 *, smsc_x509_facts *) = {
		read_names, read_serial, read_rest, read_key, read_signature, read_spki
	};
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		unsigned long before = last_error();
		steps[i](a, x, out);
		if (lacks_memory(before))
			return false;
	}
	return !smsc_arena_failed(a);
}

static bool is_odd(const smsc_x509_facts *x)
{
	bool own = x->subject_der.size == x->issuer_der.size && x->subject_der.size &&
		!memcmp(x->subject_der.data, x->issuer_der.data, x->subject_der.size);
	return !*x->subject || !*x->issuer || !*x->algorithm || !x->bits || (own && x->self_signed != 1);
}

/* As above; `odd` says that OpenSSL could not make something of a part of it. */
static int read_once(OSSL_LIB_CTX *library, smsc_arena *a, smsc_span der, smsc_x509_facts *out, size_t *size, bool *odd)
{
	const unsigned char *at = der.data;
	X509 *x = X509_new_ex(library, NULL);
	int known = x ? 0 : -1;
	memset(out, 0, sizeof *out);
	if (x && d2i_X509(&x, &at, (long)der.size)) {
		*size = (size_t)(at - (const unsigned char *)der.data);
		known = smsc_hash(SMSC_SHA1, (smsc_span){ der.data, *size }, out->sha1) && read_facts(a, x, out) ? 1 : -1;
	}
	*odd = !known || (known > 0 && is_odd(out));
	X509_free(x);
	return known;
}

int smsc_x509_read(smsc_arena *a, smsc_span der, smsc_x509_facts *out, size_t *size)
{
	bool odd = true;
	int known = 0;
	OSSL_LIB_CTX *library = der.size && der.size <= SMSC_X509_MAX ? smsc_crypto_library() : NULL;
	if (!library)
		return 0;
	smsc_crypto_enter();
	/* OpenSSL tells lack of memory from what is wrong by an error that others may lie over.
	 * What is odd for itself is so the second time as well. */
	for (int i = 0; i < 2 && odd && known >= 0; i++)
		known = read_once(library, a, der, out, size, &odd);
	smsc_crypto_leave();
	return smsc_arena_failed(a) ? -1 : known;
}

bool smsc_x509_is_hash(smsc_span in, smsc_span hash)
{
	static const struct {
		size_t size;
		const char *name;
	} digests[] = { { 16, "MD5" }, { 20, "SHA1" }, { 32, "SHA256" }, { 48, "SHA384" }, { 64, "SHA512" } };
	uint8_t made[EVP_MAX_MD_SIZE];
	size_t size = 0;
	OSSL_LIB_CTX *library = smsc_crypto_library();
	for (size_t i = 0; library && i < sizeof digests / sizeof *digests; i++)
		if (hash.size == digests[i].size)
			EVP_Q_digest(library, digests[i].name, NULL, in.data, in.size, made, &size);
	return size && size == hash.size && !memcmp(made, hash.data, size);
}

void smsc_x509_of_pem(smsc_span block, smsc_buf *der)
{
	const char *begin = block.size ? memchr(block.data, '\n', block.size) : NULL;
	const char *end = begin ? memmem(begin, (size_t)((const char *)block.data + block.size - begin), "-----END", 8) : NULL;
	size_t size = end ? (size_t)(end - begin) : begin ? block.size - (size_t)(begin - (const char *)block.data) : 0;
	EVP_ENCODE_CTX *c = size && size < SMSC_X509_MAX * 2 ? EVP_ENCODE_CTX_new() : NULL;
	int n = 0, rest = 0;
	if (!c || !smsc_buf_reserve(der, size + 3)) {
		EVP_ENCODE_CTX_free(c);
		return;
	}
	EVP_DecodeInit(c);
	uint8_t *out = (uint8_t *)der->data + der->size;
	if (EVP_DecodeUpdate(c, out, &n, (const unsigned char *)begin, (int)size) >= 0 && n >= 0)
		EVP_DecodeFinal(c, out + n, &rest);
	der->size += (size_t)(n > 0 ? n : 0) + (size_t)(rest > 0 ? rest : 0);
	EVP_ENCODE_CTX_free(c);
}
