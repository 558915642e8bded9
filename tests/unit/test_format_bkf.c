/* test_format_bkf.c - blocks and streams of the tape format: real ones where they are there,
 * and the walk over a medium as it comes from a file and from a pipe. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "format/bkf_walk.h"

TestSuite(format_bkf, .timeout = 60);

static smsc_buf load(const char *variable, const char *name)
{
	smsc_buf b = SMSC_BUF_INIT;
	char path[512], piece[65536];
	const char *folder = getenv(variable);
	snprintf(path, sizeof path, "%s/%s", folder ? folder : "", name);
	FILE *f = fopen(path, "rb");
	if (!f)
		return b;
	for (size_t n; (n = fread(piece, 1, sizeof piece, f)) > 0;)
		smsc_buf_add(&b, piece, n);
	fclose(f);
	return b;
}

static smsc_time at(int year, int month, int day, int hour, int minute, int second)
{
	return smsc_time_of_civil((smsc_civil){ year, month, day, hour, minute, second, 0 });
}

Test(format_bkf, date)
{
	/* Of a real tape, whose label says 09/28/2001. */
	static const uint8_t real[] = { 0x1f, 0x46, 0x78, 0xab, 0x0f }, none[5], wrong[] = { 0x1f, 0x46, 0x78, 0xff, 0xff };
	cr_assert_eq(smsc_bkf_date(real), at(2001, 9, 28, 10, 44, 15));
	cr_assert_eq(smsc_bkf_date(none), SMSC_NEVER);
	cr_assert_eq(smsc_bkf_date(wrong), SMSC_NEVER);
}

/* The TAPE block of an NTBackup tape of 2001. */
Test(format_bkf, real_tape)
{
	smsc_buf b = load("SMSC_SHARED", "bkf/ntbackup-nt5-tape-TAPE-block.bin");
	smsc_bkf_block block;
	if (!b.size)
		cr_skip_test("the real blocks are not there");
	smsc_span s = smsc_span_of(b.data, b.size);
	cr_assert(smsc_bkf_block_read(s, &block));
	cr_assert_eq(block.type, SMSC_BKF_TAPE);
	cr_assert_eq(block.first_event, 0x400u);
	cr_assert_eq(smsc_bkf_tape_grid(s), 1024u);
	cr_assert_eq(smsc_le16(b.data + 50), 0x0008);
	cr_assert_eq(smsc_bkf_date((const uint8_t *)b.data + 88), at(2001, 9, 28, 10, 44, 15));
	smsc_buf name = SMSC_BUF_INIT;
	smsc_bkf_name_add(&name, smsc_bkf_text(s, 80), block.text_type, 1252);
	cr_assert_not_null(strstr(name.data, "NTBACKUP.EXE"), "%s", name.data);
	smsc_buf_free(&name);
	b.data[0] = 'X';
	cr_assert_not(smsc_bkf_block_read(s, &block));
	smsc_buf_free(&b);
}

/* The first 80 bytes of a real FILE block of 2014. */
Test(format_bkf, real_file)
{
	smsc_buf b = load("SMSC_SHARED", "bkf/bkf-FILE-block-first80.bin");
	smsc_bkf_block block;
	if (!b.size)
		cr_skip_test("the real blocks are not there");
	smsc_span s = smsc_span_of(b.data, b.size);
	cr_assert(smsc_bkf_block_read(s, &block));
	cr_assert_eq(block.type, SMSC_BKF_FILE);
	cr_assert_eq(block.os, 14);
	cr_assert_eq(block.os_version, 2);
	smsc_bkf_times t = smsc_bkf_object_times(s);
	cr_assert_eq(t.created, at(2008, 6, 17, 11, 11, 23));
	cr_assert_eq(t.modified, at(2014, 9, 26, 1, 29, 51));
	cr_assert_eq(t.accessed, t.modified);
	/* Its name lies beyond these bytes. */
	cr_assert_eq(smsc_bkf_text(s, 84).size, 0u);
	smsc_buf_free(&b);
}

/* All zeros have a right checksum, and a stream header before zeros that of a block. */
Test(format_bkf, no_blocks)
{
	uint8_t bytes[1024] = { 0 };
	smsc_bkf_block block;
	smsc_bkf_stream stream;
	cr_assert_not(smsc_bkf_block_read(smsc_span_of(bytes, sizeof bytes), &block));
	cr_assert_not(smsc_bkf_stream_read(smsc_span_of(bytes, sizeof bytes), &stream));
	memcpy(bytes, "MQDA", 4);
	bytes[20] = 'M' ^ 'D';
	bytes[21] = 'Q' ^ 'A';
	cr_assert(smsc_bkf_stream_read(smsc_span_of(bytes, sizeof bytes), &stream));
	cr_assert_not(smsc_bkf_block_read(smsc_span_of(bytes, sizeof bytes), &block));
}

Test(format_bkf, folders)
{
	static const struct { const char *raw; size_t size; uint8_t type; const char *path; } rows[] = {
		{ "\0\0", 2, 2, "" },
		{ "a\0\0\0b\0c\0\0\0", 10, 2, "a/bc" },
		{ "\0", 1, 1, "" },
		{ "Gr\xfc\0x\0", 6, 1, "Gr\xc3\xbc/x" },
		{ "\xac\x20\0\0", 4, 2, "\xe2\x82\xac" },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		smsc_buf out = SMSC_BUF_INIT;
		smsc_bkf_folder_add(&out, smsc_span_of(rows[i].raw, rows[i].size), rows[i].type, 1252);
		cr_assert_str_eq(out.data ? out.data : "", rows[i].path, "row %zu", i);
		smsc_buf_free(&out);
	}
}

/* ---- the walk ------------------------------------------------------------------------ */

typedef struct tape {
	const smsc_buf *bytes;
	uint64_t        next;
	bool            random;
} tape;

static size_t pull(void *user, uint64_t from, void *buffer, size_t size)
{
	tape *t = user;
	cr_assert(t->random || from == t->next, "a pipe cannot go to %llu", (unsigned long long)from);
	if (from >= t->bytes->size)
		return 0;
	size_t left = t->bytes->size - (size_t)from;
	size = size < left ? size : left;
	/* A pipe gives what it has. */
	size = t->random || size < 4000 ? size : 4000;
	memcpy(buffer, t->bytes->data + from, size);
	t->next = from + size;
	return size;
}

/* "BLOCK@place" and "STRM:size=sum" of all, read or passed over. */
static char *story(const smsc_buf *bytes, bool random, bool read)
{
	tape t = { bytes, 0, random };
	smsc_buf out = SMSC_BUF_INIT;
	char piece[1000];
	smsc_bkf_walk *w = malloc(sizeof *w);
	smsc_bkf_event e;
	smsc_bkf_start(w, pull, &t, random, random ? (int64_t)bytes->size : -1);
	while ((e = smsc_bkf_next(w)) != SMSC_BKF_END) {
		if (e == SMSC_BKF_BLOCK)
			smsc_buf_printf(&out, "%.4s@%llu\n", (const char *)w->bytes.data,
			                (unsigned long long)w->block_at);
		else if (e == SMSC_BKF_STREAM)
			smsc_buf_printf(&out, "%08x:%llu\n", w->stream.id, (unsigned long long)w->stream.size);
		else
			smsc_buf_printf(&out, "!%d\n", (int)e);
		while (read && e == SMSC_BKF_STREAM && smsc_bkf_data(w, piece, sizeof piece))
			;
	}
	smsc_buf_printf(&out, "%s\n", w->closed ? "closed" : "open");
	free(w);
	return out.data;
}

static void compare(const char *variable, const char *name, const char *begins)
{
	smsc_buf b = load(variable, name);
	if (!b.size)
		return;
	char *truth = story(&b, true, false);
	cr_assert_eq(strncmp(truth, begins, strlen(begins)), 0, "%s:\n%s", name, truth);
	cr_assert_null(strchr(truth, '!'), "%s:\n%s", name, truth);
	cr_assert_not_null(strstr(truth, "closed"), "%s:\n%s", name, truth);
	for (int way = 1; way < 4; way++) {
		char *other = story(&b, way & 1, way & 2);
		cr_assert_str_eq(other, truth, "%s, way %d", name, way);
		free(other);
	}
	free(truth);
	smsc_buf_free(&b);
}

Test(format_bkf, pipe)
{
	static const char begins[] = "TAPE@0\nSFMB@1024\nSSET@2048\nVOLB@3072\nDIRB@4096\n";
	static const char *const made[] = {
		"corrupt-object", "long-names", "no-catalog", "ntbackup-c", "ntbackup-systemstate",
		"strict-spec", "systemstate-only",
	};
	compare("SMSC_CORPUS", "incident-2005/2005-01-07.bkf", begins);
	compare("SMSC_CORPUS", "bkf/plain.bkf", begins);
	for (size_t i = 0; i < sizeof made / sizeof *made; i++) {
		char name[128];
		snprintf(name, sizeof name, "bkf/made/%s.bkf", made[i]);
		compare("SMSC_SHARED", name, "TAPE@0\n");
	}
	/* Another program's medium, with blocks and streams of its own. */
	compare("SMSC_SHARED", "bkf/sqlserver-Northwind.bak", "TAPE@0\n");
}
