/* log_window.h - a stream of bytes seen through a window that slides.
 *
 * The bytes from `at` to `end` are the ones not yet consumed.  A reader of records looks at
 * them, asks for more behind them, and consumes them; it never copies them.  A UTF-16 stream
 * is seen as UTF-8 in which a lone surrogate keeps its three bytes (WTF-8), so that every
 * unit still has its place in the stream.
 */
#ifndef SMSC_FORMAT_LOG_WINDOW_H
#define SMSC_FORMAT_LOG_WINDOW_H

#include "log.h"

typedef enum smsc_encoding {
	SMSC_ENCODING_ANSI,     /* no BOM: UTF-8 where it is valid, else the code page */
	SMSC_ENCODING_UTF8,
	SMSC_ENCODING_UTF16LE,
	SMSC_ENCODING_UTF16BE,
} smsc_encoding;

typedef struct smsc_window {
	smsc_pull_fn *pull;
	void         *user;
	smsc_error   *error;   /* why the stream ended early; told after the rows before it */
	char         *data;
	size_t        at, end, room;
	uint64_t      offset;  /* of data[at] in the stream */
	uint64_t      line;    /* of data[at], from 1 */
	bool          eof;
	bool          borrowed; /* `data` is the caller's, and all there is */
	bool          half;    /* UTF-16 with an odd last byte */
	smsc_encoding encoding;
	uint8_t      *raw;     /* UTF-16 not yet transcoded */
	size_t        raw_size;
} smsc_window;

/* Zeros behind the last byte, so that the last step of a search need not be shorter. */
#define SMSC_WINDOW_BEHIND 32

/* No more than this is ever looked at: a record of the greatest size, and behind it enough
 * to see what its last bytes mean. */
#define SMSC_WINDOW_MOST (SMSC_LOG_MAX_RECORD + (64u << 10))

/* Reads the first bytes, which are those at `at` of the stream, and takes off the BOM where it
 * begins.  False on failure, which is in w->error. */
bool smsc_window_open(smsc_window *w, smsc_pull_fn *pull, void *user, uint64_t at);
/* The same over bytes that are all in memory and stay there, SMSC_WINDOW_BEHIND zeros behind them;
 * they are not UTF-16. */
void smsc_window_borrow(smsc_window *w, const char *data, size_t size, uint64_t at);
void smsc_window_close(smsc_window *w);
/* Puts more bytes behind `end`; `at` may move, so keep positions relative to it.  False at
 * the end of the stream, on failure, and when SMSC_WINDOW_MOST bytes are there already. */
bool smsc_window_more(smsc_window *w);
/* What must be known of the bytes of every row. */
typedef struct smsc_look {
	bool   ascii;
	size_t lines;  /* line ends */
} smsc_look;

/* The first `n` bytes. */
smsc_look smsc_window_look(const smsc_window *w, size_t n);
/* The first `c` at or behind `from`, SIZE_MAX when what is seen has none; adds what stands before
 * it to *look. */
size_t smsc_window_find(const smsc_window *w, size_t from, char c, smsc_look *look);
/* Consumes `n` bytes of which nobody has counted the line ends. */
void smsc_window_skip(smsc_window *w, size_t n);
/* Bytes of a UTF-16 stream that the first `n` bytes of the window stand for. */
uint64_t smsc_window_utf16(const smsc_window *w, size_t n);
/* "ANSI", "UTF-8", ... */
const char *smsc_encoding_name(smsc_encoding e);

static inline const char *smsc_window_bytes(const smsc_window *w) { return w->data + w->at; }
static inline size_t smsc_window_left(const smsc_window *w) { return w->end - w->at; }

static inline bool smsc_window_is_utf16(const smsc_window *w)
{
	return w->encoding >= SMSC_ENCODING_UTF16LE;
}

/* Bytes of the stream that the first `n` bytes of the window stand for. */
static inline uint64_t smsc_window_extent(const smsc_window *w, size_t n)
{
	return smsc_window_is_utf16(w) ? smsc_window_utf16(w, n) : n;
}

/* Consumes `n` bytes, of which `lines` are line ends. */
static inline void smsc_window_pass(smsc_window *w, size_t n, size_t lines)
{
	if (!n)
		return;
	w->offset += smsc_window_extent(w, n);
	w->line += lines;
	w->at += n;
}

/* The first bytes of a stream as a probe wants them: without BOM, and of UTF-16 the ASCII in
 * it (written into `room`), for what marks a log is ASCII. */
#define SMSC_PROBE_TEXT 16384
smsc_span smsc_probe_text(smsc_span head, char room[SMSC_PROBE_TEXT]);

#endif
