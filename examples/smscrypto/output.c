/* output.c - rows out: to standard output, or to a file that is whole or not there. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"

int output_put(void *user, const void *data, size_t size)
{
	output *o = user;
	if (interrupted())
		return 1;
	if (fwrite(data, 1, size, o->file) == size)
		return 0;
	if (!o->failed)
		o->failed = errno ? errno : EIO;
	return 1;
}

static int refuse(const char *path, int number)
{
	say(path, -1, "%s", strerror(number));
	return STATUS_FAILED;
}

/* A file beside `final`, so that rename() puts it in place in one step. */
static int open_beside(output *o, const request *q)
{
	size_t size = strlen(o->final) + sizeof(".XXXXXX");
	o->temporary = malloc(size);
	if (!o->temporary)
		return refuse(o->name, ENOMEM);
	snprintf(o->temporary, size, "%s.XXXXXX", o->final);
	int fd = mkstemp(o->temporary);
	if (fd < 0) {
		free(o->temporary);
		o->temporary = NULL;
		return refuse(o->name, errno);
	}
	mode_t mask = umask(0);
	umask(mask);
	mode_t mode = q->owner_only ? 0600 : 0666 & ~mask;
	if (fchmod(fd, mode) < 0 || !(o->file = fdopen(fd, "w"))) {
		int number = errno;
		close(fd);
		return refuse(o->name, number);
	}
	return STATUS_DONE;
}

static int open_file(output *o, const request *q)
{
	struct stat st;
	o->name = q->output;
	if (is_evidence(q->output, q)) {
		say(q->output, -1, "is evidence, or stands in it; nothing is written there");
		return STATUS_USAGE;
	}
	bool there = stat(q->output, &st) == 0;
	if (there && S_ISDIR(st.st_mode))
		return refuse(q->output, EISDIR);
	/* A device or a pipe is written to, not replaced. */
	if (there && !S_ISREG(st.st_mode)) {
		o->file = fopen(q->output, "w");
		return o->file ? STATUS_DONE : refuse(q->output, errno);
	}
	/* Through a link the file is replaced, not the link. */
	o->final = there ? realpath(q->output, NULL) : strdup(q->output);
	return o->final ? open_beside(o, q) : refuse(q->output, errno);
}

static void forget(output *o)
{
	if (o->temporary)
		unlink(o->temporary);
	free(o->temporary);
	free(o->final);
	o->temporary = o->final = NULL;
}

/* Bytes, not rows; and no buffer that would keep them. */
static int open_private(output *o)
{
	setvbuf(o->file, NULL, _IONBF, 0);
	if (!isatty(fileno(o->file)))
		return STATUS_DONE;
	say(o->name, -1, "is a terminal; a private key goes to a file: -o FILE");
	if (o->file != stdout)
		fclose(o->file);
	forget(o);
	return STATUS_USAGE;
}

int output_open(output *o, const request *q)
{
	smsc_error *err = NULL;
	*o = (output){ .file = stdout, .name = "standard output", .quiet = q->quiet,
	               .findings_are_rows = strcmp(q->format, "jsonl") == 0 };
	int status = q->output ? open_file(o, q) : STATUS_DONE;
	if (status != STATUS_DONE) {
		forget(o);
		return status;
	}
	if (q->owner_only)
		return open_private(o);
	setvbuf(o->file, NULL, _IOFBF, 1 << 16);
	o->report = smsc_report_new(q->format, (color_wanted(q) ? SMSC_COLOR : 0) | (q->all ? SMSC_ROUTINE : 0) | (q->details ? SMSC_DETAILS : 0), output_put, o, &err);
	if (o->report)
		return STATUS_DONE;
	say_error(err, NULL);
	smsc_error_free(err);
	if (o->file != stdout)
		fclose(o->file);
	forget(o);
	return STATUS_FAILED;
}

void output_finding(output *o, const smsc_finding *f, smsc_error **err)
{
	if (o->report && o->findings_are_rows)
		smsc_report_finding(o->report, f, err);
	else if (!o->quiet)
		say_finding(f);
}

static int finish_file(output *o)
{
	int number = 0;
	if (fflush(o->file) || ferror(o->file))
		number = errno;
	if (o->file != stdout && fclose(o->file) && !number)
		number = errno;
	if (!o->failed)
		o->failed = number;
	return o->failed ? -1 : 0;
}

static int put_in_place(output *o)
{
	if (!o->temporary)
		return STATUS_DONE;
	if (rename(o->temporary, o->final) < 0) {
		refuse(o->name, errno);
		return STATUS_FAILED;
	}
	free(o->temporary);
	o->temporary = NULL;
	return STATUS_DONE;
}

/* Why the output is not whole, in one place: Ctrl-C, a write that failed, or the library. */
static int judge(output *o, const smsc_error *err, bool written)
{
	if (interrupted())
		return STATUS_FAILED;
	if (o->failed == EPIPE)
		return STATUS_DONE;  /* the reader has seen enough */
	if (!written)
		refuse(o->name, o->failed);
	else if (err)
		say_error(err, NULL);
	return !written || err ? STATUS_FAILED : STATUS_DONE;
}

int output_close(output *o, smsc_error *err, int status)
{
	if (o->report)
		smsc_report_end(o->report, &err);
	smsc_report_free(o->report);
	bool written = finish_file(o) == 0;
	int judged = judge(o, err, written);
	if (judged == STATUS_DONE && written && !o->useless)
		judged = put_in_place(o);
	forget(o);
	smsc_error_free(err);
	return judged == STATUS_DONE ? status : judged;
}

int run_each(const request *q, each_fn *each)
{
	smsc_error *err = NULL;
	output o;
	int status = output_open(&o, q);
	if (status != STATUS_DONE)
		return status;
	for (size_t i = 0; i < q->operand_count && !err && !interrupted(); i++)
		if (each(&o, q->operands[i], q, &err) != STATUS_DONE)
			status = STATUS_FAILED;
	return output_close(&o, err, status);
}
