/* lsa_tool.c - SYSTEM and SECURITY of one machine in, "boot HEX", "lsa HEX" and a line
 * "NAME current old" for each LSA secret out ("-": none, "!": not opened), so that scripts can
 * hold them against known answers.  Prints secrets: for tests only, never installed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../sample.h"
#include "crypto/lsa.h"
#include "format/regf.h"

static void print_secret(const char *lead, smsc_secret *s, const char *otherwise)
{
	smsc_buf hex = SMSC_BUF_INIT;
	if (s)
		smsc_buf_hex(&hex, smsc_secret_data(s), smsc_secret_size(s));
	printf("%s%s", lead, !s ? otherwise : hex.size ? hex.data : "-");
	smsc_buf_free(&hex);
}

static smsc_secret *boot_key(smsc_hive *system)
{
	static const char *const names[] = { "JD", "Skew1", "GBG", "Data" };
	smsc_hive_key k;
	smsc_hive_value v;
	uint8_t classes[64];
	smsc_why why;
	unsigned set = smsc_hive_find(system, NULL, "Select", &k) &&
	               smsc_hive_value_find(system, &k, "Current", &v) ? smsc_hive_value_u32(&v, 1) : 1;
	for (size_t i = 0; i < 4; i++) {
		char path[64];
		snprintf(path, sizeof path, "ControlSet%03u\\Control\\Lsa\\%s", set % 1000, names[i]);
		if (!smsc_hive_find(system, NULL, path, &k) || k.class_name.size != 16)
			return NULL;
		memcpy(classes + 16 * i, k.class_name.data, 16);
	}
	return smsc_boot_key(smsc_span_of(classes, sizeof classes), why);
}

typedef struct secrets {
	smsc_hive   *hive;
	smsc_secret *lsa;
	smsc_buf     room;
} secrets;

static smsc_secret *open_value(secrets *s, const smsc_hive_key *k, const char *name, bool *there)
{
	smsc_hive_key sub;
	smsc_hive_value v;
	smsc_why why;
	*there = smsc_hive_find(s->hive, k, name, &sub) && smsc_hive_value_find(s->hive, &sub, "", &v) && v.size;
	return *there ? smsc_lsa_secret_nt5(smsc_hive_value_data(s->hive, &v, &s->room), s->lsa, why) : NULL;
}

static bool each_secret(void *user, const smsc_hive_key *k, unsigned depth)
{
	secrets *s = user;
	smsc_buf name = SMSC_BUF_INIT;
	bool has_current, has_old;
	(void)depth;
	smsc_hive_name(&name, k->name, k->latin);
	smsc_secret *current = open_value(s, k, "CurrVal", &has_current), *old = open_value(s, k, "OldVal", &has_old);
	printf("%s", name.data);
	print_secret("\t", current, has_current ? "!" : "-");
	print_secret("\t", old, has_old ? "!" : "-");
	putchar('\n');
	smsc_secret_free(current);
	smsc_secret_free(old);
	smsc_buf_free(&name);
	return true;
}

int main(int argc, char **argv)
{
	if (argc != 3)
		return 2;
	smsc_span files[2] = { sample_load(argv[1]), sample_load(argv[2]) };
	smsc_hive system, security;
	smsc_hive_key k;
	smsc_hive_value v;
	smsc_why why = "";
	if (!smsc_hive_open(&system, files[0], NULL, NULL) || !smsc_hive_open(&security, files[1], NULL, NULL))
		return 1;
	smsc_secret *boot = boot_key(&system);
	secrets s = { .hive = &security };
	if (boot && smsc_hive_find(&security, NULL, "Policy\\PolSecretEncryptionKey", &k) &&
	    smsc_hive_value_find(&security, &k, "", &v))
		s.lsa = smsc_lsa_key_nt5(smsc_hive_value_data(&security, &v, &s.room), boot, why);
	print_secret("boot ", boot, "!");
	print_secret("\nlsa ", s.lsa, "!");
	putchar('\n');
	if (s.lsa && smsc_hive_find(&security, NULL, "Policy\\Secrets", &k))
		smsc_hive_subkeys(&security, &k, each_secret, &s);
	smsc_secret_free(boot);
	smsc_secret_free(s.lsa);
	smsc_buf_free(&s.room);
	sample_free(files[0]);
	sample_free(files[1]);
	return 0;
}
