/* facts.c - what an analysis learned of a source. */
#include <string.h>

#include "source.h"

static bool keep(smsc_arena *arena, const char **to, const char *text)
{
	*to = text ? smsc_arena_text(arena, text, strlen(text)) : NULL;
	return *to || !text;
}

int smsc_source_set_facts(smsc_source *s, const char *machine_guid, const char *computer,
                          const char *system, smsc_error **err)
{
	if (!s->kept)
		s->kept = smsc_arena_new();
	if (s->kept && keep(s->kept, &s->machine_guid, machine_guid) &&
	    keep(s->kept, &s->computer, computer) && keep(s->kept, &s->system, system))
		return 0;
	return smsc_fail_nomem(err);
}

const char *smsc_source_machine_guid(const smsc_source *s) { return s->machine_guid; }
const char *smsc_source_computer(const smsc_source *s)     { return s->computer; }
const char *smsc_source_system(const smsc_source *s)       { return s->system; }
