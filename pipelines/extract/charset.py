"""From a page's bytes to its text, whatever charset the page claims.

The order of trust is that of the HTML standard (byte order mark, HTTP header,
meta; "Determining the character encoding"), then each claim is checked against
the bytes: what decodes as UTF-8 is UTF-8, a claim that the bytes contradict
loses against the charset that fits. Chinese labels are read as their widest
superset: gb2312 and gbk as gb18030, big5 as big5-hkscs (https://encoding.spec.whatwg.org/).
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

HEAD_BYTES = 4096
"""A charset is declared in this many first bytes, or not at all."""
MAX_BAD_SHARE = 0.02
"""A charset with more wrong sequences than this share of its non-ASCII characters does not fit."""
SAMPLE_BYTES = 400_000
"""Rival charsets are compared on this many first bytes."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_META_CHARSET = re.compile(rb"""<meta\b[^>]*?\bcharset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"""^\s*<\?xml\b[^>]*?\bencoding\s*=\s*["']([\w.:-]+)""")
_HEADER_CHARSET = re.compile(r"""charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_NON_ASCII = re.compile(r"[^\x00-\x7f]")

# labels that stand for a wider charset, and those that Python names otherwise
_WIDER = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "cp936": "gb18030",
    "hz": "gb18030",
    "big5": "big5hkscs",
    "cp950": "big5hkscs",
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
}
_ALIASES = {
    "x-gbk": "gbk",
    "gb_2312-80": "gb2312",
    "x-x-big5": "big5",
    "x-sjis": "shift_jis",
    "utf8mb4": "utf-8",
}
# tried in this order when nothing that was declared fits
_RIVALS = ("gb18030", "big5hkscs")
# comma, full stop and 的, and the pairs of bytes of punctuation and frequent characters
_FREQUENT = {
    "gb18030": ((b"\xa3\xac", b"\xa1\xa3", b"\xb5\xc4"), re.compile(rb"[\xa1-\xa3\xb0-\xd7][\xa1-\xfe]")),
    "big5hkscs": ((b"\xa1\x41", b"\xa1\x43", b"\xaa\xba"), re.compile(rb"[\xa1-\xc6][\x40-\x7e\xa1-\xfe]")),
}
_HIGH_BYTE = re.compile(rb"[\x80-\xff]")
# one byte a character: they decode anything and so prove nothing
_SINGLE_BYTE = re.compile(r"cp12\d\d|cp874|iso8859|koi8|mac")


@dataclass(slots=True, frozen=True)
class Decoded:
    """A page's text; the charset it was read with; what was declared ("" for nothing).

    `lossy` is true when some bytes could not be read and stand as U+FFFD.
    """

    text: str
    charset: str
    declared: str
    lossy: bool


def decode(body: bytes, content_type: str = "") -> Decoded:
    """Decodes a page; never raises.

    `content_type` is the HTTP header's value, or "". A cut in the middle of a
    character and a few broken bytes do not change which charset is found.
    """
    for bom, name in _BOMS:
        if body.startswith(bom):
            text = body[len(bom) :].decode(name if name == "utf-8" else _by_bom(bom), "replace")
            return Decoded(text, name, name, "\ufffd" in text)
    labels = declared_charsets(body, content_type)
    declared = labels[0] if labels else ""
    if body.isascii() and not any(
        label.startswith(("utf-16", "utf-32", "iso2022", "hz")) for label in labels
    ):
        return Decoded(body.decode("ascii"), "utf-8" if not labels else labels[0], declared, lossy=False)
    try:
        return Decoded(body.decode("utf-8"), "utf-8", declared, lossy=False)
    except UnicodeDecodeError:
        name = _best_charset(body, [_WIDER.get(label, label) for label in labels])
    text = _decode_replacing(body, name)
    return Decoded(text, "big5" if name == "big5hkscs" else name, declared, "\ufffd" in text)


def declared_charsets(body: bytes, content_type: str = "") -> list[str]:
    """Returns the known charsets that a page declares, as Python names them, the most trusted first.

    Unknown labels are left out.
    """
    head = body[:HEAD_BYTES]
    labels = [m[1] for m in _HEADER_CHARSET.finditer(content_type)]
    labels += [m[1].decode("ascii", "replace") for m in _META_CHARSET.finditer(head)]
    if xml := _XML_ENCODING.match(head):
        labels.append(xml[1].decode("ascii", "replace"))
    return list(dict.fromkeys(name for label in labels if (name := _python_name(label))))


def _python_name(label: str) -> str:
    label = label.strip().lower()
    try:
        info = codecs.lookup(_ALIASES.get(label, label))
    except (LookupError, ValueError):
        return ""
    return info.name if getattr(info, "_is_text_encoding", True) else ""


def _by_bom(bom: bytes) -> str:
    return {
        codecs.BOM_UTF16_LE: "utf-16-le",
        codecs.BOM_UTF16_BE: "utf-16-be",
        codecs.BOM_UTF32_LE: "utf-32-le",
        codecs.BOM_UTF32_BE: "utf-32-be",
    }[bom]


def _best_charset(body: bytes, claims: list[str]) -> str:
    """Returns the charset that fits the bytes, which are not all valid UTF-8.

    A claim that fits wins; a claim of one byte a character only when no
    multi-byte charset fits, since such a charset fits everything.
    """
    sample = body[:SAMPLE_BYTES]
    if _bad_share(sample, "utf-8") <= MAX_BAD_SHARE:
        return "utf-8"
    strong = [name for name in claims if not _SINGLE_BYTE.match(name)]
    shares: dict[str, float] = {}
    for name in strong:
        shares[name] = _bad_share(sample, name)
        if shares[name] <= MAX_BAD_SHARE:
            return name
    weak = [name for name in claims if _SINGLE_BYTE.match(name)]
    if not strong:
        for name in _RIVALS:
            if _looks_chinese(sample, name) and _bad_share(sample, name) <= MAX_BAD_SHARE:
                return name
        if weak or not _mostly_pairs(sample):
            return (*weak, "cp1252")[0]
    for name in ("utf-8", *_RIVALS):
        shares.setdefault(name, _bad_share(sample, name))
    return min(shares, key=shares.__getitem__)


def _looks_chinese(sample: bytes, name: str) -> bool:
    """Tells whether high bytes mostly form frequent characters of a Chinese charset, its comma or 的 too.

    Frequent ones have codes of their own: level 1 of GB 2312 and of Big5.
    """
    marks, frequent = _FREQUENT[name]
    high = len(_HIGH_BYTE.findall(sample))
    return any(mark in sample for mark in marks) and len(frequent.findall(sample)) * 2 >= high * 0.6


def _bad_share(sample: bytes, name: str) -> float:
    """Returns wrong sequences as a share of the non-ASCII characters."""
    text = sample.decode(name, "replace")
    bad = text.count("\ufffd")
    if bad == 0:
        return _private_share(text)
    if text.endswith("\ufffd"):  # a cut in the middle of a character is no error
        bad -= 1
    return bad / max(1, len(_NON_ASCII.findall(text))) + _private_share(text)


def _private_share(text: str) -> float:
    """Private-use characters, which wrong guesses give and real pages hardly have, as a share of the text."""
    found = len(re.findall(r"[\ue000-\uf8ff]", text))
    return found / len(text) if found else 0.0


def _mostly_pairs(sample: bytes) -> bool:
    """Tells whether high bytes mostly come in runs of two and more, as in multi-byte charsets."""
    runs = re.findall(rb"[\x80-\xff]+", sample)
    return sum(len(run) > 1 for run in runs) * 2 > len(runs)


def _decode_replacing(body: bytes, name: str) -> str:
    text = body.decode(name, "replace")
    if name == "big5hkscs" and "\ufffd" in text:
        other = body.decode("cp950", "replace")
        if other.count("\ufffd") < text.count("\ufffd"):
            return other
    return text
