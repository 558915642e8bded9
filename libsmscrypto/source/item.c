/* item.c - what is known of one stream, and its name made safe. */
#include <stdlib.h>
#include <string.h>

#include "source.h"

/* ext4 and NTFS allow 255 for one part, of which one may be the '_' before a device name;
 * the whole stays well below PATH_MAX so that a target folder fits before it. */
#define PART_BYTES 254u
#define PATH_BYTES 2048u

smsc_item *smsc_item_ref(smsc_item *item)
{
	if (item)
		atomic_fetch_add_explicit(&item->refs, 1, memory_order_relaxed);
	return item;
}

void smsc_item_unref(smsc_item *item)
{
	/* A chain is at most max_depth long, but max_depth is the caller's: no recursion. */
	while (item && atomic_fetch_sub_explicit(&item->refs, 1, memory_order_acq_rel) == 1) {
		smsc_item *container = item->container;
		smsc_streams_unref(item->streams);
		free(item);
		item = container;
	}
}

bool smsc_item_same(const smsc_item *a, const smsc_item *b)
{
	while (a != b) {
		if (!a || !b || a->ordinal != b->ordinal || a->raw.size != b->raw.size)
			return false;
		if (a->raw.size && memcmp(a->raw.data, b->raw.data, a->raw.size) != 0)
			return false;
		a = a->container;
		b = b->container;
	}
	return true;
}

/* The item and its four texts in one piece of memory. */
static smsc_item *item_pack(const smsc_draft *d, const smsc_buf *path, const smsc_buf *safe)
{
	size_t sddl = d->sddl ? strlen(d->sddl) + 1 : 0;
	smsc_item *item = calloc(1, sizeof *item + path->size + safe->size + sddl + d->raw.size + 2);
	if (!item)
		return NULL;
	char *p = (char *)(item + 1);
	item->path = memcpy(p, path->data, path->size);
	p += path->size + 1;
	item->safe_path = memcpy(p, safe->data, safe->size);
	p += safe->size + 1;
	if (sddl)
		item->sddl = memcpy(p, d->sddl, sddl);
	p += sddl;
	if (d->raw.size)
		memcpy(p, d->raw.data, d->raw.size);
	item->raw = smsc_span_of(p, d->raw.size);
	return item;
}

/* "a.zip!/b"; of the second set and those after it "a.bkf#2!/b".  In a backup that is the
 * source the set is told beside the path. */
static void path_add(smsc_buf *out, const smsc_item *container, const smsc_draft *d)
{
	if (container && !container->hidden) {
		smsc_buf_str(out, container->path);
		if (d->set > 1)
			smsc_buf_printf(out, "#%u", (unsigned)d->set);
		smsc_buf_str(out, "!/");
	}
	smsc_buf_str(out, d->path);
}

smsc_item *smsc_item_new(const smsc_walk *w, const smsc_draft *d, uint64_t ordinal)
{
	smsc_item *container = w->below ? w->below->item : NULL, *item = NULL;
	smsc_buf path = SMSC_BUF_INIT, safe = SMSC_BUF_INIT;
	bool top = container && container->hidden;
	path_add(&path, container, d);
	if (!path.failed)
		smsc_safe_path(&safe, path.data, top ? d->set : 0);
	if (!path.failed && !safe.failed)
		item = item_pack(d, &path, &safe);
	smsc_buf_free(&path);
	smsc_buf_free(&safe);
	if (!item)
		return NULL;
	atomic_init(&item->refs, 1);
	item->container = smsc_item_ref(container);
	item->ordinal = ordinal;
	item->hidden = !container && w->source->kind != w->carrier->kind;
	item->kind = d->kind;
	item->size = d->size;
	item->modified = d->modified;
	item->created = d->created;
	item->accessed = d->accessed;
	item->clock = d->clock;
	item->slack = d->slack;
	item->set = d->set || !container ? d->set : container->set;
	item->part = top ? d->set : container ? container->part : 0;
	item->attributes = d->attributes;
	item->recovered = d->recovered;
	item->streams = smsc_streams_ref(d->streams);
	return item;
}

/* ---- safe paths ---------------------------------------------------------------- */

/* Windows opens a device for these names, whatever follows the first dot. */
static bool is_device(const char *part, size_t size)
{
	static const char *const names[] = { "con", "prn", "aux", "nul" };
	const char *dot = memchr(part, '.', size);
	size_t stem = dot ? (size_t)(dot - part) : size;
	char lower[5] = "";
	if (stem < 3 || stem > 4)
		return false;
	for (size_t i = 0; i < stem; i++)
		lower[i] = part[i] >= 'A' && part[i] <= 'Z' ? (char)(part[i] - 'A' + 'a') : part[i];
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(lower, names[i]) == 0)
			return true;
	return stem == 4 && lower[3] >= '1' && lower[3] <= '9' &&
	       (memcmp(lower, "com", 3) == 0 || memcmp(lower, "lpt", 3) == 0);
}

/* Cut so that no UTF-8 character is torn. */
static size_t part_size(const char *part, size_t size)
{
	if (size <= PART_BYTES)
		return size;
	size = PART_BYTES;
	while (size && ((unsigned char)part[size] & 0xc0) == 0x80)
		size--;
	return size;
}

/* Controls (U+0080 to U+009F is "\xc2\x80".."\xc2\x9f") and what Windows reserves. */
static bool is_unsafe(const char *part, size_t i)
{
	unsigned char c = (unsigned char)part[i];
	if (c == 0xc2)
		return (unsigned char)part[i + 1] < 0xa0;
	if (c < 0x20 || c == 0x7f)
		return true;
	if (c >= 0x80 && c < 0xa0)
		return i && (unsigned char)part[i - 1] == 0xc2;
	return strchr("<>:\"\\|?*", c) != NULL;
}

static void part_add(smsc_buf *out, const char *part, size_t size)
{
	if (is_device(part, size))
		smsc_buf_char(out, '_');
	size = part_size(part, size);
	for (size_t i = 0; i < size; i++)
		smsc_buf_char(out, is_unsafe(part, i) ? '_' : part[i]);
	/* Windows drops dots and spaces at the end: "a." would fall on "a", ".. " on "..". */
	for (size_t i = size; !out->failed && i-- && (part[i] == '.' || part[i] == ' ');)
		out->data[out->size - size + i] = '_';
}

/* Drops leading parts until the rest is short enough: the file's own name stays. */
static void shorten(smsc_buf *out)
{
	if (out->failed || out->size <= PATH_BYTES)
		return;
	const char *from = memchr(out->data + out->size - PATH_BYTES, '/', PATH_BYTES);
	size_t rest = out->size - (size_t)(from + 1 - out->data);
	memmove(out->data, from + 1, rest + 1);
	out->size = rest;
}

void smsc_safe_path(smsc_buf *out, const char *path, uint32_t set)
{
	if (set > 1)
		smsc_buf_printf(out, "#%u", (unsigned)set);
	while (*path) {
		size_t size = strcspn(path, "/");
		if (size && !(size == 1 && *path == '.')) {
			if (out->size)
				smsc_buf_char(out, '/');
			part_add(out, path, size);
		}
		path += size + (path[size] == '/');
	}
	if (!out->size)
		smsc_buf_char(out, '_');
	shorten(out);
}
