"""The line rules of `lines.toml`: which lines are not an article's text, and of what kind they are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

from pipelines.extract.tables import load_table
from pipelines.script import simplified

Place = Literal["head", "inner", "tail"]

#: longest heading, in units
MAX_HEADING = 20.0
_ENDING_WITHIN = 50
_ORNAMENT = re.compile(r"(?<=[\u4e00-\u9fff])[\s·•.・]+(?=[\u4e00-\u9fff])")

#: rules without a length of their own look at lines up to this many units
MAX_UNITS = 2000.0

# without one of these words a line is not looked at for what a site disclaims
_LEGAL = re.compile("声明|申明|版权|转载|授权|责任")


@cache
def _plain_table() -> dict[int, str]:
    """Half-width punctuation, and simplified characters for traditional ones."""
    wide = zip("：（）［］｜／！？", ":()[]|/!?", strict=True)
    return simplified() | {ord(mark): half for mark, half in wide}


@cache
def _not_plain() -> re.Pattern[str]:
    return re.compile(f"[{''.join(map(chr, _plain_table()))}]")


@lru_cache(maxsize=1024)  # several rules read a line one after the other
def _plain(text: str) -> str:
    # to look for something to translate takes a tenth of the time of translating
    return text if text.isascii() or not _not_plain().search(text) else text.translate(_plain_table())


@dataclass(slots=True, frozen=True)
class Rule:
    """One rule: lines up to `longest` units that match are of `kind`, at the places `where` names."""

    kind: str
    pattern: re.Pattern[str]
    longest: float
    where: str = "any"

    def holds_at(self, place: Place) -> bool:
        """Whether the rule applies at `place`."""
        return self.where in ("any", place) or (self.where == "ends" and place != "inner")


@cache
def _rules() -> dict[str, tuple[Rule, ...]]:
    table = load_table("lines.toml")
    return {
        group: tuple(
            Rule(
                r.get("kind", group),
                re.compile(r["pattern"], re.IGNORECASE),
                r.get("longest", MAX_UNITS),
                r.get("where", "any"),
            )
            for r in table[group]
        )
        for group in ("rule", "caption", "heading", "ending", "foot")
    }


@cache
def _at(place: Place) -> tuple[Rule, ...]:
    return tuple(rule for rule in _rules()["rule"] if rule.holds_at(place))


@cache
def _longest(group: str) -> float:
    return max(rule.longest for rule in _rules()[group])


def line_kind(text: str, units: float, place: Place) -> str:
    """Returns the kind of line that `text` is at `place` of an article, "" for text of its own."""
    if units > _longest("rule"):
        return ""
    plain = _plain(text)
    for rule in _at(place):
        if units <= rule.longest and rule.pattern.search(plain):
            return rule.kind
    return ""


def is_caption(text: str, units: float) -> bool:
    """Whether a line says by its words that it stands under a picture."""
    if units > _longest("caption"):
        return False
    plain = _plain(text)
    return any(units <= rule.longest and rule.pattern.search(plain) for rule in _rules()["caption"])


def is_heading_of_others(text: str, units: float) -> bool:
    """Whether a line only introduces what is not the article: related links, rankings, comments."""
    plain = _ORNAMENT.sub("", _plain(text)) if units <= MAX_HEADING else ""
    return bool(plain) and any(rule.pattern.search(plain) for rule in _rules()["heading"])


def is_foot(text: str, units: float) -> bool:
    """Whether a line is the small print of a site: copyright, licence numbers, contacts, disclaimers."""
    if units > MAX_UNITS:
        return False
    plain = _plain(text)
    for rule in _rules()["foot"]:
        if units <= rule.longest and rule.pattern.search(plain):
            return True
    return bool(_LEGAL.search(plain)) and line_kind(text, units, "tail") in ("disclaimer", "copyright")


def without_ending(text: str) -> str:
    """Returns a last paragraph without an editor's name or a link's words glued to its end."""
    tail = text[-_ENDING_WITHIN:]
    plain = _plain(tail)
    for rule in _rules()["ending"]:
        if found := rule.pattern.search(plain):
            return (text[:-_ENDING_WITHIN] + tail[: found.start()]).rstrip()
    return text
