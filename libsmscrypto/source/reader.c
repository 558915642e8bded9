/* reader.c - zip, 7z, cab, iso, tar and packed single files, through libarchive.
 *
 * Only here are libarchive's headers included.  It converts names by the locale of the
 * thread: in the "C" locale names that are not ASCII come back empty, so every call is made
 * under C.UTF-8, set for this thread alone and taken back.
 */
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <locale.h>
#include <stdlib.h>

#include "../base/time.h"
#include "reader.h"

/* Empty blocks or retries in a row, after which it is said to be damaged. */
#define MOST_IDLE 1000

struct smsc_reader {
	smsc_feed      *feed;
	struct archive *a;
	locale_t        utf8;
	smsc_packing    packing;
	bool            opened;
};

/* ---- the bytes libarchive asks for ---------------------------------------------- */

static la_ssize_t input_read(struct archive *a, void *user, const void **out)
{
	smsc_feed *feed = user;
	smsc_span block = smsc_feed_read(feed);
	*out = block.data;
	if (!feed->broken)
		return (la_ssize_t)block.size;
	archive_set_error(a, EIO, "%s", smsc_error_message(feed->broken));
	return -1;
}

static la_int64_t input_skip(struct archive *a, void *user, la_int64_t wanted)
{
	(void)a;
	return smsc_feed_skip(user, wanted);
}

static la_int64_t input_seek(struct archive *a, void *user, la_int64_t offset, int whence)
{
	int64_t at = smsc_feed_seek(user, offset, whence);
	(void)a;
	return at < 0 ? ARCHIVE_FATAL : at;
}

/* ---- open and close -------------------------------------------------------------- */

static locale_t utf8_locale(void)
{
	static const char *const names[] = { "C.UTF-8", "C.utf8", "en_US.UTF-8" };
	locale_t l = (locale_t)0;
	for (size_t i = 0; i < sizeof names / sizeof *names && l == (locale_t)0; i++)
		l = newlocale(LC_CTYPE_MASK, names[i], (locale_t)0);
	return l;
}

static locale_t enter(const smsc_reader *r)
{
	return r->utf8 == (locale_t)0 ? (locale_t)0 : uselocale(r->utf8);
}

static void leave(locale_t before)
{
	if (before != (locale_t)0)
		uselocale(before);
}

/* One format only: what the bytes were found to be.  gzip is unpacked by the feed. */
static void add_formats(struct archive *a, smsc_packing packing, smsc_form form)
{
	switch (packing) {
	case SMSC_ZIP:
		if (form == SMSC_BY_LIST)
			archive_read_support_format_zip_seekable(a);
		else
			archive_read_support_format_zip_streamable(a);
		return;
	case SMSC_7Z:       archive_read_support_format_7zip(a);     return;
	case SMSC_CAB:      archive_read_support_format_cab(a);      return;
	case SMSC_ISO:      archive_read_support_format_iso9660(a);  return;
	case SMSC_BZIP2:    archive_read_support_filter_bzip2(a);    break;
	case SMSC_XZ:       archive_read_support_filter_xz(a);       break;
	case SMSC_ZSTD:     archive_read_support_filter_zstd(a);     break;
	case SMSC_COMPRESS: archive_read_support_filter_compress(a); break;
	default:            break;
	}
	if (form != SMSC_SINGLE)
		archive_read_support_format_tar(a);
	/* "raw" takes anything; behind a compression that is meant: one packed file. */
	if (smsc_packing_is_filter(packing)) {
		archive_read_support_format_raw(a);
		archive_read_support_format_empty(a);
	}
}

smsc_reader *smsc_reader_new(smsc_feed *feed, smsc_packing packing, smsc_form form)
{
	smsc_reader *r = calloc(1, sizeof *r);
	if (!r)
		return NULL;
	r->feed = feed;
	r->packing = packing;
	r->utf8 = utf8_locale();
	locale_t before = enter(r);
	r->a = archive_read_new();
	if (r->a) {
		add_formats(r->a, packing, form);
		archive_read_set_callback_data(r->a, feed);
		archive_read_set_read_callback(r->a, input_read);
		if (smsc_feed_seekable(feed)) {
			archive_read_set_skip_callback(r->a, input_skip);
			archive_read_set_seek_callback(r->a, input_seek);
		}
		r->opened = archive_read_open1(r->a) == ARCHIVE_OK;
	}
	leave(before);
	if (r->a)
		return r;
	smsc_reader_free(r);
	return NULL;
}

void smsc_reader_free(smsc_reader *r)
{
	if (!r)
		return;
	locale_t before = enter(r);
	if (r->a)
		archive_read_free(r->a);
	leave(before);
	if (r->utf8 != (locale_t)0)
		freelocale(r->utf8);
	free(r);
}

/* ---- headers and data ------------------------------------------------------------ */

static smsc_got got(int r)
{
	switch (r) {
	case ARCHIVE_OK:     return SMSC_GOT;
	case ARCHIVE_WARN:   return SMSC_GOT_WARNED;
	case ARCHIVE_EOF:    return SMSC_GOT_END;
	case ARCHIVE_FAILED: return SMSC_GOT_UNKNOWN;
	default:             return SMSC_GOT_BROKEN;
	}
}

static const char *kind_of(struct archive_entry *e)
{
	switch (archive_entry_filetype(e)) {
	case AE_IFDIR: return "folder";
	case AE_IFLNK: return "link";
	case AE_IFREG:
	case 0:        return archive_entry_hardlink(e) ? "link" : "file";
	default:       return "other";
	}
}

/* Writers put 0 where they know no time. */
static smsc_time time_of(int64_t seconds, long nanoseconds)
{
	return seconds || nanoseconds ? smsc_time_of_unix(seconds, (int32_t)nanoseconds) : SMSC_NEVER;
}

/* In 7z and zip the creation stands in the member for the change of the inode. */
static smsc_time created_of(struct archive_entry *e, smsc_packing packing)
{
	if (archive_entry_birthtime_is_set(e))
		return time_of(archive_entry_birthtime(e), archive_entry_birthtime_nsec(e));
	if ((packing != SMSC_7Z && packing != SMSC_ZIP) || !archive_entry_ctime_is_set(e))
		return SMSC_NEVER;
	return time_of(archive_entry_ctime(e), archive_entry_ctime_nsec(e));
}

static void describe(const smsc_reader *r, struct archive_entry *e, smsc_header *out)
{
	const char *name = archive_entry_pathname(e);
	*out = (smsc_header){ .name = name ? name : archive_entry_pathname_utf8(e), .size = -1 };
	out->kind = kind_of(e);
	if (archive_entry_size_is_set(e))
		out->size = archive_entry_size(e);
	if (archive_entry_mtime_is_set(e))
		out->modified = time_of(archive_entry_mtime(e), archive_entry_mtime_nsec(e));
	if (archive_entry_atime_is_set(e))
		out->accessed = time_of(archive_entry_atime(e), archive_entry_atime_nsec(e));
	out->created = created_of(e, r->packing);
	/* A format that could tell less than a second did not: it has whole seconds. */
	out->seconds = r->packing != SMSC_7Z && !archive_entry_mtime_nsec(e);
	out->encrypted = archive_entry_is_encrypted(e);
	out->single = archive_format(r->a) == ARCHIVE_FORMAT_RAW;
}

smsc_got smsc_reader_header(smsc_reader *r, smsc_header *out)
{
	struct archive_entry *e = NULL;
	int code = ARCHIVE_RETRY;
	if (!r->opened)
		return SMSC_GOT_BROKEN;
	locale_t before = enter(r);
	for (int i = 0; i < MOST_IDLE && code == ARCHIVE_RETRY; i++)
		code = archive_read_next_header(r->a, &e);
	if (code == ARCHIVE_OK || code == ARCHIVE_WARN)
		describe(r, e, out);
	leave(before);
	return got(code);
}

smsc_got smsc_reader_data(smsc_reader *r, smsc_span *data, uint64_t *at)
{
	const void *bytes = NULL;
	size_t size = 0;
	la_int64_t offset = 0;
	int code = ARCHIVE_RETRY;
	locale_t before = enter(r);
	for (int i = 0; i < MOST_IDLE && !size && (code == ARCHIVE_RETRY || code == ARCHIVE_OK); i++)
		code = archive_read_data_block(r->a, &bytes, &size, &offset);
	leave(before);
	*data = smsc_span_of(bytes, size);
	*at = offset < 0 ? 0 : (uint64_t)offset;
	return got(code == ARCHIVE_OK && !size ? ARCHIVE_FATAL : code);
}

const char *smsc_reader_reason(const smsc_reader *r)
{
	const char *text = archive_error_string(r->a);
	return text ? text : "libarchive cannot read it";
}

bool smsc_reader_no_memory(const smsc_reader *r)
{
	return archive_errno(r->a) == ENOMEM;
}

uint64_t smsc_reader_taken(const smsc_reader *r)
{
	la_int64_t n = archive_filter_bytes(r->a, -1);
	return n < 0 ? 0 : (uint64_t)n;
}

uint64_t smsc_reader_header_at(const smsc_reader *r)
{
	la_int64_t n = archive_read_header_position(r->a);
	return n < 0 ? 0 : (uint64_t)n;
}

bool smsc_reader_is_empty(const smsc_reader *r)
{
	return archive_format(r->a) == ARCHIVE_FORMAT_EMPTY;
}
