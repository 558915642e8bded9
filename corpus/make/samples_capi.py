"""Minimal samples of key containers."""
import capi
import dpapi
import key_blobs
import rsa_keys
from capi import NO_PAIR, Pair
from dpapi import AES_SHA512, DES3_SHA1, RC4_40
from dss_keys import make_dss
from prng import Prng
from sample import Sample, flip, in_folder, patch, patch32
from sample_secrets import BIG, EXCHANGE, MASTER, SIGNATURE, SMALL, master_key, rsa_facts

_ENGLISH = "CryptoAPI Private Key"


def samples():
    """Every sample of this file."""
    return _containers() + _damaged_containers()


def _pair(key, label, **options):
    return capi.pair(key, MASTER, Prng("sample/container/" + label), **options)


SIGN_PAIR, XCHG_PAIR = _pair(SIGNATURE, "signature"), _pair(EXCHANGE, "exchange")
TWO_PAIRS = capi.container("Corpus", SIGN_PAIR, XCHG_PAIR)


def _container(name, title, signature, exchange, why, **options):
    """A sound container sample with its facts; a side is None or (key, pair)."""
    sides = {"signature": signature, "exchange": exchange}
    data = capi.container(title, *(side[1] if side else NO_PAIR for side in sides.values()))
    facts = {kind: rsa_facts(side and side[0]) for kind, side in sides.items()}
    facts.update(container=title, file_hash=capi.name_hash(title), **options)
    return Sample("capi-container/" + name, data, "decodes; keys as in SAMPLES.json", why, facts)


def _containers():
    small = _pair(SMALL, "small")
    xp = _pair(EXCHANGE, "xp", description=_ENGLISH)
    aes = _pair(BIG, "aes", style=AES_SHA512, description=_ENGLISH, exportable=True)
    french = _pair(BIG, "french", style=AES_SHA512, description="Clé privée CryptoAPI")
    weak = _pair(EXCHANGE, "rc4", style=RC4_40)
    signature, exchange = (SIGNATURE, SIGN_PAIR), (EXCHANGE, XCHG_PAIR)
    return [
        _container("two-pairs", "Corpus", signature, exchange,
                   "Windows 2000 style, both pairs of 1,166 bytes", exportable=False),
        _container("signature-only", "Corpus", signature, None, "exchange pair missing"),
        _container("exchange-only", "Corpus", None, exchange, "signature pair missing"),
        _container("no-pairs", "Corpus", None, None, "a container that was never given a key"),
        _container("512-bit", "Corpus", None, (SMALL, small), "smallest key in use"),
        _container("described", "Corpus", None, (EXCHANGE, xp),
                   "private blob with a description, as XP writes it"),
        _container("aes-2048", "Corpus", None, (BIG, aes),
                   "AES-256 and SHA-512, plaintext with the 64-bit tail, exportable",
                   exportable=True),
        _container("localised", "Corpus", None, (BIG, french),
                   "the description is in the system's language"),
        _container("rc4-40", "Corpus", None, (EXCHANGE, weak),
                   "RC4 with 40 derived bits and 11 aux bytes; its key layout is inferred"),
        _container("name-1252", "Schlüssel-Behälter", None, exchange,
                   "container name with letters outside ASCII"),
        _container("same-keys-twice", "Corpus", exchange, exchange,
                   "both sides hold one and the same key"),
        _dss_container(),
    ]


def _dss_container():
    key = make_dss("sample")
    prng = Prng("sample/container/dss")
    private = dpapi.protect(MASTER, key_blobs.little(key.x, 20), prng)
    pair = Pair(key_blobs.dss_container_head(key), private,
                capi.export_flag(MASTER, prng, DES3_SHA1, False))
    return Sample("capi-container/dss", capi.container("Corpus DSS", pair),
                  "decodes as far as the RSA-less layout allows",
                  "DSS container as one source describes it; not confirmed by real data",
                  {"container": "Corpus DSS", "x": "%040x" % key.x, "bits": key.bits})


def _damaged_containers():
    body = 40 + len("Corpus") + 1 + 20          # where the signature's public key begins
    private = body + 156
    other = _pair(rsa_keys.make_rsa("sample/other", 1024), "other")
    bad = in_folder("capi-container/")
    stranger = capi.pair(SIGNATURE, master_key("never-found"), Prng("sample/container/stranger"))
    mixed = SIGN_PAIR._replace(private=other.private)
    cut_pair = SIGN_PAIR._replace(flag=b"")
    return [
        bad("bad-header-cut", TWO_PAIRS[:39], "finding: truncated header", "39 of 40 bytes"),
        bad("bad-empty", b"", "finding: empty", "a file of no bytes"),
        bad("bad-private-cut", TWO_PAIRS[:private + 300],
            "finding: truncated in the signature's private key; its public key is read",
            "a copy that ended early"),
        bad("bad-last-byte-missing", TWO_PAIRS[:-1],
            "finding: truncated in the exchange export flag; both keys are read",
            "one byte short"),
        bad("bad-trailing", TWO_PAIRS + b"JUNK" * 5, "decodes; finding: 20 bytes left over",
            "bytes behind the last part"),
        bad("bad-version-3", patch32(TWO_PAIRS, 0, 3), "finding: unknown version 3",
            "a version nobody has seen"),
        bad("bad-huge-size", patch32(TWO_PAIRS, 16, 0xFFFFFFFF),
            "finding: size past the end", "length that overflows when added"),
        bad("bad-name-no-nul", patch(TWO_PAIRS, 46, b"X"), "decodes; finding: name without NUL",
            "terminator overwritten"),
        bad("bad-cipher-bit", flip(TWO_PAIRS, private + 400),
            "decodes; finding: signature's private key fails its MAC",
            "one bit in the cipher text"),
        bad("bad-mismatch", capi.container("Corpus", mixed, XCHG_PAIR),
            "decodes; finding: signature's private key does not fit its public key",
            "private key of another pair", {"signature": rsa_facts(SIGNATURE)}),
        bad("bad-public-bits", patch32(TWO_PAIRS, body + 8, 512),
            "decodes; finding: bits of the public key contradict its size", "header of the key"),
        bad("bad-public-magic", patch(TWO_PAIRS, body, b"XSA1"),
            "decodes; finding: public key without its magic", "clear key overwritten"),
        bad("bad-blob-provider", flip(TWO_PAIRS, private + 4),
            "decodes; finding: private part is no DPAPI blob", "provider GUID damaged"),
        bad("bad-flag-missing", capi.container("Corpus", cut_pair, XCHG_PAIR),
            "decodes; finding: signature pair without export flag", "third part has no bytes"),
        bad("locked", capi.container("Corpus", stranger), "decodes; private key locked",
            "its master key is nowhere", {"signature": rsa_facts(SIGNATURE),
                                           "master_key": master_key("never-found").guid}),
    ]
