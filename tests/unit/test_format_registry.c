/* test_format_registry.c - the table of formats and the contest of their probes. */
#include "format_test.h"

Test(registry, every_format_is_named_once)
{
	size_t n = 0;
	for (const char *name; (name = smsc_format_at(n)); n++) {
		cr_assert_not_null(smsc_format_title(name), "%s", name);
		for (size_t i = 0; i < n; i++)
			cr_assert_str_neq(smsc_format_at(i), name);
	}
	cr_assert_geq(n, 10);
	cr_assert_null(smsc_format_title("no-such-format"));
	cr_assert_null(smsc_format_title(NULL));
}

Test(registry, no_format_claims_what_is_none)
{
	static const char zeros[4096] = { 0 };
	smsc_span none[] = {
		{ NULL, 0 }, { zeros, 1 }, { zeros, 24 }, { zeros, 40 }, { zeros, sizeof zeros },
		{ "\x7f" "ELF\2\1\1\0\0\0\0\0\0\0\0\0\3\0", 18 },
		{ "%PDF-1.4\n", 9 }, { "\x02\0\0\0\0\0\0\0", 8 }, { "\x01\0\0\0", 4 },
	};
	for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
		const smsc_format *f = smsc_format_probe(none[i], none[i].size, "file.bin");
		cr_assert_null(f, "sample %zu is taken for %s", i, f->name);
	}
}

struct contest {
	const char *path;
	smsc_span   bytes;
	const char *winner, *second;
	int sure, sure2;
};

static void run_contest(struct contest *c)
{
	const smsc_format *f;
	for (size_t i = 0; (f = smsc_format_row(i)); i++) {
		int n = f->probe(smsc_span_cut(c->bytes, 0, SMSC_PROBE_BYTES), c->bytes.size, c->path);
		cr_assert(n >= 0 && n <= 100, "%s: %s says %d", c->path, f->name, n);
		if (n > c->sure) {
			c->second = c->winner;
			c->sure2 = c->sure;
			c->winner = f->name;
			c->sure = n;
		} else if (n > c->sure2) {
			c->second = f->name;
			c->sure2 = n;
		}
	}
}

/* A tie would be settled by the order of the table, which nobody thinks of. */
static void no_tie(const char *path, void *user)
{
	struct contest c = { .path = path, .bytes = sample_load(path) };
	run_contest(&c);
	cr_assert(!c.winner || c.sure > c.sure2, "%s: %s and %s are both %d sure", path, c.winner,
	          c.second, c.sure);
	++*(int *)user;
	sample_free(c.bytes);
}

Test(registry, no_sample_is_claimed_by_two)
{
	static const char *const env[] = { "SMSC_CORPUS", "SMSC_SHARED" };
	int files = 0;
	for (size_t i = 0; i < 2; i++)
		if (getenv(env[i]))
			sample_walk(getenv(env[i]), no_tie, &files);
	cr_log_info("%d files", files);
}

struct kind {
	const char *rel, *format;
};

Test(registry, content_decides)
{
	static const struct kind kinds[] = {
		{ "capi/mimikatz-wiki-efs/79e1ac78150e8bea8ad238e14d63145b_"
		  "4f8e7ec6-a506-4d31-9d5a-1e4cbed4997b", "capi-container" },
		{ "capi/dsinternals/701577141985b6923998dcca035c007a_"
		  "f8b7bbef-d227-4ac7-badd-3a238a7f741e", "capi-container" },
		{ "capi/nemesis/v137after/7096db7aeb75c0d3497ecd56d355a695_"
		  "f26c165b-53c8-414e-8abb-ec5f0f52df22", "cng-key" },
		{ "capi/nemesis/blob_with_entropy.bin", "dpapi-blob" },
		{ "capi/nemesis/masterkey_system.bin", "dpapi-masterkey" },
		{ "capi/xp-itdaniher/Protect/S-1-5-18/User/Preferred", "dpapi-preferred" },
		{ "capi/dsinternals/domain_backupkey_efe756ec.pvk", "pvk" },
		{ "capi/generated/w2k-1024-19c5/expected/sig.publickeyblob", "key-blob" },
		{ "capi/generated/w2k-1024-19c5/expected/sig.privatekeyblob", "key-blob" },
		/* An LSA secret: a file that begins with a 2, like two formats, and is neither. */
		{ "capi/dsinternals/domain_backupkey_efe756ec.bin", NULL },
		{ "capi/xp-itdaniher/config/SECURITY", "regf" },
		{ "capi/mimikatz-wiki-efs/cert.der", "x509" },
	};
	static const char *const names[] = { "", "x.bin", "Preferred", "ccm.log" };
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		smsc_span s = sample_shared(kinds[i].rel);
		for (size_t k = 0; s.data && k < sizeof names / sizeof *names; k++) {
			const smsc_format *f = smsc_format_probe(s, s.size, names[k]);
			const char *name = f ? f->name : "nothing";
			cr_assert_str_eq(name, kinds[i].format ? kinds[i].format : "nothing", "%s as %s",
			                 kinds[i].rel, names[k]);
		}
		sample_free(s);
	}
}

/* ---- the corpus ----------------------------------------------------------------------- */

static const char *last_part(const char *path)
{
	return strrchr(path, '/') + 1;
}

/* Not named "bad-": it is what its folder is named after, and nothing about it is odd. */
static void assert_good_sample(const char *path, void *user)
{
	const char *format = user;
	if (!strncmp(last_part(path), "bad-", 4) || strstr(path, ".hex"))
		return;
	smsc_span s = sample_load(path);
	const smsc_format *f = smsc_format_probe(s, s.size, "x");
	cr_assert(f && !strcmp(f->name, format), "%s is taken for %s", path, f ? f->name : "nothing");
	smsc_record *r = decode(f, path, s);
	const smsc_finding *bad;
	assert_explained(r, s.size, path);
	for (size_t i = 0; (bad = smsc_record_finding_at(r, i)); i++)
		cr_assert_eq(smsc_finding_severity(bad), 0, "%s: %s", path, smsc_finding_text(bad));
	smsc_record_unref(r);
	sample_free(s);
}

static void each_folder(sample_fn *each)
{
	static const char *const folders[] = { "capi-container", "cng-key", "dpapi-blob",
	                                       "dpapi-masterkey", "dpapi-preferred", "key-blob", "pvk", "cert-blob",
	                                       "cert-store", "x509", "metabase" };
	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
		const char *path = sample_path("SMSC_CORPUS", folders[i]);
		char *folder = path ? strdup(path) : NULL;
		if (folder)
			sample_walk(folder, each, (void *)folders[i]);
		free(folder);
	}
}

Test(registry, good_samples_of_the_corpus_have_nothing_odd)
{
	each_folder(assert_good_sample);
}

/* Damage that no record can show: it takes a key or a digest to find, or leaves nothing to know a file by. */
static bool needs_a_key(const char *name)
{
	static const char *const names[] = { "bad-cipher-bit", "bad-mismatch", "bad-sign", "bad-guid",
	                                     "bad-private-factor", "bad-private-does-not-fit", "bad-thumbprint" };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (!strcmp(name, names[i]))
			return true;
	return false;
}

static void assert_bad_sample(const char *path, void *user)
{
	(void)user;
	smsc_span s = sample_load(path);
	const smsc_format *f = smsc_format_probe(s, s.size, "x");
	if (!strncmp(last_part(path), "bad-", 4) && f) {
		smsc_record *r = decode(f, path, s);
		assert_sound(r, s.size, path);
		cr_assert(smsc_record_finding_count(r) || needs_a_key(last_part(path)), "%s", path);
		smsc_record_unref(r);
	}
	sample_free(s);
}

Test(registry, bad_samples_of_the_corpus_have_findings)
{
	each_folder(assert_bad_sample);
}
