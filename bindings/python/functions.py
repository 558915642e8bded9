# functions.py - the functions of the module, and what closes it.
__version__ = version()
_bind(_smscrypto, Error)
Field = _smscrypto.Field
Row = _smscrypto.Row
TICKS_A_SECOND = _smscrypto.TICKS_A_SECOND
_abc.Mapping.register(Record)
_abc.Iterator.register(Log)


def _names(at, title):
    return {name: title(name) for name in iter(map(at, range(_sys.maxsize)).__next__, None)}


def formats():
    """Names of the formats that can be decoded, each with one line about it."""
    return _names(_format_at, _format_title)


def rules():
    """Ids of the rules that findings name, each with its title."""
    return _names(_rule_at, _rule_title)


def knowledge():
    """Ids of the lines that the knowledge base of logs knows, each with the line's fixed parts."""
    return _names(_knowledge_at, _knowledge_text)


def open(path, **options):
    """Open whatever is at `path`, read-only; the content decides, never the name.

    Options, here and in the functions below: zone ("+01:00", of local times that do not
    tell their own), codepage (of text that is not Unicode), and the limits max_stream,
    max_total, max_entries, max_events, max_depth, max_ratio and max_rounds; threads (that
    decode logs in an analysis; 1, and the result is the same with any number).
    """
    return _source_open(path, options)


def memory(name, data, **options):
    """A source over bytes in memory; `data` is kept and must not change meanwhile."""
    return _source_memory(name, data, options)


def decode(name, data, key=None, **options):
    r"""Decode bytes to a Record; the content decides, `name` is a hint.

    With `key`, the one key of a registry hive: r"ControlSet001\Control\Lsa" below its root.
    """
    if key is None:
        return _decode(name, data, options)
    return _decode_path(name, data, key, options)


def replay(name, data, log):
    """Lay the log of a dirty hive over it, as Windows does at its next start.

    Returns the recovered hive as bytes, and a Record that tells each run of pages: at,
    bytes, changed.  Logs of Windows NT 4 to 7.
    """
    pieces = []
    record = _replay(name, data, log, pieces.append)
    return b"".join(pieces), record


def logs(log, **options):
    """Read a log row by row; `log` is a path, an Entry of a source, or a descriptor such as
    sys.stdin.fileno()."""
    if isinstance(log, int):
        return _log_open_fd(log, "<fd %d>" % log, options)
    if isinstance(log, Entry):
        return _log_open_entry(log, options)
    return _log_open(log, options)


def analyze(*evidence, secrets=(), progress=None, **options):
    """Read, decode and correlate the evidence, and return the finished Case.

    Each piece of evidence is one snapshot: a path, a Source, or a pair (label, path or
    Source) that names it in reports.  `secrets` open private keys, each a text as for the
    command's --secret: "dpapi-system=HEX", "master-key=GUID:HEX", "password=SID:TEXT",
    "domain-backup-key=HEX"; the machine's own are found in the evidence.
    With allow_export=True, Generation.export() gives private keys out; else they are wiped
    before the analysis ends.  With allow_recovery=True a file that does not begin as a backup
    is searched for what is left of one.
    `progress(stage, done, total)` is called now and then, with bytes (total is 0 when not
    known); what it raises stops the analysis and comes out of here.
    """
    case, alone = _case_new(options), True
    for secret in [secrets] if isinstance(secrets, str) else secrets:
        case._unlock(secret)
    for piece in evidence:
        label, piece = piece if isinstance(piece, tuple) else (None, piece)
        if isinstance(piece, Source):
            case._add_source(piece, label)
            alone = False
        else:
            case._add(piece, label)
    _case_analyze(case, progress, alone)
    return case


__all__ = [
    "Case", "Certificate", "Entry", "Error", "Event", "Field", "File", "Finding", "Generation",
    "Key", "Log", "Match", "Place", "Record", "Report", "Row", "Source", "Step", "TICKS_A_SECOND",
    "analyze", "code_in_row", "code_meaning", "code_name", "code_parse", "decode", "formats",
    "knowledge", "knowledge_component", "knowledge_container", "knowledge_kind", "knowledge_meaning",
    "knowledge_severity", "live_objects", "logs", "memory", "open", "replay", "row_kind", "row_knowledge",
    "rule_advice", "rule_refutation", "rule_severity", "rules", "ticks", "time_format", "time_parse", "version",
]

# SWIG's handles on ownership have done their work: with them a program could free twice.
for _class in (Case, Certificate, Entry, Event, Finding, Generation, Key, Log, Match,
               Matches, Record, Report, Source, Step):
    del _class.thisown, _class.__swig_destroy__
del _class, Matches
