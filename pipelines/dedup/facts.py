"""Whether two texts state different facts where the rest of them agrees.

A notice of one daily or yearly form shares most of its words with all others;
what tells it apart are the figures, dates and names that stand in the same
places. A reprint may lose sentences, gain some and have words replaced, but its
facts stay. So each gap between what two texts share is looked at: a fact with
another fact in its place is a conflict.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

# what a conflict weighs: a reprint never has another date, rarely another figure or name
DATE_WEIGHT: Final = 3.0
FACT_WEIGHT: Final = 1.0
# in characters: longer gaps are other sentences, not other words in the same place
MAX_GAP: Final = 24

_DIGITS: Final = "0-9〇零一二两三四五六七八九十百千万亿"
_NUMERALS: Final = str.maketrans("〇零一二两三四五六七八九", "001223456789")
_FIGURE = re.compile(rf"[{_DIGITS}]+")
# a gap that splits a figure is widened to the whole of it
_BEFORE = re.compile(rf"[{_DIGITS}]*\Z")
_AFTER = re.compile(rf"[{_DIGITS}]*")
_CERTAIN = re.compile(r"[0-9]")


@dataclass(slots=True, frozen=True)
class _Rules:
    units: tuple[str, ...]
    before: tuple[str, ...]
    suffixes: tuple[str, ...]
    surnames: frozenset[str]
    exclusive: tuple[re.Pattern[str], ...]


@cache
def _rules() -> _Rules:
    rules = tomllib.loads(files("pipelines.dedup").joinpath("facts.toml").read_text("utf-8"))
    return _Rules(
        tuple(rules["dates"]["units"]),
        tuple(rules["dates"]["before"]),
        tuple(rules["names"]["suffixes"]),
        frozenset(rules["names"]["surnames"]),
        tuple(
            # the longest first, so that 东北风 is not read as 北风
            re.compile("|".join(sorted(one["words"], key=len, reverse=True)))
            for one in rules["exclusive"]
        ),
    )


@dataclass(slots=True, frozen=True)
class Gap:
    """A place where two texts differ: text[start:end] of each stands between what both have."""

    start: int
    end: int
    other_start: int
    other_end: int


def conflict(text: str, other: str, gap: Gap) -> float:
    """What the gap weighs against the texts being one: 0.0 when it states no different facts."""
    if gap.end - gap.start > MAX_GAP or gap.other_end - gap.other_start > MAX_GAP:
        return 0.0
    figures = _figures(text, gap.start, gap.end)
    others = _figures(other, gap.other_start, gap.other_end)
    # a figure that only one of them has was added or left out
    if (own := figures - others) and others - figures:
        return DATE_WEIGHT if any(dated for _, dated in own) else FACT_WEIGHT
    if figures and others:
        return 0.0
    return FACT_WEIGHT if _other_name(text, other, gap) else 0.0


def same_day(day: str, other: str) -> bool:
    """Tells whether two dates of datelines may be one; one may leave out the year, or be missing."""
    return day.endswith(other) or other.endswith(day)


def figures_in(text: str) -> int:
    """How many figures a text states in digits."""
    return len(re.findall(r"[0-9]+", text))


def _figures(text: str, start: int, end: int) -> Counter[tuple[str, bool]]:
    """The figures in a stretch of text, those at its ends whole, and which of them are dates."""
    rules = _rules()
    found = _BEFORE.search(text, max(0, start - MAX_GAP), start)
    start = found.start() if found else start
    after = _AFTER.match(text, end)
    end = after.end() if after else end
    figures: Counter[tuple[str, bool]] = Counter()
    for match in _FIGURE.finditer(text, start, end):
        dated = text.startswith(rules.units, match.end()) or text[: match.start()].endswith(rules.before)
        # 一起, 万物: without a digit only what counts days or issues is surely a figure
        if dated or _CERTAIN.search(match[0]) or len(match[0]) > 1:
            figures[match[0].translate(_NUMERALS), dated] += 1
    return figures


def _other_name(text: str, other: str, gap: Gap) -> bool:
    rules = _rules()
    a, b = text[gap.start : gap.end], other[gap.other_start : gap.other_end]
    if not a or not b:
        return _exclusive(text, other, gap)
    if 2 <= len(a) <= 3 and 2 <= len(b) <= 3 and a[0] in rules.surnames and b[0] in rules.surnames:
        return True
    # the suffix is part of what both have (云溪县, 南塘县) or of what differs (云溪县, 南塘区)
    a_named = text.startswith(rules.suffixes, gap.end) or a.endswith(rules.suffixes)
    b_named = other.startswith(rules.suffixes, gap.other_end) or b.endswith(rules.suffixes)
    return (a_named and b_named and len(a) > 1 and len(b) > 1) or _exclusive(text, other, gap)


def _exclusive(text: str, other: str, gap: Gap) -> bool:
    # what both have may be part of the word: 开幕 and 闭幕 differ in their first character
    a = text[max(0, gap.start - 2) : gap.end + 2]
    b = other[max(0, gap.other_start - 2) : gap.other_end + 2]
    for words in _rules().exclusive:
        mine, theirs = set(words.findall(a)), set(words.findall(b))
        if mine and theirs and not mine & theirs:
            return True
    return False
