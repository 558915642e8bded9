/* error.c - why a call failed. */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "text.h"

struct smsc_error {
	smsc_code code;
	int64_t   offset;
	char     *message;
	char     *path;     /* or NULL */
};

/* Saying that there is no memory must not need any. */
static char no_memory_text[] = "out of memory";
static smsc_error no_memory = { SMSC_ENOMEM, -1, no_memory_text, NULL };

/* A message may quote evidence: one line, and nothing a terminal would act on.  C1 controls
 * (U+0080 to U+009F, "\xc2\x80".."\xc2\x9f") are such too. */
static void make_one_line(char *text)
{
	smsc_text_mend(text);
	for (unsigned char *p = (unsigned char *)text; *p; p++) {
		if (*p < 0x20 || *p == 0x7f)
			*p = ' ';
		else if (*p == 0xc2 && p[1] < 0xa0)
			p[0] = p[1] = ' ';
	}
}

/* Takes `message` over unless it returns NULL. */
static smsc_error *error_new(smsc_code code, const char *path, int64_t offset, char *message)
{
	smsc_error *e = calloc(1, sizeof *e);
	if (!e)
		return NULL;
	*e = (smsc_error){ code, offset, message, path ? strdup(path) : NULL };
	if (path && !e->path) {
		free(e);
		return NULL;
	}
	make_one_line(e->message);
	if (e->path)
		smsc_text_mend(e->path);
	return e;
}

int smsc_fail(smsc_error **err, smsc_code code, const char *path, int64_t offset,
              const char *format, ...)
{
	if (!err || *err)
		return -1;
	va_list args;
	va_start(args, format);
	char *message;
	if (vasprintf(&message, format, args) < 0)
		message = NULL;
	va_end(args);
	smsc_error *e = message ? error_new(code, path, offset, message) : NULL;
	if (!e)
		free(message);
	*err = e ? e : &no_memory;
	return -1;
}

int smsc_fail_nomem(smsc_error **err)
{
	if (err && !*err)
		*err = &no_memory;
	return -1;
}

int smsc_fail_errno(smsc_error **err, int number, const char *path, int64_t offset,
                    const char *doing)
{
	/* strerror() speaks the language of the process; the same failure must give the same text. */
	locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
	const char *reason = c ? strerror_l(number, c) : "system error";
	smsc_fail(err, SMSC_EIO, path, offset, "%s: %s", doing, reason);
	if (c)
		freelocale(c);
	return -1;
}

smsc_code smsc_error_code(const smsc_error *e)
{
	return e ? e->code : SMSC_OK;
}

const char *smsc_error_message(const smsc_error *e)
{
	return e ? e->message : "";
}

const char *smsc_error_path(const smsc_error *e)
{
	return e ? e->path : NULL;
}

int64_t smsc_error_offset(const smsc_error *e)
{
	return e ? e->offset : -1;
}

void smsc_error_free(smsc_error *e)
{
	if (!e || e == &no_memory)
		return;
	free(e->message);
	free(e->path);
	free(e);
}
