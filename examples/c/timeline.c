/* timeline.c - every event of some backups, in order of time.
 *
 *   cc timeline.c $(pkg-config --cflags --libs libsmscrypto) -o timeline
 *   ./timeline backup-1.zip backup-2/
 */
#include <stdio.h>
#include <smscrypto.h>

int main(int argc, char **argv)
{
	smsc_error *err = NULL;
	smsc_case *c = smsc_case_new(NULL, &err);
	for (int i = 1; i < argc; i++)
		smsc_case_add(c, argv[i], NULL, &err);
	smsc_case_analyze(c, NULL, NULL, &err);  /* errors stick: one check at the end will do */

	const smsc_event *e;
	for (size_t i = 0; !err && (e = smsc_case_event_at(c, i)); i++) {
		char time[29];
		smsc_time_format(smsc_event_time(e), time);
		printf("%s\t%s\t%s\t%s@%llu\n", time, smsc_event_kind(e), smsc_event_text(e),
		       smsc_event_path(e), (unsigned long long)smsc_event_offset(e));
	}
	int failed = err != NULL;
	if (err)
		fprintf(stderr, "%s: %s\n", smsc_error_path(err) ? smsc_error_path(err) : "timeline",
		        smsc_error_message(err));
	smsc_error_free(err);
	smsc_case_unref(c);
	return failed;
}
