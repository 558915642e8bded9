/* cert_blob.c - the value Blob of a certificate in the registry, or its file in a file store:
 * properties, then the certificate itself [registry-certs 2.10; wincrypt.h]. */
#include "cert_blob.h"

#include "../base/ident.h"
#include "../base/text.h"
#include "format.h"
#include "x509.h"

enum kind { BYTES, TEXT, NUMBER, TIME, MARK, KEY, OBJECT };

static const struct property {
	uint32_t id;
	enum kind kind;
	const char *name, *meaning;
} properties[] = {
	{ SMSC_CERT_KEY, KEY, "key_provider", "where the private key is" },
	{ SMSC_CERT_SHA1, BYTES, "sha1", "SHA-1 of the certificate: its thumbprint" },
	{ SMSC_CERT_MD5, BYTES, "md5", "MD5 of the certificate" },
	{ 5, BYTES, "key_context", "handle of a private key" },
	{ 6, NUMBER, "key_spec", "use of the private key" },
	{ 9, BYTES, "enhanced_key_usage", "uses that are allowed (DER)" },
	{ 10, BYTES, "next_update_location", "where the next list is" },
	{ SMSC_CERT_FRIENDLY, TEXT, "friendly_name", "name for people" },
	{ 12, TEXT, "pvk_file", "file with the private key" },
	{ 13, TEXT, "description", "description" },
	{ 14, NUMBER, "access_state", "1: may be written, 2: may be written by the system" },
	{ SMSC_CERT_SIGNATURE_HASH, BYTES, "signature_hash", "hash of what is signed" },
	{ 16, BYTES, "smart_card", "data of a smart card" },
	{ 17, BYTES, "efs", "for the encrypting file system" },
	{ 18, BYTES, "fortezza", "data of a Fortezza card" },
	{ SMSC_CERT_ARCHIVED, MARK, "archived", "the certificate is out of use" },
	{ SMSC_CERT_KEY_ID, BYTES, "key_identifier", "identifier of the key" },
	{ 21, TEXT, "auto_enroll", "certificate type it was enrolled as" },
	{ 22, BYTES, "key_parameters", "parameters of the public key" },
	{ 23, BYTES, "cross_certificates", "where cross certificates are" },
	{ SMSC_CERT_ISSUER_KEY_MD5, BYTES, "issuer_key_md5", "MD5 of the issuer's public key" },
	{ SMSC_CERT_SUBJECT_KEY_MD5, BYTES, "subject_key_md5", "MD5 of the public key" },
	{ 26, BYTES, "enrollment", "request that waits for its certificate" },
	{ SMSC_CERT_DATE, TIME, "date_stamp", "when it was put into the store" },
	{ SMSC_CERT_ISSUER_SERIAL_MD5, BYTES, "issuer_serial_md5", "MD5 of issuer and serial number" },
	{ SMSC_CERT_SUBJECT_MD5, BYTES, "subject_md5", "MD5 of the subject" },
	{ 30, TEXT, "extended_error", "what was wrong with it" },
	{ SMSC_CERT_CERTIFICATE, OBJECT, "certificate", "the certificate" },
	{ SMSC_CERT_CRL, BYTES, "crl", "list of revoked certificates (DER)" },
	{ SMSC_CERT_CTL, BYTES, "ctl", "list of trusted certificates (DER)" },
	{ 64, BYTES, "renewal", "thumbprint of the certificate that renewed it" },
	{ 65, BYTES, "archived_key_hash", "hash of the archived key" },
	{ 66, BYTES, "enroll_retry", "when enrollment is tried again" },
	{ 67, BYTES, "aia_retrieved", "issuers that were fetched" },
	{ 68, BYTES, "authority_access", "where issuers are" },
	{ 69, BYTES, "backed_up", "whether it was exported" },
	{ 70, BYTES, "ocsp_response", "answer on revocation" },
	{ 71, TEXT, "request_originator", "computer that asked for it" },
	{ 72, TEXT, "source_location", "where it came from" },
	{ 73, TEXT, "source_url", "address it came from" },
	{ 74, BYTES, "new_key", "made with a new key" },
	{ 75, BYTES, "ocsp_cache_prefix", "where answers on revocation are cached" },
	{ 76, BYTES, "smart_card_root", "roots of a smart card" },
	{ 77, BYTES, "no_expiry_check", "whether its end is watched" },
	{ 80, BYTES, "subject_access", "where its owner's services are" },
	{ 81, BYTES, "ca_ocsp_access", "where its issuer answers" },
	{ 82, BYTES, "ca_disable_crl", "whether its issuer has a list" },
	{ 83, BYTES, "root_policies", "policies of the root program" },
	{ 84, BYTES, "root_name_constraints", "names the root program allows" },
	{ 85, BYTES, "subject_ocsp_access", "where answers on it are" },
	{ 86, BYTES, "subject_disable_crl", "whether a list is asked for it" },
	{ 87, BYTES, "enrollment_policy", "server it was enrolled at" },
	{ 89, TEXT, "signature_algorithms", "algorithms of the signature" },
	{ 90, BYTES, "smart_card_pin_id", "PIN of a smart card" },
	{ 91, BYTES, "smart_card_pin", "about the PIN of a smart card" },
	{ 92, NUMBER, "key_bits", "bits of the public key" },
	{ 93, BYTES, "key_algorithm", "algorithm of the public key" },
	{ 94, NUMBER, "issuer_key_bits", "bits of the issuer's public key" },
	{ 95, BYTES, "chain_signature_algorithms", "algorithms of the issuers' signatures" },
	{ 96, BYTES, "chain_key_algorithms", "algorithms of the issuers' keys" },
	{ 97, BYTES, "no_expiry_notice", "whether its end is announced" },
	{ 98, BYTES, "auth_root_sha256", "SHA-256 that the root program has for it" },
	{ 104, TIME, "disallowed_since", "since when it is not trusted" },
	{ 105, BYTES, "root_chain_policies", "policies of the root program for chains" },
	{ 107, BYTES, "sha256", "SHA-256 of the certificate" },
};

static const struct property *property_of(uint32_t id)
{
	for (size_t i = 0; i < sizeof properties / sizeof *properties; i++)
		if (properties[i].id == id)
			return &properties[i];
	return NULL;
}

/* ---- where the private key is ------------------------------------------------------------- */

#define MACHINE_KEYSET 0x20u

static void note_flags(smsc_record *r, uint32_t flags)
{
	if (flags & MACHINE_KEYSET)
		smsc_note(r, "the machine's key set");
}

/* Bytes of the UTF-16 text at `at` with its NUL, or up to the end. */
static size_t text_size(smsc_span s, size_t at)
{
	const uint8_t *b = s.data;
	size_t i = at;
	while (i + 2 <= s.size && (b[i] || b[i + 1]))
		i += 2;
	return (i + 2 <= s.size ? i + 2 : s.size) - at;
}

/* A text that an offset leads to.  Between the texts there may be bytes that nobody wrote. */
static void read_text_at(smsc_record *r, smsc_cur *c, uint32_t offset, uint64_t told,
                         const char *name, const char *meaning)
{
	smsc_span all = { c->data, c->size };
	if (offset < c->at || offset >= c->size) {
		smsc_damage(r, SMSC_RULE_D003, told, "%s: %s", name, offset >= c->size ?
		            "its offset lies behind the end" : "its offset lies within what stands before it");
		return;
	}
	smsc_read_bytes(r, c, offset - c->at, "padding", "bytes between the texts");
	size_t n = text_size(all, c->at);
	const uint8_t *b = c->data + c->at;
	if (n < 2 || b[n - 1] || b[n - 2])
		smsc_damage(r, SMSC_RULE_D001, smsc_cur_where(c) + n, "%s: no NUL before the end", name);
	smsc_read_utf16(r, c, n, name, meaning);
}

/* Offsets count from the first byte of the property's value. */
static void read_key(smsc_record *r, smsc_span value, uint64_t at)
{
	smsc_cur cursor = smsc_cur_of(value, at), *c = &cursor;
	uint32_t container = smsc_read_u32(r, c, "container_offset", "where the container's name begins");
	uint32_t provider = smsc_read_u32(r, c, "provider_offset", "where the provider's name begins");
	smsc_read_u32(r, c, "provider_type", "type of the provider; 0: a CNG key");
	note_flags(r, smsc_read_u32(r, c, "flags", "flags of CryptAcquireContext"));
	uint32_t count = smsc_read_u32(r, c, "parameter_count", "parameters of the provider");
	smsc_read_u32(r, c, "parameter_offset", "where they begin");
	uint32_t spec = smsc_read_u32(r, c, "key_spec", "use of the private key");
	if (!smsc_cur_ok(c))
		return;
	if (spec == 1 || spec == 2)
		smsc_note(r, "%s", spec == 1 ? "AT_KEYEXCHANGE" : "AT_SIGNATURE");
	for (int i = 0; i < 2; i++)
		if ((i == 0) == (container <= provider))
			read_text_at(r, c, container, at, "container", "key container: its name, or that of its file");
		else
			read_text_at(r, c, provider, at + 4, "provider", "cryptographic provider");
	if (count)
		smsc_read_bytes(r, c, smsc_cur_left(c), "parameters", "parameters of the provider");
	else
		smsc_read_bytes(r, c, smsc_cur_left(c), "padding", "bytes behind the texts");
}

/* ---- elements -------------------------------------------------------------------------------- */

static void read_value(smsc_record *r, smsc_cur *c, const struct property *p)
{
	static const char value[] = "value";
	size_t size = smsc_cur_left(c);
	uint64_t at = smsc_cur_where(c);
	if (p->kind == TEXT && size)
		smsc_read_utf16(r, c, size, value, p->meaning);
	else if (p->kind == NUMBER && size == 4)
		smsc_read_u32(r, c, value, p->meaning);
	else if (p->kind == TIME && size == 8)
		smsc_read_filetime(r, c, value, p->meaning);
	else if (p->kind == KEY)
		read_key(r, smsc_cur_take(c, size), at);
	else if (p->kind == OBJECT)
		smsc_x509_decode(smsc_cur_take(c, size), at, smsc_put_record(r, "x509", p->meaning, "x509", at, size));
	else if (smsc_holds_private_key(smsc_span_of(c->data, c->size)))
		smsc_read_withheld(r, c, size, value, p->meaning);
	else
		smsc_read_bytes(r, c, size, value, p->meaning);
	if ((p->kind == TIME && size != 8) || (p->kind == NUMBER && size != 4))
		smsc_damage(r, SMSC_RULE_D003, at, "value: %zu bytes", size);
}

uint32_t smsc_cert_element(smsc_record *r, smsc_cur *c)
{
	static const struct property unknown = { 0, BYTES, "property", "a property that is not known" };
	smsc_span left = smsc_span_cut(smsc_span_of(c->data, c->size), c->at, smsc_cur_left(c));
	uint64_t at = smsc_cur_where(c);
	uint32_t id = left.size >= 4 ? smsc_le32(left.data) : 0;
	uint64_t size = left.size >= SMSC_CERT_HEAD ? smsc_le32((const uint8_t *)left.data + 8) : 0;
	uint64_t whole = SMSC_CERT_HEAD + size;
	const struct property *p = property_of(id);
	if (!p)
		p = &unknown;
	size_t n = whole < left.size ? (size_t)whole : left.size;
	smsc_record *element = smsc_put_record(r, p->name, p->meaning, r->format, at, n);
	smsc_cur in = smsc_cur_of(smsc_cur_take(c, n), at);
	smsc_read_u32(element, &in, "id", "what this element is");
	uint32_t encoding = smsc_read_u32(element, &in, "encoding", "always 1: X.509");
	smsc_read_u32(element, &in, "size", "bytes of its value");
	if (!smsc_cur_ok(&in))
		return id;
	if (encoding != 1)
		smsc_damage(element, SMSC_RULE_D004, at + 4, "encoding: %u, always 1 so far", encoding);
	if (whole > n)
		smsc_damage(element, SMSC_RULE_D001, at + n, "%llu bytes wanted, %zu left",
		            (unsigned long long)size, n - SMSC_CERT_HEAD);
	read_value(element, &in, p);
	smsc_read_rest(element, &in);
	return id;
}

unsigned smsc_cert_count(smsc_span in, bool *whole)
{
	unsigned count = 0;
	uint32_t id = 0;
	*whole = false;
	while (in.size >= SMSC_CERT_HEAD && count < SMSC_CERT_ELEMENTS) {
		const uint8_t *b = in.data;
		id = smsc_le32(b);
		if (!id || smsc_le32(b + 4) != 1 || (!count && !property_of(id)))
			return 0;
		uint64_t size = SMSC_CERT_HEAD + (uint64_t)smsc_le32(b + 8);
		if (size > in.size)
			return count + 1;
		in = smsc_span_cut(in, (size_t)size, SIZE_MAX);
		count++;
	}
	*whole = !in.size && smsc_cert_is_object(id);
	return count;
}

/* ---- the blob ---------------------------------------------------------------------------------- */

static void decode(smsc_span in, smsc_record *r)
{
	smsc_cur c = smsc_cur_of(in, 0);
	unsigned count = 0;
	uint32_t id = 0;
	while (smsc_cur_left(&c) >= SMSC_CERT_HEAD && count++ < SMSC_CERT_ELEMENTS)
		id = smsc_cert_element(r, &c);
	if (count > SMSC_CERT_ELEMENTS)
		smsc_damage(r, SMSC_RULE_D008, smsc_cur_where(&c), "only %d elements are read", SMSC_CERT_ELEMENTS);
	else if (smsc_cur_left(&c))
		smsc_damage(r, SMSC_RULE_D001, in.size, "an element ends within its head");
	else if (!smsc_cert_is_object(id))
		smsc_damage(r, SMSC_RULE_D001, in.size, "no certificate behind the properties");
	smsc_read_rest(r, &c);
}

/* A file of a file store has the thumbprint as its name. */
static bool has_thumbprint(const char *name)
{
	const char *last = smsc_path_last(name);
	size_t n = 0;
	while (smsc_hex_digit(last[n]) >= 0)
		n++;
	return n == 40 && !last[n];
}

static int probe(smsc_span in, uint64_t size, const char *name)
{
	bool whole;
	unsigned count = smsc_cert_count(in, &whole);
	if (!count)
		return 0;
	if (whole && size == in.size)
		return 95;
	return has_thumbprint(name) ? 80 : count > 1 ? 60 : 0;
}

const smsc_format smsc_cert_blob = {
	"cert-blob", "certificate with its properties (registry value Blob, file store)", probe, decode
};
