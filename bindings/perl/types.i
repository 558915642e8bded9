/* perl/types.i - how Perl spells what C passes; the C behind it is in glue.c. */
%header %{
#include "glue.h"

static SV *new_object(void *p, swig_type_info *type)
{
	dTHX;

	return p ? SWIG_NewPointerObj(p, type, SWIG_POINTER_OWN | SWIG_SHADOW) : sv_newmortal();
}

static void *take_object(SV *sv, swig_type_info *type, const char *name)
{
	dTHX;
	void *p = NULL;

	if (!SWIG_IsOK(SWIG_ConvertPtr(sv, &p, type, 0)) || !p)
		croak("an SMSCrypto::%s is wanted", name);
	return p;
}

static void release_object(void *o)
{
	dTHX;

	SvREFCNT_dec((SV *)o);
}

static SV *field_of(const smsc_field *f)
{
	dTHX;

	switch (f->type) {
	case SMSC_INT:    return pl_field(aTHX_ f, sv_2mortal(newSViv((IV)f->as.number)));
	case SMSC_TIME:   return pl_field(aTHX_ f, pl_time(aTHX_ f->as.time));
	case SMSC_TEXT:   return pl_field(aTHX_ f, pl_text(aTHX_ f->as.text));
	case SMSC_BYTES:  return pl_field(aTHX_ f, pl_bytes(aTHX_ f->as.span));
	case SMSC_RECORD: return pl_field(aTHX_ f, new_object(smsc_record_ref(f->as.record),
	                                                      SWIGTYPE_p_smsc_record));
	default:          return pl_field(aTHX_ f, sv_newmortal());
	}
}

static Report *report_new(const char *format, bool color, smsc_sink_fn *sink, SV *user,
                          smsc_error **err)
{
	dTHX;
	Report *r = calloc(1, sizeof *r);

	if (!r)
		croak("no memory");
	r->report = smsc_report_new(format, color ? SMSC_COLOR : 0, sink, user, err);
	if (!r->report) {
		free(r);
		return NULL;
	}
	r->sink = SvREFCNT_inc(user);
	return r;
}

static bool report_enter(Report *r)
{
	dTHX;

	if (r->busy)
		croak("the sink of a report cannot write to it");
	r->busy = 1;
	return true;
}
%}

/* ---- in ---------------------------------------------------------------------------------- */

%typemap(in) const char *               "$1 = (char *)pl_take_text(aTHX_ $input);"
%typemap(in) const char *path           "$1 = (char *)pl_take_path(aTHX_ $input);"
%typemap(in) const char *label_or_null  "$1 = SvOK($input) ? (char *)pl_take_text(aTHX_ $input) : NULL;"
%typemap(freearg) const char *, const char *path, const char *label_or_null ""
%typemap(in) (const void *data, size_t size) (STRLEN bytes) {
	if (!SvOK($input))
		croak("bytes are wanted, not undef");
	$1 = SvPVbyte($input, bytes);     /* dies of wide characters */
	$2 = bytes;
}
%typemap(in) (void *buffer, size_t size) (SV *piece) {
	$2 = (size_t)SvUV($input);
	piece = sv_2mortal(newSV($2 + 1));
	SvPOK_only(piece);
	$1 = SvPVX(piece);
}
%typemap(argout) (void *buffer, size_t size) {
	SvCUR_set(piece$argnum, result);
	*SvEND(piece$argnum) = '\0';
	ST(0) = piece$argnum;             /* instead of the number of bytes */
}
%typemap(in) smsc_time                  "$1 = pl_take_time(aTHX_ $input);"
%typemap(in) SV *                       "$1 = $input;"
%typemap(in) const smsc_options *options (smsc_options value) {
	pl_take_options(aTHX_ $input, &value);
	$1 = &value;
}
%typemap(in) (smsc_sink_fn *sink, void *user) {
	$2 = pl_take_code(aTHX_ $input, "the sink");
	$1 = pl_sink;
}
%typemap(in, numinputs=0) smsc_row *row (smsc_row row = SMSC_ROW_INIT) "$1 = &row;"
%typemap(in) const smsc_row *row (smsc_row row) {
	pl_take_row(aTHX_ $input, &row);
	$1 = &row;
}
%typemap(in, numinputs=0) char out[29] (char text[29]) "$1 = text;"

/* ---- out ----------------------------------------------------------------------------------- */

%define OUT(TYPE, VALUE)
%typemap(out) TYPE { $result = VALUE; argvi++; }
%enddef
OUT(const char *, pl_text(aTHX_ $1))
OUT(smsc_span,    pl_bytes(aTHX_ $1))
OUT(smsc_time,    pl_time(aTHX_ $1))
OUT(local_time,   pl_local(aTHX_ $1))
OUT(maybe_size,   pl_known(aTHX_ $1, -1))
OUT(maybe_bias,   pl_known(aTHX_ $1, SMSC_NO_BIAS))
OUT(maybe_flag,   pl_flag(aTHX_ $1))
OUT(int64_t,      sv_2mortal(newSViv((IV)$1)))
OUT(uint64_t,     sv_2mortal(newSVuv((UV)$1)))
OUT(const smsc_field *, $1 ? field_of($1) : sv_newmortal())
%typemap(out) done     "(void)$1;"
%typemap(out) next_row ""
%typemap(argout) smsc_row *row {
	$result = result ? pl_row(aTHX_ $1) : sv_newmortal();
	argvi++;
}
%typemap(argout) char out[29] {
	$result = pl_text(aTHX_ $1);
	argvi++;
}

/* ---- errors: for every function, from its parameter list alone -------------------------------- */

%typemap(in, numinputs=0) smsc_error **err (smsc_error *error = NULL) "$1 = &error;"
%typemap(argout) smsc_error **err {
	if (*$1)
		pl_raise(aTHX_ *$1);
}
