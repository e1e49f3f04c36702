"""The text that is compared: a key beside the stored text, which it never changes.

Width, case, punctuation, white space, script (traditional or simplified),
datelines, mastheads, editor lines and disclaimers do not make two texts
different. What is left out is data: `framing.toml`.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from pipelines.dedup.folding import folded, letters

# a disclaimer is looked for in this last part of a text only: whichever is longer
TAIL_CHARACTERS = 600
TAIL_SHARE = 0.4
# how many datelines may follow one another: masthead, date, (记者 ...)
MAX_DATELINES = 4
# of the datelines this many letters are kept
MAX_HEAD = 60
# the longest link behind a teaser ([阅读全文]>>)
MAX_MORE = 24

_CUT = ("...", "\u22ef", "。。。")  # after folding to half width, in which an ellipsis is three dots
# the dot first, so that the search goes from dot to dot
_ASCII_END = re.compile(r"\.(?<![.\d]\.)(?![.\d])")
_AFTER_END = "\"'”’」』)] \n"


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
    tail_words: tuple[str, ...]
    more: re.Pattern[str]


@cache
def framing() -> Framing:
    """The bundled rules, compiled once."""
    rules = tomllib.loads(files("pipelines.dedup").joinpath("framing.toml").read_text("utf-8"))

    def joined(name: str) -> str:
        return "|".join(f"(?:{rule['pattern']})" for rule in rules[name])

    return Framing(
        starts=tuple(re.compile(rule["pattern"]) for rule in rules["start"]),
        paragraphs=re.compile(joined("paragraph")),
        tails=re.compile(joined("tail")),
        tail_words=tuple({word for rule in rules["tail"] for word in rule["words"]}),
        more=re.compile(rf"(?:{joined('more')})$"),
    )


def comparable(text: str, title: str = "") -> Comparable:
    """Returns what of `text` is compared.

    `title` is left out where the text begins with it. A text that holds nothing
    but framing is compared as a whole.
    """
    whole = "\n".join(line for part in folded(text).split("\n") if (line := part.strip()))
    if more := framing().more.search(whole, max(0, len(whole) - MAX_MORE)):
        whole = whole[: more.start()].rstrip()
    head, own, day = _without_framing(_without_title(whole, title))
    compared = letters(own)
    if not compared:
        head, own, compared, day = "", whole, letters(whole), ""
    return Comparable(compared, letters(head)[:MAX_HEAD], day, whole.endswith(_CUT), _sentences(own))


def comparison_text(text: str, title: str = "") -> str:
    """Returns the characters of `text` that are compared; see `comparable`."""
    return comparable(text, title).text


def _sentences(text: str) -> int:
    """How many sentences there are, the last one with or without its end."""
    ends = text.count("。") + text.count("!") + text.count("?")
    if "." in text:
        ends += len(_ASCII_END.findall(text))
    return ends + (not text.rstrip(_AFTER_END).endswith(("。", "!", "?", ".")))


def _without_title(whole: str, title: str) -> str:
    first, _, rest = whole.partition("\n")
    if not rest or not title:
        return whole
    return rest if letters(first) == letters(folded(title)) else whole


def _without_framing(whole: str) -> tuple[str, str, str]:
    """The datelines, the text of its own, and the date that stood behind them."""
    rules = framing()
    tail_from = max(0, min(len(whole) - TAIL_CHARACTERS, int(len(whole) * (1 - TAIL_SHARE))))
    # most texts have none of the words without which no rule fits
    if any(whole.find(word, tail_from) >= 0 for word in rules.tail_words):
        tail = rules.tails.search(whole, tail_from)
        if tail and tail.start() > 0:
            whole = whole[: tail.start()]
    whole = "\n".join(line for line in whole.split("\n") if not rules.paragraphs.fullmatch(line)).strip()
    start, day = 0, ""
    for _ in range(MAX_DATELINES):
        found = next(
            (m for rule in rules.starts if (m := rule.match(whole, start)) and m.end() > start), None
        )
        if found is None:
            break
        start, day = found.end(), found.groupdict().get("day") or day
    return whole[:start], whole[start:], day
