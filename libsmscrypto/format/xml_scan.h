/* xml_scan.h - the tags and texts of XML that may be anything.
 *
 * No entity is expanded, nothing nests, no memory is taken: a token is a run of characters.
 * What is no XML is skipped up to the next '<'.
 */
#ifndef SMSC_FORMAT_XML_SCAN_H
#define SMSC_FORMAT_XML_SCAN_H

#include "plain.h"

typedef enum smsc_xml_kind { SMSC_XML_OPEN, SMSC_XML_ATTRIBUTE, SMSC_XML_TEXT, SMSC_XML_CLOSE } smsc_xml_kind;

typedef struct smsc_xml_token {
	smsc_xml_kind kind;
	size_t name, name_end;    /* of a tag or an attribute */
	size_t from, to;          /* the value of an attribute, a text that is not blank */
} smsc_xml_token;

typedef struct smsc_xml {
	const smsc_plain *p;
	size_t at, end;
	bool   in_tag;
} smsc_xml;

smsc_xml smsc_xml_of(const smsc_plain *p, size_t from, size_t to);
/* The next token; a tag that closes itself is an OPEN, its attributes, and no CLOSE. */
bool smsc_xml_next(smsc_xml *x, smsc_xml_token *t);

#endif
