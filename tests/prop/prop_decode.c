/* prop_decode.c - what must hold for every decoder and any damage of every sample:
 *
 *   - no crash (run it with a sanitizer too), nothing read outside a block of the exact size
 *   - the fields tile the bytes: none is lost, none told twice (but for hives and what is searched)
 *   - findings lie within the stream
 *   - whatever was read before a cut is the same as in the whole file
 *   - no bit of damage makes a private key in the clear part of the record
 *
 * Usage: prop_decode [FILE|DIRECTORY]...; without them the corpus and the shared evidence.
 */
#include "../sample.h"
#include "format/format.h"

#define MAX_SAMPLE  (64u << 10)  /* bytes of a sample; the formats here are small */
#define EVERY       (4u << 10)   /* up to this size every cut is made and every bit turned */
#define BITS        (SAMPLE_SLOW ? 7u : 1u)  /* apart: there one bit of each byte is turned */
#define MAX_LENGTHS 64           /* length fields of a sample that are swapped */

struct sample {
	const char *path;
	smsc_span   bytes;
	const smsc_format *format;
	bool        tiles;           /* the record tells of every byte */
	bool        searched;        /* only of what was searched for */
	smsc_record *whole;
	uint64_t    secret;          /* from here on a private key in the clear; UINT64_MAX none */
	uint8_t    *copy;
	char        wrong[512];      /* the first thing that does not hold; "" */
};

static int number, failed;

static void result(struct sample *s, const char *what)
{
	number++;
	failed += *s->wrong != 0;
	printf("%sok %d - %s %s%s%s\n", *s->wrong ? "not " : "", number, s->path, what,
	       *s->wrong ? " # " : "", s->wrong);
	*s->wrong = 0;
}

/* ---- one decoding --------------------------------------------------------------------- */

static bool shows(const smsc_record *r, uint64_t from)
{
	const smsc_field *f;
	for (size_t i = 0; (f = smsc_record_at(r, i)); i++)
		if (f->type == SMSC_RECORD ? shows(f->as.record, from) :
		    f->type != SMSC_INT && f->at + f->bytes > from)
			return true;
	return false;
}

/* Judges a decoding of `size` bytes of s->copy; the record, or NULL once something is wrong. */
static smsc_record *judged(struct sample *s, size_t size, const char *how, size_t at)
{
	uint8_t *exact = malloc(size ? size : 1);
	memcpy(exact, s->copy, size);
	smsc_record *r = smsc_format_decode(s->format, s->path, (smsc_span){ exact, size }, 1252);
	free(exact);  /* a record owns what it shows */
	const char *gap = s->tiles ? cover(r, size, NULL) : NULL, *bad = check_record(r, size);
	if (!bad && shows(r, s->secret))
		bad = "a private key is shown";
	if (!gap && !bad)
		return r;
	if (!*s->wrong)
		snprintf(s->wrong, sizeof s->wrong, "%s %zu: %s%s", how, at, bad ? bad : "out of place: ",
		         bad ? "" : gap);
	smsc_record_unref(r);
	return NULL;
}

/* ---- cuts --------------------------------------------------------------------------------- */

static bool same_value(const smsc_field *a, const smsc_field *b)
{
	switch (a->type) {
	case SMSC_INT:   return a->as.number == b->as.number;
	case SMSC_TIME:  return a->as.time == b->as.time;
	case SMSC_TEXT:  return !strcmp(a->as.text, b->as.text);
	case SMSC_BYTES: return !memcmp(a->as.span.data, b->as.span.data, a->as.span.size);
	default:         return true;
	}
}

/* What stands between the things that a searched file is searched for. */
static bool is_between(const smsc_field *f)
{
	return !strcmp(f->name, "other") || (f->type == SMSC_BYTES && !strcmp(f->name, "text"));
}

/* The name of the first field that is whole before `size` and not the same in the cut. */
static const char *changed(const smsc_record *whole, const smsc_record *cut, uint64_t size,
                           uint64_t secret)
{
	const smsc_field *w, *c;
	for (size_t i = 0; (w = smsc_record_at(whole, i)) && w->at + w->bytes <= size; i++) {
		c = smsc_record_at(cut, i);
		/* What may be a private key is shown only when all its lengths agree, so a cut
		 * may hide the public half; and a run to the end of a part is cut with it. */
		if (secret != UINT64_MAX && c && c->type == SMSC_INT)
			return NULL;
		/* Half a mark belongs to what stands before it. */
		if (is_between(w) && c && c->at == w->at && c->bytes >= w->bytes)
			continue;
		if (!c || strcmp(w->name, c->name) || w->at != c->at || w->type != c->type)
			return w->name;
		if (w->type == SMSC_RECORD ? changed(w->as.record, c->as.record, size, secret) != NULL :
		    w->bytes != c->bytes || !same_value(w, c))
			return w->name;
	}
	return NULL;
}

/* Only of a sample that is whole can be said what a cut must leave and must tell. */
static bool is_whole(const smsc_record *r)
{
	const smsc_finding *f;
	for (size_t i = 0; (f = smsc_record_finding_at(r, i)); i++)
		if (smsc_finding_severity(f))
			return false;
	return true;
}

/* A metabase and a PEM file are searched for what is known; whether more should have come
 * behind a cut outside of that, or within its first mark, nobody can say. */
static bool is_open(const smsc_record *whole, size_t size)
{
	enum { LONGEST_MARK = sizeof "-----BEGIN CERTIFICATE-----" - 1 };
	const smsc_field *f;
	bool searched = false, within = false;
	for (size_t i = 0; (f = smsc_record_at(whole, i)); i++) {
		bool between = is_between(f);
		searched |= between;
		within |= !between && f->type == SMSC_RECORD && size >= f->at + LONGEST_MARK && size < f->at + f->bytes;
	}
	return searched && !within;
}

static void judge_cut(struct sample *s, const smsc_record *cut, size_t size)
{
	const char *name = changed(s->whole, cut, size, s->secret);
	/* The encrypted key of a SIMPLEBLOB goes to the end of the file, wherever that is. */
	bool endless = smsc_record_get(s->whole, "encrypted_key") || is_open(s->whole, size);
	/* Behind the end of a set on a tape, which keeps no filemarks, nothing need follow. */
	endless |= !smsc_record_get(cut, "block_types.SFMB") && size % 512 == 0 &&
	           (smsc_record_get(cut, "block_types.ESET") || smsc_record_get(cut, "block_types.EOTM"));
	if (name)
		snprintf(s->wrong, sizeof s->wrong, "cut to %zu: %s has changed", size, name);
	if (!endless && is_whole(cut))
		snprintf(s->wrong, sizeof s->wrong, "cut to %zu: nothing is said", size);
}

static void cut_everywhere(struct sample *s)
{
	bool whole = is_whole(s->whole) && !s->searched;
	size_t step = s->bytes.size <= EVERY ? 1 : 13 * BITS;
	for (size_t size = 0; size < s->bytes.size && !*s->wrong; size += step) {
		smsc_record *r = judged(s, size, "cut to", size);
		if (r && whole)
			judge_cut(s, r, size);
		smsc_record_unref(r);
	}
	result(s, step == 1 ? "cut at every byte" : "cut at many bytes");
}

/* ---- bits and lengths ------------------------------------------------------------------ */

static void turn_bits(struct sample *s)
{
	size_t step = (s->bytes.size <= EVERY ? 1 : 61) * BITS;
	for (size_t bit = 0; bit < 8 * s->bytes.size && !*s->wrong; bit += step) {
		s->copy[bit / 8] ^= (uint8_t)(1 << bit % 8);
		smsc_record_unref(judged(s, s->bytes.size, "bit", bit));
		s->copy[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	result(s, step == 1 ? "with every bit turned" : "with many bits turned");
}

/* Places of the numbers of four bytes, which are lengths most of all. */
static size_t lengths(const smsc_record *r, uint64_t *at, size_t n)
{
	const smsc_field *f;
	for (size_t i = 0; (f = smsc_record_at(r, i)) && n < MAX_LENGTHS; i++)
		if (f->type == SMSC_RECORD)
			n = lengths(f->as.record, at, n);
		else if (f->type == SMSC_INT && f->bytes == 4)
			at[n++] = f->at;
	return n;
}

static void swap4(uint8_t *a, uint8_t *b)
{
	uint8_t t[4];
	memcpy(t, a, 4);
	memcpy(a, b, 4);
	memcpy(b, t, 4);
}

static void swap_lengths(struct sample *s)
{
	uint64_t at[MAX_LENGTHS];
	size_t n = lengths(s->whole, at, 0);
	for (size_t i = 0; i < n && !*s->wrong; i++)
		for (size_t k = 0; k < i; k++) {
			swap4(s->copy + at[i], s->copy + at[k]);
			smsc_record_unref(judged(s, s->bytes.size, "swap at", at[i]));
			swap4(s->copy + at[i], s->copy + at[k]);
		}
	result(s, "with lengths swapped");
}

static void extreme_lengths(struct sample *s)
{
	static const uint8_t extreme[][4] = {
		{ 0, 0, 0, 0 }, { 1, 0, 0, 0 }, { 0xff, 0xff, 0xff, 0x7f }, { 0, 0, 0, 0x80 },
		{ 0xff, 0xff, 0xff, 0xff },
	};
	uint64_t at[MAX_LENGTHS];
	size_t n = lengths(s->whole, at, 0);
	for (size_t i = 0; i < n && !*s->wrong; i++)
		for (size_t k = 0; k < sizeof extreme / sizeof *extreme; k++) {
			uint8_t kept[4];
			memcpy(kept, s->copy + at[i], 4);
			memcpy(s->copy + at[i], extreme[k], 4);
			smsc_record_unref(judged(s, s->bytes.size, "extreme at", at[i]));
			memcpy(s->copy + at[i], kept, 4);
		}
	result(s, "with extreme lengths");
}

/* ---- samples -------------------------------------------------------------------------------- */

/* Where the public half of a whole private key ends. */
static uint64_t secret_from(const smsc_record *r)
{
	const smsc_record *key = r;
	const smsc_field *f = smsc_record_get(r, "key");
	if (f && f->type == SMSC_RECORD)
		key = f->as.record;
	static const char *const first[] = { "prime1", "x", "private_key" };
	for (size_t i = 0; i < sizeof first / sizeof *first; i++)
		if ((f = smsc_record_get(key, first[i])) && f->type == SMSC_INT && f->bytes)
			return f->at;
	return UINT64_MAX;
}

static void damage(struct sample *s)
{
	result(s, s->format->name);
	/* DSS2 keys end in a seed that is not secret. */
	s->secret = smsc_record_get(s->whole, "seed") ? UINT64_MAX : secret_from(s->whole);
	cut_everywhere(s);
	turn_bits(s);
	swap_lengths(s);
	extreme_lengths(s);
}

/* The twenty synthetic sets differ in style and size; one container of each style will do. */
static bool one_of_many(const char *path)
{
	return strstr(path, "/generated/") && !strstr(path, "-1024-19c5/");
}

static uint64_t hash_bytes(uint64_t hash, const void *data, size_t size)
{
	for (size_t i = 0; i < size; i++)
		hash = (hash ^ ((const uint8_t *)data)[i]) * UINT64_C(1099511628211);  /* FNV-1a */
	return hash;
}

/* Names, places and types of all fields, and what was found wrong. */
static uint64_t hash_shape(uint64_t hash, const smsc_record *r)
{
	const smsc_field *f;
	const smsc_finding *finding;
	for (size_t i = 0; (f = smsc_record_at(r, i)); i++) {
		hash = hash_bytes(hash, f->name, strlen(f->name));
		hash = hash_bytes(hash, (uint64_t[]){ f->at, f->bytes, f->type }, 3 * sizeof(uint64_t));
		if (f->type == SMSC_RECORD)
			hash = hash_shape(hash, f->as.record);
	}
	for (size_t i = 0; (finding = smsc_record_finding_at(r, i)); i++)
		hash = hash_bytes(hash, smsc_finding_text(finding), strlen(smsc_finding_text(finding)));
	return hash;
}

/* True the first time such a record comes: snapshots hold the same files again and again, and
 * files that differ in their keys and times only. */
static bool is_new(const smsc_format *format, const smsc_record *r)
{
	static uint64_t seen[4096];
	static size_t count;
	uint64_t hash = UINT64_C(14695981039346656037);
	hash = hash_shape(hash_bytes(hash, format->name, strlen(format->name)), r);
	for (size_t i = 0; i < count; i++)
		if (seen[i] == hash)
			return false;
	if (count < sizeof seen / sizeof *seen)
		seen[count++] = hash;
	return true;
}

/* A log's record is a summary; logs have damage tests of their own. */
static bool is_log(const smsc_format *f)
{
	size_t n = strlen(f->name);
	return !strcmp(f->name, "evt") || (n > 4 && f != &smsc_trust_text &&
	       (!strcmp(f->name + n - 4, "-log") || !strcmp(f->name + n - 5, "-text")));
}

/* A hive is a tree, told key by key; of texts and messages only what names keys is told, so that
 * a cut behind it may go unnoticed. */
static bool is_searched(const smsc_format *f)
{
	static const smsc_format *const searched[] = {
		&smsc_sms_aut, &smsc_smscfg, &smsc_tcf, &smsc_site_key, &smsc_trust_text, &smsc_wmi_carve,
		&smsc_client_key_data, &smsc_cms, &smsc_ccm_message,
	};
	for (size_t i = 0; i < sizeof searched / sizeof *searched; i++)
		if (f == searched[i])
			return true;
	return false;
}

static void try_file(const char *path, void *user)
{
	struct sample s = { .path = path, .bytes = sample_load(path), .secret = UINT64_MAX };
	(void)user;
	if (s.bytes.data && s.bytes.size <= MAX_SAMPLE && !one_of_many(path))
		s.format = smsc_format_probe(s.bytes, s.bytes.size, path);
	if (s.format && !is_log(s.format)) {
		s.searched = is_searched(s.format);
		s.tiles = !s.searched && s.format != &smsc_regf && s.format != &smsc_bkf_format;
		s.copy = malloc(s.bytes.size ? s.bytes.size : 1);
		memcpy(s.copy, s.bytes.data, s.bytes.size);
		s.whole = judged(&s, s.bytes.size, "whole", s.bytes.size);
		if (!s.whole)
			result(&s, s.format->name);
		else if (is_new(s.format, s.whole))
			damage(&s);
		smsc_record_unref(s.whole);
		free(s.copy);
	}
	sample_free(s.bytes);
}

static void try_env(const char *name, const char *below)
{
	const char *path = getenv(name) ? sample_path(name, below) : NULL;
	if (path) {
		char *root = strdup(path);
		sample_walk(root, try_file, NULL);
		free(root);
	}
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		sample_walk(argv[i], try_file, NULL);
	if (argc == 1) {
		try_env("SMSC_CORPUS", ".");
		try_env("SMSC_SHARED", "capi");
	}
	printf("1..%d\n", number);
	return failed != 0;
}
