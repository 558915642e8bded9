/* inspect.c - one file decoded, every field with its offset. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"

/* The bytes to be decoded: those of the file, or a hive that its log was laid over. */
typedef struct content {
	smsc_entry *entry;
	char       *recovered;
	void       *mapped;       /* a backup: it may be larger than what is held in memory */
	size_t      mapped_size;
	smsc_span   bytes;
} content;

/* True when the operand is a backup as it stands, which holds many files and is one itself. */
static bool map_backup(content *c, const char *operand)
{
	struct stat st;
	int fd = open(operand, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return false;
	char head[4] = "";
	bool is = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0 &&
	          pread(fd, head, sizeof head, 0) == sizeof head && memcmp(head, "TAPE", 4) == 0;
	void *data = is ? mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0) : MAP_FAILED;
	close(fd);
	if (data == MAP_FAILED)
		return false;
	c->mapped = data;
	c->mapped_size = (size_t)st.st_size;
	c->bytes = (smsc_span){ data, (size_t)st.st_size };
	return true;
}

static int take(void *user, const void *data, size_t size)
{
	content *c = user;
	c->recovered = malloc(size ? size : 1);
	if (!c->recovered)
		return 1;
	memcpy(c->recovered, data, size);
	c->bytes = (smsc_span){ c->recovered, size };
	return 0;
}

/* What the log changes is told before what comes of it. */
static void lay_over(output *o, content *c, const char *operand, const request *q, smsc_error **err,
                     smsc_error **wrong)
{
	smsc_entry *log = entry_open(q->log, q, wrong);
	smsc_span bytes = log ? smsc_entry_bytes(log, wrong) : (smsc_span){ NULL, 0 };
	smsc_record *runs = smsc_replay(operand, c->bytes.data, c->bytes.size, bytes.data, bytes.size,
	                                take, c, wrong);
	if (runs)
		smsc_report_record(o->report, runs, err);
	smsc_record_unref(runs);
	smsc_entry_unref(log);
}

static smsc_record *decode(const content *c, const char *operand, const request *q, smsc_error **err)
{
	if (q->path)
		return smsc_decode_path(operand, c->bytes.data, c->bytes.size, q->path, &q->options, err);
	return smsc_decode(operand, c->bytes.data, c->bytes.size, &q->options, err);
}

static int inspect(output *o, const char *operand, const request *q, smsc_error **err)
{
	smsc_error *wrong = NULL;
	content c = { .entry = NULL };
	if (!map_backup(&c, operand))
		c.entry = entry_open(operand, q, &wrong);
	if (c.entry)
		c.bytes = smsc_entry_bytes(c.entry, &wrong);
	if (q->log && !wrong)
		lay_over(o, &c, operand, q, err, &wrong);
	bool there = c.entry || c.mapped;
	smsc_record *r = wrong || !there ? NULL : decode(&c, operand, q, &wrong);
	if (r)
		smsc_report_record(o->report, r, err);
	for (size_t i = 0; r && i < smsc_record_finding_count(r); i++)
		output_finding(o, smsc_record_finding_at(r, i), err);
	if (wrong)
		say_error(wrong, operand);
	smsc_error_free(wrong);
	smsc_entry_unref(c.entry);
	free(c.recovered);
	if (c.mapped)
		munmap(c.mapped, c.mapped_size);
	int status = r ? STATUS_DONE : STATUS_FAILED;
	smsc_record_unref(r);
	return status;
}

int run_inspect(const request *q) { return run_each(q, inspect); }
