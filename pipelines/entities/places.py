"""The places of a text: where it names them, and which divisions they are."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.entities import divisions
from pipelines.entities.place_choice import OPEN_BELOW, Choice, choose, common
from pipelines.entities.place_scan import Found, scan
from pipelines.models import Mention, Place

_UNKNOWN = 0.5  # how clear a place without a code is
_NEAR = 300  # characters within which the place named last holds one without a code
_LENGTHS = {"county": 6, "town": 9, "village": 12}
_MOVED = 0.8  # how much less clear a place is that the statistics know under another town or district


def find_places(body: str, mentions: Sequence[Mention] = (), region: str = "") -> list[Place]:
    """The places named in `body`, from countries to villages and spots, in order of their offsets.

    Offsets are in characters, and body[p.start:p.end] == p.surface for every
    place; none overlaps another, each level of a chain (江宁区湖熟街道) is one.
    `mentions` are the organisations and people of the text: a place that is part
    of an organisation's name is marked and helps the choice, a name of a person
    is no place. `region` is the name or code of the division that the publisher
    covers; an unknown one counts for nothing.
    """
    about = _region(region)
    found = scan(body, mentions, about)
    choices = choose(found, about)
    made: dict[int, Place] = {}
    places: list[Place] = []
    for index, one in enumerate(found):
        place = _place(one, choices[index], made.get(id(one.parent)), places)
        made[id(one)] = place
        places.append(place)
    return places


def _region(name: str) -> tuple[str, ...]:
    if divisions.division(name) is not None:
        return (name,)
    codes = divisions.upper_codes(name)
    return tuple(codes) if len(codes) == 1 else ()


def _place(one: Found, choice: Choice, parent: Place | None, before: Sequence[Place]) -> Place:
    ranked = choice.codes
    if ranked and ranked[0][1] >= OPEN_BELOW:
        code, confidence = ranked[0]
        division = divisions.division(code)
        if division is not None:
            return Place(
                one.start,
                one.end,
                one.surface,
                division.name,
                division.level,
                code,
                code[: {12: 9, 9: 6, 6: 4, 4: 2}.get(len(code), 0)],
                divisions.path(code),
                round(confidence * (_MOVED if choice.moved else 1.0), 3),
                tuple(other for other, _ in ranked) if len(ranked) > 1 else (),
                one.inside,
            )
    within = _holder(one, ranked, parent, before)
    path = (*divisions.path(within), one.surface) if within else (one.surface,)
    return Place(
        one.start,
        one.end,
        one.surface,
        one.surface,
        one.level,
        "",
        within,
        path,
        round(1.0 - ranked[0][1], 3)
        if ranked and len(ranked) == 1
        else round(ranked[0][1], 3)
        if ranked
        else 0.5,
        tuple(other for other, _ in ranked),
        one.inside,
    )


def _holder(
    one: Found, ranked: Sequence[tuple[str, float]], parent: Place | None, before: Sequence[Place]
) -> str:
    """The code of the division that holds a place without a code of its own, "" when that isn't known."""
    if one.level == "country" or one.form == "country":
        return ""
    if parent is not None:
        return parent.code or parent.within
    # where none of the candidates is likely, they tell nothing
    if sum(share for _, share in ranked) >= OPEN_BELOW and (held := common(ranked)):
        return held
    for other in reversed(before[-6:]):
        near = one.start - other.end < _NEAR and other.level != one.level
        if near and not other.of_organisation and 2 < len(other.code) < _LENGTHS.get(one.level, 13):
            return other.code
    return ""
