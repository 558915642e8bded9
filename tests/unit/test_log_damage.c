/* test_log_damage.c - each log cut at every byte, flipped at every byte, damaged at random: no
 * crash, every span valid, and what the damage did not touch is delivered. */
#include "../sample.h"
#include "log_rows.h"

#define EVT_HEADER 0x30

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

static void keep_rows(smsc_span log, kept *k)
{
	feed f = { .left = log };
	smsc_error *err = NULL;
	smsc_row row = SMSC_ROW_INIT;
	smsc_log *l = feed_open(&f, NULL, &err);
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
			for (int bit = 0; bit < 8; bit++) {
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

/* The line end behind a row says that it ends there. */
static bool is_hit(const kept *k, size_t row, size_t from, size_t to)
{
	return row < k->count && to > (row ? k->end[row - 1] : 0) && from < k->end[row] + 2;
}

/* Does the damage reach what tells where this row begins, or what its columns mean? */
static bool is_in_doubt(const kept *k, size_t log, size_t row, size_t from, size_t to)
{
	if (is_hit(k, row, from, to) || from < head_size(log))
		return true;
	/* Which lines belong together is guessed from their lengths. */
	return log == TRACE && ((row && is_hit(k, row - 1, from, to)) || is_hit(k, row + 1, from, to));
}

/* Only the end of a record of the site server is marked: where the one before has lost its own, what
 * is left of that stands before the text. */
static bool has_more_before(const kept *k, size_t log, size_t row, size_t from, size_t to)
{
	return (log == SMS || log == STATMSG) && row && is_hit(k, row - 1, from, to);
}

static void check_intact(const kept *k, size_t log, smsc_span damaged, size_t from, size_t to)
{
	kept now;
	keep_rows(damaged, &now);
	for (size_t row = 0; row < k->count; row++) {
		size_t i = 0;
		if (is_in_doubt(k, log, row, from, to))
			continue;
		bool more = has_more_before(k, log, row, from, to);
		while (i < now.count && (more ? now.end[i] != k->end[row] : now.start[i] != k->start[row]))
			i++;
		cr_assert_lt(i, now.count, "log %zu, damage %zu to %zu: row %zu is lost", log, from, to, row);
		if (more)
			cr_assert(strstr(now.text[i], k->text[row]), "log %zu, damage %zu to %zu: %s", log, from, to, now.text[i]);
		else if (!goes_on(log) || !is_hit(k, row + 1, from, to))
			cr_assert_str_eq(now.text[i], k->text[row], "log %zu, damage %zu to %zu: %s not %s", log, from, to, now.text[i], k->text[row]);
	}
}

/* A run of other bytes somewhere: all rows that it leaves alone come out, each with its offset. */
Test(log_damage, intact_rows_stay, .timeout = 600)
{
	uint64_t state = 1970;
	for (size_t i = 0; i < LOGS; i++) {
		kept k;
		keep_rows(logs[i], &k);
		for (unsigned run = 0, runs = sample_damages(1000); run < runs; run++) {
			char damaged[1000];
			size_t from = next_number(&state) % logs[i].size, size = 1 + next_number(&state) % 60;
			size_t to = from + size < logs[i].size ? from + size : logs[i].size;
			bool zeros = next_number(&state) % 8 == 0;
			memcpy(damaged, logs[i].data, logs[i].size);
			for (size_t at = from; at < to; at++)
				damaged[at] = zeros ? '\0' : (char)next_number(&state);
			check_intact(&k, i, smsc_span_of(damaged, logs[i].size), from, to);
		}
	}
}

/* The same for event logs, whose records say themselves how long they are. */
Test(log_damage, intact_events_stay, .timeout = 600)
{
	const char *path = sample_path("SMSC_CORPUS", "evt/plain.Evt");
	uint64_t state = 2003;
	kept k;
	if (!path)
		cr_skip("no corpus");
	smsc_span log = sample_load(path);
	keep_rows(log, &k);
	cr_assert_geq(k.count, 3);
	char *damaged = malloc(log.size);
	for (unsigned run = 0, runs = sample_damages(1000); run < runs; run++) {
		size_t from = EVT_HEADER + next_number(&state) % (log.size - EVT_HEADER);
		size_t to = from + 1 + next_number(&state) % 60;
		memcpy(damaged, log.data, log.size);
		for (size_t at = from; at < to && at < log.size; at++)
			damaged[at] = (char)next_number(&state);
		check_intact(&k, LOGS, smsc_span_of(damaged, log.size), from, to);
	}
	free(damaged);
	sample_free(log);
}
