"""The files of a backup: a server's state as directories, archives and tapes hold it."""
import os
import zlib
from collections import namedtuple

import archive_zip
import capi
import certificates
import dpapi
import evt
import filetime
import hive
import logs
import metabase
import server_hives
import story
import tree
import trust
from bkf import bkf_file
from evt import ERROR, INFORMATION, Event
from filetime import SECOND
from key_blobs import AT_KEYEXCHANGE, AT_SIGNATURE
from prng import Prng
from server_paths import (CCM_LOGS, CLIENT_SETUP, CONFIG, INETSRV, PROTECT, RSA, SITE_LOGS)
from tree import File
from variation_pool import HALVES, Dice, dpapi_system

# One snapshot as it is handed over: missing names what was taken away.
Given = namedtuple("Given", "label path carrier state missing files")

_HIVES = tuple(CONFIG + name for name in server_hives.HIVES)
_LOGS = (CCM_LOGS, SITE_LOGS, CONFIG + "SysEvent.Evt")
# What may be missing -> the beginnings of the paths that go with it.
PIECES = {
    "SECURITY": (CONFIG + "SECURITY",), "SYSTEM": (CONFIG + "SYSTEM",),
    "SOFTWARE": (CONFIG + "SOFTWARE",), "hives": _HIVES, "master keys": (PROTECT,),
    "logs": _LOGS, "metabase": (INETSRV,),
    "all but key files": _HIVES + _LOGS + (PROTECT, INETSRV, CLIENT_SETUP),
    "all but logs": _HIVES + (RSA, "C/KeyBackup/", PROTECT, INETSRV, CLIENT_SETUP),
}


def given_files(told, state, missing, skewed):
    """{path: File} of one snapshot without what is missing."""
    files = _container_files(state)
    for make in (_master_files, _hive_files, _log_files, _event_file, _metabase_file,
                 _setup_file):
        files.update(make(told, state))
    away = tuple(begin for piece in missing for begin in PIECES.get(piece, ()))
    if "first master key" in missing:
        away += (PROTECT + told.server.secrets.masters["machine-1"].guid,)
    files = {path: entry for path, entry in files.items() if not path.startswith(away)}
    return _skew(files, told, state) if skewed else files


def _skew(files, told, state):
    """Times that went wrong after the backup, or of one file on the server."""
    kind, error = told.skew
    dice = Dice("%s/skew/%s" % (told.server.label, state.name))
    if kind == "shifted":
        return {p: File(f.data, f.modified + error, f.created) for p, f in files.items()}
    if kind == "copied":
        late = state.taken + dice.between(1, 40) * filetime.DAY
        return {path: File(files[path].data, late + number * SECOND, None)
                for number, path in enumerate(sorted(files))}
    keys = [p for p in sorted(files) if p.startswith(RSA)]
    if keys:
        path = dice.pick(keys)
        late = state.taken + dice.between(1, 3000) * 7 * 3600 * SECOND
        files[path] = files[path]._replace(modified=late)
    return files


# --- keys --------------------------------------------------------------------

def _container_files(state):
    return {path: File(held.gen.data, held.modified, held.created)
            for path, held in state.files.items()}


def _master_files(told, state):
    """Master keys made so far, and which one is in use."""
    server, files = told.server, {}
    made = {"machine-1": told.times.installed + 1980 * SECOND,
            "machine-2": server.second_master, "user-1": told.times.installed + 2000 * SECOND}
    used = {server.master(c, told.times.installed) for c in state.wanted}
    used |= {master for time, _, gen in server.events if gen and time < state.true
             for master in gen.masters.values()}
    for name in sorted(used):
        folder = PROTECT + ("User/" if HALVES[name] == "user" else "")
        master, time = server.secrets.masters[name], server.clock.shows(made[name])
        files[folder + master.guid] = File(server.secrets.files[name], time, time)
        files[folder + "Preferred"] = File(dpapi.preferred(master, time), time, time)
    return files


# --- registry ----------------------------------------------------------------

def _hive_files(told, state):
    server, times = told.server, told.times
    machine = server_hives.Machine(
        server.label, server.name, server.site, server.secrets.boot_key, server.secrets.lsa_key,
        times.installed, times.installed + 620 * SECOND, times.installed + 13 * filetime.DAY,
        times.installed + 700 * SECOND, times.installed + 1990 * SECOND, times.sms,
        times.sms + 504 * SECOND, times.upgraded)
    made = times.installed + 646 * SECOND
    secrets = {"DPAPI_SYSTEM": (dpapi_system(server.secrets), made, b"", made)}
    seed = Prng("%s/seed/%s" % (server.label, state.name)).bytes(80), state.taken
    models = {
        "SYSTEM": lambda: server_hives.system(machine, *state.boots[-1]),
        "SECURITY": lambda: server_hives.security(machine, secrets),
        "SOFTWARE": lambda: server_hives.software(machine, state.guid, state.guid_set, seed,
                                                  _stores(told, state))}
    files = {}
    for number, name in enumerate(server_hives.HIVES):
        saved = state.taken + number * SECOND // 4
        files[CONFIG + name] = File(hive.write(models[name](), saved), saved, times.installed)
    return files


def _stores(told, state):
    """The agent's certificates; those of a web server name their container's file."""
    entries = [(c.der, c.made, certificates.blob(
        c.der, c.gen.keys[c.kind], "SMS %s Certificate" % {
            "signature": "Signing", "exchange": "Encryption"}[c.kind], story.AGENT,
        AT_SIGNATURE if c.kind == "signature" else AT_KEYEXCHANGE)) for c in state.certificates]
    web = []
    for container, gen in state.wanted.items():
        if container.startswith("{"):
            made = told.server.written[container, gen.number]
            der = certificates.self_signed(
                gen.keys["exchange"], ["www.corp.example"], certificates.SERVER_USE, made, 5,
                Prng("%s/web/%s" % (told.server.label, container)))
            web.append((der, made, certificates.blob(
                der, gen.keys["exchange"], "Intranet", capi.file_name(container, gen.guid),
                AT_KEYEXCHANGE)))
    return [server_hives.store("MY", told.times.installed, web),
            server_hives.store("SMS", told.times.installed, entries)]


# --- logs --------------------------------------------------------------------

def _log_files(told, state):
    files = {}
    for name, folder, write in (("CcmExec", CCM_LOGS, logs.ccm), ("hman", SITE_LOGS, logs.site_c)):
        rows = state.rows[name]
        if rows:
            files[folder + name + ".log"] = File(b"".join(map(write, rows)), rows[-1].time,
                                                 told.server.clock.shows(told.times.sms))
    return files


def _event_file(told, state):
    """Starts and stops; IIS fails at each start at which its key is not there."""
    events = []
    for down, up in state.boots:
        events += [Event(down - 3 * SECOND, "EventLog", 6006, INFORMATION, severity=0x80000000),
                   Event(up + 20 * SECOND, "EventLog", 6005, INFORMATION, severity=0x80000000)]
    if state.metabase and not state.live[story.IIS]:
        time = state.boots[-1][1] + 95 * SECOND
        events += [Event(time, "W3SVC", 116, ERROR, ("/LM/W3SVC/",), b"\3\0\0\0"),
                   Event(time + SECOND, "Service Control Manager", 7023, ERROR,
                         ("World Wide Web Publishing Service", "%%1008"))]
    return {CONFIG + "SysEvent.Evt": File(evt.write(events, told.server.name), events[-1].time,
                                          told.times.installed)}


# --- what hangs on keys --------------------------------------------------------

def _metabase_file(told, state):
    if not state.metabase:
        return {}
    gen, saved = state.metabase
    data = metabase.metabase(gen.keys["signature"], gen.keys["exchange"],
                             ("Not-A-Real-Anonymous-Password",),
                             Prng("%s/metabase/%d" % (told.server.label, gen.number)))
    return {INETSRV + "MetaBase.bin": File(data, saved, saved)}


def _setup_file(told, state):
    """The site's public key follows what the site server finds at its start."""
    held = state.live.get(story.SITE_SERVER)
    if not held or "exchange" not in held.gen.keys:
        return {}
    data = trust.client_setup(told.server.site, held.gen.keys["exchange"])
    return {CLIENT_SETUP: File(data, held.modified, told.times.sms)}


# --- carriers ----------------------------------------------------------------

def write(folder, given, server):
    """One snapshot below FOLDER, as its carrier holds it."""
    path = os.path.join(folder, given.path)
    if given.carrier == "folder":
        write_timed(path, given.files, given.state.taken)
        return
    if given.carrier == "zip":
        data = archive_zip.zip_members(
            [archive_zip.Member(p.encode(), f.data, f.modified, f.created or f.modified,
                                ("ut", "ntfs"), not p.isascii(), _deflate(f.data))
             for p, f in sorted(given.files.items())])
    else:
        data = bkf_file(given.files, os.path.basename(path), server.name, given.state.taken)
    write_timed(folder, {given.path: File(data, given.state.taken)}, None)


def _deflate(data):
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


def write_timed(folder, files, folder_time):
    """Write {path: File} with their times; folders get FOLDER_TIME."""
    tree.write(folder, files)
    for path, entry in files.items():
        stamp = filetime.unix_nanoseconds(entry.modified)
        os.utime(os.path.join(folder, path), ns=(stamp, stamp))
    if folder_time is not None:
        stamp = filetime.unix_nanoseconds(folder_time)
        for place, _, _ in os.walk(folder, topdown=False):
            os.utime(place, ns=(stamp, stamp))
