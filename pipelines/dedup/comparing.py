"""The text that is compared: a key beside the stored text, which it never changes.

Width, case, punctuation, white space, datelines, mastheads, editor lines and
disclaimers do not make two texts different. Traditional and simplified script
still do. What is left out is data: `framing.toml`.
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

_NOT_COMPARED = re.compile(r"[\W_]+")
_BLANK_ENDS = re.compile(r"[^\S\n]*\n\s*")
_BRACKETS = (("【", "["), ("】", "]"), ("〔", "["), ("〕", "]"))


@dataclass(slots=True, frozen=True)
class Framing:
    """The compiled rules of `framing.toml`."""

    starts: tuple[re.Pattern[str], ...]
    paragraphs: re.Pattern[str]
    tails: re.Pattern[str]


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
    )


def comparison_text(text: str, title: str = "") -> str:
    """Returns the characters of `text` that are compared: letters, digits and ideographs, folded.

    `title` is left out where the text begins with it. A text that holds nothing
    but framing is compared as a whole.
    """
    folded = unicodedata.normalize("NFKC", text).strip().lower()
    for bracket, ascii_bracket in _BRACKETS:
        folded = folded.replace(bracket, ascii_bracket)
    folded = _BLANK_ENDS.sub("\n", folded)
    own = _without_framing(_without_title(folded, title))
    return _NOT_COMPARED.sub("", own) or _NOT_COMPARED.sub("", folded)


def _without_title(folded: str, title: str) -> str:
    first, _, rest = folded.partition("\n")
    if not rest or not title:
        return folded
    key = _NOT_COMPARED.sub("", unicodedata.normalize("NFKC", title).lower())
    return rest if _NOT_COMPARED.sub("", first) == key else folded


def _without_framing(folded: str) -> str:
    rules = framing()
    tail_from = max(0, min(len(folded) - TAIL_CHARACTERS, int(len(folded) * (1 - TAIL_SHARE))))
    tail = rules.tails.search(folded, tail_from)
    if tail and tail.start() > 0:
        folded = folded[: tail.start()]
    folded = rules.paragraphs.sub("", folded).strip()
    start = 0
    for _ in range(MAX_DATELINES):
        found = next(
            (m for rule in rules.starts if (m := rule.match(folded, start)) and m.end() > start), None
        )
        if found is None:
            break
        start = found.end()
    return folded[start:]
