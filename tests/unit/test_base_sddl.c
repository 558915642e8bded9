/* test_base_sddl.c - security descriptors as Windows writes them in words. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/sddl.h"

TestSuite(base_sddl);

static size_t unhex(const char *hex, uint8_t *out)
{
	size_t n = 0;
	for (; hex[0] && hex[1]; hex += 2) {
		unsigned byte;
		sscanf(hex, "%2x", &byte);
		out[n++] = (uint8_t)byte;
	}
	return n;
}

static void expect(const char *hex, const char *text)
{
	uint8_t bytes[512];
	size_t size = unhex(hex, bytes);
	smsc_buf out = SMSC_BUF_INIT;
	cr_assert(smsc_sddl_add(&out, (smsc_span){ bytes, size }), "%s", text);
	cr_assert_str_eq(out.data, text);
	smsc_buf_free(&out);
}

/* The bytes follow [MS-DTYP] 2.4.6; the words are those of the rights in 2.5.1. */
Test(base_sddl, words)
{
	/* Owner and group BA, DACL: SY may all. */
	expect("0100048014000000240000000000000034000000"
	       "01020000000000052000000020020000" "01020000000000052000000020020000"
	       "02001c0001000000" "00001400ff011f00010100000000000512000000",
	       "O:BAG:BAD:(A;;FA;;;SY)");
	/* Protected, inherited: (A;OICI;read and execute;WD), (D;IO;write;a user). */
	expect("0100041400000000000000000000000014000000"
	       "0200400002000000" "00031400a9001200010100000000000100000000"
	       "010824001601120001050000000000051500000001000000020000000300000" "0e9030000",
	       "D:PAI(A;OICI;0x1200a9;;;WD)(D;IO;FW;;;S-1-5-21-1-2-3-1001)");
	/* A SACL: audit failures to delete. */
	expect("0100108000000000000000001400000000000000"
	       "02001c0001000000" "02801400000001000101000000000005" "0b000000",
	       "S:(AU;FA;SD;;;AU)");
	/* A list that is present but is not there. */
	expect("0100048000000000000000000000000000000000", "D:NO_ACCESS_CONTROL");
}

/* Cut anywhere, with any byte turned: never a crash, and text that ends. */
Test(base_sddl, torn)
{
	uint8_t whole[128], copy[128];
	size_t size = unhex("0100048014000000240000000000000034000000"
	                    "01020000000000052000000020020000" "01020000000000052000000020020000"
	                    "02001c0001000000" "00001400ff011f00010100000000000512000000", whole);
	for (size_t cut = 0; cut < size; cut++) {
		smsc_buf out = SMSC_BUF_INIT;
		uint8_t *exact = malloc(cut ? cut : 1);
		memcpy(exact, whole, cut);
		cr_assert_not(smsc_sddl_add(&out, (smsc_span){ exact, cut }), "cut at %zu", cut);
		smsc_buf_free(&out);
		free(exact);
	}
	for (size_t bit = 0; bit < size * 8; bit++) {
		smsc_buf out = SMSC_BUF_INIT;
		memcpy(copy, whole, size);
		copy[bit / 8] ^= (uint8_t)(1u << bit % 8);
		smsc_sddl_add(&out, (smsc_span){ copy, size });
		smsc_buf_free(&out);
	}
}
