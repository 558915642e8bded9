/* test_source_bkf.c - every backup of the corpus cut and spoilt: what the damage does not touch
 * is delivered with the right bytes, and the damage is said.
 *
 * SMSC_DAMAGES is how many damages each gets, and ten times the cuts: 5000 for a whole run.
 */
#include "../sample.h"
#include "source_made.h"

#include "base/cursor.h"

TestSuite(source_bkf, .init = made_begin, .fini = made_end, .timeout = 3600);

enum { MOST_OBJECTS = 128, MOST_MEDIA = 2 };

/* A file, folder or alternate stream. */
typedef struct object {
	char    *path;        /* "": the top of a volume, whose name may be lost */
	bool     folder;
	size_t   place;
	smsc_buf data;
} object;

/* Where the block and the streams of a file or folder lie. */
typedef struct place {
	size_t from, to;
	bool   checked;       /* all of them have a checksum: what spoils them can be seen */
} place;

typedef struct truth {
	char     what[64];
	smsc_buf bytes;       /* of all media, one after the other */
	size_t   media, edge[MOST_MEDIA + 1];
	bool     damaged;     /* already: there is always something to say */
	bool     marked;      /* filemarks are blocks */
	size_t   places, objects;
	place    place[MOST_OBJECTS];
	object   object[MOST_OBJECTS];
} truth;

/* ---- what is true ------------------------------------------------------------------ */

static void add_corpus(smsc_buf *out, const char *name)
{
	char path[512], piece[65536];
	const char *corpus = getenv("SMSC_CORPUS");
	snprintf(path, sizeof path, "%s/%s", corpus ? corpus : "corpus", name);
	FILE *f = fopen(path, "rb");
	cr_assert_not_null(f, "%s", path);
	for (size_t n; (n = fread(piece, 1, sizeof piece, f)) > 0;)
		smsc_buf_add(out, piece, n);
	fclose(f);
}

static const char *last(const char *path)
{
	return strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
}

static unsigned sum_of(const char *p, size_t size)
{
	unsigned sum = 0;
	for (size_t i = 0; i < size; i += 2)
		sum ^= (uint8_t)p[i] | (unsigned)(uint8_t)p[i + 1] << 8;
	return sum;
}

/* The type of the block that stands there, or NULL. */
static const char *block_at(const truth *t, size_t at)
{
	static const char types[] = "TAPESSETVOLBDIRBFILEESPBESETEOTMSFMB";
	const char *p = t->bytes.data + at;
	for (const char *type = types; at + 52 <= t->bytes.size && *type; type += 4)
		if (memcmp(p, type, 4) == 0)
			return sum_of(p, 52) == 0 ? type : NULL;
	return NULL;
}

/* Streams without data need no checksum. */
static bool is_checked(const truth *t, size_t from, size_t to)
{
	const uint8_t *event = (const uint8_t *)t->bytes.data + from + 8;
	size_t at = from + event[0] + 256u * event[1];
	while (at + 22 <= to) {
		const char *p = t->bytes.data + at;
		uint64_t size = smsc_le64(p + 8);
		if (!*p || sum_of(p, 22))
			break;
		if (memcmp(p, "CSUM", 4) && memcmp(p, "SPAD", 4) && size && !(p[6] & 0x20))
			return false;
		at = size < to ? (at + 22 + (size_t)size + 3) / 4 * 4 : to;
	}
	return true;
}

/* By a look at every byte.  What goes on on the next medium ends there. */
static void find_places(truth *t)
{
	place *open = NULL;
	for (size_t at = 0; at < t->bytes.size; at++) {
		const char *type = block_at(t, at);
		bool repeated = type && t->bytes.data[at + 4] & 1;
		bool between = type && (!memcmp(type, "EOTM", 4) || !memcmp(type, "TAPE", 4) || !memcmp(type, "SFMB", 4));
		t->marked |= type && !memcmp(type, "SFMB", 4);
		if (!type || (at && repeated) || (open && between && t->media > 1))
			continue;
		if (open)
			open->to = at;
		bool begins = !memcmp(type, "DIRB", 4) || !memcmp(type, "FILE", 4);
		open = begins ? &t->place[t->places++] : NULL;
		if (open)
			*open = (place){ .from = at, .to = t->bytes.size };
		cr_assert_lt(t->places, MOST_OBJECTS);
	}
	for (size_t i = 0; i < t->places; i++)
		t->place[i].checked = is_checked(t, t->place[i].from, t->place[i].to);
}

/* The files of the incident lie beside its backups. */
static void check_incident(const char *name, const smsc_entry *e, const smsc_buf *data)
{
	char path[1024];
	smsc_buf file = SMSC_BUF_INIT;
	if (strncmp(name, "incident", 8) != 0 || strcmp(smsc_entry_kind(e), "file") != 0)
		return;
	snprintf(path, sizeof path, "%.*s/%s", (int)strlen(name) - 4, name, smsc_entry_path(e));
	add_corpus(&file, path);
	cr_assert_eq(file.size, data->size, "%s", path);
	cr_assert_eq(memcmp(file.data, data->data, file.size), 0, "%s", path);
	smsc_buf_free(&file);
}

/* The entries come in the order of the blocks; alternate streams have none of their own. */
static void learn_object(truth *t, smsc_entry *e, size_t *places)
{
	smsc_error *err = NULL;
	object *o = &t->object[t->objects++];
	const char *path = smsc_entry_path(e);
	cr_assert_lt(t->objects, MOST_OBJECTS);
	*places += !strchr(last(path), ':');
	*o = (object){ .folder = strcmp(smsc_entry_kind(e), "folder") == 0, .place = *places - 1 };
	o->path = strdup(strchr(path, '/') ? path : "");
	o->data = made_drain(e, 33000, &err);
	cr_assert_null(err);
	check_incident(t->what, e, &o->data);
}

/* ---- what comes out ---------------------------------------------------------------- */

/* The media in memory, of exactly their sizes, so that a read beyond them is seen. */
typedef struct medium {
	char  *data;
	size_t size;
} medium;

static smsc_source *open_medium(const medium *m)
{
	smsc_error *err = NULL;
	smsc_source *s = smsc_source_memory("x.bkf", m->data, m->size, NULL, &err);
	cr_assert_not_null(s);
	return s;
}

typedef void entry_fn(void *user, smsc_entry *e);

/* All entries, of media that cannot be joined any more one after the other; the findings. */
static size_t walk(const medium *m, size_t count, bool *apart, entry_fn *see, void *user)
{
	smsc_error *err = NULL;
	smsc_source *s[MOST_MEDIA];
	size_t findings = 0;
	for (size_t i = 0; i < count; i++)
		s[i] = open_medium(&m[i]);
	size_t joined = count > 1 && smsc_source_join(s[0], s[1], &err) ? 1 : count;
	*apart = joined > 1;
	for (size_t i = 0; i < joined; i++) {
		for (smsc_entry *e; (e = smsc_source_next(s[i], &err)); smsc_entry_unref(e))
			see(user, e);
		cr_assert_null(err, "%s", smsc_error_message(err));
		findings += smsc_source_finding_count(s[i]);
	}
	for (size_t i = 0; i < count; i++)
		smsc_source_unref(s[i]);
	return findings;
}

typedef struct learner {
	truth *t;
	size_t places;
} learner;

static void learn_entry(void *user, smsc_entry *e)
{
	learner *l = user;
	learn_object(l->t, e, &l->places);
}

static void learn(truth *t, const char *const *names, size_t count)
{
	medium m[MOST_MEDIA];
	learner l = { t, 0 };
	bool apart;
	memset(t, 0, sizeof *t);
	snprintf(t->what, sizeof t->what, "%s", names[0]);
	for (size_t i = 0; i < count; i++) {
		add_corpus(&t->bytes, names[i]);
		t->edge[++t->media] = t->bytes.size;
	}
	for (size_t i = 0; i < count; i++)
		m[i] = (medium){ t->bytes.data + t->edge[i], t->edge[i + 1] - t->edge[i] };
	find_places(t);
	t->damaged = walk(m, count, &apart, learn_entry, &l) != 0;
	cr_assert_eq(l.places, t->places, "%s: %zu entries, %zu blocks", t->what, l.places, t->places);
	cr_assert_eq(t->damaged, strstr(t->what, "/bad-") != NULL, "%s", t->what);
}

static void forget(truth *t)
{
	for (size_t i = 0; i < t->objects; i++) {
		free(t->object[i].path);
		smsc_buf_free(&t->object[i].data);
	}
	smsc_buf_free(&t->bytes);
	cr_assert_eq(smsc_live_objects(), 0);
}

typedef struct outcome {
	const truth *t;
	bool   right[MOST_OBJECTS];
	bool   cancels;       /* the exclusive or of what was changed is that of what was there */
	bool   apart;         /* a medium is not known any more: what lies on both is in two pieces */
	size_t findings;
} outcome;

static bool equal(const smsc_buf *a, const smsc_buf *b)
{
	return a->size == b->size && (!a->size || memcmp(a->data, b->data, a->size) == 0);
}

/* The names of a file's folders may be lost, of a folder that of its volume. */
static bool is_named(const object *o, bool folder, const char *path)
{
	const char *below = strchr(o->path, '/'), *slash = strchr(path, '/');
	if (!below || o->folder != folder)
		return false;
	if (!folder)
		return strcmp(last(o->path), last(path)) == 0;
	return strcmp(below + 1, path) == 0 || (slash && strcmp(below, slash) == 0);
}

static void judge_entry(void *user, smsc_entry *e)
{
	outcome *o = user;
	smsc_error *err = NULL;
	smsc_buf got = made_drain(e, 33000, &err);
	bool folder = strcmp(smsc_entry_kind(e), "folder") == 0;
	cr_assert_null(err, "%s", smsc_error_message(err));
	for (size_t i = 0; i < o->t->objects; i++) {
		const object *is = &o->t->object[i];
		if (!o->right[i] && is_named(is, folder, smsc_entry_path(e)) && equal(&got, &is->data)) {
			o->right[i] = true;
			break;
		}
	}
	smsc_buf_free(&got);
}

/* No checksum covers a block behind its first 52 bytes, where the name stands. */
static bool is_unseen(const truth *t, const place *p, size_t from, size_t to)
{
	const uint8_t *event = (const uint8_t *)t->bytes.data + p->from + 8;
	return !p->checked || (from >= p->from + 52 && to <= p->from + event[0] + 256u * event[1]);
}

/* What lies outside [from, to) is right; if anything is not, that was said. */
static void check(const outcome *o, size_t from, size_t to, const char *how)
{
	const truth *t = o->t;
	bool all = true;
	for (size_t i = 0; i < t->objects; i++) {
		const place *p = &t->place[t->object[i].place];
		bool torn = o->apart && p->from < t->edge[1] && p->to > t->edge[1];
		bool right = o->right[i] || !*t->object[i].path || torn;
		all &= right || is_unseen(t, p, from, to);
		cr_assert(right || (p->to > from && p->from < to), "%s, %s at %zu to %zu: %s (%zu to %zu) is not right",
		          t->what, how, from, to, t->object[i].path, p->from, p->to);
	}
	cr_assert(all || o->findings || o->cancels, "%s, %s at %zu to %zu: nothing was said", t->what, how, from, to);
}

/* ---- damage ------------------------------------------------------------------------ */

static unsigned next_random(unsigned *seed)
{
	*seed = *seed * 1103515245u + 12345u;
	return *seed >> 8;
}

enum { TURNED, NOISE, ZEROS, GONE, KINDS };

static size_t spoil(char *data, size_t size, unsigned kind, size_t from, size_t to, unsigned *seed)
{
	if (kind == TURNED)
		data[from] ^= (char)(1 << next_random(seed) % 8);
	for (size_t i = from; kind == NOISE && i < to; i++)
		data[i] = (char)next_random(seed);
	if (kind == ZEROS)
		memset(data + from, 0, to - from);
	if (kind != GONE)
		return size;
	memmove(data + from, data + to, size - to);
	return size - (to - from);
}

/* A checksum is no more than the exclusive or of all words. */
static bool cancels(const char *before, const char *after, size_t from, size_t to)
{
	char sum[4] = { 0 };
	for (size_t i = from; i < to; i++)
		sum[i % 4] ^= before[i] ^ after[i];
	return !sum[0] && !sum[1] && !sum[2] && !sum[3];
}

/* [from, to) of one medium is spoilt. */
static outcome damaged(const truth *t, size_t which, unsigned kind, size_t from, size_t to, unsigned *seed)
{
	medium m[MOST_MEDIA];
	outcome o = { .t = t };
	for (size_t i = 0; i < t->media; i++) {
		m[i].size = t->edge[i + 1] - t->edge[i];
		m[i].data = malloc(m[i].size);
		memcpy(m[i].data, t->bytes.data + t->edge[i], m[i].size);
	}
	medium *spoilt = &m[which];
	spoilt->size = spoil(spoilt->data, spoilt->size, kind, from, to, seed);
	o.cancels = kind != GONE && cancels(t->bytes.data + t->edge[which], spoilt->data, from, to);
	spoilt->data = realloc(spoilt->data, spoilt->size ? spoilt->size : 1);
	o.findings = walk(m, t->media, &o.apart, judge_entry, &o);
	for (size_t i = 0; i < t->media; i++)
		free(m[i].data);
	return o;
}

static bool has_block(const truth *t, size_t from, size_t to)
{
	while (from + 52 <= to && !block_at(t, from))
		from++;
	return from + 52 <= to;
}

/* Where there are filemarks, every end that is none is said; without them, only what is missing
 * before the end of a set. */
static void cut_at(const truth *t, size_t which, size_t at)
{
	size_t start = t->edge[which], size = t->edge[which + 1] - start;
	unsigned seed = 0;
	/* Less than a TAPE block is not known for a backup. */
	size_t end = at < 94 ? at + 94 : at;
	outcome o = { .t = t };
	/* Without any block it is a file like others. */
	if (has_block(t, start, start + end)) {
		o = damaged(t, which, GONE, end, size, &seed);
		check(&o, start + end, start + size, "end cut off");
		cr_assert(o.findings || t->media > 1 || !t->marked, "%s cut at %zu: nothing was said", t->what, end);
	}
	if (!has_block(t, start + at, start + size))
		return;
	o = damaged(t, which, GONE, 0, at, &seed);
	check(&o, start, start + at, "front cut off");
}

static void damage_once(const truth *t, unsigned i, unsigned *seed)
{
	static const char *const kinds[] = { "bit turned", "noise", "zeros", "bytes gone" };
	size_t which = next_random(seed) % t->media, size = t->edge[which + 1] - t->edge[which];
	size_t from = next_random(seed) % size, most = next_random(seed) % 4 ? 64 : 5000;
	size_t to = from + 1 + (i % KINDS != TURNED ? next_random(seed) % most : 0);
	to = to < size ? to : size;
	outcome o = damaged(t, which, i % KINDS, from, to, seed);
	check(&o, t->edge[which] + from, t->edge[which] + to, kinds[i % KINDS]);
}

static void cut_and_damage(const char *one, const char *other)
{
	const char *names[] = { one, other };
	unsigned count = sample_damages(250), seed = 20050107;
	truth t;
	learn(&t, names, other ? 2 : 1);
	for (size_t i = 0; i < count / 10; i++) {
		size_t which = i % t.media;
		cut_at(&t, which, (i * 2654435761u + 17) % (t.edge[which + 1] - t.edge[which]));
	}
	for (unsigned i = 0; i < count; i++)
		damage_once(&t, i, &seed);
	forget(&t);
}

Test(source_bkf, incident)
{
	cut_and_damage("incident-2005/2005-01-07.bkf", NULL);
	cut_and_damage("incident-2005/2005-01-09.bkf", NULL);
}

Test(source_bkf, small)
{
	static const char *const names[] = {
		"plain", "no-zone", "two-sets", "streams", "old-layout", "tape", "no-spad", "bad-checksum",
		"bad-block", "bad-cut", "bad-front",
	};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		char path[64];
		snprintf(path, sizeof path, "bkf/%s.bkf", names[i]);
		cut_and_damage(path, NULL);
	}
}

Test(source_bkf, spanned_damage)
{
	cut_and_damage("bkf/spanned-1.bkf", "bkf/spanned-2.bkf");
}

/* ---- two media --------------------------------------------------------------------- */

static smsc_buf half(const char *path, size_t *findings)
{
	smsc_error *err = NULL;
	smsc_buf got = SMSC_BUF_INIT;
	smsc_source *s = smsc_source_open(path, NULL, &err);
	cr_assert_not_null(s);
	for (smsc_entry *e; (e = smsc_source_next(s, &err)); smsc_entry_unref(e))
		if (strcmp(smsc_entry_path(e), "C/dir/split.bin") == 0)
			got = made_drain(e, 1000, &err);
	*findings = smsc_source_finding_count(s);
	smsc_source_unref(s);
	cr_assert_null(err);
	return got;
}

/* The filemark before the end of the first medium is not data of the file: the checksum that
 * stands behind the second half is that of both. */
Test(source_bkf, spanned)
{
	char path[512], other[512];
	size_t findings, at = 0;
	uint32_t sum = 0;
	const char *shared = getenv("SMSC_SHARED");
	snprintf(path, sizeof path, "%s/bkf/made/spanned-tape.1.bkf", shared ? shared : "");
	snprintf(other, sizeof other, "%s/bkf/made/spanned-tape.2.bkf", shared ? shared : "");
	if (access(path, R_OK) != 0)
		cr_skip_test("the backups of the other maker are not there");
	smsc_buf one = half(path, &findings);
	cr_assert_gt(findings, 0u);
	smsc_buf two = half(other, &findings);
	cr_assert_gt(findings, 0u);
	cr_assert_eq(one.size + two.size, 10000u);
	smsc_buf_add(&one, two.data, two.size);
	for (; at + 4 <= one.size; at += 4)
		sum ^= smsc_le32(one.data + at);
	FILE *f = fopen(other, "rb");
	char whole[16384];
	size_t size = fread(whole, 1, sizeof whole, f);
	fclose(f);
	const char *stored = memmem(whole, size, "CSUM", 4);
	cr_assert_not_null(stored);
	cr_assert_eq(sum, smsc_le32(stored + 22));
	smsc_buf_free(&one);
	smsc_buf_free(&two);
	cr_assert_eq(smsc_live_objects(), 0);
}
