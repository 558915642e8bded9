/* registry.c - the table of formats and the contest of their probes. */
#include "log_stream.h"

static const smsc_format *const formats[] = {
	&smsc_regf,
	&smsc_evt_log.format,
	&smsc_bkf_format,
	&smsc_dpapi_blob,
	&smsc_pvk,
	&smsc_key_blob,
	&smsc_dpapi_preferred,
	&smsc_dpapi_masterkey,
	&smsc_cert_store,
	&smsc_x509,
	&smsc_cert_blob,
	&smsc_metabase_format,
	&smsc_cng_key,
	&smsc_capi_container,
	&smsc_cms,
	&smsc_site_key,
	&smsc_sms_aut,
	&smsc_smscfg,
	&smsc_tcf,
	&smsc_ccm_message,
	&smsc_client_key_data,
	&smsc_wmi_carve,
	&smsc_ccm_log.format,
	&smsc_sms_log.format,
	&smsc_setup_log.format,
	&smsc_update_log.format,
	&smsc_iis_log.format,
	&smsc_trace_text.format,
	&smsc_trust_text,
};

const smsc_format *smsc_format_row(size_t i)
{
	return i < sizeof formats / sizeof *formats ? formats[i] : NULL;
}

/* No bytes, but never NULL: a decoder may hand its bytes to memchr and the like. */
static smsc_span some(smsc_span s)
{
	return s.data ? s : (smsc_span){ "", 0 };
}

const smsc_format *smsc_format_probe(smsc_span head, uint64_t size, const char *name)
{
	const smsc_format *best = NULL, *f;
	int sure = 0;
	head = some(smsc_span_cut(head, 0, SMSC_PROBE_BYTES));
	if (size == UINT64_MAX && head.size < SMSC_PROBE_BYTES)
		size = head.size;  /* then these are all bytes there are */
	for (size_t i = 0; (f = smsc_format_row(i)) && sure < 100; i++) {
		int n = f->probe(head, size, name ? name : "");
		if (n > sure) {
			sure = n;
			best = f;
		}
	}
	return best;
}

smsc_record *smsc_format_decode(const smsc_format *f, const char *path, smsc_span in,
                                uint32_t codepage)
{
	smsc_record *r = smsc_record_new(f->name, path, codepage);
	if (!r)
		return NULL;
	f->decode(some(in), r);
	if (!smsc_record_failed(r))
		return r;
	smsc_record_unref(r);
	return NULL;
}

const char *smsc_format_at(size_t i)
{
	const smsc_format *f = smsc_format_row(i);
	return f ? f->name : NULL;
}

const char *smsc_format_title(const char *name)
{
	const smsc_format *f;
	for (size_t i = 0; name && (f = smsc_format_row(i)); i++)
		if (!strcmp(f->name, name))
			return f->title;
	return NULL;
}
