/* test_source_names.c - names out of archives, names made safe, and what is no archive. */
#include <archive.h>
#include <archive_entry.h>
#include <locale.h>

#include "base/text.h"
#include "source/packing.h"
#include "source/source.h"
#include "source_made.h"

TestSuite(source_names, .init = made_begin, .fini = made_end);

/* ---- safe paths ------------------------------------------------------------------------ */

Test(source_names, safe)
{
	static const char *const rows[][2] = {
		{ "a/b.txt", "a/b.txt" },
		{ "../a", "__/a" },
		{ "a/../../b", "a/__/__/b" },
		{ "/abs/x", "abs/x" },
		{ "//server/share/x", "server/share/x" },
		{ "C:/Windows/x", "C_/Windows/x" },
		{ "C:\\Windows\\x", "C__Windows_x" },
		{ "\\\\?\\C:\\x", "____C__x" },
		{ "./a/./b//c/", "a/b/c" },
		{ "", "_" }, { "/", "_" }, { ".", "_" }, { "..", "__" }, { "...", "___" },
		{ ".hidden", ".hidden" },
		{ "a.", "a_" }, { "a. .", "a___" }, { ".. /x", "___/x" },
		{ "con", "_con" }, { "CON.txt", "_CON.txt" }, { "Com1", "_Com1" }, { "com0", "com0" },
		{ "console", "console" }, { "lpt9.log/x", "_lpt9.log/x" }, { "nul/aux.c", "_nul/_aux.c" },
		{ "a\tb\x7f\x01", "a_b__" },
		{ "a:b*c?d\"e<f>g|h", "a_b_c_d_e_f_g_h" },
		{ "\xc2\x85x\xc2\xa0y", "__x\xc2\xa0y" },
		{ "a.zip!/../b", "a.zip!/__/b" },
		{ "gr\xc3\xbcn", "gr\xc3\xbcn" },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		smsc_buf out = SMSC_BUF_INIT;
		smsc_safe_path(&out, rows[i][0], 0);
		cr_assert_str_eq(out.data, rows[i][1], "%s: %s", rows[i][0], out.data);
		smsc_buf_free(&out);
	}
}

/* Parts that fit any file system, cut between characters; the file's own name survives. */
Test(source_names, safe_length)
{
	smsc_buf in = SMSC_BUF_INIT, out = SMSC_BUF_INIT;
	for (int i = 0; i < 200; i++)
		smsc_buf_str(&in, "x\xc3\xa4");
	for (int i = 0; i < 100; i++)
		smsc_buf_printf(&in, "/folder-%061d", i);
	smsc_buf_str(&in, "/name.log");
	smsc_safe_path(&out, in.data, 0);
	cr_assert_leq(out.size, 2048u);
	cr_assert_str_eq(out.data + out.size - 9, "/name.log");
	cr_assert_eq(out.data[0], 'f');
	smsc_buf_clear(&out);
	in.data[600] = '\0';
	smsc_safe_path(&out, in.data, 0);
	cr_assert_leq(out.size, 255u);
	cr_assert_eq(smsc_utf8_valid((smsc_span){ out.data, out.size }), out.size);
	smsc_buf_free(&in);
	smsc_buf_free(&out);
}

/* ---- what is an archive ------------------------------------------------------------------ */

static smsc_packing packing(const void *data, size_t size)
{
	return smsc_packing_of((smsc_span){ data, size });
}

#define PACKING(text) packing(text, sizeof text - 1)

Test(source_names, no_archive)
{
	static uint8_t hive[40000] = "regf", zeros[40000];
	cr_assert_eq(PACKING(""), SMSC_NOT_PACKED);
	cr_assert_eq(PACKING("<![LOG[PK\3\4]LOG]!>"), SMSC_NOT_PACKED);
	cr_assert_eq(PACKING("PK"), SMSC_NOT_PACKED);
	cr_assert_eq(PACKING("MSCF is mentioned at the start of a text of some length"), SMSC_NOT_PACKED);
	cr_assert_eq(PACKING("BZh9 is how a bzip2 file starts"), SMSC_NOT_PACKED);
	cr_assert_eq(PACKING("\x1f\x8b\x08\xff then something"), SMSC_NOT_PACKED);
	cr_assert_eq(PACKING("\x1f\x9d\xff"), SMSC_NOT_PACKED);
	cr_assert_eq(packing(hive, sizeof hive), SMSC_NOT_PACKED);
	cr_assert_eq(packing(zeros, sizeof zeros), SMSC_NOT_PACKED);
	/* "ustar" at its place in a file whose sum does not fit. */
	memcpy(hive + 257, "ustar", 5);
	cr_assert_eq(packing(hive, sizeof hive), SMSC_NOT_PACKED);
}

/* Real logs, containers and hives of the corpus: none may be taken for an archive or a backup. */
Test(source_names, corpus)
{
	const char *corpus = getenv("SMSC_CORPUS");
	smsc_error *err = NULL;
	smsc_source *s = corpus ? smsc_source_open(corpus, NULL, &err) : NULL;
	if (!s)
		cr_skip_test("no corpus");
	size_t files = 0;
	for (smsc_entry *e; (e = smsc_source_next(s, &err)); smsc_entry_unref(e), files++) {
		const char *mark = strstr(smsc_entry_path(e), "!/");
		cr_assert(!mark || strstr(smsc_entry_path(e), ".zip!/") || strstr(smsc_entry_path(e), "z!/") ||
		          strstr(smsc_entry_path(e), ".bkf!/") || strstr(smsc_entry_path(e), ".bkf#"), "%s", smsc_entry_path(e));
	}
	cr_assert_null(err);
	cr_assert_gt(files, 0u);
	smsc_source_unref(s);
}

/* Old tar without "ustar", written by hand: name, mode, size, time, sum, kind. */
Test(source_names, old_tar)
{
	uint8_t tar[2048] = "old.txt";
	memcpy(tar + 100, " 100644 ", 8);
	memcpy(tar + 108, "     0 ", 8);
	memcpy(tar + 116, "     0 ", 8);
	memcpy(tar + 124, "          3 ", 12);
	memcpy(tar + 136, "10167551153 ", 12);
	memset(tar + 148, ' ', 8);
	unsigned sum = 0;
	for (int i = 0; i < 512; i++)
		sum += tar[i];
	snprintf((char *)tar + 148, 8, "%6o", sum);
	memcpy(tar + 512, "abc", 3);
	cr_assert_eq(packing(tar, sizeof tar), SMSC_TAR);
	made_file("old.tar", tar, sizeof tar);
	made_expect("old.tar", NULL, "file 3 old.txt\n");
	tar[20] ^= 1;
	cr_assert_eq(packing(tar, sizeof tar), SMSC_NOT_PACKED);
}

/* ---- names in archives --------------------------------------------------------------------- */

/* The process stays in the "C" locale, as a C program without setlocale() does. */
Test(source_names, c_locale)
{
	cr_assert_str_eq(setlocale(LC_ALL, NULL), "C");
	made_run("mkdir t && printf abc >'t/gr\xc3\xbcn \xe9\x8d\xb5.txt'");
	if (made_has("7z")) {
		made_run("LC_ALL=C.UTF-8 7z a t.7z ./t/*");
		made_expect("t.7z", NULL, "file 3 gr\xc3\xbcn \xe9\x8d\xb5.txt\n");
	}
	if (made_has("zip")) {
		made_run("cd t && LC_ALL=C.UTF-8 zip ../t.zip *");
		made_expect("t.zip", NULL, "file 3 gr\xc3\xbcn \xe9\x8d\xb5.txt\n");
	}
	if (made_has("gcab")) {
		made_run("cd t && LC_ALL=C.UTF-8 gcab -c ../t.cab *");
		made_expect("t.cab", NULL, "file 3 gr\xc3\xbcn \xe9\x8d\xb5.txt\n");
	}
	if (made_has("genisoimage")) {
		made_run("LC_ALL=C.UTF-8 genisoimage -J -input-charset utf-8 -o t.iso t");
		made_expect("t.iso", NULL, "file 3 gr\xc3\xbcn \xe9\x8d\xb5.txt\n");
	}
	cr_assert_str_eq(setlocale(LC_ALL, NULL), "C");
}

/* A zip of one entry, each byte by hand: system and flags as given, stored, empty. */
static void odd_zip(const char *file, uint8_t system, uint16_t flags, const char *name,
                    const char *extra, size_t extra_size)
{
	smsc_buf b = SMSC_BUF_INIT;
	size_t n = strlen(name);
	char head[30] = "PK\3\4\x14", record[46] = "PK\1\2\x14", end[22] = "PK\5\6";
	head[6] = record[8] = (char)(flags & 255);
	head[7] = record[9] = (char)(flags >> 8);
	head[26] = record[28] = (char)n;
	head[28] = record[30] = (char)extra_size;
	record[5] = (char)system;
	record[12] = head[10] = 0;
	record[14] = head[12] = 0x27;  /* 2005-01-07 */
	record[15] = head[13] = 0x32;
	smsc_buf_add(&b, head, 30);
	smsc_buf_add(&b, name, n);
	smsc_buf_add(&b, extra, extra_size);
	size_t at = b.size;
	smsc_buf_add(&b, record, 46);
	smsc_buf_add(&b, name, n);
	smsc_buf_add(&b, extra, extra_size);
	end[8] = end[10] = 1;
	end[12] = (char)(b.size - at);
	end[16] = (char)at;
	smsc_buf_add(&b, end, 22);
	made_file(file, b.data, b.size);
	smsc_buf_free(&b);
}

static void check_zip_name(uint8_t system, uint16_t flags, const char *name, uint32_t codepage,
                           const char *wanted)
{
	smsc_options options = SMSC_OPTIONS_INIT;
	char line[256];
	options.codepage = codepage;
	odd_zip("odd.zip", system, flags, name, "", 0);
	snprintf(line, sizeof line, "file 0 %s\n", wanted);
	made_expect("odd.zip", &options, line);
}

Test(source_names, zip_codepages)
{
	check_zip_name(0, 0, "Gr\x94\xe1" "e", 0, "Gr\xc3\xb6\xc3\x9f" "e");        /* 437 */
	check_zip_name(0, 0, "Gr\x94\xe1" "e", 850, "Gr\xc3\xb6\xc3\x9f" "e");
	check_zip_name(0, 0, "\xbd", 437, "\xe2\x95\x9c");                        /* 437: a box line */
	check_zip_name(0, 0, "\xbd", 850, "\xc2\xa2");                            /* 850: cent */
	check_zip_name(0, 0, "\xe9t\xe9", 1252, "\xc3\xa9t\xc3\xa9");
	/* Programs that forget the flag write UTF-8 all the same. */
	check_zip_name(3, 0, "gr\xc3\xbcn", 0, "gr\xc3\xbcn");
	check_zip_name(3, 0x800, "gr\xc3\xbcn", 1252, "gr\xc3\xbcn");
	check_zip_name(3, 0x800, "bad\xff", 0, "bad\\xff");
	/* '\' parts folders where Windows packed, and is a character elsewhere. */
	check_zip_name(0, 0, "a\\b\\c", 0, "a/b/c");
	check_zip_name(10, 0, "a\\b/c", 0, "a/b/c");
	check_zip_name(3, 0, "a\\b", 0, "a\\b");
}

/* Info-ZIP's field for a UTF-8 name counts only while its checksum fits (CRC-32 of "x" is
 * 0x8cdc1683, as `printf x | gzip -c | tail -c8` shows). */
Test(source_names, zip_unicode_field)
{
	char good[] = "up\x07\0\x01\x83\x16\xdc\x8c\xc3\xbc";
	odd_zip("u.zip", 3, 0, "x", good, 11);
	made_expect("u.zip", NULL, "file 0 \xc3\xbc\n");
	good[5] ^= 1;
	odd_zip("u.zip", 3, 0, "x", good, 11);
	made_expect("u.zip", NULL, "file 0 x\n");
}

/* One entry in a tar, made by libarchive, whose name is any bytes. */
static void named_tar(const char *file, const char *name)
{
	struct archive *a = archive_write_new();
	struct archive_entry *e = archive_entry_new();
	archive_write_set_format_ustar(a);
	cr_assert_eq(archive_write_open_filename(a, made_path(file)), ARCHIVE_OK);
	archive_entry_set_pathname(e, name);
	archive_entry_set_filetype(e, AE_IFREG);
	archive_entry_set_size(e, 2);
	cr_assert_eq(archive_write_header(a, e), ARCHIVE_OK);
	archive_write_data(a, "ok", 2);
	archive_entry_free(e);
	archive_write_free(a);
}

Test(source_names, traversal)
{
	static const char *const rows[][2] = {
		{ "../../etc/passwd", "__/__/etc/passwd" },
		{ "/etc/passwd", "etc/passwd" },
		{ "C:/boot.ini", "C_/boot.ini" },
		{ "a/../b", "a/__/b" },
		{ "..\\..\\x", ".._.._x" },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		named_tar("t.tar", rows[i][0]);
		smsc_source *s = made_open("t.tar", NULL);
		smsc_error *err = NULL;
		smsc_entry *e = smsc_source_next(s, &err);
		cr_assert_str_eq(smsc_entry_path(e), rows[i][0]);
		cr_assert_str_eq(smsc_entry_safe_path(e), rows[i][1]);
		cr_assert_eq(smsc_entry_bytes(e, &err).size, 2u);
		smsc_entry_unref(e);
		smsc_source_unref(s);
	}
	named_tar("t.tar", "\xff\xfe");
	made_expect("t.tar", NULL, "file 2 \\xff\\xfe\n");
}

/* A packed single file is named by its header, or by the file it is in. */
Test(source_names, single)
{
	made_run("printf hello >a.log && gzip -k a.log && mv a.log.gz outer.gz && printf hello | gzip -n >b.log.gz && "
	         ": | gzip -n >empty.gz && printf ' world' | gzip -n >second && cat b.log.gz second >two.gz && "
	         "printf hello | bzip2 >c.log.bz2 && printf hello | xz >d.log.XZ && mkdir t && cp outer.gz t");
	made_expect("outer.gz", NULL, "file 5 a.log\n");
	made_expect("b.log.gz", NULL, "file 5 b.log\n");
	made_expect("empty.gz", NULL, "file 0 empty\n");
	made_expect("two.gz", NULL, "file 11 two\n");
	made_expect("c.log.bz2", NULL, "file 5 c.log\n");
	made_expect("d.log.XZ", NULL, "file 5 d.log\n");
	made_run("gzip -c outer.gz >twice.gz");
	made_expect("t", NULL, "file 31 outer.gz\nfile 5 outer.gz!/a.log\n");
	if (made_has("zstd")) {
		made_run("printf hello | zstd >e.log.zst");
		made_expect("e.log.zst", NULL, "file 5 e.log\n");
	}
	if (made_has("compress")) {
		made_run("printf hello | compress >f.log.Z");
		made_expect("f.log.Z", NULL, "file 5 f.log\n");
	}
}
