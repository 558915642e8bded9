/* test_log_sms.c - trace logs of the site server: three generations, short and damaged forms. */
#include "log_rows.h"

/* Generation A, SMS 1.x: a bare hex thread, no milliseconds (Q169491). */
Test(log_sms, generation_a)
{
	check_only("~Found ready instruction sni00000.sni  $$<SMS_DESPOOLER><Wed May 21 17:09:27 1997~><thread=DB>\r\n",
	           &(want){ .local = "1997-05-21T17:09:27.0000000Z", .time = "", .bias = SMSC_NO_BIAS,
	                    .thread = 0xdb, .line = 1, .form = "sms-a",
	                    .text = "Found ready instruction sni00000.sni", .component = "SMS_DESPOOLER" });
}

/* Generation B, SMS 2.0: with and without the name of a zone. */
Test(log_sms, generation_b)
{
	check_only("waiting $$<SMS_SQL_MONITOR><Thu Oct 21 15:12:43.046 1999 Eastern Daylight Time><thread=282 (0x11A)>",
	           &(want){ .local = "1999-10-21T15:12:43.0460000Z", .time = "1999-10-21T19:12:43.0460000Z",
	                    .bias = 240, .thread = 282, .line = 1, .form = "sms-b",
	                    .text = "waiting", .component = "SMS_SQL_MONITOR" });
	check_only("x $$<C:\\WINNT\\MS\\SMS\\CORE\\BIN\\CLISVCL.EXE><Mon Nov 15 16:54:10.112 1999 ><thread=52 (0x34)>",
	           &(want){ .local = "1999-11-15T16:54:10.1120000Z", .time = "", .bias = SMSC_NO_BIAS,
	                    .thread = 52, .line = 1, .form = "sms-b", .text = "x",
	                    .component = "C:\\WINNT\\MS\\SMS\\CORE\\BIN\\CLISVCL.EXE" });
	/* Windows 95 has 32-bit threads; a name of blanks; padding behind a name. */
	check_only("x~  $$<Hardware Inventory Agent ><Fri May 05 10:00:20.775 2000><thread=4294127983 (0xFFF3316F)>",
	           &(want){ .local = "2000-05-05T10:00:20.7750000Z", .time = "", .bias = SMSC_NO_BIAS,
	                    .thread = 4294127983u, .line = 1, .text = "x",
	                    .component = "Hardware Inventory Agent" });
}

static void check_zone(const char *zone, int32_t bias)
{
	char log[200];
	snprintf(log, sizeof log, "x  $$<A_B><Fri Mar 26 10:43:41.547 1999 %s><thread=1 (0x1)>", zone);
	check_only(log, &(want){ .bias = bias, .thread = 1, .line = 1 });
}

Test(log_sms, zones)
{
	check_zone("Eastern Standard Time", 300);
	check_zone("Pacific Daylight Time", 420);
	check_zone("GMT Daylight Time", -60);
	check_zone("Central Standard Time", 360);
	check_zone("Eastern\r\n  Standard   Time", 300);
	check_zone("Nowhere Standard Time", SMSC_NO_BIAS);
	check_zone("", SMSC_NO_BIAS);
}

/* Generation C, since SMS 2003: the bias itself, sign as in client logs. */
Test(log_sms, generation_c)
{
	check_only("Done.  $$<SMS_COLLECTION_EVALUATOR><11-30-2022 01:03:34.174-60><thread=4844 (0x12EC)>\r\n",
	           &(want){ .local = "2022-11-30T01:03:34.1740000Z", .time = "2022-11-30T00:03:34.1740000Z",
	                    .bias = -60, .thread = 4844, .line = 1, .form = "sms-c",
	                    .text = "Done.", .component = "SMS_COLLECTION_EVALUATOR" });
	check_only("x  $$<A><9-1-2005 01:03:34.174+00><thread=1 (0x0001)>",
	           &(want){ .local = "2005-09-01T01:03:34.1740000Z", .time = "2005-09-01T01:03:34.1740000Z",
	                    .bias = 0, .thread = 1, .line = 1 });
}

#define C(text) text "  $$<SMS_A><11-30-2022 01:03:34.174-60><thread=4844 (0x12EC)>\r\n"

Test(log_sms, marks_and_lines)
{
	check_outcome(C("~a~") C("b~~") C("~~c d") C("C:\\PROGRA~1\\x") C("") C("$1 $$ $< x"),
	              "a|b|c d|C:\\PROGRA~1\\x||$1 $$ $< x|", "");
	/* A text of SQL Server has line ends: it ends where its trailer is. */
	check_outcome(C("SQL>>>select\n  *\n\nfrom t") C("b"), "SQL>>>select\n  *\n\nfrom t|b|", "");
	check_outcome(C("a") "<MAXIMUM LOG FILE SIZE REACHED - FILE RENAMED>\r\n",
	              "a|", "");
}

/* Forms that an editor or an article shortened. */
Test(log_sms, short_forms)
{
	check_outcome("a $$<CliEx32.dll>\nb $$<CliEx32.dll>\nc $<SMS_X>\nd $$<SMS_ALERTER>...\n"
	              "e $$<SMS_B><Fri Oct 15 17:09:46.677 1999>\nf $$<SMS_B><Fri Oct 15 17:09:46.677 1999",
	              "a|b|c|d|...\ne|f|", "");
	check_only("a $$<SMS_INVENTORY_PROCESSOR>\n",
	           &(want){ .local = "", .time = "", .bias = SMSC_NO_BIAS, .line = 1,
	                    .text = "a", .component = "SMS_INVENTORY_PROCESSOR", .form = "sms" });
	check_only("a $$<A_B><Fri Oct 15 17:09:46.677 1999><thread=297>",
	           &(want){ .bias = SMSC_NO_BIAS, .thread = 297, .line = 1 });
}

/* As mail and articles wrap it. */
Test(log_sms, wrapped)
{
	check_only("  text\n  $$<Hardware Inventory\n  Agent><Fri\n  May 05 10:00:20.775\n 2000><thread=175\n  (0xAF)>\n",
	           &(want){ .local = "2000-05-05T10:00:20.7750000Z", .bias = SMSC_NO_BIAS, .thread = 175,
	                    .offset = 2, .line = 1, .text = "text",
	                    .component = "Hardware Inventory Agent" });
}

/* Whole seconds and other ways to write the bias. */
Test(log_sms, other_stamps)
{
	static const struct { const char *stamp, *time; int32_t bias; } all[] = {
		{ "01-07-2005 12:00:00+300", "2005-01-07T17:00:00.0000000Z", 300 },
		{ "01-07-2005 12:00:00", "", SMSC_NO_BIAS },
		{ "01-07-2005 12:00:00.500", "", SMSC_NO_BIAS },
		{ "01-07-2005 12:00:00.500-060", "2005-01-07T11:00:00.5000000Z", -60 },
		{ "01-07-2005 12:00:00.500+000", "2005-01-07T12:00:00.5000000Z", 0 },
		{ "01-07-2005 12:00:00.500+0", "2005-01-07T12:00:00.5000000Z", 0 },
	};
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		char log[200];
		snprintf(log, sizeof log, "x $$<A_B><%s><thread=504 (0x1f8)>", all[i].stamp);
		check_only(log, &(want){ .time = all[i].time, .bias = all[i].bias, .thread = 504, .line = 1, .form = "sms-c" });
	}
}

/* Whatever stands before a whole date is the name; without one, only a name of SMS is. */
Test(log_sms, odd_components)
{
	static const char *const names[] = { "SMS_SITE$X", "SMS_X[1]", "Pr\xc3\xbc" "fung", "a+b,c;d='e'\"f\"!", "" };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		char log[200];
		snprintf(log, sizeof log, "x  $$<%s><01-07-2005 12:00:00.500-60><thread=504 (0x1F8)>", names[i]);
		check_only(log, &(want){ .time = "2005-01-07T11:00:00.5000000Z", .bias = -60, .thread = 504, .line = 1,
		                         .text = "x", .component = names[i] });
	}
	check_outcome(C("it costs $$<5> and $$<not a trailer") C("b $$<c> d"),
	              "it costs $$<5> and $$<not a trailer|b $$<c> d|", "");
}

/* ---- damage -------------------------------------------------------------------------- */

Test(log_sms, torn_records)
{
	check_outcome(C("a") "b  $$<SMS_A><11-30-2022 01:0\r\n" C("c"), "a|b|c|",
	              "D005@76 16 bytes are a torn end of a record: <11-30-2022 01:0;");
	check_outcome(C("a") "b  $$<SMS_\r\n" C("c"), "a|c|",
	              "D005@64 10 bytes are a torn end of a record: b  $$<SMS_;");
	check_outcome(C("a") "b  $$<SMS_A><11-30-2022 01:03:34.174-60><thread=48\r\n" C("c"), "a|b|c|",
	              "D005@104 10 bytes are a torn end of a record: <thread=48;");
	check_outcome(C("a") "the rest", "a|", "D005@64 8 bytes are text without its end: the rest;");
}

/* Numbers that contradict: the record stays, the doubt is told. */
Test(log_sms, doubts)
{
	check_outcome("a  $$<SMS_A><11-30-2022 01:03:34.174-60><thread=4844 (0x12ED)>\r\n", "a|",
	              "D003@0 the thread is 4844 and another number in hex;");
	check_outcome(C("a") "b  $$<SMS_A><11-31-2022 01:03:34.174-60><thread=4844 (0x12EC)>\r\n", "a|b|",
	              "D003@64 the date of this record is none;");
}

Test(log_sms, not_this_format)
{
	static const char *const others[] = {
		"all: x\n\t$(CC) $$< -o $$@\n", "$$<", "$$<>", "echo $$<x>\n", "a $$<b> c\n",
		"$<SMS_A>\n",
	};
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		feed f = { .left = span_of_text(others[i]) };
		smsc_error *err = NULL;
		cr_assert_null(feed_open(&f, NULL, &err), "%s", others[i]);
		cr_assert_eq(smsc_error_code(err), SMSC_EFORMAT);
		smsc_error_free(err);
	}
}
