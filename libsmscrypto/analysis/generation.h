/* generation.h - which files hold the same content of the same container. */
#ifndef SMSC_ANALYSIS_GENERATION_H
#define SMSC_ANALYSIS_GENERATION_H

#include "case.h"

/* The same public key, or none in both.  A key whose public half is torn equals no other. */
bool smsc_key_same(const smsc_key *a, const smsc_key *b);
/* Both pairs the same, or missing in both. */
bool smsc_generation_same_keys(const smsc_generation *a, const smsc_generation *b);
/* How many pairs it has, 0..2. */
int  smsc_generation_pairs(const smsc_generation *g);

/* Has the machine a file of it, in its store or elsewhere? */
bool smsc_generation_is_on(const smsc_generation *g, const struct smsc_host *h);
/* Its first file in that snapshot, or NULL. */
const smsc_key_file *smsc_generation_file_in(const smsc_generation *g, const smsc_snapshot *s);

/* "Earlier" below is on the same machine: what two machines have says nothing of each other.
 * The nearest earlier generation that has the pair `which`; or NULL. */
const smsc_generation *smsc_generation_earlier(const smsc_generation *g, int which);
/* The nearest earlier generation some of whose keys `g` has others for, though none of its
 * keys was there before; or NULL. */
const smsc_generation *smsc_generation_replaces(const smsc_generation *g);
/* The same as smsc_generation_earlier(), when `g` has no such pair itself. */
const smsc_generation *smsc_generation_lost(const smsc_generation *g, int which);

/* The generations of one container stand together; this is the end of the run that begins
 * at `first`. */
size_t smsc_container_end(const smsc_case *c, size_t first);
bool smsc_container_same(const smsc_generation *a, const smsc_generation *b);

/* Groups smsc_case.files into smsc_case.generations; no order yet.  False without memory. */
bool smsc_generations_group(smsc_case *c);
/* Says of each when it came, and puts them in that order by container.  False without memory. */
bool smsc_generations_order(smsc_case *c);

/* Fills in `change` of a generation that has one before it. */
void smsc_generation_describe(smsc_generation *g);
/* Appends what a pair is made of: "156 + 842 + 168". */
void smsc_pair_sizes(smsc_buf *out, const smsc_key *k);
/* Appends 1166 as "1,166". */
void smsc_number_text(smsc_buf *out, int64_t number);
/* What a machine can no longer do that lost the pair. */
const char *smsc_pair_loss(int which);
/* "AT_SIGNATURE" or "AT_KEYEXCHANGE". */
const char *smsc_pair_name(int which);
/* Findings about generations, and about containers on their machines (K001 to K005, K013, K014, K016,
 * K018, K022, K026). */
void smsc_key_rules(smsc_case *c);

#endif
