/* hive_replay.c - smsc_replay(): what Windows does with a dirty hive at its next start, done in
 * memory and told page by page. */
#include <string.h>

#include "../format/record.h"
#include "../format/regf_log.h"

typedef struct replay {
	smsc_record *record;
	uint64_t runs, changed;
} replay;

static void tell_run(void *user, uint64_t at, uint64_t size, uint64_t changed)
{
	replay *p = user;
	smsc_record *run = smsc_put_record(p->record, "run", "pages of the log, laid over the hive",
	                                   "hive-replay", at, 0);
	smsc_put_int(run, "at", "byte of the hive", (int64_t)at, at, 0);
	smsc_put_int(run, "bytes", "how many bytes", (int64_t)size, at, 0);
	smsc_put_int(run, "changed", "how many of those are other bytes now", (int64_t)changed, at, 0);
	p->runs++;
	p->changed += changed;
}

static smsc_record *recover(smsc_record *r, smsc_span hive, smsc_span log, smsc_buf *out, smsc_error **err)
{
	replay p = { r, 0, 0 };
	const char *refused = smsc_hive_replay(hive, log, out, tell_run, &p);
	smsc_put_int(r, "runs", "runs of pages laid over", (int64_t)p.runs, 0, 0);
	smsc_put_int(r, "changed", "bytes that are others now", (int64_t)p.changed, 0, 0);
	if (out->failed || r->failed || smsc_arena_failed(r->arena))
		smsc_fail_nomem(err);
	else if (refused)
		smsc_fail(err, SMSC_EFORMAT, r->path, 0, "the log is not replayed: %s", refused);
	else
		return r;
	return NULL;
}

smsc_record *smsc_replay(const char *name, const void *data, size_t size, const void *log, size_t log_size,
                         smsc_sink_fn *sink, void *user, smsc_error **err)
{
	smsc_buf out = SMSC_BUF_INIT;
	if (smsc_failed(err))
		return NULL;
	smsc_record *r = smsc_record_new("hive-replay", name, 1252);
	if (!r) {
		smsc_fail_nomem(err);
		return NULL;
	}
	smsc_record *done = recover(r, smsc_span_of(data, size), smsc_span_of(log, log_size), &out, err);
	if (done && sink && sink(user, out.data, out.size)) {
		smsc_fail(err, SMSC_ECANCELLED, NULL, -1, "the recovered hive was not taken");
		done = NULL;
	}
	if (!done)
		smsc_record_unref(r);
	smsc_buf_free(&out);
	return done;
}
