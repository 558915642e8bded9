/* export.c - the only way a private key leaves. */
#include "../crypto/export.h"

#include <string.h>

#include "../base/error.h"
#include "../base/secret.h"
#include "case.h"

typedef struct order {
	const char *format;
	smsc_span   passphrase;        /* no data: in the clear */
	smsc_span   certificate;       /* of a PFX */
	bool        exchange;
} order;

/* ---- what was asked for ---- */

static int check_passphrase(order *o, const char *passphrase, smsc_error **err)
{
	bool locks = strcmp(o->format, "blob") != 0;
	if (!passphrase)
		return smsc_fail(err, SMSC_EARG, NULL, -1,
		                 "a private key needs a passphrase; an empty one says that it shall leave in the clear");
	if (!*passphrase && !strcmp(o->format, "pfx"))
		return smsc_fail(err, SMSC_EARG, NULL, -1, "a PFX is always encrypted: give a passphrase");
	if (*passphrase && !locks)
		return smsc_fail(err, SMSC_EARG, NULL, -1,
		                 "a PRIVATEKEYBLOB cannot be encrypted: give an empty passphrase, or choose pem or pvk");
	if (*passphrase)
		o->passphrase = (smsc_span){ passphrase, strlen(passphrase) };
	return 0;
}

static int check_format(order *o, const char *format, smsc_error **err)
{
	static const char *const formats[] = { "pem", "pvk", "blob", "pfx" };
	for (size_t i = 0; format && i < sizeof formats / sizeof *formats; i++)
		if (!strcmp(format, formats[i]))
			o->format = formats[i];
	if (o->format)
		return 0;
	return smsc_fail(err, SMSC_EARG, NULL, -1, "a private key is exported as pem, pvk, blob or pfx");
}

static int check_use(order *o, const char *key, smsc_error **err)
{
	o->exchange = key && !strcmp(key, "exchange");
	if (o->exchange || (key && !strcmp(key, "signature")))
		return 0;
	return smsc_fail(err, SMSC_EARG, NULL, -1, "a generation has the keys signature and exchange");
}

/* ---- the key ---- */

static int check_key(const smsc_generation *g, const smsc_key *k, const char *use, smsc_error **err)
{
	if (!g->may_export)
		return smsc_fail(err, SMSC_EARG, NULL, -1,
		                 "the export of private keys was not allowed before the analysis");
	if (!k)
		return smsc_fail(err, SMSC_ECRYPTO, NULL, -1, "%s: generation %u has no %s key", g->container, g->number, use);
	if (strcmp(k->proof, "private-verified"))
		return smsc_fail(err, SMSC_ECRYPTO, NULL, -1, "%s: the %s key of generation %u is %s%s%s", g->container, use,
		                 g->number, k->proof, *k->reason ? ": " : "", k->reason);
	return k->plain ? 0 : smsc_fail_nomem(err);
}

/* Of several the newest: it is the one that was in use last. */
static const smsc_certificate *certificate_of(const smsc_generation *g, int which)
{
	const smsc_certificate *best = NULL;
	for (size_t i = 0; i < g->certificate_count[which]; i++)
		if (!best || g->certificates[which][i]->not_before > best->not_before)
			best = g->certificates[which][i];
	return best;
}

static int check_certificate(order *o, const smsc_generation *g, const char *use, smsc_error **err)
{
	const smsc_certificate *x = certificate_of(g, o->exchange ? SMSC_EXCHANGE : SMSC_SIGNATURE);
	if (strcmp(o->format, "pfx"))
		return 0;
	if (!x)
		return smsc_fail(err, SMSC_EARG, NULL, -1, "a PFX needs the certificate of the key, and the evidence has none "
		                 "for the %s key of generation %u of %s", use, g->number, g->container);
	o->certificate = x->der;
	return 0;
}

static smsc_secret *write_key(const smsc_key *k, const order *o, smsc_why why)
{
	smsc_span plain = { smsc_secret_data(k->plain), smsc_secret_size(k->plain) };
	smsc_rsa rsa;
	smsc_dsa dsa;
	smsc_private_key key = { .exchange = o->exchange };
	if (smsc_rsa_of_bsafe(plain, &rsa))
		key.rsa = &rsa;
	else if (smsc_dsa_of_container(k->public_part, plain, &dsa))
		key.dsa = &dsa;
	else
		return NULL;
	if (!strcmp(o->format, "pem"))
		return smsc_export_pem(&key, o->passphrase, why);
	if (!strcmp(o->format, "pvk"))
		return smsc_export_pvk(&key, o->passphrase, why);
	if (!strcmp(o->format, "pfx"))
		return smsc_export_pfx(&key, o->certificate, o->passphrase, why);
	return smsc_export_blob(&key, why);
}

int smsc_generation_export(const smsc_generation *g, const char *key, const char *format,
                           const char *passphrase, smsc_sink_fn *sink, void *user, smsc_error **err)
{
	order o = { .format = NULL };
	smsc_why why = "no key of a known form";
	if (smsc_failed(err))
		return -1;
	if (check_use(&o, key, err) < 0 || check_format(&o, format, err) < 0 ||
	    check_passphrase(&o, passphrase, err) < 0)
		return -1;
	const smsc_key *k = g->keys[o.exchange ? SMSC_EXCHANGE : SMSC_SIGNATURE];
	if (check_key(g, k, key, err) < 0 || check_certificate(&o, g, key, err) < 0)
		return -1;
	smsc_secret *out = write_key(k, &o, why);
	if (!out)
		return smsc_ran_out(why) ? smsc_fail_nomem(err) : smsc_fail(err, SMSC_ECRYPTO, NULL, -1, "%s", why);
	int stopped = sink(user, smsc_secret_data(out), smsc_secret_size(out));
	smsc_secret_free(out);
	return stopped ? smsc_fail(err, SMSC_ECANCELLED, NULL, -1, "the export was cancelled") : 0;
}
