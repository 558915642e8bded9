/* test_log_shared.c - real logs, when they are there: counts of another hand, times that a
 * message tells in UTC, and formats that must be left alone. */
#include "../sample.h"
#include "base/time.h"
#include "log_rows.h"

static outcome read_span(smsc_span s)
{
	feed f = { .left = s };
	return read_all(&f, NULL);
}

static size_t count_of(smsc_span s, const char *mark)
{
	const char *p = s.data, *end = p + s.size;
	size_t n = 0, size = strlen(mark);
	while ((p = memmem(p, (size_t)(end - p), mark, size))) {
		n++;
		p += size;
	}
	return n;
}

/* ---- counts ------------------------------------------------------------------------------ */

/* How many findings the damaged ones of these files must give; all others none. */
static const struct { const char *file; size_t findings; } damaged[] = {
	{ "ccm/cmlogtracer__Busted-CcmMessaging.log", 1 },  /* a head without its end */
	{ "ccm/cmlogtracer__wedmtrace.log", 1 },            /* zeros at the end */
	{ "ccm/ernesto__smsts.log", 5 },                    /* five tails without a head */
	{ "site/kb__Q256073.txt", 1 },                      /* a last line without a trailer */
	{ "site/kb__Q303279.txt", 1 },
	{ "site/kb__Q153609.txt", 1 },                      /* the dots of the article */
	{ "display/kb__Q288218.txt", 4 },                   /* two headings, two misprinted threads */
};

static size_t findings_of(const char *file)
{
	for (size_t i = 0; i < sizeof damaged / sizeof *damaged; i++)
		if (!strcmp(damaged[i].file, file))
			return damaged[i].findings;
	return 0;
}

/* What the README counted in another language: records for client logs; for site logs the
 * trailers, to which the misprint "$<" is added here. */
static size_t rows_of(smsc_span s, size_t ccm, size_t site)
{
	if (ccm)
		return ccm;
	return site + count_of(s, " $<SMS_");
}

static bool check_line(const char *line)
{
	char file[300], rel[320];
	size_t bytes, lines, ccm, site;
	if (sscanf(line, "%299[^ |] | %zu | %*[^|]| %*[^|]| %zu | %zu | %zu |", file, &bytes, &lines,
	           &ccm, &site) != 5 || (!ccm && !site))
		return false;
	snprintf(rel, sizeof rel, "logs/%s", file);
	smsc_span s = sample_shared(rel);
	if (!s.data)
		return false;
	outcome o = read_span(s);
	cr_expect_eq(o.rows, rows_of(s, ccm, site), "%s: %zu rows, README says %zu %zu", file, o.rows, ccm, site);
	cr_expect_eq(o.findings, findings_of(file), "%s: %zu findings: %s", file, o.findings, o.found);
	outcome_free(&o);
	sample_free(s);
	return true;
}

Test(log_shared, counts_of_the_readme)
{
	smsc_span readme = sample_shared("logs/README.txt");
	size_t files = 0;
	if (!readme.data)
		cr_skip_test("no shared logs");
	char *text = strndup(readme.data, readme.size), *rest = text, *line;
	while ((line = strsep(&rest, "\n")))
		files += check_line(line);
	cr_assert_geq(files, 80);
	free(text);
	sample_free(readme);
}

/* Every "]LOG]!><time=" with a complete header is a row, in every file. */
static bool is_whole_header(const char *p, const char *end)
{
	const char *line = memchr(p, '\n', (size_t)(end - p)), *stop = line ? line : end;
	const char *close = memmem(p, (size_t)(stop - p), "\">", 2);
	return close && memmem(p, (size_t)(close - p), "\" date=\"", 8);
}

static void check_heads(const char *path, void *files)
{
	static const char mark[] = "]LOG]!><time=";
	smsc_span s = sample_load(path);
	const char *p = s.data, *end = p + s.size;
	size_t heads = 0;
	while ((p = memmem(p, (size_t)(end - p), mark, sizeof mark - 1))) {
		heads += is_whole_header(p, end);
		p++;
	}
	outcome o = read_span(s);
	cr_expect_eq(o.rows, heads, "%s: %zu rows, %zu heads", path, o.rows, heads);
	++*(size_t *)files;
	outcome_free(&o);
	sample_free(s);
}

Test(log_shared, every_head_is_a_row)
{
	const char *folder = sample_path("SMSC_SHARED", "logs/ccm");
	size_t files = 0;
	if (!folder)
		cr_skip_test("no shared logs");
	sample_walk(folder, check_heads, &files);
	cr_assert_geq(files, 55);
}

/* ---- UTC ----------------------------------------------------------------------------------- */

typedef struct clocks {
	size_t told, fit, opposite;
} clocks;

/* The UTC time in `DateTime = "20131014174625.939000+000"` of a raised event. */
static smsc_time told_time(smsc_span text)
{
	static const char mark[] = "DateTime = \"";
	const char *p = memmem(text.data, text.size, mark, sizeof mark - 1);
	smsc_civil c = { 0 };
	char stamp[22] = "";
	int us;
	if (!p || !memmem(text.data, text.size, "Raising ", 8) ||
	    (size_t)((const char *)text.data + text.size - p) < sizeof mark + 21)
		return SMSC_NEVER;
	memcpy(stamp, p + sizeof mark - 1, 21);
	if (sscanf(stamp, "%4d%2d%2d%2d%2d%2d.%6d", &c.year, &c.month, &c.day, &c.hour, &c.minute,
	           &c.second, &us) != 7)
		return SMSC_NEVER;
	c.tick = us * 10;
	return smsc_time_of_civil(c);
}

static bool is_near(smsc_time a, smsc_time b)
{
	return a != SMSC_NEVER && llabs(a - b) <= 5 * SMSC_TICKS_A_SECOND;
}

static void compare_clocks(const char *path, void *user)
{
	clocks *all = user;
	smsc_span s = sample_load(path);
	feed f = { .left = s };
	smsc_error *err = NULL;
	smsc_row row = SMSC_ROW_INIT;
	smsc_log *l = feed_open(&f, NULL, &err);
	while (smsc_log_next(l, &row, &err)) {
		smsc_time told = told_time(row.text);
		if (told == SMSC_NEVER)
			continue;
		all->told++;
		all->fit += is_near(row.time, told);
		all->opposite += is_near(smsc_time_utc(row.local, -row.bias), told);
	}
	smsc_log_unref(l);
	smsc_error_free(err);
	sample_free(s);
}

/* UTC = local + bias: an independent count found 639 of 641, and none for the other sign. */
Test(log_shared, raised_events_tell_utc)
{
	const char *folder = sample_path("SMSC_SHARED", "logs/ccm");
	clocks all = { 0 };
	if (!folder)
		cr_skip_test("no shared logs");
	sample_walk(folder, compare_clocks, &all);
	cr_assert_eq(all.told, 641, "%zu", all.told);
	cr_assert_geq(all.fit, 639, "%zu", all.fit);
	cr_assert_eq(all.opposite, 0, "%zu", all.opposite);
}

/* ---- viewer text, and what is none of ours ---------------------------------------------------- */

Test(log_shared, viewer_text)
{
	smsc_span german = sample_shared("logs/display/clientfaux_issue24.txt");
	smsc_span article = sample_shared("logs/display/kb__Q288218.txt");
	if (!german.data || !article.data)
		cr_skip_test("no shared logs");
	outcome o = read_span(german);
	cr_assert_eq(o.rows, 7);
	cr_assert_eq(o.findings, 0);
	outcome_free(&o);
	o = read_span(article);
	cr_assert_eq(o.rows, 33);
	cr_assert_eq(o.findings, findings_of("display/kb__Q288218.txt"));
	outcome_free(&o);
	sample_free(german);
	sample_free(article);
}

/* Each line that a record must begin with, found without looking at what is in it. */
static size_t lines_of(smsc_span s, bool (*is_record)(const char *line))
{
	char *text = strndup(s.data, s.size), *rest = text, *line;
	size_t n = 0;
	while ((line = strsep(&rest, "\n")))
		n += is_record(line);
	free(text);
	return n;
}

static bool is_request(const char *line) { return *line && (*line != '#' || !strncmp(line, "#Date", 5)); }
static bool is_setup(const char *line)   { return line[strspn(line, " ")] == '<'; }
static bool is_update(const char *line)  { return *line >= '0' && *line <= '9'; }

typedef struct lines_kind {
	bool (*is_record)(const char *line);
	size_t files;
} lines_kind;

static void check_lines(const char *path, void *user)
{
	lines_kind *kind = user;
	smsc_span s = sample_load(path);
	outcome o = read_span(s);
	size_t lines = lines_of(s, kind->is_record);
	cr_expect_eq(o.rows, lines, "%s: %zu rows, %zu lines", path, o.rows, lines);
	cr_expect_eq(o.findings, 0, "%s: %s", path, o.found);
	kind->files++;
	outcome_free(&o);
	sample_free(s);
}

Test(log_shared, each_line_is_a_row)
{
	static const struct { const char *folder; bool (*is_record)(const char *line); } folders[] = {
		{ "logs/iis", is_request }, { "logs/setup", is_setup }, { "logs/plain", is_update },
	};
	size_t files = 0;
	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
		const char *folder = sample_path("SMSC_SHARED", folders[i].folder);
		lines_kind kind = { folders[i].is_record, 0 };
		if (!folder)
			cr_skip_test("no shared logs");
		sample_walk(folder, check_lines, &kind);
		files += kind.files;
	}
	cr_assert_geq(files, 6);
}
