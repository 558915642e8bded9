/* export.c - one private key out, for its owner alone. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "command.h"

static bool is_wanted(const smsc_generation *g, const request *q)
{
	return (strcasecmp(smsc_generation_container(g), q->container) == 0 ||
	        strcasecmp(smsc_generation_file_hash(g), q->container) == 0) &&
	       (!q->generation || smsc_generation_number(g) == q->generation);
}

/* The one that was named; NULL after saying why there is none. */
static const smsc_generation *find(const smsc_case *c, const request *q)
{
	const smsc_generation *found = NULL;
	size_t count = 0;
	for (size_t i = 0; i < smsc_case_generation_count(c); i++) {
		const smsc_generation *g = smsc_case_generation_at(c, i);
		if (!is_wanted(g, q))
			continue;
		found = g;
		count++;
	}
	if (count == 1)
		return found;
	if (!count)
		say(q->container, -1, "there is no such generation; see 'smscrypto keys'");
	else
		say(q->container, -1, "has %zu generations like that; %s", count,
		    q->generation ? "leave out the source of the others" : "choose one with --generation");
	return NULL;
}

static int write_key(output *o, const smsc_case *c, const request *q, smsc_error **err)
{
	const smsc_generation *g = find(c, q);
	char *passphrase = g ? passphrase_text(q->passphrase) : NULL;
	if (passphrase)
		smsc_generation_export(g, q->key, q->format, passphrase, output_put, o, err);
	secret_free(passphrase);
	o->useless = !passphrase || *err;
	return STATUS_DONE;
}

static int incomplete(const char *option)
{
	say(NULL, -1, "export needs %s; see 'smscrypto help export'", option);
	return STATUS_USAGE;
}

int run_export(const request *q)
{
	if (!q->container)
		return incomplete("--container");
	if (!q->key)
		return incomplete("--key");
	if (!q->passphrase)
		return incomplete("--passphrase (an empty one leaves the key in the clear)");
	request asked = *q;
	asked.options.allow |= SMSC_ALLOW_EXPORT;
	asked.owner_only = true;
	return case_run(&asked, write_key);
}
