/* container_names.c - the table, each name with the hash that MD5 gives for it (a test
 * computes them again).  CNG keys hash the UTF-16 form of the name. */
#include "container_names.h"

#include <stddef.h>
#include <string.h>

static const smsc_container_name names[] = {
	{ "ca6f80c6495f318cbd7dddd0d9102cc2", "Microsoft Systems Management Server",
	  "SMS 2003 site server" },
	{ "19c5cf9c7b5dc9de3e548adb70398402", "SMS", "SMS client and management point" },
	{ "c2319c42033a5ca7f44e731bfd3fa2b5", "Microsoft Internet Information Server",
	  "IIS metabase" },
	{ "cfb9f90a4105b517ec861064e4333b36", "NetMon", "Network Monitor" },
	{ "7a436fe806e483969f48a894af2fe9a1", "MS IIS DCOM Server", "IIS DCOM" },
	{ "f515ddc66062954646728bb3ac394c94", "MS IIS DCOM Client", "IIS DCOM" },
	{ "6de9cb26d2b98c01ec4e9e8b34824aa2", "iisConfigurationKey", "IIS 7 configuration" },
	{ "76944fb33636aeddb9590521c2e8815a", "iisWasKey", "IIS 7 activation service" },
	{ "d6d986f09a1ee04e24c949879fdb506c", "NetFrameworkConfigurationKey",
	  ".NET protected configuration" },
	{ "bedbf0b4da5f8061b6444baedf4c00b1", "WMSvc Certificate Key Container",
	  "IIS management service" },
	{ "f686aace6942fb7f7ceb231212eef4a4", "TSSecKeySet1", "Terminal Services" },
	{ "6d14e4b1d8ca773bab785d1be032546e", "SYSTEM", "LocalSystem's default container" },
	{ "7096db7aeb75c0d3497ecd56d355a695", "Google Chromekey1", "Chrome" },
	{ "de7cf8a7901d2ad13e5c67c29e5d1662",
	  "Microsoft Connected Devices Platform device certificate", "Connected Devices Platform" },
	{ "597367cc37b886d7ee6c493e3befb421", "iisCngWasKey", "IIS 10 activation service" },
	{ "f0e91f6485ac2d09485e4ec18135601e", "iisCngConfigurationKey", "IIS 10 configuration" },
};

const smsc_container_name *smsc_container_name_at(unsigned i)
{
	return i < sizeof(names) / sizeof(*names) ? &names[i] : NULL;
}

const smsc_container_name *smsc_container_name_of(const char *hash)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (!strcmp(names[i].hash, hash))
			return &names[i];
	return NULL;
}
