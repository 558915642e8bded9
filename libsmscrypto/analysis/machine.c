/* machine.c - the few keys and values of SYSTEM, SECURITY and SOFTWARE that matter to keys.
 * Paths: [registry-certs 2.9]. */
#include "machine.h"

#include <stdio.h>
#include <string.h>

#include "../base/ident.h"
#include "../base/text.h"
#include "../base/time.h"
#include "../crypto/lsa.h"
#include "../format/regf.h"
#include "keep.h"

/* One hive being read: where its facts and its damage go. */
typedef struct reader {
	smsc_case *c;
	smsc_snapshot *snapshot;
	const char *path;
	smsc_hive   hive;
	smsc_buf    room;
	unsigned    problems;
} reader;

/* Values of a hostile hive may be as long as the hive, and each be told of thousands of times. */
enum { MAX_PROBLEMS = 8, MAX_SECRETS = 4096, MAX_TEXT = 1024, MAX_SEALED = 4096 };

static void on_problem(void *user, uint64_t offset, const char *what)
{
	reader *r = user;
	bool dirty = r->hive.sequence[0] != r->hive.sequence[1] && offset == 4;
	if (r->problems++ < MAX_PROBLEMS)
		smsc_findings_add(&r->c->findings, r->c->arena, dirty ? SMSC_RULE_K010 : SMSC_RULE_D010,
		                  smsc_case_place(r->c, r->snapshot, r->path), offset, "%s", what);
}

/* Of two hives of one snapshot: the one in use, of copies the newest. */
static bool is_better(bool live, smsc_time written, bool than_live, smsc_time than_written)
{
	return live != than_live ? live : written > than_written;
}

/* ---- values ---- */

static bool value_of(reader *r, const char *key, const char *name, smsc_hive_key *k, smsc_hive_value *v)
{
	return smsc_hive_find(&r->hive, NULL, key, k) && smsc_hive_value_find(&r->hive, k, name, v);
}

static const char *text_of_span(reader *r, smsc_span s)
{
	const uint8_t *b = s.data;
	s = smsc_span_cut(s, 0, s.size < MAX_TEXT ? s.size : MAX_TEXT);
	while (s.size >= 2 && !b[s.size - 1] && !b[s.size - 2])
		s.size -= 2;
	smsc_buf out = SMSC_BUF_INIT;
	smsc_text_utf16(&out, s);
	const char *text = out.size ? smsc_arena_text(r->c->arena, out.data, out.size) : NULL;
	if (out.failed)
		smsc_keep_failed(r->c->arena);
	smsc_buf_free(&out);
	return text;
}

static const char *text(reader *r, const char *key, const char *name)
{
	smsc_hive_key k;
	smsc_hive_value v;
	return value_of(r, key, name, &k, &v) ? text_of_span(r, smsc_hive_value_data(&r->hive, &v, &r->room)) : NULL;
}

static uint32_t number(reader *r, const char *key, const char *name, uint32_t otherwise)
{
	smsc_hive_key k;
	smsc_hive_value v;
	return value_of(r, key, name, &k, &v) ? smsc_hive_value_u32(&v, otherwise) : otherwise;
}

static smsc_time filetime(smsc_span s)
{
	return s.size == 8 ? smsc_time_of_filetime(smsc_le64(s.data)) : SMSC_NEVER;
}

static smsc_span keep(reader *r, smsc_span s)
{
	void *copy = s.size && s.size <= MAX_SEALED ? smsc_arena_copy(r->c->arena, s.data, s.size) : NULL;
	return smsc_span_of(copy, copy ? s.size : 0);
}

/* A restored tree holds copies of hives as well; the live ones lie in config. */
static bool is_live(const char *path)
{
	const char *last = smsc_path_last(path), *folder = last;
	if (folder == path)
		return false;
	do
		folder--;
	while (folder > path && folder[-1] != '/' && folder[-1] != '\\');
	size_t n = (size_t)(last - folder);
	return (n == 7 && !strncasecmp(folder, "config", 6)) || (n == 9 && !strncasecmp(folder, "registry", 8));
}

/* ---- SYSTEM ---- */

static smsc_secret *boot_key(reader *r, unsigned set, smsc_why why)
{
	static const char *const names[4] = { "JD", "Skew1", "GBG", "Data" };
	uint8_t classes[64];
	char path[64];
	size_t size = 0;
	for (int i = 0; i < 4; i++) {
		smsc_hive_key k;
		snprintf(path, sizeof path, "ControlSet%03u\\Control\\Lsa\\%s", set, names[i]);
		if (!smsc_hive_find(&r->hive, NULL, path, &k) || k.class_name.size != 16) {
			snprintf(why, SMSC_WHY, "%s has no class name of 8 digits", path);
			return NULL;
		}
		memcpy(classes + size, k.class_name.data, 16);
		size += 16;
	}
	smsc_secret *key = smsc_boot_key(smsc_span_of(classes, sizeof classes), why);
	smsc_wipe(classes, sizeof classes);
	if (!key && smsc_ran_out(why))
		smsc_keep_failed(r->c->arena);
	return key;
}

/* Windows writes the class names at set-up only, so they are the same in every control set. */
static void compare_boot_keys(reader *r, const smsc_system *s)
{
	for (unsigned set = 1; s->boot_key && set < 10; set++) {
		smsc_why why = "";
		smsc_secret *other = set == s->control_set ? NULL : boot_key(r, set, why);
		if (other && !smsc_secret_equal(smsc_secret_data(other), smsc_secret_data(s->boot_key), 16))
			smsc_findings_add(&r->c->findings, r->c->arena, SMSC_RULE_K017,
			                  smsc_case_place(r->c, r->snapshot, r->path), 0,
			                  "ControlSet%03u has another boot key than ControlSet%03u, the current one",
			                  set, s->control_set);
		smsc_secret_free(other);
	}
}

/* Minutes within a day either way; anything else is damage. */
static bool bias_of(reader *r, const char *key, const char *name, int32_t *out)
{
	smsc_hive_key k;
	smsc_hive_value v;
	if (!value_of(r, key, name, &k, &v) || v.data.size != 4)
		return false;
	*out = (int32_t)smsc_hive_value_u32(&v, 0);
	return *out >= -24 * 60 && *out <= 24 * 60;
}

static void read_zone(reader *r, smsc_system *s)
{
	char key[80];
	smsc_hive_key k;
	smsc_hive_value v;
	snprintf(key, sizeof key, "ControlSet%03u\\Control\\TimeZoneInformation", s->control_set);
	s->zone_known = bias_of(r, key, "Bias", &s->zone.bias) &&
	                bias_of(r, key, "StandardBias", &s->zone.standard_bias) &&
	                bias_of(r, key, "DaylightBias", &s->zone.daylight_bias);
	if (value_of(r, key, "StandardStart", &k, &v))
		smsc_zone_turn_read(v.data, &s->zone.standard);
	if (value_of(r, key, "DaylightStart", &k, &v))
		smsc_zone_turn_read(v.data, &s->zone.daylight);
	s->zone_name = text(r, key, "StandardName");
}

static bool read_system(reader *r)
{
	smsc_case *c = r->c;
	smsc_why why = "";
	char key[80];
	smsc_hive_key k;
	smsc_hive_value v;
	smsc_system *s = smsc_arena_alloc(c->arena, sizeof *s);
	if (!s || !smsc_arena_grow(c->arena, &c->systems, c->system_count, &c->system_room, sizeof *c->systems))
		return false;
	*s = (smsc_system){ .snapshot = r->snapshot, .path = r->path, .live = is_live(r->path),
	                    .written = r->hive.written, .control_set = number(r, "Select", "Current", 1) };
	c->systems[c->system_count++] = s;
	const smsc_system *best = r->snapshot->system;
	if (!best || is_better(s->live, s->written, best->live, best->written))
		r->snapshot->system = s;
	s->boot_key = boot_key(r, s->control_set, why);
	s->why = s->boot_key ? NULL : smsc_arena_text(c->arena, why, strlen(why));
	compare_boot_keys(r, s);
	read_zone(r, s);
	snprintf(key, sizeof key, "ControlSet%03u\\Control\\ComputerName\\ComputerName", s->control_set);
	s->computer = text(r, key, "ComputerName");
	snprintf(key, sizeof key, "ControlSet%03u\\Control\\ProductOptions", s->control_set);
	s->product_type = text(r, key, "ProductType");
	snprintf(key, sizeof key, "ControlSet%03u\\Control\\Windows", s->control_set);
	if (value_of(r, key, "ShutdownTime", &k, &v))
		s->shutdown = filetime(v.data);
	return true;
}

/* ---- SECURITY ---- */

typedef struct secret_list {
	reader *r;
	smsc_security *security;
	bool found;             /* DPAPI_SYSTEM */
	bool failed;
} secret_list;

/* Values only where `sealed`: nobody opens those of the other secrets. */
static void read_sealed(reader *r, const smsc_hive_key *secret, bool sealed, smsc_lsa_secret *out)
{
	static const char *const values[2] = { "CurrVal", "OldVal" }, *const times[2] = { "CupdTime", "OupdTime" };
	for (int i = 0; i < 2; i++) {
		smsc_hive_key k;
		smsc_hive_value v;
		if (smsc_hive_find(&r->hive, secret, values[i], &k)) {
			out->written[i] = k.written;
			if (sealed && smsc_hive_value_find(&r->hive, &k, "", &v))
				out->sealed[i] = keep(r, smsc_hive_value_data(&r->hive, &v, &r->room));
		}
		if (smsc_hive_find(&r->hive, secret, times[i], &k) && smsc_hive_value_find(&r->hive, &k, "", &v))
			out->updated[i] = filetime(v.data);
	}
}

static bool read_secret(void *user, const smsc_hive_key *k, unsigned depth)
{
	secret_list *l = user;
	smsc_security *s = l->security;
	smsc_arena *arena = l->r->c->arena;
	smsc_buf name = SMSC_BUF_INIT;
	(void)depth;
	if (s->count >= MAX_SECRETS)
		return false;
	smsc_hive_name(&name, k->name, k->latin);
	const char *kept = smsc_arena_text(arena, name.data ? name.data : "", name.size);
	smsc_buf_free(&name);
	l->failed = !kept || !smsc_arena_grow(arena, &s->secrets, s->count, &s->room, sizeof *s->secrets);
	if (l->failed)
		return false;
	smsc_lsa_secret *out = &s->secrets[s->count++];
	*out = (smsc_lsa_secret){ .name = kept, .at = smsc_hive_offset(k->cell) };
	read_sealed(l->r, k, !l->found && !strcmp(kept, SMSC_DPAPI_SYSTEM), out);
	l->found |= !strcmp(kept, SMSC_DPAPI_SYSTEM);
	return true;
}

static bool read_security(reader *r)
{
	smsc_case *c = r->c;
	smsc_hive_key k;
	smsc_hive_value v;
	smsc_security *s = smsc_arena_alloc(c->arena, sizeof *s);
	if (!s || !smsc_arena_grow(c->arena, &c->securities, c->security_count, &c->security_room,
	                           sizeof *c->securities))
		return false;
	*s = (smsc_security){ .snapshot = r->snapshot, .path = r->path, .live = is_live(r->path),
	                      .written = r->hive.written };
	c->securities[c->security_count++] = s;
	s->nt6 = value_of(r, "Policy\\PolEKList", "", &k, &v);
	if (s->nt6 || value_of(r, "Policy\\PolSecretEncryptionKey", "", &k, &v))
		s->policy_key = keep(r, smsc_hive_value_data(&r->hive, &v, &r->room));
	secret_list list = { .r = r, .security = s };
	if (smsc_hive_find(&r->hive, NULL, "Policy\\Secrets", &k))
		smsc_hive_subkeys(&r->hive, &k, read_secret, &list);
	return !list.failed;
}

/* ---- SOFTWARE ---- */

static void read_machine_guid(reader *r, smsc_software *s)
{
	smsc_hive_key k;
	smsc_hive_value v;
	uint8_t guid[16];
	char lower[SMSC_GUID_TEXT];
	if (!value_of(r, "Microsoft\\Cryptography", "MachineGuid", &k, &v))
		return;
	const char *found = text_of_span(r, v.data);
	s->guid_written = k.written;
	s->guid_at = smsc_hive_offset(v.cell);
	if (!found || !smsc_guid_parse(found, strlen(found), guid))
		return;
	smsc_guid_text(guid, lower);
	s->machine_guid = smsc_arena_text(r->c->arena, lower, strlen(lower));
}

static bool read_software(reader *r)
{
	static const char version[] = "Microsoft\\Windows NT\\CurrentVersion";
	smsc_case *c = r->c;
	smsc_software *s = smsc_arena_alloc(c->arena, sizeof *s);
	if (!s || !smsc_arena_grow(c->arena, &c->softwares, c->software_count, &c->software_room,
	                           sizeof *c->softwares))
		return false;
	*s = (smsc_software){ .snapshot = r->snapshot, .path = r->path, .live = is_live(r->path),
	                      .written = r->hive.written };
	c->softwares[c->software_count++] = s;
	const smsc_software *best = r->snapshot->software;
	if (!best || is_better(s->live, s->written, best->live, best->written))
		r->snapshot->software = s;
	read_machine_guid(r, s);
	s->product = text(r, version, "ProductName");
	s->version = text(r, version, "CurrentVersion");
	s->build = text(r, version, "CurrentBuildNumber");
	s->service_pack = text(r, version, "CSDVersion");
	uint32_t installed = number(r, version, "InstallDate", 0);
	s->installed = installed ? smsc_time_of_unix(installed, 0) : SMSC_NEVER;
	return true;
}

/* ---- which hive ---- */

bool smsc_machine_wants(smsc_span head, const char *path)
{
	static const char *const names[] = { "SYSTEM", "SECURITY", "SOFTWARE" };
	const char *last = smsc_path_last(path);
	if (head.size < 512 || memcmp(head.data, "regf", 4))
		return false;
	for (int i = 0; i < 3; i++) {
		size_t n = strlen(names[i]);
		if (!strncasecmp(last, names[i], n) && (!last[n] || last[n] == '.'))
			return true;
	}
	return false;
}

int smsc_machine_read(smsc_case *c, smsc_snapshot *s, const char *path, smsc_span bytes,
                      smsc_error **err)
{
	reader r = { .c = c, .snapshot = s, .path = smsc_arena_text(c->arena, path, strlen(path)) };
	smsc_hive_key k;
	bool good = r.path != NULL;
	if (good && smsc_hive_open(&r.hive, bytes, on_problem, &r)) {
		if (smsc_hive_find(&r.hive, NULL, "Select", &k))
			good = read_system(&r);
		else if (smsc_hive_find(&r.hive, NULL, "Policy", &k))
			good = read_security(&r);
		else if (smsc_hive_find(&r.hive, NULL, "Microsoft", &k))
			good = read_software(&r);
	}
	smsc_buf_free(&r.room);
	return good && !smsc_arena_failed(c->arena) ? 0 : smsc_fail_nomem(err);
}

/* ---- answers ---- */

const char *smsc_machine_computer(const smsc_snapshot *s)
{
	const char *name = s->system ? s->system->computer : NULL;
	return name && *name ? name : NULL;
}

bool smsc_machine_is_same(const smsc_snapshot *a, const smsc_snapshot *b)
{
	const char *x = smsc_machine_computer(a), *y = smsc_machine_computer(b);
	return x && y && !smsc_ascii_casecmp(x, y);
}

void smsc_machine_forget(smsc_case *c)
{
	for (size_t i = 0; i < c->system_count; i++) {
		smsc_secret_free(c->systems[i]->boot_key);
		c->systems[i]->boot_key = NULL;
	}
}
