/* test_knowledge.c - each line about keys is told from all others, and codes in any spelling. */
#include <criterion/criterion.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "analysis/code.h"
#include "analysis/knowledge.h"

#define THUMB "820BD3C209D6ED2155D5343BEEA67A725389B747"
#define GUID  "{CC96DB74-AD08-48DD-B422-0E06EC5A243C}"
#define STATMSG(id) "STATMSG: ID=" #id " SEV=E LEV=M SOURCE=\"SMS Server\" COMP=\"X\" SYS=S SITE=A"

/* As real logs, articles and the incident have them. */
static const struct { const char *id, *component, *text; } samples[] = {
	{ "L001", "CcmExec", "Entering Certificate Maintenance" },
	{ "L002", "CcmExec", "Invoking system task 'CertificateMaintenance'." },
	{ "L003", "CcmExec", "CCMSignData failed (0x8009200b)." },
	{ "L004", "CcmExec", "OutgoingMessage(Queue='mp_[http]mp_policymanager', ID=" GUID "): Will be discarded (expired)." },
	{ "L005", "CcmExec", "EndpointMessage(Queue='MP_HinvEndpoint', ID=" GUID "): Will be discarded (0x8009000d)." },
	{ "L006", "CcmMessaging", "Post to http://mp.example/ccm_system/request failed with 0x87d00231." },
	{ "L007", "CcmMessaging", "No reply message from Server. Server may be temporarily down or a transient network error." },
	{ "L008", "CertificateMaintenance", "Creating Signing Certificate..." },
	{ "L009", "CertificateMaintenance", "Creating Encryption Certificate..." },
	{ "L010", "CertificateMaintenance", "Successfully created certifcate" },
	{ "L011", "CertificateMaintenance", "Certificate [Thumbprint " THUMB "] issued to 'SMS' has an insufficient key length of 1024. Will be deleted and recreated." },
	{ "L012", "ClientIDManagerStartup", "Begin searching client certificates based on Certificate Issuers" },
	{ "L013", "ClientIDManagerStartup", "Completed searching client certificates based on Certificate Issuers" },
	{ "L014", "ClientIDManagerStartup", "Begin to select client certificate" },
	{ "L015", "ClientIDManagerStartup", "There are no certificates in the 'MY' store." },
	{ "L016", "ClientIDManagerStartup", "Unable to find PKI Certificate matching SCCM certificate selection criteria. 0x87d00280" },
	{ "L017", "ClientIDManagerStartup", "Failed to find the certificate in the store, retry 1." },
	{ "L018", "ClientIDManagerStartup", "Failed to get certificate. Error: 0x80004005" },
	{ "L019", "ClientIDManagerStartup", "[RegTask] - Server rejected registration 3" },
	{ "L020", "ClientIDManagerStartup", "[RegTask] - Client is registered. Server assigned ClientID is GUID:CC96DB74-AD08-48DD-B422-0E06EC5A243C. Approval status 1" },
	{ "L021", "ClientIDManagerStartup", "[RegTask] - Client registration is pending. Sending confirmation request" },
	{ "L022", "ClientIDManagerStartup", "RenewalTask: Certificate store/settings have changed, but target certificate has not." },
	{ "L023", "ClientIDManagerStartup", "Initializing registration renewal for potential PKI issued certificate changes." },
	{ "L024", "CcmExec", "Raising event:\r\n\r\ninstance of CCM_ServiceHost_CertRetrieval_Status\r\n{\r\n\tHRESULT = \"0x00000000\";\r\n};\r\n" },
	{ "L025", "CcmMessaging", "Raising pending event:\r\n\r\ninstance of CCM_CcmHttp_Status\r\n{\r\n\tHostName = \"mp\";\r\n};\r\n" },
	{ "L026", "LocationServices", "Both the trusted key and the mp certificate have changed on server MP1" },
	{ "L027", "LocationServices", "The client cannot validate the authentication information." },
	{ "L028", "LocationServices", "Refreshing trusted key information" },
	{ "L029", "LocationServices", "Persisting the management point authentication information in WMI" },
	{ "L030", "LocationServices", "Persisted Management Point Authentication Information locally" },
	{ "L031", "LocationServices", "Retrieved management point encryption info from AD." },
	{ "L032", "LocationServices", "Updating portal certificates" },
	{ "L033", "LocationServices", "Successfully created context from the raw certificate." },
	{ "L034", "LocationServices", "Removing outgoing queues, pending jobs because the client is switching cert or re-registering due to server reset request." },
	{ "L035", "LocationServices", "Successfully added certificate to the Trusted Publishers store" },
	{ "L036", "LocationServices", "Failed to retrieve MP certificate encryption info from AD." },
	{ "L037", "LocationServices", "Failed to refresh Encryption certificate information over HTTP(0x80070005)" },
	{ "L038", "LocationServices", "Failed to refresh encryption cert info for MP1.EXAMPLE." },
	{ "L039", "LocationServices", "Failed to refresh security settings over AD with error 0x80004005." },
	{ "L040", "LocationServices", "Refreshed Site Signing Certificate over MP" },
	{ "L041", "LocationServices", "Failed to refresh Site Signing Certificate over AD with error 0x80004005." },
	{ "L042", "LocationServices", "The Site Signing Certificate is empty in the client operational settings." },
	{ "L043", "LocationServices", "Successfully stored new Site Server Signing Certificate..." },
	{ "L044", "LocationServices", "Thumbprint : " THUMB },
	{ "L045", "LocationServices", "Received reply of type PortalCertificateReply" },
	{ "L046", "LocationServices", "The reply from location manager contains 1 certificates" },
	{ "L047", "LocationServices", "Failed to send request to /SMS_MP/.sms_aut?MPCERT2 at host MP1.EXAMPLE, error 0x2ee7" },
	{ "L048", "LocationServices", "[CCMHTTP] ERROR: URL=http://MP1/SMS_MP/.sms_aut?MPCERT2, Port=80, Options=480, Code=12007, Text=ERROR_WINHTTP_NAME_NOT_RESOLVED" },
	{ "L049", "MP_RegistrationManager", "Processing Registration request from Client 'CL2.example'" },
	{ "L050", "MP_RegistrationManager", "Begin validation of Certificate [Thumbprint " THUMB "] issued to 'CL2'" },
	{ "L051", "MP_RegistrationManager", "Certificate [Thumbprint " THUMB "] issued to 'CL2' has expired." },
	{ "L052", "MP_RegistrationManager", "Completed validation of Certificate [Thumbprint " THUMB "] issued to 'CL2'" },
	{ "L053", "MP_RegistrationManager", "MP Reg: Registration failed." },
	{ "L054", "MP_RegistrationManager", "MP Reg: Registration request body is invalid." },
	{ "L055", "MP_RegistrationManager", "MP Reg: Processing completed. Completion state = 0" },
	{ "L056", "PolicyAgent_ReplyAssignments", "Compiling policy '{1}' version '2.00' hash 'SHA256:00AA' from 'SMS:ABC'" },
	{ "L057", "PolicyAgentProvider", "--- [3] __InstanceModificationEvent settings change on object CCM_Message_Encrypt_Configuration.DummyKey=1." },
	{ "L058", "PolicyAgentProvider", "--- [3] __InstanceModificationEvent settings change on object CCM_RootCACertificates.X=1." },
	{ "L059", "ccmsetup", "Signing root cert's thumbprint: " THUMB },
	{ "L060", "ccmsetup", "C:\\WINDOWS\\ccmsetup\\client.msi is Microsoft trusted." },
	{ "L061", "OSDSetupHook", "Cleaning existing client certificates from SMS certificate store" },
	{ "L062", "OSDSetupHook", "The client certificates were not found in the environment. New certificates will be generated." },
	{ "L063", "execmgr", "OnContentAvailable program Setup NOT available, 0x80091007" },
	{ "L064", "ContentAccess", "Hash does not match expected 00AA, actual 00AB" },
	{ "L065", "ContentAccess", "Download failed for content ABC00001.1 under context System, error 0x80091007" },
	{ "L066", "SMS_HIERARCHY_MANAGER", "HMAN: Cannot decrypt the SMS encryption key using the crypto exchange key.~" },
	{ "L067", "SMS_SITE_CONTROL_MANAGER", "WARNING: The \"Site Definition\" item in a record contained in delta site control file \"x.CT1\" specifies an invalid public key for decrypting the SMS service account and password. This record and the remaining records in the file are unusable." },
	{ "L068", "SMS_SITE_CONTROL_MANAGER", "WARNING: Aborted processing of delta site control file \"x.CT1\"." },
	{ "L069", "SMS_DESPOOLER", "Verifying signature for instruction x.ins of type MICROSOFT|SMS|MINIJOBINSTRUCTION|PACKAGE~" },
	{ "L070", "SMS_DESPOOLER", "~CPublicKeyLookup::CPublicKeyLookup(\"ABC\")" },
	{ "L071", "SMS_DESPOOLER", "Initializing to file: C:\\SMS\\inboxes\\hman.box\\pubkey\\ABC.pkc" },
	{ "L072", "SMS_DESPOOLER", "CPublicKeyLookup::GetNextKey() Getting Iteration: 1~" },
	{ "L073", "SMS_DESPOOLER", "Checking C:\\SMS\\inboxes\\hman.box\\pubkey\\ABC.pkc for Key1" },
	{ "L074", "SMS_DESPOOLER", "No Match Found, Trying C:\\SMS\\inboxes\\hman.box\\pubkey\\ABC.pkp" },
	{ "L075", "SMS_DESPOOLER", "Found Key: 0602" },
	{ "L076", "SMS_DESPOOLER", "Cannot find valid public key for key exchange instruction coming from site ABC" },
	{ "L077", "SMS_DESPOOLER", "Retry the instruction (x.ins) because this site does not allow untrusted child sites." },
	{ "L078", "SMS_DESPOOLER", "Will retry instruction x.ins 100 more times, the next retry is in about 10 minutes" },
	{ "L079", "SMS_NOTIFICATION_SERVER", "MP SSL is Disabled, signing certificate (store: SMS , hash " THUMB "), encryption certificate (store: SMS , hash " THUMB ")" },
	{ "L080", "SMS_SITE_CONTROL_MANAGER", STATMSG(2847) },
	{ "L081", "SMS_SITE_CONTROL_MANAGER", STATMSG(2800) },
	{ "L082", "SMS_SITE_CONTROL_MANAGER", STATMSG(2804) },
	{ "L083", "SMS_SITE_CONTROL_MANAGER", STATMSG(2808) },
	{ "L084", "SMS_SITE_CONTROL_MANAGER", STATMSG(508) },
	{ "L085", "SMS_DESPOOLER", STATMSG(4404) },
	{ "L086", "SMS_SITE_COMPONENT_MANAGER", STATMSG(5112) },
	{ "L087", "SMS_DISTRIBUTION_MANAGER", STATMSG(10075) },
	{ "L088", "CcmExec", "Refresh CCM Identity using any registered identity stores" },
	{ "L089", "CcmExec", "Loading service settings." },
	{ "L090", "CCMEXEC", "Completed phase 0 initialization." },
};

static smsc_row row_of(const char *component, const char *text)
{
	smsc_row row = SMSC_ROW_INIT;
	row.component = (smsc_span){ component, strlen(component) };
	row.text = (smsc_span){ text, strlen(text) };
	return row;
}

/* The plainest reading of a pattern, to hold against the search. */
static bool fits(const smsc_known *k, const char *component, const char *text)
{
	char part[300];
	if (k->strict && strcasecmp(k->component, component))
		return false;
	for (const char *p = k->text; *p; ) {
		const char *gap = strstr(p, "{}");
		size_t size = gap ? (size_t)(gap - p) : strlen(p);
		snprintf(part, sizeof part, "%.*s", (int)size, p);
		text = strstr(text, part);
		if (!text)
			return false;
		text += size;
		p += gap ? size + 2 : size;
	}
	return true;
}

Test(knowledge, each_row_has_a_line_of_its_own)
{
	const smsc_known *k;
	size_t count = sizeof samples / sizeof *samples;
	for (size_t i = 0; (k = smsc_known_at(i)); i++) {
		cr_assert_lt(i, count);
		cr_assert_str_eq(k->id, samples[i].id);
		for (size_t s = 0; s < count; s++)
			cr_assert_eq(fits(k, samples[s].component, samples[s].text), s == i, "%s and the line of %s",
			             k->id, samples[s].id);
	}
	cr_assert_null(smsc_known_at(count));
}

Test(knowledge, matching)
{
	smsc_known_hit hit;
	for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
		/* Also within other text: viewers lose letters, articles add some. */
		for (size_t before = 0; before < 12; before++) {
			char text[600];
			snprintf(text, sizeof text, "%.*s%s and more", (int)before, "xxxxxxxxxxxx", samples[i].text);
			smsc_row row = row_of(samples[i].component, text);
			cr_assert(smsc_known_match(&row, &hit), "%s", samples[i].id);
			cr_assert_str_eq(hit.known->id, samples[i].id);
		}
		/* From another component only what says enough by itself. */
		smsc_row other = row_of("X", samples[i].text);
		if (smsc_known_at(i)->strict)
			cr_assert_not(smsc_known_match(&other, &hit), "%s", samples[i].id);
		else
			cr_assert(smsc_known_match(&other, &hit), "%s", samples[i].id);
	}
}

Test(knowledge, ordinary_lines)
{
	static const char *const lines[] = {
		"", "x", "Entering", "Certificate Maintenance", "Successfully created", "Will be discarded (expired).",
		"EndpointMessage(Queue='MP_DdrEndpoint', ID={}): Delivered successfully.",
		"Invoking system task 'CacheMaintenance'.", "Waiting for ready instruction file....~",
		"STATMSG: ID=3300 SEV=I LEV=M", "STATMSG: ID=50", "Raising event:", "Found Key", "Thumbprint :",
	};
	smsc_known_hit hit;
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		smsc_row row = row_of("LocationServices", lines[i]);
		cr_assert_not(smsc_known_match(&row, &hit), "%s", lines[i]);
		cr_assert_null(hit.known);
	}
	smsc_row empty = SMSC_ROW_INIT;
	cr_assert_not(smsc_known_match(&empty, &hit));
}

/* Lines made of pieces of the samples: the search and the plain reading must agree. */
Test(knowledge, search_and_plain_reading_agree)
{
	uint64_t state = 7;
	size_t count = sizeof samples / sizeof *samples, hits = 0;
	for (int run = 0; run < 30000; run++) {
		char text[400];
		size_t size = 0;
		while (size < 150) {
			state = state * UINT64_C(6364136223846793005) + 1;
			const char *from = samples[(state >> 33) % count].text;
			size_t start = (state >> 20) % (strlen(from) + 1);
			size += (size_t)snprintf(text + size, sizeof text - size, "%.*s",
			                         (int)((state >> 40) % 60), from + (start & ~7ul));
		}
		const smsc_known *k, *best = NULL;
		for (size_t i = 0; (k = smsc_known_at(i)); i++)
			if (fits(k, "SMS_DESPOOLER", text) && (!best || strlen(k->text) > strlen(best->text)))
				best = k;
		smsc_row row = row_of("SMS_DESPOOLER", text);
		smsc_known_hit hit;
		smsc_known_match(&row, &hit);
		cr_assert(hit.known == best || (best && hit.known && strlen(best->text) == strlen(hit.known->text)),
		          "%s: %s, not %s", text, hit.known ? hit.known->id : "none", best ? best->id : "none");
		hits += best != NULL;
	}
	cr_assert_gt(hits, 1000);
}

/* What is too short for the search is tried for its component only. */
Test(knowledge, short_rows_are_strict)
{
	const smsc_known *k;
	size_t brief = 0;
	for (size_t i = 0; (k = smsc_known_at(i)); i++) {
		size_t longest = 0;
		for (const char *p = k->text, *gap; *p; p = gap ? gap + 2 : p + strlen(p)) {
			gap = strstr(p, "{}");
			size_t size = gap ? (size_t)(gap - p) : strlen(p);
			longest = size > longest ? size : longest;
		}
		cr_assert(longest >= 16 || k->strict, "%s", k->id);
		brief += longest < 16;
	}
	cr_assert_leq(brief, 8);
}

/* Kinds are words of a timeline; a role is a container's name. */
Test(knowledge, rows_are_whole)
{
	const smsc_known *k;
	for (size_t i = 0; (k = smsc_known_at(i)); i++) {
		cr_assert(k->severity >= 0 && k->severity <= 3);
		for (const char *p = k->kind; *p; p++)
			cr_assert(islower((unsigned char)*p) || *p == '-', "%s", k->id);
		cr_assert_eq(k->meaning[strlen(k->meaning) - 1], '.', "%s", k->id);
		cr_assert(!k->role || !strcmp(k->role, "SMS") ||
		          !strcmp(k->role, "Microsoft Systems Management Server"), "%s", k->id);
	}
}

Test(knowledge, meaning_names_the_codes)
{
	smsc_buf out = SMSC_BUF_INIT;
	smsc_known_hit hit;
	smsc_row row = row_of("CcmExec", "CCMSignData failed (0x8009200b).");
	cr_assert(smsc_known_match(&row, &hit));
	cr_assert_eq(hit.code_count, 1);
	smsc_known_meaning(&out, &hit);
	cr_assert(strstr(out.data, "private key"));
	cr_assert(strstr(out.data, "CRYPT_E_NO_KEY_PROPERTY"));
	smsc_buf_free(&out);
}

/* ---- codes ------------------------------------------------------------------------------- */

/* The table of sms-logs 8, by hand: hex, unsigned, signed, name. */
static const struct { uint32_t code; const char *spelled_unsigned, *spelled_signed, *name; } codes[] = {
	{ 0x8009200b, "2148081675", "-2146885621", "CRYPT_E_NO_KEY_PROPERTY" },
	{ 0x8009000d, "2148073485", "-2146893811", "NTE_NO_KEY" },
	{ 0x80090016, "2148073494", "-2146893802", "NTE_BAD_KEYSET" },
	{ 0x8009000b, "2148073483", "-2146893813", "NTE_BAD_KEY_STATE" },
	{ 0x80090005, "2148073477", "-2146893819", "NTE_BAD_DATA" },
	{ 0x8009001a, "2148073498", "-2146893798", "NTE_KEYSET_ENTRY_BAD" },
	{ 0x80090006, "2148073478", "-2146893818", "NTE_BAD_SIGNATURE" },
	{ 0x8009000f, "2148073487", "-2146893809", "NTE_EXISTS" },
	{ 0x80092004, "2148081668", "-2146885628", "CRYPT_E_NOT_FOUND" },
	{ 0x8009200c, "2148081676", NULL, "CRYPT_E_NO_DECRYPT_CERT" },
	{ 0x8009200d, "2148081677", NULL, "CRYPT_E_BAD_MSG" },
	{ 0x80091007, "2148077575", "-2146889721", "CRYPT_E_HASH_VALUE" },
	{ 0x800703f0, "2147943408", "-2147023888", "ERROR_NO_TOKEN" },
	{ 0x80070005, "2147942405", "-2147024891", "E_ACCESSDENIED" },
	{ 0x8000000a, "2147483658", "-2147483638", "E_PENDING" },
	{ 0x87d00280, NULL, NULL, NULL },
	{ 0x87d00215, NULL, NULL, NULL },
};

static void check_code(const char *format, const char *spelling, uint32_t code)
{
	char text[100];
	uint32_t found[4];
	snprintf(text, sizeof text, format, spelling);
	size_t count = smsc_codes_find((smsc_span){ text, strlen(text) }, found, 4);
	cr_assert_eq(count, 1, "'%s': %zu", text, count);
	cr_assert_eq(found[0], code, "'%s'", text);
}

Test(knowledge, four_spellings)
{
	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
		char hex[20];
		snprintf(hex, sizeof hex, "%08x", (unsigned)codes[i].code);
		check_code("failed with 0x%s.", hex, codes[i].code);
		check_code("%s", hex, codes[i].code);
		check_code("error=%s,", hex, codes[i].code);
		snprintf(hex, sizeof hex, "%08X", (unsigned)codes[i].code);
		check_code("failed (0x%s)", hex, codes[i].code);
		check_code("0X%s", hex, codes[i].code);
		if (codes[i].spelled_unsigned)
			check_code("could not read (#%s)", codes[i].spelled_unsigned, codes[i].code);
		if (codes[i].spelled_signed)
			check_code("hr = %s", codes[i].spelled_signed, codes[i].code);
		cr_assert_not_null(smsc_code_meaning(codes[i].code));
		if (codes[i].name)
			cr_assert_str_eq(smsc_code_name(codes[i].code), codes[i].name);
	}
	check_code("Could not start. %s: An attempt", "Error 1008", 1008);
	check_code("from wmi: %s", "8004100f", 0x8004100f);
}

Test(knowledge, no_codes)
{
	static const char *const texts[] = {
		"", "0x", "0x8009200b1", "x8009200b", "8009200bx", "8009200", "_8009200b", "0x800920",
		"{8009000D-0000-0000-0000-000000000000}", "80090016-", "21480734941", "4294967295", "thread 1008",
		"GUID:8009000D-0000-0000-0000-000000000000", "0x2ee7", "a-2146885621", "99999999999",
		THUMB, "0x00000000", "0x12345678",
	};
	uint32_t found[4];
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		cr_assert_eq(smsc_codes_find((smsc_span){ texts[i], strlen(texts[i]) }, found, 4), 0, "%s", texts[i]);
	cr_assert_null(smsc_code_name(0));
	cr_assert_null(smsc_code_name(0x80090023));
	cr_assert_null(smsc_code_meaning(UINT32_MAX));
}

Test(knowledge, several_codes)
{
	static const char text[] = "0x8009000d then 2148073485 then 80090016, 0x80090005 and 0x80070005";
	uint32_t found[3];
	cr_assert_eq(smsc_codes_find((smsc_span){ text, sizeof text - 1 }, found, 3), 3);
	cr_assert_eq(found[0], 0x8009000d);
	cr_assert_eq(found[1], 0x80090016);
	cr_assert_eq(found[2], 0x80090005);
}

/* winerror.h has 34 of them in a row. */
Test(knowledge, all_of_nte)
{
	for (uint32_t code = 0x80090001; code <= 0x80090022; code++)
		cr_assert(!strncmp(smsc_code_name(code), "NTE_", 4));
	cr_assert_str_eq(smsc_code_name(0x80090001), "NTE_BAD_UID");
	cr_assert_str_eq(smsc_code_name(0x80090010), "NTE_PERM");
	cr_assert_str_eq(smsc_code_name(0x80090020), "NTE_FAIL");
	cr_assert_str_eq(smsc_code_name(0x80090022), "NTE_SILENT_CONTEXT");
}
