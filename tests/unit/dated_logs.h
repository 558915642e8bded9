/* dated_logs.h - CCM logs of rows on given days. */
#ifndef TESTS_DATED_LOGS_H
#define TESTS_DATED_LOGS_H

#include "case_files.h"

typedef const char *const dated[3];

/* A row of a day given as "MM-dd-yyyy". */
static inline void put_dated(smsc_buf *b, const char *date, const char *time, const char *bias)
{
	smsc_buf_printf(b, "<![LOG[a]LOG]!><time=\"%s%s\" date=\"%s\" component=\"C\" context=\"\" "
	                "type=\"1\" thread=\"1\" file=\"\">\r\n", time, bias, date);
}

static inline void put_dated_log(const char *folder, const char *name, const char *const (*rows)[3], size_t count)
{
	smsc_buf b = SMSC_BUF_INIT;
	for (size_t i = 0; i < count; i++)
		put_dated(&b, rows[i][0], rows[i][1], rows[i][2]);
	put_file(folder, name, b.data, b.size, "2005-11-08T01:30Z");
	smsc_buf_free(&b);
}

#endif
