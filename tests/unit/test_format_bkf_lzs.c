/* test_format_bkf_lzs.c - LZS, bit by bit as RFC 1974 and RFC 2395 describe it. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "format/bkf_lzs.h"

TestSuite(format_bkf_lzs);

/* Bits as text to bytes; spaces part the tokens. */
static size_t pack(const char *bits, uint8_t *out)
{
	size_t n = 0;
	memset(out, 0, 256);
	for (; *bits; bits++)
		if (*bits != ' ') {
			out[n / 8] |= (uint8_t)((*bits == '1') << (7 - n % 8));
			n++;
		}
	return (n + 7) / 8;
}

static void expect(const char *bits, const char *text)
{
	uint8_t in[256], out[512] = "";
	size_t size = pack(bits, in);
	size_t end = smsc_lzs_unpack((smsc_span){ in, size }, out, 0, strlen(text));
	cr_assert_eq(end, strlen(text), "%s: %zu", text, end);
	cr_assert_arr_eq(out, text, end);
}

#define A "001100001 "  /* 0 and the eight bits */
#define B "001100010 "
#define END "110000000"

Test(format_bkf_lzs, tokens)
{
	expect(A B END, "ab");
	expect(A B "1 1 0000010 00 " END, "abab");              /* 2 back, 2 long           */
	expect(A "1 1 0000001 01 " END, "aaaa");                /* 1 back, 3 long: overlaps */
	expect(A "1 1 0000001 10 " B END, "aaaaab");            /* 4 */
	expect(A "1 1 0000001 1100 " B END, "aaaaaab");         /* 5 */
	expect(A "1 1 0000001 1110 " END, "aaaaaaaa");          /* 7 */
	expect(A "1 1 0000001 1111 0000 " END, "aaaaaaaaa");    /* 8 */
	expect(A "1 1 0000001 1111 1111 0001 " END, "aaaaaaaaaaaaaaaaaaaaaaaaa"); /* 8 + 15 + 1 */
	expect(A B "1 0 00000000010 00 " END, "abab");          /* the long form of 2 back  */
}

Test(format_bkf_lzs, damage)
{
	uint8_t in[256], out[64];
	size_t size = pack(A "1 1 0000101 00 " END, in);
	cr_assert_eq(smsc_lzs_unpack((smsc_span){ in, size }, out, 0, 64), 1u, "back before the start");
	cr_assert_eq(smsc_lzs_unpack((smsc_span){ in, 0 }, out, 0, 64), 0u);
	/* Any bytes at all: what is written stays within its room. */
	unsigned seed = 1;
	for (unsigned i = 0; i < 20000; i++) {
		size = 1 + (seed = seed * 1103515245u + 12345u) / 65536 % 40;
		uint8_t *exact = malloc(size), *room = malloc(64);
		for (size_t k = 0; k < size; k++)
			exact[k] = (uint8_t)((seed = seed * 1103515245u + 12345u) >> 16);
		cr_assert_leq(smsc_lzs_unpack((smsc_span){ exact, size }, room, 0, 64), 64u);
		free(exact);
		free(room);
	}
}

Test(format_bkf_lzs, frames)
{
	uint8_t head[24] = { 0x46, 0x48, 0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 5, 0, 0, 0, 1, 0 };
	smsc_lzs_frame f;
	uint16_t sum = 0;
	for (int i = 0; i < 22; i += 2)
		sum ^= (uint16_t)(head[i] | head[i + 1] << 8);
	head[22] = (uint8_t)sum;
	head[23] = (uint8_t)(sum >> 8);
	cr_assert(smsc_lzs_frame_read((smsc_span){ head, 24 }, &f));
	cr_assert(f.size == 9 && f.packed == 5 && !f.stored);
	for (unsigned bit = 0; bit < 192; bit++) {
		head[bit / 8] ^= (uint8_t)(1u << bit % 8);
		cr_assert_not(smsc_lzs_frame_read((smsc_span){ head, 24 }, &f), "bit %u", bit);
		head[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	cr_assert_not(smsc_lzs_frame_read((smsc_span){ head, 23 }, &f));
}
