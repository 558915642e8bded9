/* match_open.c - the content of a message, when the evidence has the private key and the caller
 * asked that keys be kept. */
#include <string.h>

#include "../base/error.h"
#include "../crypto/cms.h"
#include "../format/unzlib.h"
#include "match.h"
#include "public_key.h"

#define MAX_CONTENT (256u << 20)

static int64_t number_of(smsc_span s)
{
	const uint8_t *b = s.data;
	int64_t n = 0;
	if (!s.size || s.size > 4)
		return -1;
	for (size_t i = 0; i < s.size; i++)
		n = n << 8 | b[i];
	return n;
}

static bool envelope_of(const smsc_match *m, smsc_envelope *out)
{
	const smsc_record *recipient = m->trust->record, *message = m->envelope;
	*out = (smsc_envelope){
		.key_algorithm = smsc_record_text(recipient, "key_algorithm"),
		.content_algorithm = smsc_record_text(message, "content_algorithm"),
		.encrypted_key = smsc_record_span(recipient, "encrypted_key"),
		.iv = smsc_record_span(message, "iv"), .content = smsc_record_span(message, "content"),
		.rc2_version = number_of(smsc_record_span(message, "rc2_version")),
	};
	return out->key_algorithm && out->content_algorithm && out->encrypted_key.size;
}

static int check(const smsc_match *m, smsc_error **err)
{
	const smsc_generation *g = m->trust->generation;
	if (!m->envelope)
		return smsc_fail(err, SMSC_EARG, m->evidence, -1, "it is no encrypted message");
	if (!(m->list->c->settings.allow & SMSC_ALLOW_EXPORT))
		return smsc_fail(err, SMSC_EARG, m->evidence, -1,
		                 "the use of private keys was not allowed before the analysis");
	if (!g || !g->keys[m->trust->which]->plain)
		return smsc_fail(err, SMSC_ECRYPTO, m->evidence, -1, "no private key for it: %s", m->text);
	return 0;
}

/* Bodies of SMS are packed before they are encrypted. */
static int give(const smsc_match *m, smsc_span plain, smsc_sink_fn *sink, void *user, smsc_error **err)
{
	smsc_buf out = SMSC_BUF_INIT;
	size_t used;
	smsc_unzlib_state state = smsc_unzlib_starts(plain) ? smsc_unzlib(plain, MAX_CONTENT, &out, &used)
	                                                    : SMSC_UNZLIB_DAMAGED;
	int done = 0;
	if (state == SMSC_UNZLIB_NOMEM || out.failed)
		done = smsc_fail_nomem(err);
	else if (state == SMSC_UNZLIB_LIMIT)
		done = smsc_fail(err, SMSC_ELIMIT, m->evidence, -1, "the content unpacks to more than 256 MiB");
	else if (state == SMSC_UNZLIB_DONE)
		plain = smsc_span_of(out.data, out.size);
	if (!done && sink(user, plain.data, plain.size))
		done = smsc_fail(err, SMSC_ECANCELLED, m->evidence, -1, "the output was stopped");
	smsc_buf_free(&out);
	return done;
}

int smsc_match_decrypt(const smsc_match *m, smsc_sink_fn *sink, void *user, smsc_error **err)
{
	smsc_envelope e;
	smsc_rsa key;
	smsc_why why = "the message is torn";
	if (smsc_failed(err) || check(m, err) < 0)
		return -1;
	smsc_secret *plain = m->trust->generation->keys[m->trust->which]->plain;
	bool good = envelope_of(m, &e) &&
	            smsc_rsa_of_bsafe(smsc_span_of(smsc_secret_data(plain), smsc_secret_size(plain)), &key);
	smsc_secret *content = good ? smsc_envelope_open(&e, &key, why) : NULL;
	if (!content && smsc_ran_out(why))
		return smsc_fail_nomem(err);
	if (!content)
		return smsc_fail(err, SMSC_ECRYPTO, m->evidence, -1, "%s", why);
	int done = give(m, smsc_span_of(smsc_secret_data(content), smsc_secret_size(content)), sink, user, err);
	smsc_secret_free(content);
	return done;
}
