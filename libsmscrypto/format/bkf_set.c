/* bkf_set.c - what a backup set says of itself, and of its volumes [bkf-mtf 5-6]. */
#include "bkf_set.h"

#include <stdlib.h>

#include "../base/time.h"

/* Bits of SSET, lowest first. */
static const char *const methods[] = { "transfer", "copy", "normal", "differential",
                                       "incremental", "daily" };

void smsc_bkf_put_name(smsc_record *r, const char *name, const char *meaning, const smsc_bkf_seen *b,
                       size_t place)
{
	smsc_buf text = SMSC_BUF_INIT;
	smsc_span raw = smsc_bkf_text(b->bytes, place);
	smsc_bkf_name_add(&text, raw, b->block.text_type, r->codepage);
	if (raw.size && !text.failed)
		smsc_put_text(r, name, meaning, text.data, text.size,
		              b->at + smsc_bkf_u16(b->bytes, place + 2), raw.size);
	r->root->failed |= text.failed;
	smsc_buf_free(&text);
}

static void put_method(smsc_record *r, const smsc_bkf_seen *b)
{
	uint32_t bits = smsc_bkf_u32(b->bytes, 52);
	for (unsigned i = 0; i < sizeof methods / sizeof *methods; i++)
		if (bits >> i & 1)
			smsc_put_text(r, "method", "which files were taken", methods[i], strlen(methods[i]),
			              b->at + 52, 4);
}

int smsc_bkf_zone(smsc_span sset)
{
	int zone = sset.size > 95 ? (int8_t)((const uint8_t *)sset.data)[95] : SMSC_BKF_NO_ZONE;
	return zone >= -56 && zone <= 56 ? zone : SMSC_BKF_NO_ZONE;
}

static void put_written(smsc_record *r, const smsc_bkf_seen *b)
{
	int zone = smsc_bkf_zone(b->bytes);
	bool known = zone != SMSC_BKF_NO_ZONE;
	smsc_time local = b->bytes.size >= 93 ? smsc_bkf_date((const uint8_t *)b->bytes.data + 88) :
	                                        SMSC_NEVER;
	if (local != SMSC_NEVER)
		smsc_put_time(r, "written", "when the set was begun", smsc_time_utc(local, known ? -15 * zone : 0),
		              b->at + 88, 5);
	if (local != SMSC_NEVER && !known)
		smsc_note(r, "local time: the set does not tell its zone");
	if (b->bytes.size <= 95)
		return;
	smsc_put_int(r, "zone", "quarter hours that local time is ahead of UTC",
	             (int8_t)((const uint8_t *)b->bytes.data)[95], b->at + 95, 1);
	if (known)
		smsc_note(r, "UTC%c%02d:%02d", zone < 0 ? '-' : '+', abs(zone) / 4, abs(zone) % 4 * 15);
	else
		smsc_note(r, "not known");
}

void smsc_bkf_set_put(smsc_record *r, uint32_t number, const smsc_bkf_seen *b)
{
	bool whole = b->block.type == SMSC_BKF_SSET;
	smsc_put_int(r, "number", "of the set, from 1", number, whole ? b->at + 62 : b->at, whole ? 2 : 0);
	if (!whole) {
		smsc_note(r, "its head is lost");
		return;
	}
	put_method(r, b);
	put_written(r, b);
	smsc_bkf_put_name(r, "name", "name of the set", b, 64);
	smsc_bkf_put_name(r, "description", "what was said of it", b, 68);
	smsc_bkf_put_name(r, "user", "who made the backup", b, 76);
	if (smsc_bkf_u16(b->bytes, 56))
		smsc_put_int(r, "password", "algorithm of its password", smsc_bkf_u16(b->bytes, 56),
		             b->at + 56, 2);
	if (smsc_bkf_u16(b->bytes, 58))
		smsc_put_int(r, "compression", "algorithm of its compression", smsc_bkf_u16(b->bytes, 58),
		             b->at + 58, 2);
}

smsc_record *smsc_bkf_set_record(const char *path, uint32_t number, const smsc_bkf_seen *b,
                                 uint32_t codepage)
{
	smsc_record *r = smsc_record_new("bkf-set", path, codepage);
	if (r)
		smsc_bkf_set_put(r, number, b);
	return r;
}

void smsc_bkf_set_volume(smsc_record *set, const smsc_bkf_seen *b)
{
	smsc_record *v = smsc_put_record(set, "volume", "a volume of the set", "bkf-volume", b->at,
	                                 b->bytes.size);
	smsc_bkf_put_name(v, "device", "drive letter, share or name", b, 56);
	smsc_bkf_put_name(v, "label", "name of the volume", b, 60);
	smsc_bkf_put_name(v, "machine", "whose volume it is", b, 64);
	smsc_put_int(v, "attributes", "what it is", smsc_bkf_u32(b->bytes, 52), b->at + 52, 4);
}
