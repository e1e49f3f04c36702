"""The text that is compared: a key beside the stored text, which it never changes.

Width, case, punctuation, white space, script (traditional or simplified),
datelines, mastheads, editor lines and disclaimers do not make two texts
different. What is left out is data: `framing.toml`, and `script.txt` has the
characters.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

# a disclaimer is looked for in this last part of a text only: whichever is longer
TAIL_CHARACTERS = 600
TAIL_SHARE = 0.4
# how many datelines may follow one another: masthead, date, (记者 ...)
MAX_DATELINES = 4
# of the datelines this many letters are kept
MAX_HEAD = 60

_CUT = ("...", "\u22ef", "。。。")  # after folding to half width, in which an ellipsis is three dots
_SENTENCE = re.compile(r"(?:[^。!?.]|(?<=\d)\.)*[^\W_](?:[^。!?.]|(?<=\d)\.)*")
_NOT_COMPARED = re.compile(r"[\W_]+")
_BLANK_ENDS = re.compile(r"[^\S\n]*\n\s*")
_BRACKETS = (("【", "["), ("】", "]"), ("〔", "["), ("〕", "]"))


@dataclass(slots=True, frozen=True)
class Comparable:
    """A text as it is compared.

    `text` has its letters, digits and ideographs, folded. `day` is the date
    that stood behind the dateline, as the text writes it, or "": reprints leave
    it out or add it, but no reprint has another one. `head` has the letters of
    what stood before it: datelines. `cut` says that the text breaks off
    ("..."), `sentences` how many it has.
    """

    text: str
    head: str = ""
    day: str = ""
    cut: bool = False
    sentences: int = 1


@dataclass(slots=True, frozen=True)
class Framing:
    """The compiled rules of `framing.toml`."""

    starts: tuple[re.Pattern[str], ...]
    paragraphs: re.Pattern[str]
    tails: re.Pattern[str]
    more: re.Pattern[str]


@cache
def framing() -> Framing:
    """The bundled rules, compiled once."""
    rules = tomllib.loads(files("pipelines.dedup").joinpath("framing.toml").read_text("utf-8"))

    def joined(name: str) -> str:
        return "|".join(f"(?:{rule['pattern']})" for rule in rules[name])

    return Framing(
        starts=tuple(re.compile(rule["pattern"]) for rule in rules["start"]),
        paragraphs=re.compile(rf"^(?:{joined('paragraph')})$", re.MULTILINE),
        tails=re.compile(joined("tail")),
        more=re.compile(rf"(?:{joined('more')})$"),
    )


@cache
def _simplified() -> dict[int, str]:
    lines = files("pipelines.dedup").joinpath("script.txt").read_text("utf-8").splitlines()
    pairs = " ".join(line for line in lines if not line.startswith("#")).split()
    return {ord(pair[0]): pair[1] for pair in pairs}


def comparable(text: str, title: str = "") -> Comparable:
    """Returns what of `text` is compared.

    `title` is left out where the text begins with it. A text that holds nothing
    but framing is compared as a whole.
    """
    folded = _folded(text).strip()
    for bracket, ascii_bracket in _BRACKETS:
        folded = folded.replace(bracket, ascii_bracket)
    folded = _BLANK_ENDS.sub("\n", folded)
    folded = framing().more.sub("", folded).rstrip()
    head, own, day = _without_framing(_without_title(folded, title))
    letters = _NOT_COMPARED.sub("", own)
    if not letters:
        head, own, letters, day = "", folded, _NOT_COMPARED.sub("", folded), ""
    return Comparable(
        letters,
        _NOT_COMPARED.sub("", head)[:MAX_HEAD],
        day,
        folded.endswith(_CUT),
        len(_SENTENCE.findall(own)),
    )


def comparison_text(text: str, title: str = "") -> str:
    """Returns the characters of `text` that are compared; see `comparable`."""
    return comparable(text, title).text


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower().translate(_simplified())


def _without_title(folded: str, title: str) -> str:
    first, _, rest = folded.partition("\n")
    if not rest or not title:
        return folded
    key = _NOT_COMPARED.sub("", _folded(title))
    return rest if _NOT_COMPARED.sub("", first) == key else folded


def _without_framing(folded: str) -> tuple[str, str, str]:
    """The datelines, the text of its own, and the date that stood behind them."""
    rules = framing()
    tail_from = max(0, min(len(folded) - TAIL_CHARACTERS, int(len(folded) * (1 - TAIL_SHARE))))
    tail = rules.tails.search(folded, tail_from)
    if tail and tail.start() > 0:
        folded = folded[: tail.start()]
    folded = rules.paragraphs.sub("", folded).strip()
    start, day = 0, ""
    for _ in range(MAX_DATELINES):
        found = next(
            (m for rule in rules.starts if (m := rule.match(folded, start)) and m.end() > start), None
        )
        if found is None:
            break
        start, day = found.end(), found.groupdict().get("day") or day
    return folded[:start], folded[start:], day
