/* glue.h - how Perl spells text, bytes, times, options, errors and callbacks.
 *          Every SV that is made here is mortal; what is wrong dies at once, since nothing
 *          but mortal SVs would be left behind. */
#ifndef SMSC_PERL_GLUE_H
#define SMSC_PERL_GLUE_H

#include <EXTERN.h>
#include <perl.h>
#include <XSUB.h>

#include <stdbool.h>
#include <smscrypto.h>

SV *pl_text(pTHX_ const char *s);                     /* characters; NULL: undef   */
SV *pl_bytes(pTHX_ smsc_span s);
SV *pl_time(pTHX_ smsc_time t);                       /* dualvar, or undef         */
SV *pl_local(pTHX_ smsc_time t);                      /* the same without the Z    */
SV *pl_known(pTHX_ int64_t value, int64_t unknown);   /* undef if not known        */
SV *pl_flag(pTHX_ int value);                         /* undef if below 0          */
SV *pl_row(pTHX_ const smsc_row *row);                /* a plain hash              */
SV *pl_field(pTHX_ const smsc_field *f, SV *value);   /* a plain hash              */

const char *pl_take_path(pTHX_ SV *sv);
const char *pl_take_text(pTHX_ SV *sv);
smsc_time   pl_take_time(pTHX_ SV *sv);
SV         *pl_take_code(pTHX_ SV *sv, const char *what);
void        pl_take_options(pTHX_ SV *sv, smsc_options *out);
void        pl_take_row(pTHX_ SV *sv, smsc_row *out);

/* Dies with an SMSCrypto::Error and frees it; what a callback died of comes first. */
void pl_raise(pTHX_ smsc_error *e);

int pl_progress(void *user, const char *stage, uint64_t done, uint64_t total);
int pl_sink(void *user, const void *data, size_t size);

/* A source over a copy of the bytes, which lives as long as it does. */
smsc_source *pl_memory(pTHX_ const char *name, SV *data, const smsc_options *options,
                       smsc_error **err);

#endif
