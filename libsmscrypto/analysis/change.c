/* change.c - in words and bytes, how a generation differs from the one before it.  All sizes
 * come from the headers: which sizes a system writes is its own affair. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "generation.h"
#include "keep.h"

const char *smsc_pair_name(int which)
{
	return which == SMSC_SIGNATURE ? "AT_SIGNATURE" : "AT_KEYEXCHANGE";
}

const char *smsc_pair_loss(int which)
{
	return which == SMSC_SIGNATURE ?
		"what this machine signs with it fails: CRYPT_E_NO_KEY_PROPERTY (0x8009200b)" :
		"what others encrypt to it cannot be read: NTE_NO_KEY (0x8009000d)";
}

void smsc_number_text(smsc_buf *out, int64_t number)
{
	char digits[24];
	int size = snprintf(digits, sizeof(digits), "%" PRId64, number);
	for (int i = 0; i < size; i++) {
		if (i && digits[i - 1] != '-' && (size - i) % 3 == 0)
			smsc_buf_char(out, ',');
		smsc_buf_char(out, digits[i]);
	}
}

void smsc_pair_sizes(smsc_buf *out, const smsc_key *k)
{
	smsc_number_text(out, k->public_size);
	smsc_buf_str(out, " + ");
	smsc_number_text(out, k->private_size);
	smsc_buf_str(out, " + ");
	smsc_number_text(out, k->flag_size);
}

static int64_t pair_size(const smsc_key *k)
{
	return k ? k->public_size + k->private_size + k->flag_size : 0;
}

static void put_size(smsc_buf *out, int64_t difference, unsigned than)
{
	if (!difference) {
		smsc_buf_str(out, "the size is the same");
		return;
	}
	smsc_number_text(out, difference < 0 ? -difference : difference);
	smsc_buf_printf(out, " bytes %s than generation %u", difference < 0 ? "smaller" : "larger", than);
}

/* "one 1024-bit AT_KEYEXCHANGE pair is missing: 156 + 842 + 168" */
static void put_pair(smsc_buf *out, const smsc_key *k, int which, const char *verb)
{
	smsc_buf_printf(out, "one %u-bit %s pair %s: ", k->bits, smsc_pair_name(which), verb);
	smsc_pair_sizes(out, k);
}

static void put_same_size_pairs(smsc_buf *out, const smsc_generation *g, int which)
{
	const smsc_key *now = g->keys[which], *old = g->before->keys[which];
	const char *name = which == SMSC_SIGNATURE ? "signature" : "exchange";
	int64_t difference = pair_size(now) - pair_size(old);
	smsc_buf_printf(out, "; the %s key pair is new", name);
	if (!difference)
		return;
	smsc_buf_str(out, " and ");
	smsc_number_text(out, difference < 0 ? -difference : difference);
	smsc_buf_printf(out, " bytes %s", difference < 0 ? "smaller" : "larger");
}

static bool replaced(const smsc_generation *g, int which)
{
	return g->keys[which] && g->before->keys[which] &&
		!smsc_key_same(g->keys[which], g->before->keys[which]);
}

/* What the pairs that came and went do not explain: another spelling of the name, bytes
 * that belong to nothing. */
static int64_t unexplained(const smsc_generation *g, int64_t difference)
{
	for (int which = 0; which < 2; which++)
		difference -= pair_size(g->keys[which]) - pair_size(g->before->keys[which]);
	return difference;
}

static void put_pairs(smsc_buf *out, const smsc_generation *g)
{
	const char *lead = ": ";
	for (int which = 0; which < 2; which++) {
		const smsc_key *now = g->keys[which], *old = g->before->keys[which];
		if (!now == !old)
			continue;
		smsc_buf_str(out, lead);
		put_pair(out, now ? now : old, which, now ? "more" : "is missing");
		lead = "; ";
	}
	for (int which = 0; which < 2; which++)
		if (replaced(g, which))
			put_same_size_pairs(out, g, which);
}

/* The same public keys say nothing of the private halves beside them. */
static void put_lost_halves(smsc_buf *out, const smsc_generation *g)
{
	for (int which = 0; which < 2; which++) {
		const smsc_key *now = g->keys[which], *old = g->twin->keys[which];
		if (now && strcmp(now->proof, old->proof))
			smsc_buf_printf(out, "; the private half of %s is %s, not %s", smsc_pair_name(which),
			                now->proof, old->proof);
	}
}

static void describe(smsc_buf *out, const smsc_generation *g)
{
	const smsc_generation *old = g->before;
	int64_t difference = g->size - old->size;
	if (g->twin) {
		smsc_buf_printf(out, "the keys of generation %u %s", g->twin->number,
		                strcmp(g->guid, g->twin->guid) ? "under another MachineGuid" : "again");
		put_lost_halves(out, g);
		return;
	}
	if (!difference && replaced(g, SMSC_SIGNATURE) && replaced(g, SMSC_EXCHANGE)) {
		smsc_buf_str(out, "both key pairs are new; the size is the same");
		return;
	}
	put_size(out, difference, old->number);
	put_pairs(out, g);
	int64_t rest = unexplained(g, difference);
	if (rest) {
		smsc_buf_str(out, "; ");
		smsc_number_text(out, rest < 0 ? -rest : rest);
		smsc_buf_printf(out, " bytes %s elsewhere", rest < 0 ? "fewer" : "more");
	}
}

void smsc_generation_describe(smsc_generation *g)
{
	smsc_buf text = SMSC_BUF_INIT;
	describe(&text, g);
	g->change = smsc_keep_text(g->arena, &text);
}
