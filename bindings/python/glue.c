#include "glue.h"

#include <datetime.h>
#include <string.h>

#include "../shared.h"

#define TICKS_A_DAY (SMSC_TICKS_A_SECOND * 86400)

static PyObject *error_class, *epoch_utc, *epoch_local;
static PyTypeObject *field_type;

/* ---- out ---------------------------------------------------------------------- */

/* The library's text is UTF-8 by contract; should it not be, it still prints. */
PyObject *py_text_of(const void *data, size_t size)
{
	return PyUnicode_DecodeUTF8(data ? data : "", (Py_ssize_t)size, "backslashreplace");
}

PyObject *py_text(const char *s)
{
	if (!s)
		Py_RETURN_NONE;
	return py_text_of(s, strlen(s));
}

PyObject *py_bytes(smsc_span s)
{
	return PyBytes_FromStringAndSize(s.data, (Py_ssize_t)s.size);
}

/* Damaged evidence has times past the year 9999, which no datetime can hold: they are
 * None, and a loop over a timeline does not die of them; the ticks tell. */
static PyObject *time_after(PyObject *epoch, smsc_time t)
{
	int64_t day = t / TICKS_A_DAY, rest = t % TICKS_A_DAY;
	PyObject *delta, *when;

	if (t == SMSC_NEVER)
		Py_RETURN_NONE;
	if (rest < 0) {
		day--;
		rest += TICKS_A_DAY;
	}
	delta = PyDelta_FromDSU((int)day, (int)(rest / SMSC_TICKS_A_SECOND),
	                        (int)(rest % SMSC_TICKS_A_SECOND / 10));
	if (!delta)
		return NULL;
	when = PyNumber_Add(epoch, delta);
	Py_DECREF(delta);
	if (!when && PyErr_ExceptionMatches(PyExc_OverflowError)) {
		PyErr_Clear();
		Py_RETURN_NONE;
	}
	return when;
}

PyObject *py_time(smsc_time t)
{
	return time_after(epoch_utc, t);
}

PyObject *py_local(smsc_time t)
{
	return time_after(epoch_local, t);
}

PyObject *py_known(int64_t value, int64_t unknown)
{
	if (value == unknown)
		Py_RETURN_NONE;
	return PyLong_FromLongLong(value);
}

PyObject *py_flag(int value)
{
	if (value < 0)
		Py_RETURN_NONE;
	return PyBool_FromLong(value);
}

static PyObject *field_ticks(const smsc_field *f)
{
	if (f->type != SMSC_TIME)
		Py_RETURN_NONE;
	return PyLong_FromLongLong(f->as.time);
}

PyObject *py_field(const smsc_field *f, PyObject *value)
{
	PyObject *field = PyStructSequence_New(field_type);

	if (!field) {
		Py_XDECREF(value);
		return NULL;
	}
	PyStructSequence_SetItem(field, 0, py_text(f->name));
	PyStructSequence_SetItem(field, 1, value);
	PyStructSequence_SetItem(field, 2, py_text(f->note));
	PyStructSequence_SetItem(field, 3, py_text(f->meaning));
	PyStructSequence_SetItem(field, 4, PyLong_FromUnsignedLongLong(f->at));
	PyStructSequence_SetItem(field, 5, PyLong_FromUnsignedLongLong(f->bytes));
	PyStructSequence_SetItem(field, 6, py_text(type_text(f->type)));
	PyStructSequence_SetItem(field, 7, field_ticks(f));
	if (!PyErr_Occurred())
		return field;
	Py_DECREF(field);
	return NULL;
}

/* ---- in ------------------------------------------------------------------------ */

int py_take_text(PyObject *text, const char **out)
{
	Py_ssize_t size;

	if (!PyUnicode_Check(text)) {
		PyErr_Format(PyExc_TypeError, "text wanted, not %s", Py_TYPE(text)->tp_name);
		return -1;
	}
	*out = PyUnicode_AsUTF8AndSize(text, &size);
	if (*out && strlen(*out) != (size_t)size) {
		PyErr_SetString(PyExc_ValueError, "embedded null character");
		return -1;
	}
	return *out ? 0 : -1;
}

static int take_datetime(PyObject *when, smsc_time *out)
{
	PyObject *delta;

	if (PyDateTime_DATE_GET_TZINFO(when) == Py_None) {
		PyErr_SetString(PyExc_ValueError, "a time needs a time zone");
		return -1;
	}
	delta = PyNumber_Subtract(when, epoch_utc);
	if (!delta)
		return -1;
	*out = PyDateTime_DELTA_GET_DAYS(delta) * TICKS_A_DAY +
	       PyDateTime_DELTA_GET_SECONDS(delta) * SMSC_TICKS_A_SECOND +
	       PyDateTime_DELTA_GET_MICROSECONDS(delta) * (int64_t)10;
	Py_DECREF(delta);
	return 0;
}

static int take_time_text(PyObject *when, smsc_time *out)
{
	const char *text;

	if (py_take_text(when, &text))
		return -1;
	*out = smsc_time_parse(text);
	if (*out != SMSC_NEVER)
		return 0;
	PyErr_Format(PyExc_ValueError, "no time: %R", when);
	return -1;
}

int py_take_time(PyObject *when, smsc_time *out)
{
	if (PyDateTime_Check(when))
		return take_datetime(when, out);
	if (PyUnicode_Check(when))
		return take_time_text(when, out);
	if (when == Py_None) {
		*out = SMSC_NEVER;
		return 0;
	}
	if (!PyLong_Check(when)) {
		PyErr_Format(PyExc_TypeError, "an aware datetime, text or ticks wanted, not %s",
		             Py_TYPE(when)->tp_name);
		return -1;
	}
	*out = PyLong_AsLongLong(when);
	return PyErr_Occurred() ? -1 : 0;
}

static int take_allow(PyObject *value, uint32_t flag, smsc_options *out)
{
	int truth = PyObject_IsTrue(value);

	if (truth > 0)
		out->allow |= flag;
	return truth < 0 ? -1 : 0;
}

static int take_option(const char *name, PyObject *value, smsc_options *out)
{
	uint64_t number;

	if (value == Py_None)
		return 0;
	if (!strcmp(name, "zone"))
		return py_take_text(value, &out->zone);
	if (!strcmp(name, "allow_export"))
		return take_allow(value, SMSC_ALLOW_EXPORT, out);
	if (!strcmp(name, "allow_recovery"))
		return take_allow(value, SMSC_ALLOW_RECOVERY, out);
	for (size_t i = 0; i < OPTION_NUMBERS; i++) {
		if (strcmp(name, option_numbers[i].name))
			continue;
		number = PyLong_AsUnsignedLongLong(value);
		if (PyErr_Occurred())
			return -1;
		if (option_put(out, &option_numbers[i], number))
			return 0;
		PyErr_Format(PyExc_OverflowError, "%s is too large", name);
		return -1;
	}
	PyErr_Format(PyExc_TypeError, "there is no option '%s'", name);
	return -1;
}

int py_take_options(PyObject *dict, smsc_options *out)
{
	PyObject *key, *value;
	Py_ssize_t at = 0;

	*out = (smsc_options)SMSC_OPTIONS_INIT;
	if (!PyDict_Check(dict)) {
		PyErr_SetString(PyExc_TypeError, "options are a dict");
		return -1;
	}
	while (PyDict_Next(dict, &at, &key, &value)) {
		const char *name;

		if (py_take_text(key, &name) || take_option(name, value, out))
			return -1;
	}
	return 0;
}

/* ---- errors and callbacks --------------------------------------------------------- */

void py_raise(smsc_error *e)
{
	if (!PyErr_Occurred()) {
		PyObject *x, *message = py_text(smsc_error_message(e));
		PyObject *path = py_text(smsc_error_path(e));
		PyObject *offset = py_known(smsc_error_offset(e), -1);

		x = message && path && offset ? PyObject_CallFunction(error_class, "sOOO",
		        code_text(smsc_error_code(e)), message, path, offset) : NULL;
		if (x)
			PyErr_SetObject(error_class, x);
		Py_XDECREF(x);
		Py_XDECREF(offset);
		Py_XDECREF(path);
		Py_XDECREF(message);
	}
	smsc_error_free(e);
}

/* What a callback returns is not looked at: too many functions return something by
 * accident.  To stop, it raises.  Signals are served here, so Ctrl-C stops as well. */
static int stop_after(PyObject *result)
{
	Py_XDECREF(result);
	return !result || PyErr_CheckSignals() < 0;
}

int py_progress(void *user, const char *stage, uint64_t done, uint64_t total)
{
	PyGILState_STATE gil = PyGILState_Ensure();
	int stop;

	if (user == Py_None)
		stop = PyErr_CheckSignals() < 0;
	else
		stop = stop_after(PyObject_CallFunction(user, "sKK", stage,
		                  (unsigned long long)done, (unsigned long long)total));
	PyGILState_Release(gil);
	return stop;
}

int py_sink(void *user, const void *data, size_t size)
{
	return stop_after(PyObject_CallFunction(user, "y#", data, (Py_ssize_t)size));
}

int py_analyze(smsc_case *c, PyObject *progress, bool alone, smsc_error **err)
{
	PyThreadState *thread;
	int result;

	if (!alone)
		return smsc_case_analyze(c, py_progress, progress, err);
	thread = PyEval_SaveThread();
	result = smsc_case_analyze(c, py_progress, progress, err);
	PyEval_RestoreThread(thread);
	return result;
}

/* ---- memory ------------------------------------------------------------------------ */

static void buffer_release(void *user)
{
	PyGILState_STATE gil = PyGILState_Ensure();

	PyBuffer_Release(user);
	PyMem_Free(user);
	PyGILState_Release(gil);
}

smsc_source *py_memory(const char *name, PyObject *data, const smsc_options *options,
                       smsc_error **err)
{
	Py_buffer *view = PyMem_Malloc(sizeof *view);
	smsc_source *s;

	if (!view) {
		PyErr_NoMemory();
		return NULL;
	}
	if (PyObject_GetBuffer(data, view, PyBUF_SIMPLE) < 0) {
		PyMem_Free(view);
		return NULL;
	}
	s = smsc_source_memory(name, view->buf, (size_t)view->len, options, err);
	if (s)
		smsc_source_on_close(s, buffer_release, view);
	else
		buffer_release(view);
	return s;
}

/* ---- start -------------------------------------------------------------------------- */

static PyStructSequence_Field field_members[] = {
	{ "name",    "what the field is called" },
	{ "value",   "int, datetime, str, bytes, Record or None" },
	{ "note",    "what this value says, or None" },
	{ "meaning", "what such a field is" },
	{ "at",      "byte offset in the stream" },
	{ "bytes",   "how many bytes; 0 for a derived field" },
	{ "type",    "'int', 'time', 'text', 'bytes', 'record' or 'none'" },
	{ "ticks",   "of a time: FILETIME ticks; else None" },
	{ NULL, NULL },
};

static PyStructSequence_Desc field_description = {
	"smscrypto.Field", "One field of a Record, and the bytes it was read from.",
	field_members, 8,
};

static int make_epochs(void)
{
	PyObject *type = (PyObject *)PyDateTimeAPI->DateTimeType;

	epoch_local = PyObject_CallFunction(type, "iii", 1601, 1, 1);
	epoch_utc = PyObject_CallFunction(type, "iiiiiiiO", 1601, 1, 1, 0, 0, 0, 0,
	                                  PyDateTime_TimeZone_UTC);
	return epoch_local && epoch_utc ? 0 : -1;
}

int py_start(PyObject *module, PyObject *error)
{
	PyDateTime_IMPORT;
	if (!PyDateTimeAPI || make_epochs())
		return -1;
	field_type = PyStructSequence_NewType(&field_description);
	if (!field_type || PyModule_AddObjectRef(module, "Field", (PyObject *)field_type))
		return -1;
	Py_INCREF(error);
	error_class = error;
	return py_row_start(module);
}
