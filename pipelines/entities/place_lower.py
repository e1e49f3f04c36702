"""Towns and villages in a text, by their last word (街道, 镇, 乡, 社区, 村) and a search backward.

Of the names that end there, that one is taken which is official, lies in the
cities and counties that the text names, begins at a border, and is long. A name
that the statistics don't know counts right behind a division that can hold it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from pipelines.entities import divisions
from pipelines.entities.lexicon import HAN, alternatives
from pipelines.entities.place_text import MAX_STEM, Evidence, Found, PlaceText, Preceding, held_by
from pipelines.models import PlaceLevel

MAX_NEW_STEM: Final = 5  # characters before the ending of a name that the statistics don't know
MAX_LIST: Final = 60  # characters before the count in which a list is looked for
MAX_NEW_RURAL_STEM: Final = 3  # the same before 镇, 乡 and 村

_ENDING = re.compile("街道|社区|嘎查|苏木|[镇乡村]")
_TOWN_ENDINGS: Final = frozenset({"街道", "镇", "乡", "苏木"})
_TOWN_CODE: Final = 9
_VILLAGE_CODE: Final = 12
# 河埒、荣巷、雪浪三个街道: the names stand before the count
_SHARED = re.compile(
    "(?:等|这)?(?:[0-9]{1,3}|[一二两三四五六七八九十几多]{1,3})个(?P<kind>街道|乡镇|镇街|镇|乡|社区|村)"
)
_COUNTED: Final = ("个街道", "个乡", "个镇", "个社区", "个村")
_NAMES = re.compile(f"[{HAN}、]*$")
_ORDINAL = re.compile("届|^第|^首个|^[两几多]个")
_LISTED = re.compile("[^、和与及]+")


@dataclass(slots=True, frozen=True)
class _Site:
    """An ending, the place named last before it, and where a name right behind that one begins."""

    ending: str
    length: int
    before: Found | None
    chain: int


def find_lower(text: PlaceText, upper: Sequence[Found], evidence: Evidence) -> list[Found]:
    """The names in order, what stands right before them as `parent`; `evidence` gets what is clear."""
    found: list[Found] = []
    preceding = Preceding(upper)
    endings = list(_ENDING.finditer(text.body))
    for at, ending in enumerate(endings):
        last = found[-1] if found else None
        before = preceding.nearest(ending.start(), last)
        if (last is not None and last.end >= ending.start()) or preceding.covers(ending.start()):
            continue
        one: Found | None = None
        following = endings[at + 1] if at + 1 < len(endings) else None
        # 苏村镇: the longer name, if it is one
        if following is not None and following.start() == ending.end() and following.group() != "村":
            one = _name_before(text, following, before, evidence)
        if one is None or not one.candidates:
            one = _name_before(text, ending, before, evidence) or one
        if one is None:
            continue
        if one.parent is not None:
            evidence.add([code for code in one.candidates if held_by(code, one.parent.candidates)])
        elif len(one.candidates) == 1:
            evidence.add(one.candidates)
        found.append(one)
    return found


def find_listed(text: PlaceText, evidence: Evidence) -> list[Found]:
    """Towns and villages of a list that shares its ending, in order."""
    found: list[Found] = []
    if not any(counted in text.body for counted in _COUNTED):
        return found
    for one in _SHARED.finditer(text.body):
        names = _NAMES.search(text.body, max(0, one.start() - MAX_LIST), one.start())
        if names is None or not any(mark in names.group() for mark in "、和与及"):
            continue
        village = one.group("kind") in ("社区", "村")
        level: PlaceLevel = "village" if village else "town"
        length = _VILLAGE_CODE if village else _TOWN_CODE
        for name in _LISTED.finditer(text.body, *names.span()):
            # before the first name of a list stands what is no part of it
            for start in range(max(name.start(), name.end() - MAX_STEM), name.end() - 1):
                stem = text.body[start : name.end()]
                near = tuple(code for code in _official(stem, length) if evidence.near((code,)) >= 2)
                if near and not text.is_person(start, name.end()):
                    found.append(Found(start, name.end(), stem, "lower", level, near))
                    break
    return found


def find_again(text: PlaceText, found: Sequence[Found]) -> list[Found]:
    """Places named again, in order: towns by their short form (南屏 after 南屏乡), new names in full."""
    wanted: dict[str, Found] = {}
    for one in found:
        if one.form == "spot" or (one.form == "lower" and not one.candidates):
            wanted.setdefault(one.surface, one)
        elif one.level == "town":
            short = divisions.short_form(one.surface, "town")
            if short != one.surface and not _is_word(text, short):
                wanted.setdefault(short, one)
    if not wanted:
        return []
    again: list[Found] = []
    for name in re.finditer(alternatives(wanted), text.body):
        one = wanted[name.group()]
        if not text.is_person(*name.span()) and (not one.candidates or _stands_alone(text, *name.span())):
            again.append(Found(*name.span(), name.group(), one.form, one.level, one.candidates))
    return again


def _is_word(text: PlaceText, stem: str) -> bool:
    words = text.words
    return any(stem in some for some in (words.common, words.stems, words.verbs, words.everyday))


def _stands_alone(text: PlaceText, start: int, end: int) -> bool:
    right = text.is_right_border(end) or text.body[end : end + 2] in text.words.verbs
    return right and text.is_border(start)


@lru_cache(maxsize=8192)
def _official(stem: str, length: int) -> tuple[str, ...]:
    return tuple(code for code in divisions.lower_codes(stem) if len(code) == length)


def _length(ending: str) -> int:
    return _TOWN_CODE if ending in _TOWN_ENDINGS else _VILLAGE_CODE


def _name_before(
    text: PlaceText, ending: re.Match[str], before: Found | None, evidence: Evidence
) -> Found | None:
    """The best name that ends with this ending."""
    stop, word = ending.start(), ending.group()
    first, chain = text.run_start(stop), -1
    if before is not None and before.end < stop:
        chain = before.end
        first = before.start if _is_begun_by(text, before, first, ending, evidence) else max(first, chain)
    elif before is not None and before.end == stop and before.form == "full":
        return None
    site = _Site(word, _length(word), before, chain)
    scored = [
        (score[0], -start, score[1])
        for start in range(first, stop)
        if (score := _score(text, site, start, text.body[start:stop], evidence)) is not None
    ]
    if not scored:
        return None
    _, negative, codes = max(scored)
    start = -negative
    if text.is_person(start, ending.end()):
        return None
    level: PlaceLevel = "town" if site.length == _TOWN_CODE else "village"
    one = Found(start, ending.end(), text.body[start : ending.end()], "lower", level, codes)
    if start == chain:
        one.parent = before
    elif before is not None and (not codes or (before.form == "short" and before.start == start)):
        one.parent = before.parent  # one more of a list; 江宁街道 after 南京, where 江宁 was read first
    return one


def _is_begun_by(
    text: PlaceText, before: Found, first: int, ending: re.Match[str], evidence: Evidence
) -> bool:
    """Whether what was read as a city is the beginning of a longer name (广安|门内街道)."""
    if before.form != "short" or before.start < first:
        return False
    codes = _official(text.body[before.start : ending.start()], _length(ending.group()))
    return bool(codes) and (text.is_border(before.start) or evidence.near(codes) >= 2)


def _score(
    text: PlaceText, site: _Site, start: int, stem: str, evidence: Evidence
) -> tuple[float, tuple[str, ...]] | None:
    """How good a name from `start` to the ending is, and the codes it may stand for; None for no name."""
    before, chained, words = site.before, start == site.chain, text.words
    if len(stem) == 1 and not chained:
        return None
    known = stem
    if len(stem) == 1:
        known = stem + site.ending
    elif stem[-1] == "族":
        known = divisions.short_form(stem + site.ending, "town")
    codes = _official(known, site.length)
    holders = before.candidates if before is not None and chained else ()
    held = bool(holders) and any(held_by(code, holders) for code in codes)
    if len(stem) == 1:
        return (1.0, codes) if held else None
    if not codes:
        return (2.5, ()) if _may_be_new(text, site, start, stem) else None
    if stem in words.stems or stem in words.verbs:
        return (1.0, codes) if held and len(holders[0]) >= 6 else None
    left = chained or text.is_border(start)
    near = 4 if held else evidence.near(codes)
    if near < 2 and (not left or (not held and stem in words.common)):
        return None
    if not left and stem in words.common:
        return None
    if near == 0 and not chained and len(stem) == 2 and words.not_in_new_names.search(stem):
        return None
    return (3.0 if left else 1.0) * (near >= 2) + 1.5 * left + 0.3 * (len(stem) + near), codes


def _may_be_new(text: PlaceText, site: _Site, start: int, stem: str) -> bool:
    """Whether a name that the statistics don't know may be one."""
    before, words = site.before, text.words
    if before is None or before.form == "country" or len(stem) > MAX_NEW_STEM:
        return False
    if start != site.chain and not _is_sibling(text, site, start):
        return False
    if (
        _ORDINAL.search(stem)
        or stem in words.stems
        or stem in words.verbs
        or words.not_in_new_names.search(stem)
    ):
        return False
    if site.ending in ("镇", "乡", "村") and (before.form == "short" or len(stem) > MAX_NEW_RURAL_STEM):
        return False
    return text.names_something(stem)


def _is_sibling(text: PlaceText, site: _Site, start: int) -> bool:
    """Whether a name follows another of its kind in a list: 甲镇、乙镇."""
    before = site.before
    if before is None or before.form != "lower" or not before.surface.endswith(site.ending):
        return False
    return before.end == start - 1 and text.body[before.end] in "、和与及"
