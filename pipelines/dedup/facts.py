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
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

# what a conflict weighs: a reprint never has another date, rarely another figure or name
DATE_WEIGHT: Final = 3.0
FACT_WEIGHT: Final = 1.0
# in characters: longer gaps are other sentences, not other words in the same place
MAX_GAP: Final = 24
MAX_NAME: Final = 3  # characters of a place's name before its last one
MAX_GIVEN: Final = 2  # characters of a given name
# so many figures with others in their places, and this share of all of them, make a notice of the same form;
# a reprint corrects one or two of many
MIN_OTHER_FIGURES: Final = 2
MIN_OTHER_SHARE: Final = 0.6

_DIGITS: Final = "0-9〇零一二两三四五六七八九十百千万亿"
_NUMERALS: Final = str.maketrans("〇零一二两三四五六七八九", "001223456789")
_SCALES: Final = {"十": 10, "百": 100, "千": 1000}
_FIGURE = re.compile(rf"[{_DIGITS}]+")
_DIGIT_RUN = re.compile(r"[0-9]+")
# a gap that splits a figure is widened to the whole of it
_BEFORE = re.compile(rf"[{_DIGITS}]*\Z")
_AFTER = re.compile(rf"[{_DIGITS}]*")
_CERTAIN = re.compile(r"[0-9]")
_PARTS = re.compile(r"[0-9]+|[十百千万亿]")


@dataclass(slots=True, frozen=True)
class _Rules:
    units: tuple[str, ...]
    before: tuple[str, ...]
    suffixes: tuple[str, ...]
    divisions: tuple[str, ...]
    surnames: frozenset[str]
    exclusive: tuple[re.Pattern[str], ...]


@cache
def _rules() -> _Rules:
    rules = tomllib.loads(files("pipelines.dedup").joinpath("facts.toml").read_text("utf-8"))
    return _Rules(
        tuple(rules["dates"]["units"]),
        tuple(rules["dates"]["before"]),
        tuple(rules["names"]["suffixes"]),
        tuple(rules["names"]["divisions"]),
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
    if (own := figures.keys() - others.keys()) and others.keys() - figures.keys():
        return DATE_WEIGHT if any(figures[figure] for figure in own) else FACT_WEIGHT
    if figures and others:
        return 0.0
    return FACT_WEIGHT if _other_name(text, other, gap) else 0.0


def same_day(day: str, other: str) -> bool:
    """Tells whether two dates of datelines may be one; one may leave out the year, or be missing."""
    return day.endswith(other) or other.endswith(day)


def are_others(changed: int, kept: int) -> bool:
    """Tells whether so many figures with others in their places, and so many that agree, tell texts apart."""
    return changed >= MIN_OTHER_FIGURES and changed >= MIN_OTHER_SHARE * (changed + kept)


def figures_by_fate(text: str, shared: Sequence[bool]) -> tuple[int, int]:
    """How many figures in digits stand in what both texts have, and how many in narrow gaps of it.

    `shared` says of each character whether the other text has it. What stands
    before the first or behind the last of these is no gap.
    """
    kept = changed = 0
    for match in _DIGIT_RUN.finditer(text):
        start, end = match.span()
        if all(shared[start:end]):
            kept += 1
            continue
        while start > 0 and not shared[start - 1] and end - start <= MAX_GAP:
            start -= 1
        while end < len(text) and not shared[end] and end - start <= MAX_GAP:
            end += 1
        changed += start > 0 and end < len(text) and end - start <= MAX_GAP
    return kept, changed


def _figures(text: str, start: int, end: int) -> dict[str, bool]:
    """The figures in a stretch of text, those at its ends whole, and which of them are dates."""
    rules = _rules()
    found = _BEFORE.search(text, max(0, start - MAX_GAP), start)
    start = found.start() if found else start
    after = _AFTER.match(text, end)
    end = after.end() if after else end
    figures: dict[str, bool] = {}
    for match in _FIGURE.finditer(text, start, end):
        dated = text.startswith(rules.units, match.end()) or text[: match.start()].endswith(rules.before)
        # 一起, 万物: without a digit only what counts days or issues is surely a figure
        if dated or _CERTAIN.search(match[0]) or len(match[0]) > 1:
            worth = _worth(match[0])
            figures[worth] = dated or figures.get(worth, False)
    return figures


@lru_cache(maxsize=4096)
def _worth(figure: str) -> str:
    """A figure in digits, so that 三百, 3百 and 300 are one."""
    digits = figure.translate(_NUMERALS)
    parts = _PARTS.findall(digits)
    if len(parts) == 1 and parts[0].isdecimal():
        return digits
    total = section = 0
    number: int | None = None
    for part in parts:
        if part in _SCALES:
            section += (1 if number is None else number) * _SCALES[part]
            number = None
        elif part == "亿":
            total = (total + section + (number or 0) or 1) * 10**8
            section, number = 0, None
        elif part == "万":
            total += (section + (number or 0) or 1) * 10**4
            section, number = 0, None
        else:
            number = int(part)
    return str(total + section + (number or 0))


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
    if a_named and b_named and len(a) > 1 and len(b) > 1:
        return True
    return _begin_with_names(a, b) or _given_names(text, other, gap) or _exclusive(text, other, gap)


def _begin_with_names(a: str, b: str) -> bool:
    """Tells whether both begin with the name of a place, another one (周岗乡居民..., 北岭镇居民...)."""
    mine, theirs = _place_name().match(a), _place_name().match(b)
    return bool(mine and theirs and not mine[0].endswith(theirs[0]) and not theirs[0].endswith(mine[0]))


@cache
def _place_name() -> re.Pattern[str]:
    return re.compile(rf".{{2,{MAX_NAME}}}?(?:{'|'.join(_rules().divisions)})")


def _given_names(text: str, other: str, gap: Gap) -> bool:
    """Tells whether two given names stand behind the same surname (李[群], 李[文志])."""
    size, other_size = gap.end - gap.start, gap.other_end - gap.other_start
    return bool(
        0 < size <= MAX_GIVEN
        and 0 < other_size <= MAX_GIVEN
        and gap.start
        and gap.other_start
        and text[gap.start - 1] == other[gap.other_start - 1]
        and text[gap.start - 1] in _rules().surnames
    )


def _exclusive(text: str, other: str, gap: Gap) -> bool:
    # what both have may be part of the word: 开幕 and 闭幕 differ in their first character
    a = text[max(0, gap.start - 2) : gap.end + 2]
    b = other[max(0, gap.other_start - 2) : gap.other_end + 2]
    for words in _rules().exclusive:
        mine, theirs = set(words.findall(a)), set(words.findall(b))
        if mine and theirs and not mine & theirs:
            return True
    return False
