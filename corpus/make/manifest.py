"""MANIFEST.tsv: one row for every file of the corpus."""
import hashlib

HEAD = ("path", "sha256", "format", "origin", "maker", "licence", "expected", "why")
_LICENCE = "BSD-2-Clause"


def rows(files, samples):
    """The table as bytes.  FILES is {path: File} of all but the manifest; SAMPLES are
    pairs of a sample and its maker."""
    told = {sample.path: (sample.expect, sample.why, maker) for sample, maker in samples}
    lines = ["\t".join(HEAD)]
    for path in sorted(files):
        expect, why, maker = told.get(path) or _of_incident(path)
        digest = hashlib.sha256(files[path].data).hexdigest()
        cells = (path, digest, format_of(path), "made", maker, _LICENCE, expect, why)
        lines.append("\t".join(cells))
    return ("\n".join(lines) + "\n").encode()


def format_of(path):
    """The format's name; a sample's folder is named after it."""
    folder = path.split("/")[0]
    if folder not in ("incident-2005", "archives", "SAMPLES.json"):
        return folder
    return next((name for mark, name in _FORMATS if mark in path), "text")


# The first mark found in the path decides.
_FORMATS = (
    ("/keys/", "pem"), ("S.json", "answers"), ("TIMES.tsv", "answers"),
    (".zip", "zip"), (".tar.gz", "tar"), (".bkf", "bkf"), (".Evt", "evt"), ("/config/", "regf"),
    ("/Crypto/RSA/", "capi-container"), ("/KeyBackup/", "capi-container"),
    ("/Preferred", "dpapi-preferred"), ("/Protect/", "dpapi-masterkey"),
    ("/inetsrv/", "metabase"), ("/LogFiles/", "iis-log"), (".tcf", "tcf"),
    (".mof", "trust-text"), ("SMSCFG.INI", "smscfg"), (".xml", "sms-aut"), (".p7m", "cms"),
    (".der", "x509"), ("MPSetup.log", "setup-log"),
    ("/SMS/Logs/", "sms-log"), ("/Logs/", "ccm-log"),
    ("/forum/", "trace-text"),
)

_WHY = {
    "pem": ("-", "private key of one generation"),
    "answers": ("-", "what is true, for tests"),
    "zip": ("same results as the folder of that name", "a snapshot as an archive"),
    "tar": ("same results as the folder of that name", "a snapshot as an archive"),
    "bkf": ("same results as the folder of that name", "a snapshot as a backup of NTBackup"),
    "regf": ("decodes without finding", "the server's registry"),
    "capi-container": ("decodes; keys as in ANSWERS.json", "a generation of a container"),
    "dpapi-preferred": ("decodes", "which master key protects new data"),
    "dpapi-masterkey": ("opens with a half of DPAPI_SYSTEM", "a master key of the server"),
    "setup-log": ("every line dated", "each set-up of the management point"),
    "sms-log": ("every line dated, bias 300", "what the site server wrote"),
    "ccm-log": ("every record dated, bias 300", "what the agent wrote"),
    "metabase": ("session key belongs to one generation", "IIS metabase, its records as filling"),
    "iis-log": ("every line dated, UTC", "requests to the management point"),
    "evt": ("every record read", "starts, failures and backups of the server"),
    "tcf": ("public root key matches a generation", "public root key for client set-up"),
    "smscfg": ("decodes", "identity of the client"),
    "sms-aut": ("root key and certificate match a generation", "page of the management point"),
    "cms": ("recipient matches a generation", "the message that was discarded"),
    "x509": ("decodes", "certificate to which clients encrypted"),
    "trace-text": ("5 rows", "the lines of the newsgroup post"),
    "trust-text": ("root key and certificate match a generation", "what the client trusts"),
}


def _of_incident(path):
    maker = "make/build.py" if path == "SAMPLES.json" else "make/incident.py"
    return (*_WHY[format_of(path)], maker)
