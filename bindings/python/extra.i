/* python/extra.i - what makes it Python: sequences, mappings, iteration, with.
 *
 * A case is made and analyzed by analyze() alone, so that nobody else holds it before it
 * is final: that is why the GIL can be released meanwhile. */
%rename(_bind)          py_start;
%rename(_case_analyze)  py_analyze;
%rename(_source_memory) py_memory;
%rename(_log_rows)      py_rows;
checked      py_start(PyObject *module, PyObject *error);
done         py_analyze(smsc_case *of, PyObject *progress, bool alone, smsc_error **err);
smsc_source *py_memory(const char *path, PyObject *data, const smsc_options *options,
                       smsc_error **err);
PyObject    *py_rows(smsc_log *log);
%pythoncode "python/functions.py"

/* Two proxies of one thing are equal; none is made, changed or sent elsewhere. */
%define PYCLASS(NAME, TOLD...)
%extend smsc_##NAME { %pythoncode %{
    __repr__ = _repr(TOLD)
    __setattr__ = _fixed
    __reduce__ = _stays

    def __init__(self):
        raise TypeError(f"a {type(self).__name__} is not made by hand")

    def __eq__(self, other):
        return type(self) is type(other) and _address(self) == _address(other)

    def __hash__(self):
        return hash(_address(self))
%} }
%enddef
%define FINDINGS(NAME)
%extend smsc_##NAME { %pythoncode %{
    findings = _view("finding", "What could not be read so far: a sequence of Finding.")
%} }
%enddef
%define CLOSE(NAME)
%extend smsc_##NAME { %pythoncode %{
    def close(self):
        """Let go of it now; what was taken from it stays good.  Calling it twice is fine."""
        object.__setattr__(self, "this", None)

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        self.close()
%} }
%enddef
PYCLASS(source, "kind", "path")
PYCLASS(entry, "path", "size", "modified")
PYCLASS(record, "format", "path")
PYCLASS(log, "format", "path")
PYCLASS(case, "sources")
PYCLASS(generation, "container", "number", "state", "machine_guid")
PYCLASS(key, "algorithm", "bits", "proof")
PYCLASS(certificate, "subject", "store", "not_before")
PYCLASS(matches)
PYCLASS(match, "role", "proof", "text")
PYCLASS(event, "time", "kind", "text")
PYCLASS(finding, "rule", "title", "path", "offset")
PYCLASS(step, "number", "action", "what", "to")
FINDINGS(source)
FINDINGS(record)
FINDINGS(log)
CLOSE(source)
CLOSE(log)

%extend smsc_source { %pythoncode %{
    sets = _view("set", "The backup sets met so far: a sequence of Record.")

    def __iter__(self):
        walk = object()
        object.__setattr__(self, "_walk", walk)
        self._rewind()
        while (entry := self._next()) is not None:
            yield entry
            if self._walk is not walk:
                raise RuntimeError("another walk of this source has begun")
%} }
%extend smsc_entry { %pythoncode %{
    def read(self, size=-1):
        """The next `size` bytes; without a size all that are left, as bytes() limits them."""
        if size is None or size < 0:
            size = self._hold()
        pieces, left = [], size
        while left > 0 and (piece := self._read(min(left, 1 << 20))):
            pieces.append(piece)
            left -= len(piece)
        return b"".join(pieces)

    def rewind(self):
        """Read from the start again."""
        self._rewind()

    def bytes(self):
        """The whole content; an Error with code 'limit' past the option max_stream."""
        return self._bytes()
%} }
%extend smsc_record { %pythoncode %{
    fields = property(lambda self: _View(self._count, self._at),
                      doc="Every Field in the order of the stream, also of names that repeat.")
    keys, items, values = _abc.Mapping.keys, _abc.Mapping.items, _abc.Mapping.values

    def field(self, name):
        """The first Field of that name, with the bytes it was read from; or None."""
        return self._get(name)

    def get(self, name, default=None):
        """The value of the first field of that name, or the default."""
        field = self._get(name)
        return default if field is None else field.value

    def __getitem__(self, name):
        field = self._get(name)
        if field is None:
            raise KeyError(name)
        return field.value

    def __contains__(self, name):
        return isinstance(name, str) and self._get(name) is not None

    def __iter__(self):
        return iter(dict.fromkeys(field.name for field in self.fields))

    def __len__(self):
        return len({field.name for field in self.fields})
%} }
%extend smsc_log { %pythoncode %{
    def __iter__(self):
        return _log_rows(self)

    def __next__(self):
        row = self._next()
        if row is None:
            raise StopIteration
        return row
%} }
%extend smsc_generation { %pythoncode %{
    files = property(lambda self: _View(self._file_count, self._file),
                     doc="Every file that holds this generation: a sequence of File.")
    certificates = _view("certificate", "Certificates with one of its public keys: a sequence of Certificate.")

    def export(self, key, format, passphrase):
        """The private key 'signature' or 'exchange' as bytes: 'pem', 'pvk', 'blob' or 'pfx'.

        It is encrypted with the passphrase; an empty one says that it shall leave in the
        clear, as a blob always does.  A PFX needs a certificate of the key in the evidence.
        An Error with code 'arg' unless analyze() was given allow_export=True, with code 'crypto' when the key is not 'private-verified'.
        """
        pieces = []
        self._export(key, format, passphrase, pieces.append)
        return b"".join(pieces)

    def _file(self, i):
        return File(self._file_source(i), self._file_path(i))
%} }
%extend smsc_match { %pythoncode %{
    def decrypt(self):
        """The content of the message, when the key is 'private-verified'.

        An Error with code 'arg' unless analyze() was given allow_export=True.
        """
        pieces = []
        self._decrypt(pieces.append)
        return b"".join(pieces)
%} }
%extend smsc_certificate { %pythoncode %{
    places = property(lambda self: _View(self._place_count, self._place),
                      doc="Every place that has this certificate: a sequence of Place.")

    def _place(self, i):
        return Place(self._place_source(i), self._place_path(i), self._place_store(i), self._place_offset(i))
%} }
%extend smsc_event { %pythoncode %{
    sources = _view("source", "The snapshots that have it, source first: a sequence of Source.")
%} }
%extend smsc_case { %pythoncode %{
    sources = _view("source", "The snapshots: a sequence of Source.")
    records = _view("record", "Decoded streams that concern keys: a sequence of Record.")
    generations = _view("generation", "Key generations, by container and time: a sequence of Generation.")
    certificates = _view("certificate", "Certificates, each once: a sequence of Certificate.")
    events = _view("event", "The timeline: a sequence of Event.")
    plan = _view("step", "The recovery plan: a sequence of Step; empty when nothing has to be brought back.")
    findings = _view("finding", "Problems, worst first: a sequence of Finding.")

    def match(self, data, name=None):
        """Which generations are named by `data`: a page, message, certificate, public key, ...

        A sequence of Match, one for each public key it names; an Error with code 'format'
        when it names none.  Text is given as bytes, too.
        """
        found = self._match(name, data)
        return _View(found._count, found._at)

    def write(self, what, format, file=None, since=None, until=None, color=False):
        """Write 'timeline', 'sources', 'generations', 'certificates', 'findings', 'plan' or all of it, 'case', in
        a format of Report.

        Returns it as text, or puts it into `file` (text or binary) and returns None.
        `since` and `until` bound a timeline.
        """
        if what not in ("timeline", "sources", "generations", "certificates", "findings", "plan", "case"):
            raise ValueError(f"a case has no {what!r}")
        sink = _Text(file)
        report = Report(format, sink, color)
        if what == "timeline":
            report.timeline(self, since, until)
        else:
            getattr(report, what)(self)
        report.end()
        return "".join(sink.kept) if file is None else None
%} }
%extend Report { %pythoncode %{
    __repr__ = _repr()
    __setattr__ = _fixed
    __reduce__ = _stays

    def __init__(self, format, sink, color=False):
        """`sink(data)` is called with pieces of output: bytes of UTF-8."""
        object.__setattr__(self, "_sink", sink)
        _smscrypto.Report_swiginit(self, _smscrypto.new_Report(format, sink, color))

    def timeline(self, case, since=None, until=None):
        """Write the events from `since` up to, not including, `until`."""
        self._timeline(case, since, until)

    def entry(self, entry, hash=False):
        """Write one Entry; `hash` reads it and adds its SHA-256."""
        self._entry(entry, hash)
%} }
