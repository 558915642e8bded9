/* python/types.i - how Python spells what C passes; the C behind it is in glue.c, row.c. */
%begin %{
#include "glue.h"
%}
%pythoncode "python/base.py"
%pythoncode %{
File = _collections.namedtuple("File", "source path")
File.__doc__ = "One file that holds a generation: its Source and its path there."
Place = _collections.namedtuple("Place", "source path store offset")
Place.__doc__ = "One place of a certificate: its Source, its path there, its store, and the byte of the path."
%}
%{
static PyObject *new_object(void *p, swig_type_info *type)
{
	return SWIG_NewPointerObj(p, type, SWIG_POINTER_OWN);
}

static void *take_object(PyObject *o, swig_type_info *type, const char *name)
{
	void *p = NULL;
	SwigPyClientData *data = type->clientdata;

	if (o != Py_None && SWIG_IsOK(SWIG_ConvertPtr(o, &p, type, 0)) && p)
		return p;
	if (data && data->klass && PyObject_IsInstance(o, data->klass) == 1)
		PyErr_Format(PyExc_ValueError, "this %s is closed", name);
	else
		PyErr_Format(PyExc_TypeError, "%s wanted, not %s", name, Py_TYPE(o)->tp_name);
	return NULL;
}

/* The proxy holds the sink, where the garbage collector sees it: objects whose method is
 * the sink of their own report are common, and would else never go. */
static void release_object(void *o)
{
	(void)o;
}

static PyObject *field_of(const smsc_field *f)
{
	switch (f->type) {
	case SMSC_INT:    return py_field(f, PyLong_FromLongLong(f->as.number));
	case SMSC_TIME:   return py_field(f, py_time(f->as.time));
	case SMSC_TEXT:   return py_field(f, py_text(f->as.text));
	case SMSC_BYTES:  return py_field(f, py_bytes(f->as.span));
	case SMSC_RECORD: return py_field(f, new_object(smsc_record_ref(f->as.record),
	                                                SWIGTYPE_p_smsc_record));
	default:          return py_field(f, py_text(NULL));
	}
}

static Report *report_new(const char *format, bool color, smsc_sink_fn *sink, PyObject *user,
                          smsc_error **err)
{
	Report *r = calloc(1, sizeof *r);

	if (!r) {
		PyErr_NoMemory();
		return NULL;
	}
	r->report = smsc_report_new(format, color ? SMSC_COLOR : 0, sink, user, err);
	if (!r->report) {
		free(r);
		return NULL;
	}
	return r;
}

static bool report_enter(Report *r)
{
	if (r->busy)
		PyErr_SetString(PyExc_RuntimeError, "the sink of a report cannot write to it");
	return !r->busy && (r->busy = 1);
}
%}

/* ---- in --------------------------------------------------------------------------- */

%typemap(in) const char * {
	if (py_take_text($input, (const char **)&$1))
		SWIG_fail;
}
%typemap(in) const char *label_or_null {
	$1 = NULL;
	if ($input != Py_None && py_take_text($input, (const char **)&$1))
		SWIG_fail;
}
%typemap(freearg) const char * ""
%typemap(in) const char *path (PyObject *encoded = NULL) {
	if (!PyUnicode_FSConverter($input, &encoded))
		SWIG_fail;
	$1 = PyBytes_AS_STRING(encoded);
}
%typemap(freearg) const char *path "Py_XDECREF(encoded$argnum);"
%typemap(in) (const void *data, size_t size) (Py_buffer view = {0}) {
	if (PyObject_GetBuffer($input, &view, PyBUF_SIMPLE) < 0)
		SWIG_fail;
	$1 = view.buf;
	$2 = (size_t)view.len;
}
%typemap(freearg) (const void *data, size_t size) "PyBuffer_Release(&view$argnum);"
%typemap(in) (void *buffer, size_t size) (PyObject *piece = NULL) {
	$2 = PyLong_AsSize_t($input);
	if (!PyErr_Occurred())
		piece = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)$2);
	if (!piece)
		SWIG_fail;
	$1 = PyBytes_AS_STRING(piece);
}
%typemap(argout) (void *buffer, size_t size) {
	Py_XDECREF($result);
	_PyBytes_Resize(&piece$argnum, (Py_ssize_t)result);
	$result = piece$argnum;
	piece$argnum = NULL;
}
%typemap(freearg) (void *buffer, size_t size) "Py_XDECREF(piece$argnum);"
%typemap(in) smsc_time {
	if (py_take_time($input, &$1))
		SWIG_fail;
}
%typemap(in) bool {
	int truth = PyObject_IsTrue($input);
	if (truth < 0)
		SWIG_fail;
	$1 = truth != 0;
}
%typemap(in) const smsc_options *options (smsc_options value) {
	if (py_take_options($input, &value))
		SWIG_fail;
	$1 = &value;
}
%typemap(in) (smsc_sink_fn *sink, void *user) {
	if (!PyCallable_Check($input)) {
		PyErr_SetString(PyExc_TypeError, "the sink must be a function");
		SWIG_fail;
	}
	$1 = py_sink;
	$2 = $input;
}
%typemap(in) PyObject *progress {
	if ($input != Py_None && !PyCallable_Check($input)) {
		PyErr_SetString(PyExc_TypeError, "progress must be a function or None");
		SWIG_fail;
	}
	$1 = $input;
}
%typemap(in, numinputs=0) smsc_row *row (smsc_row row = SMSC_ROW_INIT) "$1 = &row;"
%typemap(in) const smsc_row *row (smsc_row row) {
	if (py_take_row($input, &row))
		SWIG_fail;
	$1 = &row;
}
%typemap(in, numinputs=0) char out[29] (char text[29]) "$1 = text;"

/* ---- out ---------------------------------------------------------------------------- */

%typemap(out) const char *   "$result = py_text($1);"
%typemap(out) smsc_span      "$result = py_bytes($1);"
%typemap(out) smsc_time      "$result = py_time($1);"
%typemap(out) local_time     "$result = py_local($1);"
%typemap(out) maybe_size     "$result = py_known($1, -1);"
%typemap(out) maybe_bias     "$result = py_known($1, SMSC_NO_BIAS);"
%typemap(out) maybe_flag     "$result = py_flag($1);"
%typemap(out) const smsc_field * "$result = $1 ? field_of($1) : py_text(NULL);"
%typemap(out) done           "(void)$1; $result = SWIG_Py_Void();"
%typemap(out) checked {
	if ($1)
		SWIG_fail;
	$result = SWIG_Py_Void();
}
%typemap(out) next_row       "$result = SWIG_Py_Void();"
%typemap(argout) smsc_row *row {
	if (result) {
		Py_DECREF($result);
		$result = py_row($1);
	}
}
%typemap(argout) char out[29] {
	Py_XDECREF($result);
	$result = py_text($1);
}

/* ---- errors: for every function, from its parameter list alone ------------------------- */

%typemap(in, numinputs=0) smsc_error **err (smsc_error *error = NULL) "$1 = &error;"
%typemap(argout) smsc_error **err {
	if (*$1)
		py_raise(*$1);
	if (PyErr_Occurred()) {
		Py_CLEAR($result);       /* SWIG_fail lets go of the arguments only */
		SWIG_fail;
	}
}
