/* shared.h - tables that both bindings read. */
#ifndef SMSC_BINDINGS_SHARED_H
#define SMSC_BINDINGS_SHARED_H

#include <stddef.h>
#include <smscrypto.h>

/* The short names of smsc_code, as exceptions carry them. */
static inline const char *code_text(smsc_code code)
{
	static const char *const names[] = {
		[SMSC_OK]      = "ok",      [SMSC_ENOMEM]     = "nomem",
		[SMSC_EARG]    = "arg",     [SMSC_EIO]        = "io",
		[SMSC_EFORMAT] = "format",  [SMSC_ELIMIT]     = "limit",
		[SMSC_ECRYPTO] = "crypto",  [SMSC_ECANCELLED] = "cancelled",
	};
	return (size_t)code < sizeof names / sizeof *names ? names[code] : "unknown";
}

static inline const char *type_text(smsc_type type)
{
	static const char *const names[] = {
		[SMSC_NONE] = "none", [SMSC_INT]   = "int",   [SMSC_TIME]   = "time",
		[SMSC_TEXT] = "text", [SMSC_BYTES] = "bytes", [SMSC_RECORD] = "record",
	};
	return (size_t)type < sizeof names / sizeof *names ? names[type] : "unknown";
}

/* The members of smsc_options that are numbers. */
struct option_number {
	const char *name;
	size_t at, bytes;
};
#define OPTION(NAME) { #NAME, offsetof(smsc_options, NAME), sizeof ((smsc_options *)0)->NAME }
static const struct option_number option_numbers[] = {
	OPTION(max_stream), OPTION(max_total), OPTION(max_entries), OPTION(max_events),
	OPTION(max_depth),  OPTION(max_ratio), OPTION(codepage), OPTION(max_rounds),
	OPTION(threads),
};
#undef OPTION
#define OPTION_NUMBERS (sizeof option_numbers / sizeof *option_numbers)

/* Puts `value` into the member; 0 when it is too large for it. */
static inline int option_put(smsc_options *options, const struct option_number *n, uint64_t value)
{
	char *member = (char *)options + n->at;

	if (n->bytes == sizeof(uint64_t))
		*(uint64_t *)(void *)member = value;
	else if (value <= UINT32_MAX)
		*(uint32_t *)(void *)member = (uint32_t)value;
	else
		return 0;
	return 1;
}

#endif
