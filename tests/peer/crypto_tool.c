/* crypto_tool.c - the crypto room at a pipe, so that scripts can hold it against known answers
 * and other programs.  A line "op hex hex ..." ("-" for empty) in, a line of hex out, or
 * "! reason".  Prints secrets: for tests only, never installed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "crypto/cipher.h"
#include "crypto/cng.h"
#include "crypto/domain_key.h"
#include "crypto/dpapi.h"
#include "crypto/dsa.h"
#include "crypto/export.h"
#include "crypto/hash.h"
#include "crypto/lsa.h"
#include "crypto/rsa.h"

enum { ARGS = 12, MAX_ROUNDS = 100000 };
static smsc_span arg[ARGS];
static smsc_why why;

static smsc_span unhex(char *text)
{
	size_t n = strcmp(text, "-") ? strlen(text) / 2 : 0;
	uint8_t *out = malloc(n + 1);
	for (size_t i = 0; out && i < n; i++)
		out[i] = (uint8_t)(smsc_hex_digit(text[2 * i]) << 4 | smsc_hex_digit(text[2 * i + 1]));
	return (smsc_span){ out, n };
}

static uint32_t number(int i)
{
	uint32_t v = 0;
	for (size_t j = 0; j < arg[i].size; j++)
		v = v << 8 | ((const uint8_t *)arg[i].data)[j];
	return v;
}

static smsc_secret *byte(int value)
{
	return smsc_secret_copy(&(uint8_t){ (uint8_t)value }, 1);
}

static smsc_secret *because(const char *reason)
{
	snprintf(why, SMSC_WHY, "%s", reason);
	return NULL;
}

/* ---- DPAPI ---- */

static smsc_secret *op_slot(void)  /* rounds hash cipher salt data prekey size */
{
	smsc_slot s = { number(0), number(1), number(2), arg[3], arg[4] };
	return smsc_slot_open(&s, arg[5], number(6), MAX_ROUNDS, why);
}

static smsc_secret *op_prekey(void)  /* form password sid */
{
	return smsc_user_prekey((smsc_user_form)number(0), arg[1], arg[2], why);
}

/* cipher bits hash salt aux nonce data sign signed key-sha1 entropy password */
static smsc_blob blob(void)
{
	return (smsc_blob){ number(0), number(1), number(2), arg[3], arg[4], arg[5], arg[6], arg[7], arg[8], arg[11] };
}

static bool looks_right(smsc_span plain)
{
	const uint8_t *p = plain.data;
	smsc_rsa k;
	for (size_t i = 0; i < plain.size; i++)
		if (plain.size != 4 && (p[i] < ' ' || p[i] > '~'))
			return smsc_rsa_of_bsafe(plain, &k);
	return plain.size != 4 || (p[0] <= 1 && !p[1] && !p[2] && !p[3]);
}

static smsc_secret *op_blob(void)
{
	smsc_blob b = blob();
	return smsc_blob_open(&b, arg[9], arg[10], looks_right, why);
}

static smsc_secret *op_damaged(void)  /* as blob: 1 or 0 */
{
	smsc_blob b = blob();
	smsc_secret *opened = smsc_blob_open(&b, arg[9], arg[10], looks_right, why);
	smsc_secret_free(opened);
	return byte(!opened && smsc_why_is_damage(why));
}

static smsc_secret *op_domain(void)  /* version secret access backup-key */
{
	smsc_domain_slot slot = { number(0), arg[1], arg[2] };
	smsc_rsa backup;
	return smsc_backup_key_read(arg[3], &backup, why) ? smsc_domain_slot_open(&slot, &backup, why) : NULL;
}

/* ---- LSA ---- */

static smsc_secret *with_key(smsc_secret *(*open)(smsc_span, const smsc_secret *, smsc_why))
{
	smsc_secret *key = smsc_secret_copy(arg[1].data, arg[1].size);
	smsc_secret *out = open(arg[0], key, why);
	smsc_secret_free(key);
	return out;
}

static smsc_secret *op_bootkey(void) { return smsc_boot_key(arg[0], why); }
static smsc_secret *op_lsa5(void)    { return with_key(smsc_lsa_key_nt5); }
static smsc_secret *op_lsa6(void)    { return with_key(smsc_lsa_key_nt6); }
static smsc_secret *op_secret5(void) { return with_key(smsc_lsa_secret_nt5); }
static smsc_secret *op_secret6(void) { return with_key(smsc_lsa_secret_nt6); }

/* ---- private keys ---- */

static smsc_secret *op_rsa(void)  /* plain public-modulus exponent: the state */
{
	smsc_rsa k;
	return byte(smsc_rsa_of_bsafe(arg[0], &k) ? smsc_rsa_check(&k, arg[1], number(2)) : SMSC_KEY_DAMAGED);
}

static smsc_secret *op_dsa(void)  /* public plain: the state */
{
	smsc_dsa k;
	return byte(smsc_dsa_of_container(arg[0], arg[1], &k) ? smsc_dsa_check(&k) : SMSC_KEY_DAMAGED);
}

static smsc_secret *op_cng(void)  /* plain public: the state, the name of the algorithm */
{
	smsc_cng k;
	smsc_buf out = SMSC_BUF_INIT;
	if (!smsc_cng_read(arg[0], &k))
		return because("no CNG key that is known");
	smsc_buf_char(&out, (char)smsc_cng_check(arg[0], arg[1]));
	smsc_buf_str(&out, k.algorithm);
	smsc_secret *s = smsc_secret_copy(out.data, out.size);
	smsc_buf_free(&out);
	return s;
}

static smsc_secret *export(const smsc_private_key *k, const char *kind)
{
	/* No passphrase, rather than an empty one. */
	smsc_span passphrase = { arg[4].size ? arg[4].data : NULL, arg[4].size };
	if (!strcmp(kind, "blob"))
		return smsc_export_blob(k, why);
	if (!strcmp(kind, "pem"))
		return smsc_export_pem(k, passphrase, why);
	if (!strcmp(kind, "pvk"))
		return smsc_export_pvk(k, passphrase, why);
	return smsc_export_pfx(k, arg[5], passphrase, why);
}

/* What the plaintext is: a BSAFE or CNG RSA key, or the x of a DSS key whose public part is given. */
static smsc_secret *op_export(void)  /* kind exchange plain public passphrase certificate */
{
	smsc_rsa rsa;
	smsc_dsa dsa;
	smsc_secret *room = NULL;
	char kind[8] = "";
	smsc_private_key k = { NULL, NULL, number(1) != 0 };
	memcpy(kind, arg[0].data, arg[0].size < 7 ? arg[0].size : 7);
	if (arg[3].size)
		k.dsa = smsc_dsa_of_container(arg[3], arg[2], &dsa) ? &dsa : NULL;
	else if (smsc_rsa_of_bsafe(arg[2], &rsa) || smsc_rsa_of_bcrypt(arg[2], &rsa, &room) == 1)
		k.rsa = &rsa;
	smsc_secret *out = k.rsa || k.dsa ? export(&k, kind) : because("no private key");
	smsc_secret_free(room);
	return out;
}

static smsc_secret *op_decrypt(void)  /* algorithm key iv in */
{
	const smsc_cipher *c = smsc_cipher_of(number(0));
	smsc_secret *out = smsc_secret_new(arg[3].size);
	const char *refused = c ? smsc_cipher_decrypt(c, arg[1], arg[2].size ? arg[2].data : NULL, arg[3],
	                                              smsc_secret_data(out)) : "no such cipher";
	if (!refused)
		return out;
	smsc_secret_free(out);
	return because(refused);
}

/* ---- the pipe ---- */

static const struct {
	const char *name;
	smsc_secret *(*run)(void);
} ops[] = {
	{ "slot", op_slot }, { "prekey", op_prekey }, { "blob", op_blob }, { "damaged", op_damaged },
	{ "domain", op_domain }, { "bootkey", op_bootkey }, { "lsa5", op_lsa5 }, { "lsa6", op_lsa6 },
	{ "secret5", op_secret5 }, { "secret6", op_secret6 }, { "rsa", op_rsa }, { "dsa", op_dsa },
	{ "cng", op_cng }, { "export", op_export }, { "decrypt", op_decrypt },
};

static smsc_secret *run(const char *op)
{
	for (size_t i = 0; i < sizeof ops / sizeof *ops; i++)
		if (!strcmp(op, ops[i].name))
			return ops[i].run();
	return because("no such operation");
}

static void answer(smsc_secret *out)
{
	smsc_buf text = SMSC_BUF_INIT;
	if (out)
		smsc_buf_hex(&text, smsc_secret_data(out), smsc_secret_size(out));
	printf("%s%s\n", out ? "" : "! ", out ? (text.data ? text.data : "") : why);
	fflush(stdout);
	smsc_buf_free(&text);
	smsc_secret_free(out);
}

int main(void)
{
	char *line = NULL;
	size_t room = 0;
	while (getline(&line, &room, stdin) > 0) {
		char *save = NULL, *op = strtok_r(line, " \n", &save), *word;
		int n = 0;
		memset(arg, 0, sizeof arg);
		memset(why, 0, sizeof why);
		while (n < ARGS && (word = strtok_r(NULL, " \n", &save)))
			arg[n++] = unhex(word);
		answer(run(op ? op : ""));
		while (n--)
			free((void *)(uintptr_t)arg[n].data);
	}
	free(line);
	return 0;
}
