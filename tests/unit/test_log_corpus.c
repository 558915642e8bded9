/* test_log_corpus.c - the samples of the corpus: as many rows as MANIFEST.tsv says, and findings
 * where it says so. */
#include "../sample.h"
#include "log_rows.h"

/* What the manifest expects but a single log cannot tell. */
static bool is_for_the_case(const char *path)
{
	return !strcmp(path, "ccm-log/clock-jump.log");
}

static bool is_log(const char *format)
{
	return !strcmp(format, "trace-text") || !strcmp(format, "evt") || !strcmp(format + strlen(format) - 4, "-log");
}

static bool check_sample(char *line)
{
	char *column[8];
	size_t rows;
	for (size_t i = 0; i < 8; i++)
		column[i] = strsep(&line, "\t");
	if (!column[7] || !is_log(column[2]) || strncmp(column[0], column[2], strlen(column[2])) ||
	    sscanf(column[6], "%zu", &rows) != 1)
		return false;
	const char *path = sample_path("SMSC_CORPUS", column[0]);
	cr_assert(path, "%s", column[0]);
	smsc_span s = sample_load(path);
	feed f = { .left = s };
	outcome o = read_all(&f, NULL);
	bool damaged = strstr(column[6], "finding") && !is_for_the_case(column[0]);
	cr_expect_eq(o.code, SMSC_OK, "%s", column[0]);
	cr_expect_eq(o.rows, rows, "%s: %zu rows, not %zu", column[0], o.rows, rows);
	if (!strstr(column[6], "without time") && !strstr(column[0], "in-prose"))
		cr_expect_eq(o.findings != 0, damaged, "%s: %s", column[0], o.found);
	outcome_free(&o);
	sample_free(s);
	return true;
}

Test(log_corpus, manifest)
{
	const char *path = sample_path("SMSC_CORPUS", "MANIFEST.tsv");
	if (!path)
		cr_skip_test("no corpus");
	smsc_span manifest = sample_load(path);
	char *text = strndup(manifest.data, manifest.size), *rest = text, *line;
	size_t samples = 0;
	while ((line = strsep(&rest, "\n")))
		samples += check_sample(line);
	cr_assert_geq(samples, 85);
	free(text);
	sample_free(manifest);
}
