/* key_finder.c - public keys and certificates as hexadecimal digits in a stream. */
#include "key_finder.h"

#include <stdlib.h>

#include "../base/text.h"

#define MAX_GAP    8      /* marks between two digits: ",\\\r\n  " of a .reg file */
#define MAX_VALUES 1000
#define PEEK       4096   /* digits */

/* What stood before a digit. */
enum { GAP_NONE, GAP_BLANK, GAP_MARK };

void smsc_finder_on(smsc_finder *f, smsc_found_fn *found, void *user, uint8_t *digit, uint32_t *place, size_t room)
{
	*f = (smsc_finder){ .found = found, .user = user, .digit = digit, .place = place, .room = room };
}

bool smsc_finder_open(smsc_finder *f, smsc_found_fn *found, void *user)
{
	uint32_t *own = malloc(SMSC_FINDER_DIGITS * (sizeof *own + 1));
	smsc_finder_on(f, found, user, (uint8_t *)(own + SMSC_FINDER_DIGITS), own, SMSC_FINDER_DIGITS);
	f->own = own;
	return own != NULL;
}

void smsc_finder_close(smsc_finder *f)
{
	free(f->own);
	f->own = NULL;
}

static void count_found(void *user, const smsc_found *found)
{
	(void)found;
	++*(size_t *)user;
}

bool smsc_finder_peek(smsc_span in)
{
	uint8_t digit[PEEK];
	uint32_t place[PEEK];
	smsc_finder f;
	size_t count = 0;
	smsc_finder_on(&f, count_found, &count, digit, place, PEEK);
	smsc_finder_feed(&f, in.data, in.size);
	smsc_finder_end(&f);
	return count > 0;
}

/* ---- values within a run ---- */

/* Digits that go on from `from`: where bytes stand in one run, a mark ends them, though a line
 * may be broken; where marks stand between bytes, they do so everywhere. */
static size_t reach(const smsc_finder *f, size_t from)
{
	bool marked = from + 2 < f->count && f->digit[from + 2] >> 4;
	size_t i = from + 1;
	while (i < f->count && (marked || f->digit[i] >> 4 != GAP_MARK))
		i++;
	return (i - from) / 2;
}

static size_t take(smsc_finder *f, size_t from, size_t bytes)
{
	size_t there = reach(f, from);
	if (bytes > there)
		bytes = there;
	if (bytes > SMSC_FOUND_MAX)
		bytes = SMSC_FOUND_MAX;
	for (size_t i = 0; i < bytes; i++)
		f->value[i] = (uint8_t)((f->digit[from + 2 * i] & 15) << 4 | (f->digit[from + 2 * i + 1] & 15));
	return bytes;
}

static bool same(const smsc_finder *f, size_t from, const char *digits)
{
	for (size_t i = 0; digits[i]; i++)
		if (from + i >= f->count || (f->digit[from + i] & 15) != smsc_hex_digit(digits[i]))
			return false;
	return true;
}

/* Tells of a value of `size` bytes that begins at digit `from`; the digits it takes. */
static size_t tell(smsc_finder *f, size_t from, size_t size, bool key)
{
	size_t there = take(f, from, size);
	size_t last = from + 2 * there - 1;
	smsc_found found = {
		.value = smsc_span_of(f->value, there), .at = f->base + f->place[from],
		.end = f->base + f->place[last] + 1, .key = key, .cut = there < size,
	};
	f->found(f->user, &found);
	return 2 * there;
}

static size_t try_key(smsc_finder *f, size_t from)
{
	smsc_public_blob blob;
	size_t there = take(f, from, 20);
	return smsc_public_blob_read(smsc_span_of(f->value, there), &blob) ? tell(f, from, blob.size, true) : 0;
}

/* SEQUENCE { SEQUENCE { [0] or INTEGER: the first bytes of every certificate. */
static size_t try_certificate(smsc_finder *f, size_t from)
{
	size_t there = take(f, from, 13);
	const uint8_t *v = f->value;
	size_t outer = (size_t)v[2] << 8 | v[3], inner = (size_t)v[6] << 8 | v[7];
	smsc_cert_parts parts;
	if (there < 13 || v[4] != 0x30 || v[5] != 0x82 || inner + 8 > outer || outer + 4 > SMSC_FOUND_MAX ||
	    (v[8] != 0x02 && memcmp(v + 8, "\xa0\x03\x02\x01", 4)))
		return 0;
	there = take(f, from, outer + 4);
	if (there == outer + 4 && !smsc_asn1_certificate(smsc_span_of(f->value, there), &parts))
		return 0;
	return tell(f, from, outer + 4, false);
}

/* Values that begin in the first `limit` digits. */
static size_t search(smsc_finder *f, size_t limit)
{
	size_t i = 0;
	while (i < limit) {
		size_t taken = 0;
		if (same(f, i, "06020000"))
			taken = try_key(f, i);
		else if (same(f, i, "3082"))
			taken = try_certificate(f, i);
		i += taken ? taken : 1;
	}
	return i;
}

static void end_run(smsc_finder *f)
{
	if (f->count >= 40)
		search(f, f->count);
	f->count = f->gap = f->gap_kind = 0;
}

/* Makes room in a run that is longer than any value. */
static void slide(smsc_finder *f)
{
	size_t from = search(f, f->room / 2);
	size_t rest = from < f->count ? f->count - from : 0;
	uint32_t moved = rest ? f->place[from] : 0;
	memmove(f->digit, f->digit + from, rest);
	for (size_t i = 0; i < rest; i++)
		f->place[i] = f->place[from + i] - moved;
	f->base += moved;
	f->count = rest;
}

/* ---- characters ---- */

static bool ends_with(const smsc_finder *f, const char *word)
{
	size_t size = strlen(word);
	for (size_t i = 0; i < size; i++)
		if (smsc_ascii_lower(f->words[(f->turn - size + i) % sizeof f->words]) != word[i])
			return false;
	return true;
}

static void note_name(smsc_finder *f, char c)
{
	f->words[f->turn++ % sizeof f->words] = c;
	c |= 0x20;  /* of letters, the lower case */
	if (c == 'y' && (ends_with(f, "trustedrootkey") || ends_with(f, "publicrootkey")))
		f->named |= SMSC_NAMED_ROOT_KEY;
	else if (c == 'e' && ends_with(f, "mpcertificate"))
		f->named |= SMSC_NAMED_MP;
}

static void add_digit(smsc_finder *f, int digit)
{
	if (f->count == f->room)
		slide(f);
	if (!f->count)
		f->base = f->at;
	else if (f->at - f->base > UINT32_MAX) {
		end_run(f);
		f->base = f->at;
	}
	f->place[f->count] = (uint32_t)(f->at - f->base);
	f->digit[f->count] = (uint8_t)((f->count ? f->gap_kind : GAP_NONE) << 4 | (unsigned)digit);
	f->count++;
	f->gap = f->gap_kind = 0;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void other(smsc_finder *f, char c)
{
	if (!f->count)
		return;
	bool blank = is_blank(c), mark = c == ',' || c == ':' || c == '-' || c == '\\';
	/* "0x06, 0x02": the zero before an x is no digit. */
	if ((c == 'x' || c == 'X') && !f->gap && !(f->digit[f->count - 1] & 15)) {
		f->gap_kind = f->digit[--f->count] >> 4;
		f->gap = 1;
	} else if ((blank || mark) && f->gap < MAX_GAP) {
		f->gap++;
		if (f->gap_kind != GAP_MARK)
			f->gap_kind = mark ? GAP_MARK : GAP_BLANK;
	} else {
		end_run(f);
	}
}

/* smsc_hex_digit(), without a call for each byte of a hive. */
static inline int digit_of(char c)
{
	unsigned number = (unsigned char)(c - '0'), letter = (unsigned char)((c | 0x20) - 'a');
	return number < 10 ? (int)number : letter < 6 ? (int)letter + 10 : -1;
}

static void character(smsc_finder *f, char c)
{
	int digit = digit_of(c);
	note_name(f, c);
	if (digit >= 0)
		add_digit(f, digit);
	else
		other(f, c);
}

/* How many bytes are NUL there. */
static size_t zeros_at(const char *bytes, size_t size)
{
	static const char none[64];
	size_t i = 0;
	while (size - i >= sizeof none && !memcmp(bytes + i, none, sizeof none))
		i += sizeof none;
	while (i < size && !bytes[i])
		i++;
	return i;
}

void smsc_finder_feed(smsc_finder *f, const void *data, size_t size)
{
	const char *bytes = data;
	for (size_t i = 0; i < size; i++, f->at++) {
		/* Room that was never written to. */
		if (!bytes[i] && f->zero && !f->count) {
			size_t more = zeros_at(bytes + i, size - i) - 1;
			i += more;
			f->at += more;
			continue;
		}
		/* One NUL may be the other half of a character; two are none. */
		if (bytes[i])
			character(f, bytes[i]);
		else if (f->zero && f->count)
			end_run(f);
		f->zero = !bytes[i];
	}
}

void smsc_finder_end(smsc_finder *f)
{
	end_run(f);
}

/* ---- bytes as they are ---- */

static size_t binary_at(smsc_span in, uint64_t at, smsc_found_fn *found, void *user)
{
	smsc_public_blob blob;
	smsc_cert_parts parts;
	smsc_found f = { .at = at };
	const uint8_t *b = in.data;
	if (b[0] == 6 && smsc_public_blob_read(in, &blob)) {
		f.key = true;
		f.cut = blob.size > in.size;
		f.value = smsc_span_cut(in, 0, blob.size);
	} else if (b[0] == 0x30 && in.size > 4 && b[1] == 0x82 && b[4] == 0x30 && smsc_asn1_certificate(in, &parts)) {
		f.value = parts.whole;
	} else {
		return 0;
	}
	f.end = at + f.value.size;
	found(user, &f);
	return f.value.size;
}

void smsc_find_binary(smsc_span in, uint64_t base, smsc_found_fn *found, void *user)
{
	for (size_t i = 0; i < in.size; ) {
		size_t taken = binary_at(smsc_span_cut(in, i, in.size), base + i, found, user);
		i += taken ? taken : 1;
	}
}

/* ---- into a record ---- */

static const char *role_of(const smsc_found_list *l, bool key)
{
	unsigned named = l->finder.named;
	const char *given = key ? l->key_role : l->certificate_role;
	if (given)
		return given;
	if (key)
		return named & SMSC_NAMED_ROOT_KEY ? SMSC_ROLE_ROOT_KEY : SMSC_ROLE_KEY;
	return named & SMSC_NAMED_MP ? SMSC_ROLE_MP : SMSC_ROLE_CERTIFICATE;
}

void smsc_found_put(void *user, const smsc_found *found)
{
	smsc_found_list *l = user;
	if (++l->count > MAX_VALUES) {
		if (l->count == MAX_VALUES + 1)
			smsc_damage(l->r, SMSC_RULE_D008, found->at, "only %d keys and certificates of a stream are told",
			            MAX_VALUES);
		return;
	}
	if (!found->key && found->cut) {
		smsc_damage(l->r, SMSC_RULE_D001, found->end, "a certificate is cut after %zu bytes", found->value.size);
		return;
	}
	smsc_put_trust(l->r, found->key ? "key" : "certificate",
	               found->key ? "a public key" : "a certificate", role_of(l, found->key), found->value,
	               found->at, found->end - found->at);
}

void smsc_found_settle(smsc_found_list *l)
{
	for (size_t i = 0; i < l->r->count; i++) {
		const smsc_field *f = &l->r->fields[i];
		smsc_record *v = f->type == SMSC_RECORD ? (smsc_record *)(uintptr_t)f->as.record : NULL;
		for (size_t k = 0; v && k < v->count; k++)
			if (!strcmp(v->fields[k].name, "role"))
				v->fields[k].as.text = role_of(l, !strcmp(v->format, "public-key"));
	}
}
