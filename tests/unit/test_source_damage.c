/* test_source_damage.c - archives that are cut, turned or locked: what stands before the
 * damage is delivered, what stands behind it where that can be found, and it is said. */
#include <zlib.h>

#include "../sample.h"
#include "source_made.h"

TestSuite(source_damage, .init = made_begin, .fini = made_end, .timeout = 200);

enum { FILES = 5 };

static const char *const names[FILES] = { "a.log", "b.bin", "c.log", "d.txt", "e.log" };
static smsc_buf truth[FILES];

static void make_files(void)
{
	static const size_t sizes[FILES] = { 90000, 3000, 200000, 0, 40000 };
	made_run("mkdir -p t");
	for (unsigned i = 0; i < FILES; i++) {
		char path[64];
		truth[i] = made_log(i + 9, sizes[i]);
		snprintf(path, sizeof path, "t/%s", names[i]);
		made_file(path, truth[i].data ? truth[i].data : "", truth[i].size);
	}
}

#define ALL "a.log b.bin c.log d.txt e.log"

static int known(const char *path)
{
	for (int i = 0; i < FILES; i++)
		if (strcmp(path, names[i]) == 0)
			return i;
	return -1;
}

/* What came out of a walk over damaged bytes. */
typedef struct outcome {
	size_t got[FILES];    /* bytes; SIZE_MAX: not delivered */
	bool   right[FILES];  /* they are the first of the file */
	size_t findings, others;
} outcome;

static outcome walk(const char *name, const void *data, size_t size)
{
	outcome o = { .got = { SIZE_MAX, SIZE_MAX, SIZE_MAX, SIZE_MAX, SIZE_MAX } };
	smsc_error *err = NULL;
	/* Of exactly that size, so that a read beyond it is seen. */
	void *exact = malloc(size ? size : 1);
	memcpy(exact, data, size);
	smsc_source *s = smsc_source_memory(name, exact, size, NULL, &err);
	cr_assert_not_null(s);
	for (smsc_entry *e; (e = smsc_source_next(s, &err)); smsc_entry_unref(e)) {
		smsc_buf got = made_drain(e, 33000, &err);
		int i = known(smsc_entry_path(e));
		if (i >= 0 && o.got[i] == SIZE_MAX) {
			o.got[i] = got.size;
			o.right[i] = got.size <= truth[i].size &&
			             (!got.size || memcmp(got.data, truth[i].data, got.size) == 0);
		} else {
			o.others++;
		}
		smsc_buf_free(&got);
	}
	cr_assert_null(err, "%s: %s", name, smsc_error_message(err));
	o.findings = smsc_source_finding_count(s);
	for (size_t i = 0; i < o.findings; i++) {
		const smsc_finding *f = smsc_source_finding_at(s, i);
		/* Within the archive, or within what a damaged entry may unpack to. */
		cr_assert_leq(smsc_finding_offset(f), size > (1u << 24) ? size : 1u << 24, "%s: %s in %s at %llu of %zu", name, smsc_finding_text(f),
		              smsc_finding_path(f), (unsigned long long)smsc_finding_offset(f), size);
		cr_assert(*smsc_finding_path(f));
	}
	smsc_source_unref(s);
	free(exact);
	return o;
}

static bool complete(const outcome *o, int i)
{
	return o->got[i] == truth[i].size && o->right[i];
}

/* ---- cut ------------------------------------------------------------------------------ */

/* `ends`: byte behind the last one of each file's data in the archive. */
static void check_cuts(const char *name, const size_t ends[FILES], size_t least)
{
	smsc_buf whole = made_read(name);
	outcome all = walk(name, whole.data, whole.size);
	cr_assert_eq(all.findings, 0u);
	size_t step = whole.size / 97 + 1;
	for (size_t size = least; size < whole.size; size += size < least + 60 || size + 80 > whole.size ? 1 : step) {
		outcome o = walk(name, whole.data, size);
		for (int i = 0; i < FILES; i++) {
			if (ends[i] <= size)
				cr_assert(complete(&o, i), "%s cut at %zu: %s", name, size, names[i]);
			else if (o.got[i] != SIZE_MAX)
				cr_assert(o.right[i], "%s cut at %zu: %s has wrong bytes", name, size, names[i]);
		}
		if (ends[FILES - 1] > size)
			cr_assert_gt(o.findings, 0u, "%s cut at %zu: nothing was said", name, size);
	}
	smsc_buf_free(&whole);
}

Test(source_damage, cut_tar)
{
	size_t ends[FILES], at = 0;
	make_files();
	made_run("tar --format=ustar -cf t.tar -C t " ALL);
	for (int i = 0; i < FILES; i++) {
		ends[i] = at + 512 + truth[i].size;
		at += 512 + (truth[i].size + 511) / 512 * 512;
	}
	check_cuts("t.tar", ends, 512);
}

/* Where the data of each entry ends follows from the local headers, read by hand. */
static void zip_ends(const char *name, size_t ends[FILES])
{
	smsc_buf zip = made_read(name);
	const uint8_t *p = (const uint8_t *)zip.data;
	for (int i = 0; i < FILES; i++) {
		cr_assert_eq(memcmp(p, "PK\3\4", 4), 0);
		size_t packed = p[18] | (size_t)p[19] << 8 | (size_t)p[20] << 16;
		p += 30 + p[26] + p[28] + packed;
		ends[i] = (size_t)(p - (const uint8_t *)zip.data);
	}
	smsc_buf_free(&zip);
}

Test(source_damage, cut_zip)
{
	size_t ends[FILES];
	made_need("zip");
	make_files();
	made_run("cd t && zip ../t.zip " ALL);
	zip_ends("t.zip", ends);
	check_cuts("t.zip", ends, 4);
	made_run("cd t && zip -0 ../s.zip " ALL);
	zip_ends("s.zip", ends);
	check_cuts("s.zip", ends, 4);
}

/* Nothing that zlib itself still unpacks may be lost, in a log and in a tar. */
Test(source_damage, cut_gzip)
{
	make_files();
	made_run("gzip -nc t/c.log >c.log.gz && tar --format=ustar -czf t.tgz -C t " ALL);
	smsc_buf log = made_read("c.log.gz"), tar = made_read("t.tgz");
	static char out[400000];
	for (size_t size = 30; size < log.size; size += 611) {
		z_stream z = { .next_in = (Bytef *)log.data, .avail_in = (uInt)size,
		               .next_out = (Bytef *)out, .avail_out = sizeof out };
		inflateInit2(&z, 31);
		inflate(&z, Z_SYNC_FLUSH);
		outcome o = walk("c.log.gz", log.data, size);
		cr_assert_eq(o.got[2], z.total_out, "cut at %zu: %zu of %lu", size, o.got[2], z.total_out);
		cr_assert(o.right[2]);
		cr_assert_eq(o.findings, 1u);
		inflateEnd(&z);
	}
	for (size_t size = 30; size < tar.size; size += 499) {
		z_stream z = { .next_in = (Bytef *)tar.data, .avail_in = (uInt)size,
		               .next_out = (Bytef *)out, .avail_out = sizeof out };
		inflateInit2(&z, 31);
		inflate(&z, Z_SYNC_FLUSH);
		outcome o = walk("t.tgz", tar.data, size);
		cr_assert_gt(o.findings, 0u);
		if (z.total_out > 512)
			cr_assert_eq(o.got[0], z.total_out - 512 < truth[0].size ? z.total_out - 512 : truth[0].size);
		inflateEnd(&z);
	}
	smsc_buf_free(&log);
	smsc_buf_free(&tar);
}

static void check_other_cuts(const char *name)
{
	smsc_buf whole = made_read(name);
	for (size_t size = 40; size < whole.size; size += whole.size / 61 + 1) {
		outcome o = walk(name, whole.data, size);
		size_t all = 0;
		for (int i = 0; i < FILES; i++) {
			cr_assert(o.got[i] == SIZE_MAX || o.right[i], "%s cut at %zu: %s", name, size, names[i]);
			all += complete(&o, i);
		}
		cr_assert(all == FILES || o.findings || o.others, "%s cut at %zu: nothing was said", name, size);
	}
	smsc_buf_free(&whole);
}

Test(source_damage, cut_others)
{
	make_files();
	made_run("tar --format=ustar -cf t.tar -C t " ALL " && bzip2 -1k t.tar && xz -0k t.tar");
	check_other_cuts("t.tar.bz2");
	check_other_cuts("t.tar.xz");
	if (made_has("7z")) {
		made_run("cd t && 7z a -mx=1 ../t.7z " ALL);
		check_other_cuts("t.7z");
	}
	if (made_has("gcab")) {
		made_run("cd t && gcab -cz ../t.cab " ALL);
		check_other_cuts("t.cab");
	}
	if (made_has("genisoimage")) {
		made_run("genisoimage -R -o t.iso t");
		check_other_cuts("t.iso");
	}
}

/* ---- turned ----------------------------------------------------------------------------- */

/* One byte in the data of c.log: all of it before the damage comes out, as zlib does it, and
 * the entries behind it are whole. */
Test(source_damage, zip_data)
{
	size_t ends[FILES];
	static char out[400000];
	made_need("zip");
	make_files();
	made_run("cd t && zip ../t.zip " ALL);
	zip_ends("t.zip", ends);
	smsc_buf zip = made_read("t.zip");
	size_t start = ends[1] + 30 + 5 + (uint8_t)zip.data[ends[1] + 28];
	for (size_t at = start; at < ends[2]; at += (ends[2] - start) / 23) {
		zip.data[at] ^= 0x55;
		z_stream z = { .next_in = (Bytef *)zip.data + start, .avail_in = (uInt)(ends[2] - start),
		               .next_out = (Bytef *)out, .avail_out = sizeof out };
		inflateInit2(&z, -15);
		inflate(&z, Z_SYNC_FLUSH);
		outcome o = walk("t.zip", zip.data, zip.size);
		cr_assert(complete(&o, 0) && complete(&o, 1) && complete(&o, 3) && complete(&o, 4),
		          "turned at %zu", at);
		cr_assert_geq(o.got[2], z.total_out, "turned at %zu: %zu of %lu", at, o.got[2], z.total_out);
		cr_assert_gt(o.findings, 0u);
		inflateEnd(&z);
		zip.data[at] ^= 0x55;
	}
	smsc_buf_free(&zip);
}

/* A damaged header costs its own entry only; a damaged directory none. */
Test(source_damage, zip_headers)
{
	size_t ends[FILES];
	made_need("zip");
	make_files();
	made_run("cd t && zip ../t.zip " ALL);
	zip_ends("t.zip", ends);
	smsc_buf zip = made_read("t.zip");
	for (int i = 0; i < FILES; i++) {
		size_t at = i ? ends[i - 1] : 0;
		if (i == 0)
			continue;  /* without its first bytes it would be no zip by its head */
		zip.data[at + 2] ^= 0x55;
		outcome o = walk("t.zip", zip.data, zip.size);
		for (int k = 0; k < FILES; k++)
			cr_assert(k == i || complete(&o, k), "header of %s: %s is lost", names[i], names[k]);
		cr_assert_eq(o.findings, 1u);
		zip.data[at + 2] ^= 0x55;
	}
	zip.data[ends[4] + 1] ^= 0x55;
	outcome o = walk("t.zip", zip.data, zip.size);
	for (int k = 0; k < FILES; k++)
		cr_assert(complete(&o, k));
	cr_assert_eq(o.findings, 1u);
	smsc_buf_free(&zip);
}

/* Any byte turned, in any format: no crash, no hang, no failure. */
static void check_turned(const char *name, size_t places)
{
	smsc_buf b = made_read(name);
	unsigned random = 12345;
	for (size_t i = 0; i < places; i++) {
		random = random * 1103515245u + 12345u;
		/* Half of them in the first and last KiB, where the structure is. */
		size_t at = random >> 4;
		at = i % 4 == 0 ? at % 1024 : i % 4 == 1 ? b.size - 1 - at % 1024 : at;
		at %= b.size;
		char before = b.data[at];
		b.data[at] ^= (char)(1 << (i % 8));
		walk(name, b.data, b.size);
		b.data[at] = before;
	}
	smsc_buf_free(&b);
}

Test(source_damage, turned)
{
	make_files();
	made_run("tar -cf t.tar -C t " ALL " && gzip -c t.tar >t.tgz && bzip2 -1c t.tar >t.tbz && xz -0c t.tar >t.txz");
	check_turned("t.tar", sample_damages(150));
	check_turned("t.tgz", sample_damages(150));
	check_turned("t.tbz", sample_damages(60));
	check_turned("t.txz", sample_damages(60));
	if (made_try("cd t && zip ../t.zip " ALL) == 0)
		check_turned("t.zip", sample_damages(200));
	if (made_try("cd t && 7z a -mx=1 ../t.7z " ALL) == 0)
		check_turned("t.7z", sample_damages(100));
	if (made_try("cd t && gcab -cz ../t.cab " ALL) == 0)
		check_turned("t.cab", sample_damages(200));
	if (made_try("genisoimage -R -J -o t.iso t") == 0)
		check_turned("t.iso", sample_damages(100));
}

/* ---- locked, and odd ---------------------------------------------------------------------- */

Test(source_damage, encrypted)
{
	made_need("zip");
	make_files();
	made_run("cd t && zip -P wrong ../t.zip b.bin && zip ../t.zip d.txt e.log");
	smsc_source *s = made_open("t.zip", NULL);
	char *list = made_list(s);
	cr_assert_str_eq(list, "file 0 b.bin !\nfile 0 d.txt\nfile 40000 e.log\nD007 b.bin\n", "%s", list);
	cr_assert_str_eq(smsc_finding_text(smsc_source_finding_at(s, 0)), "the entry is encrypted");
	free(list);
	smsc_source_unref(s);
	if (made_try("cd t && 7z a -pwrong -mhe=on ../h.7z " ALL " && 7z a -pwrong ../p.7z b.bin") == 0) {
		made_expect("h.7z", NULL, "D006 h.7z\n");
		s = made_open("p.7z", NULL);
		list = made_list(s);
		cr_assert_not_null(strstr(list, "D007 b.bin\n"), "%s", list);
		free(list);
		smsc_source_unref(s);
	}
}

/* A self-extractor, and a zip that something was put before. */
Test(source_damage, front)
{
	made_need("zip");
	make_files();
	made_run("cd t && zip ../t.zip b.bin d.txt && { printf MZ; head -c 70000 /dev/zero; cat ../t.zip; } >../sfx.exe");
	made_expect("sfx.exe", NULL, "file 3000 b.bin\nfile 0 d.txt\n");
	made_run("mkdir w && mv sfx.exe w");
	smsc_source *s = made_open("w", NULL);
	char *list = made_list(s);
	cr_assert_not_null(strstr(list, " sfx.exe\nfile 3000 sfx.exe!/b.bin\nfile 0 sfx.exe!/d.txt\n"), "%s", list);
	free(list);
	smsc_source_unref(s);
}

/* An archive cut inside another: the outer walk is not disturbed. */
Test(source_damage, inner)
{
	make_files();
	made_run("tar -czf i.tgz -C t a.log c.log && head -c 5000 i.tgz >cut.tgz && echo end >z && "
	         "tar -cf o.tar cut.tgz z");
	smsc_source *s = made_open("o.tar", NULL);
	char *list = made_list(s);
	cr_assert_eq(strncmp(list, "file 5000 cut.tgz\nfile ", 23), 0, "%s", list);
	cr_assert_not_null(strstr(list, " cut.tgz!/a.log\nfile 4 z\nD006 cut.tgz!/a.log\n"), "%s", list);
	free(list);
	smsc_source_unref(s);
}

/* The evidence is damaged in the middle of an entry that is read later, outside the walk: it is
 * told once. */
Test(source_damage, told_once)
{
	make_files();
	made_run("tar -czf i.tgz -C t a.log c.log && head -c 30000 i.tgz >cut.tgz");
	smsc_source *s = made_open("cut.tgz", NULL);
	smsc_error *err = NULL;
	smsc_entry *kept[8];
	size_t n = 0;
	while (n < 8 && (kept[n] = smsc_source_next(s, &err)))
		n++;
	cr_assert_eq(n, 2u);
	size_t findings = smsc_source_finding_count(s);
	for (int i = 0; i < 3; i++) {
		for (size_t k = 0; k < n; k++) {
			smsc_buf got = made_drain(kept[k], 4096, &err);
			cr_assert_gt(got.size, 0u);
			smsc_buf_free(&got);
			smsc_entry_rewind(kept[k], &err);
		}
	}
	cr_assert_null(err);
	cr_assert_eq(smsc_source_finding_count(s), findings);
	cr_assert_eq(findings, 1u);
	for (size_t k = 0; k < n; k++)
		smsc_entry_unref(kept[k]);
	smsc_source_unref(s);
}

/* The checksum of a gzip stands behind the end of the tar in it; and a tar can be cut exactly
 * between two entries. */
Test(source_damage, ends)
{
	make_files();
	made_run("tar --format=ustar -cf t.tar -C t " ALL " && head -c 4000000 /dev/zero >>t.tar && gzip -k t.tar && "
	         "head -c $(($(stat -c %%s t.tar.gz)-9)) t.tar.gz >cut.tgz && head -c 90624 t.tar >cut.tar && gzip -c cut.tar >short.tgz");
	static const char all[] = "file 90000 a.log\nfile 3000 b.bin\nfile 200000 c.log\nfile 0 d.txt\nfile 40000 e.log\n";
	char lines[256];
	made_expect("t.tar.gz", NULL, all);
	snprintf(lines, sizeof lines, "%sD006 cut.tgz\n", all);
	made_expect("cut.tgz", NULL, lines);
	made_expect("cut.tar", NULL, "file 90000 a.log\nD006 cut.tar\n");
	made_expect("short.tgz", NULL, "file 90000 a.log\nD006 short.tgz\n");
}
