/* which_key.c - which key did a container hold at a time, and which files hold it?
 *
 *   ./which_key SMS 2005-01-07T22:00Z backup-1.zip backup-2/
 */
#include <stdio.h>
#include <smscrypto.h>

int main(int argc, char **argv)
{
	smsc_error *err = NULL;
	smsc_case *c = smsc_case_new(NULL, &err);
	for (int i = 3; i < argc; i++)
		smsc_case_add(c, argv[i], NULL, &err);
	smsc_case_analyze(c, NULL, NULL, &err);
	if (err) {
		fprintf(stderr, "which_key: %s\n", smsc_error_message(err));
		smsc_error_free(err);
		smsc_case_unref(c);
		return 1;
	}
	const smsc_generation *g = argc > 3
		? smsc_case_key_when(c, argv[1], smsc_time_parse(argv[2])) : NULL;
	if (g)
		printf("%s generation %u, %s\n", smsc_generation_container(g),
		       smsc_generation_number(g), smsc_generation_state(g));
	else
		puts("not known");
	for (size_t i = 0; g && i < smsc_generation_file_count(g); i++)
		printf("%s\t%s\n", smsc_source_label(smsc_generation_file_source(g, i)),
		       smsc_generation_file_path(g, i));
	smsc_case_unref(c);
	return g == NULL;
}
