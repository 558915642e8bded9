"""Loose evidence of a variation: what clients trust, and messages to the server."""
import certificates
import der
import logs
import rsa_keys
import story
import trust
from filetime import DAY, SECOND
from logs import Row
from prng import Prng
from tree import File
from variation_pool import Dice

_CLIENT = "CL07"


def loose(told, until):
    """({path: File}, values that clients hold, messages) as of the true time UNTIL."""
    dice = Dice(told.server.label + "/client")
    files, trusted, messages = {}, [], []
    if dice.chance(40):
        return files, trusted, messages
    _trust(told, until, dice, files, trusted)
    _messages(told, until, dice, files, messages)
    if dice.chance(30):
        files["client/LocationServices.log"] = _location_services(told, until, dice)
    return files, trusted, messages


# --- what clients hold -------------------------------------------------------

def _trust(told, until, dice, files, trusted):
    """Listings and pages that name a trusted root key, old or new."""
    roots = _made(told, story.SITE_SERVER, "exchange", until)
    signing = [c for time, c in told.server.all_certificates
               if c.kind == "signature" and time < until]
    for form in dice.some(("mof", "text", "page")):
        if not roots:
            return
        # The first key, or the last one.
        last = len(roots) > 1 and dice.chance(45)
        time, root = roots[-1 if last else 0]
        key = root.keys["exchange"]
        made = (until if last or form != "page" else time) + 3600 * SECOND
        if form != "text" and not signing:
            continue
        path, data = "client/TrustedRootKey.txt", b""
        if form == "text":
            data = ("TrustedRootKey = %s\r\n" % trust.root_key(key)).encode()
        else:
            cert = signing[-1 if last else 0]
            path = {"mof": "client/TrustedRootKey.mof", "page": "loose/mpkeyinformation.xml"}[form]
            data = trust.instances(key, cert.der, told.server.name) if form == "mof" else \
                trust.page(told.server.name, told.server.site, key, cert.der)
            trusted.append(_value(path, "MPCertificate", cert.gen, "signature"))
        trusted.append(_value(path, "TrustedRootKey", root, "exchange"))
        files[path] = File(data, made)


def _made(told, container, kind, until):
    """(time, generation) of each new key of that kind, oldest first."""
    return [(time, gen) for time, what, gen in told.server.events
            if what == "keys made" and gen.container == container and kind in gen.keys
            and time < until]


def _value(path, name, gen, kind):
    return {"file": path, "value": name, "gen": gen, "key": kind}


# --- messages ----------------------------------------------------------------

def _messages(told, until, dice, files, messages):
    """Encrypted inventory for an old, a new, or an unknown certificate."""
    holders = [c for time, c in told.server.all_certificates
               if c.kind == "exchange" and time < until]
    for number in range(dice.weighted({0: 45, 1: 40, 2: 15})):
        unknown = not holders or dice.chance(25)
        if unknown:
            key, gen = told.server.keys.next(1024), None
            cert = certificates.self_signed(key, ["OTHER%02d" % number, "SMS"],
                                            certificates.ENCRYPTION_USE, until - 40 * DAY, 100,
                                            Prng("%s/other/%d" % (told.server.label, number)))
        else:
            held = holders[-1 if dice.chance(35) else 0]
            cert, gen, key = held.der, held.gen, held.gen.keys["exchange"]
        path = "loose/message-%d.p7m" % (number + 1)
        text = trust.inventory("%s-%d" % (_CLIENT, number))
        data = trust.message(cert, key, text, Prng("%s/message/%d" % (told.server.label, number)))
        files[path] = File(data, until)
        body = der.children(der.children(cert)[0])
        messages.append({"file": path, "gen": gen, "recipient": rsa_keys.fingerprint(key),
                         "serial": body[1][2:].hex(), "content": text})


# --- the client's log --------------------------------------------------------

def _location_services(told, until, dice):
    """LocationServices.log: quiet, and refusing once the site's keys are new."""
    roots = _made(told, story.SITE_SERVER, "exchange", until)
    rows, time = [], told.times.before - DAY
    while time < until:
        texts = [("Refreshing trusted key information", 1)]
        if len(roots) > 1 and time > roots[1][0]:
            texts += [("Both the trusted key and the mp certificate have changed on server %s."
                       % told.server.name, 3),
                      ("The client cannot validate the authentication information.", 3)]
        for number, (text, severity) in enumerate(texts):
            rows.append(Row(time + number * 160_000, "LocationServices", severity, 1612,
                            "lssecurity.cpp:1127", text))
        time += DAY + dice.below(3600) * SECOND
    return File(b"".join(map(logs.ccm, rows)), rows[-1].time)
