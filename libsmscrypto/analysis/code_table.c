/* code_table.c - the Windows codes that logs of key trouble are full of.
 *
 * Names and numbers are those of winerror.h, wbemcli.h and their kin; the meanings say what such a code
 * tells about keys and certificates.
 */
#include "../base/text.h"
#include "code.h"

/* In order of the number. */
static const struct {
	uint32_t code;
	const char *name, *meaning;
} codes[] = {
	{ 2, "ERROR_FILE_NOT_FOUND", "the file is not there" },
	{ 3, "ERROR_PATH_NOT_FOUND", "the path is not there" },
	{ 5, "ERROR_ACCESS_DENIED", "the account may not do that; of a key: look at the permissions of MachineKeys" },
	{ 6, "ERROR_INVALID_HANDLE", "a handle is not valid" },
	{ 8, "ERROR_NOT_ENOUGH_MEMORY", "there is no memory" },
	{ 13, "ERROR_INVALID_DATA", "the data is not valid" },
	{ 14, "ERROR_OUTOFMEMORY", "there is no memory" },
	{ 32, "ERROR_SHARING_VIOLATION", "another program has the file open" },
	{ 50, "ERROR_NOT_SUPPORTED", "that is not supported here" },
	{ 53, "ERROR_BAD_NETPATH", "the other computer or its share was not found" },
	{ 64, "ERROR_NETNAME_DELETED", "the connection to the other computer broke off" },
	{ 67, "ERROR_BAD_NET_NAME", "the share was not found" },
	{ 80, "ERROR_FILE_EXISTS", "the file is there already" },
	{ 87, "ERROR_INVALID_PARAMETER", "a parameter is not valid" },
	{ 112, "ERROR_DISK_FULL", "the disk is full" },
	{ 122, "ERROR_INSUFFICIENT_BUFFER", "the room given was too small" },
	{ 126, "ERROR_MOD_NOT_FOUND", "a library is not there" },
	{ 127, "ERROR_PROC_NOT_FOUND", "a function is not in the library" },
	{ 183, "ERROR_ALREADY_EXISTS", "it is there already" },
	{ 193, "ERROR_BAD_EXE_FORMAT", "the file is no program" },
	{ 997, "ERROR_IO_PENDING", "it goes on and is not done yet" },
	{ 1008, "ERROR_NO_TOKEN", "a service failed to start because something it asked for does not exist; with IIS: its metabase key" },
	{ 1009, "ERROR_BADDB", "a registry hive is damaged" },
	{ 1015, "ERROR_REGISTRY_CORRUPT", "a registry hive is damaged" },
	{ 1018, "ERROR_KEY_DELETED", "the registry key is being deleted" },
	{ 1053, "ERROR_SERVICE_REQUEST_TIMEOUT", "the service did not answer in time" },
	{ 1056, "ERROR_SERVICE_ALREADY_RUNNING", "the service runs already" },
	{ 1058, "ERROR_SERVICE_DISABLED", "the service is disabled" },
	{ 1060, "ERROR_SERVICE_DOES_NOT_EXIST", "there is no such service" },
	{ 1062, "ERROR_SERVICE_NOT_ACTIVE", "the service does not run" },
	{ 1066, "ERROR_SERVICE_SPECIFIC_ERROR", "the service ended with an error of its own" },
	{ 1067, "ERROR_PROCESS_ABORTED", "the service ended without a word" },
	{ 1068, "ERROR_SERVICE_DEPENDENCY_FAIL", "a service that it needs could not be started" },
	{ 1069, "ERROR_SERVICE_LOGON_FAILED", "the account of the service could not log on" },
	{ 1072, "ERROR_SERVICE_MARKED_FOR_DELETE", "the service is being deleted" },
	{ 1115, "ERROR_SHUTDOWN_IN_PROGRESS", "Windows is shutting down" },
	{ 1168, "ERROR_NOT_FOUND", "it was not found" },
	{ 1219, "ERROR_SESSION_CREDENTIAL_CONFLICT", "there is a connection to that computer under another user" },
	{ 1245, "ERROR_NOT_LOGGED_ON", "nobody is logged on, so the service did not do it" },
	{ 1311, "ERROR_NO_LOGON_SERVERS", "no domain controller answered" },
	{ 1326, "ERROR_LOGON_FAILURE", "user name or password is wrong" },
	{ 1327, "ERROR_ACCOUNT_RESTRICTION", "the account may not log on so" },
	{ 1331, "ERROR_ACCOUNT_DISABLED", "the account is disabled" },
	{ 1355, "ERROR_NO_SUCH_DOMAIN", "the domain cannot be reached" },
	{ 1385, "ERROR_LOGON_TYPE_NOT_GRANTED", "the account may not log on in this way" },
	{ 1398, "ERROR_TIME_SKEW", "the clocks of the two computers are too far apart" },
	{ 1450, "ERROR_NO_SYSTEM_RESOURCES", "the system has no resources left" },
	{ 1460, "ERROR_TIMEOUT", "it did not answer in time" },
	{ 1603, "ERROR_INSTALL_FAILURE", "Windows Installer failed; its log has the reason" },
	{ 1605, "ERROR_UNKNOWN_PRODUCT", "the product is not installed" },
	{ 1612, "ERROR_INSTALL_SOURCE_ABSENT", "the files to install from are not there" },
	{ 1618, "ERROR_INSTALL_ALREADY_RUNNING", "another installation runs" },
	{ 1619, "ERROR_INSTALL_PACKAGE_OPEN_FAILED", "the package cannot be opened" },
	{ 1641, "ERROR_SUCCESS_REBOOT_INITIATED", "done; the computer restarts" },
	{ 1647, "ERROR_UNKNOWN_PATCH", "the patch is not for this product" },
	{ 1722, "RPC_S_SERVER_UNAVAILABLE", "the other side cannot be reached" },
	{ 1787, "ERROR_NO_TRUST_SAM_ACCOUNT", "the domain has no account of this computer" },
	{ 1789, "ERROR_TRUSTED_RELATIONSHIP_FAILURE", "this computer and its domain do not trust each other" },
	{ 1813, "ERROR_RESOURCE_TYPE_NOT_FOUND", "the file has no such resource" },
	{ 3010, "ERROR_SUCCESS_REBOOT_REQUIRED", "done; a restart is needed" },
	{ 9003, "DNS_ERROR_RCODE_NAME_ERROR", "the name is not known to DNS" },
	{ 10054, "WSAECONNRESET", "the other side broke off" },
	{ 10060, "WSAETIMEDOUT", "the other side did not answer in time" },
	{ 10061, "WSAECONNREFUSED", "nothing answers at that port" },
	{ 12002, "ERROR_WINHTTP_TIMEOUT", "the web server did not answer in time" },
	{ 12005, "ERROR_WINHTTP_INVALID_URL", "the address is not valid" },
	{ 12007, "ERROR_WINHTTP_NAME_NOT_RESOLVED", "the web server's name is not known" },
	{ 12029, "ERROR_WINHTTP_CANNOT_CONNECT", "the web server cannot be reached" },
	{ 12030, "ERROR_WINHTTP_CONNECTION_ERROR", "the web server broke off" },
	{ 12037, "ERROR_WINHTTP_SECURE_CERT_DATE_INVALID", "the server's certificate is not yet or no more valid, or a clock is wrong" },
	{ 12038, "ERROR_WINHTTP_SECURE_CERT_CN_INVALID", "the server's certificate is for another name" },
	{ 12044, "ERROR_WINHTTP_CLIENT_AUTH_CERT_NEEDED", "the server wants a certificate of the client" },
	{ 12045, "ERROR_WINHTTP_SECURE_INVALID_CA", "the issuer of the server's certificate is not trusted" },
	{ 12152, "ERROR_WINHTTP_INVALID_SERVER_RESPONSE", "the web server's answer is not valid" },
	{ 12175, "ERROR_WINHTTP_SECURE_FAILURE", "the secure connection failed: a certificate was not accepted" },
	{ 0x8000000a, "E_PENDING", "the data is not available yet" },
	{ 0x80004001, "E_NOTIMPL", "that is not implemented" },
	{ 0x80004002, "E_NOINTERFACE", "the object cannot do that" },
	{ 0x80004003, "E_POINTER", "a pointer is not valid" },
	{ 0x80004004, "E_ABORT", "it was called off" },
	{ 0x80004005, "E_FAIL", "something failed without saying what" },
	{ 0x8000ffff, "E_UNEXPECTED", "something unexpected happened" },
	{ 0x80010108, "RPC_E_DISCONNECTED", "the object's server is gone" },
	{ 0x80040154, "REGDB_E_CLASSNOTREG", "a component is not registered" },
	{ 0x80041001, "WBEM_E_FAILED", "WMI failed without saying what" },
	{ 0x80041002, "WBEM_E_NOT_FOUND", "WMI has no such object" },
	{ 0x80041003, "WBEM_E_ACCESS_DENIED", "the account may not do that in WMI" },
	{ 0x80041004, "WBEM_E_PROVIDER_FAILURE", "a provider of WMI failed" },
	{ 0x80041006, "WBEM_E_OUT_OF_MEMORY", "WMI has no memory" },
	{ 0x80041008, "WBEM_E_INVALID_PARAMETER", "a parameter is not valid in WMI" },
	{ 0x8004100e, "WBEM_E_INVALID_NAMESPACE", "WMI has no such namespace" },
	{ 0x8004100f, "WBEM_E_INVALID_OBJECT", "an object in WMI is not valid" },
	{ 0x80041010, "WBEM_E_INVALID_CLASS", "WMI has no such class" },
	{ 0x80041013, "WBEM_E_PROVIDER_LOAD_FAILURE", "a provider of WMI could not be loaded" },
	{ 0x80041017, "WBEM_E_INVALID_QUERY", "the query is not valid in WMI" },
	{ 0x80070005, "E_ACCESSDENIED", "the account may not read the file; look at the permissions of MachineKeys" },
	{ 0x8007000e, "E_OUTOFMEMORY", "there is no memory" },
	{ 0x80070057, "E_INVALIDARG", "a parameter is not valid" },
	{ 0x80080005, "CO_E_SERVER_EXEC_FAILURE", "a component's program could not be started" },
	{ 0x80090001, "NTE_BAD_UID", "the provider handle is not valid" },
	{ 0x80090002, "NTE_BAD_HASH", "the hash handle is not valid" },
	{ 0x80090003, "NTE_BAD_KEY", "the key handle is not valid" },
	{ 0x80090004, "NTE_BAD_LEN", "a length is not valid" },
	{ 0x80090005, "NTE_BAD_DATA", "decrypted with the wrong key, or the data is damaged" },
	{ 0x80090006, "NTE_BAD_SIGNATURE", "a signature does not verify: wrong key, or changed data" },
	{ 0x80090007, "NTE_BAD_VER", "a version that the provider does not know" },
	{ 0x80090008, "NTE_BAD_ALGID", "an algorithm that the provider does not know" },
	{ 0x80090009, "NTE_BAD_FLAGS", "flags that the provider does not know" },
	{ 0x8009000a, "NTE_BAD_TYPE", "a type that the provider does not know" },
	{ 0x8009000b, "NTE_BAD_KEY_STATE", "the key file is there, but DPAPI cannot unlock its private key" },
	{ 0x8009000c, "NTE_BAD_HASH_STATE", "the hash is in no state to be used" },
	{ 0x8009000d, "NTE_NO_KEY", "the container opens but does not hold the key that is needed" },
	{ 0x8009000e, "NTE_NO_MEMORY", "the provider has no memory" },
	{ 0x8009000f, "NTE_EXISTS", "a container of this name exists, perhaps one that cannot be read" },
	{ 0x80090010, "NTE_PERM", "access to the key is denied" },
	{ 0x80090011, "NTE_NOT_FOUND", "the object was not found" },
	{ 0x80090012, "NTE_DOUBLE_ENCRYPT", "the data is encrypted already" },
	{ 0x80090013, "NTE_BAD_PROVIDER", "the provider is not valid" },
	{ 0x80090014, "NTE_BAD_PROV_TYPE", "the provider type is not valid" },
	{ 0x80090015, "NTE_BAD_PUBLIC_KEY", "the public key is not valid" },
	{ 0x80090016, "NTE_BAD_KEYSET", "no file for this container under the current MachineGuid" },
	{ 0x80090017, "NTE_PROV_TYPE_NOT_DEF", "the provider type is not registered" },
	{ 0x80090018, "NTE_PROV_TYPE_ENTRY_BAD", "the registry entry of the provider type is damaged" },
	{ 0x80090019, "NTE_KEYSET_NOT_DEF", "the container is not registered" },
	{ 0x8009001a, "NTE_KEYSET_ENTRY_BAD", "the key file or its registry entry is damaged" },
	{ 0x8009001b, "NTE_PROV_TYPE_NO_MATCH", "the provider has another type than was asked for" },
	{ 0x8009001c, "NTE_SIGNATURE_FILE_BAD", "the signature of the provider's own file is damaged" },
	{ 0x8009001d, "NTE_PROVIDER_DLL_FAIL", "the provider could not be started" },
	{ 0x8009001e, "NTE_PROV_DLL_NOT_FOUND", "the provider's file is missing" },
	{ 0x8009001f, "NTE_BAD_KEYSET_PARAM", "a parameter of the container is not valid" },
	{ 0x80090020, "NTE_FAIL", "the provider failed inside" },
	{ 0x80090021, "NTE_SYS_ERR", "the operating system failed under the provider" },
	{ 0x80090022, "NTE_SILENT_CONTEXT", "the key needs a window to be shown, and none may be" },
	{ 0x80090023, "NTE_TOKEN_KEYSET_STORAGE_FULL", "the token has no room for another key" },
	{ 0x80090024, "NTE_TEMPORARY_PROFILE", "the user has a temporary profile, in which keys do not last" },
	{ 0x80090025, "NTE_FIXEDPARAMETER", "a parameter cannot be changed" },
	{ 0x80090300, "SEC_E_INSUFFICIENT_MEMORY", "there is no memory for the secure connection" },
	{ 0x80090302, "SEC_E_UNSUPPORTED_FUNCTION", "that is not supported by the security package" },
	{ 0x80090304, "SEC_E_INTERNAL_ERROR", "the local security authority cannot be reached" },
	{ 0x80090308, "SEC_E_INVALID_TOKEN", "what the other side sent is not valid" },
	{ 0x8009030c, "SEC_E_LOGON_DENIED", "user name or password is wrong" },
	{ 0x8009030d, "SEC_E_UNKNOWN_CREDENTIALS", "the credentials are not usable; of a certificate: its private key is not" },
	{ 0x8009030e, "SEC_E_NO_CREDENTIALS", "there are no credentials; of a certificate: no private key" },
	{ 0x80090311, "SEC_E_NO_AUTHENTICATING_AUTHORITY", "no domain controller answered" },
	{ 0x80090322, "SEC_E_WRONG_PRINCIPAL", "the other side is not who it should be" },
	{ 0x80090324, "SEC_E_TIME_SKEW", "the clocks of the two computers are too far apart" },
	{ 0x80090325, "SEC_E_UNTRUSTED_ROOT", "the root of the other side's certificate is not trusted" },
	{ 0x80090327, "SEC_E_CERT_UNKNOWN", "the other side's certificate could not be processed" },
	{ 0x80090328, "SEC_E_CERT_EXPIRED", "the other side's certificate has expired" },
	{ 0x80091001, "CRYPT_E_MSG_ERROR", "a signed or encrypted message could not be processed" },
	{ 0x80091002, "CRYPT_E_UNKNOWN_ALGO", "the algorithm of the message is not known" },
	{ 0x80091004, "CRYPT_E_INVALID_MSG_TYPE", "the message is of another type" },
	{ 0x80091005, "CRYPT_E_UNEXPECTED_ENCODING", "the message is encoded otherwise" },
	{ 0x80091007, "CRYPT_E_HASH_VALUE", "content does not have the hash that was announced" },
	{ 0x80092002, "CRYPT_E_BAD_ENCODE", "it could not be encoded or decoded" },
	{ 0x80092003, "CRYPT_E_FILE_ERROR", "a certificate file could not be read or written" },
	{ 0x80092004, "CRYPT_E_NOT_FOUND", "the certificate or its property was not found" },
	{ 0x80092005, "CRYPT_E_EXISTS", "the certificate or its property is there already" },
	{ 0x80092006, "CRYPT_E_NO_PROVIDER", "no provider was named for the key" },
	{ 0x80092007, "CRYPT_E_SELF_SIGNED", "the certificate is signed by itself" },
	{ 0x80092009, "CRYPT_E_NO_MATCH", "nothing fits what was looked for" },
	{ 0x8009200a, "CRYPT_E_UNEXPECTED_MSG_TYPE", "the message is of another type" },
	{ 0x8009200b, "CRYPT_E_NO_KEY_PROPERTY", "the certificate has no usable private key: the certificate outlived its key container" },
	{ 0x8009200c, "CRYPT_E_NO_DECRYPT_CERT", "the message is encrypted to a certificate whose key is not here" },
	{ 0x8009200d, "CRYPT_E_BAD_MSG", "the encrypted or signed message is damaged" },
	{ 0x8009200e, "CRYPT_E_NO_SIGNER", "the message is not signed by who was asked for" },
	{ 0x80092010, "CRYPT_E_REVOKED", "the certificate is revoked" },
	{ 0x80092012, "CRYPT_E_NO_REVOCATION_CHECK", "nobody could say whether the certificate is revoked" },
	{ 0x80092013, "CRYPT_E_REVOCATION_OFFLINE", "who says whether the certificate is revoked did not answer" },
	{ 0x80093102, "CRYPT_E_ASN1_EOD", "the encoded data ends too early" },
	{ 0x8009310b, "CRYPT_E_ASN1_BADTAG", "the encoded data is of another kind, or damaged" },
	{ 0x80096004, "TRUST_E_CERT_SIGNATURE", "the signature of the certificate does not verify" },
	{ 0x80096010, "TRUST_E_BAD_DIGEST", "the content is not what was signed" },
	{ 0x800b0100, "TRUST_E_NOSIGNATURE", "there is no signature" },
	{ 0x800b0101, "CERT_E_EXPIRED", "the certificate is not yet or no more valid, or a clock is wrong" },
	{ 0x800b0109, "CERT_E_UNTRUSTEDROOT", "the root of the certificate is not trusted" },
	{ 0x800b010a, "CERT_E_CHAINING", "no chain of certificates leads to a trusted root" },
	{ 0x800b010c, "CERT_E_REVOKED", "the certificate is revoked" },
	{ 0x800b010f, "CERT_E_CN_NO_MATCH", "the certificate is for another name" },
	{ 0x8024000c, "WU_E_NOOP", "there was nothing to do" },
	{ 0x8024402c, "WU_E_PT_WINHTTP_NAME_NOT_RESOLVED", "the name of the update server or proxy is not known" },
	{ 0x80248007, "WU_E_DS_NODATA", "Windows Update's store has no such data" },
	{ 0x80248014, "WU_E_DS_UNKNOWNSERVICE", "Windows Update does not know the service" },
	/* Of Configuration Manager: no symbols of these two were ever published. */
	{ 0x87d00215, "item not found", "something that Configuration Manager looked for is not there" },
	{ 0x87d00280, "no certificate", "no PKI certificate fits the criteria" },
};

/* HRESULT_FROM_WIN32() puts this before an error of Windows. */
#define FROM_WIN32 0x80070000u

static size_t search(uint32_t code)
{
	size_t low = 0, high = sizeof codes / sizeof *codes;

	while (low < high) {
		size_t middle = (low + high) / 2;
		if (codes[middle].code < code)
			low = middle + 1;
		else
			high = middle;
	}
	return low < sizeof codes / sizeof *codes && codes[low].code == code ? low : SIZE_MAX;
}

static size_t place_of(uint32_t code)
{
	size_t i = search(code);
	bool wrapped = i == SIZE_MAX && (code & 0xffff0000u) == FROM_WIN32 && code != FROM_WIN32;
	return wrapped ? search(code & 0xffff) : i;
}

const char *smsc_code_name(uint32_t code)
{
	size_t i = place_of(code);
	return i == SIZE_MAX ? NULL : codes[i].name;
}

const char *smsc_code_meaning(uint32_t code)
{
	size_t i = place_of(code);
	return i == SIZE_MAX ? NULL : codes[i].meaning;
}

uint32_t smsc_code_of_name(const char *name)
{
	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
		if (!smsc_ascii_casecmp(codes[i].name, name))
			return codes[i].code;
	return 0;
}
