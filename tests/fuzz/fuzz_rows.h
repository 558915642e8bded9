/* fuzz_rows.h - the target of a log format: FUZZ_ROWS().  Content decides which format. */
#ifndef TESTS_FUZZ_ROWS_H
#define TESTS_FUZZ_ROWS_H

#include "../sample.h"
#include "analysis/knowledge.h"
#include "base/cursor.h"
#include "format/log.h"
#include "fuzz.h"

typedef struct fuzz_feed {
	smsc_span left;
	size_t    piece;
} fuzz_feed;

static inline size_t fuzz_pull(void *user, void *buffer, size_t size, smsc_error **err)
{
	fuzz_feed *f = user;
	smsc_span part = smsc_span_cut(f->left, 0, f->piece < size ? f->piece : size);
	(void)err;
	if (part.size)
		memcpy(buffer, part.data, part.size);
	f->left = smsc_span_cut(f->left, part.size, f->left.size);
	return part.size;
}

static inline void fuzz_check(bool good, const char *wrong)
{
	if (good)
		return;
	fprintf(stderr, "%s\n", wrong);
	abort();
}

static inline uint64_t fuzz_mix(uint64_t sum, const void *data, size_t size)
{
	const uint8_t *p = data;
	for (size_t i = 0; i < size; i++)
		sum = (sum ^ p[i]) * UINT64_C(0x100000001b3);
	return sum;
}

static inline uint64_t fuzz_row(uint64_t sum, const smsc_row *row)
{
	smsc_span spans[] = { row->text, row->component, row->context, row->file, row->computer,
	                      row->sid, row->strings };
	uint64_t numbers[] = { (uint64_t)row->time, (uint64_t)row->local, row->offset, row->length,
	                       row->line, row->thread, row->source_line, (uint64_t)row->bias,
	                       row->event_code, row->number, (uint64_t)row->written };
	for (size_t i = 0; i < sizeof spans / sizeof *spans; i++) {
		fuzz_check(smsc_utf8_valid(spans[i]) == spans[i].size, "a span is no UTF-8");
		sum = fuzz_mix(sum, spans[i].data, spans[i].size);
	}
	fuzz_check(row->severity >= 0 && row->severity <= 3, "a severity is none");
	fuzz_check(!row->time || row->bias != SMSC_NO_BIAS || !strncmp(row->form, "evt", 3), "UTC without a bias");
	sum = fuzz_mix(sum, row->data.data, row->data.size);
	return fuzz_mix(sum, numbers, sizeof numbers);
}

/* A sum over everything that the log says. */
static inline uint64_t fuzz_log(smsc_span in, size_t piece)
{
	fuzz_feed feed = { in, piece };
	smsc_settings settings;
	smsc_error *err = NULL;
	smsc_row row = SMSC_ROW_INIT;
	smsc_known_hit hit;
	uint64_t sum = 0, end = 0;
	smsc_settings_of(&settings, NULL, &err);
	smsc_log *l = smsc_log_new(fuzz_pull, NULL, &feed, "x", &settings, &err);
	while (smsc_log_next(l, &row, &err)) {
		fuzz_check(row.offset >= end && row.offset + row.length <= in.size, "rows overlap");
		end = row.offset + row.length;
		sum = fuzz_row(sum, &row);
		if (smsc_known_match(&row, &hit))
			sum = fuzz_mix(sum, hit.codes, hit.code_count * sizeof *hit.codes);
	}
	for (size_t i = 0; i < smsc_log_finding_count(l) && smsc_log_finding_at(l, i); i++) {
		fuzz_check(smsc_finding_offset(smsc_log_finding_at(l, i)) <= in.size, "a finding lies behind the end");
		sum = fuzz_mix(sum, smsc_finding_text(smsc_log_finding_at(l, i)),
		               strlen(smsc_finding_text(smsc_log_finding_at(l, i))));
	}
	fuzz_check(!err || smsc_error_code(err) == SMSC_EFORMAT, "memory cannot fail to be read");
	smsc_log_unref(l);
	smsc_error_free(err);
	return sum;
}

/* However the bytes come in, the log says the same. */
#define FUZZ_ROWS()                                                                   \
	int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)                      \
	{                                                                                 \
		smsc_span in = { data, size };                                                \
		fuzz_check(fuzz_log(in, SIZE_MAX) == fuzz_log(in, 61), "pieces change rows"); \
		return 0;                                                                     \
	}                                                                                 \
	typedef int fuzz_rows_end

#endif
