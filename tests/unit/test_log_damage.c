/* test_log_damage.c - each log cut at every byte, flipped at every byte, damaged at random: no
 * crash, every span valid, and what the damage did not touch is delivered. */
#include <zlib.h>

#include "../sample.h"
#include "log_rows.h"

#define EVT_HEADER 0x30
#define GZ_HEADER  10

#define HEADER "<time=\"17:59:38.123+300\" date=\"01-07-2005\" component=\"CcmExec\" context=\"\" " \
	"type=\"1\" thread=\"3944\" file=\"init.cpp:231\">\r\n"

static const char ccm[] =
	"<![LOG[Entering Certificate Maintenance]LOG]!>" HEADER
	"<![LOG[Raising event:\r\n\r\ninstance of CCM_CcmHttp_Status\r\n{\r\n};\r\n]LOG]!>" HEADER
	"<![LOG[gr\xfc\xdf ]LOG]!> and <![LOG[ within]LOG]!>" HEADER
	"<![LOG[last]LOG]!>" HEADER;

static const char sms[] =
	"Waiting for ready instruction file....~  $$<SMS_DESPOOLER><05-21-2005 17:09:02.123+300><thread=2040 (0x7F8)>\r\n"
	"~Executing instruction  $$<SMS_DESPOOLER><Wed May 21 17:09:27.547 1999 Eastern Daylight Time><thread=219 (0xDB)>\r\n"
	"Found  $$<SMS_DESPOOLER><Wed May 21 17:09:27 1997~><thread=DB>\r\n"
	"last  $$<SMS_DESPOOLER><05-21-2005 17:09:02.123+300><thread=2040 (0x7F8)>\r\n";

static const char trace[] =
	"Entering Certificate Maintenance CcmExec 1/7/2005 5:59:38 PM\n"
	"MP Reg: Registration failed.\tMP_RegistrationManager\t1/7/2005 5:59:39 PM\t5780 (0x1694)\n"
	"Process Class: y Hardware Inventory\nAgent 12/20/1999 10:23:49 AM\n472 (0x1D8)\n\nprose\n\n"
	"1/16/2001 2:27:39 PM\tNo IPX Address  \tCliEx32.dll 4294896193 (0xFFFEEA41)\t\n";

static const char setup[] =
	"<01-07-2005 12:00:00> one\r\n<01-07-2005 12:00:00>two\r\n"
	"<Fri Jan 07 12:00:01 2005> three\r\n<[Fri Jan 07 12:00:01 2005]> four\r\n";

static const char msi[] =
	"=== Verbose logging started: 1/13/2005  23:59:58  Build type: SHIP ===\r\n"
	"MSI (s) (74:A8) [23:59:59:444]: one\r\nAction start 0:00:01: two.\r\n"
	"Property(S): three = 3\r\n";

static const char update[] =
	"2005-01-07\t12:44:33:444\t 940\t3ec\tAgent\tone\r\n"
	"2005-01-07\t12:44:33:544\t 940\t3ec\tAgent\ttwo\r\n"
	"2021/07/13 10:22:58.9553434 3696  8172  Shared          three\r\n"
	"2005-01-07\t12:44:33:644\t 940\t3ec\tAgent\tfour\r\n";

/* The line behind #Fields must stay as it is, or all the others mean something else. */
static const char iis[] =
	"#Fields: date time c-ip cs-method cs-uri-stem\r\n"
	"2005-01-07 22:59:41 192.0.2.79 GET /one\r\n2005-01-07 22:59:42 192.0.2.79 GET /two\r\n"
	"#Date: 2005-01-07 22:59:43\r\n2005-01-07 22:59:44 192.0.2.79 GET /four\r\n";

static const char forerunner[] =
	"2004-02-19 00:50:20\t05:50:20\tSuccess\tIUCTL\tone\r\n2004-02-19 00:50:21\t05:50:21\tError\tIUENGINE\ttwo\r\n"
	"2004-02-19 00:50:22\t05:50:22\tSuccess\tIUCTL\tthree\r\n2004-02-19 00:50:23\t05:50:23\tError\tIUENGINE\tfour\r\n";

static const char statmsg[] =
	"STATMSG: ID=2847 SEV=E LEV=M SOURCE=\"SMS Server\" COMP=\"A\" GMTDATE=Fri Jan 07 17:00:00.250 2005 ISTR0=\"one\"  "
	"$$<SMS_A><01-07-2005 12:00:00.250+300><thread=1 (0x1)>\r\n"
	"two  $$<SMS_A><01-07-2005 12:00:01.250+300><thread=1 (0x1)>\r\n"
	"three  $$<SMS_A><01-07-2005 12:00:01.250+300><thread=1 (0x1)>\r\n"
	"STATMSG: ID=508 SEV=I LEV=M SOURCE=\"SMS Server\" COMP=\"A\" GMTDATE=Fri Jan 07 17:00:02.250 2005 ISTR0=\"four\"  "
	"$$<SMS_A><01-07-2005 12:00:02.250+300><thread=1 (0x1)>\r\n"
	"<MAXIMUM LOG FILE SIZE REACHED - FILE RENAMED>\r\n";

typedef enum log_id { CCM, SMS, STATMSG, TRACE, SETUP, MSI, UPDATE, FORERUNNER, IIS, LOGS } log_id;

static const smsc_span logs[LOGS] = {
	[CCM] = { ccm, sizeof ccm - 1 }, [SMS] = { sms, sizeof sms - 1 }, [STATMSG] = { statmsg, sizeof statmsg - 1 },
	[TRACE] = { trace, sizeof trace - 1 }, [SETUP] = { setup, sizeof setup - 1 }, [MSI] = { msi, sizeof msi - 1 },
	[UPDATE] = { update, sizeof update - 1 }, [FORERUNNER] = { forerunner, sizeof forerunner - 1 },
	[IIS] = { iis, sizeof iis - 1 },
};

typedef struct kept {
	uint64_t start[64], end[64];
	char     text[64][300];
	size_t   count;
} kept;

static void keep_rows_of(smsc_log *l, kept *k)
{
	smsc_error *err = NULL;
	smsc_row row = SMSC_ROW_INIT;
	for (k->count = 0; k->count < 64 && smsc_log_next(l, &row, &err); k->count++) {
		k->start[k->count] = row.offset;
		k->end[k->count] = row.offset + row.length;
		size_t size = row.text.size < sizeof k->text[0] - 2 ? row.text.size : sizeof k->text[0] - 2;
		char *text = k->text[k->count];
		for (size_t i = 0; i < size; i++)
			text[i] = ((const char *)row.text.data)[i] ? ((const char *)row.text.data)[i] : '0';
		memcpy(text + size, "|", 2);
	}
	smsc_log_unref(l);
	smsc_error_free(err);
}

static void keep_rows(smsc_span log, kept *k)
{
	feed f = { .left = log };
	smsc_error *err = NULL;
	keep_rows_of(feed_open(&f, NULL, &err), k);
	smsc_error_free(err);
}

/* In a block of exactly its size, so that a step too far is seen. */
static outcome read_exact(const void *data, size_t size)
{
	char *block = malloc(size ? size : 1);
	memcpy(block, data, size);
	feed f = { .left = { block, size } };
	outcome o = read_all(&f, NULL);
	free(block);
	return o;
}

/* A row of these goes on until the next begins. */
static bool goes_on(size_t log)
{
	return log >= SETUP && log <= FORERUNNER;
}

/* These have marks that damage elsewhere cannot take away. */
static bool is_framed(size_t log)
{
	return log <= STATMSG;
}

/* Rows that end before the cut are there; nothing else is needed. */
Test(log_damage, cut_at_every_byte)
{
	for (size_t i = 0; i < LOGS; i++) {
		kept k;
		keep_rows(logs[i], &k);
		cr_assert_eq(k.count, 4);
		for (size_t size = 0; size < logs[i].size; size++) {
			outcome o = read_exact(logs[i].data, size);
			const char *texts = o.texts;
			cr_assert(o.code == SMSC_OK || o.code == SMSC_EFORMAT);
			for (size_t row = 0; row < k.count && k.end[row] <= size; row++) {
				cr_assert(!strncmp(texts, k.text[row], strlen(k.text[row]) - goes_on(i)),
				          "log %zu cut at %zu: %s", i, size, o.texts);
				texts += strlen(k.text[row]);
			}
			outcome_free(&o);
		}
	}
}

/* Line ends count with the row behind them. */
static bool is_touched(const kept *k, size_t row, size_t at)
{
	return at >= (row ? k->end[row - 1] : 0) && at < k->end[row];
}

static void check_others(const kept *k, size_t at, const char *texts, size_t log, int bit)
{
	const char *p = texts;
	for (size_t row = 0; row < k->count; row++) {
		if (is_touched(k, row, at))
			continue;
		p = strstr(p, k->text[row]);
		cr_assert(p, "log %zu, byte %zu, bit %d: row %zu is lost: %s", log, at, bit, row, texts);
		p += strlen(k->text[row]);
	}
}

/* One bit wrong costs at most its own row.  (Viewer text has no marks that would promise so.) */
Test(log_damage, flip_at_every_byte)
{
	for (size_t i = 0; i < LOGS; i++) {
		kept k;
		char damaged[1000];
		keep_rows(logs[i], &k);
		memcpy(damaged, logs[i].data, logs[i].size);
		for (size_t at = 0; at < logs[i].size; at++)
			for (int bit = SAMPLE_SLOW ? (int)at % 8 : 0; bit < 8; bit += SAMPLE_SLOW ? 8 : 1) {
				damaged[at] ^= (char)(1 << bit);
				outcome o = read_exact(damaged, logs[i].size);
				if (is_framed(i))
					check_others(&k, at, o.texts, i, bit);
				outcome_free(&o);
				damaged[at] ^= (char)(1 << bit);
			}
	}
}

static unsigned next_number(uint64_t *state)
{
	*state = *state * UINT64_C(6364136223846793005) + 1;
	return (unsigned)(*state >> 33);
}

/* Bytes that tell what all the rest is. */
static size_t head_size(size_t log)
{
	return log == IIS ? strcspn(iis, "\n") + 1 : 0;
}

/* Pieces swapped, copied and overwritten; a wrong result would show as a step out of bounds, a
 * hang, or rows that overlap (read_all checks that). */
Test(log_damage, at_random, .timeout = 600)
{
	uint64_t state = 20050107;
	for (unsigned run = 0, runs = sample_damages(1000); run < runs; run++)
		for (size_t i = 0; i < LOGS; i++) {
			smsc_span log = logs[i];
			char damaged[1000];
			memcpy(damaged, log.data, log.size);
			for (unsigned edits = 1 + next_number(&state) % 6; edits; edits--) {
				size_t from = next_number(&state) % log.size, to = next_number(&state) % log.size;
				size_t size = next_number(&state) % 60;
				size_t most = log.size - (from > to ? from : to);
				if (next_number(&state) % 2)
					memmove(damaged + to, damaged + from, size < most ? size : most);
				else
					damaged[to] = (char)next_number(&state);
			}
			outcome o = read_exact(damaged, log.size - next_number(&state) % 30);
			outcome_free(&o);
		}
}

/* ---- what the damage does not touch ---------------------------------------------------- */

/* A log as it is, or as UTF-16; and what is known of its rows. */
typedef struct whole {
	size_t log, unit, head;  /* bytes of a character, and of what tells how to read all the rest */
	char   bytes[2 + 2 * 1000];
	size_t size;
	kept   rows;
} whole;

typedef enum store { PLAIN, LITTLE, BIG, STORES } store;

static void make_whole(whole *w, size_t log, store as)
{
	w->log = log;
	w->unit = as == PLAIN ? 1 : 2;
	w->head = (as == PLAIN ? 0 : 2) + w->unit * head_size(log);
	w->size = logs[log].size;
	if (as == PLAIN)
		memcpy(w->bytes, logs[log].data, w->size);
	else
		w->size = put_wide(w->bytes, logs[log], as == BIG);
	keep_rows(smsc_span_of(w->bytes, w->size), &w->rows);
	cr_assert_eq(w->rows.count, 4);
}

/* The line end behind a row says that it ends there. */
static bool is_hit(const whole *w, size_t row, size_t from, size_t to)
{
	const kept *k = &w->rows;
	return row < k->count && to > (row ? k->end[row - 1] : 0) && from < k->end[row] + 2 * w->unit;
}

/* Does the damage reach what tells where this row begins, or what its columns mean? */
static bool is_in_doubt(const whole *w, size_t row, size_t from, size_t to)
{
	if (is_hit(w, row, from, to) || from < w->head)
		return true;
	/* Which lines belong together is guessed from their lengths. */
	return w->log == TRACE && ((row && is_hit(w, row - 1, from, to)) || is_hit(w, row + 1, from, to));
}

/* Only the end of a record of the site server is marked: where the one before has lost its own, what
 * is left of that stands before the text. */
static bool has_more_before(const whole *w, size_t row, size_t from, size_t to)
{
	return (w->log == SMS || w->log == STATMSG) && row && is_hit(w, row - 1, from, to);
}

static void check_intact(const whole *w, smsc_span damaged, size_t from, size_t to)
{
	const kept *k = &w->rows;
	kept now;
	keep_rows(damaged, &now);
	for (size_t row = 0; row < k->count; row++) {
		size_t i = 0;
		if (is_in_doubt(w, row, from, to))
			continue;
		bool more = has_more_before(w, row, from, to);
		while (i < now.count && (more ? now.end[i] != k->end[row] : now.start[i] != k->start[row]))
			i++;
		cr_assert_lt(i, now.count, "log %zu of %zu, damage %zu to %zu: row %zu is lost", w->log, w->unit, from, to, row);
		if (more)
			cr_assert(strstr(now.text[i], k->text[row]), "log %zu, damage %zu to %zu: %s", w->log, from, to, now.text[i]);
		else if (!goes_on(w->log) || !is_hit(w, row + 1, from, to))
			cr_assert_str_eq(now.text[i], k->text[row], "log %zu, damage %zu to %zu: %s not %s", w->log, from, to, now.text[i], k->text[row]);
	}
}

static void damage_once(const whole *w, uint64_t *state)
{
	char damaged[sizeof w->bytes];
	size_t from = next_number(state) % w->size, size = 1 + next_number(state) % 60;
	size_t to = from + size < w->size ? from + size : w->size;
	bool zeros = next_number(state) % 8 == 0;
	memcpy(damaged, w->bytes, w->size);
	for (size_t at = from; at < to; at++)
		damaged[at] = zeros ? '\0' : (char)next_number(state);
	check_intact(w, smsc_span_of(damaged, w->size), from, to);
}

/* A run of other bytes somewhere: all rows that it leaves alone come out, each with its offset. */
Test(log_damage, intact_rows_stay, .timeout = 600)
{
	uint64_t state = 1970;
	whole w;
	for (size_t i = 0; i < LOGS; i++)
		for (store as = PLAIN; as < STORES; as++) {
			make_whole(&w, i, as);
			for (unsigned run = 0, runs = sample_damages(as == PLAIN ? 1000 : 300); run < runs; run++)
				damage_once(&w, &state);
		}
}

/* How much zlib unpacks of the bytes before the damage, all of which is right. */
static size_t unpacked(const void *packed, size_t size)
{
	char out[1000];
	z_stream z = { .next_in = (Bytef *)(uintptr_t)packed, .avail_in = (uInt)size, .next_out = (Bytef *)out,
	               .avail_out = sizeof out };
	cr_assert_eq(inflateInit2(&z, 15 + 16), Z_OK);
	inflate(&z, Z_SYNC_FLUSH);
	inflateEnd(&z);
	return z.total_out;
}

static void check_before(const kept *k, size_t log, smsc_span packed, size_t right)
{
	kept now = { .count = 0 };
	smsc_error *err = NULL;
	smsc_source *s = smsc_source_memory("a.log.gz", packed.data, packed.size, NULL, &err);
	smsc_entry *e = smsc_source_next(s, &err), *inner = smsc_source_next(s, &err);
	smsc_log *l = smsc_log_open_entry(inner ? inner : e, NULL, &err);
	if (l)
		keep_rows_of(l, &now);
	/* Where a row ends, the beginning of the next one tells. */
	for (size_t row = 0; row + 1 < k->count && k->end[row + 1] + 2 <= right; row++) {
		cr_assert_lt(row, now.count, "log %zu, right up to %zu: row %zu is lost", log, right, row);
		cr_assert_eq(now.start[row], k->start[row]);
		cr_assert_str_eq(now.text[row], k->text[row], "log %zu, right up to %zu: %s", log, right, now.text[row]);
	}
	smsc_entry_unref(inner);
	smsc_entry_unref(e);
	smsc_source_unref(s);
	smsc_error_free(err);
}

/* Packed: all that stands before the damage. */
Test(log_damage, rows_before_the_damage_of_a_packed_log, .timeout = 600)
{
	uint64_t state = 1952;
	for (size_t i = 0; i < LOGS; i++) {
		kept k;
		char packed[1000], damaged[1000];
		z_stream z = { .next_in = (Bytef *)(uintptr_t)logs[i].data, .avail_in = (uInt)logs[i].size,
		               .next_out = (Bytef *)packed, .avail_out = sizeof packed };
		cr_assert_eq(deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 8, Z_FIXED), Z_OK);
		cr_assert_eq(deflate(&z, Z_FINISH), Z_STREAM_END);
		deflateEnd(&z);
		keep_rows(logs[i], &k);
		for (unsigned run = 0, runs = sample_damages(100); run < runs; run++) {
			size_t from = GZ_HEADER + next_number(&state) % (z.total_out - GZ_HEADER);
			memcpy(damaged, packed, z.total_out);
			for (size_t at = from, to = from + 1 + next_number(&state) % 60; at < to && at < z.total_out; at++)
				damaged[at] = (char)next_number(&state);
			check_before(&k, i, smsc_span_of(damaged, z.total_out), unpacked(packed, from));
		}
	}
}

/* The same for event logs, whose records say themselves how long they are. */
Test(log_damage, intact_events_stay, .timeout = 600)
{
	const char *path = sample_path("SMSC_CORPUS", "evt/plain.Evt");
	uint64_t state = 2003;
	whole w = { .log = LOGS, .unit = 1, .head = EVT_HEADER };
	if (!path)
		cr_skip_test("no corpus");
	smsc_span log = sample_load(path);
	keep_rows(log, &w.rows);
	cr_assert_geq(w.rows.count, 3);
	char *damaged = malloc(log.size);
	for (unsigned run = 0, runs = sample_damages(1000); run < runs; run++) {
		size_t from = EVT_HEADER + next_number(&state) % (log.size - EVT_HEADER);
		size_t to = from + 1 + next_number(&state) % 60;
		memcpy(damaged, log.data, log.size);
		for (size_t at = from; at < to && at < log.size; at++)
			damaged[at] = (char)next_number(&state);
		check_intact(&w, smsc_span_of(damaged, log.size), from, to);
	}
	free(damaged);
	sample_free(log);
}
