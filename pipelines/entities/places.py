"""The places of a text: where it names them, and which divisions they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pipelines.entities import divisions
from pipelines.entities.place_choice import OPEN_BELOW, Choice, choose, common
from pipelines.entities.place_scan import scan
from pipelines.entities.place_text import Found
from pipelines.models import Mention, Place

# how much of its clearness a place keeps that the statistics know under another town or district
_MOVED: Final = 0.8
# how clear a name is that the statistics don't know: behind the place that holds it, and elsewhere
_IN_PARENT: Final = 0.9
_UNKNOWN: Final = 0.5
_NEAR: Final = 300  # characters within which the place named last holds one whose holder isn't named
_LENGTHS: Final = {"county": 6, "town": 9, "village": 12}


def find_places(body: str, mentions: Sequence[Mention] = (), region: str = "") -> list[Place]:
    """The places named in `body`, from countries to villages and spots, in order of their offsets.

    Offsets are in characters, and body[p.start:p.end] == p.surface for every
    place; none overlaps another, each level of a chain (江宁区湖熟街道) is one.
    `mentions` are the organisations and people of the text: a place that is part
    of an organisation's name is marked and helps the choice, a name of a person
    is no place. `region` is the name or code of the division that the publisher
    covers; one that is unknown, or that several share, counts for nothing.
    """
    about = region_codes(region)
    found = scan(body, mentions, about)
    choices = choose(found, about)
    # a new name lies where the text says once that it does
    parents = {one.surface: one.parent for one in found if one.parent is not None and not one.candidates}
    chosen = {id(one): _chosen(choice) for one, choice in zip(found, choices, strict=True)}
    places: list[Place] = []
    for one, choice in zip(found, choices, strict=True):
        holder = one.parent or parents.get(one.surface)
        while holder is not None and not chosen.get(id(holder)):
            holder = holder.parent
        places.append(_place(one, choice, chosen[id(holder)] if holder else "", places))
    return places


def region_codes(name: str) -> tuple[str, ...]:
    """The code of the division that has this name or code; () when none has, or several share the name."""
    if divisions.division(name) is not None:
        return (name,)
    codes = divisions.upper_codes(name)
    return tuple(codes) if len(codes) == 1 else ()


def _chosen(choice: Choice) -> str:
    return choice.codes[0][0] if choice.codes and choice.codes[0][1] >= OPEN_BELOW else ""


def _place(one: Found, choice: Choice, holder: str, before: Sequence[Place]) -> Place:
    """The place as the caller gets it; `holder` is the code of what is named right before it, or ""."""
    ranked = choice.codes
    code = _chosen(choice)
    division = divisions.division(code)
    if division is not None:
        name, level, path = division.name, division.level, divisions.path(code)
        within = "".join(divisions.ancestors(code)[-2:-1])
        clear = ranked[0][1] * (_MOVED if choice.moved else 1.0)
    else:
        name, level = one.surface, one.level
        within = _holder(one, choice, holder, before)
        path = (*divisions.path(within), name) if within else (name,)
        clear = ranked[0][1] if ranked else _IN_PARENT if holder else _UNKNOWN
    return Place(
        start=one.start,
        end=one.end,
        surface=one.surface,
        name=name,
        level=level,
        code=code if division is not None else "",
        within=within,
        path=path,
        confidence=round(clear, 3),
        candidates=tuple(other for other, _ in ranked) if len(ranked) > 1 or not code else (),
        of_organisation=one.inside,
    )


def _holder(one: Found, choice: Choice, holder: str, before: Sequence[Place]) -> str:
    """The code of the division that holds a place without a code of its own, "" when that isn't known."""
    if one.form == "country":
        return ""
    if holder:
        return holder
    # where none of the candidates is likely, they tell nothing
    if sum(share for _, share in choice.codes) >= OPEN_BELOW and (held := common(choice.codes)):
        return held
    for other in reversed(before[-6:]):
        near = one.start - other.end < _NEAR and other.level != one.level
        if near and not other.of_organisation and 2 < len(other.code) < _LENGTHS.get(one.level, 13):
            return other.code
    return ""
