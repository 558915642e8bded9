/* decode.c - smsc_decode(): the right decoder, then what follows from its fields. */
#include "decode.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../base/ident.h"
#include "../base/text.h"
#include "certificate_facts.h"
#include "container_names.h"
#include "hive_facts.h"
#include "metabase.h"
#include "public_key.h"

/* MD5 of the lower-case name and its NUL, printed as four little-endian numbers. */
bool smsc_container_hash(smsc_span name, bool wide, char out[33])
{
	static const char nul[2];
	smsc_buf lower = SMSC_BUF_INIT;
	uint8_t digest[SMSC_MD5_SIZE];
	const char *bytes = name.data;
	for (size_t i = 0; i < name.size; i++)
		smsc_buf_char(&lower, smsc_ascii_lower(bytes[i]));
	smsc_buf_add(&lower, nul, wide ? 2 : 1);
	out[0] = '\0';
	if (!lower.failed && smsc_hash(SMSC_MD5, (smsc_span){ lower.data, lower.size }, digest))
		snprintf(out, 33, "%08x%08x%08x%08x", smsc_le32(digest), smsc_le32(digest + 4),
		         smsc_le32(digest + 8), smsc_le32(digest + 12));
	bool done = !lower.failed;
	smsc_buf_free(&lower);
	return done;
}

/* Both kinds of names store their length with the NUL or without it. */
static smsc_span without_nul(smsc_span name, size_t unit)
{
	const uint8_t *b = name.data;
	while (name.size >= unit && !b[name.size - 1] && !b[name.size - unit])
		name.size -= unit;
	return name;
}

static bool is_ascii(smsc_span name)
{
	const uint8_t *b = name.data;
	for (size_t i = 0; i < name.size; i++)
		if (b[i] >= 0x80)
			return false;
	return true;
}

static void not_stored(smsc_field *f)
{
	if (f)
		f->bytes = 0;
}

static void put_print(smsc_record *r, const smsc_record *public, uint64_t at)
{
	smsc_fingerprint print;
	int known = public ? smsc_public_key_print(public, &print) : 0;
	if (known < 0)
		r->root->failed = true;
	if (known > 0)
		not_stored(smsc_put_bytes(r, "spki_sha256", "SHA-256 of the SubjectPublicKeyInfo",
		                          (smsc_span){ print.sha256, SMSC_SHA256_SIZE }, at));
}

/* How Windows lower-cases letters beyond ASCII depends on its code page: then the name
 * proves nothing against the file name. */
static void check_name(smsc_record *r, const char *hash, smsc_span name, uint64_t at)
{
	char file[33], guid[SMSC_GUID_TEXT];
	if (smsc_container_name_parse(r->path, file, guid) && strcmp(file, hash) && is_ascii(name))
		smsc_damage(r, SMSC_RULE_K015, at, "the file is named %s, the container in it %s",
		            file, hash);
}

static void derive_name(smsc_record *r, smsc_span in, bool wide)
{
	const smsc_field *f = smsc_record_get(r, "name");
	/* A name that the end of the file cut short is another name. */
	if (!f || f->at > in.size ||
	    f->bytes != (uint64_t)smsc_record_number(r, "name_size", (int64_t)f->bytes))
		return;
	uint64_t at = f->at;
	smsc_span name = without_nul(smsc_span_cut(in, (size_t)at, (size_t)f->bytes), wide ? 2 : 1);
	char hash[33];
	if (!smsc_container_hash(name, wide, hash))
		r->failed = true;
	if (!name.size || !*hash)
		return;
	const smsc_container_name *known = smsc_container_name_of(hash);
	smsc_put_text(r, "file_hash", "hash of the name: how the file must be called", hash, 32, at, 0);
	if (known) {
		smsc_put_text(r, "known_as", "container that this hash is known for", known->name,
		              strlen(known->name), at, 0);
		smsc_note(r, "%s", known->product);
	}
	check_name(r, hash, name, at);
}

static void derive_pair(smsc_record *r, const char *which)
{
	smsc_record *pair = smsc_record_part(r, which);
	const smsc_field *public = smsc_record_get(pair, "public");
	if (public && public->type == SMSC_RECORD)
		put_print(pair, public->as.record, public->at);
}

static void derive(smsc_record *r, smsc_span in)
{
	if (!strcmp(r->format, "capi-container")) {
		derive_name(r, in, false);
		derive_pair(r, "signature");
		derive_pair(r, "exchange");
	} else if (!strcmp(r->format, "cng-key")) {
		derive_name(r, in, true);
	} else if (!strcmp(r->format, "key-blob")) {
		put_print(r, r, 0);
	} else if (!strcmp(r->format, "pvk")) {
		put_print(r, smsc_record_part(r, "key"), 0);
	} else if (!strcmp(r->format, "regf")) {
		smsc_hive_facts(r, in);
	} else if (!strcmp(r->format, "metabase")) {
		smsc_metabase_facts(r);
	} else if (!strcmp(r->format, "x509") || !strcmp(r->format, "cert-blob") ||
	           !strcmp(r->format, "cert-store")) {
		smsc_certificate_facts(r, in);
	}
}

smsc_record *smsc_decode_as(const smsc_format *format, const char *path, smsc_span in,
                            uint32_t codepage, smsc_error **err)
{
	smsc_record *r = smsc_format_decode(format, path, in, codepage);
	if (r)
		derive(r, in);
	if (r && !r->failed && !smsc_arena_failed(r->arena))
		return r;
	smsc_record_unref(r);
	smsc_fail_nomem(err);
	return NULL;
}

smsc_record *smsc_decode(const char *name, const void *data, size_t size,
                         const smsc_options *options, smsc_error **err)
{
	smsc_settings settings;
	if (smsc_failed(err) || smsc_settings_of(&settings, options, err) < 0)
		return NULL;
	if (!data && size) {
		smsc_fail(err, SMSC_EARG, name, -1, "smsc_decode: no bytes");
		return NULL;
	}
	smsc_span in = { data ? data : "", size };
	const smsc_format *format = smsc_format_probe(in, size, name);
	if (format)
		return smsc_decode_as(format, name, in, settings.codepage, err);
	smsc_fail(err, SMSC_EFORMAT, name, 0, "no format knows these bytes");
	return NULL;
}
