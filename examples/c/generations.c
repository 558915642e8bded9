/* generations.c - the generations of every container: ./generations backup-1.zip backup-2/ */
#include <stdio.h>
#include <smscrypto.h>

static void print_key(const char *use, const smsc_key *k)
{
	smsc_span hash = k ? smsc_key_spki_sha256(k) : (smsc_span){ NULL, 0 };
	if (k)
		printf("\t%s\t%s %u ", use, smsc_key_algorithm(k), smsc_key_bits(k));
	else
		printf("\t%s\tnone", use);
	for (size_t i = 0; i < hash.size; i++)
		printf("%02x", ((const unsigned char *)hash.data)[i]);
	putchar('\n');
}

int main(int argc, char **argv)
{
	smsc_error *err = NULL;
	smsc_case *c = smsc_case_new(NULL, &err);
	for (int i = 1; i < argc; i++)
		smsc_case_add(c, argv[i], NULL, &err);
	smsc_case_analyze(c, NULL, NULL, &err);
	const smsc_generation *g;
	for (size_t i = 0; !err && (g = smsc_case_generation_at(c, i)); i++) {
		char created[29];
		smsc_time_format(smsc_generation_created(g), created);
		printf("%s\t%u\t%s\t%lld\t%s\t%s\n", smsc_generation_container(g),
		       smsc_generation_number(g), smsc_generation_state(g),
		       (long long)smsc_generation_size(g), created, smsc_generation_machine_guid(g));
		print_key("signature", smsc_generation_signature(g));
		print_key("exchange", smsc_generation_exchange(g));
	}
	int failed = err != NULL;
	smsc_error_free(err);
	smsc_case_unref(c);
	return failed;
}
