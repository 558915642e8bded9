#define PERL_NO_GET_CONTEXT
#include "glue.h"

#include <string.h>

#include "../shared.h"

#define UNIX_EPOCH 11644473600LL /* seconds from 1601 to 1970 */

/* ---- out ---------------------------------------------------------------------------- */

/* The library's text is UTF-8 by contract; should it not be, it stays bytes, because a
 * string that is flagged and malformed breaks Perl in odd places. */
static SV *text_of(pTHX_ const char *s, size_t size)
{
	SV *sv = newSVpvn(size ? s : "", size);

	if (is_utf8_string((const U8 *)SvPVX(sv), size))
		SvUTF8_on(sv);
	return sv;
}

static SV *text_or_undef(pTHX_ const char *s)
{
	return s ? text_of(aTHX_ s, strlen(s)) : newSV(0);
}

SV *pl_text(pTHX_ const char *s)
{
	return sv_2mortal(text_or_undef(aTHX_ s));
}

SV *pl_bytes(pTHX_ smsc_span s)
{
	return newSVpvn_flags(s.size ? s.data : "", s.size, SVs_TEMP);
}

/* As text ISO 8601 with every digit, as a number Unix seconds.  What lies past the year
 * 9999 has no text, and is undef; the ticks tell. */
static SV *time_sv(pTHX_ smsc_time t, bool zone)
{
	char text[29];
	SV *sv;

	if (t == SMSC_NEVER)
		return newSV(0);
	smsc_time_format(t, text);
	if (!*text)
		return newSV(0);
	sv = newSV_type(SVt_PVNV);
	sv_setpvn(sv, text, strlen(text) - !zone);
	SvNV_set(sv, (NV)(t / SMSC_TICKS_A_SECOND - UNIX_EPOCH) +
	             (NV)(t % SMSC_TICKS_A_SECOND) / (NV)SMSC_TICKS_A_SECOND);
	SvNOK_on(sv);
	return sv;
}

SV *pl_time(pTHX_ smsc_time t)
{
	return sv_2mortal(time_sv(aTHX_ t, true));
}

SV *pl_local(pTHX_ smsc_time t)
{
	return sv_2mortal(time_sv(aTHX_ t, false));
}

SV *pl_known(pTHX_ int64_t value, int64_t unknown)
{
	return sv_2mortal(value == unknown ? newSV(0) : newSViv((IV)value));
}

SV *pl_flag(pTHX_ int value)
{
	return sv_2mortal(value < 0 ? newSV(0) : newSViv(value));
}

/* Perl would hash the key anew for every row. */
#define PUT(HASH, KEY, VALUE) do { \
	static U32 hash_of_key; \
	if (!hash_of_key) \
		PERL_HASH(hash_of_key, KEY, sizeof(KEY) - 1); \
	(void)hv_store(HASH, KEY, sizeof(KEY) - 1, VALUE, hash_of_key); \
} while (0)

/* Each of them has a NUL behind it. */
static SV *strings_sv(pTHX_ smsc_span strings)
{
	AV *a = newAV();
	const char *p = strings.data, *end = p + strings.size;

	for (; p < end; p += strlen(p) + 1)
		av_push(a, text_of(aTHX_ p, strlen(p)));
	return newRV_noinc((SV *)a);
}

/* What a row of an event log has above others. */
static void put_event(pTHX_ HV *h, const smsc_row *row)
{
	PUT(h, "event_id",      newSVuv(row->event_id));
	PUT(h, "event_code",    newSVuv(row->event_code));
	PUT(h, "event_type",    newSVuv(row->event_type));
	PUT(h, "category",      newSVuv(row->category));
	PUT(h, "number",        newSVuv((UV)row->number));
	PUT(h, "written",       time_sv(aTHX_ row->written, true));
	PUT(h, "written_ticks", newSViv((IV)row->written));
	PUT(h, "computer",      text_of(aTHX_ row->computer.data, row->computer.size));
	PUT(h, "sid",           text_of(aTHX_ row->sid.data, row->sid.size));
	PUT(h, "strings",       strings_sv(aTHX_ row->strings));
	PUT(h, "data",          newSVpvn(row->data.data ? row->data.data : "", row->data.size));
}

/* Room for all keys, so that it does not grow twice on the way. */
#define ROW_KEYS 32

SV *pl_row(pTHX_ const smsc_row *row)
{
	HV *h = newHV();

	hv_ksplit(h, ROW_KEYS);
	PUT(h, "time",        time_sv(aTHX_ row->time, true));
	PUT(h, "time_ticks",  newSViv((IV)row->time));
	PUT(h, "local",       time_sv(aTHX_ row->local, false));
	PUT(h, "local_ticks", newSViv((IV)row->local));
	PUT(h, "bias",        row->bias == SMSC_NO_BIAS ? newSV(0) : newSViv(row->bias));
	PUT(h, "severity",    newSViv(row->severity));
	PUT(h, "thread",      newSVuv(row->thread));
	PUT(h, "source_line", newSVuv(row->source_line));
	PUT(h, "offset",      newSVuv((UV)row->offset));
	PUT(h, "length",      newSVuv((UV)row->length));
	PUT(h, "line",        newSVuv((UV)row->line));
	PUT(h, "text",        text_of(aTHX_ row->text.data, row->text.size));
	PUT(h, "component",   text_of(aTHX_ row->component.data, row->component.size));
	PUT(h, "context",     text_of(aTHX_ row->context.data, row->context.size));
	PUT(h, "file",        text_of(aTHX_ row->file.data, row->file.size));
	PUT(h, "form",        text_or_undef(aTHX_ row->form));
	if (row->event_code || row->number)
		put_event(aTHX_ h, row);
	return sv_2mortal(newRV_noinc((SV *)h));
}

SV *pl_field(pTHX_ const smsc_field *f, SV *value)
{
	HV *h = newHV();

	PUT(h, "name",    text_or_undef(aTHX_ f->name));
	PUT(h, "value",   SvREFCNT_inc(value));
	PUT(h, "note",    text_or_undef(aTHX_ f->note));
	PUT(h, "meaning", text_or_undef(aTHX_ f->meaning));
	PUT(h, "at",      newSVuv((UV)f->at));
	PUT(h, "bytes",   newSVuv((UV)f->bytes));
	PUT(h, "type",    text_or_undef(aTHX_ type_text(f->type)));
	PUT(h, "ticks",   f->type == SMSC_TIME ? newSViv((IV)f->as.time) : newSV(0));
	return sv_2mortal(newRV_noinc((SV *)h));
}

/* ---- in ------------------------------------------------------------------------------ */

static const char *take_string(pTHX_ SV *sv, bool utf8)
{
	SV *copy = sv_mortalcopy(sv);
	const char *s;

	if (!SvOK(copy))
		croak("text is wanted, not undef");
	s = utf8 ? SvPVutf8_nolen(copy) : SvPV_nolen(copy);
	if (strlen(s) != SvCUR(copy))
		croak("embedded NUL character");
	return s;
}

/* As Perl's own open() takes them: the bytes of the string as it is held. */
const char *pl_take_path(pTHX_ SV *sv)
{
	return take_string(aTHX_ sv, false);
}

const char *pl_take_text(pTHX_ SV *sv)
{
	return take_string(aTHX_ sv, true);
}

/* Whole seconds are taken apart first: a double has not all the digits of the ticks. */
static smsc_time take_seconds(pTHX_ SV *sv)
{
	NV seconds = SvNV(sv), whole = Perl_floor(seconds);

	if (!(whole > -(NV)UNIX_EPOCH && whole < 9e11))
		croak("no time: '%" SVf "'", SVfARG(sv));
	return ((int64_t)whole + UNIX_EPOCH) * SMSC_TICKS_A_SECOND +
	       (int64_t)((seconds - whole) * (NV)SMSC_TICKS_A_SECOND);
}

smsc_time pl_take_time(pTHX_ SV *sv)
{
	smsc_time t = SMSC_NEVER;

	if (!SvOK(sv))
		return t;
	if (SvPOK(sv))
		t = smsc_time_parse(SvPV_nolen(sv));
	if (t != SMSC_NEVER)
		return t;
	if (!looks_like_number(sv))
		croak("no time: '%" SVf "'", SVfARG(sv));
	return take_seconds(aTHX_ sv);
}

SV *pl_take_code(pTHX_ SV *sv, const char *what)
{
	if (!SvROK(sv) || SvTYPE(SvRV(sv)) != SVt_PVCV)
		croak("%s must be a reference to a sub", what);
	return sv;
}

static HV *take_hash(pTHX_ SV *sv, const char *what)
{
	if (!SvROK(sv) || SvTYPE(SvRV(sv)) != SVt_PVHV)
		croak("%s must be a reference to a hash", what);
	return (HV *)SvRV(sv);
}

static void take_option(pTHX_ const char *name, SV *value, smsc_options *out)
{
	if (!SvOK(value))
		return;
	if (!strcmp(name, "zone")) {
		out->zone = pl_take_text(aTHX_ value);
		return;
	}
	if (!strcmp(name, "allow_export")) {
		if (SvTRUE(value))
			out->allow |= SMSC_ALLOW_EXPORT;
		return;
	}
	if (!strcmp(name, "allow_recovery")) {
		if (SvTRUE(value))
			out->allow |= SMSC_ALLOW_RECOVERY;
		return;
	}
	for (size_t i = 0; i < OPTION_NUMBERS; i++) {
		if (strcmp(name, option_numbers[i].name))
			continue;
		if (!looks_like_number(value) || SvNV(value) < 0 ||
		    !option_put(out, &option_numbers[i], SvUV(value)))
			croak("option '%s' cannot be '%" SVf "'", name, SVfARG(value));
		return;
	}
	croak("there is no option '%s'", name);
}

void pl_take_options(pTHX_ SV *sv, smsc_options *out)
{
	HV *h = take_hash(aTHX_ sv, "options");
	HE *pair;

	*out = (smsc_options)SMSC_OPTIONS_INIT;
	hv_iterinit(h);
	while ((pair = hv_iternext(h))) {
		STRLEN size;

		take_option(aTHX_ HePV(pair, size), HeVAL(pair), out);
	}
}

static SV *row_value(pTHX_ HV *h, const char *key)
{
	SV **value = hv_fetch(h, key, (I32)strlen(key), 0);

	return value && SvOK(*value) ? *value : NULL;
}

static UV row_number(pTHX_ HV *h, const char *key)
{
	SV *value = row_value(aTHX_ h, key);

	return value ? SvUV(value) : 0;
}

static smsc_span row_span(pTHX_ HV *h, const char *key)
{
	SV *value = row_value(aTHX_ h, key);
	smsc_span s = { "", 0 };
	STRLEN size;

	if (value) {
		s.data = SvPVutf8(sv_mortalcopy(value), size);
		s.size = size;
	}
	return s;
}

static smsc_span row_bytes(pTHX_ HV *h, const char *key)
{
	SV *value = row_value(aTHX_ h, key);
	smsc_span s = { "", 0 };
	STRLEN size;

	if (value) {
		s.data = SvPVbyte(sv_mortalcopy(value), size);
		s.size = size;
	}
	return s;
}

static smsc_span row_strings(pTHX_ HV *h)
{
	SV *value = row_value(aTHX_ h, "strings"), *joined = sv_2mortal(newSVpvs(""));
	smsc_span s = { "", 0 };
	STRLEN size;

	if (!value || !SvROK(value) || SvTYPE(SvRV(value)) != SVt_PVAV)
		return s;
	for (SSize_t i = 0; i <= av_len((AV *)SvRV(value)); i++) {
		SV **text = av_fetch((AV *)SvRV(value), i, 0);

		if (text)
			sv_catpv(joined, pl_take_text(aTHX_ *text));
		sv_catpvn(joined, "", 1);
	}
	s.data = SvPV(joined, size);
	s.size = size;
	return s;
}

static void take_event(pTHX_ HV *h, smsc_row *out)
{
	out->event_id   = (uint32_t)row_number(aTHX_ h, "event_id");
	out->event_code = (uint32_t)row_number(aTHX_ h, "event_code");
	out->event_type = (uint32_t)row_number(aTHX_ h, "event_type");
	out->category   = (uint32_t)row_number(aTHX_ h, "category");
	out->number     = row_number(aTHX_ h, "number");
	out->written    = (smsc_time)row_number(aTHX_ h, "written_ticks");
	out->computer   = row_span(aTHX_ h, "computer");
	out->sid        = row_span(aTHX_ h, "sid");
	out->strings    = row_strings(aTHX_ h);
	out->data       = row_bytes(aTHX_ h, "data");
}

void pl_take_row(pTHX_ SV *sv, smsc_row *out)
{
	HV *h = take_hash(aTHX_ sv, "a row");
	SV *bias = row_value(aTHX_ h, "bias"), *form = row_value(aTHX_ h, "form");

	*out = (smsc_row)SMSC_ROW_INIT;
	out->time        = (smsc_time)row_number(aTHX_ h, "time_ticks");
	out->local       = (smsc_time)row_number(aTHX_ h, "local_ticks");
	out->bias        = bias ? (int32_t)SvIV(bias) : SMSC_NO_BIAS;
	out->severity    = (int32_t)row_number(aTHX_ h, "severity");
	out->thread      = (uint32_t)row_number(aTHX_ h, "thread");
	out->source_line = (uint32_t)row_number(aTHX_ h, "source_line");
	out->offset      = row_number(aTHX_ h, "offset");
	out->length      = row_number(aTHX_ h, "length");
	out->line        = row_number(aTHX_ h, "line");
	out->text        = row_span(aTHX_ h, "text");
	out->component   = row_span(aTHX_ h, "component");
	out->context     = row_span(aTHX_ h, "context");
	out->file        = row_span(aTHX_ h, "file");
	out->form        = form ? pl_take_text(aTHX_ form) : "";
	take_event(aTHX_ h, out);
}

/* ---- errors and callbacks --------------------------------------------------------------- */

void pl_raise(pTHX_ smsc_error *e)
{
	if (smsc_error_code(e) != SMSC_ECANCELLED || !SvTRUE(ERRSV)) {
		HV *h = newHV();
		SV *object = sv_2mortal(newRV_noinc((SV *)h));
		int64_t offset = smsc_error_offset(e);

		PUT(h, "code",    newSVpv(code_text(smsc_error_code(e)), 0));
		PUT(h, "message", text_or_undef(aTHX_ smsc_error_message(e)));
		PUT(h, "path",    text_or_undef(aTHX_ smsc_error_path(e)));
		PUT(h, "offset",  offset < 0 ? newSV(0) : newSViv((IV)offset));
		sv_bless(object, gv_stashpvs("SMSCrypto::Error", GV_ADD));
		sv_setsv(ERRSV, object);
	}
	smsc_error_free(e);
	croak(NULL);
}

/* Calls back with the arguments that are on the stack; non-zero when that died.  What it
 * returns is not looked at: too many subs return something by accident. */
static int call_back(pTHX_ SV *code)
{
	call_sv(code, G_DISCARD | G_EVAL | G_VOID);
	return SvTRUE(ERRSV) ? 1 : 0;
}

int pl_progress(void *user, const char *stage, uint64_t done, uint64_t total)
{
	dTHX;
	dSP;
	int stop;

	ENTER;
	SAVETMPS;
	PUSHMARK(SP);
	EXTEND(SP, 3);
	PUSHs(pl_text(aTHX_ stage));
	PUSHs(sv_2mortal(newSVuv((UV)done)));
	PUSHs(sv_2mortal(newSVuv((UV)total)));
	PUTBACK;
	stop = call_back(aTHX_ user);
	FREETMPS;
	LEAVE;
	return stop;
}

int pl_sink(void *user, const void *data, size_t size)
{
	dTHX;
	dSP;
	int stop;

	ENTER;
	SAVETMPS;
	PUSHMARK(SP);
	XPUSHs(pl_bytes(aTHX_ (smsc_span){ data, size }));
	PUTBACK;
	stop = call_back(aTHX_ user);
	FREETMPS;
	LEAVE;
	return stop;
}

/* ---- memory ------------------------------------------------------------------------------- */

static void copy_release(void *user)
{
	dTHX;

	SvREFCNT_dec((SV *)user);
}

smsc_source *pl_memory(pTHX_ const char *name, SV *data, const smsc_options *options,
                       smsc_error **err)
{
	STRLEN size;
	const char *bytes = SvPVbyte(data, size);
	SV *copy = newSVpvn(bytes, size);
	smsc_source *s = smsc_source_memory(name, SvPVX(copy), size, options, err);

	if (s)
		smsc_source_on_close(s, copy_release, copy);
	else
		SvREFCNT_dec(copy);
	return s;
}
