"""The line rules of `lines.toml`: which lines are not an article's text, and of what kind they are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

from pipelines.extract.tables import load_table

Place = Literal["head", "inner", "tail"]

_HALF_WIDTH = str.maketrans("：（）［］｜／", ":()[]|/")


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
                r["longest"],
                r.get("where", "any"),
            )
            for r in table[group]
        )
        for group in ("rule", "caption", "heading")
    }


@cache
def _at(place: Place) -> tuple[Rule, ...]:
    return tuple(rule for rule in _rules()["rule"] if rule.holds_at(place))


def line_kind(text: str, units: float, place: Place) -> str:
    """Returns the kind of line that `text` is at `place` of an article, "" for text of its own."""
    plain = text.translate(_HALF_WIDTH)
    for rule in _at(place):
        if units <= rule.longest and rule.pattern.search(plain):
            return rule.kind
    return ""


def is_caption(text: str, units: float) -> bool:
    """Whether a line says by its words that it stands under a picture."""
    plain = text.translate(_HALF_WIDTH)
    return any(units <= rule.longest and rule.pattern.search(plain) for rule in _rules()["caption"])


def is_heading_of_others(text: str, units: float) -> bool:
    """Whether a line only introduces what is not the article: related links, rankings, comments."""
    plain = text.translate(_HALF_WIDTH)
    return any(units <= rule.longest and rule.pattern.search(plain) for rule in _rules()["heading"])
