/* inflate.c - deflate and gzip, as far as they go. */
#include <stdlib.h>

#include "inflate.h"

#define IN_BYTES 65536u
#define MOST_OUT ((size_t)1 << 30)

bool smsc_inflate_open(smsc_inflate *f, smsc_walk *w, uint64_t at, bool gzip)
{
	*f = (smsc_inflate){ .walk = w, .position = at, .gzip = gzip };
	f->in = malloc(IN_BYTES);
	/* 15: the largest window; 16 more: with gzip's header and checksum; negative: bare. */
	if (f->in && inflateInit2(&f->z, gzip ? 15 + 16 : -15) == Z_OK)
		return true;
	free(f->in);
	f->in = NULL;
	return false;
}

void smsc_inflate_close(smsc_inflate *f)
{
	if (f->in)
		inflateEnd(&f->z);
	free(f->in);
	f->in = NULL;
}

uint64_t smsc_inflate_where(const smsc_inflate *f)
{
	return f->position - f->z.avail_in;
}

/* True when at least `least` packed bytes are at hand. */
static bool refill(smsc_inflate *f, size_t least, smsc_error **err)
{
	size_t n = 1;
	while (n && f->z.avail_in < least) {
		if (f->z.avail_in)
			memmove(f->in, f->z.next_in, f->z.avail_in);
		n = smsc_input_read(f->walk, f->position, f->in + f->z.avail_in,
		                    IN_BYTES - f->z.avail_in, err);
		f->z.next_in = f->in;
		f->z.avail_in += (uInt)n;
		f->position += n;
	}
	return f->z.avail_in >= least;
}

static void end(smsc_inflate *f, const char *damage)
{
	f->over = true;
	f->damage = damage;
}

/* A gzip file may be several, one after the other; what else follows is padding. */
static void next_member(smsc_inflate *f, smsc_error **err)
{
	if (!f->gzip || !refill(f, 3, err) || f->z.next_in[0] != 0x1f ||
	    f->z.next_in[1] != 0x8b || inflateReset(&f->z) != Z_OK)
		end(f, NULL);
}

static void step(smsc_inflate *f, smsc_error **err)
{
	if (!refill(f, 1, err)) {
		end(f, "the packed data is cut");
		return;
	}
	int r = inflate(&f->z, Z_NO_FLUSH);
	if (r == Z_STREAM_END)
		next_member(f, err);
	else if (r == Z_MEM_ERROR)
		smsc_fail_nomem(err);
	else if (r == Z_NEED_DICT)
		end(f, "the packed data needs a dictionary");
	else if (r != Z_OK && r != Z_BUF_ERROR)
		end(f, f->z.msg ? f->z.msg : "the packed data is damaged");
}

/* Each step takes packed bytes or gives unpacked ones, or ends. */
size_t smsc_inflate_read(smsc_inflate *f, void *buffer, size_t size, smsc_error **err)
{
	if (size > MOST_OUT)
		size = MOST_OUT;  /* zlib counts in 32 bits */
	f->z.next_out = buffer;
	f->z.avail_out = (uInt)size;
	while (f->z.avail_out && !f->over && !smsc_failed(err))
		step(f, err);
	return size - f->z.avail_out;
}
