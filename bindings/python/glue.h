/* glue.h - how Python spells text, bytes, times, options, errors and callbacks.
 *          The GIL is held in every function but the two callbacks, which take it. */
#ifndef SMSC_PYTHON_GLUE_H
#define SMSC_PYTHON_GLUE_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdbool.h>
#include <smscrypto.h>

/* Called once at import; `error` is the class smscrypto.Error. */
int py_start(PyObject *module, PyObject *error);

/* Each returns a new reference, NULL with an exception set. */
PyObject *py_text(const char *s);                     /* NULL: None               */
PyObject *py_text_of(const void *data, size_t size);
PyObject *py_bytes(smsc_span s);
PyObject *py_time(smsc_time t);                       /* aware, UTC               */
PyObject *py_local(smsc_time t);                      /* naive: a zone unknown    */
PyObject *py_known(int64_t value, int64_t unknown);   /* None if not known        */
PyObject *py_flag(int value);                         /* None if below 0          */

/* Each returns 0, or -1 with an exception set. */
int py_take_time(PyObject *when, smsc_time *out);     /* datetime, text, ticks    */
int py_take_text(PyObject *text, const char **out);   /* borrowed from `text`     */
int py_take_options(PyObject *dict, smsc_options *out);

/* Raises the error and frees it; an exception of a callback comes first. */
void py_raise(smsc_error *e);

int py_progress(void *user, const char *stage, uint64_t done, uint64_t total);
int py_sink(void *user, const void *data, size_t size);

/* Analyzes without the GIL when nobody else can hold anything of the case. */
int py_analyze(smsc_case *c, PyObject *progress, bool alone, smsc_error **err);
/* A source over `data`, any object with a buffer, which it keeps. */
smsc_source *py_memory(const char *name, PyObject *data, const smsc_options *options,
                       smsc_error **err);
/* The Field of `f`; takes over `value`. */
PyObject *py_field(const smsc_field *f, PyObject *value);

/* row.c */
int       py_row_start(PyObject *module);
PyObject *py_row(const smsc_row *row);
PyObject *py_rows(smsc_log *log);                     /* the iterator of a log    */
int       py_take_row(PyObject *row, smsc_row *out);  /* borrowed from `row`      */

#endif
