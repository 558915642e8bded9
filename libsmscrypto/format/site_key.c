/* site_key.c - public keys that sites give each other: <site>.pkc and .pkp in hman.box\pubkey,
 * .ct4 and .ct5 by hand [sms-logs 6.4].
 *
 * No such file is public: its layout is not proven, so keys are searched in it, as bytes and as
 * digits.
 */
#include "../base/text.h"
#include "format.h"
#include "key_finder.h"

#define UNPROVEN "the layout of this file is not proven: keys were searched in it"

static void find(smsc_found_list *l, smsc_span in)
{
	smsc_find_binary(in, 0, smsc_found_put, l);
	if (l->count)
		return;
	smsc_finder_feed(&l->finder, in.data, in.size);
	smsc_finder_end(&l->finder);
}

static void decode(smsc_span in, smsc_record *r)
{
	smsc_found_list list = { .r = r, .key_role = SMSC_ROLE_SITE_KEY, .certificate_role = SMSC_ROLE_SITE_SIGNING };
	if (!smsc_finder_open(&list.finder, smsc_found_put, &list)) {
		r->failed = true;
		return;
	}
	smsc_put_int(r, "size", "bytes of the file", (int64_t)in.size, 0, 0);
	smsc_note(r, UNPROVEN);
	find(&list, in);
	smsc_finder_close(&list.finder);
	if (!list.count)
		smsc_damage(r, SMSC_RULE_D004, 0, "no public key is found in it");
}

static void count(void *user, const smsc_found *found)
{
	(void)found;
	++*(size_t *)user;
}

static bool holds_key(smsc_span head)
{
	size_t n = 0;
	smsc_find_binary(head, 0, count, &n);
	return n || smsc_finder_peek(head);
}

static bool is_named(const char *name)
{
	static const char *const endings[] = { ".pkc", ".pkp", ".ct4", ".ct5" };
	size_t n = strlen(name);
	for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
		if (n > 4 && !smsc_ascii_casecmp(name + n - 4, endings[i]))
			return true;
	return false;
}

static int probe(smsc_span head, uint64_t size, const char *name)
{
	return size <= SMSC_PROBE_BYTES && is_named(name) && holds_key(head) ? 97 : 0;
}

const smsc_format smsc_site_key = {
	"site-key", "public key of a site (.pkc, .pkp; layout not proven)", probe, decode
};
