/* knowledge_get.c - the knowledge base as the public header shows it. */
#include <string.h>

#include "knowledge.h"

static const smsc_known *find(const char *id)
{
	const smsc_known *k;

	for (size_t i = 0; id && (k = smsc_known_at(i)); i++)
		if (!strcmp(k->id, id))
			return k;
	return NULL;
}

const char *smsc_knowledge_at(size_t i)
{
	const smsc_known *k = smsc_known_at(i);
	return k ? k->id : NULL;
}

const char *smsc_knowledge_text(const char *id)
{
	const smsc_known *k = find(id);
	return k ? k->text : NULL;
}

const char *smsc_knowledge_component(const char *id)
{
	const smsc_known *k = find(id);
	return k ? k->component : NULL;
}

const char *smsc_knowledge_kind(const char *id)
{
	const smsc_known *k = find(id);
	return k ? k->kind : NULL;
}

int smsc_knowledge_severity(const char *id)
{
	const smsc_known *k = find(id);
	return k ? k->severity : -1;
}

const char *smsc_knowledge_meaning(const char *id)
{
	const smsc_known *k = find(id);
	return k ? k->meaning : NULL;
}

const char *smsc_knowledge_container(const char *id)
{
	const smsc_known *k = find(id);
	return !k ? NULL : k->role ? k->role : "";
}
