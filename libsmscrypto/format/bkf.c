/* bkf.c - blocks and streams of the Microsoft Tape Format.  Layout: [bkf-mtf 2-8]. */
#include "bkf.h"

#include "../base/text.h"
#include "../base/time.h"

static const uint8_t *place(smsc_span bytes, size_t at)
{
	return (const uint8_t *)bytes.data + at;
}

static uint8_t byte_at(smsc_span bytes, size_t at)
{
	return at < bytes.size ? *place(bytes, at) : 0;
}

/* ---- headers --------------------------------------------------------------------- */

uint16_t smsc_bkf_sum(const void *bytes, size_t size)
{
	const uint8_t *p = bytes;
	uint16_t sum = 0;
	for (size_t i = 0; i + 1 < size; i += 2)
		sum ^= smsc_le16(p + i);
	return sum;
}

/* All zeros have the right checksum, so the type is what tells a block. */
static bool is_type(uint32_t type)
{
	for (unsigned i = 0; i < 4; i++) {
		uint8_t c = (uint8_t)(type >> (8 * i));
		if (!(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9'))
			return false;
	}
	return true;
}

bool smsc_bkf_block_known(uint32_t type)
{
	switch (type) {
	case SMSC_BKF_TAPE: case SMSC_BKF_SSET: case SMSC_BKF_VOLB: case SMSC_BKF_DIRB:
	case SMSC_BKF_FILE: case SMSC_BKF_CFIL: case SMSC_BKF_ESPB: case SMSC_BKF_ESET:
	case SMSC_BKF_EOTM: case SMSC_BKF_SFMB:
		return true;
	default:
		return false;
	}
}

bool smsc_bkf_block_read(smsc_span bytes, smsc_bkf_block *out)
{
	smsc_bkf_stream stream;
	if (bytes.size < SMSC_BKF_HEADER || !is_type(smsc_le32(bytes.data)))
		return false;
	if (smsc_bkf_sum(bytes.data, SMSC_BKF_HEADER) != 0)
		return false;
	*out = (smsc_bkf_block){
		.type = smsc_bkf_u32(bytes, 0), .attributes = smsc_bkf_u32(bytes, 4),
		.first_event = smsc_bkf_u16(bytes, 8),
		.os = byte_at(bytes, 10), .os_version = byte_at(bytes, 11),
		.shown_size = smsc_bkf_u64(bytes, 12), .address = smsc_bkf_u64(bytes, 20),
		.control = smsc_bkf_u32(bytes, 36), .text_type = byte_at(bytes, 48),
	};
	return smsc_bkf_block_known(out->type) || !smsc_bkf_stream_read(bytes, &stream);
}

uint32_t smsc_bkf_tape_grid(smsc_span bytes)
{
	smsc_bkf_block b;
	if (bytes.size < 94 || !smsc_bkf_block_read(bytes, &b) || b.type != SMSC_BKF_TAPE)
		return 0;
	uint16_t grid = smsc_bkf_u16(bytes, 84);
	return byte_at(bytes, 93) == 1 && (grid == 512 || grid == 1024) ? grid : 0;
}

bool smsc_bkf_stream_read(smsc_span bytes, smsc_bkf_stream *out)
{
	if (bytes.size < SMSC_BKF_STREAM_HEADER || !is_type(smsc_le32(bytes.data)))
		return false;
	*out = (smsc_bkf_stream){
		.id = smsc_bkf_u32(bytes, 0), .system = smsc_bkf_u16(bytes, 4),
		.media = smsc_bkf_u16(bytes, 6), .size = smsc_bkf_u64(bytes, 8),
		.encryption = smsc_bkf_u16(bytes, 16), .compression = smsc_bkf_u16(bytes, 18),
	};
	return smsc_bkf_sum(bytes.data, SMSC_BKF_STREAM_HEADER) == 0;
}

/* ---- fields ---------------------------------------------------------------------- */

uint16_t smsc_bkf_u16(smsc_span block, size_t at)
{
	return at + 2 <= block.size ? smsc_le16(place(block, at)) : 0;
}

uint32_t smsc_bkf_u32(smsc_span block, size_t at)
{
	return at + 4 <= block.size ? smsc_le32(place(block, at)) : 0;
}

uint64_t smsc_bkf_u64(smsc_span block, size_t at)
{
	return at + 8 <= block.size ? smsc_le64(place(block, at)) : 0;
}

smsc_span smsc_bkf_text(smsc_span block, size_t at)
{
	return smsc_span_cut(block, smsc_bkf_u16(block, at + 2), smsc_bkf_u16(block, at));
}

/* The only big-endian field of the format: 14 bits year, 4 month, 5 day, 5 hour, 6 minute,
 * 6 second. */
smsc_time smsc_bkf_date(const uint8_t *p)
{
	smsc_civil c = {
		.year = p[0] << 6 | p[1] >> 2, .month = (p[1] & 3) << 2 | p[2] >> 6,
		.day = p[2] >> 1 & 31, .hour = (p[2] & 1) << 4 | p[3] >> 4,
		.minute = (p[3] & 15) << 2 | p[4] >> 6, .second = p[4] & 63,
	};
	return c.year ? smsc_time_of_civil(c) : SMSC_NEVER;
}

static smsc_time date_at(smsc_span block, size_t at)
{
	return at + 5 <= block.size ? smsc_bkf_date(place(block, at)) : SMSC_NEVER;
}

smsc_bkf_times smsc_bkf_object_times(smsc_span block)
{
	return (smsc_bkf_times){
		.modified = date_at(block, 56), .created = date_at(block, 61),
		.accessed = date_at(block, 71),
	};
}

#define WINDOWS_NT 14
#define AT_SYSTEM  44   /* size and place of what the operating system adds */

int64_t smsc_bkf_attributes(const smsc_bkf_block *b, smsc_span block)
{
	/* Read-only, hidden, system and archive, as the tape has them and as Windows does. */
	static const uint16_t own[][2] = { { 0x100, 1 }, { 0x200, 2 }, { 0x400, 4 }, { 0x800, 0x20 } };
	smsc_span system = smsc_bkf_text(block, AT_SYSTEM);
	uint32_t bits = smsc_bkf_u32(block, 52);
	int64_t found = 0;
	if (b->os == WINDOWS_NT && system.size >= 4)
		return smsc_bkf_u32(system, 0);
	for (size_t i = 0; i < sizeof own / sizeof *own; i++)
		found |= bits & own[i][0] ? own[i][1] : 0;
	return found;
}

/* ---- names ----------------------------------------------------------------------- */

void smsc_bkf_name_add(smsc_buf *out, smsc_span raw, uint8_t text_type, uint32_t codepage)
{
	if (text_type == 1)
		smsc_text_ansi(out, raw, codepage);
	else
		smsc_text_utf16(out, raw);
}

void smsc_bkf_folder_add(smsc_buf *out, smsc_span raw, uint8_t text_type, uint32_t codepage)
{
	size_t unit = text_type == 1 ? 1 : 2;
	smsc_buf parts = SMSC_BUF_INIT;
	size_t size = raw.size - raw.size % unit;
	smsc_buf_add(&parts, raw.data, size);
	for (size_t i = 0; !parts.failed && i < size; i += unit)
		if (!parts.data[i] && !parts.data[i + unit - 1])
			parts.data[i] = '/';
	while (!parts.failed && size && parts.data[size - unit] == '/' &&
	       (unit == 1 || !parts.data[size - 1]))
		size -= unit;
	out->failed |= parts.failed;
	if (!parts.failed)
		smsc_bkf_name_add(out, smsc_span_of(parts.data, size), text_type, codepage);
	smsc_buf_free(&parts);
}
