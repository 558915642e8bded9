/* dpapi_preferred.c - which master key is current, and until when [capi-dpapi 5.7]. */
#include "../base/ident.h"
#include "../base/text.h"
#include "../base/time.h"
#include "format.h"

#define SIZE 24
#define YEAR_1999 INT64_C(125596224000000000)  /* before the first Windows 2000 */
#define YEAR_2100 INT64_C(157469184000000000)

static void decode(smsc_span in, smsc_record *r)
{
	smsc_cur c = smsc_cur_of(in, 0);
	smsc_read_guid(r, &c, "master_key", "GUID of the master key in use");
	smsc_time t = smsc_read_filetime(r, &c, "renew", "when a new master key is due");
	if (t != SMSC_NEVER)
		smsc_note(r, "the master key was made 90 days before");
	if (smsc_cur_ok(&c) && (t < YEAR_1999 || t > YEAR_2100))
		smsc_damage(r, SMSC_RULE_D003, 16, "renew: no time DPAPI can have written");
	smsc_read_rest(r, &c);
}

/* Variant and version bits as UuidCreate sets them. */
static bool plausible_guid(const uint8_t *g)
{
	unsigned version = g[7] >> 4;
	return (g[8] & 0xc0) == 0x80 && version >= 1 && version <= 5;
}

static bool plausible_time(const uint8_t *p)
{
	uint64_t t = smsc_le64(p);
	return t >= YEAR_1999 && t <= YEAR_2100;
}

/* 24 bytes without a mark: of random ones about one in 10,000 passes for a GUID and a time,
 * so any other format that claims them wins. */
static int probe(smsc_span in, uint64_t size, const char *name)
{
	int sure = smsc_ascii_casecmp(smsc_path_last(name), "preferred") ? 0 : 40;
	if (size > SIZE || in.size < 4 || (!sure && size != SIZE))
		return 0;
	if (in.size < SIZE)
		return sure;
	bool guid = plausible_guid(in.data), when = plausible_time((const uint8_t *)in.data + 16);
	sure += guid ? 20 : 0;
	sure += when ? 20 : 0;
	return sure >= 40 ? sure : 0;
}

const smsc_format smsc_dpapi_preferred = {
	"dpapi-preferred", "which DPAPI master key is in use (Preferred)", probe, decode
};
