/* asn1.h - reads DER, and BER as far as messages use it, out of bytes that nobody vouches for.
 *
 * An element is found without recursion: one of indefinite length is walked with a counter of
 * what is open, and what opens more than MAX_OPEN is refused.
 */
#ifndef SMSC_FORMAT_ASN1_H
#define SMSC_FORMAT_ASN1_H

#include <stdbool.h>

#include "../base/buf.h"
#include "../base/cursor.h"

enum {
	SMSC_ASN1_INTEGER = 0x02, SMSC_ASN1_BITS = 0x03, SMSC_ASN1_OCTETS = 0x04, SMSC_ASN1_OID = 0x06,
	SMSC_ASN1_SEQUENCE = 0x30, SMSC_ASN1_SET = 0x31, SMSC_ASN1_OCTETS_IN_PARTS = 0x24
};

typedef struct smsc_tlv {
	uint8_t   tag;
	smsc_span whole, body;  /* with its head; without head and end */
} smsc_tlv;

/* Takes one element off the front of `in`: false at the end, and where there is none. */
bool smsc_asn1_next(smsc_span *in, smsc_tlv *out);
/* The same when it has this tag; else nothing is taken. */
bool smsc_asn1_take(smsc_span *in, uint8_t tag, smsc_tlv *out);
/* "1.2.840.113549.1.7.3"; "" for what is none, or too long for any that is in use. */
#define SMSC_OID_TEXT 128
void smsc_asn1_oid(smsc_span body, char out[SMSC_OID_TEXT]);
bool smsc_asn1_oid_is(smsc_span body, const char *dotted);
/* Appends a Name as "CN=SMS, CN=SMSSRV01": the last part first, as Windows has it and as
 * certificates of the analysis do. */
void smsc_asn1_name(smsc_buf *out, smsc_span name);

/* What of a certificate names it and its key; all within it. */
typedef struct smsc_cert_parts {
	smsc_span whole, serial, issuer, subject, spki;  /* serial: the number; the rest with head */
} smsc_cert_parts;

/* A certificate at the front of `in`, whatever follows.  False when none is there, whole. */
bool smsc_asn1_certificate(smsc_span in, smsc_cert_parts *out);

#endif
