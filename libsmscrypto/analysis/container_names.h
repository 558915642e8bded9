/* container_names.h - containers whose names and products are known. */
#ifndef SMSC_ANALYSIS_CONTAINER_NAMES_H
#define SMSC_ANALYSIS_CONTAINER_NAMES_H

typedef struct smsc_container_name {
	const char *hash;     /* 32 hex digits: the first half of the file name */
	const char *name;
	const char *product;
} smsc_container_name;

/* NULL when the hash is none of them. */
const smsc_container_name *smsc_container_name_of(const char *hash);
/* Row `i`; NULL past the end. */
const smsc_container_name *smsc_container_name_at(unsigned i);

#endif
