/* row.c - smscrypto.Row: one record of a log in one allocation.  Numbers and text are
 * copied as they are; Python objects are made of them only when somebody asks, since most
 * programs look at few of the millions of rows they pass. */
#include "glue.h"

#include <stddef.h>
#include <string.h>
#include <structmember.h>

typedef struct Row {
	PyObject_VAR_HEAD
	smsc_row row;           /* its spans point into bytes[] */
	char     bytes[];
} Row;

typedef struct Rows {
	PyObject_HEAD
	smsc_log *log;
} Rows;

static PyTypeObject row_type, rows_type;

/* ---- a row ------------------------------------------------------------------------ */

static char *keep(smsc_span *span, char *to)
{
	if (span->size)
		memcpy(to, span->data, span->size);
	span->data = to;
	return to + span->size;
}

PyObject *py_row(const smsc_row *from)
{
	size_t bytes = from->text.size + from->component.size + from->context.size + from->file.size +
	               from->computer.size + from->sid.size + from->strings.size + from->data.size;
	Row *r = PyObject_NewVar(Row, &row_type, (Py_ssize_t)bytes);
	char *to;

	if (!r)
		return NULL;
	r->row = *from;
	to = keep(&r->row.text, r->bytes);
	to = keep(&r->row.component, to);
	to = keep(&r->row.context, to);
	to = keep(&r->row.file, to);
	to = keep(&r->row.computer, to);
	to = keep(&r->row.sid, to);
	to = keep(&r->row.strings, to);
	keep(&r->row.data, to);
	return (PyObject *)r;
}

int py_take_row(PyObject *row, smsc_row *out)
{
	if (!PyObject_TypeCheck(row, &row_type)) {
		PyErr_Format(PyExc_TypeError, "a Row wanted, not %s", Py_TYPE(row)->tp_name);
		return -1;
	}
	*out = ((Row *)row)->row;
	return 0;
}

static PyObject *row_time(PyObject *self, void *which)
{
	const smsc_row *r = &((Row *)self)->row;

	return which ? py_local(r->local) : py_time(r->time);
}

static PyObject *row_written(PyObject *self, void *Py_UNUSED(which))
{
	return py_time(((Row *)self)->row.written);
}

/* Each ends with a NUL. */
static PyObject *row_strings(PyObject *self, void *Py_UNUSED(which))
{
	const smsc_span *s = &((Row *)self)->row.strings;
	const char *p = s->data, *end = p + s->size;
	PyObject *list = PyList_New(0), *tuple;

	for (; list && p < end; p += strlen(p) + 1) {
		PyObject *text = py_text_of(p, strlen(p));
		if (!text || PyList_Append(list, text))
			Py_CLEAR(list);
		Py_XDECREF(text);
	}
	tuple = list ? PyList_AsTuple(list) : NULL;
	Py_XDECREF(list);
	return tuple;
}

static PyObject *row_data(PyObject *self, void *Py_UNUSED(which))
{
	const smsc_span *s = &((Row *)self)->row.data;

	return PyBytes_FromStringAndSize(s->data, (Py_ssize_t)s->size);
}

static PyObject *row_bias(PyObject *self, void *Py_UNUSED(which))
{
	return py_known(((Row *)self)->row.bias, SMSC_NO_BIAS);
}

static PyObject *row_form(PyObject *self, void *Py_UNUSED(which))
{
	return py_text(((Row *)self)->row.form);
}

/* `at` is the offset of a span within the row. */
static PyObject *row_span(PyObject *self, void *at)
{
	const smsc_span *s = (const void *)((const char *)self + (uintptr_t)at);

	return py_text_of(s->data, s->size);
}

#define SPAN(NAME, DOC) { #NAME, row_span, NULL, DOC, (void *)offsetof(Row, row.NAME) }
static PyGetSetDef row_getters[] = {
	{ "time",  row_time, NULL, "UTC; None when the bias is not known", NULL },
	{ "local", row_time, NULL, "the civil time that is written in the log (naive)", (void *)1 },
	{ "bias",  row_bias, NULL, "minutes: UTC = local + bias; None when not known", NULL },
	{ "form",  row_form, NULL, "'ccm', 'sms-a', 'sms-b', 'sms-c', 'sms', 'viewer', 'setup', 'msi', 'update', 'iis', 'evt' or 'evt-old'", NULL },
	SPAN(text,      "the message"),
	SPAN(component, "who wrote it"),
	SPAN(context,   "the writer's context"),
	SPAN(file,      "source file of the writer, without the line"),
	SPAN(computer,  "of an event log: the computer"),
	SPAN(sid,       "of an event log: the user, 'S-1-5-18'"),
	{ "written", row_written, NULL, "of an event log: when it was written", NULL },
	{ "strings", row_strings, NULL, "of an event log: what fills the gaps of its words", NULL },
	{ "data",    row_data,    NULL, "of an event log: bytes of the source's own", NULL },
	{ NULL, NULL, NULL, NULL, NULL },
};

#define NUMBER(NAME, KIND, MEMBER, DOC) { NAME, KIND, offsetof(Row, row.MEMBER), READONLY, DOC }
static PyMemberDef row_members[] = {
	NUMBER("time_ticks",  T_LONGLONG,  time,        "time as FILETIME ticks; 0 when not known"),
	NUMBER("local_ticks", T_LONGLONG,  local,       "local as ticks"),
	NUMBER("severity",    T_INT,       severity,    "0 none, 1 information, 2 warning, 3 error"),
	NUMBER("thread",      T_UINT,      thread,      "thread of the writer; 0 when not known"),
	NUMBER("source_line", T_UINT,      source_line, "line in file; 0 when not known"),
	NUMBER("offset",      T_ULONGLONG, offset,      "byte of the log where the record starts"),
	NUMBER("length",      T_ULONGLONG, length,      "bytes of the record"),
	NUMBER("line",        T_ULONGLONG, line,        "line of the log it starts on, from 1"),
	NUMBER("event_id",    T_UINT,      event_id,    "of an event log: the number that people see"),
	NUMBER("event_code",  T_UINT,      event_code,  "of an event log: severity and facility above the id"),
	NUMBER("event_type",  T_UINT,      event_type,  "of an event log: 1 error, 2 warning, 4 information, 8, 16 audits"),
	NUMBER("category",    T_UINT,      category,    "of an event log"),
	NUMBER("number",      T_ULONGLONG, number,      "of an event in its log, from 1"),
	NUMBER("written_ticks", T_LONGLONG, written,    "written as ticks"),
	{ NULL, 0, 0, 0, NULL },
};

static PyObject *row_repr(PyObject *self)
{
	PyObject *when = row_time(self, NULL), *text = row_span(self, (void *)offsetof(Row, row.text));
	PyObject *local = row_time(self, (void *)1), *repr = NULL;

	if (when && local && text)
		repr = PyUnicode_FromFormat("<smscrypto.Row %S %R>", when == Py_None ? local : when, text);
	Py_XDECREF(when);
	Py_XDECREF(local);
	Py_XDECREF(text);
	return repr;
}

static int add(PyObject *dict, PyObject *self, const char *name)
{
	PyObject *value = PyObject_GetAttrString(self, name);
	int result = value ? PyDict_SetItemString(dict, name, value) : -1;

	Py_XDECREF(value);
	return result;
}

static PyObject *row_asdict(PyObject *self, PyObject *Py_UNUSED(none))
{
	PyObject *dict = PyDict_New();
	int bad = !dict;

	for (const PyGetSetDef *g = row_getters; !bad && g->name; g++)
		bad = add(dict, self, g->name);
	for (const PyMemberDef *m = row_members; !bad && m->name; m++)
		bad = add(dict, self, m->name);
	if (bad)
		Py_CLEAR(dict);
	return dict;
}

static PyMethodDef row_methods[] = {
	{ "asdict", row_asdict, METH_NOARGS, "asdict($self, /)\n--\n\nAll members as a dict." },
	{ NULL, NULL, 0, NULL },
};

static bool same_numbers(const smsc_row *a, const smsc_row *b)
{
	return a->time == b->time && a->local == b->local && a->bias == b->bias &&
	       a->severity == b->severity && a->thread == b->thread &&
	       a->source_line == b->source_line && a->offset == b->offset &&
	       a->length == b->length && a->line == b->line && a->event_code == b->event_code &&
	       a->event_type == b->event_type && a->category == b->category &&
	       a->number == b->number && a->written == b->written;
}

static bool same_text(smsc_span a, smsc_span b)
{
	return a.size == b.size && !memcmp(a.data, b.data, a.size);
}

static bool same(const smsc_row *a, const smsc_row *b)
{
	return same_numbers(a, b) && same_text(a->text, b->text) &&
	       same_text(a->component, b->component) && same_text(a->context, b->context) &&
	       same_text(a->file, b->file) && same_text(a->computer, b->computer) &&
	       same_text(a->sid, b->sid) && same_text(a->strings, b->strings) &&
	       same_text(a->data, b->data) && !strcmp(a->form, b->form);
}

static PyObject *row_compare(PyObject *a, PyObject *b, int op)
{
	if ((op != Py_EQ && op != Py_NE) || !PyObject_TypeCheck(b, &row_type))
		Py_RETURN_NOTIMPLEMENTED;
	return PyBool_FromLong(same(&((Row *)a)->row, &((Row *)b)->row) == (op == Py_EQ));
}

static Py_hash_t row_hash(PyObject *self)
{
	const smsc_row *r = &((Row *)self)->row;
	Py_hash_t h = (Py_hash_t)((uint64_t)r->local * 31 + r->offset);

	return h == -1 ? -2 : h;
}

static PyTypeObject row_type = {
	PyVarObject_HEAD_INIT(NULL, 0)
	.tp_name        = "smscrypto.Row",
	.tp_doc         = "One record of a log.",
	.tp_basicsize   = offsetof(Row, bytes),
	.tp_itemsize    = 1,
	.tp_flags       = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION,
	.tp_repr        = row_repr,
	.tp_hash        = row_hash,
	.tp_richcompare = row_compare,
	.tp_members     = row_members,
	.tp_getset      = row_getters,
	.tp_methods     = row_methods,
};

/* ---- the iterator of a log ----------------------------------------------------------- */

PyObject *py_rows(smsc_log *log)
{
	Rows *it = PyObject_New(Rows, &rows_type);

	if (it)
		it->log = smsc_log_ref(log);
	return (PyObject *)it;
}

static PyObject *rows_next(PyObject *self)
{
	smsc_row row = SMSC_ROW_INIT;
	smsc_error *err = NULL;

	if (smsc_log_next(((Rows *)self)->log, &row, &err))
		return py_row(&row);
	if (err)
		py_raise(err);
	return NULL;
}

static void rows_free(PyObject *self)
{
	smsc_log_unref(((Rows *)self)->log);
	PyObject_Free(self);
}

static PyTypeObject rows_type = {
	PyVarObject_HEAD_INIT(NULL, 0)
	.tp_name      = "smscrypto._Rows",
	.tp_doc       = "Rows of a log, in C from end to end.",
	.tp_basicsize = sizeof(Rows),
	.tp_flags     = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION,
	.tp_dealloc   = rows_free,
	.tp_iter      = PyObject_SelfIter,
	.tp_iternext  = rows_next,
};

int py_row_start(PyObject *module)
{
	if (PyType_Ready(&row_type) || PyType_Ready(&rows_type))
		return -1;
	return PyModule_AddObjectRef(module, "Row", (PyObject *)&row_type);
}
