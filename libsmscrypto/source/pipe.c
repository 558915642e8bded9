/* pipe.c - what comes through a pipe: one item, read once and in order.
 *
 * There is one walk of it, which the probe of the source has begun; what was passed is gone.
 */
#include <errno.h>
#include <unistd.h>

#include "../base/error.h"
#include "source.h"

static int gone(const smsc_source *s, smsc_error **err)
{
	return smsc_fail(err, SMSC_EIO, s->path, -1, "a pipe is read only once");
}

static void *pipe_open(smsc_walk *w, smsc_error **err)
{
	smsc_source *s = w->source;
	if (s->whole || s->piped) {
		gone(s, err);
		return NULL;
	}
	s->piped = true;
	return w;
}

static int pipe_next(void *state, smsc_draft *out, smsc_error **err)
{
	const smsc_walk *w = state;
	(void)err;
	out->path = w->source->name;
	out->kind = "file";
	return !w->seen;
}

static size_t pipe_read(void *state, uint64_t at, void *buffer, size_t size, smsc_error **err)
{
	const smsc_source *s = ((const smsc_walk *)state)->source;
	size_t done = 0;
	while (done < size) {
		ssize_t n = read(s->fd, (char *)buffer + done, size - done);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			smsc_fail_errno(err, errno, s->path, (int64_t)(at + done), "cannot read");
		if (n <= 0)
			break;
		done += (size_t)n;
	}
	return done;
}

static void pipe_close(void *state)
{
	(void)state;
}

bool smsc_source_is_pipe(const smsc_source *s)
{
	return s->root == &smsc_pipe_carrier;
}

int smsc_pipe_begin(smsc_source *s, smsc_error **err)
{
	s->walk = smsc_walk_open(s, NULL, s->root, false, err);
	if (!s->walk || smsc_walk_step(s->walk, err) < 0)
		return -1;
	s->primed = true;
	if (!s->walk->inner)
		return 0;
	s->kind = s->walk->inner->kind;
	s->walk->item->hidden = true;
	return 0;
}

int smsc_pipe_rewind(const smsc_source *s, smsc_error **err)
{
	return s->primed ? 0 : gone(s, err);
}

const smsc_carrier smsc_pipe_carrier = {
	"file", false, NULL, pipe_open, pipe_next, NULL, pipe_read, pipe_close, NULL,
};
