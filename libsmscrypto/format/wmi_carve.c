/* wmi_carve.c - the repository of WMI, searched for the values that SMS clients keep there:
 * TrustedRootKey and MPCertificate are strings of hexadecimal digits [sms-logs 6.4].
 *
 * Its structure is not read; what was deleted and not yet overwritten is found as well.
 */
#include "wmi_carve.h"

#include "../base/ident.h"
#include "../base/text.h"
#include "format.h"

bool smsc_wmi_begin(smsc_found_list *l, smsc_record *r)
{
	*l = (smsc_found_list){ .r = r };
	return smsc_finder_open(&l->finder, smsc_found_put, l);
}

void smsc_wmi_end(smsc_found_list *l)
{
	smsc_finder_end(&l->finder);
	smsc_found_settle(l);
	smsc_finder_close(&l->finder);
}

static void decode(smsc_span in, smsc_record *r)
{
	smsc_found_list list;
	if (!smsc_wmi_begin(&list, r)) {
		r->failed = true;
		return;
	}
	smsc_finder_feed(&list.finder, in.data, in.size);
	smsc_wmi_end(&list);
}

/* Files have no mark of their own.  Those of Windows XP are pages of 8 KiB; that of Windows 2000
 * is one file of another form. */
static int probe(smsc_span head, uint64_t size, const char *name)
{
	const char *last = smsc_path_last(name);
	size_t n = strlen(last);
	const uint8_t *b = head.data;
	bool binary = head.size >= 64 && memchr(b, 0, head.size);
	if (!binary)
		return 0;
	if (!smsc_ascii_casecmp(last, "OBJECTS.DATA"))
		return size == UINT64_MAX || size % 8192 == 0 ? 45 : 25;
	return n > 4 && !smsc_ascii_casecmp(last + n - 4, ".REP") ? 35 : 0;
}

const smsc_format smsc_wmi_carve = {
	"wmi-carve", "repository of WMI or hive, searched for TrustedRootKey and MPCertificate", probe, decode
};
