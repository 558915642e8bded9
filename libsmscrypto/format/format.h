/* format.h - the whole contract between a format and the rest: one file, one row. */
#ifndef SMSC_FORMAT_FORMAT_H
#define SMSC_FORMAT_FORMAT_H

#include "../base/options.h"
#include "record.h"

typedef struct smsc_format {
	const char *name;   /* "dpapi-blob"; goes into reports, never changes */
	const char *title;  /* one line for people */
	/* How sure, 0..100, from the first bytes (up to 64 KiB) and, as a hint only, the
	 * name.  `size` is that of the whole stream, UINT64_MAX when not known. */
	int  (*probe)(smsc_span head, uint64_t size, const char *name);
	/* Pure: bytes to fields, damage to findings; of a log, its summary. */
	void (*decode)(smsc_span in, smsc_record *out);
} smsc_format;

#define SMSC_PROBE_BYTES 65536

extern const smsc_format smsc_bkf_format, smsc_capi_container, smsc_cng_key, smsc_dpapi_blob,
	smsc_dpapi_masterkey, smsc_dpapi_preferred, smsc_key_blob, smsc_pvk,
	smsc_cert_blob, smsc_cert_store, smsc_x509, smsc_metabase_format, smsc_regf,
	smsc_sms_aut, smsc_smscfg, smsc_tcf, smsc_site_key, smsc_trust_text,
	smsc_wmi_carve, smsc_client_key_data, smsc_cms, smsc_ccm_message;

/* All formats, cheap probes first; NULL past the end. */
const smsc_format *smsc_format_row(size_t i);
/* The surest format for these bytes; NULL when none knows them. */
const smsc_format *smsc_format_probe(smsc_span head, uint64_t size, const char *name);
/* Decodes as that format; `path` may be NULL.  NULL without memory. */
smsc_record *smsc_format_decode(const smsc_format *f, const char *path, smsc_span in,
                                uint32_t codepage);

#endif
