/* code.c - the Windows codes that tell what became of a key.
 *
 * Names and numbers are those of winerror.h; the meanings say what such a code tells about
 * keys and certificates.
 */
#include <stdbool.h>
#include <string.h>

#include "../base/cursor.h"
#include "../base/text.h"
#include "code.h"

#define ERROR_NO_TOKEN 1008u

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
	{ 32, "ERROR_SHARING_VIOLATION", "another program has the file open" },
	{ 87, "ERROR_INVALID_PARAMETER", "a parameter is not valid" },
	{ 126, "ERROR_MOD_NOT_FOUND", "a library is not there" },
	{ ERROR_NO_TOKEN, "ERROR_NO_TOKEN", "a service failed to start because something it asked for does not exist; with IIS: its metabase key" },
	{ 1053, "ERROR_SERVICE_REQUEST_TIMEOUT", "the service did not answer in time" },
	{ 1058, "ERROR_SERVICE_DISABLED", "the service is disabled" },
	{ 1060, "ERROR_SERVICE_DOES_NOT_EXIST", "there is no such service" },
	{ 1062, "ERROR_SERVICE_NOT_ACTIVE", "the service does not run" },
	{ 1066, "ERROR_SERVICE_SPECIFIC_ERROR", "the service ended with an error of its own" },
	{ 1067, "ERROR_PROCESS_ABORTED", "the service ended without a word" },
	{ 1068, "ERROR_SERVICE_DEPENDENCY_FAIL", "a service that it needs could not be started" },
	{ 1069, "ERROR_SERVICE_LOGON_FAILED", "the account of the service could not log on" },
	{ 1326, "ERROR_LOGON_FAILURE", "user name or password is wrong" },
	{ 1355, "ERROR_NO_SUCH_DOMAIN", "the domain cannot be reached" },
	{ 1722, "RPC_S_SERVER_UNAVAILABLE", "the other side cannot be reached" },
	{ 12002, "ERROR_WINHTTP_TIMEOUT", "the web server did not answer in time" },
	{ 12007, "ERROR_WINHTTP_NAME_NOT_RESOLVED", "the web server's name is not known" },
	{ 12029, "ERROR_WINHTTP_CANNOT_CONNECT", "the web server cannot be reached" },
	{ 12030, "ERROR_WINHTTP_CONNECTION_ERROR", "the web server broke off" },
	{ 0x8000000a, "E_PENDING", "the data is not available yet" },
	{ 0x80004005, "E_FAIL", "something failed without saying what" },
	{ 0x80041002, "WBEM_E_NOT_FOUND", "WMI has no such object" },
	{ 0x8004100f, "WBEM_E_INVALID_OBJECT", "an object in WMI is not valid" },
	{ 0x80070005, "E_ACCESSDENIED", "the account may not read the file; look at the permissions of MachineKeys" },
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
	{ 0x80091007, "CRYPT_E_HASH_VALUE", "content does not have the hash that was announced" },
	{ 0x80092004, "CRYPT_E_NOT_FOUND", "the certificate or its property was not found" },
	{ 0x8009200b, "CRYPT_E_NO_KEY_PROPERTY", "the certificate has no usable private key: the certificate outlived its key container" },
	{ 0x8009200c, "CRYPT_E_NO_DECRYPT_CERT", "the message is encrypted to a certificate whose key is not here" },
	{ 0x8009200d, "CRYPT_E_BAD_MSG", "the encrypted or signed message is damaged" },
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

/* ---- finding them in a text ------------------------------------------------------- */

static bool is_word(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* The digits of `s` in `base`; false when another character is among them. */
static bool number_of(smsc_span s, int base, uint64_t *value)
{
	const char *p = s.data;

	*value = 0;
	for (size_t i = 0; i < s.size; i++) {
		int digit = smsc_hex_digit(p[i]);
		if (digit < 0 || digit >= base)
			return false;
		*value = *value * (unsigned)base + (unsigned)digit;
	}
	return s.size > 0;
}

static char char_at(smsc_span text, size_t at)
{
	return at < text.size ? ((const char *)text.data)[at] : '\0';
}

/* "-2146885621": the same bits, signed.  Not the tail of "a-2146885621". */
static bool is_signed(smsc_span text, size_t at)
{
	return at && char_at(text, at - 1) == '-' && (at < 2 || !is_word(char_at(text, at - 2)));
}

/* The first group of a GUID looks like a bare code. */
static bool is_in_guid(smsc_span text, size_t at, size_t size)
{
	return (at && memchr("-{", char_at(text, at - 1), 2)) || char_at(text, at + size) == '-';
}

/* "Error 1008", "error: 0x5", "error=3": what small numbers need to be codes. */
static bool follows_error(smsc_span text, size_t at)
{
	for (int i = 0; i < 3 && at && memchr(" :=(#", char_at(text, at - 1), 5); i++)
		at--;
	return at >= 4 && !memcmp((const char *)text.data + at - 4, "rror", 4);
}

#define SMALL 0x10000u

static uint32_t small_code(smsc_span text, size_t at, uint64_t value)
{
	return value < SMALL && follows_error(text, at) ? (uint32_t)value : 0;
}

/* The code that the word at `at` spells, or 0. */
static uint32_t code_of(smsc_span text, size_t at, size_t size)
{
	smsc_span word = smsc_span_cut(text, at, size);
	const char *p = word.data;
	uint64_t value;

	if (size > 2 && size <= 10 && p[0] == '0' && (p[1] | 0x20) == 'x')
		return !number_of(smsc_span_cut(word, 2, size), 16, &value) ? 0 :
		       value < SMALL ? small_code(text, at, value) : (uint32_t)value;
	if (size == 8 && !is_in_guid(text, at, size) && number_of(word, 16, &value) && value >= SMALL)
		return (uint32_t)value;
	if (size == 10 && number_of(word, 10, &value) && value <= UINT32_MAX)
		return is_signed(text, at) ? (uint32_t)-(int64_t)value : (uint32_t)value;
	return size <= 5 && number_of(word, 10, &value) ? small_code(text, at, value) : 0;
}

static bool has_code(const uint32_t *found, size_t count, uint32_t code)
{
	for (size_t i = 0; i < count; i++)
		if (found[i] == code)
			return true;
	return false;
}

/* The next place from `at` on where a code may begin: a digit at the start of a word.  Nearly no
 * row has one, and every row of every log is asked. */
static size_t next_start(const char *p, size_t at, size_t size)
{
	for (; at < size; at++)
		if ((unsigned char)(p[at] - '0') <= 8 && (!at || !is_word(p[at - 1])))
			break;
	return at;
}

/* ---- is there one at all --------------------------------------------------------- */

#define LANES 16
#define REACH (LANES + 2)

typedef uint8_t lanes __attribute__((vector_size(LANES)));

static lanes load(const char *p)
{
	lanes v;
	memcpy(&v, p, sizeof v);
	return v;
}

/* Sixteen places at once: in every spelling is a "009", a "03f" or a "214" ("8009....",
 * "800703f0", "2148......", "2146......"). */
static bool holds_part(const char *p)
{
	lanes a = load(p), b = load(p + 1), c = load(p + 2);
	lanes hits = (lanes)((a == '0') & (((b == '0') & (c == '9')) | ((b == '3') & ((c | 0x20) == 'f')))) |
	             (lanes)((a == '2') & (b == '1') & (c == '4'));
	uint64_t any[2];
	memcpy(any, &hits, sizeof any);
	return any[0] | any[1];
}

bool smsc_codes_likely(smsc_span text)
{
	const char *p = text.data;
	char room[REACH] = "";

	if (text.size < 4)
		return false;
	if (text.size < REACH) {
		memcpy(room, p, text.size);
		return holds_part(room);
	}
	/* The last step may look at some places again. */
	for (size_t i = 0; i + REACH < text.size; i += LANES)
		if (holds_part(p + i))
			return true;
	return holds_part(p + text.size - REACH);
}

int smsc_code_in_row(const smsc_row *row, uint32_t code)
{
	smsc_span text = row ? row->text : smsc_span_of(NULL, 0);
	const char *p = text.data;

	for (size_t at = 0; at < text.size; at++) {
		size_t size = 0;
		if (!is_word(p[at]) || (at && is_word(p[at - 1])))
			continue;
		while (is_word(char_at(text, at + size)))
			size++;
		if (code && code_of(text, at, size) == code)
			return 1;
		at += size;
	}
	return 0;
}

uint32_t smsc_code_parse(const char *text)
{
	smsc_span s = smsc_span_of(text ? text : "", text ? strlen(text) : 0);
	uint64_t value;

	for (size_t i = 0; text && i < sizeof codes / sizeof *codes; i++)
		if (!smsc_ascii_casecmp(codes[i].name, text))
			return codes[i].code;
	const char *p = s.data;
	bool prefixed = s.size > 2 && s.size <= 10 && p[0] == '0' && (p[1] | 0x20) == 'x';
	if ((prefixed || s.size == 8) && number_of(smsc_span_cut(s, prefixed ? 2 : 0, s.size), 16, &value))
		return (uint32_t)value;
	bool minus = s.size && *p == '-';
	if (!number_of(smsc_span_cut(s, minus, s.size), 10, &value) || s.size > 11 ||
	    value > (minus ? UINT64_C(0x80000000) : UINT32_MAX))
		return 0;
	return minus ? (uint32_t)-(int64_t)value : (uint32_t)value;
}

size_t smsc_codes_find(smsc_span text, uint32_t *found, size_t room)
{
	size_t count = 0, at = 0;

	while (count < room && (at = next_start(text.data, at, text.size)) < text.size) {
		size_t size = 0;
		while (is_word(char_at(text, at + size)))
			size++;
		uint32_t code = code_of(text, at, size);
		if (code && smsc_code_name(code) && !has_code(found, count, code))
			found[count++] = code;
		at += size;
	}
	return count;
}
