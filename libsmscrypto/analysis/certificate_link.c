/* certificate_link.c - which certificate is about which key: by the public key, never by a name. */
#include <stdlib.h>
#include <string.h>

#include "../base/error.h"
#include "../base/ident.h"
#include "../base/text.h"
#include "certificate.h"
#include "decode.h"
#include "generation.h"
#include "holder.h"

/* ---- places to certificates ------------------------------------------------------------------ */

/* Stores in which a machine's own certificates are. */
static int store_rank(const smsc_certificate_place *p)
{
	bool sms = !smsc_ascii_casecmp(p->store, "SMS"), my = !smsc_ascii_casecmp(p->store, "MY");
	return p->machine && sms ? 0 : p->machine && my ? 1 : sms || my ? 2 : *p->store ? 3 : 4;
}

static int compare_places(const void *left, const void *right)
{
	const smsc_certificate_place *a = left, *b = right;
	const smsc_certificate *x = a->form->certificate, *y = b->form->certificate;
	int d = x == y ? 0 : memcmp(x->sha1, y->sha1, SMSC_SHA1_SIZE);
	/* Two that have one thumbprint are made so by intent; their bytes differ. */
	if (!d && x != y)
		d = memcmp(x->print.sha256, y->print.sha256, SMSC_SHA256_SIZE);
	if (!d)
		d = (a->snapshot->order > b->snapshot->order) - (a->snapshot->order < b->snapshot->order);
	if (!d)
		d = store_rank(a) - store_rank(b);
	if (!d)
		d = strcmp(a->path, b->path);
	return d ? d : (a->at > b->at) - (a->at < b->at);
}

static void take_best(smsc_certificate *x)
{
	const smsc_certificate_place *p = x->places;
	for (size_t i = 1; i < x->place_count; i++)
		if (store_rank(&x->places[i]) < store_rank(p))
			p = &x->places[i];
	x->place = p;
	x->snapshot = p->snapshot;
	x->path = p->path;
	x->at = p->at;
	x->store = p->store;
	x->friendly = p->form->friendly;
	x->container = p->form->container;
	x->provider = p->form->provider;
	x->key_spec = p->form->key_spec;
	x->has_key_property = p->form->has_key_property;
	x->archived = p->form->archived;
	x->date_stamp = p->form->date_stamp;
}

static void gather_places(smsc_case *c)
{
	if (c->place_count)
		qsort(c->places, c->place_count, sizeof(*c->places), compare_places);
	for (size_t i = 0; i < c->place_count; i++) {
		smsc_certificate *x = c->places[i].form->certificate;
		if (!x->place_count)
			x->places = &c->places[i];
		x->place_count++;
	}
	/* A certificate whose only place was past the limit is in no place. */
	size_t kept = 0;
	for (size_t i = 0; i < c->certificate_count; i++)
		if (c->certificates[i]->place_count) {
			take_best(c->certificates[i]);
			c->certificates[kept++] = c->certificates[i];
		}
	c->certificate_count = kept;
}

/* ---- order ------------------------------------------------------------------------------------ */

static int compare_certificates(const void *left, const void *right)
{
	const smsc_certificate *a = *(smsc_certificate *const *)left, *b = *(smsc_certificate *const *)right;
	int d = store_rank(a->place) - store_rank(b->place);
	if (!d)
		d = smsc_ascii_casecmp(a->store, b->store);
	if (!d)
		d = (a->not_before > b->not_before) - (a->not_before < b->not_before);
	return d ? d : memcmp(a->sha1, b->sha1, SMSC_SHA1_SIZE);
}

static int compare_prints(const void *left, const void *right)
{
	const smsc_certificate *a = *(smsc_certificate *const *)left, *b = *(smsc_certificate *const *)right;
	int d = memcmp(a->print.sha256, b->print.sha256, SMSC_SHA256_SIZE);
	return d ? d : compare_certificates(left, right);
}

/* ---- certificates to generations ------------------------------------------------------------------ */

/* The 32 digits that files of the container begin with: the property has its name, or that
 * of its file.  "" when it names none. */
static bool container_hash(const char *container, char hash[33])
{
	char guid[SMSC_GUID_TEXT];
	hash[0] = '\0';
	if (smsc_container_name_parse(container, hash, guid) && *guid)
		return true;
	hash[0] = '\0';
	return !*container || smsc_container_hash((smsc_span){ container, strlen(container) }, false, hash);
}

/* The first holder of its key; of the container that it names, where one is. */
static void link_certificate(const smsc_case *c, smsc_certificate *x)
{
	smsc_holders all = smsc_holders_of(c, x->print.sha256);
	x->holders = all.at;
	x->holder_count = all.count < SMSC_HOLDERS ? all.count : SMSC_HOLDERS;
	for (size_t i = 0; i < x->holder_count; i++) {
		bool fits = !strcmp(all.at[i].generation->hash, x->container_hash);
		if (x->generation && !fits)
			continue;
		x->generation = all.at[i].generation;
		x->which = all.at[i].which;
		if (fits)
			break;
	}
}

static int compare_hashes(const void *left, const void *right)
{
	const smsc_generation *a = *(smsc_generation *const *)left, *b = *(smsc_generation *const *)right;
	int d = strcmp(a->hash, b->hash);
	/* A certificate of the machine means the machine's container. */
	if (!d)
		d = (*a->owner != '\0') - (*b->owner != '\0');
	return d ? d : (a->number < b->number) - (a->number > b->number);
}

/* The newest generation of that container, on that machine where it has one; `list` is in the
 * order of the hashes. */
static const smsc_generation *named(smsc_generation *const *list, size_t count, const char *hash,
                                    const struct smsc_host *host)
{
	size_t low = 0, high = count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (strcmp(list[middle]->hash, hash) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	const smsc_generation *first = low < count && !strcmp(list[low]->hash, hash) ? list[low] : NULL;
	for (size_t i = low; first && i < count && i - low < SMSC_HOLDERS && !strcmp(list[i]->hash, hash); i++)
		if (smsc_generation_is_on(list[i], host))
			return list[i];
	return first;
}

static bool link_all(smsc_case *c, smsc_generation **by_hash)
{
	memcpy(by_hash, c->generations, c->generation_count * sizeof(*by_hash));
	qsort(by_hash, c->generation_count, sizeof(*by_hash), compare_hashes);
	for (size_t i = 0; i < c->certificate_count; i++) {
		smsc_certificate *x = c->certificates[i];
		if (!container_hash(x->container, x->container_hash))
			return false;
		if (*x->container_hash)
			x->named_generation = named(by_hash, c->generation_count, x->container_hash, x->snapshot->host);
		link_certificate(c, x);
	}
	return true;
}

/* ---- generations to certificates ------------------------------------------------------------------ */

/* Those of one key stand together in `list`, and all who hold it share that place. */
static bool link_generations(smsc_case *c)
{
	size_t count = c->certificate_count;
	smsc_certificate **list = smsc_arena_alloc(c->arena, count * sizeof(*list));
	if (!list)
		return false;
	memcpy(list, c->certificates, count * sizeof(*list));
	qsort(list, count, sizeof(*list), compare_prints);
	for (size_t first = 0, end; first < count; first = end) {
		const uint8_t *print = list[first]->print.sha256;
		smsc_holders all = smsc_holders_of(c, print);
		for (end = first; end < count && !memcmp(list[end]->print.sha256, print, SMSC_SHA256_SIZE);)
			end++;
		for (size_t i = 0; i < all.count; i++) {
			smsc_generation *g = all.at[i].generation;
			g->certificates[all.at[i].which] = list + first;
			g->certificate_count[all.at[i].which] = end - first;
		}
	}
	return true;
}

int smsc_case_certificates(smsc_case *c, smsc_error **err)
{
	gather_places(c);
	if (!c->certificate_count)
		return 0;
	qsort(c->certificates, c->certificate_count, sizeof(*c->certificates), compare_certificates);
	if (!c->generation_count)
		return 0;
	smsc_generation **by_hash = malloc(c->generation_count * sizeof(*by_hash));
	bool good = by_hash && link_all(c, by_hash) && link_generations(c);
	free(by_hash);
	return good ? 0 : smsc_fail_nomem(err);
}
