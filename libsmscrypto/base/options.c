/* options.c - defaults, and what is no option. */
#include <string.h>

#include "options.h"
#include "text.h"
#include "time.h"

/* Stays in the second cache of whoever decodes it. */
#define SMSC_LOG_PIECE (512u << 10)
/* Bytes of the struct in version 0.1, the first there was. */
#define SIZE_0_1 (offsetof(smsc_options, threads) + sizeof(uint32_t))
/* Far more than it will ever have: a greater `size` was never set. */
#define SIZE_MOST ((size_t)4096)

/* A newer caller's member that is set asks for what this library cannot do. */
static bool newer_is_zero(const smsc_options *options)
{
	const unsigned char *p = (const unsigned char *)options;
	for (size_t i = sizeof *options; i < options->size; i++)
		if (p[i])
			return false;
	return true;
}

/* Limits are added to and compared with sizes: kept where that cannot wrap. */
static uint64_t limit_or(uint64_t given, uint64_t usual)
{
	if (!given)
		return usual;
	return given < INT64_MAX / 2 ? given : INT64_MAX / 2;
}

static void fill(smsc_settings *out, const smsc_options *o)
{
	*out = (smsc_settings){
		.max_stream  = limit_or(o->max_stream, UINT64_C(256) << 20),
		.max_total   = limit_or(o->max_total, UINT64_C(64) << 30),
		.max_entries = limit_or(o->max_entries, 1000000),
		.max_events  = limit_or(o->max_events, 1000000),
		.max_depth   = o->max_depth ? o->max_depth : 4,
		.max_ratio   = o->max_ratio ? o->max_ratio : 1000,
		.codepage    = o->codepage ? o->codepage : 1252,
		.max_rounds  = o->max_rounds ? o->max_rounds : 1000000,
		.allow       = o->allow,
		.threads     = o->threads ? o->threads : 1,
		.log_piece   = SMSC_LOG_PIECE,
	};
}

int smsc_settings_of(smsc_settings *out, const smsc_options *options, smsc_error **err)
{
	smsc_options o = SMSC_OPTIONS_INIT;
	if (smsc_failed(err))
		return -1;
	if (options) {
		if (options->size < SIZE_0_1 || options->size > SIZE_MOST)
			return smsc_fail(err, SMSC_EARG, NULL, -1,
			                 "options: size is not set, use SMSC_OPTIONS_INIT");
		if (!newer_is_zero(options))
			return smsc_fail(err, SMSC_EARG, NULL, -1,
			                 "options: a member is set that this version does not know");
		memcpy(&o, options, options->size < sizeof o ? options->size : sizeof o);
	}
	fill(out, &o);
	if (!smsc_codepage_known(out->codepage))
		return smsc_fail(err, SMSC_EARG, NULL, -1,
		                 "options: code page %u is not known; there are 437, 850, 1250, 1251, 1252",
		                 (unsigned)out->codepage);
	if (o.allow & ~(SMSC_ALLOW_EXPORT | SMSC_ALLOW_RECOVERY))
		return smsc_fail(err, SMSC_EARG, NULL, -1,
		                 "options: allow has a flag that this version does not know");
	if (!o.zone)
		return 0;
	out->zone_known = smsc_zone_bias(o.zone, &out->bias);
	if (!out->zone_known)
		return smsc_fail(err, SMSC_EARG, NULL, -1,
		                 "options: zone '%s' is not like UTC, +01:00 or -05:00", o.zone);
	return 0;
}
