/* test_report.c - reports: their rows, their escapes, and what stops them. */
#include "../sample.h"
#include "case_files.h"

static int collect(void *user, const void *data, size_t size)
{
	smsc_buf_add(user, data, size);
	return 0;
}

static int refuse(void *user, const void *data, size_t size)
{
	(void)data;
	(void)size;
	++*(int *)user;
	return 1;
}

static smsc_report *report(const char *format, unsigned flags, smsc_buf *out)
{
	smsc_error *err = NULL;
	smsc_report *r = smsc_report_new(format, flags, collect, out, &err);
	cr_assert(r && !err);
	return r;
}

static void finish(smsc_report *r)
{
	smsc_error *err = NULL;
	cr_assert_eq(smsc_report_end(r, &err), 0);
	cr_assert_null(err);
	smsc_report_free(r);
}

static void expect(smsc_buf *out, const char *text)
{
	cr_assert_str_eq(out->data ? out->data : "", text);
	smsc_buf_free(out);
	*out = (smsc_buf)SMSC_BUF_INIT;
}

static void expect_has(const smsc_buf *out, const char *text)
{
	cr_assert(out->data && strstr(out->data, text), "\"%s\" is not in\n%s", text, out->data);
}

#define ROW "<![LOG[CCMSignData failed, \"%s\" (0x8009200b).]LOG]!><time=\"17:59:40.234%s\" " \
            "date=\"01-07-2005\" component=\"=cmd|x\" context=\"\" type=\"3\" thread=\"2724\" " \
            "file=\"ccmexec.cpp:12\">\r\n"

/* A log of one row whose name and text try things. */
static char *naughty_log(const char *text, const char *bias)
{
	char *folder = new_folder();
	smsc_buf b = SMSC_BUF_INIT;
	smsc_buf_printf(&b, ROW, text, bias);
	put_file(folder, "a|b%41\x1b[31m.log", b.data, b.size, "2005-01-08");
	smsc_buf_free(&b);
	return folder;
}

static smsc_case *labelled(const char *folder, const char *label)
{
	smsc_error *err = NULL;
	smsc_case *c = smsc_case_new(NULL, &err);
	smsc_case_add(c, folder, label, &err);
	smsc_case_analyze(c, NULL, NULL, &err);
	cr_assert_null(err);
	return c;
}

static void timeline_as(const char *format, const char *folder, smsc_buf *out)
{
	smsc_error *err = NULL;
	smsc_case *c = labelled(folder, "=day");
	smsc_report *r = report(format, 0, out);
	cr_assert_eq(smsc_report_timeline(r, c, SMSC_NEVER, SMSC_NEVER, &err), 0);
	finish(r);
	smsc_case_unref(c);
}

/* ---- escapes of each format ------------------------------------------------------------- */

Test(report, jsonl_escapes)
{
	char *folder = naughty_log("\x1b[2J\x7f \\ \xc3\xa4", "+300");
	smsc_buf out = SMSC_BUF_INIT;
	timeline_as("jsonl", folder, &out);
	expect_has(&out, "{\"type\":\"event\",\"time\":\"2005-01-07T22:59:40.2340000Z\","
	           "\"ticks\":127496123802340000,\"local\":\"2005-01-07T17:59:40.2340000\",\"bias\":300,"
	           "\"slack\":0,\"clock\":\"log\",\"kind\":\"signing-failed\",\"severity\":3,"
	           "\"text\":\"CCMSignData failed, \\\"\\u001b[2J\\u007f \\\\ \xc3\xa4\\\" (0x8009200b).\"");
	expect_has(&out, "\"generation\":null,\"source\":\"=day\",\"sources\":[\"=day\"],\"path\":\"a|b%41\\u001b[31m.log\",\"offset\":0}\n");
	smsc_buf_free(&out);
	drop_folder(folder);
}

Test(report, csv_guards_against_formulas)
{
	char *folder = naughty_log("x", "+300");
	smsc_buf out = SMSC_BUF_INIT;
	timeline_as("csv", folder, &out);
	expect_has(&out, "time,local,bias,slack,clock,kind,severity,text,meaning,container,number,source,path,offset\n"
	           "\"2005-01-07T22:59:40.2340000Z\",\"2005-01-07T17:59:40.2340000\",300,0,\"log\","
	           "\"signing-failed\",3,\"CCMSignData failed, \"\"x\"\" (0x8009200b).\",");
	expect_has(&out, ",\"\",\"\",\"'=day\",\"a|b%41\x1b[31m.log\",0\n");
	smsc_buf_free(&out);
	drop_folder(folder);
}

Test(report, text_does_not_steer_the_terminal)
{
	char *folder = naughty_log("\x1b[2J \xe2\x80\xae \xc2\x9b", "+300");
	smsc_buf out = SMSC_BUF_INIT;
	timeline_as("text", folder, &out);
	cr_assert(!strchr(out.data, 27), "%s", out.data);
	cr_assert(!strstr(out.data, "\xc2\x9b") && !strstr(out.data, "\xe2\x80\xae"));
	expect_has(&out, "2005-01-07 22:59:40.234 log          !! signing-failed       ");
	expect_has(&out, "\"\\x1b[2J \\u202e \\u009b\"");
	expect_has(&out, "  =day/a|b%41\\x1b[31m.log@0\n");
	smsc_buf_free(&out);
	drop_folder(folder);
}

Test(report, bodyfile)
{
	char *folder = naughty_log("x", "+300");
	smsc_buf out = SMSC_BUF_INIT;
	timeline_as("bodyfile", folder, &out);
	expect(&out, "0|=day/a%7Cb%2541 [31m.log@0 [signing-failed] CCMSignData failed, \"x\" (0x8009200b)."
	       "|0|r/rrwxrwxrwx|0|0|0|-1|1105138780|-1|-1\n");
	drop_folder(folder);
}

Test(report, timesketch)
{
	char *folder = naughty_log("x", "+300");
	smsc_buf out = SMSC_BUF_INIT;
	timeline_as("timesketch", folder, &out);
	expect_has(&out, "{\"message\":\"CCMSignData failed, \\\"x\\\" (0x8009200b).\",\"timestamp\":1105138780234000,"
	           "\"datetime\":\"2005-01-07T22:59:40.234000+00:00\",\"timestamp_desc\":\"signing-failed\"");
	smsc_buf_free(&out);
	drop_folder(folder);
}

Test(report, l2tcsv_has_17_fields)
{
	char *folder = naughty_log("x", "+300");
	smsc_buf out = SMSC_BUF_INIT;
	timeline_as("l2tcsv", folder, &out);
	const char *header = "date,time,timezone,MACB,source,sourcetype,type,user,host,short,desc,version,"
	                     "filename,inode,notes,format,extra\n";
	cr_assert(!strncmp(out.data, header, strlen(header)));
	size_t fields = 1;
	bool quoted = false;
	for (const char *p = out.data + strlen(header); *p && *p != '\n'; p++) {
		quoted ^= *p == '"';
		fields += *p == ',' && !quoted;
	}
	cr_assert_eq(fields, 17);
	expect_has(&out, "\n\"01/07/2005\",\"22:59:40\",\"UTC\",\"M...\",\"LOG\"");
	smsc_buf_free(&out);
	drop_folder(folder);
}

/* A time in no known zone has no place in these; elsewhere it is marked. */
Test(report, local_times)
{
	static const char *const formats[] = { "bodyfile", "timesketch", "l2tcsv" };
	char *folder = naughty_log("x", "");
	smsc_buf out = SMSC_BUF_INIT;
	for (size_t i = 0; i < 3; i++) {
		timeline_as(formats[i], folder, &out);
		expect(&out, "");
	}
	timeline_as("text", folder, &out);
	expect_has(&out, "2005-01-07 17:59:40.234 log?         !! ");
	smsc_buf_free(&out);
	out = (smsc_buf)SMSC_BUF_INIT;
	timeline_as("jsonl", folder, &out);
	expect_has(&out, "\"time\":null,\"ticks\":null,\"local\":\"2005-01-07T17:59:40.2340000\",\"bias\":null,");
	smsc_buf_free(&out);
	drop_folder(folder);
}

/* ---- since and until ------------------------------------------------------------------------ */

static size_t told_between(const smsc_case *c, const char *since, const char *until)
{
	smsc_error *err = NULL;
	smsc_buf out = SMSC_BUF_INIT;
	smsc_report *r = report("jsonl", 0, &out);
	smsc_report_timeline(r, c, *since ? smsc_time_parse(since) : SMSC_NEVER,
	                     *until ? smsc_time_parse(until) : SMSC_NEVER, &err);
	finish(r);
	cr_assert_null(err);
	size_t lines = 0;
	for (size_t i = 0; i < out.size; i++)
		lines += out.data[i] == '\n';
	smsc_buf_free(&out);
	return lines;
}

Test(report, bounds_of_a_timeline)
{
	char *folder = naughty_log("x", "+300");
	smsc_case *c = labelled(folder, NULL);
	cr_assert_eq(told_between(c, "", ""), 1);
	cr_assert_eq(told_between(c, "2005-01-07T22:59:40.234Z", ""), 1);
	cr_assert_eq(told_between(c, "2005-01-07T22:59:41Z", ""), 0);
	cr_assert_eq(told_between(c, "", "2005-01-07T22:59:40.234Z"), 0, "until is not included");
	cr_assert_eq(told_between(c, "", "2005-01-07T22:59:41Z"), 1);
	smsc_case_unref(c);
	drop_folder(folder);
	/* A local time may lie 14 hours to either side. */
	folder = naughty_log("x", "");
	c = labelled(folder, NULL);
	cr_assert_eq(told_between(c, "2005-01-08T07:00Z", ""), 1);
	cr_assert_eq(told_between(c, "2005-01-08T08:00Z", ""), 0);
	cr_assert_eq(told_between(c, "", "2005-01-07T04:00Z"), 1);
	cr_assert_eq(told_between(c, "", "2005-01-07T03:00Z"), 0);
	smsc_case_unref(c);
	drop_folder(folder);
}

/* ---- misuse, sinks -------------------------------------------------------------------------- */

Test(report, misuse)
{
	smsc_error *err = NULL;
	smsc_buf out = SMSC_BUF_INIT;
	cr_assert_null(smsc_report_new("xml", 0, collect, &out, &err));
	cr_assert_eq(smsc_error_code(err), SMSC_EARG);
	smsc_error_free(err);
	err = NULL;
	cr_assert_null(smsc_report_new(NULL, 0, collect, &out, &err));
	smsc_error_free(err);
	err = NULL;
	cr_assert_null(smsc_report_new("text", 0, NULL, NULL, &err));
	smsc_error_free(err);
	err = NULL;
	char *folder = naughty_log("x", "+300");
	smsc_case *c = labelled(folder, NULL);
	smsc_report *r = report("bodyfile", 0, &out);
	cr_assert_eq(smsc_report_generations(r, c, &err), -1);
	cr_assert_eq(smsc_error_code(err), SMSC_EARG);
	cr_assert_eq(smsc_report_timeline(r, c, 0, 0, &err), -1, "errors stick");
	cr_assert_eq(out.size, 0);
	smsc_error_free(err);
	smsc_report_free(r);
	smsc_report_free(NULL);
	r = report("l2tcsv", 0, &out);
	cr_assert_eq(smsc_report_case(r, c, NULL), -1);
	smsc_report_free(r);
	smsc_case_unref(c);
	drop_folder(folder);
}

/* What was not made is given to every call until the one check at the end. */
Test(report, errors_stick_to_what_was_not_made)
{
	smsc_error *err = NULL;
	smsc_report *r = smsc_report_new("xml", 0, collect, NULL, &err);
	cr_assert_eq(smsc_report_sources(r, NULL, &err), -1);
	cr_assert_eq(smsc_report_findings(r, NULL, &err), -1);
	cr_assert_eq(smsc_report_case(r, NULL, &err), -1);
	cr_assert_eq(smsc_report_row(r, NULL, NULL, &err), -1);
	cr_assert_eq(smsc_report_end(r, &err), -1);
	cr_assert_eq(smsc_error_code(err), SMSC_EARG);
	smsc_error_free(err);
	cr_assert_eq(smsc_report_plan(NULL, NULL, NULL), -1);
	cr_assert_eq(smsc_report_end(NULL, NULL), -1);
}

Test(report, a_sink_that_stops)
{
	smsc_error *err = NULL;
	int calls = 0;
	char *folder = naughty_log("x", "+300");
	smsc_case *c = labelled(folder, NULL);
	smsc_report *r = smsc_report_new("text", 0, refuse, &calls, &err);
	cr_assert_eq(smsc_report_timeline(r, c, 0, 0, &err), -1);
	cr_assert_eq(smsc_error_code(err), SMSC_ECANCELLED);
	cr_assert_eq(smsc_report_end(r, &err), -1);
	cr_assert_eq(calls, 1);
	smsc_error_free(err);
	smsc_report_free(r);
	smsc_case_unref(c);
	drop_folder(folder);
}

/* ---- tables ------------------------------------------------------------------------------------ */

Test(report, generations_are_aligned_over_all_rows)
{
	smsc_error *err = NULL;
	smsc_buf out = SMSC_BUF_INIT;
	char *folder = new_folder();
	put_key_file(folder, SMS_HASH, OLD_GUID, "SMS", 'a', 0, "2004-11-09T15:03:27Z");
	put_key_file(folder, SITE_HASH, OLD_GUID, "Microsoft Systems Management Server", 'e', 'f',
	             "2004-03-16T19:22:41Z");
	smsc_case *c = labelled(folder, "day");
	smsc_report *r = report("text", 0, &out);
	cr_assert_eq(smsc_report_generations(r, c, &err), 0);
	cr_assert_eq(out.size, 0, "held back");
	finish(r);
	const char *first = out.data, *second = strchr(first, '\n') + 1, *third = strchr(second, '\n') + 1;
	cr_assert(!strncmp(first, "CONTAINER                            NO  GUID      STATE     PROOF   SIZE  MODIFIED (UTC)", 88),
	          "%s", out.data);
	cr_assert(!strncmp(second, "Microsoft Systems Management Server   1  11111111  complete  locked  1660  2004-03-16 19:22:41  ", 96));
	cr_assert(!strncmp(third, "SMS                                   1  11111111  complete  locked   846  2004-11-09 15:03:27  ", 96));
	cr_assert(strstr(third, "  -             "), "no exchange key");
	cr_assert(!strstr(out.data, " \n"), "no blanks at ends of lines");
	smsc_buf_free(&out);
	out = (smsc_buf)SMSC_BUF_INIT;
	r = report("text", SMSC_COLOR, &out);
	smsc_report_generations(r, c, &err);
	finish(r);
	expect_has(&out, "\033[32mcomplete\033[0m");
	smsc_buf_free(&out);
	smsc_case_unref(c);
	drop_folder(folder);
}

Test(report, kinds_of_rows_keep_their_order)
{
	smsc_error *err = NULL;
	smsc_buf out = SMSC_BUF_INIT;
	char *folder = new_folder();
	put_key_file(folder, SITE_HASH, OLD_GUID, "SMS", 'a', 0, "2004-11-09T15:03:27Z");
	smsc_case *c = labelled(folder, "day");
	smsc_report *r = report("text", 0, &out);
	smsc_report_sources(r, c, &err);
	smsc_report_generations(r, c, &err);
	smsc_report_findings(r, c, &err);
	smsc_report_timeline(r, c, 0, 0, &err);
	finish(r);
	cr_assert_null(err);
	const char *at = out.data;
	static const char *const order[] = { "SOURCE", "day ", "CONTAINER", "SMS ", "K015", "TIME (UTC)",
	                                     "key-file-written" };
	for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
		at = strstr(at, order[i]);
		cr_assert_not_null(at, "%s in\n%s", order[i], out.data);
	}
	smsc_buf_free(&out);
	smsc_case_unref(c);
	drop_folder(folder);
}

/* ---- records, entries, rows ---------------------------------------------------------------------- */

Test(report, a_record_as_a_dissector)
{
	smsc_error *err = NULL;
	smsc_buf out = SMSC_BUF_INIT, b = SMSC_BUF_INIT;
	put_container(&b, "SMS", 'a', 0);
	smsc_record *record = smsc_decode("x", b.data, b.size, NULL, &err);
	smsc_report *r = report("text", 0, &out);
	smsc_report_record(r, record, &err);
	finish(r);
	expect_has(&out, "00000000      4  version                      2  version of the container file\n");
	expect_has(&out, "0000002c     20  hash  ");
	expect_has(&out, "00000028      4  name                         \"SMS\"  name of the container\n");
	expect_has(&out, "0000004c      4      data_length              63 (0x3f)  ");
	expect_has(&out, "       -      -  file_hash                    \"" SMS_HASH "\"");
	expect_has(&out, "... (384 bytes)");
	smsc_buf_free(&out);
	out = (smsc_buf)SMSC_BUF_INIT;
	r = report("csv", 0, &out);
	smsc_report_record(r, record, &err);
	finish(r);
	expect_has(&out, "path,format,field,offset,size,value,note,meaning\n\"x\",\"capi-container\",\"version\",0,4,2,\"\",");
	expect_has(&out, "\"signature.private.cipher\",");
	smsc_buf_free(&out);
	cr_assert_null(err);
	smsc_record_unref(record);
	smsc_buf_free(&b);
}

Test(report, an_entry_and_its_hash)
{
	smsc_error *err = NULL;
	smsc_buf out = SMSC_BUF_INIT;
	smsc_source *s = smsc_source_memory("abc.txt", "abc", 3, NULL, &err);
	smsc_entry *e = smsc_source_next(s, &err);
	smsc_report *r = report("jsonl", 0, &out);
	smsc_report_entry(r, e, 1, &err);
	smsc_report_entry(r, e, 0, &err);
	finish(r);
	cr_assert_null(err);
	expect_has(&out, "\"set\":null,\"path\":\"abc.txt\",\"safe_path\":\"abc.txt\",\"kind\":\"file\",\"size\":3,"
	           "\"modified\":null,\"modified_ticks\":null,");
	expect_has(&out, "\"sha256\":\"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\",\"attributes\":null,\"sddl\":null,"
	           "\"recovered\":false,\"streams\":null}\n");
	expect_has(&out, "\"sha256\":null,\"attributes\":null,");
	smsc_buf_free(&out);
	smsc_entry_unref(e);
	smsc_source_unref(s);
}

Test(report, a_row_of_a_log)
{
	smsc_error *err = NULL;
	smsc_buf out = SMSC_BUF_INIT;
	char *folder = naughty_log("x", "+300");
	smsc_log *l = smsc_log_open(below(folder, "a|b%41\x1b[31m.log"), NULL, &err);
	smsc_row row = SMSC_ROW_INIT;
	cr_assert_eq(smsc_log_next(l, &row, &err), 1);
	smsc_report *r = report("csv", 0, &out);
	smsc_report_row(r, l, &row, &err);
	finish(r);
	cr_assert_null(err);
	expect_has(&out, "time,local,bias,component,thread,severity,text,context,file,source_line,form,path,offset,"
	           "length,line,codes,event_id,event_code,number,event_type,category,written,computer,sid,strings,data\n\"2005-01-07T22:59:40.2340000Z\",\"2005-01-07T17:59:40.2340000\",300,\"'=cmd|x\","
	           "2724,3,\"CCMSignData failed, \"\"x\"\" (0x8009200b).\",\"\",\"ccmexec.cpp\",12,\"ccm\",");
	smsc_buf_free(&out);
	smsc_log_unref(l);
	drop_folder(folder);
}
