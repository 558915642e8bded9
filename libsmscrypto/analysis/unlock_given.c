/* unlock_given.c - secrets as the caller writes them: "dpapi-system=HEX40". */
#include <string.h>

#include "../base/cursor.h"
#include "../base/ident.h"
#include "../base/text.h"
#include "unlock.h"

enum { MASTER_KEY = 64, KEY_SHA1 = 20, MAX_BACKUP_KEY = 65536 };

/* Hex digits of either case to a secret; NULL when they are none or the memory is out. */
static smsc_secret *secret_of_hex(const char *hex)
{
	size_t size = strlen(hex);
	smsc_secret *s = size % 2 || size > 2 * MAX_BACKUP_KEY ? NULL : smsc_secret_new(size / 2);
	for (size_t i = 0; s && i < size; i += 2) {
		int high = smsc_hex_digit(hex[i]), low = smsc_hex_digit(hex[i + 1]);
		if (high < 0 || low < 0) {
			smsc_secret_free(s);
			return NULL;
		}
		smsc_secret_data(s)[i / 2] = (uint8_t)(high << 4 | low);
	}
	return s;
}

static bool read_system(smsc_case *c, const char *value, smsc_given *out)
{
	(void)c;
	out->kind = SMSC_SECRET_DPAPI_SYSTEM;
	out->data = secret_of_hex(value);
	return out->data && (smsc_secret_size(out->data) == 40 || smsc_secret_size(out->data) == 20);
}

static bool read_master_key(smsc_case *c, const char *value, smsc_given *out)
{
	const char *colon = strchr(value, ':');
	uint8_t guid[16];
	char text[SMSC_GUID_TEXT];
	if (!colon || !smsc_guid_parse(value, (size_t)(colon - value), guid))
		return false;
	smsc_guid_text(guid, text);
	out->kind = SMSC_SECRET_MASTER_KEY;
	out->name = smsc_arena_text(c->arena, text, strlen(text));
	out->data = secret_of_hex(colon + 1);
	return out->name && out->data &&
	       (smsc_secret_size(out->data) == MASTER_KEY || smsc_secret_size(out->data) == KEY_SHA1);
}

static bool read_password(smsc_case *c, const char *value, smsc_given *out)
{
	const char *colon = strchr(value, ':');
	if (!colon || strncmp(value, "S-", 2))
		return false;
	size_t size = strlen(colon + 1);
	if (smsc_utf8_valid(smsc_span_of(colon + 1, size)) != size)
		return false;
	out->kind = SMSC_SECRET_PASSWORD;
	out->name = smsc_arena_text(c->arena, value, (size_t)(colon - value));
	out->data = smsc_secret_copy(colon + 1, size);
	return out->name && out->data;
}

static bool read_domain_key(smsc_case *c, const char *value, smsc_given *out)
{
	(void)c;
	out->kind = SMSC_SECRET_DOMAIN_BACKUP_KEY;
	out->data = secret_of_hex(value);
	return out->data && smsc_secret_size(out->data) > 0;
}

static const struct {
	const char *name, *form;
	bool (*read)(smsc_case *c, const char *value, smsc_given *out);
} kinds[] = {
	{ "dpapi-system=", "40 bytes in hex", read_system },
	{ "master-key=", "GUID:HEX, 64 bytes or the 20 of its SHA-1", read_master_key },
	{ "password=", "SID:TEXT", read_password },
	{ "domain-backup-key=", "a PVK file in hex", read_domain_key },
};

static int take(smsc_case *c, smsc_given *given, smsc_error **err)
{
	if (!smsc_arena_grow(c->arena, &c->given, c->given_count, &c->given_room, sizeof *c->given)) {
		smsc_secret_free(given->data);
		return smsc_fail_nomem(err);
	}
	c->given[c->given_count++] = *given;
	return 0;
}

/* The messages name the kind, never the value. */
int smsc_case_unlock(smsc_case *c, const char *secret, smsc_error **err)
{
	if (smsc_failed(err))
		return -1;
	if (!secret)
		return smsc_fail(err, SMSC_EARG, NULL, -1, "smsc_case_unlock: no secret");
	if (c->final)
		return smsc_fail(err, SMSC_EARG, NULL, -1, "a secret was given after the analysis");
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		size_t n = strlen(kinds[i].name);
		if (strncmp(secret, kinds[i].name, n))
			continue;
		smsc_given given = { .name = "" };
		if (kinds[i].read(c, secret + n, &given))
			return take(c, &given, err);
		smsc_secret_free(given.data);
		return smsc_fail(err, SMSC_EARG, NULL, -1, "a secret %.*s must be %s", (int)n - 1,
		                 kinds[i].name, kinds[i].form);
	}
	return smsc_fail(err, SMSC_EARG, NULL, -1,
	                 "a secret must begin with dpapi-system=, master-key=, password= or domain-backup-key=");
}
