/* certificate_read.c - certificates out of hives and files [registry-certs 2.10]. */
#include <string.h>

#include "../base/ident.h"
#include "../base/text.h"
#include "../crypto/hash.h"
#include "../format/regf.h"
#include "certificate.h"
#include "decode.h"

/* Where hives keep stores: of the machine, and of a user (whose hive may begin at Software). */
static const struct {
	const char *key;
	bool user;
} roots[] = {
	{ "Microsoft\\SystemCertificates", false },
	{ "Microsoft\\EnterpriseCertificates", false },
	{ "Policies\\Microsoft\\SystemCertificates", false },
	{ "Software\\Microsoft\\SystemCertificates", true },
	{ "Software\\Policies\\Microsoft\\SystemCertificates", true },
};

enum { MAX_PROBLEMS = 8 };

typedef struct reader {
	smsc_case  *c;
	smsc_hive   hive;
	smsc_buf    room;
	smsc_certificate_found where;
	unsigned    problems;
	smsc_error **err;
	bool        failed;
} reader;

/* ---- hives ------------------------------------------------------------------------------------ */

/* The byte in the file of the byte `at` of the value's data, which may lie in pieces. */
static uint64_t place_of(reader *r, const smsc_hive_value *v, uint64_t at)
{
	smsc_span piece;
	uint64_t piece_at;
	for (uint32_t i = 0; smsc_hive_value_piece(&r->hive, v, i, &piece, &piece_at); i++) {
		if (at < piece.size)
			return piece_at + at;
		at -= piece.size;
	}
	return smsc_hive_offset(v->cell);
}

static void copy_findings(reader *r, const smsc_record *record, const smsc_hive_value *v)
{
	const smsc_finding *f;
	for (size_t i = 0; (f = smsc_record_finding_at(record, i)) && r->problems < MAX_PROBLEMS; i++, r->problems++)
		smsc_findings_add(&r->c->findings, r->c->arena, f->rule,
		                  smsc_case_place(r->c, r->where.snapshot, r->where.path), place_of(r, v, f->offset),
		                  "certificate store %s: %s", r->where.store, f->text);
}

static bool read_blob(reader *r, const smsc_hive_value *v, smsc_span blob)
{
	uint8_t content[SMSC_SHA256_SIZE];
	if (!smsc_hash(SMSC_SHA256, blob, content))
		return false;
	smsc_certificate_found where = r->where;
	const smsc_certificate_form *seen = smsc_certificate_seen(r->c, content);
	if (seen) {
		where.at = place_of(r, v, seen->der_at) - seen->der_at;
		return smsc_certificate_place_add(r->c, &where, seen);
	}
	smsc_record *record = smsc_decode_as(&smsc_cert_blob, "", blob, r->c->settings.codepage, r->err);
	if (!record)
		return false;
	copy_findings(r, record, v);
	const smsc_field *f = smsc_record_get(record, "certificate.x509");
	where.at = f ? place_of(r, v, f->at) - f->at : 0;
	bool good = smsc_certificates_of_record(r->c, &where, record, blob);
	smsc_record_unref(record);
	return good;
}

static bool on_certificate(void *user, const smsc_hive_key *k, unsigned depth)
{
	reader *r = user;
	smsc_hive_value v;
	(void)depth;
	if (!smsc_hive_value_find(&r->hive, k, "Blob", &v))
		return true;
	smsc_span blob = smsc_hive_value_data(&r->hive, &v, &r->room);
	r->failed = blob.size && !read_blob(r, &v, blob);
	return !r->failed;
}

static bool on_store(void *user, const smsc_hive_key *k, unsigned depth)
{
	reader *r = user;
	smsc_hive_key certificates;
	smsc_buf name = SMSC_BUF_INIT;
	(void)depth;
	if (!smsc_hive_find(&r->hive, k, "Certificates", &certificates))
		return true;
	smsc_hive_name(&name, k->name, k->latin);
	r->where.store = smsc_arena_text(r->c->arena, name.data ? name.data : "", name.size);
	r->failed = name.failed || !r->where.store;
	smsc_buf_free(&name);
	if (!r->failed)
		smsc_hive_subkeys(&r->hive, &certificates, on_certificate, r);
	return !r->failed;
}

static bool starts_with(const char *path, const char *word)
{
	const char *last = smsc_path_last(path);
	while (*word && smsc_ascii_lower(*last) == smsc_ascii_lower(*word))
		last++, word++;
	return !*word;
}

bool smsc_certificate_wants(smsc_span head, const char *path)
{
	return head.size >= 512 && !memcmp(head.data, "regf", 4) &&
		(starts_with(path, "NTUSER") || starts_with(path, "DEFAULT"));
}

int smsc_certificates_read_hive(smsc_case *c, const smsc_snapshot *s, const char *path, smsc_span bytes,
                                smsc_error **err)
{
	reader r = { .c = c, .where = { .snapshot = s }, .err = err };
	smsc_hive_key key;
	bool machine = starts_with(path, "SOFTWARE");
	r.where.path = smsc_arena_text(c->arena, path, strlen(path));
	/* What is wrong with the hive itself is told by who reads it first. */
	if (!r.where.path || !smsc_hive_open(&r.hive, bytes, NULL, NULL))
		return r.where.path ? 0 : smsc_fail_nomem(err);
	for (size_t i = 0; i < sizeof(roots) / sizeof(*roots) && !r.failed; i++) {
		r.where.machine = machine && !roots[i].user;
		if (smsc_hive_find(&r.hive, NULL, roots[i].key, &key))
			smsc_hive_subkeys(&r.hive, &key, on_store, &r);
	}
	bool good = !r.failed && !r.room.failed;
	smsc_buf_free(&r.room);
	return !good || smsc_arena_failed(c->arena) ? smsc_fail_nomem(err) : 0;
}

/* ---- files -------------------------------------------------------------------------------------- */

/* The last folder but one: a file store is <store>\Certificates\<thumbprint>. */
static const char *store_of_path(smsc_arena *arena, const char *path)
{
	const char *begin[3] = { path, path, path }, *last = smsc_path_last(path);
	static const char certificates[] = "certificates";
	for (const char *p = path; p < last; p++)
		if (*p == '/' || *p == '\\') {
			begin[0] = begin[1];
			begin[1] = begin[2];
			begin[2] = p + 1;
		}
	size_t n = begin[2] == last && begin[2] > begin[1] ? (size_t)(last - begin[1]) - 1 : 0;
	if (n != sizeof(certificates) - 1 || begin[1] == begin[0])
		return "";
	for (size_t i = 0; i < n; i++)
		if (smsc_ascii_lower(begin[1][i]) != certificates[i])
			return "";
	const char *store = smsc_arena_text(arena, begin[0], (size_t)(begin[1] - begin[0]) - 1);
	return store ? store : "";
}

bool smsc_certificates_read_file(smsc_case *c, const smsc_snapshot *s, const smsc_record *r, smsc_span bytes)
{
	static const char *const formats[] = { "cert-blob", "cert-store", "x509" };
	smsc_certificate_found where = { .snapshot = s, .path = r->path, .store = "" };
	bool wanted = false;
	for (size_t i = 0; i < sizeof(formats) / sizeof(*formats); i++)
		wanted |= !strcmp(r->format, formats[i]);
	if (wanted && !strcmp(r->format, "cert-blob"))
		where.store = store_of_path(c->arena, r->path);
	return !wanted || smsc_certificates_of_record(c, &where, r, bytes);
}
