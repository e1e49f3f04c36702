"""Countries, provinces, cities and counties in a text, looked up at every character.

An official name is mostly believed. A short form (江宁, 合作) is often a word or
runs across two; it counts behind a division that holds it, or with a border
before it and its city or province named in the text.
"""

from __future__ import annotations

import re
from collections import Counter

from pipelines.entities import divisions
from pipelines.entities.place_names import Name, head_places, heads
from pipelines.entities.place_text import MAX_STEM, Evidence, Found, PlaceText, held_by

_TOWN_ENDING = re.compile("街道|社区|苏木|[镇乡村]")


def find_upper(text: PlaceText, evidence: Evidence) -> list[Found]:
    """The names in order; the clear ones are added to `evidence`, by which the doubtful are judged."""
    body = text.body
    found: list[Found] = []
    doubtful: set[int] = set()
    end = 0
    for start in head_places(body):
        name = None if start < end else _name_at(body, start)
        if name is None:
            continue
        if name.form == "shadow":
            end = start + len(name.text)
            continue
        before = found[-1] if found else None
        one = _read(text, name, start, before)
        if one is None or _is_proper_name(text, one, before):
            continue
        if _is_plain(text, one):
            evidence.add(one.candidates)
        elif _may_be(text, one):
            doubtful.add(id(one))
        else:
            continue
        found.append(one)
        end = one.end
    times = Counter(one.surface for one in found)
    dropped = {
        id(one)
        for one in found
        if id(one) in doubtful and not _is_supported(text, one, evidence, times[one.surface] > 1)
    }
    kept = [one for one in found if id(one) not in dropped]
    for one in kept:
        if one.parent is not None and id(one.parent) in dropped:
            one.parent = None
    return kept


def _name_at(body: str, start: int) -> Name | None:
    return next(
        (name for name in heads()[body[start : start + 2]] if body.startswith(name.text, start)), None
    )


def _read(text: PlaceText, name: Name, start: int, before: Found | None) -> Found | None:
    """The name with its border where the text has it, None where it is part of another word."""
    end = start + len(name.text)
    if text.is_person(start, end) or ("族" in text.body[end - 1 : end + 1] and name.form == "short"):
        return None  # 东乡族 is a people
    form = name.form
    if form == "full" and _gives_tail(text, name, end):
        short = divisions.short_form(name.text, name.level)
        if short == name.text or short in text.words.everyday:
            return None
        form, end = "short", start + len(short)
    elif form == "short" and name.level == "county" and _has_other_kind(text, name, end, before):
        form, end = "full", end + 1
    one = Found(start, end, text.body[start:end], form, name.level, name.codes)
    if (
        before is not None
        and before.end == start
        and any(held_by(code, before.candidates) for code in name.codes)
    ):
        one.parent = before
    holds_next = _holds_next(text, one)
    if form in ("short", "country") and not holds_next and text.words.not_before.match(text.body, end):
        return None
    one.left = one.parent is not None or holds_next or text.is_border(start)
    one.right = text.is_right_border(end) or text.body[end : end + 2] in heads()
    return one


def _holds_next(text: PlaceText, one: Found) -> bool:
    """Whether the name of a division inside this one follows: 湖北孝感."""
    for name in heads().get(text.body[one.end : one.end + 2], ()):
        if name.text not in text.words.everyday and text.body.startswith(name.text, one.end):
            return any(held_by(code, one.candidates) for code in name.codes)
    return False


def _has_other_kind(text: PlaceText, name: Name, end: int, before: Found | None) -> bool:
    """Whether a county is named by the kind that it had before (江都市, now 江都区)."""
    kind = text.body[end : end + 1]
    if kind not in ("市", "县") or (kind == "市" and name.text.endswith("城")):
        return False
    words = text.words
    start = end - len(name.text)
    left = (before is not None and before.end == start) or text.is_border(start)
    if not left and (name.text in words.everyday or name.text in words.careful):
        return False
    now = "区" if kind == "市" else "区市县"
    if not any(one.name[-1] in now for one in map(divisions.division, name.codes) if one):
        return False
    return text.body[end : end + 2] not in words.tails or _town_follows(text, name, end + 1)


def _gives_tail(text: PlaceText, name: Name, end: int) -> bool:
    """Whether the last character of a name belongs to the next word: 锦州市民, but not 锦州市民政局."""
    body, words = text.body, text.words
    if body[end - 1 : end + 1] not in words.tails or body[end - 1 : end + 2] in words.not_tails:
        return False
    return not _town_follows(text, name, end)


def _town_follows(text: PlaceText, name: Name, end: int) -> bool:
    ending = _TOWN_ENDING.search(text.body, end, end + MAX_STEM)
    if ending is None:
        return False
    codes = divisions.lower_codes(text.body[end : ending.start()])
    return any(held_by(code, name.codes) for code in codes)


def _is_proper_name(text: PlaceText, one: Found, before: Found | None) -> bool:
    """Whether a short form is an organisation's proper name (乐山 in 南京江宁乐山社工中心)."""
    if one.form != "short" or one.parent is not None or before is None or before.end != one.start:
        return False
    return any(start <= before.start and one.end <= end for start, end in text.organisations)


def _is_plain(text: PlaceText, one: Found) -> bool:
    """Whether a name needs nothing more to be believed."""
    words = text.words
    if one.form == "country":
        return one.left or one.surface not in words.careful_abroad
    if one.form == "full":
        if one.surface in words.generic:
            return False
        # 浙西山区, 红海城市: a name of a kind of land may end a longer word
        return one.left or (len(one.surface) > 2 and one.surface[-2:] not in words.lands)
    if one.level == "county" or one.surface in words.everyday:
        return False
    return one.left or one.surface not in words.careful_cities


def _may_be(text: PlaceText, one: Found) -> bool:
    """Whether the rest of the text could bear a name out."""
    if one.form == "full":
        return one.left
    if one.form == "country":
        return False
    if one.surface in text.words.everyday:
        chained = one.right and one.parent is not None and len(one.parent.candidates[0]) in (2, 4)
        return chained or (one.level == "city" and one.left)
    return one.level == "county" and one.left


def _is_supported(text: PlaceText, one: Found, evidence: Evidence, repeated: bool) -> bool:
    """Whether the rest of the text bears a doubtful name out."""
    if one.parent is not None:
        return True
    words, near = text.words, evidence.near(one.candidates)
    if one.form == "full":
        return near >= 2 or (near == 1 and len(one.surface) == 2 and one.surface not in words.generic)
    if any(code in evidence.codes for code in one.candidates):
        return True
    if one.surface in words.everyday:
        return False
    if one.surface in words.careful:
        return near >= 2 or (one.right and (near == 1 or repeated))
    return near >= 1 or one.right
