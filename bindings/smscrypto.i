/* smscrypto.i - the interface once, for every language: which classes, which members.
 *
 * C's const says who owns a result, so no function needs a note of its own:
 *   T *        is yours      the proxy gives it back in the end
 *   const T *  is borrowed   the proxy takes a reference first, and gives that back
 * Every part of a case, a source or a record counts as the whole, so no order in which
 * a language lets go of its objects can leave one of them dangling.
 *
 * <language>/types.i says how bytes, text, times, options, errors and callbacks are
 * spelled there; <language>/extra.i is what is written in the language itself.
 */
#if defined(SWIGPERL)
%module SMSCrypto
#else
%module(docstring="Which cryptographic key did this Windows server use when, what replaced or
damaged it, and which file brings it back?

    for event in smscrypto.analyze('backup.zip', 'restored/').events:
        print(event.time, event.text)

Damaged evidence never raises: it becomes a Finding, and all that is readable is
delivered.  Times are aware datetimes in UTC; beside each stands <name>_ticks, the exact
FILETIME: ticks of 100 ns since 1601-01-01, 0 when not known.") smscrypto
#endif
%{
#include <smscrypto.h>

/* Kinds of result that C spells as numbers; the typemaps say how each reads. */
typedef int      done;         /* 0, or -1 with an error: nothing to tell       */
typedef int      checked;      /* 0, or -1 with an exception of the language     */
typedef int      next_row;     /* 1 and a row, or 0                             */
typedef smsc_time local_time;  /* civil time of an unnamed zone                 */
typedef int64_t  maybe_size;   /* -1: not known                                 */
typedef int32_t  maybe_bias;   /* SMSC_NO_BIAS: not known                       */
typedef int      maybe_flag;   /* -1: not known                                 */

/* A report and the caller's function that takes its output. */
typedef struct Report {
	smsc_report *report;
	void        *sink;
	int          busy;      /* within a call: the sink must not come back in */
} Report;
%}
%include <stdint.i>
%include <typemaps/attribute.swg>

#if defined(SWIGPYTHON)
%include "python/types.i"
#elif defined(SWIGPERL)
%include "perl/types.i"
#endif

/* All HANDLE lines stand before any class: SWIG puts %extend members into the class
 * where that is declared, and looks their typemaps up there. */
%define HANDLE(NAME, PROXY)
%rename(PROXY) smsc_##NAME;
%nodefaultctor smsc_##NAME;
%typemap(in) smsc_##NAME *, const smsc_##NAME *, struct smsc_##NAME * {
	$1 = take_object($input, $descriptor(smsc_##NAME *), #PROXY);
	if (!$1)
		SWIG_fail;
}
%typemap(out) smsc_##NAME * {
	%set_output(new_object($1, $descriptor(smsc_##NAME *)));
}
%typemap(out) const smsc_##NAME * {
	%set_output(new_object($1 ? smsc_##NAME##_ref($1) : NULL, $descriptor(smsc_##NAME *)));
}
%enddef
%define CLASS(NAME)
typedef struct smsc_##NAME {} smsc_##NAME;
%extend smsc_##NAME { ~smsc_##NAME() { smsc_##NAME##_unref($self); } }
%enddef
%define ATTR(CLS, TYPE, NAME, DOC)
%feature("docstring", DOC) smsc_##CLS::NAME;
%attribute_readonly(smsc_##CLS, %arg(TYPE), NAME, NAME, smsc_##CLS##_##NAME(self_))
%enddef
%define TIME(CLS, NAME, DOC)
ATTR(CLS, smsc_time, NAME, DOC)
%feature("docstring", "The same as FILETIME ticks; 0 when not known.") smsc_##CLS::NAME##_ticks;
%attribute_readonly(smsc_##CLS, int64_t, NAME##_ticks, NAME##_ticks, smsc_##CLS##_##NAME(self_))
%enddef
%define SEQ(CLS, NAME)
%rename(_##NAME##_count) smsc_##CLS::NAME##_count;
%rename(_##NAME##_at)    smsc_##CLS::NAME##_at;
%extend smsc_##CLS {
	size_t NAME##_count();
	const smsc_##NAME *NAME##_at(size_t i);
}
%enddef

%apply const char *label_or_null { const char *passphrase_or_null };
HANDLE(source,     Source)
HANDLE(entry,      Entry)
HANDLE(record,     Record)
HANDLE(log,        Log)
HANDLE(case,       Case)
HANDLE(generation, Generation)
HANDLE(key,        Key)
HANDLE(certificate, Certificate)
HANDLE(matches,    Matches)
HANDLE(match,      Match)
HANDLE(event,      Event)
HANDLE(finding,    Finding)
HANDLE(step,       Step)
%typemap(in) Report *, struct Report * {
	$1 = take_object($input, $descriptor(Report *), "Report");
	if (!$1)
		SWIG_fail;
}

%feature("docstring", "Where evidence comes from: a directory, an archive, a file or memory.
Iterating it yields its entries; every loop is a walk of its own from the start.") smsc_source;
%feature("docstring", "One stream of a source: a file of the evidence, with its times.") smsc_entry;
%feature("docstring", "One stream, decoded: a mapping of field names to values, in the order of the
stream.  A dotted name goes down: record['exchange.private.cipher'].") smsc_record;
%feature("docstring", "One log, read row by row: iterating it yields each Row once.") smsc_log;
%feature("docstring", "What analyze() found.  It never changes; any thread may read it.") smsc_case;
%feature("docstring", "One content of one key container.") smsc_generation;
%feature("docstring", "One key pair of a generation.  No private key can be read from it.") smsc_key;
%feature("docstring", "One certificate of the evidence, with all its places.") smsc_certificate;
%feature("docstring", "One public key that a piece of evidence names, and who holds it.") smsc_match;
%feature("docstring", "One row of the timeline.") smsc_event;
%feature("docstring", "One problem of the evidence.") smsc_finding;
%feature("docstring", "One step of the recovery plan.") smsc_step;
CLASS(source)
CLASS(entry)
CLASS(record)
CLASS(log)
CLASS(case)
CLASS(generation)
CLASS(key)
CLASS(certificate)
CLASS(matches)
CLASS(match)
CLASS(event)
CLASS(finding)
CLASS(step)

/* ---- sources and entries ------------------------------------------------- */

ATTR(source, const char *, kind,  "'directory', 'archive', 'bkf', 'file' or 'memory'.")
ATTR(source, const char *, path,  "The path as it was given.")
ATTR(source, const char *, label, "Short name in reports.")
ATTR(source, const char *, machine_guid, "The MachineGuid of its registry, after the analysis; or None.")
ATTR(source, const char *, computer, "Name of the computer, as its registry says; or None.")
ATTR(source, const char *, system,   "Product and version, as the registry says; or None.")
SEQ(source, finding)
%rename(_set_count) smsc_source::set_count;
%rename(_set_at)    smsc_source::set_at;
%feature("docstring", "Join another medium of the backup that this is, which goes on there: True when it is one.
The walk starts again.") smsc_source::join;
%rename(_next)   smsc_source::next;
%rename(_rewind) smsc_source::rewind;
%extend smsc_source {
	bool join(smsc_source *other, smsc_error **err);
	size_t set_count();
	const smsc_record *set_at(size_t i);
	smsc_entry *next(smsc_error **err);
	done rewind(smsc_error **err);
}

ATTR(entry, const char *, path, "Path within the source, as the evidence has it: never write to it.")
ATTR(entry, const char *, safe_path, "The path, made safe to write below a folder.")
ATTR(entry, const char *, kind, "'file', 'folder', 'link' or 'other'.")
ATTR(entry, maybe_size,   size, "Bytes; None when not known.")
TIME(entry, modified, "When it was last written.")
TIME(entry, created,  "When it was created.")
TIME(entry, accessed, "When it was last read.")
ATTR(entry, const char *, clock, "Who measured the times: 'file-system', 'archive', 'archive-local', 'backup-set', 'none'.")
ATTR(entry, int64_t,      slack, "Ticks that each time may be off by.")
ATTR(entry, unsigned,     set,   "The backup set it is in, from 1; 0 outside backups.")
ATTR(entry, maybe_size,   attributes, "Windows attributes, as bits; None where the carrier keeps none.")
ATTR(entry, const char *, sddl,  "Owner and access rights as SDDL text; None where the carrier keeps none.")
ATTR(entry, maybe_flag,   recovered, "Was it found again behind damage of its backup?")
ATTR(entry, const smsc_source *, source, "The Source it is in.")
%rename(_read)   smsc_entry::read;
%rename(_rewind) smsc_entry::rewind;
%rename(_bytes)  smsc_entry::bytes;
%feature("docstring", "The streams that a backup keeps of it as a record, which is complete when the walk has
gone on to another file or folder; None outside backups.") smsc_entry::streams;
%extend smsc_entry {
	smsc_record *streams(smsc_error **err);
	done rewind(smsc_error **err);
	smsc_span bytes(smsc_error **err);
	size_t read(void *buffer, size_t size, smsc_error **err);
	/* Bytes in all, which the entry then holds: the limit was kept, and reads are quick. */
	size_t _hold(smsc_error **err)
	{
		return smsc_entry_bytes($self, err).size;
	}
}

/* ---- records --------------------------------------------------------------- */

ATTR(record, const char *, format, "Name of the format: 'capi-container'.")
ATTR(record, const char *, path,   "The name that was given to decode(), or the evidence's path.")
SEQ(record, finding)
%rename(_count) smsc_record::count;
%rename(_at)    smsc_record::at;
%rename(_get)   smsc_record::get;
%extend smsc_record {
	size_t count();
	const smsc_field *at(size_t i);
	const smsc_field *get(const char *name);
}

/* ---- logs -------------------------------------------------------------------- */

ATTR(log, const char *, format, "'ccm-log', 'sms-log', 'trace-text', 'setup-log', 'update-log' or 'iis-log'.")
ATTR(log, const char *, path,   "The file it is read from.")
SEQ(log, finding)
%rename(_next) smsc_log::next;
%extend smsc_log {
	next_row next(smsc_row *row, smsc_error **err);
}

/* ---- a case and what it holds -------------------------------------------------- */

%rename(_add)        smsc_case::add;
%rename(_add_source) smsc_case::add_source;
%rename(_unlock)     smsc_case::unlock;
%rename(_match)      smsc_case::match;
%feature("docstring", "The Generation of `container` that was in use at `when`, or None.") smsc_case::key_when;
%extend smsc_case {
	done add(const char *path, const char *label_or_null, smsc_error **err);
	done add_source(smsc_source *source, const char *label_or_null, smsc_error **err);
	done unlock(const char *secret, smsc_error **err);
	const smsc_generation *key_when(const char *container, smsc_time when);
	smsc_matches *match(const char *label_or_null, const void *data, size_t size, smsc_error **err);
}
SEQ(case, source)
SEQ(case, record)
SEQ(case, generation)
SEQ(case, certificate)
SEQ(case, event)
SEQ(case, finding)
SEQ(case, step)

ATTR(generation, const char *, container,    "Name of the container; else the hash of its name.")
ATTR(generation, const char *, product,      "Whose container it is: 'SMS 2003 site server'; or None.")
ATTR(generation, const char *, file_hash,    "32 hex digits that begin the file name.")
ATTR(generation, const char *, machine_guid, "The MachineGuid that ends the file name; '' if none.")
ATTR(generation, unsigned,     number,       "1, 2, ... in its container.")
ATTR(generation, const char *, state,        "'complete', 'incomplete', 'empty' or 'damaged'.")
ATTR(generation, int64_t,      size,         "Bytes of the file.")
TIME(generation, created,    "Earliest known time of creation.")
TIME(generation, modified,   "Earliest known time of writing.")
TIME(generation, first_seen, "Time of the oldest snapshot it is in.")
TIME(generation, last_seen,  "Time of the newest snapshot it is in.")
ATTR(generation, int64_t,      slack, "Ticks that these times may be off by.")
ATTR(generation, const char *, clock, "Who measured these times.")
ATTR(generation, const smsc_key *, signature, "The pair AT_SIGNATURE: a Key, or None.")
ATTR(generation, const smsc_key *, exchange,  "The pair AT_KEYEXCHANGE: a Key, or None.")
ATTR(generation, const char *, change, "How it differs from the generation before it; '' for the first.")
SEQ(generation, certificate)
%rename(_export)      smsc_generation::export;
%rename(_file_count)  smsc_generation::file_count;
%rename(_file_source) smsc_generation::file_source;
%rename(_file_path)   smsc_generation::file_path;
%extend smsc_generation {
	done export(const char *key, const char *format, const char *passphrase_or_null,
	            smsc_sink_fn *sink, void *user, smsc_error **err);
	size_t file_count();
	const smsc_source *file_source(size_t i);
	const char *file_path(size_t i);
}

ATTR(key, const char *, algorithm,   "'RSA' or 'DSS'.")
ATTR(key, unsigned,     bits,        "Length of the key.")
ATTR(key, smsc_span,    spki_sha256, "SHA-256 of the SubjectPublicKeyInfo: what identifies the key.")
ATTR(key, smsc_span,    spki_sha1,   "SHA-1 of the SubjectPublicKeyInfo.")
ATTR(key, smsc_span,    public_blob, "The public key as a PUBLICKEYBLOB.")
ATTR(key, const char *, proof,       "How far the proof goes: 'private-verified', 'private-mismatch', 'locked', ...")
ATTR(key, const char *, reason,      "Why that is so, in words.")
ATTR(key, maybe_flag,   exportable,  "May CryptoAPI export it; None when not known.")
ATTR(key, int64_t,      size,        "Bytes of the pair in the file.")
ATTR(key, const char *, master_key,  "GUID of the master key that opens it; '' if none.")

ATTR(certificate, smsc_span,    der,     "The certificate itself.")
ATTR(certificate, smsc_span,    sha1,    "Its thumbprint.")
ATTR(certificate, const char *, subject, "Whose key it is: 'CN=SMS, CN=SERVER'.")
ATTR(certificate, const char *, issuer,  "Who issued it.")
ATTR(certificate, const char *, serial,  "Serial number, hex.")
ATTR(certificate, const char *, usages,  "OIDs of the extended key usage; '' if none.")
TIME(certificate, not_before, "Valid from.")
TIME(certificate, not_after,  "Valid until.")
ATTR(certificate, const char *, algorithm,   "Algorithm of the public key: 'RSA'.")
ATTR(certificate, unsigned,     bits,        "Length of the public key.")
ATTR(certificate, smsc_span,    spki_sha256, "SHA-256 of the SubjectPublicKeyInfo: what identifies the key.")
ATTR(certificate, const char *, store,       "The store it is in: 'SMS', 'MY'; '' of a loose file.")
ATTR(certificate, const char *, friendly,    "Name for people; '' if none.")
ATTR(certificate, const char *, container,   "The container that its property names; '' if none.")
ATTR(certificate, const smsc_generation *, generation, "The Generation that holds its key, or None.")
ATTR(certificate, const char *, key, "Which key of that generation: 'signature' or 'exchange'; '' if none.")
%rename(_place_count)  smsc_certificate::place_count;
%rename(_place_source) smsc_certificate::place_source;
%rename(_place_path)   smsc_certificate::place_path;
%rename(_place_store)  smsc_certificate::place_store;
%rename(_place_offset) smsc_certificate::place_offset;
%extend smsc_certificate {
	size_t place_count();
	const smsc_source *place_source(size_t i);
	const char *place_path(size_t i);
	const char *place_store(size_t i);
	uint64_t place_offset(size_t i);
}

%rename(_count) smsc_matches::count;
%rename(_at)    smsc_matches::at;
%extend smsc_matches {
	size_t count();
	const smsc_match *at(size_t i);
}
ATTR(match, const char *, evidence, "The name that was given with it.")
ATTR(match, uint64_t,     offset,   "Byte in it.")
ATTR(match, const char *, role,     "What the key is for: 'trusted-root-key', 'message-recipient', ...")
ATTR(match, const char *, holder,   "The client or server that says so; or None.")
ATTR(match, smsc_span,    spki_sha256, "SHA-256 of the SubjectPublicKeyInfo; empty when not known.")
ATTR(match, const smsc_generation *, generation, "The Generation that holds the key, or None.")
ATTR(match, const char *, key,      "Which key of that generation: 'signature' or 'exchange'; '' if none.")
ATTR(match, const char *, proof,    "'none', 'public-match', 'locked', 'private-verified', ...")
ATTR(match, const smsc_generation *, signer, "The Generation whose signature the value bears, or None.")
ATTR(match, const char *, text,     "How it was found, or the nearest explanation why not.")
%rename(_decrypt) smsc_match::decrypt;
%extend smsc_match {
	done decrypt(smsc_sink_fn *sink, void *user, smsc_error **err);
}

TIME(event, time, "When it happened, UTC; None when not known.")
ATTR(event, local_time, local, "The civil time as it was written (a naive datetime); None if that was UTC.")
%feature("docstring", "The same as ticks; 0 when not known.") smsc_event::local_ticks;
%attribute_readonly(smsc_event, int64_t, local_ticks, local_ticks, smsc_event_local(self_))
ATTR(event, maybe_bias,   bias,     "Minutes: UTC = local + bias; None when not known.")
ATTR(event, int64_t,      slack,    "Ticks that the time may be off by.")
ATTR(event, const char *, clock,    "Whose clock: 'file-system', 'log', 'log-local', ...")
ATTR(event, const char *, kind,     "'key-created', ...")
ATTR(event, int,          severity, "0 note, 1 information, 2 warning, 3 error.")
ATTR(event, const char *, text,     "What happened.")
ATTR(event, const char *, meaning,  "What it tells about keys, or ''.")
ATTR(event, const smsc_source *, source, "The Source it was read from.")
SEQ(event, source)
ATTR(event, const char *, path,     "The evidence.")
ATTR(event, uint64_t,     offset,   "Byte in path.")
ATTR(event, const smsc_generation *, generation, "The Generation it is about, or None.")

ATTR(finding, const char *, rule,       "Id of the rule: 'K003'.")
ATTR(finding, int,          severity,   "0 note, 1 information, 2 warning, 3 error.")
ATTR(finding, const char *, title,      "What the rule finds.")
ATTR(finding, const char *, text,       "What was found here.")
ATTR(finding, const char *, advice,     "What to do, or ''.")
ATTR(finding, const char *, refutation, "What would refute it.")
ATTR(finding, const char *, path,       "The evidence, or ''.")
ATTR(finding, uint64_t,     offset,     "Byte in path.")
ATTR(finding, const char *, confidence, "'proved', 'likely' or 'possible'.")
ATTR(finding, const smsc_generation *, generation, "The Generation it is about, or None.")

ATTR(step, unsigned,     number, "1, 2, ... in the order in which to do them.")
ATTR(step, const char *, action, "'backup', 'stop', 'copy', 'start', ...; see smsc_step_action() in the header.")
ATTR(step, const char *, what,   "What to act on: 'label/path' of a file.")
ATTR(step, const char *, to,     "The name or value it gets, or ''.")
ATTR(step, const char *, reason, "Why.")
ATTR(step, const char *, check,  "How to see that it worked, or ''.")
ATTR(step, const char *, proof,  "How far the proof goes of the keys that it brings back; '' where no key is.")
ATTR(step, const smsc_source *, source, "The Source that holds what it acts on, or None.")
ATTR(step, const smsc_generation *, generation, "The Generation it is about, or None.")

/* ---- reports ----------------------------------------------------------------------- */

%{
static int report_leave(Report *r)
{
	r->busy = 0;
	return 0;
}
#define WRITING(R, CALL) (report_enter(R) ? (CALL, report_leave(R)) : -1)
%}
%feature("docstring", "Rows in, text out: 'text', 'jsonl', 'csv', 'bodyfile', 'timesketch', 'l2tcsv', 'html' or 'svg'.
Case.write() is the short way; a Report can mix rows of several cases and logs.") Report;
%feature("docstring", "Write the sources of a case.") Report::sources;
%feature("docstring", "Write the key generations of a case.") Report::generations;
%feature("docstring", "Write the certificates of a case.") Report::certificates;
%feature("docstring", "Write the findings of a case.") Report::findings;
%feature("docstring", "Write the recovery plan of a case.") Report::plan;
%feature("docstring", "Write all of a case: a page of 'html', the picture of 'svg', or every kind of row.") Report::whole;
%rename("case") Report::whole;
%feature("docstring", "Write one Finding.") Report::finding;
%feature("docstring", "Write one Match.") Report::match;
%feature("docstring", "Write one Record.") Report::record;
%rename(_timeline) Report::timeline;
%rename(_entry)    Report::entry;
%feature("docstring", "Write one Row of a Log.") Report::row;
%feature("docstring", "Write what is still held back: a table is aligned over all its rows.") Report::end;
typedef struct Report {} Report;
%extend Report {
	Report(const char *format, smsc_sink_fn *sink, void *user, bool color, smsc_error **err)
	{
		return report_new(format, color, sink, user, err);
	}
	~Report()
	{
		smsc_report_free($self->report);
		release_object($self->sink);
		free($self);
	}
	done timeline(const smsc_case *of, smsc_time since, smsc_time until, smsc_error **err)
	{
		return WRITING($self, smsc_report_timeline($self->report, of, since, until, err));
	}
	done sources(const smsc_case *of, smsc_error **err)
	{
		return WRITING($self, smsc_report_sources($self->report, of, err));
	}
	done generations(const smsc_case *of, smsc_error **err)
	{
		return WRITING($self, smsc_report_generations($self->report, of, err));
	}
	done certificates(const smsc_case *of, smsc_error **err)
	{
		return WRITING($self, smsc_report_certificates($self->report, of, err));
	}
	done findings(const smsc_case *of, smsc_error **err)
	{
		return WRITING($self, smsc_report_findings($self->report, of, err));
	}
	done plan(const smsc_case *of, smsc_error **err)
	{
		return WRITING($self, smsc_report_plan($self->report, of, err));
	}
	done whole(const smsc_case *of, smsc_error **err)
	{
		return WRITING($self, smsc_report_case($self->report, of, err));
	}
	done finding(const smsc_finding *finding, smsc_error **err)
	{
		return WRITING($self, smsc_report_finding($self->report, finding, err));
	}
	done match(const smsc_match *match, smsc_error **err)
	{
		return WRITING($self, smsc_report_match($self->report, match, err));
	}
	done record(const smsc_record *record, smsc_error **err)
	{
		return WRITING($self, smsc_report_record($self->report, record, err));
	}
	done entry(smsc_entry *entry, bool hash, smsc_error **err)
	{
		return WRITING($self, smsc_report_entry($self->report, entry, hash, err));
	}
	done row(const smsc_log *log, const smsc_row *row, smsc_error **err)
	{
		return WRITING($self, smsc_report_row($self->report, log, row, err));
	}
	done end(smsc_error **err)
	{
		return WRITING($self, smsc_report_end($self->report, err));
	}
}

/* ---- functions ----------------------------------------------------------------------- */

%rename(_source_open)    smsc_source_open;
%rename(_decode)         smsc_decode;
%rename(_decode_path)    smsc_decode_path;
%rename(_replay)         smsc_replay;
%rename(_log_open)       smsc_log_open;
%rename(_log_open_entry) smsc_log_open_entry;
%rename(_log_open_fd)    smsc_log_open_fd;
%rename(_case_new)       smsc_case_new;
%rename(_format_at)      smsc_format_at;
%rename(_format_title)   smsc_format_title;
%rename(_rule_at)        smsc_rule_at;
%rename(_rule_title)     smsc_rule_title;
%rename(_knowledge_at)   smsc_knowledge_at;
%rename(_knowledge_text) smsc_knowledge_text;
smsc_source *smsc_source_open(const char *path, const smsc_options *options, smsc_error **err);
smsc_record *smsc_decode(const char *path, const void *data, size_t size,
                         const smsc_options *options, smsc_error **err);
smsc_record *smsc_decode_path(const char *path, const void *data, size_t size, const char *key,
                              const smsc_options *options, smsc_error **err);
%apply (const void *data, size_t size) { (const void *log, size_t log_size) };
smsc_record *smsc_replay(const char *path, const void *data, size_t size, const void *log,
                         size_t log_size, smsc_sink_fn *sink, void *user, smsc_error **err);
smsc_log    *smsc_log_open(const char *path, const smsc_options *options, smsc_error **err);
smsc_log    *smsc_log_open_entry(smsc_entry *entry, const smsc_options *options, smsc_error **err);
smsc_log    *smsc_log_open_fd(int fd, const char *name, const smsc_options *options, smsc_error **err);
smsc_case   *smsc_case_new(const smsc_options *options, smsc_error **err);
const char  *smsc_format_at(size_t i);
const char  *smsc_format_title(const char *name);
const char  *smsc_rule_at(size_t i);
const char  *smsc_rule_title(const char *rule);
const char  *smsc_knowledge_at(size_t i);
const char  *smsc_knowledge_text(const char *id);

%rename("%(strip:[smsc_])s") "";
%constant int64_t TICKS_A_SECOND = SMSC_TICKS_A_SECOND;
%feature("docstring", "Version of the library: '0.1.0'.") smsc_version;
%feature("docstring", "Objects alive in this process: a test that ends with the number it began with has
leaked nothing.") smsc_live_objects;
%feature("docstring", "Name of a Windows code: 'NTE_NO_KEY' for 0x8009000d; or None.") smsc_code_name;
%feature("docstring", "What a Windows code means for keys, in one line; or None.") smsc_code_meaning;
%feature("docstring", "The code of 'NTE_NO_KEY', '0x8009000d', '8009000d', '2148073485' or '-2146893811'; 0 for
none.") smsc_code_parse;
%feature("docstring", "1 when the text of a row has this code, however it is spelled; else 0.") smsc_code_in_row;
%feature("docstring", "Kind of the event that a row tells about keys: 'key-created'; or None.") smsc_log_row_kind;
%rename(row_kind) smsc_log_row_kind;
%feature("docstring", "Id of what the knowledge base says about a row: 'L017'; 'L000' for an unknown line that
names an error of CryptoAPI; or None.") smsc_log_row_knowledge;
%rename(row_knowledge) smsc_log_row_knowledge;
%feature("docstring", "Who says a known line, '' when many do; or None for no such id.") smsc_knowledge_component;
%feature("docstring", "Kind of the event of a known line: 'key-created'; or None for no such id.") smsc_knowledge_kind;
%feature("docstring", "Severity of a known line: 0 routine, 1 information, 2 warning, 3 error; -1 for no such id.") smsc_knowledge_severity;
%feature("docstring", "What a known line tells, in one sentence; or None for no such id.") smsc_knowledge_meaning;
%feature("docstring", "The container whose key a known line concerns, '' when that is open; or None for no such id.") smsc_knowledge_container;
%feature("docstring", "What to do about what a rule finds; or None for no rule.") smsc_rule_advice;
%feature("docstring", "What would refute what a rule finds; or None for no rule.") smsc_rule_refutation;
%feature("docstring", "Severity of a rule: 0 note, 1 information, 2 warning, 3 error; -1 for no rule.") smsc_rule_severity;
%feature("docstring", "A time as text: '2005-01-07T22:59:38.0000000Z'.") smsc_time_format;
%feature("docstring", "The time of such a text, also shorter: '2005-01-07T22:59Z'; or None.  No zone means
UTC.") smsc_time_parse;
%feature("docstring", "A time (or its text) as FILETIME ticks, to the last digit.") ticks;
%{
static int64_t ticks(smsc_time when)
{
	return when;
}
%}
const char *smsc_version(void);
long        smsc_live_objects(void);
const char *smsc_code_name(uint32_t code);
const char *smsc_code_meaning(uint32_t code);
uint32_t    smsc_code_parse(const char *text);
int         smsc_code_in_row(const smsc_row *row, uint32_t code);
const char *smsc_log_row_kind(const smsc_row *row);
const char *smsc_log_row_knowledge(const smsc_row *row);
const char *smsc_knowledge_component(const char *id);
const char *smsc_knowledge_kind(const char *id);
int         smsc_knowledge_severity(const char *id);
const char *smsc_knowledge_meaning(const char *id);
const char *smsc_knowledge_container(const char *id);
const char *smsc_rule_advice(const char *rule);
const char *smsc_rule_refutation(const char *rule);
int         smsc_rule_severity(const char *rule);
void        smsc_time_format(smsc_time when, char out[29]);
smsc_time   smsc_time_parse(const char *text);
int64_t     ticks(smsc_time when);

#if defined(SWIGPYTHON)
%include "python/extra.i"
#elif defined(SWIGPERL)
%include "perl/extra.i"
#endif
